/* SPDX-License-Identifier: MIT */
/*
 * Registers above 4 GiB: mapped by supersections, found by a walk of the tables, and, where the
 * machine has its PCIe configuration space up there, read.
 */
#include <drivers/of_address.h>
#include <hal/memory.h>
#include <hal/mmu.h>
#include <hal/traps.h>
#include <kernel/fault-inject.h>
#include <kernel/io.h>
#include <kernel/sched.h>
#include <lib/errno.h>
#include <test/kunit.h>

#define HIGH	0xbcdef12345ull		/* nobody's */

/* QEMU's host bridge at 00:00.0: vendor 0x1b36, device 0x0008. */
#define QEMU_HOST_BRIDGE	0x00081b36

struct look {
	unsigned long va;
	phys_addr_t pa;
	size_t bytes;
	unsigned int wrong;
};

static void look_at(const struct hal_mapping *m, void *arg)
{
	struct look *look = arg;

	if (m->va - look->va >= 2ul * SUPERSECTION_SIZE || m->va < look->va)
		return;
	look->bytes += m->size;
	look->wrong += m->pa != look->pa + (m->va - look->va) || !m->device || m->executable ||
		       m->cached;
}

static void an_address_of_40_bits_is_where_it_says(struct kunit *test)
{
	/* The last bytes of one supersection and the first of the next. */
	phys_addr_t pa = (HIGH & ~(phys_addr_t)(SUPERSECTION_SIZE - 1)) + SUPERSECTION_SIZE - 4;
	void __iomem *p = ioremap(pa, 8);
	struct look look = { .va = (unsigned long)p & ~(SUPERSECTION_SIZE - 1ul) };

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, (unsigned long)p % SUPERSECTION_SIZE, SUPERSECTION_SIZE - 4);
	look.pa = pa & ~(phys_addr_t)(SUPERSECTION_SIZE - 1);
	hal_mmu_walk(look_at, &look);
	KUNIT_EXPECT_EQ(test, look.bytes, 2 * SUPERSECTION_SIZE);
	KUNIT_EXPECT_EQ(test, look.wrong, 0);
	iounmap(p);
	look.bytes = 0;
	hal_mmu_walk(look_at, &look);
	KUNIT_EXPECT_EQ(test, look.bytes, 0);
}

static void what_is_not_below_40_bits_is_refused(struct kunit *test)
{
	phys_addr_t end = 1ull << 40;

	KUNIT_EXPECT_NULL(test, ioremap(end - 4, 8));
	KUNIT_EXPECT_NULL(test, ioremap(end, 4));
	KUNIT_EXPECT_NULL(test, ioremap(~(phys_addr_t)0 - 3, 4));
	KUNIT_EXPECT_NULL(test, ioremap(HIGH, HIGH_IO_END - HIGH_IO_BASE));
	KUNIT_EXPECT_NULL(test, ioremap(1ull << 32, HIGH_IO_END - HIGH_IO_BASE + 1));
	kunit_tolerates_faults(test);
}

static void areas_do_not_overlap_and_come_back(struct kunit *test)
{
	void __iomem *areas[64] = { NULL }, *again;
	unsigned int n = 0;

	fault_leave(current);
	while (n < 64 && (areas[n] = ioremap(HIGH, 1 + (n & 1) * SUPERSECTION_SIZE)) != NULL)
		n++;
	KUNIT_EXPECT_GE(test, n, 10);
	KUNIT_EXPECT_LE(test, n, 11);
	for (unsigned int i = 1; i < n; i++)
		KUNIT_EXPECT_GE(test, (unsigned long)areas[i] - (unsigned long)areas[i - 1],
				SUPERSECTION_SIZE);
	iounmap(areas[3]);
	again = ioremap(HIGH, SUPERSECTION_SIZE);
	KUNIT_EXPECT_PTR_EQ(test, again, areas[3]);
	for (unsigned int i = 0; i < n; i++)
		iounmap(areas[i]);
	KUNIT_EXPECT_REPORT(test, "is not mapped", iounmap(areas[0]));
}

static void the_machines_pcie_space_is_read(struct kunit *test)
{
	struct device_node *np = of_find_compatible_node(NULL, NULL, "pci-host-ecam-generic");
	struct resource res;
	unsigned long value;
	void __iomem *regs;

	if (!np || of_address_to_resource(np, 0, &res) || res.start <= UINT32_MAX)
		kunit_skip(test, "no PCIe above 4 GiB");
	regs = ioremap(res.start, 0x1000);
	KUNIT_ASSERT_NOT_NULL(test, regs);
	KUNIT_EXPECT_EQ(test, readl(regs), QEMU_HOST_BRIDGE);
	KUNIT_EXPECT_EQ(test, readw(regs + 2), QEMU_HOST_BRIDGE >> 16);
	iounmap(regs);
	KUNIT_EXPECT_EQ(test, hal_probe_read((const void *)regs, &value), -EFAULT);
}

static int needs_supersections(struct kunit *test)
{
	if (!hal_has_supersections())
		kunit_mark_skipped(test, "the processor has no supersections");
	return 0;
}

static struct kunit_case high_io_cases[] = {
	KUNIT_CASE(an_address_of_40_bits_is_where_it_says),
	KUNIT_CASE(what_is_not_below_40_bits_is_refused),
	KUNIT_CASE(areas_do_not_overlap_and_come_back),
	KUNIT_CASE(the_machines_pcie_space_is_read),
	{}
};

static struct kunit_suite high_io_suite = {
	.name = "high_io",
	.init = needs_supersections,
	.test_cases = high_io_cases,
};
kunit_test_suite(high_io_suite);
