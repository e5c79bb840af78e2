/* SPDX-License-Identifier: MIT */
/*
 * Devices that cannot be discovered: somebody says that they are there, the
 * device tree above all.
 *
 * A driver matches by its of_match_table; a device that is not from the tree by
 * the driver's id_table, or else by the driver's name.
 *
 *   static int x_probe(struct platform_device *pdev)
 *   {
 *           void __iomem *base = devm_platform_ioremap_resource(pdev, 0);
 *           int irq = platform_get_irq(pdev, 0);
 *           ...
 *   }
 *   static struct platform_driver x_driver = {
 *           .probe = x_probe,
 *           .driver = { .name = "x", .of_match_table = x_of_match },
 *   };
 *   module_platform_driver(x_driver);
 */
#ifndef DRIVERS_PLATFORM_DEVICE_H
#define DRIVERS_PLATFORM_DEVICE_H

#include <drivers/device.h>
#include <drivers/mod_devicetable.h>
#include <kernel/ioport.h>
#include <kernel/module.h>

#define PLATFORM_DEVID_NONE	(-1)	/* its name is unique as it is */
#define PLATFORM_DEVID_AUTO	(-2)	/* a number is found */

struct platform_device {
	const char *name;		/* [I] what drivers match */
	int id;				/* [I] */
	struct device dev;
	u32 num_resources;		/* [I] after platform_device_add */
	struct resource *resource;	/* [I] likewise */
#ifdef CONFIG_HAS_DMA
	u64 platform_dma_mask;		/* [dev.mutex] what dev.dma_mask points to */
#endif
	const struct platform_device_id *id_entry;	/* [dev.mutex] the entry that matched */
};

/* Without probe any device that matches is bound; no remove, no shutdown: nothing to do. */
struct platform_driver {
	int (*probe)(struct platform_device *pdev);
	int (*remove)(struct platform_device *pdev);	/* the result is logged and means nothing */
	void (*shutdown)(struct platform_device *pdev);
	struct device_driver driver;
	const struct platform_device_id *id_table;
};

#define to_platform_device(d)	container_of(d, struct platform_device, dev)
#define to_platform_driver(d)	container_of(d, struct platform_driver, driver)

extern struct bus_type platform_bus_type;
/* The parent of those that have none. */
extern struct device platform_bus;

#define dev_is_platform(d)	((d)->bus == &platform_bus_type)

/* ---- drivers ---- */

/* As driver_register() and driver_unregister(). */
int __must_check platform_driver_register(struct platform_driver *drv);
void platform_driver_unregister(struct platform_driver *drv);

#define module_platform_driver(drv) \
	module_driver(drv, platform_driver_register, platform_driver_unregister)
#define builtin_platform_driver(drv) \
	builtin_driver(drv, platform_driver_register)

/* The driver's own, from probe to remove. Any context. */

static inline void *platform_get_drvdata(const struct platform_device *pdev)
{
	return dev_get_drvdata(&pdev->dev);
}

static inline void platform_set_drvdata(struct platform_device *pdev, void *data)
{
	dev_set_drvdata(&pdev->dev, data);
}

#define platform_get_device_id(pdev)	((pdev)->id_entry)

/* ---- what a device has ---- */

/*
 * The num-th resource of that type (IORESOURCE_MEM), or the one of that name; NULL without.
 * Any context.
 */
struct resource *platform_get_resource(struct platform_device *pdev, unsigned int type,
				       unsigned int num);
struct resource *platform_get_resource_byname(struct platform_device *pdev, unsigned int type,
					      const char *name);

/*
 * The Linux irq number (> 0) of the device's num-th interrupt, mapped now.
 * -ENXIO: it has none; -EPROBE_DEFER: its controller is not there yet; -EINVAL
 * and others: the tree is wrong. All but the _optional forms log errors and
 * keep them for the report. Task; may sleep.
 */
int platform_get_irq(struct platform_device *pdev, unsigned int num);
int platform_get_irq_optional(struct platform_device *pdev, unsigned int num);
/* The same by the node's interrupt-names, or the name of an irq resource. */
int platform_get_irq_byname(struct platform_device *pdev, const char *name);
int platform_get_irq_byname_optional(struct platform_device *pdev, const char *name);
/* How many there are, or -EPROBE_DEFER. Task; may sleep. */
int platform_irq_count(struct platform_device *pdev);

/* Claims and maps a memory resource until unbind. Errors as devm_ioremap_resource(). Task. */
void __iomem *devm_platform_ioremap_resource(struct platform_device *pdev, unsigned int num)
	__must_check;
void __iomem *devm_platform_ioremap_resource_byname(struct platform_device *pdev,
						    const char *name) __must_check;
/* The same for a driver that uses `bytes` of it. Errors as devm_ioremap_registers(). */
void __iomem *devm_platform_ioremap_registers(struct platform_device *pdev, unsigned int num,
					      size_t bytes) __must_check;
/* The same; *res (res may be NULL) is that resource, NULL if there is none. */
void __iomem *devm_platform_get_and_ioremap_resource(struct platform_device *pdev,
						     unsigned int num, struct resource **res)
	__must_check;

/* ---- devices ---- */

/*
 * In two steps: alloc, what it has, add; platform_device_put() if something
 * fails before or in add. `name`, resources and data are copied; resources'
 * names are not. Task. 0 or -ENOMEM.
 */
struct platform_device *platform_device_alloc(const char *name, int id) __must_check;
int __must_check platform_device_add_resources(struct platform_device *pdev,
					       const struct resource *res, unsigned int num);
int __must_check platform_device_add_data(struct platform_device *pdev, const void *data,
					  size_t size);

/*
 * Claims the memory resources, and device_add(). 0; -EBUSY: a resource is in
 * use; else as device_add(). Task; may sleep.
 */
int __must_check platform_device_add(struct platform_device *pdev);
/* Unbinds it and gives its resources back. Task; may sleep. */
void platform_device_del(struct platform_device *pdev);
void platform_device_put(struct platform_device *pdev);

/*
 * The caller's own storage, with a dev.release; device_initialize() and add. As
 * platform_device_add(). Task; may sleep.
 */
int __must_check platform_device_register(struct platform_device *pdev);
/* platform_device_del() and platform_device_put(). NULL and ERR_PTR do nothing. Task; may sleep. */
void platform_device_unregister(struct platform_device *pdev);

/* All in one: a device, or ERR_PTR. */
struct platform_device *
platform_device_register_resndata(struct device *parent, const char *name, int id,
				  const struct resource *res, unsigned int num,
				  const void *data, size_t size) __must_check;

static inline struct platform_device *__must_check
platform_device_register_simple(const char *name, int id, const struct resource *res,
				unsigned int num)
{
	return platform_device_register_resndata(NULL, name, id, res, num, NULL, 0);
}

static inline struct platform_device *__must_check
platform_device_register_data(struct device *parent, const char *name, int id, const void *data,
			      size_t size)
{
	return platform_device_register_resndata(parent, name, id, NULL, 0, data, size);
}

#endif
