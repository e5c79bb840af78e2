/* SPDX-License-Identifier: MIT */
/*
 * Read-write semaphores: sleeping locks that many readers hold at a time, or one writer.
 *
 * First come, first served: who asks while somebody waits, waits too. So a writer waits for the
 * readers that were inside when it came and for nobody else, and readers for the writers before
 * them; neither starves. When a writer leaves, all readers up to the next writer go in together.
 *
 *	guard(rwsem_read)(&dev->map_lock);		with other readers
 *	guard(rwsem_write)(&dev->map_lock);		alone
 *
 * From that it follows that a reader may not take the lock a second time: a writer may have
 * come in between, for which it would wait, and which waits for it. Nor may a reader become the
 * writer. With CONFIG_LOCKDEP both are reported, whether or not it happens this time, and left
 * out; so are giving back what one does not hold and ending with it held: what a dead writer
 * had is granted to the next, with a report that it was abandoned.
 *
 * Uncontended, each call is one exchange of a word; with one CPU a load and a store.
 *
 * Locking: as a mutex, it is outside of every spin lock. [l] wait_lock, with interrupts off, inside
 * the functions; [a] atomic.
 */
#ifndef KERNEL_RWSEM_H
#define KERNEL_RWSEM_H

#include <kernel/spinlock.h>
#include <lib/cleanup.h>
#include <lib/compiler.h>
#include <lib/list.h>
#include <lib/types.h>

/*
 * `count` is RWSEM_READER for each reader, or RWSEM_WRITER, and
 * RWSEM_HAS_WAITERS iff `waiters` is not empty, or is about to be handed the lock.
 */
context_lock_struct(rw_semaphore) {
	unsigned long count;		/* [a] */
	raw_spinlock_t wait_lock;
	struct list_head waiters __guarded_by(&wait_lock);	/* [l] */
#ifdef CONFIG_LOCKDEP
	struct lockdep_map dep_map;
#endif
};

#define RWSEM_HAS_WAITERS	1UL
#define RWSEM_WRITER		2UL
#define RWSEM_READER		4UL

#define __RWSEM_INITIALIZER(name) {				\
	.wait_lock = __RAW_SPIN_LOCK_UNLOCKED(name.wait_lock),	\
	.waiters = LIST_HEAD_INIT((name).waiters),		\
	LOCKDEP_MAP_INIT(name, LOCK_KIND_RWSEM)			\
}
#define DECLARE_RWSEM(name)	struct rw_semaphore name = __RWSEM_INITIALIZER(name)

static inline void __init_rwsem(struct rw_semaphore *sem, const char *name,
				struct lock_class_key *key)
{
	sem->count = 0;
	raw_spin_lock_init(&sem->wait_lock);
	context_assume_held(&sem->wait_lock);	/* nobody else has it yet */
	INIT_LIST_HEAD(&sem->waiters);
	lockdep_init_map(&sem->dep_map, name, key, LOCK_KIND_RWSEM);
}

/* A free one. Context: any; nobody else uses it. */
#define init_rwsem(sem) do {							\
	static struct lock_class_key key__;					\
	__init_rwsem(sem, #sem, &key__);					\
} while (0)

/* Context: task; may sleep. The same task gives it back. */
void down_read(struct rw_semaphore *sem) __acquires_shared(sem) __may_sleep;
void up_read(struct rw_semaphore *sem) __releases_shared(sem);
void down_write(struct rw_semaphore *sem) __acquires(sem) __may_sleep;
void up_write(struct rw_semaphore *sem) __releases(sem);

/* There are no signals, so it never ends early. Context: task; may sleep. Return: 0. */
static inline int __must_check down_read_interruptible(struct rw_semaphore *sem)
	__cond_acquires_shared(0, sem) __may_sleep __no_context_analysis
{
	down_read(sem);
	return 0;
}

/* The same for a writer. Context: task; may sleep. Return: 0. */
static inline int __must_check down_write_interruptible(struct rw_semaphore *sem)
	__cond_acquires(0, sem) __may_sleep __no_context_analysis
{
	down_write(sem);
	return 0;
}

/* Nor would a fatal one end it. Context: task; may sleep. Return: 0. */
#define down_read_killable(sem)		down_read_interruptible(sem)
#define down_write_killable(sem)	down_write_interruptible(sem)

/*
 * Context: task, as mutex_trylock(). A reader may try a second time.
 * Return: 1 if it took the lock, 0 if it would have to wait.
 */
int __must_check down_read_trylock(struct rw_semaphore *sem) __cond_acquires_shared(1, sem);
int __must_check down_write_trylock(struct rw_semaphore *sem) __cond_acquires(1, sem);

/*
 * The writer becomes a reader, without letting another writer in between; readers that wait
 * in front of the first writer join it. It is given back by up_read().
 * Context: task.
 */
void downgrade_write(struct rw_semaphore *sem) __releases(sem) __acquires_shared(sem);

/* A second one of the same class: see mutex_lock_nested(). */
#ifdef CONFIG_LOCKDEP
void down_read_nested(struct rw_semaphore *sem, unsigned int subclass)
	__acquires_shared(sem) __may_sleep;
void down_write_nested(struct rw_semaphore *sem, unsigned int subclass)
	__acquires(sem) __may_sleep;
#else
#define down_read_nested(sem, subclass)		down_read(sem)
#define down_write_nested(sem, subclass)	down_write(sem)
#endif

/* Guesses, but for a holder. Context: any. */
static inline bool rwsem_is_locked(const struct rw_semaphore *sem)
{
	return READ_ONCE(sem->count) != 0;
}

static inline bool rwsem_is_contended(const struct rw_semaphore *sem)
{
	return READ_ONCE(sem->count) & RWSEM_HAS_WAITERS;
}

/*
 * Gives back what a task that has ended held, and marks it if that was the writer.
 * Context: any; for the lock checker.
 */
void rwsem_abandon(struct rw_semaphore *sem, bool writer);

DEFINE_GUARD(rwsem_read, struct rw_semaphore *, down_read(_T), up_read(_T))
GUARD_HOLDS_SHARED(rwsem_read)
DEFINE_GUARD_COND(rwsem_read, _try, down_read_trylock(_T))
GUARD_COND_HOLDS_SHARED(rwsem_read_try)
DEFINE_GUARD_COND(rwsem_read, _intr, down_read_interruptible(_T) == 0)
GUARD_COND_HOLDS_SHARED(rwsem_read_intr)
DEFINE_GUARD(rwsem_write, struct rw_semaphore *, down_write(_T), up_write(_T))
GUARD_HOLDS(rwsem_write)
DEFINE_GUARD_COND(rwsem_write, _try, down_write_trylock(_T))
GUARD_COND_HOLDS(rwsem_write_try)

#endif
