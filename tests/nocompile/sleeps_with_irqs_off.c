/* SPDX-License-Identifier: MIT */
/*
 * A task sleeps with interrupts off.
 *
 * clang-context: cannot call function 'msleep' while context_role 'role_irqs_off' is held
 */
#include <hal/irqflags.h>
#include <kernel/delay.h>

#ifdef TWIN
void pause(void)
{
	unsigned long flags;

	local_irq_save(flags);
	udelay(1);
	local_irq_restore(flags);
	msleep(1);
}
#else
void pause(void)
{
	unsigned long flags;

	local_irq_save(flags);
	msleep(1);
	local_irq_restore(flags);
}
#endif
