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

/* ---- what the node says ---- */

/* The chip once more, with its node as it is now. */
static int add_again(struct kunit *test)
{
	struct device_node *chip = of_find_node_by_path("/gpio");

	(void)test;
	gpiochip_remove(&fake.gc);
	make_chip();
	fake.gc.fwnode = of_node_to_fwnode(chip);
	fake.gc.names = NULL;
	return gpiochip_add_data(&fake.gc, &fake);
}

static const char *name_of(unsigned int offset, struct gpio_line *line)
{
	return gpio_describe(number(offset), line) ? "?" : line->name;
}

static void lines_have_the_names_of_the_node(struct kunit *test)
{
	struct gpio_line line;

	/* As many as there are, "" for none. */
	fake_strings(test, of_find_node_by_path("/gpio"), "gpio-line-names",
		     "RESET\0\0LED0\0a name that is longer than its place");
	KUNIT_ASSERT_EQ(test, add_again(test), 0);
	KUNIT_EXPECT_STREQ(test, name_of(0, &line), "RESET");
	KUNIT_EXPECT_STREQ(test, name_of(1, &line), "");
	KUNIT_EXPECT_STREQ(test, name_of(2, &line), "LED0");
	KUNIT_EXPECT_STREQ(test, name_of(3, &line), "a name that is longer t");
	KUNIT_EXPECT_STREQ(test, name_of(4, &line), "");
}

static void names_of_the_driver_come_first(struct kunit *test)
{
	struct gpio_line line;

	fake_strings(test, of_find_node_by_path("/gpio"), "gpio-line-names", "RESET");
	gpiochip_remove(&fake.gc);
	KUNIT_ASSERT_EQ(test, add_chip(), 0);
	KUNIT_EXPECT_STREQ(test, name_of(0, &line), "");
	KUNIT_EXPECT_STREQ(test, name_of(3, &line), "POWER");
}

/* A hog of lines 4 (active low) and 5, and one that only reads. */
static void add_hogs(struct kunit *test)
{
	struct device_node *chip = of_find_node_by_path("/gpio");
	struct device_node *hog = fake_node(test, chip, "enable-hog");

	fake_cells(test, hog, "gpio-hog", 0);
	fake_cells(test, hog, "gpios", 4, 1, 5, 0);
	fake_cells(test, hog, "output-high", 0);
	fake_strings(test, hog, "line-name", "enable");
	hog = fake_node(test, chip, "strap");
	fake_cells(test, hog, "gpio-hog", 0);
	fake_cells(test, hog, "gpios", 6, 0);
	fake_cells(test, hog, "input", 0);
	fake_node(test, chip, "no-hog");
}

static int found;

static void look_up(void)
{
	struct gpio_desc *desc = gpiod_get(consumer, "led", GPIOD_ASIS);

	found = PTR_ERR_OR_ZERO(desc);
	if (!found)
		gpiod_put(desc);
}

/* Who comes while they are set comes again later. */
static void chip_is_found_when_its_hogs_are_set(struct kunit *test)
{
	kunit_tolerates_faults(test);
	add_hogs(test);
	gpiochip_remove(&fake.gc);
	fake.during_set = look_up;
	found = 0;
	KUNIT_ASSERT_EQ(test, add_chip(), 0);
	KUNIT_EXPECT_EQ(test, found, -EPROBE_DEFER);
	fake.during_set = NULL;
	look_up();
	KUNIT_EXPECT_EQ(test, found, 0);
}

static void hogs_are_set_and_taken_before_others_come(struct kunit *test)
{
	struct gpio_desc *desc;
	struct gpio_line line;

	add_hogs(test);
	KUNIT_ASSERT_EQ(test, add_again(test), 0);
	KUNIT_EXPECT_EQ(test, fake.requests, 3);
	KUNIT_EXPECT_EQ(test, fake.out, BIT(4) | BIT(5));
	KUNIT_EXPECT_EQ(test, fake.value, BIT(5));
	KUNIT_ASSERT_EQ(test, gpio_describe(number(4), &line), 0);
	KUNIT_EXPECT_STREQ(test, line.consumer, "enable");
	KUNIT_EXPECT_TRUE(test, line.is_active_low && line.is_requested);
	KUNIT_EXPECT_STREQ(test, gpiochip_is_requested(&fake.gc, 6), "strap");
	desc = gpiod_get(consumer, "old", GPIOD_ASIS);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(desc), -EBUSY);
	/* There if the hog could not be had. */
	if (!IS_ERR(desc))
		gpiod_put(desc);
	gpiochip_remove(&fake.gc);
	KUNIT_EXPECT_EQ(test, fake.requests, 0);
}

/* Each is left out and told; the chip and the other hogs are there. */
static void hogs_that_are_wrong_are_left_out(struct kunit *test)
{
	struct device_node *chip = of_find_node_by_path("/gpio"), *hog;
	static const u32 half[] = { 1 };

	hog = fake_node(test, chip, "beyond");
	fake_cells(test, hog, "gpio-hog", 0);
	fake_cells(test, hog, "gpios", LINES, 0);
	fake_cells(test, hog, "input", 0);
	hog = fake_node(test, chip, "aimless");
	fake_cells(test, hog, "gpio-hog", 0);
	fake_cells(test, hog, "gpios", 1, 0);
	hog = fake_node(test, chip, "lineless");
	fake_cells(test, hog, "gpio-hog", 0);
	fake_cells(test, hog, "input", 0);
	hog = fake_node(test, chip, "half");
	fake_cells(test, hog, "gpio-hog", 0);
	fake_cells_array(test, hog, "gpios", half, 1);
	fake_cells(test, hog, "input", 0);
	add_hogs(test);
	hog = fake_node(test, chip, "second");
	fake_cells(test, hog, "gpio-hog", 0);
	fake_cells(test, hog, "gpios", 5, 0);
	fake_cells(test, hog, "output-low", 0);
	KUNIT_ASSERT_EQ(test, add_again(test), 0);
	KUNIT_EXPECT_EQ(test, fake.requests, 3);
	KUNIT_EXPECT_EQ(test, fake.value, BIT(5));
	KUNIT_EXPECT_NULL(test, gpiochip_is_requested(&fake.gc, 1));
}

static void driver_uses_lines_of_its_own(struct kunit *test)
{
	struct gpio_desc *desc = gpiochip_request_own_desc(&fake.gc, 1, "own", GPIO_ACTIVE_LOW,
							   GPIOD_OUT_LOW);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, desc);
	KUNIT_EXPECT_EQ(test, fake.value, BIT(1));
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get(consumer, "led", GPIOD_ASIS)), -EBUSY);
	gpiochip_free_own_desc(desc);
	KUNIT_EXPECT_EQ(test, fake.requests, 0);
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiochip_request_own_desc(&fake.gc, LINES, "own", 0,
								GPIOD_ASIS)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiochip_request_own_desc(&fake.gc, 1, "own",
								GPIO_PULL_UP | GPIO_PULL_DOWN,
								GPIOD_ASIS)), -EINVAL);
	KUNIT_EXPECT_EQ(test, fake.requests, 0);
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
	KUNIT_CASE(lines_have_the_names_of_the_node),
	KUNIT_CASE(names_of_the_driver_come_first),
	KUNIT_CASE(chip_is_found_when_its_hogs_are_set),
	KUNIT_CASE(hogs_are_set_and_taken_before_others_come),
	KUNIT_CASE(hogs_that_are_wrong_are_left_out),
	KUNIT_CASE(driver_uses_lines_of_its_own),
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
