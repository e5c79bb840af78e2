/* SPDX-License-Identifier: MIT */
/*
 * The runner of tests between its files: which cases run (ktest.c), one run of one case
 * (ktest_case.c), what it may not leave behind (ktest_leaks.c), and what injects faults into
 * it (ktest_fault.c).
 */
#ifndef KTEST_PRIV_H
#define KTEST_PRIV_H

#include <kernel/printk.h>
#include <kernel/timer.h>
#include <lib/types.h>
#include <test/kunit.h>

#define pr_ktap(fmt, ...)	printk(KERN_NOTICE fmt, ##__VA_ARGS__)

/* [r] the runner, [o] the case's task, [d] the deadline's interrupt. */
struct case_run {
	const struct kunit_suite *suite;	/* [I] */
	const struct kunit_case *kcase;		/* [I] */
	const void *param;			/* [I] */
	int param_index;			/* [I] */

	struct kunit test;			/* [o] */
	struct timer_list deadline;
	unsigned int overtime;			/* [d] jiffies */
	int killed;				/* [r] a task of it: -EFAULT, -ETIME; 0: none */
	char label[KUNIT_PARAM_DESC_SIZE];	/* [r] */
};

/*
 * Runs the case from its beginning and judges it; run->test has the verdict. Again for the
 * same run begins anew. Context: the runner's task.
 */
void ktest_run_once(struct case_run *run);

/* How many reports came in runs of cases since boot; the others were in nobody's. */
unsigned int ktest_reports_judged(void);

/* What is in use, as it was when these began. */
enum ktest_usage { USAGE_SUITE, USAGE_CASES, USAGE_CASE, USAGE_NOW, USAGES };

/* Room for them, for a run. Context: task; may sleep. Return: 0 or -ENOMEM. */
int ktest_usage_init(void);
void ktest_usage_fini(void);

/* Context: task; may sleep. */
void ktest_usage_read(enum ktest_usage usage);

/*
 * Compares with `before`, after having given what is ending a little time. Each thing of which
 * there is more is told, as a failure or, if the case could not help it, as a note.
 * Context: task; may sleep.
 */
void ktest_usage_judge(struct kunit *test, enum ktest_usage before, bool is_failure);

/*
 * The cases of the suite are over: what they have left is not its suite_init's, and is not told
 * again. Context: task; may sleep.
 */
void ktest_usage_excuse_cases(void);

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

/* Tells what the run's injections came to. Return: 0; -EIO, told, for one that never came. */
int ktest_fault_summary(void);

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

static inline int ktest_fault_summary(void)
{
	return 0;
}

#endif

#endif
