/* SPDX-License-Identifier: MIT */
/*
 * Backtraces from the exception index tables (Arm IHI 0038, EHABI): no frame
 * pointer, and a way through the interrupt's frame to what it interrupted.
 */
#ifndef HAL_UNWIND_H
#define HAL_UNWIND_H

#include <hal/context.h>
#include <hal/ptrace.h>
#include <lib/compiler.h>
#include <lib/types.h>

struct hal_unwind {
	unsigned long r[16];	/* r13 = sp, r14 = lr, r15 = pc */
	bool exact;		/* pc is the instruction itself, not a return address */
	bool in_irq;		/* the interrupt's frame is still to come */
	bool sp_unsure;		/* may be too low, by what assembly without a table has pushed */
};

/* Begins at `regs`; with NULL, at the caller. Any context. */
void hal_unwind_start(struct hal_unwind *u, const struct pt_regs *regs);

/* Begins where a task that does not run goes on. False if its stack cannot be read. Any context. */
bool hal_unwind_start_context(struct hal_unwind *u, const struct hal_context *c) __must_check;

/* Moves u to the caller. Returns false at the end, or where nothing is known. Any context. */
bool hal_unwind_next(struct hal_unwind *u);

#endif
