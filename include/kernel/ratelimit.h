/* SPDX-License-Identifier: MIT */
/*
 * At most so many in so long: for messages that input or hardware could cause without end.
 *
 *	static DEFINE_RATELIMIT_STATE(errors, 5 * HZ, 10);
 *	if (__ratelimit(&errors))
 *		dev_warn(dev, "...\n");
 *
 * The first of an interval begins it. What was held back is told, as a number, by the first
 * that comes in a later one. pr_warn_ratelimited() and dev_warn_ratelimited() have a state of
 * their own for each place.
 *
 * Context: any, for all of this header. Locking: none; the counters are atomic.
 */
#ifndef KERNEL_RATELIMIT_H
#define KERNEL_RATELIMIT_H

#include <lib/atomic.h>
#include <lib/types.h>

#define DEFAULT_RATELIMIT_INTERVAL	(5 * CONFIG_HZ)
#define DEFAULT_RATELIMIT_BURST		10

struct ratelimit_state {
	int interval;			/* [I] in jiffies; 0: no limit */
	int burst;			/* [I] */
	unsigned long begin;		/* [a] of the interval, in jiffies; 0: none yet */
	atomic_t left;			/* [a] of the burst; negative: none */
	atomic_t missed;		/* [a] */
};

#define RATELIMIT_STATE_INIT(name, interval_init, burst_init) \
	{ .interval = interval_init, .burst = burst_init }
#define DEFINE_RATELIMIT_STATE(name, interval_init, burst_init) \
	struct ratelimit_state name = RATELIMIT_STATE_INIT(name, interval_init, burst_init)

/* Nobody uses it meanwhile. */
static inline void ratelimit_state_init(struct ratelimit_state *rs, int interval, int burst)
{
	*rs = (struct ratelimit_state)RATELIMIT_STATE_INIT(rs, interval, burst);
}

static inline void ratelimit_default_init(struct ratelimit_state *rs)
{
	ratelimit_state_init(rs, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);
}

/* Return: 1: go ahead; 0: not now. `func` is named where what was held back is told. */
int ___ratelimit(struct ratelimit_state *rs, const char *func);
#define __ratelimit(state)	___ratelimit(state, __func__)

#endif
