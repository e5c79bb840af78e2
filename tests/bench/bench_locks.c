/* SPDX-License-Identifier: MIT */
/*
 * What a lock costs that nobody else wants.
 */
#include <test/bench.h>

#include <kernel/mutex.h>

static void bench_mutex_pair(struct bench *b)
{
	struct mutex lock;

	mutex_init(&lock);
	mutex_lock(&lock);
	bench_check(b, mutex_is_locked(&lock));
	mutex_unlock(&lock);
	BENCH(b, mutex_lock(&lock); mutex_unlock(&lock));
	bench_check(b, !mutex_is_locked(&lock));
	mutex_destroy(&lock);
}
BENCH_CASE("mutex_pair", bench_mutex_pair);
