/* SPDX-License-Identifier: MIT */
/*
 * GPIO lines by number, over all chips: for people at a console. Drivers use
 * <drivers/gpio/consumer.h>. The first chip's lines begin at 0 and each later
 * chip's behind the last.
 *
 *   for (unsigned int gpio = 0; (ret = gpio_describe(gpio, &line)) != -ENXIO; gpio++)
 *           if (!ret)
 *                   print(gpio, &line);
 */
#ifndef DRIVERS_GPIO_H
#define DRIVERS_GPIO_H

#include <drivers/gpio/consumer.h>
#include <lib/types.h>

/* A line as it is now. */
struct gpio_line {
	char chip[48];		/* the chip's label */
	unsigned int offset;	/* in the chip */
	char name[24];		/* of the line; "" without */
	char consumer[32];	/* who uses it; "" nobody */
	bool is_requested;
	bool is_out;
	bool is_active_low;
	bool is_irq;
	bool is_open_drain;
	bool is_open_source;
	enum { GPIO_LINE_PULL_NONE, GPIO_LINE_PULL_UP, GPIO_LINE_PULL_DOWN,
	       GPIO_LINE_PULL_DISABLED } pull;	/* as was asked for */
	int value;		/* of the wire; negative errno */
};

/*
 * Context: task; may sleep.
 * Return: 0; -ENXIO beyond the last number; -ENODEV, a number that no chip has now.
 */
int gpio_describe(unsigned int gpio, struct gpio_line *line);

/* A chip. */
struct gpio_bank {
	char chip[48];		/* its label */
	unsigned int base;	/* the number of its first line */
	unsigned int ngpio;
};

/* The n-th chip, by numbers. 0; -ENXIO behind the last. Context: task; may sleep. */
int gpio_describe_bank(unsigned int n, struct gpio_bank *bank);

/*
 * Takes the line for `label` and gives it back; between the two the descriptor may
 * be used. Direction and value stay as they are.
 * Context: task; may sleep.
 * Return: a descriptor; ERR_PTR: -ENXIO as above, -EBUSY, -ENOMEM.
 */
struct gpio_desc *__must_check gpio_request_desc(unsigned int gpio, const char *label);

#define gpio_free_desc(desc)	gpiod_put(desc)

#endif
