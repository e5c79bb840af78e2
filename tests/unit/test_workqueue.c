/* SPDX-License-Identifier: MIT */
/*
 * Work queues: what queueing an item promises, now or after a delay.
 */
#include <kernel/completion.h>
#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/workqueue.h>
#include <lib/container_of.h>
#include <lib/math.h>
#include <test/kunit.h>

#include "work_items.h"

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
	struct workqueue_struct *const others[] = {
		system_long_wq, system_unbound_wq, system_freezable_wq,
		system_power_efficient_wq, system_freezable_power_efficient_wq,
	};
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
	for (size_t q = 0; q < ARRAY_SIZE(others); q++) {
		KUNIT_EXPECT_TRUE(test, queue_work(others[q], &i->work));
		flush_workqueue(others[q]);
		KUNIT_EXPECT_EQ(test, i->ended, 4 + q);
	}
}

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

static struct kunit_case workqueue_cases[] = {
	KUNIT_CASE(an_item_runs_once_later_in_a_task),
	KUNIT_CASE(the_systems_queues_are_there),
	KUNIT_CASE(an_interrupt_may_queue),
	KUNIT_CASE(items_run_in_the_order_of_queueing),
	KUNIT_CASE(an_item_may_queue_itself_again),
	KUNIT_CASE(an_item_queued_while_it_runs_runs_again),
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
	{}
};

static struct kunit_suite workqueue_suite = {
	.name = "workqueue",
	.init = workqueue_test_init,
	.exit = workqueue_test_exit,
	.test_cases = workqueue_cases,
};
kunit_test_suite(workqueue_suite);
