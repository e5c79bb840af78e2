/* SPDX-License-Identifier: MIT */
/*
 * Suites that leave something behind, one of each kind that is counted.
 */
#include <drivers/device.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/irqdesc.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <lib/errno.h>
#include <test/kunit.h>

#include "planted.h"

static void *volatile lost;

static void leaks_bytes(struct kunit *test)
{
	lost = kmalloc(100, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, lost);
}

/* Only what a variable has at the end of its scope is freed. */
static void leaks_by_an_assignment(struct kunit *test)
{
	void *p __free(kfree) = kmalloc(100, GFP_KERNEL);

	KUNIT_EXPECT_NOT_NULL(test, p);
	p = kmalloc(200, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, p);
}

static void leaks_pages(struct kunit *test)
{
	unsigned long page = __get_free_pages(GFP_KERNEL, 1);

	KUNIT_EXPECT_NE(test, page, 0);
}

static void leaks_an_interrupt_descriptor(struct kunit *test)
{
	KUNIT_EXPECT_GT(test, irq_alloc_desc(0), 0);
}

static irqreturn_t no_handler(int irq, void *data)
{
	(void)irq;
	(void)data;
	return IRQ_NONE;
}

static int handled_irq;

static int make_irq(struct kunit_suite *suite)
{
	(void)suite;
	handled_irq = irq_alloc_desc(0);
	if (handled_irq < 0)
		return handled_irq;
	irq_set_chip_and_handler((unsigned int)handled_irq, &dummy_irq_chip, handle_simple_irq);
	irq_modify_status((unsigned int)handled_irq, IRQ_NOREQUEST, 0);
	return 0;
}

static void leaks_a_handler(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, request_irq((unsigned int)handled_irq, no_handler, 0, "lost", NULL),
			0);
}

static void never(struct timer_list *timer)
{
	(void)timer;
}

static void leaks_a_timer(struct kunit *test)
{
	static DEFINE_TIMER(timer, never);

	KUNIT_EXPECT_FALSE(test, mod_timer(&timer, jiffies + 3600 * HZ));
}

static void leaks_a_task(struct kunit *test)
{
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, kthread_run(sleep, NULL, "lost"));
}

static void leaks_a_device(struct kunit *test)
{
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, root_device_register("lost"));
}

/* More counters than anybody has thought of; the last one counts. */
static unsigned long things_left;

static unsigned long none(void)
{
	return 0;
}

static unsigned long things(void)
{
	return things_left;
}

#define FOUR_MORE	{ "nothings", none }, { "nothings", none }, { "nothings", none }, \
			{ "nothings", none }

TABLE_ENTRY(kunit_counters, struct kunit_counter, planted_counters[]) = {
	FOUR_MORE, FOUR_MORE, FOUR_MORE, FOUR_MORE, { "things", things },
};

static void leaks_a_thing(struct kunit *test)
{
	things_left++;
	KUNIT_EXPECT_TRUE(test, true);
}

static void give_things_back(struct kunit_suite *suite)
{
	(void)suite;
	things_left = 0;
}

static int take_bytes(struct kunit_suite *suite)
{
	(void)suite;
	lost = kmalloc(100, GFP_KERNEL);
	return lost ? 0 : -ENOMEM;
}

static int take_bytes_and_fail(struct kunit_suite *suite)
{
	int err = take_bytes(suite);

	return err ? err : -ENODEV;
}

static void give_bytes_back(struct kunit_suite *suite)
{
	(void)suite;
	kfree(lost);
}

SUITE(leaks_bytes);
SUITE(leaks_by_an_assignment);
SUITE(leaks_pages);
SUITE(leaks_an_interrupt_descriptor);
SUITE(leaks_a_handler, .suite_init = make_irq);
SUITE(leaks_a_timer);
SUITE(leaks_a_task);
SUITE(leaks_a_device);
SUITE(leaks_a_thing, .suite_exit = give_things_back);

static const struct kunit_case passing_cases[] = { KUNIT_CASE(passes), {} };
static const struct kunit_case leaking_cases[] = {
	KUNIT_CASE(passes), KUNIT_CASE(leaks_pages), {}
};

#define SUITE_OF(suite, cases, init, exit)			\
	static struct kunit_suite suite_##suite = {		\
		.name = #suite, .test_cases = cases,		\
		.suite_init = init, .suite_exit = exit,		\
	}

SUITE_OF(init_leaks, passing_cases, take_bytes, NULL);
SUITE_OF(init_leaks_and_fails, passing_cases, take_bytes_and_fail, give_bytes_back);
SUITE_OF(init_is_undone, passing_cases, take_bytes, give_bytes_back);
SUITE_OF(only_a_case_leaks, leaking_cases, take_bytes, give_bytes_back);

struct kunit_suite *const planted_leaks[] = {
	&suite_leaks_bytes, &suite_leaks_by_an_assignment, &suite_leaks_pages,
	&suite_leaks_an_interrupt_descriptor, &suite_leaks_a_handler, &suite_leaks_a_timer,
	&suite_leaks_a_task, &suite_leaks_a_device, &suite_leaks_a_thing, &suite_init_leaks,
	&suite_init_leaks_and_fails, &suite_init_is_undone, &suite_only_a_case_leaks,
	NULL
};
