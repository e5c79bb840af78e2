/* SPDX-License-Identifier: MIT */
/*
 * What can be done with a line: direction and value.
 *
 * Values are the user's (logical) or the wire's (raw). Setting one is the way that has
 * to be short: flags that need more than a call of the chip lead to the long one.
 *
 * Locking: a line on its way to be an output is counted under the device's lock, so that
 * nobody makes it an interrupt meanwhile. The chip is called without it.
 */
#include <drivers/gpio/consumer.h>
#include <drivers/gpio/driver.h>

#include <drivers/pinctrl/pinconf-generic.h>
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <lib/errno.h>
#include <lib/kconfig.h>

#include "gpiolib_priv.h"

/* In builds that check: a line is used by who has it. */
static __always_inline void check_requested(const struct gpio_desc *desc)
{
	if (IS_ENABLED(CONFIG_DEBUG))
		WARN(!test_bit(FLAG_REQUESTED, &desc->flags), "%s line %u: used and not requested",
		     desc->gdev->label, desc->offset);
}

noinline int gpiod_check_line(const struct gpio_desc *desc)
{
	if (likely(!IS_ERR_OR_NULL(desc))) {
		check_requested(desc);
		return 1;
	}
	WARN_ONCE(IS_ERR(desc), "gpio descriptor is %pe", desc);
	return (int)PTR_ERR(desc);
}

/* Electrically. */

static int set_config(struct gpio_desc *desc, enum pin_config_param param, u32 argument)
{
	struct gpio_chip *gc = chip_enter(desc->gdev);
	int ret = -ENODEV;

	if (gc && !gc->set_config)
		ret = -ENOTSUPP;
	else if (gc)
		ret = gc->set_config(gc, desc->offset, pinconf_to_config_packed(param, argument));
	chip_leave(desc->gdev);
	return ret;
}

static int set_optional_config(struct gpio_desc *desc, enum pin_config_param param, u32 argument)
{
	int ret = set_config(desc, param, argument);

	return ret == -ENOTSUPP ? 0 : ret;
}

int gpiod_set_config(struct gpio_desc *desc, unsigned long config)
{
	int ret = gpiod_check_line(desc);

	return ret > 0 ? set_config(desc, pinconf_to_config_param(config),
				    pinconf_to_config_argument(config)) : ret;
}

int gpiod_set_debounce(struct gpio_desc *desc, unsigned int debounce)
{
	return gpiod_set_config(desc, pinconf_to_config_packed(PIN_CONFIG_INPUT_DEBOUNCE,
							       debounce));
}

int gpiod_set_transitory(struct gpio_desc *desc, bool transitory)
{
	int ret = gpiod_check_line(desc);

	if (ret <= 0)
		return ret;
	if (transitory)
		set_bit(FLAG_TRANSITORY, &desc->flags);
	else
		clear_bit(FLAG_TRANSITORY, &desc->flags);
	return set_optional_config(desc, PIN_CONFIG_PERSIST_STATE, !transitory);
}

static int set_bias(struct gpio_desc *desc)
{
	unsigned long flags = READ_ONCE(desc->flags);

	if (flags & BIT(FLAG_PULL_UP))
		return set_optional_config(desc, PIN_CONFIG_BIAS_PULL_UP, 1);
	if (flags & BIT(FLAG_PULL_DOWN))
		return set_optional_config(desc, PIN_CONFIG_BIAS_PULL_DOWN, 1);
	if (flags & BIT(FLAG_BIAS_DISABLE))
		return set_optional_config(desc, PIN_CONFIG_BIAS_DISABLE, 0);
	return 0;
}

void gpiod_toggle_active_low(struct gpio_desc *desc)
{
	if (gpiod_check_line(desc) > 0)
		change_bit(FLAG_ACTIVE_LOW, &desc->flags);
}

/* Direction. */

int gpiod_read_direction(struct gpio_desc *desc)
{
	struct gpio_chip *gc = chip_enter(desc->gdev);
	int ret = -ENODEV;

	if (gc)
		ret = gc->get_direction ? gc->get_direction(gc, desc->offset) : -ENOTSUPP;
	chip_leave(desc->gdev);
	if (ret < 0)
		return ret;
	return ret ? GPIO_LINE_DIRECTION_IN : GPIO_LINE_DIRECTION_OUT;
}

int gpiod_get_direction(struct gpio_desc *desc)
{
	int ret = gpiod_check_line(desc);

	return ret > 0 ? gpiod_read_direction(desc) : ret;
}

static int make_input(struct gpio_desc *desc)
{
	struct gpio_chip *gc = chip_enter(desc->gdev);
	int ret = -ENODEV;

	if (gc)
		ret = gc->direction_input ? gc->direction_input(gc, desc->offset) : -EIO;
	chip_leave(desc->gdev);
	if (!ret)
		clear_bit(FLAG_IS_OUT, &desc->flags);
	return ret;
}

/* Between the two nobody makes the line an interrupt. */
static int output_begin(struct gpio_desc *desc)
{
	guard(spinlock_irqsave)(&desc->gdev->lock);
	if (test_bit(FLAG_USED_AS_IRQ, &desc->flags) &&
	    test_bit(FLAG_IRQ_IS_ENABLED, &desc->flags))
		return -EIO;
	desc->turning++;
	return 0;
}

static void output_end(struct gpio_desc *desc, bool is_out)
{
	guard(spinlock_irqsave)(&desc->gdev->lock);
	desc->turning--;
	if (is_out)
		set_bit(FLAG_IS_OUT, &desc->flags);
}

static int make_output(struct gpio_desc *desc, int value)
{
	struct gpio_chip *gc;
	int ret = output_begin(desc);

	if (ret) {
		pr_err("%s line %u: is an interrupt and cannot be an output\n",
		       desc->gdev->label, desc->offset);
		return ret;
	}
	gc = chip_enter(desc->gdev);
	ret = -ENODEV;
	if (gc)
		ret = gc->direction_output ? gc->direction_output(gc, desc->offset, !!value) : -EIO;
	chip_leave(desc->gdev);
	output_end(desc, !ret);
	return ret;
}

int gpiod_direction_input(struct gpio_desc *desc)
{
	int ret = gpiod_check_line(desc);

	if (ret <= 0)
		return ret;
	ret = make_input(desc);
	return ret ? ret : set_bias(desc);
}

int gpiod_direction_output_raw(struct gpio_desc *desc, int value)
{
	int ret = gpiod_check_line(desc);

	return ret > 0 ? make_output(desc, value) : ret;
}

/* The value that an open output does not drive: somebody else pulls the wire there. */
static bool is_released(unsigned long flags, bool value)
{
	return value ? flags & BIT(FLAG_OPEN_DRAIN) : flags & BIT(FLAG_OPEN_SOURCE);
}

/* Whether the chip itself drives the line as it is wired; one that is driven both ways it does. */
static bool has_drive(struct gpio_desc *desc, unsigned long flags)
{
	if (flags & BIT(FLAG_OPEN_DRAIN))
		return !set_config(desc, PIN_CONFIG_DRIVE_OPEN_DRAIN, 0);
	if (flags & BIT(FLAG_OPEN_SOURCE))
		return !set_config(desc, PIN_CONFIG_DRIVE_OPEN_SOURCE, 0);
	set_config(desc, PIN_CONFIG_DRIVE_PUSH_PULL, 0);
	return true;
}

int gpiod_direction_output(struct gpio_desc *desc, int value)
{
	int ret = gpiod_check_line(desc);
	unsigned long flags;
	bool wire = value;

	if (ret <= 0)
		return ret;
	flags = READ_ONCE(desc->flags);
	if (flags & BIT(FLAG_ACTIVE_LOW))
		wire = !wire;
	if (!has_drive(desc, flags) && is_released(flags, wire))
		ret = make_input(desc);
	else
		ret = make_output(desc, wire);
	return ret ? ret : set_bias(desc);
}

/* Values. */

/*
 * What the short way of setting a line leaves to the long one. It enters no chip, see the
 * top of the file.
 */
#define FLAGS_LONG_WAY	(BIT(FLAG_ACTIVE_LOW) | BIT(FLAG_OPEN_DRAIN) | BIT(FLAG_OPEN_SOURCE) | \
			 BIT(FLAG_CAN_SLEEP))

static noinline void set_wire(struct gpio_desc *desc, int value)
{
	struct gpio_chip *gc = chip_enter(desc->gdev);

	if (likely(gc))
		gc->set(gc, desc->offset, value);
	chip_leave(desc->gdev);
}

static noinline void set_long_way(struct gpio_desc *desc, int value)
{
	unsigned long flags;

	if (gpiod_check_line(desc) <= 0)
		return;
	flags = READ_ONCE(desc->flags);
	if (flags & BIT(FLAG_ACTIVE_LOW))
		value = !value;
	if (!(flags & (BIT(FLAG_OPEN_DRAIN) | BIT(FLAG_OPEN_SOURCE))))
		set_wire(desc, value);
	else if (is_released(flags, value))
		make_input(desc);
	else
		make_output(desc, value);
}

void gpiod_write_line(struct gpio_desc *desc, int value, bool raw)
{
	if (raw)
		set_wire(desc, value);
	else
		set_long_way(desc, value);
}

static __always_inline void set_logical(struct gpio_desc *desc, int value)
{
	struct gpio_chip *gc;

	if (unlikely(IS_ERR_OR_NULL(desc)) ||
	    unlikely(READ_ONCE(desc->flags) & FLAGS_LONG_WAY)) {
		set_long_way(desc, value);
		return;
	}
	check_requested(desc);
	gc = READ_ONCE(desc->gdev->chip);
	if (likely(gc))
		gc->set(gc, desc->offset, value);
}

void gpiod_set_value(struct gpio_desc *desc, int value)
{
	gpiod_may_not_sleep(desc);
	set_logical(desc, value);
}

void gpiod_set_raw_value(struct gpio_desc *desc, int value)
{
	gpiod_may_not_sleep(desc);
	if (gpiod_check_line(desc) > 0)
		set_wire(desc, value);
}

void gpiod_set_value_cansleep(struct gpio_desc *desc, int value)
{
	might_sleep();
	set_logical(desc, value);
}

void gpiod_set_raw_value_cansleep(struct gpio_desc *desc, int value)
{
	might_sleep();
	if (gpiod_check_line(desc) > 0)
		set_wire(desc, value);
}

int gpiod_read_wire(const struct gpio_desc *desc)
{
	struct gpio_chip *gc = chip_enter(desc->gdev);
	int ret = -ENODEV;

	if (gc)
		ret = gc->get ? gc->get(gc, desc->offset) : -EIO;
	chip_leave(desc->gdev);
	return ret < 0 ? ret : !!ret;
}

static int get_logical(const struct gpio_desc *desc)
{
	int ret = gpiod_read_wire(desc);

	return ret >= 0 && test_bit(FLAG_ACTIVE_LOW, &desc->flags) ? !ret : ret;
}

int gpiod_get_value(const struct gpio_desc *desc)
{
	int ret = gpiod_check_line(desc);

	if (ret <= 0)
		return ret;
	gpiod_may_not_sleep(desc);
	return get_logical(desc);
}

int gpiod_get_raw_value(const struct gpio_desc *desc)
{
	int ret = gpiod_check_line(desc);

	if (ret <= 0)
		return ret;
	gpiod_may_not_sleep(desc);
	return gpiod_read_wire(desc);
}

int gpiod_get_value_cansleep(const struct gpio_desc *desc)
{
	int ret = gpiod_check_line(desc);

	might_sleep();
	return ret > 0 ? get_logical(desc) : ret;
}

int gpiod_get_raw_value_cansleep(const struct gpio_desc *desc)
{
	int ret = gpiod_check_line(desc);

	might_sleep();
	return ret > 0 ? gpiod_read_wire(desc) : ret;
}

int gpiod_is_active_low(const struct gpio_desc *desc)
{
	int ret = gpiod_check_line(desc);

	return ret > 0 ? test_bit(FLAG_ACTIVE_LOW, &desc->flags) : ret;
}

int gpiod_cansleep(const struct gpio_desc *desc)
{
	int ret = gpiod_check_line(desc);

	return ret > 0 ? desc->gdev->can_sleep : ret;
}

int gpiod_to_irq(const struct gpio_desc *desc)
{
	struct gpio_chip *gc;
	int ret = -ENODEV;

	/* 0 is no irq: a line that is not there has none. */
	if (gpiod_check_line(desc) <= 0)
		return -EINVAL;
	might_sleep();
	gc = chip_enter_task(desc->gdev);
	if (gc)
		ret = gc->to_irq ? gc->to_irq(gc, desc->offset) : -ENXIO;
	chip_leave_task(desc->gdev);
	return ret ? ret : -ENXIO;
}
