/* SPDX-License-Identifier: MIT */
/*
 * Buffers in segments: however a message is split, the bytes are the same, and a copy that falls
 * short says how far it came and stands there.
 */
#include <kernel/uio.h>

#include <lib/errno.h>
#include <lib/string.h>
#include <test/kunit.h>

#define LEN	8u
#define SEGS	4u

static const char message[LEN + 1] = "messages";
static char buffer[LEN];

/* [0, a) [a, b) [b, c) [c, LEN), of which some may be empty. */
static void split(struct kvec *segs, size_t a, size_t b, size_t c)
{
	const size_t ends[SEGS] = { a, b, c, LEN };
	size_t at = 0;

	for (unsigned int n = 0; n < SEGS; n++) {
		segs[n] = (struct kvec){ buffer + at, ends[n] - at };
		at = ends[n];
	}
}

/* In two steps, at each place: what one step leaves is where the next begins. */
static void copies_both_ways(struct kunit *test, const struct kvec *segs)
{
	for (size_t first = 0; first <= LEN; first++) {
		char got[LEN] = { 0 };
		struct iov_iter iter;

		memset(buffer, '.', LEN);
		iov_iter_kvec(&iter, READ, segs, SEGS, LEN);
		KUNIT_ASSERT_EQ(test, copy_to_iter(message, first, &iter), first);
		KUNIT_ASSERT_EQ(test, iov_iter_count(&iter), LEN - first);
		KUNIT_ASSERT_EQ(test, copy_to_iter(message + first, LEN, &iter), LEN - first);
		KUNIT_ASSERT_EQ(test, memcmp(buffer, message, LEN), 0);
		KUNIT_ASSERT_EQ(test, copy_to_iter(message, 1, &iter), 0);

		iov_iter_kvec(&iter, WRITE, segs, SEGS, LEN);
		KUNIT_ASSERT_EQ(test, copy_from_iter(got, first, &iter), first);
		KUNIT_ASSERT_EQ(test, copy_from_iter(got + first, LEN, &iter), LEN - first);
		KUNIT_ASSERT_EQ(test, memcmp(got, message, LEN), 0);
		KUNIT_ASSERT_EQ(test, copy_from_iter(got, 1, &iter), 0);

		iov_iter_revert(&iter, LEN - first);
		KUNIT_ASSERT_EQ(test, copy_from_iter(got, LEN, &iter), LEN - first);
		KUNIT_ASSERT_EQ(test, memcmp(got, message + first, LEN - first), 0);
		iov_iter_revert(&iter, LEN);
		iov_iter_advance(&iter, first);
		KUNIT_ASSERT_EQ(test, copy_from_iter(got, LEN, &iter), LEN - first);
		KUNIT_ASSERT_EQ(test, memcmp(got, message + first, LEN - first), 0);
	}
}

static void every_split_gives_the_same_bytes(struct kunit *test)
{
	struct kvec segs[SEGS];

	for (size_t a = 0; a <= LEN; a++) {
		for (size_t b = a; b <= LEN; b++) {
			for (size_t c = b; c <= LEN; c++) {
				split(segs, a, b, c);
				copies_both_ways(test, segs);
			}
		}
	}
}

static void zeroes_are_written_where_it_is(struct kunit *test)
{
	struct iov_iter iter;
	struct kvec segs[SEGS];

	split(segs, 3, 3, 5);
	memcpy(buffer, message, LEN);
	iov_iter_kvec(&iter, READ, segs, SEGS, LEN);
	iov_iter_advance(&iter, 2);
	KUNIT_EXPECT_EQ(test, iov_iter_zero(4, &iter), 4);
	KUNIT_EXPECT_EQ(test, memcmp(buffer, "me\0\0\0\0es", LEN), 0);
	KUNIT_EXPECT_EQ(test, iov_iter_zero(4, &iter), 2);
	KUNIT_EXPECT_EQ(test, iov_iter_count(&iter), 0);
	KUNIT_EXPECT_EQ(test, iov_iter_zero(1, &iter), 0);
}

static void no_more_is_copied_than_is_left(struct kunit *test)
{
	char got[LEN] = { 0 };
	struct iov_iter iter;
	struct kvec segs[SEGS];

	split(segs, 3, 3, 5);
	memcpy(buffer, message, LEN);
	iov_iter_kvec(&iter, WRITE, segs, SEGS, LEN);
	KUNIT_EXPECT_EQ(test, iov_iter_rw(&iter), WRITE);
	KUNIT_EXPECT_EQ(test, iov_iter_single_seg_count(&iter), 3);
	iov_iter_truncate(&iter, 4);
	iov_iter_truncate(&iter, 6);
	KUNIT_EXPECT_EQ(test, copy_from_iter(got, LEN, &iter), 4);
	iov_iter_reexpand(&iter, LEN - 4);
	KUNIT_EXPECT_EQ(test, iov_iter_single_seg_count(&iter), 1);
	iov_iter_truncate(&iter, 0);
	KUNIT_EXPECT_EQ(test, iov_iter_single_seg_count(&iter), 0);
	iov_iter_reexpand(&iter, LEN - 4);
	iov_iter_advance(&iter, 100);
	KUNIT_EXPECT_EQ(test, iov_iter_count(&iter), 0);
	KUNIT_EXPECT_EQ(test, iov_iter_single_seg_count(&iter), 0);

	/* A count beyond the segments ends where they do. */
	iov_iter_kvec(&iter, WRITE, segs, 2, LEN);
	KUNIT_EXPECT_EQ(test, copy_from_iter(got, LEN, &iter), 3);
	KUNIT_EXPECT_EQ(test, copy_from_iter(got, LEN, &iter), 0);
	iov_iter_kvec(&iter, WRITE, NULL, 0, 0);
	KUNIT_EXPECT_EQ(test, copy_from_iter(got, LEN, &iter), 0);
}

static void all_or_nothing_stays_where_it_was(struct kunit *test)
{
	char got[LEN] = { 0 };
	struct iov_iter iter;
	struct kvec segs[SEGS];

	split(segs, 1, 4, 6);
	memcpy(buffer, message, LEN);
	iov_iter_kvec(&iter, WRITE, segs, SEGS, LEN);
	KUNIT_EXPECT_TRUE(test, copy_from_iter_full(got, 3, &iter));
	KUNIT_EXPECT_FALSE(test, copy_from_iter_full(got, 6, &iter));
	KUNIT_EXPECT_EQ(test, iov_iter_count(&iter), 5);
	KUNIT_EXPECT_TRUE(test, copy_from_iter_full(got, 5, &iter));
	KUNIT_EXPECT_EQ(test, memcmp(got, message + 3, 5), 0);
	KUNIT_EXPECT_TRUE(test, copy_from_iter_full(got, 0, &iter));
}

/* At each byte: those before it are copied, the position is there, and it goes on afterwards. */
static void a_fault_says_how_far_it_came(struct kunit *test)
{
	struct kvec segs[SEGS];

	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		kunit_skip(test, "segments fault with CONFIG_FAULT_INJECTION");
	split(segs, 3, 3, 5);
	memcpy(buffer, message, LEN);
	for (size_t fault = 0; fault < LEN; fault++) {
		char got[LEN] = { 0 };
		struct iov_iter iter;

		iov_iter_kvec(&iter, WRITE, segs, SEGS, LEN);
		iov_iter_fault_after(&iter, fault);
		KUNIT_ASSERT_EQ(test, copy_from_iter(got, LEN, &iter), fault);
		KUNIT_ASSERT_EQ(test, iov_iter_count(&iter), LEN - fault);
		KUNIT_ASSERT_EQ(test, copy_from_iter(got, LEN, &iter), 0);
		iov_iter_fault_after(&iter, SIZE_MAX);
		KUNIT_ASSERT_EQ(test, copy_from_iter(got + fault, LEN, &iter), LEN - fault);
		KUNIT_ASSERT_EQ(test, memcmp(got, message, LEN), 0);

		iov_iter_kvec(&iter, WRITE, segs, SEGS, LEN);
		iov_iter_fault_after(&iter, fault);
		KUNIT_ASSERT_FALSE(test, copy_from_iter_full(got, LEN, &iter));
		KUNIT_ASSERT_EQ(test, iov_iter_count(&iter), LEN);

		iov_iter_kvec(&iter, READ, segs, SEGS, LEN);
		iov_iter_fault_after(&iter, fault);
		KUNIT_ASSERT_EQ(test, iov_iter_zero(LEN, &iter), fault);
		memcpy(buffer, message, LEN);
	}
}

/* Copied, skipped or gone back over: what cannot be had is where it was. */
static void a_fault_stays_where_it_is(struct kunit *test)
{
	char got[LEN];
	struct iov_iter iter;
	struct kvec segs[SEGS];

	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		kunit_skip(test, "segments fault with CONFIG_FAULT_INJECTION");
	split(segs, 1, 4, 6);
	iov_iter_kvec(&iter, WRITE, segs, SEGS, LEN);
	iov_iter_advance(&iter, 1);
	iov_iter_fault_after(&iter, 4);
	KUNIT_EXPECT_EQ(test, copy_from_iter(got, 3, &iter), 3);
	iov_iter_revert(&iter, 2);
	KUNIT_EXPECT_EQ(test, copy_from_iter(got, LEN, &iter), 3);
	iov_iter_revert(&iter, 4);
	iov_iter_advance(&iter, 2);
	KUNIT_EXPECT_FALSE(test, copy_from_iter_full(got, 3, &iter));
	KUNIT_EXPECT_TRUE(test, copy_from_iter_full(got, 2, &iter));
	iov_iter_advance(&iter, 2);
	KUNIT_EXPECT_EQ(test, copy_from_iter(got, 1, &iter), 0);
	iov_iter_fault_after(&iter, SIZE_MAX);
	KUNIT_EXPECT_EQ(test, copy_from_iter(got, 1, &iter), 1);
}

/* ---- structures ---- */

struct header {
	u32 length;
	u16 type;
	u8 tag[2];
};
DEFINE_IOV_STRUCT(header, length, type, tag);

static void a_structure_goes_as_a_whole(struct kunit *test)
{
	const struct header sent = { .length = 8, .type = 100, .tag = { 1, 2 } };
	struct header got = { 0 };
	struct iov_iter iter;
	struct kvec segs[SEGS];

	split(segs, 1, 3, 6);
	iov_iter_kvec(&iter, READ, segs, SEGS, LEN);
	KUNIT_EXPECT_EQ(test, header_to_iter(&sent, &iter), 0);
	KUNIT_EXPECT_EQ(test, header_to_iter(&sent, &iter), -EFAULT);
	iov_iter_kvec(&iter, WRITE, segs, SEGS, LEN);
	KUNIT_EXPECT_EQ(test, header_from_iter(&got, &iter), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&got, &sent, sizeof(got)), 0);
	iov_iter_revert(&iter, 1);
	KUNIT_EXPECT_EQ(test, header_from_iter(&got, &iter), -EFAULT);
	KUNIT_EXPECT_EQ(test, iov_iter_count(&iter), 1);
}

/* ---- misuse ---- */

static void going_back_too_far_is_reported(struct kunit *test)
{
	struct iov_iter iter;
	struct kvec segs[SEGS];

	split(segs, 1, 3, 6);
	iov_iter_kvec(&iter, READ, segs + 1, SEGS - 1, LEN - 1);
	iov_iter_advance(&iter, 3);
	KUNIT_EXPECT_REPORT(test, "goes 4 bytes back, and went 3", iov_iter_revert(&iter, 4));
	KUNIT_EXPECT_EQ(test, iov_iter_count(&iter), LEN - 4);
	KUNIT_EXPECT_WARNINGS(test, 0, iov_iter_revert(&iter, 3));
	KUNIT_EXPECT_EQ(test, iov_iter_count(&iter), LEN - 1);
}

static void the_other_direction_is_reported(struct kunit *test)
{
	char got[LEN] = { 0 };
	struct iov_iter iter;
	struct kvec segs[SEGS];
	size_t copied = 1;

	split(segs, 1, 3, 6);
	iov_iter_kvec(&iter, READ, segs, SEGS, LEN);
	KUNIT_EXPECT_REPORT(test, "to be written to is read from",
			    copied = copy_from_iter(got, LEN, &iter));
	KUNIT_EXPECT_EQ(test, copied, 0);
	iov_iter_kvec(&iter, WRITE, segs, SEGS, LEN);
	copied = 1;
	KUNIT_EXPECT_REPORT(test, "to be read from is written to",
			    copied = copy_to_iter(message, LEN, &iter));
	KUNIT_EXPECT_EQ(test, copied, 0);
	copied = 1;
	KUNIT_EXPECT_REPORT(test, "to be read from is written to",
			    copied = iov_iter_zero(LEN, &iter));
	KUNIT_EXPECT_EQ(test, copied, 0);
	KUNIT_EXPECT_EQ(test, iov_iter_count(&iter), LEN);
}

static struct kunit_case uio_cases[] = {
	KUNIT_CASE(every_split_gives_the_same_bytes),
	KUNIT_CASE(zeroes_are_written_where_it_is),
	KUNIT_CASE(no_more_is_copied_than_is_left),
	KUNIT_CASE(all_or_nothing_stays_where_it_was),
	KUNIT_CASE(a_fault_says_how_far_it_came),
	KUNIT_CASE(a_fault_stays_where_it_is),
	KUNIT_CASE(a_structure_goes_as_a_whole),
	KUNIT_CASE(going_back_too_far_is_reported),
	KUNIT_CASE(the_other_direction_is_reported),
	{}
};

static struct kunit_suite uio_suite = {
	.name = "uio",
	.test_cases = uio_cases,
};
kunit_test_suite(uio_suite);
