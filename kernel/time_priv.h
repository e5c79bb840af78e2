/* SPDX-License-Identifier: MIT */
/*
 * What time.c tells the timers of the counter.
 */
#ifndef TIME_PRIV_H
#define TIME_PRIV_H

#include <kernel/ktime.h>
#include <lib/types.h>

/* Learns the counter's rate and makes now the time 0. Context: boot. */
void time_init(void);

/* [I] after time_init() */
extern u32 counts_per_jiffy;

/* The counter's value when the jiffy begins. Context: any. */
u64 jiffies_to_count(u64 jiffy);

/* How many jiffies so many counts are, rounded down, up to 2^32. Context: any. */
u32 count_to_jiffies(u64 counts);

/* How long so many counts are, in ns. Context: any. */
u64 count_to_ns(u64 counts);

/* The counter's first value at which ktime_get() is not before `time`. Context: any. */
u64 ktime_to_count(ktime_t time);

#endif
