/* SPDX-License-Identifier: MIT */
/*
 * Faults: what happened, and where. The kernel decides what becomes of it.
 */
#ifndef HAL_TRAPS_H
#define HAL_TRAPS_H

#include <hal/ptrace.h>
#include <lib/compiler.h>
#include <lib/types.h>

enum hal_fault_kind {
	HAL_FAULT_UNDEFINED,
	HAL_FAULT_PREFETCH,
	HAL_FAULT_DATA,
	HAL_FAULT_FIQ,
};

struct hal_fault {
	enum hal_fault_kind kind;
	u32 status;		/* IFSR or DFSR */
	unsigned long address;	/* what was accessed; the pc for an undefined instruction */
	bool has_address;	/* false for what the machine reports late */
	bool write;
	unsigned int depth;	/* 1; more for a fault in the handling of another */
	unsigned long outer_pc;	/* of the fault that has depth 1 */
};

/* The cause in words: "translation fault (page)", ... Any context. */
const char *hal_fault_name(const struct hal_fault *fault);

/*
 * Defined by the kernel; what it leaves in `regs` (pc, cpsr, r0-r12) is gone
 * on with. Context: the abort mode's stack, interrupts masked.
 */
void handle_fault(struct pt_regs *regs, const struct hal_fault *fault);

/*
 * For the kernel's handlers of faults and interrupts: what was stopped is not gone on with.
 * fn() is called in its place, interrupts masked, and does not return. A faulting task may
 * have no stack left: then it is called on `stack_top`, else, for NULL, on the task's own. What
 * was stopped ran in a task, with interrupts on.
 * Return: of the interrupt's, false for a handler of faults that was interrupted.
 */
void hal_fault_divert(struct pt_regs *regs, void *stack_top, void (*fn)(void));
bool __must_check hal_irq_divert(void (*fn)(void));

/*
 * Defined by the kernel: acknowledges and handles the interrupt. Context: hard irq, interrupts
 * off, on the interrupt stack.
 */
void handle_arch_irq(void);

/*
 * Reads a word that may not be there. Returns 0 or -EFAULT. Any context.
 */
int hal_probe_read(const void *addr, unsigned long *value) __must_check;

#endif
