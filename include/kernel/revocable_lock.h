/* SPDX-License-Identifier: MIT */
/*
 * Locks whose content can be taken away: what a device's removal makes useless is destroyed once,
 * while nobody is inside, and who comes later gets NULL.
 *
 *	regs = revocable_mutex_lock(&dev->regs);
 *	if (!regs)
 *		return -ENXIO;
 *	...
 *	revocable_mutex_unlock(&dev->regs);
 *
 * or in a scope:
 *
 *	scoped_cond_guard(revocable_mutex, return -ENXIO, &dev->regs) {
 *		struct regs *regs = revocable_mutex_content(&dev->regs);
 *		...
 *	}
 *
 *	revocable_mutex_revoke(&dev->regs);		in remove()
 *
 * A holder may sleep; revoke waits for it. When revoke returns nobody is inside and the content
 * is destroyed, also for who has lost the race to revoke and gets false. The destructor runs in
 * its caller's task with the lock held, so it does not take it. Content that is never revoked is
 * its owner's to destroy. Revoking does not stop hardware: silence it first.
 *
 * Revoking from within one's own lock would wait for ever: it is reported and does nothing. (From
 * within a revocable_rwsem, read or written, with CONFIG_LOCKDEP alone: who is inside is not known
 * otherwise, and it waits.)
 *
 * A revoked lock is unlocked when it gives NULL: there is nothing to be given back.
 *
 * Locking: [m] the mutex, or [s] the semaphore, over each look at the content and over its
 * destructor: what that takes is inside.
 *
 * Context: task, for all of this header, if not said otherwise; lock and revoke may sleep.
 */
#ifndef KERNEL_REVOCABLE_LOCK_H
#define KERNEL_REVOCABLE_LOCK_H

#include <kernel/mutex.h>
#include <kernel/rwsem.h>
#include <lib/cleanup.h>
#include <lib/compiler.h>

/* ---- for one at a time ---- */

context_lock_struct(revocable_mutex) {
	struct mutex mutex;
	void *content __guarded_by(&mutex);	/* [m] NULL: revoked */
	void (*destroy)(void *content);		/* [I] may be NULL */
};

static inline void __revocable_mutex_init(struct revocable_mutex *r, void *content,
					  void (*destroy)(void *content), const char *name,
					  struct lock_class_key *key)
{
	__mutex_init(&r->mutex, name, key);
	context_assume_held(&r->mutex);	/* nobody else has it yet */
	r->content = content;
	r->destroy = destroy;
}

/* `content` is not NULL. Context: any; nobody else uses it. */
#define revocable_mutex_init(r, content, destroy) do {				\
	static struct lock_class_key key__;					\
	__revocable_mutex_init(r, content, destroy, #r, &key__);		\
} while (0)

/*
 * Context: task; may sleep.
 * Return: the content, and the lock is the caller's; NULL if it was revoked, and the lock is not.
 */
void *__must_check revocable_mutex_lock(struct revocable_mutex *r)
	__cond_acquires(true, r) __may_sleep;

/* The same; NULL too if somebody else is inside. Context: task. */
void *__must_check revocable_mutex_trylock(struct revocable_mutex *r) __cond_acquires(true, r);

void revocable_mutex_unlock(struct revocable_mutex *r) __releases(r);

/* For who is inside, which is checked with CONFIG_LOCKDEP. */
static inline void *revocable_mutex_content(struct revocable_mutex *r)
	__must_hold(r) __no_context_analysis
{
	lockdep_assert(mutex_is_held(&r->mutex), "content of a revocable mutex from outside");
	return r->content;
}

/*
 * Context: task; may sleep.
 * Return: true for who destroyed the content; false if it had been revoked, or for a caller that
 * is inside, which is reported.
 */
bool revocable_mutex_revoke(struct revocable_mutex *r) __must_not_hold(r) __may_sleep;

/* Whether a lock would give NULL. If true it stays so. Context: any. */
static inline bool revocable_mutex_is_revoked(const struct revocable_mutex *r)
{
	return !READ_ONCE(context_unsafe(r->content));
}

DEFINE_GUARD_COND_ALONE(revocable_mutex, struct revocable_mutex *, revocable_mutex_lock(_T),
			revocable_mutex_unlock(_T))
GUARD_COND_HOLDS(revocable_mutex)

/* ---- for readers together, or one writer; the same otherwise ---- */

context_lock_struct(revocable_rwsem) {
	struct rw_semaphore sem;
	void *content __guarded_by(&sem);	/* [s] NULL: revoked */
	void (*destroy)(void *content);		/* [I] may be NULL */
};

static inline void __revocable_rwsem_init(struct revocable_rwsem *r, void *content,
					  void (*destroy)(void *content), const char *name,
					  struct lock_class_key *key)
{
	__init_rwsem(&r->sem, name, key);
	context_assume_held(&r->sem);	/* nobody else has it yet */
	r->content = content;
	r->destroy = destroy;
}

#define revocable_rwsem_init(r, content, destroy) do {				\
	static struct lock_class_key key__;					\
	__revocable_rwsem_init(r, content, destroy, #r, &key__);		\
} while (0)

/* A reader does not change the content. */
const void *__must_check revocable_rwsem_read_lock(struct revocable_rwsem *r)
	__cond_acquires_shared(true, r) __may_sleep;
void revocable_rwsem_read_unlock(struct revocable_rwsem *r) __releases_shared(r);
void *__must_check revocable_rwsem_write_lock(struct revocable_rwsem *r)
	__cond_acquires(true, r) __may_sleep;
void revocable_rwsem_write_unlock(struct revocable_rwsem *r) __releases(r);

static inline const void *revocable_rwsem_read_content(const struct revocable_rwsem *r)
	__must_hold_shared(r) __no_context_analysis
{
	lockdep_assert_held(&r->sem);
	return r->content;
}

static inline void *revocable_rwsem_write_content(struct revocable_rwsem *r)
	__must_hold(r) __no_context_analysis
{
	lockdep_assert_held_write(&r->sem);
	return r->content;
}

bool revocable_rwsem_revoke(struct revocable_rwsem *r) __must_not_hold(r) __may_sleep;

static inline bool revocable_rwsem_is_revoked(const struct revocable_rwsem *r)
{
	return !READ_ONCE(context_unsafe(r->content));
}

DEFINE_GUARD_COND_ALONE(revocable_rwsem_read, struct revocable_rwsem *,
			revocable_rwsem_read_lock(_T), revocable_rwsem_read_unlock(_T))
GUARD_COND_HOLDS_SHARED(revocable_rwsem_read)
DEFINE_GUARD_COND_ALONE(revocable_rwsem_write, struct revocable_rwsem *,
			revocable_rwsem_write_lock(_T), revocable_rwsem_write_unlock(_T))
GUARD_COND_HOLDS(revocable_rwsem_write)

#endif
