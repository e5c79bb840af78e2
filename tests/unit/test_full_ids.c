/* SPDX-License-Identifier: MIT */
/*
 * What there is a limited number of, until there is none: numbers of interrupts, addresses for
 * registers, groups of faults, blocks of a pool. The next one is refused as the header says, one
 * that is given back is had again, and what is left is as before. Lines of UARTs: test_serial.c,
 * numbers of GPIOs: test_gpio.c, CPUs: tests/qemu/test_smp.py, locks of a task: test_lockdep.c,
 * counts that would overflow: test_guards_core.c.
 */
#include <hal/memory.h>
#include <kernel/fault-inject.h>
#include <kernel/init.h>
#include <kernel/io.h>
#include <kernel/irq.h>
#include <kernel/irqdesc.h>
#include <kernel/irqdomain.h>
#include <kernel/pool.h>
#include <kernel/sched.h>
#include <lib/bitmap.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <test/kunit.h>

/* ---- numbers of interrupts ---- */

#define NUMBERS		4096u	/* 1 to 4095; irqdesc.c */
#define NUMBERS_STEP	64u	/* as many as are made at once */

static unsigned long mine[BITS_TO_LONGS(NUMBERS)];

/*
 * The table's second level stays once it is there: before anybody counts what a case leaves. Who
 * counts waits for those that RCU still has: waiting here would let the prompt come while the boot
 * still runs, whose end then hides what a case has left.
 */
static int make_whole_table(void)
{
	for (unsigned int irq = NUMBERS_STEP; irq < NUMBERS; irq += NUMBERS_STEP)
		if (irq_alloc_descs((int)irq, irq, 1, NUMA_NO_NODE) == (int)irq)
			irq_free_desc(irq);
	return 0;
}
late_initcall(make_whole_table);

static void give_numbers_back(void *unused)
{
	unsigned int irq;

	(void)unused;
	for_each_set_bit(irq, mine, NUMBERS)
		irq_free_desc(irq);
	bitmap_zero(mine, NUMBERS);
}

static int take_numbers(unsigned int nr)
{
	int irq;

	while ((irq = irq_alloc_descs(-1, 0, nr, NUMA_NO_NODE)) > 0)
		bitmap_set(mine, (unsigned int)irq, nr);
	return irq;
}

static int map_line(struct irq_domain *d, unsigned int virq, irq_hw_number_t hw)
{
	(void)d;
	(void)virq;
	(void)hw;
	return 0;
}

static const struct irq_domain_ops line_ops = { .map = map_line };

static void numbers_of_interrupts(struct kunit *test)
{
	unsigned int middle, end = irq_get_nr_irqs();
	struct irq_domain *domain;

	fault_leave(current);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, give_numbers_back, NULL), 0);
	domain = irq_domain_create_linear(NULL, 2, &line_ops, NULL);
	KUNIT_ASSERT_NOT_NULL(test, domain);
	KUNIT_ASSERT_EQ(test, take_numbers(NUMBERS_STEP), -ENOSPC);
	KUNIT_ASSERT_EQ(test, take_numbers(1), -ENOSPC);
	KUNIT_EXPECT_EQ(test, irq_get_nr_irqs(), NUMBERS);
	KUNIT_EXPECT_EQ(test, irq_create_mapping(domain, 0), 0);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(domain, 0), 0);
	middle = find_next_bit(mine, NUMBERS, NUMBERS / 2);
	KUNIT_EXPECT_EQ(test, irq_alloc_descs((int)middle, middle, 1, NUMA_NO_NODE), -EEXIST);
	KUNIT_EXPECT_EQ(test, irq_alloc_descs(NUMBERS, NUMBERS, 1, NUMA_NO_NODE), -ENOSPC);
	irq_free_desc(middle);
	KUNIT_EXPECT_EQ(test, irq_create_mapping(domain, 0), middle);
	KUNIT_EXPECT_EQ(test, irq_create_mapping(domain, 1), 0);
	irq_dispose_mapping(middle);
	KUNIT_EXPECT_EQ(test, irq_alloc_desc(NUMA_NO_NODE), (int)middle);
	irq_domain_remove(domain);
	kunit_release_action(test, give_numbers_back, NULL);
	KUNIT_EXPECT_EQ(test, irq_get_nr_irqs(), end);
}

/* ---- addresses for registers ---- */

#define AREA		(64ul << 20)
#define AREAS_MAX	((VMAP_END - VMAP_BASE) / AREA)

#ifdef CONFIG_FAULT_INJECTION

/* What the area's tables, or it itself, have no memory for leaves its place to the next. */
static void no_memory_for_an_area_takes_no_address(struct kunit *test)
{
	struct fault_group *group = fault_group_create(1);
	void __iomem *area = NULL, *again;
	unsigned int nth = 0;

	KUNIT_ASSERT_NOT_NULL(test, group);
	fault_join(current, group);
	while (!area && nth < AREA >> SECTION_SHIFT) {
		fault_set(group, FAULT_ALLOC, &(struct fault_plan){ .nth = ++nth });
		area = ioremap(0, AREA);
	}
	fault_leave(current);
	fault_group_put(group);
	KUNIT_EXPECT_GT(test, nth, 1);
	KUNIT_ASSERT_NOT_NULL(test, area);
	iounmap(area);
	again = ioremap(0, AREA);
	KUNIT_EXPECT_PTR_EQ(test, again, area);
	iounmap(again);
}

#endif

/* The largest that there is room for, to a page; NULL if there is none. */
static void __iomem *take_largest(void)
{
	size_t size = 0;

	for (size_t most = SIZE_MAX / 2 + 1; most >= PAGE_SIZE; most /= 2) {
		void __iomem *area = ioremap(0, size + most);

		if (area)
			size += most;
		iounmap(area);
	}
	return size ? ioremap(0, size) : NULL;
}

/* One that ends where the space does has nothing behind it, nor has one that ends before. */
static void no_address_is_behind_the_last(struct kunit *test)
{
	static void __iomem *areas[64];
	unsigned int n = 0;

	fault_leave(current);
	while (n < ARRAY_SIZE(areas) && (areas[n] = take_largest()) != NULL) {
		KUNIT_EXPECT_LT(test, (unsigned long)areas[n] - VMAP_BASE, VMAP_END - VMAP_BASE);
		n++;
	}
	KUNIT_EXPECT_GT(test, n, 0);
	KUNIT_EXPECT_LT(test, n, ARRAY_SIZE(areas));
	KUNIT_EXPECT_NULL(test, ioremap(0, 1));
	while (n > 0)
		iounmap(areas[--n]);
}

static void addresses_for_registers(struct kunit *test)
{
	void __iomem *areas[AREAS_MAX] = { NULL }, *first;
	unsigned int n = 0;

	fault_leave(current);
	while (n < AREAS_MAX && (areas[n] = ioremap(0, AREA)) != NULL)
		n++;
	KUNIT_ASSERT_GT(test, n, 1);
	KUNIT_EXPECT_LT(test, n, AREAS_MAX);	/* the stacks have some */
	KUNIT_EXPECT_NULL(test, ioremap(0, AREA));
	first = areas[0];
	iounmap(first);
	areas[0] = ioremap(0, AREA);
	KUNIT_EXPECT_PTR_EQ(test, areas[0], first);
	KUNIT_EXPECT_NULL(test, ioremap(0, AREA));
	for (unsigned int i = 0; i < n; i++)
		iounmap(areas[i]);
}

/* ---- groups of faults ---- */

#define GROUPS		8u	/* fault_inject.c */

static void groups_of_faults(struct kunit *test)
{
	struct fault_group *groups[GROUPS + 1], *again;
	unsigned int n = 0;

	fault_leave(current);
	while (n <= GROUPS && (groups[n] = fault_group_create(1)) != NULL)
		n++;
	KUNIT_EXPECT_GT(test, n, 0);
	KUNIT_EXPECT_LE(test, n, GROUPS);
	fault_group_put(groups[0]);
	again = fault_group_create(2);
	KUNIT_EXPECT_PTR_EQ(test, again, groups[0]);
	KUNIT_EXPECT_EQ(test, fault_group_seed(again), 2);
	KUNIT_EXPECT_NULL(test, fault_group_create(3));
	while (n-- > 0)
		fault_group_put(groups[n]);
}

/* ---- blocks of a pool ---- */

static void blocks_of_a_pool(struct kunit *test)
{
	void *blocks[4];
	struct pool pool;
	u64 room[4];

	KUNIT_ASSERT_EQ(test, pool_init(&pool, room, sizeof(room), sizeof(room[0])), 4);
	for (unsigned int i = 0; i < 4; i++) {
		blocks[i] = pool_alloc(&pool);
		KUNIT_ASSERT_NOT_NULL(test, blocks[i]);
	}
	for (unsigned int i = 0; i < 4; i++) {
		KUNIT_EXPECT_NULL(test, pool_alloc(&pool));
		pool_free(&pool, blocks[i]);
		KUNIT_EXPECT_PTR_EQ(test, pool_alloc(&pool), blocks[i]);
	}
}

static const struct kunit_case full_ids_cases[] = {
	KUNIT_CASE(numbers_of_interrupts),
#ifdef CONFIG_FAULT_INJECTION
	KUNIT_CASE(no_memory_for_an_area_takes_no_address),
#endif
	KUNIT_CASE(addresses_for_registers),
	KUNIT_CASE(no_address_is_behind_the_last),
	KUNIT_CASE(groups_of_faults),
	KUNIT_CASE(blocks_of_a_pool),
	{}
};

static struct kunit_suite full_ids_suite = {
	.name = "full_ids",
	.test_cases = full_ids_cases,
};
kunit_test_suite(full_ids_suite);
