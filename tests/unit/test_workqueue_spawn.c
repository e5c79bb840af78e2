/* SPDX-License-Identifier: MIT */
/*
 * Work items that are made when they are queued: spawn_work_item() calls once and frees its
 * argument in any case.
 */
#include <kernel/completion.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/workqueue.h>
#include <lib/errno.h>
#include <test/kunit.h>

#include "pages.h"
#include "work_items.h"

struct argument {
	unsigned int called, freed;
	bool freed_first;
};

static void argument_call(void *arg)
{
	struct argument *a = arg;

	a->freed_first = a->freed;
	a->called++;
}

static void argument_free(void *arg)
{
	((struct argument *)arg)->freed++;
}

static void a_spawned_item_is_called_once_and_its_argument_freed(struct kunit *test)
{
	struct argument a = { 0 }, b = { 0 };

	KUNIT_ASSERT_EQ(test, spawn_work_item(test_wq, argument_call, &a, argument_free), 0);
	KUNIT_ASSERT_EQ(test, spawn_work_item(test_wq, argument_call, &b, NULL), 0);
	KUNIT_EXPECT_EQ(test, a.called + b.called, 0);
	flush_workqueue(test_wq);
	KUNIT_EXPECT_EQ(test, a.called, 1);
	KUNIT_EXPECT_EQ(test, a.freed, 1);
	KUNIT_EXPECT_FALSE(test, a.freed_first);
	KUNIT_EXPECT_EQ(test, b.called, 1);
}

static void a_spawn_without_memory_frees_the_argument_and_queues_nothing(struct kunit *test)
{
	struct argument a = { 0 };
	unsigned long chain;
	size_t before;
	int err;

	kunit_tolerates_faults(test);
	before = slab_bytes_used();
	chain = take_all_pages();
	/* what the slabs still have is used up first */
	do {
		err = spawn_work_item(test_wq, argument_call, &a, argument_free);
	} while (!err);
	give_pages_back(chain);
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	KUNIT_EXPECT_EQ(test, a.freed, 1);
	KUNIT_EXPECT_EQ(test, a.called, 0);
	flush_workqueue(test_wq);
	KUNIT_EXPECT_EQ(test, a.freed, a.called + 1);
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), before);
}

struct late_spawn {
	struct work_struct work;
	struct workqueue_struct *wq;
	struct argument arg;
	int err;
	struct item *blocks;
};

static int spawn_while_draining(void *data)
{
	struct late_spawn *l = data;

	l->err = spawn_work_item(l->wq, argument_call, &l->arg, argument_free);
	complete_all(&l->blocks->go);
	return 0;
}

static void a_spawn_on_a_queue_that_is_drained_frees_the_argument(struct kunit *test)
{
	struct late_spawn l = { .wq = wq_new(test, 1), .blocks = item_new(test, work_blocks) };
	struct task_struct *t = prepare(test, spawn_while_draining, &l);

	queue_work(l.wq, &l.blocks->work);
	start(test, t);
	KUNIT_EXPECT_WARNINGS(test, 1, wq_destroy(test, l.wq));
	kthread_join(t);
	put_task_struct(t);
	/* without memory it did not get as far as the queue */
	KUNIT_EXPECT_EQ(test, l.err, -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, l.arg.freed, 1);
	KUNIT_EXPECT_EQ(test, l.arg.called, 0);
}

/* ---- to the lock checker ---- */

static void flush_the_queue(void *arg)
{
	flush_workqueue(arg);
}

static void do_nothing(void *arg)
{
	(void)arg;
}

/*
 *	on `one`:	an item that waits for `other`
 *	on `other`:	an item of another place, that waits for nothing
 *
 * Were both of one class, it would be waited for while it is held.
 */
static void items_spawned_at_two_places_are_told_apart(struct kunit *test)
{
	struct workqueue_struct *one = wq_new(test, 1), *other = wq_new(test, 1);

	KUNIT_EXPECT_EQ(test, spawn_work_item(other, do_nothing, NULL, NULL), 0);
	flush_workqueue(other);
	KUNIT_EXPECT_EQ(test, spawn_work_item(one, flush_the_queue, other, NULL), 0);
	flush_workqueue(one);
	wq_destroy(test, one);
	wq_destroy(test, other);
}

/* Each of them went well by itself: at once they would wait for ever. */
static void items_that_wait_for_each_others_queues_are_reported(struct kunit *test)
{
	struct workqueue_struct *one = wq_new(test, 1), *other = wq_new(test, 1);

	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "CONFIG_LOCKDEP is off");
	kunit_tolerates_faults(test);
	KUNIT_EXPECT_EQ(test, spawn_work_item(one, flush_the_queue, other, NULL), 0);
	flush_workqueue(one);
	KUNIT_EXPECT_EQ(test, spawn_work_item(other, flush_the_queue, one, NULL), 0);
	KUNIT_EXPECT_REPORT(test, "possible circular locking", flush_workqueue(other));
	wq_destroy(test, one);
	wq_destroy(test, other);
}

static struct kunit_case workqueue_spawn_cases[] = {
	KUNIT_CASE(a_spawned_item_is_called_once_and_its_argument_freed),
	KUNIT_CASE(a_spawn_without_memory_frees_the_argument_and_queues_nothing),
	KUNIT_CASE(a_spawn_on_a_queue_that_is_drained_frees_the_argument),
	KUNIT_CASE(items_spawned_at_two_places_are_told_apart),
	KUNIT_CASE(items_that_wait_for_each_others_queues_are_reported),
	{}
};

static struct kunit_suite workqueue_spawn_suite = {
	.name = "workqueue_spawn",
	.init = workqueue_test_init,
	.exit = workqueue_test_exit,
	.test_cases = workqueue_spawn_cases,
};
kunit_test_suite(workqueue_spawn_suite);
