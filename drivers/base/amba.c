/* SPDX-License-Identifier: MIT */
/*
 * The bus of Arm PrimeCells, which match by the id in their registers.
 *
 * An id is read once, when the first driver asks, with the part's clock on: an
 * access to a part without a clock may hang the machine. As long as the clock's
 * provider is missing the device is deferred. A part whose cell id is wrong, or
 * that does not answer, is named in the log and left alone for good.
 *
 * Locking: as the driver core. Matching reads the id, so it has the device's lock.
 */
#include <drivers/amba/bus.h>

#include <drivers/of.h>
#include <drivers/of_device.h>
#include <drivers/of_irq.h>
#include <kernel/dma-mapping.h>
#include <kernel/init.h>
#include <kernel/io.h>
#include <kernel/slab.h>
#include <lib/math.h>
#include <lib/minmax.h>

#include "base_priv.h"

/* Offsets from the end of the registers (DDI 0190B, table 3-1): four words of one byte each. */
#define AMBA_PERIPHID_FROM_END	0x20
#define AMBA_CELLID_FROM_END	0x10
#define AMBA_ID_WORDS		4

#define WORD			sizeof(u32)

/* ---- the id ---- */

/* 0; -EFAULT: nothing is there, whatever the tree says. */
static int amba_read_id(void __iomem *first, u32 *id)
{
	u32 word;

	*id = 0;
	for (unsigned int i = 0; i < AMBA_ID_WORDS; i++) {
		int ret = io_probe_readl(first + i * WORD, &word);

		if (ret)
			return ret;
		*id |= (word & 0xff) << i * 8;
	}
	return 0;
}

/* A part without "clocks" is always clocked: NULL. */
static int amba_get_enable_pclk(struct amba_device *adev, struct clk **pclk)
{
	int ret;

	*pclk = clk_get_optional(&adev->dev, "apb_pclk");
	if (IS_ERR(*pclk))
		return dev_err_probe(&adev->dev, PTR_ERR(*pclk), "clock apb_pclk is missing\n");
	ret = clk_prepare_enable(*pclk);
	if (ret) {
		clk_put(*pclk);
		return dev_err_probe(&adev->dev, ret, "clock apb_pclk does not start\n");
	}
	return 0;
}

static void amba_put_disable_pclk(struct clk *pclk)
{
	clk_disable_unprepare(pclk);
	clk_put(pclk);
}

static int amba_map_and_read_ids(struct amba_device *adev)
{
	resource_size_t size = resource_size(&adev->res);
	void __iomem *end;
	int ret;

	if (size < AMBA_PERIPHID_FROM_END)
		return dev_err_probe(&adev->dev, -EINVAL, "no room for an id in %pR\n", &adev->res);
	/* Only the last words: the rest is the driver's to map. */
	end = ioremap(adev->res.end + 1 - AMBA_PERIPHID_FROM_END, AMBA_PERIPHID_FROM_END);
	if (!end)
		return dev_err_probe(&adev->dev, -ENOMEM, "%pR cannot be mapped\n", &adev->res);
	ret = amba_read_id(end + AMBA_PERIPHID_FROM_END - AMBA_CELLID_FROM_END, &adev->cid);
	if (!ret && (adev->cid == AMBA_CID || adev->cid == CORESIGHT_CID))
		ret = amba_read_id(end, &adev->periphid);
	iounmap(end);
	if (ret)
		return dev_err_probe(&adev->dev, -ENODEV, "nothing answers at %pR\n", &adev->res);
	if (!adev->periphid)
		return dev_err_probe(&adev->dev, -ENODEV, "no PrimeCell: cell id 0x%08x\n",
				     adev->cid);
	return 0;
}

/* 0, -EPROBE_DEFER, or why there is no id, which does not change. */
static int amba_read_periphid(struct amba_device *adev)
{
	struct clk *pclk;
	int ret;

	if (adev->periphid || adev->id_error)
		return adev->id_error;
	ret = amba_get_enable_pclk(adev, &pclk);
	if (!ret) {
		ret = amba_map_and_read_ids(adev);
		amba_put_disable_pclk(pclk);
	}
	/* Memory may be there the next time, as what it was deferred for. */
	if (ret != -EPROBE_DEFER && ret != -ENOMEM)
		adev->id_error = ret;
	return ret;
}

/* ---- the bus ---- */

static const struct amba_id *amba_lookup(const struct amba_id *table,
					 const struct amba_device *adev)
{
	for (; table && table->mask; table++) {
		if ((adev->periphid & table->mask) == table->id)
			return table;
	}
	return NULL;
}

static int amba_match(struct device *dev, struct device_driver *drv)
{
	struct amba_device *adev = to_amba_device(dev);
	int ret = amba_read_periphid(adev);

	return ret ? ret : amba_lookup(to_amba_driver(drv)->id_table, adev) != NULL;
}

/* One that is missing or wrong is told, and then the driver's business, who may need none. */
static int amba_map_irqs(struct amba_device *adev)
{
	struct device_node *np = adev->dev.of_node;
	int n, irq;

	if (!np)
		return 0;
	n = min_t(int, of_irq_count(np), AMBA_NR_IRQS);
	if (!n && (fdt_node_has(np, FDT_INTERRUPTS) || fdt_node_has(np, FDT_INTERRUPTS_EXTENDED)))
		dev_warn(&adev->dev, "%pOF: its interrupts have no controller\n", np);
	for (int i = 0; i < n; i++) {
		irq = device_irq_get(&adev->dev, i);
		if (irq == -EPROBE_DEFER)
			return dev_err_probe(&adev->dev, irq, "irq %d: its controller is missing\n",
					     i);
		if (irq < 0)
			dev_warn(&adev->dev, "%pOF: interrupt %d is none: %pe\n", np, i,
				 ERR_PTR(irq));
		adev->irq[i] = irq > 0 ? irq : 0;
	}
	return 0;
}

static void amba_release_pclk(void *data)
{
	struct amba_device *adev = data;

	amba_put_disable_pclk(adev->pclk);
	adev->pclk = NULL;
}

static int amba_probe(struct device *dev)
{
	struct amba_device *adev = to_amba_device(dev);
	struct amba_driver *drv = to_amba_driver(dev->driver);
	int ret = amba_map_irqs(adev);

	if (!ret)
		ret = amba_get_enable_pclk(adev, &adev->pclk);
	/* The oldest resource, so the last undone: what the driver took may need the registers. */
	if (!ret)
		ret = devm_add_action_or_reset(dev, amba_release_pclk, adev);
	return ret ? ret : drv->probe(adev, amba_lookup(drv->id_table, adev));
}

static void amba_remove(struct device *dev)
{
	struct amba_device *adev = to_amba_device(dev);
	struct amba_driver *drv = to_amba_driver(dev->driver);

	if (drv->remove)
		drv->remove(adev);
}

static void amba_shutdown(struct device *dev)
{
	struct amba_driver *drv = to_amba_driver(dev->driver);

	if (drv->shutdown)
		drv->shutdown(to_amba_device(dev));
}

#ifdef CONFIG_HAS_DMA
static int amba_dma_configure(struct device *dev)
{
	return dev->of_node ? of_dma_configure(dev, dev->of_node, true) : 0;
}
#else
#define amba_dma_configure	NULL
#endif

struct bus_type amba_bustype = {
	.name = "amba",
	.match = amba_match,
	.match_asks_device = true,
	.probe = amba_probe,
	.remove = amba_remove,
	.shutdown = amba_shutdown,
	.dma_configure = amba_dma_configure,
};

int amba_driver_register(struct amba_driver *drv)
{
	if (!drv->probe)
		return -EINVAL;
	drv->drv.bus = &amba_bustype;
	return driver_register(&drv->drv);
}

void amba_driver_unregister(struct amba_driver *drv)
{
	driver_unregister(&drv->drv);
}

/* ---- devices ---- */

static void amba_device_release(struct device *dev)
{
	of_node_put(dev->of_node);
	kfree(to_amba_device(dev));
}

struct amba_device *amba_device_alloc(const char *name, resource_size_t base,
				      resource_size_t size)
{
	struct amba_device *adev = kzalloc(sizeof(*adev), GFP_KERNEL);

	if (!adev)
		return NULL;
	device_initialize(&adev->dev);
	adev->dev.release = amba_device_release;
	adev->dev.bus = &amba_bustype;
#ifdef CONFIG_HAS_DMA
	adev->dev.coherent_dma_mask = DMA_BIT_MASK(32);
	adev->dev.dma_mask = &adev->dev.coherent_dma_mask;
#endif
	adev->res = DEFINE_RES_MEM(base, size);
	if (name && dev_set_name(&adev->dev, "%s", name)) {
		put_device(&adev->dev);
		return NULL;
	}
	return adev;
}

int amba_device_add(struct amba_device *adev, struct resource *parent)
{
	int ret;

	if (!IS_ALIGNED(adev->res.start, WORD) || !IS_ALIGNED(resource_size(&adev->res), WORD)) {
		dev_err(&adev->dev, "%pR: not of whole words\n", &adev->res);
		return -EDOM;
	}
	adev->res.name = dev_name(&adev->dev);
	ret = request_resource(parent, &adev->res);
	if (ret) {
		dev_err(&adev->dev, "%pR is in use\n", &adev->res);
		return ret;
	}
	ret = device_add(&adev->dev);
	if (ret)
		release_resource(&adev->res);
	return ret;
}

void amba_device_unregister(struct amba_device *adev)
{
	device_del(&adev->dev);
	release_resource(&adev->res);
	put_device(&adev->dev);
}

void amba_device_put(struct amba_device *adev)
{
	put_device(&adev->dev);
}

int amba_request_regions(struct amba_device *adev, const char *name)
{
	if (!name)
		name = adev->dev.driver->name;
	return request_mem_region(adev->res.start, resource_size(&adev->res), name) ? 0 : -EBUSY;
}

void amba_release_regions(struct amba_device *adev)
{
	release_mem_region(adev->res.start, resource_size(&adev->res));
}

static int __init amba_bus_init(void)
{
	return bus_register(&amba_bustype);
}
core_initcall(amba_bus_init);
