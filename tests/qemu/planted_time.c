/* SPDX-License-Identifier: MIT */
/*
 * Suites that do not come to an end: cases that spin, sleep or wait for who does.
 */
#include <kernel/completion.h>
#include <kernel/delay.h>
#include <kernel/kthread.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/errno.h>
#include <test/kunit.h>

#include "planted.h"

static void spins(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	for (;;)
		barrier();
}

/* Wherever that is stopped, it is in the middle of something: an IT block, a stack at 4 bytes. */
static void spins_in_assembly(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	__asm__ volatile("sub	sp, #4\n"
			 "1:	cmp	r0, r0\n"
			 "	itete	eq\n"
			 "	addeq	r1, #1\n"
			 "	addne	r1, #2\n"
			 "	addeq	r1, #3\n"
			 "	addne	r1, #4\n"
			 "	b	1b\n"
			 ::: "r1", "cc", "memory");
}

/* Most of the time it is in the scheduler, with interrupts off. */
static void yields_for_ever(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	for (;;)
		yield();
}

static DEFINE_MUTEX(plain_mutex);

static void sleeps_for_ever(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(never);

	KUNIT_EXPECT_TRUE(test, true);
	wait_for_completion(&never);
}

static void sleeps_for_long(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	msleep(100 * TIMEOUT_MS);
}

static int take_plain_mutex(void *unused)
{
	(void)unused;
	mutex_lock(&plain_mutex);
	mutex_unlock(&plain_mutex);
	return 0;
}

/* It sleeps in the queue of a mutex, is taken out of there, and the mutex goes on. */
static void waits_for_a_mutex(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	take_plain_mutex(NULL);
}

static int hold_plain_mutex(struct kunit_suite *suite)
	__acquires(&plain_mutex)
{
	(void)suite;
	mutex_lock(&plain_mutex);
	return 0;
}

static void let_go_of_plain_mutex(struct kunit_suite *suite)
	__releases(&plain_mutex)
{
	(void)suite;
	mutex_unlock(&plain_mutex);
	take_plain_mutex(NULL);
}

static int spin(void *unused)
{
	while (!unused)
		barrier();
	return 0;
}

static void waits_for_a_helper_that_spins(struct kunit *test)
{
	struct task_struct *helper = kthread_run(spin, NULL, "spinner");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, helper);
	kthread_join(helper);
}

static void waits_for_a_helper_that_sleeps(struct kunit *test)
{
	struct task_struct *helper = kthread_run(sleep, NULL, "sleeper");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, helper);
	kthread_join(helper);
}

static DEFINE_SPINLOCK(plain_lock);

static DEFINE_SPINLOCK(other_lock);	/* without interrupts off */

static void spins_with_interrupts_off_for_a_while(struct kunit *test)
{
	unsigned long flags;

	KUNIT_EXPECT_TRUE(test, true);
	spin_lock_irqsave(&plain_lock, flags);
	mdelay(2 * TIMEOUT_MS);
	spin_unlock_irqrestore(&plain_lock, flags);
	for (;;)
		barrier();
}

static void spins_with_a_spin_lock(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	spin_lock(&other_lock);
	while (test)
		barrier();
	spin_unlock(&other_lock);
}

/* After the time is up, but it is stopped only when it has given the lock back. */
static void spins_with_a_spin_lock_for_a_while(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	spin_lock(&other_lock);
	mdelay(5 * TIMEOUT_MS);
	spin_unlock(&other_lock);
	while (test)
		barrier();
}

static int refuse_suite(struct kunit_suite *suite)
{
	(void)suite;
	return -ENODEV;
}

SUITE(spins);
SUITE(spins_in_assembly);
SUITE(yields_for_ever);
SUITE(sleeps_for_ever);
SUITE(sleeps_for_long);
SUITE(waits_for_a_mutex, .suite_init = hold_plain_mutex, .suite_exit = let_go_of_plain_mutex);
SUITE(waits_for_a_helper_that_spins);
SUITE(waits_for_a_helper_that_sleeps);
SUITE(spins_with_interrupts_off_for_a_while);
SUITE(spins_with_a_spin_lock);
SUITE(spins_with_a_spin_lock_for_a_while);

static struct kunit_suite suite_suite_init_fails = {
	.name = "suite_init_fails",
	.suite_init = refuse_suite,
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), KUNIT_CASE(spins), {} },
};

struct kunit_suite *const planted_time[] = {
	&suite_spins, &suite_spins_in_assembly, &suite_yields_for_ever, &suite_sleeps_for_ever,
	&suite_sleeps_for_long, &suite_waits_for_a_mutex, &suite_waits_for_a_helper_that_spins,
	&suite_waits_for_a_helper_that_sleeps, &suite_spins_with_interrupts_off_for_a_while,
	&suite_spins_with_a_spin_lock, &suite_spins_with_a_spin_lock_for_a_while,
	&suite_suite_init_fails,
	NULL
};
