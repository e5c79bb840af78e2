/* SPDX-License-Identifier: MIT */
/*
 * Buffers that go back and forth between the processor and a device.
 *
 * Here is what a device reaches, and whether the caches concern it; what is done with their lines
 * is in kernel/mm/dma_lines.c.
 *
 * Locking: none. Masks and the map of a device's bus change in its probe only.
 */
#include <kernel/dma-mapping.h>

#include <drivers/device.h>
#include <kernel/bug.h>
#include <kernel/dma-map-ops.h>
#include <kernel/fault-inject.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>

#include "dma_priv.h"

/* ---- reach ---- */

static dma_addr_t phys_to_dma(const struct device *dev, phys_addr_t pa)
{
	const struct bus_dma_region *region = dev->dma_range_map;

	if (!region)
		return pa;
	for (; region->size; region++)
		if (pa - region->cpu_start < region->size)
			return pa - region->cpu_start + region->dma_start;
	return DMA_MAPPING_ERROR;
}

static phys_addr_t dma_to_phys(const struct device *dev, dma_addr_t addr)
{
	const struct bus_dma_region *region = dev->dma_range_map;

	if (!region)
		return addr;
	while (region->size && addr - region->dma_start >= region->size)
		region++;
	return addr - region->dma_start + region->cpu_start;
}

/* Of what was mapped. */
static void *dma_to_virt(const struct device *dev, dma_addr_t addr)
{
	return dma_memory_at(dma_to_phys(dev, addr));
}

/* The lowest limit there is; 0 is none. */
static u64 dma_limit(const struct device *dev, u64 mask)
{
	return dev->bus_dma_limit ? min(mask, dev->bus_dma_limit) : mask;
}

dma_addr_t dma_reach(const struct device *dev, const void *mem, size_t size, u64 mask)
{
	phys_addr_t pa = dma_memory_phys(mem);
	dma_addr_t addr = phys_to_dma(dev, pa);

	/* What goes on in another region does so elsewhere on the bus. */
	if (addr == DMA_MAPPING_ERROR || phys_to_dma(dev, pa + size - 1) != addr + size - 1)
		return DMA_MAPPING_ERROR;
	return addr + size - 1 <= dma_limit(dev, mask) ? addr : DMA_MAPPING_ERROR;
}

/* There is no zone of low memory: a mask reaches all of RAM, or as much of it as the bus does. */
static bool dma_supported(const struct device *dev, u64 mask)
{
	dma_addr_t last = phys_to_dma(dev, mm_last_byte());

	return mask >= DMA_BIT_MASK(32) || mask >= dma_limit(dev, last);
}

int dma_set_mask(struct device *dev, u64 mask)
{
	if (!dev->dma_mask || !dma_supported(dev, mask))
		return -EIO;
	*dev->dma_mask = mask;
	return 0;
}

int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	if (!dma_supported(dev, mask))
		return -EIO;
	dev->coherent_dma_mask = mask;
	return 0;
}

int dma_set_mask_and_coherent(struct device *dev, u64 mask)
{
	int ret = dma_set_mask(dev, mask);

	return ret ? ret : dma_set_coherent_mask(dev, mask);
}

int dma_coerce_mask_and_coherent(struct device *dev, u64 mask)
{
	dev->dma_mask = &dev->coherent_dma_mask;
	return dma_set_mask_and_coherent(dev, mask);
}

u64 dma_get_mask(struct device *dev)
{
	return dev->dma_mask && *dev->dma_mask ? *dev->dma_mask : DMA_BIT_MASK(32);
}

/* ---- handing over ---- */

void dma_hand_to_device(const struct device *dev, void *mem, size_t size,
			enum dma_data_direction dir)
{
	if (!dev->dma_coherent)
		dma_lines_to_device(mem, size, dir);
}

void dma_hand_to_cpu(const struct device *dev, void *mem, size_t size,
		     enum dma_data_direction dir)
{
	if (!dev->dma_coherent)
		dma_lines_to_cpu(mem, size, dir);
}

dma_addr_t dma_map_single_attrs(struct device *dev, void *mem, size_t size,
				enum dma_data_direction dir, unsigned long attrs)
{
	dma_addr_t addr;
	void *seen;

	if (WARN(!valid_dma_direction(dir), "dma_map: no direction: %d", dir) ||
	    WARN(!dev->dma_mask, "dma_map: %s has no DMA mask", dev_name(dev)) ||
	    WARN(!dma_memory_valid(mem, size),
		 "dma_map: %s cannot be given %p, %zu bytes: no RAM of the linear map",
		 dev_name(dev), mem, size))
		return DMA_MAPPING_ERROR;
	addr = dma_reach(dev, mem, size, *dev->dma_mask);
	if (addr == DMA_MAPPING_ERROR) {
		if (!(attrs & DMA_ATTR_NO_WARN))
			dev_err_ratelimited(dev, "memory at 0x%llx is out of its reach, 0x%llx\n",
					    (unsigned long long)dma_memory_phys(mem),
					    (unsigned long long)dma_limit(dev, *dev->dma_mask));
		return DMA_MAPPING_ERROR;
	}
	if (should_fail_alloc(GFP_ATOMIC))
		return DMA_MAPPING_ERROR;
	seen = debug_dma_map(dev, mem, size, dir, attrs, &addr, _RET_IP_);
	if (!seen)
		return DMA_MAPPING_ERROR;
	if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC))
		dma_hand_to_device(dev, seen, size, dir);
	return addr;
}

void dma_unmap_single_attrs(struct device *dev, dma_addr_t addr, size_t size,
			    enum dma_data_direction dir, unsigned long attrs)
{
	if (IS_ENABLED(CONFIG_DMA_API_DEBUG))
		debug_dma_unmap(dev, addr, size, dir, attrs);
	else if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC))
		dma_hand_to_cpu(dev, dma_to_virt(dev, addr), size, dir);
}

void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir)
{
	if (IS_ENABLED(CONFIG_DMA_API_DEBUG))
		debug_dma_sync(dev, addr, size, dir, true);
	else
		dma_hand_to_cpu(dev, dma_to_virt(dev, addr), size, dir);
}

void dma_sync_single_for_device(struct device *dev, dma_addr_t addr, size_t size,
				enum dma_data_direction dir)
{
	if (IS_ENABLED(CONFIG_DMA_API_DEBUG))
		debug_dma_sync(dev, addr, size, dir, false);
	else
		dma_hand_to_device(dev, dma_to_virt(dev, addr), size, dir);
}
