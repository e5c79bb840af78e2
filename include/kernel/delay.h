/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a time to pass: at least as long as asked for, each of them.
 *
 * The *delay functions spin on the hardware counter, in any context, and are for some
 * microseconds. The *sleep functions let others run. All need timers_init().
 */
#ifndef KERNEL_DELAY_H
#define KERNEL_DELAY_H

#include <lib/compiler-context-analysis.h>
#include <lib/types.h>

/* Context: any; spins. */
void ndelay(unsigned long nsecs);
void udelay(unsigned long usecs);
void mdelay(unsigned long msecs);

/* Sleeps in whole jiffies, up to two more than asked for. Context: task; may sleep. */
void msleep(unsigned int msecs) __may_sleep;
void ssleep(unsigned int seconds) __may_sleep;

/*
 * Ends early if the task is woken, by kthread_stop() for instance.
 * Context: task; may sleep.
 * Return: the milliseconds that were left.
 */
unsigned long msleep_interruptible(unsigned int msecs) __may_sleep;

/*
 * At least `min_us`, and up to `max_us` if something else wakes the processor until then: the
 * two need not be close, the further apart the fewer interrupts. Context: task; may sleep.
 */
void usleep_range(unsigned long min_us, unsigned long max_us) __may_sleep;

/* Spins for up to 10 us, sleeps for more. Context: task; may sleep. */
void fsleep(unsigned long usecs);

#endif
