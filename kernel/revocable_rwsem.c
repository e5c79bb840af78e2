/* SPDX-License-Identifier: MIT */
/*
 * Revocable read-write semaphores: see revocable_mutex.c, with readers.
 *
 * Locking: the semaphore.
 */
#include <kernel/revocable_lock.h>

#include <kernel/bug.h>
#include <kernel/sched.h>

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
	void *content;

	might_sleep();
	if (WARN(is_inside(r), "%s/%d revokes what it holds itself", current->comm, current->pid))
		return false;
	guard(rwsem_write)(&r->sem);
	content = r->content;
	if (!content)
		return false;
	WRITE_ONCE(r->content, NULL);
	if (r->destroy)
		r->destroy(content);
	return true;
}
