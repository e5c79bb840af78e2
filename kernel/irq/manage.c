/* SPDX-License-Identifier: MIT */
/*
 * The users of lines: request and free, enable and disable, waiting for handlers,
 * wake-up, affinity.
 *
 * A request is made complete before the line is started, and the line is silenced
 * before its last action goes: the handler is armed last. After free_irq() has
 * returned nothing of the handler runs, because the in-progress mark was waited
 * for.
 *
 * Locking: request_mutex of the line around request and free, outside of the
 * chip's bus, outside of the descriptor's lock.
 */
#include <kernel/interrupt.h>

#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/fault-inject.h>
#include <kernel/irq.h>
#include <kernel/irqdomain.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <kernel/wait.h>
#include <lib/errno.h>

#include "irq_priv.h"

static const void *action_hint(const void *action)
{
	const struct irqaction *a = action;

	return (const void *)(a->thread_fn ? a->thread_fn : a->handler);
}

const struct debug_obj_descr irqaction_debug_descr __debug_obj_descr = {
	.name = "irqaction",
	.live = "requested",
	.offset = offsetof(struct irqaction, debug),
	.hint = action_hint,
};

static bool is_inprogress(struct irq_desc *desc)
{
	guard(irq_desc)(desc);
	smp_mb();	/* the caller may have just taken fast_action away */
	return irqd_irq_inprogress(&desc->irq_data) || irq_is_busy(desc);
}

/* Who revokes a line and waits until nobody has its bus. */
static DECLARE_WAIT_QUEUE_HEAD(bus_waiters);

static bool bus_enter(struct irq_desc *desc)
{
	guard(irq_desc)(desc);
	if (!desc->irq_data.chip->irq_bus_sync_unlock)
		return false;
	desc->bus_users++;
	return true;
}

static bool bus_leave(struct irq_desc *desc)
{
	guard(irq_desc)(desc);
	return --desc->bus_users == 0 && desc->istate & IRQS_GONE;
}

void irq_bus_take(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	if (bus_enter(desc) && data->chip->irq_bus_lock)
		data->chip->irq_bus_lock(data);
}

void irq_bus_give(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	data->chip->irq_bus_sync_unlock(data);
	if (bus_leave(desc))
		wake_up_all(&bus_waiters);
}

/* A handler is a bounded piece of hard irq on another CPU: no reason to sleep for it. */
void irq_wait_for_handlers(struct irq_desc *desc)
{
	while (is_inprogress(desc))
		cpu_relax();
}

bool synchronize_hardirq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return true;
	irq_wait_for_handlers(desc);
	return irq_threads_are_idle(desc);
}

void synchronize_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	might_sleep();
	if (!desc || WARN(in_hardirq(), "irq %u cannot be waited for here", irq))
		return;
	if (WARN(irq_is_in_own_thread(desc), "irq %u is waited for by its own thread", irq))
		return;
	irq_wait_for_handlers(desc);
	irq_wait_for_threads(desc);
}

/* Requests. */

/* The trigger that counts is the line's, if it has one: somebody may have set another since. */
static bool may_share(struct irq_desc *desc, const struct irqaction *action)
{
	const struct irqaction *old = desc->action;
	unsigned long trigger = irqd_get_trigger_type(&desc->irq_data) ?:
				old->flags & IRQF_TRIGGER_MASK;

	return (old->flags & action->flags & IRQF_SHARED) &&
	       (action->flags & IRQF_TRIGGER_MASK) == trigger &&
	       !((old->flags ^ action->flags) & (IRQF_ONESHOT | IRQF_PERCPU));
}

/* Each user with IRQF_ONESHOT has a bit of its own. */
static int give_thread_mask(struct irq_desc *desc, struct irqaction *action)
{
	unsigned long used = 0;

	if (!(action->flags & IRQF_ONESHOT))
		return 0;
	for (const struct irqaction *a = desc->action; a; a = a->next)
		used |= a->thread_mask;
	if (used == ~0UL)
		return -EBUSY;
	action->thread_mask = 1UL << ffz(used);
	return 0;
}

/* Nothing silences the device before the thread runs. */
static bool would_come_for_ever(struct irq_desc *desc, const struct irqaction *action)
{
	if (action->handler != irq_default_primary_handler || action->flags & IRQF_ONESHOT ||
	    desc->irq_data.chip->flags & IRQCHIP_ONESHOT_SAFE)
		return false;
	pr_err("irq %u: %s has a thread, no handler and no IRQF_ONESHOT\n", action->irq,
	       action->name);
	return true;
}

/* The first user: the trigger, then on with it. */
static int start_line(struct irq_desc *desc, struct irqaction *action)
	__must_hold(&desc->lock)
{
	int ret = irq_domain_activate_irq(&desc->irq_data, false);

	if (!ret && (action->flags & IRQF_TRIGGER_MASK))
		ret = irq_set_trigger_locked(desc, action->flags & IRQF_TRIGGER_MASK);
	if (ret) {
		irq_domain_deactivate_irq(&desc->irq_data);
		return ret;
	}
	irq_istate_clear(desc, IRQS_PENDING | IRQS_ONESHOT | IRQS_SPURIOUS_DISABLED |
			 IRQS_DEFERRED);
	if (action->flags & IRQF_ONESHOT)
		irq_istate_set(desc, IRQS_ONESHOT);
	desc->unhandled = 0;
	if (action->flags & IRQF_PERCPU) {
		desc->status_use_accessors |= IRQ_PER_CPU;
		irqd_set(&desc->irq_data, IRQD_PER_CPU);
	}
	desc->action = action;
	desc->depth = 1;
	if (!(action->flags & IRQF_NO_AUTOEN) && !(desc->status_use_accessors & IRQ_NOAUTOEN))
		irq_startup_line(desc);
	return 0;
}

static void enable_line(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	int ret;

	if (WARN(desc->depth == 0, "irq %u: enabled more often than disabled",
		 desc->irq_data.irq))
		return;
	/* A line that is gone stays silent: its chip may be there still, nobody masks it again. */
	if (desc->depth > 1 || desc->istate & IRQS_GONE) {
		desc->depth--;
		return;
	}
	irq_istate_clear(desc, IRQS_SPURIOUS_DISABLED);
	ret = irq_startup_line(desc);
	if (ret)
		pr_err("irq %u stays off: %pe\n", desc->irq_data.irq, ERR_PTR(ret));
	else
		irq_resend_pending(desc);
}

/* One that nobody handled may be the new user's. */
static void give_another_chance(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	desc->unhandled = 0;
	if (!(desc->istate & IRQS_SPURIOUS_DISABLED))
		return;
	enable_line(desc);
}

static int add_action(struct irq_desc *desc, struct irqaction *action)
{
	struct irqaction **link = &desc->action;
	int ret;

	guard(irq_bus)(desc);
	guard(irq_desc)(desc);
	if (desc->istate & IRQS_GONE)
		return -ENODEV;
	if (desc->action && !may_share(desc, action))
		return -EBUSY;
	ret = would_come_for_ever(desc, action) ? -EINVAL : give_thread_mask(desc, action);
	if (ret)
		return ret;
	if (!desc->action)
		return start_line(desc, action);
	while (*link)
		link = &(*link)->next;
	smp_store_release(link, action);	/* who calls the others is not locked out */
	give_another_chance(desc);
	irq_update_fast(desc);
	return 0;
}

static int request_resources(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	return data->chip->irq_request_resources ? data->chip->irq_request_resources(data) : 0;
}

static void release_resources(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	if (data->chip->irq_release_resources)
		data->chip->irq_release_resources(data);
}

static int setup_irq(struct irq_desc *desc, struct irqaction *action)
{
	bool first;
	int ret = 0;

	guard(mutex)(&desc->request_mutex);
	if (desc->irq_data.chip == &no_irq_chip)
		return -ENOSYS;
	if (!(action->flags & IRQF_TRIGGER_MASK))
		action->flags |= irqd_get_trigger_type(&desc->irq_data);
	first = !desc->action;
	if (first)
		ret = request_resources(desc);
	if (ret)
		return ret;
	ret = add_action(desc, action);
	if (ret && first)
		release_resources(desc);
	if (ret == -EBUSY && !first && !(action->flags & IRQF_PROBE_SHARED))
		pr_err("irq %u: %s cannot have it, %s does\n", action->irq, action->name,
		       desc->action->name);
	return ret;
}

/* What the line makes of the request. */
static int prepare_action(struct irq_desc *desc, struct irqaction *action)
{
	if (desc->irq_data.chip->flags & IRQCHIP_ONESHOT_SAFE)
		action->flags &= ~(unsigned long)IRQF_ONESHOT;
	if (desc->status_use_accessors & IRQ_NESTED_THREAD) {
		action->handler = irq_nested_primary_handler;
		return action->thread_fn ? 0 : -EINVAL;
	}
	return action->thread_fn ? irq_thread_create(action) : 0;
}

static int request_prepared(struct irq_desc *desc, struct irqaction *action)
{
	int ret = prepare_action(desc, action);

	if (ret)
		return ret;
	/* Its handler may be called before it is known whether all of it went well. */
	debug_object_init(&action->debug, &irqaction_debug_descr);
	debug_object_activate(&action->debug, &irqaction_debug_descr);
	ret = setup_irq(desc, action);
	if (ret) {
		debug_object_deactivate(&action->debug, &irqaction_debug_descr);
		if (action->thread)
			irq_thread_stop(action);
	}
	return ret;
}

static int request_action(struct irq_desc *desc, const struct irqaction *template)
{
	struct irqaction *action;
	int ret = fault_check(FAULT_IRQ);

	if (ret)
		return ret;
	action = kmemdup(template, sizeof(*template), GFP_KERNEL);
	if (!action)
		return -ENOMEM;
	ret = request_prepared(desc, action);
	if (ret)
		kfree(action);
	return ret;
}

static bool flags_are_good(unsigned long flags, const void *dev_id)
{
	if (flags & IRQF_SHARED ? !dev_id || flags & IRQF_NO_AUTOEN : flags & IRQF_COND_SUSPEND)
		return false;
	return !(flags & IRQF_NO_SUSPEND && flags & IRQF_COND_SUSPEND);
}

int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn,
			 unsigned long flags, const char *name, void *dev_id)
{
	struct irqaction action = {
		.irq = irq, .handler = handler ? handler : irq_default_primary_handler,
		.thread_fn = thread_fn, .dev_id = dev_id, .flags = flags, .name = name,
	};
	struct irq_desc *desc = irq_to_desc(irq);

	might_sleep();
	if (irq == IRQ_NOTCONNECTED)
		return -ENOTCONN;
	if (!desc || (!handler && !thread_fn) || !flags_are_good(flags, dev_id))
		return -EINVAL;
	if (desc->status_use_accessors & (IRQ_NOREQUEST | IRQ_PER_CPU_DEVID))
		return -EINVAL;
	return request_action(desc, &action);
}

int request_any_context_irq(unsigned int irq, irq_handler_t handler, unsigned long flags,
			    const char *name, void *dev_id)
{
	struct irq_desc *desc = irq_to_desc(irq);
	bool nested = desc && desc->status_use_accessors & IRQ_NESTED_THREAD;
	int ret;

	if (nested)
		ret = request_threaded_irq(irq, NULL, handler, flags, name, dev_id);
	else
		ret = request_irq(irq, handler, flags, name, dev_id);
	if (ret)
		return ret;
	return nested ? IRQC_IS_NESTED : IRQC_IS_HARDIRQ;
}

int request_percpu_irq(unsigned int irq, irq_handler_t handler, const char *name,
		       void __percpu *percpu_dev_id)
{
	struct irqaction action = {
		.irq = irq, .handler = handler, .percpu_dev_id = percpu_dev_id,
		.flags = IRQF_PERCPU | IRQF_NO_SUSPEND, .name = name,
	};
	struct irq_desc *desc = irq_to_desc(irq);

	might_sleep();
	if (!desc || !handler || !percpu_dev_id ||
	    !(desc->status_use_accessors & IRQ_PER_CPU_DEVID))
		return -EINVAL;
	return request_action(desc, &action);
}

/* Takes the action off the line; the line goes off with its last one. */
static struct irqaction *remove_action(struct irq_desc *desc, const void *dev_id, bool percpu)
{
	struct irqaction **link = &desc->action, *action;

	guard(irq_bus)(desc);
	guard(irq_desc)(desc);
	while ((action = *link)) {
		if ((percpu ? action->percpu_dev_id : action->dev_id) == dev_id)
			break;
		link = &action->next;
	}
	if (!action || action == &chained_action)
		return NULL;
	WARN(percpu && desc->percpu_enabled, "irq %u is freed and enabled on CPUs 0x%x",
	     desc->irq_data.irq, desc->percpu_enabled);
	*link = action->next;
	if (!desc->action)
		irq_shutdown_line(desc);
	irq_update_fast(desc);
	return action;
}

static void deactivate_line(struct irq_desc *desc)
{
	guard(irq_desc)(desc);
	irq_domain_deactivate_irq(&desc->irq_data);
}

/* `last`: nobody has the descriptor any more, the caller frees it; else it may be freed already. */
static struct irqaction *teardown_irq(struct irq_desc *desc, const void *dev_id, bool percpu,
				      bool *last)
{
	struct irqaction *action;

	guard(mutex)(&desc->request_mutex);
	action = remove_action(desc, dev_id, percpu);
	if (!action)
		return NULL;
	irq_wait_for_handlers(desc);
	if (action->thread)
		irq_thread_stop(action);
	else if (action->thread_fn)
		irq_wait_for_threads(desc);	/* it is called in another's */
	if (percpu)
		irq_wait_for_lookups();
	if (!desc->action) {
		deactivate_line(desc);
		release_resources(desc);
	}
	guard(irq_desc)(desc);
	*last = !desc->action && desc->istate & IRQS_UNMAPPED;
	return action;
}

static const void *free_action(unsigned int irq, const void *dev_id, bool percpu)
{
	struct irq_desc *desc = irq_to_desc(irq);
	struct irqaction *action;
	bool last = false;
	const void *name;

	might_sleep();
	if (WARN(!desc || in_hardirq(), "irq %u cannot be freed here", irq))
		return NULL;
	if (WARN(percpu != !!(desc->status_use_accessors & IRQ_PER_CPU_DEVID),
		 "irq %u is %s", irq, percpu ? "no per-CPU line" : "a per-CPU line"))
		return NULL;
	if (WARN(irq_is_in_own_thread(desc), "irq %u is freed by its own thread", irq))
		return NULL;
	action = teardown_irq(desc, dev_id, percpu, &last);
	if (WARN(!action, "irq %u: freed, and is not in use", irq))
		return NULL;
	name = action->name;
	debug_object_deactivate(&action->debug, &irqaction_debug_descr);
	kfree(action);
	if (last)
		irq_free_unmapped(desc);
	return name;
}

const void *free_irq(unsigned int irq, void *dev_id)
{
	return free_action(irq, dev_id, false);
}

void free_percpu_irq(unsigned int irq, void __percpu *percpu_dev_id)
{
	free_action(irq, percpu_dev_id, true);
}

static int set_wake(struct irq_desc *desc, unsigned int on)
	__must_hold(&desc->lock)
{
	struct irq_data *data = &desc->irq_data;

	if (data->chip->flags & IRQCHIP_SKIP_SET_WAKE || desc->istate & IRQS_GONE)
		return 0;
	return data->chip->irq_set_wake ? data->chip->irq_set_wake(data, on) : -ENXIO;
}

/*
 * The line's controller goes away under its users: their handlers are not called
 * again, and whatever they still do with the number has no effect. The descriptor
 * stays until the last of them frees the line.
 */
static void silence_line(struct irq_desc *desc)
{
	unsigned int depth;

	guard(irq_bus)(desc);
	guard(irq_desc)(desc);
	/* The users go on counting what they disable and enable, and whether it wakes. */
	if (desc->wake_depth)
		set_wake(desc, 0);
	depth = desc->depth;
	irq_shutdown_line(desc);
	desc->depth = depth;
	irq_istate_set(desc, IRQS_GONE);
	desc->status_use_accessors |= IRQ_NOREQUEST;
}

static void disable_percpu_locked(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	desc->percpu_enabled &= ~(1U << smp_processor_id());
	if (desc->irq_data.chip->irq_disable)
		desc->irq_data.chip->irq_disable(&desc->irq_data);
	else
		desc->irq_data.chip->irq_mask(&desc->irq_data);
}

static void silence_here(void *line)
{
	struct irq_desc *desc = line;

	guard(irq_desc)(desc);
	disable_percpu_locked(desc);
}

/* Each CPU switched it on for itself. None does so any more: it is gone. */
static void silence_percpu_line(struct irq_desc *desc)
{
	if (desc->status_use_accessors & IRQ_PER_CPU_DEVID)
		on_each_cpu(silence_here, desc, true);
}

/*
 * Returns whether the line has no chip any more; not while somebody has the chip's bus. What the
 * chip's driver keeps with the line stays until its domain has let go of it.
 */
static bool drop_chip(struct irq_desc *desc)
{
	guard(irq_desc)(desc);
	if (desc->bus_users)
		return false;
	if (desc->action == &chained_action)
		desc->action = NULL;
	desc->handle_irq = handle_bad_irq;
	desc->irq_data.chip = irq_chip_or_none(NULL);
	irq_update_fast(desc);
	return true;
}

void irq_revoke(struct irq_desc *desc)
{
	guard(mutex)(&desc->request_mutex);
	silence_line(desc);
	silence_percpu_line(desc);
	irq_wait_for_handlers(desc);
	irq_wait_for_lookups();
	deactivate_line(desc);
	if (desc->action && desc->action != &chained_action)
		release_resources(desc);
	wait_event(bus_waiters, drop_chip(desc));
}

static bool is_last_when_unmapped(struct irq_desc *desc)
{
	guard(mutex)(&desc->request_mutex);
	guard(irq_desc)(desc);
	irq_istate_set(desc, IRQS_UNMAPPED);
	return !desc->action;
}

void irq_put_mapping(struct irq_desc *desc)
{
	if (is_last_when_unmapped(desc))
		irq_free_unmapped(desc);
}

/* Switching. */

static void disable_line(struct irq_desc *desc)
{
	guard(irq_bus)(desc);
	guard(irq_desc)(desc);
	if (desc->depth++ == 0)
		irq_disable_line(desc);
	irq_update_fast(desc);
}

void disable_irq_nosync(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (desc)
		disable_line(desc);
}

void disable_irq(unsigned int irq)
{
	disable_irq_nosync(irq);
	synchronize_irq(irq);
}

bool disable_hardirq(unsigned int irq)
{
	disable_irq_nosync(irq);
	return irq_to_desc(irq) && synchronize_hardirq(irq);
}

void enable_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return;
	guard(irq_bus)(desc);
	guard(irq_desc)(desc);
	enable_line(desc);
}

/* Without bus lock and depth: it is this CPU's own line, and the CPU is here. */
void enable_percpu_irq(unsigned int irq, unsigned int type)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return;
	guard(irq_desc)(desc);
	if (desc->istate & IRQS_GONE)
		return;
	if (type == IRQ_TYPE_NONE)
		type = irqd_get_trigger_type(&desc->irq_data);
	if (type && irq_set_trigger_locked(desc, type))
		return;
	desc->percpu_enabled |= 1U << smp_processor_id();
	if (desc->irq_data.chip->irq_enable)
		desc->irq_data.chip->irq_enable(&desc->irq_data);
	else
		desc->irq_data.chip->irq_unmask(&desc->irq_data);
}

void disable_percpu_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return;
	guard(irq_desc)(desc);
	disable_percpu_locked(desc);
}

bool irq_percpu_is_enabled(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return false;
	guard(irq_desc)(desc);
	return desc->percpu_enabled >> smp_processor_id() & 1;
}

/* Settings. */

static int wake_get(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	int ret = desc->wake_depth ? 0 : set_wake(desc, 1);

	if (ret)
		return ret;
	desc->wake_depth++;
	irqd_set(&desc->irq_data, IRQD_WAKEUP_STATE);
	return 0;
}

static int wake_put(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	int ret;

	if (WARN(!desc->wake_depth, "irq %u: unbalanced wake-up", desc->irq_data.irq))
		return 0;
	ret = desc->wake_depth == 1 ? set_wake(desc, 0) : 0;
	if (ret)
		return ret;
	if (--desc->wake_depth == 0)
		irqd_clear(&desc->irq_data, IRQD_WAKEUP_STATE);
	return 0;
}

int irq_set_irq_wake(unsigned int irq, unsigned int on)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return -EINVAL;
	guard(irq_bus)(desc);
	guard(irq_desc)(desc);
	return on ? wake_get(desc) : wake_put(desc);
}

int irq_set_affinity(unsigned int irq, const struct cpumask *cpumask)
{
	struct irq_desc *desc = irq_to_desc(irq);
	int ret;

	if (!desc)
		return -EINVAL;
	guard(irq_desc)(desc);
	if (!desc->irq_data.chip->irq_set_affinity)
		return -EIO;
	ret = desc->irq_data.chip->irq_set_affinity(&desc->irq_data, cpumask, false);
	return ret < 0 ? ret : 0;
}

int irq_get_irqchip_state(unsigned int irq, enum irqchip_irq_state which, bool *state)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return -EINVAL;
	guard(irq_bus)(desc);
	guard(irq_desc)(desc);
	for (struct irq_data *data = &desc->irq_data; data; data = data->parent_data)
		if (data->chip->irq_get_irqchip_state)
			return data->chip->irq_get_irqchip_state(data, which, state);
	return -EINVAL;
}

int irq_set_irqchip_state(unsigned int irq, enum irqchip_irq_state which, bool state)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return -EINVAL;
	guard(irq_bus)(desc);
	guard(irq_desc)(desc);
	for (struct irq_data *data = &desc->irq_data; data; data = data->parent_data)
		if (data->chip->irq_set_irqchip_state)
			return data->chip->irq_set_irqchip_state(data, which, state);
	return -EINVAL;
}

int ipi_send_single(unsigned int virq, unsigned int cpu)
{
	struct irq_data *data = irq_get_irq_data(virq);

	if (!data || !cpu_online(cpu) || !data->chip->ipi_send_single)
		return -EINVAL;
	data->chip->ipi_send_single(data, cpu);
	return 0;
}
