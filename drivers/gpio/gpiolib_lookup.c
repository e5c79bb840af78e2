/* SPDX-License-Identifier: MIT */
/*
 * From what a device's node says, or a number, to a line: look-up, request and
 * configuration in one, and the managed forms.
 */
#include <drivers/gpio.h>

#include <drivers/device.h>
#include <drivers/gpio/driver.h>
#include <drivers/of.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#include "gpiolib_priv.h"

static bool has_node(struct gpio_device *gdev, const void *fwnode)
{
	return gdev->fwnode == fwnode;
}

/*
 * The line that entry `index` of a property names, its device counted. `dev`: the consumer, or
 * NULL if nobody knows.
 */
static struct gpio_desc *find_in_property(struct device *dev, struct device_node *np,
					  const char *property, int index, u32 *flags)
{
	struct of_phandle_args args;
	struct gpio_device *gdev;
	int ret = of_parse_phandle_with_args(np, property, "#gpio-cells", index, &args);

	/* First: from then on the chip does not go without its user. */
	if (!ret)
		ret = device_link_to_node(dev, args.np);
	if (ret)
		return ERR_PTR(ret);
	gdev = gpio_device_find(of_node_to_fwnode(args.np), has_node);
	if (!gdev)
		return ERR_PTR(dev ? device_waits_for_node(dev, args.np) : -EPROBE_DEFER);
	ret = gpiochip_of_xlate(gdev, &args, flags);
	if (ret < 0) {
		gpio_device_put(gdev);
		return ERR_PTR(ret);
	}
	return &gdev->descs[ret];
}

static const char *const suffixes[] = { "gpios", "gpio" };

static void property_name(char *buf, size_t size, const char *con_id, const char *suffix)
{
	snprintf(buf, size, "%s%s%s", con_id ? con_id : "", con_id ? "-" : "", suffix);
}

static struct gpio_desc *find(struct device *dev, struct device_node *np, const char *con_id,
			      int index, u32 *flags)
{
	struct gpio_desc *desc = ERR_PTR(-ENOENT);
	char property[32];

	for (unsigned int i = 0; i < ARRAY_SIZE(suffixes); i++) {
		property_name(property, sizeof(property), con_id, suffixes[i]);
		desc = find_in_property(dev, np, property, index, flags);
		if (!IS_ERR(desc) || PTR_ERR(desc) != -ENOENT)
			break;
	}
	return desc;
}

static int request_and_configure(struct gpio_desc *desc, u32 lookup_flags,
				 enum gpiod_flags flags, const char *label)
{
	int ret = gpiod_request(desc, label);

	if (ret)
		return ret;
	ret = gpiod_configure(desc, lookup_flags, flags);
	if (ret)
		gpiod_put(desc);
	return ret;
}

static struct gpio_desc *get(struct device *dev, struct device_node *np, const char *con_id,
			     int index, enum gpiod_flags flags, const char *label)
{
	u32 lookup_flags = GPIO_LOOKUP_FLAGS_DEFAULT;
	struct gpio_desc *desc = find(dev, np, con_id, index, &lookup_flags);
	struct gpio_device *gdev;
	int ret;

	if (IS_ERR(desc))
		return desc;
	gdev = desc->gdev;
	ret = request_and_configure(desc, lookup_flags, flags, label);
	gpio_device_put(gdev);
	return ret ? ERR_PTR(ret) : desc;
}

struct gpio_desc *gpiod_get_index(struct device *dev, const char *con_id, unsigned int idx,
				  enum gpiod_flags flags)
{
	struct gpio_desc *desc;
	char label[32];

	snprintf(label, sizeof(label), "%s%s%s", dev_name(dev), con_id ? " " : "",
		 con_id ? con_id : "");
	desc = get(dev, dev->of_node, con_id, (int)idx, flags, label);
	if (IS_ERR(desc) && PTR_ERR(desc) != -ENOENT)
		dev_err_probe(dev, PTR_ERR(desc), "gpio %s %u cannot be had\n",
			      con_id ? con_id : "-", idx);
	return desc;
}

static struct gpio_desc *optional(struct gpio_desc *desc)
{
	return IS_ERR(desc) && PTR_ERR(desc) == -ENOENT ? NULL : desc;
}

struct gpio_desc *gpiod_get_index_optional(struct device *dev, const char *con_id,
					   unsigned int idx, enum gpiod_flags flags)
{
	return optional(gpiod_get_index(dev, con_id, idx, flags));
}

struct gpio_desc *fwnode_gpiod_get_index(struct fwnode_handle *fwnode, const char *con_id,
					 int index, enum gpiod_flags flags, const char *label)
{
	return get(NULL, to_of_node(fwnode), con_id, index, flags, label);
}

int gpiod_count(struct device *dev, const char *con_id)
{
	char property[32];
	int count = -ENOENT;

	for (unsigned int i = 0; i < ARRAY_SIZE(suffixes) && count <= 0; i++) {
		property_name(property, sizeof(property), con_id, suffixes[i]);
		count = of_count_phandle_with_args(dev->of_node, property, "#gpio-cells");
	}
	return count ? count : -ENOENT;
}

/* Managed. */

static void devm_gpiod_release(struct device *dev, void *res)
{
	(void)dev;
	gpiod_put(*(struct gpio_desc **)res);
}

static int devm_gpiod_match(struct device *dev, void *res, void *data)
{
	(void)dev;
	return *(struct gpio_desc **)res == data;
}

/* Binds the line to the device; without memory gives it back. */
static struct gpio_desc *manage(struct device *dev, struct gpio_desc *desc)
{
	struct gpio_desc **res;

	if (IS_ERR_OR_NULL(desc))
		return desc;
	res = devres_alloc(devm_gpiod_release, sizeof(*res), GFP_KERNEL);
	if (!res) {
		gpiod_put(desc);
		return ERR_PTR(-ENOMEM);
	}
	*res = desc;
	devres_add(dev, res);
	return desc;
}

struct gpio_desc *devm_gpiod_get_index(struct device *dev, const char *con_id,
				       unsigned int idx, enum gpiod_flags flags)
{
	return manage(dev, gpiod_get_index(dev, con_id, idx, flags));
}

struct gpio_desc *devm_gpiod_get_index_optional(struct device *dev, const char *con_id,
						unsigned int idx, enum gpiod_flags flags)
{
	return manage(dev, gpiod_get_index_optional(dev, con_id, idx, flags));
}

struct gpio_desc *devm_fwnode_gpiod_get_index(struct device *dev, struct fwnode_handle *child,
					      const char *con_id, int index,
					      enum gpiod_flags flags, const char *label)
{
	return manage(dev, get(dev, to_of_node(child), con_id, index, flags, label));
}

void devm_gpiod_put(struct device *dev, struct gpio_desc *desc)
{
	devres_release(dev, devm_gpiod_release, devm_gpiod_match, desc);
}

/* By number. */

static bool has_number(struct gpio_device *gdev, const void *data)
{
	unsigned int gpio = *(const unsigned int *)data;

	return gpio >= gdev->base && gpio < gdev->base + gdev->ngpio;
}

static bool ends_behind(struct gpio_device *gdev, const void *data)
{
	return gdev->base + gdev->ngpio > *(const unsigned int *)data;
}

/* The line with that number, its device counted. */
static struct gpio_desc *find_number(unsigned int gpio)
{
	struct gpio_device *gdev = gpio_device_find(&gpio, has_number);

	if (gdev)
		return &gdev->descs[gpio - gdev->base];
	gdev = gpio_device_find(&gpio, ends_behind);
	if (!gdev)
		return ERR_PTR(-ENXIO);
	gpio_device_put(gdev);
	return ERR_PTR(-ENODEV);
}

static bool begins_at_or_behind(struct gpio_device *gdev, const void *data)
{
	return gdev->base >= *(const unsigned int *)data;
}

int gpio_describe_bank(unsigned int n, struct gpio_bank *bank)
{
	unsigned int from = 0;

	for (;; n--) {
		struct gpio_device *gdev = gpio_device_find(&from, begins_at_or_behind);

		if (!gdev)
			return -ENXIO;
		strscpy(bank->chip, gdev->label, sizeof(bank->chip));
		bank->base = gdev->base;
		bank->ngpio = gdev->ngpio;
		from = gdev->base + gdev->ngpio;
		gpio_device_put(gdev);
		if (!n)
			return 0;
	}
}

int gpio_describe(unsigned int gpio, struct gpio_line *line)
{
	struct gpio_desc *desc = find_number(gpio);

	if (IS_ERR(desc))
		return PTR_ERR(desc);
	strscpy(line->chip, desc->gdev->label, sizeof(line->chip));
	strscpy(line->name, desc->name ? desc->name : "", sizeof(line->name));
	gpiod_copy_label(desc, line->consumer, sizeof(line->consumer));
	line->offset = desc->offset;
	line->is_requested = test_bit(FLAG_REQUESTED, &desc->flags);
	line->is_active_low = test_bit(FLAG_ACTIVE_LOW, &desc->flags);
	line->is_irq = test_bit(FLAG_USED_AS_IRQ, &desc->flags);
	line->is_open_drain = test_bit(FLAG_OPEN_DRAIN, &desc->flags);
	line->is_open_source = test_bit(FLAG_OPEN_SOURCE, &desc->flags);
	line->pull = test_bit(FLAG_PULL_UP, &desc->flags) ? GPIO_LINE_PULL_UP :
		     test_bit(FLAG_PULL_DOWN, &desc->flags) ? GPIO_LINE_PULL_DOWN :
		     test_bit(FLAG_BIAS_DISABLE, &desc->flags) ? GPIO_LINE_PULL_DISABLED :
								 GPIO_LINE_PULL_NONE;
	if (line->is_irq && !line->consumer[0])
		strscpy(line->consumer, "(irq)", sizeof(line->consumer));
	line->is_out = gpiod_read_direction(desc) == GPIO_LINE_DIRECTION_OUT;
	line->value = gpiod_read_wire(desc);
	gpio_device_put(desc->gdev);
	return 0;
}

struct gpio_desc *gpio_to_desc(unsigned int gpio)
{
	struct gpio_desc *desc = find_number(gpio);

	if (IS_ERR(desc))
		return NULL;
	gpio_device_put(desc->gdev);
	return desc;
}

int desc_to_gpio(const struct gpio_desc *desc)
{
	return (int)(desc->gdev->base + desc->offset);
}

struct gpio_desc *gpio_request_desc(unsigned int gpio, const char *label)
{
	struct gpio_desc *desc = find_number(gpio);
	struct gpio_device *gdev;
	int ret;

	if (IS_ERR(desc))
		return desc;
	gdev = desc->gdev;
	ret = gpiod_request(desc, label);
	gpio_device_put(gdev);
	return ret ? ERR_PTR(ret) : desc;
}
