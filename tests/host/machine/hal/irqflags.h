/* SPDX-License-Identifier: MIT */
/*
 * Interrupts come when the test calls a handler, so there is nothing to mask.
 */
#ifndef HAL_IRQFLAGS_H
#define HAL_IRQFLAGS_H

#include <lib/types.h>

extern bool machine_in_irq;

static inline void local_irq_disable(void)
{
}

static inline void local_irq_enable(void)
{
}

static inline unsigned long arch_local_irq_save(void)
{
	return 0;
}

static inline void local_irq_restore(unsigned long flags)
{
	(void)flags;
}

#define local_irq_save(flags)	((flags) = arch_local_irq_save())

static inline bool irqs_disabled(void)
{
	return machine_in_irq;
}

static inline bool in_hardirq(void)
{
	return machine_in_irq;
}

#endif
