/* SPDX-License-Identifier: MIT */
/*
 * The watchdog: see <kernel/watchdog.h>.
 *
 * While a CPU is not idle a timer looks four times in the limit at which task runs and how
 * often it was at the scheduler. Four looks that find the same are one report. To count looks
 * and not time leaves out what passes while an emulator stands still. An idle CPU has no
 * timer.
 *
 * Locks: [c] of this CPU, interrupts off.
 */
#include <kernel/watchdog.h>

#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/jiffies.h>
#include <kernel/moduleparam.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <lib/minmax.h>

#include "sched_priv.h"

#define LOOKS	4

static unsigned int thresh_ms = 100;	/* [a] */

static struct watch {
	struct timer_list timer;
	int pid;			/* [c] who ran at the last look */
	unsigned long turns;		/* [c] and how often it had been at the scheduler */
	unsigned int looks;		/* [c] that found the same since */
} watches[CONFIG_NR_CPUS];

static struct watch *this_watch(void)
{
	return &watches[smp_processor_id()];
}

static void arm(struct watch *w)
{
	unsigned int ms = READ_ONCE(thresh_ms);

	if (ms)
		mod_timer(&w->timer, jiffies + max(msecs_to_jiffies(ms) / LOOKS, 1UL));
}

/* What it yields to itself counts as well: nobody else wanted to run. */
static void look(struct timer_list *t)
{
	struct watch *w = from_timer(w, t, timer);
	struct task_struct *p = current;
	unsigned long turns = p->nvcsw + READ_ONCE(this_cpu()->stays);

	if (is_idle_task(p))
		return;
	if (p->pid != w->pid || turns != w->turns) {
		w->pid = p->pid;
		w->turns = turns;
		w->looks = 0;
	} else if (++w->looks == LOOKS) {
		report_begin("task %s (%d) runs and has not yielded for %u ms", p->comm, p->pid,
			     READ_ONCE(thresh_ms));
		report_end();
	}
	arm(w);
}

void watchdog_idle_enter(void)
{
	struct watch *w = this_watch();

	if (timer_pending(&w->timer))
		del_timer(&w->timer);
}

/* Before the initcall there is no timer. */
void watchdog_idle_exit(void)
{
	struct watch *w = this_watch();

	if (w->timer.function)
		arm(w);
}

unsigned int watchdog_set(unsigned int ms)
{
	unsigned int before = READ_ONCE(thresh_ms);

	WRITE_ONCE(thresh_ms, ms);
	guard(irqsave)();
	watchdog_idle_enter();
	watchdog_idle_exit();
	return before;
}

static int set_thresh(const char *val, const struct kernel_param *kp)
{
	int err = param_ops_uint.set(val, kp);

	if (!err)
		watchdog_set(thresh_ms);
	return err;
}

static int get_thresh(char *buffer, const struct kernel_param *kp)
{
	return param_ops_uint.get(buffer, kp);
}

static const struct kernel_param_ops thresh_ops = { .set = set_thresh, .get = get_thresh };
module_param_cb(thresh_ms, &thresh_ops, &thresh_ms, 0644);
MODULE_PARM_DESC(thresh_ms, "a task that runs so long without yielding is reported; 0: none is");

static int watchdog_init(void)
{
	for (unsigned int cpu = 0; cpu < CONFIG_NR_CPUS; cpu++)
		timer_setup(&watches[cpu].timer, look, TIMER_PINNED);
	guard(irqsave)();
	watchdog_idle_exit();
	return 0;
}
/* The boot itself is not watched: nobody waits beside it, and a slow console takes its time. */
late_initcall(watchdog_init);
