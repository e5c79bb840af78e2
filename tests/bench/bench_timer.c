/* SPDX-License-Identifier: MIT */
/*
 * What arming and cancelling a timer cost: the timeout that never comes.
 *
 *	now ... first ... [the timer] ... the others, one each jiffy
 *
 * timer_pair arms it behind the first of the others, with ten of them and with ten
 * thousand; timer_pair_first before them all, each time earlier than the time before,
 * since a cancelled timer leaves the hardware as it is. timer_pair_in reads the
 * clock as well, as one does who says "in 100 ms".
 */
#include <test/bench.h>

#include <hal/barrier.h>
#include <kernel/jiffies.h>
#include <kernel/slab.h>
#include <kernel/timer.h>

#define FEW		10
#define MANY		10000
#define SPAN		100000	/* jiffies until the first of the others */

struct timeout {
	struct timer_list timer;
	unsigned int fired;
};

static void timed_out(struct timer_list *t)
{
	struct timeout *timeout = from_timer(timeout, t, timer);

	WRITE_ONCE(timeout->fired, timeout->fired + 1);
}

/* `n` timers, pending from SPAN jiffies on; NULL without memory. */
static struct timeout *arm_others(struct bench *b, unsigned int n)
{
	struct timeout *others = kcalloc(n, sizeof(*others), GFP_KERNEL);

	if (!bench_check(b, others))
		return NULL;
	for (unsigned int i = 0; i < n; i++) {
		timer_setup(&others[i].timer, timed_out, 0);
		mod_timer(&others[i].timer, jiffies + SPAN + i);
	}
	return others;
}

/* All of them are pending to the end. */
static void cancel_others(struct bench *b, struct timeout *others, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		bench_check(b, del_timer_sync(&others[i].timer) == 1);
	kfree(others);
}

static void measure_pair(struct bench *b, unsigned int n)
{
	struct timeout *others = arm_others(b, n), t = { .fired = 0 };
	unsigned long expires = jiffies + SPAN + FEW / 2;
	int was_armed;

	if (!others)
		return;
	timer_setup_on_stack(&t.timer, timed_out, 0);
	for_each_bench_run(i) {
		bench_begin(b);
		mod_timer(&t.timer, expires);
		was_armed = del_timer(&t.timer);
		bench_end(b);
		bench_check(b, was_armed == 1);
	}
	cancel_others(b, others, n);
}

static void bench_timer_pair(struct bench *b)
{
	measure_pair(b, FEW);
}
BENCH_CASE("timer_pair", bench_timer_pair);

static void bench_timer_pair_10000(struct bench *b)
{
	measure_pair(b, MANY);
}
BENCH_CASE("timer_pair_10000", bench_timer_pair_10000);

static void bench_timer_pair_in(struct bench *b)
{
	struct timeout *others = arm_others(b, FEW), t = { .fired = 0 };
	int was_armed;

	if (!others)
		return;
	timer_setup_on_stack(&t.timer, timed_out, 0);
	for_each_bench_run(i) {
		bench_begin(b);
		mod_timer(&t.timer, jiffies + SPAN + FEW / 2);
		was_armed = del_timer(&t.timer);
		bench_end(b);
		bench_check(b, was_armed == 1);
	}
	cancel_others(b, others, FEW);
}
BENCH_CASE("timer_pair_in", bench_timer_pair_in);

/* That the hardware was set is seen from the last of them, which is not cancelled. */
static void bench_timer_pair_first(struct bench *b)
{
	struct timeout *others = arm_others(b, FEW), first = { .fired = 0 };
	unsigned long expires = jiffies + SPAN;
	int was_armed;

	if (!others)
		return;
	timer_setup_on_stack(&first.timer, timed_out, 0);
	for_each_bench_run(i) {
		expires -= HZ / 10;
		bench_begin(b);
		mod_timer(&first.timer, expires);
		was_armed = del_timer(&first.timer);
		bench_end(b);
		bench_check(b, was_armed == 1);
	}
	expires = jiffies + 2;
	mod_timer(&first.timer, expires);
	while (time_before_eq(jiffies, expires))
		cpu_relax();
	bench_check(b, READ_ONCE(first.fired) == 1);
	cancel_others(b, others, FEW);
}
BENCH_CASE("timer_pair_first", bench_timer_pair_first);
