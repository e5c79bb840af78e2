/* SPDX-License-Identifier: MIT */
/*
 * The type of a flow handler: what happens to a line of interrupts, in which
 * order, from its arrival to the return of the last action.
 */
#ifndef KERNEL_IRQHANDLER_H
#define KERNEL_IRQHANDLER_H

struct irq_data;
struct irq_desc;

/* Called in hard irq, with the descriptor unlocked. */
typedef void (*irq_flow_handler_t)(struct irq_desc *desc);

#endif
