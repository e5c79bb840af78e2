/* SPDX-License-Identifier: MIT */
/*
 * The irq core: who may have a line and on which terms, and what is left of it afterwards.
 */
#include <drivers/device.h>
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "fake_irq.h"

/* ---- requests ---- */

static void wrong_requests_are_refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, request_irq(0, handler, 0, "test", &fake), -EINVAL);
	KUNIT_EXPECT_EQ(test, request_irq(100000, handler, 0, "test", &fake), -EINVAL);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, NULL, 0, "test", &fake), -EINVAL);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, IRQF_SHARED, "test", NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, IRQF_SHARED | IRQF_NO_AUTOEN, "test",
					  &fake), -EINVAL);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, IRQF_COND_SUSPEND, "test", &fake),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, IRQF_SHARED | IRQF_COND_SUSPEND |
					  IRQF_NO_SUSPEND, "test", &fake), -EINVAL);
	KUNIT_EXPECT_EQ(test, request_irq(IRQ_NOTCONNECTED, handler, 0, "test", &fake), -ENOTCONN);
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

/* It is not said who has the line: nobody has. */
static void busy_controller_refuses_the_request(struct kunit *test)
{
	fake.set_type_result = -EBUSY;
	KUNIT_EXPECT_EQ(test, request_irq(fake.irq, handler, IRQF_TRIGGER_HIGH, "test", &fake),
			-EBUSY);
	KUNIT_EXPECT_STREQ(test, noted(), "type");
	KUNIT_EXPECT_FALSE(test, irq_desc_has_action(irq_to_desc(fake.irq)));
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
	irq_set_chip_and_handler(fake.irq, &fake_full_chip, handle_percpu_irq);
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

static const struct kunit_case irq_cases[] = {
	KUNIT_CASE(wrong_requests_are_refused),
	KUNIT_CASE(second_user_is_refused),
	KUNIT_CASE(sharers_are_all_called),
	KUNIT_CASE(sharers_agree_on_the_trigger),
	KUNIT_CASE(trigger_is_set_before_the_line_is_on),
	KUNIT_CASE(refused_trigger_refuses_the_request),
	KUNIT_CASE(busy_controller_refuses_the_request),
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
	KUNIT_CASE(numbers_that_run_out_are_refused),
	{}
};

static struct kunit_suite irq_suite = {
	.name = "irq",
	.init = irq_case_init,
	.exit = irq_case_exit,
	.test_cases = irq_cases,
};
kunit_test_suite(irq_suite);
