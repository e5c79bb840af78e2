/* SPDX-License-Identifier: MIT */
/*
 * A controller's number of an interrupt is kept in what is too narrow for it.
 *
 * gcc: conversion from 'irq_hw_number_t'.*may change value
 * clang: implicit conversion loses integer precision: 'irq_hw_number_t'
 * clang-context: implicit conversion loses integer precision: 'irq_hw_number_t'
 */
#include <kernel/irq.h>
#include <kernel/irqdomain.h>

struct line {
	irq_hw_number_t hwirq;
	u16 line;
};

#ifdef TWIN
void note_line(struct line *l, const struct irq_data *d)
{
	l->hwirq = irqd_to_hwirq(d);
}
#else
void note_line(struct line *l, const struct irq_data *d)
{
	l->line = irqd_to_hwirq(d);
}
#endif
