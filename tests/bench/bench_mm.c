/* SPDX-License-Identifier: MIT */
/*
 * What taking memory and giving it back cost, while some objects of that size are in
 * use.
 */
#include <test/bench.h>

#include <kernel/pool.h>
#include <kernel/slab.h>

#define OBJECT_BYTES	64
#define OTHERS		10
#define POOL_BLOCKS	(OTHERS + 1)

static bool is_none_of(const void *p, void *const *others)
{
	for (unsigned int i = 0; i < OTHERS; i++)
		if (others[i] == p)
			return false;
	return true;
}

static void bench_kmalloc_pair(struct bench *b)
{
	void *others[OTHERS];

	for (unsigned int i = 0; i < OTHERS; i++) {
		others[i] = kmalloc(OBJECT_BYTES, GFP_KERNEL);
		bench_check(b, others[i]);
	}
	for_each_bench_run(i) {
		void *p;

		bench_begin(b);
		p = kmalloc(OBJECT_BYTES, GFP_KERNEL);
		kfree(p);
		bench_end(b);
		bench_check(b, p && is_none_of(p, others));
	}
	for (unsigned int i = 0; i < OTHERS; i++)
		kfree(others[i]);
}
BENCH_CASE("kmalloc_pair", bench_kmalloc_pair);

static void bench_pool_pair(struct bench *b)
{
	u64 room[POOL_WORDS(OBJECT_BYTES, POOL_BLOCKS)];
	void *others[OTHERS];
	struct pool pool;

	bench_check(b, pool_init(&pool, room, sizeof(room), OBJECT_BYTES) == POOL_BLOCKS);
	for (unsigned int i = 0; i < OTHERS; i++) {
		others[i] = pool_alloc(&pool);
		bench_check(b, others[i]);
	}
	for_each_bench_run(i) {
		void *p;

		bench_begin(b);
		p = pool_alloc(&pool);
		pool_free(&pool, p);
		bench_end(b);
		bench_check(b, p && is_none_of(p, others));
	}
	bench_check(b, pool.used == OTHERS);
}
BENCH_CASE("pool_pair", bench_pool_pair);
