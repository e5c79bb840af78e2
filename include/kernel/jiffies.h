/* SPDX-License-Identifier: MIT */
/*
 * Jiffies: coarse time, in units of 1/HZ of a second (HZ is 1000).
 *
 * Nothing counts them: they are derived from the hardware counter when they are read,
 * so they go on through any sleep and are right in any context. A jiffy is a whole
 * number of the counter's ticks, at most HZ/rate shorter than it should be.
 *
 * `jiffies` begins five minutes before it wraps, so that code which compares it wrongly
 * fails early: use time_after() and its relatives.
 */
#ifndef KERNEL_JIFFIES_H
#define KERNEL_JIFFIES_H

#include <lib/compiler.h>
#include <lib/math.h>
#include <lib/types.h>

#define HZ			CONFIG_HZ
#define MSEC_PER_SEC		1000L
#define USEC_PER_MSEC		1000L
#define NSEC_PER_USEC		1000L
#define NSEC_PER_MSEC		1000000L
#define USEC_PER_SEC		1000000L
#define NSEC_PER_SEC		1000000000L

#define INITIAL_JIFFIES		((unsigned long)(u32)(-300 * HZ))
#define MAX_JIFFY_OFFSET	((unsigned long)((long)(~0UL >> 1) >> 1) - 1)

/* Context of both: any. INITIAL_JIFFIES before timers_init(). */
unsigned long get_jiffies(void);
u64 get_jiffies_64(void);

#define jiffies		get_jiffies()
#define jiffies_64	get_jiffies_64()

/* Whether a is after b, for times less than half the range apart. */
#define time_after(a, b)	((long)((unsigned long)(b) - (unsigned long)(a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_after_eq(a, b)	((long)((unsigned long)(a) - (unsigned long)(b)) >= 0)
#define time_before_eq(a, b)	time_after_eq(b, a)
#define time_in_range(a, b, c)	(time_after_eq(a, b) && time_before_eq(a, c))
#define time_after64(a, b)	((s64)((u64)(b) - (u64)(a)) < 0)
#define time_before64(a, b)	time_after64(b, a)
#define time_is_before_jiffies(a)	time_after(jiffies, a)
#define time_is_after_jiffies(a)	time_before(jiffies, a)

/*
 * To jiffies rounds up, so that a wait is never shorter than asked for, and ends at
 * MAX_JIFFY_OFFSET; a negative number of milliseconds means that too. From jiffies
 * rounds down. Context: any.
 */
unsigned long msecs_to_jiffies(unsigned int m);
unsigned long usecs_to_jiffies(unsigned int u);
unsigned long nsecs_to_jiffies(u64 n);
unsigned int jiffies_to_msecs(unsigned long j);
unsigned int jiffies_to_usecs(unsigned long j);
u64 jiffies_to_nsecs(unsigned long j);

#endif
