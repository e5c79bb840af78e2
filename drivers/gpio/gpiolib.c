/* SPDX-License-Identifier: MIT */
/*
 * The GPIO core: chips, and who uses their lines.
 *
 * Between a user's descriptor and a chip stands the gpio_device. Each operation
 * enters it, takes the chip from it and leaves it; removing a chip takes the
 * pointer away and waits until the last has left. An operation of a chip that does
 * not sleep needs no entry: it is over before its CPU does anything else, which is a
 * section under RCU.
 *
 * Locking: gpio_devices_lock for the list of devices, task context. A line's
 * state is in atomic bits; its user's name, and what decides whether it is an output or
 * an interrupt, have the device's lock.
 */
#include <drivers/gpio/consumer.h>
#include <drivers/gpio/driver.h>

#include <drivers/device.h>
#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/delay.h>
#include <kernel/fault-inject.h>
#include <kernel/mutex.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <lib/string.h>

#include "gpiolib_priv.h"

static DEFINE_MUTEX(gpio_devices_lock);
static LIST_HEAD(gpio_devices);			/* [gpio_devices_lock] by base */

/* Entering and leaving a chip. */

struct gpio_chip *chip_enter_task(struct gpio_device *gdev)
{
	atomic_inc_return(&gdev->active);
	return READ_ONCE(gdev->chip);
}

void chip_leave_task(struct gpio_device *gdev)
{
	atomic_dec_return(&gdev->active);
}

static void chip_revoke(struct gpio_device *gdev)
{
	WRITE_ONCE(gdev->chip, NULL);
	if (IS_ENABLED(CONFIG_SMP) && !chip_is_counted(gdev))
		synchronize_rcu();
	smp_mb();
	while (atomic_read(&gdev->active))
		msleep(1);
}

/* Chips. */

void gpio_device_put(struct gpio_device *gdev)
{
	if (!refcount_dec_and_test(&gdev->refs))
		return;
	put_device(gdev->parent);
	kfree(gdev->label);
	kfree(gdev->names);
	kfree(gdev);
}

struct gpio_device *gpio_device_find(const void *data, bool (*match)(struct gpio_device *gdev,
								     const void *data))
{
	struct gpio_device *gdev;

	guard(mutex)(&gpio_devices_lock);
	list_for_each_entry(gdev, &gpio_devices, link)
		if (READ_ONCE(gdev->ready) && match(gdev, data))
			return gpio_device_get(gdev);
	return NULL;
}

struct gpio_chip *gpiochip_find(void *data, int (*match)(struct gpio_chip *gc, void *data))
{
	struct gpio_device *gdev;

	guard(mutex)(&gpio_devices_lock);
	list_for_each_entry(gdev, &gpio_devices, link)
		if (gdev->chip && match(gdev->chip, data))
			return gdev->chip;
	return NULL;
}

/* Into the list, in the order of numbers. */
static int device_number(struct gpio_device *gdev, int base)
{
	struct gpio_device *other, *next = NULL;

	guard(mutex)(&gpio_devices_lock);
	gdev->base = base < 0 ? 0 : base;
	list_for_each_entry(other, &gpio_devices, link) {
		if (gdev->base + gdev->ngpio <= other->base) {
			next = other;
			break;
		}
		if (gdev->base >= other->base + other->ngpio)
			continue;
		if (base >= 0)
			return -EBUSY;
		gdev->base = other->base + other->ngpio;
	}
	/* Numbers, and the one behind the last, are an int to those who ask. */
	if (gdev->base + gdev->ngpio > (unsigned int)INT32_MAX)
		return base < 0 ? -ENOSPC : -EINVAL;
	list_add_tail(&gdev->link, next ? &next->link : &gpio_devices);
	return 0;
}

static void device_unlist(struct gpio_device *gdev)
{
	guard(mutex)(&gpio_devices_lock);
	list_del(&gdev->link);
}

static void set_nothing(struct gpio_chip *gc, unsigned int offset, int value)
{
	(void)gc;
	(void)offset;
	(void)value;
}

/* Copies, which the lines have for longer than the chip. */
static int name_lines(struct gpio_device *gdev, const struct gpio_chip *gc)
{
	const struct device_node *np = to_of_node(gdev->fwnode);
	size_t size = 0;
	char *to;

	for (unsigned int i = 0; i < gdev->ngpio; i++) {
		gdev->descs[i].name = gpiochip_line_name(gc, np, i);
		if (gdev->descs[i].name)
			size += strlen(gdev->descs[i].name) + 1;
	}
	if (!size)
		return 0;
	to = gdev->names = kmalloc(size, GFP_KERNEL);
	if (!to)
		return -ENOMEM;
	for (unsigned int i = 0; i < gdev->ngpio; i++) {
		const char *name = gdev->descs[i].name;

		if (!name)
			continue;
		size = strlen(name) + 1;
		gdev->descs[i].name = memcpy(to, name, size);
		to += size;
	}
	return 0;
}

static struct gpio_device *device_create(struct gpio_chip *gc, void *data)
{
	struct gpio_device *gdev;

	gdev = kzalloc(sizeof(*gdev) + gc->ngpio * sizeof(gdev->descs[0]), GFP_KERNEL);
	if (!gdev)
		return NULL;
	gdev->label = kstrdup(gc->label ? gc->label : "unknown", GFP_KERNEL);
	if (!gdev->label) {
		kfree(gdev);
		return NULL;
	}
	refcount_set(&gdev->refs, 1);
	spin_lock_init(&gdev->lock);
	gdev->can_sleep = gc->can_sleep;
	gdev->ngpio = gc->ngpio;
	gdev->data = data;
	gdev->parent = get_device(gc->parent);
	gdev->fwnode = gc->fwnode;
	if (!gdev->fwnode && gc->parent)
		gdev->fwnode = of_node_to_fwnode(gc->parent->of_node);
	for (unsigned int i = 0; i < gc->ngpio; i++) {
		struct gpio_desc *desc = &gdev->descs[i];

		desc->gdev = gdev;
		desc->offset = (u16)i;
		if (gc->can_sleep)
			__set_bit(FLAG_CAN_SLEEP, &desc->flags);
		if (gc->get_direction && gc->get_direction(gc, i) == GPIO_LINE_DIRECTION_OUT)
			__set_bit(FLAG_IS_OUT, &desc->flags);
	}
	if (name_lines(gdev, gc)) {
		gpio_device_put(gdev);
		return NULL;
	}
	return gdev;
}

static int chip_add(struct gpio_chip *gc, void *data)
{
	struct gpio_device *gdev;
	int ret;

	ret = fault_check(FAULT_REGISTER);
	if (ret)
		return ret;
	if (!gc->set)
		gc->set = set_nothing;
	gdev = device_create(gc, data);
	if (!gdev)
		return -ENOMEM;
	gc->gpiodev = gdev;
	ret = device_number(gdev, gc->base);
	if (ret)
		goto out_put;
	gc->base = gdev->base;
	ret = gpiochip_irqchip_add(gc);
	if (ret)
		goto out_unlist;
	smp_store_release(&gdev->chip, gc);
	gpiochip_add_hogs(gdev);
	/* From here on users get in. */
	WRITE_ONCE(gdev->ready, true);
	return 0;

out_unlist:
	device_unlist(gdev);
out_put:
	gc->gpiodev = NULL;
	gpio_device_put(gdev);
	return ret;
}

static const struct debug_obj_descr gpio_chip_debug_descr __debug_obj_descr = {
	.name = "gpio_chip",
	.live = "registered",
	.offset = offsetof(struct gpio_chip, debug),
	.needs_no_init = true,
};

int gpiochip_add_data(struct gpio_chip *gc, void *data)
{
	int ret;

	if (!gc->ngpio)
		return -EINVAL;
	if (!debug_object_activate(&gc->debug, &gpio_chip_debug_descr))
		return -EBUSY;
	ret = chip_add(gc, data);
	if (ret)
		debug_object_deactivate(&gc->debug, &gpio_chip_debug_descr);
	return ret;
}

void gpiochip_remove(struct gpio_chip *gc)
{
	struct gpio_device *gdev = gc->gpiodev;

	if (WARN(!debug_object_deactivate(&gc->debug, &gpio_chip_debug_descr),
		 "gpio_chip %p is not registered", gc))
		return;
	gpiochip_free_hogs(gdev);
	chip_revoke(gdev);
	gpiochip_irqchip_remove(gc);
	device_unlist(gdev);
	gc->gpiodev = NULL;
	gpio_device_put(gdev);
}

static void devm_gpiochip_release(void *gc)
{
	gpiochip_remove(gc);
}

int devm_gpiochip_add_data(struct device *dev, struct gpio_chip *gc, void *data)
{
	int ret = gpiochip_add_data(gc, data);

	if (ret)
		return dev_err_probe(dev, ret, "no gpiochip\n");
	return devm_add_action_or_reset(dev, devm_gpiochip_release, gc);
}

void *gpiochip_get_data(struct gpio_chip *gc)
{
	return gc->gpiodev->data;
}

struct gpio_desc *gpiochip_get_desc(struct gpio_chip *gc, unsigned int hwnum)
{
	if (hwnum >= gc->gpiodev->ngpio)
		return ERR_PTR(-EINVAL);
	return &gc->gpiodev->descs[hwnum];
}

struct gpio_desc *gpiochip_request_own_desc(struct gpio_chip *gc, unsigned int hwnum,
					    const char *label, enum gpio_lookup_flags lflags,
					    enum gpiod_flags dflags)
{
	struct gpio_desc *desc = gpiochip_get_desc(gc, hwnum);
	int ret;

	if (IS_ERR(desc))
		return desc;
	ret = gpiod_request(desc, label);
	if (ret)
		return ERR_PTR(ret);
	ret = gpiod_configure(desc, lflags, dflags);
	if (ret) {
		gpiod_put(desc);
		return ERR_PTR(ret);
	}
	return desc;
}

void gpiochip_free_own_desc(struct gpio_desc *desc)
{
	gpiod_put(desc);
}

const char *gpiochip_is_requested(struct gpio_chip *gc, unsigned int offset)
{
	struct gpio_desc *desc = gpiochip_get_desc(gc, offset);

	return IS_ERR(desc) ? NULL : desc->label;
}

/* Users. */

static int chip_request(struct gpio_desc *desc)
{
	struct gpio_device *gdev = desc->gdev;
	struct gpio_chip *gc = chip_enter_task(gdev);
	int ret = -ENODEV;

	if (gc)
		ret = gc->request ? gc->request(gc, desc->offset) : 0;
	chip_leave_task(gdev);
	return ret;
}

static void chip_free(struct gpio_desc *desc)
{
	struct gpio_device *gdev = desc->gdev;
	struct gpio_chip *gc = chip_enter_task(gdev);

	if (gc && gc->free)
		gc->free(gc, desc->offset);
	chip_leave_task(gdev);
}

/* Takes `label`, which may be NULL, and frees the old one. */
static void set_label(struct gpio_desc *desc, char *label)
{
	char *old;

	scoped_guard(spinlock_irqsave, &desc->gdev->lock) {
		old = desc->label;
		desc->label = label;
	}
	kfree(old);
}

void gpiod_copy_label(struct gpio_desc *desc, char *buf, size_t size)
{
	guard(spinlock_irqsave)(&desc->gdev->lock);
	strscpy(buf, desc->label ? desc->label : "", size);
}

static void say_busy(struct gpio_desc *desc, const char *label)
{
	char user[32];

	gpiod_copy_label(desc, user, sizeof(user));
	pr_err("%s line %u: %s cannot have it, %s does\n", desc->gdev->label, desc->offset,
	       label, user);
}

int gpiod_request(struct gpio_desc *desc, const char *label)
{
	char *copy;
	int ret;

	if (test_and_set_bit(FLAG_REQUESTED, &desc->flags)) {
		say_busy(desc, label ? label : "somebody");
		return -EBUSY;
	}
	copy = kstrdup(label, GFP_KERNEL);
	ret = copy || !label ? chip_request(desc) : -ENOMEM;
	if (ret) {
		kfree(copy);
		clear_bit(FLAG_REQUESTED, &desc->flags);
		return ret;
	}
	set_label(desc, copy);
	gpio_device_get(desc->gdev);
	return 0;
}

void gpiod_put(struct gpio_desc *desc)
{
	if (IS_ERR_OR_NULL(desc))
		return;
	if (WARN(!test_bit(FLAG_REQUESTED, &desc->flags), "%s line %u: put and not in use",
		 desc->gdev->label, desc->offset))
		return;
	chip_free(desc);
	set_label(desc, NULL);
	clear_bit(FLAG_ACTIVE_LOW, &desc->flags);
	clear_bit(FLAG_OPEN_DRAIN, &desc->flags);
	clear_bit(FLAG_OPEN_SOURCE, &desc->flags);
	clear_bit(FLAG_PULL_UP, &desc->flags);
	clear_bit(FLAG_PULL_DOWN, &desc->flags);
	clear_bit(FLAG_BIAS_DISABLE, &desc->flags);
	clear_bit(FLAG_REQUESTED, &desc->flags);
	gpio_device_put(desc->gdev);
}

int gpiod_set_consumer_name(struct gpio_desc *desc, const char *name)
{
	int ret = gpiod_check_line(desc);
	char *copy;

	if (ret <= 0)
		return ret;
	copy = kstrdup(name, GFP_KERNEL);
	if (name && !copy)
		return -ENOMEM;
	set_label(desc, copy);
	return 0;
}

static void assign_flag(struct gpio_desc *desc, unsigned int flag, bool on)
{
	if (on)
		set_bit(flag, &desc->flags);
	else
		clear_bit(flag, &desc->flags);
}

int gpiod_configure(struct gpio_desc *desc, u32 lookup_flags, unsigned int gpiod_flags)
{
	u32 pull = lookup_flags & (GPIO_PULL_UP | GPIO_PULL_DOWN | GPIO_PULL_DISABLE);
	int ret;

	if (pull & (pull - 1)) {
		pr_err("%s line %u: pulled in more than one way\n", desc->gdev->label,
		       desc->offset);
		return -EINVAL;
	}
	assign_flag(desc, FLAG_ACTIVE_LOW, lookup_flags & GPIO_ACTIVE_LOW);
	assign_flag(desc, FLAG_OPEN_DRAIN, (lookup_flags & GPIO_OPEN_DRAIN) ||
		    (gpiod_flags & GPIOD_FLAGS_BIT_OPEN_DRAIN));
	assign_flag(desc, FLAG_OPEN_SOURCE, lookup_flags & GPIO_OPEN_SOURCE);
	assign_flag(desc, FLAG_PULL_UP, lookup_flags & GPIO_PULL_UP);
	assign_flag(desc, FLAG_PULL_DOWN, lookup_flags & GPIO_PULL_DOWN);
	assign_flag(desc, FLAG_BIAS_DISABLE, lookup_flags & GPIO_PULL_DISABLE);
	ret = gpiod_set_transitory(desc, lookup_flags & GPIO_TRANSITORY);
	if (ret)
		return ret;
	if (!(gpiod_flags & GPIOD_FLAGS_BIT_DIR_SET))
		return 0;
	if (!(gpiod_flags & GPIOD_FLAGS_BIT_DIR_OUT))
		return gpiod_direction_input(desc);
	return gpiod_direction_output(desc, !!(gpiod_flags & GPIOD_FLAGS_BIT_DIR_VAL));
}
