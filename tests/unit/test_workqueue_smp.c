/* SPDX-License-Identifier: MIT */
/*
 * Work queues on several CPUs: where items run, and that none is lost or runs twice at once
 * when CPUs queue, cancel and flush the same one.
 *
 * Of an item that is only queued, each queue_work() that says true is one run; with cancellers,
 * one run or one cancel that says true. The cases count both sides.
 */
#include <kernel/completion.h>
#include <kernel/cpumask.h>
#include <kernel/delay.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <kernel/workqueue.h>
#include <lib/atomic.h>
#include <lib/container_of.h>
#include <test/kunit.h>

#include "threads.h"

#define ROUNDS		300		/* of each CPU in the cases that let them meet */
#define BATCH		40		/* items of each CPU */

struct item {
	struct work_struct work;
	struct delayed_work dwork;
	struct workqueue_struct *wq;
	atomic_t begun, ended, inside, twice_at_once;
	atomic_t queued, cancelled;
	unsigned int ran_on;		/* the last round */
	bool held;			/* its function spins until this is false */
	unsigned int hops;		/* so often it queues itself on the next CPU */
	struct completion go;
};

static void destroy(void *wq)
{
	destroy_workqueue(wq);
}

static struct workqueue_struct *wq_new(struct kunit *test, unsigned int flags, int max_active)
{
	struct workqueue_struct *wq = alloc_workqueue("smp", flags, max_active);

	KUNIT_ASSERT_NOT_NULL(test, wq);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, destroy, wq), 0);
	return wq;
}

static void note(struct item *i)
{
	if (atomic_inc_return(&i->inside) != 1)
		atomic_inc(&i->twice_at_once);
	WRITE_ONCE(i->ran_on, smp_processor_id());
	atomic_inc(&i->begun);
	(void)spin_until(!READ_ONCE(i->held));
	atomic_dec(&i->inside);
	atomic_inc(&i->ended);
}

static void work_notes(struct work_struct *work)
{
	note(container_of(work, struct item, work));
}

static void dwork_notes(struct work_struct *work)
{
	note(container_of(to_delayed_work(work), struct item, dwork));
}

static void work_blocks(struct work_struct *work)
{
	struct item *i = container_of(work, struct item, work);

	note(i);
	wait_for_completion(&i->go);
}

static unsigned int cpu_after(unsigned int cpu)
{
	return (cpu + 1) % num_online_cpus();
}

static void work_hops(struct work_struct *work)
{
	struct item *i = container_of(work, struct item, work);

	note(i);
	if (i->hops) {
		i->hops--;
		queue_work_on(cpu_after(smp_processor_id()), i->wq, work);
	}
}

static struct item *item_new(struct kunit *test, work_func_t func, struct workqueue_struct *wq)
{
	struct item *i = kunit_kzalloc(test, sizeof(*i), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, i);
	INIT_WORK(&i->work, func);
	INIT_DELAYED_WORK(&i->dwork, dwork_notes);
	init_completion(&i->go);
	i->wq = wq;
	return i;
}

/* ---- threads on CPUs ---- */

/* The same on all CPUs; returns when all have ended. */
static void on_all(struct kunit *test, int (*fn)(void *), void *data)
{
	struct task_struct *t[CONFIG_NR_CPUS];
	unsigned int n = num_online_cpus();

	for (unsigned int cpu = 0; cpu < n; cpu++)
		t[cpu] = start_thread_on(test, cpu, fn, data);
	for (unsigned int cpu = 0; cpu < n; cpu++)
		kthread_join(t[cpu]);
}

/* ---- where ---- */

static int queue_here(void *data)
{
	struct item *i = data;

	return queue_work(i->wq, &i->work);
}

static void an_item_runs_on_the_cpu_that_queues_it(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 0, 1);

	for (unsigned int cpu = 0; cpu < num_online_cpus(); cpu++) {
		struct item *i = item_new(test, work_notes, wq);

		KUNIT_EXPECT_TRUE(test, kthread_join(start_thread_on(test, cpu, queue_here, i)));
		flush_work(&i->work);
		KUNIT_EXPECT_EQ(test, atomic_read(&i->ended), 1);
		KUNIT_EXPECT_EQ(test, i->ran_on, cpu);
	}
}

static void an_item_moves_to_the_cpu_that_it_is_queued_on(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 0, 2);
	struct item *i = item_new(test, work_notes, wq);

	for (unsigned int n = 0, cpu = 0; n < 20; n++, cpu = cpu_after(cpu)) {
		KUNIT_EXPECT_TRUE(test, queue_work_on(cpu, wq, &i->work));
		flush_workqueue(wq);
		KUNIT_EXPECT_EQ(test, atomic_read(&i->ended), n + 1);
		KUNIT_EXPECT_EQ(test, i->ran_on, cpu);
	}
}

static void the_systems_queues_work_on_each_cpu(struct kunit *test)
{
	struct workqueue_struct *queues[] = { system_wq, system_highpri_wq, system_long_wq };

	for (unsigned int q = 0; q < ARRAY_SIZE(queues); q++) {
		for (unsigned int cpu = 0; cpu < num_online_cpus(); cpu++) {
			struct item *i = item_new(test, work_notes, queues[q]);

			queue_work_on(cpu, i->wq, &i->work);
			flush_work(&i->work);
			KUNIT_EXPECT_EQ(test, i->ran_on, cpu);
			KUNIT_EXPECT_EQ(test, atomic_read(&i->ended), 1);
		}
	}
}

/* What holds this CPU does not hold the item. */
static void an_unbound_item_runs_where_there_is_time(struct kunit *test)
{
	struct item *i = item_new(test, work_notes, system_unbound_wq);

	NEEDS_TWO_CPUS(test);
	KUNIT_EXPECT_TRUE(test, queue_work(system_unbound_wq, &i->work));
	KUNIT_EXPECT_TRUE(test, spin_until(atomic_read(&i->ended)));
	KUNIT_EXPECT_NE(test, i->ran_on, 0);
	flush_work(&i->work);
}

static void unbound_items_run_at_once_on_as_many_cpus(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, WQ_UNBOUND, 0);
	struct item *i[2] = { item_new(test, work_notes, wq), item_new(test, work_notes, wq) };

	if (num_online_cpus() < 3)
		kunit_skip(test, "fewer than three CPUs run");
	i[0]->held = i[1]->held = true;
	queue_work(wq, &i[0]->work);
	queue_work(wq, &i[1]->work);
	KUNIT_EXPECT_TRUE(test, spin_until(atomic_read(&i[0]->inside) &&
					   atomic_read(&i[1]->inside)));
	WRITE_ONCE(i[0]->held, false);
	WRITE_ONCE(i[1]->held, false);
	flush_workqueue(wq);
	KUNIT_EXPECT_NE(test, i[0]->ran_on, i[1]->ran_on);
}

static void max_active_is_of_each_cpu(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 0, 1);
	struct item *here = item_new(test, work_blocks, wq), *there;

	NEEDS_TWO_CPUS(test);
	there = item_new(test, work_notes, wq);
	queue_work_on(0, wq, &here->work);
	yield();
	KUNIT_EXPECT_EQ(test, atomic_read(&here->begun), 1);
	queue_work_on(1, wq, &there->work);
	flush_work(&there->work);
	KUNIT_EXPECT_EQ(test, atomic_read(&there->ended), 1);
	complete(&here->go);
}

static void a_delayed_item_runs_on_its_cpu(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 0, 1);

	for (unsigned int cpu = 0; cpu < num_online_cpus(); cpu++) {
		struct item *i = item_new(test, work_notes, wq);

		KUNIT_EXPECT_TRUE(test, queue_delayed_work_on(cpu, wq, &i->dwork, 5000));
		KUNIT_EXPECT_TRUE(test, mod_delayed_work_on(cpu, wq, &i->dwork, 1));
		for (unsigned int n = 0; n < HZ && !atomic_read(&i->ended); n++)
			msleep(1);
		flush_delayed_work(&i->dwork);
		KUNIT_EXPECT_EQ(test, atomic_read(&i->ended), 1);
		KUNIT_EXPECT_EQ(test, i->ran_on, cpu);
	}
}

static void a_cpu_that_is_not_there_is_reported_and_this_one_taken(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 0, 1);
	struct item *i = item_new(test, work_notes, wq);

	KUNIT_EXPECT_WARNINGS(test, 1, queue_work_on(CONFIG_NR_CPUS + 1, wq, &i->work));
	flush_work(&i->work);
	KUNIT_EXPECT_EQ(test, atomic_read(&i->ended), 1);
	KUNIT_EXPECT_EQ(test, i->ran_on, 0);
}

/* ---- one item, several CPUs ---- */

static void an_item_queued_while_it_runs_elsewhere_runs_again_there(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 0, 2);
	struct item *i = item_new(test, work_notes, wq);

	NEEDS_TWO_CPUS(test);
	i->held = true;
	queue_work_on(1, wq, &i->work);
	KUNIT_EXPECT_TRUE(test, spin_until(atomic_read(&i->inside)));
	KUNIT_EXPECT_TRUE(test, queue_work_on(0, wq, &i->work));
	KUNIT_EXPECT_FALSE(test, queue_work_on(0, wq, &i->work));
	msleep(1);
	KUNIT_EXPECT_EQ(test, atomic_read(&i->begun), 1);
	WRITE_ONCE(i->held, false);
	KUNIT_EXPECT_TRUE(test, flush_work(&i->work));
	KUNIT_EXPECT_EQ(test, atomic_read(&i->ended), 2);
	KUNIT_EXPECT_EQ(test, atomic_read(&i->twice_at_once), 0);
	KUNIT_EXPECT_EQ(test, i->ran_on, 1);
}

static int queue_often(void *data)
{
	struct item *i = data;

	for (unsigned int n = 0; n < ROUNDS; n++) {
		if (queue_work(i->wq, &i->work))
			atomic_inc(&i->queued);
		yield();
	}
	return 0;
}

static void queue_from_all(struct kunit *test, struct workqueue_struct *wq)
{
	struct item *i = item_new(test, work_notes, wq);

	on_all(test, queue_often, i);
	flush_workqueue(wq);
	KUNIT_EXPECT_GE(test, atomic_read(&i->queued), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&i->ended), atomic_read(&i->queued));
	KUNIT_EXPECT_EQ(test, atomic_read(&i->twice_at_once), 0);
}

static void an_item_queued_by_all_cpus_runs_once_for_each_time(struct kunit *test)
{
	queue_from_all(test, wq_new(test, 0, 1));
	queue_from_all(test, wq_new(test, 0, 2));
	queue_from_all(test, wq_new(test, WQ_UNBOUND, 0));
}

static int queue_and_cancel_often(void *data)
{
	struct item *i = data;

	for (unsigned int n = 0; n < ROUNDS; n++) {
		if (queue_work(i->wq, &i->work))
			atomic_inc(&i->queued);
		if (n % 3 == 0)
			yield();
		if (n % 7 == 0 && cancel_work_sync(&i->work))
			atomic_inc(&i->cancelled);
		if (n % 5 == 0 && cancel_work(&i->work))
			atomic_inc(&i->cancelled);
		if (n % 11 == 0)
			flush_work(&i->work);
	}
	return 0;
}

static void cancel_on_all(struct kunit *test, struct workqueue_struct *wq)
{
	struct item *i = item_new(test, work_notes, wq);

	on_all(test, queue_and_cancel_often, i);
	flush_workqueue(wq);
	KUNIT_EXPECT_FALSE(test, work_pending(&i->work));
	KUNIT_EXPECT_EQ(test, atomic_read(&i->ended) + atomic_read(&i->cancelled),
			atomic_read(&i->queued));
	KUNIT_EXPECT_EQ(test, atomic_read(&i->twice_at_once), 0);
}

static void cpus_that_queue_cancel_and_flush_one_item_lose_nothing(struct kunit *test)
{
	cancel_on_all(test, wq_new(test, 0, 1));
	cancel_on_all(test, wq_new(test, 0, 2));
	cancel_on_all(test, wq_new(test, WQ_UNBOUND, 0));
}

static int delay_and_cancel_often(void *data)
{
	struct item *i = data;

	for (unsigned int n = 0; n < ROUNDS; n++) {
		if (queue_delayed_work(i->wq, &i->dwork, n % 2))
			atomic_inc(&i->queued);
		if (n % 16 == 0)
			msleep(1);
		if (n % 3 == 0 && cancel_delayed_work_sync(&i->dwork))
			atomic_inc(&i->cancelled);
		if (n % 5 == 0)
			flush_delayed_work(&i->dwork);
	}
	return 0;
}

static void cpus_that_delay_and_cancel_one_item_lose_nothing(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 0, 1);
	struct item *i = item_new(test, work_notes, wq);

	on_all(test, delay_and_cancel_often, i);
	flush_delayed_work(&i->dwork);
	KUNIT_EXPECT_EQ(test, atomic_read(&i->ended) + atomic_read(&i->cancelled),
			atomic_read(&i->queued));
	KUNIT_EXPECT_EQ(test, atomic_read(&i->twice_at_once), 0);
}

static int release(void *data)
{
	struct item *i = data;

	msleep(2);
	WRITE_ONCE(i->held, false);
	return 0;
}

static void cancel_sync_waits_for_a_function_on_another_cpu(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 0, 1);
	struct item *i = item_new(test, work_notes, wq);
	struct task_struct *t;

	NEEDS_TWO_CPUS(test);
	i->held = true;
	queue_work_on(1, wq, &i->work);
	KUNIT_EXPECT_TRUE(test, spin_until(atomic_read(&i->inside)));
	t = start_thread_on(test, 0, release, i);
	KUNIT_EXPECT_FALSE(test, cancel_work_sync(&i->work));
	KUNIT_EXPECT_EQ(test, atomic_read(&i->inside), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&i->ended), 1);
	kthread_join(t);
}

static int cancel_it(void *data)
{
	struct item *i = data;

	return cancel_work_sync(&i->work);
}

/* The item runs on the last CPU, is pending again, and all CPUs but that one cancel it. */
static void cancellers_on_all_cpus_return(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 0, 1);
	struct item *i = item_new(test, work_notes, wq);
	struct task_struct *t[CONFIG_NR_CPUS];
	unsigned int last = num_online_cpus() - 1;
	int were_pending = 0;

	NEEDS_TWO_CPUS(test);
	for (unsigned int n = 0; n < 20; n++) {
		i->held = true;
		queue_work_on(last, wq, &i->work);
		KUNIT_EXPECT_TRUE(test, spin_until(atomic_read(&i->inside)));
		queue_work_on(0, wq, &i->work);
		for (unsigned int cpu = 0; cpu < last; cpu++)
			t[cpu] = start_thread_on(test, cpu, cancel_it, i);
		yield();
		WRITE_ONCE(i->held, false);
		for (unsigned int cpu = 0; cpu < last; cpu++)
			were_pending += kthread_join(t[cpu]);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&i->ended) + were_pending, 2 * 20);
	KUNIT_EXPECT_FALSE(test, work_pending(&i->work));
}

/* ---- whole queues ---- */

static void drain_waits_for_items_that_go_from_cpu_to_cpu(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 0, 1);
	struct item *i = item_new(test, work_hops, wq);

	for (unsigned int n = 0; n < 20; n++) {
		i->hops = 10;
		queue_work_on(n % num_online_cpus(), wq, &i->work);
		drain_workqueue(wq);
		KUNIT_EXPECT_EQ(test, atomic_read(&i->ended), 11 * (n + 1));
		KUNIT_EXPECT_EQ(test, i->hops, 0);
	}
	i->hops = 10;
	queue_work(wq, &i->work);
	kunit_release_action(test, destroy, wq);
	KUNIT_EXPECT_EQ(test, atomic_read(&i->ended), 11 * 21);
}

static void flush_workqueue_waits_for_all_cpus(struct kunit *test)
{
	struct workqueue_struct *wq = wq_new(test, 0, 1);
	struct item *i[CONFIG_NR_CPUS];

	for (unsigned int n = 0; n < num_online_cpus(); n++)
		i[n] = item_new(test, work_notes, wq);
	for (unsigned int n = 0; n < num_online_cpus(); n++)
		queue_work_on(n, wq, &i[n]->work);
	flush_workqueue(wq);
	for (unsigned int n = 0; n < num_online_cpus(); n++)
		KUNIT_EXPECT_EQ(test, atomic_read(&i[n]->ended), 1);
}

struct batch {
	struct workqueue_struct *wq;
	atomic_t ran;
	atomic_t queued;
};

struct batch_item {
	struct work_struct work;
	struct batch *batch;
};

static void work_frees_itself(struct work_struct *work)
{
	struct batch_item *b = container_of(work, struct batch_item, work);

	atomic_inc(&b->batch->ran);
	kfree(b);
}

static int queue_batch(void *data)
{
	struct batch *batch = data;

	for (unsigned int n = 0; n < BATCH; n++) {
		struct batch_item *b = kzalloc(sizeof(*b), GFP_KERNEL);

		if (!b)
			continue;
		b->batch = batch;
		INIT_WORK(&b->work, work_frees_itself);
		if (queue_work(batch->wq, &b->work))
			atomic_inc(&batch->queued);
	}
	return 0;
}

static void free_batch(struct kunit *test, unsigned int flags)
{
	struct batch batch = { .wq = wq_new(test, flags, 0) };

	on_all(test, queue_batch, &batch);
	kunit_release_action(test, destroy, batch.wq);
	KUNIT_EXPECT_EQ(test, atomic_read(&batch.queued), BATCH * num_online_cpus());
	KUNIT_EXPECT_EQ(test, atomic_read(&batch.ran), atomic_read(&batch.queued));
}

static void items_of_all_cpus_may_free_themselves(struct kunit *test)
{
	free_batch(test, 0);
	free_batch(test, WQ_UNBOUND);
}

static void workqueue_smp_exit(struct kunit *test)
{
	(void)test;
	kthread_free_cache();
}

static struct kunit_case workqueue_smp_cases[] = {
	KUNIT_CASE(an_item_runs_on_the_cpu_that_queues_it),
	KUNIT_CASE(an_item_moves_to_the_cpu_that_it_is_queued_on),
	KUNIT_CASE(the_systems_queues_work_on_each_cpu),
	KUNIT_CASE(an_unbound_item_runs_where_there_is_time),
	KUNIT_CASE(unbound_items_run_at_once_on_as_many_cpus),
	KUNIT_CASE(max_active_is_of_each_cpu),
	KUNIT_CASE(a_delayed_item_runs_on_its_cpu),
	KUNIT_CASE(a_cpu_that_is_not_there_is_reported_and_this_one_taken),
	KUNIT_CASE(an_item_queued_while_it_runs_elsewhere_runs_again_there),
	KUNIT_CASE(an_item_queued_by_all_cpus_runs_once_for_each_time),
	KUNIT_CASE(cpus_that_queue_cancel_and_flush_one_item_lose_nothing),
	KUNIT_CASE(cpus_that_delay_and_cancel_one_item_lose_nothing),
	KUNIT_CASE(cancel_sync_waits_for_a_function_on_another_cpu),
	KUNIT_CASE(cancellers_on_all_cpus_return),
	KUNIT_CASE(drain_waits_for_items_that_go_from_cpu_to_cpu),
	KUNIT_CASE(flush_workqueue_waits_for_all_cpus),
	KUNIT_CASE(items_of_all_cpus_may_free_themselves),
	{}
};

static struct kunit_suite workqueue_smp_suite = {
	.name = "workqueue_smp",
	.exit = workqueue_smp_exit,
	.test_cases = workqueue_smp_cases,
};
kunit_test_suite(workqueue_smp_suite);
