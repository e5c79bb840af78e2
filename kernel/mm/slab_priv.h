/* SPDX-License-Identifier: MIT */
/*
 * A cache, and how its slabs are laid out.
 *
 * Without CONFIG_DEBUG_SLAB an object's slot is the object, and a free one ends with the link to
 * the next free one: behind its bytes if it was constructed. With it each slot is
 *
 *	| left red zone | object | right red zone | struct slab_track |
 *
 * The right red zone begins where the bytes end that were asked for. The link is in the track: a
 * free object is poison from end to end, or as its cache's ctor made it. Slots may be larger than
 * a page then; a slab is a block of 2^order pages, aligned to its size, and only its first page's
 * entry counts.
 */
#ifndef SLAB_PRIV_H
#define SLAB_PRIV_H

#include <hal/memory.h>
#include <kernel/gfp.h>
#include <kernel/spinlock.h>
#include <lib/kconfig.h>
#include <lib/list.h>
#include <lib/minmax.h>
#include <lib/types.h>

#include "page_priv.h"

/* A CPU keeps so many free objects at hand, fewer if they take more than MAGAZINE_BYTES. */
#define MAGAZINE_MAX	16
#define MAGAZINE_MIN	2
#define MAGAZINE_BYTES	2048

/*
 * The free objects that a CPU has at hand: object[room] is the one that came last, the NULL behind
 * them all says that there are no more.
 */
struct slab_magazine {
	void *object[MAGAZINE_MAX + 1];	/* [c] */
	u32 room;			/* [c] for so many more */
};

/*
 * Lock: [c] this CPU, interrupts off. Also others', when nobody uses the cache any more.
 * Invariant: `used` are those that the slabs have given out, to the magazines or beyond.
 */
struct kmem_cache {
	struct slab_magazine magazine[CONFIG_NR_CPUS];
	const char *name;		/* [I] */
	u32 size;			/* [I] of an object, rounded up to its alignment */
	u32 per_slab;			/* [I] */
	u32 magazine_size;		/* [I] */
	void (*ctor)(void *object);	/* [I] or NULL */

	spinlock_t lock;
	struct list_head partial __guarded_by(&lock);	/* [lock] slabs with a free object */
	unsigned long used __guarded_by(&lock);	/* [lock] objects */
	unsigned long slabs __guarded_by(&lock);	/* [lock] */

	struct list_head link;		/* [caches_lock] */
#ifdef CONFIG_DEBUG_SLAB
	u32 asked;			/* [I] bytes that the cache's maker asked for */
	u32 left;			/* [I] from the beginning of a slot to the object */
	u32 stride;			/* [I] from one slot to the next */
	u32 order;			/* [I] of a slab */
#endif
};

#ifdef CONFIG_DEBUG_SLAB

#define SLAB_TRACE_LEN	8

struct slab_track {
	u32 state;			/* [o] SLAB_LIVE or SLAB_FREE; o: who has the object */
	u32 asked;			/* [o] bytes */
	void *next;			/* [l] while free */
	int alloc_pid, free_pid;	/* [o] 0: an interrupt, or too early for tasks */
	unsigned long alloc_trace[SLAB_TRACE_LEN], free_trace[SLAB_TRACE_LEN];	/* [o] */
};

/* For objects of which `asked` bytes are used, c->size with their alignment. Sets per_slab too. */
void slab_debug_layout(struct kmem_cache *c, size_t asked, size_t align);

struct slab_track *slab_track(const struct kmem_cache *c, const void *object);

/* Makes a fresh object a free one. */
void slab_debug_fresh(struct kmem_cache *c, void *object);

/* A free object is found to be as it was left, or reported. */
void slab_debug_check_free(struct kmem_cache *c, void *object);

/* Free to live: the check, then red zones and contents for `asked` bytes. */
void slab_debug_alloc(struct kmem_cache *c, void *object, gfp_t flags);

/* kmalloc() was asked for this many bytes. */
void slab_debug_resize(struct kmem_cache *c, void *object, size_t asked);

/* Live to free. Returns false, after a report, for what must not become free. */
bool slab_debug_free(struct kmem_cache *c, void *object) __must_check;

static inline u32 slab_left(const struct kmem_cache *c)
{
	return c->left;
}

static inline u32 slab_stride(const struct kmem_cache *c)
{
	return c->stride;
}

static inline u32 slab_order(const struct kmem_cache *c)
{
	return c->order;
}

static inline void **free_link(const struct kmem_cache *c, void *object)
{
	return &slab_track(c, object)->next;
}

/* The track may have been written over. */
static inline size_t object_size(const struct kmem_cache *c, const void *object)
{
	return min(slab_track(c, object)->asked, c->size);
}

#else

static inline void slab_debug_layout(struct kmem_cache *c, size_t asked, size_t align)
{
	(void)c;
	(void)asked;
	(void)align;
}

static inline void slab_debug_fresh(struct kmem_cache *c, void *object)
{
	(void)c;
	(void)object;
}

static inline void slab_debug_check_free(struct kmem_cache *c, void *object)
{
	(void)c;
	(void)object;
}

static inline void slab_debug_alloc(struct kmem_cache *c, void *object, gfp_t flags)
{
	(void)c;
	(void)object;
	(void)flags;
}

static inline void slab_debug_resize(struct kmem_cache *c, void *object, size_t asked)
{
	(void)c;
	(void)object;
	(void)asked;
}

static inline bool slab_debug_free(struct kmem_cache *c, void *object)
{
	(void)c;
	(void)object;
	return true;
}

static inline u32 slab_left(const struct kmem_cache *c)
{
	(void)c;
	return 0;
}

static inline u32 slab_stride(const struct kmem_cache *c)
{
	return c->size;
}

static inline u32 slab_order(const struct kmem_cache *c)
{
	(void)c;
	return 0;
}

static inline void **free_link(const struct kmem_cache *c, void *object)
{
	/* SAFETY: no object is smaller; of a constructed one this is room behind its bytes. */
	return object + c->size - sizeof(void *);
}

static inline size_t object_size(const struct kmem_cache *c, const void *object)
{
	(void)object;
	return c->size;
}

#endif

/* The first page of the slab that p lies in; p is in a slab of c. */
static inline unsigned long slab_start(const struct kmem_cache *c, const void *p)
{
	return (unsigned long)p & ~(((unsigned long)PAGE_SIZE << slab_order(c)) - 1);
}

#endif
