/* SPDX-License-Identifier: MIT */
/*
 * Work queues: cancelling and flushing, and the classic ways to wait for ever: for oneself,
 * for who waits as well, with a lock that the function takes.
 */
#include <kernel/completion.h>
#include <kernel/delay.h>
#include <kernel/kthread.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/workqueue.h>
#include <lib/container_of.h>
#include <lib/math.h>
#include <test/kunit.h>

#include "work_items.h"

/* ---- cancelling ---- */

static void cancel_takes_a_pending_item_back(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);

	KUNIT_EXPECT_FALSE(test, cancel_work(&i->work));
	KUNIT_EXPECT_FALSE(test, cancel_work_sync(&i->work));
	queue_work(test_wq, &i->work);
	KUNIT_EXPECT_TRUE(test, cancel_work(&i->work));
	queue_work(test_wq, &i->work);
	KUNIT_EXPECT_TRUE(test, cancel_work_sync(&i->work));
	KUNIT_EXPECT_FALSE(test, work_pending(&i->work));
	msleep(1);
	KUNIT_EXPECT_EQ(test, i->begun, 0);
	KUNIT_EXPECT_TRUE(test, queue_work(test_wq, &i->work));
	flush_work(&i->work);
	KUNIT_EXPECT_EQ(test, i->begun, 1);
}

static void cancel_sync_waits_for_a_function_that_runs(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 1);
	struct item *i = item_new(test, work_blocks);
	struct irq_source s;

	queue_work(wq, &i->work);
	yield();
	KUNIT_EXPECT_EQ(test, i->begun, 1);
	/* pending again as well */
	queue_work(wq, &i->work);
	release_soon(&s, i);
	KUNIT_EXPECT_TRUE(test, cancel_work_sync(&i->work));
	KUNIT_EXPECT_EQ(test, i->begun, 1);
	KUNIT_EXPECT_EQ(test, i->ended, 1);
	KUNIT_EXPECT_FALSE(test, cancel_work_sync(&i->work));
	wq_destroy(test, wq);
}

/* Else it would run twice at once. */
static void an_item_that_runs_on_another_queue_is_waited_for_itself_only(struct kunit *test)
{
	struct workqueue_struct *first = wq_new(test, 1), *second = wq_new(test, 1);
	struct item *i = item_new(test, work_blocks);

	queue_work(first, &i->work);
	yield();
	KUNIT_EXPECT_EQ(test, i->begun, 1);
	KUNIT_EXPECT_TRUE(test, queue_work(second, &i->work));
	flush_workqueue(second);
	wq_destroy(test, second);
	KUNIT_EXPECT_TRUE(test, work_pending(&i->work));
	KUNIT_EXPECT_EQ(test, i->ended, 0);
	complete(&i->go);
	complete(&i->go);
	KUNIT_EXPECT_TRUE(test, flush_work(&i->work));
	KUNIT_EXPECT_EQ(test, i->ended, 2);
	KUNIT_EXPECT_EQ(test, i->most_inside, 1);
	wq_destroy(test, first);
}

static int cancel_it(void *data)
{
	struct item *i = data;

	return cancel_work_sync(&i->work);
}

/* The peers' classic: the second of two cancellers never comes back. */
static void all_of_several_cancellers_return(struct kunit *test)
{
	enum { N = 4 };
	struct workqueue_struct *wq = wq_new(test, 1);
	struct item *i = item_new(test, work_blocks);
	struct task_struct *t[N];
	struct irq_source s;
	int were_pending = 0;

	for (unsigned int n = 0; n < N; n++)
		t[n] = prepare(test, cancel_it, i);
	queue_work(wq, &i->work);
	yield();
	queue_work(wq, &i->work);
	for (unsigned int n = 0; n < N; n++)
		start(test, t[n]);
	yield();
	KUNIT_EXPECT_FALSE(test, queue_work(wq, &i->work));
	KUNIT_EXPECT_FALSE(test, cancel_work(&i->work));
	release_soon(&s, i);
	for (unsigned int n = 0; n < N; n++) {
		were_pending += kthread_join(t[n]);
		put_task_struct(t[n]);
	}
	KUNIT_EXPECT_EQ(test, were_pending, 1);
	KUNIT_EXPECT_EQ(test, i->begun, 1);
	KUNIT_EXPECT_EQ(test, i->ended, 1);
	KUNIT_EXPECT_TRUE(test, queue_work(wq, &i->work));
	wq_destroy(test, wq);
	KUNIT_EXPECT_EQ(test, i->ended, 2);
}

static void work_blocks_and_requeues(struct work_struct *work)
{
	struct item *i = container_of(work, struct item, work);

	note(i);
	wait_for_completion(&i->go);
	i->result = queue_work(i->wq, work);
	end(i);
}

static void cancel_sync_beats_an_item_that_queues_itself(struct kunit *test)
{
	struct item *i = item_new(test, work_blocks_and_requeues);
	struct irq_source s;

	i->wq = wq_new(test, 1);
	i->result = true;
	queue_work(i->wq, &i->work);
	yield();
	KUNIT_EXPECT_EQ(test, i->inside, 1);
	release_soon(&s, i);
	KUNIT_EXPECT_FALSE(test, cancel_work_sync(&i->work));
	KUNIT_EXPECT_EQ(test, i->inside, 0);
	/* its attempt met the canceller */
	KUNIT_EXPECT_FALSE(test, i->result);
	KUNIT_EXPECT_FALSE(test, work_pending(&i->work));
	msleep(1);
	KUNIT_EXPECT_EQ(test, i->begun, 1);
	wq_destroy(test, i->wq);
}

static void work_cancels_itself(struct work_struct *work)
{
	struct item *i = container_of(work, struct item, work);

	note(i);
	queue_work(i->wq, work);
	i->result = cancel_work_sync(work);
	end(i);
}

static void cancel_sync_of_oneself_is_reported_and_returns(struct kunit *test)
{
	struct item *i = item_new(test, work_cancels_itself);

	KUNIT_EXPECT_WARNINGS(test, 1, queue_work(i->wq, &i->work); flush_work(&i->work));
	KUNIT_EXPECT_EQ(test, i->ended, 1);
	KUNIT_EXPECT_TRUE(test, i->result);
	KUNIT_EXPECT_FALSE(test, work_pending(&i->work));
}

/* ---- flushing ---- */

static void flush_waits_for_the_last_round_only(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);

	KUNIT_EXPECT_FALSE(test, flush_work(&i->work));
	i->again = 1000000;
	queue_work(i->wq, &i->work);
	KUNIT_EXPECT_TRUE(test, flush_work(&i->work));
	KUNIT_EXPECT_GE(test, i->ended, 1);
	KUNIT_EXPECT_LT(test, i->ended, 10);
	cancel_work_sync(&i->work);
}

static int flush_it(void *data)
{
	struct item *i = data;

	return flush_work(&i->work);
}

static void flush_of_a_cancelled_round_returns(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 1);
	struct item *first = item_new(test, work_blocks), *i = item_new(test, work_counts);
	struct task_struct *t = prepare(test, flush_it, i);

	queue_work(wq, &first->work);
	queue_work(wq, &i->work);
	start(test, t);
	yield();
	KUNIT_EXPECT_TRUE(test, cancel_work(&i->work));
	kthread_join(t);
	put_task_struct(t);
	KUNIT_EXPECT_EQ(test, i->begun, 0);
	complete(&first->go);
	wq_destroy(test, wq);
}

/* Pending and running: the flush is for both. */
static void flush_of_a_cancelled_round_waits_for_the_one_that_runs(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 1);
	struct item *i = item_new(test, work_blocks);
	struct task_struct *t = prepare(test, flush_it, i);

	queue_work(wq, &i->work);
	yield();
	queue_work(wq, &i->work);
	start(test, t);
	yield();
	KUNIT_EXPECT_TRUE(test, cancel_work(&i->work));
	yield();
	KUNIT_EXPECT_FALSE(test, completion_done(&t->exited));
	complete_all(&i->go);
	KUNIT_EXPECT_TRUE(test, kthread_join(t));
	put_task_struct(t);
	KUNIT_EXPECT_EQ(test, i->ended, 1);
	wq_destroy(test, wq);
}

static void work_flushes_itself(struct work_struct *work)
{
	struct item *i = container_of(work, struct item, work);

	note(i);
	i->result = flush_work(work);
	flush_workqueue(i->wq);
	drain_workqueue(i->wq);
	end(i);
}

static void flushing_from_the_only_worker_is_reported(struct kunit *test)
{
	struct item *i = item_new(test, work_flushes_itself);

	i->wq = wq_new(test, 1);
	i->result = true;
	KUNIT_EXPECT_WARNINGS(test, 3, queue_work(i->wq, &i->work); flush_work(&i->work));
	KUNIT_EXPECT_EQ(test, i->ended, 1);
	KUNIT_EXPECT_FALSE(test, i->result);
	wq_destroy(test, i->wq);
}

static void flush_workqueue_waits_for_all_that_was_queued(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 2);
	struct item *blocks = item_new(test, work_blocks);
	struct item *counts[8];
	unsigned int ended = 0;
	struct irq_source s;

	queue_work(wq, &blocks->work);
	for (unsigned int n = 0; n < ARRAY_SIZE(counts); n++) {
		counts[n] = item_new(test, work_counts);
		queue_work(wq, &counts[n]->work);
	}
	release_soon(&s, blocks);
	flush_workqueue(wq);
	for (unsigned int n = 0; n < ARRAY_SIZE(counts); n++)
		ended += counts[n]->ended;
	KUNIT_EXPECT_EQ(test, blocks->ended, 1);
	KUNIT_EXPECT_EQ(test, ended, ARRAY_SIZE(counts));
	wq_destroy(test, wq);
}

/* ---- waiting with a lock that the function takes ---- */

struct locking_item {
	struct work_struct work;
	struct mutex lock;
};

static void work_locks(struct work_struct *work)
{
	struct locking_item *l = container_of(work, struct locking_item, work);

	guard(mutex)(&l->lock);
}

/* It has run; a wait for it with the lock would have been for ever a moment ago. */
static struct locking_item *locking_item_that_ran(struct kunit *test)
{
	struct locking_item *l = kunit_kzalloc(test, sizeof(*l), GFP_KERNEL);

	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "CONFIG_LOCKDEP is off");
	KUNIT_ASSERT_NOT_NULL(test, l);
	mutex_init(&l->lock);
	INIT_WORK(&l->work, work_locks);
	queue_work(test_wq, &l->work);
	flush_work(&l->work);
	return l;
}

static void cancel_sync_with_a_lock_of_the_function_is_reported(struct kunit *test)
{
	struct locking_item *l = locking_item_that_ran(test);

	mutex_lock(&l->lock);
	KUNIT_EXPECT_REPORT(test, "work_locks", cancel_work_sync(&l->work));
	mutex_unlock(&l->lock);
}

static void flush_with_a_lock_of_the_function_is_reported(struct kunit *test)
{
	struct locking_item *l = locking_item_that_ran(test);

	/* another class of items: each pair of classes is reported once */
	INIT_WORK(&l->work, work_locks);
	queue_work(test_wq, &l->work);
	flush_work(&l->work);
	mutex_lock(&l->lock);
	KUNIT_EXPECT_REPORT(test, "work_locks", flush_work(&l->work));
	mutex_unlock(&l->lock);
}

static void flush_of_the_queue_with_a_lock_of_an_item_is_reported(struct kunit *test)
{
	struct locking_item *l = locking_item_that_ran(test);

	mutex_lock(&l->lock);
	KUNIT_EXPECT_REPORT(test, "test", flush_workqueue(test_wq));
	mutex_unlock(&l->lock);
}

static void waiting_with_another_lock_is_no_matter(struct kunit *test)
{
	struct locking_item *l = locking_item_that_ran(test);
	struct mutex other;

	mutex_init(&other);
	mutex_lock(&other);
	KUNIT_EXPECT_WARNINGS(test, 0, cancel_work_sync(&l->work); flush_workqueue(test_wq));
	mutex_unlock(&other);
}

static struct kunit_case workqueue_sync_cases[] = {
	KUNIT_CASE(cancel_takes_a_pending_item_back),
	KUNIT_CASE(cancel_sync_waits_for_a_function_that_runs),
	KUNIT_CASE(an_item_that_runs_on_another_queue_is_waited_for_itself_only),
	KUNIT_CASE(all_of_several_cancellers_return),
	KUNIT_CASE(cancel_sync_beats_an_item_that_queues_itself),
	KUNIT_CASE(cancel_sync_of_oneself_is_reported_and_returns),
	KUNIT_CASE(flush_waits_for_the_last_round_only),
	KUNIT_CASE(flush_of_a_cancelled_round_returns),
	KUNIT_CASE(flush_of_a_cancelled_round_waits_for_the_one_that_runs),
	KUNIT_CASE(flushing_from_the_only_worker_is_reported),
	KUNIT_CASE(flush_workqueue_waits_for_all_that_was_queued),
	KUNIT_CASE(cancel_sync_with_a_lock_of_the_function_is_reported),
	KUNIT_CASE(flush_with_a_lock_of_the_function_is_reported),
	KUNIT_CASE(flush_of_the_queue_with_a_lock_of_an_item_is_reported),
	KUNIT_CASE(waiting_with_another_lock_is_no_matter),
	{}
};

static struct kunit_suite workqueue_sync_suite = {
	.name = "workqueue_sync",
	.init = workqueue_test_init,
	.exit = workqueue_test_exit,
	.test_cases = workqueue_sync_cases,
};
kunit_test_suite(workqueue_sync_suite);
