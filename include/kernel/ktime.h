/* SPDX-License-Identifier: MIT */
/*
 * ktime_t: times and spans of time in nanoseconds, signed, 64 bits (292 years).
 * Context: any, for all of this header.
 */
#ifndef KERNEL_KTIME_H
#define KERNEL_KTIME_H

#include <kernel/jiffies.h>
#include <lib/math.h>
#include <lib/types.h>

typedef s64 ktime_t;

#define KTIME_MAX	((s64)~(1ULL << 63))
#define KTIME_MIN	(-KTIME_MAX - 1)

static inline ktime_t ktime_set(s64 secs, unsigned long nsecs)
{
	return secs * NSEC_PER_SEC + (s64)nsecs;
}

static inline ktime_t ns_to_ktime(u64 ns)
{
	return (ktime_t)ns;
}

static inline ktime_t us_to_ktime(u64 us)
{
	return (ktime_t)us * NSEC_PER_USEC;
}

static inline ktime_t ms_to_ktime(u64 ms)
{
	return (ktime_t)ms * NSEC_PER_MSEC;
}

static inline s64 ktime_to_ns(ktime_t kt)
{
	return kt;
}

/* Rounds towards zero. */
static inline s64 ktime_divns(ktime_t kt, u32 div)
{
	return kt < 0 ? -(s64)div_u64((u64)-kt, div) : (s64)div_u64((u64)kt, div);
}

static inline s64 ktime_to_us(ktime_t kt)
{
	return ktime_divns(kt, NSEC_PER_USEC);
}

static inline s64 ktime_to_ms(ktime_t kt)
{
	return ktime_divns(kt, NSEC_PER_MSEC);
}

static inline ktime_t ktime_add(ktime_t a, ktime_t b)
{
	return a + b;
}

static inline ktime_t ktime_sub(ktime_t a, ktime_t b)
{
	return a - b;
}

static inline ktime_t ktime_add_ns(ktime_t kt, u64 ns)
{
	return kt + (s64)ns;
}

static inline ktime_t ktime_sub_ns(ktime_t kt, u64 ns)
{
	return kt - (s64)ns;
}

static inline ktime_t ktime_add_us(ktime_t kt, u64 us)
{
	return kt + us_to_ktime(us);
}

static inline ktime_t ktime_add_ms(ktime_t kt, u64 ms)
{
	return kt + ms_to_ktime(ms);
}

static inline s64 ktime_us_delta(ktime_t later, ktime_t earlier)
{
	return ktime_to_us(later - earlier);
}

static inline s64 ktime_ms_delta(ktime_t later, ktime_t earlier)
{
	return ktime_to_ms(later - earlier);
}

/* The sum of two that are not negative, or KTIME_MAX if that is too far. */
static inline ktime_t ktime_add_safe(ktime_t a, ktime_t b)
{
	ktime_t sum;

	return __builtin_add_overflow(a, b, &sum) ? KTIME_MAX : sum;
}

/* Negative, 0 or positive as a is before, at or after b. */
static inline int ktime_compare(ktime_t a, ktime_t b)
{
	return (a > b) - (a < b);
}

static inline bool ktime_after(ktime_t a, ktime_t b)
{
	return a > b;
}

static inline bool ktime_before(ktime_t a, ktime_t b)
{
	return a < b;
}

#endif
