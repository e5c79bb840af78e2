/* SPDX-License-Identifier: MIT */
/*
 * A device's interrupts: from the node's specifier to a number, and requests that
 * end with the driver.
 *
 * The release of a managed request is free_irq(), which waits for a handler that
 * runs: what the driver took before the request is still there for the handler.
 */
#include <drivers/device.h>
#include <drivers/of_irq.h>
#include <kernel/bug.h>
#include <kernel/interrupt.h>
#include <kernel/irqdomain.h>
#include <lib/errno.h>

#include "base_priv.h"

unsigned int irq_create_of_mapping(struct of_phandle_args *irq_data)
{
	struct irq_fwspec fwspec = {
		.fwnode = of_node_to_fwnode(irq_data->np),
		.param_count = irq_data->args_count,
	};

	_Static_assert(MAX_PHANDLE_ARGS <= IRQ_DOMAIN_IRQ_SPEC_PARAMS, "cells of a specifier");
	for (int i = 0; i < irq_data->args_count; i++)
		fwspec.param[i] = irq_data->args[i];
	return irq_create_fwspec_mapping(&fwspec);
}

/* `dev`: the consumer, or NULL if nobody knows. */
static int irq_get(struct device *dev, struct device_node *np, int index)
{
	struct of_phandle_args oirq;
	int ret = of_irq_parse_one(np, index, &oirq);

	/* First: from then on the controller does not go without its user. */
	if (!ret)
		ret = device_link_to_node(dev, oirq.np);
	if (ret)
		return ret;
	if (!irq_find_host(oirq.np))
		return dev ? device_waits_for_node(dev, oirq.np) : -EPROBE_DEFER;
	return (int)irq_create_of_mapping(&oirq) ?: -EINVAL;
}

int of_irq_get(struct device_node *np, int index)
{
	return irq_get(NULL, np, index);
}

int device_irq_get(struct device *dev, int index)
{
	return irq_get(dev, dev->of_node, index);
}

int of_irq_get_byname(struct device_node *np, const char *name)
{
	int index = of_property_match_string(np, "interrupt-names", name);

	return index < 0 ? index : of_irq_get(np, index);
}

unsigned int irq_of_parse_and_map(struct device_node *np, int index)
{
	struct of_phandle_args oirq;

	return of_irq_parse_one(np, index, &oirq) ? 0 : irq_create_of_mapping(&oirq);
}

struct irq_devres {
	unsigned int irq;
	void *dev_id;
};

static void devm_irq_release(struct device *dev, void *res)
{
	struct irq_devres *this = res;

	(void)dev;
	free_irq(this->irq, this->dev_id);
}

static int devm_irq_match(struct device *dev, void *res, void *data)
{
	struct irq_devres *this = res, *match = data;

	(void)dev;
	return this->irq == match->irq && this->dev_id == match->dev_id;
}

/* `ret` is what the request returned. */
static int keep_request(struct device *dev, struct irq_devres *res, int ret)
{
	if (ret < 0) {
		ret = dev_err_probe(dev, ret, "irq %u cannot be had\n", res->irq);
		devres_free(res);
	} else {
		devres_add(dev, res);
	}
	return ret;
}

static struct irq_devres *new_request(unsigned int irq, void *dev_id)
{
	struct irq_devres *res = devres_alloc(devm_irq_release, sizeof(*res), GFP_KERNEL);

	if (res)
		*res = (struct irq_devres){ irq, dev_id };
	return res;
}

int devm_request_threaded_irq(struct device *dev, unsigned int irq, irq_handler_t handler,
			      irq_handler_t thread_fn, unsigned long flags, const char *name,
			      void *dev_id)
{
	struct irq_devres *res = new_request(irq, dev_id);

	if (!res)
		return -ENOMEM;
	return keep_request(dev, res, request_threaded_irq(irq, handler, thread_fn, flags,
							   name ? name : dev_name(dev), dev_id));
}

int devm_request_any_context_irq(struct device *dev, unsigned int irq, irq_handler_t handler,
				 unsigned long flags, const char *name, void *dev_id)
{
	struct irq_devres *res = new_request(irq, dev_id);

	if (!res)
		return -ENOMEM;
	return keep_request(dev, res, request_any_context_irq(irq, handler, flags,
							      name ? name : dev_name(dev), dev_id));
}

void devm_free_irq(struct device *dev, unsigned int irq, void *dev_id)
{
	struct irq_devres match = { irq, dev_id };

	if (!WARN_ON(devres_destroy(dev, devm_irq_release, devm_irq_match, &match)))
		free_irq(irq, dev_id);
}
