/* SPDX-License-Identifier: MIT */
/*
 * Without CONFIG_BACKTRACE: no tables say how a function is left, so the first frame is the
 * only one.
 */
#include <hal/unwind.h>
#include <hal/irqflags.h>
#include <hal/traps.h>

/* Assembly names these all the same. */
void __aeabi_unwind_cpp_pr0(void);
void __aeabi_unwind_cpp_pr1(void);
void __aeabi_unwind_cpp_pr0(void) { }
void __aeabi_unwind_cpp_pr1(void) { }

bool hal_unwind_next(struct hal_unwind *u)
{
	(void)u;
	return false;
}

bool hal_unwind_start_context(struct hal_unwind *u, const struct hal_context *c)
{
	(void)u;
	(void)c;
	return false;
}

void hal_unwind_start(struct hal_unwind *u, const struct pt_regs *regs)
{
	u->r[15] = regs ? regs->pc : (unsigned long)__builtin_return_address(0);
	u->exact = regs;
	u->in_irq = regs ? (regs->cpsr & PSR_MODE_MASK) == PSR_MODE_IRQ : in_hardirq();
}
