/* SPDX-License-Identifier: MIT */
/*
 * A suite whose cases end with a mutex held, each in its way; the next case takes it.
 */
#include <kernel/bug.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <test/kunit.h>

#include "planted.h"

static DEFINE_MUTEX(abandoned);

static void asserts_with_a_mutex(struct kunit *test)
	__acquires(&abandoned)
{
	mutex_lock(&abandoned);
	KUNIT_ASSERT_TRUE(test, false);
}

static void faults_with_a_mutex(struct kunit *test)
{
	int *volatile nowhere = NULL;

	mutex_lock(&abandoned);
	KUNIT_EXPECT_EQ(test, *nowhere, 0);
	mutex_unlock(&abandoned);
}

/* In the middle of a report, and of one of the lock checker's, which looks away meanwhile. */
static void faults_in_a_report(struct kunit *test)
	__acquires(&abandoned)
{
	int *volatile nowhere = NULL;

	mutex_lock(&abandoned);
	KUNIT_EXPECT_REPORT(test, "begun", report_begin("begun"));
#ifdef CONFIG_LOCKDEP
	current->lockdep.reporting = true;
#endif
	KUNIT_EXPECT_EQ(test, *nowhere, 0);
}

/* The next report is no report within that one: it has a body. */
static void reports_as_a_whole(struct kunit *test)
{
	bool wanted = false;

	KUNIT_EXPECT_REPORT(test, "whole", wanted = report_begin("whole"); report_end());
	KUNIT_EXPECT_TRUE(test, wanted);
}

/* The report of the mutex has the little stack that faults have. */
static void overflows_with_a_mutex(struct kunit *test)
{
	volatile char top = 0;

	mutex_lock(&abandoned);
	KUNIT_EXPECT_EQ(test, recurse(&top), 0);
	mutex_unlock(&abandoned);
}

static void spins_with_a_mutex(struct kunit *test)
{
	mutex_lock(&abandoned);
	while (test)
		barrier();
	mutex_unlock(&abandoned);
}

/* It has been released, and is marked, once. */
static void takes_that_mutex(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "abandoned was abandoned", mutex_lock(&abandoned));
	mutex_unlock(&abandoned);
	mutex_lock(&abandoned);
	mutex_unlock(&abandoned);
}

static struct kunit_suite suite_mutex = {
	.name = "mutex",
	.test_cases = (const struct kunit_case[]){
		KUNIT_CASE(asserts_with_a_mutex),
		{ .run_case = takes_that_mutex, .name = "takes_it" },
		KUNIT_CASE(faults_with_a_mutex),
		{ .run_case = takes_that_mutex, .name = "and_again" },
		KUNIT_CASE(faults_in_a_report),
		{ .run_case = takes_that_mutex, .name = "once_more" },
		KUNIT_CASE(reports_as_a_whole),
		KUNIT_CASE(overflows_with_a_mutex),
		{ .run_case = takes_that_mutex, .name = "on_the_way" },
		KUNIT_CASE(spins_with_a_mutex),
		{ .run_case = takes_that_mutex, .name = "to_the_end" },
		{}
	},
	.timeout_ms = TIMEOUT_MS,
};

struct kunit_suite *const planted_locks[] = {
	&suite_mutex,
	NULL
};
