/* SPDX-License-Identifier: MIT */
/*
 * Objects that stay where they are, and that come to be step by step: whichever step fails, those
 * before it are undone, the last first.
 */
#include <kernel/pinned.h>

#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/init_chain.h>
#include <lib/string.h>
#include <test/kunit.h>

#define STEPS	4

struct widget {
	struct pinned pin;
	unsigned int fails_at;		/* this step, from 1; 0: none */
	unsigned int began;
	char undone[STEPS + 1];
	char *ring;
	char *table;
};
DEFINE_PINNED(widget, pin);

static int begin_step(struct widget *w)
{
	return ++w->began == w->fails_at ? -EIO : 0;
}

static void note_undone(struct widget *w, char letter)
{
	w->undone[strlen(w->undone)] = letter;
}

static int first(struct widget *w)
{
	return begin_step(w);
}

static void undo_first(struct widget *w)
{
	note_undone(w, 'a');
}

static int second(struct widget *w)
{
	return begin_step(w);
}

static void undo_second(struct widget *w)
{
	note_undone(w, 'b');
}

/* Nothing to undo. */
static int third(struct widget *w)
{
	return begin_step(w);
}

static int fourth(struct widget *w)
{
	return begin_step(w);
}

static void undo_fourth(struct widget *w)
{
	note_undone(w, 'd');
}

/* The middle steps are a chain of their own. */
DEFINE_INIT_CHAIN(middle, struct widget,
	{ second, undo_second },
	{ third, NULL });

DEFINE_INIT_CHAIN(counted, struct widget,
	{ first, undo_first },
	{ middle_init, middle_fini },
	{ fourth, undo_fourth });

static void whichever_step_fails_those_before_it_are_undone(struct kunit *test)
{
	static const char *const undone[] = { "", "a", "ba", "ba" };

	for (unsigned int k = 1; k <= STEPS; k++) {
		struct widget w = { .fails_at = k };

		KUNIT_EXPECT_EQ(test, counted_init(&w), -EIO);
		KUNIT_EXPECT_EQ(test, w.began, k);
		KUNIT_EXPECT_STREQ(test, w.undone, undone[k - 1]);
	}
}

static void all_is_undone_in_reverse_at_the_end(struct kunit *test)
{
	struct widget w = { };

	KUNIT_ASSERT_EQ(test, counted_init(&w), 0);
	KUNIT_EXPECT_EQ(test, w.began, STEPS);
	KUNIT_EXPECT_STREQ(test, w.undone, "");
	counted_fini(&w);
	KUNIT_EXPECT_STREQ(test, w.undone, "dba");
}

/* ---- with memory: each allocation is made to fail by the sweep ---- */

static int alloc_ring(struct widget *w)
{
	w->ring = kmalloc(32, GFP_KERNEL);
	return w->ring ? 0 : -ENOMEM;
}

static void free_ring(struct widget *w)
{
	kfree(w->ring);
	w->ring = NULL;
}

static int alloc_table(struct widget *w)
{
	w->table = kmalloc(64, GFP_KERNEL);
	return w->table ? 0 : -ENOMEM;
}

static void free_table(struct widget *w)
{
	kfree(w->table);
	w->table = NULL;
}

DEFINE_INIT_CHAIN(widget, struct widget,
	{ widget_pin, widget_unpin },
	{ alloc_ring, free_ring },
	{ alloc_table, free_table });

static void an_object_without_memory_is_as_it_was(struct kunit *test)
{
	struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, w);
	err = widget_init(w);
	if (!err) {
		KUNIT_EXPECT_TRUE(test, widget_is_pinned(w));
		widget_fini(w);
	}
	KUNIT_EXPECT_NULL(test, w->ring);
	KUNIT_EXPECT_NULL(test, w->table);
	/* Nor is it pinned: its memory may go. */
	KUNIT_EXPECT_WARNINGS(test, 0, kfree(w));
	KUNIT_ASSERT_EQ(test, err, 0);
}

/* ---- where it is ---- */

static void skip_without_marks(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "objects are checked with CONFIG_DEBUG_OBJECTS");
}

static void a_copy_is_reported(struct kunit *test)
{
	struct widget w = { }, copy;
	bool ok = true;

	skip_without_marks(test);
	KUNIT_ASSERT_EQ(test, widget_pin(&w), 0);
	KUNIT_EXPECT_TRUE(test, widget_is_pinned(&w));
	copy = w;
	KUNIT_EXPECT_REPORT(test, "is a copy of", ok = widget_is_pinned(&copy));
	KUNIT_EXPECT_FALSE(test, ok);
	KUNIT_EXPECT_REPORT(test, "is a copy of", widget_unpin(&copy));
	KUNIT_EXPECT_TRUE(test, widget_is_pinned(&w));
	widget_unpin(&w);
}

static void use_before_and_after_is_reported(struct kunit *test)
{
	struct widget *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	bool ok = true;

	skip_without_marks(test);
	KUNIT_ASSERT_NOT_NULL(test, w);
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised", ok = widget_is_pinned(w));
	KUNIT_EXPECT_FALSE(test, ok);
	KUNIT_ASSERT_EQ(test, widget_pin(w), 0);
	widget_unpin(w);
	ok = true;
	KUNIT_EXPECT_REPORT(test, "is used after it was freed", ok = widget_is_pinned(w));
	KUNIT_EXPECT_FALSE(test, ok);
	KUNIT_EXPECT_REPORT(test, "is used after it was freed", widget_unpin(w));
}

static void initialising_twice_is_reported(struct kunit *test)
{
	struct widget w = { };
	int err = 0;

	skip_without_marks(test);
	KUNIT_ASSERT_EQ(test, widget_init(&w), 0);
	KUNIT_EXPECT_REPORT(test, "is in use already", err = widget_init(&w));
	KUNIT_EXPECT_EQ(test, err, -EBUSY);
	widget_fini(&w);
	KUNIT_ASSERT_EQ(test, widget_init(&w), 0);
	widget_fini(&w);
}

static void what_is_pinned_is_not_freed(struct kunit *test)
{
	struct widget *w;

	skip_without_marks(test);
	w = kzalloc(sizeof(*w), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, w);
	KUNIT_ASSERT_EQ(test, widget_pin(w), 0);
	KUNIT_EXPECT_REPORT(test, "with widget", kfree(w));
	widget_unpin(w);
	kfree(w);
}

static struct kunit_case pinned_cases[] = {
	KUNIT_CASE(whichever_step_fails_those_before_it_are_undone),
	KUNIT_CASE(all_is_undone_in_reverse_at_the_end),
	KUNIT_CASE(an_object_without_memory_is_as_it_was),
	KUNIT_CASE(a_copy_is_reported),
	KUNIT_CASE(use_before_and_after_is_reported),
	KUNIT_CASE(initialising_twice_is_reported),
	KUNIT_CASE(what_is_pinned_is_not_freed),
	{}
};

static struct kunit_suite pinned_suite = {
	.name = "pinned",
	.test_cases = pinned_cases,
};
kunit_test_suite(pinned_suite);
