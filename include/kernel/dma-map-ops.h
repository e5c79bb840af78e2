/* SPDX-License-Identifier: MIT */
/*
 * Memory as <kernel/dma-mapping.h> needs it, without a device: where it is, the caches' lines of
 * it, and pages that no cache holds. For drivers/base alone.
 */
#ifndef KERNEL_DMA_MAP_OPS_H
#define KERNEL_DMA_MAP_OPS_H

#include <kernel/dma-direction.h>
#include <kernel/gfp.h>
#include <lib/compiler.h>
#include <lib/types.h>

/*
 * Whether it is RAM in one stretch: of the linear map, or of the image. Stacks and registers
 * are neither. Context: any.
 */
bool dma_memory_valid(const void *mem, size_t size);

/* Of such memory, and back. Context: any. Return: the physical address; the memory. */
phys_addr_t dma_memory_phys(const void *mem);
void *dma_memory_at(phys_addr_t pa);

/*
 * What the caches have of a buffer that goes to a device which does not look into them, and of
 * one that comes back from it. Context: any.
 */
void dma_lines_to_device(void *mem, size_t size, enum dma_data_direction dir);
void dma_lines_to_cpu(void *mem, size_t size, enum dma_data_direction dir);

/* Whether memory will do for who asks for it. Called with interrupts off. */
typedef bool uncached_fits_fn(const void *mem, size_t size, void *arg);

/*
 * Zeroed pages that no cache holds, aligned to their power of two. The caller frees them with the
 * same size.
 * Context: as gfp says; without __GFP_MAY_SLEEP only out of what was taken before.
 * Return: the memory; NULL: there is none that fits.
 */
void *uncached_alloc(size_t size, gfp_t gfp, uncached_fits_fn *fits, void *arg) __must_check;
/* Context: any. */
void uncached_free(void *mem, size_t size);

/* Pages that are nobody's now and kept for the next one who asks. Context: any. */
#ifdef CONFIG_HAS_DMA
unsigned long uncached_pages_kept(void);
#else
static inline unsigned long uncached_pages_kept(void)
{
	return 0;
}
#endif

#endif
