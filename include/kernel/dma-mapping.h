/* SPDX-License-Identifier: MIT */
/*
 * Memory that a device reads or writes by itself. Names and signatures as in Linux.
 *
 *	err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(32));		what the device can address
 *
 *	ring = dma_alloc_coherent(dev, size, &ring_dma, GFP_KERNEL);	both see it at any time
 *	...
 *	dma_free_coherent(dev, size, ring, ring_dma);
 *
 *	addr = dma_map_single(dev, buf, len, DMA_FROM_DEVICE);		the device has it
 *	if (dma_mapping_error(dev, addr))
 *		return -ENOMEM;
 *	...								addr goes into a register
 *	dma_unmap_single(dev, addr, len, DMA_FROM_DEVICE);		the processor has it
 *
 * A mapped buffer is the device's: the processor neither reads nor writes it until it is unmapped,
 * or handed over and back with the dma_sync_ functions. For a device that does not look into the
 * caches (its node has no `dma-coherent`) handing over is maintenance of them by line, and coherent
 * memory is of pages that no cache holds. A buffer for such a device to write begins and ends at
 * a multiple of dma_get_cache_alignment(): of what else lies in its first and last line, what the
 * processor wrote before the device did is kept, what it writes while the device has the buffer
 * may be lost or overwrite the device's. kmalloc() of a power of two of at least that size does.
 *
 * An address on the device's bus is a dma_addr_t, in general not the physical address: the
 * tree's `dma-ranges` say what it is, and what the device cannot reach at all.
 *
 * There are no buffers in between: memory that the device cannot reach is not mapped.
 *
 * With CONFIG_DMA_API_DEBUG misuse is reported: see docs/checkers.md.
 */
#ifndef KERNEL_DMA_MAPPING_H
#define KERNEL_DMA_MAPPING_H

#include <kernel/dma-direction.h>
#include <kernel/gfp.h>
#include <kernel/mm.h>
#include <lib/compiler.h>
#include <lib/errno.h>
#include <lib/types.h>

struct device;

/* The lowest n bits, 0 to 64. */
#define DMA_BIT_MASK(n)		((n) == 64 ? ~0ull : (1ull << (n)) - 1)

/* What a mapping is that could not be made. */
#define DMA_MAPPING_ERROR	(~(dma_addr_t)0)

/* For `attrs`; Linux's other ones have no effect here. */
#define DMA_ATTR_WEAK_ORDERING	(1UL << 1)	/* as without */
#define DMA_ATTR_WRITE_COMBINE	(1UL << 2)	/* as without: what is uncached is buffered */
#define DMA_ATTR_SKIP_CPU_SYNC	(1UL << 5)	/* the caller hands it over, by dma_sync_ */
#define DMA_ATTR_NO_WARN	(1UL << 8)	/* nobody is told of a failure */

/* ---- what a device can address; in probe ---- */

/*
 * The addresses that the device can put on its bus, for mappings and for coherent memory; 32 bits
 * unless it is set. Context: task.
 * Return: 0; -EIO: some of the machine's memory is out of its reach, or the device does no DMA.
 */
int __must_check dma_set_mask(struct device *dev, u64 mask);
int __must_check dma_set_coherent_mask(struct device *dev, u64 mask);
/* Both masks, or none. Context: task. Return: as above. */
int __must_check dma_set_mask_and_coherent(struct device *dev, u64 mask);
/* The same for a device that nobody has given a mask. Context: task. Return: as above. */
int __must_check dma_coerce_mask_and_coherent(struct device *dev, u64 mask);
/* What is set; 32 bits for a device without one. Context: any. */
u64 dma_get_mask(struct device *dev);

/* What a buffer is aligned to that shares no line with others. Context: any. */
int dma_get_cache_alignment(void);

/* ---- memory for both ---- */

/*
 * `size` bytes, zeroed, aligned to the power of two of pages that holds them. *handle is where
 * the device finds them. The caller gives them back.
 * Context: as gfp says; without __GFP_MAY_SLEEP, for a device that does not look into the caches,
 * only out of what was taken before.
 * Return: the memory; NULL: there is none, or none that the device's coherent mask reaches.
 */
void *dma_alloc_attrs(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp,
		      unsigned long attrs) __must_check;
/* As it was given; a NULL `mem` does nothing. Context: any. */
void dma_free_attrs(struct device *dev, size_t size, void *mem, dma_addr_t handle,
		    unsigned long attrs);

static inline void *__must_check dma_alloc_coherent(struct device *dev, size_t size,
						    dma_addr_t *handle, gfp_t gfp)
{
	return dma_alloc_attrs(dev, size, handle, gfp, 0);
}

static inline void dma_free_coherent(struct device *dev, size_t size, void *mem,
				     dma_addr_t handle)
{
	dma_free_attrs(dev, size, mem, handle, 0);
}

/* Given back at unbind, or by dmam_free_coherent() before. Context: as gfp says; task. */
void *dmam_alloc_attrs(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp,
		       unsigned long attrs) __must_check;
void dmam_free_coherent(struct device *dev, size_t size, void *mem, dma_addr_t handle);

static inline void *__must_check dmam_alloc_coherent(struct device *dev, size_t size,
						     dma_addr_t *handle, gfp_t gfp)
{
	return dmam_alloc_attrs(dev, size, handle, gfp, 0);
}

/* ---- buffers that go back and forth. Context: any ---- */

/*
 * Hands `size` bytes at `mem` to the device, for data to go the way of `dir`. The memory is
 * kmalloc's, of pages, or of the image; not on a stack, nor ioremap()'s: that is reported.
 * Return: where the device finds it, which dma_mapping_error() is asked about.
 */
dma_addr_t dma_map_single_attrs(struct device *dev, void *mem, size_t size,
				enum dma_data_direction dir, unsigned long attrs) __must_check;
/* Takes it back: all four as it was mapped. */
void dma_unmap_single_attrs(struct device *dev, dma_addr_t addr, size_t size,
			    enum dma_data_direction dir, unsigned long attrs);

#define dma_map_single(dev, mem, size, dir)	dma_map_single_attrs(dev, mem, size, dir, 0)
#define dma_unmap_single(dev, addr, size, dir)	dma_unmap_single_attrs(dev, addr, size, dir, 0)

/* The same of `size` bytes from `offset` on in the page and those behind it. */
static inline dma_addr_t __must_check dma_map_page_attrs(struct device *dev, struct page *page,
							  size_t offset, size_t size,
							  enum dma_data_direction dir,
							  unsigned long attrs)
{
	return dma_map_single_attrs(dev, (char *)page_address(page) + offset, size, dir, attrs);
}

static inline void dma_unmap_page_attrs(struct device *dev, dma_addr_t addr, size_t size,
					enum dma_data_direction dir, unsigned long attrs)
{
	dma_unmap_single_attrs(dev, addr, size, dir, attrs);
}

#define dma_map_page(dev, page, offset, size, dir) \
	dma_map_page_attrs(dev, page, offset, size, dir, 0)
#define dma_unmap_page(dev, addr, size, dir)	dma_unmap_page_attrs(dev, addr, size, dir, 0)

#ifdef CONFIG_DMA_API_DEBUG
void debug_dma_mapping_error(struct device *dev, dma_addr_t addr);
#else
static inline void debug_dma_mapping_error(struct device *dev, dma_addr_t addr)
{
	(void)dev;
	(void)addr;
}
#endif

/* Of each mapping, before it is used. Return: 0; -ENOMEM: it was not made. */
static inline int __must_check dma_mapping_error(struct device *dev, dma_addr_t addr)
{
	debug_dma_mapping_error(dev, addr);
	return addr == DMA_MAPPING_ERROR ? -ENOMEM : 0;
}

/*
 * Part of a mapped buffer, or all of it: to the processor, which may look at what the device wrote
 * so far; back to the device. `dir` as it was mapped.
 */
void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir);
void dma_sync_single_for_device(struct device *dev, dma_addr_t addr, size_t size,
				enum dma_data_direction dir);

static inline void dma_sync_single_range_for_cpu(struct device *dev, dma_addr_t addr,
						 unsigned long offset, size_t size,
						 enum dma_data_direction dir)
{
	dma_sync_single_for_cpu(dev, addr + offset, size, dir);
}

static inline void dma_sync_single_range_for_device(struct device *dev, dma_addr_t addr,
						    unsigned long offset, size_t size,
						    enum dma_data_direction dir)
{
	dma_sync_single_for_device(dev, addr + offset, size, dir);
}

/* ---- for the allocators. Context: any ---- */

/* Whether no device has any of [mem, mem + size), which is about to be freed; reports it if so. */
#ifdef CONFIG_DMA_API_DEBUG
bool debug_dma_may_free(const void *mem, size_t size);
#else
static inline bool debug_dma_may_free(const void *mem, size_t size)
{
	(void)mem;
	(void)size;
	return true;
}
#endif

#endif
