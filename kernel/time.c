/* SPDX-License-Identifier: MIT */
/*
 * Time: jiffies, nanoseconds and delays out of one free-running counter.
 *
 * Nothing is counted in software. Each unit is the counter's difference to its value at
 * boot times a constant, so a reading needs no lock and no memory of the last one. The
 * constants are fixed-point numbers, made once with the only divisions in here:
 *
 *	jiffies	= count * jiffies_per_count >> 64
 *	ns	= count * ns_per_count >> 32
 *	count	= ns * count_per_ns_exact >> 63, and one more if that is too early
 *
 * jiffies_per_count is rounded up: when the hardware says that a jiffy has begun, a
 * reading of jiffies says so too, and never later. (It may say so a little earlier, by
 * less than a thousandth of a jiffy a month after boot.)
 */
#include <kernel/timekeeping.h>

#include <hal/arch_timer.h>
#include <kernel/delay.h>
#include <kernel/hrtimer.h>
#include <kernel/jiffies.h>
#include <kernel/sched.h>
#include <lib/math.h>
#include <lib/minmax.h>

#include "time_priv.h"

#define FSLEEP_SPIN_MAX_US	10

/* All [I] after time_init(). The fractions have so many bits behind the point. */
static struct {
	u64 boot_count;
	u64 jiffies_per_count;	/* 0.64 */
	u64 ns_per_count;	/* 32.32 */
	u64 counts_per_us;	/* 32.32 */
	u64 counts_per_ns;	/* 32.32 */
	u64 count_per_ns_exact;	/* 1.63, the inverse of ns_per_count */
} factor;

u32 counts_per_jiffy;

/* ---- fixed-point products ---- */

/* a * b >> 64. */
static __always_inline u64 mul_high(u64 a, u64 b)
{
	u32 a0 = (u32)a, a1 = (u32)(a >> 32), b0 = (u32)b, b1 = (u32)(b >> 32);
	u64 mid = (u64)a1 * b0 + (u32)((u64)a0 * b0 >> 32);
	u64 mid2 = (u64)a0 * b1 + (u32)mid;

	return (u64)a1 * b1 + (u32)(mid >> 32) + (u32)(mid2 >> 32);
}

/* a * b >> 32, for a product of less than 2^96. */
static u64 mul_shift_32(u64 a, u64 b)
{
	u32 a0 = (u32)a, a1 = (u32)(a >> 32), b0 = (u32)b;

	return a * (b >> 32) + (u64)a1 * b0 + (u32)((u64)a0 * b0 >> 32);
}

/* ---- reading ---- */

static inline u64 count_since_boot(void)
{
	return arch_timer_read() - factor.boot_count;
}

u64 get_jiffies_64(void)
{
	return INITIAL_JIFFIES + mul_high(count_since_boot(), factor.jiffies_per_count);
}

/* Not by way of the other: half the product is enough. */
unsigned long get_jiffies(void)
{
	return INITIAL_JIFFIES +
	       (unsigned long)mul_high(count_since_boot(), factor.jiffies_per_count);
}

ktime_t ktime_get(void)
{
	return (ktime_t)mul_shift_32(count_since_boot(), factor.ns_per_count);
}

u64 local_clock(void)
{
	return factor.ns_per_count ? (u64)ktime_get() : 0;
}

u64 jiffies_to_count(u64 jiffy)
{
	return factor.boot_count + (jiffy - INITIAL_JIFFIES) * counts_per_jiffy;
}

u32 count_to_jiffies(u64 counts)
{
	return (u32)mul_high(counts, factor.jiffies_per_count);
}

u64 count_to_ns(u64 counts)
{
	return mul_shift_32(counts, factor.ns_per_count);
}

/* The product is too small by one at most, and then again by one for being cut off. */
u64 ktime_to_count(ktime_t time)
{
	u64 count;

	if (time <= 0)
		return factor.boot_count;
	count = mul_high((u64)time * 2, factor.count_per_ns_exact);
	while (mul_shift_32(count, factor.ns_per_count) < (u64)time)
		count++;
	return factor.boot_count + count;
}

/* 2^95 / n, of which 2^63 is divided first and then what is left, by a byte. */
static u64 inverse(u64 n)
{
	u64 quotient = (1ULL << 63) / n, rest = (1ULL << 63) % n;

	for (unsigned int i = 0; i < 4; i++) {
		quotient = quotient << 8 | (rest << 8) / n;
		rest = (rest << 8) % n;
	}
	return quotient;
}

/* rate / d in 32.32, or the smallest fraction more, by one_dth: 2^64 / d. */
static u64 fraction_of(u32 rate, u64 one_dth)
{
	return mul_high((u64)rate << 32, one_dth + 1);
}

void time_init(void)
{
	factor.boot_count = arch_timer_read();
	counts_per_jiffy = max(arch_timer_rate / HZ, 1u);
	factor.jiffies_per_count = ~0ULL / counts_per_jiffy + 1;
	factor.ns_per_count = ((u64)NSEC_PER_SEC << 32) / arch_timer_rate;
	factor.count_per_ns_exact = inverse(factor.ns_per_count);
	factor.counts_per_us = fraction_of(arch_timer_rate, ~0ULL / USEC_PER_SEC);
	factor.counts_per_ns = fraction_of(arch_timer_rate, ~0ULL / NSEC_PER_SEC);
}

/* ---- conversions ---- */

#define US_PER_JIFFY	(USEC_PER_SEC / HZ)
#define NS_PER_JIFFY	(NSEC_PER_SEC / HZ)

static unsigned long to_jiffies(u64 amount, u32 per_second)
{
	u32 rest;
	u64 j = div_u64_rem(amount * HZ, per_second, &rest);

	if (rest)
		j++;
	return (unsigned long)min_t(u64, j, MAX_JIFFY_OFFSET);
}

unsigned long msecs_to_jiffies(unsigned int m)
{
	if ((int)m < 0)
		return MAX_JIFFY_OFFSET;
	/* The usual HZ needs no division. */
	if (HZ == MSEC_PER_SEC)
		return min_t(unsigned long, m, MAX_JIFFY_OFFSET);
	return to_jiffies(m, MSEC_PER_SEC);
}

unsigned long usecs_to_jiffies(unsigned int u)
{
	return to_jiffies(u, USEC_PER_SEC);
}

unsigned long nsecs_to_jiffies(u64 n)
{
	u32 rest;
	u64 j = div_u64_rem(n, NS_PER_JIFFY, &rest);

	return (unsigned long)min_t(u64, j + (rest != 0), MAX_JIFFY_OFFSET);
}

unsigned int jiffies_to_msecs(unsigned long j)
{
	if (HZ == MSEC_PER_SEC)
		return (unsigned int)j;
	return (unsigned int)div_u64((u64)j * MSEC_PER_SEC, HZ);
}

unsigned int jiffies_to_usecs(unsigned long j)
{
	return (unsigned int)((u64)j * US_PER_JIFFY);
}

u64 jiffies_to_nsecs(unsigned long j)
{
	return (u64)j * NS_PER_JIFFY;
}

/* ---- delays ---- */

/*
 * The first count may be nearly over: one more. Without cpu_relax(): nobody else is waited for,
 * and a yield costs an emulator more than the rest of the loop.
 */
static void spin_counts(u64 counts)
{
	u64 start = arch_timer_read();

	while (arch_timer_read() - start <= counts)
		;
}

void ndelay(unsigned long nsecs)
{
	spin_counts(mul_shift_32(nsecs, factor.counts_per_ns) + 1);
}

void udelay(unsigned long usecs)
{
	spin_counts(mul_shift_32(usecs, factor.counts_per_us) + 1);
}

void mdelay(unsigned long msecs)
{
	while (msecs--)
		udelay(USEC_PER_MSEC);
}

/* The jiffy in which it begins is partly over: one more. */
static long sleep_jiffies(unsigned long j)
{
	return (long)j + 1;
}

void msleep(unsigned int msecs)
{
	long left = sleep_jiffies(msecs_to_jiffies(msecs));

	while (left)
		left = schedule_timeout_uninterruptible(left);
}

void ssleep(unsigned int seconds)
{
	might_sleep();
	while (seconds--)
		msleep(MSEC_PER_SEC);
}

unsigned long msleep_interruptible(unsigned int msecs)
{
	long left = schedule_timeout_interruptible(sleep_jiffies(msecs_to_jiffies(msecs)));

	return jiffies_to_msecs((unsigned long)left);
}

void usleep_range(unsigned long min_us, unsigned long max_us)
{
	ktime_t from = ktime_add_us(ktime_get(), min_us);
	u64 range_ns = (u64)(max(max_us, min_us) - min_us) * NSEC_PER_USEC;

	do
		__set_current_state(TASK_UNINTERRUPTIBLE);
	while (schedule_hrtimeout_range(&from, range_ns, HRTIMER_MODE_ABS));
}

void fsleep(unsigned long usecs)
{
	if (usecs <= FSLEEP_SPIN_MAX_US)
		udelay(usecs);
	else
		usleep_range(usecs, 2 * usecs);
}
