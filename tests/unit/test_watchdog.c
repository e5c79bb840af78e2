/* SPDX-License-Identifier: MIT */
/*
 * The watchdog: whom it reports and whom it does not. During the tests it is off, but for
 * these.
 */
#include <kernel/delay.h>
#include <kernel/ksyms.h>
#include <kernel/kthread.h>
#include <kernel/moduleparam.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <kernel/watchdog.h>
#include <lib/err.h>
#include <lib/errno.h>
#include <test/kunit.h>

#include "log_lines.h"

#define THRESH_MS	4
#define SOON_MS		2
#define LONG_MS		12

static int spin(void *unused)
{
	(void)unused;
	mdelay(LONG_MS);
	return 0;
}

static int spin_and_yield(void *unused)
{
	(void)unused;
	for (unsigned int i = 0; i < LONG_MS / SOON_MS; i++) {
		mdelay(SOON_MS);
		yield();
	}
	return 0;
}

static void run_on(struct kunit *test, unsigned int cpu, int (*fn)(void *))
{
	struct task_struct *t = kthread_create(fn, NULL, "spinner");

	KUNIT_ASSERT_FALSE(test, IS_ERR(t));
	get_task_struct(t);
	kthread_bind(t, cpu);
	wake_up_process(t);
	kthread_join(t);
	put_task_struct(t);
}

/* Each CPU's watch ends when the CPU becomes idle, and CPU 0's at once. */
static void watch_off(void *unused)
{
	(void)unused;
	watchdog_set(0);
	msleep(2);
}

static void watch(struct kunit *test)
{
	watchdog_set(THRESH_MS);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, watch_off, NULL), 0);
}

static void a_task_that_spins_is_reported_each_time_once(struct kunit *test)
{
	watch(test);
	for (unsigned int i = 0; i < 2; i++)
		KUNIT_EXPECT_REPORT(test, "task spinner (", run_on(test, 0, spin));
}

/* The handler of the timer that looks is above it. */
static void the_report_shows_where_the_task_is(struct kunit *test)
{
	struct log_cursor cursor;

	watch(test);
	log_seek_last(&cursor, 0);
	KUNIT_EXPECT_REPORT(test, "task spinner (", run_on(test, 0, spin));
	KUNIT_EXPECT_TRUE(test, log_says(&cursor, "Task: spinner ("));
	if (IS_ENABLED(CONFIG_BACKTRACE) && ksyms_lookup((uintptr_t)spin, NULL, NULL))
		KUNIT_EXPECT_TRUE(test, log_says(&cursor, "  spin+"));
}

static void so_is_one_on_another_cpu(struct kunit *test)
{
	unsigned int last = num_online_cpus() - 1;

	if (!last)
		kunit_skip(test, "one CPU runs");
	watch(test);
	KUNIT_EXPECT_REPORT(test, "has not yielded for 4 ms", run_on(test, last, spin));
}

static void one_that_yields_in_time_is_not(struct kunit *test)
{
	watch(test);
	KUNIT_EXPECT_WARNINGS(test, 0, {
		run_on(test, 0, spin_and_yield);
		run_on(test, num_online_cpus() - 1, spin_and_yield);
	});
}

static void one_that_sleeps_is_not(struct kunit *test)
{
	watch(test);
	KUNIT_EXPECT_WARNINGS(test, 0, msleep(LONG_MS));
}

static void without_a_limit_nobody_is(struct kunit *test)
{
	watch(test);
	watchdog_set(0);
	KUNIT_EXPECT_WARNINGS(test, 0, run_on(test, 0, spin));
}

/* The case is watched itself, without having been idle in between. */
static void the_parameter_is_the_limit_at_once(struct kunit *test)
{
	const struct kernel_param *kp = kernel_param_find("watchdog.thresh_ms");

	KUNIT_ASSERT_NOT_NULL(test, kp);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, watch_off, NULL), 0);
	KUNIT_EXPECT_EQ(test, kernel_param_set(kp, "5"), 0);
	KUNIT_EXPECT_REPORT(test, "has not yielded for 5 ms", mdelay(LONG_MS));
	KUNIT_EXPECT_EQ(test, kernel_param_set(kp, "soon"), -EINVAL);
	KUNIT_EXPECT_EQ(test, watchdog_set(0), 5);
}

static void an_idle_cpu_is_not_woken_for_it(struct kunit *test)
{
	unsigned long before;

	watch(test);
	msleep(1);
	before = timer_interrupt_count();
	msleep(20 * THRESH_MS);
	KUNIT_EXPECT_LE(test, timer_interrupt_count() - before, 5);
}

static struct kunit_case watchdog_cases[] = {
	KUNIT_CASE(a_task_that_spins_is_reported_each_time_once),
	KUNIT_CASE(the_report_shows_where_the_task_is),
	KUNIT_CASE(so_is_one_on_another_cpu),
	KUNIT_CASE(one_that_yields_in_time_is_not),
	KUNIT_CASE(one_that_sleeps_is_not),
	KUNIT_CASE(without_a_limit_nobody_is),
	KUNIT_CASE(the_parameter_is_the_limit_at_once),
	KUNIT_CASE(an_idle_cpu_is_not_woken_for_it),
	{}
};

static struct kunit_suite watchdog_suite = {
	.name = "watchdog",
	.test_cases = watchdog_cases,
};
kunit_test_suite(watchdog_suite);
