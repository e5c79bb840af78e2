/* SPDX-License-Identifier: MIT */
/*
 * What the sleeping locks share. An interrupt may end the task that it is on top of: between what
 * is done to a lock and what the checker knows of it, that would leave a lock behind that nobody
 * gives back; so there are none. Without the checker nobody knows what a task holds.
 */
#ifndef LOCK_PRIV_H
#define LOCK_PRIV_H

#include <hal/irqflags.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>

static __always_inline unsigned long stay_alive(void)
	__no_context_analysis
{
	return IS_ENABLED(CONFIG_LOCKDEP) ? arch_local_irq_save() : 0;
}

static __always_inline void may_die(unsigned long flags)
	__no_context_analysis
{
	if (IS_ENABLED(CONFIG_LOCKDEP))
		local_irq_restore(flags);
}

#endif
