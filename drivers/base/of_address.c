/* SPDX-License-Identifier: MIT */
/*
 * Addresses, one bus at a time upwards until the root.
 *
 * An address is a number, and on a PCI bus, whose addresses have three cells,
 * also the kind of space that the first of them names; ranges fit only what is
 * of their kind. On any other bus cells above the lowest two must be zero. An
 * entry of "ranges" that cannot be a number of 64 bits fits nothing.
 */
#include <drivers/of_address.h>

/* The first cell of a PCI address (PCI Bus Binding to Open Firmware, 2.2.1.1). */
#define PCI_SPACE_SHIFT		24
#define PCI_SPACE_MASK		3u
#define   PCI_SPACE_IO		1u
#define   PCI_SPACE_MEM64	3u	/* 2 and 3 are one kind: memory of 32 and of 64 bits */
#define   PCI_SPACE_MEM32	2u
#define PCI_ADDRESS_CELLS	3

/* How a bus writes what is on it. */
struct bus {
	const struct device_node *np;
	unsigned int address_cells;
	unsigned int size_cells;
	bool pci;
};

struct address {
	u64 number;
	u32 space;		/* PCI's; 0 on other buses */
};

static bool bus_read(struct bus *bus, const struct device_node *np)
{
	bus->np = np;
	bus->address_cells = np->address_cells;
	bus->size_cells = np->size_cells;
	bus->pci = bus->address_cells == PCI_ADDRESS_CELLS &&
		   (of_node_is_type(np, "pci") || of_node_is_type(np, "pciex"));
	return bus->address_cells >= 1 && bus->address_cells <= OF_CELLS_MAX &&
	       bus->size_cells <= OF_CELLS_MAX;
}

static bool address_read(const struct bus *bus, const __be32 *p, struct address *addr)
{
	addr->space = 0;
	if (likely(!bus->pci))
		return fdt_read_cells(p, bus->address_cells, &addr->number);
	addr->space = be32_to_cpup(p) >> PCI_SPACE_SHIFT & PCI_SPACE_MASK;
	if (addr->space == PCI_SPACE_MEM64)
		addr->space = PCI_SPACE_MEM32;
	return fdt_read_cells(p + 1, PCI_ADDRESS_CELLS - 1, &addr->number);
}

/* One entry of ranges: child address, parent address, size. False: it does not fit `addr`. */
static bool map_by_range(const struct bus *bus, const struct bus *above, const __be32 *range,
			 struct address *addr)
{
	const __be32 *parent = range + bus->address_cells;
	struct address from, to;
	u64 size, offset;

	if (!address_read(bus, range, &from) || !address_read(above, parent, &to) ||
	    !fdt_read_cells(parent + above->address_cells, bus->size_cells, &size))
		return false;
	if (from.space != addr->space || addr->number < from.number)
		return false;
	offset = addr->number - from.number;
	if (offset >= size || to.number + offset < to.number)
		return false;
	addr->number = to.number + offset;
	addr->space = to.space;
	return true;
}

static bool map_upwards(const struct bus *bus, const struct bus *above, struct address *addr)
{
	size_t cells = bus->address_cells + above->address_cells + bus->size_cells;
	const struct property *ranges = fdt_node_named(bus->np, FDT_RANGES);
	const __be32 *range, *end;

	if (!ranges)
		return false;
	if (ranges->length == 0)
		return true;
	range = ranges->value;
	end = range + ranges->length / sizeof(*range);
	for (; (size_t)(end - range) >= cells; range += cells) {
		if (map_by_range(bus, above, range, addr))
			return true;
	}
	return false;
}

/* From `addr` on `bus` to the processor's; false if it has none. */
static bool translate(struct bus bus, struct address *addr)
{
	while (bus.np->parent) {
		struct bus above;

		if (!bus_read(&above, bus.np->parent) || !map_upwards(&bus, &above, addr))
			return false;
		bus = above;
	}
	return true;
}

u64 of_translate_address(const struct device_node *np, const __be32 *in_addr)
{
	struct address addr;
	struct bus bus;

	if (!np || !np->parent || !bus_read(&bus, np->parent) || bus.size_cells == 0 ||
	    !address_read(&bus, in_addr, &addr) || !translate(bus, &addr))
		return OF_BAD_ADDR;
	return addr.number;
}

/* Entry `index` of "reg" as it is written: on `bus`, at `addr`. NULL: it is not there, or none. */
static const __be32 *reg_read(const struct device_node *np, int index, struct bus *bus,
			      struct address *addr, u64 *size)
{
	const struct property *prop = fdt_node_named(np, FDT_REG);
	const __be32 *reg;
	size_t cells;

	if (!prop || !np->parent || !bus_read(bus, np->parent))
		return NULL;
	cells = bus->address_cells + bus->size_cells;
	if (((u64)(u32)index + 1) * cells * sizeof(*reg) > (u64)prop->length)
		return NULL;
	reg = (const __be32 *)prop->value + cells * index;
	if (!address_read(bus, reg, addr) ||
	    !fdt_read_cells(reg + bus->address_cells, bus->size_cells, size))
		return NULL;
	return reg;
}

static unsigned int resource_flags(const struct address *addr)
{
	return addr->space == PCI_SPACE_IO ? IORESOURCE_IO : IORESOURCE_MEM;
}

const __be32 *of_get_address(const struct device_node *np, int index, u64 *size,
			     unsigned int *flags)
{
	struct address addr;
	struct bus bus;
	u64 bytes;
	const __be32 *reg = reg_read(np, index, &bus, &addr, &bytes);

	if (!reg)
		return NULL;
	if (size)
		*size = bytes;
	if (flags)
		*flags = resource_flags(&addr);
	return reg;
}

int of_reg_to_resource(const struct device_node *np, int index, struct resource *res)
{
	struct address addr;
	struct bus bus;
	unsigned int flags;
	u64 size;

	if (!reg_read(np, index, &bus, &addr, &size) || bus.size_cells == 0)
		return -ENXIO;
	flags = resource_flags(&addr);
	if (!translate(bus, &addr))
		return -ENXIO;
	if (flags != IORESOURCE_MEM || size == 0)
		return -EINVAL;
	if (addr.number + (size - 1) < addr.number)
		return -EOVERFLOW;
	/* Member by member: an initialiser of the whole becomes a call of memset(). */
	res->start = addr.number;
	res->end = addr.number + (size - 1);
	res->name = np->full_name;
	res->flags = IORESOURCE_MEM;
	res->parent = res->sibling = res->child = NULL;
	if (fdt_node_has(np, FDT_REG_NAMES))
		(void)of_property_read_string_index(np, "reg-names", index, &res->name);
	return 0;
}

int of_address_to_resource(const struct device_node *np, int index, struct resource *res)
{
	int ret = of_reg_to_resource(np, index, res);

	return ret == -ENXIO ? -EINVAL : ret;
}
