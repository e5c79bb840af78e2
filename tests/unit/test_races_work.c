/* SPDX-License-Identifier: MIT */
/*
 * Races of work queues: queueing, cancelling and waiting from several processors. The queue's
 * worker is on CPU 0, the racers are on the others.
 */
#include <kernel/completion.h>
#include <kernel/jiffies.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/workqueue.h>
#include <lib/atomic.h>
#include <lib/container_of.h>
#include <test/interleave.h>
#include <test/kunit.h>

#define ROUNDS_MAX	5	/* of an item that queues itself */

static struct workqueue_struct *queue, *other_queue;
static struct work_struct work;
static struct delayed_work dwork;
static atomic_t ran, running, queued, requeues;

/* Never at once with itself; queues itself as long as there are requeues left. */
static void work_fn(struct work_struct *w)
{
	RACE_CHECK(atomic_inc_return(&running) == 1);
	if (atomic_read(&requeues) > 0) {
		atomic_dec(&requeues);
		if (queue_work(queue, w))
			atomic_inc(&queued);
	}
	sched_point();
	RACE_CHECK(atomic_dec_return(&running) == 0);
	atomic_inc(&ran);
}

static void reset(void *ctx)
{
	(void)ctx;
	INIT_WORK(&work, work_fn);
	INIT_DELAYED_WORK(&dwork, work_fn);
	atomic_set(&ran, 0);
	atomic_set(&running, 0);
	atomic_set(&queued, 0);
	atomic_set(&requeues, 0);
}

static void reset_requeueing(void *ctx)
{
	reset(ctx);
	atomic_set(&requeues, 3);
}

/* All that was queued and not taken back has run, and no more. */
static void all_ran(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS_MAX; i++)
		flush_workqueue(queue);
	flush_workqueue(other_queue);
	RACE_CHECK(!work_pending(&work));
	RACE_CHECK(atomic_read(&running) == 0);
	RACE_CHECK(atomic_read(&ran) == atomic_read(&queued));
}

/* ---- the racers ---- */

static void queue_it(void *ctx)
{
	(void)ctx;
	if (queue_work(queue, &work))
		atomic_inc(&queued);
}

static void queue_twice(void *ctx)
{
	queue_it(ctx);
	queue_it(ctx);
}

static void queue_elsewhere(void *ctx)
{
	(void)ctx;
	if (queue_work(other_queue, &work))
		atomic_inc(&queued);
}

static void cancel(void *ctx)
{
	(void)ctx;
	if (cancel_work(&work))
		atomic_dec(&queued);
}

static void cancel_sync(void *ctx)
{
	(void)ctx;
	if (cancel_work_sync(&work))
		atomic_dec(&queued);
}

static void flush(void *ctx)
{
	(void)ctx;
	flush_work(&work);
}

/*
 * As in Linux, who finds the item pending may find it while the other who queues it has not
 * got it onto the list: then there is nothing to wait for yet.
 */
static void queue_and_flush(void *ctx)
{
	int before = atomic_read(&ran);

	(void)ctx;
	if (!queue_work(queue, &work))
		return;
	atomic_inc(&queued);
	flush_work(&work);
	RACE_CHECK(atomic_read(&ran) > before);
}

/* When it is over nothing of the item runs, if nobody queues it anew. */
static void queue_and_cancel_sync(void *ctx)
{
	queue_it(ctx);
	cancel_sync(ctx);
}

#define WORK_RACE(name, before, a...)						\
	KUNIT_RACE(name, .reset = before, .settle = all_ran, .racers = { a })

WORK_RACE(what_three_queue_runs_as_often_as_it_was_queued, reset,
	  queue_twice, queue_twice, queue_twice)
WORK_RACE(an_item_on_two_queues_never_runs_twice_at_once, reset,
	  queue_twice, queue_elsewhere, queue_elsewhere)
WORK_RACE(cancel_against_queueing_counts_right, reset, queue_twice, cancel, queue_twice)
WORK_RACE(cancel_sync_against_self_requeue_ends, reset_requeueing, queue_it, cancel_sync)
WORK_RACE(two_cancel_sync_both_come_back, reset_requeueing, queue_it, cancel_sync, cancel_sync)
WORK_RACE(cancel_and_cancel_sync_take_it_back_once, reset_requeueing, queue_twice, cancel,
	  cancel_sync)
WORK_RACE(flush_waits_for_what_was_queued, reset, queue_and_flush, queue_and_flush)
WORK_RACE(flush_against_cancel_sync_comes_back, reset, queue_twice, flush, cancel_sync)
WORK_RACE(flush_against_self_requeue_comes_back, reset_requeueing, queue_it, flush, flush)
WORK_RACE(cancel_sync_of_three_that_queue, reset_requeueing, queue_and_cancel_sync,
	  queue_and_cancel_sync, queue_and_cancel_sync)

/* ---- nothing runs once cancel_work_sync() is back ---- */

static atomic_t gone;

static void touches(struct work_struct *w)
{
	(void)w;
	RACE_CHECK(atomic_read(&gone) == 0);
	sched_point();
	RACE_CHECK(atomic_read(&gone) == 0);
}

static void reset_touching(void *ctx)
{
	reset(ctx);
	INIT_WORK(&work, touches);
	atomic_set(&gone, 0);
	queue_work(queue, &work);
}

static void cancel_sync_and_free(void *ctx)
{
	(void)ctx;
	cancel_work_sync(&work);
	atomic_set(&gone, 1);
}

KUNIT_RACE(nothing_runs_once_cancel_sync_is_back,
	   .reset = reset_touching, .racers = { cancel_sync_and_free })

/* ---- an item that frees what it is in, while somebody waits for the queue ---- */

struct box {
	struct work_struct work;
	int alive;
};

static struct box *box;

static void free_own_box(struct work_struct *w)
{
	struct box *mine = container_of(w, struct box, work);

	mine->alive = 0;
	kfree(mine);
	atomic_inc(&ran);
}

static void reset_box(void *ctx)
{
	reset(ctx);
	box = kmalloc(sizeof(*box), GFP_KERNEL);
	RACE_CHECK(box);
	if (box)
		INIT_WORK(&box->work, free_own_box);
}

static void queue_box(void *ctx)
{
	(void)ctx;
	if (box && queue_work(queue, &box->work))
		atomic_inc(&queued);
}

static void flush_queue(void *ctx)
{
	(void)ctx;
	flush_workqueue(queue);
}

KUNIT_RACE(an_item_frees_its_box_while_others_flush_the_queue,
	   .reset = reset_box, .settle = all_ran,
	   .racers = { queue_box, flush_queue, flush_queue })

/* ---- draining ---- */

static void reset_queued(void *ctx)
{
	reset_requeueing(ctx);
	queue_it(ctx);
}

static void drain(void *ctx)
{
	(void)ctx;
	drain_workqueue(queue);
	RACE_CHECK(atomic_read(&ran) == 4);
}

WORK_RACE(drain_runs_what_its_items_queue, reset_queued, drain, drain, flush_queue)

/* ---- delayed work ---- */

static void delay(void *ctx)
{
	(void)ctx;
	if (queue_delayed_work(queue, &dwork, 1))
		atomic_inc(&queued);
	schedule_timeout_uninterruptible(2);
}

static void modify(void *ctx)
{
	(void)ctx;
	schedule_timeout_uninterruptible(1);
	if (!mod_delayed_work(queue, &dwork, 1))
		atomic_inc(&queued);
}

static void modify_now(void *ctx)
{
	(void)ctx;
	schedule_timeout_uninterruptible(1);
	if (!mod_delayed_work(queue, &dwork, 0))
		atomic_inc(&queued);
}

static void cancel_delayed_sync(void *ctx)
{
	(void)ctx;
	schedule_timeout_uninterruptible(1);
	if (cancel_delayed_work_sync(&dwork))
		atomic_dec(&queued);
}

static void cancel_delayed(void *ctx)
{
	(void)ctx;
	schedule_timeout_uninterruptible(1);
	if (cancel_delayed_work(&dwork))
		atomic_dec(&queued);
}

static void flush_delayed(void *ctx)
{
	(void)ctx;
	flush_delayed_work(&dwork);
}

static void delayed_is_over(void *ctx)
{
	flush_delayed_work(&dwork);
	all_ran(ctx);
	RACE_CHECK(!work_pending(&dwork.work));
	RACE_CHECK(!timer_pending(&dwork.timer));
}

#define DELAYED_RACE(name, a...)						\
	KUNIT_RACE(name, .reset = reset, .settle = delayed_is_over, .racers = { a })

DELAYED_RACE(cancel_of_a_delay_that_ends_takes_it_back_or_waits, delay, cancel_delayed_sync)
DELAYED_RACE(two_cancels_of_a_delay_that_ends, delay, cancel_delayed_sync, cancel_delayed)
DELAYED_RACE(flush_of_a_delay_against_its_cancel, delay, flush_delayed, cancel_delayed_sync)
DELAYED_RACE(mod_of_a_delay_that_ends_runs_it_as_often_as_queued, delay, modify, modify_now)

/* ---- the suite ---- */

static int make_queues(struct kunit_suite *suite)
{
	(void)suite;
	queue = alloc_workqueue("races", 0, 1);
	other_queue = alloc_workqueue("races2", 0, 1);
	return queue && other_queue ? 0 : -ENOMEM;
}

static void destroy_queues(struct kunit_suite *suite)
{
	(void)suite;
	destroy_workqueue(queue);
	destroy_workqueue(other_queue);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(what_three_queue_runs_as_often_as_it_was_queued),
	KUNIT_CASE(an_item_on_two_queues_never_runs_twice_at_once),
	KUNIT_CASE(cancel_against_queueing_counts_right),
	KUNIT_CASE(cancel_sync_against_self_requeue_ends),
	KUNIT_CASE(two_cancel_sync_both_come_back),
	KUNIT_CASE(cancel_and_cancel_sync_take_it_back_once),
	KUNIT_CASE(flush_waits_for_what_was_queued),
	KUNIT_CASE(flush_against_cancel_sync_comes_back),
	KUNIT_CASE(flush_against_self_requeue_comes_back),
	KUNIT_CASE(cancel_sync_of_three_that_queue),
	KUNIT_CASE(nothing_runs_once_cancel_sync_is_back),
	KUNIT_CASE(an_item_frees_its_box_while_others_flush_the_queue),
	KUNIT_CASE(drain_runs_what_its_items_queue),
	KUNIT_CASE(cancel_of_a_delay_that_ends_takes_it_back_or_waits),
	KUNIT_CASE(two_cancels_of_a_delay_that_ends),
	KUNIT_CASE(flush_of_a_delay_against_its_cancel),
	KUNIT_CASE(mod_of_a_delay_that_ends_runs_it_as_often_as_queued),
	{},
};

static struct kunit_suite suite = {
	.name = "races_work",
	.test_cases = cases,
	.suite_init = make_queues,
	.suite_exit = destroy_queues,
	.timeout_ms = 600000,
};
kunit_test_suite(suite);
