/* SPDX-License-Identifier: MIT */
/*
 * Devices: their life from device_initialize() to release(), their names, their
 * place under their parent, and the messages that name them.
 *
 * A list that a device is on holds a reference on it, a child holds one on its
 * parent until it is released itself; so an object that somebody can find is
 * never freed, and dev->parent is valid for as long as dev is.
 *
 * Locking: see the legend of struct device. The lists are klists.
 */
#include <drivers/device.h>

#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/fault-inject.h>
#include <kernel/init.h>
#include <kernel/reboot.h>
#include <kernel/slab.h>
#include <lib/kconfig.h>
#include <lib/sprintf.h>
#include <lib/string.h>
#include <limits.h>

#include "base_priv.h"
#include "dma_priv.h"

static void all_get(struct klist_node *node)
{
	get_device(container_of(node, struct device, knode_all));
}

static void all_put(struct klist_node *node)
{
	put_device(container_of(node, struct device, knode_all));
}

static struct klist all_devices = KLIST_INIT(all_devices, all_get, all_put);

/* ---- references ---- */

static const void *device_hint(const void *dev)
{
	return (const void *)((const struct device *)dev)->release;
}

static const struct debug_obj_descr device_debug_descr __debug_obj_descr = {
	.name = "device",
	.live = "registered",
	.offset = offsetof(struct device, debug),
	.hint = device_hint,
};

/* Reports a device that is none, not yet or no more. */
static bool device_is_usable(const struct device *dev)
{
	return debug_object_assert_init(&dev->debug, &device_debug_descr);
}

static void device_release(struct device *dev)
{
	struct device *parent = dev->parent_held ? dev->parent : NULL;
	const char *name = dev->name_inside ? NULL : dev->name;

	devres_release_all(dev);
	debug_dma_unbound(dev);
	kfree(dev->probe_reason);
	if (!WARN(!dev->release, "device %s is never freed: no release()\n", dev_name(dev))) {
		debug_object_destroy(&dev->debug, &device_debug_descr);
		dev->release(dev);
		kfree(name);
	}
	put_device(parent);
}

struct device *get_device(struct device *dev)
{
	if (dev && device_is_usable(dev))
		refcount_inc(&dev->refs);
	return dev;
}

void put_device(struct device *dev)
{
	if (dev && device_is_usable(dev) && refcount_dec_and_test(&dev->refs))
		device_release(dev);
}

/* ---- names ---- */

int dev_set_name_va(struct device *dev, const char *fmt, va_list args)
{
	char *name = kvasprintf(GFP_KERNEL, fmt, args);

	if (!name)
		return -ENOMEM;
	if (!dev->name_inside)
		kfree(dev->name);
	dev->name = name;
	dev->name_inside = false;
	return 0;
}

int dev_set_name(struct device *dev, const char *fmt, ...)
{
	va_list args;
	int ret;

	va_start(args, fmt);
	ret = dev_set_name_va(dev, fmt, args);
	va_end(args);
	return ret;
}

const char *dev_driver_string(const struct device *dev)
{
	const struct device_driver *drv = READ_ONCE(dev->driver);

	return drv ? drv->name : dev->bus ? dev->bus->name : "";
}

/* ---- coming and going ---- */

void device_initialize(struct device *dev)
{
	if (!debug_object_init(&dev->debug, &device_debug_descr))
		return;
	refcount_set(&dev->refs, 1);
	mutex_init(&dev->mutex);
	lockdep_set_nesting(&dev->mutex);
	spin_lock_init(&dev->devres_lock);
	INIT_LIST_HEAD(&dev->devres_head);
	INIT_LIST_HEAD(&dev->deferred);
	INIT_LIST_HEAD(&dev->consumers);
}

static int device_take_name(struct device *dev)
{
	int ret;

	if (dev->name)
		return 0;
	if (!dev->init_name)
		return -EINVAL;
	ret = dev_set_name(dev, "%s", dev->init_name);
	if (!ret)
		dev->init_name = NULL;
	return ret;
}

int device_add(struct device *dev)
{
	int ret = fault_check(FAULT_REGISTER);

	if (!device_is_usable(dev) ||
	    (IS_ENABLED(CONFIG_DEBUG_OBJECTS) &&
	     WARN(dev->registered, "device %s is registered already\n", dev_name(dev))))
		return -EINVAL;
	if (!ret)
		ret = device_take_name(dev);
	if (ret)
		return ret;
	if (dev->parent && !dev->parent_held) {
		get_device(dev->parent);
		dev->parent_held = true;
	}
	ret = bus_add_device(dev);
	if (ret)
		return ret;
	klist_add_tail(&dev->knode_all, &all_devices);
	scoped_guard(device, dev) {
		dev->registered = true;
		debug_object_activate(&dev->debug, &device_debug_descr);
		/* Nobody owes the caller a driver: what came of it is kept for the report. */
		(void)device_attach_locked(dev);
	}
	return 0;
}

int device_register(struct device *dev)
{
	if (!debug_object_init(&dev->debug, &device_debug_descr))
		return -EINVAL;
	device_initialize(dev);
	return device_add(dev);
}

void device_del(struct device *dev)
{
	if (!device_is_usable(dev) ||
	    (IS_ENABLED(CONFIG_DEBUG_OBJECTS) &&
	     WARN(!dev->registered, "device %s is not registered\n", dev_name(dev))))
		return;
	/* From here on no probe begins; one that runs is waited for. */
	scoped_guard(device, dev) {
		dev->registered = false;
		debug_object_deactivate(&dev->debug, &device_debug_descr);
	}
	bus_remove_device(dev);
	klist_del(&dev->knode_all);
}

void device_unregister(struct device *dev)
{
	device_del(dev);
	put_device(dev);
}

static void root_device_release(struct device *dev)
{
	kfree(dev);
}

struct device *root_device_register(const char *name)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int ret;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev->init_name = name;
	dev->release = root_device_release;
	ret = device_register(dev);
	if (ret) {
		put_device(dev);
		return ERR_PTR(ret);
	}
	return dev;
}

void root_device_unregister(struct device *dev)
{
	device_unregister(dev);
}

/* ---- walks ---- */

/* Those of `parent`, or all for NULL, in the order of `step`. */
static int for_each_device(const struct device *parent,
			   struct klist_node *(*step)(struct klist_iter *iter), void *data,
			   int (*fn)(struct device *dev, void *data))
{
	struct klist_iter iter;
	struct klist_node *node;
	int ret = 0;

	klist_iter_init(&all_devices, &iter);
	while (!ret && (node = step(&iter))) {
		struct device *dev = container_of(node, struct device, knode_all);

		if (!parent || dev->parent == parent)
			ret = fn(dev, data);
	}
	klist_iter_exit(&iter);
	return ret;
}

int device_for_each_child(struct device *dev, void *data,
			  int (*fn)(struct device *dev, void *data))
{
	return for_each_device(dev, klist_next, data, fn);
}

int device_for_each_child_reverse(struct device *dev, void *data,
				  int (*fn)(struct device *dev, void *data))
{
	return for_each_device(dev, klist_prev, data, fn);
}

int devices_for_each(void *data, int (*fn)(struct device *dev, void *data))
{
	return for_each_device(NULL, klist_next, data, fn);
}

struct device *device_find_by_name(const char *name)
{
	struct klist_iter iter;
	struct klist_node *node;
	struct device *found = NULL;

	klist_iter_init(&all_devices, &iter);
	while (!found && (node = klist_next(&iter))) {
		struct device *dev = container_of(node, struct device, knode_all);

		if (strcmp(dev_name(dev), name) == 0)
			found = get_device(dev);
	}
	klist_iter_exit(&iter);
	return found;
}

static void device_shut_down(struct device *dev)
{
	guard(device)(dev);
	if (!dev->bound)
		return;
	if (dev->bus->shutdown)
		dev->bus->shutdown(dev);
	else if (dev->driver->shutdown)
		dev->driver->shutdown(dev);
}

void device_shutdown(void)
{
	struct klist_iter iter;
	struct klist_node *node;

	klist_iter_init(&all_devices, &iter);
	while ((node = klist_prev(&iter)))
		device_shut_down(container_of(node, struct device, knode_all));
	klist_iter_exit(&iter);
}

static int device_shutdown_notify(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)action;
	(void)data;
	device_shutdown();
	return NOTIFY_DONE;
}

/* The last of all: whoever is told before may still use the devices. */
static struct notifier_block device_shutdown_block = {
	.notifier_call = device_shutdown_notify,
	.priority = INT_MIN,
};

static int __init device_shutdown_init(void)
{
	return register_reboot_notifier(&device_shutdown_block);
}
core_initcall(device_shutdown_init);

/* ---- messages ---- */

static void __printf(3, 0) dev_vprintk(const char *level, const struct device *dev,
				       const char *fmt, va_list *args)
{
	struct va_format text = { .fmt = fmt, .va = args };

	if (dev)
		printk("%s%s %s: %pV", level, dev_driver_string(dev), dev_name(dev), &text);
	else
		printk("%s(NULL device): %pV", level, &text);
}

#define DEV_PRINTK_BODY(level) do {		\
	va_list args__;				\
						\
	va_start(args__, fmt);			\
	dev_vprintk(level, dev, fmt, &args__);	\
	va_end(args__);				\
} while (0)

void _dev_printk(const char *level, const struct device *dev, const char *fmt, ...)
{
	DEV_PRINTK_BODY(level);
}

void _dev_err(const struct device *dev, const char *fmt, ...)
{
	DEV_PRINTK_BODY(KERN_ERR);
}

void _dev_warn(const struct device *dev, const char *fmt, ...)
{
	DEV_PRINTK_BODY(KERN_WARNING);
}

void _dev_info(const struct device *dev, const char *fmt, ...)
{
	DEV_PRINTK_BODY(KERN_INFO);
}

int dev_err_probe(const struct device *dev, int err, const char *fmt, ...)
{
	/*
	 * SAFETY: the state of probing is the core's, also of a device that its user may not
	 * change; no device is in read-only memory.
	 */
	struct device *state = (struct device *)(unsigned long)dev;
	va_list args;
	char *reason;

	va_start(args, fmt);
	reason = kvasprintf(GFP_KERNEL | __GFP_NOWARN, fmt, args);
	va_end(args);
	if (reason)
		reason[strcspn(reason, "\n")] = '\0';
	if (err != -EPROBE_DEFER)
		_dev_err(dev, "error %pe: %s\n", ERR_PTR(err), reason ? reason : fmt);
	device_set_probe_failure(state, err, reason);
	return err;
}
