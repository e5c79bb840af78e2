/* SPDX-License-Identifier: MIT */
/*
 * Entry and exit of the handler of a chained interrupt, so that the driver of the
 * inner controller need not know the flow of the outer one.
 *
 *   chained_irq_enter(chip, desc);
 *   for_each_set_bit(line, &pending, 8)
 *           generic_handle_domain_irq(domain, line);
 *   chained_irq_exit(chip, desc);
 */
#ifndef KERNEL_IRQCHIP_CHAINED_IRQ_H
#define KERNEL_IRQCHIP_CHAINED_IRQ_H

#include <kernel/irq.h>

/*
 * The line is counted. irq_set_chained_handler(irq, NULL) waits for the end by a grace period, as
 * for all that is called without the descriptor's lock.
 * Context: hard irq. `chip` is irq_desc_get_chip(desc).
 */

static inline void chained_irq_enter(struct irq_chip *chip, struct irq_desc *desc)
	__acquires(role_chained_irq) __no_context_analysis
{
	desc->kstat_irqs[smp_processor_id()]++;
	if (chip->irq_eoi)
		return;
	if (chip->irq_mask_ack) {
		chip->irq_mask_ack(&desc->irq_data);
	} else {
		chip->irq_mask(&desc->irq_data);
		if (chip->irq_ack)
			chip->irq_ack(&desc->irq_data);
	}
}

static inline void chained_irq_exit(struct irq_chip *chip, struct irq_desc *desc)
	__releases(role_chained_irq) __no_context_analysis
{
	if (chip->irq_eoi)
		chip->irq_eoi(&desc->irq_data);
	else
		chip->irq_unmask(&desc->irq_data);
}

#endif
