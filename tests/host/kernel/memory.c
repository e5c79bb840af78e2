/* SPDX-License-Identifier: MIT */
/*
 * <kernel/slab.h> and its neighbours out of malloc(), so that the address sanitizer sees each
 * object; the memory of a small machine, which can run out; and a bus with nothing on it.
 */
#include <kernel/slab.h>

#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/dma-map-ops.h>
#include <kernel/dma-mapping.h>
#include <kernel/fault-inject.h>
#include <kernel/io.h>
#include <kernel/lockdep.h>
#include <kernel/mm.h>
#include <kernel/sched.h>
#include <kernel/vmalloc.h>
#include <lib/errno.h>
#include <lib/math.h>

#include <malloc.h>
#include <sys/mman.h>

#include "machine.h"

#define MEMORY_BYTES	((size_t)16 << 20)
#define STACK_BYTES	(THREAD_SIZE + sizeof(struct machine_context))
#define BUS_BYTES	(1ULL << 32)
#define MEMORY_END	(1ULL << 47)

/* ---- what there is ---- */

static size_t bytes_used;	/* of objects */
static size_t bytes_paged;	/* of pages and stacks */

static void *take(size_t size, size_t align)
{
	void *p;

	if (size > MEMORY_BYTES - bytes_used - bytes_paged)
		return NULL;
	return posix_memalign(&p, align, size) ? NULL : p;
}

unsigned long __get_free_pages(gfp_t flags, unsigned int order)
{
	size_t size = (size_t)PAGE_SIZE << order;
	void *p;

	might_sleep_if(flags & __GFP_MAY_SLEEP);
	if (should_fail_alloc(flags))
		return 0;
	p = take(size, size);
	if (!p)
		return 0;
	bytes_paged += size;
	return (unsigned long)memset(p, flags & __GFP_ZERO ? 0 : 0xa5, size);
}

void free_pages(unsigned long addr, unsigned int order)
{
	if (!addr || !debug_dma_may_free((void *)addr, (size_t)PAGE_SIZE << order))
		return;
	debug_check_no_locks_freed((void *)addr, (size_t)PAGE_SIZE << order);
	if (!debug_check_no_obj_freed((void *)addr, (size_t)PAGE_SIZE << order))
		return;
	bytes_paged -= (size_t)PAGE_SIZE << order;
	free((void *)addr);
}

unsigned int get_order(size_t size)
{
	return size <= PAGE_SIZE ? 0 : order_base_2(((size - 1) >> PAGE_SHIFT) + 1);
}

void *alloc_pages_exact(size_t size, gfp_t flags)
{
	return (void *)__get_free_pages(flags, get_order(size));
}

void free_pages_exact(void *mem, size_t size)
{
	free_pages((unsigned long)mem, get_order(size));
}

/* There are no caches to be kept out of. */
void *uncached_alloc(size_t size, gfp_t gfp, uncached_fits_fn *fits, void *arg)
{
	void *mem = alloc_pages_exact(size, gfp | __GFP_ZERO);

	if (!mem || fits(mem, size, arg))
		return mem;
	free_pages_exact(mem, size);
	return NULL;
}

void uncached_free(void *mem, size_t size)
{
	free_pages_exact(mem, size);
}

unsigned long uncached_pages_kept(void)
{
	return 0;
}

/* Above the bus all is memory. */
bool virt_addr_valid(const void *p)
{
	return (unsigned long)p >= BUS_BYTES && (unsigned long)p < MEMORY_END &&
	       !is_image_address(p);
}

phys_addr_t mm_last_byte(void)
{
	return MEMORY_END - 1;
}

void mm_get_stats(struct mem_stats *stats)
{
	*stats = (struct mem_stats){
		.total_pages = MEMORY_BYTES / PAGE_SIZE,
		.free_pages = (MEMORY_BYTES - bytes_used - bytes_paged) / PAGE_SIZE,
	};
}

/* ---- objects ---- */

/* Aligned for any type, and to its size where that is a power of two of up to a page. */
static size_t alignment_of(size_t size)
{
	size_t align = 16;

	while (align < size && align < PAGE_SIZE)
		align *= 2;
	return align == size ? align : 16;
}

static void *object_alloc(size_t size, size_t align, gfp_t flags)
{
	void *p;

	might_sleep_if(flags & __GFP_MAY_SLEEP);
	if (size > KMALLOC_MAX_SIZE || should_fail_alloc(flags))
		return NULL;
	size = size ? size : 1;
	p = take(size, align);
	if (!p)
		return NULL;
	bytes_used += malloc_usable_size(p);
	return memset(p, flags & __GFP_ZERO ? 0 : 0xa5, size);
}

void *__kmalloc(size_t size, gfp_t flags)
{
	return object_alloc(size, alignment_of(size), flags);
}

void kfree(const void *p)
{
	if (!p || !debug_dma_may_free(p, ksize(p)))
		return;
	debug_check_no_locks_freed(p, ksize(p));
	if (!debug_check_no_obj_freed(p, ksize(p)))
		return;
	bytes_used -= malloc_usable_size((void *)p);
	free((void *)p);
}

size_t ksize(const void *p)
{
	return malloc_usable_size((void *)p);
}

size_t slab_bytes_used(void)
{
	return bytes_used;
}

/* Of the pages above. */
size_t slab_pages_used(void)
{
	struct mem_stats stats;

	mm_get_stats(&stats);
	return stats.total_pages - stats.free_pages - bytes_paged / PAGE_SIZE;
}

struct kmem_cache {
	size_t size, align;
	void (*ctor)(void *object);
	unsigned int used;
};

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     slab_flags_t flags, void (*ctor)(void *object))
{
	struct kmem_cache *cache;

	(void)flags;
	might_sleep();
	cache = name ? kmalloc(sizeof(*cache), GFP_KERNEL) : NULL;
	if (cache)
		*cache = (struct kmem_cache){ size, align > 16 ? align : 16, ctor, 0 };
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	might_sleep();
	if (cache && !WARN(cache->used, "a cache is destroyed that has %u objects", cache->used))
		kfree(cache);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	void *p = object_alloc(cache->size, cache->align, flags);

	cache->used += p != NULL;
	if (p && cache->ctor)
		cache->ctor(p);
	return p;
}

void kmem_cache_free(struct kmem_cache *cache, void *p)
{
	cache->used -= p != NULL;
	kfree(p);
}

/* ---- stacks ---- */

unsigned long vmap_table_pages(void)
{
	return 0;
}

void *vmap_stack_alloc(size_t size)
{
	void *stack = size == THREAD_SIZE ? take(STACK_BYTES, PAGE_SIZE) : NULL;

	might_sleep();
	bytes_paged += stack ? STACK_BYTES : 0;
	return stack;
}

void vmap_stack_free(void *stack)
{
	might_sleep();
	bytes_paged -= stack ? STACK_BYTES : 0;
	free(stack);
}

/* ---- devices ---- */

/* A bus of which every address is a place, with nothing there. */
static char *bus(void)
{
	static char *base;

	if (!base) {
		base = mmap(NULL, BUS_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			    -1, 0);
		if (base == MAP_FAILED)
			abort();
	}
	return base;
}

bool machine_is_bus(const volatile void *addr)
{
	return (unsigned long)addr - (unsigned long)bus() < BUS_BYTES;
}

/* What lies above the bus is memory, mapped once more. */
void __iomem *ioremap(phys_addr_t addr, size_t size)
{
	might_sleep();
	if (!size || addr >= MEMORY_END || size > MEMORY_END - addr)
		return NULL;
	if (addr >= BUS_BYTES)
		return phys_to_virt(addr);
	return size <= BUS_BYTES - addr ? bus() + addr : NULL;
}

void iounmap(void __iomem *addr)
{
	(void)addr;
	might_sleep();
}
