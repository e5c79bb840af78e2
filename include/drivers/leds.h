/* SPDX-License-Identifier: MIT */
/*
 * LEDs: a name and a brightness.
 *
 * A driver embeds the led_classdev, sets name, max_brightness and one of the two
 * operations, and registers it. People at a console find it by its name (`led`).
 * After led_classdev_unregister() has returned no operation runs and none will.
 *
 * Locking: one mutex for all LEDs, around each operation.
 */
#ifndef DRIVERS_LEDS_H
#define DRIVERS_LEDS_H

#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/list.h>
#include <lib/types.h>

struct device;

enum led_brightness {
	LED_OFF = 0,
	LED_ON = 1,
	LED_HALF = 127,
	LED_FULL = 255,
};

/* [I] after registration, [l] the class's mutex. */
struct led_classdev {
	const char *name;		/* [I] */
	unsigned int brightness;	/* [l] as it is; the driver sets it before it registers */
	unsigned int max_brightness;	/* [I] 0: LED_FULL */
	struct device *dev;		/* [I] the class's: whose LED it is */
	struct list_head node;		/* [l] */

	/* The one that may not sleep, or the one that may; both run in a task. */
	void (*brightness_set)(struct led_classdev *led_cdev, enum led_brightness brightness);
	int (*brightness_set_blocking)(struct led_classdev *led_cdev,
				       enum led_brightness brightness);
};

/*
 * Makes an LED known; it stays as it is. devm_: until the driver unbinds.
 * Context: task; may sleep. Return: 0; -EINVAL without a name or an operation; -EEXIST; -ENOMEM.
 */
int __must_check led_classdev_register(struct device *parent, struct led_classdev *led_cdev)
	__may_sleep;
int __must_check devm_led_classdev_register(struct device *parent,
					    struct led_classdev *led_cdev) __may_sleep;

/* The reverse; the LED is off then. Context: task; may sleep. */
void led_classdev_unregister(struct led_classdev *led_cdev) __may_sleep;

/* Sets it, max_brightness at most. Context: task; may sleep. Return: 0 or the driver's error. */
int led_set_brightness_sync(struct led_classdev *led_cdev, unsigned int value) __may_sleep;

/* An LED as it is now. */
struct led_state {
	char name[32];
	unsigned int brightness;
	unsigned int max_brightness;
};

/*
 * For people at a console: the n-th LED; the one of that name, and setting it.
 * Context: task; may sleep. Return: 0; -ENODEV, there is none; the driver's error.
 */
int led_describe(unsigned int n, struct led_state *state) __may_sleep;
int led_find(const char *name, struct led_state *state) __may_sleep;
int led_set_by_name(const char *name, unsigned int value) __may_sleep;

#endif
