/* SPDX-License-Identifier: MIT */
/*
 * What the files of DMA say to each other: dma.c (reach, handing over), dma_coherent.c (memory
 * for both), dma_debug.c (who has what). Context of all: any.
 */
#ifndef DRIVERS_BASE_DMA_PRIV_H
#define DRIVERS_BASE_DMA_PRIV_H

#include <drivers/device.h>
#include <kernel/dma-mapping.h>

/* Where on the device's bus that memory is; DMA_MAPPING_ERROR: not all of it is within `mask`. */
dma_addr_t dma_reach(const struct device *dev, const void *mem, size_t size, u64 mask);

/* Maintenance of the caches, if the device does not look into them. */
void dma_hand_to_device(const struct device *dev, void *mem, size_t size,
			enum dma_data_direction dir);
void dma_hand_to_cpu(const struct device *dev, void *mem, size_t size,
		     enum dma_data_direction dir);


#ifdef CONFIG_DMA_API_DEBUG

/*
 * A mapping of `mem` is about to be made. *addr, where the device finds it, becomes that of a copy
 * if there is room for one within the device's reach. Returns what the device has, `mem` or the
 * copy; NULL: there is no memory to keep books, or the mapping cannot be, which is reported.
 */
void *debug_dma_map(struct device *dev, void *mem, size_t size, enum dma_data_direction dir,
		    unsigned long attrs, dma_addr_t *addr, unsigned long caller) __must_check;
/* Those do all that there is to do for what is mapped, and report what is not. */
void debug_dma_unmap(struct device *dev, dma_addr_t addr, size_t size,
		     enum dma_data_direction dir, unsigned long attrs);
void debug_dma_sync(struct device *dev, dma_addr_t addr, size_t size,
		    enum dma_data_direction dir, bool for_cpu);

/* False: as above. */
bool debug_dma_alloc(struct device *dev, void *mem, size_t size, dma_addr_t addr,
		     unsigned long caller) __must_check;
/* Whether it is to be freed: it was allocated so. */
bool debug_dma_free(struct device *dev, void *mem, size_t size, dma_addr_t addr) __must_check;

/* The driver has left the device: so must have its mappings. */
void debug_dma_unbound(struct device *dev);

#else

static inline void *__must_check debug_dma_map(struct device *dev, void *mem, size_t size,
					       enum dma_data_direction dir, unsigned long attrs,
					       dma_addr_t *addr, unsigned long caller)
{
	(void)dev, (void)size, (void)dir, (void)attrs, (void)addr, (void)caller;
	return mem;
}

static inline bool __must_check debug_dma_alloc(struct device *dev, void *mem, size_t size,
						dma_addr_t addr, unsigned long caller)
{
	(void)dev, (void)mem, (void)size, (void)addr, (void)caller;
	return true;
}

static inline bool __must_check debug_dma_free(struct device *dev, void *mem, size_t size,
					       dma_addr_t addr)
{
	(void)dev, (void)mem, (void)size, (void)addr;
	return true;
}

static inline void debug_dma_unbound(struct device *dev)
{
	(void)dev;
}

/* Not called: whoever does asks IS_ENABLED() first. */
void debug_dma_unmap(struct device *dev, dma_addr_t addr, size_t size,
		     enum dma_data_direction dir, unsigned long attrs);
void debug_dma_sync(struct device *dev, dma_addr_t addr, size_t size,
		    enum dma_data_direction dir, bool for_cpu);

#endif
#endif
