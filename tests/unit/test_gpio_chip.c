/* SPDX-License-Identifier: MIT */
/*
 * What a GPIO chip may get wrong, and what its node says: cells that its own function passes
 * on, the order in which its interrupts come up, lines used by who has not asked for them.
 */
#include <kernel/interrupt.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <lib/math.h>
#include <test/kunit.h>

#include "fake_gpio.h"

/* ---- cells ---- */

static int xlate_result;

static int careless_xlate(struct gpio_chip *gc, const struct of_phandle_args *args, u32 *flags)
{
	(void)gc;
	(void)args;
	*flags = 0;
	return xlate_result;
}

static void line_beyond_the_chip_is_refused_whoever_translates(struct kunit *test)
{
	static const int beyond[] = { LINES, 200, INT32_MAX };
	struct gpio_desc *desc;

	fake.gc.of_xlate = careless_xlate;
	for (size_t i = 0; i < ARRAY_SIZE(beyond); i++) {
		xlate_result = beyond[i];
		KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get(consumer, "led", GPIOD_ASIS)), -EINVAL);
	}
	xlate_result = -EIO;
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get(consumer, "led", GPIOD_ASIS)), -EIO);
	xlate_result = LINES - 1;
	desc = keep(test, gpiod_get(consumer, "led", GPIOD_ASIS));
	drop(test, desc);
}

/* ---- the order of adding ---- */

static bool was_findable;
static int init_hw_result;

static int look_for_domain(struct gpio_chip *gc)
{
	was_findable = irq_find_matching_fwnode(gc->fwnode, DOMAIN_BUS_ANY) != NULL;
	return init_hw_result;
}

/* Who finds it turns lines on, and the chip's beginning is to turn them off. */
static void interrupts_cannot_be_had_before_the_chip_is_quiet(struct kunit *test)
{
	gpiochip_remove(&fake.gc);
	make_chip();
	fake.gc.irq.init_hw = look_for_domain;
	was_findable = true;
	init_hw_result = 0;
	KUNIT_ASSERT_EQ(test, gpiochip_add_data(&fake.gc, &fake), 0);
	KUNIT_EXPECT_FALSE(test, was_findable);
	KUNIT_EXPECT_NOT_NULL(test, irq_find_matching_fwnode(fake.gc.fwnode, DOMAIN_BUS_ANY));
	gpiochip_remove(&fake.gc);

	make_chip();
	fake.gc.irq.init_hw = look_for_domain;
	init_hw_result = -EIO;
	KUNIT_EXPECT_EQ(test, gpiochip_add_data(&fake.gc, &fake), -EIO);
	KUNIT_EXPECT_NULL(test, fake.gc.gpiodev);
}

/* ---- lines of nobody ---- */

static void use_without_request_is_reported(struct kunit *test)
{
	struct gpio_desc *desc = gpiochip_get_desc(&fake.gc, 1);

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "a check of CONFIG_DEBUG");
	KUNIT_EXPECT_REPORT(test, "used and not requested", gpiod_set_value(desc, 1));
	KUNIT_EXPECT_REPORT(test, "used and not requested", gpiod_set_raw_value(desc, 1));
	KUNIT_EXPECT_REPORT(test, "used and not requested", gpiod_get_value(desc));
	KUNIT_EXPECT_REPORT(test, "used and not requested", gpiod_direction_input(desc));
	desc = keep(test, gpiod_get(consumer, "led", GPIOD_OUT_LOW));
	KUNIT_EXPECT_WARNINGS(test, 0, gpiod_set_value(desc, 1));
	drop(test, desc);
	/* What its user goes on to do after it has given it back. */
	KUNIT_EXPECT_REPORT(test, "used and not requested", gpiod_set_value(desc, 0));
}

/* A person may look at any line. */
static void looking_is_no_use(struct kunit *test)
{
	struct gpio_line line;

	KUNIT_EXPECT_WARNINGS(test, 0, gpio_describe(number(1), &line));
}

static const struct kunit_case cases[] = {
	KUNIT_CASE(line_beyond_the_chip_is_refused_whoever_translates),
	KUNIT_CASE(interrupts_cannot_be_had_before_the_chip_is_quiet),
	KUNIT_CASE(use_without_request_is_reported),
	KUNIT_CASE(looking_is_no_use),
	{}
};

static struct kunit_suite suite = {
	.name = "gpio_chip",
	.init = gpio_case_init,
	.exit = gpio_case_exit,
	.test_cases = cases,
};
kunit_test_suite(suite);
