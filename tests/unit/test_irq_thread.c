/* SPDX-License-Identifier: MIT */
/*
 * Handlers in threads: when they run, who waits for them, and what a line looks like until they
 * are done.
 *
 * A case's threads run on its own CPU, when it sleeps: what is noted between two sleeps is in the
 * order in which it happened.
 */
#include <drivers/device.h>
#include <kernel/completion.h>
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/timer.h>
#include <lib/errno.h>
#include <lib/sprintf.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "fake_irq.h"
#include "lock_threads.h"
#include "threads.h"

static struct {
	unsigned int runs;
	void (*body)(void);	/* what the first run does */
	irqreturn_t answer;
	bool was_hardirq;
	struct completion go;	/* for body_waits() */
	unsigned int expander;	/* a line; 0: none */
} thread;

static int irq_thread_init(struct kunit *test)
{
	memset(&thread, 0, sizeof(thread));
	thread.answer = IRQ_HANDLED;
	init_completion(&thread.go);
	return irq_case_init(test);
}

static void irq_thread_exit(struct kunit *test)
{
	free_leftovers(test, thread.expander);
	irq_case_exit(test);
}

static irqreturn_t thread_fn(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	note("thread");
	thread.was_hardirq = in_hardirq();
	if (++thread.runs == 1 && thread.body)
		thread.body();
	return thread.answer;
}

static void body_waits(void)
{
	wait_for_completion(&thread.go);
	note("done");
}

/* Threads that can run have run. */
static void let_threads_run(void)
{
	msleep(2);
}

static void take_threaded(struct kunit *test, const struct irq_chip *chip, irq_flow_handler_t flow,
			  irq_handler_t primary, unsigned long flags)
{
	irq_set_chip_and_handler(fake.irq, chip, flow);
	KUNIT_ASSERT_EQ(test, request_threaded_irq(fake.irq, primary, thread_fn, flags, "test",
						   &fake), 0);
	fake.answer = IRQ_WAKE_THREAD;
	noted();
}

static unsigned int threads_active(void)
{
	return context_unsafe(irq_to_desc(fake.irq)->threads_active);
}

/* ---- requests ---- */

static void thread_has_the_lines_number_and_name_and_goes_first(struct kunit *test)
{
	struct task_struct *t;
	char name[TASK_COMM_LEN];

	take_threaded(test, &fake_chip, handle_level_irq, NULL, IRQF_ONESHOT);
	t = irq_to_desc(fake.irq)->action->thread;
	snprintf(name, sizeof(name), "irq/%u-test", fake.irq);
	KUNIT_EXPECT_STREQ(test, t->comm, name);
	KUNIT_EXPECT_EQ(test, t->prio, TASK_PRIO_FIFO);
	give_line();
}

static void thread_without_a_handler_must_be_oneshot(struct kunit *test)
{
	kunit_tolerates_faults(test);
	KUNIT_EXPECT_EQ(test, request_threaded_irq(fake.irq, NULL, thread_fn, 0, "test", &fake),
			-EINVAL);
	KUNIT_EXPECT_STREQ(test, noted(), "");
	KUNIT_EXPECT_NULL(test, irq_to_desc(fake.irq)->action);
	irq_set_chip_and_handler(fake.irq, &fake_safe_chip, handle_fasteoi_irq);
	KUNIT_ASSERT_EQ(test, request_threaded_irq(fake.irq, NULL, thread_fn, 0, "test", &fake), 0);
	give_line();
}

static void sharers_agree_on_oneshot(struct kunit *test)
{
	int other;

	kunit_tolerates_faults(test);
	take_threaded(test, &fake_chip, handle_level_irq, handler, IRQF_SHARED | IRQF_ONESHOT);
	KUNIT_EXPECT_EQ(test, request_threaded_irq(fake.irq, other_handler, thread_fn, IRQF_SHARED,
						   "two", &other), -EBUSY);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, other_handler, IRQF_SHARED, "two", &other),
			-EBUSY);
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, other_handler, IRQF_SHARED | IRQF_ONESHOT,
					  "two", &other), 0);
	free_irq(fake.irq, &other);
	give_line();
}

#define ONESHOT_USERS	(8 * sizeof(unsigned long))

static void oneshot_has_as_many_users_as_a_word_has_bits(struct kunit *test)
{
	char cookies[ONESHOT_USERS + 1];
	unsigned int n = 0;
	int ret;

	kunit_tolerates_faults(test);
	do {
		ret = request_irq(fake.irq, handler, IRQF_SHARED | IRQF_ONESHOT, "test",
				  &cookies[n]);
	} while (ret == 0 && ++n <= ONESHOT_USERS);
	KUNIT_EXPECT_EQ(test, ret, -EBUSY);
	KUNIT_EXPECT_EQ(test, n, ONESHOT_USERS);
	while (n--)
		free_irq(fake.irq, &cookies[n]);
}

static void request_fits_the_context_of_the_line(struct kunit *test)
{
	irq_set_chip_and_handler(fake.irq, &fake_chip, handle_simple_irq);
	KUNIT_ASSERT_EQ(test, request_any_context_irq(fake.irq, handler, 0, "test", &fake),
			IRQC_IS_HARDIRQ);
	noted();
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "handle");
	give_line();
	irq_set_nested_thread(fake.irq, true);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, 0, "test", &fake), -EINVAL);
	KUNIT_ASSERT_EQ(test, request_any_context_irq(fake.irq, handler, 0, "test", &fake),
			IRQC_IS_NESTED);
	KUNIT_EXPECT_NULL(test, irq_to_desc(fake.irq)->action->thread);
	give_line();
	irq_set_nested_thread(fake.irq, false);
	KUNIT_EXPECT_EQ(test, request_any_context_irq(0, handler, 0, "test", &fake), -EINVAL);
}

static void unregister_root(void *dev)
{
	root_device_unregister(dev);
}

static void managed_thread_ends_with_the_binding(struct kunit *test)
{
	struct device *dev = root_device_register("irq-user");

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, unregister_root, dev), 0);
	KUNIT_ASSERT_EQ(test, devm_request_threaded_irq(dev, fake.irq, NULL, thread_fn,
							IRQF_ONESHOT, NULL, &fake), 0);
	KUNIT_EXPECT_EQ(test, devm_request_any_context_irq(dev, fake.irq, handler, 0, NULL, &dev),
			-EBUSY);
	devres_release_all(dev);
	KUNIT_EXPECT_NULL(test, irq_to_desc(fake.irq)->action);
	KUNIT_ASSERT_EQ(test, devm_request_any_context_irq(dev, fake.irq, handler, 0, NULL, &fake),
			IRQC_IS_HARDIRQ);
	devres_release_all(dev);
}

/* ---- when it runs ---- */

static void thread_runs_when_its_handler_asks_for_it(struct kunit *test)
{
	take_threaded(test, &fake_chip, handle_edge_irq, handler, 0);
	fake.answer = IRQ_HANDLED;
	raise_line();
	let_threads_run();
	KUNIT_EXPECT_STREQ(test, noted(), "ack handle");
	fake.answer = IRQ_WAKE_THREAD;
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "ack handle");
	synchronize_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "thread");
	KUNIT_EXPECT_FALSE(test, thread.was_hardirq);
	give_line();
}

static void wake_again(void)
{
	raise_line();
	raise_line();
}

static void thread_woken_while_it_runs_runs_once_more(struct kunit *test)
{
	take_threaded(test, &fake_chip, handle_edge_irq, handler, 0);
	thread.body = wake_again;
	raise_line();
	synchronize_irq(fake.irq);
	KUNIT_EXPECT_EQ(test, thread.runs, 2);
	KUNIT_EXPECT_EQ(test, threads_active(), 0);
	give_line();
}

static void thread_is_woken_by_hand(struct kunit *test)
{
	int other;

	take_threaded(test, &fake_chip, handle_level_irq, handler, IRQF_ONESHOT);
	irq_wake_thread(fake.irq, &other);
	irq_wake_thread(0, &fake);
	let_threads_run();
	KUNIT_EXPECT_STREQ(test, noted(), "");
	irq_wake_thread(fake.irq, &fake);
	synchronize_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "thread");
	give_line();
	take_line(test, &fake_chip, handle_level_irq);
	irq_wake_thread(fake.irq, &fake);
	KUNIT_EXPECT_EQ(test, threads_active(), 0);
	give_line();
}

/* ---- who waits for it ---- */

static void end_wait(struct timer_list *timer)
{
	(void)timer;
	note("go");
	complete(&thread.go);
}

static DEFINE_TIMER(go_timer, end_wait);

/* The thread runs, and ends some milliseconds from now. */
static void begin_long_run(struct kunit *test, unsigned long flags)
{
	take_threaded(test, &fake_chip, handle_level_irq, handler, flags);
	thread.body = body_waits;
	raise_line();
	let_threads_run();
	KUNIT_EXPECT_EQ(test, thread.runs, 1);
	noted();
	mod_timer(&go_timer, jiffies + msecs_to_jiffies(5));
}

static void disabling_and_synchronising_wait_for_the_thread(struct kunit *test)
{
	begin_long_run(test, IRQF_ONESHOT);
	KUNIT_EXPECT_FALSE(test, synchronize_hardirq(fake.irq));
	KUNIT_EXPECT_FALSE(test, disable_hardirq(fake.irq));
	KUNIT_EXPECT_STREQ(test, noted(), "");
	disable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "go done");
	KUNIT_EXPECT_TRUE(test, synchronize_hardirq(fake.irq));
	enable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "");
	enable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "unmask");
	KUNIT_EXPECT_TRUE(test, disable_hardirq(fake.irq));
	KUNIT_EXPECT_FALSE(test, disable_hardirq(0));
	give_line();
	del_timer_sync(&go_timer);
}

static void line_is_disabled_in_a_scope(struct kunit *test)
{
	begin_long_run(test, IRQF_ONESHOT);
	{
		guard(disable_irq)(&fake.irq);
		KUNIT_EXPECT_STREQ(test, noted(), "go done");
	}
	KUNIT_EXPECT_STREQ(test, noted(), "unmask");
	give_line();
	del_timer_sync(&go_timer);
}

static void freeing_waits_for_the_thread(struct kunit *test)
{
	begin_long_run(test, IRQF_ONESHOT);
	free_irq(fake.irq, &fake);
	KUNIT_EXPECT_STREQ(test, noted(), "go done");
	KUNIT_EXPECT_EQ(test, threads_active(), 0);
	del_timer_sync(&go_timer);
}

/* It had not begun when the line was freed. */
static void what_woke_the_thread_is_settled_by_freeing(struct kunit *test)
{
	int other;

	take_threaded(test, &fake_chip, handle_level_irq, handler, IRQF_SHARED | IRQF_ONESHOT);
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, other_handler, IRQF_SHARED | IRQF_ONESHOT,
					  "two", &other), 0);
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack handle other");
	free_irq(fake.irq, &fake);
	KUNIT_EXPECT_NOT_NULL(test, strstr(noted(), "unmask"));
	KUNIT_EXPECT_EQ(test, threads_active(), 0);
	synchronize_irq(fake.irq);
	free_irq(fake.irq, &other);
}

static const void *freed;

static void free_own(void)
{
	freed = free_irq(fake.irq, &fake);
}

static void disable_own(void)
{
	disable_irq(fake.irq);
	note("disabled");
}

static void thread_that_frees_its_line_is_reported(struct kunit *test)
{
	take_threaded(test, &fake_chip, handle_level_irq, handler, IRQF_ONESHOT);
	thread.body = free_own;
	freed = &fake;
	raise_line();
	KUNIT_EXPECT_REPORT(test, "is freed by its own thread", let_threads_run());
	KUNIT_EXPECT_NULL(test, freed);
	give_line();
}

/* It is disabled all the same. */
static void thread_that_waits_for_itself_is_reported(struct kunit *test)
{
	take_threaded(test, &fake_chip, handle_level_irq, handler, IRQF_ONESHOT);
	thread.body = disable_own;
	raise_line();
	KUNIT_EXPECT_REPORT(test, "is waited for by its own thread", let_threads_run());
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack handle thread disabled");
	enable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "unmask");
	give_line();
}

/* ---- lines with several ---- */

static irqreturn_t wake_other(int irq, void *dev_id)
{
	other_handler(irq, dev_id);
	return IRQ_WAKE_THREAD;
}

static irqreturn_t other_thread_fn(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	note("other-thread");
	return IRQ_HANDLED;
}

static void line_is_masked_until_the_last_thread_is_done(struct kunit *test)
{
	int other;

	take_threaded(test, &fake_chip, handle_level_irq, handler, IRQF_SHARED | IRQF_ONESHOT);
	KUNIT_ASSERT_EQ(test, request_threaded_irq(fake.irq, wake_other, other_thread_fn,
						   IRQF_SHARED | IRQF_ONESHOT, "two", &other), 0);
	noted();
	thread.body = body_waits;
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack handle other");
	let_threads_run();
	KUNIT_EXPECT_STREQ(test, noted(), "thread other-thread");
	complete(&thread.go);
	synchronize_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "done unmask");
	free_irq(fake.irq, &other);
	give_line();
}

static void wake_by_hand(void)
{
	irq_wake_thread(fake.irq, &fake);
}

static void line_stays_masked_for_a_thread_that_is_woken_again(struct kunit *test)
{
	take_threaded(test, &fake_chip, handle_level_irq, NULL, IRQF_ONESHOT);
	thread.body = wake_by_hand;
	raise_line();
	synchronize_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack thread thread unmask");
	give_line();
}

/* ---- a thread that ends ---- */

static void exit_thread(void)
{
	kthread_exit(-EIO);
}

static void line_outlives_a_thread_that_ends(struct kunit *test)
{
	struct irq_desc *desc = irq_to_desc(fake.irq);

	take_threaded(test, &fake_chip, handle_level_irq, handler, IRQF_ONESHOT);
	thread.body = exit_thread;
	raise_line();
	let_threads_run();
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack handle thread unmask");
	KUNIT_EXPECT_EQ(test, threads_active(), 0);
	/* Nobody is left to handle what comes. */
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack handle unmask");
	KUNIT_EXPECT_EQ(test, context_unsafe(desc->unhandled), 1);
	irq_wake_thread(fake.irq, &fake);
	disable_irq(fake.irq);
	give_line();
}

/* Its stack stays for good, but for a test that knows that nothing of it is in use. */
static void free_killed(struct task_struct *t)
{
	kthread_join(t);
	vmap_stack_free(t->stack);
	put_task_struct(t);
	put_task_struct(t);
}

static void line_outlives_a_thread_that_is_killed(struct kunit *test)
{
	struct task_struct *t;

	NEEDS_KILLS(test);
	take_threaded(test, &fake_chip, handle_level_irq, handler, IRQF_ONESHOT);
	t = get_task_struct(irq_to_desc(fake.irq)->action->thread);
	thread.body = body_waits;
	raise_line();
	let_threads_run();
	raise_line();	/* runs, and has been woken again */
	KUNIT_EXPECT_EQ(test, threads_active(), 2);
	noted();
	KUNIT_ASSERT_TRUE(test, kthread_kill(t, -EFAULT));
	let_threads_run();
	KUNIT_EXPECT_STREQ(test, noted(), "unmask");
	KUNIT_EXPECT_EQ(test, threads_active(), 0);
	disable_irq(fake.irq);
	give_line();
	free_killed(t);
}

static void line_outlives_a_thread_that_is_killed_asleep(struct kunit *test)
{
	struct task_struct *t;

	NEEDS_KILLS(test);
	take_threaded(test, &fake_chip, handle_level_irq, handler, IRQF_ONESHOT);
	t = get_task_struct(irq_to_desc(fake.irq)->action->thread);
	raise_line();
	KUNIT_ASSERT_TRUE(test, kthread_kill(t, -EFAULT));	/* before it has begun */
	let_threads_run();
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack handle unmask");
	KUNIT_EXPECT_EQ(test, threads_active(), 0);
	give_line();
	free_killed(t);
}

/* ---- what nobody handles ---- */

#define UNHANDLED_MAX	99900u

/* As if so many had come, the last one just now. */
static void come_unhandled(unsigned int n)
{
	struct irq_desc *desc = irq_to_desc(fake.irq);

	context_unsafe(desc->unhandled) = n;
	context_unsafe(desc->last_unhandled) = jiffies;
}

static void raise_and_wait(void)
{
	raise_line();
	synchronize_irq(fake.irq);
}

static void line_that_no_thread_handles_is_turned_off(struct kunit *test)
{
	int other;

	take_threaded(test, &fake_chip, handle_level_irq, NULL, IRQF_SHARED | IRQF_ONESHOT);
	raise_and_wait();
	come_unhandled(UNHANDLED_MAX);
	for (int i = 0; i < 5; i++)
		raise_and_wait();	/* it handles them all */
	KUNIT_EXPECT_FALSE(test, irqd_irq_disabled(irq_get_irq_data(fake.irq)));
	thread.answer = IRQ_NONE;
	come_unhandled(UNHANDLED_MAX);
	raise_and_wait();		/* of the last that was handled */
	KUNIT_EXPECT_FALSE(test, irqd_irq_disabled(irq_get_irq_data(fake.irq)));
	raise_and_wait();
	KUNIT_EXPECT_TRUE(test, irqd_irq_disabled(irq_get_irq_data(fake.irq)));
	/* Another user may be the one who does. */
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, other_handler, IRQF_SHARED | IRQF_ONESHOT,
					  "two", &other), 0);
	KUNIT_EXPECT_FALSE(test, irqd_irq_disabled(irq_get_irq_data(fake.irq)));
	free_irq(fake.irq, &other);
	give_line();
}

/* ---- nested lines ---- */

static void nested_line_is_handled_in_the_callers_thread(struct kunit *test)
{
	irq_set_nested_thread(fake.irq, true);
	take_threaded(test, &fake_chip, handle_simple_irq, handler, IRQF_ONESHOT);
	handle_nested_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "thread");
	KUNIT_EXPECT_EQ(test, kstat_irqs(fake.irq), 1);
	KUNIT_EXPECT_EQ(test, threads_active(), 0);
	KUNIT_EXPECT_REPORT(test, "is nested", raise_line());
	give_line();
	irq_set_nested_thread(fake.irq, false);
}

static void nested_line_that_waits_for_itself_is_reported(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "a check of CONFIG_DEBUG");
	irq_set_nested_thread(fake.irq, true);
	take_threaded(test, &fake_chip, handle_simple_irq, NULL, IRQF_ONESHOT);
	thread.body = disable_own;
	KUNIT_EXPECT_REPORT(test, "is waited for by its own thread", handle_nested_irq(fake.irq));
	enable_irq(fake.irq);
	give_line();
	irq_set_nested_thread(fake.irq, false);
}

static irqreturn_t ask_expander(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	note("expander");
	handle_nested_irq(fake.irq);
	return IRQ_HANDLED;
}

/* The expander's own line, an edge; line 0 is one of its pins. */
static unsigned int take_expander(struct kunit *test)
{
	unsigned int outer = irq_create_mapping(fake.domain, 1);

	thread.expander = outer;
	irq_set_chip_and_handler(outer, &fake_chip, handle_edge_irq);
	irq_set_nested_thread(fake.irq, true);
	KUNIT_EXPECT_EQ(test, irq_set_parent((int)fake.irq, (int)outer), 0);
	KUNIT_EXPECT_EQ(test, irq_set_parent(0, (int)outer), -EINVAL);
	KUNIT_ASSERT_EQ(test, request_threaded_irq(outer, NULL, ask_expander, IRQF_ONESHOT,
						   "expander", &fake), 0);
	take_threaded(test, &fake_chip, handle_simple_irq, NULL, IRQF_ONESHOT);
	return outer;
}

static void give_expander(unsigned int outer)
{
	give_line();
	free_irq(outer, &fake);
	irq_set_nested_thread(fake.irq, false);
}

static void nested_line_is_replayed_by_its_parent(struct kunit *test)
{
	unsigned int outer = take_expander(test);

	disable_irq(fake.irq);
	raise(outer);
	let_threads_run();
	KUNIT_EXPECT_EQ(test, thread.runs, 0);
	noted();
	enable_irq(fake.irq);
	let_threads_run();
	KUNIT_EXPECT_STREQ(test, noted(), "unmask ack expander thread");
	give_expander(outer);
}

/* The handler of line 0 runs in the expander's thread, and ends some milliseconds from now. */
static unsigned int begin_long_nested_run(struct kunit *test)
{
	unsigned int outer = take_expander(test);

	thread.body = body_waits;
	raise(outer);
	let_threads_run();
	mod_timer(&go_timer, jiffies + msecs_to_jiffies(5));
	noted();
	return outer;
}

static void disabling_a_nested_line_waits_for_its_handler(struct kunit *test)
{
	unsigned int outer = begin_long_nested_run(test);

	disable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "mask go done");
	enable_irq(fake.irq);
	give_expander(outer);
	del_timer_sync(&go_timer);
}

static void freeing_a_nested_line_waits_for_its_handler(struct kunit *test)
{
	unsigned int outer = begin_long_nested_run(test);

	give_line();
	KUNIT_EXPECT_STREQ(test, noted(), "mask go done");
	free_irq(outer, &fake);
	irq_set_nested_thread(fake.irq, false);
	del_timer_sync(&go_timer);
}

static void nested_line_outlives_its_parents_thread(struct kunit *test)
{
	unsigned int outer = take_expander(test);

	thread.body = exit_thread;
	raise(outer);
	let_threads_run();
	KUNIT_EXPECT_EQ(test, threads_active(), 0);
	disable_irq(fake.irq);
	give_expander(outer);
}

static const struct kunit_case irq_thread_cases[] = {
	KUNIT_CASE(thread_has_the_lines_number_and_name_and_goes_first),
	KUNIT_CASE(thread_without_a_handler_must_be_oneshot),
	KUNIT_CASE(sharers_agree_on_oneshot),
	KUNIT_CASE(oneshot_has_as_many_users_as_a_word_has_bits),
	KUNIT_CASE(request_fits_the_context_of_the_line),
	KUNIT_CASE(managed_thread_ends_with_the_binding),
	KUNIT_CASE(thread_runs_when_its_handler_asks_for_it),
	KUNIT_CASE(thread_woken_while_it_runs_runs_once_more),
	KUNIT_CASE(thread_is_woken_by_hand),
	KUNIT_CASE(disabling_and_synchronising_wait_for_the_thread),
	KUNIT_CASE(line_is_disabled_in_a_scope),
	KUNIT_CASE(freeing_waits_for_the_thread),
	KUNIT_CASE(what_woke_the_thread_is_settled_by_freeing),
	KUNIT_CASE(thread_that_frees_its_line_is_reported),
	KUNIT_CASE(thread_that_waits_for_itself_is_reported),
	KUNIT_CASE(line_is_masked_until_the_last_thread_is_done),
	KUNIT_CASE(line_stays_masked_for_a_thread_that_is_woken_again),
	KUNIT_CASE(line_outlives_a_thread_that_ends),
	KUNIT_CASE(line_outlives_a_thread_that_is_killed),
	KUNIT_CASE(line_outlives_a_thread_that_is_killed_asleep),
	KUNIT_CASE(line_that_no_thread_handles_is_turned_off),
	KUNIT_CASE(nested_line_is_handled_in_the_callers_thread),
	KUNIT_CASE(nested_line_that_waits_for_itself_is_reported),
	KUNIT_CASE(nested_line_is_replayed_by_its_parent),
	KUNIT_CASE(disabling_a_nested_line_waits_for_its_handler),
	KUNIT_CASE(freeing_a_nested_line_waits_for_its_handler),
	KUNIT_CASE(nested_line_outlives_its_parents_thread),
	{}
};

static struct kunit_suite irq_thread_suite = {
	.name = "irq_thread",
	.init = irq_thread_init,
	.exit = irq_thread_exit,
	.test_cases = irq_thread_cases,
};
kunit_test_suite(irq_thread_suite);
