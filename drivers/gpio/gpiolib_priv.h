/* SPDX-License-Identifier: MIT */
/*
 * What the files of the GPIO core share: the device behind a chip, and the state
 * of a line.
 */
#ifndef GPIOLIB_PRIV_H
#define GPIOLIB_PRIV_H

#include <drivers/gpio/driver.h>
#include <drivers/gpio/machine.h>
#include <drivers/of.h>
#include <kernel/bug.h>
#include <kernel/spinlock.h>
#include <lib/atomic.h>
#include <lib/bitops.h>
#include <lib/err.h>
#include <lib/kconfig.h>
#include <lib/list.h>
#include <lib/refcount.h>

/* Bits of gpio_desc.flags. */
enum {
	FLAG_REQUESTED,
	FLAG_IS_OUT,
	FLAG_ACTIVE_LOW,
	FLAG_OPEN_DRAIN,
	FLAG_OPEN_SOURCE,
	FLAG_USED_AS_IRQ,
	FLAG_IRQ_IS_ENABLED,
	FLAG_CAN_SLEEP,		/* as the chip says; never changes */
	FLAG_PULL_UP,
	FLAG_PULL_DOWN,
	FLAG_BIAS_DISABLE,
	FLAG_TRANSITORY,
	FLAG_IS_HOGGED,
};

/* A line. Exists as long as its gpio_device. */
struct gpio_desc {
	struct gpio_device *gdev;	/* [I] */
	unsigned long flags;		/* [a] */
	u16 offset;			/* [I] */
	u16 turning;			/* [l] who is about to make it an output */
	const char *name;		/* [I] of the line, may be NULL */
	char *label;			/* [l] the user's name, may be NULL */
};

/*
 * What is left of a chip for those who hold its lines. [I] immutable, [a] atomic,
 * [d] gpio_devices_lock, [l] lock. `chip` is NULL iff the chip has been removed; `active` is
 * the number of those who are in one of its operations, or about to be.
 */
struct gpio_device {
	struct gpio_chip *chip;		/* [a] */
	bool can_sleep;			/* [I] as the chip says */
	u16 ngpio;			/* [I] */
	atomic_t active;		/* [a] */
	unsigned int base;		/* [I] number of the first line */
	void *data;			/* [I] */
	struct device *parent;		/* [I] counted, may be NULL */
	struct fwnode_handle *fwnode;	/* [I] */
	refcount_t refs;		/* [a] */
	struct list_head link;		/* [d] by base */
	bool ready;			/* [a] found by look-ups */
	char *names;			/* [I] of the lines, one behind the other */
	spinlock_t lock;
	char *label;			/* [I] a copy of the chip's */
	struct gpio_desc descs[];
};

static __always_inline bool chip_is_counted(const struct gpio_device *gdev)
{
	return unlikely(gdev->can_sleep);
}

/* For operations that are over before this CPU does anything else, if the chip does not sleep. */
static __always_inline struct gpio_chip *chip_enter(struct gpio_device *gdev)
{
	if (chip_is_counted(gdev)) {
		atomic_inc(&gdev->active);
		smp_mb();
	}
	return READ_ONCE(gdev->chip);
}

static __always_inline void chip_leave(struct gpio_device *gdev)
{
	if (chip_is_counted(gdev))
		atomic_dec_return(&gdev->active);
}

/*
 * Around calls of the chip that may sleep: its removal waits for the leaving. The chip,
 * or NULL if it has been removed; to be left in either case. Task.
 */
struct gpio_chip *chip_enter_task(struct gpio_device *gdev);
void chip_leave_task(struct gpio_device *gdev);

void gpio_device_put(struct gpio_device *gdev);

static inline struct gpio_device *gpio_device_get(struct gpio_device *gdev)
{
	refcount_inc(&gdev->refs);
	return gdev;
}

/* The chip's device for which match() is true, counted, or NULL. Task. */
struct gpio_device *gpio_device_find(const void *data, bool (*match)(struct gpio_device *gdev,
								     const void *data));

/*
 * 1: a line, 0: none. An error pointer means a caller that did not look at what it got, who is
 * given the error again. Any context.
 */
int gpiod_check_line(const struct gpio_desc *desc);

/* For who looks at lines of others; as gpiod_get_direction() and gpiod_get_raw_value(). */
int gpiod_read_direction(struct gpio_desc *desc);
int gpiod_read_wire(const struct gpio_desc *desc);

/* Sets a line that is not plain; any context that the chip allows. */
void gpiod_write_line(struct gpio_desc *desc, int value, bool raw);

static __always_inline void gpiod_may_not_sleep(const struct gpio_desc *desc)
{
	if (IS_ENABLED(CONFIG_DEBUG) && !IS_ERR_OR_NULL(desc))
		WARN_ONCE(desc->gdev->can_sleep, "%s sleeps: use the _cansleep functions",
			  desc->gdev->label);
}

/* Takes a line; the label is copied. 0; -EBUSY, -ENODEV, -ENOMEM, the chip's error. Task. */
int __must_check gpiod_request(struct gpio_desc *desc, const char *label);
/* The user's name, "" without one. Any context. */
void gpiod_copy_label(struct gpio_desc *desc, char *buf, size_t size);
int __must_check gpiod_configure(struct gpio_desc *desc, u32 lookup_flags,
				 unsigned int gpiod_flags);

/*
 * gpiolib_of.c: what the chip's node says. A line's number in the chip and the flags of a
 * look-up, or an error; the name of a line, NULL without; lines that are taken for good. Task.
 */
int gpiochip_of_xlate(struct gpio_device *gdev, const struct of_phandle_args *args,
		      u32 *lookup_flags);
const char *gpiochip_line_name(const struct gpio_chip *gc, const struct device_node *np,
			       unsigned int offset);
void gpiochip_add_hogs(struct gpio_device *gdev);
void gpiochip_free_hogs(struct gpio_device *gdev);

/* gpiolib_irq.c: the chip's irq half, if it has one. Task. */
int __must_check gpiochip_irqchip_add(struct gpio_chip *gc);
void gpiochip_irqchip_remove(struct gpio_chip *gc);

#endif
