/* SPDX-License-Identifier: MIT */
/*
 * Objects of one size, cut from pages: kmem_cache, and kmalloc on a row of
 * caches.
 *
 * A slab is one page of objects (with CONFIG_DEBUG_SLAB, one block of pages: slab_priv.h); its
 * free objects are chained and hang on the page's entry. A cache keeps the slabs that have
 * room on a list, first the one used last; full slabs are on no list. One
 * empty slab is kept, the next goes back to the page allocator.
 *
 * In front of the slabs each CPU has a magazine of free objects, last in, first out. Most
 * objects go from there to there: a handful of instructions with interrupts off, no lock, and
 * the slab knows nothing of it. An empty magazine is half filled from the slabs, a full one
 * half emptied, under the cache's lock.
 *
 * kfree() finds page, cache and size from the address alone.
 *
 * Locking: a cache's lock for its slabs and numbers, inside caches_lock for the list of caches,
 * both with interrupts off. The page allocator is called without either. A magazine is its CPU's,
 * with interrupts off, and needs none.
 */
#include <kernel/slab.h>
#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/dma-mapping.h>
#include <kernel/fault-inject.h>
#include <kernel/kasan.h>
#include <kernel/mm.h>
#include <kernel/pool.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/bitops.h>
#include <lib/list.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include "slab_priv.h"

#ifndef CONFIG_KMALLOC_BY_SIZE
#define KMALLOC_KNOWN	static
#else
#define KMALLOC_KNOWN
#endif

#define DEFINE_KMALLOC_CACHE(n) struct kmem_cache kmalloc_##n = {		\
	.name = "kmalloc-" #n, .size = n, .per_slab = PAGE_SIZE / n,		\
}

KMALLOC_KNOWN DEFINE_KMALLOC_CACHE(16);
KMALLOC_KNOWN DEFINE_KMALLOC_CACHE(32);
KMALLOC_KNOWN DEFINE_KMALLOC_CACHE(64);
KMALLOC_KNOWN DEFINE_KMALLOC_CACHE(96);
KMALLOC_KNOWN DEFINE_KMALLOC_CACHE(128);
KMALLOC_KNOWN DEFINE_KMALLOC_CACHE(192);
static DEFINE_KMALLOC_CACHE(256);
static DEFINE_KMALLOC_CACHE(512);
static DEFINE_KMALLOC_CACHE(1024);
static DEFINE_KMALLOC_CACHE(2048);

/* Index by size: up to 192 in steps of 16 by the table, above by powers of two. */
static struct kmem_cache *const kmalloc_caches[] = {
	&kmalloc_16, &kmalloc_32, &kmalloc_64, &kmalloc_96, &kmalloc_128, &kmalloc_192,
	&kmalloc_256, &kmalloc_512, &kmalloc_1024, &kmalloc_2048,
};

#define KMALLOC_CACHE_MAX	2048
#define CACHE_LINE		64u	/* the longest there is */
#define SMALL_STEP		16
#define SMALL_MAX		192

/* By the size in steps, rounded up. */
static const u8 small_index[SMALL_MAX / SMALL_STEP + 1] = {
	0, 0, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5,
};

static DEFINE_SPINLOCK(caches_lock);
static LIST_HEAD(caches);		/* [caches_lock] */
static atomic_t large_pages;		/* pages of objects that are larger than any cache */

static void cache_init(struct kmem_cache *c, size_t asked, size_t align)
{
	slab_debug_layout(c, asked, align);
	c->magazine_size = clamp_t(u32, MAGAZINE_BYTES / c->size, MAGAZINE_MIN, MAGAZINE_MAX);
	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++) {
		c->magazine[i].room = c->magazine_size;
		c->magazine[i].object[c->magazine_size] = NULL;
	}
	spin_lock_init(&c->lock);
	context_assume_held(&c->lock);	/* nobody else has it yet */
	INIT_LIST_HEAD(&c->partial);
	guard(spinlock_irqsave)(&caches_lock);
	list_add_tail(&c->link, &caches);
}

void slab_init(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(kmalloc_caches); i++) {
		u32 size = kmalloc_caches[i]->size;

		cache_init(kmalloc_caches[i], size, size & -size);
	}
}

/* Says of all pages of a slab that they are. */
static void set_slab_pages(struct kmem_cache *c, struct page *first)
{
	for (unsigned int i = 0; i < BIT(slab_order(c)); i++) {
		first[i].state = PAGE_SLAB;
		first[i].cache = c;
	}
}

/*
 * The link of a free object behind which, to the slab's end, all are free too and none was ever
 * taken: a fresh page is cut only as far as it is used. Not where the checks want to see each.
 */
static char fresh_behind[1];

/* The free object next to this one, of which that is so; NULL: this is the last of its slab. */
static void *next_fresh(const struct kmem_cache *c, void *object)
{
	void *next = object + c->size;

	if (((unsigned long)object & ~PAGE_MASK) + 2 * c->size > PAGE_SIZE)
		return NULL;
	*free_link(c, next) = fresh_behind;
	return next;
}

static void make_object(struct kmem_cache *c, void *object, void *next)
{
	slab_debug_fresh(c, object);
	if (c->ctor)
		c->ctor(object);
	*free_link(c, object) = next;
}

/* All at once, for the checks, and for a constructor, which runs with no lock held. */
static void cut_slab(struct kmem_cache *c, void *object)
{
	for (u32 left = c->per_slab - 1; left; left--, object += slab_stride(c))
		make_object(c, object, object + slab_stride(c));
	make_object(c, object, NULL);
}

/* A fresh page, cut into objects. NULL without memory. The request was the object's. */
static struct page *new_slab(struct kmem_cache *c)
{
	unsigned long addr = __get_free_pages(GFP_ATOMIC | __GFP_NO_FAULT, slab_order(c));
	/* SAFETY: the pages are this slab's, per_slab objects fit; not used if there are none. */
	void *object = (void *)(addr + slab_left(c));
	struct page *page = virt_to_page(object);

	if (!addr)
		return NULL;
	page->free = object;
	if (IS_ENABLED(CONFIG_DEBUG_SLAB) || c->ctor)
		cut_slab(c, object);
	else
		*free_link(c, object) = fresh_behind;
	set_slab_pages(c, page);
	page->in_use = 0;
	kasan_poison_slab(addr, (size_t)PAGE_SIZE << slab_order(c));
	return page;
}

/* All its objects are free. */
static void free_slab(struct page *page)
{
	struct kmem_cache *c = page->cache;

	if (IS_ENABLED(CONFIG_DEBUG_SLAB))
		for (void *object = page->free; object; object = *free_link(c, object))
			slab_debug_check_free(c, object);
	for (unsigned int i = 1; i < BIT(slab_order(c)); i++)
		page[i].state = PAGE_INSIDE;
	page->state = PAGE_ALLOCATED;
	free_pages((unsigned long)page_mem(page), slab_order(c));
}

/* The cache has a slab with room. */
static void *take_object_locked(struct kmem_cache *c)
	__must_hold(&c->lock)
{
	struct page *page = list_first_entry(&c->partial, struct page, link);
	void *object = page->free, *next = *free_link(c, object);

	if (next == fresh_behind)
		next = next_fresh(c, object);
	page->free = next;
	page->in_use++;
	c->used++;
	if (unlikely(!next))
		list_del(&page->link);
	return object;
}

/* ---- magazines; interrupts are off ---- */

static __always_inline struct slab_magazine *this_magazine(struct kmem_cache *c)
{
	return &c->magazine[hal_cpu_index()];
}

/* NULL if it is empty. */
static __always_inline void *magazine_take(struct slab_magazine *m)
{
	u32 room = m->room;
	void *object = m->object[room];

	if (likely(object))
		m->room = room + 1;
	return object;
}

/* Returns false if it is full. */
static __always_inline bool magazine_put(struct slab_magazine *m, void *object)
{
	u32 room = m->room;

	if (unlikely(!room))
		return false;
	m->object[--room] = object;
	m->room = room;
	return true;
}

/* Objects that one CPU has at hand. Another one's number is of the past. */
static unsigned long magazine_count(const struct kmem_cache *c, unsigned int cpu)
{
	return c->magazine_size - READ_ONCE(c->magazine[cpu].room);
}

/* ---- objects are taken ---- */

/* The magazine is empty: an object from the slabs, and more so that it is half full. */
static void *alloc_from_slabs(struct kmem_cache *c)
{
	struct slab_magazine *m;
	unsigned long flags;
	void *object;

	spin_lock_irqsave(&c->lock, flags);
	while (list_empty(&c->partial)) {
		struct page *page;

		spin_unlock_irqrestore(&c->lock, flags);
		page = new_slab(c);
		if (!page)
			return NULL;
		spin_lock_irqsave(&c->lock, flags);
		list_add(&page->link, &c->partial);
		c->slabs++;
	}
	object = take_object_locked(c);
	m = this_magazine(c);
	while (m->room > c->magazine_size / 2 && !list_empty(&c->partial))
		magazine_put(m, take_object_locked(c));
	spin_unlock_irqrestore(&c->lock, flags);
	return object;
}

/* What is not done in a few instructions. `object`: from the magazine, or NULL. */
static noinline void *alloc_rest(struct kmem_cache *c, gfp_t flags, void *object)
{
	if (!object)
		object = alloc_from_slabs(c);
	if (!object)
		return NULL;
	if (IS_ENABLED(CONFIG_DEBUG) &&
	    WARN(c->ctor && flags & __GFP_ZERO, "%s: what was constructed is not cleared", c->name))
		flags &= ~__GFP_ZERO;
	kasan_slab_alloc(c, object, flags);
	slab_debug_alloc(c, object, flags);
	if (!IS_ENABLED(CONFIG_DEBUG_SLAB) && (flags & __GFP_ZERO))
		memset(object, 0, c->size);
	return object;
}

void *kmem_cache_alloc(struct kmem_cache *c, gfp_t flags)
{
	unsigned long irq_flags;
	void *object;

	might_sleep_if(flags & __GFP_MAY_SLEEP);
	if (should_fail_alloc(flags))
		return NULL;
	assert_object(c);
	local_irq_save(irq_flags);
	object = magazine_take(this_magazine(c));
	local_irq_restore(irq_flags);
	if (IS_ENABLED(CONFIG_DEBUG) || unlikely(!object || (flags & __GFP_ZERO)))
		return alloc_rest(c, flags, object);
	kasan_slab_alloc(c, object, flags);
	return object;
}

/* ---- objects come back ---- */

/* Whether the page of `p` may be looked up. A build that checks asks for memory that there is. */
static __always_inline bool is_linear(const void *p)
{
	if (IS_ENABLED(CONFIG_DEBUG))
		return virt_addr_valid(p);
	return (unsigned long)p - LINEAR_BASE < LINEAR_END - LINEAR_BASE;
}

/* The first page of the slab that this one is part of. */
static struct page *slab_page(struct page *page)
{
	if (!IS_ENABLED(CONFIG_DEBUG_SLAB))
		return page;
	/* SAFETY: of the slab that the page is in; only its page is looked up. */
	return virt_to_page((void *)slab_start(page->cache, page_mem(page)));
}

static bool is_object_start(const struct kmem_cache *c, const void *p)
{
	unsigned long offset = (unsigned long)p - slab_start(c, p) - slab_left(c);

	return offset % slab_stride(c) == 0 && offset / slab_stride(c) < c->per_slab;
}

/* Puts the slab on `surplus` if all its objects are back and there is another one with room. */
static void put_object_locked(struct kmem_cache *c, void *p, struct list_head *surplus)
	__must_hold(&c->lock)
{
	struct page *page = slab_page(virt_to_page(p));
	void *next = page->free;

	*free_link(c, p) = next;
	page->free = p;
	c->used--;
	if (!next)
		list_add(&page->link, &c->partial);
	if (--page->in_use == 0 && !list_is_singular(&c->partial)) {
		list_move(&page->link, surplus);
		c->slabs--;
	}
}

static void free_slabs(struct list_head *slabs)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, slabs, link)
		free_slab(page);
}

/* The magazine is full: this object goes back to its slab, and the oldest half of the others. */
static noinline void free_to_slabs(struct kmem_cache *c, void *p)
{
	struct slab_magazine *m;
	LIST_HEAD(surplus);
	u32 kept;

	scoped_guard(spinlock_irqsave, &c->lock) {
		put_object_locked(c, p, &surplus);
		m = this_magazine(c);
		kept = (c->magazine_size - m->room) / 2;
		for (u32 i = m->room + kept; i < c->magazine_size; i++)
			put_object_locked(c, m->object[i], &surplus);
		memmove(&m->object[c->magazine_size - kept], &m->object[m->room],
			kept * sizeof(m->object[0]));
		m->room = c->magazine_size - kept;
	}
	free_slabs(&surplus);
}

static __always_inline void free_object(struct kmem_cache *c, void *p)
{
	unsigned long flags;
	bool kept;

	if (IS_ENABLED(CONFIG_DEBUG) &&
	    WARN(!is_object_start(c, p), "kfree: %p is no object of %s", p, c->name))
		return;
	if (!debug_dma_may_free(p, object_size(c, p)))
		return;
	debug_check_no_locks_freed(p, object_size(c, p));
	if (!debug_check_no_obj_freed(p, object_size(c, p)) || !slab_debug_free(c, p))
		return;
	if (kasan_slab_free(c, p))
		return;
	local_irq_save(flags);
	kept = magazine_put(this_magazine(c), p);
	local_irq_restore(flags);
	if (unlikely(!kept))
		free_to_slabs(c, p);
}

void kmem_cache_free(struct kmem_cache *c, void *p)
{
	struct page *page = virt_to_page(p);

	if (WARN(!is_linear(p) || page->state != PAGE_SLAB || page->cache != c,
		 "kmem_cache_free: %p is no object of cache %s", p, c->name))
		return;
	free_object(c, p);
}

/* The least alignment with which no object lies in more lines than it has to. */
static unsigned int line_align(unsigned int size)
{
	unsigned int align = CACHE_LINE;

	while (align > sizeof(u64) && size <= align / 2)
		align /= 2;
	return align;
}

/* Of an object, with its link where that would be in the way of what a constructor made. */
static u32 slot_size(unsigned int size, unsigned int align, bool constructed)
{
	size = ALIGN(max_t(u32, size, sizeof(void *)), (u32)sizeof(void *));
	return ALIGN(constructed ? size + (u32)sizeof(void *) : size, align);
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     slab_flags_t flags, void (*ctor)(void *object))
{
	struct kmem_cache *c;

	might_sleep();
	align = max_t(unsigned int, align, sizeof(u64));
	if (!name || size > KMALLOC_CACHE_MAX || align > KMALLOC_CACHE_MAX || !is_power_of_2(align))
		return NULL;
	if (WARN(flags & ~SLAB_HWCACHE_ALIGN, "kmem_cache_create: %s with flags %x", name, flags))
		return NULL;
	if (flags & SLAB_HWCACHE_ALIGN)
		align = max(align, line_align(size));
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return NULL;
	c->name = name;
	c->ctor = ctor;
	c->size = slot_size(size, align, ctor);
	c->per_slab = PAGE_SIZE / c->size;
	cache_init(c, size, align);
	return c;
}

/*
 * Objects that somebody has. With the lock no magazine is filled or emptied meanwhile; what goes
 * from one CPU's to another's may be seen in both.
 */
static unsigned long used_objects(struct kmem_cache *c)
{
	unsigned long used, at_hand = 0;

	guard(spinlock_irqsave)(&c->lock);
	used = c->used;
	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++)
		at_hand += magazine_count(c, i);
	return used - min(used, at_hand);
}

/* Nobody uses the cache any more. */
static void empty_magazines(struct kmem_cache *c)
	__must_hold(&c->lock)
{
	LIST_HEAD(surplus);
	void *p;

	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++)
		while ((p = magazine_take(&c->magazine[i])) != NULL)
			put_object_locked(c, p, &surplus);
	free_slabs(&surplus);
}

void kmem_cache_destroy(struct kmem_cache *c)
{
	might_sleep();
	if (!c)
		return;
	if (WARN(used_objects(c), "kmem_cache_destroy: %s still has %lu objects", c->name,
		 used_objects(c)))
		return;
	context_assume_held(&c->lock);	/* nobody uses it any more */
	scoped_guard(spinlock_irqsave, &caches_lock)
		list_del(&c->link);
	empty_magazines(c);
	free_slabs(&c->partial);
	kfree(c);
}

static struct kmem_cache *kmalloc_cache(size_t size)
{
	if (likely(size <= SMALL_MAX))
		return kmalloc_caches[small_index[DIV_ROUND_UP(size, SMALL_STEP)]];
	/* 193..256 is index 6 and has order 8 */
	return kmalloc_caches[order_base_2(size) - 2];
}

static noinline void *kmalloc_large(size_t size, gfp_t flags)
{
	unsigned int order = get_order(size);
	void *p;

	if (size > KMALLOC_MAX_SIZE)
		return NULL;	/* no request: it is none that could be made to fail */
	/* SAFETY: the pages are the caller's now, or NULL. */
	p = (void *)__get_free_pages(flags, order);
	if (!p)
		return NULL;
	atomic_add(1 << order, &large_pages);
	kasan_kmalloc_large(p, size, flags);
	return p;
}

void *__kmalloc(size_t size, gfp_t flags)
{
	struct kmem_cache *c;
	void *p;

	if (unlikely(size > KMALLOC_CACHE_MAX))
		return kmalloc_large(size, flags);
	c = kmalloc_cache(size);
	p = kmem_cache_alloc(c, flags);
	if (p) {
		slab_debug_resize(c, p, size);
		kasan_kmalloc(c, p, size, flags);
	}
	return p;
}

static noinline void kfree_large(const void *p)
{
	struct page *page;

	if (!p || WARN(!is_linear(p), "kfree: %p is not kmalloc's", p))
		return;
	page = virt_to_page(p);
	if (WARN(page->state != PAGE_ALLOCATED || !IS_ALIGNED((unsigned long)p, PAGE_SIZE),
		 "kfree: %p is not allocated", p))
		return;
	if (!debug_dma_may_free(p, (size_t)PAGE_SIZE << page->order))
		return;
	if (!debug_check_no_obj_freed(p, (size_t)PAGE_SIZE << page->order))
		return;
	kasan_kfree_large(p);
	atomic_sub(1 << page->order, &large_pages);
	free_pages((unsigned long)p, page->order);
}

void kfree(const void *p)
{
	const struct page *page = virt_to_page(p);

	/* SAFETY: it came from here without const, and is given back. */
	if (likely(is_linear(p) && page->state == PAGE_SLAB))
		free_object(page->cache, (void *)(unsigned long)p);
	else
		kfree_large(p);
}

size_t ksize(const void *p)
{
	const struct page *page = virt_to_page(p);

	if (!p || WARN(IS_ENABLED(CONFIG_DEBUG) && !is_linear(p), "ksize: %p is not kmalloc's", p))
		return 0;
	if (page->state == PAGE_SLAB)
		return object_size(page->cache, p);
	return (size_t)PAGE_SIZE << page->order;
}

void slab_for_each(void (*fn)(const char *name, size_t size, size_t used, size_t total, void *arg),
		   void *arg)
{
	struct kmem_cache *c;

	guard(spinlock_irqsave)(&caches_lock);
	list_for_each_entry(c, &caches, link)
		fn(c->name, c->size, used_objects(c), context_unsafe(c->slabs) * c->per_slab, arg);
}

static void add_bytes(const char *name, size_t size, size_t used, size_t total, void *arg)
{
	(void)name;
	(void)total;
	*(size_t *)arg += size * used;
}

size_t slab_bytes_used(void)
{
	size_t bytes = (size_t)atomic_read(&large_pages) << PAGE_SHIFT;

	slab_for_each(add_bytes, &bytes);
	return bytes;
}

size_t slab_pages_used(void)
{
	size_t pages = (size_t)atomic_read(&large_pages);
	struct kmem_cache *c;

	guard(spinlock_irqsave)(&caches_lock);
	list_for_each_entry(c, &caches, link)
		pages += context_unsafe(c->slabs) << slab_order(c);
	return pages;
}

unsigned int pool_init(struct pool *pool, void *memory, size_t bytes, size_t size)
{
	char *block = memory;

	if (WARN(IS_ENABLED(CONFIG_DEBUG) && !IS_ALIGNED((unsigned long)memory, sizeof(u64)),
		 "pool_init: %p is not aligned", memory))
		bytes = 0;
	size = size > bytes ? bytes + 1 : ALIGN(max(size, sizeof(void *)), sizeof(u64));
	spin_lock_init(&pool->lock);
	context_assume_held(&pool->lock);	/* nobody else has it yet */
	pool->free = NULL;
	pool->used = 0;
	pool->total = (unsigned int)(bytes / size);
#ifdef CONFIG_DEBUG_SLAB
	pool->memory = memory;
	pool->size = size;
#endif
	for (unsigned int i = pool->total; i > 0; i--) {
		*(void **)(block + (i - 1) * size) = pool->free;
		pool->free = block + (i - 1) * size;
	}
	return pool->total;
}

#ifdef CONFIG_DEBUG_SLAB

static bool is_free_locked(const struct pool *pool, const void *block)
	__must_hold(&pool->lock)
{
	const void *at = pool->free;

	for (unsigned int i = 0; at && i < pool->total; i++, at = *(void *const *)at)
		if (at == block)
			return true;
	return false;
}

bool pool_may_free(struct pool *pool, const void *block)
{
	unsigned long offset = (unsigned long)block - (unsigned long)pool->memory;

	return !WARN(offset % pool->size || offset / pool->size >= pool->total,
		     "pool_free: %p is no block of the pool", block) &&
	       !WARN(is_free_locked(pool, block), "pool_free: %p is free already", block);
}

#endif
