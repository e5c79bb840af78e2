/* SPDX-License-Identifier: MIT */
/*
 * What each flow handler asks of the chip and in which order.
 *
 * The expected orders are those of the chips that need them: a level line must be
 * masked while its device still drives it, an edge must be acknowledged before it is
 * handled, or one that comes meanwhile is lost.
 */
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/irqdomain.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <test/kunit.h>

#include "fake_irq.h"

/* ---- operations that a chip lacks ---- */

static const struct irq_chip bare_chip = { .name = "bare" };

static void chip_without_operations_is_asked_nothing(struct kunit *test)
{
	static const irq_flow_handler_t flows[] = {
		handle_level_irq, handle_edge_irq, handle_simple_irq,
	};
	bool state;

	for (size_t i = 0; i < ARRAY_SIZE(flows); i++) {
		take_line(test, &bare_chip, flows[i]);
		raise_line();
		disable_irq(fake.irq);
		enable_irq(fake.irq);
		KUNIT_EXPECT_STREQ(test, noted(), "handle");
		give_line();
	}
	take_line(test, &bare_chip, handle_simple_irq);
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(fake.irq, IRQ_TYPE_LEVEL_HIGH), 0);
	KUNIT_EXPECT_EQ(test, irq_set_affinity(fake.irq, NULL), -EIO);
	KUNIT_EXPECT_EQ(test, irq_set_irq_wake(fake.irq, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, irq_get_irqchip_state(fake.irq, IRQCHIP_STATE_PENDING, &state),
			-EINVAL);
	give_line();
}

static void fasteoi_needs_a_chip_that_can_end(struct kunit *test)
{
	irq_set_chip_and_handler(fake.irq, &fake_chip, handle_level_irq);
	KUNIT_EXPECT_WARNINGS(test, 1, irq_set_handler(fake.irq, handle_fasteoi_irq, NULL));
	KUNIT_EXPECT_TRUE(test, irq_to_desc(fake.irq)->handle_irq == handle_level_irq);
}

/* ---- flows ---- */

static void level_is_masked_until_it_was_handled(struct kunit *test)
{
	take_line(test, &fake_chip, handle_level_irq);
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack handle unmask");
	give_line();
}

static void edge_is_acknowledged_before_it_is_handled(struct kunit *test)
{
	take_line(test, &fake_chip, handle_edge_irq);
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "ack handle");
	give_line();
}

static void fasteoi_ends_after_it_was_handled(struct kunit *test)
{
	take_line(test, &fake_eoi_chip, handle_fasteoi_irq);
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "handle eoi");
	give_line();
}

static void simple_asks_nothing(struct kunit *test)
{
	take_line(test, &fake_chip, handle_simple_irq);
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "handle");
	give_line();
}

/* As if it had come on another CPU. */
static void edge_during_its_handler_is_handled_once_more(struct kunit *test)
{
	take_line(test, &fake_chip, handle_edge_irq);
	fake.body = raise_line;
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "ack handle mask ack unmask handle");
	KUNIT_EXPECT_EQ(test, fake.calls, 2);
	give_line();
}

static void raise_three_times(void)
{
	for (int i = 0; i < 3; i++)
		raise_line();
}

static void three_edges_during_a_handler_are_one_more(struct kunit *test)
{
	take_line(test, &fake_chip, handle_edge_irq);
	fake.body = raise_three_times;
	raise_line();
	KUNIT_EXPECT_EQ(test, fake.calls, 2);
	give_line();
}

static void disable_line(void)
{
	disable_irq_nosync(fake.irq);
}

static void line_disabled_by_its_handler_stays_masked(struct kunit *test)
{
	take_line(test, &fake_chip, handle_level_irq);
	fake.body = disable_line;
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack handle");
	enable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "unmask");
	give_line();
}

static void fasteoi_disabled_by_its_handler_is_ended(struct kunit *test)
{
	take_line(test, &fake_eoi_chip, handle_fasteoi_irq);
	fake.body = disable_line;
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "handle mask eoi");
	enable_irq(fake.irq);
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "unmask handle eoi");
	give_line();
}

/* What came too late for the mask: it is ended, unless the chip wants that of the handled alone. */
static void fasteoi_is_ended_unhandled_unless_the_chip_says_no(struct kunit *test)
{
	static const struct {
		const struct irq_chip *chip;
		const char *handled, *unhandled;
	} cases[] = {
		{ &fake_eoi_chip, "handle eoi", "eoi" },
		{ &fake_eoi_if_handled_chip, "handle eoi", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		take_line(test, cases[i].chip, handle_fasteoi_irq);
		disable_irq(fake.irq);
		noted();
		raise_line();
		KUNIT_EXPECT_STREQ(test, noted(), cases[i].unhandled);
		enable_irq(fake.irq);
		msleep(3);	/* the replay is an interrupt of its own */
		noted();
		raise_line();
		KUNIT_EXPECT_STREQ(test, noted(), cases[i].handled);
		KUNIT_EXPECT_EQ(test, fake.calls, 2 * (i + 1));
		give_line();
	}
}

static void line_without_a_flow_is_masked(struct kunit *test)
{
	irq_set_chip_and_handler(fake.irq, &fake_full_chip, handle_bad_irq);
	raise_line();
	KUNIT_EXPECT_EQ(test, kstat_irqs(fake.irq), 1);
	KUNIT_EXPECT_STREQ(test, noted(), "ack eoi");	/* it was masked from the beginning */
}

static void percpu_line_is_not_locked_and_ended(struct kunit *test)
{
	irq_set_chip_and_handler(fake.irq, &fake_full_chip, handle_percpu_devid_irq);
	irq_set_percpu_devid(fake.irq);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, 0, "test", &fake), -EINVAL);
	KUNIT_ASSERT_EQ(test, request_percpu_irq(fake.irq, handler, "test", &fake), 0);
	KUNIT_EXPECT_REPORT(test, "is a per-CPU line", free_irq(fake.irq, NULL));
	KUNIT_EXPECT_STREQ(test, noted(), "");
	enable_percpu_irq(fake.irq, IRQ_TYPE_NONE);
	raise_line();
	disable_percpu_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "unmask ack handle eoi mask");
	free_percpu_irq(fake.irq, &fake);
}

/* ---- disabling ---- */

static void disabling_nests(struct kunit *test)
{
	take_line(test, &fake_chip, handle_level_irq);
	disable_irq(fake.irq);
	disable_irq(fake.irq);
	enable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "mask");
	enable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "unmask");
	give_line();
}

static void enabling_too_often_is_reported(struct kunit *test)
{
	take_line(test, &fake_chip, handle_level_irq);
	KUNIT_EXPECT_WARNINGS(test, 1, enable_irq(fake.irq));
	raise_line();
	KUNIT_EXPECT_EQ(test, fake.calls, 1);
	give_line();
}

static void level_while_disabled_is_not_replayed(struct kunit *test)
{
	take_line(test, &fake_chip, handle_level_irq);
	irq_set_irq_type(fake.irq, IRQ_TYPE_LEVEL_HIGH);
	noted();
	disable_irq(fake.irq);
	raise_line();
	enable_irq(fake.irq);
	msleep(3);
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack unmask");
	give_line();
}

static void edge_while_disabled_is_replayed_by_the_chip(struct kunit *test)
{
	fake.can_retrigger = true;
	take_line(test, &fake_careful_chip, handle_edge_irq);
	disable_irq(fake.irq);
	raise_line();
	noted();
	enable_irq(fake.irq);
	msleep(3);
	KUNIT_EXPECT_STREQ(test, noted(), "bus_lock unmask retrigger bus_sync");
	give_line();
}

static bool was_hardirq;

static void note_context(void)
{
	was_hardirq = in_hardirq();
}

static void edge_while_disabled_is_replayed_by_software(struct kunit *test)
{
	take_line(test, &fake_chip, handle_edge_irq);
	fake.body = note_context;
	disable_irq(fake.irq);
	raise_line();
	raise_line();
	KUNIT_EXPECT_EQ(test, fake.calls, 0);
	enable_irq(fake.irq);
	msleep(3);
	KUNIT_EXPECT_EQ(test, fake.calls, 1);
	KUNIT_EXPECT_TRUE(test, was_hardirq);
	give_line();
}

static void edge_of_an_earlier_user_is_not_replayed(struct kunit *test)
{
	take_line(test, &fake_chip, handle_edge_irq);
	disable_irq(fake.irq);
	raise_line();
	give_line();
	take_line(test, &fake_chip, handle_edge_irq);
	disable_irq(fake.irq);
	enable_irq(fake.irq);
	msleep(3);
	KUNIT_EXPECT_EQ(test, fake.calls, 0);
	give_line();
}

static void slow_bus_is_held_around_changes(struct kunit *test)
{
	take_line(test, &fake_careful_chip, handle_level_irq);
	disable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "bus_lock mask bus_sync");
	enable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "bus_lock unmask bus_sync");
	give_line();
}

/* ---- cascades ---- */

static void cascade_is_ended_after_the_inner_line(struct kunit *test)
{
	unsigned int outer = irq_create_mapping(fake.domain, 1);

	take_line(test, &fake_chip, handle_edge_irq);
	irq_set_chip_and_handler(outer, &fake_eoi_chip, handle_fasteoi_irq);
	irq_set_chained_handler_and_data(outer, cascade, &fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "unmask");
	raise(outer);
	KUNIT_EXPECT_STREQ(test, noted(), "cascade ack handle eoi");
	KUNIT_EXPECT_EQ(test, kstat_irqs(outer), 1);
	KUNIT_EXPECT_EQ(test, request_irq(outer, handler, 0, "test", &fake), -EINVAL);
	irq_set_chained_handler_and_data(outer, NULL, NULL);
	KUNIT_EXPECT_STREQ(test, noted(), "mask");
	raise(outer);
	KUNIT_EXPECT_EQ(test, fake.calls, 1);
	give_line();
}

static void cascade_under_a_level_is_masked_meanwhile(struct kunit *test)
{
	unsigned int outer = irq_create_mapping(fake.domain, 1);

	take_line(test, &fake_chip, handle_edge_irq);
	irq_set_chained_handler_and_data(outer, cascade, &fake.irq);
	noted();
	raise(outer);
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack cascade ack handle unmask");
	irq_set_chained_handler_and_data(outer, NULL, NULL);
	give_line();
}

static const struct kunit_case irq_flow_cases[] = {
	KUNIT_CASE(chip_without_operations_is_asked_nothing),
	KUNIT_CASE(fasteoi_needs_a_chip_that_can_end),
	KUNIT_CASE(level_is_masked_until_it_was_handled),
	KUNIT_CASE(edge_is_acknowledged_before_it_is_handled),
	KUNIT_CASE(fasteoi_ends_after_it_was_handled),
	KUNIT_CASE(simple_asks_nothing),
	KUNIT_CASE(edge_during_its_handler_is_handled_once_more),
	KUNIT_CASE(three_edges_during_a_handler_are_one_more),
	KUNIT_CASE(line_disabled_by_its_handler_stays_masked),
	KUNIT_CASE(fasteoi_disabled_by_its_handler_is_ended),
	KUNIT_CASE(fasteoi_is_ended_unhandled_unless_the_chip_says_no),
	KUNIT_CASE(line_without_a_flow_is_masked),
	KUNIT_CASE(percpu_line_is_not_locked_and_ended),
	KUNIT_CASE(disabling_nests),
	KUNIT_CASE(enabling_too_often_is_reported),
	KUNIT_CASE(level_while_disabled_is_not_replayed),
	KUNIT_CASE(edge_while_disabled_is_replayed_by_the_chip),
	KUNIT_CASE(edge_while_disabled_is_replayed_by_software),
	KUNIT_CASE(edge_of_an_earlier_user_is_not_replayed),
	KUNIT_CASE(slow_bus_is_held_around_changes),
	KUNIT_CASE(cascade_is_ended_after_the_inner_line),
	KUNIT_CASE(cascade_under_a_level_is_masked_meanwhile),
	{}
};

static struct kunit_suite irq_flow_suite = {
	.name = "irq_flow",
	.init = irq_case_init,
	.exit = irq_case_exit,
	.test_cases = irq_flow_cases,
};
kunit_test_suite(irq_flow_suite);
