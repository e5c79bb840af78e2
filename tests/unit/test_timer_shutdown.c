/* SPDX-License-Identifier: MIT */
/*
 * Timers' ends and places: one that is shut down is not armed again, by nobody; one that is armed
 * for another CPU runs there, in time though that CPU sleeps; one that is deferrable wakes nobody.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <kernel/workqueue.h>
#include <test/kunit.h>

#include "lock_threads.h"

#define TRIES	5

struct probe {
	struct timer_list timer;
	unsigned int calls;		/* [a] */
	unsigned int cpu;		/* of the last call */
	unsigned long ran_at;		/* the last time */
	bool rearm;			/* for the next jiffy */
	int next_cpu;			/* armed for that one by the function, unless negative */
	unsigned int entered, hold;	/* [a] the function waits until hold is 0 */
};

static void probe_runs(struct timer_list *t)
{
	struct probe *p = from_timer(p, t, timer);

	WRITE_ONCE(p->entered, 1);
	while (smp_load_acquire(&p->hold))
		cpu_relax();
	p->cpu = smp_processor_id();
	p->ran_at = jiffies;
	smp_store_release(&p->calls, p->calls + 1);
	if (p->rearm)
		mod_timer(t, jiffies + 1);
	if (p->next_cpu >= 0) {
		t->expires = jiffies + 1;
		add_timer_on(t, p->next_cpu);
	}
}

static void probe_init(struct probe *p, unsigned int flags)
{
	*p = (struct probe){ .next_cpu = -1, .cpu = ~0U };
	timer_setup_on_stack(&p->timer, probe_runs, flags);
}

/* ---- shut down ---- */

static void a_timer_that_is_shut_down_is_cancelled(struct kunit *test)
{
	struct probe p;

	probe_init(&p, 0);
	KUNIT_EXPECT_EQ(test, timer_shutdown(&p.timer), 0);
	timer_setup(&p.timer, probe_runs, 0);
	mod_timer(&p.timer, jiffies + 1000);
	KUNIT_EXPECT_EQ(test, timer_shutdown(&p.timer), 1);
	KUNIT_EXPECT_FALSE(test, timer_pending(&p.timer));
	timer_setup(&p.timer, probe_runs, 0);
	mod_timer(&p.timer, jiffies + 1000);
	KUNIT_EXPECT_EQ(test, timer_shutdown_sync(&p.timer), 1);
	KUNIT_EXPECT_EQ(test, timer_shutdown_sync(&p.timer), 0);
	KUNIT_EXPECT_FALSE(test, timer_pending(&p.timer));
}

/* Each way of arming it is refused without a word: a report would fail the case. */
static void a_timer_that_is_shut_down_cannot_be_armed(struct kunit *test)
{
	struct probe p;

	probe_init(&p, 0);
	timer_shutdown(&p.timer);
	KUNIT_EXPECT_EQ(test, mod_timer(&p.timer, jiffies + 1), 0);
	KUNIT_EXPECT_FALSE(test, timer_pending(&p.timer));
	p.timer.expires = jiffies + 1;
	add_timer(&p.timer);
	KUNIT_EXPECT_FALSE(test, timer_pending(&p.timer));
	add_timer_on(&p.timer, 0);
	KUNIT_EXPECT_FALSE(test, timer_pending(&p.timer));
	KUNIT_EXPECT_EQ(test, del_timer(&p.timer), 0);
	KUNIT_EXPECT_EQ(test, del_timer_sync(&p.timer), 0);
	msleep(3);
	KUNIT_EXPECT_EQ(test, p.calls, 0);
}

static void a_timer_that_is_set_up_anew_can_be_armed_again(struct kunit *test)
{
	struct probe p;

	probe_init(&p, 0);
	timer_shutdown_sync(&p.timer);
	timer_setup(&p.timer, probe_runs, 0);
	mod_timer(&p.timer, jiffies + 1);
	KUNIT_EXPECT_TRUE(test, timer_pending(&p.timer));
	msleep(3);
	KUNIT_EXPECT_EQ(test, p.calls, 1);
}

static void a_deferrable_timer_can_be_shut_down(struct kunit *test)
{
	struct probe p;

	probe_init(&p, TIMER_DEFERRABLE);
	mod_timer(&p.timer, jiffies + 1000);
	KUNIT_EXPECT_EQ(test, timer_shutdown_sync(&p.timer), 1);
	mod_timer(&p.timer, jiffies + 1);
	KUNIT_EXPECT_FALSE(test, timer_pending(&p.timer));
}

/* A timer and the work that it queues arm each other: the case for which there is a shutdown. */
struct pair {
	struct timer_list timer;
	struct work_struct work;
	unsigned int works;
};

static void pair_timer(struct timer_list *t)
{
	struct pair *pair = from_timer(pair, t, timer);

	queue_work(system_wq, &pair->work);
}

static void pair_work(struct work_struct *work)
{
	struct pair *pair = container_of(work, struct pair, work);

	pair->works++;
	mod_timer(&pair->timer, jiffies + 1);
}

static void a_timer_and_its_work_come_to_an_end(struct kunit *test)
{
	struct pair pair = { .works = 0 };
	unsigned int works;

	timer_setup_on_stack(&pair.timer, pair_timer, 0);
	INIT_WORK_ONSTACK(&pair.work, pair_work);
	mod_timer(&pair.timer, jiffies + 1);
	msleep(10);
	/* between the two, so that the work is still to come */
	queue_work(system_wq, &pair.work);
	timer_shutdown_sync(&pair.timer);
	flush_work(&pair.work);
	works = pair.works;
	KUNIT_EXPECT_GT(test, works, 1);
	KUNIT_EXPECT_FALSE(test, timer_pending(&pair.timer));
	cancel_work_sync(&pair.work);
	msleep(5);
	KUNIT_EXPECT_EQ(test, pair.works, works);
	destroy_work_on_stack(&pair.work);
}

static void shut_down_itself(struct timer_list *t)
{
	timer_shutdown_sync(t);
}

static void timer_shutdown_sync_from_the_function_is_reported(struct kunit *test)
{
	struct timer_list timer;

	timer_setup_on_stack(&timer, shut_down_itself, 0);
	KUNIT_EXPECT_REPORT(test, "timer_shutdown_sync() from the timer's own function",
			    mod_timer(&timer, jiffies); msleep(2));
	KUNIT_EXPECT_EQ(test, mod_timer(&timer, jiffies), 0);
	KUNIT_EXPECT_FALSE(test, timer_pending(&timer));
}

static void shut_down_and_arm(struct timer_list *t)
{
	timer_shutdown(t);
	mod_timer(t, jiffies + 1);
}

static void a_function_may_shut_its_timer_down(struct kunit *test)
{
	struct timer_list timer;

	timer_setup_on_stack(&timer, shut_down_and_arm, 0);
	mod_timer(&timer, jiffies);
	msleep(3);
	KUNIT_EXPECT_FALSE(test, timer_pending(&timer));
}

static void a_timer_without_a_function_is_not_one_that_is_shut_down(struct kunit *test)
{
	struct timer_list timer;

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "CONFIG_DEBUG is off");
	timer_setup_on_stack(&timer, NULL, 0);
	KUNIT_EXPECT_REPORT(test, "a timer without a function is armed",
			    mod_timer(&timer, jiffies + 1));
	KUNIT_EXPECT_FALSE(test, timer_pending(&timer));
}

/* ---- and the function runs on another CPU ---- */

static int arm_here(void *data)
{
	struct probe *p = data;

	mod_timer(&p->timer, jiffies + 1);
	return 0;
}

static int let_go_later(void *data)
{
	struct probe *p = data;

	mdelay(5);
	smp_store_release(&p->hold, 0);
	return 0;
}

/* The last CPU runs the function, which stays in it; another one ends that after a while. */
static bool hold_function(struct kunit *test, struct probe *p)
{
	p->hold = 1;
	start_thread_on(test, num_online_cpus() - 1, arm_here, p);
	return spin_until(READ_ONCE(p->entered));
}

static void shutdown_waits_for_a_function_that_then_cannot_arm_its_timer(struct kunit *test)
{
	struct task_struct *second;
	struct probe p;

	NEEDS_TWO_CPUS(test);
	probe_init(&p, 0);
	p.rearm = true;
	second = new_thread(test, let_go_later, &p);
	KUNIT_EXPECT_TRUE(test, hold_function(test, &p));
	KUNIT_EXPECT_EQ(test, try_to_del_timer_sync(&p.timer), -1);
	if (num_online_cpus() > 2) {
		kthread_bind(second, 1);
		wake_up_process(second);
		KUNIT_EXPECT_EQ(test, timer_shutdown_sync(&p.timer), 0);
		KUNIT_EXPECT_EQ(test, p.calls, 1);
	} else {
		KUNIT_EXPECT_EQ(test, timer_shutdown(&p.timer), 0);
		wake_up_process(second);
		KUNIT_EXPECT_EQ(test, p.calls, 0);
	}
	msleep(10);
	KUNIT_EXPECT_EQ(test, p.calls, 1);
	KUNIT_EXPECT_FALSE(test, timer_pending(&p.timer));
}

/* ---- on another CPU ---- */

static void add_timer_on_runs_the_function_there(struct kunit *test)
{
	unsigned int cpu;
	struct probe p;

	for_each_online_cpu(cpu) {
		probe_init(&p, 0);
		p.timer.expires = jiffies + 2;
		add_timer_on(&p.timer, (int)cpu);
		KUNIT_EXPECT_TRUE(test, timer_pending(&p.timer));
		for (unsigned int i = 0; i < HZ && !smp_load_acquire(&p.calls); i++)
			msleep(1);
		KUNIT_EXPECT_EQ(test, p.calls, 1);
		KUNIT_EXPECT_EQ(test, p.cpu, cpu);
		KUNIT_EXPECT_TRUE(test, time_after_eq(p.ran_at, p.timer.expires));
	}
}

/*
 *	that CPU:	sleeps ............................ until its only timer, in a minute
 *	this CPU:	arms one for it, in two jiffies
 */
static void a_cpu_that_sleeps_is_told_of_an_earlier_timer(struct kunit *test)
{
	unsigned int cpu = num_online_cpus() - 1;
	struct probe late, soon;

	NEEDS_TWO_CPUS(test);
	probe_init(&late, 0);
	late.timer.expires = jiffies + 60 * HZ;
	add_timer_on(&late.timer, (int)cpu);
	probe_init(&soon, 0);
	soon.timer.expires = jiffies + 2;
	add_timer_on(&soon.timer, (int)cpu);
	for (unsigned int i = 0; i < HZ && !smp_load_acquire(&soon.calls); i++)
		msleep(1);
	KUNIT_EXPECT_EQ(test, soon.calls, 1);
	KUNIT_EXPECT_EQ(test, late.calls, 0);
	KUNIT_EXPECT_EQ(test, del_timer_sync(&late.timer), 1);
}

static void a_timer_for_another_cpu_is_cancelled_from_here(struct kunit *test)
{
	struct probe p;

	NEEDS_TWO_CPUS(test);
	probe_init(&p, 0);
	p.timer.expires = jiffies + 5;
	add_timer_on(&p.timer, (int)num_online_cpus() - 1);
	KUNIT_EXPECT_EQ(test, del_timer_sync(&p.timer), 1);
	p.timer.expires = jiffies + 5;
	add_timer_on(&p.timer, (int)num_online_cpus() - 1);
	/* armed anew it is the CPU's that does so */
	KUNIT_EXPECT_EQ(test, mod_timer(&p.timer, jiffies + 2), 1);
	msleep(10);
	KUNIT_EXPECT_EQ(test, p.calls, 1);
	KUNIT_EXPECT_EQ(test, p.cpu, 0);
}

/* As a watchdog does: from one CPU to the next, by its own function. */
static void a_function_may_arm_its_timer_on_the_next_cpu(struct kunit *test)
{
	unsigned int cpu;
	struct probe p;

	probe_init(&p, 0);
	for_each_online_cpu(cpu) {
		unsigned int calls = p.calls;

		WRITE_ONCE(p.next_cpu, (int)cpu);
		if (cpu == 0)
			mod_timer(&p.timer, jiffies + 1);
		for (unsigned int i = 0; i < HZ && smp_load_acquire(&p.calls) < calls + 3; i++)
			msleep(1);
		KUNIT_EXPECT_GE(test, p.calls, calls + 3);
		KUNIT_EXPECT_EQ(test, p.cpu, cpu);
	}
	timer_shutdown_sync(&p.timer);
}

/*
 *	last CPU:	function: add_timer_on(CPU 0), in a minute ... does not return yet
 *	CPU 0:		del_timer_sync()?
 */
struct handed {
	struct timer_list timer;
	unsigned int armed, hold, returned;	/* [a] */
};

static void hand_over(struct timer_list *t)
{
	struct handed *h = from_timer(h, t, timer);

	t->expires = jiffies + 60 * HZ;
	add_timer_on(t, 0);
	smp_store_release(&h->armed, 1);
	for (unsigned int i = 0; i < SPINS_MAX && smp_load_acquire(&h->hold); i++)
		cpu_relax();
	WRITE_ONCE(h->returned, 1);
}

static void a_function_that_armed_its_timer_elsewhere_is_waited_for(struct kunit *test)
{
	struct handed h = { .hold = 1 };

	NEEDS_TWO_CPUS(test);
	timer_setup_on_stack(&h.timer, hand_over, 0);
	h.timer.expires = jiffies + 1;
	add_timer_on(&h.timer, (int)num_online_cpus() - 1);
	KUNIT_EXPECT_TRUE(test, spin_until(smp_load_acquire(&h.armed)));
	KUNIT_EXPECT_EQ(test, try_to_del_timer_sync(&h.timer), -1);
	KUNIT_EXPECT_TRUE(test, timer_pending(&h.timer));
	smp_store_release(&h.hold, 0);
	KUNIT_EXPECT_EQ(test, del_timer_sync(&h.timer), 1);
	KUNIT_EXPECT_EQ(test, READ_ONCE(h.returned), 1);
}

static void add_timer_on_of_a_pending_one_is_reported(struct kunit *test)
{
	struct probe p;

	probe_init(&p, 0);
	mod_timer(&p.timer, jiffies + 1000);
	KUNIT_EXPECT_REPORT(test, "add_timer_on() of a timer that is pending",
			    add_timer_on(&p.timer, 0));
	KUNIT_EXPECT_EQ(test, del_timer(&p.timer), 1);
}

static void add_timer_on_a_cpu_that_is_not_there_is_reported(struct kunit *test)
{
	struct probe p;

	probe_init(&p, 0);
	p.timer.expires = jiffies + 1000;
	KUNIT_EXPECT_REPORT(test, "which is offline", add_timer_on(&p.timer, CONFIG_NR_CPUS));
	KUNIT_EXPECT_REPORT(test, "which is offline", add_timer_on(&p.timer, -1));
	KUNIT_EXPECT_FALSE(test, timer_pending(&p.timer));
}

/* ---- deferrable ---- */

/*
 * The CPU sleeps from here on; every millisecond another timer would wake it:
 *
 *	now	deferrable +3		sleep's end +20
 */
static void run_deferrable_in_sleep(struct kunit *test, struct probe *p, unsigned long *interrupts)
{
	unsigned long before;

	probe_init(p, TIMER_DEFERRABLE);
	msleep(1);
	before = timer_interrupt_count();
	mod_timer(&p->timer, jiffies + 3);
	schedule_timeout_uninterruptible(20);
	*interrupts = timer_interrupt_count() - before;
	KUNIT_EXPECT_EQ(test, p->calls, 1);
	KUNIT_EXPECT_TRUE(test, time_after_eq(p->ran_at, p->timer.expires));
}

/* An emulator that stands still for a while may make two of one; others have timers too. */
static void an_idle_cpu_is_not_woken_for_a_deferrable_timer(struct kunit *test)
{
	unsigned long interrupts = 0;
	struct probe p;

	for (unsigned int i = 0; i < TRIES && interrupts != 1; i++)
		run_deferrable_in_sleep(test, &p, &interrupts);
	KUNIT_EXPECT_EQ(test, interrupts, 1);
	KUNIT_EXPECT_GE(test, p.ran_at - p.timer.expires, 10);
}

static void a_deferrable_timer_is_in_time_while_the_cpu_works(struct kunit *test)
{
	struct probe p;

	probe_init(&p, TIMER_DEFERRABLE);
	mod_timer(&p.timer, jiffies + 3);
	mdelay(10);
	KUNIT_EXPECT_EQ(test, p.calls, 1);
	KUNIT_EXPECT_LE(test, p.ran_at - p.timer.expires, 5);
}

/* Idle left it out; work that comes then has it back, though its time is still to come. */
static void a_deferrable_timer_is_in_time_when_work_has_come_back(struct kunit *test)
{
	struct probe p;

	probe_init(&p, TIMER_DEFERRABLE);
	mod_timer(&p.timer, jiffies + 15);
	msleep(5);
	KUNIT_EXPECT_EQ(test, p.calls, 0);
	mdelay(20);
	KUNIT_EXPECT_EQ(test, p.calls, 1);
}

struct waker {
	struct task_struct *sleeper;
	bool woken;			/* [a] */
};

static int wake_later(void *data)
{
	struct waker *w = data;

	mdelay(5);
	WRITE_ONCE(w->woken, true);
	wake_up_process(w->sleeper);
	return 0;
}

/* The same, and what ended the sleep was no timer. */
static void a_deferrable_timer_is_in_time_when_another_cpu_has_brought_work(struct kunit *test)
{
	struct waker w = { .sleeper = current };
	struct probe p;

	NEEDS_TWO_CPUS(test);
	probe_init(&p, TIMER_DEFERRABLE);
	mod_timer(&p.timer, jiffies + 15);
	start_thread_on(test, num_online_cpus() - 1, wake_later, &w);
	while (!READ_ONCE(w.woken)) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (!READ_ONCE(w.woken))
			schedule();
	}
	__set_current_state(TASK_RUNNING);
	mdelay(30);
	KUNIT_EXPECT_EQ(test, p.calls, 1);
	KUNIT_EXPECT_LE(test, p.ran_at - p.timer.expires, 5);
	timer_shutdown_sync(&p.timer);
}

static void deferrable_timers_are_counted_moved_and_cancelled(struct kunit *test)
{
	unsigned int before = timers_pending();
	struct probe p[3];

	for (unsigned int i = 0; i < ARRAY_SIZE(p); i++) {
		probe_init(&p[i], TIMER_DEFERRABLE);
		mod_timer(&p[i].timer, jiffies + 1000 + i);
	}
	/* onto the list of their own */
	msleep(2);
	KUNIT_EXPECT_GE(test, timers_pending(), before + ARRAY_SIZE(p));
	KUNIT_EXPECT_EQ(test, mod_timer(&p[1].timer, jiffies + 2), 1);
	KUNIT_EXPECT_EQ(test, del_timer_sync(&p[0].timer), 1);
	mdelay(5);
	KUNIT_EXPECT_EQ(test, p[1].calls, 1);
	KUNIT_EXPECT_EQ(test, del_timer(&p[2].timer), 1);
	KUNIT_EXPECT_EQ(test, p[0].calls + p[2].calls, 0);
}

/* The timer runs, arms itself, runs, ...: on the list, off it and on it again. */
static void a_deferrable_timer_may_arm_itself(struct kunit *test)
{
	struct probe p;

	probe_init(&p, TIMER_DEFERRABLE);
	p.rearm = true;
	mod_timer(&p.timer, jiffies + 1);
	mdelay(10);
	for (unsigned int i = 0; i < 5; i++)
		msleep(2);
	KUNIT_EXPECT_GE(test, p.calls, 5);
	timer_shutdown_sync(&p.timer);
}

static struct kunit_case timer_shutdown_cases[] = {
	KUNIT_CASE(a_timer_that_is_shut_down_is_cancelled),
	KUNIT_CASE(a_timer_that_is_shut_down_cannot_be_armed),
	KUNIT_CASE(a_timer_that_is_set_up_anew_can_be_armed_again),
	KUNIT_CASE(a_deferrable_timer_can_be_shut_down),
	KUNIT_CASE(a_timer_and_its_work_come_to_an_end),
	KUNIT_CASE(timer_shutdown_sync_from_the_function_is_reported),
	KUNIT_CASE(a_function_may_shut_its_timer_down),
	KUNIT_CASE(a_timer_without_a_function_is_not_one_that_is_shut_down),
	KUNIT_CASE(shutdown_waits_for_a_function_that_then_cannot_arm_its_timer),
	KUNIT_CASE(add_timer_on_runs_the_function_there),
	KUNIT_CASE(a_cpu_that_sleeps_is_told_of_an_earlier_timer),
	KUNIT_CASE(a_timer_for_another_cpu_is_cancelled_from_here),
	KUNIT_CASE(a_function_may_arm_its_timer_on_the_next_cpu),
	KUNIT_CASE(a_function_that_armed_its_timer_elsewhere_is_waited_for),
	KUNIT_CASE(add_timer_on_of_a_pending_one_is_reported),
	KUNIT_CASE(add_timer_on_a_cpu_that_is_not_there_is_reported),
	KUNIT_CASE(an_idle_cpu_is_not_woken_for_a_deferrable_timer),
	KUNIT_CASE(a_deferrable_timer_is_in_time_while_the_cpu_works),
	KUNIT_CASE(a_deferrable_timer_is_in_time_when_work_has_come_back),
	KUNIT_CASE(a_deferrable_timer_is_in_time_when_another_cpu_has_brought_work),
	KUNIT_CASE(deferrable_timers_are_counted_moved_and_cancelled),
	KUNIT_CASE(a_deferrable_timer_may_arm_itself),
	{}
};

static struct kunit_suite timer_shutdown_suite = {
	.name = "timer_shutdown",
	.test_cases = timer_shutdown_cases,
};
kunit_test_suite(timer_shutdown_suite);
