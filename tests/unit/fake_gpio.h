/* SPDX-License-Identifier: MIT */
/*
 * A GPIO chip of eight bits of direction and value, and a device whose node names its
 * lines in each of the ways there are. It counts the calls that reach it, so that a call
 * after its removal is noticed.
 *
 * A suite has gpio_case_init() and gpio_case_exit() around each case.
 */
#ifndef TESTS_UNIT_FAKE_GPIO_H
#define TESTS_UNIT_FAKE_GPIO_H

#include <drivers/device.h>
#include <drivers/gpio.h>
#include <drivers/gpio/driver.h>
#include <drivers/pinctrl/pinconf-generic.h>
#include <lib/bits.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "fake_tree.h"

#define LINES		8
#define CHIP_PHANDLE	1

static struct fake {
	struct gpio_chip gc;
	unsigned long out;	/* directions */
	unsigned long value;	/* of the wires */
	unsigned int calls;
	unsigned int requests;	/* less frees */
	int result;		/* of request and direction_output */
	unsigned long config[LINES];	/* the last of each line */
	unsigned int configs;		/* how often, but for what has to survive sleep */
	unsigned int masks;		/* calls of get_multiple and set_multiple */
	bool masked[LINES];
	void (*during_set)(void);
} fake;

static struct device *consumer;

static inline int fake_request(struct gpio_chip *gc, unsigned int offset)
{
	(void)gc;
	(void)offset;
	fake.calls++;
	fake.requests += !fake.result;
	return fake.result;
}

static inline void fake_free(struct gpio_chip *gc, unsigned int offset)
{
	(void)gc;
	(void)offset;
	fake.calls++;
	fake.requests--;
}

static inline int fake_get_direction(struct gpio_chip *gc, unsigned int offset)
{
	(void)gc;
	fake.calls++;
	return fake.out & BIT(offset) ? GPIO_LINE_DIRECTION_OUT : GPIO_LINE_DIRECTION_IN;
}

static inline int fake_direction_input(struct gpio_chip *gc, unsigned int offset)
{
	(void)gc;
	fake.calls++;
	fake.out &= ~BIT(offset);
	return 0;
}

static inline void fake_set(struct gpio_chip *gc, unsigned int offset, int value)
{
	(void)gc;
	fake.calls++;
	if (fake.during_set)
		fake.during_set();
	fake.value = value ? fake.value | BIT(offset) : fake.value & ~BIT(offset);
}

static inline int fake_direction_output(struct gpio_chip *gc, unsigned int offset, int value)
{
	fake_set(gc, offset, value);
	if (!fake.result)
		fake.out |= BIT(offset);
	return fake.result;
}

static inline int fake_get(struct gpio_chip *gc, unsigned int offset)
{
	(void)gc;
	fake.calls++;
	return fake.value & BIT(offset) ? 4 : 0;	/* any number that is not 0 */
}

static inline int fake_get_multiple(struct gpio_chip *gc, unsigned long *mask,
				    unsigned long *bits)
{
	(void)gc;
	fake.masks++;
	*bits = fake.value & *mask;
	return 0;
}

static inline void fake_set_multiple(struct gpio_chip *gc, unsigned long *mask,
				     unsigned long *bits)
{
	(void)gc;
	fake.masks++;
	fake.value = (fake.value & ~*mask) | (*bits & *mask);
}

/* Not the chip's unless a case says so. */
static inline int fake_set_config(struct gpio_chip *gc, unsigned int offset, unsigned long config)
{
	(void)gc;
	fake.configs += pinconf_to_config_param(config) != PIN_CONFIG_PERSIST_STATE;
	fake.config[offset] = config;
	return 0;
}

/* The irq half. */

static inline void fake_irq_mask(struct irq_data *d)
{
	fake.masked[d->hwirq] = true;
	gpiochip_disable_irq(irq_data_get_irq_chip_data(d), (unsigned int)d->hwirq);
}

static inline void fake_irq_unmask(struct irq_data *d)
{
	gpiochip_enable_irq(irq_data_get_irq_chip_data(d), (unsigned int)d->hwirq);
	fake.masked[d->hwirq] = false;
}

static inline int fake_irq_set_type(struct irq_data *d, unsigned int type)
{
	(void)d;
	(void)type;
	return 0;
}

static const struct irq_chip fake_irq_chip = {
	.name = "fake-gpio",
	.irq_mask = fake_irq_mask,
	.irq_unmask = fake_irq_unmask,
	.irq_set_type = fake_irq_set_type,
	.flags = IRQCHIP_IMMUTABLE,
	GPIOCHIP_IRQ_RESOURCE_HELPERS,
};

static const char *const fake_names[LINES] = { [3] = "POWER" };

/* What the chip's operations are; it is not added yet. */
static inline void make_chip(void)
{
	fake.gc = (struct gpio_chip){
		.label = "fake",
		.base = -1,
		.ngpio = LINES,
		.names = fake_names,
		.request = fake_request,
		.free = fake_free,
		.get_direction = fake_get_direction,
		.direction_input = fake_direction_input,
		.direction_output = fake_direction_output,
		.get = fake_get,
		.get_multiple = fake_get_multiple,
		.set_multiple = fake_set_multiple,
		.set = fake_set,
		.fwnode = of_node_to_fwnode(of_find_node_by_path("/gpio")),
	};
	gpio_irq_chip_set_chip(&fake.gc.irq, &fake_irq_chip);
	fake.gc.irq.handler = handle_level_irq;
}

static inline int add_chip(void)
{
	make_chip();
	return gpiochip_add_data(&fake.gc, &fake);
}

/* A chip's node, and a user's with lines named in each of the ways there are. */
static inline void make_tree(struct kunit *test)
{
	struct device_node *root = fake_tree_attach(test);
	struct device_node *chip = fake_node(test, root, "gpio");
	struct device_node *user = fake_node(test, root, "user");

	fake_phandle(chip, CHIP_PHANDLE);
	fake_cells(test, chip, "#gpio-cells", 2);
	fake_cells(test, user, "led-gpios", CHIP_PHANDLE, 1, 0, CHIP_PHANDLE, 2, 1);
	fake_cells(test, user, "old-gpio", CHIP_PHANDLE, 4, 0);
	fake_cells(test, user, "gpios", CHIP_PHANDLE, 5, 0);
	fake_cells(test, user, "drain-gpios", CHIP_PHANDLE, 6, 2 | 4);
	fake_cells(test, user, "beyond-gpios", CHIP_PHANDLE, LINES, 0);
	fake_cells(test, user, "absent-gpios", 0);
	consumer->of_node = user;
}

static inline int gpio_case_init(struct kunit *test)
{
	memset(&fake, 0, sizeof(fake));
	consumer = root_device_register("user");
	if (IS_ERR(consumer))
		return (int)PTR_ERR(consumer);
	make_tree(test);
	return add_chip();
}

static inline void gpio_case_exit(struct kunit *test)
{
	(void)test;
	if (fake.gc.gpiodev)
		gpiochip_remove(&fake.gc);
	consumer->of_node = NULL;
	fake_tree_detach();
	root_device_unregister(consumer);
}

static inline unsigned int number(unsigned int offset)
{
	return (unsigned int)fake.gc.base + offset;
}

/* ---- what a case has ---- */

static inline void put_line(void *desc)
{
	gpiod_put(desc);
}

static inline struct gpio_desc *keep(struct kunit *test, struct gpio_desc *desc)
{
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, desc);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, put_line, desc), 0);
	return desc;
}

static inline void drop(struct kunit *test, struct gpio_desc *desc)
{
	kunit_release_action(test, put_line, desc);
}

static inline void remove_chip(void *gc)
{
	gpiochip_remove(gc);
}

static inline void keep_chip(struct kunit *test, struct gpio_chip *gc)
{
	KUNIT_ASSERT_EQ(test, gpiochip_add_data(gc, NULL), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, remove_chip, gc), 0);
}

static inline void drop_chip(struct kunit *test, struct gpio_chip *gc)
{
	kunit_release_action(test, remove_chip, gc);
}

#endif
