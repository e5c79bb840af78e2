/* SPDX-License-Identifier: MIT */
/*
 * Condition variables: a wait queue of exclusive entries. The waiter is in the queue, and its
 * state says that it sleeps, before it gives the mutex back, so no notification can miss it.
 *
 * Locking: the queue's lock; the caller's mutex.
 */
#include <kernel/condvar.h>

#include <kernel/bug.h>
#include <kernel/sched.h>
#include <lib/errno.h>

#include "sched_priv.h"

/* A notified task that is killed before it runs passes on what it may have been told. */
static void notify_next(void *cv)
{
	condvar_notify_one(cv);
}

/* Returns what is left of the time, or -EPERM. */
static long wait_unlocked(struct condvar *cv, struct mutex *lock, unsigned int state, long timeout)
	__must_hold(lock)
{
	DEFINE_WAIT(wait);

	might_sleep();
	if (WARN(!mutex_is_held(lock), "%s/%d waits for a condition without the mutex",
		 current->comm, current->pid))
		return -EPERM;
	waiter_may_be_given(notify_next, cv);
	prepare_to_wait_exclusive(&cv->waiters, &wait, state);
	mutex_unlock(lock);
	timeout = schedule_timeout(timeout);
	finish_wait(&cv->waiters, &wait);
	waiter_may_be_given(NULL, NULL);
	mutex_lock(lock);
	return timeout;
}

void condvar_wait(struct condvar *cv, struct mutex *lock)
{
	wait_unlocked(cv, lock, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}

int condvar_wait_interruptible(struct condvar *cv, struct mutex *lock)
{
	long left = wait_unlocked(cv, lock, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);

	return left < 0 ? (int)left : 0;
}

long condvar_wait_timeout(struct condvar *cv, struct mutex *lock, long timeout)
{
	long left = wait_unlocked(cv, lock, TASK_UNINTERRUPTIBLE, timeout);

	return left < 0 ? 0 : left;
}
