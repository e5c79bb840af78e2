/* SPDX-License-Identifier: MIT */
/*
 * An interrupt is requested and taken to be had.
 *
 * gcc: ignoring return value of 'request_irq'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/interrupt.h>

#ifdef TWIN
void start(unsigned int irq, irq_handler_t handler)
{
	if (request_irq(irq, handler, 0, "start", NULL))
		return;
	free_irq(irq, NULL);
}
#else
void start(unsigned int irq, irq_handler_t handler)
{
	request_irq(irq, handler, 0, "start", NULL);
}
#endif
