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

void down(struct semaphore *sem)
{
	unsigned long flags;

	might_sleep();
	raw_spin_lock_irqsave(&sem->lock, flags);
	if (sem->count > 0)
		sem->count--;
	else
		waiter_sleep(&sem->wait_list, &sem->lock, TASK_UNINTERRUPTIBLE);
	raw_spin_unlock_irqrestore(&sem->lock, flags);
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
	might_sleep();
	guard(raw_spinlock_irqsave)(&sem->lock);
	if (sem->count > 0)
		sem->count--;
	else if (!waiter_sleep_timeout(&sem->wait_list, &sem->lock, timeout))
		return -ETIME;
	return 0;
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
	struct list_head *first;
	unsigned long flags;

	raw_spin_lock_irqsave(&sem->lock, flags);
	first = sem->wait_list.next;
	if (first == &sem->wait_list)
		sem->count++;
	else
		waiter_grant(waiter_task(first));
	raw_spin_unlock_irqrestore(&sem->lock, flags);
}
