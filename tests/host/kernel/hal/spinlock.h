/* SPDX-License-Identifier: MIT */
/*
 * One thread: a lock that is taken will never be free.
 */
#ifndef HAL_SPINLOCK_H
#define HAL_SPINLOCK_H

#include <hal/barrier.h>
#include <lib/types.h>

#define HAL_SPIN_TAKEN	1u

void spin_wait(u32 *word);

static inline void hal_spin_take(u32 *word)
{
	if (*word)
		machine_stuck("waits for a spin lock that it holds itself");
	*word = HAL_SPIN_TAKEN;
}

static inline bool hal_try_exchange(unsigned long *word, unsigned long old, unsigned long new)
{
	if (*word != old)
		return false;
	*word = new;
	return true;
}

#define hal_mb_after_spin_take()	__atomic_thread_fence(__ATOMIC_SEQ_CST)

#endif
