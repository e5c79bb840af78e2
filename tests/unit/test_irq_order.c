/* SPDX-License-Identifier: MIT */
/*
 * What each flow asks of a chip, in each situation that a line can be in: one row of a table for
 * each. "|" is where the task that raised the line sleeps, so that threads run.
 */
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "fake_irq.h"

/* A line is raised once, and */
enum situation {
	PLAIN,		/* is on, with one handler */
	THREADED,	/* its handler wakes a thread */
	ONESHOT,	/* the same, and asked for IRQF_ONESHOT */
	UNWOKEN,	/* with IRQF_ONESHOT the handler wakes no thread */
	PRIMARY_OFF,	/* with IRQF_ONESHOT the handler wakes it, and disables the line */
	DISABLED,	/* is disabled */
	IN_PROGRESS,	/* comes again in its handler, as if on another CPU */
	PENDING,	/* is disabled, then enabled: it comes again */
	RESENT,		/* comes again in its handler, and is one that is resent for that */
	RESENT_SHARED,	/* the same with two handlers, and only as an edge */
	WITHOUT,	/* nobody has requested it */
};

static const struct order {
	const char *name;
	irq_flow_handler_t flow;
	const struct irq_chip *chip;
	enum situation situation;
	const char *expected;
} orders[] = {
	{ "level", handle_level_irq, &fake_full_chip, PLAIN, "mask ack handle unmask |" },
	{ "level, mask_ack", handle_level_irq, &fake_mask_ack_chip, PLAIN,
	  "mask_ack handle unmask |" },
	{ "level, threaded", handle_level_irq, &fake_full_chip, THREADED,
	  "mask ack handle unmask | thread" },
	{ "level, oneshot", handle_level_irq, &fake_full_chip, ONESHOT,
	  "mask ack handle | thread unmask" },
	{ "level, oneshot, not woken", handle_level_irq, &fake_full_chip, UNWOKEN,
	  "mask ack handle unmask |" },
	{ "level, oneshot, disabled within", handle_level_irq, &fake_full_chip, PRIMARY_OFF,
	  "mask ack handle | thread" },
	{ "level, disabled", handle_level_irq, &fake_full_chip, DISABLED, "ack |" },
	{ "level, in progress", handle_level_irq, &fake_full_chip, IN_PROGRESS,
	  "mask ack handle ack unmask |" },
	{ "level, pending", handle_level_irq, &fake_full_chip, PENDING,
	  "ack unmask mask ack handle unmask |" },
	{ "level, without action", handle_level_irq, &fake_full_chip, WITHOUT, "ack |" },

	{ "edge", handle_edge_irq, &fake_full_chip, PLAIN, "ack handle |" },
	{ "edge, mask_ack", handle_edge_irq, &fake_mask_ack_chip, PLAIN, "ack handle |" },
	{ "edge, threaded", handle_edge_irq, &fake_full_chip, THREADED, "ack handle | thread" },
	{ "edge, oneshot", handle_edge_irq, &fake_full_chip, ONESHOT, "ack handle | thread" },
	{ "edge, oneshot, not woken", handle_edge_irq, &fake_full_chip, UNWOKEN, "ack handle |" },
	{ "edge, oneshot, disabled within", handle_edge_irq, &fake_full_chip, PRIMARY_OFF,
	  "ack handle mask | thread" },
	{ "edge, disabled", handle_edge_irq, &fake_full_chip, DISABLED, "ack |" },
	{ "edge, in progress", handle_edge_irq, &fake_full_chip, IN_PROGRESS,
	  "ack handle mask ack unmask handle |" },
	{ "edge, in progress, mask_ack", handle_edge_irq, &fake_mask_ack_chip, IN_PROGRESS,
	  "ack handle mask_ack unmask handle |" },
	{ "edge, pending", handle_edge_irq, &fake_full_chip, PENDING, "ack unmask ack handle |" },
	{ "edge, without action", handle_edge_irq, &fake_full_chip, WITHOUT, "ack |" },

	{ "fasteoi", handle_fasteoi_irq, &fake_full_chip, PLAIN, "handle eoi |" },
	{ "fasteoi, threaded", handle_fasteoi_irq, &fake_full_chip, THREADED,
	  "handle eoi | thread" },
	{ "fasteoi, oneshot", handle_fasteoi_irq, &fake_full_chip, ONESHOT,
	  "mask handle eoi | thread unmask" },
	{ "fasteoi, oneshot, not woken", handle_fasteoi_irq, &fake_full_chip, UNWOKEN,
	  "mask handle eoi unmask |" },
	{ "fasteoi, oneshot, disabled within", handle_fasteoi_irq, &fake_full_chip, PRIMARY_OFF,
	  "mask handle eoi | thread" },
	{ "fasteoi, eoi of threads", handle_fasteoi_irq, &fake_eoi_threaded_chip, ONESHOT,
	  "mask handle | thread eoi unmask" },
	{ "fasteoi, eoi of threads, not woken", handle_fasteoi_irq, &fake_eoi_threaded_chip,
	  UNWOKEN, "mask handle eoi unmask |" },
	{ "fasteoi, eoi of threads, disabled within", handle_fasteoi_irq, &fake_eoi_threaded_chip,
	  PRIMARY_OFF, "mask handle | thread eoi" },
	{ "fasteoi, eoi of threads, no oneshot", handle_fasteoi_irq, &fake_eoi_threaded_chip,
	  THREADED, "handle eoi | thread" },
	{ "fasteoi, oneshot safe", handle_fasteoi_irq, &fake_safe_chip, ONESHOT,
	  "handle eoi | thread" },
	{ "fasteoi, disabled", handle_fasteoi_irq, &fake_full_chip, DISABLED, "eoi |" },
	{ "fasteoi, in progress", handle_fasteoi_irq, &fake_full_chip, IN_PROGRESS,
	  "handle eoi eoi |" },
	{ "fasteoi, in progress, resent", handle_fasteoi_irq, &fake_full_chip, RESENT,
	  "handle eoi eoi handle eoi |" },
	{ "fasteoi, in progress, resent by the chip", handle_fasteoi_irq, &fake_retrigger_chip,
	  RESENT, "handle eoi eoi retrigger |" },
	{ "fasteoi, shared, in progress, resent", handle_fasteoi_irq, &fake_full_chip,
	  RESENT_SHARED, "handle eoi other eoi handle other eoi |" },
	{ "fasteoi, pending", handle_fasteoi_irq, &fake_full_chip, PENDING,
	  "eoi unmask handle eoi |" },
	{ "fasteoi, without action", handle_fasteoi_irq, &fake_full_chip, WITHOUT, "eoi |" },
	{ "fasteoi, eoi if handled, without action", handle_fasteoi_irq, &fake_eoi_if_handled_chip,
	  WITHOUT, "|" },

	{ "simple", handle_simple_irq, &fake_full_chip, PLAIN, "handle |" },
	{ "simple, threaded", handle_simple_irq, &fake_full_chip, THREADED, "handle | thread" },
	{ "simple, oneshot", handle_simple_irq, &fake_full_chip, ONESHOT, "handle | thread" },
	{ "simple, disabled", handle_simple_irq, &fake_full_chip, DISABLED, "|" },
	{ "simple, in progress", handle_simple_irq, &fake_full_chip, IN_PROGRESS, "handle |" },
	{ "simple, pending", handle_simple_irq, &fake_full_chip, PENDING, "unmask handle |" },
	{ "simple, without action", handle_simple_irq, &fake_full_chip, WITHOUT, "|" },

	{ "untracked", handle_untracked_irq, &fake_full_chip, PLAIN, "handle |" },
	{ "untracked, threaded", handle_untracked_irq, &fake_full_chip, THREADED,
	  "handle | thread" },
	{ "untracked, disabled", handle_untracked_irq, &fake_full_chip, DISABLED, "|" },
	{ "untracked, in progress", handle_untracked_irq, &fake_full_chip, IN_PROGRESS,
	  "handle |" },
	{ "untracked, pending", handle_untracked_irq, &fake_full_chip, PENDING, "unmask handle |" },
	{ "untracked, without action", handle_untracked_irq, &fake_full_chip, WITHOUT, "|" },

	{ "percpu", handle_percpu_irq, &fake_full_chip, PLAIN, "ack handle eoi |" },
	{ "bad", handle_bad_irq, &fake_full_chip, WITHOUT, "ack eoi |" },
};

static void order_name(const struct order *o, char *desc)
{
	strscpy(desc, o->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(order, orders, order_name)

static irqreturn_t thread_fn(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	note("thread");
	return IRQ_HANDLED;
}

static void disable_within(void)
{
	disable_irq_nosync(fake.irq);
}

/* The request of the situation. Returns whether the line has a user. */
static bool take(struct kunit *test, enum situation s)
{
	bool oneshot = s == ONESHOT || s == UNWOKEN || s == PRIMARY_OFF;
	unsigned long flags = oneshot ? IRQF_ONESHOT : s == RESENT_SHARED ? IRQF_SHARED : 0;
	bool threaded = oneshot || s == THREADED;

	if (s == WITHOUT)
		return false;
	KUNIT_ASSERT_EQ(test, request_threaded_irq(fake.irq, handler, threaded ? thread_fn : NULL,
						   flags, "test", &fake), 0);
	fake.answer = threaded && s != UNWOKEN ? IRQ_WAKE_THREAD : IRQ_HANDLED;
	if (s == PRIMARY_OFF)
		fake.body = disable_within;
	if (s == IN_PROGRESS || s == RESENT || s == RESENT_SHARED)
		fake.body = raise_line;
	if (s == RESENT)
		irqd_set_resend_when_in_progress(irq_get_irq_data(fake.irq));
	if (s == RESENT_SHARED) {
		irqd_set_trigger_type(irq_get_irq_data(fake.irq), IRQ_TYPE_EDGE_FALLING);
		KUNIT_ASSERT_EQ(test, request_irq(fake.irq, other_handler, IRQF_SHARED, "other",
						  fake.log), 0);
	}
	if (s == DISABLED || s == PENDING)
		disable_irq(fake.irq);
	return true;
}

static void flow_asks_the_chip_in_this_order(struct kunit *test)
{
	const struct order *o = test->param_value;
	bool taken;

	if ((o->situation == IN_PROGRESS || o->situation == RESENT) &&
	    o->flow == handle_fasteoi_irq && !IS_ENABLED(CONFIG_SMP))
		kunit_skip(test, "one CPU does not look for it");
	fake.can_retrigger = true;
	irq_set_chip_and_handler(fake.irq, o->chip, o->flow);
	taken = take(test, o->situation);
	noted();
	raise_line();
	if (o->situation == PENDING)
		enable_irq(fake.irq);
	if (o->situation == PENDING || o->situation == RESENT || o->situation == RESENT_SHARED)
		msleep(5);	/* the replay is an interrupt of its own */
	note("|");
	msleep(3);
	KUNIT_EXPECT_STREQ(test, noted(), o->expected);
	if (o->situation == RESENT_SHARED)
		free_irq(fake.irq, fake.log);
	if (taken)
		give_line();
}

/* Of a line that is not counted nobody says that it is a storm. */
static void untracked_line_is_neither_counted_nor_turned_off(struct kunit *test)
{
	take_line(test, &fake_chip, handle_untracked_irq);
	fake.answer = IRQ_NONE;
	raise_line();
	KUNIT_EXPECT_EQ(test, kstat_irqs(fake.irq), 0);
	KUNIT_EXPECT_EQ(test, context_unsafe(irq_to_desc(fake.irq)->unhandled), 0);
	give_line();
}

static const struct kunit_case irq_order_cases[] = {
	KUNIT_CASE_PARAM(flow_asks_the_chip_in_this_order, order_gen_params),
	KUNIT_CASE(untracked_line_is_neither_counted_nor_turned_off),
	{}
};

static struct kunit_suite irq_order_suite = {
	.name = "irq_order",
	.init = irq_case_init,
	.exit = irq_case_exit,
	.test_cases = irq_order_cases,
};
kunit_test_suite(irq_order_suite);
