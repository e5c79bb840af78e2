/* SPDX-License-Identifier: MIT */
/*
 * Spin locks: for the few instructions that another processor or an interrupt
 * must not see half done. The holder never sleeps.
 *
 * A fair lock: who cannot have it at once draws a ticket and waits for its turn. With one
 * processor configured a lock is no code and no data; the irqsave form masks
 * interrupts, which is what protects against them in any build. The plain form
 * is for locks that no interrupt handler takes, or where they are masked already.
 *
 * Locking: inside every sleeping lock, never around one. A lock that an interrupt handler takes is
 * taken with interrupts off by all.
 * Context: any; from lock to unlock the caller does not sleep.
 */
#ifndef KERNEL_SPINLOCK_H
#define KERNEL_SPINLOCK_H

#include <hal/barrier.h>
#include <hal/irqflags.h>
#include <hal/spinlock.h>
#include <kernel/bug.h>
#include <kernel/lockdep.h>
#include <lib/atomic.h>
#include <lib/bits.h>
#include <lib/cleanup.h>
#include <lib/kconfig.h>

/* Who locks, unlocks; trylock returns whether it took the lock. */

#ifdef CONFIG_SMP

/*
 * The lock as such. Only the lock checker, and what it is made of, uses it bare.
 *
 *	bits 0..15	whether somebody has it; given back by a store of this half
 *	bits 16..23	the ticket of the waiter whose turn is next
 *	bits 24..31	the ticket that the next waiter draws; the same iff nobody waits
 *
 * With nobody who waits the tickets are 0, so that the whole word is 0 iff who comes may have the
 * lock at once: a taker does not overtake those who wait.
 */
typedef union arch_spinlock {
	u32 word;
	u16 held;
} arch_spinlock_t;

#define SPIN_HELD	((u32)GENMASK(15, 0))
#define SPIN_TURN	((u32)GENMASK(23, 16))
#define SPIN_NEXT	((u32)GENMASK(31, 24))
#define SPIN_TICKETS	256	/* a CPU waits for one lock in each of its modes */

static __always_inline void arch_spin_lock(arch_spinlock_t *lock)
{
	hal_spin_take(&lock->word);
}

static __always_inline void arch_spin_unlock(arch_spinlock_t *lock)
{
	smp_store_release(&lock->held, 0);
}

/* The caller has just had a full barrier. */
static __always_inline void arch_spin_unlock_after_mb(arch_spinlock_t *lock)
{
	WRITE_ONCE(lock->held, 0);
}

/* Right behind a lock that was taken: smp_mb(), where taking it is less than that. */
#define smp_mb__after_spinlock()	hal_mb_after_spin_take()

static __always_inline bool __must_check arch_spin_trylock(arch_spinlock_t *lock)
{
	return cmpxchg_acquire(&lock->word, 0, HAL_SPIN_TAKEN) == 0;
}

#else

typedef struct arch_spinlock {
} arch_spinlock_t;

static inline void arch_spin_lock(arch_spinlock_t *lock)
{
	(void)lock;
	barrier();
}

static inline void arch_spin_unlock(arch_spinlock_t *lock)
{
	(void)lock;
	barrier();
}

static inline void arch_spin_unlock_after_mb(arch_spinlock_t *lock)
{
	arch_spin_unlock(lock);
}

#define smp_mb__after_spinlock()	barrier()

static inline bool __must_check arch_spin_trylock(arch_spinlock_t *lock)
{
	arch_spin_lock(lock);
	return true;
}

#endif

context_lock_struct(raw_spinlock) {
	arch_spinlock_t raw_lock;
#ifdef CONFIG_LOCKDEP
	struct lockdep_map dep_map;
#endif
};
typedef struct raw_spinlock raw_spinlock_t;

#define __RAW_SPIN_LOCK_UNLOCKED(name)	{ LOCKDEP_MAP_INIT(name, LOCK_KIND_SPIN) }
#define DEFINE_RAW_SPINLOCK(name)	raw_spinlock_t name = __RAW_SPIN_LOCK_UNLOCKED(name)

static inline void __raw_spin_lock_init(raw_spinlock_t *lock, const char *name,
					struct lock_class_key *key)
{
	lock->raw_lock = (arch_spinlock_t){ };
	lockdep_init_map(&lock->dep_map, name, key, LOCK_KIND_SPIN);
}

#define raw_spin_lock_init(lock) do {						\
	static struct lock_class_key key__;					\
	__raw_spin_lock_init(lock, #lock, &key__);				\
} while (0)

static __always_inline void raw_spin_lock_nested(raw_spinlock_t *lock, unsigned int subclass)
	__acquires(lock, role_spinning) __no_context_analysis
{
	sched_point();
	if (likely(lock_acquire(lock, subclass, LOCK_EXCLUSIVE, 0))) {
		arch_spin_lock(&lock->raw_lock);
		lock_acquired(lock);
	}
}

static __always_inline void raw_spin_lock(raw_spinlock_t *lock)
	__acquires(lock, role_spinning)
{
	raw_spin_lock_nested(lock, 0);
}

static __always_inline void raw_spin_unlock(raw_spinlock_t *lock)
	__releases(lock, role_spinning) __no_context_analysis
{
	lockdep_pin();
	if (lock_release(lock))
		arch_spin_unlock(&lock->raw_lock);
	lockdep_unpin();
	sched_point();
}

/* The same right behind a full barrier of the caller's, with nothing but reads in between. */
static __always_inline void raw_spin_unlock_after_mb(raw_spinlock_t *lock)
	__releases(lock, role_spinning) __no_context_analysis
{
	lockdep_pin();
	if (lock_release(lock))
		arch_spin_unlock_after_mb(&lock->raw_lock);
	lockdep_unpin();
	sched_point();
}

static __always_inline bool __must_check raw_spin_trylock(raw_spinlock_t *lock)
	__cond_acquires(true, lock, role_spinning) __no_context_analysis
{
	bool taken;

	sched_point();
	lockdep_pin();
	taken = arch_spin_trylock(&lock->raw_lock);
	if (taken && likely(lock_acquire(lock, 0, LOCK_TRY, 0)))
		lock_acquired(lock);
	lockdep_unpin();
	return taken;
}

/*
 * What interrupts were before is returned, as `flags`, for unlock; the _irq forms take them
 * to be on. Of two locks the one that was taken last brings its flags back first.
 */

static __always_inline unsigned long raw_spin_lock_irqsave_flags(raw_spinlock_t *lock)
	__acquires(lock, role_spinning, role_irqs_off)
{
	unsigned long flags;

	assert_object(lock);
	flags = arch_local_irq_save();
	raw_spin_lock(lock);
	return flags;
}

#define raw_spin_lock_irqsave(lock, flags) \
	do { (flags) = raw_spin_lock_irqsave_flags(lock); } while (0)

static __always_inline void raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags)
	__releases(lock, role_spinning, role_irqs_off)
{
	lock_irqs_still_off(lock);
	raw_spin_unlock(lock);
	local_irq_restore(flags);
}

static __always_inline void raw_spin_lock_irq(raw_spinlock_t *lock)
	__acquires(lock, role_spinning, role_irqs_off)
{
	assert_object(lock);
	local_irq_disable();
	raw_spin_lock(lock);
}

static __always_inline void raw_spin_unlock_irq(raw_spinlock_t *lock)
	__releases(lock, role_spinning, role_irqs_off)
{
	lock_irqs_still_off(lock);
	raw_spin_unlock(lock);
	local_irq_enable();
}

/* Return: whether it took the lock; if not, interrupts are as they were. */

static __always_inline bool __must_check
raw_spin_trylock_irqsave_flags(raw_spinlock_t *lock, unsigned long *flags)
	__cond_acquires(true, lock, role_spinning, role_irqs_off) __no_context_analysis
{
	*flags = arch_local_irq_save();
	if (raw_spin_trylock(lock))
		return true;
	local_irq_restore(*flags);
	return false;
}

#define raw_spin_trylock_irqsave(lock, flags)	raw_spin_trylock_irqsave_flags(lock, &(flags))

static __always_inline bool __must_check raw_spin_trylock_irq(raw_spinlock_t *lock)
	__cond_acquires(true, lock, role_spinning, role_irqs_off) __no_context_analysis
{
	local_irq_disable();
	if (raw_spin_trylock(lock))
		return true;
	local_irq_enable();
	return false;
}

/* The same lock: nothing here turns a spin lock into a sleeping one. */
typedef raw_spinlock_t spinlock_t;

#define __SPIN_LOCK_UNLOCKED(name)		__RAW_SPIN_LOCK_UNLOCKED(name)
#define DEFINE_SPINLOCK(name)			DEFINE_RAW_SPINLOCK(name)
#define spin_lock_init(lock)			raw_spin_lock_init(lock)
#define spin_lock(lock)				raw_spin_lock(lock)
#define spin_lock_nested(lock, subclass)	raw_spin_lock_nested(lock, subclass)
#define spin_unlock(lock)			raw_spin_unlock(lock)
#define spin_trylock(lock)			raw_spin_trylock(lock)
#define spin_lock_irqsave(lock, flags)		raw_spin_lock_irqsave(lock, flags)
#define spin_unlock_irqrestore(lock, flags)	raw_spin_unlock_irqrestore(lock, flags)
#define spin_lock_irq(lock)			raw_spin_lock_irq(lock)
#define spin_unlock_irq(lock)			raw_spin_unlock_irq(lock)
#define spin_trylock_irqsave(lock, flags)	raw_spin_trylock_irqsave(lock, flags)
#define spin_trylock_irq(lock)			raw_spin_trylock_irq(lock)

/* Interrupts off: guard(irqsave)() in any context, guard(irq)() where they are on. */
DEFINE_LOCK_GUARD_0(irq, local_irq_disable(), local_irq_enable(), int nothing)
GUARD_ROLE(irq, role_irqs_off)
DEFINE_LOCK_GUARD_0(irqsave, local_irq_save(_T->flags), local_irq_restore(_T->flags),
		    unsigned long flags)
GUARD_ROLE(irqsave, role_irqs_off)

/*
 * Of spin locks: guard(spinlock), where interrupts do not matter; guard(spinlock_irq), where
 * they are on; guard(spinlock_irqsave), anywhere. Each with _try is for scoped_cond_guard().
 */
#define SPINLOCK_GUARDS(name)							\
	DEFINE_GUARD(name, raw_spinlock_t *, raw_spin_lock(_T), raw_spin_unlock(_T)) \
	GUARD_HOLDS(name)							\
	GUARD_ROLE(name, role_spinning)						\
	DEFINE_GUARD_COND(name, _try, raw_spin_trylock(_T))			\
	GUARD_COND_HOLDS(name##_try)						\
	GUARD_COND_ROLE(name##_try, role_spinning)				\
	DEFINE_GUARD(name##_irq, raw_spinlock_t *, raw_spin_lock_irq(_T), raw_spin_unlock_irq(_T)) \
	GUARD_HOLDS(name##_irq)							\
	GUARD_ROLE(name##_irq, role_spinning)					\
	GUARD_ROLE(name##_irq, role_irqs_off)					\
	DEFINE_GUARD_COND(name##_irq, _try, raw_spin_trylock_irq(_T))		\
	GUARD_COND_HOLDS(name##_irq_try)					\
	GUARD_COND_ROLE(name##_irq_try, role_spinning)				\
	GUARD_COND_ROLE(name##_irq_try, role_irqs_off)				\
	DEFINE_LOCK_GUARD_1(name##_irqsave, raw_spinlock_t,			\
			    raw_spin_lock_irqsave(_T->lock, _T->flags),		\
			    raw_spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags) \
	GUARD_HOLDS(name##_irqsave)						\
	GUARD_ROLE(name##_irqsave, role_spinning)				\
	GUARD_ROLE(name##_irqsave, role_irqs_off)				\
	DEFINE_LOCK_GUARD_1_COND(name##_irqsave, _try,				\
				 raw_spin_trylock_irqsave(_T->lock, _T->flags))	\
	GUARD_COND_HOLDS(name##_irqsave_try)					\
	GUARD_COND_ROLE(name##_irqsave_try, role_spinning)			\
	GUARD_COND_ROLE(name##_irqsave_try, role_irqs_off)

SPINLOCK_GUARDS(spinlock)
SPINLOCK_GUARDS(raw_spinlock)

#endif
