/* SPDX-License-Identifier: MIT */
/*
 * One thread, which nobody watches.
 */
#ifndef HAL_BARRIER_H
#define HAL_BARRIER_H

#include <lib/compiler.h>

#define isb()		barrier()
#define cpu_relax()	barrier()

/* The compiler knows nothing of the variable's value from here on. */
#define OPTIMIZER_HIDE_VAR(var)	__asm__("" : "+r" (var))

#endif
