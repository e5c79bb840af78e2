/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU variables of a kernel for several CPUs. The variables themselves are the first CPU's
 * copies; those of the others are made at boot, in one piece of memory, so that one number takes
 * each variable to a CPU's copy. What is allocated is part of a variable, too: of `pool`.
 *
 * Locking: pool_lock for what of the pool is in use.
 */
#include <kernel/percpu.h>

#include <kernel/bug.h>
#include <kernel/fault-inject.h>
#include <kernel/mutex.h>
#include <kernel/panic.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <lib/bitmap.h>
#include <lib/math.h>
#include <lib/string.h>

#define UNIT_ALIGN	64U
#define GRAIN		8U		/* bytes */
#define GRAINS		128U

extern char __start_percpu[], __stop_percpu[];

unsigned long __per_cpu_offset[CONFIG_NR_CPUS];

static DEFINE_PER_CPU(char[GRAINS * GRAIN], pool) __aligned(UNIT_ALIGN);
static DEFINE_MUTEX(pool_lock);
static DECLARE_BITMAP(in_use, GRAINS);	/* [pool_lock] */
static DECLARE_BITMAP(is_last, GRAINS);	/* [pool_lock] of what was allocated at once */

void percpu_init(void)
{
	size_t size = (size_t)(__stop_percpu - __start_percpu);
	size_t stride = ALIGN(size, UNIT_ALIGN);
	char *unit = kmalloc((CONFIG_NR_CPUS - 1) * stride + UNIT_ALIGN, GFP_ATOMIC);

	if (!unit)
		panic("no memory for per-CPU variables");
	unit = PTR_ALIGN(unit, UNIT_ALIGN);
	for (unsigned int cpu = 1; cpu < CONFIG_NR_CPUS; cpu++, unit += stride) {
		memcpy(unit, __start_percpu, size);
		/* SAFETY: the distance is all that is kept of the two. */
		__per_cpu_offset[cpu] = (unsigned long)unit - (unsigned long)__start_percpu;
	}
}

size_t percpu_bytes_used(void)
{
	guard(mutex)(&pool_lock);
	return bitmap_weight(in_use, GRAINS) * GRAIN;
}

static void *take(unsigned int grains, size_t align)
{
	size_t mask = align > GRAIN ? align / GRAIN - 1 : 0, at;

	guard(mutex)(&pool_lock);
	at = bitmap_find_next_zero_area(in_use, GRAINS, 0, grains, mask);
	if (at >= GRAINS)
		return NULL;
	bitmap_set(in_use, (unsigned int)at, grains);
	bitmap_set(is_last, (unsigned int)at + grains - 1, 1);
	return &pool[at * GRAIN];
}

void __percpu *__alloc_percpu(size_t size, size_t align)
{
	void *ptr;

	might_sleep();
	if (IS_ENABLED(CONFIG_DEBUG) && WARN(!size || align > UNIT_ALIGN,
					     "%zu per-CPU bytes, aligned to %zu", size, align))
		return NULL;
	if (size > sizeof(pool) || should_fail(FAULT_ALLOC))
		return NULL;
	ptr = take((unsigned int)DIV_ROUND_UP(size, GRAIN), align);
	for (unsigned int cpu = 0; ptr && cpu < CONFIG_NR_CPUS; cpu++)
		memset(per_cpu_ptr(ptr, cpu), 0, size);
	return ptr;
}

/* The number of grains from `at` on that were allocated at once; 0: none were. */
static unsigned int grains_at(size_t at)
{
	unsigned int first, n = 0;

	if (at % GRAIN || at >= sizeof(pool))
		return 0;
	first = (unsigned int)at / GRAIN;
	if (!test_bit(first, in_use))
		return 0;
	if (first && test_bit(first - 1, in_use) && !test_bit(first - 1, is_last))
		return 0;
	while (!test_bit(first + n, is_last))
		n++;
	return n + 1;
}

void free_percpu(void __percpu *ptr)
{
	size_t at;
	unsigned int grains;

	might_sleep();
	if (!ptr)
		return;
	/* SAFETY: of any pointer it is asked whether it is one of the pool's. */
	at = (size_t)((unsigned long)ptr - (unsigned long)pool);
	guard(mutex)(&pool_lock);
	grains = grains_at(at);
	if (WARN(!grains, "%p is no per-CPU memory that was allocated", ptr))
		return;
	bitmap_clear(in_use, (unsigned int)(at / GRAIN), grains);
	bitmap_clear(is_last, (unsigned int)(at / GRAIN), grains);
}
