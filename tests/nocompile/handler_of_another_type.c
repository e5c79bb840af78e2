/* SPDX-License-Identifier: MIT */
/*
 * An interrupt handler returns nothing.
 *
 * gcc: incompatible pointer type
 * clang: incompatible function pointer types
 * clang-context: incompatible function pointer types
 */
#include <kernel/interrupt.h>

#ifdef TWIN
static irqreturn_t handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	return IRQ_HANDLED;
}

int start(unsigned int irq)
{
	return request_irq(irq, handler, 0, "start", NULL);
}
#else
static void handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
}

int start(unsigned int irq)
{
	return request_irq(irq, handler, 0, "start", NULL);
}
#endif
