/* SPDX-License-Identifier: MIT */
/*
 * One run of one case.
 *
 * It has a task of its own, so an assertion ends the case by ending that task, and a fault, or
 * time that is up, kills it and no more: the task and what it starts are expendable. init and
 * body share a task; exit and what the case left to be undone have one each, after whatever end
 * the one before came to.
 *
 * Time that is up is noticed by a timer's interrupt, which kills an expendable task that it
 * finds running, and by the runner, which kills one that sleeps. What neither can end, a task
 * that is not the test's or that holds a spin lock, ends the run.
 *
 * With several CPUs a case, and what it starts, runs on CPU 0, where the runner is and its timer:
 * what one CPU promises holds there. A case about several places its threads itself.
 *
 * A case that looked at nothing has failed: it would pass with the code under test taken out.
 * So has one in which a report came that it did not ask for, or that leaves behind more than it
 * found.
 */
#include <kernel/bug.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/lockdep.h>
#include <kernel/panic.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <lib/errno.h>
#include <lib/sprintf.h>

#include "ktest_priv.h"

/* How long after the time is up a task is waited for that cannot be ended where it stands. */
#define OVERTIME_MS	200

void kunit_abort(struct kunit *test)
{
	(void)test;
	kthread_exit(0);
}

/* ---- what runs in the case's tasks ---- */

static int run_body(void *data)
{
	struct case_run *run = data;
	int err = run->suite->init ? run->suite->init(&run->test) : 0;

	if (err) {
		kunit_fail(&run->test, run->suite->name, 0, "the case did not start: %d", err);
		return 0;
	}
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

/* ---- their ends ---- */

static unsigned int timeout_ms(const struct case_run *run)
{
	if (run->kcase->timeout_ms)
		return run->kcase->timeout_ms;
	return run->suite->timeout_ms ? run->suite->timeout_ms : KUNIT_TIMEOUT_MS;
}

/* What the interrupt has stopped: not within a spin lock, for which others would wait for ever. */
static bool may_stop(const struct task_struct *task)
{
	return kthread_is_expendable(task) && !kthread_was_killed(task) && !lockdep_in_atomic();
}

/* Hard irq. Each jiffy from the time's end on, until the runner takes the timer away. */
static void deadline_passed(struct timer_list *timer)
{
	struct case_run *run = from_timer(run, timer, deadline);

	if (may_stop(current)) {
		pr_ktap("    # %s: task %s is stopped here\n", run->test.name, current->comm);
		show_backtrace(KERN_NOTICE, NULL);
		if (!kthread_kill_interrupted(-ETIME))
			kunit_log(&run->test, "it could not be");
	}
	if (++run->overtime > msecs_to_jiffies(OVERTIME_MS))
		panic("case %s: its time is up, and %s cannot be stopped", run->test.name,
		      current->comm);
	mod_timer(timer, jiffies + 1);
}

static void kill_sleeper(struct case_run *run, struct task_struct *task)
{
	pr_ktap("    # %s: is stopped here:\n", run->test.name);
	sched_print_task(KERN_NOTICE, task);
	if (!kthread_kill(task, -ETIME))
		kunit_log(&run->test, "it was about to end");
}

static void wait_for_end(struct case_run *run, struct task_struct *task)
{
	unsigned long limit = msecs_to_jiffies(timeout_ms(run));

	run->overtime = 0;
	timer_setup(&run->deadline, deadline_passed, 0);
	mod_timer(&run->deadline, jiffies + limit);
	if (!wait_for_completion_timeout(&task->exited, limit + 1)) {
		kill_sleeper(run, task);
		wait_for_completion(&task->exited);
	}
	del_timer_sync(&run->deadline);
	if (kthread_was_killed(task))
		run->killed = task->exit_code;
}

/* The tasks that the killed one has started: they may use what was on its stack for ever. */
static void kill_helpers(struct case_run *run)
{
	struct task_struct *p;

	for_each_task(p)
		if (kthread_is_expendable(p) && kthread_kill(p, -ECANCELED))
			kunit_log(&run->test, "task %s, which it had started, is stopped", p->comm);
}

/* One function in a task of its own, to whatever end. */
static int run_in_task(int (*fn)(void *data), struct case_run *run)
{
	struct task_struct *task = kthread_create(fn, run, "%s", run->kcase->name);

	if (IS_ERR(task))
		return (int)PTR_ERR(task);
	kthread_set_expendable(task);
	kthread_bind(task, 0);
	get_task_struct(task);
	wake_up_process(task);
	wait_for_end(run, task);
	kthread_join(task);
	put_task_struct(task);
	if (run->killed)
		kill_helpers(run);
	return 0;
}

/* ---- the case ---- */

static unsigned int reports_judged;	/* [o] the runner */

unsigned int ktest_reports_judged(void)
{
	return reports_judged;
}

/* A failure that was injected may well fail the case, but not in any of these ways. */
static void judge(struct case_run *run, unsigned int warnings_before)
{
	unsigned int warnings = warn_count() - warnings_before;
	const char *suite = run->suite->name;
	struct kunit *test = &run->test;
	bool faulted = ktest_fault_end(test);

	reports_judged += warnings;
	if (faulted)
		test->status = KUNIT_SUCCESS;
	if (run->killed == -ETIME)
		kunit_fail(test, suite, 0, "did not end within %u ms", timeout_ms(run));
	else if (run->killed)
		kunit_fail(test, suite, 0, "a fault ended it");
	if (warnings != test->warnings) {
		kunit_fail(test, suite, 0, "%u unexpected warnings", warnings - test->warnings);
		kunit_log_reports(test, warnings_before);
	}
	if (test->status == KUNIT_SUCCESS && !test->checks && !faulted)
		kunit_fail(test, suite, 0, "the case checked nothing");
	ktest_usage_judge(test, USAGE_CASE, !run->killed);
}

static void begin_case(struct case_run *run)
{
	run->killed = 0;
	run->test = (struct kunit){
		.name = run->kcase->name,
		.param_value = run->param,
		.param_index = run->param_index,
	};
	INIT_LIST_HEAD(&run->test.resources);
	if (run->param) {
		snprintf(run->label, sizeof(run->label), "%s[%d]", run->kcase->name,
			 run->param_index);
		run->test.name = run->label;
	}
}

void ktest_run_once(struct case_run *run)
{
	unsigned int warnings = warn_count();
	int err;

	clear_warn_once();
	ktest_usage_read(USAGE_CASE);
	begin_case(run);
	err = run_in_task(run_body, run);
	if (!err && run->suite->exit)
		err = run_in_task(run_exit, run);
	while (!err && !list_empty(&run->test.resources))
		err = run_in_task(run_cleanup, run);
	if (err)
		kunit_fail(&run->test, run->suite->name, 0, "no task for the case: %d", err);
	judge(run, warnings);
}
