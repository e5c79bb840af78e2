/* SPDX-License-Identifier: MIT */
/*
 * A counter that moves when it is looked at and when everybody sleeps: time is what the kernel
 * does with it, the same in each run.
 */
#ifndef HAL_ARCH_TIMER_H
#define HAL_ARCH_TIMER_H

#include <lib/types.h>

#define MACHINE_COUNTS_PER_LOOK	8	/* of 62.5 MHz */

extern u32 arch_timer_rate;
extern u64 machine_count, machine_compare;

static inline u64 arch_timer_read(void)
{
	return machine_count += MACHINE_COUNTS_PER_LOOK;
}

static inline void arch_timer_set_next(u64 count)
{
	machine_compare = count;
}

static inline void arch_timer_stop(void)
{
	machine_compare = UINT64_MAX;
}

#endif
