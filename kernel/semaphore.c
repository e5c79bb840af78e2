/* SPDX-License-Identifier: MIT */
/*
 * Counting semaphores: up() gives what it brings to the first waiter, and counts it
 * only when there is none.
 *
 * Locking: everything under the semaphore's lock, with interrupts off. It is given back before a
 * waiter is woken, who may free the semaphore.
 */
#include <kernel/semaphore.h>

#include <kernel/debugobjects.h>
#include <kernel/sched.h>
#include <lib/errno.h>
#include <lib/kconfig.h>

#include "sched_priv.h"

static bool is_waited_for(const void *sem)
{
	return debug_list_is_used(&context_unsafe(((const struct semaphore *)sem)->wait_list));
}

const struct debug_obj_descr semaphore_debug_descr __debug_obj_descr = {
	.name = "semaphore",
	.live = "waited for",
	.offset = offsetof(struct semaphore, debug),
	.is_live = is_waited_for,
	.needs_no_init = true,
};

/* The caller is going to wait. */
static __always_inline void mark_waited_for_locked(struct semaphore *sem)
	__must_hold(&sem->lock)
{
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) && list_empty(&sem->wait_list))
		debug_object_activate(&sem->debug, &semaphore_debug_descr);
}

static void give_back(void *sem)
{
	up(sem);
}

/* Apart, so that who need not wait saves no registers for it. */
static noinline void wait_for_up(struct semaphore *sem, unsigned long flags)
	__no_context_analysis
{
	mark_waited_for_locked(sem);
	waiter_may_be_given(give_back, sem);
	waiter_sleep_and_leave(&sem->wait_list, &sem->lock);
	waiter_may_be_given(NULL, NULL);
	local_irq_restore(flags);
}

void down(struct semaphore *sem)
	__no_context_analysis
{
	unsigned long flags;

	might_sleep();
	raw_spin_lock_irqsave(&sem->lock, flags);
	if (likely(sem->count > 0)) {
		sem->count--;
		raw_spin_unlock_irqrestore(&sem->lock, flags);
	} else {
		wait_for_up(sem, flags);
	}
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

static bool take_locked(struct semaphore *sem)
	__must_hold(&sem->lock)
{
	if (sem->count == 0)
		return false;
	sem->count--;
	return true;
}

int down_timeout(struct semaphore *sem, long timeout)
{
	long left;

	might_sleep();
	guard(raw_spinlock_irqsave)(&sem->lock);
	if (take_locked(sem))
		return 0;
	mark_waited_for_locked(sem);
	waiter_may_be_given(give_back, sem);
	left = waiter_sleep_timeout(&sem->wait_list, &sem->lock, timeout);
	waiter_may_be_given(NULL, NULL);
	/* If its time was up, something may have come until it ran. */
	return left || take_locked(sem) ? 0 : -ETIME;
}

int down_trylock(struct semaphore *sem)
{
	guard(raw_spinlock_irqsave)(&sem->lock);
	return !take_locked(sem);
}

/* Whether there is room for one more, which is not asked for in what is shipped. */
static __always_inline bool may_count_locked(const struct semaphore *sem)
	__must_hold(&sem->lock)
{
	return !WARN(IS_ENABLED(CONFIG_DEBUG) && sem->count >= INT32_MAX,
		     "up() of a semaphore that has %u", sem->count);
}

void up(struct semaphore *sem)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&sem->lock, flags);
	if (sem->wait_list.next != &sem->wait_list && !waiters_are_anothers(&sem->wait_list)) {
		waiter_grant_first_and_unlock(&sem->wait_list, &sem->lock);
		local_irq_restore(flags);
		return;
	}
	sem->count += may_count_locked(sem);
	raw_spin_unlock_irqrestore(&sem->lock, flags);
}
