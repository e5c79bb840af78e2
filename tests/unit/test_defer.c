/* SPDX-License-Identifier: MIT */
/*
 * What is said at a line of a scope and done at its end: each on every way out, the last first,
 * and not what was called off.
 */
#include <lib/cleanup.h>

#include <kernel/slab.h>
#include <lib/string.h>
#include <test/kunit.h>

static char done[8];

static void note(void *letter)
{
	size_t n = strlen(done);

	if (n < sizeof(done) - 1)
		done[n] = *(const char *)letter;
}

static char a = 'a', b = 'b', c = 'c';

static int forget(struct kunit *test)
{
	(void)test;
	memset(done, 0, sizeof(done));
	return 0;
}

static int leaves(int way)
{
	defer(note, &a);
	if (way == 0)
		return 0;
	defer(note, &b);
	for (int i = 0; i < 2; i++) {
		defer(note, &c);
		if (way == 1)
			break;
		if (way == 2)
			return 2;
	}
	return 1;
}

static void the_last_said_is_done_first(struct kunit *test)
{
	static const char *const want[] = { "a", "cba", "cba", "ccba" };

	for (int way = 0; way < 4; way++) {
		forget(test);
		leaves(way);
		KUNIT_EXPECT_STREQ(test, done, want[way]);
	}
}

/* As a function does that makes something of several parts. */
static bool makes(bool works)
{
	defer_as(undo_a, note, &a);
	defer_as(undo_b, note, &b);

	if (!works)
		return false;
	defer_dismiss(&undo_a);
	defer_dismiss(&undo_b);
	return true;
}

static void what_was_called_off_is_not_done(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, makes(true));
	KUNIT_EXPECT_STREQ(test, done, "");
	KUNIT_EXPECT_FALSE(test, makes(false));
	KUNIT_EXPECT_STREQ(test, done, "ba");
}

static void only_what_is_called_off_stays(struct kunit *test)
{
	{
		defer_as(undo_a, note, &a);
		defer_as(undo_b, note, &b);
		defer_as(undo_c, note, &c);
		defer_dismiss(&undo_b);
	}
	KUNIT_EXPECT_STREQ(test, done, "ca");
}

/* What was given away is not there any more, and is not freed at the end. */
static void a_pointer_that_was_given_away_is_null(struct kunit *test)
{
	void *taken;

	{
		void *p __free(kfree) = kmalloc(8, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, p);
		taken = no_free_ptr(p);
		KUNIT_EXPECT_NULL(test, p);
	}
	KUNIT_EXPECT_WARNINGS(test, 0, kfree(taken));
}

static struct kunit_case defer_cases[] = {
	KUNIT_CASE(the_last_said_is_done_first),
	KUNIT_CASE(what_was_called_off_is_not_done),
	KUNIT_CASE(only_what_is_called_off_stays),
	KUNIT_CASE(a_pointer_that_was_given_away_is_null),
	{}
};

static struct kunit_suite defer_suite = {
	.name = "defer",
	.init = forget,
	.test_cases = defer_cases,
};
kunit_test_suite(defer_suite);
