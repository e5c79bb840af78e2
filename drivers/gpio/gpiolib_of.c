/* SPDX-License-Identifier: MIT */
/*
 * What the device tree says of a GPIO chip and its lines: cells, names, and hogs, which are
 * lines that are set once and belong to nobody.
 *
 * Documents: Linux's bindings gpio/gpio.txt and gpio-hog.yaml.
 * Locking: none; a hog is taken as any user takes a line.
 */
#include <drivers/gpio/driver.h>

#include <drivers/of.h>
#include <kernel/printk.h>
#include <lib/bits.h>
#include <lib/errno.h>

#include "gpiolib_priv.h"

/* ---- cells ---- */

/* The flags' cell of the usual binding (dt-bindings/gpio). */
#define OF_GPIO_ACTIVE_LOW	BIT(0)
#define OF_GPIO_SINGLE_ENDED	BIT(1)
#define OF_GPIO_OPEN_DRAIN	BIT(2)	/* of SINGLE_ENDED: drain, else source */
#define OF_GPIO_TRANSITORY	BIT(3)
#define OF_GPIO_PULL_UP		BIT(4)
#define OF_GPIO_PULL_DOWN	BIT(5)
#define OF_GPIO_PULL_DISABLE	BIT(6)

static u32 lookup_flags_of_cell(u32 cell)
{
	u32 flags = 0;

	if (cell & OF_GPIO_ACTIVE_LOW)
		flags |= GPIO_ACTIVE_LOW;
	if (cell & OF_GPIO_SINGLE_ENDED)
		flags |= (cell & OF_GPIO_OPEN_DRAIN) ? GPIO_OPEN_DRAIN : GPIO_OPEN_SOURCE;
	if (cell & OF_GPIO_TRANSITORY)
		flags |= GPIO_TRANSITORY;
	if (cell & OF_GPIO_PULL_UP)
		flags |= GPIO_PULL_UP;
	if (cell & OF_GPIO_PULL_DOWN)
		flags |= GPIO_PULL_DOWN;
	if (cell & OF_GPIO_PULL_DISABLE)
		flags |= GPIO_PULL_DISABLE;
	return flags;
}

/* The usual binding: number, flags. */
static int xlate_twocell(struct gpio_device *gdev, const struct of_phandle_args *args, u32 *cell)
{
	if (args->args_count < 2)
		return -EINVAL;
	*cell = args->args[1];
	return args->args[0] < gdev->ngpio ? (int)args->args[0] : -EINVAL;
}

int gpiochip_of_xlate(struct gpio_device *gdev, const struct of_phandle_args *args,
		      u32 *lookup_flags)
{
	struct gpio_chip *gc = chip_enter_task(gdev);
	int ret = -EPROBE_DEFER;
	u32 cell = 0;

	if (gc)
		ret = gc->of_xlate ? gc->of_xlate(gc, args, &cell) :
				     xlate_twocell(gdev, args, &cell);
	chip_leave_task(gdev);
	*lookup_flags = lookup_flags_of_cell(cell);
	/* A chip's own function may pass on what the cell says. */
	return ret >= gdev->ngpio ? -EINVAL : ret;
}

/* ---- names of lines ---- */

const char *gpiochip_line_name(const struct gpio_chip *gc, const struct device_node *np,
			       unsigned int offset)
{
	const char *name = NULL;

	if (gc->names)
		return gc->names[offset];
	if (of_property_read_string_index(np, "gpio-line-names", (int)offset, &name))
		return NULL;
	return *name ? name : NULL;
}

/* ---- hogs ---- */

/* Entry `index` of the hog's "gpios", which has the chip's cells and no phandle. */
static int hog_read_line(struct gpio_device *gdev, struct device_node *np, u32 index,
			 u32 *lookup_flags)
{
	struct of_phandle_args args = { .np = to_of_node(gdev->fwnode) };
	u32 cells = 0;

	if (of_property_read_u32(args.np, "#gpio-cells", &cells) || !cells ||
	    cells > MAX_PHANDLE_ARGS)
		return -EINVAL;
	for (u32 i = 0; i < cells; i++) {
		int ret = of_property_read_u32_index(np, "gpios", index * cells + i, &args.args[i]);

		if (ret)
			return i ? -EINVAL : -ENOENT;
	}
	args.args_count = (int)cells;
	return gpiochip_of_xlate(gdev, &args, lookup_flags);
}

static int hog_read_direction(const struct device_node *np, enum gpiod_flags *flags)
{
	if (of_property_read_bool(np, "input"))
		*flags = GPIOD_IN;
	else if (of_property_read_bool(np, "output-low"))
		*flags = GPIOD_OUT_LOW;
	else if (of_property_read_bool(np, "output-high"))
		*flags = GPIOD_OUT_HIGH;
	else
		return -EINVAL;
	return 0;
}

/* 0; -ENOENT behind the last line. */
static int hog_take_line(struct gpio_device *gdev, struct device_node *np, u32 index)
{
	const char *label = np->name;
	enum gpiod_flags flags;
	struct gpio_desc *desc;
	u32 lookup_flags;
	int offset, ret = hog_read_direction(np, &flags);

	if (ret)
		return ret;
	offset = hog_read_line(gdev, np, index, &lookup_flags);
	if (offset < 0)
		return offset;
	of_property_read_string(np, "line-name", &label);
	desc = gpiochip_request_own_desc(gdev->chip, (unsigned int)offset, label,
					 (enum gpio_lookup_flags)lookup_flags, flags);
	if (IS_ERR(desc))
		return PTR_ERR(desc) == -ENOENT ? -EIO : (int)PTR_ERR(desc);
	set_bit(FLAG_IS_HOGGED, &desc->flags);
	return 0;
}

void gpiochip_add_hogs(struct gpio_device *gdev)
{
	struct device_node *np;

	for_each_available_child_of_node(to_of_node(gdev->fwnode), np) {
		int ret = 0;
		u32 n = 0;

		if (!of_property_read_bool(np, "gpio-hog"))
			continue;
		while (!ret)
			ret = hog_take_line(gdev, np, n++);
		if (ret != -ENOENT || n == 1)
			pr_err("%pOF: line %u of the hog cannot be had: %pe\n", np, n - 1,
			       ERR_PTR(ret));
	}
}

void gpiochip_free_hogs(struct gpio_device *gdev)
{
	for (unsigned int i = 0; i < gdev->ngpio; i++)
		if (test_and_clear_bit(FLAG_IS_HOGGED, &gdev->descs[i].flags))
			gpiochip_free_own_desc(&gdev->descs[i]);
}
