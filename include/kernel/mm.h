/* SPDX-License-Identifier: MIT */
/*
 * Pages of RAM, in blocks of 2^order.
 *
 * The whole MiB of all RAM that the device tree names and nobody reserved, less
 * the kernel's image and the tree itself. Blocks are aligned to their size.
 */
#ifndef KERNEL_MM_H
#define KERNEL_MM_H

#include <hal/memory.h>
#include <kernel/gfp.h>
#include <kernel/mm_types.h>
#include <lib/compiler.h>
#include <lib/types.h>

#define MAX_ORDER	10	/* the largest block: 4 MiB */

/* Stretches of physical memory, [start, end). */
struct mem_range {
	phys_addr_t start;
	phys_addr_t end;
	bool no_map;		/* reserved for others: not in the linear map */
};

/*
 * Return: `size` bytes from `start` on; without the last byte of all if it would end behind that.
 * Context: any.
 */
static inline struct mem_range mem_range_of(phys_addr_t start, phys_addr_t size, bool no_map)
{
	phys_addr_t most = ~(phys_addr_t)0 - start;

	return (struct mem_range){
		.start = start,
		.end = start + (size < most ? size : most),
		.no_map = no_map,
	};
}

/*
 * Takes up the RAM of `ram`, leaving out `reserved`; both in any order, may
 * overlap. Returns 0, -EINVAL when there is no usable RAM at all. Context: boot.
 */
int mm_init(const struct mem_range *ram, unsigned int nr_ram,
	    const struct mem_range *reserved, unsigned int nr_reserved);

/* 2^order pages by their address in the linear map, or 0. GFP_ZERO clears. Any context. */
unsigned long __get_free_pages(gfp_t flags, unsigned int order) __must_check;
/* As given, with the same order; 0 does nothing. Any context. */
void free_pages(unsigned long addr, unsigned int order);

/* One page, or 0. Any context. */
static inline unsigned long __must_check __get_free_page(gfp_t flags)
{
	return __get_free_pages(flags, 0);
}

/* Any context. */
static inline void free_page(unsigned long addr)
{
	free_pages(addr, 0);
}

/* ---- addresses and pages ---- */

/* The entries of all pages of RAM, in order of their addresses. [I] after mm_init() */
extern struct page *page_map;

/*
 * Whether the address is of the linear map's RAM: only such have a page. The kernel's image, stacks
 * and registers have none. Any context.
 */
bool virt_addr_valid(const void *p);

/* Any context. Returns the page of an address that is valid; where a page begins. */

static __always_inline struct page *virt_to_page(const void *p)
{
	return &page_map[((unsigned long)p - LINEAR_BASE) >> PAGE_SHIFT];
}

void *page_address(const struct page *page);

/* Of the highest page. Any context. */
phys_addr_t mm_last_byte(void);

#define offset_in_page(p)	((unsigned long)(p) & ~PAGE_MASK)

/*
 * The least power of two of pages that holds `size` bytes, or NULL; so much of them is to be given
 * back. Context: as the flags say; any.
 */
void *alloc_pages_exact(size_t size, gfp_t flags) __must_check;
void free_pages_exact(void *mem, size_t size);

/* The smallest order whose block holds `size` bytes. Any context. */
unsigned int get_order(size_t size);

struct mem_stats {
	unsigned long total_pages;	/* what the allocator began with */
	unsigned long free_pages;
	unsigned long free_blocks[MAX_ORDER + 1];
	unsigned long failures;		/* requests that found nothing */
};

/* As they are now. Any context. */
void mm_get_stats(struct mem_stats *stats);

#endif
