/* SPDX-License-Identifier: MIT */
/*
 * What goes while it may be in use: freeing, disabling and removing a line wait for its
 * handler that runs on another CPU, and for who has found the line and gone no further.
 */
#include <hal/irqflags.h>
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/irqdomain.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "fake_irq.h"
#include "threads.h"

/* ---- handlers that run ---- */

/* As the flow of another CPU marks it, which a timer plays: it ends after some time. */
static void mark_inprogress(bool inprogress)
{
	struct irq_common_data *common = &irq_to_desc(fake.irq)->irq_common_data;

	guard(irqsave)();
	common->state_use_accessors &= ~(unsigned int)IRQD_IRQ_INPROGRESS;
	common->state_use_accessors |= inprogress ? IRQD_IRQ_INPROGRESS : 0;
}

static void end_handler(struct timer_list *timer)
{
	(void)timer;
	note("end");
	mark_inprogress(false);
}

static DEFINE_TIMER(end_timer, end_handler);

static void begin_handler(void)
{
	mark_inprogress(true);
	mod_timer(&end_timer, jiffies + msecs_to_jiffies(5));
}

static void freeing_waits_for_a_handler_that_runs(struct kunit *test)
{
	take_line(test, &fake_chip, handle_level_irq);
	begin_handler();
	free_irq(fake.irq, &fake);
	KUNIT_EXPECT_STREQ(test, noted(), "mask end");
	del_timer_sync(&end_timer);
}

static void disabling_waits_for_a_handler_that_runs(struct kunit *test)
{
	take_line(test, &fake_chip, handle_level_irq);
	begin_handler();
	disable_irq_nosync(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "mask");
	disable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "end");
	del_timer_sync(&end_timer);
	give_line();
}

static void controller_goes_when_its_lines_handler_has_ended(struct kunit *test)
{
	unsigned int irq = fake.irq;

	take_line(test, &fake_chip, handle_level_irq);
	begin_handler();
	irq_dispose_mapping(irq);
	KUNIT_EXPECT_STREQ(test, noted(), "mask end");
	del_timer_sync(&end_timer);
	free_irq(irq, &fake);
	KUNIT_EXPECT_NULL(test, irq_to_desc(irq));
}

/* ---- interrupts that another CPU has found, and no more ---- */

static struct {
	unsigned int irq, irq_at_end;
	bool inside, leave, left;
} far;

/* Has looked up the line as a hard interrupt does, and takes its time until it goes on. */
static int find_line(void *unused)
{
	const struct irq_desc *desc;

	(void)unused;
	guard(rcu)();
	desc = irq_to_desc(far.irq);
	smp_store_release(&far.inside, true);
	spin_until(smp_load_acquire(&far.leave));
	mdelay(2);
	far.irq_at_end = desc->irq_data.irq;
	smp_store_release(&far.left, true);
	return 0;
}

static void begin_finding(struct kunit *test, unsigned int irq)
{
	memset(&far, 0, sizeof(far));
	far.irq = irq;
	start_thread_on(test, 1, find_line, NULL);
	KUNIT_EXPECT_TRUE(test, spin_until(smp_load_acquire(&far.inside)));
}

static void descriptor_lives_on_for_who_has_found_it(struct kunit *test)
{
	int irq;

	NEEDS_TWO_CPUS(test);
	irq = irq_alloc_desc(0);
	KUNIT_ASSERT_GT(test, irq, 0);
	begin_finding(test, (unsigned int)irq);
	irq_free_desc((unsigned int)irq);
	KUNIT_EXPECT_NULL(test, irq_to_desc((unsigned int)irq));
	smp_store_release(&far.leave, true);
	KUNIT_EXPECT_TRUE(test, spin_until(smp_load_acquire(&far.left)));
	KUNIT_EXPECT_EQ(test, far.irq_at_end, irq);
}

static void end_cascade(void)
{
	irq_set_chained_handler_and_data(fake.irq, NULL, NULL);
}

static void end_mapping(void)
{
	irq_dispose_mapping(fake.irq);
	fake.irq = 0;
}

static void end_percpu(void)
{
	free_percpu_irq(fake.irq, &fake);
}

static const struct ending {
	const char *name;
	void (*end)(void);
} endings[] = {
	{ "cascade", end_cascade },
	{ "mapping", end_mapping },
	{ "per-CPU", end_percpu },
};

static void ending_name(const struct ending *e, char *desc)
{
	strscpy(desc, e->name, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(ending, endings, ending_name)

static void let_go_on(struct timer_list *timer)
{
	(void)timer;
	smp_store_release(&far.leave, true);
}

static DEFINE_TIMER(leave_timer, let_go_on);

/* No mark says that it is there. */
static void line_goes_when_nobody_is_on_the_way_to_it(struct kunit *test)
{
	const struct ending *e = test->param_value;

	NEEDS_TWO_CPUS(test);
	irq_set_chip_and_handler(fake.irq, &fake_full_chip, handle_percpu_devid_irq);
	if (e->end == end_cascade) {
		irq_set_chained_handler_and_data(fake.irq, cascade, &fake);
	} else if (e->end == end_percpu) {
		irq_set_percpu_devid(fake.irq);
		KUNIT_ASSERT_EQ(test, request_percpu_irq(fake.irq, handler, "test", &fake), 0);
	}
	begin_finding(test, fake.irq);
	mod_timer(&leave_timer, jiffies + msecs_to_jiffies(5));
	e->end();
	KUNIT_EXPECT_TRUE(test, smp_load_acquire(&far.left));
	del_timer_sync(&leave_timer);
	smp_store_release(&far.leave, true);
	spin_until(smp_load_acquire(&far.left));
}

static const struct kunit_case irq_sync_cases[] = {
	KUNIT_CASE(freeing_waits_for_a_handler_that_runs),
	KUNIT_CASE(disabling_waits_for_a_handler_that_runs),
	KUNIT_CASE(controller_goes_when_its_lines_handler_has_ended),
	KUNIT_CASE(descriptor_lives_on_for_who_has_found_it),
	KUNIT_CASE_PARAM(line_goes_when_nobody_is_on_the_way_to_it, ending_gen_params),
	{}
};

static struct kunit_suite irq_sync_suite = {
	.name = "irq_sync",
	.init = irq_case_init,
	.exit = irq_case_exit,
	.test_cases = irq_sync_cases,
};
kunit_test_suite(irq_sync_suite);
