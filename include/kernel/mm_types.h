/* SPDX-License-Identifier: MIT */
/*
 * What the allocators know of each page of RAM. For all others a `struct page *` is a name of the
 * page: <kernel/mm.h> says where it is.
 *
 * The array of these is not cleared at boot, for that would cost more than the
 * rest of the boot: an entry means something only when the page is the first
 * of a block, and was written when that block came to be.
 */
#ifndef KERNEL_MM_TYPES_H
#define KERNEL_MM_TYPES_H

#include <lib/types.h>

struct kmem_cache;

struct page {
	struct list_head link;		/* [l] PAGE_FREE: blocks; PAGE_SLAB: slabs with room */
	struct kmem_cache *cache;	/* [I] while PAGE_SLAB */
	void *free;			/* [l] PAGE_SLAB: first free object */
	u8 state;			/* [l] enum page_state of the allocators */
	u8 order;			/* [l] of the block */
	u16 in_use;			/* [l] PAGE_SLAB: objects given out */
};

#endif
