/* SPDX-License-Identifier: MIT */
/*
 * Arm PrimeCells: parts that say in their last registers what they are.
 *
 * A driver's table matches if (periphid & mask) == id. The id is read when the
 * first driver wants to know, with the clock "apb_pclk" running; the property
 * "arm,primecell-periphid" stands in for it. The clock also runs while a driver
 * is bound. A part without "clocks" is taken to be always clocked.
 *
 *   static const struct amba_id pl061_ids[] = {
 *           { .id = 0x00041061, .mask = 0x000fffff },
 *           { 0, 0 },
 *   };
 *
 * Locking: as the driver core; the id is read with the device's lock held, the clocks' are taken
 * inside it.
 * Registers: Arm DDI 0190B (PL061) 3.3, DDI 0183G (PL011) 3.3: PeriphID0-3 and
 * PCellID0-3, one byte in each word.
 */
#ifndef DRIVERS_AMBA_BUS_H
#define DRIVERS_AMBA_BUS_H

#include <drivers/clk.h>
#include <drivers/device.h>
#include <drivers/mod_devicetable.h>
#include <kernel/ioport.h>
#include <kernel/module.h>

#define AMBA_NR_IRQS	9
#define AMBA_CID	0xb105f00d
#define CORESIGHT_CID	0xb105900d

struct amba_device {
	struct device dev;
	struct resource res;		/* [I] its registers, claimed by the bus */
	struct clk *pclk;		/* [dev.mutex] while a driver is bound */
	unsigned int periphid;		/* [dev.mutex] 0: not read yet */
	unsigned int cid;		/* [dev.mutex] 0: not read */
	int id_error;			/* [dev.mutex] why it has no id and will have none */
	unsigned int irq[AMBA_NR_IRQS];	/* [dev.mutex] mapped before probe; 0: has none */
};

struct amba_driver {
	struct device_driver drv;
	int (*probe)(struct amba_device *adev, const struct amba_id *id);
	void (*remove)(struct amba_device *adev);
	void (*shutdown)(struct amba_device *adev);
	const struct amba_id *id_table;
};

#define to_amba_device(d)	container_of(d, struct amba_device, dev)
#define to_amba_driver(d)	container_of(d, struct amba_driver, drv)

extern struct bus_type amba_bustype;

#define amba_get_drvdata(adev)		dev_get_drvdata(&(adev)->dev)
#define amba_set_drvdata(adev, data)	dev_set_drvdata(&(adev)->dev, data)

/* The fields of a peripheral id. */
#define AMBA_CONFIG_BITS(id)	(((id) >> 24) & 0xff)
#define AMBA_REV_BITS(id)	(((id) >> 20) & 0x0f)
#define AMBA_MANF_BITS(id)	(((id) >> 12) & 0xff)
#define AMBA_PART_BITS(id)	((id) & 0xfff)
#define amba_config(adev)	AMBA_CONFIG_BITS((adev)->periphid)
#define amba_rev(adev)		AMBA_REV_BITS((adev)->periphid)
#define amba_manf(adev)		AMBA_MANF_BITS((adev)->periphid)
#define amba_part(adev)		AMBA_PART_BITS((adev)->periphid)

/* As driver_register() and driver_unregister(). */
int __must_check amba_driver_register(struct amba_driver *drv);
void amba_driver_unregister(struct amba_driver *drv);

#define module_amba_driver(drv) \
	module_driver(drv, amba_driver_register, amba_driver_unregister)

/*
 * A device at [base, base + size); the name (may be NULL, then set one) is
 * copied. NULL: no memory. Before amba_device_add the caller may set periphid
 * and irq[]; after an error of it, or instead, amba_device_put(). Task.
 */
struct amba_device *amba_device_alloc(const char *name, resource_size_t base,
				      resource_size_t size) __must_check;
/*
 * Claims the registers in `parent`. 0; -EBUSY: in use; -EDOM: not of whole words; else as
 * device_add(). Task; may sleep.
 */
int __must_check amba_device_add(struct amba_device *adev, struct resource *parent);
void amba_device_unregister(struct amba_device *adev);
void amba_device_put(struct amba_device *adev);

/* Claims the registers for the driver. name NULL: the driver's. 0 or -EBUSY. Task. */
int __must_check amba_request_regions(struct amba_device *adev, const char *name);
void amba_release_regions(struct amba_device *adev);

#endif
