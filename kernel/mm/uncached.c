/* SPDX-License-Identifier: MIT */
/*
 * Pages that no cache holds.
 *
 * Memory that is mapped twice, once cached, is not that: a processor may fetch lines by the cached
 * mapping in advance. So whole sections of the linear map change their kind, when the
 * first device asks, and stay: a machine without such a device pays nothing.
 *
 *	chunk ->  | 1 to 4 MiB of the linear map, uncached; a bit of `taken` for each page |
 *
 * Locking: `lock` for the chunks. It is never held while memory is allocated.
 */
#include <kernel/dma-map-ops.h>

#include <hal/mmu.h>
#include <kernel/bug.h>
#include <kernel/fault-inject.h>
#include <kernel/mm.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/bitmap.h>
#include <lib/list.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define SECTION_ORDER	((unsigned int)(SECTION_SHIFT - PAGE_SHIFT))

/* In a page of its own, which stays as well. */
struct chunk {
	struct list_head link;		/* [lock] */
	char *base;			/* [I] */
	unsigned int pages;		/* [I] */
	unsigned long taken[BITS_TO_LONGS(BIT(MAX_ORDER))];	/* [lock] */
};

static DEFINE_SPINLOCK(lock);
static LIST_HEAD(chunks);		/* [lock] */

unsigned long uncached_pages_kept(void)
{
	struct chunk *chunk;
	unsigned long n = 0;

	guard(spinlock_irqsave)(&lock);
	list_for_each_entry(chunk, &chunks, link)
		n += 1 + chunk->pages - bitmap_weight(chunk->taken, chunk->pages);
	return n;
}

static void *take_from_chunk_locked(struct chunk *chunk, size_t size, uncached_fits_fn *fits,
				    void *arg)
	__must_hold(&lock)
{
	int page = bitmap_find_free_region(chunk->taken, chunk->pages, get_order(size));
	char *mem;

	if (page < 0)
		return NULL;
	mem = chunk->base + ((size_t)page << PAGE_SHIFT);
	if (fits(mem, size, arg))
		return mem;
	bitmap_release_region(chunk->taken, (unsigned int)page, get_order(size));
	return NULL;
}

static void *take(size_t size, uncached_fits_fn *fits, void *arg)
{
	struct chunk *chunk;
	void *mem;

	guard(spinlock_irqsave)(&lock);
	list_for_each_entry(chunk, &chunks, link) {
		mem = take_from_chunk_locked(chunk, size, fits, arg);
		if (mem)
			return mem;
	}
	return NULL;
}

/* One more chunk, which begins with what fits. */
static bool add_chunk(size_t size, uncached_fits_fn *fits, void *arg)
{
	size_t bytes = (size_t)PAGE_SIZE << max(get_order(size), SECTION_ORDER);
	struct chunk *chunk = alloc_pages_exact(PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	void *mem = alloc_pages_exact(bytes, GFP_KERNEL);

	if (!chunk || !mem || !fits(mem, size, arg)) {
		free_pages_exact(mem, bytes);
		free_pages_exact(chunk, PAGE_SIZE);
		return false;
	}
	chunk->base = mem;
	chunk->pages = (unsigned int)(bytes >> PAGE_SHIFT);
	hal_linear_uncache(mem, bytes);
	guard(spinlock_irqsave)(&lock);
	list_add_tail(&chunk->link, &chunks);
	return true;
}

void *uncached_alloc(size_t size, gfp_t gfp, uncached_fits_fn *fits, void *arg)
{
	void *mem;

	might_sleep_if(gfp & __GFP_MAY_SLEEP);
	if (get_order(size) > MAX_ORDER || should_fail_alloc(gfp))
		return NULL;
	mem = take(size, fits, arg);
	if (!mem && gfp & __GFP_MAY_SLEEP && add_chunk(size, fits, arg))
		mem = take(size, fits, arg);
	return mem ? memset(mem, 0, size) : NULL;
}

void uncached_free(void *mem, size_t size)
{
	struct chunk *chunk;
	size_t page;

	guard(spinlock_irqsave)(&lock);
	list_for_each_entry(chunk, &chunks, link) {
		page = (size_t)((char *)mem - chunk->base) >> PAGE_SHIFT;
		if (page >= chunk->pages)
			continue;
		bitmap_release_region(chunk->taken, (unsigned int)page, get_order(size));
		return;
	}
}
