/* SPDX-License-Identifier: MIT */
/*
 * Which entry of a driver's of_match_table fits a device. Any context.
 */
#ifndef DRIVERS_OF_DEVICE_H
#define DRIVERS_OF_DEVICE_H

#include <drivers/device.h>
#include <drivers/of.h>

/* The entry that fits best, or NULL. */
static inline const struct of_device_id *of_match_device(const struct of_device_id *matches,
							  const struct device *dev)
{
	return matches && dev->of_node ? of_match_node(matches, dev->of_node) : NULL;
}

static inline int of_driver_match_device(struct device *dev, const struct device_driver *drv)
{
	return of_match_device(drv->of_match_table, dev) != NULL;
}

/* In probe: `data` of the entry by which the driver has the device, or NULL. */
static inline const void *of_device_get_match_data(const struct device *dev)
{
	const struct of_device_id *match = of_match_device(dev->driver->of_match_table, dev);

	return match ? match->data : NULL;
}

/* Whether the device looks into the processors' caches: its node, or one above it, says so. */
bool of_dma_is_coherent(const struct device_node *np);

/*
 * What the tree says of the way of np's device to memory, before its probe. Without force_dma
 * a device on a bus that says nothing is left alone. Context: task; may sleep.
 * Return: 0, and dma_deconfigure() has to follow when the driver has gone; -EINVAL: a
 * `dma-ranges` on that way is wrong, which is logged; -ENOMEM.
 */
int __must_check of_dma_configure(struct device *dev, const struct device_node *np,
				  bool force_dma);
void dma_deconfigure(struct device *dev);

#endif
