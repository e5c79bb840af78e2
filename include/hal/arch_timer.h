/* SPDX-License-Identifier: MIT */
/*
 * The generic timer of the architecture (ARM DDI 0406C, chapter B8): the
 * virtual count and its comparator, one of each per processor. In units of
 * ticks of arch_timer_rate Hz. Context: any, of the processor whose timer it is.
 */
#ifndef HAL_ARCH_TIMER_H
#define HAL_ARCH_TIMER_H

#include <hal/barrier.h>
#include <lib/types.h>

#define CNTV_CTL_ENABLE		0x1u
#define CNTV_CTL_IMASK		0x2u
#define CNTV_CTL_ISTATUS	0x4u

/* Ticks a second. Read-only after arch_timer_init(). */
extern u32 arch_timer_rate;

/*
 * Learns the rate from CNTFRQ, or from `tree_rate` (the node's clock-frequency, which is
 * for firmware that sets CNTFRQ wrong) if that is not 0. Once, before anything else here.
 * Context: boot.
 * Return: 0; -ENODEV: the core has no generic timer; -EINVAL: neither says the rate.
 */
int arch_timer_init(u32 tree_rate);

/* The isb keeps the read from being done early, ahead of what it is to time. */
static inline u64 arch_timer_read(void)
{
	u64 count;

	isb();
	__asm__ volatile("mrrc p15, 1, %Q0, %R0, c14" : "=r" (count));
	return count;
}

/* Interrupts once when the count reaches `cval`; at once if it is past. If it is started. */
static inline void arch_timer_set_next(u64 cval)
{
	__asm__ volatile("mcrr p15, 3, %Q0, %R0, c14" :: "r" (cval));
	isb();
}

/* From now on it interrupts when its time has come. */
static inline void arch_timer_start(void)
{
	__asm__ volatile("mcr p15, 0, %0, c14, c3, 1" :: "r" (CNTV_CTL_ENABLE));
	isb();
}

/* No interrupt any more, until it is started. */
static inline void arch_timer_stop(void)
{
	__asm__ volatile("mcr p15, 0, %0, c14, c3, 1" :: "r" (0));
	isb();
}

#endif
