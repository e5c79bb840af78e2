/* SPDX-License-Identifier: MIT */
/*
 * High-resolution timers: when the function runs, to the count, and what may be done to a
 * timer before, in and after it. Many of them against a model: tests/host/test_timer.c.
 */
#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/delay.h>
#include <kernel/hrtimer.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <lib/err.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <test/kunit.h>

#define TRIES	5

struct probe {
	struct hrtimer timer;
	unsigned int calls;
	unsigned int again;		/* restarts that are left */
	ktime_t period;
	ktime_t ran_at;
	int cancelled;			/* what cancelling it from its function returned */
	bool in_irq, was_queued, was_running, starts_itself;
};

static enum hrtimer_restart probe_runs(struct hrtimer *t)
{
	struct probe *p = container_of(t, struct probe, timer);

	p->ran_at = ktime_get();
	p->calls++;
	p->in_irq = in_hardirq();
	p->was_queued = hrtimer_is_queued(t);
	p->was_running = hrtimer_callback_running(t);
	if (!p->again)
		return HRTIMER_NORESTART;
	p->again--;
	hrtimer_forward_now(t, p->period);
	if (p->starts_itself)
		hrtimer_start_expires(t, HRTIMER_MODE_ABS);
	return HRTIMER_RESTART;
}

static void probe_init(struct probe *p)
{
	memset(p, 0, sizeof(*p));
	hrtimer_init(&p->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	p->timer.function = probe_runs;
}

/* ---- one timer ---- */

static void it_runs_once_not_before_its_nanosecond(struct kunit *test)
{
	struct probe p;
	ktime_t at;

	probe_init(&p);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&p.timer));
	local_irq_disable();
	at = ktime_get() + 123457;
	hrtimer_start(&p.timer, at, HRTIMER_MODE_ABS);
	KUNIT_EXPECT_TRUE(test, hrtimer_is_queued(&p.timer));
	KUNIT_EXPECT_EQ(test, hrtimer_get_expires(&p.timer), at);
	local_irq_enable();
	msleep(2);
	KUNIT_EXPECT_EQ(test, p.calls, 1);
	KUNIT_EXPECT_GE(test, p.ran_at, at);
	KUNIT_EXPECT_TRUE(test, p.in_irq);
	KUNIT_EXPECT_FALSE(test, p.was_queued);
	KUNIT_EXPECT_TRUE(test, p.was_running);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&p.timer));
}

/* A jiffy has ten of them: without one, none of the tries comes near. */
static void it_is_finer_than_a_jiffy(struct kunit *test)
{
	s64 least = KTIME_MAX;

	for (unsigned int i = 0; i < TRIES; i++) {
		struct probe p;
		ktime_t start = ktime_get();

		probe_init(&p);
		hrtimer_start(&p.timer, us_to_ktime(100), HRTIMER_MODE_REL);
		msleep(3);
		least = min(least, (s64)(p.ran_at - start));
	}
	KUNIT_EXPECT_GE(test, least, 100000);
	KUNIT_EXPECT_LT(test, least, 500000);
}

static void cancelled_it_does_not_run(struct kunit *test)
{
	struct probe p;

	probe_init(&p);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&p.timer), 0);
	local_irq_disable();
	hrtimer_start(&p.timer, us_to_ktime(300), HRTIMER_MODE_REL);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&p.timer), 1);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&p.timer), 0);
	hrtimer_start(&p.timer, us_to_ktime(300), HRTIMER_MODE_REL);
	KUNIT_EXPECT_EQ(test, hrtimer_try_to_cancel(&p.timer), 1);
	KUNIT_EXPECT_EQ(test, hrtimer_try_to_cancel(&p.timer), 0);
	local_irq_enable();
	msleep(2);
	KUNIT_EXPECT_EQ(test, p.calls, 0);
	hrtimer_restart(&p.timer);
	msleep(2);
	KUNIT_EXPECT_EQ(test, p.calls, 1);
}

static void starting_it_again_moves_it(struct kunit *test)
{
	struct probe p;
	ktime_t at;

	probe_init(&p);
	local_irq_disable();
	hrtimer_start(&p.timer, us_to_ktime(50), HRTIMER_MODE_REL);
	at = ktime_get() + 2000000;
	hrtimer_start(&p.timer, at, HRTIMER_MODE_ABS);
	local_irq_enable();
	msleep(4);
	KUNIT_EXPECT_EQ(test, p.calls, 1);
	KUNIT_EXPECT_GE(test, p.ran_at, at);
}

static void a_time_that_is_past_is_at_once(struct kunit *test)
{
	static const ktime_t past[] = { KTIME_MIN, -1, 0, 1 };

	for (unsigned int i = 0; i < ARRAY_SIZE(past); i++) {
		struct probe p;

		probe_init(&p);
		hrtimer_start(&p.timer, past[i], HRTIMER_MODE_ABS);
		udelay(10);
		KUNIT_EXPECT_EQ(test, p.calls, 1);
		hrtimer_cancel(&p.timer);
	}
}

static void the_furthest_time_can_be_cancelled(struct kunit *test)
{
	struct probe p;

	probe_init(&p);
	hrtimer_start(&p.timer, KTIME_MAX, HRTIMER_MODE_REL);
	msleep(2);
	KUNIT_EXPECT_EQ(test, p.calls, 0);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&p.timer), 1);
}

/* ---- again ---- */

static void a_period_has_no_drift(struct kunit *test)
{
	enum { TIMES = 20, PERIOD = 150001 };
	struct probe p;
	ktime_t start = ktime_get() + 10000;

	probe_init(&p);
	p.again = TIMES;
	p.period = PERIOD;
	hrtimer_start(&p.timer, start, HRTIMER_MODE_ABS);
	for (unsigned int i = 0; i < HZ && p.again; i++)
		msleep(1);
	msleep(1);
	/* by whole periods: some more than TIMES if the emulator stood still for a while */
	KUNIT_EXPECT_EQ(test, p.calls, TIMES + 1);
	KUNIT_EXPECT_GE(test, hrtimer_get_expires(&p.timer), start + (s64)TIMES * PERIOD);
	KUNIT_EXPECT_EQ(test, (u64)(hrtimer_get_expires(&p.timer) - start) % PERIOD, 0);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&p.timer));
}

static void one_that_starts_itself_is_not_started_twice(struct kunit *test)
{
	struct probe p;

	probe_init(&p);
	p.again = 5;
	p.period = 100000;
	p.starts_itself = true;
	hrtimer_start(&p.timer, us_to_ktime(100), HRTIMER_MODE_REL);
	msleep(10);
	KUNIT_EXPECT_EQ(test, p.calls, 6);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&p.timer));
}

static void forward_goes_by_whole_intervals(struct kunit *test)
{
	struct probe p;

	probe_init(&p);
	hrtimer_set_expires(&p.timer, 1000);
	KUNIT_EXPECT_EQ(test, hrtimer_forward(&p.timer, 999, 10), 0);
	KUNIT_EXPECT_EQ(test, hrtimer_get_expires(&p.timer), 1000);
	KUNIT_EXPECT_EQ(test, hrtimer_forward(&p.timer, 1000, 10), 1);
	KUNIT_EXPECT_EQ(test, hrtimer_get_expires(&p.timer), 1010);
	KUNIT_EXPECT_EQ(test, hrtimer_forward(&p.timer, 1045, 10), 4);
	KUNIT_EXPECT_EQ(test, hrtimer_get_expires(&p.timer), 1050);
	/* an interval of none is one of a nanosecond */
	KUNIT_EXPECT_EQ(test, hrtimer_forward(&p.timer, 1052, 0), 3);
	KUNIT_EXPECT_EQ(test, hrtimer_get_expires(&p.timer), 1053);
	/* an interval of more than 32 bits */
	KUNIT_EXPECT_EQ(test, hrtimer_forward(&p.timer, 25000001053, 10000000000), 3);
	KUNIT_EXPECT_EQ(test, hrtimer_get_expires(&p.timer), 30000001053);
}

static void forward_of_a_pending_timer_is_reported(struct kunit *test)
{
	struct probe p;

	probe_init(&p);
	hrtimer_start(&p.timer, ms_to_ktime(500), HRTIMER_MODE_REL);
	KUNIT_EXPECT_WARNINGS(test, 1, KUNIT_EXPECT_EQ(test, hrtimer_forward_now(&p.timer, 1), 0));
	hrtimer_cancel(&p.timer);
}

/* ---- from its own function ---- */

static enum hrtimer_restart try_to_cancel_itself(struct hrtimer *t)
{
	struct probe *p = container_of(t, struct probe, timer);

	p->calls++;
	p->cancelled = hrtimer_try_to_cancel(t);
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart cancel_itself(struct hrtimer *t)
{
	struct probe *p = container_of(t, struct probe, timer);

	p->calls++;
	p->cancelled = hrtimer_cancel(t);
	return HRTIMER_NORESTART;
}

static void its_own_function_cannot_cancel_it(struct kunit *test)
{
	struct probe p;

	probe_init(&p);
	p.timer.function = try_to_cancel_itself;
	hrtimer_start(&p.timer, 1, HRTIMER_MODE_REL);
	msleep(1);
	KUNIT_EXPECT_EQ(test, p.calls, 1);
	KUNIT_EXPECT_EQ(test, p.cancelled, -1);
	p.timer.function = cancel_itself;
	KUNIT_EXPECT_WARNINGS(test, 1, hrtimer_start(&p.timer, 1, HRTIMER_MODE_REL); msleep(1));
	KUNIT_EXPECT_EQ(test, p.calls, 2);
	KUNIT_EXPECT_EQ(test, p.cancelled, 0);
}

static enum hrtimer_restart free_itself(struct hrtimer *t)
{
	kfree(container_of(t, struct probe, timer));
	return HRTIMER_NORESTART;
}

static void its_function_may_free_it(struct kunit *test)
{
	struct probe *p = kmalloc(sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	probe_init(p);
	p->timer.function = free_itself;
	KUNIT_EXPECT_WARNINGS(test, 0, {
		hrtimer_start(&p->timer, 1, HRTIMER_MODE_REL);
		msleep(1);
	});
}

/* ---- others ---- */

static void one_without_a_function_is_reported(struct kunit *test)
{
	struct hrtimer timer;

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "CONFIG_DEBUG is off");
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	KUNIT_EXPECT_WARNINGS(test, 1, hrtimer_start(&timer, 1, HRTIMER_MODE_REL));
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&timer));
}

static void what_it_is_not_is_reported(struct kunit *test)
{
	struct probe *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL), *q;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "CONFIG_DEBUG_OBJECTS is off");
	KUNIT_ASSERT_NOT_NULL(test, p);
	p->timer.function = probe_runs;
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised",
			    hrtimer_start(&p->timer, 1, HRTIMER_MODE_REL));
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised",
			    hrtimer_cancel(&p->timer));
	q = kmalloc(sizeof(*q), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, q);
	probe_init(q);
	hrtimer_start(&q->timer, ms_to_ktime(500), HRTIMER_MODE_REL);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is pending",
			    hrtimer_init(&q->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL));
	KUNIT_EXPECT_REPORT(test, "in it, which is pending", kfree(q));
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&q->timer), 1);
	kfree(q);
}

static unsigned long interrupts_with_one_cancelled(void)
{
	unsigned long interrupts;
	struct probe p;

	probe_init(&p);
	msleep(1);
	interrupts = timer_interrupt_count();
	hrtimer_start(&p.timer, us_to_ktime(1500), HRTIMER_MODE_REL);
	hrtimer_cancel(&p.timer);
	schedule_timeout_uninterruptible(5);
	return timer_interrupt_count() - interrupts;
}

static void an_idle_cpu_is_not_woken_for_a_cancelled_one(struct kunit *test)
{
	unsigned long interrupts = 0;

	for (unsigned int i = 0; i < TRIES && interrupts != 1; i++)
		interrupts = interrupts_with_one_cancelled();
	KUNIT_EXPECT_EQ(test, interrupts, 1);
}

/* ---- sleeping ---- */

static void a_sleep_lasts_its_time(struct kunit *test)
{
	ktime_t before = ktime_get(), time = 250000, none = 0;

	__set_current_state(TASK_UNINTERRUPTIBLE);
	KUNIT_EXPECT_EQ(test, schedule_hrtimeout(&time, HRTIMER_MODE_REL), 0);
	KUNIT_EXPECT_GE(test, ktime_get() - before, 250000);
	KUNIT_EXPECT_EQ(test, get_current_state(), TASK_RUNNING);
	time = ktime_get() + 100000;
	__set_current_state(TASK_INTERRUPTIBLE);
	KUNIT_EXPECT_EQ(test, schedule_hrtimeout(&time, HRTIMER_MODE_ABS), 0);
	KUNIT_EXPECT_GE(test, ktime_get(), time);
	__set_current_state(TASK_INTERRUPTIBLE);
	KUNIT_EXPECT_EQ(test, schedule_hrtimeout(&none, HRTIMER_MODE_REL), 0);
	KUNIT_EXPECT_EQ(test, get_current_state(), TASK_RUNNING);
}

static int wake_it(void *task)
{
	wake_up_process(task);
	return 0;
}

static void a_sleep_ends_when_it_is_woken(struct kunit *test)
{
	ktime_t far = ms_to_ktime(100000), before = ktime_get();
	struct task_struct *t;

	for (unsigned int i = 0; i < 2; i++) {
		t = kthread_run(wake_it, current, "waker");
		KUNIT_ASSERT_FALSE(test, IS_ERR(t));
		__set_current_state(TASK_INTERRUPTIBLE);
		KUNIT_EXPECT_EQ(test, schedule_hrtimeout(i ? &far : NULL, HRTIMER_MODE_REL),
				-EINTR);
		KUNIT_EXPECT_EQ(test, get_current_state(), TASK_RUNNING);
		msleep(2);
	}
	KUNIT_EXPECT_LT(test, ktime_ms_delta(ktime_get(), before), 50000);
}

static void usleep_range_is_finer_than_a_jiffy(struct kunit *test)
{
	s64 least = KTIME_MAX;

	for (unsigned int i = 0; i < TRIES; i++) {
		ktime_t before = ktime_get();

		usleep_range(100, 150);
		least = min(least, (s64)(ktime_get() - before));
	}
	KUNIT_EXPECT_GE(test, least, 100000);
	KUNIT_EXPECT_LT(test, least, 500000);
}

static struct kunit_case hrtimer_cases[] = {
	KUNIT_CASE(it_runs_once_not_before_its_nanosecond),
	KUNIT_CASE(it_is_finer_than_a_jiffy),
	KUNIT_CASE(cancelled_it_does_not_run),
	KUNIT_CASE(starting_it_again_moves_it),
	KUNIT_CASE(a_time_that_is_past_is_at_once),
	KUNIT_CASE(the_furthest_time_can_be_cancelled),
	KUNIT_CASE(a_period_has_no_drift),
	KUNIT_CASE(one_that_starts_itself_is_not_started_twice),
	KUNIT_CASE(forward_goes_by_whole_intervals),
	KUNIT_CASE(forward_of_a_pending_timer_is_reported),
	KUNIT_CASE(its_own_function_cannot_cancel_it),
	KUNIT_CASE(its_function_may_free_it),
	KUNIT_CASE(one_without_a_function_is_reported),
	KUNIT_CASE(what_it_is_not_is_reported),
	KUNIT_CASE(an_idle_cpu_is_not_woken_for_a_cancelled_one),
	KUNIT_CASE(a_sleep_lasts_its_time),
	KUNIT_CASE(a_sleep_ends_when_it_is_woken),
	KUNIT_CASE(usleep_range_is_finer_than_a_jiffy),
	{}
};

static struct kunit_suite hrtimer_suite = {
	.name = "hrtimer",
	.test_cases = hrtimer_cases,
};
kunit_test_suite(hrtimer_suite);
