/* SPDX-License-Identifier: MIT */
/*
 * Revocable mutexes: a mutex, and a pointer that is NULL once the content was destroyed.
 *
 * Locking: the mutex.
 */
#include <kernel/revocable_lock.h>

#include <kernel/bug.h>
#include <kernel/sched.h>

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
	void *content;

	might_sleep();
	if (WARN(mutex_is_held(&r->mutex), "%s/%d revokes what it holds itself", current->comm,
		 current->pid))
		return false;
	guard(mutex)(&r->mutex);
	content = r->content;
	if (!content)
		return false;
	WRITE_ONCE(r->content, NULL);
	if (r->destroy)
		r->destroy(content);
	return true;
}
