/* SPDX-License-Identifier: MIT */
/*
 * Rate limits. Who moves `begin` on has the interval's first message and fills up the burst;
 * a message that comes between the two is counted with the old interval.
 */
#include <kernel/ratelimit.h>

#include <kernel/jiffies.h>
#include <kernel/printk.h>

static bool begins_interval(struct ratelimit_state *rs)
{
	unsigned long begin = READ_ONCE(rs->begin), now = jiffies;

	if (begin && time_before(now, begin + (unsigned long)rs->interval))
		return false;
	return cmpxchg(&rs->begin, begin, now ? now : 1) == begin;
}

int ___ratelimit(struct ratelimit_state *rs, const char *func)
{
	int missed;

	if (!rs->interval)
		return 1;
	if (begins_interval(rs)) {
		missed = atomic_xchg(&rs->missed, 0);
		atomic_set(&rs->left, rs->burst);
		if (missed)
			pr_warn("%s: %d callbacks suppressed\n", func, missed);
	}
	if (atomic_fetch_add(-1, &rs->left) > 0)
		return 1;
	atomic_set(&rs->left, 0);	/* it must not wrap */
	atomic_inc(&rs->missed);
	return 0;
}

int __printk_ratelimit(const char *func)
{
	static DEFINE_RATELIMIT_STATE(everybody, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);

	return ___ratelimit(&everybody, func);
}
