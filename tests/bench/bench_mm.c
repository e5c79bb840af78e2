/* SPDX-License-Identifier: MIT */
/*
 * What taking memory and giving it back cost, when some objects of that size are in
 * use already.
 */
#include <test/bench.h>

#include <kernel/pool.h>
#include <kernel/slab.h>
#include <lib/math.h>
#include <lib/string.h>

#define OBJECT_BYTES	64
#define OTHERS		10
#define POOL_BLOCKS	16
#define PATTERN		0xa5

/* Whether the object can be used, and is none of the others. */
static bool is_new_object(void *p, void *const *others)
{
	if (!p)
		return false;
	memset(p, PATTERN, OBJECT_BYTES);
	for (unsigned int i = 0; i < OTHERS; i++)
		if (others[i] == p)
			return false;
	return true;
}

static void kmalloc_runs(struct bench *b, void *const *others)
{
	for_each_bench_run(i) {
		void *p;

		bench_begin(b);
		p = kmalloc(OBJECT_BYTES, GFP_KERNEL);
		kfree(p);
		bench_end(b);
		bench_check(b, p != NULL);
	}
	scoped_guard(spinlock_irqsave, &(spinlock_t){ }) {
		void *p = kmalloc(OBJECT_BYTES, GFP_ATOMIC);

		bench_check(b, is_new_object(p, others));
		kfree(p);
	}
}
