/* SPDX-License-Identifier: MIT */
/*
 * The runner of the tests in the kernel: suites in KUnit's shape, results as
 * KTAP version 1. Which suites and cases, in which order, and what the log
 * says of them.
 *
 * A run that would say too little does not begin: a suite without cases, two of one name, a
 * seed that is none. One that a panic ends says of every case that is left that it did not run,
 * as far as a panic can: nothing here takes memory or a lock then.
 *
 * Locking: one run at a time, in its task.
 */
#include <test/kunit.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/moduleparam.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/watchdog.h>
#include <lib/errno.h>
#include <lib/kstrtox.h>
#include <lib/sprintf.h>
#include <lib/xorshift.h>

#include "ktest_priv.h"

/* Neighbouring seeds lead far apart: 2^32 by the golden ratio, odd, so that none becomes 0. */
#define SEED_SPREAD	0x9e3779b9u

struct counts {
	unsigned int passed, failed, skipped;
};

/* The run; `suites` is NULL when there is none. [o] its task; a panic reads it */
static struct {
	struct kunit_suite **suites;
	unsigned int nr_suites, suite_at;
	const struct kunit_case **cases;	/* of the suite that runs; NULL: it has not begun */
	unsigned int nr_cases, case_at;
	int param_at;				/* of the case that runs; 0: none */
	unsigned int strays;			/* reports in no case, that have been told */
} run;

/* ---- what is said ---- */

void kunit_fail(struct kunit *test, const char *file, int line, const char *fmt, ...)
{
	char message[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	test->status = KUNIT_FAILURE;
	pr_ktap("    %s %s: failed at %s:%d: %s\n", ktest_fault_hit() ? "fault:" : "#", test->name,
		file, line, message);
}

void kunit_log(struct kunit *test, const char *fmt, ...)
{
	char message[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	pr_ktap("    # %s: %s\n", test->name, message);
}

void kunit_mark_skipped(struct kunit *test, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(test->comment, sizeof(test->comment), fmt, args);
	va_end(args);
	if (test->status == KUNIT_SUCCESS)
		test->status = KUNIT_SKIPPED;
}

static void count_result(struct counts *counts, enum kunit_status status)
{
	if (status == KUNIT_FAILURE)
		counts->failed++;
	else if (status == KUNIT_SKIPPED)
		counts->skipped++;
	else
		counts->passed++;
}

static void print_counts(const char *indent, const char *name, const struct counts *c)
{
	pr_ktap("%s# %s: pass:%u fail:%u skip:%u total:%u\n", indent, name, c->passed, c->failed,
		c->skipped, c->passed + c->failed + c->skipped);
}

static void print_result(const char *indent, enum kunit_status status, unsigned int number,
			 const char *name, const char *comment)
{
	if (status == KUNIT_SKIPPED)
		pr_ktap("%sok %u %s # SKIP %s\n", indent, number, name, comment);
	else
		pr_ktap("%s%s %u %s\n", indent, status == KUNIT_FAILURE ? "not ok" : "ok", number,
			name);
	console_sync();
}

/* ---- a case ---- */

/* Not on a stack: a task that outlives its case still knows it. */
static struct case_run the_case;

static enum kunit_status run_once(const void *param, int param_index)
{
	the_case.param = param;
	the_case.param_index = param_index;
	if (ktest_fault_wanted())
		ktest_fault_run(&the_case);
	else
		ktest_run_once(&the_case);
	return the_case.test.status;
}

/* A parameter's name stands in a line in which '#' begins a directive. */
static void name_param(char *desc, int index)
{
	if (!desc[0])
		snprintf(desc, KUNIT_PARAM_DESC_SIZE, "param-%d", index);
	for (char *p = desc; (p = strpbrk(p, "#\n")) != NULL; p++)
		*p = '_';
}

static enum kunit_status run_params(const struct kunit_case *kcase)
{
	static char desc[KUNIT_PARAM_DESC_SIZE];
	const void *param = NULL;
	struct counts counts = { .failed = 0 };

	pr_ktap("        KTAP version 1\n");
	pr_ktap("        # Subtest: %s\n", kcase->name);
	for (run.param_at = 1;; run.param_at++) {
		enum kunit_status status;

		desc[0] = '\0';
		param = kcase->generate_params(param, desc);
		if (!param)
			break;
		name_param(desc, run.param_at - 1);
		status = run_once(param, run.param_at - 1);
		print_result("        ", status, (unsigned int)run.param_at, desc,
			     the_case.test.comment);
		count_result(&counts, status);
	}
	run.param_at = 0;
	print_counts("    ", kcase->name, &counts);
	if (!counts.passed && !counts.skipped && !counts.failed)
		pr_ktap("    # %s: failed: it has no parameters\n", kcase->name);
	if (counts.failed || (!counts.passed && !counts.skipped))
		return KUNIT_FAILURE;
	return counts.passed ? KUNIT_SUCCESS : KUNIT_SKIPPED;
}

static enum kunit_status run_case(const struct kunit_suite *suite, const struct kunit_case *kcase,
				  unsigned int number)
{
	bool has_params = kcase->generate_params;
	enum kunit_status status;

	the_case.suite = suite;
	the_case.kcase = kcase;
	status = has_params ? run_params(kcase) : run_once(NULL, 0);
	print_result("    ", status, number, kcase->name,
		     has_params ? "all of its parameters" : the_case.test.comment);
	return status;
}

/* ---- a suite ---- */

/* "suite" or "suite.case"; NULL: every one. */
static bool is_suite_wanted(const struct kunit_suite *suite, const char *filter)
{
	size_t len = strlen(suite->name);

	return !filter || (strncmp(filter, suite->name, len) == 0 &&
			   (filter[len] == '\0' || filter[len] == '.'));
}

static bool is_case_wanted(const struct kunit_case *kcase, const char *filter)
{
	const char *dot = filter ? strchr(filter, '.') : NULL;

	return !dot || strcmp(dot + 1, kcase->name) == 0;
}

static unsigned int count_wanted(const struct kunit_suite *suite, const char *filter)
{
	unsigned int n = 0;

	for (const struct kunit_case *c = suite->test_cases; c->run_case; c++)
		n += is_case_wanted(c, filter);
	return n;
}

/* A seed of 0 leaves the order as it is. */
static void shuffle(void *array, unsigned int n, u32 *seed)
{
	void **item = array;

	for (unsigned int i = n; *seed && i > 1; i--) {
		unsigned int other = xorshift32(seed) % i;
		void *last = item[i - 1];

		item[i - 1] = item[other];
		item[other] = last;
	}
}

/* A suite's cases come in the same order by a seed, whichever suites ran before. */
static u32 suite_seed(const struct kunit_suite *suite, u32 seed)
{
	u32 state = seed;

	for (const char *p = suite->name; seed && *p; p++) {
		state += (u8)*p;
		xorshift32(&state);
	}
	return seed && !state ? seed : state;
}

/* The cases that are wanted, in the order in which they are to run. */
static bool line_up_cases(const struct kunit_suite *suite, const char *filter, u32 seed)
{
	const struct kunit_case **cases;

	seed = suite_seed(suite, seed);
	run.nr_cases = 0;
	cases = kmalloc_array(count_wanted(suite, filter), sizeof(*cases), GFP_KERNEL);
	if (!cases)
		return false;
	for (const struct kunit_case *c = suite->test_cases; c->run_case; c++)
		if (is_case_wanted(c, filter))
			cases[run.nr_cases++] = c;
	shuffle(cases, run.nr_cases, &seed);
	run.case_at = 0;
	run.cases = cases;
	return true;
}

static void run_cases(const struct kunit_suite *suite, struct counts *counts)
{
	for (; run.case_at < run.nr_cases; run.case_at++)
		count_result(counts, run_case(suite, run.cases[run.case_at], run.case_at + 1));
}

/* Returns whether suite_init has taken what suite_exit did not give back. */
static bool run_between_init_and_exit(struct kunit_suite *suite, struct counts *counts)
{
	struct kunit test = { .name = suite->name };

	ktest_usage_read(USAGE_SUITE);
	if (suite->suite_init && suite->suite_init(suite)) {
		pr_ktap("    # %s: failed: suite_init did\n", suite->name);
		for (unsigned int i = 0; i < run.nr_cases; i++)
			pr_ktap("    not ok %u %s # not run\n", i + 1, run.cases[i]->name);
		counts->failed = run.nr_cases;
	} else {
		ktest_usage_read(USAGE_CASES);
		run_cases(suite, counts);
		ktest_usage_excuse_cases();
		if (suite->suite_exit)
			suite->suite_exit(suite);
	}
	ktest_usage_judge(&test, USAGE_SUITE, true);
	return test.status == KUNIT_FAILURE;
}

/* Reports that came before, between and after cases, and were not told yet. */
static unsigned int count_strays(void)
{
	unsigned int strays = warn_count() - ktest_reports_judged(), more = strays - run.strays;

	run.strays = strays;
	return more;
}

static bool run_suite(struct kunit_suite *suite, unsigned int number, const char *filter, u32 seed)
{
	struct counts counts = { .failed = 0 };
	unsigned int strays;
	bool leaks;

	if (!line_up_cases(suite, filter, seed)) {
		pr_ktap("not ok %u %s # no memory\n", number, suite->name);
		return false;
	}
	pr_ktap("    KTAP version 1\n");
	pr_ktap("    # Subtest: %s\n", suite->name);
	pr_ktap("    1..%u\n", run.nr_cases);
	leaks = run_between_init_and_exit(suite, &counts);
	kfree(run.cases);
	run.cases = NULL;
	print_counts("", suite->name, &counts);
	strays = count_strays();
	if (leaks)
		pr_ktap("not ok %u %s # suite_exit does not give back what suite_init took\n",
			number, suite->name);
	else if (strays)
		pr_ktap("not ok %u %s # %u reports outside of its cases\n", number, suite->name,
			strays);
	else
		pr_ktap("%s %u %s\n", counts.failed ? "not ok" : "ok", number, suite->name);
	console_sync();
	return !counts.failed && !strays && !leaks;
}

/* ---- a run ---- */

int kunit_refuse(const char *fmt, ...)
{
	char message[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	pr_err("ktest: %s\n", message);
	return -EINVAL;
}

/* Those that are wanted, in the order in which they are to run. Their number, or an error. */
static int line_up_suites(struct kunit_suite *const *suites, unsigned int nr, const char *filter,
			  u32 seed)
{
	run.nr_suites = 0;
	run.suite_at = 0;
	for (unsigned int i = 0; i < nr; i++)
		if (is_suite_wanted(suites[i], filter) && count_wanted(suites[i], filter))
			run.suites[run.nr_suites++] = suites[i];
	if (!run.nr_suites)
		return -ENOENT;
	shuffle(run.suites, run.nr_suites, &seed);
	return 0;
}

/* See ktest_case.c. Where the caller runs after is all the same to it. */
static void run_on_boot_cpu(void)
{
	WARN_ON(set_cpus_allowed_ptr(current, cpumask_of(0)));
}

static int run_lined_up(const char *filter, u32 seed)
{
	int err = 0;

	run_on_boot_cpu();
	pr_ktap("KTAP version 1\n");
	pr_ktap("1..%u\n", run.nr_suites);
	for (; run.suite_at < run.nr_suites; run.suite_at++)
		if (!run_suite(run.suites[run.suite_at], run.suite_at + 1, filter, seed))
			err = -EIO;
	return err;
}

int kunit_run(struct kunit_suite *const *suites, unsigned int nr, const char *filter, u32 seed)
{
	int err, fault_err;

	if (run.suites)
		return -EBUSY;
	err = kunit_check_suites(suites, nr);
	if (err)
		return err;
	err = ktest_fault_setup();
	if (err)
		return err;
	/* What came at boot counts where the tests are what it is for. */
	run.strays = kunit_boot_filter() ? 0 : warn_count() - ktest_reports_judged();
	run.suites = kmalloc_array(nr, sizeof(*suites), GFP_KERNEL);
	if (!run.suites)
		return -ENOMEM;
	if (seed)
		pr_ktap("# shuffled by ktest.shuffle=%u\n", seed);
	seed *= SEED_SPREAD;
	err = line_up_suites(suites, nr, filter, seed);
	if (!err)
		err = ktest_usage_init();
	if (!err) {
		err = run_lined_up(filter, seed);
		ktest_usage_fini();
	}
	kfree(run.suites);
	run.suites = NULL;
	fault_err = ktest_fault_summary();
	return err ? err : fault_err;
}

static char *seed_text;

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX	"ktest."
module_param_named(shuffle, seed_text, charp, 0);
MODULE_PARM_DESC(shuffle, "suites and cases in the order of this seed");

static int read_seed(u32 *seed)
{
	*seed = 0;
	if (seed_text && (kstrtou32(seed_text, 10, seed) || !*seed))
		return kunit_refuse("ktest.shuffle=%s is no seed: a number from 1 to %u", seed_text,
			      ~0u);
	return 0;
}

/* [I] after boot; NULL: the tests are not what this boot is for; "": all of them */
static const char *boot_filter;

static int set_filter(const char *val, const struct kernel_param *kp)
{
	(void)kp;
	boot_filter = val ? val : "";
	return 0;
}

static const struct kernel_param_ops filter_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG, .set = set_filter,
};
core_param_cb(ktest, &filter_ops, NULL, 0);
MODULE_PARM_DESC(ktest, "runs the tests, all or a suite or a case, and ends");

const char *kunit_boot_filter(void)
{
	return boot_filter;
}

int kunit_run_suites(const char *filter)
{
	unsigned int thresh_ms = 0;
	u32 seed;
	int err = read_seed(&seed);

	if (err)
		return err;
	/* On a slow host a case may take long. */
	if (IS_ENABLED(CONFIG_WATCHDOG))
		thresh_ms = watchdog_set(0);
	err = kunit_run(__table_kunit_suites_start,
			(unsigned int)(__table_kunit_suites_end - __table_kunit_suites_start),
			filter, seed);
	if (IS_ENABLED(CONFIG_WATCHDOG))
		watchdog_set(thresh_ms);
	return err;
}

/* ---- the end that nobody planned ---- */

static void give_up_suite(const char *name, unsigned int number)
{
	for (unsigned int i = run.case_at; i < run.nr_cases; i++)
		pr_ktap("    not ok %u %s%s\n", i + 1, run.cases[i]->name,
			i == run.case_at ? "" : " # not run");
	pr_ktap("not ok %u %s\n", number, name);
}

void kunit_panic(void)
{
	struct kunit_suite **suites = run.suites;

	run.suites = NULL;	/* what follows is said once */
	if (!suites)
		return;
	if (run.param_at)
		pr_ktap("        not ok %d interrupted\n", run.param_at);
	for (unsigned int i = run.suite_at; i < run.nr_suites; i++) {
		if (i == run.suite_at && run.cases)
			give_up_suite(suites[i]->name, i + 1);
		else
			pr_ktap("not ok %u %s # not run\n", i + 1, suites[i]->name);
	}
	pr_ktap("Bail out! the kernel panicked\n");
}
