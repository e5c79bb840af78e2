/* SPDX-License-Identifier: MIT */
/*
 * Work queues that end: draining and destroying, with what is still on them; and what is in
 * use of a queue that could not be made, or is no more.
 */
#include <kernel/completion.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/workqueue.h>
#include <lib/container_of.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "pages.h"
#include "work_items.h"

struct heap_item {
	struct work_struct work;
	unsigned int *freed;
};

static void work_frees_itself(struct work_struct *work)
{
	struct heap_item *h = container_of(work, struct heap_item, work);

	++*h->freed;
	memset(h, 0xff, sizeof(*h));
	kfree(h);
}

static void an_item_may_free_itself(struct kunit *test)
{
	unsigned int freed = 0, made = 0;

	for (unsigned int i = 0; i < 10; i++) {
		struct heap_item *h = kzalloc(sizeof(*h), GFP_KERNEL);

		if (!h)
			continue;
		made++;
		h->freed = &freed;
		INIT_WORK(&h->work, work_frees_itself);
		queue_work(test_wq, &h->work);
	}
	flush_workqueue(test_wq);
	KUNIT_EXPECT_EQ(test, made, 10);
	KUNIT_EXPECT_EQ(test, freed, made);
}

/* ---- draining and destroying ---- */

static void drain_lets_items_that_queue_themselves_come_to_an_end(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);

	i->wq = wq_new(test, 1);
	i->again = 20;
	queue_work(i->wq, &i->work);
	drain_workqueue(i->wq);
	KUNIT_EXPECT_EQ(test, i->ended, 21);
	/* open again */
	KUNIT_EXPECT_TRUE(test, queue_work(i->wq, &i->work));
	wq_destroy(test, i->wq);
	KUNIT_EXPECT_EQ(test, i->ended, 22);
}

static void an_endless_item_is_reported_and_does_not_hang_destroy(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);

	i->wq = wq_new(test, 1);
	i->again = 1000000;
	queue_work(i->wq, &i->work);
	KUNIT_EXPECT_WARNINGS(test, 1, wq_destroy(test, i->wq));
	KUNIT_EXPECT_FALSE(test, i->result);
	KUNIT_EXPECT_FALSE(test, work_pending(&i->work));
	KUNIT_EXPECT_EQ(test, i->begun, i->ended);
}

struct late_comer {
	struct item *blocks, *late;
};

static int queue_while_draining(void *data)
{
	struct late_comer *l = data;

	l->late->result = queue_work(l->late->wq, &l->late->work);
	complete_all(&l->blocks->go);
	return 0;
}

static void queueing_from_outside_while_draining_is_reported_and_refused(struct kunit *test)
{
	struct item *blocks = item_new(test, work_blocks), *late = item_new(test, work_counts);
	struct late_comer l = { blocks, late };
	struct task_struct *t;

	late->wq = wq_new(test, 1);
	late->result = true;
	t = prepare(test, queue_while_draining, &l);
	queue_work(late->wq, &blocks->work);
	/* it gets its turn when destroy waits for the item that blocks */
	start(test, t);
	KUNIT_EXPECT_WARNINGS(test, 1, wq_destroy(test, late->wq));
	kthread_join(t);
	put_task_struct(t);
	KUNIT_EXPECT_FALSE(test, late->result);
	KUNIT_EXPECT_FALSE(test, work_pending(&late->work));
	KUNIT_EXPECT_EQ(test, late->begun, 0);
}

static void destroy_with_a_delayed_item_is_reported_and_cancels_it(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 1);
	struct item *i = item_new(test, work_counts);

	queue_delayed_work(wq, &i->dwork, 100000);
	KUNIT_EXPECT_WARNINGS(test, 1, wq_destroy(test, wq));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&i->dwork));
	KUNIT_EXPECT_FALSE(test, timer_pending(&i->dwork.timer));
	KUNIT_EXPECT_EQ(test, i->begun, 0);
}

/* By its mark; by the allocator's fill where that is on. Nobody else has the memory yet. */
static void use_of_a_destroyed_queue_is_reported(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);
	struct workqueue_struct *wq;
	bool queued = true;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "CONFIG_DEBUG_OBJECTS is off");
	if (IS_ENABLED(__SANITIZE_ADDRESS__))
		kunit_skip(test, "the compiler's sanitizer is first, and ends the run");
	wq = wq_new(test, 1);
	wq_destroy(test, wq);
	KUNIT_EXPECT_REPORT(test, "is used after it was freed",
			    queued = queue_work(wq, &i->work));
	KUNIT_EXPECT_FALSE(test, queued);
	KUNIT_EXPECT_FALSE(test, work_pending(&i->work));
	KUNIT_EXPECT_REPORT(test, "is used after it was freed", destroy_workqueue(wq));
}

/* The item's mark is on the list: it is not freed. */
static void freeing_a_pending_item_is_reported_and_not_done(struct kunit *test)
{
	struct heap_item *h = kzalloc(sizeof(*h), GFP_KERNEL);
	unsigned int freed = 0;

	KUNIT_ASSERT_NOT_NULL(test, h);
	h->freed = &freed;
	INIT_WORK(&h->work, work_frees_itself);
	queue_work(test_wq, &h->work);
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		KUNIT_EXPECT_REPORT(test, "in it, which is pending", kfree(h));
	flush_workqueue(test_wq);
	KUNIT_EXPECT_EQ(test, freed, 1);
}

static void destroy_runs_what_is_pending(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 3);
	struct item *i = item_new(test, work_counts);

	queue_work(wq, &i->work);
	wq_destroy(test, wq);
	KUNIT_EXPECT_EQ(test, i->ended, 1);
}

/* Five free pages are two stacks: the queue or one of its workers cannot be made. */
static void a_queue_without_memory_is_not_made_and_leaves_nothing(struct kunit *test)
{
	struct workqueue_struct *wq;
	unsigned long chain;
	size_t before, after;

	kunit_tolerates_faults(test);
	kthread_free_cache();
	before = slab_bytes_used();
	chain = take_all_pages();
	chain = give_pages(chain, 5);
	wq = alloc_workqueue("test", 0, WQ_MAX_WORKERS);
	kthread_free_cache();
	after = slab_bytes_used();
	give_pages_back(chain);
	KUNIT_EXPECT_NULL(test, wq);
	KUNIT_EXPECT_EQ(test, after, before);
}

static void queues_leave_nothing_behind(struct kunit *test)
{
	size_t before;

	kthread_free_cache();
	before = slab_bytes_used();
	for (unsigned int n = 0; n < 20; n++) {
		struct workqueue_struct *wq = alloc_ordered_workqueue("q%u", 0, n);

		KUNIT_ASSERT_NOT_NULL(test, wq);
		destroy_workqueue(wq);
	}
	kthread_free_cache();
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), before);
}

static struct workqueue_struct *queue_unless(bool fails, struct item *i)
{
	struct workqueue_struct *wq __free(destroy_workqueue) = alloc_workqueue("test", 0, 1);

	if (wq)
		queue_work(wq, &i->work);
	if (fails)
		return NULL;
	return_ptr(wq);
}

static void a_queue_ends_with_its_scope_unless_given_away(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);
	unsigned int tasks = nr_tasks();
	struct workqueue_struct *wq;

	KUNIT_EXPECT_NULL(test, queue_unless(true, i));
	KUNIT_EXPECT_EQ(test, i->ended, 1);
	KUNIT_EXPECT_EQ(test, nr_tasks(), tasks);
	wq = queue_unless(false, i);
	KUNIT_ASSERT_NOT_NULL(test, wq);
	KUNIT_EXPECT_GT(test, nr_tasks(), tasks);
	destroy_workqueue(wq);
	KUNIT_EXPECT_EQ(test, i->ended, 2);
}

static struct kunit_case workqueue_life_cases[] = {
	KUNIT_CASE(an_item_may_free_itself),
	KUNIT_CASE(drain_lets_items_that_queue_themselves_come_to_an_end),
	KUNIT_CASE(an_endless_item_is_reported_and_does_not_hang_destroy),
	KUNIT_CASE(queueing_from_outside_while_draining_is_reported_and_refused),
	KUNIT_CASE(destroy_with_a_delayed_item_is_reported_and_cancels_it),
	KUNIT_CASE(use_of_a_destroyed_queue_is_reported),
	KUNIT_CASE(freeing_a_pending_item_is_reported_and_not_done),
	KUNIT_CASE(destroy_runs_what_is_pending),
	KUNIT_CASE(a_queue_ends_with_its_scope_unless_given_away),
	KUNIT_CASE(a_queue_without_memory_is_not_made_and_leaves_nothing),
	KUNIT_CASE(queues_leave_nothing_behind),
	{}
};

static struct kunit_suite workqueue_life_suite = {
	.name = "workqueue_life",
	.init = workqueue_test_init,
	.exit = workqueue_test_exit,
	.test_cases = workqueue_life_cases,
};
kunit_test_suite(workqueue_life_suite);
