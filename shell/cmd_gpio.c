/* SPDX-License-Identifier: MIT */
/*
 * gpio, in U-Boot's words.
 *
 *   nocla> gpio set 2
 *   gpio: pin 2 (gpio 2) value is 1
 *   nocla> gpio status -a
 *   Bank 9030000.pl061:
 *   gpio0: input: 0 [ ]
 *   gpio2: output: 1 [ ]
 *   gpio3: input: 0 [x] poweroff
 *
 * Values are those of the wire. A line that a driver uses is left to it.
 */
#include <drivers/gpio.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/kstrtox.h>
#include <lib/math.h>
#include <lib/string.h>

#define BANK_MAX	sizeof(((struct gpio_line *)NULL)->chip)

/* The line of that number or name. */
static int find_line(const char *pin, unsigned int *gpio, struct gpio_line *line)
{
	int err;

	if (kstrtouint(pin, 10, gpio) == 0)
		return gpio_describe(*gpio, line);
	for (*gpio = 0; (err = gpio_describe(*gpio, line)) != -ENXIO; ++*gpio)
		if (!err && strcmp(line->name, pin) == 0)
			return 0;
	return err;
}

/* ---- gpio status ---- */

static void print_line(unsigned int gpio, const struct gpio_line *line, char *bank, size_t size)
{
	if (strcmp(bank, line->chip) != 0) {
		shell_printf("Bank %s:\n", line->chip);
		strscpy(bank, line->chip, size);
	}
	shell_printf("gpio%u: %s: ", gpio, line->is_out ? "output" : "input");
	if (line->value < 0)
		shell_puts("?");
	else
		shell_printf("%d", line->value);
	shell_printf(" [%c]%s%s%s%s\n", line->is_requested ? 'x' : ' ',
		     line->name[0] ? " " : "", line->name,
		     line->consumer[0] ? " " : "", line->consumer);
}

/* Lines of the bank, or of all for NULL; without `all` only those in use. */
static unsigned int print_lines(const char *wanted, bool all)
{
	char bank[BANK_MAX] = "";
	struct gpio_line line;
	unsigned int printed = 0;
	int err;

	for (unsigned int gpio = 0; (err = gpio_describe(gpio, &line)) != -ENXIO; gpio++) {
		if (err || (wanted && strcmp(wanted, line.chip) != 0) ||
		    (!all && !line.is_requested))
			continue;
		print_line(gpio, &line, bank, sizeof(bank));
		printed++;
	}
	return printed;
}

static int gpio_status(int argc, char **argv)
{
	bool all = argc > 2 && strcmp(argv[2], "-a") == 0;
	const char *what = argc > 2 + all ? argv[2 + all] : NULL;
	char bank[BANK_MAX] = "";
	struct gpio_line line;
	unsigned int gpio;

	if (argc > 3 + all)
		return -EINVAL;
	if (!what) {
		print_lines(NULL, all);
		return 0;
	}
	if (find_line(what, &gpio, &line) == 0) {
		print_line(gpio, &line, bank, sizeof(bank));
		return 0;
	}
	if (!print_lines(what, true))
		return shell_fail(-EINVAL, "no pin or bank %s", what);
	return 0;
}

/* ---- gpio input|set|clear|toggle ---- */

static int do_input(struct gpio_desc *desc)
{
	return gpiod_direction_input(desc);
}

static int do_set(struct gpio_desc *desc)
{
	return gpiod_direction_output_raw(desc, 1);
}

static int do_clear(struct gpio_desc *desc)
{
	return gpiod_direction_output_raw(desc, 0);
}

static int do_toggle(struct gpio_desc *desc)
{
	int value = gpiod_get_raw_value_cansleep(desc);

	return value < 0 ? value : gpiod_direction_output_raw(desc, !value);
}

static const struct {
	const char *name;
	int (*fn)(struct gpio_desc *desc);
} actions[] = {
	{ "input", do_input },
	{ "set", do_set },
	{ "clear", do_clear },
	{ "toggle", do_toggle },
};

static int gpio_act(int (*fn)(struct gpio_desc *desc), const char *pin)
{
	struct gpio_desc *desc;
	struct gpio_line line;
	unsigned int gpio;
	int value;

	if (find_line(pin, &gpio, &line))
		return shell_fail(-EINVAL, "no pin %s", pin);
	desc = gpio_request_desc(gpio, "shell");
	if (IS_ERR(desc) && PTR_ERR(desc) == -EBUSY)
		return shell_fail(-EBUSY, "pin %s is used by %s", pin, line.consumer);
	if (IS_ERR(desc))
		return (int)PTR_ERR(desc);
	value = fn(desc);
	if (!value)
		value = gpiod_get_raw_value_cansleep(desc);
	gpio_free_desc(desc);
	if (value < 0)
		return shell_fail(value, "pin %s does not take that", pin);
	shell_printf("gpio: pin %s (gpio %u) value is %d\n", pin, gpio, value);
	return 0;
}

static int cmd_gpio(int argc, char **argv)
{
	if (argc >= 2 && strcmp(argv[1], "status") == 0)
		return gpio_status(argc, argv);
	for (size_t i = 0; argc == 3 && i < ARRAY_SIZE(actions); i++)
		if (strcmp(actions[i].name, argv[1]) == 0)
			return gpio_act(actions[i].fn, argv[2]);
	return -EINVAL;
}
SHELL_COMMAND(gpio, cmd_gpio, "<input|set|clear|toggle> <pin> | status [-a] [<bank|pin>]",
	      "GPIO lines");
