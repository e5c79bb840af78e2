/* SPDX-License-Identifier: MIT */
/*
 * The platform bus, and devices made from a tree: matching, resources, irqs,
 * populating and taking away.
 *
 * Trees are put together by each case (fake_tree.h); addresses are of nothing
 * that the machine has.
 */
#include <drivers/of_platform.h>
#include <drivers/platform_device.h>
#include <drivers/property.h>

#include <kernel/fault-inject.h>
#include <kernel/irqdomain.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <test/kunit.h>

#include "fake_tree.h"

#define NOWHERE		0x3f000000

static struct platform_device *probed;
static const void *probed_data;
static int probe_result;
static int (*probe_body)(struct platform_device *pdev);

static int fake_probe(struct platform_device *pdev)
{
	probed = pdev;
	probed_data = pdev->dev.of_node ? device_get_match_data(&pdev->dev) : NULL;
	return probe_body ? probe_body(pdev) : probe_result;
}

static const struct of_device_id fake_of_match[] = {
	{ .compatible = "acme,generic", .data = "generic" },
	{ .compatible = "acme,exact", .data = "exact" },
	{ }
};

static struct platform_driver fake_driver = {
	.probe = fake_probe,
	.driver = { .name = "acme", .of_match_table = fake_of_match },
};

static int platform_case_init(struct kunit *test)
{
	(void)test;
	probed = NULL;
	probed_data = NULL;
	probe_result = 0;
	probe_body = NULL;
	return 0;
}

static int is_ours(struct device *dev, const void *unused)
{
	(void)unused;
	return strstarts(dev_name(dev), "acme");
}

/* A case that failed may have come to an end anywhere. */
static void platform_case_exit(struct kunit *test)
{
	struct device_driver *drv;
	struct device *dev;

	if (test->status != KUNIT_FAILURE)
		return;
	while ((drv = driver_find("acme", &platform_bus_type)) ||
	       (drv = driver_find("acme-intc", &platform_bus_type)))
		driver_unregister(drv);
	while ((dev = bus_find_device(&platform_bus_type, NULL, NULL, is_ours))) {
		platform_device_unregister(to_platform_device(dev));
		put_device(dev);
	}
}

/* ---- devices without a tree ---- */

static void names_follow_the_id(struct kunit *test)
{
	struct platform_device *none, *seven, *automatic;

	none = platform_device_register_simple("acme-x", PLATFORM_DEVID_NONE, NULL, 0);
	seven = platform_device_register_simple("acme-x", 7, NULL, 0);
	automatic = platform_device_register_simple("acme-x", PLATFORM_DEVID_AUTO, NULL, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, none);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, seven);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, automatic);
	KUNIT_EXPECT_STREQ(test, dev_name(&none->dev), "acme-x");
	KUNIT_EXPECT_STREQ(test, dev_name(&seven->dev), "acme-x.7");
	KUNIT_EXPECT_TRUE(test, strstr(dev_name(&automatic->dev), ".auto") != NULL);
	KUNIT_EXPECT_PTR_EQ(test, none->dev.parent, &platform_bus);
	KUNIT_EXPECT_EQ(test,
			PTR_ERR(platform_device_register_simple("acme-x", 7, NULL, 0)), -EEXIST);
	platform_device_unregister(none);
	platform_device_unregister(seven);
	platform_device_unregister(automatic);
	platform_device_unregister(NULL);
	platform_device_put(NULL);
}

static void driver_matches_by_its_name(struct kunit *test)
{
	struct platform_device *pdev, *other;

	KUNIT_ASSERT_EQ(test, platform_driver_register(&fake_driver), 0);
	pdev = platform_device_register_simple("acme", PLATFORM_DEVID_NONE, NULL, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_EXPECT_PTR_EQ(test, probed, pdev);
	other = platform_device_register_simple("acme-other", PLATFORM_DEVID_NONE, NULL, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, other);
	KUNIT_EXPECT_FALSE(test, device_is_bound(&other->dev));
	platform_device_unregister(pdev);
	platform_device_unregister(other);
	platform_driver_unregister(&fake_driver);
}

/* With a table the name alone is no match, and the entry is there in probe. */
static void driver_matches_by_its_table(struct kunit *test)
{
	static const struct platform_device_id ids[] = {
		{ "acme-a", 1 }, { "acme-b", 2 }, { }
	};
	static struct platform_driver driver = {
		.probe = fake_probe, .driver = { .name = "acme" }, .id_table = ids,
	};
	struct platform_device *named, *listed;

	KUNIT_ASSERT_EQ(test, platform_driver_register(&driver), 0);
	named = platform_device_register_simple("acme", PLATFORM_DEVID_NONE, NULL, 0);
	listed = platform_device_register_simple("acme-b", PLATFORM_DEVID_NONE, NULL, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, named);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, listed);
	KUNIT_EXPECT_FALSE(test, device_is_bound(&named->dev));
	KUNIT_EXPECT_PTR_EQ(test, probed, listed);
	KUNIT_EXPECT_EQ(test, platform_get_device_id(listed)->driver_data, 2);
	platform_device_unregister(named);
	platform_device_unregister(listed);
	platform_driver_unregister(&driver);
}

static void resources_are_found_by_kind_and_name(struct kunit *test)
{
	const struct resource res[] = {
		DEFINE_RES_MEM_NAMED(NOWHERE, 0x100, "regs"),
		DEFINE_RES_IRQ_NAMED(77, "ready"),
		DEFINE_RES_MEM(NOWHERE + 0x1000, 0x100),
	};
	struct platform_device *pdev;

	pdev = platform_device_register_resndata(NULL, "acme-x", PLATFORM_DEVID_NONE, res, 3,
						 "data", 5);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_EXPECT_EQ(test, platform_get_resource(pdev, IORESOURCE_MEM, 0)->start, NOWHERE);
	KUNIT_EXPECT_EQ(test, platform_get_resource(pdev, IORESOURCE_MEM, 1)->start,
			NOWHERE + 0x1000);
	KUNIT_EXPECT_NULL(test, platform_get_resource(pdev, IORESOURCE_MEM, 2));
	KUNIT_EXPECT_PTR_EQ(test, platform_get_resource_byname(pdev, IORESOURCE_MEM, "regs"),
			    &pdev->resource[0]);
	KUNIT_EXPECT_NULL(test, platform_get_resource_byname(pdev, IORESOURCE_IRQ, "regs"));
	KUNIT_EXPECT_EQ(test, platform_get_irq(pdev, 0), 77);
	KUNIT_EXPECT_EQ(test, platform_get_irq_byname(pdev, "ready"), 77);
	KUNIT_EXPECT_EQ(test, platform_get_irq(pdev, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, platform_get_irq_optional(pdev, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, platform_get_irq_byname(pdev, "absent"), -ENXIO);
	KUNIT_EXPECT_EQ(test, platform_irq_count(pdev), 1);
	KUNIT_EXPECT_STREQ(test, dev_get_platdata(&pdev->dev), "data");
	platform_device_unregister(pdev);
}

static void overlapping_devices_are_refused(struct kunit *test)
{
	const struct resource res[] = {
		DEFINE_RES_MEM(NOWHERE, 0x100), DEFINE_RES_MEM(NOWHERE + 0x1000, 0x100),
	};
	const struct resource clash[] = {
		DEFINE_RES_MEM(NOWHERE + 0x2000, 0x100), DEFINE_RES_MEM(NOWHERE + 0x80, 0x100),
	};
	struct platform_device *pdev;

	kunit_tolerates_faults(test);
	pdev = platform_device_register_simple("acme-x", 1, res, 2);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_EXPECT_EQ(test,
			PTR_ERR(platform_device_register_simple("acme-x", 2, clash, 2)), -EBUSY);
	platform_device_unregister(pdev);
	/* neither left anything claimed */
	pdev = platform_device_register_simple("acme-x", 2, clash, 2);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	platform_device_unregister(pdev);
}

static int map_twice(struct platform_device *pdev)
{
	struct resource *res;
	void __iomem *base = devm_platform_get_and_ioremap_resource(pdev, 0, &res);

	if (IS_ERR(base) || res != &pdev->resource[0])
		return -EINVAL;
	return PTR_ERR_OR_ZERO(devm_platform_ioremap_resource(pdev, 0));
}

static int map_once(struct platform_device *pdev)
{
	return PTR_ERR_OR_ZERO(devm_platform_ioremap_resource_byname(pdev, "regs"));
}

static int map_missing(struct platform_device *pdev)
{
	return PTR_ERR_OR_ZERO(devm_platform_ioremap_resource(pdev, 3));
}

/* Registers are the driver's inside the device's, and free again after a probe that failed. */
static void registers_are_mapped_once_for_each_binding(struct kunit *test)
{
	const struct resource res = DEFINE_RES_MEM_NAMED(NOWHERE, 0x100, "regs");
	struct platform_device *pdev;

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_EQ(test, platform_driver_register(&fake_driver), 0);
	probe_body = map_twice;
	pdev = platform_device_register_simple("acme", PLATFORM_DEVID_NONE, &res, 1);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_EXPECT_EQ(test, pdev->dev.probe_error, -EBUSY);
	probe_body = map_missing;
	KUNIT_EXPECT_EQ(test, device_driver_attach(&fake_driver.driver, &pdev->dev), -EINVAL);
	probe_body = map_once;
	for (int i = 0; i < 100; i++) {
		KUNIT_ASSERT_EQ(test, device_driver_attach(&fake_driver.driver, &pdev->dev), 0);
		device_release_driver(&pdev->dev);
		fault_leave(current);	/* the others ask for the same as the first */
	}
	platform_device_unregister(pdev);
	platform_driver_unregister(&fake_driver);
}

static int remove_with_an_error(struct platform_device *pdev)
{
	(void)pdev;
	return -EIO;
}

/* The error of a remove is told and means nothing: the device is unbound. */
static void error_of_remove_changes_nothing(struct kunit *test)
{
	static struct platform_driver driver = {
		.remove = remove_with_an_error, .driver = { .name = "acme" },
	};
	struct platform_device *pdev;

	KUNIT_ASSERT_EQ(test, platform_driver_register(&driver), 0);
	pdev = platform_device_register_simple("acme", PLATFORM_DEVID_NONE, NULL, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_EXPECT_TRUE(test, device_is_bound(&pdev->dev));
	device_release_driver(&pdev->dev);
	KUNIT_EXPECT_FALSE(test, device_is_bound(&pdev->dev));
	platform_device_unregister(pdev);
	platform_driver_unregister(&driver);
}

static void driver_without_operations_is_bound(struct kunit *test)
{
	static struct platform_driver driver = { .driver = { .name = "acme" } };
	struct platform_device *pdev;

	KUNIT_ASSERT_EQ(test, platform_driver_register(&driver), 0);
	pdev = platform_device_register_simple("acme", PLATFORM_DEVID_NONE, NULL, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_EXPECT_TRUE(test, device_is_bound(&pdev->dev));
	platform_bus_type.shutdown(&pdev->dev);
	device_release_driver(&pdev->dev);
	KUNIT_EXPECT_FALSE(test, device_is_bound(&pdev->dev));
	platform_device_unregister(pdev);
	platform_driver_unregister(&driver);
}

/* ---- devices of a tree ---- */

struct tree_case {
	struct device *parent;		/* everything is made under this one */
	struct device_node *root;
};

static struct tree_case tree;

static int tree_case_init(struct kunit *test)
{
	platform_case_init(test);
	tree.parent = root_device_register("fake-tree");
	if (IS_ERR(tree.parent))
		return (int)PTR_ERR(tree.parent);
	tree.root = fake_tree_attach(test);
	tree.parent->of_node = tree.root;
	return 0;
}

static void tree_case_exit(struct kunit *test)
{
	platform_case_exit(test);
	of_platform_depopulate(tree.parent);
	tree.parent->of_node = NULL;
	root_device_unregister(tree.parent);
	fake_tree_detach();
}

static struct device_node *node(struct kunit *test, struct device_node *above, const char *name,
				u32 reg)
{
	struct device_node *np = fake_node(test, above, name);

	fake_strings(test, np, "compatible", "acme,exact");
	if (reg)
		fake_cells(test, np, "reg", reg, 0x100);
	return np;
}

static void populate(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, of_platform_default_populate(tree.root, NULL, tree.parent), 0);
}

/* The names of all devices below, with '!' if bound, each with its children in brackets. */
static char names[256];

static void draw(const char *text)
{
	strscpy(names + strlen(names), text, sizeof(names) - strlen(names));
}

static int draw_device(struct device *dev, void *data)
{
	size_t before;

	(void)data;
	draw(" ");
	draw(dev_name(dev));
	draw(device_is_bound(dev) ? "!" : "");
	before = strlen(names);
	draw(" [");
	device_for_each_child(dev, NULL, draw_device);
	if (strlen(names) == before + strlen(" ["))
		names[before] = '\0';
	else
		draw(" ]");
	return 0;
}

static void expect_devices(struct kunit *test, const char *want)
{
	names[0] = '\0';
	device_for_each_child(tree.parent, NULL, draw_device);
	KUNIT_EXPECT_STREQ(test, skip_spaces(names), want);
}

/*
 * / soc (simple-bus, at 0x3f000000) - uart@1000 - not-walked
 *                                   - dma@2000 (disabled)
 *   leds (no address)
 *   memory (no compatible)
 */
static void nodes_below_buses_become_devices(struct kunit *test)
{
	struct device_node *soc = fake_node(test, tree.root, "soc@3f000000"), *uart, *dma;

	fake_strings(test, soc, "compatible", "acme,soc\0simple-bus");
	fake_cells(test, soc, "#address-cells", 1);
	fake_cells(test, soc, "#size-cells", 1);
	fake_cells(test, soc, "ranges", 0, NOWHERE, 0x10000);
	uart = node(test, soc, "uart@1000", 0x1000);
	node(test, uart, "not-walked", 0);
	dma = node(test, soc, "dma@2000", 0x2000);
	fake_strings(test, dma, "status", "disabled");
	node(test, tree.root, "leds", 0);
	fake_node(test, tree.root, "memory@0");

	populate(test);
	expect_devices(test, "soc@3f000000 [ 3f001000.uart ] leds");
	KUNIT_EXPECT_FALSE(test, of_node_check_flag(dma, OF_POPULATED));
	KUNIT_EXPECT_TRUE(test, of_node_check_flag(uart, OF_POPULATED));
	KUNIT_EXPECT_NULL(test, of_platform_device_create(uart, NULL, tree.parent));

	/* a second time finds nothing to do */
	populate(test);
	expect_devices(test, "soc@3f000000 [ 3f001000.uart ] leds");
	of_platform_depopulate(tree.parent);
	expect_devices(test, "");
	populate(test);
	expect_devices(test, "soc@3f000000 [ 3f001000.uart ] leds");
}

/* The processor's address, without zeros in front, whatever the node calls itself. */
static void device_is_named_by_its_address(struct kunit *test)
{
	struct device_node *soc = fake_node(test, tree.root, "soc");

	fake_strings(test, soc, "compatible", "simple-bus");
	fake_cells(test, soc, "#address-cells", 2);
	fake_cells(test, soc, "#size-cells", 1);
	/* Onto one cell of the root's: 0x40_0000_0000 is at 0, the others have no address there. */
	fake_cells(test, soc, "ranges", 0x40, 0, 0, 0x1000);
	fake_cells(test, node(test, soc, "zero", 0), "reg", 0x40, 0, 0x100);
	fake_cells(test, node(test, soc, "more@40", 0), "reg", 0x40, 0xabc, 0x100);
	fake_cells(test, node(test, soc, "nowhere", 0), "reg", 0x41, 0, 0x100);
	populate(test);
	expect_devices(test, "soc [ 0.zero abc.more soc:nowhere ]");
}

static void device_is_named_by_all_digits_of_its_address(struct kunit *test)
{
	struct device_node *np;

	tree.root->address_cells = 2;
	np = node(test, tree.root, "high", 0);
	fake_cells(test, np, "reg", 0x40, 0x1000, 0x100);
	np = node(test, tree.root, "low", 0);
	fake_cells(test, np, "reg", 0, 0xf0001000, 0x100);
	populate(test);
	expect_devices(test, "4000001000.high f0001000.low");
}

static void node_that_has_a_driver_from_boot_is_passed_over(struct kunit *test)
{
	struct device_node *intc = node(test, tree.root, "intc@1000", 0x1000);

	of_node_set_flag(intc, OF_POPULATED);
	populate(test);
	expect_devices(test, "");
	of_platform_depopulate(tree.parent);
	KUNIT_EXPECT_TRUE(test, of_node_check_flag(intc, OF_POPULATED));
}

/* The earliest string of the node that the driver knows decides which entry it is. */
static void most_exact_entry_is_the_match(struct kunit *test)
{
	struct device_node *np = fake_node(test, tree.root, "x");

	fake_strings(test, np, "compatible", "acme,newest\0acme,exact\0acme,generic");
	fake_cells(test, np, "clock-frequency", 1843200);
	fake_strings(test, np, "label", "left");
	KUNIT_ASSERT_EQ(test, platform_driver_register(&fake_driver), 0);
	populate(test);
	KUNIT_ASSERT_NOT_NULL(test, probed);
	if (probed) {
		struct device *dev = &probed->dev;
		const char *label = NULL;
		u32 rate = 0;

		KUNIT_EXPECT_STREQ(test, probed_data, "exact");
		KUNIT_EXPECT_EQ(test, device_property_read_u32(dev, "clock-frequency", &rate), 0);
		KUNIT_EXPECT_EQ(test, rate, 1843200);
		KUNIT_EXPECT_EQ(test, device_property_read_string(dev, "label", &label), 0);
		KUNIT_EXPECT_STREQ(test, label, "left");
		KUNIT_EXPECT_TRUE(test, device_property_present(dev, "label"));
		KUNIT_EXPECT_EQ(test, device_property_read_u32(dev, "absent", &rate), -EINVAL);
	}
	platform_driver_unregister(&fake_driver);
}

static void resources_come_from_reg(struct kunit *test)
{
	struct device_node *np = fake_node(test, tree.root, "x@3f000000");
	struct platform_device *pdev;

	fake_strings(test, np, "compatible", "acme,exact");
	fake_cells(test, np, "reg", NOWHERE, 0x100, NOWHERE + 0x1000, 0x20);
	fake_strings(test, np, "reg-names", "core\0fifo");
	populate(test);
	pdev = of_find_device_by_node(np);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_EXPECT_STREQ(test, dev_name(&pdev->dev), "3f000000.x");
	KUNIT_EXPECT_EQ(test, pdev->num_resources, 2);
	KUNIT_EXPECT_EQ(test, platform_get_resource(pdev, IORESOURCE_MEM, 0)->end, NOWHERE + 0xff);
	KUNIT_EXPECT_EQ(test,
			platform_get_resource_byname(pdev, IORESOURCE_MEM, "fifo")->start,
			NOWHERE + 0x1000);
	put_device(&pdev->dev);
	KUNIT_EXPECT_NULL(test, of_find_device_by_node(tree.root));
}

/* Each bad node is refused by itself; one whose address nobody can reach is a part of a part. */
static void bad_nodes_do_not_keep_others_from_coming_up(struct kunit *test)
{
	struct device_node *odd = node(test, tree.root, "odd@1", 0);
	struct device_node *wraps = node(test, tree.root, "wraps@2", 0), *bridge;

	kunit_tolerates_faults(test);
	fake_cells(test, odd, "reg", 1, 2, 3);
	fake_cells(test, tree.root, "unrelated", 1);
	node(test, tree.root, "good@3f000000", NOWHERE);
	/* a size of 0 has no last address */
	fake_cells(test, wraps, "reg", 0x1000, 0);
	/* a bus without ranges translates nothing */
	bridge = fake_node(test, tree.root, "bridge");
	fake_strings(test, bridge, "compatible", "simple-mfd");
	node(test, bridge, "part@4", 0x4);

	populate(test);
	expect_devices(test, "3f000000.good bridge [ bridge:part@4 ]");
	KUNIT_EXPECT_FALSE(test, of_node_check_flag(odd, OF_POPULATED));
	KUNIT_EXPECT_FALSE(test, of_node_check_flag(wraps, OF_POPULATED));
}

/* Cells that no address has: nothing can be told of the reg, nor is it a part without one. */
static void reg_of_wrong_cells_is_refused(struct kunit *test)
{
	static const struct { u32 address, size; } wrong[] = {
		{ 0x3fffffff, 1 }, { 0x3fffffff, 2 }, { 5, 1 }, { 1, 5 }, { 0, 1 },
		{ 0xffffffff, 0xffffffff }, { 0x80000000, 0x80000002 },
	};
	struct device_node *refused[ARRAY_SIZE(wrong)];
	static const char *const buses[] = {
		"bus0", "bus1", "bus2", "bus3", "bus4", "bus5", "bus6",
	};

	kunit_tolerates_faults(test);
	for (unsigned int i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct device_node *bus = fake_node(test, tree.root, buses[i]);

		fake_strings(test, bus, "compatible", "simple-bus");
		fake_property(test, bus, "ranges", NULL, 0);
		fake_cells(test, bus, "#address-cells", wrong[i].address);
		fake_cells(test, bus, "#size-cells", wrong[i].size);
		refused[i] = node(test, bus, "part", 0);
		fake_cells(test, refused[i], "reg", 0, 0, 0, 0, 0x3f000000, 0x1000);
	}
	node(test, tree.root, "good@3f000000", NOWHERE);
	populate(test);
	expect_devices(test, "bus0 bus1 bus2 bus3 bus4 bus5 bus6 3f000000.good");
	for (unsigned int i = 0; i < ARRAY_SIZE(wrong); i++)
		KUNIT_EXPECT_FALSE(test, of_node_check_flag(refused[i], OF_POPULATED));
}

/* Two nodes may be called the same, and be at one address by way of two buses. */
static void second_of_two_equal_names_is_refused(struct kunit *test)
{
	struct device_node *first, *second;

	kunit_tolerates_faults(test);
	first = node(test, tree.root, "x@3f000000", NOWHERE);
	second = fake_node(test, tree.root, "bus");
	fake_strings(test, second, "compatible", "simple-bus");
	fake_property(test, second, "ranges", NULL, 0);
	second = node(test, second, "x@3f000000", NOWHERE);
	populate(test);
	expect_devices(test, "3f000000.x bus");
	KUNIT_EXPECT_TRUE(test, of_node_check_flag(first, OF_POPULATED));
	KUNIT_EXPECT_FALSE(test, of_node_check_flag(second, OF_POPULATED));
}

/* Deeper than any stack would carry a recursion of a few hundred bytes each. */
static void deep_nesting_needs_no_stack(struct kunit *test)
{
	struct device_node *np = tree.root;
	unsigned int depth = 0;

	for (int i = 0; i < FDT_DEPTH_MAX - 1; i++) {
		np = fake_node(test, np, "b");
		fake_strings(test, np, "compatible", "simple-bus");
	}
	fake_node(test, tree.root, "after");
	fake_strings(test, tree.root->child->sibling, "compatible", "acme,exact");
	populate(test);
	for (np = tree.root->child; np && of_node_check_flag(np, OF_POPULATED); np = np->child)
		depth++;
	KUNIT_EXPECT_EQ(test, depth, FDT_DEPTH_MAX - 1);
	KUNIT_EXPECT_TRUE(test, of_node_check_flag(tree.root->child->sibling, OF_POPULATED));
}

static int populate_children(struct platform_device *pdev)
{
	return devm_of_platform_populate(&pdev->dev);
}

static void children_of_a_driver_go_when_it_is_unbound(struct kunit *test)
{
	struct device_node *np = node(test, tree.root, "mfd", 0);
	struct platform_device *pdev;

	fake_strings(test, fake_node(test, np, "part"), "compatible", "acme,part");
	KUNIT_ASSERT_EQ(test, platform_driver_register(&fake_driver), 0);
	probe_body = populate_children;
	populate(test);
	expect_devices(test, "mfd! [ mfd:part ]");
	pdev = of_find_device_by_node(np);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	device_release_driver(&pdev->dev);
	expect_devices(test, "mfd");
	KUNIT_EXPECT_EQ(test, device_attach(&pdev->dev), 1);
	expect_devices(test, "mfd! [ mfd:part ]");
	put_device(&pdev->dev);
	platform_driver_unregister(&fake_driver);
	expect_devices(test, "mfd");
}

static int want_irq(struct platform_device *pdev)
{
	int irq = platform_get_irq(pdev, 0);

	return irq < 0 ? irq : 0;
}

static int no_irq_at_all(struct irq_domain *d, unsigned int virq, irq_hw_number_t hw)
{
	(void)d;
	(void)virq;
	(void)hw;
	return 0;
}

static const struct irq_domain_ops fake_domain_ops = {
	.map = no_irq_at_all,
	.xlate = irq_domain_xlate_onecell,
};

static struct irq_domain *late_domain;

static int intc_probe(struct platform_device *pdev)
{
	late_domain = irq_domain_add_linear(pdev->dev.of_node, 8, &fake_domain_ops, NULL);
	return late_domain ? 0 : -ENOMEM;
}

static int intc_remove(struct platform_device *pdev)
{
	(void)pdev;
	irq_domain_remove(late_domain);
	return 0;
}

static const struct of_device_id intc_of_match[] = {
	{ .compatible = "acme,intc" }, { }
};

static struct platform_driver intc_driver = {
	.probe = intc_probe,
	.remove = intc_remove,
	.driver = { .name = "acme-intc", .of_match_table = intc_of_match },
};

static void put_found(void *pdev)
{
	platform_device_put(pdev);
}

/* The controller is a device like others, whose driver comes last. */
static void irq_of_a_later_controller_defers_the_probe(struct kunit *test)
{
	struct device_node *intc = fake_node(test, tree.root, "intc"), *np;
	struct platform_device *pdev;
	int irq;

	fake_strings(test, intc, "compatible", "acme,intc\0simple-bus");
	fake_property(test, intc, "interrupt-controller", NULL, 0);
	fake_cells(test, intc, "#interrupt-cells", 1);
	np = node(test, intc, "user", 0);
	fake_cells(test, np, "interrupts", 5);
	fake_strings(test, np, "interrupt-names", "ready");

	KUNIT_ASSERT_EQ(test, platform_driver_register(&fake_driver), 0);
	probe_body = want_irq;
	populate(test);
	expect_devices(test, "intc [ intc:user ]");
	pdev = of_find_device_by_node(np);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, put_found, pdev), 0);
	KUNIT_EXPECT_EQ(test, pdev->dev.probe_error, -EPROBE_DEFER);
	KUNIT_EXPECT_STREQ(test, pdev->dev.probe_reason, "irq 0: its controller is missing");
	KUNIT_EXPECT_EQ(test, platform_irq_count(pdev), -EPROBE_DEFER);

	KUNIT_ASSERT_EQ(test, platform_driver_register(&intc_driver), 0);
	wait_for_device_probe();
	expect_devices(test, "intc! [ intc:user! ]");
	irq = platform_get_irq(pdev, 0);
	KUNIT_EXPECT_GT(test, irq, 0);
	KUNIT_EXPECT_EQ(test, platform_get_irq_byname(pdev, "ready"), irq);
	KUNIT_EXPECT_EQ(test, platform_irq_count(pdev), 1);
	KUNIT_EXPECT_EQ(test, platform_get_irq_optional(pdev, 1), -ENXIO);

	irq_dispose_mapping((unsigned int)irq);
	kunit_release_action(test, put_found, pdev);
	platform_driver_unregister(&fake_driver);
	platform_driver_unregister(&intc_driver);
}

static void populate_needs_a_tree(struct kunit *test)
{
	of_root = NULL;
	KUNIT_EXPECT_EQ(test, of_platform_default_populate(NULL, NULL, tree.parent), -EINVAL);
}

static struct kunit_case platform_cases[] = {
	KUNIT_CASE(names_follow_the_id),
	KUNIT_CASE(driver_matches_by_its_name),
	KUNIT_CASE(driver_matches_by_its_table),
	KUNIT_CASE(resources_are_found_by_kind_and_name),
	KUNIT_CASE(overlapping_devices_are_refused),
	KUNIT_CASE(registers_are_mapped_once_for_each_binding),
	KUNIT_CASE(error_of_remove_changes_nothing),
	KUNIT_CASE(driver_without_operations_is_bound),
	{}
};

static struct kunit_suite platform_suite = {
	.name = "platform",
	.init = platform_case_init,
	.exit = platform_case_exit,
	.test_cases = platform_cases,
};
kunit_test_suite(platform_suite);

static struct kunit_case of_platform_cases[] = {
	KUNIT_CASE(nodes_below_buses_become_devices),
	KUNIT_CASE(device_is_named_by_its_address),
	KUNIT_CASE(device_is_named_by_all_digits_of_its_address),
	KUNIT_CASE(node_that_has_a_driver_from_boot_is_passed_over),
	KUNIT_CASE(most_exact_entry_is_the_match),
	KUNIT_CASE(resources_come_from_reg),
	KUNIT_CASE(bad_nodes_do_not_keep_others_from_coming_up),
	KUNIT_CASE(reg_of_wrong_cells_is_refused),
	KUNIT_CASE(second_of_two_equal_names_is_refused),
	KUNIT_CASE(deep_nesting_needs_no_stack),
	KUNIT_CASE(children_of_a_driver_go_when_it_is_unbound),
	KUNIT_CASE(irq_of_a_later_controller_defers_the_probe),
	KUNIT_CASE(populate_needs_a_tree),
	{}
};

static struct kunit_suite of_platform_suite = {
	.name = "of_platform",
	.init = tree_case_init,
	.exit = tree_case_exit,
	.test_cases = of_platform_cases,
};
kunit_test_suite(of_platform_suite);
