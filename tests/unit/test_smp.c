/* SPDX-License-Identifier: MIT */
/*
 * Several CPUs: that they come up, where tasks run, calls between them, and that locks, wake-ups
 * and timers hold when two CPUs really meet.
 *
 * A case runs on CPU 0; its threads are placed by it. Where one CPU has to be held while
 * another works, the case spins without yielding.
 */
#include <kernel/boot.h>
#include <kernel/completion.h>
#include <kernel/cpumask.h>
#include <kernel/delay.h>
#include <kernel/fault-inject.h>
#include <kernel/hrtimer.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/semaphore.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <kernel/wait.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "threads.h"

static unsigned int last_cpu(void)
{
	return num_online_cpus() - 1;
}

static struct task_struct *thread_anywhere(struct kunit *test, int (*fn)(void *), void *data)
{
	struct task_struct *t = new_thread(test, fn, data);

	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(t, &CPU_MASK_ALL), 0);
	wake_up_process(t);
	return t;
}

/* ---- which there are ---- */

static unsigned int cpus_in_tree(void)
{
	const struct device_node *node = fdt_node_child(device_tree.root, "cpus");
	unsigned int n = 0;

	for (node = node ? node->child : NULL; node; node = node->sibling) {
		const char *type = fdt_node_string(node, "device_type");

		n += type && strcmp(type, "cpu") == 0;
	}
	return n;
}

static void every_cpu_of_the_tree_is_online(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, num_online_cpus(), cpus_in_tree());
	KUNIT_EXPECT_EQ(test, smp_processor_id(), 0);
	for (unsigned int cpu = 0; cpu < num_online_cpus(); cpu++)
		KUNIT_EXPECT_TRUE(test, cpu_online(cpu));
	KUNIT_EXPECT_FALSE(test, cpu_online(num_online_cpus()));
	KUNIT_EXPECT_FALSE(test, cpu_online(CONFIG_NR_CPUS));
	KUNIT_EXPECT_FALSE(test, cpu_online(~0U));
}

static void mask_knows_its_members(struct kunit *test)
{
	struct cpumask mask = CPU_MASK_NONE;
	unsigned int cpu, n = 0;

	KUNIT_EXPECT_EQ(test, cpumask_first_online(&mask), nr_cpu_ids);
	cpumask_set_cpu(num_online_cpus() % nr_cpu_ids, &mask);
	cpumask_set_cpu(0, &mask);
	KUNIT_EXPECT_EQ(test, cpumask_first_online(&mask), 0);
	KUNIT_EXPECT_TRUE(test, cpumask_test_cpu(0, &mask));
	cpumask_clear_cpu(0, &mask);
	KUNIT_EXPECT_FALSE(test, cpumask_test_cpu(0, &mask));
	for_each_online_cpu(cpu)
		n++;
	KUNIT_EXPECT_EQ(test, n, num_online_cpus());
}

/* ---- where tasks run ---- */

static int tell_cpu(void *data)
{
	*(unsigned int *)data = smp_processor_id();
	return 0;
}

static void bound_thread_runs_on_its_cpu(struct kunit *test)
{
	for (unsigned int cpu = 0; cpu < num_online_cpus(); cpu++) {
		unsigned int where = ~0U;
		struct task_struct *t = start_thread_on(test, cpu, tell_cpu, &where);

		kthread_join(t);
		KUNIT_EXPECT_EQ(test, where, cpu);
		KUNIT_EXPECT_EQ(test, task_cpu_id(t), cpu);
	}
}

static void thread_for_a_cpu_that_does_not_run_is_bound_to_none(struct kunit *test)
{
	struct task_struct *t = new_thread(test, tell_cpu, &(unsigned int){ 0 });

	if (num_online_cpus() == CONFIG_NR_CPUS)
		kunit_skip(test, "all CPUs run");
	KUNIT_EXPECT_REPORT(test, "kthread_bind() of", kthread_bind(t, CONFIG_NR_CPUS - 1));
	KUNIT_EXPECT_EQ(test, task_cpu_id(t), 0);
}

struct meeting {
	atomic_t there;
	int wanted;
};

static int meet(void *data)
{
	struct meeting *m = data;

	atomic_inc(&m->there);
	return spin_until(atomic_read(&m->there) == m->wanted) ? 0 : -ETIME;
}

static void threads_that_never_yield_run_at_once(struct kunit *test)
{
	struct meeting m = { .wanted = (int)num_online_cpus() };
	struct task_struct *t[CONFIG_NR_CPUS];

	for (int i = 1; i < m.wanted; i++)
		t[i] = thread_anywhere(test, meet, &m);
	KUNIT_EXPECT_EQ(test, meet(&m), 0);
	for (int i = 1; i < m.wanted; i++)
		KUNIT_EXPECT_EQ(test, kthread_join(t[i]), 0);
}

struct starter {
	struct timer_list timer;
	struct task_struct *t[2];
};

static void start_both(struct timer_list *timer)
{
	struct starter *s = from_timer(s, timer, timer);

	wake_up_process(s->t[0]);
	wake_up_process(s->t[1]);
}

/* CPU 0 runs one of them itself. */
static void two_that_wake_on_an_idle_cpu_run_at_once(struct kunit *test)
{
	struct meeting m = { .wanted = 2 };
	struct starter s;

	NEEDS_TWO_CPUS(test);
	for (int i = 0; i < 2; i++) {
		s.t[i] = new_thread(test, meet, &m);
		KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(s.t[i], &CPU_MASK_ALL), 0);
	}
	timer_setup_on_stack(&s.timer, start_both, 0);
	mod_timer(&s.timer, jiffies + 2);
	KUNIT_EXPECT_EQ(test, kthread_join(s.t[0]), 0);
	KUNIT_EXPECT_EQ(test, kthread_join(s.t[1]), 0);
	del_timer_sync(&s.timer);
	destroy_timer_on_stack(&s.timer);
}

/* The wake-up is CPU 0's, whose queue it joins; CPU 0 does not yield. */
static void idle_cpu_takes_what_waits_elsewhere(struct kunit *test)
{
	unsigned int where[2] = { 0, 0 };

	NEEDS_TWO_CPUS(test);
	thread_anywhere(test, tell_cpu, &where[0]);
	KUNIT_EXPECT_TRUE(test, spin_until(READ_ONCE(where[0])));
	thread_anywhere(test, tell_cpu, &where[1]);
	KUNIT_EXPECT_TRUE(test, spin_until(READ_ONCE(where[1])));
}

static void bound_thread_is_not_taken(struct kunit *test)
{
	unsigned int where = ~0U;
	struct task_struct *t = start_thread_on(test, 0, tell_cpu, &where);

	mdelay(5);
	KUNIT_EXPECT_EQ(test, READ_ONCE(where), ~0U);
	kthread_join(t);
	KUNIT_EXPECT_EQ(test, where, 0);
}

static int follow(void *data)
{
	unsigned int *where = data;

	while (!kthread_should_stop()) {
		WRITE_ONCE(*where, smp_processor_id());
		schedule_timeout_interruptible(MAX_SCHEDULE_TIMEOUT);
	}
	return 0;
}

static void sleeping_task_moves_when_woken(struct kunit *test)
{
	unsigned int where = ~0U;
	struct task_struct *t = start_thread_on(test, 0, follow, &where);

	NEEDS_TWO_CPUS(test);
	yield();
	KUNIT_EXPECT_EQ(test, where, 0);
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(t, cpumask_of(last_cpu())), 0);
	wake_up_process(t);
	KUNIT_EXPECT_TRUE(test, spin_until(READ_ONCE(where) == last_cpu()));
}

static void waiting_task_moves_at_once(struct kunit *test)
{
	unsigned int where = ~0U;
	struct task_struct *t = start_thread_on(test, 0, follow, &where);

	NEEDS_TWO_CPUS(test);
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(t, cpumask_of(last_cpu())), 0);
	KUNIT_EXPECT_TRUE(test, spin_until(READ_ONCE(where) == last_cpu()));
}

static void waiting_task_that_may_move_does(struct kunit *test)
{
	unsigned int where = ~0U;
	struct task_struct *t = start_thread_on(test, 0, follow, &where);

	NEEDS_TWO_CPUS(test);
	mdelay(2);
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(t, &CPU_MASK_ALL), 0);
	KUNIT_EXPECT_TRUE(test, spin_until(READ_ONCE(where) != ~0U));
}

static int run_on(void *data)
{
	unsigned int *where = data;

	while (!kthread_should_stop()) {
		WRITE_ONCE(*where, smp_processor_id());
		cond_resched();
	}
	return 0;
}

static void running_task_moves_when_it_yields(struct kunit *test)
{
	unsigned int where = ~0U;
	struct task_struct *t;

	NEEDS_TWO_CPUS(test);
	t = start_thread_on(test, 1, run_on, &where);
	KUNIT_EXPECT_TRUE(test, spin_until(READ_ONCE(where) == 1));
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(t, cpumask_of(0)), 0);
	yield();
	msleep(2);
	KUNIT_EXPECT_EQ(test, READ_ONCE(where), 0);
}

static void caller_is_there_when_it_returns(struct kunit *test)
{
	for (unsigned int cpu = num_online_cpus(); cpu-- > 0;) {
		KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
		KUNIT_EXPECT_EQ(test, smp_processor_id(), cpu);
		KUNIT_EXPECT_EQ(test, task_cpu_id(current), cpu);
	}
}

static int idle_class(struct task_struct *p)
{
	return is_idle_task(p) ? set_cpus_allowed_ptr(p, &CPU_MASK_ALL) : 0;
}

static void set_without_a_cpu_is_refused(struct kunit *test)
{
	struct task_struct *p;
	unsigned int idle = 0;

	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, &CPU_MASK_NONE), -EINVAL);
	if (num_online_cpus() < nr_cpu_ids)
		KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(nr_cpu_ids - 1)),
				-EINVAL);
	for_each_task(p)
		idle += idle_class(p) == -EINVAL;
	KUNIT_EXPECT_EQ(test, idle, num_online_cpus());
}

static void late_bind_is_reported(struct kunit *test)
{
	unsigned int where = ~0U;
	struct task_struct *t = start_thread_on(test, 0, follow, &where);

	KUNIT_EXPECT_REPORT(test, "kthread_bind()", kthread_bind(t, 0));
	KUNIT_EXPECT_REPORT(test, "kthread_bind()", kthread_bind(current, 0));
}

/* ---- calls ---- */

struct seen {
	unsigned int cpu;
	bool in_irq, irqs_off;
	atomic_t calls;
};

static void look(void *data)
{
	struct seen *seen = data;

	seen->cpu = smp_processor_id();
	seen->in_irq = in_hardirq();
	seen->irqs_off = irqs_disabled();
	atomic_inc(&seen->calls);
}

static void call_runs_on_the_other_cpu(struct kunit *test)
{
	for (unsigned int cpu = 0; cpu < num_online_cpus(); cpu++) {
		struct seen seen = { .cpu = ~0U };

		KUNIT_EXPECT_EQ(test, smp_call_function_single(cpu, look, &seen, true), 0);
		KUNIT_EXPECT_EQ(test, seen.cpu, cpu);
		KUNIT_EXPECT_EQ(test, seen.in_irq, cpu != 0);
		KUNIT_EXPECT_TRUE(test, seen.irqs_off);
		KUNIT_EXPECT_EQ(test, atomic_read(&seen.calls), 1);
	}
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

static void call_without_waiting_comes(struct kunit *test)
{
	struct seen seen = { .cpu = ~0U };

	for (int i = 0; i < 100; i++)
		KUNIT_EXPECT_EQ(test, smp_call_function_single(last_cpu(), look, &seen, false), 0);
	KUNIT_EXPECT_TRUE(test, spin_until(atomic_read(&seen.calls) == 100));
}

static void call_to_nobody_is_refused(struct kunit *test)
{
	struct seen seen = { .cpu = ~0U };

	KUNIT_EXPECT_EQ(test, smp_call_function_single(CONFIG_NR_CPUS, look, &seen, true), -ENXIO);
	KUNIT_EXPECT_EQ(test, smp_call_function_single(~0U, look, &seen, true), -ENXIO);
	KUNIT_EXPECT_EQ(test, atomic_read(&seen.calls), 0);
}

static void call_to_all_reaches_each_once(struct kunit *test)
{
	struct seen seen = { .cpu = ~0U };

	on_each_cpu(look, &seen, true);
	KUNIT_EXPECT_EQ(test, atomic_read(&seen.calls), (int)num_online_cpus());
}

static int call_cpu0(void *data)
{
	for (int i = 0; i < 500; i++)
		if (smp_call_function_single(0, look, data, true))
			return -EIO;
	return 0;
}

static void cpus_that_call_one_another_do_not_hang(struct kunit *test)
{
	struct seen here = { .cpu = ~0U }, there = { .cpu = ~0U };
	struct task_struct *t;

	NEEDS_TWO_CPUS(test);
	t = start_thread_on(test, 1, call_cpu0, &here);
	for (int i = 0; i < 500; i++)
		KUNIT_ASSERT_EQ(test, smp_call_function_single(1, look, &there, true), 0);
	KUNIT_EXPECT_EQ(test, kthread_join(t), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&here.calls), 500);
	KUNIT_EXPECT_EQ(test, atomic_read(&there.calls), 500);
}

struct caller {
	struct hrtimer timer;
	struct seen seen;
};

static enum hrtimer_restart call_from_irq(struct hrtimer *timer)
{
	struct caller *c = container_of(timer, struct caller, timer);

	(void)!smp_call_function_single(1, look, &c->seen, false);
	return HRTIMER_NORESTART;
}

/* The interrupt comes a little later each time, and so at each point of the call that it stops. */
static void call_from_an_interrupt_may_stop_another_call(struct kunit *test)
{
	enum { STEP = 16, END = 12000 };	/* ns */
	struct caller c = { .seen = { .cpu = ~0U } };
	struct seen seen = { .cpu = ~0U };
	int rounds = 0;

	NEEDS_TWO_CPUS(test);
	hrtimer_init_on_stack(&c.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	c.timer.function = call_from_irq;
	for (int ns = 0; ns < END; ns += STEP) {
		hrtimer_start(&c.timer, ns, HRTIMER_MODE_REL);
		KUNIT_ASSERT_EQ(test, smp_call_function_single(1, look, &seen, false), 0);
		rounds++;
		KUNIT_ASSERT_TRUE(test, spin_until(atomic_read(&c.seen.calls) == rounds));
	}
	KUNIT_EXPECT_TRUE(test, spin_until(atomic_read(&seen.calls) == rounds));
	destroy_hrtimer_on_stack(&c.timer);
}

/* ---- where two meet ---- */

#define ROUNDS	2000

struct counters {
	spinlock_t lock;
	struct mutex mutex;
	struct semaphore sem;
	atomic_t atomic;
	unsigned int spun __guarded_by(&lock);
	unsigned int slept __guarded_by(&mutex);
	unsigned int downs;
};

static int count_all(void *data)
{
	struct counters *c = data;

	for (int i = 0; i < ROUNDS; i++) {
		scoped_guard(spinlock, &c->lock)
			c->spun++;
		scoped_guard(mutex, &c->mutex)
			c->slept++;
		down(&c->sem);
		c->downs++;
		up(&c->sem);
		atomic_inc(&c->atomic);
	}
	return 0;
}

static void locks_keep_the_others_out(struct kunit *test)
{
	struct counters *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	struct task_struct *t[CONFIG_NR_CPUS * 2];
	unsigned int n = num_online_cpus() * 2;

	KUNIT_ASSERT_NOT_NULL(test, c);
	spin_lock_init(&c->lock);
	mutex_init(&c->mutex);
	sema_init(&c->sem, 1);
	for (unsigned int i = 0; i < n; i++)
		t[i] = i % 2 ? thread_anywhere(test, count_all, c) :
			       start_thread_on(test, i / 2, count_all, c);
	for (unsigned int i = 0; i < n; i++)
		kthread_join(t[i]);
	KUNIT_EXPECT_EQ(test, context_unsafe(c->spun), n * ROUNDS);
	KUNIT_EXPECT_EQ(test, context_unsafe(c->slept), n * ROUNDS);
	KUNIT_EXPECT_EQ(test, c->downs, n * ROUNDS);
	KUNIT_EXPECT_EQ(test, atomic_read(&c->atomic), (int)(n * ROUNDS));
}

struct pair {
	wait_queue_head_t wq;
	unsigned int turn;
};

static int answer(void *data)
{
	struct pair *p = data;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		wait_event(p->wq, READ_ONCE(p->turn) == 2 * i + 1);
		WRITE_ONCE(p->turn, 2 * i + 2);
		wake_up(&p->wq);
	}
	return 0;
}

/* One that is lost is waited for until the case's time is up. */
static void no_wake_up_is_lost_between_cpus(struct kunit *test)
{
	struct pair *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	struct task_struct *t;

	KUNIT_ASSERT_NOT_NULL(test, p);
	init_waitqueue_head(&p->wq);
	t = start_thread_on(test, last_cpu(), answer, p);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		WRITE_ONCE(p->turn, 2 * i + 1);
		wake_up(&p->wq);
		wait_event(p->wq, READ_ONCE(p->turn) == 2 * i + 2);
	}
	kthread_join(t);
	KUNIT_EXPECT_EQ(test, p->turn, 2 * ROUNDS);
}

static int short_life(void *data)
{
	atomic_inc(data);
	return 0;
}

static void threads_come_and_go_on_every_cpu(struct kunit *test)
{
	atomic_t lives = ATOMIC_INIT(0);

	for (unsigned int i = 0; i < 200; i++) {
		struct task_struct *t = kthread_create(short_life, &lives, "short");

		KUNIT_ASSERT_FALSE(test, IS_ERR(t));
		kthread_bind(t, i % num_online_cpus());
		get_task_struct(t);
		wake_up_process(t);
		KUNIT_EXPECT_EQ(test, kthread_join(t), 0);
		put_task_struct(t);
		fault_leave(current);	/* the others ask for the same as the first */
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&lives), 200);
}

/* ---- timers ---- */

struct clock {
	struct timer_list timer;
	unsigned int cpu;
	bool began, may_end, ended;
};

static void ring(struct timer_list *t)
{
	struct clock *c = from_timer(c, t, timer);

	c->cpu = smp_processor_id();
	smp_store_release(&c->began, true);
	spin_until(smp_load_acquire(&c->may_end));
	smp_store_release(&c->ended, true);
}

static int arm(void *data)
{
	struct clock *c = data;

	mod_timer(&c->timer, jiffies + 2);
	return 0;
}

static void timer_fires_on_the_cpu_that_armed_it(struct kunit *test)
{
	struct clock c = { .cpu = ~0U, .may_end = true };

	timer_setup_on_stack(&c.timer, ring, 0);
	kthread_join(start_thread_on(test, last_cpu(), arm, &c));
	KUNIT_EXPECT_TRUE(test, spin_until(smp_load_acquire(&c.ended)));
	KUNIT_EXPECT_EQ(test, c.cpu, last_cpu());
	del_timer_sync(&c.timer);
	destroy_timer_on_stack(&c.timer);
}

static int let_end(void *data)
{
	struct clock *c = data;

	mdelay(3);
	smp_store_release(&c->may_end, true);
	return 0;
}

static void del_timer_sync_waits_for_the_other_cpu(struct kunit *test)
{
	struct clock c = { .cpu = ~0U };
	struct task_struct *t;

	if (num_online_cpus() < 3) {
		kunit_mark_skipped(test, "fewer than three CPUs run");
		return;
	}
	timer_setup_on_stack(&c.timer, ring, 0);
	kthread_join(start_thread_on(test, 1, arm, &c));
	KUNIT_EXPECT_TRUE(test, spin_until(smp_load_acquire(&c.began)));
	KUNIT_EXPECT_EQ(test, try_to_del_timer_sync(&c.timer), -1);
	t = start_thread_on(test, 2, let_end, &c);
	del_timer_sync(&c.timer);
	KUNIT_EXPECT_TRUE(test, c.ended);
	kthread_join(t);
	destroy_timer_on_stack(&c.timer);
}

struct hr_clock {
	struct hrtimer timer;
	bool began, may_end;		/* [a] */
	unsigned int calls;
};

/* It would come again. */
static enum hrtimer_restart hr_ring(struct hrtimer *t)
{
	struct hr_clock *c = container_of(t, struct hr_clock, timer);

	c->calls++;
	smp_store_release(&c->began, true);
	spin_until(smp_load_acquire(&c->may_end));
	hrtimer_forward_now(t, us_to_ktime(100));
	return HRTIMER_RESTART;
}

static int hr_arm(void *data)
{
	struct hr_clock *c = data;

	hrtimer_start(&c->timer, us_to_ktime(100), HRTIMER_MODE_REL);
	return 0;
}

static int hr_let_end(void *data)
{
	struct hr_clock *c = data;

	mdelay(3);
	smp_store_release(&c->may_end, true);
	return 0;
}

static void hrtimer_cancel_waits_for_the_other_cpu_and_ends_a_restart(struct kunit *test)
{
	struct hr_clock c = { .calls = 0 };
	struct task_struct *t;

	if (num_online_cpus() < 3) {
		kunit_mark_skipped(test, "fewer than three CPUs run");
		return;
	}
	hrtimer_init_on_stack(&c.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	c.timer.function = hr_ring;
	kthread_join(start_thread_on(test, 1, hr_arm, &c));
	KUNIT_EXPECT_TRUE(test, spin_until(smp_load_acquire(&c.began)));
	KUNIT_EXPECT_TRUE(test, hrtimer_active(&c.timer));
	KUNIT_EXPECT_EQ(test, hrtimer_try_to_cancel(&c.timer), -1);
	t = start_thread_on(test, 2, hr_let_end, &c);
	hrtimer_cancel(&c.timer);
	KUNIT_EXPECT_TRUE(test, c.may_end);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&c.timer));
	kthread_join(t);
	destroy_hrtimer_on_stack(&c.timer);
}

/* Its function runs on CPU 1: it stays there, and fires there, though it is armed on CPU 0. */
static void timer_armed_elsewhere_while_it_runs_fires_where_it_ran(struct kunit *test)
{
	struct clock c = { .cpu = ~0U };

	NEEDS_TWO_CPUS(test);
	timer_setup_on_stack(&c.timer, ring, 0);
	kthread_join(start_thread_on(test, 1, arm, &c));
	KUNIT_EXPECT_TRUE(test, spin_until(smp_load_acquire(&c.began)));
	mod_timer(&c.timer, jiffies + 2);
	c.cpu = ~0U;
	smp_store_release(&c.may_end, true);
	KUNIT_EXPECT_TRUE(test, spin_until(READ_ONCE(c.cpu) != ~0U));
	KUNIT_EXPECT_EQ(test, c.cpu, 1);
	del_timer_sync(&c.timer);
	destroy_timer_on_stack(&c.timer);
}

static void sleepers_wake_on_every_cpu(struct kunit *test)
{
	for (unsigned int cpu = 0; cpu < num_online_cpus(); cpu++) {
		unsigned long before = jiffies;

		KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
		msleep(3);
		KUNIT_EXPECT_GE(test, jiffies - before, 3);
		KUNIT_EXPECT_EQ(test, smp_processor_id(), cpu);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(every_cpu_of_the_tree_is_online),
	KUNIT_CASE(mask_knows_its_members),
	KUNIT_CASE(bound_thread_runs_on_its_cpu),
	KUNIT_CASE(thread_for_a_cpu_that_does_not_run_is_bound_to_none),
	KUNIT_CASE(threads_that_never_yield_run_at_once),
	KUNIT_CASE(two_that_wake_on_an_idle_cpu_run_at_once),
	KUNIT_CASE(idle_cpu_takes_what_waits_elsewhere),
	KUNIT_CASE(bound_thread_is_not_taken),
	KUNIT_CASE(sleeping_task_moves_when_woken),
	KUNIT_CASE(waiting_task_moves_at_once),
	KUNIT_CASE(waiting_task_that_may_move_does),
	KUNIT_CASE(running_task_moves_when_it_yields),
	KUNIT_CASE(caller_is_there_when_it_returns),
	KUNIT_CASE(set_without_a_cpu_is_refused),
	KUNIT_CASE(late_bind_is_reported),
	KUNIT_CASE(call_runs_on_the_other_cpu),
	KUNIT_CASE(call_without_waiting_comes),
	KUNIT_CASE(call_to_nobody_is_refused),
	KUNIT_CASE(call_to_all_reaches_each_once),
	KUNIT_CASE(cpus_that_call_one_another_do_not_hang),
	KUNIT_CASE(call_from_an_interrupt_may_stop_another_call),
	KUNIT_CASE(locks_keep_the_others_out),
	KUNIT_CASE(no_wake_up_is_lost_between_cpus),
	KUNIT_CASE(threads_come_and_go_on_every_cpu),
	KUNIT_CASE(timer_fires_on_the_cpu_that_armed_it),
	KUNIT_CASE(del_timer_sync_waits_for_the_other_cpu),
	KUNIT_CASE(hrtimer_cancel_waits_for_the_other_cpu_and_ends_a_restart),
	KUNIT_CASE(timer_armed_elsewhere_while_it_runs_fires_where_it_ran),
	KUNIT_CASE(sleepers_wake_on_every_cpu),
	{ }
};

static struct kunit_suite suite = { .name = "smp", .test_cases = cases };

kunit_test_suite(suite);
