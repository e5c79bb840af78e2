/* SPDX-License-Identifier: MIT */
/*
 * An interrupt mask. The timer's interrupt comes where the mask opens, if it is due; others
 * come when a test raises them.
 */
#ifndef HAL_IRQFLAGS_H
#define HAL_IRQFLAGS_H

#include <lib/types.h>

extern bool machine_irqs_off, machine_in_irq;

void machine_take_irq(void);

static inline void local_irq_disable(void)
{
	machine_irqs_off = true;
}

static inline void local_irq_enable(void)
{
	machine_irqs_off = false;
	machine_take_irq();
}

static inline unsigned long arch_local_irq_save(void)
{
	bool was_off = machine_irqs_off;

	machine_irqs_off = true;
	return was_off;
}

static inline void local_irq_restore(unsigned long flags)
{
	if (flags)
		local_irq_disable();
	else
		local_irq_enable();
}

#define local_irq_save(flags)	((flags) = arch_local_irq_save())

static inline unsigned long hal_read_cpsr(void)
{
	return machine_irqs_off;
}

static inline bool irqs_disabled_flags(unsigned long flags)
{
	return flags;
}

static inline bool irqs_disabled(void)
{
	return machine_irqs_off;
}

static inline bool in_hardirq(void)
{
	return machine_in_irq;
}

#endif
