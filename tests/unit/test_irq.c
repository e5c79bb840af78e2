/* SPDX-License-Identifier: MIT */
/*
 * The irq core: what each flow handler asks of the chip and in which order, who may
 * have a line, and what is left of it afterwards.
 *
 * A fake chip writes down each call as a word, a handler as "handle":
 *
 *   "mask ack handle unmask"
 *
 * The expected orders are those of the chips that need them: a level line must be
 * masked while its device still drives it, an edge must be acknowledged before it is
 * handled, or one that comes meanwhile is lost.
 */
#include <drivers/device.h>
#include <drivers/of.h>
#include <hal/irqflags.h>
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/io.h>
#include <kernel/irq.h>
#include <kernel/irqchip/chained_irq.h>
#include <kernel/irqdomain.h>
#include <kernel/kthread.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/seq_file.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <lib/bits.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

#define LINES	4

static struct fake {
	struct irq_domain *domain;
	unsigned int irq;	/* line 0 */
	char log[256];
	int set_type_result;
	int resources_result;
	bool can_retrigger;

	unsigned int calls;	/* of the handler */
	irqreturn_t answer;
	void (*body)(void);	/* what the handler does besides */
} fake;

static void note(const char *word)
{
	size_t len = strlen(fake.log);

	if (len + 2 >= sizeof(fake.log))
		return;
	if (len)
		fake.log[len++] = ' ';
	strscpy(fake.log + len, word, sizeof(fake.log) - len);
}

/* What was written down since the last time. */
static const char *noted(void)
{
	static char copy[sizeof(fake.log)];

	memcpy(copy, fake.log, sizeof(copy));
	fake.log[0] = '\0';
	return copy;
}

#define NOTING(op)					\
	static void fake_##op(struct irq_data *d)	\
	{						\
		(void)d;				\
		note(#op);				\
	}
NOTING(ack)
NOTING(mask)
NOTING(unmask)
NOTING(eoi)
NOTING(bus_lock)
NOTING(bus_sync)

static int fake_set_type(struct irq_data *d, unsigned int type)
{
	(void)d;
	(void)type;
	note("type");
	return fake.set_type_result;
}

static int fake_set_wake(struct irq_data *d, unsigned int on)
{
	(void)d;
	note(on ? "wake" : "nowake");
	return 0;
}

static int fake_request_resources(struct irq_data *d)
{
	(void)d;
	note("take");
	return fake.resources_result;
}

static void fake_release_resources(struct irq_data *d)
{
	(void)d;
	note("give");
}

static int fake_retrigger(struct irq_data *d)
{
	(void)d;
	note("retrigger");
	return fake.can_retrigger;
}

static const struct irq_chip fake_chip = {
	.name = "fake",
	.irq_ack = fake_ack,
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_set_type = fake_set_type,
	.irq_set_wake = fake_set_wake,
	.flags = IRQCHIP_SET_TYPE_MASKED | IRQCHIP_IMMUTABLE,
};

static const struct irq_chip fake_eoi_chip = {
	.name = "fake-eoi",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_eoi = fake_eoi,
	.flags = IRQCHIP_IMMUTABLE,
};

static const struct irq_chip fake_eoi_if_handled_chip = {
	.name = "fake-eoi-if-handled",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_eoi = fake_eoi,
	.flags = IRQCHIP_IMMUTABLE | IRQCHIP_EOI_IF_HANDLED,
};

static const struct irq_chip fake_percpu_chip = {
	.name = "fake-percpu",
	.irq_ack = fake_ack,
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_eoi = fake_eoi,
	.flags = IRQCHIP_IMMUTABLE,
};

static const struct irq_chip fake_careful_chip = {
	.name = "fake-careful",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_retrigger = fake_retrigger,
	.irq_set_type = fake_set_type,
	.irq_bus_lock = fake_bus_lock,
	.irq_bus_sync_unlock = fake_bus_sync,
	.irq_request_resources = fake_request_resources,
	.irq_release_resources = fake_release_resources,
	.flags = IRQCHIP_IMMUTABLE,
};

static int fake_map(struct irq_domain *d, unsigned int virq, irq_hw_number_t hw)
{
	(void)d;
	(void)hw;
	irq_set_chip_and_handler(virq, &fake_chip, handle_level_irq);
	return 0;
}

static const struct irq_domain_ops fake_ops = { .map = fake_map };

static int irq_case_init(struct kunit *test)
{
	(void)test;
	memset(&fake, 0, sizeof(fake));
	fake.answer = IRQ_HANDLED;
	fake.domain = irq_domain_create_linear(NULL, LINES, &fake_ops, NULL);
	if (!fake.domain)
		return -ENOMEM;
	fake.irq = irq_create_mapping(fake.domain, 0);
	return fake.irq ? 0 : -ENOMEM;
}

/* A case that failed may not have come to freeing its line. */
static void free_leftovers(struct kunit *test, unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	while (test->status == KUNIT_FAILURE && desc && desc->action)
		free_irq(irq, desc->action->dev_id);
}

static void irq_case_exit(struct kunit *test)
{
	free_leftovers(test, fake.irq);
	irq_domain_remove(fake.domain);
}

static irqreturn_t handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	note("handle");
	fake.calls++;
	if (fake.body && fake.calls == 1)
		fake.body();
	return fake.answer;
}

static irqreturn_t other_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	note("other");
	return IRQ_HANDLED;
}

static void raise(unsigned int irq)
{
	unsigned long flags;

	local_irq_save(flags);
	generic_handle_irq(irq);
	local_irq_restore(flags);
}

static void raise_line(void)
{
	raise(fake.irq);
}

/* Line 0 with this chip and flow, requested; what that wrote down is forgotten. */
static void take_line(struct kunit *test, const struct irq_chip *chip, irq_flow_handler_t flow)
{
	irq_set_chip_and_handler(fake.irq, chip, flow);
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, handler, 0, "test", &fake), 0);
	noted();
}

static void give_line(void)
{
	fake.body = NULL;
	free_irq(fake.irq, &fake);
}

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
	irq_set_chip_and_handler(fake.irq, &fake_percpu_chip, handle_bad_irq);
	raise_line();
	KUNIT_EXPECT_EQ(test, kstat_irqs(fake.irq), 1);
	KUNIT_EXPECT_STREQ(test, noted(), "ack eoi");	/* it was masked from the beginning */
}

static void percpu_line_is_not_locked_and_ended(struct kunit *test)
{
	irq_set_chip_and_handler(fake.irq, &fake_percpu_chip, handle_percpu_devid_irq);
	irq_set_percpu_devid(fake.irq);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, 0, "test", &fake), -EINVAL);
	KUNIT_ASSERT_EQ(test, request_percpu_irq(fake.irq, handler, "test", &fake), 0);
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

/* ---- requests ---- */

static void wrong_requests_are_refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, request_irq(0, handler, 0, "test", &fake), -EINVAL);
	KUNIT_EXPECT_EQ(test, request_irq(100000, handler, 0, "test", &fake), -EINVAL);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, NULL, 0, "test", &fake), -EINVAL);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, IRQF_SHARED, "test", NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, request_threaded_irq(fake.irq, handler, handler, 0, "test", &fake),
			-EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, request_percpu_irq(fake.irq, handler, "test", &fake), -EINVAL);
	irq_set_status_flags(fake.irq, IRQ_NOREQUEST);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, 0, "test", &fake), -EINVAL);
	KUNIT_EXPECT_STREQ(test, noted(), "");
}

static void second_user_is_refused(struct kunit *test)
{
	kunit_tolerates_faults(test);
	take_line(test, &fake_chip, handle_level_irq);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, other_handler, 0, "second", NULL), -EBUSY);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, other_handler, IRQF_SHARED, "second", &test),
			-EBUSY);
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack handle unmask");
	give_line();
}

static void sharers_are_all_called(struct kunit *test)
{
	int other;

	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, handler, IRQF_SHARED, "one", &fake), 0);
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, other_handler, IRQF_SHARED, "two", &other), 0);
	noted();
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack handle other unmask");
	KUNIT_EXPECT_STREQ(test, free_irq(fake.irq, &fake), "one");
	KUNIT_EXPECT_STREQ(test, noted(), "");
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "mask ack other unmask");
	free_irq(fake.irq, &other);
	KUNIT_EXPECT_STREQ(test, noted(), "mask");
}

static void sharers_agree_on_the_trigger(struct kunit *test)
{
	int other;

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, handler, IRQF_SHARED | IRQF_TRIGGER_HIGH,
					  "one", &fake), 0);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, other_handler, IRQF_SHARED | IRQF_TRIGGER_LOW,
					  "two", &other), -EBUSY);
	/* Who names none gets what there is. */
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, other_handler, IRQF_SHARED, "two", &other), 0);
	free_irq(fake.irq, &other);
	free_irq(fake.irq, &fake);
}

static void trigger_is_set_before_the_line_is_on(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, handler, IRQF_TRIGGER_HIGH, "test", &fake), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "type unmask");
	KUNIT_EXPECT_EQ(test, irq_get_trigger_type(fake.irq), IRQ_TYPE_LEVEL_HIGH);
	give_line();
}

static void refused_trigger_refuses_the_request(struct kunit *test)
{
	fake.set_type_result = -EINVAL;
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, IRQF_TRIGGER_HIGH, "test", &fake),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, irq_get_trigger_type(fake.irq), IRQ_TYPE_NONE);
	KUNIT_EXPECT_STREQ(test, noted(), "type");
	fake.set_type_result = 0;
	take_line(test, &fake_chip, handle_level_irq);
	give_line();
}

static void line_is_masked_while_its_type_changes(struct kunit *test)
{
	take_line(test, &fake_chip, handle_level_irq);
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(fake.irq, IRQ_TYPE_LEVEL_LOW), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "mask type unmask");
	disable_irq(fake.irq);
	noted();
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(fake.irq, IRQ_TYPE_LEVEL_HIGH), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "type");
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(0, IRQ_TYPE_LEVEL_HIGH), -EINVAL);
	give_line();
}

static void line_can_be_left_off(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, handler, IRQF_NO_AUTOEN, "test", &fake), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "");
	enable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "unmask");
	give_line();
}

static void freed_line_is_off(struct kunit *test)
{
	take_line(test, &fake_chip, handle_level_irq);
	KUNIT_EXPECT_STREQ(test, free_irq(fake.irq, &fake), "test");
	KUNIT_EXPECT_STREQ(test, noted(), "mask");
	raise_line();
	KUNIT_EXPECT_EQ(test, fake.calls, 0);
}

static void freeing_what_is_not_in_use_is_reported(struct kunit *test)
{
	const void *name = &fake;

	KUNIT_EXPECT_WARNINGS(test, 1, name = free_irq(fake.irq, &fake));
	KUNIT_EXPECT_NULL(test, name);
	take_line(test, &fake_chip, handle_level_irq);
	KUNIT_EXPECT_WARNINGS(test, 1, name = free_irq(fake.irq, &test));
	KUNIT_EXPECT_NULL(test, name);
	give_line();
}

static void resources_are_the_first_users_and_the_lasts(struct kunit *test)
{
	int other;

	irq_set_chip_and_handler(fake.irq, &fake_careful_chip, handle_level_irq);
	noted();
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, handler, IRQF_SHARED, "one", &fake), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "take bus_lock unmask bus_sync");
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, other_handler, IRQF_SHARED, "two", &other), 0);
	free_irq(fake.irq, &fake);
	KUNIT_EXPECT_STREQ(test, noted(), "bus_lock bus_sync bus_lock bus_sync");
	free_irq(fake.irq, &other);
	KUNIT_EXPECT_STREQ(test, noted(), "bus_lock mask bus_sync give");
	fake.set_type_result = -EINVAL;
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, IRQF_TRIGGER_LOW, "test", &fake),
			-EINVAL);
	KUNIT_EXPECT_STREQ(test, noted(), "take bus_lock type bus_sync give");
	fake.resources_result = -EIO;
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, 0, "test", &fake), -EIO);
	KUNIT_EXPECT_STREQ(test, noted(), "take");
}

static void wake_up_is_counted(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, enable_irq_wake(fake.irq), 0);
	KUNIT_EXPECT_EQ(test, enable_irq_wake(fake.irq), 0);
	KUNIT_EXPECT_EQ(test, disable_irq_wake(fake.irq), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "wake");
	KUNIT_EXPECT_EQ(test, disable_irq_wake(fake.irq), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "nowake");
	irq_set_chip(fake.irq, &fake_eoi_chip);
	KUNIT_EXPECT_EQ(test, enable_irq_wake(fake.irq), -ENXIO);
}

static void unregister_root(void *dev)
{
	root_device_unregister(dev);
}

static void managed_request_ends_with_the_binding(struct kunit *test)
{
	struct device *dev = root_device_register("irq-user");

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, unregister_root, dev), 0);
	KUNIT_EXPECT_EQ(test, devm_request_irq(dev, fake.irq, handler, 0, NULL, &fake), 0);
	KUNIT_EXPECT_EQ(test, devm_request_irq(dev, fake.irq, handler, 0, NULL, &dev), -EBUSY);
	noted();
	devres_release_all(dev);
	KUNIT_EXPECT_STREQ(test, noted(), "mask");
	KUNIT_ASSERT_EQ(test, devm_request_irq(dev, fake.irq, handler, 0, "test", &fake), 0);
	noted();
	devm_free_irq(dev, fake.irq, &fake);
	KUNIT_EXPECT_STREQ(test, noted(), "mask");
	KUNIT_EXPECT_WARNINGS(test, 1, devm_free_irq(dev, fake.irq, &fake));
}

static void refused_managed_request_leaves_nothing(struct kunit *test)
{
	struct device *dev = root_device_register("irq-user");
	size_t bytes;

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, unregister_root, dev), 0);
	take_line(test, &fake_chip, handle_level_irq);
	/* The first time the device keeps the reason. */
	KUNIT_EXPECT_EQ(test, devm_request_irq(dev, fake.irq, handler, 0, NULL, &dev), -EBUSY);
	bytes = slab_bytes_used();
	KUNIT_EXPECT_EQ(test, devm_request_irq(dev, fake.irq, handler, 0, NULL, &dev), -EBUSY);
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), bytes);
	give_line();
}

/* ---- what a line and its users are, and are no longer ---- */

static void an_action_is_not_freed_while_it_is_requested(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "a check of CONFIG_DEBUG_OBJECTS");
	take_line(test, &fake_chip, handle_edge_irq);
	KUNIT_EXPECT_REPORT(test, "with irqaction", kfree(irq_to_desc(fake.irq)->action));
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "ack handle");
	give_line();
	KUNIT_EXPECT_NULL(test, irq_to_desc(fake.irq)->action);
}

/* The line with `bad` in place of its user, or behind it. It is not called, nor met twice. */
static void meet_bad_action(struct kunit *test, struct irqaction *bad, bool behind)
{
	struct irq_desc *desc = irq_to_desc(fake.irq);
	struct irqaction *good = desc->action;

	if (behind)
		good->next = bad;
	else
		desc->action = bad;
	if (desc->fast_action)
		desc->fast_action = behind ? NULL : bad;
	fake.calls = 0;
	raise_line();
	raise_line();
	KUNIT_EXPECT_EQ(test, fake.calls, behind);
	KUNIT_EXPECT_TRUE(test, irqd_irq_masked(&desc->irq_data));
	KUNIT_EXPECT_NULL(test, strstr(noted(), "other"));
	good->next = NULL;
	desc->action = good;
	enable_irq(fake.irq);
	msleep(3);	/* the replay of the second is an interrupt of its own */
	noted();
	fake.calls = 0;
	raise_line();
	KUNIT_EXPECT_EQ(test, fake.calls, 1);
}

static void what_is_no_action_is_not_called(struct kunit *test)
{
	static const struct {
		const struct irq_chip *chip;
		irq_flow_handler_t flow;
	} lines[] = {
		{ &fake_chip, handle_level_irq },
		{ &fake_chip, handle_edge_irq },
		{ &fake_chip, handle_simple_irq },
		{ &fake_eoi_chip, handle_fasteoi_irq },
	};
	struct irqaction never_requested = { .handler = other_handler, .name = "nobody" }, freed;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "a check of CONFIG_DEBUG_OBJECTS");
	memset(&freed, 0x6b, sizeof(freed));
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		take_line(test, lines[i].chip, lines[i].flow);
		KUNIT_EXPECT_REPORT(test, "is used before it is initialised",
				    meet_bad_action(test, &never_requested, false));
		KUNIT_EXPECT_REPORT(test, "is used after it was freed",
				    meet_bad_action(test, &freed, false));
		KUNIT_EXPECT_REPORT(test, "is used after it was freed",
				    meet_bad_action(test, &freed, true));
		give_line();
	}
}

static void what_is_no_action_is_not_called_on_a_percpu_line(struct kunit *test)
{
	struct irqaction never_requested = { .handler = other_handler, .name = "nobody" };
	struct irq_desc *desc = irq_to_desc(fake.irq);

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "a check of CONFIG_DEBUG_OBJECTS");
	irq_set_chip_and_handler(fake.irq, &fake_percpu_chip, handle_percpu_irq);
	desc->action = &never_requested;
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised", raise_line());
	desc->action = NULL;
	KUNIT_EXPECT_STREQ(test, noted(), "ack mask eoi");
}

/* The second one finds no action, be it the same caller or another. */
static void a_line_freed_twice_is_reported(struct kunit *test)
{
	const void *name = "";

	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, handler, 0, "once", &fake), 0);
	KUNIT_EXPECT_STREQ(test, free_irq(fake.irq, &fake), "once");
	KUNIT_EXPECT_REPORT(test, "freed, and is not in use", name = free_irq(fake.irq, &fake));
	KUNIT_EXPECT_NULL(test, name);
	KUNIT_EXPECT_TRUE(test, irqd_irq_disabled(irq_get_irq_data(fake.irq)));
}

static void a_descriptor_is_not_freed_but_by_the_table(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "a check of CONFIG_DEBUG_OBJECTS");
	KUNIT_EXPECT_REPORT(test, "with irq_desc", kfree(irq_to_desc(fake.irq)));
	take_line(test, &fake_chip, handle_edge_irq);
	raise_line();
	KUNIT_EXPECT_EQ(test, fake.calls, 1);
	give_line();
}

/* As a controller that keeps the descriptor instead of its number would come by. */
static void a_removed_descriptor_is_not_handled(struct kunit *test)
{
	struct irq_desc *stale;
	int irq;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "a check of CONFIG_DEBUG_OBJECTS");
	stale = kunit_kzalloc(test, sizeof(*stale), GFP_KERNEL);
	irq = irq_alloc_desc(-1);
	KUNIT_ASSERT_NOT_NULL(test, stale);
	KUNIT_ASSERT_GT(test, irq, 0);
	raise((unsigned int)irq);
	memcpy(stale, irq_to_desc((unsigned int)irq), sizeof(*stale));
	KUNIT_EXPECT_REPORT(test, "is a copy of", generic_handle_irq_desc(stale));
	irq_free_desc((unsigned int)irq);
	KUNIT_EXPECT_EQ(test, generic_handle_irq((unsigned int)irq), -EINVAL);
	memset(stale, 0x6b, sizeof(*stale));
	KUNIT_EXPECT_REPORT(test, "irq_desc", generic_handle_irq_desc(stale));
}

/* ---- counting ---- */

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

/* There are no threads: who asks for one has handled it, with a warning, once. */
static void answer_that_wants_a_thread_counts_as_handled(struct kunit *test)
{
	take_line(test, &fake_eoi_chip, handle_fasteoi_irq);
	fake.answer = IRQ_WAKE_THREAD;
	KUNIT_EXPECT_WARNINGS(test, 1, raise_line());
	raise_line();
	KUNIT_EXPECT_STREQ(test, noted(), "handle eoi handle eoi");
	KUNIT_EXPECT_EQ(test, context_unsafe(irq_to_desc(fake.irq)->unhandled), 0);
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

/* There are some thousands: in a row as many are not free, and none is beyond the last. */
static void numbers_that_run_out_are_refused(struct kunit *test)
{
	unsigned int before = irq_get_nr_irqs();

	kunit_tolerates_faults(test);
	KUNIT_EXPECT_EQ(test, irq_alloc_descs(-1, 0, 4095, NUMA_NO_NODE), -ENOSPC);
	KUNIT_EXPECT_EQ(test, irq_alloc_descs(-1, 4090, 10, NUMA_NO_NODE), -ENOSPC);
	KUNIT_EXPECT_EQ(test, irq_alloc_descs(-1, UINT32_MAX, 1, NUMA_NO_NODE), -ENOSPC);
	KUNIT_EXPECT_EQ(test, irq_alloc_descs(-1, 0, 0, NUMA_NO_NODE), -EINVAL);
	KUNIT_EXPECT_EQ(test, irq_alloc_descs(-1, 0, UINT32_MAX, NUMA_NO_NODE), -EINVAL);
	KUNIT_EXPECT_EQ(test, irq_get_nr_irqs(), before);
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

/* ---- cascades ---- */

static void cascade(struct irq_desc *desc)
{
	struct irq_chip *chip = irq_desc_get_chip(desc);

	chained_irq_enter(chip, desc);
	note("cascade");
	generic_handle_irq(*(unsigned int *)irq_desc_get_handler_data(desc));
	chained_irq_exit(chip, desc);
}

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

/* ---- handlers that run ---- */

/* Another CPU, played by a timer: its handler of the line ends after some time. */
static void end_handler(struct timer_list *timer)
{
	(void)timer;
	note("end");
	irq_mark_inprogress(irq_to_desc(fake.irq), false);
}

static DEFINE_TIMER(end_timer, end_handler);

static void begin_handler(void)
{
	unsigned long flags;

	local_irq_save(flags);
	irq_mark_inprogress(irq_to_desc(fake.irq), true);
	local_irq_restore(flags);
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

static void cascade_goes_when_its_handler_has_ended(struct kunit *test)
{
	irq_set_chip_and_handler(fake.irq, &fake_eoi_chip, handle_fasteoi_irq);
	irq_set_chained_handler_and_data(fake.irq, cascade, &fake);
	noted();
	begin_handler();
	irq_set_chained_handler_and_data(fake.irq, NULL, NULL);
	KUNIT_EXPECT_STREQ(test, noted(), "mask end");
	del_timer_sync(&end_timer);
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

#define SPINS_MAX	20000000u

/* Without yielding. Returns whether it came. */
#define spin_until(cond) ({							\
	unsigned int left__ = SPINS_MAX;					\
	while (!(cond) && --left__)						\
		cpu_relax();							\
	left__ != 0; })

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

static bool are_two_cpus(struct kunit *test)
{
	if (num_online_cpus() > 1)
		return true;
	kunit_mark_skipped(test, "one CPU runs");
	return false;
}

static void begin_finding(struct kunit *test, unsigned int irq)
{
	struct task_struct *t;

	memset(&far, 0, sizeof(far));
	far.irq = irq;
	t = kthread_create(find_line, NULL, "finder");
	KUNIT_ASSERT_FALSE(test, IS_ERR(t));
	kthread_bind(t, 1);
	wake_up_process(t);
	KUNIT_EXPECT_TRUE(test, spin_until(smp_load_acquire(&far.inside)));
}

static void descriptor_lives_on_for_who_has_found_it(struct kunit *test)
{
	int irq;

	if (!are_two_cpus(test))
		return;
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

	if (!are_two_cpus(test))
		return;
	irq_set_chip_and_handler(fake.irq, &fake_percpu_chip, handle_percpu_devid_irq);
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

static const struct kunit_case irq_cases[] = {
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
	KUNIT_CASE(wrong_requests_are_refused),
	KUNIT_CASE(second_user_is_refused),
	KUNIT_CASE(sharers_are_all_called),
	KUNIT_CASE(sharers_agree_on_the_trigger),
	KUNIT_CASE(trigger_is_set_before_the_line_is_on),
	KUNIT_CASE(refused_trigger_refuses_the_request),
	KUNIT_CASE(line_is_masked_while_its_type_changes),
	KUNIT_CASE(line_can_be_left_off),
	KUNIT_CASE(freed_line_is_off),
	KUNIT_CASE(freeing_what_is_not_in_use_is_reported),
	KUNIT_CASE(resources_are_the_first_users_and_the_lasts),
	KUNIT_CASE(wake_up_is_counted),
	KUNIT_CASE(managed_request_ends_with_the_binding),
	KUNIT_CASE(refused_managed_request_leaves_nothing),
	KUNIT_CASE(an_action_is_not_freed_while_it_is_requested),
	KUNIT_CASE(what_is_no_action_is_not_called),
	KUNIT_CASE(what_is_no_action_is_not_called_on_a_percpu_line),
	KUNIT_CASE(a_line_freed_twice_is_reported),
	KUNIT_CASE(a_descriptor_is_not_freed_but_by_the_table),
	KUNIT_CASE(a_removed_descriptor_is_not_handled),
	KUNIT_CASE(interrupts_are_counted),
	KUNIT_CASE(answer_that_wants_a_thread_counts_as_handled),
	KUNIT_CASE(handler_that_enables_interrupts_is_reported),
	KUNIT_CASE(line_that_nobody_handles_is_turned_off),
	KUNIT_CASE(line_that_is_handled_now_and_then_stays_on),
	KUNIT_CASE(numbers_that_run_out_are_refused),
	KUNIT_CASE(line_shows_what_it_is),
	KUNIT_CASE(cascade_is_ended_after_the_inner_line),
	KUNIT_CASE(cascade_under_a_level_is_masked_meanwhile),
	KUNIT_CASE(freeing_waits_for_a_handler_that_runs),
	KUNIT_CASE(disabling_waits_for_a_handler_that_runs),
	KUNIT_CASE(cascade_goes_when_its_handler_has_ended),
	KUNIT_CASE(controller_goes_when_its_lines_handler_has_ended),
	KUNIT_CASE(descriptor_lives_on_for_who_has_found_it),
	KUNIT_CASE_PARAM(line_goes_when_nobody_is_on_the_way_to_it, ending_gen_params),
	{}
};

static struct kunit_suite irq_suite = {
	.name = "irq",
	.init = irq_case_init,
	.exit = irq_case_exit,
	.test_cases = irq_cases,
};
kunit_test_suite(irq_suite);
