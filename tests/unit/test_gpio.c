/* SPDX-License-Identifier: MIT */
/*
 * The GPIO core over a fake chip: look-up by the device tree, one user at a time,
 * logical and wire values, lines as interrupts, and a chip that goes away under its
 * users.
 */
#include <hal/irqflags.h>
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "fake_gpio.h"

/* ---- look-up ---- */

static void lines_are_found_by_what_they_are_for(struct kunit *test)
{
	static const struct {
		const char *con_id;
		unsigned int index, offset;
	} names[] = { { "led", 0, 1 }, { "led", 1, 2 }, { "old", 0, 4 }, { NULL, 0, 5 } };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct gpio_desc *desc =
			keep(test, gpiod_get_index(consumer, names[i].con_id, names[i].index,
						   GPIOD_ASIS));

			KUNIT_EXPECT_PTR_EQ(test, desc,
					    gpiochip_get_desc(&fake.gc, names[i].offset));
		drop(test, desc);
	}
	KUNIT_EXPECT_EQ(test, gpiod_count(consumer, "led"), 2);
	KUNIT_EXPECT_EQ(test, gpiod_count(consumer, "none"), -ENOENT);
	KUNIT_EXPECT_EQ(test, fake.requests, 0);
}

static void missing_lines_are_told_apart(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get(consumer, "none", GPIOD_ASIS)), -ENOENT);
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get(consumer, "absent", GPIOD_ASIS)), -ENOENT);
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get_index(consumer, "led", 2, GPIOD_ASIS)), -ENOENT);
	KUNIT_EXPECT_NULL(test, gpiod_get_optional(consumer, "none", GPIOD_ASIS));
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get(consumer, "beyond", GPIOD_ASIS)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get_optional(consumer, "beyond", GPIOD_ASIS)), -EINVAL);
	gpiochip_remove(&fake.gc);
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get(consumer, "led", GPIOD_ASIS)), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get_optional(consumer, "led", GPIOD_ASIS)),
			-EPROBE_DEFER);
}

static void line_has_one_user(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpiod_get(consumer, "led", GPIOD_OUT_LOW));

	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get(consumer, "led", GPIOD_ASIS)), -EBUSY);
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpio_request_desc(number(1), "test")), -EBUSY);
	KUNIT_EXPECT_STREQ(test, gpiochip_is_requested(&fake.gc, 1), "user led");
	drop(test, desc);
	KUNIT_EXPECT_NULL(test, gpiochip_is_requested(&fake.gc, 1));
	desc = keep(test, gpiod_get(consumer, "led", GPIOD_ASIS));
	drop(test, desc);
	KUNIT_EXPECT_EQ(test, fake.requests, 0);
}

static void refused_line_is_free_again(struct kunit *test)
{
	struct gpio_desc *desc;

	fake.result = -EIO;
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get(consumer, "led", GPIOD_ASIS)), -EIO);
	fake.result = 0;
	desc = keep(test, gpiod_get(consumer, "led", GPIOD_ASIS));
	drop(test, desc);
}

static void managed_lines_go_with_the_binding(struct kunit *test)
{
	struct gpio_desc *led = devm_gpiod_get(consumer, "led", GPIOD_OUT_HIGH);
	struct gpio_desc *old = devm_gpiod_get_optional(consumer, "old", GPIOD_IN);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, led);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, old);
	KUNIT_EXPECT_EQ(test, fake.requests, 2);
	devm_gpiod_put(consumer, old);
	KUNIT_EXPECT_EQ(test, fake.requests, 1);
	devres_release_all(consumer);
	KUNIT_EXPECT_EQ(test, fake.requests, 0);
}

static void lines_have_numbers_for_people(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpio_request_desc(number(3), "somebody"));
	struct gpio_line line;
	unsigned int beyond = number(LINES);

	gpiod_direction_output(desc, 1);
	KUNIT_ASSERT_EQ(test, gpio_describe(number(3), &line), 0);
	KUNIT_EXPECT_STREQ(test, line.chip, "fake");
	KUNIT_EXPECT_EQ(test, line.offset, 3);
	KUNIT_EXPECT_STREQ(test, line.name, "POWER");
	KUNIT_EXPECT_STREQ(test, line.consumer, "somebody");
	KUNIT_EXPECT_TRUE(test, line.is_requested && line.is_out && !line.is_irq);
	KUNIT_EXPECT_EQ(test, line.value, 1);
	KUNIT_EXPECT_EQ(test, gpio_describe(beyond, &line), -ENXIO);
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpio_request_desc(beyond, "test")), -ENXIO);
	drop(test, desc);
}

/* Neither a user without a name nor a chip with a long one is anything special. */
static void names_may_be_missing_or_long(struct kunit *test)
{
	static struct gpio_chip twins[2];	/* outlive a case that is ended */
	struct gpio_desc *desc = keep(test, gpio_request_desc(number(3), NULL));
	struct gpio_line line[2];

	KUNIT_ASSERT_EQ(test, gpio_describe(number(3), &line[0]), 0);
	KUNIT_EXPECT_TRUE(test, line[0].is_requested);
	KUNIT_EXPECT_STREQ(test, line[0].consumer, "");
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpio_request_desc(number(3), NULL)), -EBUSY);
	KUNIT_EXPECT_EQ(test, gpiod_set_consumer_name(desc, "x"), 0);
	KUNIT_EXPECT_EQ(test, gpiod_set_consumer_name(desc, NULL), 0);
	drop(test, desc);
	for (int i = 0; i < 2; i++) {
		twins[i] = (struct gpio_chip){ .base = -1, .ngpio = 1 };
		twins[i].label = i ? "the first expander, bus 2" : "the first expander, bus 1";
		keep_chip(test, &twins[i]);
		KUNIT_ASSERT_EQ(test, gpio_describe((unsigned int)twins[i].base, &line[i]), 0);
	}
	KUNIT_EXPECT_STREQ(test, line[1].chip, twins[1].label);
	KUNIT_EXPECT_TRUE(test, strcmp(line[0].chip, line[1].chip) != 0);
	drop_chip(test, &twins[1]);
	drop_chip(test, &twins[0]);
}

/* Chips are numbered from 0, each behind the others; a number that is free again is taken. */
static void numbers_do_not_overlap(struct kunit *test)
{
	int base = fake.gc.base;
	static struct gpio_chip second;		/* outlives a case that is ended */
	struct gpio_chip taken = { .label = "taken", .base = base + 1, .ngpio = 2 };
	struct gpio_chip none = { .label = "none", .base = -1, .ngpio = 0 };

	kunit_tolerates_faults(test);
	second = (struct gpio_chip){ .label = "second", .base = -1, .ngpio = 2 };
	keep_chip(test, &second);
	KUNIT_EXPECT_EQ(test, second.base, base + LINES);
	KUNIT_EXPECT_EQ(test, gpiochip_add_data(&taken, NULL), -EBUSY);
	KUNIT_EXPECT_EQ(test, gpiochip_add_data(&none, NULL), -EINVAL);
	/* Behind the last one there is no number. */
	taken.base = INT32_MAX - 1;
	KUNIT_EXPECT_EQ(test, gpiochip_add_data(&taken, NULL), -EINVAL);
	gpiochip_remove(&fake.gc);
	KUNIT_EXPECT_EQ(test, add_chip(), 0);
	KUNIT_EXPECT_EQ(test, fake.gc.base, base);
	drop_chip(test, &second);
}

static void a_chip_is_registered_once_and_not_freed_meanwhile(struct kunit *test)
{
	struct gpio_chip *gc = kzalloc(sizeof(*gc), GFP_KERNEL);
	int ret = 0;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS)) {
		kfree(gc);
		kunit_skip(test, "a check of CONFIG_DEBUG_OBJECTS");
	}
	KUNIT_ASSERT_NOT_NULL(test, gc);
	gc->label = "once";
	gc->base = -1;
	gc->ngpio = 2;
	KUNIT_EXPECT_REPORT(test, "is not registered", gpiochip_remove(gc));
	ret = gpiochip_add_data(gc, NULL);
	if (ret)
		kfree(gc);
	KUNIT_ASSERT_EQ(test, ret, 0);
	KUNIT_EXPECT_REPORT(test, "is registered already", ret = gpiochip_add_data(gc, NULL));
	KUNIT_EXPECT_EQ(test, ret, -EBUSY);
	KUNIT_EXPECT_REPORT(test, "in it, which is registered", kfree(gc));
	gpiochip_remove(gc);
	KUNIT_EXPECT_REPORT(test, "is not registered", gpiochip_remove(gc));
	KUNIT_EXPECT_WARNINGS(test, 0, kfree(gc));
}

/* ---- values ---- */

static void values_reach_the_wire(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpiod_get(consumer, "led", GPIOD_OUT_HIGH));

	KUNIT_EXPECT_EQ(test, fake.out, BIT(1));
	KUNIT_EXPECT_EQ(test, fake.value, BIT(1));
	gpiod_set_value(desc, 0);
	KUNIT_EXPECT_EQ(test, fake.value, 0);
	gpiod_set_value(desc, 7);
	KUNIT_EXPECT_EQ(test, gpiod_get_value(desc), 1);
	KUNIT_EXPECT_EQ(test, gpiod_get_direction(desc), GPIO_LINE_DIRECTION_OUT);
	KUNIT_EXPECT_EQ(test, gpiod_direction_input(desc), 0);
	KUNIT_EXPECT_EQ(test, fake.out, 0);
	KUNIT_EXPECT_EQ(test, gpiod_get_direction(desc), GPIO_LINE_DIRECTION_IN);
	drop(test, desc);
}

static void active_low_is_turned_round(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpiod_get_index(consumer, "led", 1, GPIOD_OUT_HIGH));

	KUNIT_EXPECT_TRUE(test, gpiod_is_active_low(desc));
	KUNIT_EXPECT_EQ(test, fake.value, 0);
	KUNIT_EXPECT_EQ(test, gpiod_get_value(desc), 1);
	KUNIT_EXPECT_EQ(test, gpiod_get_raw_value(desc), 0);
	gpiod_set_value(desc, 0);
	KUNIT_EXPECT_EQ(test, fake.value, BIT(2));
	gpiod_set_raw_value(desc, 0);
	KUNIT_EXPECT_EQ(test, gpiod_get_value_cansleep(desc), 1);
	gpiod_set_value_cansleep(desc, 0);
	KUNIT_EXPECT_EQ(test, gpiod_get_raw_value_cansleep(desc), 1);
	drop(test, desc);
	/* The next user of the line has it as its own node says. */
	desc = keep(test, gpio_request_desc(number(2), "test"));
	KUNIT_EXPECT_FALSE(test, gpiod_is_active_low(desc));
	drop(test, desc);
}

/* High is not driven: the line becomes an input, and something else pulls it up. */
static void open_drain_is_never_driven_high(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpiod_get(consumer, "drain", GPIOD_OUT_HIGH));

	KUNIT_EXPECT_EQ(test, fake.out, 0);
	gpiod_set_value(desc, 0);
	KUNIT_EXPECT_EQ(test, fake.out, BIT(6));
	KUNIT_EXPECT_EQ(test, fake.value, 0);
	gpiod_set_value(desc, 1);
	KUNIT_EXPECT_EQ(test, fake.out, 0);
	KUNIT_EXPECT_EQ(test, fake.value, 0);
	drop(test, desc);
}

static void who_asks_for_a_line_s_irq_may_sleep(struct kunit *test)
	__no_context_analysis	/* and does not here */
{
	struct gpio_desc *desc = keep(test, gpiod_get(consumer, "led", GPIOD_IN));
	int irq = gpiod_to_irq(desc), again = 0;
	unsigned long flags;

	KUNIT_ASSERT_GT(test, irq, 0);
	local_irq_save(flags);
	/* And the domain, which may have to make its number. */
	KUNIT_EXPECT_WARNINGS(test, IS_ENABLED(CONFIG_DEBUG) ? 2 : 0, again = gpiod_to_irq(desc));
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, again, irq);
	drop(test, desc);
}

static void line_that_is_not_there_does_nothing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, gpiod_direction_output(NULL, 1), 0);
	KUNIT_EXPECT_EQ(test, gpiod_direction_input(NULL), 0);
	KUNIT_EXPECT_EQ(test, gpiod_get_value(NULL), 0);
	KUNIT_EXPECT_EQ(test, gpiod_to_irq(NULL), -EINVAL);
	gpiod_set_value(NULL, 1);
	gpiod_set_raw_value(NULL, 1);
	gpiod_put(NULL);
}

/* Its user did not look at what gpiod_get() returned: that is warned of, once. */
static void error_in_place_of_a_line_is_returned(struct kunit *test)
{
	struct gpio_desc *none = ERR_PTR(-EPROBE_DEFER);
	int ret = 0;

	KUNIT_EXPECT_WARNINGS(test, 1, ret = gpiod_direction_output(none, 1));
	KUNIT_EXPECT_EQ(test, ret, -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, gpiod_direction_output_raw(none, 1), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, gpiod_direction_input(none), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, gpiod_get_direction(none), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, gpiod_get_value(none), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, gpiod_get_raw_value(none), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, gpiod_get_value_cansleep(none), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, gpiod_get_raw_value_cansleep(none), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, gpiod_is_active_low(none), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, gpiod_cansleep(none), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, gpiod_set_consumer_name(none, "x"), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, gpiod_to_irq(none), -EINVAL);
	gpiod_set_value(none, 1);
	gpiod_set_raw_value(none, 1);
	KUNIT_EXPECT_EQ(test, fake.value, 0);
}

static void operations_that_a_chip_lacks_fail(struct kunit *test)
{
	static struct gpio_chip bare;
	struct gpio_desc *desc;

	bare = (struct gpio_chip){ .label = "bare", .base = -1, .ngpio = 1 };
	keep_chip(test, &bare);
	desc = keep(test, gpio_request_desc((unsigned int)bare.base, "test"));
	KUNIT_EXPECT_EQ(test, gpiod_get_direction(desc), -ENOTSUPP);
	KUNIT_EXPECT_EQ(test, gpiod_direction_input(desc), -EIO);
	KUNIT_EXPECT_EQ(test, gpiod_direction_output(desc, 0), -EIO);
	KUNIT_EXPECT_EQ(test, gpiod_get_value(desc), -EIO);
	KUNIT_EXPECT_EQ(test, gpiod_to_irq(desc), -ENXIO);
	gpiod_set_value(desc, 1);
	drop(test, desc);
	drop_chip(test, &bare);
}

static void putting_twice_is_reported(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpiod_get(consumer, "led", GPIOD_ASIS));

	drop(test, desc);
	KUNIT_EXPECT_WARNINGS(test, 1, gpiod_put(desc));
	KUNIT_EXPECT_EQ(test, fake.requests, 0);
}

/* ---- interrupts ---- */

static unsigned int irq_calls;

static irqreturn_t irq_handler(int irq, void *data)
{
	(void)irq;
	(void)data;
	irq_calls++;
	return IRQ_HANDLED;
}

static void line_raises_its_irq(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpiod_get(consumer, "led", GPIOD_IN));
	unsigned long flags;
	int irq = gpiod_to_irq(desc);

	KUNIT_ASSERT_GT(test, irq, 0);
	KUNIT_EXPECT_EQ(test, gpiod_to_irq(desc), irq);
	irq_calls = 0;
	KUNIT_ASSERT_EQ(test, request_irq((unsigned int)irq, irq_handler, 0, "test", &fake), 0);
	KUNIT_EXPECT_FALSE(test, fake.masked[1]);
	local_irq_save(flags);
	generic_handle_domain_irq(fake.gc.irq.domain, 1);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, irq_calls, 1);
	free_irq((unsigned int)irq, &fake);
	KUNIT_EXPECT_TRUE(test, fake.masked[1]);
	drop(test, desc);
}

static void irq_line_cannot_become_an_output(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpiod_get(consumer, "led", GPIOD_IN));
	unsigned int irq = (unsigned int)gpiod_to_irq(desc);
	struct gpio_line line;

	KUNIT_ASSERT_EQ(test, request_irq(irq, irq_handler, 0, "test", &fake), 0);
	KUNIT_EXPECT_TRUE(test, gpiochip_line_is_irq(&fake.gc, 1));
	KUNIT_EXPECT_EQ(test, gpio_describe(number(1), &line), 0);
	KUNIT_EXPECT_TRUE(test, line.is_irq);
	KUNIT_EXPECT_EQ(test, gpiod_direction_output(desc, 1), -EIO);
	KUNIT_EXPECT_EQ(test, gpiod_direction_output_raw(desc, 1), -EIO);
	KUNIT_EXPECT_EQ(test, fake.out, 0);
	/* Off, it may, as in Linux. */
	disable_irq(irq);
	KUNIT_EXPECT_EQ(test, gpiod_direction_output(desc, 1), 0);
	gpiod_direction_input(desc);
	enable_irq(irq);
	free_irq(irq, &fake);
	KUNIT_EXPECT_EQ(test, gpiod_direction_output(desc, 1), 0);
	drop(test, desc);
}

static void output_cannot_become_an_irq(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpiod_get(consumer, "led", GPIOD_OUT_LOW));
	unsigned int irq = (unsigned int)gpiod_to_irq(desc);

	KUNIT_EXPECT_EQ(test, request_irq(irq, irq_handler, 0, "test", &fake), -EIO);
	gpiod_direction_input(desc);
	KUNIT_ASSERT_EQ(test, request_irq(irq, irq_handler, 0, "test", &fake), 0);
	free_irq(irq, &fake);
	drop(test, desc);
}

static void chip_that_would_change_its_irq_chip_is_refused(struct kunit *test)
{
	struct gpio_chip gc = { .label = "bad", .base = -1, .ngpio = 1 };
	struct irq_chip changing = fake_irq_chip;

	changing.flags = 0;
	gpio_irq_chip_set_chip(&gc.irq, &changing);
	gc.irq.handler = handle_level_irq;
	KUNIT_EXPECT_EQ(test, gpiochip_add_data(&gc, NULL), -EINVAL);
	KUNIT_EXPECT_NULL(test, gc.gpiodev);
}

/* ---- a chip that goes ---- */

static void users_of_a_gone_chip_get_enodev(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpiod_get(consumer, "led", GPIOD_OUT_HIGH));
	unsigned int calls, first = (unsigned int)fake.gc.base;
	struct gpio_line line;

	gpiochip_remove(&fake.gc);
	calls = fake.calls;
	KUNIT_EXPECT_EQ(test, gpiod_direction_input(desc), -ENODEV);
	KUNIT_EXPECT_EQ(test, gpiod_direction_output(desc, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, gpiod_get_direction(desc), -ENODEV);
	KUNIT_EXPECT_EQ(test, gpiod_get_value(desc), -ENODEV);
	KUNIT_EXPECT_EQ(test, gpiod_to_irq(desc), -ENODEV);
	gpiod_set_value(desc, 0);
	KUNIT_EXPECT_EQ(test, fake.value, BIT(1));
	KUNIT_EXPECT_NE(test, gpio_describe(first, &line), 0);

	/* The next chip of the node is another one, whose lines are free. */
	KUNIT_EXPECT_EQ(test, add_chip(), 0);
	calls = fake.calls;
	gpiod_set_value(desc, 0);
	drop(test, desc);
	KUNIT_EXPECT_EQ(test, fake.calls, calls);
	desc = keep(test, gpiod_get(consumer, "led", GPIOD_ASIS));
	drop(test, desc);
}

static void irq_of_a_gone_chip_never_comes(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpiod_get(consumer, "led", GPIOD_IN));
	unsigned int irq = (unsigned int)gpiod_to_irq(desc);

	KUNIT_ASSERT_EQ(test, request_irq(irq, irq_handler, 0, "test", &fake), 0);
	gpiochip_remove(&fake.gc);
	KUNIT_EXPECT_TRUE(test, fake.masked[1]);
	disable_irq(irq);
	enable_irq(irq);
	KUNIT_EXPECT_TRUE(test, fake.masked[1]);
	free_irq(irq, &fake);
	drop(test, desc);
}

/* An operation of a chip that sleeps is under way while the chip is removed. */
static bool in_set, removed;

static void sleep_in_set(void)
{
	in_set = true;
	for (int i = 0; i < 5; i++) {
		schedule_timeout_uninterruptible(1);
		if (removed)
			return;
	}
	in_set = false;
}

static int set_line(void *desc)
{
	gpiod_set_value_cansleep(desc, 1);
	return 0;
}

static void removal_waits_for_an_operation(struct kunit *test)
{
	struct gpio_desc *desc;
	struct task_struct *task;

	gpiochip_remove(&fake.gc);
	fake.gc.can_sleep = true;
	fake.gc.base = -1;
	KUNIT_ASSERT_EQ(test, gpiochip_add_data(&fake.gc, NULL), 0);
	desc = keep(test, gpiod_get(consumer, "led", GPIOD_OUT_LOW));
	KUNIT_EXPECT_TRUE(test, gpiod_cansleep(desc));
	in_set = removed = false;
	fake.during_set = sleep_in_set;
	task = kthread_run(set_line, desc, "set");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	get_task_struct(task);
	while (!in_set)
		schedule_timeout_uninterruptible(1);
	gpiochip_remove(&fake.gc);
	removed = true;
	KUNIT_EXPECT_FALSE(test, in_set);
	kthread_stop(task);
	put_task_struct(task);
	drop(test, desc);
}

static bool in_xlate;

static int sleepy_xlate(struct gpio_chip *gc, const struct of_phandle_args *args, u32 *flags)
{
	(void)gc;
	*flags = 0;
	in_xlate = true;
	msleep(10);
	in_xlate = false;
	return (int)args->args[0];
}

static int get_led(void *result)
{
	*(struct gpio_desc **)result = gpiod_get(consumer, "led", GPIOD_ASIS);
	return 0;
}

static void removal_waits_for_a_look_up(struct kunit *test)
{
	struct gpio_desc *desc = NULL;
	struct task_struct *task;

	fake.gc.of_xlate = sleepy_xlate;
	in_xlate = false;
	task = kthread_run(get_led, &desc, "get");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	get_task_struct(task);
	while (!in_xlate)
		schedule_timeout_uninterruptible(1);
	gpiochip_remove(&fake.gc);
	KUNIT_EXPECT_FALSE(test, in_xlate);
	kthread_stop(task);
	put_task_struct(task);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(desc), -ENODEV);
}

static const struct kunit_case gpio_cases[] = {
	KUNIT_CASE(lines_are_found_by_what_they_are_for),
	KUNIT_CASE(missing_lines_are_told_apart),
	KUNIT_CASE(line_has_one_user),
	KUNIT_CASE(refused_line_is_free_again),
	KUNIT_CASE(managed_lines_go_with_the_binding),
	KUNIT_CASE(lines_have_numbers_for_people),
	KUNIT_CASE(names_may_be_missing_or_long),
	KUNIT_CASE(numbers_do_not_overlap),
	KUNIT_CASE(a_chip_is_registered_once_and_not_freed_meanwhile),
	KUNIT_CASE(values_reach_the_wire),
	KUNIT_CASE(active_low_is_turned_round),
	KUNIT_CASE(open_drain_is_never_driven_high),
	KUNIT_CASE(line_that_is_not_there_does_nothing),
	KUNIT_CASE(error_in_place_of_a_line_is_returned),
	KUNIT_CASE(operations_that_a_chip_lacks_fail),
	KUNIT_CASE(putting_twice_is_reported),
	KUNIT_CASE(line_raises_its_irq),
	KUNIT_CASE(who_asks_for_a_line_s_irq_may_sleep),
	KUNIT_CASE(irq_line_cannot_become_an_output),
	KUNIT_CASE(output_cannot_become_an_irq),
	KUNIT_CASE(chip_that_would_change_its_irq_chip_is_refused),
	KUNIT_CASE(users_of_a_gone_chip_get_enodev),
	KUNIT_CASE(irq_of_a_gone_chip_never_comes),
	KUNIT_CASE(removal_waits_for_an_operation),
	KUNIT_CASE(removal_waits_for_a_look_up),
	{}
};

static struct kunit_suite gpio_suite = {
	.name = "gpio",
	.init = gpio_case_init,
	.exit = gpio_case_exit,
	.test_cases = gpio_cases,
};
kunit_test_suite(gpio_suite);
