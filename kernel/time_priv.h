/* SPDX-License-Identifier: MIT */
/*
 * What time.c tells the timers of the counter.
 */
#ifndef TIME_PRIV_H
#define TIME_PRIV_H

#include <lib/types.h>

/* Learns the counter's rate and makes now the time 0. Context: boot. */
void time_init(void);

/* [I] after time_init() */
extern u32 counts_per_jiffy;

/* The counter's value when the jiffy begins. Context: any. */
u64 jiffies_to_count(u64 jiffy);

#endif
