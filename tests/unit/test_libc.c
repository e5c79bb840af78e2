/* SPDX-License-Identifier: MIT */
/*
 * What the compiler and everybody call and nobody looks at: divisions, and the C library's
 * functions that are the kernel's or the machine's own.
 */
#include <lib/bits.h>
#include <lib/compiler.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

/* Around each power of two, and the largest. */
static u64 edge(unsigned int i)
{
	return BIT_ULL(i / 3) - 1 + i % 3;
}

/* Not inlined: the compiler knows what has to come out. */
#define DEFINE_DIVIDE(type)						\
static noinline type divide_##type(type n, type d, type *rest)		\
{									\
	*rest = n % d;							\
	return n / d;							\
}
DEFINE_DIVIDE(u32)
DEFINE_DIVIDE(s32)
DEFINE_DIVIDE(u64)

#define EDGES_32	(32 * 3 + 1)	/* all ones last */
#define EDGES_64	(64 * 3)

static void a_quotient_and_its_rest_make_the_dividend(struct kunit *test)
{
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < EDGES_32; i++)
		for (unsigned int j = 1; j < EDGES_32; j++) {
			u32 n = (u32)edge(i), d = (u32)edge(j), q, rest;

			if (!d)
				continue;
			q = divide_u32(n, d, &rest);
			if (q * d + rest != n || rest >= d)
				wrong++;
		}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void signed_division_goes_towards_zero(struct kunit *test)
{
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < EDGES_32; i++)
		for (unsigned int j = 1; j < EDGES_32; j++) {
			s32 n = (s32)edge(i), d = (s32)edge(j), q, rest;
			u32 size = (u32)(n < 0 ? -(s64)n : n), by = (u32)(d < 0 ? -(s64)d : d);
			bool negative = (n < 0) != (d < 0);

			if (!d || (n == INT32_MIN && d == -1))
				continue;
			q = divide_s32(n, d, &rest);
			if (q != (negative ? -(s64)(size / by) : size / by) ||
			    rest != (n < 0 ? -(s64)(size % by) : size % by))
				wrong++;
		}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void a_long_quotient_and_its_rest_make_the_dividend(struct kunit *test)
{
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < EDGES_64; i++)
		for (unsigned int j = 1; j < EDGES_64; j++) {
			u64 n = edge(i), d = edge(j), q, rest;

			if (!d)
				continue;
			q = divide_u64(n, d, &rest);
			if (q * d + rest != n || rest >= d)
				wrong++;
		}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void names_are_compared_as_bytes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, strcmp("", ""), 0);
	KUNIT_EXPECT_EQ(test, strcmp("arm,pl011", "arm,pl011"), 0);
	KUNIT_EXPECT_LT(test, strcmp("arm", "arm,"), 0);
	KUNIT_EXPECT_GT(test, strcmp("arm,", "arm"), 0);
	KUNIT_EXPECT_GT(test, strcmp("\xff", "a"), 0);
	KUNIT_EXPECT_LT(test, strcmp("a", "b"), 0);
	KUNIT_EXPECT_EQ(test, strncmp("serial0", "serial1", 6), 0);
	KUNIT_EXPECT_LT(test, strncmp("serial0", "serial1", 7), 0);
	KUNIT_EXPECT_EQ(test, strncmp("a", "a", 9), 0);
	KUNIT_EXPECT_GT(test, strncmp("\xff", "a", 1), 0);
	KUNIT_EXPECT_LT(test, strncmp("a", "ab", 2), 0);
	KUNIT_EXPECT_EQ(test, strncmp("a", "b", 0), 0);
}

static void a_character_is_found_and_so_is_the_end(struct kunit *test)
{
	static const char text[] = "a\xff=b";

	KUNIT_EXPECT_PTR_EQ(test, strchr(text, '='), &text[2]);
	KUNIT_EXPECT_PTR_EQ(test, strchr(text, 0xff), &text[1]);
	KUNIT_EXPECT_PTR_EQ(test, strchr(text, '\0'), &text[4]);
	KUNIT_EXPECT_PTR_EQ(test, strchr(text, 'c'), NULL);
	KUNIT_EXPECT_PTR_EQ(test, memchr(text, 0xff, 2), (void *)&text[1]);
	KUNIT_EXPECT_PTR_EQ(test, memchr(text, '=', 2), NULL);
	KUNIT_EXPECT_PTR_EQ(test, memchr(text, '\0', 5), (void *)&text[4]);
	KUNIT_EXPECT_EQ(test, strcspn(text, "="), 2);
	KUNIT_EXPECT_EQ(test, strcspn(text, ""), 4);
	KUNIT_EXPECT_EQ(test, strspn(text, "=a\xff"), 3);
	KUNIT_EXPECT_EQ(test, strspn(text, ""), 0);
	KUNIT_EXPECT_EQ(test, strspn(text, text), 4);
}

static void what_overlaps_is_moved_whole(struct kunit *test)
{
	char text[] = "0123456789";

	KUNIT_EXPECT_PTR_EQ(test, memmove(text + 2, text, 6), &text[2]);
	KUNIT_EXPECT_STREQ(test, text, "0101234589");
	memmove(text, text + 1, 8);
	KUNIT_EXPECT_STREQ(test, text, "1012345889");
	memmove(text, text + 9, 1);
	memmove(text + 1, text + 1, 3);
	memmove(text + 5, text, 0);
	KUNIT_EXPECT_STREQ(test, text, "9012345889");
	KUNIT_EXPECT_EQ(test, strlen(text), 10);
	KUNIT_EXPECT_EQ(test, strlen(text + 10), 0);
}

/*
 *   to:   ####[offset][ n bytes of from ]####
 *
 * at every offset within two words, and every length that ends in another way.
 */
#define BLOCK_MAX	80u
#define MARGIN		4u
#define OFFSETS		8u

struct block {
	u8 bytes[MARGIN + OFFSETS + BLOCK_MAX + MARGIN] __aligned(8);
};

static void block_number(struct block *block)
{
	for (unsigned int i = 0; i < sizeof(block->bytes); i++)
		block->bytes[i] = (u8)(i + 1);
}

/* How many bytes of `to` are not what they were, or outside [at, at + n) not numbered. */
static unsigned int block_wrong(const struct block *to, unsigned int at, unsigned int n,
				const u8 *from)
{
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < sizeof(to->bytes); i++)
		wrong += to->bytes[i] != (i - at < n ? from[i - at] : (u8)(i + 1));
	return wrong;
}

static void a_copy_is_what_was_there_and_no_more(struct kunit *test)
{
	static u8 from[OFFSETS + BLOCK_MAX] __aligned(8);
	unsigned int wrong = 0;
	struct block to;

	for (unsigned int i = 0; i < sizeof(from); i++)
		from[i] = (u8)(200 - i);
	for (unsigned int place = 0; place < OFFSETS * OFFSETS; place++) {
		unsigned int at = MARGIN + place % OFFSETS;
		const u8 *source = from + place / OFFSETS;

		for (unsigned int n = 0; n <= BLOCK_MAX; n++) {
			block_number(&to);
			wrong += memcpy(to.bytes + at, source, n) != to.bytes + at;
			wrong += block_wrong(&to, at, n, source);
		}
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void as_many_bytes_are_set_as_are_named(struct kunit *test)
{
	static u8 all[BLOCK_MAX];
	unsigned int wrong = 0;
	struct block to;

	for (unsigned int i = 0; i < sizeof(all); i++)
		all[i] = 0xa4;
	for (unsigned int at = MARGIN; at < MARGIN + OFFSETS; at++)
		for (unsigned int n = 0; n <= BLOCK_MAX; n++) {
			block_number(&to);
			wrong += memset(to.bytes + at, 0x1a4, n) != to.bytes + at;
			wrong += block_wrong(&to, at, n, all);
		}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void a_string_is_as_long_as_its_first_zero_is_far(struct kunit *test)
{
	u8 text[OFFSETS + 24] __aligned(8);
	unsigned int wrong = 0;

	for (unsigned int at = 0; at < OFFSETS; at++)
		for (unsigned int n = 0; n < 20; n++) {
			memset(text, 0, sizeof(text));
			for (unsigned int i = 0; i < n; i++)
				text[at + i] = (u8)(i % 3 ? 0x80 : 0x01);
			text[at + n + 1] = 'x';
			wrong += strlen((char *)text + at) != n;
		}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_quotient_and_its_rest_make_the_dividend),
	KUNIT_CASE(signed_division_goes_towards_zero),
	KUNIT_CASE(a_long_quotient_and_its_rest_make_the_dividend),
	KUNIT_CASE(names_are_compared_as_bytes),
	KUNIT_CASE(a_character_is_found_and_so_is_the_end),
	KUNIT_CASE(what_overlaps_is_moved_whole),
	KUNIT_CASE(a_copy_is_what_was_there_and_no_more),
	KUNIT_CASE(as_many_bytes_are_set_as_are_named),
	KUNIT_CASE(a_string_is_as_long_as_its_first_zero_is_far),
	{}
};

static struct kunit_suite suite = {
	.name = "libc",
	.test_cases = cases,
};
kunit_test_suite(suite);
