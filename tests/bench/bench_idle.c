/* SPDX-License-Identifier: MIT */
/*
 * What a second costs in which there is nothing to do but wait for its end.
 */
#include <test/bench.h>

#include <kernel/delay.h>
#include <kernel/ktime.h>
#include <kernel/timekeeping.h>

static void bench_idle_second(struct bench *b)
{
	for_each_bench_run(i) {
		ktime_t before = ktime_get();

		bench_begin(b);
		msleep(MSEC_PER_SEC);
		bench_end(b);
		bench_check(b, ktime_get() - before >= NSEC_PER_SEC);
	}
}
BENCH_CASE("idle_second", bench_idle_second);
