/* SPDX-License-Identifier: MIT */
/*
 * No-wait locks: one byte that is taken or not, and never waited for. Usable anywhere, in an
 * interrupt too, since who holds one may be interrupted at any point.
 *
 * Who fails to take it leaves word, and the holder learns that when it unlocks: so work that the
 * other could not do is not lost, the holder does it.
 *
 *	set the event;
 *	if (!nowait_trylock(&l))
 *		return;					the holder looks
 *	do {
 *		look at the event and do what it asks for;
 *	} while (nowait_unlock(&l) && nowait_trylock(&l));
 *
 * nowait_unlock() that returns false: certainly nobody has tried. True: perhaps; it may have been
 * the holder's own attempt that came late, so a look too many, never one too few. What somebody
 * wrote before he failed is seen by the holder after nowait_unlock() has returned true.
 *
 * Not a lock to wait with in a loop: that is a spin lock. There is no order to be checked, since
 * nobody waits. With CONFIG_DEBUG unlocking by who does not hold it is reported.
 *
 * Context: any, for all of this header.
 */
#ifndef KERNEL_NOWAIT_LOCK_H
#define KERNEL_NOWAIT_LOCK_H

#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <lib/atomic.h>
#include <lib/bits.h>
#include <lib/cleanup.h>
#include <lib/compiler.h>
#include <lib/kconfig.h>
#include <lib/types.h>

#define NOWAIT_LOCKED		BIT(0)
#define NOWAIT_CONTENDED	BIT(1)

/* A lock that is all zero is free. */
context_lock_struct(nowait_lock) {
	u8 state;			/* [a] NOWAIT_* */
#ifdef CONFIG_DEBUG
	unsigned long owner;		/* [o] the holder: a task, or the interrupt of one */
#endif
};

#define NOWAIT_LOCK_INIT	{ }

/* A free one. Context: any; nobody else uses it. */
static inline void nowait_lock_init(struct nowait_lock *lock)
{
	*lock = (struct nowait_lock)NOWAIT_LOCK_INIT;
}

#ifdef CONFIG_DEBUG

static inline unsigned long nowait_self(void)
{
	return (unsigned long)hal_current() + in_hardirq();
}

static inline void nowait_set_owner(struct nowait_lock *lock, unsigned long owner)
{
	WRITE_ONCE(lock->owner, owner);
}

/* Returns whether the caller may unlock it. */
static inline bool nowait_check_owner(const struct nowait_lock *lock)
{
	return !WARN(!(READ_ONCE(lock->state) & NOWAIT_LOCKED) ||
		     READ_ONCE(lock->owner) != nowait_self(),
		     "a no-wait lock is unlocked by who does not hold it");
}

#else

static inline unsigned long nowait_self(void)
{
	return 0;
}

static inline void nowait_set_owner(struct nowait_lock *lock, unsigned long owner)
{
	(void)lock;
	(void)owner;
}

static inline bool nowait_check_owner(const struct nowait_lock *lock)
{
	(void)lock;
	return true;
}

#endif

/*
 * Context: any.
 * Return: whether it took the lock. Also of the second attempt, at a lock that has become free
 * since the first, what the last holder did is seen.
 */
static inline bool __must_check nowait_trylock(struct nowait_lock *lock)
	__cond_acquires(true, lock) __no_context_analysis
{
	if (cmpxchg_acquire(&lock->state, 0, NOWAIT_LOCKED) != 0 &&
	    (__atomic_fetch_or(&lock->state, NOWAIT_LOCKED | NOWAIT_CONTENDED, __ATOMIC_ACQ_REL) &
	     NOWAIT_LOCKED))
		return false;
	nowait_set_owner(lock, nowait_self());
	return true;
}

/*
 * Context: as that of nowait_trylock(): the same task or interrupt.
 * Return: whether somebody may have tried meanwhile.
 */
static inline bool __must_check nowait_unlock(struct nowait_lock *lock)
	__releases(lock) __no_context_analysis
{
	if (!nowait_check_owner(lock))
		return false;
	nowait_set_owner(lock, 0);
	return __atomic_exchange_n(&lock->state, 0, __ATOMIC_ACQ_REL) & NOWAIT_CONTENDED;
}

/* The same for who does not care whether somebody has tried. */
static inline void nowait_unlock_quietly(struct nowait_lock *lock)
	__releases(lock) __no_context_analysis
{
	(void)!nowait_unlock(lock);
}

/* A guess. Context: any. */
static inline bool nowait_is_locked(const struct nowait_lock *lock)
{
	return READ_ONCE(lock->state) & NOWAIT_LOCKED;
}

/* scoped_cond_guard(nowait_try, return, &l) { ... }: who tries meanwhile is not noticed. */
DEFINE_GUARD_COND_ALONE(nowait_try, struct nowait_lock *, nowait_trylock(_T),
			nowait_unlock_quietly(_T))
GUARD_COND_HOLDS(nowait_try)

#endif
