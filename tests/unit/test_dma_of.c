/* SPDX-License-Identifier: MIT */
/*
 * What a tree says of a device's way to memory, and trees that say what cannot be.
 */
#include <drivers/of_device.h>
#include <lib/errno.h>
#include <lib/math.h>

#include "dma_device.h"
#include "fake_tree.h"

/* One cell each at every level. */
struct tree {
	struct device_node *soc, *bus, *dev;
};

static struct tree new_tree(struct kunit *test)
{
	struct device_node *root = fake_tree_attach(test);
	struct tree tree = { .soc = fake_node(test, root, "soc") };

	tree.bus = fake_node(test, tree.soc, "bus");
	tree.dev = fake_node(test, tree.bus, "device");
	return tree;
}

static void detach(struct kunit *test)
{
	(void)test;
	fake_tree_detach();
}

static void a_device_is_coherent_if_its_node_or_one_above_says_so(struct kunit *test)
{
	struct tree tree = new_tree(test);
	struct device_node *other = fake_node(test, tree.bus, "other");
	struct device *dev = dma_device(test);

	KUNIT_EXPECT_FALSE(test, of_dma_is_coherent(tree.dev));
	KUNIT_EXPECT_FALSE(test, of_dma_is_coherent(NULL));
	fake_property(test, tree.soc, "dma-coherent", NULL, 0);
	fake_property(test, other, "dma-noncoherent", NULL, 0);
	KUNIT_EXPECT_TRUE(test, of_dma_is_coherent(tree.dev));
	KUNIT_EXPECT_FALSE(test, of_dma_is_coherent(other));
	KUNIT_ASSERT_EQ(test, of_dma_configure(dev, tree.dev, true), 0);
	KUNIT_EXPECT_TRUE(test, dev->dma_coherent);
	KUNIT_EXPECT_NULL(test, dev->dma_range_map);
	KUNIT_EXPECT_EQ(test, dev->bus_dma_limit, 0);
	KUNIT_ASSERT_EQ(test, of_dma_configure(dev, other, true), 0);
	KUNIT_EXPECT_FALSE(test, dev->dma_coherent);
}

/* bus 0x8000 -> soc 0x100000 -> memory 0x40100000 */
static void addresses_go_through_each_bus(struct kunit *test)
{
	struct tree tree = new_tree(test);
	struct device *dev = dma_device(test);

	fake_cells(test, tree.bus, "dma-ranges", 0x8000, 0x100000, 0x1000,
		   0x10000, 0x200000, 0x100);
	fake_cells(test, tree.soc, "dma-ranges", 0, 0x40000000, 0x10000000);
	KUNIT_ASSERT_EQ(test, of_dma_configure(dev, tree.dev, true), 0);
	KUNIT_EXPECT_EQ(test, dev->dma_range_map[0].dma_start, 0x8000);
	KUNIT_EXPECT_EQ(test, dev->dma_range_map[0].cpu_start, 0x40100000);
	KUNIT_EXPECT_EQ(test, dev->dma_range_map[0].size, 0x1000);
	KUNIT_EXPECT_EQ(test, dev->dma_range_map[1].dma_start, 0x10000);
	KUNIT_EXPECT_EQ(test, dev->dma_range_map[1].cpu_start, 0x40200000);
	KUNIT_EXPECT_EQ(test, dev->dma_range_map[2].size, 0);
	KUNIT_EXPECT_EQ(test, dev->bus_dma_limit, 0x100ff);
	KUNIT_EXPECT_EQ(test, dma_get_mask(dev), DMA_BIT_MASK(17));
	KUNIT_EXPECT_EQ(test, dev->coherent_dma_mask, DMA_BIT_MASK(17));
	dma_deconfigure(dev);
	KUNIT_EXPECT_NULL(test, dev->dma_range_map);
	KUNIT_EXPECT_EQ(test, dev->bus_dma_limit, 0);
}

/* Empty, or not there: nothing is in the way. */
static void a_bus_that_says_nothing_changes_nothing(struct kunit *test)
{
	struct tree tree = new_tree(test);
	struct device *dev = dma_device(test);

	fake_property(test, tree.bus, "dma-ranges", NULL, 0);
	KUNIT_ASSERT_EQ(test, of_dma_configure(dev, tree.dev, true), 0);
	KUNIT_EXPECT_NULL(test, dev->dma_range_map);
	fake_cells(test, tree.soc, "dma-ranges", 0x1000, 0x40000000, 0x2000);
	KUNIT_ASSERT_EQ(test, of_dma_configure(dev, tree.dev, true), 0);
	KUNIT_EXPECT_EQ(test, dev->dma_range_map[0].cpu_start, 0x40000000);
	KUNIT_EXPECT_EQ(test, dev->dma_range_map[0].dma_start, 0x1000);
	dma_deconfigure(dev);
}

static void a_bus_of_64_bits_limits_no_mask(struct kunit *test)
{
	struct tree tree = new_tree(test);
	struct device *dev = dma_device(test);

	tree.bus->address_cells = tree.bus->size_cells = 2;
	fake_cells(test, tree.bus, "dma-ranges", 0xffffffff, 0xffff0000, 0x40000000, 0, 0x10000);
	KUNIT_ASSERT_EQ(test, dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)), 0);
	KUNIT_ASSERT_EQ(test, of_dma_configure(dev, tree.dev, true), 0);
	KUNIT_EXPECT_EQ(test, dma_get_mask(dev), ~0ull);
	KUNIT_EXPECT_EQ(test, dev->dma_range_map[0].dma_start, 0xffffffffffff0000);
	dma_deconfigure(dev);
}

static void ranges_that_cannot_be_are_refused(struct kunit *test)
{
	static const struct {
		u32 cells[6];
		size_t n;
	} bad[] = {
		{ { 0, 0x40000000 }, 2 },		/* no whole entry */
		{ { 0, 0x40000000, 0x1000, 0 }, 4 },
		{ { 0, 0x40000000, 0 }, 3 },		/* of nothing */
		{ { 0, 0x40000000, 0x1000, 1, 1, 0 }, 6 },
		{ { 0, 0x90000000, 0x1000 }, 3 },	/* the bus above does not have that */
		{ { 0, 0x4ffff000, 0x1001 }, 3 },
	};
	struct device *dev = dma_device(test);

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct tree tree = new_tree(test);

		fake_cells_array(test, tree.bus, "dma-ranges", bad[i].cells, bad[i].n);
		fake_cells(test, tree.soc, "dma-ranges", 0x40000000, 0x40000000, 0x10000000);
		KUNIT_EXPECT_EQ(test, of_dma_configure(dev, tree.dev, true), -EINVAL);
		KUNIT_EXPECT_NULL(test, dev->dma_range_map);
	}
}

static void a_range_that_wraps_is_refused(struct kunit *test)
{
	struct device *dev = dma_device(test);
	struct tree tree = new_tree(test);

	tree.bus->address_cells = tree.bus->size_cells = 2;
	fake_cells(test, tree.bus, "dma-ranges", 0xffffffff, 0xffff0000, 0x40000000, 0, 0x10001);
	KUNIT_EXPECT_EQ(test, of_dma_configure(dev, tree.dev, true), -EINVAL);
	tree = new_tree(test);
	tree.bus->size_cells = 7;
	fake_cells(test, tree.bus, "dma-ranges", 0, 0, 0);
	KUNIT_EXPECT_EQ(test, of_dma_configure(dev, tree.dev, true), -EINVAL);
}

static int never_probed(struct platform_device *pdev)
{
	(void)pdev;
	return 0;
}

/* The probe fails before the driver's is called, with a reason that names the node. */
static void a_device_on_a_bus_that_cannot_be_is_not_probed(struct kunit *test)
{
	static struct platform_driver driver = {
		.probe = never_probed, .driver = { .name = "dma-test-driver" },
	};
	struct tree tree = new_tree(test);
	struct platform_device *pdev = platform_device_alloc("dma-test-driver", 7);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	pdev->dev.of_node = tree.dev;
	err = platform_device_add(pdev);
	if (err)
		platform_device_put(pdev);
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, dma_device_unregister, pdev), 0);
	fake_cells(test, tree.bus, "dma-ranges", 0, 0, 0);
	KUNIT_ASSERT_EQ(test, platform_driver_register(&driver), 0);
	KUNIT_EXPECT_FALSE(test, device_is_bound(&pdev->dev));
	KUNIT_EXPECT_EQ(test, pdev->dev.probe_error, -EINVAL);
	platform_driver_unregister(&driver);
}

static struct kunit_case dma_of_cases[] = {
	KUNIT_CASE(a_device_is_coherent_if_its_node_or_one_above_says_so),
	KUNIT_CASE(addresses_go_through_each_bus),
	KUNIT_CASE(a_bus_that_says_nothing_changes_nothing),
	KUNIT_CASE(a_bus_of_64_bits_limits_no_mask),
	KUNIT_CASE(ranges_that_cannot_be_are_refused),
	KUNIT_CASE(a_range_that_wraps_is_refused),
	KUNIT_CASE(a_device_on_a_bus_that_cannot_be_is_not_probed),
	{}
};

static struct kunit_suite dma_of_suite = {
	.name = "dma_of",
	.exit = detach,
	.test_cases = dma_of_cases,
};
kunit_test_suite(dma_of_suite);
