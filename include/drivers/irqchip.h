/* SPDX-License-Identifier: MIT */
/*
 * Interrupt controllers that the machine needs before it has devices: the drivers
 * that know one name the node they know, and the boot calls them, those nearer to
 * the CPU first.
 *
 *   static int __init gic_of_init(struct device_node *node, struct device_node *parent)
 *   IRQCHIP_DECLARE(gic_400, "arm,gic-400", gic_of_init);
 */
#ifndef DRIVERS_IRQCHIP_H
#define DRIVERS_IRQCHIP_H

#include <drivers/of.h>
#include <lib/table.h>

/* `parent` is the controller that this one raises interrupts at, NULL for the root. */
typedef int (*of_irq_init_cb_t)(struct device_node *node, struct device_node *parent);

struct irqchip_entry {
	const char *compatible;
	of_irq_init_cb_t init;
};

DECLARE_TABLE(irqchips, struct irqchip_entry);

#define IRQCHIP_DECLARE(chip_name, compat, fn) \
	TABLE_ENTRY(irqchips, struct irqchip_entry, irqchip_##chip_name) = { compat, fn }

#endif
