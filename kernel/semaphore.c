/* SPDX-License-Identifier: MIT */
/*
 * Counting semaphores: up() gives what it brings to the first waiter, and counts it
 * only when there is none.
 *
 * Locking: everything under the semaphore's lock, with interrupts off.
 */
#include <kernel/semaphore.h>

#include <kernel/sched.h>
#include <lib/errno.h>

#include "sched_priv.h"

static __always_inline int down_common(struct semaphore *sem, long timeout)
{
	unsigned long flags;
	int result = 0;

	might_sleep();
	raw_spin_lock_irqsave(&sem->lock, flags);
	if (sem->count > 0)
		sem->count--;
	else if (!waiter_sleep(&sem->wait_list, &sem->lock, timeout))
		result = -ETIME;
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	return result;
}

void down(struct semaphore *sem)
{
	down_common(sem, MAX_SCHEDULE_TIMEOUT);
}

int down_interruptible(struct semaphore *sem)
{
	down(sem);
	return 0;
}

int down_killable(struct semaphore *sem)
{
	down(sem);
	return 0;
}

int down_timeout(struct semaphore *sem, long timeout)
{
	return down_common(sem, timeout);
}

int down_trylock(struct semaphore *sem)
{
	guard(raw_spinlock_irqsave)(&sem->lock);
	if (sem->count == 0)
		return 1;
	sem->count--;
	return 0;
}

void up(struct semaphore *sem)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&sem->lock, flags);
	if (list_empty(&sem->wait_list))
		sem->count++;
	else
		waiter_grant(&sem->wait_list);
	raw_spin_unlock_irqrestore(&sem->lock, flags);
}
