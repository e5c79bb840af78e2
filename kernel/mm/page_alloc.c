/* SPDX-License-Identifier: MIT */
/*
 * The page allocator: a buddy system.
 *
 * Free blocks of 2^order pages lie on a list per order. A larger block is
 * halved until it fits; a block given back joins its other half, its buddy, if
 * that is free too. When a block was halved, the entries of both halves were
 * written, so the buddy's entry can be trusted without the map ever having been cleared.
 *
 * Locking: [l] lock, with interrupts off, for the lists and the numbers; nothing is taken inside
 * it. The longest path is MAX_ORDER steps. mm_init() needs none: nobody allocates yet.
 */
#include <kernel/mm.h>
#include <hal/mmu.h>
#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/dma-mapping.h>
#include <kernel/fault-inject.h>
#include <kernel/kasan.h>
#include <kernel/lockdep.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/bitops.h>
#include <lib/errno.h>
#include <lib/list.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/poison.h>
#include <lib/string.h>
#include "page_priv.h"

#define MAX_RANGES	32
#define LINEAR_MAX	((phys_addr_t)LINEAR_END - LINEAR_BASE)
#define PAGE_POISON_ORDER	3u
/* Sections and pages hold 32 bits of address. */
#define MAPPABLE_MAX	((phys_addr_t)1 << 32)

struct page *page_map;			/* [I] after mm_init() */

static DEFINE_SPINLOCK(lock);
static struct list_head free_lists[MAX_ORDER + 1];	/* [l] */
static unsigned long free_blocks[MAX_ORDER + 1];	/* [l] how many are on each */
static unsigned long free_count;			/* [l] pages */
static unsigned long failures;				/* [l] */
static unsigned long total_pages;			/* [I] */
static unsigned long map_pages;				/* [I] entries of page_map */

unsigned int get_order(size_t size)
{
	return size <= PAGE_SIZE ? 0 : order_base_2(((size - 1) >> PAGE_SHIFT) + 1);
}

static void add_free_locked(struct page *page, unsigned int order)
	__must_hold(&lock)
{
	page->state = PAGE_FREE;
	page->order = (u8)order;
	list_add(&page->link, &free_lists[order]);
	free_blocks[order]++;
}

static void del_free_locked(struct page *page, unsigned int order)
	__must_hold(&lock)
{
	list_del(&page->link);
	free_blocks[order]--;
}

/* Halves a block of order `from` down to `to`; the upper halves become free. */
static void split_locked(struct page *page, unsigned int from, unsigned int to)
	__must_hold(&lock)
{
	while (from > to) {
		from--;
		add_free_locked(page + BIT(from), from);
	}
	page->order = (u8)to;
}

static struct page *take_locked(unsigned int order)
	__must_hold(&lock)
{
	for (unsigned int o = order; o <= MAX_ORDER; o++) {
		struct page *page;

		if (list_empty(&free_lists[o]))
			continue;
		page = list_first_entry(&free_lists[o], struct page, link);
		del_free_locked(page, o);
		split_locked(page, o, order);
		page->state = PAGE_ALLOCATED;
		free_count -= BIT(order);
		return page;
	}
	failures++;
	return NULL;
}

unsigned long __get_free_pages(gfp_t flags, unsigned int order)
{
	struct page *page = NULL;

	might_sleep_if(flags & __GFP_MAY_SLEEP);
	if (should_fail_alloc(flags))
		return 0;
	scoped_guard(spinlock_irqsave, &lock)
		page = take_locked(order);
	if (!page)
		return 0;
	kasan_alloc_pages((unsigned long)page_mem(page), order);
	if (flags & __GFP_ZERO)
		memset(page_mem(page), 0, (size_t)PAGE_SIZE << order);
	return (unsigned long)page_mem(page);
}

/* The other half of the block it would make one order up; NULL past the end of the map. */
static struct page *buddy_of(const struct page *page, unsigned int order)
{
	unsigned long index = (unsigned long)(page - page_map) ^ BIT(order);

	return index < map_pages ? &page_map[index] : NULL;
}

bool virt_addr_valid(const void *p)
{
	return ((unsigned long)p - LINEAR_BASE) >> PAGE_SHIFT < map_pages;
}

void *page_address(const struct page *page)
{
	return page_mem(page);
}

phys_addr_t mm_last_byte(void)
{
	return memory_start + ((phys_addr_t)map_pages << PAGE_SHIFT) - 1;
}

static bool is_block(const void *p, unsigned int order)
{
	const struct page *page = virt_to_page(p);

	return virt_addr_valid(p) && IS_ALIGNED((unsigned long)p, PAGE_SIZE) &&
	       page->state == PAGE_ALLOCATED && page->order == order;
}

/* Of a block, as much as is looked at or cleared when it is freed: all of it would take long. */
static size_t looked_at(unsigned int order)
{
	return (size_t)PAGE_SIZE << min(order, PAGE_POISON_ORDER);
}

/* Whether nothing in there is in use. A lock is, and is taken from its holder. */
static bool may_free_pages(const void *mem, unsigned int order)
{
	if (!debug_dma_may_free(mem, (size_t)PAGE_SIZE << order))
		return false;
	debug_check_no_locks_freed(mem, (size_t)PAGE_SIZE << order);
	return debug_check_no_obj_freed(mem, looked_at(order));
}

/* What still reads a page that is freed reads this. */
static void poison_pages(void *mem, unsigned int order)
{
	if (IS_ENABLED(CONFIG_DEBUG_SLAB))
		memset(mem, PAGE_POISON, looked_at(order));
}

void free_pages(unsigned long addr, unsigned int order)
{
	/* SAFETY: only the page of the address is looked up; it is not followed. */
	void *mem = (void *)addr;
	struct page *page = virt_to_page(mem), *buddy;

	if (!addr)
		return;
	if (WARN(!is_block(mem, order), "free_pages: %lx is no block of order %u", addr, order))
		return;
	if (!may_free_pages(page_mem(page), order))
		return;
	poison_pages(page_mem(page), order);
	kasan_free_pages(addr, order);
	guard(spinlock_irqsave)(&lock);
	free_count += BIT(order);
	for (; order < MAX_ORDER; order++) {
		buddy = buddy_of(page, order);
		if (!buddy || buddy->state != PAGE_FREE || buddy->order != order)
			break;
		del_free_locked(buddy, order);
		page->state = PAGE_INSIDE;	/* if the buddy is not: that is PAGE_FREE */
		page = min(page, buddy);
	}
	add_free_locked(page, order);
}

void *alloc_pages_exact(size_t size, gfp_t flags)
{
	unsigned int order = get_order(size);

	/* SAFETY: of the linear map, and the caller's. */
	return size && order <= MAX_ORDER ? (void *)__get_free_pages(flags, order) : NULL;
}

void free_pages_exact(void *mem, size_t size)
{
	free_pages((unsigned long)mem, get_order(size));
}

void mm_get_stats(struct mem_stats *stats)
{
	guard(spinlock_irqsave)(&lock);
	*stats = (struct mem_stats){
		.total_pages = total_pages,
		.free_pages = free_count,
		.failures = failures,
	};
	memcpy(stats->free_blocks, free_blocks, sizeof(free_blocks));
}

/* Boot: from ranges to free blocks. What is subtracted, and so each range, is of whole pages. */

struct range_list {
	struct mem_range r[MAX_RANGES];
	unsigned int nr;
};

static void add_range(struct range_list *list, phys_addr_t start, phys_addr_t end)
{
	if (start < end && list->nr < MAX_RANGES)
		list->r[list->nr++] = (struct mem_range){ .start = start, .end = end };
}

/* No memory is in the last section of all addresses: what would end behind it ends before it. */
static phys_addr_t round_up_to(phys_addr_t pa, phys_addr_t size)
{
	phys_addr_t last = ALIGN_DOWN(~(phys_addr_t)0, (phys_addr_t)SECTION_SIZE);

	return pa > last ? last : ALIGN(pa, size);
}

/* Takes [start, end) out of each range; one in the middle makes two of it. */
static void subtract_range(struct range_list *list, phys_addr_t start, phys_addr_t end)
{
	unsigned int nr = list->nr;

	for (unsigned int i = 0; i < nr && start < end; i++) {
		struct mem_range *r = &list->r[i];
		phys_addr_t old_end = r->end;

		if (end <= r->start || start >= r->end)
			continue;
		if (start > r->start) {
			r->end = start;
			add_range(list, end, old_end);
		} else {
			r->start = min(end, old_end);
		}
	}
}

static const struct mem_range *lowest_range(const struct range_list *list)
{
	const struct mem_range *low = NULL;

	for (unsigned int i = 0; i < list->nr; i++)
		if (list->r[i].start < list->r[i].end && (!low || list->r[i].start < low->start))
			low = &list->r[i];
	return low;
}

/* ram[i] and what touches it, or touches that: banks may meet in the middle of a section. */
static struct mem_range whole_bank(const struct mem_range *ram, unsigned int nr, unsigned int i)
{
	struct mem_range bank = ram[i];

	for (unsigned int j = 0; j < nr; j++) {
		const struct mem_range *r = &ram[j];

		if (r->start > bank.end || r->end < bank.start ||
		    (r->start >= bank.start && r->end <= bank.end))
			continue;
		bank.start = min(bank.start, r->start);
		bank.end = max(bank.end, r->end);
		j = ~0u;	/* what did not touch it may do so now */
	}
	return bank;
}

/* Whole sections, no two of them twice. */
static void collect_ram(struct range_list *out, const struct mem_range *ram, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		struct mem_range bank = whole_bank(ram, nr, i);
		phys_addr_t start = round_up_to(bank.start, SECTION_SIZE);
		phys_addr_t end = ALIGN_DOWN(bank.end, SECTION_SIZE);

		subtract_range(out, start, end);
		add_range(out, start, end);
	}
}

/* The array of entries comes out of the first free range that has room for it. */
static bool place_page_map(struct range_list *list)
{
	size_t bytes = map_pages * sizeof(struct page);

	for (unsigned int i = 0; i < list->nr; i++) {
		struct mem_range *r = &list->r[i];

		if (r->end - r->start < bytes)
			continue;
		page_map = phys_to_virt(r->start);
		r->start += PAGE_ALIGN(bytes);
		return true;
	}
	return false;
}

static unsigned long page_index(phys_addr_t pa)
{
	return (unsigned long)((pa - memory_start) >> PAGE_SHIFT);
}

/* Cuts a range into the largest blocks that are aligned to their size. */
static void free_range(phys_addr_t start, phys_addr_t end)
{
	unsigned long at = page_index(start), last = page_index(end);

	context_assume_held(&lock);	/* nobody allocates yet */
	while (at < last) {
		unsigned int order = at ? min_t(unsigned int, __ffs(at), MAX_ORDER) : MAX_ORDER;

		while (at + BIT(order) > last)
			order--;
		add_free_locked(&page_map[at], order);
		free_count += BIT(order);
		at += BIT(order);
	}
}

/*
 * The buddy of a block may begin on a page that was never free: reserved, or in
 * a hole. Its entry must say so before it is asked. Such pages are the one
 * after a range and, for each order, the last aligned one before it.
 */
static void mark_edges(const struct mem_range *r)
{
	unsigned long first = page_index(r->start), last = page_index(r->end);

	for (unsigned int o = 0; o < MAX_ORDER && first; o++)
		page_map[(first - 1) & ~(BIT(o) - 1)].state = PAGE_ALLOCATED;
	if (last < map_pages)
		page_map[last].state = PAGE_ALLOCATED;
}

int mm_init(const struct mem_range *ram, unsigned int nr_ram,
	    const struct mem_range *reserved, unsigned int nr_reserved)
{
	struct range_list list = { .nr = 0 };
	phys_addr_t end = 0;

	for (unsigned int o = 0; o <= MAX_ORDER; o++)
		INIT_LIST_HEAD(&free_lists[o]);
	collect_ram(&list, ram, nr_ram);
	for (unsigned int i = 0; i < nr_reserved; i++)
		if (reserved[i].no_map)
			subtract_range(&list, ALIGN_DOWN(reserved[i].start, SECTION_SIZE),
				       round_up_to(reserved[i].end, SECTION_SIZE));
	if (!lowest_range(&list))
		return -EINVAL;
	/* A block is aligned to its size in physical memory too, whatever the base of RAM. */
	hal_linear_init(ALIGN_DOWN(lowest_range(&list)->start,
				   (phys_addr_t)PAGE_SIZE << MAX_ORDER));
	subtract_range(&list, min(memory_start + LINEAR_MAX, MAPPABLE_MAX), ~(phys_addr_t)0);
	for (unsigned int i = 0; i < list.nr; i++) {
		hal_linear_map(list.r[i].start, list.r[i].end);
		if (list.r[i].start < list.r[i].end)
			end = max(end, list.r[i].end);
	}
	map_pages = page_index(end);

	subtract_range(&list, image_phys,
		       PAGE_ALIGN(image_phys + (phys_addr_t)(_image_end - _image_start)));
	for (unsigned int i = 0; i < nr_reserved; i++)
		subtract_range(&list, ALIGN_DOWN(reserved[i].start, PAGE_SIZE),
			       round_up_to(reserved[i].end, PAGE_SIZE));
	if (!place_page_map(&list))
		return -EINVAL;
	for (unsigned int i = 0; i < list.nr; i++)
		if (list.r[i].start < list.r[i].end)
			mark_edges(&list.r[i]);
	for (unsigned int i = 0; i < list.nr; i++)
		free_range(list.r[i].start, list.r[i].end);
	total_pages = free_count;
	slab_init();
	return 0;
}
