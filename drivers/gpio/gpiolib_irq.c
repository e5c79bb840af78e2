/* SPDX-License-Identifier: MIT */
/*
 * The interrupt half of a GPIO chip: a domain with one irq per line, cascaded under
 * the interrupts that the chip itself raises.
 *
 * The domain exists before the cascade is on and goes after it is off, so the
 * chip's handler always finds it.
 *
 * Locking: that a line is either an output or an interrupt is decided under its
 * device's lock.
 */
#include <drivers/gpio/driver.h>

#include <drivers/device.h>
#include <kernel/printk.h>
#include <lib/errno.h>

#include "gpiolib_priv.h"

static int gpiochip_irq_map(struct irq_domain *d, unsigned int irq, irq_hw_number_t hwirq)
{
	struct gpio_chip *gc = d->host_data;
	struct gpio_irq_chip *girq = &gc->irq;

	(void)hwirq;
	irq_set_chip_data(irq, gc);
	irq_set_chip_and_handler(irq, girq->chip, girq->handler);
	irq_set_noprobe(irq);
	return girq->default_type ? irq_set_irq_type(irq, girq->default_type) : 0;
}

static const struct irq_domain_ops gpiochip_domain_ops = {
	.map = gpiochip_irq_map,
	.xlate = irq_domain_xlate_twocell,
};

static int gpiochip_to_irq(struct gpio_chip *gc, unsigned int offset)
{
	unsigned int irq;

	if (!gc->irq.initialized)
		return -EPROBE_DEFER;
	irq = irq_create_mapping(gc->irq.domain, offset);
	return irq ? (int)irq : -ENXIO;
}

/* The domain has no more numbers than the chip has lines. */
static unsigned int line_of(const struct irq_data *data)
{
	return (unsigned int)irqd_to_hwirq(data);
}

int gpiochip_irq_reqres(struct irq_data *data)
{
	struct gpio_chip *gc = irq_data_get_irq_chip_data(data);
	int ret = gpiochip_lock_as_irq(gc, line_of(data));

	if (!ret)
		gpio_device_get(gc->gpiodev);
	return ret;
}

void gpiochip_irq_relres(struct irq_data *data)
{
	struct gpio_chip *gc = irq_data_get_irq_chip_data(data);

	gpiochip_unlock_as_irq(gc, line_of(data));
	gpio_device_put(gc->gpiodev);
}

static int check(struct gpio_chip *gc)
{
	struct gpio_irq_chip *girq = &gc->irq;

	if (!(girq->chip->flags & IRQCHIP_IMMUTABLE) || !girq->handler)
		return -EINVAL;
	/* A cascade runs in hard irq and calls the chip. */
	return girq->parent_handler && gc->can_sleep ? -EINVAL : 0;
}

int gpiochip_irqchip_add(struct gpio_chip *gc)
{
	struct gpio_irq_chip *girq = &gc->irq;
	int ret;

	if (!girq->chip)
		return 0;
	ret = check(gc);
	if (ret)
		return ret;
	/* Once there is a domain others turn lines on, which this would turn off again. */
	ret = girq->init_hw ? girq->init_hw(gc) : 0;
	if (ret)
		return ret;
	girq->domain = irq_domain_create_linear(gc->gpiodev->fwnode, gc->ngpio,
						girq->domain_ops ? girq->domain_ops :
								   &gpiochip_domain_ops, gc);
	if (!girq->domain)
		return -ENOMEM;
	gc->to_irq = gpiochip_to_irq;
	girq->initialized = true;
	for (unsigned int i = 0; girq->parent_handler && i < girq->num_parents; i++)
		irq_set_chained_handler_and_data(girq->parents[i], girq->parent_handler,
						 girq->parent_handler_data ?: gc);
	return 0;
}

void gpiochip_irqchip_remove(struct gpio_chip *gc)
{
	struct gpio_irq_chip *girq = &gc->irq;

	if (!girq->initialized)
		return;
	for (unsigned int i = 0; girq->parent_handler && i < girq->num_parents; i++)
		irq_set_chained_handler_and_data(girq->parents[i], NULL, NULL);
	girq->initialized = false;
	irq_domain_remove(girq->domain);
	girq->domain = NULL;
}

/* Lines as interrupts. */

/* One that is pulled low at most may be watched all the same. With the device's lock. */
static bool is_output(struct gpio_chip *gc, const struct gpio_desc *desc)
{
	if (test_bit(FLAG_OPEN_DRAIN, &desc->flags))
		return false;
	/* Somebody may have changed it behind the core's back. */
	if (!gc->can_sleep && gc->get_direction)
		return gc->get_direction(gc, desc->offset) == GPIO_LINE_DIRECTION_OUT;
	return test_bit(FLAG_IS_OUT, &desc->flags);
}

int gpiochip_lock_as_irq(struct gpio_chip *gc, unsigned int offset)
{
	struct gpio_desc *desc = gpiochip_get_desc(gc, offset);

	if (IS_ERR(desc))
		return (int)PTR_ERR(desc);
	scoped_guard(spinlock_irqsave, &desc->gdev->lock)
		if (!desc->turning && !is_output(gc, desc)) {
			set_bit(FLAG_USED_AS_IRQ, &desc->flags);
			set_bit(FLAG_IRQ_IS_ENABLED, &desc->flags);
			return 0;
		}
	pr_err("%s line %u: is an output and cannot be an interrupt\n", desc->gdev->label, offset);
	return -EIO;
}

void gpiochip_unlock_as_irq(struct gpio_chip *gc, unsigned int offset)
{
	struct gpio_desc *desc = gpiochip_get_desc(gc, offset);

	if (IS_ERR(desc))
		return;
	clear_bit(FLAG_USED_AS_IRQ, &desc->flags);
	clear_bit(FLAG_IRQ_IS_ENABLED, &desc->flags);
}

bool gpiochip_line_is_irq(struct gpio_chip *gc, unsigned int offset)
{
	struct gpio_desc *desc = gpiochip_get_desc(gc, offset);

	return !IS_ERR(desc) && test_bit(FLAG_USED_AS_IRQ, &desc->flags);
}

void gpiochip_enable_irq(struct gpio_chip *gc, unsigned int offset)
{
	struct gpio_desc *desc = gpiochip_get_desc(gc, offset);

	if (!IS_ERR(desc))
		set_bit(FLAG_IRQ_IS_ENABLED, &desc->flags);
}

void gpiochip_disable_irq(struct gpio_chip *gc, unsigned int offset)
{
	struct gpio_desc *desc = gpiochip_get_desc(gc, offset);

	if (!IS_ERR(desc))
		clear_bit(FLAG_IRQ_IS_ENABLED, &desc->flags);
}
