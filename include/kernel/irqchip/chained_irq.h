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

/* Context: hard irq. `chip` is irq_desc_get_chip(desc). */

static inline void chained_irq_enter(struct irq_chip *chip, struct irq_desc *desc)
	__acquires(role_chained_irq) __no_context_analysis
{
	irq_chained_begin(desc);
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
	irq_chained_end(desc);
}

#endif
