/* SPDX-License-Identifier: MIT */
/*
 * Processors one at a time, in an order that a number decides.
 *
 * While a test has begun it, one processor has the turn and the others wait, with interrupts off,
 * at the point where they gave it away. At each sched_point() (<lib/sched_point.h>) the one that
 * has the turn draws who goes on. A processor that sleeps for want of work is out of the draw
 * until it is sent an interrupt, or one of its own ends the sleep. So all that happens between two
 * points happens at once, and the same number gives the same order.
 *
 * For kernel/ktest_interleave.c; and for what puts processors to sleep, wakes or stops them.
 */
#ifndef KERNEL_INTERLEAVE_H
#define KERNEL_INTERLEAVE_H

#include <lib/compiler.h>
#include <lib/types.h>

#ifdef CONFIG_INTERLEAVE

struct interleave_result {
	u32 points;		/* how many there were */
	u32 order;		/* of all that was drawn; equal orders have equal numbers */
	bool cut_short;		/* there was no end of them */
};

/*
 * From here on the caller has the turn, and every other processor waits or sleeps.
 * Context: task, one at a time. Return: 0; -EBUSY if another processor does not fall asleep.
 */
int __must_check interleave_begin(u32 seed);

/* All go on as they like. Context: any; also if it was not begun. */
void interleave_end(void);

/* Of the last one that ended. Context: any. */
struct interleave_result interleave_result(void);

/* This processor is about to wait for an interrupt; it has. Context: the idle task, irqs off. */
void interleave_idle_enter(void);
void interleave_idle_exit(void);

/* The processor has been sent an interrupt. Context: any. */
void interleave_kick(unsigned int cpu);

#else

static inline void interleave_end(void)
{
}

static inline void interleave_idle_enter(void)
{
}

static inline void interleave_idle_exit(void)
{
}

static inline void interleave_kick(unsigned int cpu)
{
	(void)cpu;
}

#endif

#endif
