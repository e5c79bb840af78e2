/* SPDX-License-Identifier: MIT */
/*
 * A controller that goes while its lines' users do something with them. They do it in what the
 * core calls on the way: another task would do it while the core sleeps there.
 */
#include <kernel/completion.h>
#include <kernel/irq.h>
#include <kernel/irqdomain.h>
#include <kernel/sched.h>
#include <test/kunit.h>

#include "fake_irq.h"
#include "threads.h"

static void (*meanwhile)(void);

/* The lines are silenced, the controller is still there. */
static void going_release_resources(struct irq_data *d)
{
	fake_release_resources(d);
	if (meanwhile)
		meanwhile();
}

/* ---- what a user switches on ---- */

static const struct irq_chip going_chip = {
	.name = "going",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_release_resources = going_release_resources,
	.flags = IRQCHIP_IMMUTABLE,
};

static void enable_line(void)
{
	note("enable");
	enable_irq(fake.irq);
}

static void line_that_is_enabled_while_its_controller_goes_stays_masked(struct kunit *test)
{
	take_line(test, &going_chip, handle_level_irq);
	disable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "mask");
	meanwhile = enable_line;
	irq_dispose_mapping(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "give enable");
	/* It is counted all the same. */
	KUNIT_EXPECT_WARNINGS(test, 1, enable_irq(fake.irq));
	disable_irq(fake.irq);
	enable_irq(fake.irq);
	free_irq(fake.irq, &fake);
	KUNIT_EXPECT_NULL(test, irq_to_desc(fake.irq));
}

/* ---- who has the bus ---- */

static struct {
	struct task_struct *user;
	struct completion inside;
	struct irq_domain *seen;	/* of the chip's data, when the bus was given back */
} bus;

/* On its way to the bus the user sleeps. */
static void slow_bus_lock(struct irq_data *d)
{
	fake_bus_lock(d);
	if (current != bus.user)
		return;
	complete(&bus.inside);
	schedule_timeout_uninterruptible(2);
}

static void slow_bus_sync(struct irq_data *d)
{
	fake_bus_sync(d);
	bus.seen = irq_data_get_irq_chip_data(d);
}

static const struct irq_chip slow_chip = {
	.name = "slow",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_bus_lock = slow_bus_lock,
	.irq_bus_sync_unlock = slow_bus_sync,
	.irq_release_resources = going_release_resources,
	.flags = IRQCHIP_IMMUTABLE,
};

static int disable_line(void *unused)
{
	(void)unused;
	disable_irq_nosync(fake.irq);
	return 0;
}

static void let_user_in(void)
{
	wake_up_process(bus.user);
	wait_for_completion(&bus.inside);
}

static void bus_taken_while_the_controller_goes_is_given_back(struct kunit *test)
{
	take_line(test, &slow_chip, handle_level_irq);
	irq_set_chip_data(fake.irq, fake.domain);
	init_completion(&bus.inside);
	bus.seen = NULL;
	bus.user = new_thread(test, disable_line, NULL);
	meanwhile = let_user_in;
	irq_dispose_mapping(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "bus_lock mask bus_sync give bus_lock bus_sync");
	KUNIT_EXPECT_PTR_EQ(test, bus.seen, fake.domain);
	free_irq(fake.irq, &fake);
	KUNIT_EXPECT_STREQ(test, noted(), "");
	KUNIT_EXPECT_NULL(test, irq_to_desc(fake.irq));
}

/* ---- who frees the descriptor ---- */

/* The lines are silenced and have no chip. */
static void going_unmap(struct irq_domain *d, unsigned int virq)
{
	(void)d;
	(void)virq;
	note("unmap");
	if (meanwhile)
		meanwhile();
}

static const struct irq_domain_ops going_ops = { .map = fake_map, .unmap = going_unmap };

static void free_line(void)
{
	free_irq(fake.irq, &fake);
}

static void line_freed_while_it_is_unmapped_goes_once(struct kunit *test)
{
	struct irq_domain *going = irq_domain_create_linear(NULL, LINES, &going_ops, NULL);

	KUNIT_ASSERT_NOT_NULL(test, going);
	irq_domain_remove(fake.domain);
	fake.domain = going;
	fake.irq = irq_create_mapping(fake.domain, 0);
	KUNIT_ASSERT_NE(test, fake.irq, 0);
	take_line(test, &fake_chip, handle_level_irq);
	meanwhile = free_line;
	irq_dispose_mapping(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "mask unmap");
	KUNIT_EXPECT_NULL(test, irq_to_desc(fake.irq));
}

static const struct kunit_case irq_gone_cases[] = {
	KUNIT_CASE(line_that_is_enabled_while_its_controller_goes_stays_masked),
	KUNIT_CASE(bus_taken_while_the_controller_goes_is_given_back),
	KUNIT_CASE(line_freed_while_it_is_unmapped_goes_once),
	{}
};

static int going_init(struct kunit *test)
{
	meanwhile = NULL;
	return irq_case_init(test);
}

static struct kunit_suite irq_gone_suite = {
	.name = "irq_gone",
	.init = going_init,
	.exit = irq_case_exit,
	.test_cases = irq_gone_cases,
};
kunit_test_suite(irq_gone_suite);
