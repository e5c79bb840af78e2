/* SPDX-License-Identifier: MIT */
/*
 * Lines and their chips: setting a line up, switching it, and the flow handlers.
 *
 * A line's state is told twice, here (IRQD_*) and in the chip; the functions of
 * the first half keep the two equal and make no call that changes nothing.
 * Disabling masks at once: an edge that comes meanwhile waits in the chip. What
 * came too late for that, on another CPU, the flow handler notes; enabling
 * replays it.
 *
 * Locking: every function works on a locked descriptor, except those that take
 * a number and the flow handlers, which lock it.
 */
#include <kernel/irq.h>

#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/irqchip/chained_irq.h>
#include <kernel/irqdomain.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
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
		    desc->depth == 0 &&
		    !(IS_ENABLED(CONFIG_SMP) && irqd_irq_inprogress(&desc->irq_data));

	smp_store_release(&desc->fast_action, fast ? action : NULL);
}

static void irq_mask_line(struct irq_desc *desc)
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

static void mask_ack(struct irq_desc *desc)
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
	if (data->chip->flags & IRQCHIP_SET_TYPE_MASKED)
		irq_mask_line(desc);
	ret = data->chip->irq_set_type(data, type);
	if (ret == IRQ_SET_MASK_OK || ret == IRQ_SET_MASK_OK_DONE)
		irqd_set_trigger_type(data, type);
	if (ret >= 0) {
		bool level = irqd_get_trigger_type(data) & IRQ_TYPE_LEVEL_MASK;

		irqd_clear(data, IRQD_LEVEL);
		irqd_set(data, level ? IRQD_LEVEL : 0);
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
	irqd_set(&desc->irq_data, (status & IRQ_LEVEL) ? IRQD_LEVEL : 0);
}

int irq_set_percpu_devid(unsigned int irq)
{
	if (!irq_to_desc(irq))
		return -EINVAL;
	irq_set_status_flags(irq, IRQ_NOAUTOEN | IRQ_PER_CPU | IRQ_NOTHREAD | IRQ_NOPROBE |
			     IRQ_PER_CPU_DEVID);
	return 0;
}

static void stop_chained(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	if (desc->action != &chained_action)
		return;
	irq_shutdown_line(desc);
	irq_domain_deactivate_irq(&desc->irq_data);
	desc->action = NULL;
}

static void start_chained(struct irq_desc *desc, irq_flow_handler_t handle)
	__must_hold(&desc->lock)
{
	u32 type = irqd_get_trigger_type(&desc->irq_data);
	int ret = type ? irq_set_trigger_locked(desc, type) : 0;

	/* set_type may have put its own flow handler there. */
	desc->handle_irq = handle;
	desc->status_use_accessors |= IRQ_NOREQUEST | IRQ_NOPROBE | IRQ_NOTHREAD;
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

/* Handled by another CPU, or kept for the wake-up from suspend. */
#define IRQD_KEPT_OUT	(IRQD_IRQ_INPROGRESS | IRQD_WAKEUP_ARMED)

static bool may_run(struct irq_desc *desc)
{
	return !(desc->irq_common_data.state_use_accessors & IRQD_KEPT_OUT) && !irq_is_busy(desc);
}

static bool is_wanted(struct irq_desc *desc)
{
	return desc->action && !irqd_irq_disabled(&desc->irq_data);
}

static void unmask_if_enabled(struct irq_desc *desc)
{
	if (!irqd_irq_disabled(&desc->irq_data))
		irq_unmask_line(desc);
}

void handle_simple_irq(struct irq_desc *desc)
{
	guard(raw_spinlock)(&desc->lock);
	if (!may_run(desc))
		return;
	if (is_wanted(desc))
		handle_irq_event(desc);
	else
		irq_istate_set(desc, IRQS_PENDING);
}

void handle_level_irq(struct irq_desc *desc)
{
	guard(raw_spinlock)(&desc->lock);
	mask_ack(desc);
	if (!may_run(desc))
		return;
	if (!is_wanted(desc)) {
		irq_istate_set(desc, IRQS_PENDING);
		return;
	}
	handle_irq_event(desc);
	unmask_if_enabled(desc);
}

/*
 * The acknowledgement comes before the handler, so that an edge during the handler
 * is latched again. One that arrives on another CPU meanwhile is masked and noted
 * there, and handled here.
 */
void handle_edge_irq(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	guard(raw_spinlock)(&desc->lock);
	if (unlikely(!desc->action || (desc->irq_common_data.state_use_accessors &
				       (IRQD_IRQ_DISABLED | IRQD_KEPT_OUT)))) {
		irq_istate_set(desc, IRQS_PENDING);
		mask_ack(desc);
		return;
	}
	if (data->chip->irq_ack)
		data->chip->irq_ack(data);
	do {
		if (!desc->action) {
			irq_mask_line(desc);
			return;
		}
		if (desc->istate & IRQS_PENDING)
			unmask_if_enabled(desc);
		handle_irq_event(desc);
	} while ((desc->istate & IRQS_PENDING) && !irqd_irq_disabled(data));
}

static void fasteoi_locked(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	guard(raw_spinlock)(&desc->lock);
	if (may_run(desc) && is_wanted(desc)) {
		handle_irq_event(desc);
		unmask_if_enabled(desc);
	} else {
		if (!is_wanted(desc)) {
			irq_istate_set(desc, IRQS_PENDING);
			irq_mask_line(desc);
		}
		if (data->chip->flags & IRQCHIP_EOI_IF_HANDLED)
			return;
	}
	data->chip->irq_eoi(data);
}

static __always_inline void fast_action_end(struct irq_desc *desc)
{
#ifdef CONFIG_SMP
	smp_store_release(&desc->busy, 0);
#else
	(void)desc;
#endif
}

/*
 * The action to be called without the lock, which stays until fast_action_end(); NULL if there is
 * none, or if another CPU is in it: an interrupt that is not active meanwhile, as a message is,
 * can come twice.
 */
static __always_inline struct irqaction *fast_action_begin(struct irq_desc *desc)
{
#ifdef CONFIG_SMP
	struct irqaction *action;

	if (unlikely(!hal_try_exchange(&desc->busy, 0, 1)))
		return NULL;
	smp_mb();
	action = READ_ONCE(desc->fast_action);
	if (unlikely(!action))
		fast_action_end(desc);
	return action;
#else
	return desc->fast_action;
#endif
}

/* What is not the rule: as handle_irq_event() has it. The line has its user still. */
static noinline void end_fast(irqreturn_t ret, struct irq_desc *desc)
{
	if (irq_check_action(desc->action, ret) == IRQ_HANDLED)
		return;
	guard(raw_spinlock)(&desc->lock);
	note_unhandled(desc);
}

/* What would be called is no action any more. */
static noinline void end_bad(struct irq_desc *desc)
{
	guard(raw_spinlock)(&desc->lock);
	irq_turn_off(desc);
	desc->irq_data.chip->irq_eoi(&desc->irq_data);
}

void handle_fasteoi_irq(struct irq_desc *desc)
{
	struct irqaction *action = fast_action_begin(desc);
	unsigned int held = lockdep_depth(current);
	irqreturn_t ret;

	if (unlikely(!action)) {
		fasteoi_locked(desc);
		return;
	}
	if (unlikely(!irq_action_is_good(action))) {
		fast_action_end(desc);
		end_bad(desc);
		return;
	}
	ret = action->handler((int)action->irq, action->dev_id);
	lockdep_check_depth(held, "irq %u: %s returns", action->irq, action->name);
	/* Three instructions more of twenty to look at the mask: with debug checks only. */
	if (unlikely(ret != IRQ_HANDLED || (IS_ENABLED(CONFIG_DEBUG) && !irqs_disabled())))
		end_fast(ret, desc);
	kstat_incr_irqs_this_cpu(desc);
	fast_action_end(desc);
	desc->irq_data.chip->irq_eoi(&desc->irq_data);
}

static void percpu_flow(struct irq_desc *desc, bool devid)
{
	struct irq_data *data = &desc->irq_data;
	struct irqaction *action = desc->action;
	unsigned int held = lockdep_depth(current);

	if (data->chip->irq_ack)
		data->chip->irq_ack(data);
	if (likely(action && irq_action_is_good(action))) {
		action->handler((int)action->irq, devid ? action->percpu_dev_id : action->dev_id);
		lockdep_check_depth(held, "irq %u: %s returns", action->irq, action->name);
	} else {
		pr_warn_once("irq %u: came on a CPU without a handler\n", data->irq);
		data->chip->irq_mask(data);
	}
	kstat_incr_irqs_this_cpu(desc);
	if (data->chip->irq_eoi)
		data->chip->irq_eoi(data);
}

void handle_percpu_irq(struct irq_desc *desc)
{
	percpu_flow(desc, false);
}

void handle_percpu_devid_irq(struct irq_desc *desc)
{
	percpu_flow(desc, true);
}

/*
 * What came on a line that nobody uses is acknowledged and masked: it would come
 * again and again.
 */
void handle_bad_irq(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	guard(raw_spinlock)(&desc->lock);
	kstat_incr_irqs_this_cpu(desc);
	mask_ack(desc);
	if (data->chip->irq_eoi)
		data->chip->irq_eoi(data);
	pr_warn_once("irq %u (%s %lu): unexpected\n", data->irq, data->chip->name, data->hwirq);
}

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
