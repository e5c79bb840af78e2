/* SPDX-License-Identifier: MIT */
/*
 * What the allocators say to each other of a page: its state, and whether it has one.
 */
#ifndef PAGE_PRIV_H
#define PAGE_PRIV_H

#include <kernel/mm.h>
#include <lib/types.h>

enum page_state {
	PAGE_ALLOCATED,		/* the first page of a block that somebody has */
	PAGE_FREE,		/* the first page of a free block, on the list of its order */
	PAGE_INSIDE,		/* was the first of a block that joined its buddy, or in a slab */
	PAGE_SLAB,		/* holds objects of page->cache; all pages of a slab say so */
};

static __always_inline void *page_mem(const struct page *page)
{
	/* SAFETY: each page of the map is in the linear map. */
	return (void *)(LINEAR_BASE + ((unsigned long)(page - page_map) << PAGE_SHIFT));
}

/* The kmalloc caches; once, when there are pages. */
void slab_init(void);

#endif
