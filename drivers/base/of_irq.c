/* SPDX-License-Identifier: MIT */
/*
 * From a node to its interrupt controller.
 *
 * A specifier belongs to a node, the interrupt parent: a controller, which ends
 * the search, or a nexus, whose interrupt-map says for (unit address,
 * specifier), both under a mask, which parent comes next and what they become:
 *
 *   0x1000 0 0  1    &gic  0 0  0 5 4
 *   unit addr.  pin  next  addr specifier       #address-cells, #interrupt-cells
 *   of the nexus     of &gic                    as each of the two says
 *
 * (Devicetree Specification v0.4, 2.4.)
 */
#include <drivers/of_irq.h>

#include <lib/string.h>

#define ADDRESS_CELLS_MAX	4
#define ADDRESS_CELLS_DEFAULT	2	/* of a nexus that says nothing (2.3.5) */

/* One way through the tree is at most this long; a longer one goes round. */
#define STEPS_MAX		(2 * FDT_DEPTH_MAX)

/* What is being followed beside the specifier. */
struct unit {
	const __be32 *addr;
	u32 cells;		/* how many of them may be read */
};

/* The reader's place in an interrupt-map. */
struct map {
	const __be32 *at, *end;
};

struct device_node *of_irq_find_parent(const struct device_node *np)
{
	for (int steps = 0; np && steps < STEPS_MAX; steps++) {
		struct device_node *parent;
		u32 handle;

		if (fdt_node_number(np, FDT_INTERRUPT_PARENT, &handle))
			parent = of_find_node_by_phandle(handle);
		else
			parent = np->parent;
		if (fdt_node_has(parent, FDT_INTERRUPT_CELLS))
			return parent;
		np = parent;
	}
	return NULL;
}

/* The cells of a specifier for `np`; 0 if it says nothing that makes sense. */
static u32 specifier_cells(const struct device_node *np)
{
	u32 cells;

	if (!fdt_node_number(np, FDT_INTERRUPT_CELLS, &cells) || cells > MAX_PHANDLE_ARGS)
		return 0;
	return cells;
}

/* The cells of a unit address in np's own interrupt-map or in one that names it. */
static u32 unit_cells(const struct device_node *np, u32 otherwise)
{
	u32 cells;

	return fdt_node_number(np, FDT_ADDRESS_CELLS, &cells) ? cells : otherwise;
}

static const __be32 *map_take(struct map *map, u32 cells)
{
	const __be32 *p = map->at;

	if (cells > (size_t)(map->end - p))
		return NULL;
	map->at += cells;
	return p;
}

/* Whether unit address and specifier are those of the entry `key`, where the mask has ones. */
static bool key_fits(const __be32 *key, const __be32 *mask, const struct unit *unit,
		     u32 address_cells, const struct of_phandle_args *irq)
{
	for (u32 i = 0; i < address_cells + irq->args_count; i++) {
		u32 want = i < address_cells ? be32_to_cpup(&unit->addr[i]) :
					       irq->args[i - address_cells];

		if ((want ^ be32_to_cpup(&key[i])) & (mask ? be32_to_cpup(&mask[i]) : ~0u))
			return false;
	}
	return true;
}

/* Reads the entry's other half, whose length is known once its parent is. */
static int map_take_target(struct map *map, struct unit *unit, struct of_phandle_args *irq)
{
	const __be32 *handle = map_take(map, 1), *addr, *specifier;
	u32 address_cells, cells;
	struct device_node *np;

	np = handle ? of_find_node_by_phandle(be32_to_cpup(handle)) : NULL;
	address_cells = unit_cells(np, 0);
	cells = specifier_cells(np);
	addr = map_take(map, address_cells);
	specifier = addr ? map_take(map, cells) : NULL;
	if (!specifier || !cells)
		return -EINVAL;

	*unit = (struct unit){ .addr = addr, .cells = address_cells };
	irq->np = np;
	irq->args_count = cells;
	for (u32 i = 0; i < cells; i++)
		irq->args[i] = be32_to_cpup(&specifier[i]);
	return 0;
}

/* One step through the interrupt-map of the nexus irq->np. */
static int step_through_map(struct map map, struct unit *unit, struct of_phandle_args *irq)
{
	u32 address_cells = unit_cells(irq->np, ADDRESS_CELLS_DEFAULT);
	u32 key_cells = address_cells + irq->args_count;
	const __be32 *mask, *key;
	int length;

	if (address_cells > unit->cells)
		return -EINVAL;
	mask = of_get_property(irq->np, "interrupt-map-mask", &length);
	if (mask && length / sizeof(*mask) < key_cells)
		return -EINVAL;

	while ((key = map_take(&map, key_cells))) {
		struct of_phandle_args next;
		struct unit next_unit;

		if (map_take_target(&map, &next_unit, &next) != 0)
			return -EINVAL;
		if (of_device_is_available(next.np) &&
		    key_fits(key, mask, unit, address_cells, irq)) {
			*unit = next_unit;
			*irq = next;
			return 0;
		}
	}
	return -EINVAL;
}

/* A parent that is neither: what it is given is for its own parent. */
static int step_to_parent(struct of_phandle_args *irq)
{
	struct device_node *parent = of_irq_find_parent(irq->np);

	if (!parent || specifier_cells(parent) != (u32)irq->args_count)
		return -EINVAL;
	irq->np = parent;
	return 0;
}

static int follow(struct unit unit, struct of_phandle_args *irq)
{
	int ret = 0;

	for (int steps = 0; steps < STEPS_MAX && !ret; steps++) {
		const struct property *prop = fdt_node_named(irq->np, FDT_INTERRUPT_MAP);
		struct map map;

		if (prop) {
			map.at = prop->value;
			map.end = map.at + prop->length / sizeof(*map.at);
			ret = step_through_map(map, &unit, irq);
		} else if (fdt_node_has(irq->np, FDT_INTERRUPT_CONTROLLER)) {
			return 0;
		} else {
			ret = step_to_parent(irq);
		}
	}
	return -EINVAL;
}

int of_irq_parse_raw(const __be32 *addr, struct of_phandle_args *irq)
{
	struct unit unit = { .addr = addr, .cells = addr ? ADDRESS_CELLS_MAX : 0 };

	return follow(unit, irq);
}

/* Specifier `index` of "interrupts", for the parent that np has. */
static int read_specifier(const struct device_node *np, int index, struct of_phandle_args *out)
{
	struct device_node *parent = of_irq_find_parent(np);
	const struct property *prop = fdt_node_named(np, FDT_INTERRUPTS);
	u32 cells = specifier_cells(parent);
	const __be32 *p;

	if (!prop || !cells || index < 0)
		return -EINVAL;
	if (((u64)index + 1) * cells * sizeof(*p) > (u64)prop->length)
		return -EOVERFLOW;
	p = (const __be32 *)prop->value + (size_t)index * cells;
	out->np = parent;
	out->args_count = cells;
	for (u32 i = 0; i < cells; i++)
		out->args[i] = be32_to_cpup(&p[i]);
	return 0;
}

int of_irq_parse_one(const struct device_node *np, int index, struct of_phandle_args *out)
{
	struct unit unit = { .addr = NULL };
	const struct property *reg;
	int ret;

	/* Where both are, "interrupts" is for readers that do not know the other. */
	if (fdt_node_has(np, FDT_INTERRUPTS_EXTENDED))
		ret = of_parse_phandle_with_args(np, "interrupts-extended", "#interrupt-cells",
						 index, out);
	else
		ret = read_specifier(np, index, out);
	if (ret)
		return ret;
	reg = fdt_node_named(np, FDT_REG);
	if (reg)
		unit = (struct unit){ .addr = reg->value, .cells = reg->length / sizeof(__be32) };
	return follow(unit, out);
}

int of_irq_count(const struct device_node *np)
{
	const struct property *prop = fdt_node_named(np, FDT_INTERRUPTS);
	u32 cells;
	int n;

	if (fdt_node_has(np, FDT_INTERRUPTS_EXTENDED)) {
		n = of_count_phandle_with_args(np, "interrupts-extended", "#interrupt-cells");
		return n < 0 ? 0 : n;
	}
	cells = specifier_cells(of_irq_find_parent(np));
	return prop && cells ? prop->length / sizeof(__be32) / cells : 0;
}
