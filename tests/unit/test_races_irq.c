/* SPDX-License-Identifier: MIT */
/*
 * Races of lines: the controller goes while users free its lines, and the numbers are given out
 * anew; a line comes on several processors at once, as a message may; threads of lines that are
 * disabled, freed and woken.
 */
#include <hal/irqflags.h>
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/irqdesc.h>
#include <kernel/irqdomain.h>
#include <lib/atomic.h>
#include <lib/errno.h>
#include <lib/sched_point.h>
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

static atomic_t inside;
static atomic_t posted;		/* by the racers */
static int seen;		/* of those, by a handler that had not ended yet */

static irqreturn_t handle_alone(int nr, void *dev_id)
{
	(void)nr;
	(void)dev_id;
	RACE_CHECK(atomic_inc_return(&inside) == 1);
	smp_store_release(&seen, atomic_read(&posted));
	sched_point();
	RACE_CHECK(atomic_dec_return(&inside) == 0);
	return IRQ_HANDLED;
}

static void map_line(const struct irq_chip *chip, irq_flow_handler_t flow)
{
	atomic_set(&inside, 0);
	atomic_set(&posted, 0);
	seen = 0;
	irq = irq_create_mapping(domain, 0);
	irq_set_chip_and_handler(irq, chip, flow);
	irqd_set_trigger_type(irq_get_irq_data(irq), IRQ_TYPE_EDGE_RISING);
}

static void reset_message(void *ctx)
{
	(void)ctx;
	map_line(&fake_eoi_chip, handle_fasteoi_irq);
	RACE_CHECK(request_irq(irq, handle_alone, 0, "race", &one) == 0);
}

/* The flow looks for what came under the lock. */
static void reset_shared_message(void *ctx)
{
	(void)ctx;
	map_line(&fake_eoi_chip, handle_fasteoi_irq);
	RACE_CHECK(request_irq(irq, handle_alone, IRQF_SHARED, "race", &one) == 0);
	use(&two);
}

static void reset_edge(void *ctx)
{
	(void)ctx;
	map_line(&fake_chip, handle_edge_irq);
	RACE_CHECK(request_irq(irq, handle_alone, 0, "race", &one) == 0);
}

static void post(void)
{
	atomic_inc_return(&posted);
}

static void come_often(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < 3; i++) {
		guard(irqsave)();
		post();
		generic_handle_irq(irq);
	}
}

static void end_line(void)
{
	free_irq(irq, &one);
	if (irq_to_desc(irq)->action)
		free_irq(irq, &two);
	irq_dispose_mapping(irq);
}

/* One that comes while it is handled is not handled twice at once, and not lost: it is resent. */
static void all_were_seen(void *ctx)
{
	(void)ctx;
	for (unsigned int ms = 0; seen != atomic_read(&posted) && ms < 20; ms++)
		msleep(1);
	RACE_CHECK(seen == atomic_read(&posted));
	end_line();
}

#define MESSAGE_RACE(name, before)						\
	KUNIT_RACE(name, .reset = before, .settle = all_were_seen,		\
		   .racers = { come_often, come_often, come_often })

MESSAGE_RACE(a_message_is_handled_on_one_processor_at_a_time_and_not_lost, reset_message)
MESSAGE_RACE(a_shared_message_is_not_lost, reset_shared_message)
MESSAGE_RACE(an_edge_is_handled_on_one_processor_at_a_time_and_not_lost, reset_edge)

/* ---- threads ---- */

static bool masked;		/* at the chip */
static bool quiet;		/* no handler of the line may run */

static void race_mask(struct irq_data *d)
{
	(void)d;
	WRITE_ONCE(masked, true);
}

static void race_unmask(struct irq_data *d)
{
	(void)d;
	WRITE_ONCE(masked, false);
}

static const struct irq_chip race_chip = {
	.name = "race",
	.irq_mask = race_mask,
	.irq_unmask = race_unmask,
	.flags = IRQCHIP_IMMUTABLE,
};

static irqreturn_t wake_unless_quiet(int nr, void *dev_id)
{
	(void)nr;
	(void)dev_id;
	RACE_CHECK(!READ_ONCE(quiet));
	return IRQ_WAKE_THREAD;
}

/* Of a level: the line is masked as long as it runs. */
static irqreturn_t see_in_thread(int nr, void *dev_id)
{
	(void)nr;
	(void)dev_id;
	RACE_CHECK(READ_ONCE(masked) && !READ_ONCE(quiet));
	smp_store_release(&seen, atomic_read(&posted));
	sched_point();
	RACE_CHECK(READ_ONCE(masked) && !READ_ONCE(quiet));
	return IRQ_HANDLED;
}

static void use_thread(void *dev_id)
{
	RACE_CHECK(request_threaded_irq(irq, wake_unless_quiet, see_in_thread,
					IRQF_SHARED | IRQF_ONESHOT, "race", dev_id) == 0);
}

static void reset_thread(void *ctx)
{
	(void)ctx;
	quiet = false;
	masked = true;
	map_line(&race_chip, handle_level_irq);
	use_thread(&one);
}

static void reset_threads(void *ctx)
{
	reset_thread(ctx);
	use_thread(&two);
}

/* The device asserts it, which reaches the processor unless it is masked. */
static void assert_level(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < 3; i++) {
		guard(irqsave)();
		post();
		if (!READ_ONCE(masked))
			generic_handle_irq(irq);
	}
}

static void disable_and_enable(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < 2; i++) {
		disable_irq(irq);
		WRITE_ONCE(quiet, true);
		sched_point();
		RACE_CHECK(READ_ONCE(masked));
		WRITE_ONCE(quiet, false);
		enable_irq(irq);
	}
}

/* By two: neither may say that it is quiet, for the other's enable. */
static void disable_nested(void *ctx)
{
	(void)ctx;
	disable_irq(irq);
	RACE_CHECK(READ_ONCE(masked));
	enable_irq(irq);
}

static void free_one_for_good(void *ctx)
{
	free_one(ctx);
	WRITE_ONCE(quiet, true);
}

static void wake_often(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < 3; i++) {
		post();
		irq_wake_thread(irq, &one);
	}
}

/* Nothing is left to run, nothing is masked for it, and who is still there hears the next one. */
static void line_is_at_rest(void *ctx)
{
	struct irq_desc *desc = irq_to_desc(irq);

	(void)ctx;
	synchronize_irq(irq);
	RACE_CHECK(synchronize_hardirq(irq));
	RACE_CHECK(!context_unsafe(desc->threads_oneshot));
	RACE_CHECK(masked == !desc->action);
	while (desc->action)
		free_irq(irq, desc->action->dev_id);
	irq_dispose_mapping(irq);
}

static void last_wakeup_was_seen(void *ctx)
{
	synchronize_irq(irq);
	RACE_CHECK(seen == atomic_read(&posted));
	line_is_at_rest(ctx);
}

/* The thread's own look at whether it is masked is for interrupts, which mask it. */
static irqreturn_t see_when_woken(int nr, void *dev_id)
{
	(void)nr;
	(void)dev_id;
	smp_store_release(&seen, atomic_read(&posted));
	sched_point();
	return IRQ_HANDLED;
}

static void reset_woken(void *ctx)
{
	(void)ctx;
	quiet = false;
	masked = true;
	map_line(&race_chip, handle_level_irq);
	RACE_CHECK(request_threaded_irq(irq, wake_unless_quiet, see_when_woken, IRQF_ONESHOT,
					"race", &one) == 0);
}

#define THREAD_RACE(name, before, after, a...)					\
	KUNIT_RACE(name, .reset = before, .settle = after, .racers = { a })

THREAD_RACE(line_is_masked_for_its_thread_and_unmasked_after, reset_thread, line_is_at_rest,
	    assert_level, assert_level)
THREAD_RACE(line_is_masked_until_both_threads_are_done, reset_threads, line_is_at_rest,
	    assert_level, assert_level)
THREAD_RACE(disabled_line_has_no_thread_that_runs, reset_thread, line_is_at_rest, assert_level,
	    disable_and_enable)
THREAD_RACE(disabling_twice_leaves_the_line_on, reset_thread, line_is_at_rest, assert_level,
	    disable_nested, disable_nested)
THREAD_RACE(freed_line_has_no_thread_that_runs, reset_thread, line_is_at_rest, assert_level,
	    free_one_for_good)
THREAD_RACE(freed_user_owes_the_other_nothing, reset_threads, line_is_at_rest, assert_level,
	    free_two)
THREAD_RACE(wake_up_of_a_thread_that_is_done_is_not_lost, reset_woken, last_wakeup_was_seen,
	    wake_often, wake_often)

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
	KUNIT_CASE(a_message_is_handled_on_one_processor_at_a_time_and_not_lost),
	KUNIT_CASE(a_shared_message_is_not_lost),
	KUNIT_CASE(an_edge_is_handled_on_one_processor_at_a_time_and_not_lost),
	KUNIT_CASE(line_is_masked_for_its_thread_and_unmasked_after),
	KUNIT_CASE(line_is_masked_until_both_threads_are_done),
	KUNIT_CASE(disabled_line_has_no_thread_that_runs),
	KUNIT_CASE(disabling_twice_leaves_the_line_on),
	KUNIT_CASE(freed_line_has_no_thread_that_runs),
	KUNIT_CASE(freed_user_owes_the_other_nothing),
	KUNIT_CASE(wake_up_of_a_thread_that_is_done_is_not_lost),
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
