/* SPDX-License-Identifier: MIT */
/*
 * Races of lines: the controller goes while users free its lines, and the numbers are given out
 * anew; a line comes on several processors at once, as a message may.
 */
#include <hal/irqflags.h>
#include <kernel/interrupt.h>
#include <kernel/irqdesc.h>
#include <kernel/irqdomain.h>
#include <lib/atomic.h>
#include <lib/errno.h>
#include <test/interleave.h>
#include <test/kunit.h>

#include "fake_irq.h"

static struct irq_domain *domain;
static unsigned int irq, made;
static int one, two;

static void use(void *dev_id)
{
	RACE_CHECK(request_irq(irq, handler, IRQF_SHARED, "race", dev_id) == 0);
}

static void reset(void *ctx)
{
	(void)ctx;
	made = 0;
	irq = irq_create_mapping(domain, 0);
	RACE_CHECK(irq);
	use(&one);
}

static void reset_shared(void *ctx)
{
	reset(ctx);
	use(&two);
}

/* The line is gone, and no other one with it. */
static void line_is_gone(void *ctx)
{
	struct irq_desc *desc = irq_to_desc(made);

	(void)ctx;
	RACE_CHECK(irq == made || !irq_to_desc(irq));
	RACE_CHECK(!made || (desc && desc->irq_data.irq == made && desc->irq_data.hwirq == 1));
	irq_dispose_mapping(made);
	RACE_CHECK(!irq_to_desc(irq));
}

/* ---- the racers ---- */

static void dispose(void *ctx)
{
	(void)ctx;
	irq_dispose_mapping(irq);
}

/* The number that has become free is taken at once. */
static void dispose_and_map(void *ctx)
{
	dispose(ctx);
	made = irq_create_mapping(domain, 1);
}

static void free_one(void *ctx)
{
	(void)ctx;
	free_irq(irq, &one);
}

static void free_two(void *ctx)
{
	(void)ctx;
	free_irq(irq, &two);
}

#define LINE_RACE(name, before, a...)						\
	KUNIT_RACE(name, .reset = before, .settle = line_is_gone, .racers = { a })

LINE_RACE(line_freed_while_its_controller_goes_is_gone_once, reset, dispose, free_one)
LINE_RACE(number_given_out_anew_is_not_freed_by_who_had_it, reset, dispose_and_map, free_one)
LINE_RACE(last_of_two_users_frees_the_line, reset_shared, dispose, free_one, free_two)

/* ---- a line that comes on several processors ---- */

static atomic_t inside, handled;

static irqreturn_t handle_alone(int nr, void *dev_id)
{
	(void)nr;
	(void)dev_id;
	RACE_CHECK(atomic_inc_return(&inside) == 1);
	sched_point();
	RACE_CHECK(atomic_dec_return(&inside) == 0);
	atomic_inc(&handled);
	return IRQ_HANDLED;
}

static void reset_message(void *ctx)
{
	(void)ctx;
	atomic_set(&inside, 0);
	atomic_set(&handled, 0);
	irq = irq_create_mapping(domain, 0);
	irq_set_chip_and_handler(irq, &fake_eoi_chip, handle_fasteoi_irq);
	RACE_CHECK(request_irq(irq, handle_alone, 0, "race", &one) == 0);
}

static void come_often(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < 3; i++) {
		guard(irqsave)();
		generic_handle_irq(irq);
	}
}

/* One that comes while it is handled is not handled twice at once; the last finds nobody. */
static void message_was_handled(void *ctx)
{
	(void)ctx;
	RACE_CHECK(atomic_read(&handled) > 0);
	free_irq(irq, &one);
	irq_dispose_mapping(irq);
}

KUNIT_RACE(a_message_is_handled_on_one_processor_at_a_time,
	   .reset = reset_message, .settle = message_was_handled,
	   .racers = { come_often, come_often, come_often })

static int make_domain(struct kunit_suite *suite)
{
	(void)suite;
	domain = irq_domain_create_linear(NULL, LINES, &fake_ops, NULL);
	return domain ? 0 : -ENOMEM;
}

static void remove_domain(struct kunit_suite *suite)
{
	(void)suite;
	irq_domain_remove(domain);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(line_freed_while_its_controller_goes_is_gone_once),
	KUNIT_CASE(number_given_out_anew_is_not_freed_by_who_had_it),
	KUNIT_CASE(last_of_two_users_frees_the_line),
	KUNIT_CASE(a_message_is_handled_on_one_processor_at_a_time),
	{},
};

static struct kunit_suite suite = {
	.name = "races_irq",
	.test_cases = cases,
	.suite_init = make_domain,
	.suite_exit = remove_domain,
	.timeout_ms = 600000,
};
kunit_test_suite(suite);
