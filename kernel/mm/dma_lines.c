/* SPDX-License-Identifier: MIT */
/*
 * The caches' lines of a buffer that is handed over.
 *
 * What a device reads is written back before. What it writes is dropped from the caches before it
 * begins, so that no dirty line is written over it later, and once more when it has ended: what
 * was fetched in advance meanwhile is old. The first and the last line may also hold what is not
 * of the buffer: they are written back before they are dropped.
 *
 * Locking: none.
 */
#include <kernel/dma-map-ops.h>

#include <hal/cache.h>
#include <kernel/dma-mapping.h>
#include <kernel/io.h>
#include <kernel/mm.h>

bool dma_memory_valid(const void *mem, size_t size)
{
	const char *first = mem, *last;

	if (!size || size - 1 > ~(unsigned long)mem)	/* it would wrap */
		return false;
	last = first + (size - 1);
	return (virt_addr_valid(first) && virt_addr_valid(last)) ||
	       (is_image_address(first) && is_image_address(last));
}

phys_addr_t dma_memory_phys(const void *mem)
{
	return virt_to_phys(mem);
}

void *dma_memory_at(phys_addr_t pa)
{
	return phys_to_mem(pa);
}

int dma_get_cache_alignment(void)
{
	return (int)hal_dcache_line();
}

static void clean(void *start, size_t size)
{
	io_hook_cache("clean", start, size);
	hal_dcache_clean(start, size);
}

static void clean_invalidate(void *start, size_t size)
{
	io_hook_cache("clean+invalidate", start, size);
	hal_dcache_clean_invalidate(start, size);
}

static void invalidate(void *start, size_t size)
{
	io_hook_cache("invalidate", start, size);
	hal_dcache_invalidate(start, size);
}

static void discard(char *start, size_t size)
{
	size_t line = hal_dcache_line();
	char *end = start + size;
	char *first = start - (unsigned long)start % line;
	char *last = end - (unsigned long)end % line;

	if (first != start) {
		clean_invalidate(first, line);
		first += line;
	}
	if (last != end && last >= first)
		clean_invalidate(last, line);
	if (last > first)
		invalidate(first, (size_t)(last - first));
}

void dma_lines_to_device(void *mem, size_t size, enum dma_data_direction dir)
{
	if (dir == DMA_FROM_DEVICE)
		discard(mem, size);
	else
		clean(mem, size);
}

void dma_lines_to_cpu(void *mem, size_t size, enum dma_data_direction dir)
{
	if (dir != DMA_TO_DEVICE)
		discard(mem, size);
}
