/* SPDX-License-Identifier: MIT */
/*
 * A counter that stands still unless the test moves it, and its comparator.
 */
#ifndef HAL_ARCH_TIMER_H
#define HAL_ARCH_TIMER_H

#include <lib/types.h>

extern u32 arch_timer_rate;
extern u64 machine_count, machine_compare;

static inline u64 arch_timer_read(void)
{
	return machine_count;
}

static inline void arch_timer_set_next(u64 count)
{
	machine_compare = count;
}

static inline void arch_timer_start(void)
{
}

#endif
