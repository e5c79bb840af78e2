/* SPDX-License-Identifier: MIT */
/*
 * Lists that own: an object that is pushed twice is there once, whoever pushes, and comes off as
 * often as it went on.
 */
#include <kernel/olist.h>

#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <kernel/timer.h>
#include <test/kunit.h>

struct job {
	char name;
	struct olist_links links;
};

static DEFINE_OLIST(list);
static struct job a, b, c;

static int make_jobs(struct kunit *test)
{
	(void)test;
	olist_init(&list);
	a = (struct job){ .name = 'a' };
	b = (struct job){ .name = 'b' };
	c = (struct job){ .name = 'c' };
	return 0;
}

static char pop(void)
{
	struct job *job = olist_pop_front_entry(&list, struct job, links);

	return job ? job->name : '-';
}

static void jobs_come_off_in_their_order(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, olist_is_empty(&list));
	KUNIT_EXPECT_TRUE(test, olist_push_back(&list, &b.links));
	KUNIT_EXPECT_TRUE(test, olist_push_back(&list, &c.links));
	KUNIT_EXPECT_TRUE(test, olist_push_front(&list, &a.links));
	KUNIT_EXPECT_FALSE(test, olist_is_empty(&list));
	KUNIT_EXPECT_PTR_EQ(test, olist_owner(&a.links), &list);
	KUNIT_EXPECT_EQ(test, pop(), 'a');
	KUNIT_EXPECT_PTR_EQ(test, olist_pop_back_entry(&list, struct job, links), &c);
	KUNIT_EXPECT_EQ(test, pop(), 'b');
	KUNIT_EXPECT_EQ(test, pop(), '-');
	KUNIT_EXPECT_NULL(test, olist_pop_back(&list));
	KUNIT_EXPECT_NULL(test, olist_owner(&a.links));
}

static void a_second_push_is_refused(struct kunit *test)
{
	DEFINE_OLIST(other);

	KUNIT_EXPECT_TRUE(test, olist_push_back(&list, &a.links));
	KUNIT_EXPECT_WARNINGS(test, 0, {
		KUNIT_EXPECT_FALSE(test, olist_push_back(&list, &a.links));
		KUNIT_EXPECT_FALSE(test, olist_push_front(&list, &a.links));
		KUNIT_EXPECT_FALSE(test, olist_push_back(&other, &a.links));
	});
	KUNIT_EXPECT_TRUE(test, olist_is_empty(&other));
	KUNIT_EXPECT_EQ(test, pop(), 'a');
	KUNIT_EXPECT_EQ(test, pop(), '-');
	KUNIT_EXPECT_TRUE(test, olist_push_front(&other, &a.links));
	KUNIT_EXPECT_TRUE(test, olist_remove(&other, &a.links));
}

static void one_in_the_middle_comes_off(struct kunit *test)
{
	struct job *job, *next;

	KUNIT_EXPECT_TRUE(test, olist_push_back(&list, &a.links));
	KUNIT_EXPECT_TRUE(test, olist_push_back(&list, &b.links));
	KUNIT_EXPECT_TRUE(test, olist_push_back(&list, &c.links));
	olist_for_each_entry_safe(job, next, &list, links)
		if (job->name == 'b')
			KUNIT_EXPECT_TRUE(test, olist_remove(&list, &job->links));
	KUNIT_EXPECT_FALSE(test, olist_remove(&list, &b.links));
	KUNIT_EXPECT_EQ(test, pop(), 'a');
	KUNIT_EXPECT_EQ(test, pop(), 'c');
}

static void a_list_gives_only_what_it_has(struct kunit *test)
{
	DEFINE_OLIST(other);
	bool removed = true;

	KUNIT_EXPECT_TRUE(test, olist_push_back(&list, &a.links));
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		KUNIT_EXPECT_REPORT(test, "taken off a list that does not have it",
				    removed = olist_remove(&other, &a.links));
	else
		removed = olist_remove(&other, &a.links);
	KUNIT_EXPECT_FALSE(test, removed);
	KUNIT_EXPECT_EQ(test, pop(), 'a');
}

static void what_is_on_a_list_is_not_freed(struct kunit *test)
{
	struct job *job;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "objects are checked with CONFIG_DEBUG_OBJECTS");
	job = kzalloc(sizeof(*job), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, job);
	KUNIT_EXPECT_TRUE(test, olist_push_back(&list, &job->links));
	KUNIT_EXPECT_REPORT(test, "which is on a list", kfree(job));
	KUNIT_EXPECT_EQ(test, pop(), 0);
	kfree(job);
}

/* ---- an interrupt and a task push the same ---- */

static DEFINE_SPINLOCK(lock);
static unsigned int pushed_in_irq;

static bool push_locked(struct job *job)
{
	guard(spinlock_irqsave)(&lock);
	return olist_push_back(&list, &job->links);
}

static void pushes(struct timer_list *t)
{
	pushed_in_irq += push_locked(&a);
	mod_timer(t, jiffies + 1);
}

static void each_push_that_was_taken_is_one_pop(struct kunit *test)
{
	unsigned int pushed = 0, popped = 0;
	struct timer_list timer;
	struct job *job;

	pushed_in_irq = 0;
	timer_setup_on_stack(&timer, pushes, 0);
	mod_timer(&timer, jiffies + 1);
	for (unsigned int i = 0; i < 20; i++) {
		if (i % 2)
			pushed += push_locked(&a);
		schedule_timeout_uninterruptible(1);
		scoped_guard(spinlock_irqsave, &lock)
			job = olist_pop_front_entry(&list, struct job, links);
		popped += job != NULL;
	}
	del_timer_sync(&timer);
	destroy_timer_on_stack(&timer);
	popped += pop() == 'a';
	KUNIT_EXPECT_GT(test, pushed_in_irq, 0);
	KUNIT_EXPECT_GT(test, pushed, 0);
	KUNIT_EXPECT_EQ(test, popped, pushed + pushed_in_irq);
	KUNIT_EXPECT_TRUE(test, olist_is_empty(&list));
}

static struct kunit_case olist_cases[] = {
	KUNIT_CASE(jobs_come_off_in_their_order),
	KUNIT_CASE(a_second_push_is_refused),
	KUNIT_CASE(one_in_the_middle_comes_off),
	KUNIT_CASE(a_list_gives_only_what_it_has),
	KUNIT_CASE(what_is_on_a_list_is_not_freed),
	KUNIT_CASE(each_push_that_was_taken_is_one_pop),
	{}
};

static struct kunit_suite olist_suite = {
	.name = "olist",
	.init = make_jobs,
	.test_cases = olist_cases,
};
kunit_test_suite(olist_suite);
