/* SPDX-License-Identifier: MIT */
/*
 * Faults of the kernel's own code: what happened, then panic, which shows
 * where. An access to the page below a stack is named for what it is: that
 * stack overflowed.
 *
 * With CONFIG_FAULT_ISOLATION a fault may also be the end of the task and no
 * more: see oops.c.
 */
#include <hal/traps.h>
#include <hal/irqflags.h>
#include <hal/memory.h>
#include <hal/smp.h>
#include <kernel/kthread.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/vmalloc.h>
#include <lib/kconfig.h>

#include "oops_priv.h"

/* More at a time, and the next one does without a look at the task. */
#define FAULTS_MAX	2

extern char _boot_stack_guard[];

void print_regs(const char *level, const struct pt_regs *regs)
{
	const unsigned long *r = regs->r;

	/* SAFETY: printed, not followed. */
	printk("%spc : [<%08lx>] %pS\n", level, regs->pc, (void *)regs->pc);
	printk("%slr : [<%08lx>] %pS\n", level, regs->lr, (void *)regs->lr);
	printk("%ssp : %08lx  cpsr: %08lx\n", level, regs->sp, regs->cpsr);
	for (unsigned int i = 0; i < 12; i += 4)
		printk("%sr%-2u: %08lx  r%-2u: %08lx  r%-2u: %08lx  r%-2u: %08lx\n", level, i, r[i],
		       i + 1, r[i + 1], i + 2, r[i + 2], i + 3, r[i + 3]);
	printk("%sr12: %08lx\n", level, r[12]);
}

/* Which stack ends just above `addr`; NULL if none. */
static const char *overflowed_stack(unsigned long addr)
{
	const struct hal_stacks *mine = &hal_stacks[smp_processor_id()];

	if (current && current->stack && stack_guard_hit(current->stack, addr))
		return "its stack";
	if (stack_guard_hit(mine->irq, addr))
		return "the interrupt stack";
	if (stack_guard_hit(mine->abt, addr))
		return "the abort stack";
	if (stack_guard_hit(mine->und, addr))
		return "the undefined-instruction stack";
	if (addr - (unsigned long)_boot_stack_guard < PAGE_SIZE)
		return "the boot stack";
	return NULL;
}

static const char *access_name(const struct hal_fault *fault)
{
	if (fault->kind != HAL_FAULT_DATA)
		return "execution";
	return fault->write ? "write" : "read";
}

static void kill_task(struct pt_regs *regs, const struct hal_fault *fault, const char *stack)
{
	report_abandon();	/* else this one were its title and no more */
	if (stack)
		report_begin("task %s ran off the end of %s", current->comm, stack);
	else
		report_begin("task %s: %s: %s at address %08lx", current->comm,
			     hal_fault_name(fault), access_name(fault), fault->address);
	report_end_at(regs);
	/* Nobody else is on that stack: interrupts are off until the task has left it for good. */
	hal_fault_divert(regs, stack ? hal_stacks[smp_processor_id()].und + ABT_STACK_SIZE : NULL,
			 kthread_end_killed);
}

void handle_fault(struct pt_regs *regs, const struct hal_fault *fault)
{
	const char *stack;

	/* SAFETY: printed, not followed. */
	if (fault->depth > FAULTS_MAX)
		panic_at(regs, "%s at %pS, in the handling of a fault at %pS",
			 hal_fault_name(fault), (void *)regs->pc, (void *)fault->outer_pc);
	stack = fault->has_address ? overflowed_stack(fault->address) : NULL;
	if (IS_ENABLED(CONFIG_FAULT_ISOLATION) && oops_may_kill(regs, fault)) {
		kill_task(regs, fault, stack);
		return;
	}
	if (stack)
		panic_at(regs, "stack overflow: task %s ran off the end of %s (address %08lx)",
			 current->comm, stack, fault->address);
	if (!fault->has_address)
		panic_at(regs, "%s", hal_fault_name(fault));
	panic_at(regs, "%s: %s at address %08lx", hal_fault_name(fault), access_name(fault),
		 fault->address);
}
