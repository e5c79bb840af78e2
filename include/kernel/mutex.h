/* SPDX-License-Identifier: MIT */
/*
 * Mutexes: sleeping locks with an owner.
 *
 * Uncontended, lock and unlock are a word each. Contended, the lock is handed on in
 * the order of arrival: unlock makes the first waiter the owner, so nobody who comes
 * later can take it in between, and nobody starves.
 *
 *	guard(mutex)(&dev->lock);		until the end of the scope
 *
 * Misuse is reported and leaves the lock as it is: unlocking what one does not hold,
 * locking twice (which then waits for ever), and, with CONFIG_DEBUG, ending a task
 * that holds one.
 */
#ifndef KERNEL_MUTEX_H
#define KERNEL_MUTEX_H

#include <kernel/spinlock.h>
#include <lib/cleanup.h>
#include <lib/compiler.h>
#include <lib/list.h>
#include <lib/types.h>

/*
 * Lock: [l] wait_lock, [a] atomic. `owner` is the task that holds it, or 0; its
 * lowest bit is set iff `waiters` is not empty.
 */
struct mutex {
	unsigned long owner;		/* [a] */
	raw_spinlock_t wait_lock;
	struct list_head waiters;	/* [l] */
};

#define __MUTEX_INITIALIZER(name) {				\
	.wait_lock = __RAW_SPIN_LOCK_UNLOCKED,			\
	.waiters = LIST_HEAD_INIT((name).waiters),		\
}
#define DEFINE_MUTEX(name)	struct mutex name = __MUTEX_INITIALIZER(name)

/* An unlocked one. Context: any; nobody else uses it. */
static inline void mutex_init(struct mutex *lock)
{
	lock->owner = 0;
	raw_spin_lock_init(&lock->wait_lock);
	INIT_LIST_HEAD(&lock->waiters);
}

/* Ends the use of an unlocked mutex. With CONFIG_DEBUG a locked one is reported. Any context. */
void mutex_destroy(struct mutex *lock);

/* Context: task; may sleep. The same task unlocks. */
void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);

/* There are no signals, so these never end early. Context: task; may sleep. Return: 0. */
int __must_check mutex_lock_interruptible(struct mutex *lock);
int __must_check mutex_lock_killable(struct mutex *lock);

/*
 * Context: task. Not from an interrupt, which would own it in the name of the task
 * that it interrupted.
 * Return: 1 if it took the lock, 0 if somebody holds it.
 */
int __must_check mutex_trylock(struct mutex *lock);

/* A guess, but for the holder. Context: any. */
static inline bool mutex_is_locked(const struct mutex *lock)
{
	return READ_ONCE(lock->owner) != 0;
}

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))

#endif
