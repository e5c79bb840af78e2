/* SPDX-License-Identifier: MIT */
/*
 * Lines and their chips: setting a line up and switching it.
 *
 * A line's state is told twice, here (IRQD_*) and in the chip; the functions of
 * the first half keep the two equal and make no call that changes nothing.
 * Disabling masks at once: an edge that comes meanwhile waits in the chip. What
 * came too late for that, on another CPU, the flow handler notes; enabling
 * replays it.
 *
 * Locking: every function works on a locked descriptor, except those that take
 * a number, which lock it.
 */
#include <kernel/irq.h>

#include <kernel/bug.h>
#include <kernel/irqchip/chained_irq.h>
#include <kernel/irqdomain.h>
#include <kernel/printk.h>
#include <lib/errno.h>

#include "irq_priv.h"

static void noop(struct irq_data *data)
{
	(void)data;
}

static unsigned int noop_ret(struct irq_data *data)
{
	(void)data;
	return 0;
}

const struct irq_chip no_irq_chip = {
	.name = "none",
	.irq_startup = noop_ret,
	.irq_shutdown = noop,
	.irq_enable = noop,
	.irq_disable = noop,
	.irq_ack = noop,
	.irq_eoi = noop,
	.flags = IRQCHIP_SKIP_SET_WAKE,
};

const struct irq_chip dummy_irq_chip = {
	.name = "dummy",
	.irq_startup = noop_ret,
	.irq_shutdown = noop,
	.irq_enable = noop,
	.irq_disable = noop,
	.irq_ack = noop,
	.irq_mask = noop,
	.irq_unmask = noop,
	.irq_eoi = noop,
	.flags = IRQCHIP_SKIP_SET_WAKE,
};

static irqreturn_t bad_chained_action(int irq, void *dev_id)
{
	(void)dev_id;
	WARN_ONCE(1, "irq %d is chained and has no handler", irq);
	return IRQ_NONE;
}

struct irqaction chained_action = {
	.handler = bad_chained_action,
	.name = "(chained)",
	.debug = DEBUG_OBJ_INIT(chained_action.debug, irqaction_debug_descr),
};

/*
 * A fasteoi line with one user needs no lock: on one CPU nothing else runs until its handler
 * returns, and several have to agree on nothing but who calls it.
 */
void irq_update_fast(struct irq_desc *desc)
{
	struct irqaction *action = desc->action;
	bool fast = desc->handle_irq == handle_fasteoi_irq && action && !action->next &&
		    desc->depth == 0 && !(desc->istate & IRQS_ONESHOT) &&
		    !(IS_ENABLED(CONFIG_SMP) && irqd_irq_inprogress(&desc->irq_data));

	smp_store_release(&desc->fast_action, fast ? action : NULL);
}

void irq_mask_line(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	if (irqd_irq_masked(data) || !data->chip->irq_mask)
		return;
	data->chip->irq_mask(data);
	irqd_set(data, IRQD_IRQ_MASKED);
}

static void irq_unmask_line(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	if (!irqd_irq_masked(data) || !data->chip->irq_unmask)
		return;
	data->chip->irq_unmask(data);
	irqd_clear(data, IRQD_IRQ_MASKED);
}

void irq_unmask_if_enabled(struct irq_desc *desc)
{
	if (!irqd_irq_disabled(&desc->irq_data))
		irq_unmask_line(desc);
}

void irq_mask_ack_line(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	if (data->chip->irq_mask_ack) {
		data->chip->irq_mask_ack(data);
		irqd_set(data, IRQD_IRQ_MASKED);
		return;
	}
	irq_mask_line(desc);
	if (data->chip->irq_ack)
		data->chip->irq_ack(data);
}

static void irq_enable_line(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	irqd_clear(data, IRQD_IRQ_DISABLED);
	if (data->chip->irq_enable) {
		data->chip->irq_enable(data);
		irqd_clear(data, IRQD_IRQ_MASKED);
	} else {
		irq_unmask_line(desc);
	}
}

void irq_disable_line(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	irqd_set(data, IRQD_IRQ_DISABLED);
	if (data->chip->irq_disable) {
		data->chip->irq_disable(data);
		irqd_set(data, IRQD_IRQ_MASKED);
	} else {
		irq_mask_line(desc);
	}
}

int irq_startup_line(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;
	int ret = irq_domain_activate_irq(data, false);

	if (ret)
		return ret;
	desc->depth = 0;
	if (!irqd_is_started(data) && data->chip->irq_startup) {
		data->chip->irq_startup(data);
		irqd_clear(data, IRQD_IRQ_DISABLED | IRQD_IRQ_MASKED);
	} else {
		irq_enable_line(desc);
	}
	irqd_set(data, IRQD_IRQ_STARTED);
	irq_update_fast(desc);
	return 0;
}

void irq_shutdown_line(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	if (irqd_is_started(data)) {
		if (data->chip->irq_shutdown) {
			data->chip->irq_shutdown(data);
			irqd_set(data, IRQD_IRQ_DISABLED | IRQD_IRQ_MASKED);
		} else {
			irq_disable_line(desc);
			irq_mask_line(desc);
		}
		irqd_clear(data, IRQD_IRQ_STARTED);
	}
	desc->depth = 1;
	irq_resend_forget(desc);
	irq_update_fast(desc);
}

int irq_set_trigger_locked(struct irq_desc *desc, unsigned int type)
{
	struct irq_data *data = &desc->irq_data;
	bool masked = irqd_irq_masked(data);
	int ret;

	if (!data->chip->irq_set_type)
		return 0;
	type &= IRQ_TYPE_SENSE_MASK;
	if (type & IRQ_TYPE_LEVEL_MASK && type & IRQ_TYPE_EDGE_BOTH && type != IRQ_TYPE_DEFAULT)
		return -EINVAL;
	if (data->chip->flags & IRQCHIP_SET_TYPE_MASKED)
		irq_mask_line(desc);
	ret = data->chip->irq_set_type(data, type);
	if (ret == IRQ_SET_MASK_OK || ret == IRQ_SET_MASK_OK_DONE)
		irqd_set_trigger_type(data, type);
	if (ret >= 0) {
		irq_note_trigger(data, irqd_get_trigger_type(data));
	} else {
		pr_err("irq %u: %s cannot have trigger type %u: %pe\n", data->irq,
		       data->chip->name, type, ERR_PTR(ret));
	}
	if (!masked)
		irq_unmask_line(desc);
	irq_update_fast(desc);
	return ret < 0 ? ret : 0;
}

int irq_set_irq_type(unsigned int irq, unsigned int type)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return -EINVAL;
	guard(irq_bus)(desc);
	guard(irq_desc)(desc);
	return irq_set_trigger_locked(desc, type);
}

struct irq_data *irq_get_irq_data(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	return desc ? &desc->irq_data : NULL;
}

struct irq_chip *irq_get_chip(unsigned int irq)
{
	struct irq_data *data = irq_get_irq_data(irq);

	return data ? data->chip : NULL;
}

void *irq_get_chip_data(unsigned int irq)
{
	struct irq_data *data = irq_get_irq_data(irq);

	return data ? data->chip_data : NULL;
}

void *irq_get_handler_data(unsigned int irq)
{
	struct irq_data *data = irq_get_irq_data(irq);

	return data ? data->common->handler_data : NULL;
}

u32 irq_get_trigger_type(unsigned int irq)
{
	struct irq_data *data = irq_get_irq_data(irq);

	return data ? irqd_get_trigger_type(data) : 0;
}

int irq_set_chip(unsigned int irq, const struct irq_chip *chip)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return -EINVAL;
	guard(irq_desc)(desc);
	desc->irq_data.chip = irq_chip_or_none(chip);
	return 0;
}

int irq_set_chip_data(unsigned int irq, void *data)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return -EINVAL;
	guard(irq_desc)(desc);
	desc->irq_data.chip_data = data;
	return 0;
}

int irq_set_handler_data(unsigned int irq, void *data)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return -EINVAL;
	guard(irq_desc)(desc);
	desc->irq_common_data.handler_data = data;
	return 0;
}

void irq_modify_status(unsigned int irq, unsigned long clr, unsigned long set)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned int status;

	if (!desc)
		return;
	guard(irq_desc)(desc);
	status = (desc->status_use_accessors & ~(unsigned int)clr) | (unsigned int)set;
	desc->status_use_accessors = status;
	irqd_clear(&desc->irq_data, IRQD_PER_CPU | IRQD_LEVEL);
	irqd_set(&desc->irq_data, (status & IRQ_PER_CPU) ? IRQD_PER_CPU : 0);
	if (status & IRQ_LEVEL || irqd_get_trigger_type(&desc->irq_data) & IRQ_TYPE_LEVEL_MASK)
		irqd_set(&desc->irq_data, IRQD_LEVEL);
}

int irq_set_percpu_devid(unsigned int irq)
{
	if (!irq_to_desc(irq))
		return -EINVAL;
	irq_set_status_flags(irq, IRQ_NOAUTOEN | IRQ_PER_CPU | IRQ_NOTHREAD | IRQ_NOPROBE |
			     IRQ_PER_CPU_DEVID);
	return 0;
}

/* Of a cascade. */
#define CHAINED_STATUS	((unsigned int)(IRQ_NOREQUEST | IRQ_NOPROBE | IRQ_NOTHREAD))

static void stop_chained(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	if (desc->action != &chained_action)
		return;
	irq_shutdown_line(desc);
	irq_domain_deactivate_irq(&desc->irq_data);
	desc->action = NULL;
	desc->status_use_accessors &= ~CHAINED_STATUS;
}

static void start_chained(struct irq_desc *desc, irq_flow_handler_t handle)
	__must_hold(&desc->lock)
{
	u32 type = irqd_get_trigger_type(&desc->irq_data);
	int ret = type ? irq_set_trigger_locked(desc, type) : 0;

	/* set_type may have put its own flow handler there. */
	desc->handle_irq = handle;
	desc->status_use_accessors |= CHAINED_STATUS;
	desc->action = &chained_action;
	if (!ret)
		ret = irq_startup_line(desc);
	if (ret)
		pr_err("irq %u: the cascade stays off: %pe\n", desc->irq_data.irq, ERR_PTR(ret));
}

/* The other operations are asked for each time. */
static bool lacks_what_it_calls(const struct irq_chip *chip, irq_flow_handler_t handle)
{
	return handle == handle_fasteoi_irq && !chip->irq_eoi;
}

static void set_handler(struct irq_desc *desc, irq_flow_handler_t handle, bool chained,
			const char *name)
	__must_hold(&desc->lock)
{
	if (!handle) {
		stop_chained(desc);
		irq_mask_line(desc);
		handle = handle_bad_irq;
	} else if (WARN_ON(desc->irq_data.chip == &no_irq_chip) ||
		   WARN_ON(lacks_what_it_calls(desc->irq_data.chip, handle))) {
		return;
	}
	desc->handle_irq = handle;
	if (name || handle == handle_bad_irq)
		desc->name = name;
	if (chained && handle != handle_bad_irq)
		start_chained(desc, handle);
	irq_update_fast(desc);
}

void irq_set_handler(unsigned int irq, irq_flow_handler_t handle, const char *name)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return;
	guard(irq_bus)(desc);
	guard(irq_desc)(desc);
	set_handler(desc, handle, false, name);
}

void irq_set_chip_and_handler_name(unsigned int irq, const struct irq_chip *chip,
				   irq_flow_handler_t handle, const char *name)
{
	if (irq_set_chip(irq, chip) == 0)
		irq_set_handler(irq, handle, name);
}

void irq_set_chip_and_handler(unsigned int irq, const struct irq_chip *chip,
			      irq_flow_handler_t handle)
{
	irq_set_chip_and_handler_name(irq, chip, handle, NULL);
}

/* By a user, or by another cascade, which would hear nothing any more. */
static bool is_taken(struct irq_desc *desc, irq_flow_handler_t handle, const void *data)
{
	if (!desc->action)
		return false;
	if (desc->action == &chained_action && desc->handle_irq == handle &&
	    desc->irq_common_data.handler_data == data)
		return false;
	pr_err("irq %u: %s has it, no controller can be cascaded under it\n", desc->irq_data.irq,
	       desc->action->name);
	return true;
}

void irq_set_chained_handler_and_data(unsigned int irq, irq_flow_handler_t handle, void *data)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return;
	if (!handle) {
		irq_set_handler(irq, NULL, NULL);
		irq_wait_for_handlers(desc);
		irq_wait_for_lookups();
		irq_set_handler_data(irq, data);
		return;
	}
	guard(irq_bus)(desc);
	guard(irq_desc)(desc);
	if (is_taken(desc, handle, data))
		return;
	desc->irq_common_data.handler_data = data;
	set_handler(desc, handle, true, "chained");
}

void irq_set_chained_handler(unsigned int irq, irq_flow_handler_t handle)
{
	irq_set_chained_handler_and_data(irq, handle, irq_get_handler_data(irq));
}

void irq_set_handler_locked(struct irq_data *data, irq_flow_handler_t handler)
{
	struct irq_desc *desc = irq_data_to_desc(data);

	lockdep_assert_held(&desc->lock);
	context_assume_held(&desc->lock);	/* by set_type(), which was called so */
	desc->handle_irq = handler;
	irq_update_fast(desc);
}

void irq_set_chip_handler_name_locked(struct irq_data *data, const struct irq_chip *chip,
				      irq_flow_handler_t handler, const char *name)
{
	irq_data_to_desc(data)->name = name;
	data->chip = irq_chip_or_none(chip);
	irq_set_handler_locked(data, handler);
}
