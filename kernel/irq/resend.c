/* SPDX-License-Identifier: MIT */
/*
 * Replay of an edge that came while its line could not be handled: by the chip if
 * it can, else by running the line's flow from a timer, which is hard irq too. One that came
 * while another CPU was handling the line is replayed when that may be done.
 *
 * Locking: resend_lock for the list, inside the descriptor's lock.
 */
#include <kernel/irq.h>
#include <kernel/jiffies.h>
#include <kernel/timer.h>
#include <lib/list.h>

#include "irq_priv.h"

static void resend_all(struct timer_list *timer);

static DEFINE_RAW_SPINLOCK(resend_lock);
static LIST_HEAD(resend_list);			/* [resend_lock] irq_desc.resend */
static DEFINE_TIMER(resend_timer, resend_all);

static struct irq_desc *take_first(void)
{
	struct irq_desc *desc;

	guard(raw_spinlock_irqsave)(&resend_lock);
	desc = list_first_entry_or_null(&resend_list, struct irq_desc, resend);
	if (desc)
		list_del_init(&desc->resend);
	return desc;
}

static bool retrigger(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	struct irq_data *data = &desc->irq_data;

	if (data->chip->irq_retrigger)
		return data->chip->irq_retrigger(data);
	return irq_chip_retrigger_hierarchy(data);
}

static bool retrigger_unlocked(struct irq_desc *desc)
{
	guard(irq_desc)(desc);
	return retrigger(desc);
}

/* A chip that can is asked first: to end what it did not begin may confuse it. */
static void resend_all(struct timer_list *timer)
{
	struct irq_desc *desc;

	(void)timer;
	while ((desc = take_first()))
		if (!retrigger_unlocked(desc))
			generic_handle_irq_desc(desc);
}

static void resend_in(struct irq_desc *desc, unsigned long delay)
{
	guard(raw_spinlock)(&resend_lock);
	if (list_empty(&desc->resend))
		list_add_tail(&desc->resend, &resend_list);
	if (!delay || !timer_pending(&resend_timer))
		mod_timer(&resend_timer, jiffies + delay);
}

void irq_resend_later(struct irq_desc *desc)
{
	resend_in(desc, 1);
}

/* A level that is still there comes by itself, a nested line with that of its controller. */
void irq_resend_pending(struct irq_desc *desc)
{
	if (!(desc->istate & IRQS_PENDING))
		return;
	irq_istate_clear(desc, IRQS_PENDING);
	if (irqd_is_level_type(&desc->irq_data) || retrigger(desc))
		return;
	if (desc->status_use_accessors & IRQ_NESTED_THREAD)
		desc = irq_to_desc(desc->parent_irq);
	if (desc)
		resend_in(desc, 0);
}

void irq_resend_forget(struct irq_desc *desc)
{
	guard(raw_spinlock_irqsave)(&resend_lock);
	list_del_init(&desc->resend);
}
