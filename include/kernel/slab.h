/* SPDX-License-Identifier: MIT */
/*
 * Memory for objects: kmalloc and its relatives.
 *
 * Sizes up to half a page come from caches of like-sized objects, larger ones as
 * whole pages. All memory is aligned for any type, and to its size where that
 * is a power of two of up to a page. Each function returns NULL when there is
 * no memory; a size of 0 gets an object of the smallest size. GFP_ATOMIC and
 * kfree(): any context. GFP_KERNEL: task. Who is given memory gives it back, by kfree()
 * or to its cache.
 */
#ifndef KERNEL_SLAB_H
#define KERNEL_SLAB_H

#include <kernel/gfp.h>
#include <lib/cleanup.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/err.h>
#include <lib/types.h>
#include <stdarg.h>

#define KMALLOC_MAX_SIZE	(4UL << 20)

struct kmem_cache;

/* kmalloc() of a size that is known only when it is asked for. Context: as its flags say. */
void *__kmalloc(size_t size, gfp_t flags) __must_check __malloc;

/* An object of a cache, see below. Context: as its flags say. */
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags) __must_check __malloc;

#ifdef CONFIG_KMALLOC_BY_SIZE

extern struct kmem_cache kmalloc_16, kmalloc_32, kmalloc_64, kmalloc_96, kmalloc_128, kmalloc_192;

#define KMALLOC_KNOWN_MAX	192

/* The cache for a size of at most KMALLOC_KNOWN_MAX that the compiler knows. */
static __always_inline struct kmem_cache * __must_check kmalloc_known_cache(size_t size)
{
	if (size <= 64)
		return size <= 16 ? &kmalloc_16 : size <= 32 ? &kmalloc_32 : &kmalloc_64;
	return size <= 96 ? &kmalloc_96 : size <= 128 ? &kmalloc_128 : &kmalloc_192;
}

static __always_inline void *__must_check __malloc kmalloc(size_t size, gfp_t flags)
{
	if (__builtin_constant_p(size) && size <= KMALLOC_KNOWN_MAX)
		return kmem_cache_alloc(kmalloc_known_cache(size), flags);
	return __kmalloc(size, flags);
}

#else

static __always_inline void *__must_check __malloc kmalloc(size_t size, gfp_t flags)
{
	return __kmalloc(size, flags);
}

#endif

/* NULL is allowed and does nothing. */
void kfree(const void *p);
/*
 * How many bytes the object at p may use: at least what was asked for. 0 of NULL, and, with
 * CONFIG_DEBUG, of what is no memory of kmalloc's, which is reported.
 */
size_t ksize(const void *p);

static __always_inline void *__must_check __malloc kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

/* NULL also if n * size does not fit a size_t. */
static inline void *__must_check __malloc kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kmalloc(bytes, flags);
}

static inline void *__must_check __malloc kcalloc(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_array(n, size, flags | __GFP_ZERO);
}

/*
 * On failure the old object is untouched. p may be NULL. Of 0 bytes, too, there is an object to
 * be freed; the old one stays where it is if it has room.
 */
void *krealloc(const void *p, size_t size, gfp_t flags) __must_check;

char *kstrdup(const char *s, gfp_t flags) __must_check __malloc;
char *kasprintf(gfp_t flags, const char *fmt, ...) __printf(2, 3) __must_check __malloc;
char *kvasprintf(gfp_t flags, const char *fmt, va_list args) __printf(2, 0) __must_check __malloc;

/* Not __malloc: there may be pointers in what is copied. */
void *kmemdup(const void *p, size_t len, gfp_t flags) __must_check;

DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))

/*
 * SLAB_HWCACHE_ALIGN: each object begins a line of the processor's cache, or, of those that fit
 * into one several times, lies in one line. The others are hints to what is not here. A flag of
 * Linux that would promise what a cache does not keep, such as SLAB_PANIC, has no name.
 */
#define SLAB_HWCACHE_ALIGN	1u
#define SLAB_ACCOUNT		0u
#define SLAB_MEM_SPREAD		0u
#define SLAB_RECLAIM_ACCOUNT	0u

/*
 * Caches of one size, up to half a page; 0 is the smallest. `align` is a power of two, or 0 for
 * that of any type. A cache's objects all come back before it is destroyed; one that still has
 * objects is reported and kept. NULL is no cache to be destroyed.
 *
 * `ctor`, if it is not NULL, is called once for each object, when memory for it is found and not
 * when it is taken: who gives an object back leaves it as ctor made it. It may not sleep.
 *
 * Return: the cache; NULL without memory, without a name, for a size or alignment that there is
 * not, and, with a report, for such flags. What is given back to a cache and lies in none of its
 * slabs, NULL too, is reported and not taken; an address inside one of its objects is with
 * CONFIG_DEBUG only.
 */
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     slab_flags_t flags, void (*ctor)(void *object)) __must_check
	__may_sleep;
void kmem_cache_destroy(struct kmem_cache *cache) __may_sleep;

/* A cache of one type's objects, with its name and alignment. */
#define KMEM_CACHE(type, flags)							\
	kmem_cache_create(#type, sizeof(struct type), _Alignof(struct type), flags, NULL)

/* All bytes 0. Of a cache without a ctor, whose work it would undo; with CONFIG_DEBUG reported. */
static __always_inline void *__must_check __malloc kmem_cache_zalloc(struct kmem_cache *cache,
								     gfp_t flags)
{
	return kmem_cache_alloc(cache, flags | __GFP_ZERO);
}
void kmem_cache_free(struct kmem_cache *cache, void *p);

/* For each cache: objects in use, objects there is room for, object size. */
void slab_for_each(void (*fn)(const char *name, size_t size, size_t used, size_t total,
			      void *arg), void *arg);

/* Bytes that kmalloc'd and cached objects hold now: the same before and after a test. */
size_t slab_bytes_used(void);

/* Pages that hold objects, or are kept for them. Context: any. */
size_t slab_pages_used(void);

/* What these say of sleeping is decided by their flags. */
context_sleeps_if(flags & __GFP_MAY_SLEEP, void *__kmalloc(size_t size, gfp_t flags))
context_sleeps_if(flags & __GFP_MAY_SLEEP, void *kmalloc(size_t size, gfp_t flags))
context_sleeps_if(flags & __GFP_MAY_SLEEP, void *kzalloc(size_t size, gfp_t flags))
context_sleeps_if(flags & __GFP_MAY_SLEEP, void *kmalloc_array(size_t n, size_t size, gfp_t flags))
context_sleeps_if(flags & __GFP_MAY_SLEEP, void *kcalloc(size_t n, size_t size, gfp_t flags))
context_sleeps_if(flags & __GFP_MAY_SLEEP, void *krealloc(const void *p, size_t size, gfp_t flags))
context_sleeps_if(flags & __GFP_MAY_SLEEP, char *kstrdup(const char *s, gfp_t flags))
context_sleeps_if(flags & __GFP_MAY_SLEEP, void *kmemdup(const void *p, size_t len, gfp_t flags))
context_sleeps_if(flags & __GFP_MAY_SLEEP,
		  void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags))
context_sleeps_if(flags & __GFP_MAY_SLEEP,
		  void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t flags))

#endif
