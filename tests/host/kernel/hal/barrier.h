/* SPDX-License-Identifier: MIT */
/*
 * One thread, which nobody watches: who waits here for another waits for ever.
 */
#ifndef HAL_BARRIER_H
#define HAL_BARRIER_H

#include <lib/compiler.h>

void machine_stuck(const char *why) __noreturn;
/* Who waits for an interrupt gets it. */
void machine_relax(void);

#define isb()		barrier()
#define dsb(scope)	barrier()
#define dmb(scope)	barrier()
#define mb()		barrier()
#define rmb()		barrier()
#define wmb()		barrier()
#define dma_mb()	barrier()
#define dma_rmb()	barrier()
#define dma_wmb()	barrier()
#define cpu_relax()	machine_relax()

/* The compiler knows nothing of the variable's value from here on. */
#define OPTIMIZER_HIDE_VAR(var)	__asm__("" : "+r" (var))

#endif
