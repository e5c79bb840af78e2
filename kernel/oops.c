/* SPDX-License-Identifier: MIT */
/*
 * Which faults are the end of the task and no more: those of a test's task, and
 * with panic_on_oops=0 those of any.
 *
 * Without the lock checker nobody knows which spin locks a task holds. So this
 * is for builds that test, and in what ships a fault is the end of the machine.
 */
#include <hal/irqflags.h>
#include <kernel/kthread.h>
#include <kernel/lockdep.h>
#include <kernel/moduleparam.h>
#include <kernel/sched.h>
#include <lib/errno.h>

#include "oops_priv.h"

static bool panic_on_oops = true;	/* READ_ONCE */
core_param(panic_on_oops, panic_on_oops, bool, 0644);
MODULE_PARM_DESC(panic_on_oops, "a fault of any task stops the kernel, not the task alone");

bool oops_may_kill(const struct pt_regs *regs, const struct hal_fault *fault)
{
	struct task_struct *task = current;

	if (!fault->has_address)
		return false;
	/* Interrupts, faults that are being handled, panics: another mode or interrupts off. */
	if ((regs->cpsr & PSR_MODE_MASK) != PSR_MODE_SVC || irqs_disabled_flags(regs->cpsr))
		return false;
	if (!task || !task->stack || lockdep_in_atomic())
		return false;
	if (READ_ONCE(panic_on_oops) && !kthread_is_expendable(task))
		return false;
	return kthread_begin_kill(task, -EFAULT);
}

