/* SPDX-License-Identifier: MIT */
/*
 * What the irq core counts of a line and shows of it, and what it makes of handlers that
 * handle nothing.
 */
#include <hal/irqflags.h>
#include <kernel/irq.h>
#include <kernel/seq_file.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "fake_irq.h"

static void interrupts_are_counted(struct kunit *test)
{
	take_line(test, &fake_chip, handle_level_irq);
	for (int i = 0; i < 5; i++)
		raise_line();
	KUNIT_EXPECT_EQ(test, kstat_irqs(fake.irq), 5);
	KUNIT_EXPECT_EQ(test, kstat_irqs_cpu(fake.irq, 0), 5);
	KUNIT_EXPECT_EQ(test, kstat_irqs_cpu(fake.irq, 1000), 0);
	give_line();
}

/* With a warning, once. */
static void answer_that_wants_no_thread_of_its_own_is_none(struct kunit *test)
{
	take_line(test, &fake_eoi_chip, handle_fasteoi_irq);
	fake.answer = IRQ_WAKE_THREAD;
	KUNIT_EXPECT_WARNINGS(test, 1, raise_line());
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "handle eoi handle eoi");
	KUNIT_EXPECT_EQ(test, context_unsafe(irq_to_desc(fake.irq)->unhandled), 2);
	fake.answer = (irqreturn_t)4;
	KUNIT_EXPECT_WARNINGS(test, 1, raise_line());
	KUNIT_EXPECT_EQ(test, context_unsafe(irq_to_desc(fake.irq)->unhandled), 3);
	give_line();
}

static void enable_interrupts(void)
	__no_context_analysis	/* what it is not to do is reported */
{
	local_irq_enable();
}

static void handler_that_enables_interrupts_is_reported(struct kunit *test)
{
	unsigned long flags;
	bool off = false;

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "a check of CONFIG_DEBUG");
	take_line(test, &fake_eoi_chip, handle_fasteoi_irq);
	fake.body = enable_interrupts;
	local_irq_save(flags);
	KUNIT_EXPECT_WARNINGS(test, 1, generic_handle_irq(fake.irq); off = irqs_disabled());
	local_irq_restore(flags);
	KUNIT_EXPECT_TRUE(test, off);
	KUNIT_EXPECT_STREQ(test, noted(), "handle eoi");
	give_line();
}

/* 99,900 of the last 100,000. */
static void line_that_nobody_handles_is_turned_off(struct kunit *test)
{
	take_line(test, &fake_eoi_chip, handle_fasteoi_irq);
	fake.answer = IRQ_NONE;
	for (int i = 0; i < 99900; i++)
		raise_line();
	KUNIT_EXPECT_EQ(test, fake.calls, 99900);
	noted();
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "handle mask eoi");
	raise_line();
	KUNIT_EXPECT_EQ(test, fake.calls, 99901);
	give_line();
	fake.answer = IRQ_HANDLED;
	take_line(test, &fake_eoi_chip, handle_fasteoi_irq);
	noted();
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "handle eoi");
	give_line();
}

static void line_that_is_handled_now_and_then_stays_on(struct kunit *test)
{
	take_line(test, &fake_eoi_chip, handle_fasteoi_irq);
	for (int i = 0; i < 200000; i++) {
		fake.answer = i % 900 ? IRQ_NONE : IRQ_HANDLED;
		raise_line();
	}
	KUNIT_EXPECT_EQ(test, fake.calls, 200000);
	give_line();
}

static void line_shows_what_it_is(struct kunit *test)
{
	char text[160];
	struct seq_file seq = { .buf = text, .size = sizeof(text) };

	take_line(test, &fake_chip, handle_edge_irq);
	raise_line();
	irq_set_irq_type(fake.irq, IRQ_TYPE_EDGE_FALLING);
	KUNIT_EXPECT_TRUE(test, irq_show(&seq, fake.irq));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " 1 "));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " fake "));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " falling edge "));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " test\n"));
	KUNIT_EXPECT_FALSE(test, irq_show(&seq, 100000));
	give_line();
}

/* Who gives no name has none. */
static void line_shows_whose_handler_is_a_thread(struct kunit *test)
{
	char text[160];
	struct seq_file seq = { .buf = text, .size = sizeof(text) };
	int other;

	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, handler, IRQF_SHARED | IRQF_ONESHOT, "plain",
					  &fake), 0);
	KUNIT_ASSERT_EQ(test, request_threaded_irq(fake.irq, NULL, handler,
						   IRQF_SHARED | IRQF_ONESHOT, NULL, &other), 0);
	KUNIT_EXPECT_TRUE(test, irq_show(&seq, fake.irq));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " plain, (null) (thread)\n"));
	KUNIT_EXPECT_NULL(test, free_irq(fake.irq, &other));
	give_line();
}

static const struct kunit_case irq_count_cases[] = {
	KUNIT_CASE(interrupts_are_counted),
	KUNIT_CASE(answer_that_wants_no_thread_of_its_own_is_none),
	KUNIT_CASE(handler_that_enables_interrupts_is_reported),
	KUNIT_CASE(line_that_nobody_handles_is_turned_off),
	KUNIT_CASE(line_that_is_handled_now_and_then_stays_on),
	KUNIT_CASE(line_shows_what_it_is),
	KUNIT_CASE(line_shows_whose_handler_is_a_thread),
	{}
};

static struct kunit_suite irq_count_suite = {
	.name = "irq_count",
	.init = irq_case_init,
	.exit = irq_case_exit,
	.test_cases = irq_count_cases,
};
kunit_test_suite(irq_count_suite);
