/* SPDX-License-Identifier: MIT */
/*
 * The AMBA bus: ids read and given, matching, clock, irqs, claims.
 *
 * A part is a page of RAM with an id in its last words, written through a mapping
 * of the kind that the bus reads it with. The ids have the form that the PL061's
 * manual describes (DDI 0190B, 3.3.16 and 3.3.17): configuration, revision, designer,
 * part number; designer and part are nobody's, so that no real driver takes them.
 */
#include <drivers/amba/bus.h>
#include <drivers/clk-provider.h>
#include <drivers/of_platform.h>

#include <hal/memory.h>
#include <kernel/io.h>
#include <kernel/irqdomain.h>
#include <kernel/slab.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <test/kunit.h>

#include "fake_tree.h"
#include "log_lines.h"

#define PART_SIZE	0x1000
#define PERIPHID0	0xfe0
#define PCELLID0	0xff0
#define FAKE_ID		0x0005a0f7
#define PART_MASK	0x000fffff
#define CLOCK_PHANDLE	7

static void *page;
static phys_addr_t page_phys;

static struct amba_device *probed;
static unsigned int probe_count, remove_count;
static int probe_result;
static const struct amba_id *probed_id;

static int fake_probe(struct amba_device *adev, const struct amba_id *id)
{
	probe_count++;
	probed = adev;
	probed_id = id;
	return probe_result;
}

static void fake_remove(struct amba_device *adev)
{
	(void)adev;
	remove_count++;
}

static const struct amba_id fake_ids[] = {
	{ .id = 0x0005a0f6, .mask = PART_MASK },
	{ .id = FAKE_ID, .mask = PART_MASK, .data = &probed },
	{ 0, 0, NULL },
};

static struct amba_driver fake_driver = {
	.drv = { .name = "fake-amba" },
	.probe = fake_probe,
	.remove = fake_remove,
	.id_table = fake_ids,
};

/* One byte of the id in each word; the rest of the word is noise that must not matter. */
static void write_ids(struct kunit *test, u32 periphid, u32 cid)
{
	void __iomem *base = ioremap(page_phys, PART_SIZE);

	KUNIT_ASSERT_NOT_NULL(test, base);
	for (unsigned int i = 0; i < 4; i++) {
		writel(0xabcdef00 | (periphid >> 8 * i & 0xff), base + PERIPHID0 + 4 * i);
		writel(0xabcdef00 | (cid >> 8 * i & 0xff), base + PCELLID0 + 4 * i);
	}
	iounmap(base);
}

static int amba_suite_init(struct kunit_suite *suite)
{
	(void)suite;
	page = kmalloc(PART_SIZE, GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	page_phys = virt_to_phys(page);
	return 0;
}

static void amba_suite_exit(struct kunit_suite *suite)
{
	(void)suite;
	kfree(page);
}

static int amba_case_init(struct kunit *test)
{
	probed = NULL;
	probed_id = NULL;
	probe_count = remove_count = 0;
	probe_result = 0;
	fake_driver.probe = fake_probe;
	write_ids(test, FAKE_ID, AMBA_CID);
	return amba_driver_register(&fake_driver);
}

static struct device *tree_parent;	/* of the devices of a tree; NULL: there is none */

/* Before the tree's nodes go, which are the case's memory. */
static void drop_tree(void)
{
	if (!tree_parent)
		return;
	of_platform_depopulate(tree_parent);
	tree_parent->of_node = NULL;
	root_device_unregister(tree_parent);
	tree_parent = NULL;
	fake_tree_detach();
}

static void amba_case_exit(struct kunit *test)
{
	(void)test;
	drop_tree();
	if (driver_find("fake-amba", &amba_bustype))
		amba_driver_unregister(&fake_driver);
}

static void unregister_part(void *adev)
{
	amba_device_unregister(adev);
}

static void put_part(void *adev)
{
	amba_device_put(adev);
}

static struct amba_device *new_part(struct kunit *test, const char *name, phys_addr_t base,
				    size_t size)
{
	struct amba_device *adev = amba_device_alloc(name, base, size);

	KUNIT_ASSERT_NOT_NULL(test, adev);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, put_part, adev), 0);
	return adev;
}

/* From here on it is unregistered, not put. */
static void register_part(struct kunit *test, struct amba_device *adev)
{
	KUNIT_ASSERT_EQ(test, amba_device_add(adev, &iomem_resource), 0);
	kunit_remove_action(test, put_part, adev);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, unregister_part, adev), 0);
}

static struct amba_device *add_part(struct kunit *test)
{
	struct amba_device *adev = new_part(test, "part", page_phys, PART_SIZE);

	register_part(test, adev);
	return adev;
}

static void remove_part(struct kunit *test, struct amba_device *adev)
{
	kunit_release_action(test, unregister_part, adev);
}

static void part_is_matched_by_the_id_in_its_registers(struct kunit *test)
{
	struct amba_device *adev = add_part(test);

	kunit_tolerates_faults(test);
	KUNIT_EXPECT_PTR_EQ(test, probed, adev);
	KUNIT_EXPECT_EQ(test, adev->periphid, FAKE_ID);
	KUNIT_EXPECT_EQ(test, adev->cid, AMBA_CID);
	KUNIT_EXPECT_PTR_EQ(test, probed_id, &fake_ids[1]);
	KUNIT_EXPECT_EQ(test, amba_part(adev), 0x0f7);
	KUNIT_EXPECT_EQ(test, amba_manf(adev), 0x5a);
	KUNIT_EXPECT_EQ(test, amba_rev(adev), 0);
	KUNIT_EXPECT_EQ(test, amba_config(adev), 0);
	remove_part(test, adev);
	KUNIT_EXPECT_EQ(test, remove_count, 1);
}

/* Revision and configuration, which the mask leaves out, do not matter; the part number does. */
static void mask_decides_which_bits_count(struct kunit *test)
{
	static const struct { u32 id; bool match; } ids[] = {
		{ 0x0035a0f7, true }, { 0xff05a0f7, true }, { 0x0005a0f5, false },
		{ 0x0004a0f7, false }, { 0x0005a0f6, true },
	};

	kunit_tolerates_faults(test);
	for (unsigned int i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct amba_device *adev;

		write_ids(test, ids[i].id, AMBA_CID);
		adev = add_part(test);
		KUNIT_EXPECT_EQ(test, adev->periphid, ids[i].id);
		KUNIT_EXPECT_EQ(test, device_is_bound(&adev->dev), ids[i].match);
		remove_part(test, adev);
	}
}

static void part_without_a_cell_id_is_left_alone(struct kunit *test)
{
	static const struct { u32 id, cid; } bad[] = {
		{ FAKE_ID, 0 }, { FAKE_ID, 0xffffffff }, { FAKE_ID, 0xb105f00c },
		{ FAKE_ID, 0x0df005b1 }, { 0, AMBA_CID },
	};

	kunit_tolerates_faults(test);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct amba_device *adev;

		write_ids(test, bad[i].id, bad[i].cid);
		adev = add_part(test);
		KUNIT_EXPECT_FALSE(test, device_is_bound(&adev->dev));
		KUNIT_EXPECT_EQ(test, adev->dev.probe_error, -ENODEV);
		/* what it said once it will always say: it is not asked again */
		write_ids(test, FAKE_ID, AMBA_CID);
		KUNIT_EXPECT_EQ(test, device_attach(&adev->dev), 0);
		KUNIT_EXPECT_EQ(test, adev->periphid, 0);
		remove_part(test, adev);
	}
	KUNIT_EXPECT_EQ(test, probe_count, 0);
}

static void coresight_parts_have_ids_too(struct kunit *test)
{
	struct amba_device *adev;

	kunit_tolerates_faults(test);
	write_ids(test, FAKE_ID, CORESIGHT_CID);
	adev = add_part(test);
	KUNIT_EXPECT_EQ(test, adev->periphid, FAKE_ID);
	remove_part(test, adev);
}

static void part_too_small_for_an_id_is_refused(struct kunit *test)
{
	struct amba_device *adev = new_part(test, "part", page_phys, 0x10);

	register_part(test, adev);
	KUNIT_EXPECT_EQ(test, adev->dev.probe_error, -EINVAL);
	remove_part(test, adev);
}

/* A region of QEMU's virt where no part is: a read there is an abort. */
static void part_that_does_not_answer_is_left_alone(struct kunit *test)
{
	struct amba_device *adev = new_part(test, "part", 0x0b000000, PART_SIZE);

	kunit_tolerates_faults(test);
	register_part(test, adev);
	KUNIT_EXPECT_EQ(test, adev->dev.probe_error, -ENODEV);
	KUNIT_EXPECT_EQ(test, adev->periphid, 0);
	remove_part(test, adev);
}

/* The id would be read across words. */
static void registers_are_of_whole_words(struct kunit *test)
{
	static const struct { phys_addr_t base; size_t size; } odd[] = {
		{ 0x3f000001, PART_SIZE }, { 0x3f000002, PART_SIZE - 2 }, { 0x3f000000, 0x1001 },
	};

	kunit_tolerates_faults(test);
	for (unsigned int i = 0; i < ARRAY_SIZE(odd); i++) {
		struct amba_device *adev = new_part(test, "part", odd[i].base, odd[i].size);

		KUNIT_EXPECT_EQ(test, amba_device_add(adev, &iomem_resource), -EDOM);
		kunit_release_action(test, put_part, adev);
	}
}

static void id_that_is_given_is_not_read(struct kunit *test)
{
	struct amba_device *adev = new_part(test, "part", page_phys, PART_SIZE);

	write_ids(test, 0, 0);
	adev->periphid = FAKE_ID;
	register_part(test, adev);
	KUNIT_EXPECT_TRUE(test, device_is_bound(&adev->dev));
	KUNIT_EXPECT_EQ(test, adev->cid, 0);
	remove_part(test, adev);
}

static void registers_are_claimed_by_the_bus_and_by_the_driver(struct kunit *test)
{
	struct amba_device *adev = add_part(test), *twin;

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_TRUE(test, device_is_bound(&adev->dev));
	twin = new_part(test, "twin", page_phys + 0x800, PART_SIZE);
	KUNIT_EXPECT_EQ(test, amba_device_add(twin, &iomem_resource), -EBUSY);
	kunit_release_action(test, put_part, twin);
	KUNIT_EXPECT_EQ(test, amba_request_regions(adev, NULL), 0);
	KUNIT_EXPECT_EQ(test, amba_request_regions(adev, "again"), -EBUSY);
	amba_release_regions(adev);
	KUNIT_EXPECT_EQ(test, amba_request_regions(adev, NULL), 0);
	amba_release_regions(adev);
	remove_part(test, adev);
	adev = add_part(test);
	remove_part(test, adev);
}

static void device_of_a_taken_name_leaves_its_registers(struct kunit *test)
{
	struct amba_device *adev = add_part(test), *twin;

	kunit_tolerates_faults(test);
	twin = new_part(test, "part", 0x3f000000, PART_SIZE);
	twin->periphid = FAKE_ID;
	KUNIT_EXPECT_EQ(test, amba_device_add(twin, &iomem_resource), -EEXIST);
	KUNIT_EXPECT_NULL(test, twin->res.parent);
	kunit_release_action(test, put_part, twin);
	remove_part(test, adev);
}

static void failed_probe_and_rebinding_leave_nothing(struct kunit *test)
{
	struct amba_device *adev;
	size_t bytes;

	kunit_tolerates_faults(test);
	probe_result = -EIO;
	adev = add_part(test);
	KUNIT_EXPECT_FALSE(test, device_is_bound(&adev->dev));
	probe_result = 0;
	KUNIT_ASSERT_EQ(test, device_attach(&adev->dev), 1);
	bytes = slab_bytes_used();
	for (int i = 0; i < 100; i++) {
		device_release_driver(&adev->dev);
		KUNIT_ASSERT_EQ(test, device_driver_attach(&fake_driver.drv, &adev->dev), 0);
		KUNIT_ASSERT_EQ(test, slab_bytes_used(), bytes);
	}
	remove_part(test, adev);
	KUNIT_EXPECT_EQ(test, probe_count, 102);
	KUNIT_EXPECT_EQ(test, remove_count, 101);
}

static void driver_needs_a_probe(struct kunit *test)
{
	struct amba_driver driver = { .drv = { .name = "no-probe" } };

	KUNIT_EXPECT_EQ(test, amba_driver_register(&driver), -EINVAL);
}

/* ---- parts of a tree ---- */

static struct device_node *tree_root, *part_node, *clock_node;

/*
 * / clock (phandle 7)
 *   part@...: arm,primecell; apb_pclk is that clock
 */
static void make_tree(struct kunit *test)
{
	struct device *dev = root_device_register("fake-amba-tree");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	tree_parent = dev;
	tree_root = fake_tree_attach(test);
	tree_parent->of_node = tree_root;
	clock_node = fake_node(test, tree_root, "clock");
	fake_cells(test, clock_node, "#clock-cells", 0);
	fake_phandle(clock_node, CLOCK_PHANDLE);
	part_node = fake_node(test, tree_root, "part");
	fake_strings(test, part_node, "compatible", "acme,part\0arm,primecell");
	fake_cells(test, part_node, "reg", (u32)page_phys, PART_SIZE);
}

static struct amba_device *populate(struct kunit *test)
{
	struct device *dev;

	KUNIT_ASSERT_EQ(test, of_platform_default_populate(tree_root, NULL, tree_parent), 0);
	dev = bus_find_device_by_of_node(&amba_bustype, part_node);
	KUNIT_ASSERT_NOT_NULL(test, dev);
	put_device(dev);
	return to_amba_device(dev);
}

static int clock_running, clock_starts, clock_starts_unlocked;

static int clock_enable(struct clk_hw *hw)
{
	struct device *part = bus_find_device_by_of_node(&amba_bustype, part_node);

	(void)hw;
	clock_running++;
	clock_starts++;
	clock_starts_unlocked += part && !mutex_is_locked(&part->mutex);
	put_device(part);
	return 0;
}

static void clock_disable(struct clk_hw *hw)
{
	(void)hw;
	clock_running--;
}

static const struct clk_ops clock_ops = { .enable = clock_enable, .disable = clock_disable };
static const struct clk_init_data clock_init = { .name = "apb", .ops = &clock_ops };
static struct clk_hw clock_hw = { .init = &clock_init };

static int clock_probe(struct platform_device *pdev)
{
	int ret = clk_hw_register(&pdev->dev, &clock_hw);

	if (ret)
		return ret;
	ret = of_clk_add_hw_provider(clock_node, of_clk_hw_simple_get, &clock_hw);
	if (ret)
		clk_hw_unregister(&clock_hw);
	return ret;
}

static int clock_remove(struct platform_device *pdev)
{
	(void)pdev;
	of_clk_del_provider(clock_node);
	clk_hw_unregister(&clock_hw);
	return 0;
}

static struct platform_driver clock_driver = {
	.probe = clock_probe,
	.remove = clock_remove,
	.driver = { .name = "fake-apb-clock" },
};

static void unregister_clock_driver(void *unused)
{
	(void)unused;
	platform_driver_unregister(&clock_driver);
}

static void unregister_clock(void *clock)
{
	platform_device_unregister(clock);
}

static struct platform_device *add_clock(struct kunit *test)
{
	struct platform_device *clock;

	KUNIT_ASSERT_EQ(test, platform_driver_register(&clock_driver), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, unregister_clock_driver, NULL), 0);
	clock = platform_device_register_simple("fake-apb-clock", PLATFORM_DEVID_NONE, NULL, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, clock);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, unregister_clock, clock), 0);
	return clock;
}

/*
 * Without its clock the part is not touched: the id would not come, and on hardware
 * the read would hang. With it: on for the read, off, on again while it is bound.
 */
static void part_waits_for_its_clock(struct kunit *test)
{
	struct platform_device *clock;
	struct amba_device *adev;

	make_tree(test);
	clock_running = clock_starts = 0;
	fake_cells(test, part_node, "clocks", CLOCK_PHANDLE);
	fake_strings(test, part_node, "clock-names", "apb_pclk");
	adev = populate(test);
	KUNIT_EXPECT_FALSE(test, device_is_bound(&adev->dev));
	KUNIT_EXPECT_EQ(test, adev->periphid, 0);
	KUNIT_EXPECT_EQ(test, adev->dev.probe_error, -EPROBE_DEFER);
	KUNIT_EXPECT_STREQ(test, adev->dev.probe_reason, "clock apb_pclk is missing");

	clock = add_clock(test);
	wait_for_device_probe();
	KUNIT_EXPECT_TRUE(test, device_is_bound(&adev->dev));
	KUNIT_EXPECT_EQ(test, clock_starts, 2);
	KUNIT_EXPECT_EQ(test, clock_running, 1);
	device_release_driver(&adev->dev);
	KUNIT_EXPECT_EQ(test, clock_running, 0);
	probe_result = -EIO;
	KUNIT_EXPECT_EQ(test, device_driver_attach(&fake_driver.drv, &adev->dev), -EIO);
	KUNIT_EXPECT_EQ(test, clock_running, 0);

	drop_tree();
	kunit_release_action(test, unregister_clock, clock);
	kunit_release_action(test, unregister_clock_driver, NULL);
}

/* A part that is there before its driver may go while its id is read: not without its lock. */
static void id_is_read_with_the_parts_lock(struct kunit *test)
{
	struct platform_device *clock;
	struct amba_device *adev;

	kunit_tolerates_faults(test);
	amba_driver_unregister(&fake_driver);
	make_tree(test);
	fake_cells(test, part_node, "clocks", CLOCK_PHANDLE);
	fake_strings(test, part_node, "clock-names", "apb_pclk");
	clock = add_clock(test);
	adev = populate(test);
	/* The machine's drivers have asked already. */
	adev->periphid = 0;
	clock_running = clock_starts = clock_starts_unlocked = 0;
	KUNIT_ASSERT_EQ(test, amba_driver_register(&fake_driver), 0);
	KUNIT_EXPECT_TRUE(test, device_is_bound(&adev->dev));
	KUNIT_EXPECT_EQ(test, clock_starts, 2);
	KUNIT_EXPECT_EQ(test, clock_starts_unlocked, 0);
	drop_tree();
	kunit_release_action(test, unregister_clock, clock);
	kunit_release_action(test, unregister_clock_driver, NULL);
}

static int clock_at_undo;

static void note_clock(void *unused)
{
	(void)unused;
	clock_at_undo = clock_running;
}

static int managed_probe(struct amba_device *adev, const struct amba_id *id)
{
	int ret = devm_add_action(&adev->dev, note_clock, NULL);

	return ret ? ret : fake_probe(adev, id);
}

/* What a driver took may need the registers to be given back. */
static void clock_runs_until_all_is_given_back(struct kunit *test)
{
	struct platform_device *clock;
	struct amba_device *adev;

	kunit_tolerates_faults(test);
	make_tree(test);
	clock_running = clock_starts = 0;
	fake_cells(test, part_node, "clocks", CLOCK_PHANDLE);
	fake_strings(test, part_node, "clock-names", "apb_pclk");
	clock = add_clock(test);
	fake_driver.probe = managed_probe;
	adev = populate(test);
	wait_for_device_probe();
	KUNIT_EXPECT_TRUE(test, device_is_bound(&adev->dev));
	clock_at_undo = -1;
	device_release_driver(&adev->dev);
	KUNIT_EXPECT_EQ(test, clock_at_undo, 1);
	KUNIT_EXPECT_EQ(test, clock_running, 0);
	clock_at_undo = -1;
	probe_result = -EIO;
	KUNIT_EXPECT_EQ(test, device_driver_attach(&fake_driver.drv, &adev->dev), -EIO);
	KUNIT_EXPECT_EQ(test, clock_at_undo, 1);
	KUNIT_EXPECT_EQ(test, clock_running, 0);
	fake_driver.probe = fake_probe;
	drop_tree();
	kunit_release_action(test, unregister_clock, clock);
	kunit_release_action(test, unregister_clock_driver, NULL);
}

static void tree_gives_name_id_and_no_irq(struct kunit *test)
{
	struct amba_device *adev;
	char name[32];

	make_tree(test);
	write_ids(test, 0, 0);
	fake_cells(test, part_node, "arm,primecell-periphid", 0x0025a0f7);
	adev = populate(test);
	snprintf(name, sizeof(name), "%llx.part", (unsigned long long)page_phys);
	KUNIT_EXPECT_STREQ(test, dev_name(&adev->dev), name);
	KUNIT_EXPECT_EQ(test, adev->periphid, 0x0025a0f7);
	KUNIT_EXPECT_TRUE(test, device_is_bound(&adev->dev));
	for (int i = 0; i < AMBA_NR_IRQS; i++)
		KUNIT_EXPECT_EQ(test, adev->irq[i], 0);
	drop_tree();
}

static void part_without_registers_is_refused(struct kunit *test)
{
	struct device_node *np;

	kunit_tolerates_faults(test);
	make_tree(test);
	np = fake_node(test, tree_root, "bare");
	fake_strings(test, np, "compatible", "arm,primecell");
	np = fake_node(test, tree_root, "twin");
	fake_strings(test, np, "compatible", "arm,primecell");
	fake_cells(test, np, "reg", (u32)page_phys + 0x10, 0x100);
	KUNIT_EXPECT_TRUE(test, device_is_bound(&populate(test)->dev));
	KUNIT_EXPECT_FALSE(test, of_node_check_flag(np, OF_POPULATED));
	drop_tree();
}

static void part_waits_for_its_interrupt_controller(struct kunit *test)
{
	struct amba_device *adev;

	kunit_tolerates_faults(test);
	make_tree(test);
	fake_property(test, tree_root, "interrupt-controller", NULL, 0);
	fake_cells(test, tree_root, "#interrupt-cells", 1);
	fake_cells(test, part_node, "interrupts", 4);
	adev = populate(test);
	KUNIT_EXPECT_EQ(test, adev->dev.probe_error, -EPROBE_DEFER);
	KUNIT_EXPECT_STREQ(test, adev->dev.probe_reason, "irq 0: its controller is missing");
	KUNIT_EXPECT_EQ(test, probe_count, 0);
	drop_tree();
}

static int map_nothing(struct irq_domain *d, unsigned int irq, irq_hw_number_t hwirq)
{
	(void)d;
	(void)irq;
	(void)hwirq;
	return 0;
}

static const struct irq_domain_ops part_irq_ops = {
	.map = map_nothing, .xlate = irq_domain_xlate_onecell,
};

static void remove_domain(void *domain)
{
	irq_domain_remove(domain);
}

/* Interrupts of the part at a controller with `lines` of them. */
static struct irq_domain *give_irqs(struct kunit *test, unsigned int lines, unsigned int n)
{
	struct irq_domain *domain;
	u32 cells[16];

	fake_property(test, tree_root, "interrupt-controller", NULL, 0);
	fake_cells(test, tree_root, "#interrupt-cells", 1);
	for (unsigned int i = 0; i < n; i++)
		cells[i] = i;
	fake_cells_array(test, part_node, "interrupts", cells, n);
	domain = irq_domain_create_linear(of_node_to_fwnode(tree_root), lines, &part_irq_ops,
					  NULL);
	KUNIT_ASSERT_NOT_NULL(test, domain);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, remove_domain, domain), 0);
	return domain;
}

/* A part has no more than nine; what its node says besides is nobody's. */
static void part_has_up_to_nine_interrupts(struct kunit *test)
{
	struct irq_domain *domain;
	struct amba_device *adev;

	kunit_tolerates_faults(test);
	make_tree(test);
	domain = give_irqs(test, 12, 12);
	adev = populate(test);
	KUNIT_ASSERT_TRUE(test, device_is_bound(&adev->dev));
	for (unsigned int i = 0; i < 12; i++) {
		unsigned int irq = irq_find_mapping(domain, i);

		if (i < AMBA_NR_IRQS)
			KUNIT_EXPECT_EQ(test, adev->irq[i], irq);
		KUNIT_EXPECT_EQ(test, irq != 0, i < AMBA_NR_IRQS);
	}
	drop_tree();
	kunit_release_action(test, remove_domain, domain);
}

/* Its driver is given 0 and may do without; why is told. */
static void wrong_interrupt_is_told_with_its_reason(struct kunit *test)
{
	struct log_cursor cursor = { };
	struct irq_domain *domain;
	struct amba_device *adev;

	kunit_tolerates_faults(test);
	log_seek_last(&cursor, 0);
	make_tree(test);
	domain = give_irqs(test, 2, 3);
	adev = populate(test);
	KUNIT_EXPECT_TRUE(test, device_is_bound(&adev->dev));
	KUNIT_EXPECT_NE(test, adev->irq[1], 0);
	KUNIT_EXPECT_EQ(test, adev->irq[2], 0);
	KUNIT_EXPECT_TRUE(test, log_says(&cursor, "/part: interrupt 2 is none: -EINVAL"));
	drop_tree();
	kunit_release_action(test, remove_domain, domain);
}

/* QEMU 7.2's virt, as its manual and its model say. */
static void machine_has_its_parts(struct kunit *test)
{
	static const struct { const char *name; u32 id; } parts[] = {
		{ "9000000.pl011", 0x00141011 },
		{ "9010000.pl031", 0x00141031 },
		{ "9030000.pl061", 0x00041061 },
	};

	if (!of_machine_is_compatible("linux,dummy-virt"))
		kunit_skip(test, "not QEMU's virt");
	for (unsigned int i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct device *dev = bus_find_device_by_name(&amba_bustype, NULL, parts[i].name);

		KUNIT_EXPECT_NOT_NULL(test, dev);
		if (!dev)
			continue;
		KUNIT_EXPECT_EQ(test, to_amba_device(dev)->periphid, parts[i].id);
		put_device(dev);
	}
}

static struct kunit_case amba_cases[] = {
	KUNIT_CASE(part_is_matched_by_the_id_in_its_registers),
	KUNIT_CASE(mask_decides_which_bits_count),
	KUNIT_CASE(part_without_a_cell_id_is_left_alone),
	KUNIT_CASE(coresight_parts_have_ids_too),
	KUNIT_CASE(part_too_small_for_an_id_is_refused),
	KUNIT_CASE(part_that_does_not_answer_is_left_alone),
	KUNIT_CASE(registers_are_of_whole_words),
	KUNIT_CASE(id_that_is_given_is_not_read),
	KUNIT_CASE(registers_are_claimed_by_the_bus_and_by_the_driver),
	KUNIT_CASE(device_of_a_taken_name_leaves_its_registers),
	KUNIT_CASE(failed_probe_and_rebinding_leave_nothing),
	KUNIT_CASE(driver_needs_a_probe),
	KUNIT_CASE(part_waits_for_its_clock),
	KUNIT_CASE(id_is_read_with_the_parts_lock),
	KUNIT_CASE(clock_runs_until_all_is_given_back),
	KUNIT_CASE(tree_gives_name_id_and_no_irq),
	KUNIT_CASE(part_without_registers_is_refused),
	KUNIT_CASE(part_waits_for_its_interrupt_controller),
	KUNIT_CASE(part_has_up_to_nine_interrupts),
	KUNIT_CASE(wrong_interrupt_is_told_with_its_reason),
	KUNIT_CASE(machine_has_its_parts),
	{}
};

static struct kunit_suite amba_suite = {
	.name = "amba",
	.init = amba_case_init,
	.exit = amba_case_exit,
	.suite_init = amba_suite_init,
	.suite_exit = amba_suite_exit,
	.test_cases = amba_cases,
};
kunit_test_suite(amba_suite);
