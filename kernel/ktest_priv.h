/* SPDX-License-Identifier: MIT */
/*
 * The runner of tests between its files: one run of one case, and what injects faults into it.
 */
#ifndef KTEST_PRIV_H
#define KTEST_PRIV_H

#include <lib/types.h>
#include <test/kunit.h>

/* [o] the runner */
struct case_run {
	struct kunit test;
	const struct kunit_suite *suite;
	const struct kunit_case *kcase;
};

/*
 * Runs the case from its beginning and judges it; run->test has the verdict. Again for the
 * same run begins anew. Context: the runner's task.
 */
void ktest_run_once(struct case_run *run);

#ifdef CONFIG_FAULT_INJECTION

/*
 * Reads "ktest.fault=..." of the command line. Return: 0; -EINVAL, told in the log, for what
 * is neither "sweep" nor a point and a number.
 */
int ktest_fault_setup(void);

/* Whether this boot injects faults: ktest_fault_run() then takes ktest_run_once()'s place. */
bool ktest_fault_wanted(void);
void ktest_fault_run(struct case_run *run);

/* The case's body is about to run in the calling task. */
void ktest_fault_begin(void);

/*
 * The case is over and about to be judged. Return: whether a failure was injected: that it
 * did not pass is what it has to do then.
 */
bool ktest_fault_end(struct kunit *test);

/* Whether a failure has been injected in this run: what the case finds is no finding. */
bool ktest_fault_hit(void);

/* What all of the boot's injections came to. */
void ktest_fault_summary(void);

#else

static inline int ktest_fault_setup(void)
{
	return 0;
}

static inline bool ktest_fault_wanted(void)
{
	return false;
}

static inline void ktest_fault_run(struct case_run *run)
{
	(void)run;
}

static inline void ktest_fault_begin(void)
{
}

static inline bool ktest_fault_end(struct kunit *test)
{
	(void)test;
	return false;
}

static inline bool ktest_fault_hit(void)
{
	return false;
}

static inline void ktest_fault_summary(void)
{
}

#endif

#endif
