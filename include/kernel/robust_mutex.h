/* SPDX-License-Identifier: MIT */
/*
 * Robust mutexes: when the holder ends without unlocking, the next one is told, as with POSIX's.
 *
 *	err = robust_mutex_lock(&d->lock);
 *	if (err == -EOWNERDEAD) {		it is ours, what it guards may be half changed
 *		put_in_order(d);
 *		err = robust_mutex_make_consistent(&d->lock);
 *	}
 *	if (err)
 *		return err;
 *
 *	consistent --the holder ends--> inconsistent: the next lock returns -EOWNERDEAD
 *	    ^                              |      |
 *	    +------ make_consistent -------+      +-- unlock --> not recoverable, for ever
 *
 * A holder may end by returning or by kthread_exit(), in any build, or be killed. For the plain
 * mutex that is a mistake, which a debug build reports; here it is what the lock is for, and no
 * report. The lock is handed on in the order of arrival.
 *
 * The compiler's analysis cannot follow a lock that is had with two results: the form above says
 * context_assume_held() after -EOWNERDEAD, robust_mutex_lock_repair() needs no such thing.
 *
 * Locking: as a mutex, it is outside of every spin lock. [l] wait_lock, with interrupts off, inside
 * the functions; [o] the holder.
 */
#ifndef KERNEL_ROBUST_MUTEX_H
#define KERNEL_ROBUST_MUTEX_H

#include <kernel/debugobjects.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/cleanup.h>
#include <lib/compiler.h>
#include <lib/list.h>
#include <lib/types.h>

enum robust_state {
	ROBUST_CONSISTENT,
	ROBUST_INCONSISTENT,		/* a holder has ended; the one now has been told */
	ROBUST_NOT_RECOVERABLE,		/* and then nobody waits and nobody holds it */
};

/* `waiters` is empty unless there is an owner. */
context_lock_struct(robust_mutex) {
	raw_spinlock_t wait_lock;
	struct task_struct *owner __guarded_by(&wait_lock);	/* [l] */
	struct list_head waiters __guarded_by(&wait_lock);	/* [l] */
	enum robust_state state __guarded_by(&wait_lock);	/* [l] */
	struct task_exit_hook hook;				/* [o] */
	struct debug_obj debug;					/* [l] live: held */
#ifdef CONFIG_LOCKDEP
	struct lockdep_map dep_map;
#endif
};

extern const struct debug_obj_descr robust_mutex_debug_descr;

#define __ROBUST_MUTEX_INITIALIZER(name) {			\
	.wait_lock = __RAW_SPIN_LOCK_UNLOCKED(name.wait_lock),	\
	.waiters = LIST_HEAD_INIT((name).waiters),		\
	LOCKDEP_MAP_INIT(name, LOCK_KIND_ROBUST)		\
}
#define DEFINE_ROBUST_MUTEX(name) \
	struct robust_mutex name = __ROBUST_MUTEX_INITIALIZER(name)

static inline void __robust_mutex_init(struct robust_mutex *lock, const char *name,
				       struct lock_class_key *key)
{
	if (!debug_object_init(&lock->debug, &robust_mutex_debug_descr))
		return;
	raw_spin_lock_init(&lock->wait_lock);
	context_assume_held(&lock->wait_lock);	/* nobody else has it yet */
	lock->owner = NULL;
	INIT_LIST_HEAD(&lock->waiters);
	lock->state = ROBUST_CONSISTENT;
	lockdep_init_map(&lock->dep_map, name, key, LOCK_KIND_ROBUST);
}

/*
 * A free and consistent one. One that is held is reported, with CONFIG_DEBUG_OBJECTS, and left as
 * it is, as is memory that is freed with one in it. Context: any; nobody else uses it.
 */
#define robust_mutex_init(lock) do {						\
	static struct lock_class_key key__;					\
	__robust_mutex_init(lock, #lock, &key__);				\
} while (0)

/*
 * Context: task; may sleep. The same task unlocks.
 * Return: 0; -EOWNERDEAD: the caller holds it, and the one before has ended holding it. Not had:
 * -ENOTRECOVERABLE: nor will it be had again; -EDEADLK: by the caller already (with
 * CONFIG_LOCKDEP reported).
 */
int __must_check robust_mutex_lock(struct robust_mutex *lock) __cond_acquires(0, lock) __may_sleep;

/* The same without a wait: -EBUSY if somebody holds it. Context: task. */
int __must_check robust_mutex_trylock(struct robust_mutex *lock) __cond_acquires(0, lock);

/*
 * As robust_mutex_lock(), and after -EOWNERDEAD calls repair(data) with the mutex held: with 0
 * the mutex is consistent again; with anything else it is not recoverable from here on.
 * Context: task; may sleep, as may repair().
 * Return: 0, -ENOTRECOVERABLE or -EDEADLK.
 */
int __must_check robust_mutex_lock_repair(struct robust_mutex *lock, int (*repair)(void *data),
					  void *data) __cond_acquires(0, lock) __may_sleep;

/*
 * What the mutex guards is in order again.
 * Context: the holder, to whom -EOWNERDEAD was said.
 * Return: 0; -EINVAL if the caller does not hold it, or it was consistent.
 */
int __must_check robust_mutex_make_consistent(struct robust_mutex *lock) __must_hold(lock);

/* One that is inconsistent still is not recoverable then. Context: the holder. */
void robust_mutex_unlock(struct robust_mutex *lock) __releases(lock);

/* A guess, but for the holder. Context: any. */
static inline bool robust_mutex_is_locked(const struct robust_mutex *lock)
{
	return READ_ONCE(context_unsafe(lock->owner));
}

#endif
