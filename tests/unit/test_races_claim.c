/* SPDX-License-Identifier: MIT */
/*
 * Races for an item's pending bit: of those who find it free at once, one takes it. What was taken
 * twice would be on two lists, and run once for two who were told that they had queued it.
 *
 * An item that has not run yet is claimed in another way than one that goes where it ran last:
 * that is an unbound queue's, which has one pool for all processors.
 */
#include <kernel/jiffies.h>
#include <kernel/sched.h>
#include <kernel/workqueue.h>
#include <lib/atomic.h>
#include <lib/errno.h>
#include <test/interleave.h>
#include <test/kunit.h>

static struct workqueue_struct *queue, *unbound;
static struct work_struct work;
static struct delayed_work dwork;
static atomic_t ran, queued;

static void work_fn(struct work_struct *w)
{
	(void)w;
	atomic_inc(&ran);
}

static void reset(void *ctx)
{
	(void)ctx;
	INIT_WORK(&work, work_fn);
	INIT_DELAYED_WORK(&dwork, work_fn);
	atomic_set(&ran, 0);
	atomic_set(&queued, 0);
}

/* The item has run: on the unbound queue, where it is to go again. */
static void reset_known(void *ctx)
{
	reset(ctx);
	queue_work(unbound, &work);
	flush_work(&work);
	atomic_set(&ran, 0);
}

static void as_often_as_queued(void *ctx)
{
	(void)ctx;
	flush_delayed_work(&dwork);
	flush_workqueue(queue);
	flush_workqueue(unbound);
	RACE_CHECK(atomic_read(&queued) > 0);
	RACE_CHECK(atomic_read(&ran) == atomic_read(&queued));
	RACE_CHECK(!work_pending(&work) && !work_pending(&dwork.work));
}

static void queue_bound(void *ctx)
{
	(void)ctx;
	if (queue_work(queue, &work))
		atomic_inc(&queued);
}

static void queue_unbound(void *ctx)
{
	(void)ctx;
	if (queue_work(unbound, &work))
		atomic_inc(&queued);
}

static void delay(void *ctx)
{
	(void)ctx;
	if (queue_delayed_work(unbound, &dwork, 1))
		atomic_inc(&queued);
}

static void delay_not(void *ctx)
{
	(void)ctx;
	if (queue_delayed_work(unbound, &dwork, 0))
		atomic_inc(&queued);
}

#define CLAIM_RACE(name, before, a...)						\
	KUNIT_RACE(name, .reset = before, .settle = as_often_as_queued, .racers = { a })

CLAIM_RACE(an_item_that_never_ran_is_claimed_by_one, reset,
	   queue_bound, queue_bound, queue_bound)
CLAIM_RACE(an_item_that_goes_where_it_ran_is_claimed_by_one, reset_known,
	   queue_unbound, queue_unbound, queue_unbound)
CLAIM_RACE(an_item_is_claimed_for_one_of_two_queues, reset_known,
	   queue_unbound, queue_bound, queue_unbound)
CLAIM_RACE(a_delayed_item_is_claimed_by_one, reset, delay, delay, delay)
CLAIM_RACE(an_item_is_delayed_or_queued_at_once, reset, delay, delay_not, delay_not)

/* ---- the suite ---- */

static int make_queues(struct kunit_suite *suite)
{
	(void)suite;
	queue = alloc_workqueue("claim", 0, 1);
	unbound = alloc_workqueue("claim2", WQ_UNBOUND, 1);
	return queue && unbound ? 0 : -ENOMEM;
}

static void destroy_queues(struct kunit_suite *suite)
{
	(void)suite;
	destroy_workqueue(queue);
	destroy_workqueue(unbound);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(an_item_that_never_ran_is_claimed_by_one),
	KUNIT_CASE(an_item_that_goes_where_it_ran_is_claimed_by_one),
	KUNIT_CASE(an_item_is_claimed_for_one_of_two_queues),
	KUNIT_CASE(a_delayed_item_is_claimed_by_one),
	KUNIT_CASE(an_item_is_delayed_or_queued_at_once),
	{},
};

static struct kunit_suite suite = {
	.name = "races_claim",
	.test_cases = cases,
	.suite_init = make_queues,
	.suite_exit = destroy_queues,
	.timeout_ms = 600000,
};
kunit_test_suite(suite);
