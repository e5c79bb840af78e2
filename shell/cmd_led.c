/* SPDX-License-Identifier: MIT */
/*
 * led, in U-Boot's words.
 *
 *   nocla> led list
 *   green:heartbeat on
 *   nocla> led green:heartbeat off
 */
#include <drivers/leds.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/string.h>

static void print_led(const struct led_state *led)
{
	shell_printf("%-15s %s\n", led->name, led->brightness ? "on" : "off");
}

/* 0 or 1 for the words of setting, toggle being the other than `is_on`; else -EINVAL. */
static int value_of(const char *word, bool is_on)
{
	if (strcmp(word, "toggle") == 0)
		return !is_on;
	if (strcmp(word, "on") == 0)
		return 1;
	return strcmp(word, "off") == 0 ? 0 : -EINVAL;
}

static int cmd_led(int argc, char **argv)
{
	struct led_state led;
	int value, ret;

	if (argc == 2 && strcmp(argv[1], "list") == 0) {
		for (unsigned int n = 0; led_describe(n, &led) == 0; n++)
			print_led(&led);
		return 0;
	}
	if (argc != 2 && argc != 3)
		return -EINVAL;
	if (led_find(argv[1], &led))
		return shell_fail(-ENODEV, "no LED %s", argv[1]);
	if (argc == 2) {
		print_led(&led);
		return 0;
	}
	value = value_of(argv[2], led.brightness);
	if (value < 0)
		return -EINVAL;
	ret = led_set_by_name(argv[1], value ? led.max_brightness : 0);
	return ret ? shell_fail(ret, "%s cannot be set", argv[1]) : 0;
}
SHELL_COMMAND(led, cmd_led, "list | <name> [on|off|toggle]", "LEDs");
