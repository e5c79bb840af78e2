/* SPDX-License-Identifier: MIT */
/*
 * A chained handler that has nothing to do leaves the outer line masked.
 *
 * clang-context: context_role 'role_chained_irq' is not held on every path
 */
#include <kernel/irqchip/chained_irq.h>
#include <kernel/irqdesc.h>

#ifdef TWIN
void demux(struct irq_chip *chip, struct irq_desc *desc, bool pending)
{
	if (!pending)
		return;
	chained_irq_enter(chip, desc);
	chained_irq_exit(chip, desc);
}
#else
void demux(struct irq_chip *chip, struct irq_desc *desc, bool pending)
{
	chained_irq_enter(chip, desc);
	if (!pending)
		return;
	chained_irq_exit(chip, desc);
}
#endif
