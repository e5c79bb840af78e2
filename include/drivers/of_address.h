/* SPDX-License-Identifier: MIT */
/*
 * Addresses of the device tree: "reg" of a node, through the "ranges" of each
 * bus above it, to what the processor sees.
 *
 * A bus without "ranges" is not translatable, one whose "ranges" is empty
 * translates nothing. Numbers are 64 bits; what does not fit, or wraps on the
 * way, has no address. Nothing here locks or sleeps: any context.
 */
#ifndef DRIVERS_OF_ADDRESS_H
#define DRIVERS_OF_ADDRESS_H

#include <drivers/of.h>
#include <kernel/ioport.h>

#define OF_BAD_ADDR	((u64)-1)
/* The most that an address, or a size, has. */
#define OF_CELLS_MAX	4

/* The processor's address of what `np` calls `in_addr` (as in its "reg"), or OF_BAD_ADDR. */
u64 of_translate_address(const struct device_node *np, const __be32 *in_addr);

/*
 * Entry `index` of np's "reg", untranslated: where in the tree, which stays, its address
 * is, or NULL if
 * there is no such entry. *size (may be NULL) is its size, 0 if the bus has none;
 * *flags (may be NULL) is IORESOURCE_MEM, or IORESOURCE_IO for a PCI port.
 */
const __be32 *of_get_address(const struct device_node *np, int index, u64 *size,
			     unsigned int *flags);

/*
 * Makes entry `index` of np's "reg" a resource, named by "reg-names" or else
 * by the node. Returns 0, or -EINVAL (no such entry, an empty one, or one that
 * the processor has no address for), -EOVERFLOW (its end has none).
 */
int of_address_to_resource(const struct device_node *np, int index, struct resource *res);
/* The same, but -ENXIO if there is no such entry, or the processor has no address for it. */
int of_reg_to_resource(const struct device_node *np, int index, struct resource *res);

/* Maps entry `index` of np's "reg" as device memory, until iounmap(). NULL on errors. Task. */
void __iomem *of_iomap(struct device_node *np, int index);

/* fdt_scan_memory() and fdt_scan_reserved() of the attached tree. */
static inline int of_scan_memory(fdt_range_fn *fn, void *arg)
{
	return of_tree ? fdt_scan_memory(of_tree, fn, arg) : 0;
}

static inline int of_scan_reserved(fdt_range_fn *fn, void *arg)
{
	return of_tree ? fdt_scan_reserved(of_tree, fn, arg) : 0;
}

#endif
