/* SPDX-License-Identifier: MIT */
/*
 * Arrays that grow: what is pushed is there, what is not there is reported, and a push
 * without memory changes nothing.
 */
#include <kernel/vec.h>

#include <kernel/log.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/sprintf.h>
#include <lib/string.h>
#include <test/kunit.h>

static void free_items(void *vec)
{
	vec_free_items(vec);
}

/* After room for 4 and for 8 comes room for 16: the first ten have been copied twice. */
static void elements_are_kept_while_the_array_grows(struct kunit *test)
{
	static VEC(u16) v;	/* outlives a case that is ended */

	KUNIT_ASSERT_EQ(test, kunit_add_action(test, free_items, &v.vec), 0);
	KUNIT_EXPECT_EQ(test, vec_len(&v), 0);
	for (u16 i = 0; i < 10; i++)
		KUNIT_ASSERT_EQ(test, vec_push(&v, i * 1000, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, vec_len(&v), 10);
	for (u16 i = 0; i < 10; i++)
		KUNIT_EXPECT_EQ(test, *vec_at(&v, i), i * 1000);
	*vec_at(&v, 3) = 7;
	KUNIT_EXPECT_EQ(test, *vec_at(&v, 3), 7);
	KUNIT_EXPECT_EQ(test, v.vec.room, 16);
	kunit_release_action(test, free_items, &v.vec);
	KUNIT_EXPECT_EQ(test, vec_len(&v), 0);
}

static void structures_are_elements_too(struct kunit *test)
{
	struct pair { int a; char b[9]; } pair = { 5, "element" };
	VEC(struct pair) v = { };

	KUNIT_ASSERT_EQ(test, vec_push(&v, pair, GFP_KERNEL), 0);
	pair.a = 6;
	KUNIT_ASSERT_EQ(test, vec_push(&v, pair, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, vec_at(&v, 0)->a, 5);
	KUNIT_EXPECT_EQ(test, vec_at(&v, 1)->a, 6);
	KUNIT_EXPECT_STREQ(test, vec_at(&v, 1)->b, "element");
	vec_free(&v);
}

static void element_that_is_not_there_is_reported(struct kunit *test)
{
	VEC(int) v = { };
	int *at = (int *)test;

	KUNIT_EXPECT_REPORT(test, "element 0 of an array of 0", at = vec_at(&v, 0));
	KUNIT_EXPECT_NULL(test, at);
	KUNIT_ASSERT_EQ(test, vec_push(&v, 1, GFP_KERNEL), 0);
	KUNIT_EXPECT_NOT_NULL(test, vec_at(&v, 0));
	/* There is room for it, but it is not in use. */
	KUNIT_EXPECT_REPORT(test, "element 1 of an array of 1", at = vec_at(&v, 1));
	KUNIT_EXPECT_NULL(test, at);
	KUNIT_EXPECT_REPORT(test, " of an array of 1", at = vec_at(&v, SIZE_MAX));
	KUNIT_EXPECT_NULL(test, at);
	vec_free(&v);
}

static bool log_has(struct log_cursor *cursor, const char *text)
{
	static char line[LOG_LINE_MAX];

	while (log_read(cursor, LOGLEVEL_ALL, line))
		if (strstr(line, text))
			return true;
	return false;
}

/* Not the array's own line: that of who asks for the element. */
static void the_report_says_who_asked_for_it(struct kunit *test)
{
	VEC(int) v = { };
	struct log_cursor cursor;
	int *at = (int *)test;
	char where[64];

	log_seek_last(&cursor, 0);
	KUNIT_EXPECT_REPORT(test, "element 3 of an array of 0", at = vec_at(&v, 3));
	scnprintf(where, sizeof(where), "at tests/unit/test_vec.c:%d, %s()", __LINE__ - 1,
		  __func__);
	KUNIT_EXPECT_NULL(test, at);
	KUNIT_EXPECT_TRUE(test, log_has(&cursor, where));
}

/* Room for four of these is more than there is, or more than a size can say. */
static void push_without_memory_changes_nothing(struct kunit *test)
{
	static const char item[1];
	struct vec v = { };

	kunit_tolerates_faults(test);
	KUNIT_EXPECT_EQ(test, vec_push_item(&v, item, SIZE_MAX / 4, GFP_NOWAIT), -ENOMEM);
	KUNIT_EXPECT_EQ(test, vec_push_item(&v, item, SIZE_MAX / 4 + 1, GFP_NOWAIT), -ENOMEM);
	KUNIT_EXPECT_EQ(test, v.len, 0);
	KUNIT_EXPECT_EQ(test, v.room, 0);
	KUNIT_EXPECT_NULL(test, v.items);
}

static struct kunit_case vec_cases[] = {
	KUNIT_CASE(elements_are_kept_while_the_array_grows),
	KUNIT_CASE(structures_are_elements_too),
	KUNIT_CASE(element_that_is_not_there_is_reported),
	KUNIT_CASE(the_report_says_who_asked_for_it),
	KUNIT_CASE(push_without_memory_changes_nothing),
	{ },
};

static struct kunit_suite vec_suite = { .name = "vec", .test_cases = vec_cases };
kunit_test_suite(vec_suite);
