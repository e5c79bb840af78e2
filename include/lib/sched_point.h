/* SPDX-License-Identifier: MIT */
/*
 * The points at which a test may let another processor go first: where locks, atomic
 * operations and barriers are, since it is there that an order between processors is made
 * or missing. With CONFIG_INTERLEAVE the kernel defines both (kernel/interleave.c, see
 * <test/interleave.h>); in any other build they are nothing.
 *
 * Context: any.
 */
#ifndef LIB_SCHED_POINT_H
#define LIB_SCHED_POINT_H

#ifdef CONFIG_INTERLEAVE

/* Another processor may go first. */
void sched_point(void);

/* The caller can only wait for another processor, which goes first if there is one. */
void sched_point_stuck(void);

#else

static inline void sched_point(void)
{
}

static inline void sched_point_stuck(void)
{
}

#endif

#endif
