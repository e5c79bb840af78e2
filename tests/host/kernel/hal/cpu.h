/* SPDX-License-Identifier: MIT */
/*
 * One processor. It sleeps by letting the time pass up to the next timer.
 */
#ifndef HAL_CPU_H
#define HAL_CPU_H

#include <hal/barrier.h>
#include <lib/compiler.h>
#include <lib/types.h>

extern void *machine_current;

static inline void *hal_current(void)
{
	return machine_current;
}

static inline void hal_set_current(void *p)
{
	machine_current = p;
}

static inline unsigned int hal_cpu_index(void)
{
	return 0;
}

static inline u32 hal_cpu_id(void)
{
	return 0;
}

void hal_idle(void);
void hal_halt(void) __noreturn;

#endif
