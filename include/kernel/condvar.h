/* SPDX-License-Identifier: MIT */
/*
 * Condition variables: with a mutex held, wait until what it guards has changed.
 *
 *	guard(mutex)(&q->lock);			guard(mutex)(&q->lock);
 *	while (q->count == 0)			q->count++;
 *		condvar_wait(&q->more, &q->lock);	condvar_notify_one(&q->more);
 *
 * condvar_wait() gives the mutex back and sleeps in one step: who changes the condition with the
 * mutex held and notifies, before or after it unlocks, reaches each task that has found the
 * condition false. A notification that finds nobody is lost: the condition is what is remembered.
 *
 * A wait may also end without a notification, with that of somebody else, or since the task is
 * to stop (kthread_stop() wakes it): the condition is looked at again, in a loop.
 */
#ifndef KERNEL_CONDVAR_H
#define KERNEL_CONDVAR_H

#include <kernel/mutex.h>
#include <kernel/wait.h>
#include <lib/compiler.h>

struct condvar {
	struct wait_queue_head waiters;
};

#define __CONDVAR_INITIALIZER(name) { .waiters = __WAIT_QUEUE_HEAD_INITIALIZER(name.waiters) }
#define DEFINE_CONDVAR(name)	struct condvar name = __CONDVAR_INITIALIZER(name)

/* Nobody waits, which is checked: see init_waitqueue_head(). Context: any. */
#define condvar_init(cv)	init_waitqueue_head(&(cv)->waiters)

/*
 * The mutex is the caller's before and after. One that the caller does not hold is reported, and
 * then there is no wait.
 * Context: task; may sleep.
 */
void condvar_wait(struct condvar *cv, struct mutex *lock) __must_hold(lock) __may_sleep;

/* There are no signals: as condvar_wait(). Return: 0; -EPERM if the mutex is not held. */
int __must_check condvar_wait_interruptible(struct condvar *cv, struct mutex *lock)
	__must_hold(lock) __may_sleep;

/*
 * The same for at most `timeout` jiffies, and for how long it takes to get the mutex.
 * Return: the jiffies that were left, 0 if the time was up; 0 too if the mutex is not held.
 */
long __must_check condvar_wait_timeout(struct condvar *cv, struct mutex *lock, long timeout)
	__must_hold(lock) __may_sleep;

/* The one that has waited longest; all that wait. With the mutex or without. Context: any. */
static inline void condvar_notify_one(struct condvar *cv)
{
	wake_up(&cv->waiters);
}

static inline void condvar_notify_all(struct condvar *cv)
{
	wake_up_all(&cv->waiters);
}

#endif
