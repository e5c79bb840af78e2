/* SPDX-License-Identifier: MIT */
/*
 * What is kept of a line beside its users: trigger, wake-up, the chip's data, that it is a
 * cascade; and what a handler may not do to its own line.
 */
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/irqdomain.h>
#include <kernel/jiffies.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <test/kunit.h>

#include "fake_irq.h"
#include "threads.h"

/* ---- the trigger ---- */

static void level_stays_one_when_its_status_changes(struct kunit *test)
{
	struct irq_data *data = irq_get_irq_data(fake.irq);

	KUNIT_EXPECT_EQ(test, irq_set_irq_type(fake.irq, IRQ_TYPE_LEVEL_HIGH), 0);
	irq_set_noprobe(fake.irq);
	KUNIT_EXPECT_TRUE(test, irqd_is_level_type(data));
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(fake.irq, IRQ_TYPE_EDGE_RISING), 0);
	irq_set_probe(fake.irq);
	KUNIT_EXPECT_FALSE(test, irqd_is_level_type(data));
}

static void trigger_is_a_level_or_an_edge(struct kunit *test)
{
	noted();
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(fake.irq, IRQ_TYPE_EDGE_RISING | IRQ_TYPE_LEVEL_LOW),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler,
					  IRQF_TRIGGER_FALLING | IRQF_TRIGGER_HIGH, "test", &fake),
			-EINVAL);
	KUNIT_EXPECT_STREQ(test, noted(), "");
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(fake.irq, IRQ_TYPE_EDGE_BOTH), 0);
}

static int typed_map(struct irq_domain *d, unsigned int virq, irq_hw_number_t hw)
{
	fake_map(d, virq, hw);
	return irq_set_irq_type(virq, IRQ_TYPE_EDGE_RISING);
}

static const struct irq_domain_ops typed_ops = {
	.map = typed_map,
	.xlate = irq_domain_xlate_twocell,
};

static void trigger_of_the_tree_counts_and_not_what_the_controller_began_with(struct kunit *test)
{
	int node;
	struct irq_fwspec spec = {
		.fwnode = (struct fwnode_handle *)&node, .param_count = 2,
		.param = { 3, IRQ_TYPE_LEVEL_HIGH },
	};
	struct irq_domain *domain = irq_domain_create_linear(spec.fwnode, LINES, &typed_ops, NULL);
	unsigned int irq;

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_NOT_NULL(test, domain);
	irq = irq_create_fwspec_mapping(&spec);
	KUNIT_EXPECT_NE(test, irq, 0);
	KUNIT_EXPECT_EQ(test, irq_get_trigger_type(irq), IRQ_TYPE_LEVEL_HIGH);
	spec.param[1] = IRQ_TYPE_EDGE_RISING;
	KUNIT_EXPECT_EQ(test, irq_create_fwspec_mapping(&spec), 0);
	irq_domain_remove(domain);
}

static void flow_handler_is_changed_with_the_line_locked(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "CONFIG_LOCKDEP is off");
	KUNIT_EXPECT_REPORT(test, "is not held",
			    irq_set_handler_locked(irq_get_irq_data(fake.irq), handle_edge_irq));
}

/* ---- wake-up ---- */

static unsigned int outer;

/* As a GPIO controller has it: what wakes is the line that it is cascaded under. */
static int passed_on_set_wake(struct irq_data *d, unsigned int on)
{
	(void)d;
	return irq_set_irq_wake(outer, on);
}

static const struct irq_chip passing_chip = {
	.name = "passing",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_set_wake = passed_on_set_wake,
	.flags = IRQCHIP_IMMUTABLE,
};

static unsigned int wake_depth(unsigned int irq)
{
	return context_unsafe(irq_to_desc(irq)->wake_depth);
}

static void wake_up_is_passed_on_to_the_line_above(struct kunit *test)
{
	outer = irq_create_mapping(fake.domain, 1);
	KUNIT_ASSERT_NE(test, outer, 0);
	irq_set_chip(fake.irq, &passing_chip);
	KUNIT_EXPECT_EQ(test, enable_irq_wake(fake.irq), 0);
	KUNIT_EXPECT_EQ(test, wake_depth(outer), 1);
	KUNIT_EXPECT_STREQ(test, noted(), "wake");
	KUNIT_EXPECT_EQ(test, disable_irq_wake(fake.irq), 0);
	KUNIT_EXPECT_EQ(test, wake_depth(outer), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "nowake");
}

static void gone_controller_wakes_nothing(struct kunit *test)
{
	outer = irq_create_mapping(fake.domain, 1);
	KUNIT_ASSERT_NE(test, outer, 0);
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, handler, 0, "test", &fake), 0);
	irq_set_chip(fake.irq, &passing_chip);
	KUNIT_EXPECT_EQ(test, enable_irq_wake(fake.irq), 0);
	noted();
	irq_dispose_mapping(fake.irq);
	KUNIT_EXPECT_EQ(test, wake_depth(outer), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "nowake mask");
	/* Its user goes on counting. */
	KUNIT_EXPECT_EQ(test, disable_irq_wake(fake.irq), 0);
	KUNIT_EXPECT_WARNINGS(test, 1, disable_irq_wake(fake.irq));
	KUNIT_EXPECT_EQ(test, wake_depth(outer), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "");
	free_irq(fake.irq, &fake);
}

/* ---- cascades ---- */

static void line_with_a_user_is_no_cascade(struct kunit *test)
{
	take_line(test, &fake_chip, handle_edge_irq);
	irq_set_chained_handler_and_data(fake.irq, cascade, &outer);
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "ack handle");
	KUNIT_EXPECT_STREQ(test, free_irq(fake.irq, &fake), "test");
}

static void cascade_is_of_one_controller(struct kunit *test)
{
	struct irq_desc *desc = irq_to_desc(fake.irq);
	unsigned int other;

	irq_set_chained_handler_and_data(fake.irq, cascade, &outer);
	irq_set_chained_handler_and_data(fake.irq, cascade, &other);
	KUNIT_EXPECT_PTR_EQ(test, irq_desc_get_handler_data(desc), &outer);
	irq_set_chained_handler_and_data(fake.irq, handle_simple_irq, &outer);
	KUNIT_EXPECT_TRUE(test, desc->handle_irq == cascade);
	irq_set_chained_handler_and_data(fake.irq, NULL, NULL);
	irq_set_chained_handler_and_data(fake.irq, cascade, &other);
	KUNIT_EXPECT_PTR_EQ(test, irq_desc_get_handler_data(desc), &other);
	irq_set_chained_handler_and_data(fake.irq, NULL, NULL);
}

static void line_is_anybodys_when_its_cascade_is_gone(struct kunit *test)
{
	irq_set_chained_handler_and_data(fake.irq, cascade, &outer);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, 0, "test", &fake), -EINVAL);
	irq_set_chained_handler_and_data(fake.irq, NULL, NULL);
	take_line(test, &fake_chip, handle_edge_irq);
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "ack handle");
	give_line();
}

/* ---- what a handler may not do ---- */

static void raise_in_interrupt(struct timer_list *timer)
{
	(void)timer;
	raise_line();
}

static DEFINE_TIMER(raise_timer, raise_in_interrupt);

static void raise_by_timer(void)
{
	mod_timer(&raise_timer, jiffies);
	msleep(3);
	del_timer_sync(&raise_timer);
}

static void free_own(void)
	__no_context_analysis
{
	free_irq(fake.irq, &fake);
}

static void wait_for_own(void)
	__no_context_analysis
{
	disable_irq(fake.irq);
}

static void sleep(void)
	__no_context_analysis
{
	might_sleep();
}

/* That it may sleep is one report more. */
#define REPORTS	(1 + IS_ENABLED(CONFIG_DEBUG))

static void handler_that_frees_its_line_is_reported(struct kunit *test)
{
	take_line(test, &fake_chip, handle_level_irq);
	fake.body = free_own;
	KUNIT_EXPECT_WARNINGS(test, REPORTS, raise_by_timer());
	raise_line();
	KUNIT_EXPECT_EQ(test, fake.calls, 2);
	give_line();
}

static void handler_that_waits_for_itself_is_reported(struct kunit *test)
{
	take_line(test, &fake_chip, handle_level_irq);
	fake.body = wait_for_own;
	KUNIT_EXPECT_WARNINGS(test, REPORTS, raise_by_timer());
	enable_irq(fake.irq);
	raise_line();
	KUNIT_EXPECT_EQ(test, fake.calls, 2);
	give_line();
}

static void handler_that_sleeps_is_reported(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "a check of CONFIG_DEBUG");
	take_line(test, &fake_chip, handle_level_irq);
	fake.body = sleep;
	KUNIT_EXPECT_REPORT(test, "sleeping function called", raise_by_timer());
	give_line();
}

/* ---- replays and storms ---- */

static bool enabled, leave;

/* The replay that it begins waits until this CPU takes interrupts again. */
static int enable_with_irqs_off(void *unused)
{
	(void)unused;
	guard(irqsave)();
	enable_irq(fake.irq);
	smp_store_release(&enabled, true);
	spin_until(smp_load_acquire(&leave));
	return 0;
}

static void replay_does_not_reach_the_next_user(struct kunit *test)
{
	NEEDS_TWO_CPUS(test);
	enabled = false;
	leave = false;
	take_line(test, &fake_chip, handle_edge_irq);
	disable_irq(fake.irq);
	raise_line();
	start_thread_on(test, 1, enable_with_irqs_off, NULL);
	KUNIT_EXPECT_TRUE(test, spin_until(smp_load_acquire(&enabled)));
	give_line();
	take_line(test, &fake_chip, handle_edge_irq);
	smp_store_release(&leave, true);
	msleep(3);
	KUNIT_EXPECT_EQ(test, fake.calls, 0);
	give_line();
}

/* A hundred thousand in a row are a storm, and not in a month. */
static void unhandled_interrupts_far_apart_are_no_storm(struct kunit *test)
{
	struct irq_desc *desc = irq_to_desc(fake.irq);

	take_line(test, &fake_eoi_chip, handle_fasteoi_irq);
	fake.answer = IRQ_NONE;
	raise_line();
	context_unsafe(desc->unhandled) = 99900;
	msleep(120);
	raise_line();
	KUNIT_EXPECT_FALSE(test, irqd_irq_disabled(&desc->irq_data));
	context_unsafe(desc->unhandled) = 99900;
	raise_line();
	KUNIT_EXPECT_TRUE(test, irqd_irq_disabled(&desc->irq_data));
	give_line();
}

static const struct kunit_case irq_line_cases[] = {
	KUNIT_CASE(level_stays_one_when_its_status_changes),
	KUNIT_CASE(trigger_is_a_level_or_an_edge),
	KUNIT_CASE(trigger_of_the_tree_counts_and_not_what_the_controller_began_with),
	KUNIT_CASE(flow_handler_is_changed_with_the_line_locked),
	KUNIT_CASE(wake_up_is_passed_on_to_the_line_above),
	KUNIT_CASE(gone_controller_wakes_nothing),
	KUNIT_CASE(line_with_a_user_is_no_cascade),
	KUNIT_CASE(cascade_is_of_one_controller),
	KUNIT_CASE(line_is_anybodys_when_its_cascade_is_gone),
	KUNIT_CASE(handler_that_frees_its_line_is_reported),
	KUNIT_CASE(handler_that_waits_for_itself_is_reported),
	KUNIT_CASE(handler_that_sleeps_is_reported),
	KUNIT_CASE(replay_does_not_reach_the_next_user),
	KUNIT_CASE(unhandled_interrupts_far_apart_are_no_storm),
	{}
};

static struct kunit_suite irq_line_suite = {
	.name = "irq_line",
	.init = irq_case_init,
	.exit = irq_case_exit,
	.test_cases = irq_line_cases,
};
kunit_test_suite(irq_line_suite);
