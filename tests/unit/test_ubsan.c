/* SPDX-License-Identifier: MIT */
/*
 * What is undefined in C is reported, by its kind and with its values, and the
 * kernel goes on. The operands are volatile: the compiler must not see what
 * comes of them.
 */
#include <hal/memory.h>
#include <lib/bits.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <limits.h>
#include <test/kunit.h>

#include "log_lines.h"

#define EXPECT_UBSAN(test, kind, code...) \
	KUNIT_EXPECT_REPORT(test, "UBSAN: " kind " at tests/unit/test_ubsan.c:", code)

static volatile int sink;
static volatile long long long_sink;
static volatile int one = 1, zero, lowest = INT_MIN, highest = INT_MAX;
static volatile long long longest = LLONG_MAX;
static volatile short small = SHRT_MIN;

static void signed_sums_that_do_not_fit(struct kunit *test)
{
	EXPECT_UBSAN(test, "signed-integer-overflow", sink = highest + one);
	KUNIT_EXPECT_EQ(test, sink, INT_MIN);
	EXPECT_UBSAN(test, "signed-integer-overflow", sink = lowest - one);
	EXPECT_UBSAN(test, "signed-integer-overflow", sink = highest * highest);
	EXPECT_UBSAN(test, "negation-overflow", sink = -lowest);
}

/* The values do not fit a register. */
static void a_sum_of_64_bits_that_does_not_fit(struct kunit *test)
{
	EXPECT_UBSAN(test, "signed-integer-overflow", long_sink = longest + one);
	KUNIT_EXPECT_EQ(test, long_sink, LLONG_MIN);
}

static void what_wraps_by_right_is_not_reported(struct kunit *test)
{
	volatile unsigned int all = UINT_MAX;
	int sum;

	KUNIT_EXPECT_EQ(test, all + 1, 0);
	KUNIT_EXPECT_TRUE(test, __builtin_add_overflow(highest, one, &sum));
	KUNIT_EXPECT_EQ(test, (short)(small - one), SHRT_MAX);
}

static void a_division_without_a_result(struct kunit *test)
{
	EXPECT_UBSAN(test, "division-by-zero", sink = one / zero);
	EXPECT_UBSAN(test, "division-by-zero", sink = one % zero);
	EXPECT_UBSAN(test, "signed-integer-overflow", sink = lowest / -one);
}

static void a_shift_by_too_much_or_of_too_much(struct kunit *test)
{
	volatile int width = 32;

	EXPECT_UBSAN(test, "shift-out-of-bounds", sink = (int)(1u << width));
	EXPECT_UBSAN(test, "shift-out-of-bounds", sink = one >> -one);
	EXPECT_UBSAN(test, "shift-out-of-bounds", sink = highest << one);
	KUNIT_EXPECT_EQ(test, 1u << (width - 1), 0x80000000u);
}

static void an_index_beyond_the_array(struct kunit *test)
{
	static int around[8];
	static struct {
		int inside[4];
		int behind[4];
	} both;
	volatile int index = 5;

	EXPECT_UBSAN(test, "array-index-out-of-bounds", sink = both.inside[index]);
	KUNIT_EXPECT_EQ(test, around[index], 0);
}

static void a_pointer_that_is_not_aligned(struct kunit *test)
{
	static char bytes[8] __aligned(4);
	const int *volatile odd = (const int *)(bytes + one);

	EXPECT_UBSAN(test, "misaligned-pointer", sink = *odd);
	KUNIT_EXPECT_EQ(test, sink, 0);
}

/* The member is so far away that it is memory, so that the access itself succeeds. */
struct far {
	char gap[LINEAR_BASE];
	int member;
};

static void a_member_of_nothing(struct kunit *test)
{
	const struct far *volatile nothing = NULL;

	EXPECT_UBSAN(test, "null-pointer", sink = nothing->member);
}

static void a_pointer_that_goes_around(struct kunit *test)
{
	const char *volatile last = (const char *)-16L, *volatile first;

	EXPECT_UBSAN(test, "pointer-overflow", first = last + 32 * one);
	KUNIT_EXPECT_EQ(test, (unsigned long)first, 16);
}

static void a_bool_that_is_neither(struct kunit *test)
{
	static union {
		unsigned char byte;
		bool truth;
	} both;
	volatile __typeof__(both) *hidden = &both;

	hidden->byte = 2;
	barrier();
	EXPECT_UBSAN(test, "invalid-value", sink = both.truth);
}

static noinline void __nonnull_args take(const void *object)
{
	sink = object != &sink;
}

static void null_for_what_is_never_null(struct kunit *test)
{
	const void *volatile nothing = NULL;

	EXPECT_UBSAN(test, "null-argument", take(nothing));
}

static void a_place_is_reported_once(struct kunit *test)
{
	EXPECT_UBSAN(test, "signed-integer-overflow",
			    for (int i = 0; i < 3; i++)
				    sink = highest + one);
}

static int line_of_sum;

static noinline void add_too_much(void)
{
	line_of_sum = __LINE__ + 1;
	sink = highest + one;
	barrier();
}

static void the_report_has_line_function_and_way_there(struct kunit *test)
{
	char title[REPORT_TITLE_MAX], where[64];
	struct log_cursor cursor;

	log_seek_last(&cursor, 0);
	EXPECT_UBSAN(test, "signed-integer-overflow", add_too_much());
	report_title(warn_count(), title);
	snprintf(where, sizeof(where), "test_ubsan.c:%d:", line_of_sum);
	KUNIT_EXPECT_NOT_NULL(test, strstr(title, where));
	KUNIT_EXPECT_TRUE(test, log_says(&cursor, "Backtrace:"));
	if (!IS_ENABLED(CONFIG_BACKTRACE) || !IS_ENABLED(CONFIG_KALLSYMS))
		return;
	KUNIT_EXPECT_TRUE(test, log_says(&cursor, "  add_too_much+"));
	KUNIT_EXPECT_TRUE(test, log_says(&cursor, "  the_report_has_line_function_and_way_there+"));
}

static struct kunit_case ubsan_cases[] = {
	KUNIT_CASE(signed_sums_that_do_not_fit),
	KUNIT_CASE(a_sum_of_64_bits_that_does_not_fit),
	KUNIT_CASE(what_wraps_by_right_is_not_reported),
	KUNIT_CASE(a_division_without_a_result),
	KUNIT_CASE(a_shift_by_too_much_or_of_too_much),
	KUNIT_CASE(an_index_beyond_the_array),
	KUNIT_CASE(a_pointer_that_is_not_aligned),
	KUNIT_CASE(a_member_of_nothing),
	KUNIT_CASE(a_pointer_that_goes_around),
	KUNIT_CASE(a_bool_that_is_neither),
	KUNIT_CASE(null_for_what_is_never_null),
	KUNIT_CASE(a_place_is_reported_once),
	KUNIT_CASE(the_report_has_line_function_and_way_there),
	{},
};

static struct kunit_suite ubsan_suite = {
	.name = "ubsan",
	.test_cases = ubsan_cases,
};

kunit_test_suite(ubsan_suite);
