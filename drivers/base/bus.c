/* SPDX-License-Identifier: MIT */
/*
 * Buses: the lists of the devices and drivers of one kind, and walks over them.
 *
 * Both lists are klists, so a walk may meet a device that comes or goes, but
 * never one that is freed. A driver is storage of its module, not counted:
 * driver_unregister() waits until no walk stands on it, and no one who found it
 * has it. A name is one device's on its bus: they are found by it in a table.
 *
 * Locking: names_lock, for the table and which device a node has; drivers_lock
 * makes looking for a driver's name and taking it one step.
 */
#include <drivers/device.h>

#include <drivers/of.h>
#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/fault-inject.h>
#include <lib/string.h>

#include "base_priv.h"

/* Few, as each device of the tree pays for them at boot: its name begins with an address. */
#define NAME_HASHED	5
#define NAME_BUCKETS	64u

static DEFINE_SPINLOCK(names_lock);
static struct hlist_head names[NAME_BUCKETS];	/* [names_lock] devices on buses */
static DEFINE_MUTEX(drivers_lock);

static struct device *bus_device(struct klist_node *node)
{
	return container_of(node, struct device, knode_bus);
}

static struct device_driver *bus_driver(struct klist_node *node)
{
	return container_of(node, struct device_driver, knode_bus);
}

static void bus_device_get(struct klist_node *node)
{
	get_device(bus_device(node));
}

static void bus_device_put(struct klist_node *node)
{
	put_device(bus_device(node));
}

int bus_register(struct bus_type *bus)
{
	if (bus->registered || should_fail(FAULT_REGISTER))
		return -EBUSY;
	klist_init(&bus->devices, bus_device_get, bus_device_put);
	klist_init(&bus->drivers, NULL, NULL);
	bus->registered = true;
	return 0;
}

void bus_unregister(struct bus_type *bus)
{
	WARN(!list_empty(&bus->devices.nodes) || !list_empty(&bus->drivers.nodes),
	     "bus %s is not empty\n", bus->name);
	bus->registered = false;
}

/* ---- walks ---- */

int bus_for_each_dev(struct bus_type *bus, struct device *start, void *data,
		     int (*fn)(struct device *dev, void *data))
{
	struct klist_iter iter;
	struct klist_node *node;
	int ret = 0;

	klist_iter_init_node(&bus->devices, &iter, start ? &start->knode_bus : NULL);
	while (!ret && (node = klist_next(&iter)))
		ret = fn(bus_device(node), data);
	klist_iter_exit(&iter);
	return ret;
}

int bus_for_each_drv(struct bus_type *bus, struct device_driver *start, void *data,
		     int (*fn)(struct device_driver *drv, void *data))
{
	struct klist_iter iter;
	struct klist_node *node;
	int ret = 0;

	klist_iter_init_node(&bus->drivers, &iter, start ? &start->knode_bus : NULL);
	while (!ret && (node = klist_next(&iter)))
		ret = fn(bus_driver(node), data);
	klist_iter_exit(&iter);
	return ret;
}

int driver_for_each_device(struct device_driver *drv, struct device *start, void *data,
			   int (*fn)(struct device *dev, void *data))
{
	struct klist_iter iter;
	struct klist_node *node;
	int ret = 0;

	klist_iter_init_node(&drv->bus->devices, &iter, start ? &start->knode_bus : NULL);
	while (!ret && (node = klist_next(&iter))) {
		struct device *dev = bus_device(node);

		if (device_is_bound(dev) && READ_ONCE(dev->driver) == drv)
			ret = fn(dev, data);
	}
	klist_iter_exit(&iter);
	return ret;
}

struct device *bus_find_device(struct bus_type *bus, struct device *start, const void *data,
			       int (*match)(struct device *dev, const void *data))
{
	struct klist_iter iter;
	struct klist_node *node;
	struct device *found = NULL;

	klist_iter_init_node(&bus->devices, &iter, start ? &start->knode_bus : NULL);
	while (!found && (node = klist_next(&iter))) {
		if (match(bus_device(node), data))
			found = get_device(bus_device(node));
	}
	klist_iter_exit(&iter);
	return found;
}

static int device_has_name(struct device *dev, const void *name)
{
	return strcmp(dev_name(dev), name) == 0;
}

static int device_has_node(struct device *dev, const void *node)
{
	return dev->of_node == node;
}

struct device *bus_find_device_by_name(struct bus_type *bus, struct device *start,
				       const char *name)
{
	return bus_find_device(bus, start, name, device_has_name);
}

struct device *bus_find_device_by_of_node(struct bus_type *bus, const struct device_node *np)
{
	return bus_find_device(bus, NULL, np, device_has_node);
}

struct device_driver *driver_find_get(const char *name, struct bus_type *bus)
{
	struct klist_iter iter;
	struct klist_node *node;
	struct device_driver *found = NULL;

	klist_iter_init(&bus->drivers, &iter);
	while (!found && (node = klist_next(&iter))) {
		if (strcmp(bus_driver(node)->name, name) == 0 && klist_node_get(node))
			found = bus_driver(node);
	}
	klist_iter_exit(&iter);
	return found;
}

void driver_put(struct device_driver *drv)
{
	if (drv)
		klist_node_put(&drv->knode_bus);
}

struct device_driver *driver_find(const char *name, struct bus_type *bus)
{
	struct device_driver *drv = driver_find_get(name, bus);

	driver_put(drv);
	return drv;
}

/* ---- devices ---- */

static struct hlist_head *names_like(const char *name)
{
	u32 hash = 0;

	for (unsigned int i = 0; i < NAME_HASHED && name[i]; i++)
		hash = hash * 9 + (u8)name[i];
	return &names[hash % NAME_BUCKETS];
}

/* False: another device of the bus has the name. */
static bool name_take(struct device *dev)
{
	struct hlist_head *alike = names_like(dev_name(dev));
	struct device *other;

	guard(spinlock)(&names_lock);
	hlist_for_each_entry(other, alike, knode_name) {
		if (other->bus == dev->bus && strcmp(dev_name(other), dev_name(dev)) == 0)
			return false;
	}
	hlist_add_head(&dev->knode_name, alike);
	/* The first one, if a node has several. */
	if (dev->of_node && !dev->of_node->dev)
		dev->of_node->dev = dev;
	return true;
}

static void name_give_back(struct device *dev)
{
	guard(spinlock)(&names_lock);
	hlist_del_init(&dev->knode_name);
	if (dev->of_node && dev->of_node->dev == dev)
		dev->of_node->dev = NULL;
}

struct device *device_find_by_of_node(const struct device_node *np)
{
	guard(spinlock)(&names_lock);
	return np ? get_device(np->dev) : NULL;
}

int bus_add_device(struct device *dev)
{
	if (!dev->bus)
		return 0;
	if (!dev->bus->registered)
		return -EINVAL;
	if (!name_take(dev))
		return -EEXIST;
	klist_add_tail(&dev->knode_bus, &dev->bus->devices);
	return 0;
}

void bus_remove_device(struct device *dev)
{
	if (!dev->bus)
		return;
	klist_del(&dev->knode_bus);
	name_give_back(dev);
	device_release_driver(dev);
}

/* ---- drivers ---- */

static const void *driver_hint(const void *drv)
{
	return (const void *)((const struct device_driver *)drv)->probe;
}

static const struct debug_obj_descr driver_debug_descr __debug_obj_descr = {
	.name = "device_driver",
	.live = "registered",
	.offset = offsetof(struct device_driver, debug),
	.hint = driver_hint,
	.needs_no_init = true,
};

/* False: the bus has a driver of that name. */
static bool driver_add(struct device_driver *drv)
{
	guard(mutex)(&drivers_lock);
	if (driver_find(drv->name, drv->bus) || should_fail(FAULT_REGISTER))
		return false;
	klist_add_tail(&drv->knode_bus, &drv->bus->drivers);
	return true;
}

int driver_register(struct device_driver *drv)
{
	if (!drv->name || !drv->bus || !drv->bus->registered)
		return -EINVAL;
	if (!debug_object_activate(&drv->debug, &driver_debug_descr))
		return -EBUSY;
	if (!driver_add(drv)) {
		debug_object_deactivate(&drv->debug, &driver_debug_descr);
		return -EBUSY;
	}
	return driver_attach(drv);
}

void driver_unregister(struct device_driver *drv)
{
	if (WARN(!klist_node_attached(&drv->knode_bus), "driver %s is not registered\n", drv->name))
		return;
	debug_object_deactivate(&drv->debug, &driver_debug_descr);
	/* First nobody finds it any more, then nobody has it. */
	klist_remove(&drv->knode_bus);
	driver_detach(drv);
}
