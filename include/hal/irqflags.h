/* SPDX-License-Identifier: MIT */
/*
 * The interrupt mask of this processor, and which mode it is in.
 *
 * Interrupt handlers run in the processor's own IRQ mode from entry to return,
 * so "in a hard interrupt" is not a counter but a fact of the status register.
 *
 * Context: any, for all of this header; the mask is the caller's to bring back.
 */
#ifndef HAL_IRQFLAGS_H
#define HAL_IRQFLAGS_H

#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/types.h>

#define PSR_MODE_MASK	0x1fUL
#define PSR_MODE_IRQ	0x12UL
#define PSR_MODE_SVC	0x13UL
#define PSR_MODE_ABT	0x17UL
#define PSR_MODE_HYP	0x1aUL
#define PSR_MODE_UND	0x1bUL
#define PSR_T		0x20UL
#define PSR_F		0x40UL
#define PSR_I		0x80UL
#define PSR_A		0x100UL

/* The status register, PSR_*. */
static inline unsigned long hal_read_cpsr(void)
{
	unsigned long cpsr;

	__asm__ volatile("mrs %0, cpsr" : "=r" (cpsr));
	return cpsr;
}

static inline void local_irq_disable(void)
	__acquires(role_irqs_off) __no_context_analysis
{
	__asm__ volatile("cpsid i" ::: "memory");
}

static inline void local_irq_enable(void)
	__releases(role_irqs_off) __no_context_analysis
{
	__asm__ volatile("cpsie i" ::: "memory");
}

/* Masks interrupts; returns what local_irq_restore() takes. */
static inline unsigned long arch_local_irq_save(void)
	__acquires(role_irqs_off)
{
	unsigned long flags = hal_read_cpsr();

	local_irq_disable();
	return flags;
}

/* `flags` from local_irq_save: the mask comes back as it was, nested or not. */
static inline void local_irq_restore(unsigned long flags)
	__releases(role_irqs_off) __no_context_analysis
{
	__asm__ volatile("msr cpsr_c, %0" :: "r" (flags) : "memory");
}

#define local_irq_save(flags) do { (flags) = arch_local_irq_save(); } while (0)

/* Whether interrupts were masked when `flags` were saved, or where a register frame has them so. */
static inline bool irqs_disabled_flags(unsigned long flags)
{
	return flags & PSR_I;
}

static inline bool irqs_disabled(void)
{
	return hal_read_cpsr() & PSR_I;
}

static inline bool in_hardirq(void)
{
	return (hal_read_cpsr() & PSR_MODE_MASK) == PSR_MODE_IRQ;
}

#endif
