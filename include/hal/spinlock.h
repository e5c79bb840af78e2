/* SPDX-License-Identifier: MIT */
/*
 * The short ways of a spin lock's word (<kernel/spinlock.h>), which is 0 while nobody has or wants
 * the lock: six instructions to take it, three to give it back.
 *
 * Taking is not written in C: there a compiler cannot be told that what happens in the unusual
 * case keeps the caller's registers. Context: any, for all of this header.
 */
#ifndef HAL_SPINLOCK_H
#define HAL_SPINLOCK_H

#include <lib/compiler.h>
#include <lib/types.h>

#define HAL_SPIN_TAKEN		1u	/* what the lower half is while somebody has the lock */

/* Waits for the lock, and takes it. The kernel's. */
void spin_wait(u32 *word);

#ifdef __arm__

/* Takes the lock. hal_spin_wait, in spin.S, is spin_wait(ip) that changes no register but lr. */
static __always_inline void hal_spin_take(u32 *word)
{
	u32 seen;

	__asm__ volatile(
		"	ldrex	%0, [%1]\n"
		"	cbnz	%0, 1f\n"
		"	strex	%0, %2, [%1]\n"
		"	cbz	%0, 2f\n"
		"1:	mov	ip, %1\n"
		"	bl	hal_spin_wait\n"
		"2:	dmb	ish"
		: "=&l" (seen) : "r" (word), "r" (HAL_SPIN_TAKEN) : "ip", "lr", "cc", "memory");
}

/* A full barrier behind hal_spin_take(), which ends with one. */
#define hal_mb_after_spin_take()	__asm__ volatile("" ::: "memory")

/*
 * The same for a word of any use, for who has another way if it fails, which it may though the
 * word is `old`: no barrier, no wait.
 */
static __always_inline bool __must_check hal_try_exchange(unsigned long *word,
							  unsigned long old, unsigned long new)
{
	unsigned long failed;

	if (__builtin_constant_p(old) && old == 0)
		__asm__ volatile(
			"	ldrex	%0, [%1]\n"
			"	cbnz	%0, 1f\n"
			"	strex	%0, %2, [%1]\n"
			"1:"
			: "=&l" (failed) : "r" (word), "r" (new) : "memory");
	else
		__asm__ volatile(
			"	ldrex	%0, [%1]\n"
			"	subs	%0, %0, %2\n"
			"	bne	1f\n"
			"	strex	%0, %3, [%1]\n"
			"1:"
			: "=&r" (failed) : "r" (word), "r" (old), "r" (new) : "cc", "memory");
	return !failed;
}

#else	/* other machines only look at the C around it */

/* As above. */
static __always_inline void hal_spin_take(u32 *word)
{
	u32 free = 0;

	if (!__atomic_compare_exchange_n(word, &free, HAL_SPIN_TAKEN, false, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED))
		spin_wait(word);
}

#define hal_mb_after_spin_take()	__atomic_thread_fence(__ATOMIC_SEQ_CST)

static __always_inline bool __must_check hal_try_exchange(unsigned long *word,
							  unsigned long old, unsigned long new)
{
	return __atomic_compare_exchange_n(word, &old, new, true, __ATOMIC_RELAXED,
					   __ATOMIC_RELAXED);
}

#endif

#endif
