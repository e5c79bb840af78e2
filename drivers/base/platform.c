/* SPDX-License-Identifier: MIT */
/*
 * The platform bus: devices that somebody says are there, with their resources.
 *
 * An irq of a device from the tree is mapped when its driver asks for it, not
 * before: only then need its controller be there, and a driver that does not
 * use it takes no descriptor.
 *
 * Locking: as the driver core; a device's resources do not change once it is
 * added.
 */
#include <drivers/platform_device.h>

#include <drivers/of_device.h>
#include <drivers/of_irq.h>
#include <kernel/dma-mapping.h>
#include <kernel/init.h>
#include <kernel/slab.h>
#include <lib/atomic.h>
#include <lib/string.h>

#include "base_priv.h"

/* The device, its resources if they are known beforehand, and its name. */
struct platform_object {
	struct platform_device pdev;
	struct resource resource[];
};

/* Static, so never released. */
struct device platform_bus = {
	.init_name = "platform",
};

/* ---- what a device has ---- */

struct resource *platform_get_resource(struct platform_device *pdev, unsigned int type,
				       unsigned int num)
{
	for (u32 i = 0; i < pdev->num_resources; i++) {
		struct resource *res = &pdev->resource[i];

		if (resource_type(res) == type && num-- == 0)
			return res;
	}
	return NULL;
}

struct resource *platform_get_resource_byname(struct platform_device *pdev, unsigned int type,
					      const char *name)
{
	for (u32 i = 0; i < pdev->num_resources; i++) {
		struct resource *res = &pdev->resource[i];

		if (resource_type(res) == type && res->name && strcmp(res->name, name) == 0)
			return res;
	}
	return NULL;
}

static int platform_irq_of_resource(const struct resource *res)
{
	return res && res->start ? (int)res->start : -ENXIO;
}

int platform_get_irq_optional(struct platform_device *pdev, unsigned int num)
{
	int irq;

	if (pdev->dev.of_node) {
		irq = device_irq_get(&pdev->dev, (int)num);
		if (irq > 0 || irq == -EPROBE_DEFER)
			return irq;
	}
	return platform_irq_of_resource(platform_get_resource(pdev, IORESOURCE_IRQ, num));
}

int platform_get_irq(struct platform_device *pdev, unsigned int num)
{
	int irq = platform_get_irq_optional(pdev, num);

	if (irq == -EPROBE_DEFER)
		return dev_err_probe(&pdev->dev, irq, "irq %u: its controller is missing\n", num);
	if (irq < 0)
		return dev_err_probe(&pdev->dev, irq, "no irq %u\n", num);
	return irq;
}

int platform_get_irq_byname_optional(struct platform_device *pdev, const char *name)
{
	int index = of_property_match_string(pdev->dev.of_node, "interrupt-names", name);

	if (index >= 0)
		return platform_get_irq_optional(pdev, index);
	return platform_irq_of_resource(platform_get_resource_byname(pdev, IORESOURCE_IRQ, name));
}

int platform_get_irq_byname(struct platform_device *pdev, const char *name)
{
	int irq = platform_get_irq_byname_optional(pdev, name);

	return irq < 0 ? dev_err_probe(&pdev->dev, irq, "no irq %s\n", name) : irq;
}

int platform_irq_count(struct platform_device *pdev)
{
	int irq, n = 0;

	while ((irq = platform_get_irq_optional(pdev, n)) >= 0)
		n++;
	return irq == -EPROBE_DEFER ? irq : n;
}

void __iomem *devm_platform_get_and_ioremap_resource(struct platform_device *pdev,
						     unsigned int num, struct resource **res)
{
	struct resource *mem = platform_get_resource(pdev, IORESOURCE_MEM, num);

	if (res)
		*res = mem;
	return devm_ioremap_resource(&pdev->dev, mem);
}

void __iomem *devm_platform_ioremap_resource(struct platform_device *pdev, unsigned int num)
{
	return devm_platform_get_and_ioremap_resource(pdev, num, NULL);
}

void __iomem *devm_platform_ioremap_registers(struct platform_device *pdev, unsigned int num,
					      size_t bytes)
{
	return devm_ioremap_registers(&pdev->dev, platform_get_resource(pdev, IORESOURCE_MEM, num),
				      bytes);
}

void __iomem *devm_platform_ioremap_resource_byname(struct platform_device *pdev,
						    const char *name)
{
	return devm_ioremap_resource(&pdev->dev,
				     platform_get_resource_byname(pdev, IORESOURCE_MEM, name));
}

/* ---- devices ---- */

#ifdef CONFIG_HAS_DMA

/* What a driver, or who made the device, has not set: 32 bits. */
static void setup_dma_masks(struct platform_device *pdev)
{
	if (!pdev->dev.coherent_dma_mask)
		pdev->dev.coherent_dma_mask = DMA_BIT_MASK(32);
	if (!pdev->dev.dma_mask) {
		pdev->platform_dma_mask = DMA_BIT_MASK(32);
		pdev->dev.dma_mask = &pdev->platform_dma_mask;
	}
}

static int platform_dma_configure(struct device *dev)
{
	return dev->of_node ? of_dma_configure(dev, dev->of_node, true) : 0;
}

#else

#define platform_dma_configure	NULL

static inline void setup_dma_masks(struct platform_device *pdev)
{
	(void)pdev;
}

#endif

static struct platform_object *to_platform_object(struct platform_device *pdev)
{
	return container_of(pdev, struct platform_object, pdev);
}

static void platform_free_resources(struct platform_device *pdev)
{
	if (pdev->resource != to_platform_object(pdev)->resource)
		kfree(pdev->resource);
}

static void platform_device_release(struct device *dev)
{
	struct platform_device *pdev = to_platform_device(dev);

	of_node_put(dev->of_node);
	kfree(dev->platform_data);
	platform_free_resources(pdev);
	kfree(to_platform_object(pdev));
}

struct platform_device *platform_device_alloc_with(unsigned int nr, size_t bytes, char **text)
{
	struct platform_object *object;

	object = kmalloc(sizeof(*object) + nr * sizeof(object->resource[0]) + bytes, GFP_KERNEL);
	if (!object)
		return NULL;
	memset(object, 0, sizeof(*object));
	*text = (char *)&object->resource[nr];
	object->pdev.resource = nr ? object->resource : NULL;
	object->pdev.id = PLATFORM_DEVID_NONE;
	device_initialize(&object->pdev.dev);
	object->pdev.dev.release = platform_device_release;
	setup_dma_masks(&object->pdev);
	return &object->pdev;
}

struct platform_device *platform_device_alloc(const char *name, int id)
{
	size_t size = strlen(name) + 1;
	char *text;
	struct platform_device *pdev = platform_device_alloc_with(0, size, &text);

	if (!pdev)
		return NULL;
	pdev->name = memcpy(text, name, size);
	pdev->id = id;
	return pdev;
}

int platform_device_add_resources(struct platform_device *pdev, const struct resource *res,
				  unsigned int num)
{
	struct resource *copy = NULL;

	if (num) {
		copy = kmemdup(res, sizeof(*res) * num, GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
	}
	platform_free_resources(pdev);
	pdev->resource = copy;
	pdev->num_resources = num;
	return 0;
}

int platform_device_add_data(struct platform_device *pdev, const void *data, size_t size)
{
	void *copy = NULL;

	if (data) {
		copy = kmemdup(data, size, GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
	}
	kfree(pdev->dev.platform_data);
	pdev->dev.platform_data = copy;
	return 0;
}

static int platform_device_set_name(struct platform_device *pdev)
{
	static atomic_t next_auto = ATOMIC_INIT(0);

	if (pdev->dev.name)
		return 0;
	switch (pdev->id) {
	case PLATFORM_DEVID_NONE:
		return dev_set_name(&pdev->dev, "%s", pdev->name);
	case PLATFORM_DEVID_AUTO:
		return dev_set_name(&pdev->dev, "%s.%d.auto", pdev->name,
				    atomic_inc_return(&next_auto) - 1);
	default:
		return dev_set_name(&pdev->dev, "%s.%d", pdev->name, pdev->id);
	}
}

static void platform_release_resources(struct platform_device *pdev)
{
	for (u32 i = pdev->num_resources; i--;) {
		if (pdev->resource[i].parent)
			release_resource(&pdev->resource[i]);
	}
}

static int platform_claim_resources(struct platform_device *pdev)
{
	for (u32 i = 0; i < pdev->num_resources; i++) {
		struct resource *res = &pdev->resource[i];

		if (!res->name)
			res->name = dev_name(&pdev->dev);
		/* The tree names a device's registers, but only its driver uses them. */
		if (pdev->dev.of_populated || resource_type(res) != IORESOURCE_MEM)
			continue;
		if (request_resource(&iomem_resource, res)) {
			dev_err(&pdev->dev, "resource %u, %pR, is in use\n", (unsigned int)i, res);
			platform_release_resources(pdev);
			return -EBUSY;
		}
	}
	return 0;
}

int platform_device_add(struct platform_device *pdev)
{
	int ret;

	if (!pdev->dev.parent)
		pdev->dev.parent = &platform_bus;
	pdev->dev.bus = &platform_bus_type;
	ret = platform_device_set_name(pdev);
	if (!ret)
		ret = platform_claim_resources(pdev);
	if (ret)
		return ret;
	ret = device_add(&pdev->dev);
	if (ret)
		platform_release_resources(pdev);
	return ret;
}

void platform_device_del(struct platform_device *pdev)
{
	device_del(&pdev->dev);
	platform_release_resources(pdev);
}

void platform_device_put(struct platform_device *pdev)
{
	if (!IS_ERR_OR_NULL(pdev))
		put_device(&pdev->dev);
}

int platform_device_register(struct platform_device *pdev)
{
	device_initialize(&pdev->dev);
	setup_dma_masks(pdev);
	return platform_device_add(pdev);
}

void platform_device_unregister(struct platform_device *pdev)
{
	if (IS_ERR_OR_NULL(pdev))
		return;
	platform_device_del(pdev);
	platform_device_put(pdev);
}

struct platform_device *
platform_device_register_resndata(struct device *parent, const char *name, int id,
				  const struct resource *res, unsigned int num,
				  const void *data, size_t size)
{
	struct platform_device *pdev = platform_device_alloc(name, id);
	int ret;

	if (!pdev)
		return ERR_PTR(-ENOMEM);
	pdev->dev.parent = parent;
	ret = platform_device_add_resources(pdev, res, num);
	if (!ret)
		ret = platform_device_add_data(pdev, data, size);
	if (!ret)
		ret = platform_device_add(pdev);
	if (ret) {
		platform_device_put(pdev);
		return ERR_PTR(ret);
	}
	return pdev;
}

/* ---- the bus ---- */

static const struct platform_device_id *platform_match_id(const struct platform_device_id *id,
							   const struct platform_device *pdev)
{
	for (; id->name; id++) {
		if (strcmp(id->name, pdev->name) == 0)
			return id;
	}
	return NULL;
}

static int platform_match(struct device *dev, struct device_driver *drv)
{
	struct platform_device *pdev = to_platform_device(dev);
	const struct platform_device_id *table = to_platform_driver(drv)->id_table;

	if (of_driver_match_device(dev, drv))
		return 1;
	if (table)
		return platform_match_id(table, pdev) != NULL;
	return *pdev->name == *drv->name && strcmp(pdev->name, drv->name) == 0;
}

static int platform_probe(struct device *dev)
{
	struct platform_driver *drv = to_platform_driver(dev->driver);
	struct platform_device *pdev = to_platform_device(dev);

	pdev->id_entry = drv->id_table ? platform_match_id(drv->id_table, pdev) : NULL;
	return drv->probe ? drv->probe(pdev) : 0;
}

static void platform_remove(struct device *dev)
{
	struct platform_driver *drv = to_platform_driver(dev->driver);
	int ret = drv->remove ? drv->remove(to_platform_device(dev)) : 0;

	if (ret)
		dev_warn(dev, "remove returned %pe, which changes nothing\n", ERR_PTR(ret));
}

static void platform_shutdown(struct device *dev)
{
	struct platform_driver *drv = to_platform_driver(dev->driver);

	if (drv->shutdown)
		drv->shutdown(to_platform_device(dev));
}

struct bus_type platform_bus_type = {
	.name = "platform",
	.match = platform_match,
	.probe = platform_probe,
	.remove = platform_remove,
	.shutdown = platform_shutdown,
	.dma_configure = platform_dma_configure,
};

int platform_driver_register(struct platform_driver *drv)
{
	drv->driver.bus = &platform_bus_type;
	return driver_register(&drv->driver);
}

void platform_driver_unregister(struct platform_driver *drv)
{
	driver_unregister(&drv->driver);
}

static int __init platform_bus_init(void)
{
	int ret = device_register(&platform_bus);

	return ret ? ret : bus_register(&platform_bus_type);
}
core_initcall(platform_bus_init);
