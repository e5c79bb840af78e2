/* SPDX-License-Identifier: MIT */
/*
 * The time since boot, from the hardware counter: nanoseconds, never back, the same
 * on all CPUs. It is 0 until timers_init().
 *
 * The counter goes on while the system sleeps and nothing adjusts it, so Linux's
 * monotonic, boot and raw times are one.
 */
#ifndef KERNEL_TIMEKEEPING_H
#define KERNEL_TIMEKEEPING_H

#include <kernel/ktime.h>

/* Context: any. */
ktime_t ktime_get(void);

/* The same as a number; 0 as long as there is no clock. Context: any, from main()'s start on. */
u64 local_clock(void);

/* Context: any. */
static inline u64 ktime_get_ns(void)
{
	return (u64)ktime_get();
}

#define ktime_get_boottime()	ktime_get()
#define ktime_get_raw()		ktime_get()
#define ktime_get_boottime_ns()	ktime_get_ns()
#define ktime_get_raw_ns()	ktime_get_ns()

#endif
