/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU variables: one copy for each CPU, static and allocated, and the handlers of per-CPU
 * lines, which get theirs.
 */
#include <kernel/cpumask.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <lib/math.h>
#include <test/kunit.h>

#include "fake_irq.h"

static DEFINE_PER_CPU(unsigned int, begins_with_five) = 5;
static DEFINE_PER_CPU(unsigned int[3], own);
static DEFINE_PER_CPU(unsigned int, counted);

/* ---- variables ---- */

static void each_cpu_begins_with_the_initial_value(struct kunit *test)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		KUNIT_EXPECT_EQ(test, per_cpu(begins_with_five, cpu), 5);
}

static void write_own(void *unused)
{
	(void)unused;
	(*this_cpu_ptr(&own))[1] = 100 + smp_processor_id();
	get_cpu_var(own)[2] = 200 + smp_processor_id();
	put_cpu_var(own);
}

static void each_cpu_has_a_copy_of_its_own(struct kunit *test)
{
	unsigned int cpu;

	on_each_cpu(write_own, NULL, true);
	for_each_online_cpu(cpu) {
		KUNIT_EXPECT_EQ(test, (*per_cpu_ptr(&own, cpu))[0], 0);
		KUNIT_EXPECT_EQ(test, per_cpu(own, cpu)[1], 100 + cpu);
		KUNIT_EXPECT_EQ(test, per_cpu(own, cpu)[2], 200 + cpu);
	}
	KUNIT_EXPECT_PTR_EQ(test, per_cpu_ptr(&own, 0), &own);
}

static void count_here(void *unused)
{
	(void)unused;
	this_cpu_inc(counted);
	this_cpu_add(counted, smp_processor_id());
	this_cpu_dec(counted);
	this_cpu_write(own[0], this_cpu_read(counted));
}

static void operations_are_this_cpus(struct kunit *test)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		per_cpu(counted, cpu) = 7;
	on_each_cpu(count_here, NULL, true);
	for_each_online_cpu(cpu) {
		KUNIT_EXPECT_EQ(test, per_cpu(counted, cpu), 7 + cpu);
		KUNIT_EXPECT_EQ(test, per_cpu(own, cpu)[0], 7 + cpu);
		per_cpu(own, cpu)[0] = 0;
	}
}

/* ---- allocated ---- */

struct wide {
	char bytes[40];
} __aligned(32);

static void allocated_memory_is_zeroed_and_aligned_for_each_cpu(struct kunit *test)
{
	struct wide __percpu *a = alloc_percpu(struct wide), *b;
	unsigned int cpu;

	KUNIT_ASSERT_NOT_NULL(test, a);
	for_each_online_cpu(cpu) {
		KUNIT_EXPECT_EQ(test, (unsigned long)per_cpu_ptr(a, cpu) % 32, 0);
		KUNIT_EXPECT_EQ(test, per_cpu_ptr(a, cpu)->bytes[39], 0);
		per_cpu_ptr(a, cpu)->bytes[39] = 1;
	}
	b = alloc_percpu(struct wide);
	if (b)
		KUNIT_EXPECT_PTR_NE(test, a, b);
	free_percpu(a);
	free_percpu(b);
	KUNIT_ASSERT_NOT_NULL(test, b);
	a = alloc_percpu(struct wide);
	KUNIT_ASSERT_NOT_NULL(test, a);
	for_each_online_cpu(cpu)
		KUNIT_EXPECT_EQ(test, per_cpu_ptr(a, cpu)->bytes[39], 0);
	free_percpu(a);
	free_percpu(NULL);
}

#define MANY	200

static void room_that_runs_out_is_told(struct kunit *test)
{
	u64 __percpu *all[MANY];
	unsigned int n = 0;

	kunit_tolerates_faults(test);
	if (!IS_ENABLED(CONFIG_SMP))
		kunit_skip(test, "it is kmalloc()'s room");
	while (n < MANY && (all[n] = alloc_percpu(u64)))
		n++;
	KUNIT_EXPECT_LT(test, n, MANY);
	while (n)
		free_percpu(all[--n]);
	KUNIT_EXPECT_NULL(test, (void *)__alloc_percpu(4096, 8));
	KUNIT_EXPECT_EQ(test, percpu_bytes_used(), 0);
}

static void what_was_not_allocated_is_not_freed(struct kunit *test)
{
	struct wide __percpu *a;

	if (!IS_ENABLED(CONFIG_SMP))
		kunit_skip(test, "kfree() looks");
	a = alloc_percpu(struct wide);
	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_EXPECT_REPORT(test, "is no per-CPU memory", free_percpu(&own));
	KUNIT_EXPECT_REPORT(test, "is no per-CPU memory", free_percpu((char *)a + 8));
	free_percpu(a);
	KUNIT_EXPECT_REPORT(test, "is no per-CPU memory", free_percpu(a));
}

/* ---- lines ---- */

static irqreturn_t count(int irq, void *dev_id)
{
	unsigned int *n = dev_id;

	(void)irq;
	(*n)++;
	return IRQ_HANDLED;
}

/* The log of the fake is for one CPU at a time. */
static void ignore(struct irq_data *d)
{
	(void)d;
}

static const struct irq_chip no_log_chip = {
	.name = "no-log",
	.irq_mask = ignore,
	.irq_unmask = ignore,
	.flags = IRQCHIP_IMMUTABLE,
};

static void enable_and_raise(void *unused)
{
	(void)unused;
	enable_percpu_irq(fake.irq, IRQ_TYPE_NONE);
	raise_line();
	raise_line();
}

static void disable_here(void *unused)
{
	(void)unused;
	disable_percpu_irq(fake.irq);
}

static void handler_gets_the_copy_of_its_cpu(struct kunit *test)
{
	unsigned int __percpu *n = alloc_percpu(unsigned int);
	unsigned int cpu;

	KUNIT_ASSERT_NOT_NULL(test, n);
	irq_set_chip_and_handler(fake.irq, &no_log_chip, handle_percpu_devid_irq);
	irq_set_percpu_devid(fake.irq);
	if (request_percpu_irq(fake.irq, count, "test", n)) {
		free_percpu(n);
		KUNIT_FAIL(test, "no line");
		return;
	}
	KUNIT_EXPECT_FALSE(test, irq_percpu_is_enabled(fake.irq));
	on_each_cpu(enable_and_raise, NULL, true);
	KUNIT_EXPECT_TRUE(test, irq_percpu_is_enabled(fake.irq));
	for_each_online_cpu(cpu)
		KUNIT_EXPECT_EQ(test, *per_cpu_ptr(n, cpu), 2);
	disable_percpu_irq(fake.irq);
	KUNIT_EXPECT_FALSE(test, irq_percpu_is_enabled(fake.irq));
	KUNIT_EXPECT_FALSE(test, irq_percpu_is_enabled(0));
	on_each_cpu(disable_here, NULL, true);
	free_percpu_irq(fake.irq, n);
	free_percpu(n);
}

static void line_that_is_still_enabled_is_not_freed_silently(struct kunit *test)
{
	irq_set_chip_and_handler(fake.irq, &no_log_chip, handle_percpu_devid_irq);
	irq_set_percpu_devid(fake.irq);
	KUNIT_ASSERT_EQ(test, request_percpu_irq(fake.irq, count, "test", &counted), 0);
	enable_percpu_irq(fake.irq, IRQ_TYPE_NONE);
	KUNIT_EXPECT_REPORT(test, "is freed and enabled", free_percpu_irq(fake.irq, &counted));
}

static const struct kunit_case percpu_cases[] = {
	KUNIT_CASE(each_cpu_begins_with_the_initial_value),
	KUNIT_CASE(each_cpu_has_a_copy_of_its_own),
	KUNIT_CASE(operations_are_this_cpus),
	KUNIT_CASE(allocated_memory_is_zeroed_and_aligned_for_each_cpu),
	KUNIT_CASE(room_that_runs_out_is_told),
	KUNIT_CASE(what_was_not_allocated_is_not_freed),
	KUNIT_CASE(handler_gets_the_copy_of_its_cpu),
	KUNIT_CASE(line_that_is_still_enabled_is_not_freed_silently),
	{}
};

static struct kunit_suite percpu_suite = {
	.name = "percpu",
	.init = irq_case_init,
	.exit = irq_case_exit,
	.test_cases = percpu_cases,
};
kunit_test_suite(percpu_suite);
