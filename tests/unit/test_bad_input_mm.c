/* SPDX-License-Identifier: MIT */
/*
 * Input that is none, as in test_bad_input.c, to what a process of the host has not: the kernel's
 * memory, and other processors.
 */
#include <hal/irqflags.h>
#include <hal/memory.h>
#include <kernel/cpuhotplug.h>
#include <kernel/cpumask.h>
#include <kernel/interrupt.h>
#include <kernel/irqdesc.h>
#include <kernel/pool.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "bad_input.h"
#include "log_lines.h"

#define GFP	(GFP_KERNEL | __GFP_NO_FAULT)

/* ---- slab.h, pool.h ---- */

static void sizes_that_there_are_not(struct kunit *test)
{
	static const size_t sizes[] = { KMALLOC_MAX_SIZE + 1, SIZE_MAX / 2, SIZE_MAX };
	void *p = kmalloc(0, GFP);

	KUNIT_EXPECT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, ksize(NULL), 0);
	kfree(p);
	kfree(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		volatile size_t size = sizes[i];	/* the compiler would refuse */

		KUNIT_EXPECT_NULL(test, kmalloc(size, GFP));
		KUNIT_EXPECT_NULL(test, kmalloc_array(size, 2, GFP));
		KUNIT_EXPECT_NULL(test, kcalloc(2, size, GFP));
	}
	/* 2 bytes, it seems. */
	KUNIT_EXPECT_NULL(test, kmalloc_array(SIZE_MAX / 2 + 2, 2, GFP));
	KUNIT_EXPECT_NULL(test, kmem_cache_create(NULL, 8, 0, 0, NULL));
	KUNIT_EXPECT_NULL(test, kmem_cache_create("absurd", PAGE_SIZE, 0, 0, NULL));
	KUNIT_EXPECT_NULL(test, kmem_cache_create("absurd", 8, 24, 0, NULL));
	KUNIT_EXPECT_NULL(test, kmem_cache_create("absurd", 8, PAGE_SIZE, 0, NULL));
	kmem_cache_destroy(NULL);
}

static void a_cache_of_nothing_has_objects(struct kunit *test)
{
	struct kmem_cache *c = kmem_cache_create("nothing", 0, 0, 0, NULL);
	void *a, *b;

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	a = kmem_cache_alloc(c, GFP);
	b = kmem_cache_alloc(c, GFP);
	KUNIT_EXPECT_PTR_NE(test, a, b);
	KUNIT_EXPECT_REPORT(test, "is no object of cache nothing", kmem_cache_free(c, NULL));
	kmem_cache_free(c, a);
	kmem_cache_free(c, b);
	kmem_cache_destroy(c);
}

static void the_size_of_what_is_not_kmallocs(struct kunit *test)
{
	static int somewhere;

	EXPECT_REPORT_OF(test, "ksize:", ksize(&somewhere), 0);
}

static void a_pool_of_nothing(struct kunit *test)
{
	static const size_t sizes[] = { 9, SIZE_MAX - 3, SIZE_MAX };
	struct pool pool;
	u64 room[2];

	KUNIT_EXPECT_EQ(test, pool_init(&pool, NULL, 0, 0), 0);
	KUNIT_EXPECT_NULL(test, pool_alloc(&pool));
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		KUNIT_EXPECT_EQ(test, pool_init(&pool, room, 8, sizes[i]), 0);
	KUNIT_EXPECT_EQ(test, pool_init(&pool, room, sizeof(room), 0), 2);
	EXPECT_REPORT_OF(test, "is not aligned", pool_init(&pool, (char *)room + 1, 9, 8), 0);
}

static void what_is_no_block_of_a_pool(struct kunit *test)
{
	struct pool pool;
	u64 room[6];	/* the first and the last are not the pool's */
	char *block;

	if (!IS_ENABLED(CONFIG_DEBUG_SLAB)) {
		kunit_mark_skipped(test, "CONFIG_DEBUG_SLAB is off");
		return;
	}
	pool_init(&pool, room + 1, 4 * sizeof(room[0]), 8);
	block = pool_alloc(&pool);
	KUNIT_ASSERT_NOT_NULL(test, block);
	KUNIT_EXPECT_REPORT(test, "is no block of the pool", pool_free(&pool, NULL));
	KUNIT_EXPECT_REPORT(test, "is no block of the pool", pool_free(&pool, block + 4));
	KUNIT_EXPECT_REPORT(test, "is no block of the pool", pool_free(&pool, room + 5));
	KUNIT_EXPECT_REPORT(test, "is no block of the pool", pool_free(&pool, room));
	pool_free(&pool, block);
	KUNIT_EXPECT_REPORT(test, "is free already", pool_free(&pool, block));
	for (unsigned int i = 0; i < 4; i++)
		KUNIT_EXPECT_NOT_NULL(test, pool_alloc(&pool));
	KUNIT_EXPECT_NULL(test, pool_alloc(&pool));
}

/* ---- smp.h, cpuhotplug.h ---- */

#ifdef CONFIG_SMP

static void note_call(void *info)
{
	*(bool *)info = true;
}

static void calls_that_cannot_be(struct kunit *test)
{
	bool called = false;

	KUNIT_EXPECT_EQ(test, smp_call_function_single(nr_cpu_ids, note_call, &called, true),
			-ENXIO);
	KUNIT_EXPECT_EQ(test, smp_call_function_single(~0u, note_call, &called, true), -ENXIO);
	/* The processor shifts by the last byte of a number. */
	KUNIT_EXPECT_EQ(test, smp_call_function_single(256, note_call, &called, true), -ENXIO);
	EXPECT_REPORT_OF(test, "to call no function",
			 smp_call_function_single(0, NULL, NULL, true), -EINVAL);
	KUNIT_EXPECT_REPORT(test, "to call no function", on_each_cpu(NULL, NULL, true));
	KUNIT_EXPECT_FALSE(test, called);
	KUNIT_EXPECT_EQ(test, cpu_logical_map(~0u), INVALID_HWID);
	KUNIT_EXPECT_FALSE(test, cpu_online(~0u));
}

/* With interrupts off two that wait for one another's answer would wait for ever. */
static void nobody_waits_for_a_call_with_interrupts_off(struct kunit *test)
{
	bool called = false;
	unsigned long flags;

	local_irq_save(flags);
	KUNIT_EXPECT_REPORT(test, "irqs_disabled()",
			    smp_call_function_single(0, note_call, &called, true));
	KUNIT_EXPECT_TRUE(test, called);
	called = false;
	KUNIT_EXPECT_REPORT(test, "irqs_disabled()", on_each_cpu(note_call, &called, true));
	KUNIT_EXPECT_TRUE(test, called);
	KUNIT_EXPECT_EQ(test, smp_call_function_single(0, note_call, &called, false), 0);
	local_irq_restore(flags);
}

/* 0 if no line has such a one. */
static unsigned int line_of_action(const char *name)
{
	for (unsigned int irq = 1; irq < irq_get_nr_irqs(); irq++) {
		struct irq_desc *desc = irq_to_desc(irq);

		if (irq_desc_has_action(desc) && strcmp(desc->action->name, name) == 0)
			return irq;
	}
	return 0;
}

static void interrupts_between_cpus_are_given_once(struct kunit *test)
{
	int base = (int)line_of_action("IPI reschedule");
	struct log_cursor log;

	if (!base)
		kunit_skip(test, "there is no controller");
	log_seek_last(&log, 0);
	set_smp_ipi_range(base, 8);
	KUNIT_EXPECT_TRUE(test, log_says(&log, "no interrupts between CPUs: -EBUSY"));
	set_smp_ipi_range(base, 2);
	KUNIT_EXPECT_TRUE(test, log_says(&log, "no interrupts between CPUs: -EINVAL"));
}

static int no_startup(unsigned int cpu)
{
	(void)cpu;
	return 0;
}

static unsigned int late_startups;

static int late_startup(unsigned int cpu)
{
	(void)cpu;
	late_startups++;
	return 0;
}

/* Each is taken, and where other CPUs run they would not do what is new. */
static void steps_are_for_one_and_come_before_the_cpus(struct kunit *test)
{
	int end = num_online_cpus() > 1 ? CPUHP_NR_STATES : CPUHP_AP_TEST;

	late_startups = 0;
	for (int state = 0; state < end; state++)
		KUNIT_EXPECT_EQ(test, cpuhp_setup_state((enum cpuhp_state)state, "late",
							late_startup, NULL), -EBUSY);
	KUNIT_EXPECT_EQ(test, late_startups, 0);
}

static void steps_that_there_are_not(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(CPUHP_NR_STATES, "none", no_startup, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state((enum cpuhp_state)-1, "none", no_startup, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(CPUHP_AP_IRQ_GIC_STARTING, "none", NULL, NULL),
			-EINVAL);
}

#endif

static const struct kunit_case bad_input_mm_cases[] = {
	KUNIT_CASE(sizes_that_there_are_not),
	KUNIT_CASE(a_cache_of_nothing_has_objects),
	KUNIT_CASE(the_size_of_what_is_not_kmallocs),
	KUNIT_CASE(a_pool_of_nothing),
	KUNIT_CASE(what_is_no_block_of_a_pool),
#ifdef CONFIG_SMP
	KUNIT_CASE(calls_that_cannot_be),
	KUNIT_CASE(nobody_waits_for_a_call_with_interrupts_off),
	KUNIT_CASE(interrupts_between_cpus_are_given_once),
	KUNIT_CASE(steps_that_there_are_not),
	KUNIT_CASE(steps_are_for_one_and_come_before_the_cpus),
#endif
	{}
};

static struct kunit_suite bad_input_mm_suite = {
	.name = "bad_input_mm",
	.test_cases = bad_input_mm_cases,
};
kunit_test_suite(bad_input_mm_suite);
