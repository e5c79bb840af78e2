/* SPDX-License-Identifier: MIT */
/*
 * A counter that moves when it is looked at and when everybody sleeps: time is what the kernel
 * does with it, the same in each run. The interrupt comes, if it may, when it is looked at.
 */
#ifndef HAL_ARCH_TIMER_H
#define HAL_ARCH_TIMER_H

#include <lib/types.h>

extern u32 arch_timer_rate;
extern u64 machine_count, machine_compare;

u64 arch_timer_read(void);

static inline void arch_timer_set_next(u64 count)
{
	machine_compare = count;
}

static inline void arch_timer_start(void)
{
}

static inline void arch_timer_stop(void)
{
	machine_compare = UINT64_MAX;
}

#endif
