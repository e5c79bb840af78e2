/* SPDX-License-Identifier: MIT */
/*
 * A controller that goes while its lines' users do something with them. They do it in what the
 * core calls on the way: another task would do it while the core sleeps there.
 */
#include <kernel/irq.h>
#include <kernel/irqdomain.h>
#include <test/kunit.h>

#include "fake_irq.h"

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
