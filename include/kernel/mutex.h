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
 *
 * Locking: a mutex is outside of every spin lock. Its waiters are under its wait_lock, with
 * interrupts off, inside the functions.
 */
#ifndef KERNEL_MUTEX_H
#define KERNEL_MUTEX_H

#include <kernel/spinlock.h>
#include <lib/cleanup.h>
#include <lib/compiler.h>
#include <lib/list.h>
#include <lib/types.h>

struct task_struct;

/*
 * Lock: [l] wait_lock, [a] atomic. `owner` is the task that holds it, or 0; its
 * lowest bit is set iff `waiters` is not empty.
 */
context_lock_struct(mutex) {
	unsigned long owner;		/* [a] */
	raw_spinlock_t wait_lock;
	struct list_head waiters __guarded_by(&wait_lock);	/* [l] */
#ifdef CONFIG_LOCKDEP
	struct lockdep_map dep_map;
#endif
};

#define __MUTEX_INITIALIZER(name) {				\
	.wait_lock = __RAW_SPIN_LOCK_UNLOCKED(name.wait_lock),	\
	.waiters = LIST_HEAD_INIT((name).waiters),		\
	LOCKDEP_MAP_INIT(name, LOCK_KIND_MUTEX)			\
}
#define DEFINE_MUTEX(name)	struct mutex name = __MUTEX_INITIALIZER(name)

static inline void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	lock->owner = 0;
	raw_spin_lock_init(&lock->wait_lock);
	context_assume_held(&lock->wait_lock);	/* nobody else has it yet */
	INIT_LIST_HEAD(&lock->waiters);
	lockdep_init_map(&lock->dep_map, name, key, LOCK_KIND_MUTEX);
}

/* An unlocked one. Context: any; nobody else uses it. */
#define mutex_init(lock) do {							\
	static struct lock_class_key key__;					\
	__mutex_init(lock, #lock, &key__);					\
} while (0)

/*
 * Ends the use of an unlocked mutex. With CONFIG_DEBUG a locked one is reported, and
 * with CONFIG_LOCKDEP who uses it later. Any context.
 */
void mutex_destroy(struct mutex *lock);

/* Context: task; may sleep. The same task unlocks. */
void mutex_lock(struct mutex *lock) __acquires(lock) __may_sleep;
void mutex_unlock(struct mutex *lock) __releases(lock);

/*
 * A second mutex of the same class, in an order that something else fixes: the children's
 * after the parent's, say. `subclass` is below LOCKDEP_SUBCLASSES.
 * Context: as mutex_lock().
 */
#ifdef CONFIG_LOCKDEP
void mutex_lock_nested(struct mutex *lock, unsigned int subclass) __acquires(lock) __may_sleep;
#else
#define mutex_lock_nested(lock, subclass)	mutex_lock(lock)
#endif

/* There are no signals, so these never end early. Context: task; may sleep. Return: 0. */
int __must_check mutex_lock_interruptible(struct mutex *lock) __cond_acquires(0, lock) __may_sleep;
int __must_check mutex_lock_killable(struct mutex *lock) __cond_acquires(0, lock) __may_sleep;

/*
 * Context: task. Not from an interrupt, which would own it in the name of the task
 * that it interrupted.
 * Return: 1 if it took the lock, 0 if somebody holds it.
 */
int __must_check mutex_trylock(struct mutex *lock) __cond_acquires(1, lock);

/*
 * Takes the mutex from a task that has ended, and gives it to who waits for it. `ran`: it had
 * come back from mutex_lock(), and may have left half done what the mutex protects; who gets
 * that is told so. Context: any; for the lock checker.
 */
void mutex_abandon(struct mutex *lock, struct task_struct *holder, bool ran);

/* A guess, but for the holder. Context: any. */
static inline bool mutex_is_locked(const struct mutex *lock)
{
	return READ_ONCE(lock->owner) != 0;
}

/* Whether the running task holds it. Context: task. */
bool mutex_is_held(const struct mutex *lock);

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
GUARD_HOLDS(mutex)
DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T))
GUARD_COND_HOLDS(mutex_try)
DEFINE_GUARD_COND(mutex, _intr, mutex_lock_interruptible(_T) == 0)
GUARD_COND_HOLDS(mutex_intr)

#endif
