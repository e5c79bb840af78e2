/* SPDX-License-Identifier: MIT */
/*
 * A task sleeps in the scope of guard(irqsave).
 *
 * clang-context: cannot call function 'msleep' while context_role 'role_irqs_off' is held
 */
#include <kernel/delay.h>
#include <kernel/spinlock.h>

#ifdef TWIN
void pause(void)
{
	scoped_guard(irqsave)
		udelay(1);
	msleep(1);
}
#else
void pause(void)
{
	guard(irqsave)();
	msleep(1);
}
#endif
