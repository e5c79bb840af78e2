/* SPDX-License-Identifier: MIT */
/*
 * The watchdog: a task that runs for 100 ms without yielding is reported, once, with its name,
 * its CPU and where it is. Nothing is preempted here, so such a task keeps all others of its
 * CPU from running.
 *
 *	watchdog.thresh_ms=20	on the command line, or `param` in the shell: after 20 ms
 *	watchdog.thresh_ms=0	never
 *
 * Time counts that its CPU spends in interrupts; of an emulator that stands still, a quarter
 * of the limit at most. A task that runs with interrupts off is not seen: nobody looks then.
 * CONFIG_WATCHDOG, off in what is measured and shipped.
 */
#ifndef KERNEL_WATCHDOG_H
#define KERNEL_WATCHDOG_H

/*
 * Sets the limit, 0: off. A CPU that is busy begins when it has been idle, the caller's at
 * once. Context: any.
 * Return: what it was.
 */
unsigned int watchdog_set(unsigned int thresh_ms);

#ifdef CONFIG_WATCHDOG

/* For the scheduler: this CPU is about to sleep, and has slept. Context: interrupts off. */
void watchdog_idle_enter(void);
void watchdog_idle_exit(void);

#else

static inline void watchdog_idle_enter(void)
{
}

static inline void watchdog_idle_exit(void)
{
}

#endif

#endif
