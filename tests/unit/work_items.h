/* SPDX-License-Identifier: MIT */
/*
 * Items and queues for the suites of work queues.
 *
 * Items note where they are in a common record; those that are to be caught in the
 * middle wait there for a completion.
 */
#ifndef TESTS_UNIT_WORK_ITEMS_H
#define TESTS_UNIT_WORK_ITEMS_H

#include <kernel/completion.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/workqueue.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <test/kunit.h>

/* Of each case; nobody else's items are on it. */
static struct workqueue_struct *test_wq;

struct item {
	struct work_struct work;
	struct delayed_work dwork;
	struct workqueue_struct *wq;
	unsigned int begun, ended;
	unsigned int inside, most_inside;
	unsigned int again;		/* so often it queues itself */
	struct completion go;		/* what a blocking item waits for */
	bool in_task;
	bool result;
};

static inline void note(struct item *i)
{
	i->begun++;
	i->in_task = !in_hardirq() && !irqs_disabled();
	if (++i->inside > i->most_inside)
		i->most_inside = i->inside;
}

static inline void end(struct item *i)
{
	i->inside--;
	i->ended++;
}

static inline void work_counts(struct work_struct *work)
{
	struct item *i = container_of(work, struct item, work);

	note(i);
	if (i->again) {
		i->again--;
		i->result = queue_work(i->wq, work);
	}
	end(i);
}

static inline void work_blocks(struct work_struct *work)
{
	struct item *i = container_of(work, struct item, work);

	note(i);
	wait_for_completion(&i->go);
	end(i);
}

static inline void dwork_counts(struct work_struct *work)
{
	struct item *i = container_of(to_delayed_work(work), struct item, dwork);

	note(i);
	end(i);
}

static inline struct item *item_new(struct kunit *test, work_func_t func)
{
	struct item *i = kunit_kzalloc(test, sizeof(*i), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, i);
	INIT_WORK(&i->work, func);
	INIT_DELAYED_WORK(&i->dwork, dwork_counts);
	init_completion(&i->go);
	i->wq = test_wq;
	return i;
}

static inline void destroy(void *wq)
{
	destroy_workqueue(wq);
}

static inline struct workqueue_struct *wq_new(struct kunit *test, int max_active)
{
	struct workqueue_struct *wq = alloc_workqueue("test", 0, max_active);

	KUNIT_ASSERT_NOT_NULL(test, wq);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, destroy, wq), 0);
	return wq;
}

static inline void wq_destroy(struct kunit *test, struct workqueue_struct *wq)
{
	kunit_release_action(test, destroy, wq);
}

static inline void stop(void *task)
{
	kthread_stop(task);
}

/* Of a case that ends before start(), it does not run. */
static inline struct task_struct *prepare(struct kunit *test, int (*fn)(void *data), void *data)
{
	struct task_struct *t = kthread_create(fn, data, "test");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, stop, t), 0);
	return t;
}

/* It is joined and put by who starts it. */
static inline void start(struct kunit *test, struct task_struct *t)
{
	kunit_remove_action(test, stop, t);
	get_task_struct(t);
	wake_up_process(t);
}

struct irq_source {
	struct timer_list timer;
	struct item *item;
	bool first, second;
};

static inline void release(struct timer_list *t)
{
	struct irq_source *s = from_timer(s, t, timer);

	complete_all(&s->item->go);
}

/* Lets a blocking item go on in a moment. */
static inline void release_soon(struct irq_source *s, struct item *i)
{
	s->item = i;
	timer_setup(&s->timer, release, 0);
	mod_timer(&s->timer, jiffies + 2);
}

static inline int workqueue_test_init(struct kunit *test)
{
	(void)test;
	test_wq = alloc_workqueue("test", 0, 1);
	return test_wq ? 0 : -ENOMEM;
}

/* What is kept of ended threads would look like a leak. */
static inline void workqueue_test_exit(struct kunit *test)
{
	(void)test;
	destroy_workqueue(test_wq);
	kthread_free_cache();
}

#endif
