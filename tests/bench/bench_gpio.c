/* SPDX-License-Identifier: MIT */
/*
 * What moving a pin costs: a line of a PL061 that nothing is connected to.
 */
#include <test/bench.h>

#include <drivers/gpio.h>
#include <lib/err.h>
#include <lib/errno.h>
#include <lib/string.h>

/* A free line of the first PL061. */
static struct gpio_desc *take_line(void)
{
	struct gpio_line line;
	int err;

	for (unsigned int gpio = 0; (err = gpio_describe(gpio, &line)) != -ENXIO; gpio++)
		if (!err && !line.is_requested && strstr(line.chip, "pl061"))
			return gpio_request_desc(gpio, "bench");
	return ERR_PTR(err);
}

static void bench_gpiod_set(struct bench *b)
{
	struct gpio_desc *line = take_line();

	if (!bench_check(b, !IS_ERR(line)))
		return;
	bench_check(b, !gpiod_direction_output(line, 0));
	for_each_bench_run(i) {
		int value = (i + 1) % 2;

		bench_begin(b);
		gpiod_set_value(line, value);
		bench_end(b);
		bench_check(b, gpiod_get_value(line) == value);
	}
	gpiod_direction_input(line);
	gpio_free_desc(line);
}
BENCH_CASE("gpiod_set", bench_gpiod_set);
