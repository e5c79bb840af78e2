/* SPDX-License-Identifier: MIT */
/*
 * The lock checker's reports: where a lock was taken, and what tasks hold.
 *
 * A report is made of the log, which has locks itself: what its task takes meanwhile is not
 * looked at.
 *
 * Locking: none. A task's stack of locks is read as it stands.
 */
#include <kernel/lockdep.h>

#include <hal/unwind.h>
#include <kernel/ksyms.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/stacktrace.h>
#include <lib/atomic.h>

#include "lockdep_priv.h"
#include "sched_priv.h"

atomic_t lockdep_reporters;

static bool in_same_function(unsigned long a, unsigned long b)
{
	const char *name = ksyms_lookup(a, NULL, NULL);

	return name && name == ksyms_lookup(b, NULL, NULL);
}

/* What clang takes for the frame's address can be below it: then the taker comes a second time. */
void lock_held_trace(const struct task_struct *p, const struct held_lock *held,
		     unsigned long trace[LOCKDEP_TRACE])
{
	unsigned int nr = 0;
	struct hal_unwind u;
	bool more = true;

	trace[nr++] = held->ip;
	if (p == current)
		hal_unwind_start(&u, NULL);
	else	/* of one that runs on another CPU nobody knows where it is */
		more = !task_has_cpu(p) && hal_unwind_start_context(&u, &p->context);
	while (more && nr < LOCKDEP_TRACE && hal_unwind_next(&u))
		if (u.in_irq == held->in_irq && u.r[13] > held->sp &&
		    !(nr == 1 && in_same_function(held->ip, u.r[15])))
			trace[nr++] = u.r[15];
	if (nr < LOCKDEP_TRACE)
		trace[nr] = 0;
}

void lock_held_print(const struct task_struct *p, const struct held_lock *held)
{
	unsigned long trace[LOCKDEP_TRACE];

	lock_held_trace(p, held, trace);
	pr_warn("%s%s, %s at\n", held->map->name, held->in_irq ? " (by an interrupt)" : "",
		held->taken ? "taken" : "being taken");
	stack_trace_print(trace, LOCKDEP_TRACE, 2);
}

void debug_show_held_locks(const struct task_struct *p)
{
	const struct lockdep_task *t = &p->lockdep;

	pr_warn("%s/%d holds %u locks%s\n", p->comm, p->pid, t->depth, t->depth ? ":" : "");
	for (unsigned int i = t->depth; i > 0; i--)
		lock_held_print(p, &t->held[i - 1]);
}

void lockdep_look_away(void)
{
	current->lockdep.reporting = true;
	atomic_inc(&lockdep_reporters);
}

void lockdep_report_end(void)
{
	report_end();
	atomic_dec(&lockdep_reporters);
	current->lockdep.reporting = false;
}

void lock_checker_full(const char *what)
{
	static bool said __section(".bss.once");	/* [g] or alone */

	if (said)
		return;
	said = true;
	lockdep_report_begin("the lock checker has no room for more %s", what);
	lockdep_report_end();
}
