/* SPDX-License-Identifier: MIT */
/*
 * The runner of the tests in the kernel: suites in KUnit's shape, results as
 * KTAP version 1.
 *
 * Each case runs in a task of its own and the runner joins it, so an assertion
 * ends the case by ending that task. A case that looked at nothing has failed:
 * it would pass with the code under test taken out. So has one in which a
 * warning came that it did not ask for, or that leaves more memory in use than
 * it found. Result lines go through the log, to the console, in order with the
 * messages of the code under test.
 */
#include <test/kunit.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/kthread.h>
#include <kernel/log.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/sprintf.h>

#include "ktest_priv.h"

#define pr_ktap(fmt, ...)	printk(KERN_NOTICE fmt, ##__VA_ARGS__)

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

void kunit_abort(struct kunit *test)
{
	(void)test;
	kthread_exit(0);
}

static int run_body(void *data)
{
	struct case_run *run = data;

	int err = run->suite->init ? run->suite->init(&run->test) : 0;

	if (err)
		kunit_fail(&run->test, run->suite->name, 0, "the case did not start: %d", err);
	if (err)
		return 0;
	ktest_fault_begin();
	run->kcase->run_case(&run->test);
	return 0;
}

static int run_exit(void *data)
{
	struct case_run *run = data;

	run->suite->exit(&run->test);
	return 0;
}

static int run_cleanup(void *data)
{
	struct case_run *run = data;

	kunit_cleanup(&run->test);
	return 0;
}

/* One function in a task of its own, up to its end or its failed assertion. */
static int run_in_task(int (*fn)(void *data), struct case_run *run)
{
	struct task_struct *task = kthread_create(fn, run, "%s", run->kcase->name);

	if (IS_ERR(task))
		return (int)PTR_ERR(task);
	get_task_struct(task);
	wake_up_process(task);
	wait_for_completion(&task->exited);
	kthread_stop(task);
	put_task_struct(task);
	return 0;
}

/* Without what the kernel keeps for the next task. */
static size_t bytes_in_use(void)
{
	kthread_free_cache();
	return slab_bytes_used();
}

static void judge(struct kunit *test, unsigned int warnings_before, size_t bytes_before)
{
	unsigned int warnings = warn_count() - warnings_before;
	size_t bytes = bytes_in_use();
	bool faulted = ktest_fault_end(test);

	if (faulted)
		test->status = KUNIT_SUCCESS;
	if (test->status == KUNIT_SKIPPED)
		return;
	if (!test->checks && !faulted)
		kunit_fail(test, test->name, 0, "the case checked nothing");
	if (warnings != test->warnings) {
		kunit_fail(test, test->name, 0, "%u unexpected warnings",
			   warnings - test->warnings);
		kunit_log_reports(test, warnings_before);
	}
	if (bytes > bytes_before)
		kunit_fail(test, test->name, 0, "%zu bytes leaked", bytes - bytes_before);
}

static void print_result(const struct kunit *test, unsigned int number)
{
	bool failed = test->status == KUNIT_FAILURE;

	if (test->status == KUNIT_SKIPPED)
		pr_ktap("    ok %u %s # SKIP %s\n", number, test->name, test->comment);
	else
		pr_ktap("    %s %u %s\n", failed ? "not ok" : "ok", number, test->name);
	console_sync();
}

void ktest_run_once(struct case_run *run)
{
	const struct kunit_suite *suite = run->suite;
	unsigned int warnings = warn_count();
	size_t bytes = bytes_in_use();
	int err;

	clear_warn_once();
	run->test = (struct kunit){ .name = run->kcase->name };
	INIT_LIST_HEAD(&run->test.resources);
	err = run_in_task(run_body, run);
	if (!err && suite->exit)
		err = run_in_task(run_exit, run);
	while (!err && !list_empty(&run->test.resources))
		err = run_in_task(run_cleanup, run);
	if (err)
		kunit_fail(&run->test, suite->name, 0, "no task for the case: %d", err);
	judge(&run->test, warnings, bytes);
}

static enum kunit_status run_case(const struct kunit_suite *suite, const struct kunit_case *kcase,
				  unsigned int number)
{
	struct case_run run = { .suite = suite, .kcase = kcase };

	if (ktest_fault_wanted())
		ktest_fault_run(&run);
	else
		ktest_run_once(&run);
	print_result(&run.test, number);
	return run.test.status;
}

static bool run_suite(struct kunit_suite *suite, unsigned int number)
{
	unsigned int cases = 0, failed = 0;

	for (const struct kunit_case *c = suite->test_cases; c->run_case; c++)
		cases++;
	pr_ktap("    KTAP version 1\n");
	pr_ktap("    # Subtest: %s\n", suite->name);
	pr_ktap("    1..%u\n", cases);
	if (suite->suite_init && suite->suite_init(suite)) {
		pr_ktap("not ok %u %s # the suite did not start\n", number, suite->name);
		return false;
	}
	for (unsigned int i = 0; i < cases; i++)
		if (run_case(suite, &suite->test_cases[i], i + 1) == KUNIT_FAILURE)
			failed++;
	if (suite->suite_exit)
		suite->suite_exit(suite);
	failed += !cases;
	pr_ktap("%s %u %s\n", failed ? "not ok" : "ok", number, suite->name);
	console_sync();
	return !failed;
}

static bool is_wanted(const struct kunit_suite *suite, const char *name)
{
	return !name || strcmp(name, suite->name) == 0;
}

int kunit_run_suites(const char *name)
{
	unsigned int wanted = 0, number = 0;
	int err = 0;

	for_each_table_entry(kunit_suites, suite)
		wanted += is_wanted(*suite, name);
	if (!wanted)
		return -ENOENT;
	err = ktest_fault_setup();
	if (err)
		return err;
	pr_ktap("KTAP version 1\n");
	pr_ktap("1..%u\n", wanted);
	for_each_table_entry(kunit_suites, suite)
		if (is_wanted(*suite, name) && !run_suite(*suite, ++number))
			err = -EIO;
	ktest_fault_summary();
	return err;
}
