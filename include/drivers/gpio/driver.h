/* SPDX-License-Identifier: MIT */
/*
 * GPIO chips as their drivers see them: a table of operations on lines, and
 * what makes the lines interrupts.
 *
 * A driver embeds the gpio_chip in its own structure and gets back to it by
 * container_of() or gpiochip_get_data(). What its users hold is a gpio_device that
 * outlives the chip: after gpiochip_remove() has returned no operation of the chip
 * runs and none will, its interrupts are gone, and users get -ENODEV.
 *
 * Locking: the core serialises nothing but request and free of a line. Operations
 * run in the context of their caller, interrupts included unless can_sleep is set.
 */
#ifndef DRIVERS_GPIO_DRIVER_H
#define DRIVERS_GPIO_DRIVER_H

#include <drivers/gpio/consumer.h>
#include <drivers/gpio/machine.h>
#include <kernel/debugobjects.h>
#include <kernel/irq.h>
#include <kernel/irqchip/chained_irq.h>
#include <kernel/irqdomain.h>
#include <kernel/module.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/types.h>

struct device;
struct gpio_chip;
struct gpio_desc;
struct gpio_device;
struct of_phandle_args;
struct seq_file;

#define GPIO_LINE_DIRECTION_IN	1
#define GPIO_LINE_DIRECTION_OUT	0

/*
 * The interrupt half of a chip. `chip` makes it one; it is const and has
 * IRQCHIP_IMMUTABLE: its irq_mask and irq_unmask call gpiochip_disable_irq() and
 * gpiochip_enable_irq(), and it has GPIOCHIP_IRQ_RESOURCE_HELPERS. The core makes
 * the domain, one irq per line, and chains parent_handler to each of `parents`.
 */
struct gpio_irq_chip {
	struct irq_chip *chip;			/* set it with gpio_irq_chip_set_chip() */
	struct irq_domain *domain;		/* the core's */
	const struct irq_domain_ops *domain_ops;	/* NULL: two cells, line and trigger */
	irq_flow_handler_t handler;		/* of a line, until its type is set */
	unsigned int default_type;		/* of a line; usually IRQ_TYPE_NONE */
	irq_flow_handler_t parent_handler;	/* gets the gpio_chip, or parent_handler_data */
	void *parent_handler_data;
	unsigned int num_parents;
	unsigned int *parents;			/* the irqs that the chip raises; as long as it */
	bool initialized;			/* the core's */
	int (*init_hw)(struct gpio_chip *gc);	/* before any irq is on */
};

/*
 * A chip. Everything is set before gpiochip_add_data() and then left alone.
 * Missing operations: get_direction -ENOTSUPP, direction_input -EIO,
 * direction_output -EIO, get -EIO, set nothing, to_irq -ENXIO, set_config -ENOTSUPP,
 * get_multiple and set_multiple: line by line.
 *
 * Lines are named by `names`, else by the node's "gpio-line-names". Children of the node with
 * "gpio-hog" are taken and set as they say before anybody else finds the chip; one that is
 * wrong is told and left out.
 */
struct gpio_chip {
	const char *label;
	struct gpio_device *gpiodev;		/* the core's */
	struct debug_obj debug;			/* the core's; live: registered */
	struct device *parent;
	struct fwnode_handle *fwnode;		/* else the parent's node */
	struct module *owner;

	int (*request)(struct gpio_chip *gc, unsigned int offset);	/* may sleep */
	void (*free)(struct gpio_chip *gc, unsigned int offset);	/* may sleep */
	int (*get_direction)(struct gpio_chip *gc, unsigned int offset);
	int (*direction_input)(struct gpio_chip *gc, unsigned int offset);
	int (*direction_output)(struct gpio_chip *gc, unsigned int offset, int value);
	int (*get)(struct gpio_chip *gc, unsigned int offset);
	int (*get_multiple)(struct gpio_chip *gc, unsigned long *mask, unsigned long *bits);
	void (*set)(struct gpio_chip *gc, unsigned int offset, int value);
	void (*set_multiple)(struct gpio_chip *gc, unsigned long *mask, unsigned long *bits);
	int (*set_config)(struct gpio_chip *gc, unsigned int offset, unsigned long config);
	int (*to_irq)(struct gpio_chip *gc, unsigned int offset);	/* set by an irq half */
	void (*dbg_show)(struct seq_file *s, struct gpio_chip *gc);

	int base;				/* -1: the core finds free numbers */
	u16 ngpio;
	const char *const *names;		/* of lines; NULL, or some are NULL */
	bool can_sleep;

	struct gpio_irq_chip irq;

	/* The device tree's cells: by default two, line and flags. */
	unsigned int of_gpio_n_cells;
	int (*of_xlate)(struct gpio_chip *gc, const struct of_phandle_args *gpiospec, u32 *flags);
};

/*
 * Makes the chip's lines available. Its operations may be called, and its
 * interrupts may come, before this returns.
 * Context: task; may sleep.
 * Return: 0; -EINVAL for a chip that is not complete, or whose numbers are too large; -EBUSY if
 * the numbers from `base` on are taken; -ENOSPC if none are free; -ENOMEM.
 */
int __must_check gpiochip_add_data(struct gpio_chip *gc, void *data) __may_sleep;

/* The reverse: see the top. Waits for operations and handlers that run. Context: task. */
void gpiochip_remove(struct gpio_chip *gc) __may_sleep;

/* As gpiochip_add_data(), removed when the driver unbinds. Context: task; may sleep. */
int __must_check devm_gpiochip_add_data(struct device *dev, struct gpio_chip *gc, void *data)
	__may_sleep;

/* What the chip was added with. Context: any. */
void *gpiochip_get_data(struct gpio_chip *gc);

/* The chip for which match() is not 0, or NULL. Context: task. */
struct gpio_chip *gpiochip_find(void *data, int (*match)(struct gpio_chip *gc, void *data));

/* A line of the chip, not requested. ERR_PTR(-EINVAL) beyond the last. Context: any. */
struct gpio_desc *gpiochip_get_desc(struct gpio_chip *gc, unsigned int hwnum);

/*
 * The chip's driver, or its bus, uses a line itself: as gpiod_get(). Such lines are given back
 * before the chip is removed. Context: task; may sleep.
 * Return: ERR_PTR: -EINVAL beyond the last line or for flags that exclude each other; -EBUSY;
 * -ENOMEM; what the chip says.
 */
struct gpio_desc *__must_check gpiochip_request_own_desc(struct gpio_chip *gc,
							 unsigned int hwnum, const char *label,
							 enum gpio_lookup_flags lflags,
							 enum gpiod_flags dflags) __may_sleep;
/* Gives it back. Context: task; may sleep. */
void gpiochip_free_own_desc(struct gpio_desc *desc) __may_sleep;

/* Who uses the line, NULL if nobody does. Context: any, while nobody frees it. */
const char *gpiochip_is_requested(struct gpio_chip *gc, unsigned int offset);

/* Interrupts. Context: any, but for what sets up and asks for them: task. */

static inline void gpio_irq_chip_set_chip(struct gpio_irq_chip *girq, const struct irq_chip *chip)
{
	/* SAFETY: Linux's member is not const, nobody writes through it. */
	girq->chip = (struct irq_chip *)(unsigned long)chip;
}

/*
 * A line that is an interrupt cannot become an output; a line that is an output
 * cannot become an interrupt: -EIO. The chip's resource helpers call these.
 */
int gpiochip_lock_as_irq(struct gpio_chip *gc, unsigned int offset);
void gpiochip_unlock_as_irq(struct gpio_chip *gc, unsigned int offset);
bool gpiochip_line_is_irq(struct gpio_chip *gc, unsigned int offset);

/* From the chip's irq_unmask and irq_mask. While its irq is off the line may be an output. */
void gpiochip_enable_irq(struct gpio_chip *gc, unsigned int offset);
void gpiochip_disable_irq(struct gpio_chip *gc, unsigned int offset);

/* For a chip's irq_request_resources and irq_release_resources. Context: task. 0 or -EIO. */
int gpiochip_irq_reqres(struct irq_data *data);
void gpiochip_irq_relres(struct irq_data *data);

#define GPIOCHIP_IRQ_RESOURCE_HELPERS			\
	.irq_request_resources = gpiochip_irq_reqres,	\
	.irq_release_resources = gpiochip_irq_relres

#endif
