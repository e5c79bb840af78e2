/* SPDX-License-Identifier: MIT */
/*
 * What the tree says of a device's way to memory: `dma-coherent` of its node or one above it, and
 * the `dma-ranges` of the buses above it (Devicetree Specification v0.4, 2.3.9 and 2.3.10).
 *
 * The first bus above the device that has entries says what the device can see. Each entry is
 * a stretch of addresses of that bus, and where its beginning is on the bus above, from where the
 * way goes on by the `dma-ranges` of the others. A bus without them, and one whose are
 * empty, changes nothing.
 *
 * Locking: as the driver core; a device is configured before its probe.
 */
#include <drivers/of_device.h>

#include <kernel/slab.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define CELLS_MAX		4
#define PCI_ADDRESS_CELLS	3	/* the first says which space it is */

struct range {
	u64 child, parent, size;
};

/* The entries of the bus; false: it has none. */
static bool bus_has_ranges(const struct device_node *bus, const struct property **ranges)
{
	*ranges = fdt_node_property(bus, "dma-ranges");
	return *ranges && (*ranges)->length;
}

static bool read_address(const __be32 *p, u32 cells, u64 *addr)
{
	return cells == PCI_ADDRESS_CELLS ? fdt_read_cells(p + 1, cells - 1, addr) :
					    fdt_read_cells(p, cells, addr);
}

/* How many entries there are, of *cells each; -EINVAL: their length fits no number of them. */
static int count_ranges(const struct device_node *bus, const struct property *ranges, u32 *cells)
{
	const struct device_node *above = bus->parent;
	int bytes;

	if (bus->address_cells < 1 || bus->address_cells > CELLS_MAX ||
	    above->address_cells < 1 || above->address_cells > CELLS_MAX ||
	    bus->size_cells < 1 || bus->size_cells > CELLS_MAX)
		return -EINVAL;
	*cells = bus->address_cells + above->address_cells + bus->size_cells;
	bytes = (int)(*cells * sizeof(__be32));
	return ranges->length % bytes ? -EINVAL : ranges->length / bytes;
}

/* False: it is empty, or one of its ends is no number of 64 bits. */
static bool read_range(const struct device_node *bus, const __be32 *p, struct range *range)
{
	const __be32 *parent = p + bus->address_cells, *size = parent + bus->parent->address_cells;

	return read_address(p, bus->address_cells, &range->child) &&
	       read_address(parent, bus->parent->address_cells, &range->parent) &&
	       fdt_read_cells(size, bus->size_cells, &range->size) &&
	       range->size && range->child + (range->size - 1) >= range->child &&
	       range->parent + (range->size - 1) >= range->parent;
}

/* `size` bytes at *addr of `bus`, seen from the bus above it. */
static bool map_upwards(const struct device_node *bus, const struct property *ranges, u64 size,
			u64 *addr)
{
	const __be32 *p = ranges->value;
	struct range range;
	u32 cells;

	for (int n = count_ranges(bus, ranges, &cells); n > 0; n--, p += cells) {
		if (!read_range(bus, p, &range) || *addr - range.child >= range.size ||
		    size > range.size - (*addr - range.child))
			continue;
		*addr = *addr - range.child + range.parent;
		return true;
	}
	return false;
}

/* The same, seen by the processor. */
static bool translate(const struct device_node *bus, u64 size, u64 *addr)
{
	const struct property *ranges;

	for (; bus->parent; bus = bus->parent)
		if (bus_has_ranges(bus, &ranges) && !map_upwards(bus, ranges, size, addr))
			return false;
	return true;
}

/* The map of what is on `bus`, to be freed, or an ERR_PTR. */
static struct bus_dma_region *read_map(const struct device_node *bus,
				       const struct property *ranges)
{
	const __be32 *p = ranges->value;
	struct bus_dma_region *map, *region;
	u32 cells;
	int n = count_ranges(bus, ranges, &cells);

	if (n < 0)
		return ERR_PTR(n);
	map = kcalloc((size_t)n + 1, sizeof(*map), GFP_KERNEL);
	if (!map)
		return ERR_PTR(-ENOMEM);
	for (region = map; region < map + n; region++, p += cells) {
		struct range range;

		if (!read_range(bus, p, &range) ||
		    !translate(bus->parent, range.size, &range.parent)) {
			kfree(map);
			return ERR_PTR(-EINVAL);
		}
		region->dma_start = range.child;
		region->cpu_start = range.parent;
		region->size = range.size;
	}
	return map;
}

/* No mask is wider than the addresses that the bus has. */
static void limit_masks(struct device *dev, const struct bus_dma_region *map)
{
	u64 last = 1, mask = ~0ull;

	for (; map->size; map++)
		last = max(last, map->dma_start + map->size - 1);
	while (mask >> 1 >= last)
		mask >>= 1;
	dev->bus_dma_limit = last;
	dev->coherent_dma_mask &= mask;
	*dev->dma_mask &= mask;
}

bool of_dma_is_coherent(const struct device_node *np)
{
	for (; np; np = np->parent) {
		if (fdt_node_property(np, "dma-coherent"))
			return true;
		if (fdt_node_property(np, "dma-noncoherent"))
			return false;
	}
	return false;
}

int of_dma_configure(struct device *dev, const struct device_node *np, bool force_dma)
{
	const struct property *ranges = NULL;
	const struct device_node *bus = np ? np->parent : NULL;
	struct bus_dma_region *map;

	while (bus && bus->parent && !bus_has_ranges(bus, &ranges))
		bus = bus->parent;
	if (!bus || !bus->parent)
		ranges = NULL;
	if (!ranges && !force_dma)
		return 0;
	if (!dev->dma_mask)
		dev->dma_mask = &dev->coherent_dma_mask;
	dev->dma_coherent = of_dma_is_coherent(np);
	if (!ranges)
		return 0;
	map = read_map(bus, ranges);
	if (IS_ERR(map))
		return dev_err_probe(dev, PTR_ERR(map), "dma-ranges of node %pOF\n", bus);
	dev->dma_range_map = map;
	limit_masks(dev, map);
	return 0;
}

void dma_deconfigure(struct device *dev)
{
	kfree(dev->dma_range_map);
	dev->dma_range_map = NULL;
	dev->bus_dma_limit = 0;
}
