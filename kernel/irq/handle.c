/* SPDX-License-Identifier: MIT */
/*
 * From the vector to the actions: the root controller's function, the call of a
 * line's users, and the watch for interrupts that nobody handles.
 *
 * Locking: handle_irq_event() is called with the descriptor locked and unlocks it
 * around the actions; the in-progress mark keeps the flow, free_irq() and
 * synchronize_irq() of other CPUs out meanwhile.
 */
#include <kernel/irq.h>

#include <hal/irqflags.h>
#include <hal/traps.h>
#include <kernel/bug.h>
#include <kernel/jiffies.h>
#include <kernel/printk.h>
#include <kernel/random.h>
#include <kernel/sched.h>
#include <lib/errno.h>

#include "irq_priv.h"

/* Of the last UNHANDLED_WINDOW interrupts of a line so many unhandled ones turn it off. */
#define UNHANDLED_WINDOW	100000U
#define UNHANDLED_MAX		99900U
#define UNHANDLED_APART		(HZ / 10)	/* jiffies after which it is counted anew */

static void no_root(void)
{
	panic("interrupt without a controller");
}

static void (*root_handler)(void) = no_root;	/* [I] after boot */
static void (*first_handler)(void) = no_root;	/* [a] that, or one which notes the time too */

static void handle_and_note_time(void)
{
	root_handler();
	if (IS_ENABLED(CONFIG_RANDOM))
		add_interrupt_randomness();
}

void irq_note_times(bool wanted)
{
	WRITE_ONCE(first_handler, wanted ? handle_and_note_time : root_handler);
}

int set_handle_irq(void (*handle_irq)(void))
{
	if (root_handler != no_root)
		return -EBUSY;
	root_handler = handle_irq;
	irq_note_times(IS_ENABLED(CONFIG_RANDOM) && !rng_is_initialized());
	return 0;
}

void handle_arch_irq(void)
{
	first_handler();
}

static irqreturn_t wake_thread(struct irq_desc *desc, struct irqaction *action)
{
	if (WARN_ONCE(!action->thread_fn, "irq %u: %s has no thread", action->irq, action->name))
		return IRQ_NONE;
	guard(raw_spinlock)(&desc->lock);
	return irq_thread_wake(desc, action) ? IRQ_WAKE_THREAD : IRQ_NONE;
}

/* Interrupts are off, and are again. */
irqreturn_t irq_take_answer(struct irq_desc *desc, struct irqaction *action, irqreturn_t ret)
	__no_context_analysis
{
	if (WARN_ONCE(!irqs_disabled(), "irq %u: %s enabled interrupts", action->irq, action->name))
		local_irq_disable();
	if (ret == IRQ_WAKE_THREAD)
		return wake_thread(desc, action);
	if (WARN_ONCE(ret > IRQ_WAKE_THREAD, "irq %u: %s answers %d", action->irq, action->name,
		      (int)ret))
		return IRQ_NONE;
	return ret;
}

static irqreturn_t call_action(struct irq_desc *desc, struct irqaction *action)
{
	unsigned int held = lockdep_depth(current);
	irqreturn_t ret = action->handler((int)action->irq, action->dev_id);

	lockdep_check_depth(held, "irq %u: %s returns", action->irq, action->name);
	return irq_take_answer(desc, action, ret);
}

/* An action taken off the list meanwhile lives until the in-progress mark is gone. */
unsigned int irq_call_actions(struct irq_desc *desc)
	__must_hold(&desc->lock, role_spinning)
{
	struct irqaction *action = desc->action;
	unsigned int answers = 0;

	irq_istate_clear(desc, IRQS_PENDING);
	irqd_set(&desc->irq_data, IRQD_IRQ_INPROGRESS);
	if (IS_ENABLED(CONFIG_SMP))
		WRITE_ONCE(desc->fast_action, NULL);
	raw_spin_unlock(&desc->lock);
	for (; action && irq_action_is_good(action); action = READ_ONCE(action->next))
		answers |= call_action(desc, action);
	raw_spin_lock(&desc->lock);
	irqd_clear(&desc->irq_data, IRQD_IRQ_INPROGRESS);
	if (IS_ENABLED(CONFIG_SMP) && desc->handle_irq == handle_fasteoi_irq)
		irq_update_fast(desc);
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) && unlikely(action)) {
		irq_turn_off(desc);	/* or it were found bad again and again */
		answers = IRQ_HANDLED;
	}
	return answers;
}

void handle_irq_event(struct irq_desc *desc)
{
	unsigned int answers;

	kstat_incr_irqs_this_cpu(desc);
	answers = irq_call_actions(desc);
	if (unlikely(answers != IRQ_HANDLED))
		note_interrupt(desc, answers);
}

void irq_turn_off(struct irq_desc *desc)
{
	desc->depth++;
	irq_disable_line(desc);
	irq_update_fast(desc);
}

/*
 * A line whose interrupts nobody handles would take all the time there is: it is
 * turned off, and stays so until it is requested anew.
 */
static void note_unhandled(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	unsigned int total = irq_desc_total(desc);

	bool soon = time_before_eq(jiffies, desc->last_unhandled + UNHANDLED_APART);

	desc->last_unhandled = jiffies;
	if (!soon || total - desc->window_start >= UNHANDLED_WINDOW) {
		desc->window_start = total;
		desc->unhandled = 0;
	}
	if (++desc->unhandled <= UNHANDLED_MAX)
		return;
	desc->unhandled = 0;
	irq_istate_set(desc, IRQS_SPURIOUS_DISABLED);
	irq_turn_off(desc);
	pr_err("irq %u: nobody cared, disabled; first user: %s\n", desc->irq_data.irq,
	       desc->action ? desc->action->name : "none");
}

/*
 * What a thread makes of an interrupt is known later: the next one that wakes a thread looks at
 * whether any has handled something since the last did.
 */
static bool threads_handled(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	bool waits = desc->istate & IRQS_DEFERRED;
	bool handled = desc->threads_handled != desc->threads_handled_seen;

	irq_istate_set(desc, IRQS_DEFERRED);
	desc->threads_handled_seen = desc->threads_handled;
	return handled || !waits;
}

void note_interrupt(struct irq_desc *desc, unsigned int answers)
{
	if (answers == IRQ_WAKE_THREAD) {
		if (threads_handled(desc))
			return;
	} else if (answers & IRQ_HANDLED) {
		irq_istate_clear(desc, IRQS_DEFERRED);
		return;
	}
	note_unhandled(desc);
}
