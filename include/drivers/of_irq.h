/* SPDX-License-Identifier: MIT */
/*
 * Interrupts of the device tree: from a node to its interrupt controller and
 * the specifier that the controller understands, through "interrupt-parent",
 * "interrupts-extended" and any "interrupt-map" on the way.
 *
 * A tree may send this round in circles; the number of steps is bounded.
 * Nothing here locks or sleeps: any context.
 */
#ifndef DRIVERS_OF_IRQ_H
#define DRIVERS_OF_IRQ_H

#include <drivers/of.h>

/* The node that np's "interrupts" are for, or NULL. It has "#interrupt-cells". */
struct device_node *of_irq_find_parent(const struct device_node *np);

/*
 * Interrupt `index` of np: *out is the controller and its specifier. Returns
 * 0, -EINVAL (malformed, no controller, or nothing in an interrupt-map fits),
 * -ENOENT (an empty entry or the end of "interrupts-extended"), -EOVERFLOW (the
 * end of "interrupts").
 */
int of_irq_parse_one(const struct device_node *np, int index, struct of_phandle_args *out);

/*
 * Follows *irq, a specifier for the node irq->np, to a controller. `addr` is
 * the unit address that interrupt-maps on the way are asked for: as many cells
 * as irq->np's "#address-cells" says (a PCI device: 3). Returns as above.
 */
int of_irq_parse_raw(const __be32 *addr, struct of_phandle_args *irq);

/* How many interrupts np has; whether each can be had is of_irq_parse_one()'s to say. */
int of_irq_count(const struct device_node *np);

/*
 * Interrupt `index` of np, or the one that "interrupt-names" calls `name`, as a Linux
 * number: mapped, with the trigger type that the specifier has. Context: task; may
 * sleep. Returns the number (> 0); -EPROBE_DEFER while the controller has no driver;
 * -EINVAL if it refuses; what of_irq_parse_one() says.
 */
int __must_check of_irq_get(struct device_node *np, int index);
int __must_check of_irq_get_byname(struct device_node *np, const char *name);

/* The same with 0 for any failure. */
unsigned int irq_of_parse_and_map(struct device_node *np, int index);

/* The number for a parsed specifier, 0 on failure. */
unsigned int __must_check irq_create_of_mapping(struct of_phandle_args *irq_data);

#endif
