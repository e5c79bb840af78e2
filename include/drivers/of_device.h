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

#endif
