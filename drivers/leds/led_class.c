/* SPDX-License-Identifier: MIT */
/*
 * The LEDs of all drivers, in the order in which they came.
 *
 * Locking: leds_mutex for the list and around each operation, so who unregisters an LED
 * waits for the operation that runs.
 */
#include <drivers/leds.h>

#include <drivers/device.h>
#include <kernel/mutex.h>
#include <lib/errno.h>
#include <lib/minmax.h>
#include <lib/string.h>

static DEFINE_MUTEX(leds_mutex);
static LIST_HEAD(leds);		/* [leds_mutex] */

static int set_locked(struct led_classdev *led, unsigned int value)
{
	enum led_brightness brightness = (enum led_brightness)min(value, led->max_brightness);
	int ret = 0;

	if (led->brightness_set)
		led->brightness_set(led, brightness);
	else
		ret = led->brightness_set_blocking(led, brightness);
	if (!ret)
		led->brightness = brightness;
	return ret;
}

static struct led_classdev *find_locked(const char *name)
{
	struct led_classdev *led;

	list_for_each_entry(led, &leds, node)
		if (strcmp(led->name, name) == 0)
			return led;
	return NULL;
}

int led_classdev_register(struct device *parent, struct led_classdev *led_cdev)
{
	if (!led_cdev->name || (!led_cdev->brightness_set && !led_cdev->brightness_set_blocking))
		return -EINVAL;
	guard(mutex)(&leds_mutex);
	if (find_locked(led_cdev->name))
		return -EEXIST;
	led_cdev->dev = parent;
	if (!led_cdev->max_brightness)
		led_cdev->max_brightness = LED_FULL;
	list_add_tail(&led_cdev->node, &leds);
	return 0;
}

void led_classdev_unregister(struct led_classdev *led_cdev)
{
	guard(mutex)(&leds_mutex);
	list_del(&led_cdev->node);
	set_locked(led_cdev, LED_OFF);
}

static void devm_led_unregister(void *led_cdev)
{
	led_classdev_unregister(led_cdev);
}

int devm_led_classdev_register(struct device *parent, struct led_classdev *led_cdev)
{
	int ret = led_classdev_register(parent, led_cdev);

	return ret ? ret : devm_add_action_or_reset(parent, devm_led_unregister, led_cdev);
}

int led_set_brightness_sync(struct led_classdev *led_cdev, unsigned int value)
{
	guard(mutex)(&leds_mutex);
	return set_locked(led_cdev, value);
}

/* ---- for people ---- */

static int describe_locked(const struct led_classdev *led, struct led_state *state)
{
	strscpy(state->name, led->name, sizeof(state->name));
	state->brightness = led->brightness;
	state->max_brightness = led->max_brightness;
	return 0;
}

int led_describe(unsigned int n, struct led_state *state)
{
	struct led_classdev *led;

	guard(mutex)(&leds_mutex);
	list_for_each_entry(led, &leds, node)
		if (!n--)
			return describe_locked(led, state);
	return -ENODEV;
}

int led_find(const char *name, struct led_state *state)
{
	struct led_classdev *led;

	guard(mutex)(&leds_mutex);
	led = find_locked(name);
	return led ? describe_locked(led, state) : -ENODEV;
}

int led_set_by_name(const char *name, unsigned int value)
{
	struct led_classdev *led;

	guard(mutex)(&leds_mutex);
	led = find_locked(name);
	return led ? set_locked(led, value) : -ENODEV;
}
