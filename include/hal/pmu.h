/* SPDX-License-Identifier: MIT */
/*
 * Instructions retired, counted by the performance monitor (ARM DDI 0406C,
 * chapter C12, event 8). Exact and repeatable under QEMU's -icount; on hardware
 * it counts what the core says it retired. Context: any.
 */
#ifndef HAL_PMU_H
#define HAL_PMU_H

#include <hal/barrier.h>
#include <lib/compiler.h>
#include <lib/types.h>

/* Starts event counter 0. Returns -ENODEV where there is no such counter. */
int hal_instructions_start(void) __must_check;

/* How many since the counter was started, as a number that wraps. */
static __always_inline u32 hal_instructions(void)
{
	u32 count;

	__asm__ volatile("mrc p15, 0, %0, c9, c13, 2" : "=r" (count) :: "memory");
	return count;
}

#endif
