/* SPDX-License-Identifier: MIT */
/*
 * What a chip that is stacked on another calls to pass an operation inwards.
 *
 * Locking: the descriptor is locked, as for all operations of a chip.
 */
#include <kernel/irq.h>
#include <lib/errno.h>

#include "irq_priv.h"

/* The next controller inwards that has `op`. */
#define PARENT_WITH(data, op) ({						\
	struct irq_data *parent__ = (data)->parent_data;			\
	while (parent__ && !parent__->chip->op)					\
		parent__ = parent__->parent_data;				\
	parent__; })

int irq_chip_set_parent_state(struct irq_data *data, enum irqchip_irq_state which, bool val)
{
	data = PARENT_WITH(data, irq_set_irqchip_state);
	return data ? data->chip->irq_set_irqchip_state(data, which, val) : -ENOSYS;
}

int irq_chip_get_parent_state(struct irq_data *data, enum irqchip_irq_state which, bool *state)
{
	data = PARENT_WITH(data, irq_get_irqchip_state);
	return data ? data->chip->irq_get_irqchip_state(data, which, state) : -ENOSYS;
}

void irq_chip_enable_parent(struct irq_data *data)
{
	data = data->parent_data;
	if (data->chip->irq_enable)
		data->chip->irq_enable(data);
	else
		data->chip->irq_unmask(data);
}

void irq_chip_disable_parent(struct irq_data *data)
{
	data = data->parent_data;
	if (data->chip->irq_disable)
		data->chip->irq_disable(data);
	else
		data->chip->irq_mask(data);
}

void irq_chip_ack_parent(struct irq_data *data)
{
	data->parent_data->chip->irq_ack(data->parent_data);
}

void irq_chip_mask_parent(struct irq_data *data)
{
	data->parent_data->chip->irq_mask(data->parent_data);
}

void irq_chip_mask_ack_parent(struct irq_data *data)
{
	data->parent_data->chip->irq_mask_ack(data->parent_data);
}

void irq_chip_unmask_parent(struct irq_data *data)
{
	data->parent_data->chip->irq_unmask(data->parent_data);
}

void irq_chip_eoi_parent(struct irq_data *data)
{
	data->parent_data->chip->irq_eoi(data->parent_data);
}

int irq_chip_retrigger_hierarchy(struct irq_data *data)
{
	data = PARENT_WITH(data, irq_retrigger);
	return data ? data->chip->irq_retrigger(data) : 0;
}

int irq_chip_set_affinity_parent(struct irq_data *data, const struct cpumask *dest, bool force)
{
	data = data->parent_data;
	return data->chip->irq_set_affinity ? data->chip->irq_set_affinity(data, dest, force) :
					      -ENOSYS;
}

int irq_chip_set_wake_parent(struct irq_data *data, unsigned int on)
{
	data = data->parent_data;
	if (data->chip->flags & IRQCHIP_SKIP_SET_WAKE)
		return 0;
	return data->chip->irq_set_wake ? data->chip->irq_set_wake(data, on) : -ENOSYS;
}

int irq_chip_set_type_parent(struct irq_data *data, unsigned int type)
{
	data = data->parent_data;
	return data->chip->irq_set_type ? data->chip->irq_set_type(data, type) : -ENOSYS;
}

int irq_chip_request_resources_parent(struct irq_data *data)
{
	data = data->parent_data;
	return data->chip->irq_request_resources ? data->chip->irq_request_resources(data) : 0;
}

void irq_chip_release_resources_parent(struct irq_data *data)
{
	data = data->parent_data;
	if (data->chip->irq_release_resources)
		data->chip->irq_release_resources(data);
}

int irq_chip_compose_msi_msg(struct irq_data *data, struct msi_msg *msg)
{
	struct irq_data *composer = NULL;

	for (; data; data = data->parent_data)
		if (data->chip->irq_compose_msi_msg)
			composer = data;
	if (!composer)
		return -ENOSYS;
	composer->chip->irq_compose_msi_msg(composer, msg);
	return 0;
}
