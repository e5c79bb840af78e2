/* SPDX-License-Identifier: MIT */
/*
 * Faults of the kernel's own code: what happened, then panic, which shows
 * where. An access to the page below a stack is named for what it is: that
 * stack overflowed.
 */
#include <hal/traps.h>
#include <hal/memory.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/vmalloc.h>
#include <lib/math.h>

/* More at a time, and the next one does without a look at the task. */
#define FAULTS_MAX	2

extern char _irq_stack_guard[], _abt_stack_guard[], _und_stack_guard[], _boot_stack_guard[];

void show_regs(const struct pt_regs *regs)
{
	pr_emerg("pc : [<%08lx>] %pS\n", regs->pc, (void *)regs->pc);
	pr_emerg("lr : [<%08lx>] %pS\n", regs->lr, (void *)regs->lr);
	pr_emerg("sp : %08lx  cpsr: %08lx\n", regs->sp, regs->cpsr);
	for (unsigned int i = 0; i < 12; i += 4)
		pr_emerg("r%-2u: %08lx  r%-2u: %08lx  r%-2u: %08lx  r%-2u: %08lx\n", i, regs->r[i],
			 i + 1, regs->r[i + 1], i + 2, regs->r[i + 2], i + 3, regs->r[i + 3]);
	pr_emerg("r12: %08lx\n", regs->r[12]);
}

/* Which stack ends just above `addr`; NULL if none. */
static const char *overflowed_stack(unsigned long addr)
{
	static const struct {
		const char *guard;
		const char *name;
	} stacks[] = {
		{ _irq_stack_guard, "the interrupt stack" },
		{ _abt_stack_guard, "the abort stack" },
		{ _und_stack_guard, "the undefined-instruction stack" },
		{ _boot_stack_guard, "the boot stack" },
	};

	if (current && current->stack && stack_guard_hit(current->stack, addr))
		return "its stack";
	for (size_t i = 0; i < ARRAY_SIZE(stacks); i++)
		if (addr - (unsigned long)stacks[i].guard < PAGE_SIZE)
			return stacks[i].name;
	return NULL;
}

static const char *access_name(const struct hal_fault *fault)
{
	if (fault->kind != HAL_FAULT_DATA)
		return "execution";
	return fault->write ? "write" : "read";
}

void handle_fault(struct pt_regs *regs, const struct hal_fault *fault)
{
	const char *stack;

	if (fault->depth > FAULTS_MAX)
		panic_at(regs, "%s at %pS, in the handling of a fault at %pS",
			 hal_fault_name(fault), (void *)regs->pc, (void *)fault->outer_pc);
	stack = fault->has_address ? overflowed_stack(fault->address) : NULL;
	if (stack)
		panic_at(regs, "stack overflow: task %s ran off the end of %s (address %08lx)",
			 current->comm, stack, fault->address);
	if (!fault->has_address)
		panic_at(regs, "%s", hal_fault_name(fault));
	panic_at(regs, "%s: %s at address %08lx", hal_fault_name(fault), access_name(fault),
		 fault->address);
}
