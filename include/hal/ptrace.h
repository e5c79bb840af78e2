/* SPDX-License-Identifier: MIT */
/*
 * The registers of the code that a fault or an interrupt stopped.
 */
#ifndef HAL_PTRACE_H
#define HAL_PTRACE_H

#include <lib/types.h>

struct pt_regs {
	unsigned long r[13];
	unsigned long sp;
	unsigned long lr;
	unsigned long pc;
	unsigned long cpsr;
	unsigned long pad;	/* keeps the stack aligned to 8 bytes */
};

#endif
