/* SPDX-License-Identifier: MIT */
/*
 * Several lines at once.
 *
 * An array is worked on in runs: lines of one chip that follow each other are gathered in a mask
 * and go to the chip in one call, if it has one for them. What needs more than a value, and what
 * is beyond the mask, goes by the functions for one line.
 *
 * Locking: none; the chip is entered once a run.
 */
#include <drivers/gpio/consumer.h>

#include <drivers/device.h>
#include <drivers/gpio/driver.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <lib/bitmap.h>
#include <lib/errno.h>

#include "gpiolib_priv.h"

#define MASK_LINES	128u	/* of a chip */

/* [o] the caller */
struct run {
	struct gpio_chip *gc;
	struct gpio_desc **descs;
	unsigned int first, end;	/* in the array */
	bool raw;
	unsigned long *values;		/* of the whole array */
	DECLARE_BITMAP(mask, MASK_LINES);	/* of the chip's lines */
	DECLARE_BITMAP(bits, MASK_LINES);
};

static bool is_turned(const struct run *run, const struct gpio_desc *desc)
{
	return !run->raw && test_bit(FLAG_ACTIVE_LOW, &desc->flags);
}

static int check_lines(unsigned int n, struct gpio_desc **descs)
{
	for (unsigned int i = 0; i < n; i++) {
		int ret = gpiod_check_line(descs[i]);

		if (ret <= 0)
			return ret ? ret : -EINVAL;
	}
	return 0;
}

/* ---- reading ---- */

static int get_line_by_line(struct run *run)
{
	for (unsigned int i = run->first; i < run->end; i++) {
		struct gpio_desc *desc = run->descs[i];
		int ret = run->gc->get ? run->gc->get(run->gc, desc->offset) : -EIO;

		if (ret < 0)
			return ret;
		__assign_bit(i, run->values, !!ret != is_turned(run, desc));
	}
	return 0;
}

static int get_run(struct run *run)
{
	int ret;

	for (unsigned int i = run->first; i < run->end; i++) {
		if (run->descs[i]->offset >= MASK_LINES || !run->gc->get_multiple)
			return get_line_by_line(run);
		__set_bit(run->descs[i]->offset, run->mask);
	}
	ret = run->gc->get_multiple(run->gc, run->mask, run->bits);
	for (unsigned int i = run->first; !ret && i < run->end; i++) {
		struct gpio_desc *desc = run->descs[i];

		__assign_bit(i, run->values,
			     test_bit(desc->offset, run->bits) != is_turned(run, desc));
	}
	return ret;
}

/* ---- setting ---- */

static bool is_plain(const struct run *run, const struct gpio_desc *desc)
{
	return desc->offset < MASK_LINES &&
	       (run->raw || !(READ_ONCE(desc->flags) &
			      (BIT(FLAG_OPEN_DRAIN) | BIT(FLAG_OPEN_SOURCE))));
}

static int set_run(struct run *run)
{
	for (unsigned int i = run->first; i < run->end; i++) {
		struct gpio_desc *desc = run->descs[i];
		bool value = test_bit(i, run->values);

		if (!is_plain(run, desc)) {
			gpiod_write_line(desc, value, run->raw);
			continue;
		}
		__set_bit(desc->offset, run->mask);
		__assign_bit(desc->offset, run->bits, value != is_turned(run, desc));
	}
	if (run->gc->set_multiple) {
		if (!bitmap_empty(run->mask, MASK_LINES))
			run->gc->set_multiple(run->gc, run->mask, run->bits);
		return 0;
	}
	for (unsigned int i = 0; i < MASK_LINES; i++)
		if (test_bit(i, run->mask))
			run->gc->set(run->gc, i, test_bit(i, run->bits));
	return 0;
}

/* ---- runs ---- */

static int do_run(struct run *run, int (*fn)(struct run *run))
{
	struct gpio_device *gdev = run->descs[run->first]->gdev;
	int ret = -ENODEV;

	run->gc = chip_enter(gdev);
	if (run->gc)
		ret = fn(run);
	chip_leave(gdev);
	return ret;
}

static int for_each_run(unsigned int n, struct gpio_desc **descs, unsigned long *values, bool raw,
			int (*fn)(struct run *run))
{
	struct run run;
	int ret = check_lines(n, descs);

	for (unsigned int i = 0; !ret && i < n; i = run.end) {
		run = (struct run){ .descs = descs, .first = i, .raw = raw, .values = values };
		for (run.end = i + 1; run.end < n; run.end++)
			if (descs[run.end]->gdev != descs[i]->gdev)
				break;
		ret = do_run(&run, fn);
	}
	return ret;
}

static void no_line_may_sleep(unsigned int n, struct gpio_desc **descs)
{
	for (unsigned int i = 0; IS_ENABLED(CONFIG_DEBUG) && i < n; i++)
		gpiod_may_not_sleep(descs[i]);
}

int gpiod_get_array_value(unsigned int array_size, struct gpio_desc **desc_array,
			  struct gpio_array *array_info, unsigned long *value_bitmap)
{
	(void)array_info;
	no_line_may_sleep(array_size, desc_array);
	return for_each_run(array_size, desc_array, value_bitmap, false, get_run);
}

int gpiod_get_raw_array_value(unsigned int array_size, struct gpio_desc **desc_array,
			      struct gpio_array *array_info, unsigned long *value_bitmap)
{
	(void)array_info;
	no_line_may_sleep(array_size, desc_array);
	return for_each_run(array_size, desc_array, value_bitmap, true, get_run);
}

int gpiod_get_array_value_cansleep(unsigned int array_size, struct gpio_desc **desc_array,
				   struct gpio_array *array_info, unsigned long *value_bitmap)
{
	(void)array_info;
	might_sleep();
	return for_each_run(array_size, desc_array, value_bitmap, false, get_run);
}

int gpiod_get_raw_array_value_cansleep(unsigned int array_size, struct gpio_desc **desc_array,
				       struct gpio_array *array_info,
				       unsigned long *value_bitmap)
{
	(void)array_info;
	might_sleep();
	return for_each_run(array_size, desc_array, value_bitmap, true, get_run);
}

int gpiod_set_array_value(unsigned int array_size, struct gpio_desc **desc_array,
			  struct gpio_array *array_info, unsigned long *value_bitmap)
{
	(void)array_info;
	no_line_may_sleep(array_size, desc_array);
	return for_each_run(array_size, desc_array, value_bitmap, false, set_run);
}

int gpiod_set_raw_array_value(unsigned int array_size, struct gpio_desc **desc_array,
			      struct gpio_array *array_info, unsigned long *value_bitmap)
{
	(void)array_info;
	no_line_may_sleep(array_size, desc_array);
	return for_each_run(array_size, desc_array, value_bitmap, true, set_run);
}

int gpiod_set_array_value_cansleep(unsigned int array_size, struct gpio_desc **desc_array,
				   struct gpio_array *array_info, unsigned long *value_bitmap)
{
	(void)array_info;
	might_sleep();
	return for_each_run(array_size, desc_array, value_bitmap, false, set_run);
}

int gpiod_set_raw_array_value_cansleep(unsigned int array_size, struct gpio_desc **desc_array,
				       struct gpio_array *array_info,
				       unsigned long *value_bitmap)
{
	(void)array_info;
	might_sleep();
	return for_each_run(array_size, desc_array, value_bitmap, true, set_run);
}

/* ---- getting and putting them ---- */

void gpiod_put_array(struct gpio_descs *descs)
{
	if (IS_ERR_OR_NULL(descs))
		return;
	for (unsigned int i = descs->ndescs; i > 0; i--)
		gpiod_put(descs->desc[i - 1]);
	kfree(descs);
}

struct gpio_descs *gpiod_get_array(struct device *dev, const char *con_id, enum gpiod_flags flags)
{
	int count = gpiod_count(dev, con_id);
	struct gpio_descs *descs;

	if (count < 0)
		return ERR_PTR(count);
	descs = kzalloc(sizeof(*descs) + (unsigned int)count * sizeof(descs->desc[0]), GFP_KERNEL);
	if (!descs)
		return ERR_PTR(-ENOMEM);
	while (descs->ndescs < (unsigned int)count) {
		struct gpio_desc *desc = gpiod_get_index(dev, con_id, descs->ndescs, flags);

		if (IS_ERR(desc)) {
			gpiod_put_array(descs);
			return ERR_CAST(desc);
		}
		descs->desc[descs->ndescs++] = desc;
	}
	return descs;
}

static struct gpio_descs *optional(struct gpio_descs *descs)
{
	return IS_ERR(descs) && PTR_ERR(descs) == -ENOENT ? NULL : descs;
}

struct gpio_descs *gpiod_get_array_optional(struct device *dev, const char *con_id,
					    enum gpiod_flags flags)
{
	return optional(gpiod_get_array(dev, con_id, flags));
}

static void devm_put_array(void *descs)
{
	gpiod_put_array(descs);
}

struct gpio_descs *devm_gpiod_get_array(struct device *dev, const char *con_id,
					enum gpiod_flags flags)
{
	struct gpio_descs *descs = gpiod_get_array(dev, con_id, flags);
	int ret;

	if (IS_ERR(descs))
		return descs;
	ret = devm_add_action_or_reset(dev, devm_put_array, descs);
	return ret ? ERR_PTR(ret) : descs;
}

struct gpio_descs *devm_gpiod_get_array_optional(struct device *dev, const char *con_id,
						 enum gpiod_flags flags)
{
	return optional(devm_gpiod_get_array(dev, con_id, flags));
}

void devm_gpiod_put_array(struct device *dev, struct gpio_descs *descs)
{
	devm_release_action(dev, devm_put_array, descs);
}
