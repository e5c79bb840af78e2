/* SPDX-License-Identifier: MIT */
/*
 * What the files of the driver core say to each other: core.c (devices),
 * bus.c (lists), dd.c (binding). Context of all: task, may sleep.
 */
#ifndef DRIVERS_BASE_BASE_PRIV_H
#define DRIVERS_BASE_BASE_PRIV_H

#include <drivers/device.h>

struct platform_device;

/* bus.c: all three do nothing for a device without a bus. -EEXIST: the name is taken. */
int __must_check bus_add_device(struct device *dev);
void bus_remove_device(struct device *dev);

/* dd.c */
static inline int driver_match_device(struct device_driver *drv, struct device *dev)
{
	return drv->bus->match ? drv->bus->match(dev, drv) : 1;
}

/*
 * platform.c: a device without a name, and in the same object pdev->resource for `nr` of them, none
 * filled in, and behind that `bytes` for a text, *text. NULL: no memory.
 */
struct platform_device *platform_device_alloc_with(unsigned int nr, size_t bytes, char **text)
	__must_check;

/* As device_attach(), for who has the device's lock. */
int device_attach_locked(struct device *dev) __must_hold(&dev->mutex);

/* link.c: for binding, all without the device's lock unless said. */

/* A consumer of it, counted, that has none itself; or NULL. */
struct device *device_links_last_consumer(struct device *dev);
/* False: it has consumers, to be unbound first. True: it gets none until end. With the lock. */
bool __must_check device_links_begin_unbind(struct device *dev);
void device_links_end_unbind(struct device *dev);
/* A probe of it failed: fn for those that took something of it already. With the lock. */
void device_links_orphan_consumers(struct device *dev, void (*fn)(struct device *consumer));

/* The device that provides for `np`: its own, or else the next one's above it. Counted, or NULL. */
struct device *device_of_provider(const struct device_node *np);

/* irq.c: of_irq_get() of the device's node, whose controller becomes its supplier. */
int device_irq_get(struct device *dev, int index);

/* Unbinds the driver from all its devices. */
void driver_detach(struct device_driver *drv);

/*
 * Keeps why the device is not bound; err 0: forgets. `reason` is kmalloc'd, may be
 * NULL, and belongs to the device from here on.
 */
void device_set_probe_failure(struct device *dev, int err, char *reason);

#endif
