/* SPDX-License-Identifier: MIT */
/*
 * What the allocators know of each page.
 *
 * The array of these is not cleared at boot, for that would cost more than the
 * rest of the boot: an entry means something only when the page is the first
 * of a block, and was written when that block came to be.
 */
#ifndef PAGE_PRIV_H
#define PAGE_PRIV_H

#include <hal/memory.h>
#include <lib/types.h>

struct kmem_cache;

enum page_state {
	PAGE_ALLOCATED,		/* the first page of a block that somebody has */
	PAGE_FREE,		/* the first page of a free block, on the list of its order */
	PAGE_INSIDE,		/* was the first of a block that joined its buddy, or in a slab */
	PAGE_SLAB,		/* holds objects of page->cache; all pages of a slab say so */
};

struct page {
	struct list_head link;		/* [l] PAGE_FREE: blocks; PAGE_SLAB: slabs with room */
	struct kmem_cache *cache;	/* [I] while PAGE_SLAB */
	void *free;			/* [l] PAGE_SLAB: first free object */
	u8 state;			/* [l] */
	u8 order;			/* [l] of the block */
	u16 in_use;			/* [l] PAGE_SLAB: objects given out */
};

extern struct page *page_map;

/* Whether the address is of a page that has an entry; of what is not, none may be looked at. */
bool has_page(unsigned long addr);

/* The kmalloc caches; once, when there are pages. */
void slab_init(void);

static __always_inline struct page *virt_to_page(const void *p)
{
	return &page_map[((unsigned long)p - LINEAR_BASE) >> PAGE_SHIFT];
}

static inline void *page_address(const struct page *page)
{
	/* SAFETY: each page of the map is in the linear map. */
	return (void *)(LINEAR_BASE + ((unsigned long)(page - page_map) << PAGE_SHIFT));
}

#endif
