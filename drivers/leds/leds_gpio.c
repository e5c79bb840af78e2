/* SPDX-License-Identifier: MIT */
/*
 * LEDs on GPIO lines: the nodes below one that is compatible with "gpio-leds".
 *
 * An LED whose node is wrong is told and left out: the others work.
 * Document: Linux's binding leds/leds-gpio.yaml; of it gpios, label and default-state.
 *
 * Locking: the class's around each operation.
 */
#include <drivers/device.h>
#include <drivers/gpio/consumer.h>
#include <drivers/leds.h>
#include <drivers/of.h>
#include <drivers/platform_device.h>
#include <kernel/fwnode.h>
#include <lib/string.h>

struct gpio_led {
	struct led_classdev cdev;
	struct gpio_desc *gpio;		/* [I] */
};

static struct gpio_led *to_gpio_led(struct led_classdev *cdev)
{
	return container_of(cdev, struct gpio_led, cdev);
}

static void gpio_led_set(struct led_classdev *cdev, enum led_brightness brightness)
{
	gpiod_set_value(to_gpio_led(cdev)->gpio, brightness != LED_OFF);
}

static int gpio_led_set_blocking(struct led_classdev *cdev, enum led_brightness brightness)
{
	gpiod_set_value_cansleep(to_gpio_led(cdev)->gpio, brightness != LED_OFF);
	return 0;
}

/* What the LED is to be at first, by its node or as it is. */
static int gpio_led_first_state(struct gpio_led *led, struct device_node *np)
{
	const char *state = "off";

	of_property_read_string(np, "default-state", &state);
	if (strcmp(state, "keep") == 0)
		return gpiod_get_value_cansleep(led->gpio);
	if (strcmp(state, "on") == 0)
		return 1;
	return strcmp(state, "off") == 0 ? 0 : -EINVAL;
}

static int gpio_led_setup(struct device *dev, struct gpio_led *led, struct device_node *np)
{
	int ret;

	led->cdev.name = np->name;
	of_property_read_string(np, "label", &led->cdev.name);
	led->gpio = devm_fwnode_gpiod_get(dev, of_fwnode_handle(np), NULL, GPIOD_ASIS,
					  led->cdev.name);
	if (IS_ERR(led->gpio))
		return dev_err_probe(dev, PTR_ERR(led->gpio), "%pOF: no gpio\n", np);
	ret = gpio_led_first_state(led, np);
	if (ret < 0)
		return dev_err_probe(dev, ret, "%pOF: no state to begin with\n", np);
	led->cdev.brightness = (unsigned int)ret;
	led->cdev.max_brightness = 1;
	if (gpiod_cansleep(led->gpio))
		led->cdev.brightness_set_blocking = gpio_led_set_blocking;
	else
		led->cdev.brightness_set = gpio_led_set;
	/* A name that is taken is found before the line is an output. */
	ret = devm_led_classdev_register(dev, &led->cdev);
	if (!ret)
		ret = gpiod_direction_output(led->gpio, led->cdev.brightness != 0);
	return ret ? dev_err_probe(dev, ret, "%pOF: no LED\n", np) : 0;
}

/* Leaves nothing of an LED that cannot be had. */
static int gpio_led_add(struct device *dev, struct device_node *np)
{
	struct gpio_led *led;
	int ret = -ENOMEM;

	if (!devres_open_group(dev, np, GFP_KERNEL))
		return -ENOMEM;
	led = devm_kzalloc(dev, sizeof(*led), GFP_KERNEL);
	if (led)
		ret = gpio_led_setup(dev, led, np);
	if (ret)
		devres_release_group(dev, np);
	else
		devres_close_group(dev, np);
	return ret;
}

static int gpio_leds_probe(struct platform_device *pdev)
{
	struct device_node *np;
	int ret, first_error = 0;
	bool has_led = false;

	for_each_available_child_of_node(pdev->dev.of_node, np) {
		ret = gpio_led_add(&pdev->dev, np);
		/* What will be there later is worth another try of all. */
		if (ret == -EPROBE_DEFER || ret == -ENOMEM)
			return ret;
		has_led |= !ret;
		first_error = first_error ?: ret;
	}
	return has_led ? 0 : first_error;
}

static const struct of_device_id gpio_leds_of_match[] = {
	{ .compatible = "gpio-leds" },
	{ }
};

static struct platform_driver gpio_leds_driver = {
	.probe = gpio_leds_probe,
	.driver = {
		.name = "leds-gpio",
		.of_match_table = gpio_leds_of_match,
	},
};
module_platform_driver(gpio_leds_driver);
