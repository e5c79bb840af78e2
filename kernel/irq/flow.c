/* SPDX-License-Identifier: MIT */
/*
 * The flow handlers: in which order a line that has come is acknowledged, masked, handled and
 * ended, by its kind.
 *
 * Locking: each locks the descriptor, but for the quick way of handle_fasteoi_irq() and for
 * per-CPU lines.
 */
#include <hal/irqflags.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>

#include "irq_priv.h"

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

/* Unless a thread will do it. */
static void unmask_after(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	if (!desc->threads_oneshot)
		irq_unmask_if_enabled(desc);
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

/* Of a line of which others say how much comes, and when: it is not told to be a storm. */
void handle_untracked_irq(struct irq_desc *desc)
{
	guard(raw_spinlock)(&desc->lock);
	if (!may_run(desc))
		return;
	if (is_wanted(desc))
		irq_call_actions(desc);
	else
		irq_istate_set(desc, IRQS_PENDING);
}

void handle_level_irq(struct irq_desc *desc)
{
	guard(raw_spinlock)(&desc->lock);
	irq_mask_ack_line(desc);
	if (!may_run(desc))
		return;
	if (!is_wanted(desc)) {
		irq_istate_set(desc, IRQS_PENDING);
		return;
	}
	handle_irq_event(desc);
	unmask_after(desc);
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
		irq_mask_ack_line(desc);
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
			irq_unmask_if_enabled(desc);
		handle_irq_event(desc);
	} while ((desc->istate & IRQS_PENDING) && !irqd_irq_disabled(data));
}

/* From here on nobody begins to call it without the lock; who does already has the line busy. */
static void fast_action_stop(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	if (!IS_ENABLED(CONFIG_SMP))
		return;
	WRITE_ONCE(desc->fast_action, NULL);
	smp_mb();
}

/* With the end of the last thread, if the chip wants that. */
static void eoi_after(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	struct irq_data *data = &desc->irq_data;

	if (desc->threads_oneshot && data->chip->flags & IRQCHIP_EOI_THREADED)
		irq_istate_set(desc, IRQS_EOI_OWED);
	else
		data->chip->irq_eoi(data);
}

static void handle_fasteoi_locked(struct irq_desc *desc)
	__must_hold(&desc->lock, role_spinning)
{
	if (desc->istate & IRQS_ONESHOT)
		irq_mask_line(desc);
	handle_irq_event(desc);
	eoi_after(desc);
	unmask_after(desc);
	if (unlikely(desc->istate & IRQS_PENDING) && is_wanted(desc))
		irq_resend_pending(desc);
}

/*
 * Another CPU is in it. Who handles it under the lock looks for what came meanwhile; the one
 * action that is called without does not, and this CPU comes back.
 */
static void note_in_progress(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	const struct irq_data *data = &desc->irq_data;

	if (!irqd_needs_resend_when_in_progress(data) &&
	    !(irqd_get_trigger_type(data) & IRQ_TYPE_EDGE_BOTH))
		return;
	if (irqd_irq_inprogress(data))
		irq_istate_set(desc, IRQS_PENDING);
	else
		irq_resend_later(desc);
}

static noinline void fasteoi_locked(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;

	guard(raw_spinlock)(&desc->lock);
	fast_action_stop(desc);
	if (may_run(desc) && is_wanted(desc)) {
		handle_fasteoi_locked(desc);
		return;
	}
	irq_update_fast(desc);
	if (is_wanted(desc)) {
		note_in_progress(desc);
	} else {
		irq_istate_set(desc, IRQS_PENDING);
		irq_mask_line(desc);
	}
	if (!(data->chip->flags & IRQCHIP_EOI_IF_HANDLED))
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

/* What is not the rule: as handle_irq_event() has it. */
static noinline void end_fast(irqreturn_t ret, struct irqaction *action, struct irq_desc *desc)
{
	ret = irq_take_answer(desc, action, ret);
	if (ret == IRQ_HANDLED)
		return;
	guard(raw_spinlock)(&desc->lock);
	note_interrupt(desc, ret);
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
		end_fast(ret, action, desc);
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
		action->handler((int)action->irq,
				devid ? this_cpu_ptr(action->percpu_dev_id) : action->dev_id);
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
	irq_mask_ack_line(desc);
	if (data->chip->irq_eoi)
		data->chip->irq_eoi(data);
	pr_warn_once("irq %u (%s %lu): unexpected\n", data->irq, data->chip->name, data->hwirq);
}
