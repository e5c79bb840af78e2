/* SPDX-License-Identifier: MIT */
/*
 * Tests with injected faults: a case runs again and again, the first, the second, ... of its
 * requests failing, until it passes untouched.
 *
 * A run in which a request failed has to fail by the case's expectations: the error came back.
 * It may pass only where the case says so (kunit_tolerates_faults()), or the caller does without
 * (__GFP_NOWARN). In any case it may not do what the runner judges apart from the expectations:
 * leak, warn, fault, hang, or leave behind what makes the next run fail.
 *
 * "ktest.fault=sweep" on the command line does so for every point, "ktest.fault=alloc:3" fails
 * the third allocation of each case; a run in which no case comes so far has failed. Only the
 * body of a case is failed, not the suite's init and exit, and neither is the runner.
 */
#include <kernel/bug.h>
#include <kernel/fault-inject.h>
#include <kernel/moduleparam.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <lib/errno.h>
#include <lib/kstrtox.h>

#include "ktest_priv.h"

/* A case that makes more requests than this is told to make fewer. */
#define NTH_MAX		500

static enum { MODE_OFF, MODE_ONE, MODE_SWEEP } mode;	/* [I] after setup */
static enum fault_point one_point;			/* [I] */
static unsigned int one_nth;				/* [I] */

/* [o] the runner; read by the case's task, which it waits for */
static struct {
	struct fault_group *group;	/* of the run; NULL: nothing is injected */
	unsigned int seen[FAULT_POINTS];
	bool hit;			/* a failure was injected */
	bool came_back;			/* and the case did not pass */
	bool lost;			/* and it passed, which it may not */
} run_state;

/* Of the run of suites. [o] the runner */
static struct {
	unsigned int injected, came_back, tolerated, cases, untouched;
} total;

static int parse_one(const char *text)
{
	for (enum fault_point point = 0; point < FAULT_POINTS; point++) {
		const char *name = fault_point_name(point);
		size_t len = strlen(name);

		if (strncmp(text, name, len) != 0 || text[len] != ':')
			continue;
		one_point = point;
		return kstrtouint(text + len + 1, 10, &one_nth) || !one_nth ? -EINVAL : 0;
	}
	return -EINVAL;
}

static char *fault;

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX	"ktest."
module_param(fault, charp, 0);
MODULE_PARM_DESC(fault, "each case again with its requests failing: sweep, or as in alloc:3");

int ktest_fault_setup(void)
{
	memset(&total, 0, sizeof(total));
	if (!fault)
		return 0;
	mode = strcmp(fault, "sweep") == 0 ? MODE_SWEEP : MODE_ONE;
	if (mode == MODE_SWEEP || parse_one(fault) == 0)
		return 0;
	pr_err("ktest.fault=%s: neither sweep nor as in alloc:3 [-EINVAL]\n", fault);
	return -EINVAL;
}

bool ktest_fault_wanted(void)
{
	return mode != MODE_OFF;
}

void ktest_fault_begin(void)
{
	if (run_state.group)
		fault_join(current, run_state.group);
}

/* How many failed, and how many of those whose callers want it back. */
static void count_injected(unsigned int *failed, unsigned int *wanted)
{
	struct fault_stats stats;

	*failed = *wanted = 0;
	for (enum fault_point point = 0; run_state.group && point < FAULT_POINTS; point++) {
		fault_get_stats(run_state.group, point, &stats);
		*failed += stats.failed;
		*wanted += stats.failed - stats.optional;
	}
}

bool ktest_fault_hit(void)
{
	unsigned int failed, wanted;

	count_injected(&failed, &wanted);
	return failed;
}

bool ktest_fault_end(struct kunit *test)
{
	unsigned int failed, wanted;
	struct fault_stats stats;

	if (!run_state.group)
		return false;
	for (enum fault_point point = 0; point < FAULT_POINTS; point++) {
		fault_get_stats(run_state.group, point, &stats);
		run_state.seen[point] = stats.seen;
	}
	count_injected(&failed, &wanted);
	run_state.hit = failed;
	run_state.came_back = failed && test->status == KUNIT_FAILURE;
	run_state.lost = wanted && !run_state.came_back && !test->tolerates_faults;
	fault_stop(run_state.group);
	fault_group_put(run_state.group);
	run_state.group = NULL;
	return run_state.hit;
}

/* Runs the case with the nth request failing; 0: none. Returns whether it went as it may. */
static bool run_with(struct case_run *run, enum fault_point point, unsigned int nth)
{
	run_state.hit = false;
	run_state.group = fault_group_create(1);
	if (WARN(!run_state.group, "no fault group for a case"))
		return false;
	for (enum fault_point i = 0; i < FAULT_POINTS; i++)
		fault_set(run_state.group, i, &(struct fault_plan){ .nth = i == point ? nth : 0 });
	ktest_run_once(run);
	total.injected += run_state.hit;
	total.came_back += run_state.came_back;
	total.tolerated += run_state.hit && !run_state.came_back;
	if (run_state.lost && run->test.status != KUNIT_FAILURE)
		kunit_fail(&run->test, run->suite->name, 0,
			   "the case passed: the error got lost, or should be tolerated");
	if (run->test.status != KUNIT_FAILURE)
		return true;
	kunit_log(&run->test, "that was with ktest.fault=%s:%u, %s", fault_point_name(point), nth,
		  run_state.hit ? "injected" : "in a run that nothing was injected into");
	return false;
}

/* Until a run is left alone. Returns whether each went as it may. */
static bool sweep_point(struct case_run *run, enum fault_point point)
{
	bool ok = true;

	for (unsigned int nth = 1; nth <= NTH_MAX; nth++) {
		ok &= run_with(run, point, nth);
		if (!run_state.hit)
			return ok;
	}
	kunit_fail(&run->test, run->suite->name, 0, "more than %u requests of %s", NTH_MAX,
		   fault_point_name(point));
	return false;
}

/* The first run counts the requests, so that a point without any is not tried. */
static bool sweep(struct case_run *run)
{
	unsigned int seen[FAULT_POINTS];
	bool ok = run_with(run, 0, 0);

	if (!ok || run->test.status == KUNIT_SKIPPED)
		return ok;
	memcpy(seen, run_state.seen, sizeof(seen));
	for (enum fault_point point = 0; point < FAULT_POINTS; point++)
		if (seen[point])
			ok &= sweep_point(run, point);
	return ok;
}

void ktest_fault_run(struct case_run *run)
{
	unsigned int injected = total.injected, came_back = total.came_back;
	bool ok = mode == MODE_SWEEP ? sweep(run) : run_with(run, one_point, one_nth);

	injected = total.injected - injected;
	came_back = total.came_back - came_back;
	total.cases++;
	total.untouched += !injected;
	/* The last run is the untouched one: an earlier one may have gone wrong. */
	if (!ok)
		run->test.status = KUNIT_FAILURE;
	kunit_log(&run->test, "%u failures injected: %u came back, %u were tolerated", injected,
		  came_back, injected - came_back);
}

int ktest_fault_summary(void)
{
	if (mode == MODE_OFF)
		return 0;
	pr_notice("# faults: %u cases, %u failures injected: %u came back, %u were tolerated; "
		  "%u cases untouched\n", total.cases, total.injected, total.came_back,
		  total.tolerated, total.untouched);
	if (mode == MODE_SWEEP || total.injected || !total.cases)
		return 0;
	pr_ktap("Bail out! ktest.fault=%s failed nothing: no case makes so many requests\n", fault);
	return -EIO;
}
