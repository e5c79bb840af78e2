/* SPDX-License-Identifier: MIT */
/*
 * Revocable locks: a mutex or a read-write semaphore, and a pointer that is NULL once the content
 * was destroyed.
 *
 * Locking: the mutex, or the semaphore.
 */
#include <kernel/revocable_lock.h>

#include <kernel/bug.h>
#include <kernel/sched.h>

/* Of a lock that is held for writing. Return: whether there was a content. */
static bool destroy(void **where, void (*destructor)(void *content))
{
	void *content = *where;

	if (!content)
		return false;
	WRITE_ONCE(*where, NULL);
	if (destructor)
		destructor(content);
	return true;
}

/* ---- mutexes ---- */

/* Of one that is held: gives it back if there is nothing inside. */
static void *content_or_unlock(struct revocable_mutex *r)
	__no_context_analysis
{
	void *content = r->content;

	if (unlikely(!content))
		mutex_unlock(&r->mutex);
	return content;
}

void *revocable_mutex_lock(struct revocable_mutex *r)
	__no_context_analysis
{
	mutex_lock(&r->mutex);
	return content_or_unlock(r);
}

void *revocable_mutex_trylock(struct revocable_mutex *r)
	__no_context_analysis
{
	return mutex_trylock(&r->mutex) ? content_or_unlock(r) : NULL;
}

void revocable_mutex_unlock(struct revocable_mutex *r)
	__no_context_analysis
{
	mutex_unlock(&r->mutex);
}

bool revocable_mutex_revoke(struct revocable_mutex *r)
{
	might_sleep();
	if (WARN(mutex_is_held(&r->mutex), "%s/%d revokes what it holds itself", current->comm,
		 current->pid))
		return false;
	guard(mutex)(&r->mutex);
	return destroy(&r->content, r->destroy);
}

/* ---- read-write semaphores ---- */

const void *revocable_rwsem_read_lock(struct revocable_rwsem *r)
	__no_context_analysis
{
	const void *content;

	down_read(&r->sem);
	content = r->content;
	if (unlikely(!content))
		up_read(&r->sem);
	return content;
}

void revocable_rwsem_read_unlock(struct revocable_rwsem *r)
	__no_context_analysis
{
	up_read(&r->sem);
}

void *revocable_rwsem_write_lock(struct revocable_rwsem *r)
	__no_context_analysis
{
	void *content;

	down_write(&r->sem);
	content = r->content;
	if (unlikely(!content))
		up_write(&r->sem);
	return content;
}

void revocable_rwsem_write_unlock(struct revocable_rwsem *r)
	__no_context_analysis
{
	up_write(&r->sem);
}

/* Whether the caller is inside, as far as anybody knows. */
static bool is_inside(const struct revocable_rwsem *r)
{
#ifdef CONFIG_LOCKDEP
	return lock_is_held(&r->sem);
#else
	(void)r;
	return false;
#endif
}

bool revocable_rwsem_revoke(struct revocable_rwsem *r)
{
	might_sleep();
	if (WARN(is_inside(r), "%s/%d revokes what it holds itself", current->comm, current->pid))
		return false;
	guard(rwsem_write)(&r->sem);
	return destroy(&r->content, r->destroy);
}
