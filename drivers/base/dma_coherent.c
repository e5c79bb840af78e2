/* SPDX-License-Identifier: MIT */
/*
 * Memory that the processor and a device see alike at any time: for a device that looks into the
 * caches memory like any, for others of pages that no cache holds.
 *
 * Locking: none.
 */
#include <kernel/dma-mapping.h>

#include <drivers/device.h>
#include <kernel/bug.h>
#include <kernel/dma-map-ops.h>

#include "dma_priv.h"

struct request {
	const struct device *dev;
	dma_addr_t *handle;		/* where the device finds what fits */
};

static bool within_reach(const void *mem, size_t size, void *arg)
{
	const struct request *request = arg;

	*request->handle = dma_reach(request->dev, mem, size, request->dev->coherent_dma_mask);
	return *request->handle != DMA_MAPPING_ERROR;
}

static void *cached_alloc(size_t size, gfp_t gfp, struct request *request)
{
	void *mem = alloc_pages_exact(size, gfp | __GFP_ZERO);

	if (!mem || within_reach(mem, size, request))
		return mem;
	free_pages_exact(mem, size);
	return NULL;
}

static void give_back(const struct device *dev, void *mem, size_t size)
{
	if (dev->dma_coherent)
		free_pages_exact(mem, size);
	else
		uncached_free(mem, size);
}

void *dma_alloc_attrs(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp,
		      unsigned long attrs)
{
	struct request request = { .dev = dev, .handle = handle };
	void *mem;

	(void)attrs;
	if (WARN(!dev->coherent_dma_mask, "dma_alloc: %s has no DMA mask", dev_name(dev)) || !size)
		return NULL;
	if (dev->dma_coherent)
		mem = cached_alloc(size, gfp, &request);
	else
		mem = uncached_alloc(size, gfp, within_reach, &request);
	if (mem && !debug_dma_alloc(dev, mem, size, *handle, _RET_IP_)) {
		give_back(dev, mem, size);
		return NULL;
	}
	return mem;
}

void dma_free_attrs(struct device *dev, size_t size, void *mem, dma_addr_t handle,
		    unsigned long attrs)
{
	(void)attrs;
	if (mem && debug_dma_free(dev, mem, size, handle))
		give_back(dev, mem, size);
}

/* ---- managed ---- */

struct dma_devres {
	size_t size;
	void *mem;
	dma_addr_t handle;
};

static void dmam_release(struct device *dev, void *res)
{
	const struct dma_devres *dr = res;

	dma_free_coherent(dev, dr->size, dr->mem, dr->handle);
}

static int dmam_match(struct device *dev, void *res, void *match_data)
{
	const struct dma_devres *dr = res;

	(void)dev;
	return dr->mem == match_data;
}

void *dmam_alloc_attrs(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp,
		       unsigned long attrs)
{
	struct dma_devres *dr = devres_alloc(dmam_release, sizeof(*dr), gfp);

	if (!dr)
		return NULL;
	dr->mem = dma_alloc_attrs(dev, size, handle, gfp, attrs);
	if (!dr->mem) {
		devres_free(dr);
		return NULL;
	}
	dr->size = size;
	dr->handle = *handle;
	devres_add(dev, dr);
	return dr->mem;
}

void dmam_free_coherent(struct device *dev, size_t size, void *mem, dma_addr_t handle)
{
	dma_free_coherent(dev, size, mem, handle);
	WARN(devres_destroy(dev, dmam_release, dmam_match, mem),
	     "dmam_free_coherent: %s has no such memory", dev_name(dev));
}
