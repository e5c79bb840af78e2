/* SPDX-License-Identifier: MIT */
/*
 * Work queues: what queueing, cancelling, flushing and destroying promise, and the
 * classic ways to get them wrong.
 *
 * Items note where they are in a common record; those that are to be caught in the
 * middle wait there for a completion.
 */
#include <kernel/bug.h>
#include <kernel/completion.h>
#include <kernel/delay.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/mutex.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/workqueue.h>
#include <lib/container_of.h>
#include <lib/math.h>
#include <lib/poison.h>
#include <test/kunit.h>

#include "pages.h"

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

static void note(struct item *i)
{
	i->begun++;
	i->in_task = !in_hardirq() && !irqs_disabled();
	if (++i->inside > i->most_inside)
		i->most_inside = i->inside;
}

static void end(struct item *i)
{
	i->inside--;
	i->ended++;
}

static void work_counts(struct work_struct *work)
{
	struct item *i = container_of(work, struct item, work);

	note(i);
	if (i->again) {
		i->again--;
		i->result = queue_work(i->wq, work);
	}
	end(i);
}

static void work_blocks(struct work_struct *work)
{
	struct item *i = container_of(work, struct item, work);

	note(i);
	wait_for_completion(&i->go);
	end(i);
}

static void dwork_counts(struct work_struct *work)
{
	struct item *i = container_of(to_delayed_work(work), struct item, dwork);

	note(i);
	end(i);
}

static struct item *item_new(struct kunit *test, work_func_t func)
{
	struct item *i = kunit_kzalloc(test, sizeof(*i), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, i);
	INIT_WORK(&i->work, func);
	INIT_DELAYED_WORK(&i->dwork, dwork_counts);
	init_completion(&i->go);
	i->wq = test_wq;
	return i;
}

static void destroy(void *wq)
{
	destroy_workqueue(wq);
}

static struct workqueue_struct *wq_new(struct kunit *test, int max_active)
{
	struct workqueue_struct *wq = alloc_workqueue("test", 0, max_active);

	KUNIT_ASSERT_NOT_NULL(test, wq);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, destroy, wq), 0);
	return wq;
}

static void wq_destroy(struct kunit *test, struct workqueue_struct *wq)
{
	kunit_release_action(test, destroy, wq);
}

static void stop(void *task)
{
	kthread_stop(task);
}

/* Of a case that ends before start(), it does not run. */
static struct task_struct *prepare(struct kunit *test, int (*fn)(void *data), void *data)
{
	struct task_struct *t = kthread_create(fn, data, "test");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, stop, t), 0);
	return t;
}

/* It is joined and put by who starts it. */
static void start(struct kunit *test, struct task_struct *t)
{
	kunit_remove_action(test, stop, t);
	get_task_struct(t);
	wake_up_process(t);
}

/* ---- queueing ---- */

static void an_item_runs_once_later_in_a_task(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);

	KUNIT_EXPECT_TRUE(test, queue_work(test_wq, &i->work));
	KUNIT_EXPECT_TRUE(test, work_pending(&i->work));
	KUNIT_EXPECT_FALSE(test, queue_work(test_wq, &i->work));
	KUNIT_EXPECT_FALSE(test, schedule_work(&i->work));
	KUNIT_EXPECT_EQ(test, i->begun, 0);
	yield();
	KUNIT_EXPECT_EQ(test, i->begun, 1);
	KUNIT_EXPECT_TRUE(test, i->in_task);
	KUNIT_EXPECT_FALSE(test, work_pending(&i->work));
}

static void the_systems_queues_are_there(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);

	KUNIT_EXPECT_TRUE(test, schedule_work(&i->work));
	flush_scheduled_work();
	KUNIT_EXPECT_EQ(test, i->ended, 1);
	KUNIT_EXPECT_TRUE(test, queue_work(system_highpri_wq, &i->work));
	flush_workqueue(system_highpri_wq);
	KUNIT_EXPECT_EQ(test, i->ended, 2);
	KUNIT_EXPECT_TRUE(test, schedule_delayed_work(&i->dwork, 1));
	KUNIT_EXPECT_TRUE(test, flush_delayed_work(&i->dwork));
	KUNIT_EXPECT_EQ(test, i->ended, 3);
}

struct irq_source {
	struct timer_list timer;
	struct item *item;
	bool first, second;
};

static void queue_in_irq(struct timer_list *t)
{
	struct irq_source *s = from_timer(s, t, timer);

	s->first = queue_work(test_wq, &s->item->work);
	s->second = queue_work(test_wq, &s->item->work);
}

static void an_interrupt_may_queue(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);
	struct irq_source s = { .item = i };

	timer_setup_on_stack(&s.timer, queue_in_irq, 0);
	mod_timer(&s.timer, jiffies);
	msleep(2);
	KUNIT_EXPECT_TRUE(test, s.first);
	KUNIT_EXPECT_FALSE(test, s.second);
	KUNIT_EXPECT_EQ(test, i->begun, 1);
}

struct ordered {
	struct work_struct work;
	unsigned int *text;
	unsigned int digit;
};

static void work_writes_digit(struct work_struct *work)
{
	struct ordered *o = container_of(work, struct ordered, work);

	*o->text = *o->text * 10 + o->digit;
}

static void items_run_in_the_order_of_queueing(struct kunit *test)
{
	struct ordered o[5];
	unsigned int text = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(o); i++) {
		o[i] = (struct ordered){ .text = &text, .digit = i + 1 };
		INIT_WORK_ONSTACK(&o[i].work, work_writes_digit);
		queue_work(test_wq, &o[i].work);
	}
	flush_workqueue(test_wq);
	KUNIT_EXPECT_EQ(test, text, 12345);
}

static void an_item_may_queue_itself_again(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);

	i->again = 10;
	queue_work(i->wq, &i->work);
	for (unsigned int n = 0; n < HZ && i->ended < 11; n++)
		msleep(1);
	KUNIT_EXPECT_EQ(test, i->ended, 11);
	KUNIT_EXPECT_TRUE(test, i->result);
	KUNIT_EXPECT_EQ(test, i->most_inside, 1);
}

static void an_item_queued_while_it_runs_runs_again(struct kunit *test)
{
	struct item *i = item_new(test, work_blocks);

	queue_work(test_wq, &i->work);
	yield();
	KUNIT_EXPECT_EQ(test, i->begun, 1);
	KUNIT_EXPECT_TRUE(test, queue_work(test_wq, &i->work));
	KUNIT_EXPECT_FALSE(test, queue_work(test_wq, &i->work));
	complete_all(&i->go);
	flush_work(&i->work);
	KUNIT_EXPECT_EQ(test, i->ended, 2);
	KUNIT_EXPECT_EQ(test, i->most_inside, 1);
}

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

static void several_workers_run_several_items_at_once(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 2);
	struct item *a = item_new(test, work_blocks), *b = item_new(test, work_blocks);
	struct item *c = item_new(test, work_counts);

	queue_work(wq, &a->work);
	queue_work(wq, &b->work);
	queue_work(wq, &c->work);
	yield();
	KUNIT_EXPECT_EQ(test, a->begun + b->begun, 2);
	KUNIT_EXPECT_EQ(test, c->begun, 0);
	complete(&a->go);
	flush_work(&c->work);
	KUNIT_EXPECT_EQ(test, c->ended, 1);
	KUNIT_EXPECT_EQ(test, b->ended, 0);
	complete(&b->go);
	wq_destroy(test, wq);
	KUNIT_EXPECT_EQ(test, b->ended, 1);
}

static void an_item_never_runs_twice_at_once_on_two_workers(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 2);
	struct item *i = item_new(test, work_blocks), *other = item_new(test, work_counts);

	queue_work(wq, &i->work);
	yield();
	queue_work(wq, &i->work);
	queue_work(wq, &other->work);
	msleep(1);
	/* it waits for itself, the other does not wait for it */
	KUNIT_EXPECT_EQ(test, i->begun, 1);
	KUNIT_EXPECT_EQ(test, other->ended, 1);
	complete_all(&i->go);
	flush_workqueue(wq);
	KUNIT_EXPECT_EQ(test, i->ended, 2);
	KUNIT_EXPECT_EQ(test, i->most_inside, 1);
	wq_destroy(test, wq);
}

/* The other worker is busy: this one has to see that it is not running itself any more. */
static void an_item_that_queues_itself_needs_no_second_worker(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 2);
	struct item *blocks = item_new(test, work_blocks), *i = item_new(test, work_counts);

	queue_work(wq, &blocks->work);
	yield();
	i->wq = wq;
	i->again = 3;
	queue_work(wq, &i->work);
	for (unsigned int n = 0; n < HZ && i->ended < 4; n++)
		msleep(1);
	KUNIT_EXPECT_EQ(test, i->ended, 4);
	KUNIT_EXPECT_EQ(test, blocks->ended, 0);
	complete(&blocks->go);
	wq_destroy(test, wq);
}

static void an_item_never_runs_twice_at_once_on_two_queues(struct kunit *test)
{
	struct workqueue_struct *a = wq_new(test, 1), *b = wq_new(test, 1);
	struct item *i = item_new(test, work_blocks);

	queue_work(a, &i->work);
	yield();
	KUNIT_EXPECT_TRUE(test, queue_work(b, &i->work));
	msleep(1);
	KUNIT_EXPECT_EQ(test, i->begun, 1);
	complete_all(&i->go);
	KUNIT_EXPECT_TRUE(test, flush_work(&i->work));
	KUNIT_EXPECT_EQ(test, i->ended, 2);
	KUNIT_EXPECT_EQ(test, i->most_inside, 1);
	wq_destroy(test, a);
	/* where it ran last is gone */
	KUNIT_EXPECT_FALSE(test, flush_work(&i->work));
	KUNIT_EXPECT_FALSE(test, cancel_work_sync(&i->work));
	KUNIT_EXPECT_TRUE(test, queue_work(b, &i->work));
	flush_workqueue(b);
	KUNIT_EXPECT_EQ(test, i->ended, 3);
	wq_destroy(test, b);
}

static void an_item_without_a_function_is_reported(struct kunit *test)
{
	struct item *i = item_new(test, NULL);

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "CONFIG_DEBUG is off");
	KUNIT_EXPECT_WARNINGS(test, 1, i->result = queue_work(test_wq, &i->work));
	KUNIT_EXPECT_FALSE(test, i->result);
}

/* ---- delays ---- */

static void a_delayed_item_runs_after_its_delay(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);
	unsigned long due = jiffies + 10;
	unsigned int begun;

	KUNIT_EXPECT_TRUE(test, queue_delayed_work(test_wq, &i->dwork, 10));
	KUNIT_EXPECT_FALSE(test, queue_delayed_work(test_wq, &i->dwork, 1));
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&i->dwork));
	msleep(3);
	begun = i->begun;
	KUNIT_EXPECT_TRUE(test, begun == 0 || time_after_eq(jiffies, due));
	msleep(20);
	KUNIT_EXPECT_EQ(test, i->begun, 1);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&i->dwork));
	KUNIT_EXPECT_TRUE(test, queue_delayed_work(test_wq, &i->dwork, 0));
	yield();
	KUNIT_EXPECT_EQ(test, i->begun, 2);
}

static void mod_delayed_work_sets_the_delay_anew(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);

	KUNIT_EXPECT_FALSE(test, mod_delayed_work(test_wq, &i->dwork, 5000));
	KUNIT_EXPECT_TRUE(test, mod_delayed_work(test_wq, &i->dwork, 2));
	msleep(6);
	KUNIT_EXPECT_EQ(test, i->begun, 1);
	KUNIT_EXPECT_FALSE(test, mod_delayed_work(test_wq, &i->dwork, 0));
	/* queued already: taken back and delayed */
	KUNIT_EXPECT_TRUE(test, mod_delayed_work(test_wq, &i->dwork, 5000));
	msleep(2);
	KUNIT_EXPECT_EQ(test, i->begun, 1);
	KUNIT_EXPECT_TRUE(test, mod_delayed_work(test_wq, &i->dwork, 0));
	yield();
	KUNIT_EXPECT_EQ(test, i->begun, 2);
}

static void flush_delayed_work_does_not_wait_for_the_delay(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);
	unsigned long before = jiffies;

	queue_delayed_work(test_wq, &i->dwork, 100000);
	KUNIT_EXPECT_TRUE(test, flush_delayed_work(&i->dwork));
	KUNIT_EXPECT_EQ(test, i->ended, 1);
	KUNIT_EXPECT_LT(test, jiffies - before, 10000);
	KUNIT_EXPECT_FALSE(test, flush_delayed_work(&i->dwork));
}

static void a_delayed_item_can_be_cancelled_at_each_stage(struct kunit *test)
{
	struct item *i = item_new(test, work_counts);

	KUNIT_EXPECT_FALSE(test, cancel_delayed_work(&i->dwork));
	KUNIT_EXPECT_FALSE(test, cancel_delayed_work_sync(&i->dwork));
	queue_delayed_work(test_wq, &i->dwork, 3);
	KUNIT_EXPECT_TRUE(test, cancel_delayed_work(&i->dwork));
	queue_delayed_work(test_wq, &i->dwork, 3);
	KUNIT_EXPECT_TRUE(test, cancel_delayed_work_sync(&i->dwork));
	queue_delayed_work(test_wq, &i->dwork, 0);
	KUNIT_EXPECT_TRUE(test, cancel_delayed_work(&i->dwork));
	queue_delayed_work(test_wq, &i->dwork, 0);
	KUNIT_EXPECT_TRUE(test, cancel_delayed_work_sync(&i->dwork));
	msleep(6);
	KUNIT_EXPECT_EQ(test, i->begun, 0);
	KUNIT_EXPECT_TRUE(test, queue_delayed_work(test_wq, &i->dwork, 1));
	msleep(3);
	KUNIT_EXPECT_EQ(test, i->begun, 1);
}

/* ---- typed functions ---- */

struct two_items {
	int before, first_runs, second_runs, late_runs;
	struct work_struct first, second;
	struct delayed_work late;
};

DEFINE_WORK_FN(two_first, struct two_items, t, first)
{
	t->first_runs++;
}

DEFINE_WORK_FN(two_second, struct two_items, t, second)
{
	t->second_runs += 10;
}

DEFINE_WORK_FN(two_late, struct two_items, t, late.work)
{
	t->late_runs += 100;
}

static void two_items_of_one_object_run_each_its_function(struct kunit *test)
{
	struct two_items *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	INIT_WORK_FN(t, first, two_first);
	INIT_WORK_FN(t, second, two_second);
	INIT_DELAYED_WORK_FN(t, late, two_late);
	KUNIT_EXPECT_TRUE(test, queue_work(test_wq, &t->second));
	KUNIT_EXPECT_TRUE(test, queue_work(test_wq, &t->first));
	KUNIT_EXPECT_TRUE(test, queue_delayed_work(test_wq, &t->late, 1));
	flush_delayed_work(&t->late);
	KUNIT_EXPECT_TRUE(test, queue_work(test_wq, &t->second));
	flush_workqueue(test_wq);
	KUNIT_EXPECT_EQ(test, t->first_runs, 1);
	KUNIT_EXPECT_EQ(test, t->second_runs, 20);
	KUNIT_EXPECT_EQ(test, t->late_runs, 100);
}

/* ---- spawned items ---- */

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

static void release(struct timer_list *t)
{
	struct irq_source *s = from_timer(s, t, timer);

	complete_all(&s->item->go);
}

/* Lets a blocking item go on in a moment. */
static void release_soon(struct irq_source *s, struct item *i)
{
	s->item = i;
	timer_setup(&s->timer, release, 0);
	mod_timer(&s->timer, jiffies + 2);
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

/* What the allocator leaves of one, as far as nobody else has the memory yet. */
static void use_of_a_destroyed_queue_is_reported(struct kunit *test)
{
	struct workqueue_struct *wq = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	struct item *i = item_new(test, work_counts);
	bool queued = true;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "CONFIG_DEBUG_OBJECTS is off");
	KUNIT_ASSERT_NOT_NULL(test, wq);
	memset((void *)wq, POISON_FREE, PAGE_SIZE);
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

static int workqueue_test_init(struct kunit *test)
{
	(void)test;
	test_wq = alloc_workqueue("test", 0, 1);
	return test_wq ? 0 : -ENOMEM;
}

/* What is kept of ended threads would look like a leak. */
static void workqueue_test_exit(struct kunit *test)
{
	(void)test;
	destroy_workqueue(test_wq);
	kthread_free_cache();
}

static struct kunit_case workqueue_cases[] = {
	KUNIT_CASE(an_item_runs_once_later_in_a_task),
	KUNIT_CASE(the_systems_queues_are_there),
	KUNIT_CASE(an_interrupt_may_queue),
	KUNIT_CASE(items_run_in_the_order_of_queueing),
	KUNIT_CASE(an_item_may_queue_itself_again),
	KUNIT_CASE(an_item_queued_while_it_runs_runs_again),
	KUNIT_CASE(an_item_may_free_itself),
	KUNIT_CASE(several_workers_run_several_items_at_once),
	KUNIT_CASE(an_item_never_runs_twice_at_once_on_two_workers),
	KUNIT_CASE(an_item_that_queues_itself_needs_no_second_worker),
	KUNIT_CASE(an_item_never_runs_twice_at_once_on_two_queues),
	KUNIT_CASE(an_item_without_a_function_is_reported),
	KUNIT_CASE(a_delayed_item_runs_after_its_delay),
	KUNIT_CASE(mod_delayed_work_sets_the_delay_anew),
	KUNIT_CASE(flush_delayed_work_does_not_wait_for_the_delay),
	KUNIT_CASE(a_delayed_item_can_be_cancelled_at_each_stage),
	KUNIT_CASE(two_items_of_one_object_run_each_its_function),
	KUNIT_CASE(a_spawned_item_is_called_once_and_its_argument_freed),
	KUNIT_CASE(a_spawn_without_memory_frees_the_argument_and_queues_nothing),
	KUNIT_CASE(a_spawn_on_a_queue_that_is_drained_frees_the_argument),
	KUNIT_CASE(cancel_takes_a_pending_item_back),
	KUNIT_CASE(cancel_sync_waits_for_a_function_that_runs),
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
	KUNIT_CASE(drain_lets_items_that_queue_themselves_come_to_an_end),
	KUNIT_CASE(an_endless_item_is_reported_and_does_not_hang_destroy),
	KUNIT_CASE(queueing_from_outside_while_draining_is_reported_and_refused),
	KUNIT_CASE(destroy_with_a_delayed_item_is_reported_and_cancels_it),
	KUNIT_CASE(use_of_a_destroyed_queue_is_reported),
	KUNIT_CASE(freeing_a_pending_item_is_reported_and_not_done),
	KUNIT_CASE(destroy_runs_what_is_pending),
	KUNIT_CASE(a_queue_without_memory_is_not_made_and_leaves_nothing),
	KUNIT_CASE(queues_leave_nothing_behind),
	{}
};

static struct kunit_suite workqueue_suite = {
	.name = "workqueue",
	.init = workqueue_test_init,
	.exit = workqueue_test_exit,
	.test_cases = workqueue_cases,
};
kunit_test_suite(workqueue_suite);
