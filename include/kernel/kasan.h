/* SPDX-License-Identifier: MIT */
/*
 * Where the allocators tell an address sanitizer what may be touched.
 *
 * The hooks stand where memory changes hands: after an object or a page has become its
 * taker's, before one that came back is put among the free. There is no shadow memory yet, so
 * they are empty; a checker that has one defines them here and the allocators stay as they
 * are. The files of kernel/mm touch memory that is nobody's, and are not to be instrumented.
 *
 * Context of all: any; the allocators' locks are not held.
 */
#ifndef KERNEL_KASAN_H
#define KERNEL_KASAN_H

#include <kernel/gfp.h>
#include <lib/types.h>

struct kmem_cache;

/* Any stretch of memory; both ends are aligned for a u64. */
static inline void kasan_poison_range(const void *p, size_t size)
{
	(void)p;
	(void)size;
}

static inline void kasan_unpoison_range(const void *p, size_t size)
{
	(void)p;
	(void)size;
}

/* 2^order pages, when they are taken and before they are given back. */
static inline void kasan_alloc_pages(unsigned long addr, unsigned int order)
{
	(void)addr;
	(void)order;
}

static inline void kasan_free_pages(unsigned long addr, unsigned int order)
{
	(void)addr;
	(void)order;
}

/* Fresh pages that a cache has cut into objects, none of which is taken yet. */
static inline void kasan_poison_slab(unsigned long addr, size_t size)
{
	(void)addr;
	(void)size;
}

/* An object that is taken: all of it may be touched. */
static inline void kasan_slab_alloc(struct kmem_cache *cache, void *object, gfp_t flags)
{
	(void)cache;
	(void)object;
	(void)flags;
}

/* The same object, of which kmalloc() was asked for `size` bytes only. */
static inline void kasan_kmalloc(struct kmem_cache *cache, const void *object, size_t size,
				 gfp_t flags)
{
	(void)cache;
	(void)object;
	(void)size;
	(void)flags;
}

/* The object stays where it is when krealloc() is asked for `size` bytes, more or fewer. */
static inline void kasan_krealloc(const void *object, size_t size, gfp_t flags)
{
	(void)object;
	(void)size;
	(void)flags;
}

/*
 * An object that came back, before it is free. Return: true if the sanitizer keeps it for now,
 * and will give it back with another call of the allocator.
 */
static inline bool kasan_slab_free(struct kmem_cache *cache, void *object)
{
	(void)cache;
	(void)object;
	return false;
}

/* Objects larger than any cache's, cut from whole pages. */
static inline void kasan_kmalloc_large(const void *p, size_t size, gfp_t flags)
{
	(void)p;
	(void)size;
	(void)flags;
}

static inline void kasan_kfree_large(const void *p)
{
	(void)p;
}

#endif
