/* SPDX-License-Identifier: MIT */
/*
 * This processor: the pointer it keeps for the kernel, its numbers, its idle
 * state. The pointer (TPIDRPRW) is the running task. Context: any, for all of this header.
 */
#ifndef HAL_CPU_H
#define HAL_CPU_H

#include <hal/barrier.h>
#include <lib/compiler.h>
#include <lib/types.h>

/*
 * What hal_set_current() was given. Not volatile: within a task the value never changes, so
 * it may be kept.
 */
static __always_inline void *hal_current(void)
{
	void *p;

	__asm__("mrc p15, 0, %0, c13, c0, 4" : "=r" (p));
	return p;
}

static __always_inline void hal_set_current(void *p)
{
	__asm__ volatile("mcr p15, 0, %0, c13, c0, 4" :: "r" (p) : "memory");
}

#ifdef CONFIG_SMP

/* The number that the kernel gave this processor, 0 for the first: TPIDRURO, which no user has. */
static __always_inline unsigned int hal_cpu_index(void)
{
	unsigned int n;

	__asm__ volatile("mrc p15, 0, %0, c13, c0, 3" : "=r" (n));
	return n;
}

#else

static __always_inline unsigned int hal_cpu_index(void)
{
	return 0;
}

#endif

#define MPIDR_HWID_BITMASK	0xffffffu

/* The affinity fields of MPIDR: what the device tree's cpu nodes give as reg. */
static inline u32 hal_cpu_id(void)
{
	u32 mpidr;

	__asm__("mrc p15, 0, %0, c0, c0, 5" : "=r" (mpidr));
	return mpidr & MPIDR_HWID_BITMASK;
}

/* Which part it is: the main id register. */
static inline u32 hal_midr(void)
{
	u32 midr;

	__asm__("mrc p15, 0, %0, c0, c0, 0" : "=r" (midr));
	return midr;
}

/* The part's name, "Cortex-A15" for instance; "unknown" if it has none here. */
const char *hal_cpu_name(void);

/*
 * Sleeps until an interrupt is pending. Called with interrupts masked, so that
 * one that came between the caller's last look and here still ends the sleep.
 */
static inline void hal_idle(void)
{
	dsb(sy);
	wfi();
}

/* Masks everything and never comes back. */
void hal_halt(void) __noreturn;

#endif
