/* SPDX-License-Identifier: MIT */
/*
 * Several lines at once, and how a line is set up electrically: what reaches the chip.
 */
#include <drivers/pinctrl/pinconf-generic.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <test/kunit.h>

#include "fake_gpio.h"

/* ---- several lines ---- */

static void put_lines(void *descs)
{
	gpiod_put_array(descs);
}

/* The lines of led-gpios, 1 and 2, of which 2 is active low, are low on the wire then. */
static struct gpio_descs *get_leds(struct kunit *test)
{
	struct gpio_descs *descs = gpiod_get_array(consumer, "led", GPIOD_ASIS);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, descs);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, put_lines, descs), 0);
	KUNIT_ASSERT_EQ(test, descs->ndescs, 2);
	KUNIT_ASSERT_EQ(test, gpiod_direction_output_raw(descs->desc[0], 0), 0);
	KUNIT_ASSERT_EQ(test, gpiod_direction_output_raw(descs->desc[1], 0), 0);
	return descs;
}

static void drop_lines(struct kunit *test, struct gpio_descs *descs)
{
	kunit_release_action(test, put_lines, descs);
}

static void lines_of_a_chip_are_one_call(struct kunit *test)
{
	struct gpio_descs *descs = get_leds(test);
	unsigned long values = BIT(0);
	unsigned int calls = fake.calls;

	/* line 1 active: 1; line 2 not active, which is high */
	KUNIT_EXPECT_EQ(test, gpiod_set_array_value(2, descs->desc, descs->info, &values), 0);
	KUNIT_EXPECT_EQ(test, fake.value, BIT(1) | BIT(2));
	KUNIT_EXPECT_EQ(test, fake.masks, 1);
	values = ~0ul;
	KUNIT_EXPECT_EQ(test, gpiod_get_array_value(2, descs->desc, descs->info, &values), 0);
	KUNIT_EXPECT_EQ(test, values & 3, BIT(0));
	KUNIT_EXPECT_EQ(test, gpiod_get_raw_array_value(2, descs->desc, NULL, &values), 0);
	KUNIT_EXPECT_EQ(test, values & 3, BIT(0) | BIT(1));
	KUNIT_EXPECT_EQ(test, fake.masks, 3);
	values = BIT(1);
	KUNIT_EXPECT_EQ(test, gpiod_set_raw_array_value_cansleep(2, descs->desc, NULL, &values), 0);
	KUNIT_EXPECT_EQ(test, fake.value, BIT(2));
	KUNIT_EXPECT_EQ(test, fake.calls, calls);
	drop_lines(test, descs);
}

static void chip_without_a_mask_is_called_line_by_line(struct kunit *test)
{
	struct gpio_descs *descs = get_leds(test);
	unsigned long values = BIT(0);
	unsigned int calls = fake.calls;

	fake.gc.get_multiple = NULL;
	fake.gc.set_multiple = NULL;
	KUNIT_EXPECT_EQ(test, gpiod_set_array_value(2, descs->desc, NULL, &values), 0);
	KUNIT_EXPECT_EQ(test, fake.value, BIT(1) | BIT(2));
	KUNIT_EXPECT_EQ(test, fake.calls, calls + 2);
	values = 0;
	KUNIT_EXPECT_EQ(test, gpiod_get_array_value_cansleep(2, descs->desc, NULL, &values), 0);
	KUNIT_EXPECT_EQ(test, values, BIT(0));
	KUNIT_EXPECT_EQ(test, fake.calls, calls + 4);
	drop_lines(test, descs);
}

/* What is not driven high is no value in a mask. */
static void open_drain_among_them_is_never_driven_high(struct kunit *test)
{
	struct gpio_descs *descs = get_leds(test);
	struct gpio_desc *drain = keep(test, gpiod_get(consumer, "drain", GPIOD_OUT_LOW));
	struct gpio_desc *all[] = { descs->desc[0], drain };
	unsigned long values = 3;

	KUNIT_EXPECT_EQ(test, fake.out & BIT(6), BIT(6));
	KUNIT_EXPECT_EQ(test, gpiod_set_array_value(2, all, NULL, &values), 0);
	KUNIT_EXPECT_EQ(test, fake.out & BIT(6), 0);
	KUNIT_EXPECT_EQ(test, fake.value, BIT(1));
	drop(test, drain);
	drop_lines(test, descs);
}

static int get_low(struct gpio_chip *gc, unsigned int offset)
{
	(void)gc;
	(void)offset;
	fake.calls++;
	return 0;
}

static unsigned int sets;

static void note_set(struct gpio_chip *gc, unsigned int offset, int value)
{
	(void)gc;
	sets += offset == 130 && value;
}

/* Each chip has one call; and what is behind the lines that a mask has goes one by one. */
static void lines_of_several_chips_are_a_call_each(struct kunit *test)
{
	static struct gpio_chip second;		/* outlives a case that is ended */
	struct gpio_descs *descs = get_leds(test);
	struct gpio_desc *all[3] = { descs->desc[0], descs->desc[1] };
	unsigned long values = BIT(0) | BIT(2);
	unsigned int calls;

	second = (struct gpio_chip){
		.label = "second",
		.base = -1,
		.ngpio = 200,
		.get = get_low,
		.set = note_set,
		.get_multiple = fake_get_multiple,
		.set_multiple = fake_set_multiple,
	};
	keep_chip(test, &second);
	all[2] = keep(test, gpio_request_desc((unsigned int)second.base + 4, "test"));
	KUNIT_EXPECT_EQ(test, gpiod_set_array_value(3, all, NULL, &values), 0);
	KUNIT_EXPECT_EQ(test, fake.value, BIT(1) | BIT(2) | BIT(4));
	KUNIT_EXPECT_EQ(test, fake.masks, 2);
	drop(test, all[2]);
	all[2] = keep(test, gpio_request_desc((unsigned int)second.base + 130, "test"));
	calls = fake.calls;
	KUNIT_EXPECT_EQ(test, gpiod_get_array_value(3, all, NULL, &values), 0);
	KUNIT_EXPECT_EQ(test, fake.masks, 3);
	KUNIT_EXPECT_EQ(test, fake.calls, calls + 1);
	values = BIT(2);
	sets = 0;
	KUNIT_EXPECT_EQ(test, gpiod_set_array_value(3, all, NULL, &values), 0);
	KUNIT_EXPECT_EQ(test, sets, 1);
	drop(test, all[2]);
	drop_chip(test, &second);
	drop_lines(test, descs);
}

static void a_line_that_is_none_fails_all(struct kunit *test)
{
	struct gpio_descs *descs = get_leds(test);
	struct gpio_desc *all[] = { descs->desc[0], NULL };
	unsigned long values = 3;

	KUNIT_EXPECT_EQ(test, gpiod_set_array_value(2, all, NULL, &values), -EINVAL);
	KUNIT_EXPECT_EQ(test, gpiod_get_array_value(2, all, NULL, &values), -EINVAL);
	all[1] = ERR_PTR(-EPROBE_DEFER);
	KUNIT_EXPECT_WARNINGS(test, 1, gpiod_set_array_value(2, all, NULL, &values));
	KUNIT_EXPECT_EQ(test, fake.value, 0);
	gpiochip_remove(&fake.gc);
	KUNIT_EXPECT_EQ(test, gpiod_set_array_value(2, descs->desc, NULL, &values), -ENODEV);
	KUNIT_EXPECT_EQ(test, gpiod_get_array_value(2, descs->desc, NULL, &values), -ENODEV);
	drop_lines(test, descs);
}

static void all_lines_are_got_or_none(struct kunit *test)
{
	struct gpio_desc *one = keep(test, gpiod_get_index(consumer, "led", 1, GPIOD_ASIS));
	struct gpio_descs *descs;

	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get_array(consumer, "led", GPIOD_ASIS)), -EBUSY);
	KUNIT_EXPECT_EQ(test, fake.requests, 1);
	drop(test, one);
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get_array(consumer, "none", GPIOD_ASIS)), -ENOENT);
	KUNIT_EXPECT_NULL(test, gpiod_get_array_optional(consumer, "none", GPIOD_ASIS));
	KUNIT_EXPECT_NULL(test, devm_gpiod_get_array_optional(consumer, "none", GPIOD_ASIS));
	gpiod_put_array(NULL);
	descs = devm_gpiod_get_array(consumer, "led", GPIOD_IN);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, descs);
	KUNIT_EXPECT_EQ(test, fake.requests, 2);
	devm_gpiod_put_array(consumer, descs);
	KUNIT_EXPECT_EQ(test, fake.requests, 0);
	descs = devm_gpiod_get_array(consumer, "led", GPIOD_IN);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, descs);
	devres_release_all(consumer);
	KUNIT_EXPECT_EQ(test, fake.requests, 0);
}

/* ---- electrically ---- */

static void expect_config(struct kunit *test, unsigned int line, enum pin_config_param param,
			  u32 argument)
{
	KUNIT_EXPECT_EQ(test, pinconf_to_config_param(fake.config[line]), param);
	KUNIT_EXPECT_EQ(test, pinconf_to_config_argument(fake.config[line]), argument);
}

static void pull_of_the_tree_reaches_the_chip(struct kunit *test)
{
	struct gpio_desc *desc;

	desc = keep(test, gpiod_get_index(consumer, "pulled", 0, GPIOD_IN));
	expect_config(test, 1, PIN_CONFIG_BIAS_PULL_UP, 1);
	drop(test, desc);
	desc = keep(test, gpiod_get_index(consumer, "pulled", 1, GPIOD_IN));
	expect_config(test, 2, PIN_CONFIG_BIAS_PULL_DOWN, 1);
	drop(test, desc);
	desc = keep(test, gpiod_get_index(consumer, "pulled", 2, GPIOD_OUT_LOW));
	expect_config(test, 3, PIN_CONFIG_BIAS_DISABLE, 0);
	drop(test, desc);
	/* Up and down at once is no wiring. */
	KUNIT_EXPECT_EQ(test, PTR_ERR(gpiod_get_index(consumer, "pulled", 3, GPIOD_IN)), -EINVAL);
	KUNIT_EXPECT_EQ(test, fake.requests, 0);
	/* The next user's line is not pulled. */
	fake.config[1] = 0;
	desc = keep(test, gpiod_get(consumer, "led", GPIOD_ASIS));
	fake.configs = 0;
	KUNIT_EXPECT_EQ(test, gpiod_direction_input(desc), 0);
	KUNIT_EXPECT_EQ(test, fake.configs, 0);
	drop(test, desc);
}

static void chip_that_has_open_drain_is_driven_by_value(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpiod_get(consumer, "drain", GPIOD_OUT_HIGH));

	expect_config(test, 6, PIN_CONFIG_DRIVE_OPEN_DRAIN, 0);
	KUNIT_EXPECT_EQ(test, fake.out, BIT(6));
	KUNIT_EXPECT_EQ(test, fake.value, BIT(6));
	drop(test, desc);
}

/* Low is not driven: the line becomes an input, and something else pulls it down. */
static void open_source_is_never_driven_low(struct kunit *test)
{
	struct gpio_desc *desc;

	fake.gc.set_config = NULL;
	desc = keep(test, gpiod_get(consumer, "source", GPIOD_OUT_LOW));
	KUNIT_EXPECT_EQ(test, fake.out, 0);
	gpiod_set_value(desc, 1);
	KUNIT_EXPECT_EQ(test, fake.out, BIT(7));
	KUNIT_EXPECT_EQ(test, fake.value, BIT(7));
	gpiod_set_value(desc, 0);
	KUNIT_EXPECT_EQ(test, fake.out, 0);
	KUNIT_EXPECT_EQ(test, gpiod_direction_output(desc, 0), 0);
	KUNIT_EXPECT_EQ(test, fake.out, 0);
	drop(test, desc);
}

static void settings_are_the_chip_s(struct kunit *test)
{
	struct gpio_desc *desc = keep(test, gpiod_get(consumer, "led", GPIOD_IN));

	KUNIT_EXPECT_EQ(test, gpiod_set_debounce(desc, 5000), 0);
	expect_config(test, 1, PIN_CONFIG_INPUT_DEBOUNCE, 5000);
	KUNIT_EXPECT_EQ(test, gpiod_set_transitory(desc, true), 0);
	expect_config(test, 1, PIN_CONFIG_PERSIST_STATE, 0);
	fake.gc.set_config = NULL;
	KUNIT_EXPECT_EQ(test, gpiod_set_debounce(desc, 5000), -ENOTSUPP);
	KUNIT_EXPECT_EQ(test, gpiod_set_transitory(desc, true), 0);
	KUNIT_EXPECT_EQ(test, gpiod_set_config(NULL, 0), 0);
	gpiod_toggle_active_low(desc);
	KUNIT_EXPECT_EQ(test, gpiod_is_active_low(desc), 1);
	gpiod_toggle_active_low(desc);
	KUNIT_EXPECT_EQ(test, gpiod_is_active_low(desc), 0);
	gpiochip_remove(&fake.gc);
	KUNIT_EXPECT_EQ(test, gpiod_set_debounce(desc, 5000), -ENODEV);
	drop(test, desc);
}

static void numbers_and_lines_name_each_other(struct kunit *test)
{
	struct gpio_desc *desc = gpiochip_get_desc(&fake.gc, 3);

	KUNIT_EXPECT_PTR_EQ(test, gpio_to_desc(number(3)), desc);
	KUNIT_EXPECT_EQ(test, desc_to_gpio(desc), (int)number(3));
	KUNIT_EXPECT_NULL(test, gpio_to_desc(number(LINES)));
}

static const struct kunit_case cases[] = {
	KUNIT_CASE(lines_of_a_chip_are_one_call),
	KUNIT_CASE(chip_without_a_mask_is_called_line_by_line),
	KUNIT_CASE(open_drain_among_them_is_never_driven_high),
	KUNIT_CASE(lines_of_several_chips_are_a_call_each),
	KUNIT_CASE(a_line_that_is_none_fails_all),
	KUNIT_CASE(all_lines_are_got_or_none),
	KUNIT_CASE(pull_of_the_tree_reaches_the_chip),
	KUNIT_CASE(chip_that_has_open_drain_is_driven_by_value),
	KUNIT_CASE(open_source_is_never_driven_low),
	KUNIT_CASE(settings_are_the_chip_s),
	KUNIT_CASE(numbers_and_lines_name_each_other),
	{}
};

static int init(struct kunit *test)
{
	int ret = gpio_case_init(test);

	if (ret)
		return ret;
	fake.gc.set_config = fake_set_config;
	fake_cells(test, consumer->of_node, "pulled-gpios", CHIP_PHANDLE, 1, BIT(4),
		   CHIP_PHANDLE, 2, BIT(5), CHIP_PHANDLE, 3, BIT(6),
		   CHIP_PHANDLE, 4, BIT(4) | BIT(5));
	fake_cells(test, consumer->of_node, "source-gpios", CHIP_PHANDLE, 7, 2);
	return 0;
}

static struct kunit_suite suite = {
	.name = "gpio_array",
	.init = init,
	.exit = gpio_case_exit,
	.test_cases = cases,
};
kunit_test_suite(suite);
