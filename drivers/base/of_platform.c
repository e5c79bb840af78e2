/* SPDX-License-Identifier: MIT */
/*
 * Devices from the tree.
 *
 * The walk goes down only into nodes that are buses and became devices, and back
 * up along the nodes' and the devices' parents: no recursion, whatever the tree
 * looks like. What a node says of its registers is translated here; its irqs
 * and clocks are looked up when a driver asks.
 *
 * Locking: none of its own. The flag OF_POPULATED of a node says who has it.
 */
#include <drivers/of_platform.h>

#include <drivers/amba/bus.h>
#include <drivers/of_address.h>
#include <kernel/init.h>
#include <kernel/slab.h>
#include <lib/minmax.h>
#include <lib/string.h>

#include "base_priv.h"

#define BITS_PER_DIGIT	4

const struct of_device_id of_default_bus_match_table[] = {
	{ .compatible = "simple-bus" },
	{ .compatible = "simple-mfd" },
	{ .compatible = "arm,amba-bus" },
	{ }
};

/* ---- names ---- */

/* "9030000.pl061", "soc:codec", "timer": two texts and what is between them, or the last alone. */
struct of_name {
	const char *first, *second;
	size_t first_len, second_len;
	char between;
	char digits[64 / BITS_PER_DIGIT];
};

/* `reg`: its first registers, or NULL. By hand: each device of the tree is named at boot. */
static noinline void of_name_init(struct of_name *name, const struct device_node *np,
				  const char *bus_id, const struct device *parent,
				  const struct resource *reg)
{
	char *end = name->digits + sizeof(name->digits), *digit = end;

	name->first_len = 0;
	name->second = bus_id ? bus_id : np->full_name;
	if (!bus_id && reg) {
		u32 low = (u32)reg->start, high = reg->start >> 32;

		/* Eight digits below a high half, whatever they are. */
		do {
			*--digit = "0123456789abcdef"[low & 0xf];
			low >>= BITS_PER_DIGIT;
			if (end - digit == 8)
				swap(low, high);
		} while (low || high);
		name->first = digit;
		name->first_len = end - digit;
		name->between = '.';
		name->second = np->name;
	} else if (!bus_id && !of_node_is_root(np->parent) && parent && parent->of_node) {
		name->first = dev_name(parent);
		name->first_len = strlen(name->first);
		name->between = ':';
	}
	name->second_len = strlen(name->second);
}

static size_t of_name_size(const struct of_name *name)
{
	return name->first_len + (name->first_len != 0) + name->second_len + 1;
}

/* Returns `text`. */
static char *of_name_write(const struct of_name *name, char *text)
{
	char *at = text;

	if (name->first_len) {
		at = (char *)memcpy(at, name->first, name->first_len) + name->first_len;
		*at++ = name->between;
	}
	memcpy(at, name->second, name->second_len + 1);
	return text;
}

static void of_device_init(struct device *dev, struct device_node *np, struct device *parent)
{
	dev->of_node = of_node_get(np);
	dev->parent = parent ? parent : &platform_bus;
	dev->of_populated = true;
}

static const char *why_refused(int err)
{
	switch (err) {
	case -EINVAL:
		return "its reg is none: ";
	case -EDOM:
		return "its reg has wrong cells or is not of words: ";
	case -EOVERFLOW:
		return "its reg ends beyond all addresses: ";
	case -EBUSY:
		return "its reg is another's: ";
	case -EEXIST:
		return "its name is another's: ";
	default:
		return "";
	}
}

static void node_refused(const struct device_node *np, int err)
{
	pr_err("node %pOF: no device: %s%pe\n", np, why_refused(err), ERR_PTR(err));
}

/* ---- platform devices ---- */

/*
 * How many entries "reg" has; -EDOM: the cells of an entry are more than an address can have, or
 * none; -EINVAL: its length fits no number of entries.
 */
static int of_count_reg(const struct device_node *np)
{
	const struct property *reg = fdt_node_named(np, FDT_REG);
	unsigned int address = of_n_addr_cells(np), size = of_n_size_cells(np);
	int entry, left, n = 0;

	if (!reg)
		return 0;
	if (!address || address > OF_CELLS_MAX || size > OF_CELLS_MAX)
		return -EDOM;
	entry = (int)((address + size) * sizeof(__be32));
	for (left = reg->length; left > 0; left -= entry)
		n++;
	return left == 0 ? n : -EINVAL;
}

/*
 * The device with its registers and its name, or an ERR_PTR. An address that the processor does not
 * have is no error: the node may be a part of a part, reached through its parent. One that it has,
 * with a size that cannot be, is.
 */
static struct platform_device *of_device_alloc(struct device_node *np, const char *bus_id,
					       struct device *parent)
{
	struct platform_device *pdev;
	struct resource reg;
	struct of_name name;
	int n = of_count_reg(np), ret = n > 0 ? of_reg_to_resource(np, 0, &reg) : n;
	char *text;

	if (ret == -ENXIO)
		n = ret = 0;
	if (ret)
		return ERR_PTR(ret);
	of_name_init(&name, np, bus_id, parent, n ? &reg : NULL);
	pdev = platform_device_alloc_with(n, of_name_size(&name), &text);
	if (!pdev)
		return ERR_PTR(-ENOMEM);
	pdev->name = pdev->dev.name = of_name_write(&name, text);
	pdev->dev.name_inside = true;
	for (int i = 0; i < n && !ret; i++) {
		pdev->resource[i] = reg;
		pdev->num_resources++;
		if (i + 1 < n)
			ret = of_reg_to_resource(np, i + 1, &reg);
	}
	if (ret && ret != -ENXIO) {
		platform_device_put(pdev);
		return ERR_PTR(ret);
	}
	return pdev;
}

static struct platform_device *of_device_create(struct device_node *np, const char *bus_id,
						struct device *parent, bool is_bus)
{
	struct platform_device *pdev;
	int ret;

	if (!of_device_is_available(np) || of_node_test_and_set_flag(np, OF_POPULATED))
		return NULL;
	pdev = of_device_alloc(np, bus_id, parent);
	ret = PTR_ERR_OR_ZERO(pdev);
	if (!ret) {
		of_device_init(&pdev->dev, np, parent);
		pdev->dev.driverless = is_bus;
		ret = platform_device_add(pdev);
		if (!ret)
			return pdev;
	}
	platform_device_put(pdev);
	of_node_clear_flag(np, OF_POPULATED);
	node_refused(np, ret);
	return NULL;
}

struct platform_device *of_platform_device_create(struct device_node *np, const char *bus_id,
						  struct device *parent)
{
	return of_device_create(np, bus_id, parent, false);
}

/* ---- AMBA devices ---- */

static int of_amba_device_add(struct amba_device *adev)
{
	struct device_node *np = adev->dev.of_node;
	int ret = of_address_to_resource(np, 0, &adev->res);
	struct of_name name;
	char *text;

	if (ret)
		return ret;
	of_name_init(&name, np, NULL, NULL, &adev->res);
	text = kmalloc(of_name_size(&name), GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	adev->dev.name = of_name_write(&name, text);
	/* Without the property the id stays 0 and is read from the part. */
	(void)of_property_read_u32(np, "arm,primecell-periphid", &adev->periphid);
	return amba_device_add(adev, &iomem_resource);
}

static void of_amba_device_create(struct device_node *np, struct device *parent)
{
	struct amba_device *adev;
	int ret = -ENOMEM;

	if (!of_device_is_available(np) || of_node_test_and_set_flag(np, OF_POPULATED))
		return;
	adev = amba_device_alloc(NULL, 0, 0);
	if (adev) {
		of_device_init(&adev->dev, np, parent);
		ret = of_amba_device_add(adev);
		if (!ret)
			return;
		amba_device_put(adev);
	}
	of_node_clear_flag(np, OF_POPULATED);
	node_refused(np, ret);
}

/* ---- the walk ---- */

/* Returns the device if the node is a bus with something on it. */
static struct device *of_populate_node(struct device_node *np, const struct of_device_id *matches,
				       struct device *parent)
{
	struct platform_device *pdev;
	bool is_bus;

	if (!np->compatible)
		return NULL;
	if (of_device_is_compatible(np, "arm,primecell")) {
		of_amba_device_create(np, parent);
		return NULL;
	}
	/* Only what has children, or no registers, is worth a look through the table. */
	is_bus = (np->child || !fdt_node_has(np, FDT_REG)) && of_match_node(matches, np);
	pdev = of_device_create(np, NULL, parent, is_bus);
	if (!pdev || !is_bus || !np->child)
		return NULL;
	of_node_set_flag(np, OF_POPULATED_BUS);
	return &pdev->dev;
}

int of_platform_populate(struct device_node *root, const struct of_device_id *matches,
			 const struct of_dev_auxdata *lookup, struct device *parent)
{
	struct device *above = parent, *bus;
	struct device_node *np;

	root = root ? root : of_root;
	if (!root || lookup)
		return -EINVAL;
	of_node_set_flag(root, OF_POPULATED_BUS);
	np = root->child;
	while (np) {
		bus = of_populate_node(np, matches, above);
		if (bus) {
			above = bus;
			np = np->child;
			continue;
		}
		while (!np->sibling && np->parent != root) {
			np = np->parent;
			above = np->parent == root ? parent : above->parent;
		}
		np = np->sibling;
	}
	return 0;
}

/* ---- the way back ---- */

static void of_device_unregister(struct device *dev)
{
	of_node_clear_flag(dev->of_node, OF_POPULATED_BUS);
	of_node_clear_flag(dev->of_node, OF_POPULATED);
	if (dev->bus == &platform_bus_type)
		platform_device_unregister(to_platform_device(dev));
	else
		amba_device_unregister(to_amba_device(dev));
}

static int of_take_child(struct device *dev, void *data)
{
	if (!dev->of_populated)
		return 0;
	*(struct device **)data = get_device(dev);
	return 1;
}

/* The youngest child that a populate made, counted, or NULL. */
static struct device *of_last_child(struct device *parent)
{
	struct device *child = NULL;

	if (of_node_check_flag(parent->of_node, OF_POPULATED_BUS))
		device_for_each_child_reverse(parent, &child, of_take_child);
	return child;
}

/* Always the last leaf: what is below goes before what is above, at any depth. */
void of_platform_depopulate(struct device *parent)
{
	struct device *dev, *below;

	if (!parent->of_node)
		return;
	while ((dev = of_last_child(parent)) != NULL) {
		while ((below = of_last_child(dev)) != NULL) {
			put_device(dev);
			dev = below;
		}
		of_device_unregister(dev);
		put_device(dev);
	}
	of_node_clear_flag(parent->of_node, OF_POPULATED_BUS);
}

int of_platform_device_destroy(struct device *dev, void *data)
{
	(void)data;
	if (!dev->of_populated)
		return 0;
	of_platform_depopulate(dev);
	of_device_unregister(dev);
	return 0;
}

static void devm_of_platform_depopulate(void *dev)
{
	of_platform_depopulate(dev);
}

int devm_of_platform_populate(struct device *dev)
{
	int ret = of_platform_default_populate(dev->of_node, NULL, dev);

	return ret ? ret : devm_add_action_or_reset(dev, devm_of_platform_depopulate, dev);
}

struct platform_device *of_find_device_by_node(struct device_node *np)
{
	struct device *dev = bus_find_device_by_of_node(&platform_bus_type, np);

	return dev ? to_platform_device(dev) : NULL;
}

/* Behind the buses and what early boot drives itself, before the drivers. */
static int __init of_populate_init(void)
{
	return of_platform_default_populate(NULL, NULL, NULL);
}
arch_initcall(of_populate_init);
