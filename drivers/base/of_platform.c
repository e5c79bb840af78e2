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
#include <lib/math.h>
#include <lib/string.h>

#define BITS_PER_DIGIT	4

const struct of_device_id of_default_bus_match_table[] = {
	{ .compatible = "simple-bus" },
	{ .compatible = "simple-mfd" },
	{ .compatible = "arm,amba-bus" },
	{ }
};

/* ---- names ---- */

/*
 * "9030000.pl061". Put together by hand: every device of the tree has its name made
 * at boot, and printf would take a third of all that is done for it.
 */
static char *name_by_address(u64 address, const char *name)
{
	size_t size = strlen(name) + 1;
	size_t digits = address ? DIV_ROUND_UP(64 - __builtin_clzll(address), BITS_PER_DIGIT) : 1;
	char *text;

	text = kmalloc(digits + 1 + size, GFP_KERNEL);
	if (!text)
		return NULL;
	text[digits] = '.';
	memcpy(text + digits + 1, name, size);
	while (digits--) {
		text[digits] = "0123456789abcdef"[address & 0xf];
		address >>= BITS_PER_DIGIT;
	}
	return text;
}

static int of_device_set_name(struct device *dev, const char *bus_id, const struct resource *reg)
{
	const struct device_node *np = dev->of_node;

	if (bus_id)
		return dev_set_name(dev, "%s", bus_id);
	if (reg) {
		dev->name = name_by_address(reg->start, np->name);
		return dev->name ? 0 : -ENOMEM;
	}
	if (!of_node_is_root(np->parent) && dev->parent->of_node)
		return dev_set_name(dev, "%s:%s", dev_name(dev->parent), np->full_name);
	return dev_set_name(dev, "%s", np->full_name);
}

static void of_device_init(struct device *dev, struct device_node *np, struct device *parent)
{
	dev->of_node = of_node_get(np);
	dev->parent = parent ? parent : &platform_bus;
	dev->of_populated = true;
}

static void node_refused(const struct device_node *np, int err)
{
	pr_err("node %pOF: no device: %pe\n", np, ERR_PTR(err));
}

/* ---- platform devices ---- */

/* How many entries "reg" has, or -EINVAL if its length fits no number of them. */
static int of_count_reg(const struct device_node *np)
{
	const struct property *reg = fdt_node_named(np, FDT_REG);
	int entry, n;

	if (!reg)
		return 0;
	entry = (of_n_addr_cells(np) + of_n_size_cells(np)) * (int)sizeof(__be32);
	n = entry > 0 ? reg->length / entry : 0;
	return entry > 0 && n * entry == reg->length ? n : -EINVAL;
}

/* Whether entry `index` of "reg" has an address of the processor's. */
static bool of_reg_is_reachable(const struct device_node *np, int index)
{
	const __be32 *addr = of_get_address(np, index, NULL, NULL);

	return addr && of_translate_address(np, addr) != OF_BAD_ADDR;
}

/*
 * An address that the processor does not have is no error: the node may be a part
 * of a part, reached through its parent. One that it has, with a size that cannot
 * be, is.
 */
static int of_device_add_resources(struct platform_device *pdev)
{
	struct device_node *np = pdev->dev.of_node;
	int ret, n = of_count_reg(np);

	if (n <= 0)
		return n;
	pdev->resource = kcalloc(n, sizeof(*pdev->resource), GFP_KERNEL);
	if (!pdev->resource)
		return -ENOMEM;
	for (int i = 0; i < n; i++) {
		ret = of_address_to_resource(np, i, &pdev->resource[i]);
		if (ret)
			return of_reg_is_reachable(np, i) ? ret : 0;
		pdev->num_resources++;
	}
	return 0;
}

static int of_device_add(struct platform_device *pdev, const char *bus_id)
{
	int ret = of_device_add_resources(pdev);

	if (!ret)
		ret = of_device_set_name(&pdev->dev, bus_id,
					 pdev->num_resources ? pdev->resource : NULL);
	if (ret)
		return ret;
	pdev->name = dev_name(&pdev->dev);
	return platform_device_add(pdev);
}

static struct platform_device *of_device_create(struct device_node *np, const char *bus_id,
						struct device *parent, bool is_bus)
{
	struct platform_device *pdev;
	int ret = -ENOMEM;

	if (!of_device_is_available(np) || of_node_test_and_set_flag(np, OF_POPULATED))
		return NULL;
	pdev = platform_device_alloc("", PLATFORM_DEVID_NONE);
	if (pdev) {
		of_device_init(&pdev->dev, np, parent);
		pdev->dev.driverless = is_bus;
		ret = of_device_add(pdev, bus_id);
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

	if (!ret)
		ret = of_device_set_name(&adev->dev, NULL, &adev->res);
	if (ret)
		return ret;
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
	*(struct device **)data = dev;
	return 1;
}

/* The youngest child that a populate made, or NULL. */
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
		while ((below = of_last_child(dev)) != NULL)
			dev = below;
		of_device_unregister(dev);
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
