/* SPDX-License-Identifier: MIT */
/*
 * Races of a line: who makes it an output against who makes it an interrupt, and against who
 * only looks.
 */
#include <kernel/interrupt.h>
#include <lib/errno.h>
#include <lib/sched_point.h>
#include <test/interleave.h>
#include <test/kunit.h>

#include "fake_gpio.h"

#define LINE	3

static struct gpio_desc *desc;
static unsigned int irq;
static int output_result, irq_result;

static irqreturn_t nothing(int nr, void *dev_id)
{
	(void)nr;
	(void)dev_id;
	return IRQ_HANDLED;
}

/* A chip that takes its time. */
static int slow_direction_output(struct gpio_chip *gc, unsigned int offset, int value)
{
	sched_point();
	fake_direction_output(gc, offset, value);
	sched_point();
	return 0;
}

static void reset(void *ctx)
{
	(void)ctx;
	RACE_CHECK(gpiod_direction_input(desc) == 0);
	output_result = irq_result = -EAGAIN;
}

static void make_output(void *ctx)
{
	(void)ctx;
	output_result = gpiod_direction_output(desc, 1);
}

static void make_irq(void *ctx)
{
	(void)ctx;
	irq_result = request_irq(irq, nothing, 0, "race", &irq);
}

static void look(void *ctx)
{
	struct gpio_line line;

	(void)ctx;
	RACE_CHECK(gpio_describe(number(LINE), &line) == 0);
}

/* One of the two has it. */
static void line_is_one_of_them(void *ctx)
{
	(void)ctx;
	RACE_CHECK(!output_result == !!irq_result);
	RACE_CHECK(output_result == 0 || output_result == -EIO);
	RACE_CHECK(irq_result == 0 || irq_result == -EIO);
	RACE_CHECK(gpiochip_line_is_irq(&fake.gc, LINE) == !irq_result);
	if (!irq_result)
		free_irq(irq, &irq);
}

/* The same once more for a chip whose direction the core has to remember. */
static void output_stays_no_irq(void *ctx)
{
	(void)ctx;
	RACE_CHECK(output_result == 0);
	make_irq(NULL);
	RACE_CHECK(irq_result == -EIO);
	if (!irq_result)
		free_irq(irq, &irq);
}

KUNIT_RACE(line_is_an_output_or_an_interrupt, .reset = reset, .settle = line_is_one_of_them,
	   .racers = { make_output, make_irq, look })

KUNIT_RACE(who_looks_at_a_line_changes_nothing, .reset = reset, .settle = output_stays_no_irq,
	   .racers = { make_output, look })

static void put_line_of(void *line)
{
	gpiod_put(line);
}

static int take_line(struct kunit *test, bool can_sleep)
{
	int ret;

	fake.gc.direction_output = slow_direction_output;
	fake.gc.can_sleep = can_sleep;
	fake.gc.base = -1;
	ret = gpiochip_add_data(&fake.gc, &fake);
	if (ret)
		return ret;
	desc = gpio_request_desc(number(LINE), "race");
	if (IS_ERR(desc))
		return (int)PTR_ERR(desc);
	ret = kunit_add_action(test, put_line_of, desc);
	if (ret)
		return ret;
	ret = gpiod_to_irq(desc);
	irq = (unsigned int)ret;
	return ret > 0 ? 0 : ret;
}

static void race_on_a_chip_that_sleeps(struct kunit *test, const struct race *race)
{
	kunit_release_action(test, put_line_of, desc);
	gpiochip_remove(&fake.gc);
	KUNIT_ASSERT_EQ(test, take_line(test, true), 0);
	kunit_race(test, race, NULL);
}

static void line_of_a_chip_that_sleeps_is_one_too(struct kunit *test)
{
	static const struct race race = {
		.reset = reset, .settle = line_is_one_of_them,
		.racers = { make_output, make_irq, look },
	};

	race_on_a_chip_that_sleeps(test, &race);
}

static void who_looks_at_a_chip_that_sleeps_changes_nothing(struct kunit *test)
{
	static const struct race race = {
		.reset = reset, .settle = output_stays_no_irq, .racers = { make_output, look },
	};

	race_on_a_chip_that_sleeps(test, &race);
}

static int races_init(struct kunit *test)
{
	int ret = gpio_case_init(test);

	if (ret)
		return ret;
	gpiochip_remove(&fake.gc);
	return take_line(test, false);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(line_is_an_output_or_an_interrupt),
	KUNIT_CASE(who_looks_at_a_line_changes_nothing),
	KUNIT_CASE(line_of_a_chip_that_sleeps_is_one_too),
	KUNIT_CASE(who_looks_at_a_chip_that_sleeps_changes_nothing),
	{},
};

static struct kunit_suite suite = {
	.name = "races_gpio",
	.init = races_init,
	.exit = gpio_case_exit,
	.test_cases = cases,
	.timeout_ms = 600000,
};
kunit_test_suite(suite);
