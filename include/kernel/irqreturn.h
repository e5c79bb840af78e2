/* SPDX-License-Identifier: MIT */
/*
 * What an interrupt handler answers: not my device, handled, or handled so far
 * and the thread shall do the rest.
 */
#ifndef KERNEL_IRQRETURN_H
#define KERNEL_IRQRETURN_H

enum irqreturn {
	IRQ_NONE = 0,
	IRQ_HANDLED = 1,
	IRQ_WAKE_THREAD = 2,
};

typedef enum irqreturn irqreturn_t;

#define IRQ_RETVAL(handled)	((handled) ? IRQ_HANDLED : IRQ_NONE)

#endif
