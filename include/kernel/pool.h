/* SPDX-License-Identifier: MIT */
/*
 * Fixed pools: a set number of blocks of one size, from memory that the caller
 * gives. Nothing is allocated later, so what the pool holds is certain to be
 * there; taking and giving back are a handful of instructions.
 *
 *   static u64 room[POOL_WORDS(64, 8)];
 *   pool_init(&p, room, sizeof(room), 64);
 *
 * Locking: the pool's lock, with interrupts off, inside the functions.
 */
#ifndef KERNEL_POOL_H
#define KERNEL_POOL_H

#include <kernel/spinlock.h>
#include <lib/math.h>
#include <lib/types.h>

struct pool {
	spinlock_t lock;
	void *free __guarded_by(&lock);	/* [lock] first free block; each begins with the next */
	unsigned int used __guarded_by(&lock);	/* [lock] */
	unsigned int total;	/* [I] */
#ifdef CONFIG_DEBUG_SLAB
	void *memory;		/* [I] */
	size_t size;		/* [I] of a block */
#endif
};

/* Whether the block is one of the pool's and taken; reports it if not. Context: any. */
#ifdef CONFIG_DEBUG_SLAB
bool pool_may_free(struct pool *pool, const void *block) __must_hold(&pool->lock);
#else
static inline bool pool_may_free(struct pool *pool, const void *block)
{
	(void)pool;
	(void)block;
	return true;
}
#endif

/* How many u64 hold n blocks of `size` bytes. */
#define POOL_WORDS(size, n)	(DIV_ROUND_UP(size, sizeof(u64)) * (n))

/*
 * Cuts `memory`, aligned for a u64, into blocks of `size` bytes rounded up to
 * 8; a size of 0 counts as 1. Returns how many there are: 0 if not one has room, and, with a
 * report by CONFIG_DEBUG, if the memory is not aligned. The memory stays the caller's.
 * Any context.
 */
unsigned int pool_init(struct pool *pool, void *memory, size_t bytes, size_t size);

/* A block, or NULL when all are out. Any context. */
static __always_inline void *__must_check pool_alloc(struct pool *pool)
{
	unsigned long flags;
	void *block;

	spin_lock_irqsave(&pool->lock, flags);
	block = pool->free;
	if (likely(block)) {
		pool->free = *(void **)block;
		pool->used++;
	}
	spin_unlock_irqrestore(&pool->lock, flags);
	return block;
}

/*
 * `block` came from this pool. With CONFIG_DEBUG_SLAB one that did not, and one that is free
 * already, is reported, and left alone. Any context.
 */
static __always_inline void pool_free(struct pool *pool, void *block)
{
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	if (pool_may_free(pool, block)) {
		*(void **)block = pool->free;
		pool->free = block;
		pool->used--;
	}
	spin_unlock_irqrestore(&pool->lock, flags);
}

#endif
