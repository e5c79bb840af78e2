/* SPDX-License-Identifier: MIT */
/*
 * Robust mutexes. Each is, while it is held, on its owner's list of what to do at the end of the
 * task: that marks it and hands it on. A mutex that was handed to a task that is killed before it
 * runs was not used by it, and goes on as it was.
 *
 * Locking: everything under wait_lock, with interrupts off, from before the checker's record to
 * after it: an interrupt that ends the task finds both done or neither.
 */
#include <kernel/robust_mutex.h>

#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <lib/container_of.h>
#include <lib/errno.h>

#include "sched_priv.h"

const struct debug_obj_descr robust_mutex_debug_descr __debug_obj_descr = {
	.name = "robust_mutex",
	.live = "held",
	.offset = offsetof(struct robust_mutex, debug),
	.needs_no_init = true,
};

/* ---- what the owner's end does; interrupts are off ---- */

static void owner_ends(struct task_exit_hook *hook);

static void hook_add(struct robust_mutex *lock)
{
	lock->hook.fn = owner_ends;
	lock->hook.next = current->exit_hooks;
	current->exit_hooks = &lock->hook;
	debug_object_activate(&lock->debug, &robust_mutex_debug_descr);
}

/* Nearly always the first. */
static void hook_del(struct robust_mutex *lock)
{
	struct task_exit_hook **at = &current->exit_hooks;

	while (*at != &lock->hook)
		at = &(*at)->next;
	*at = lock->hook.next;
	debug_object_deactivate(&lock->debug, &robust_mutex_debug_descr);
}

static void hand_on_locked(struct robust_mutex *lock)
	__must_hold(&lock->wait_lock)
{
	struct task_struct *next = first_waiter(&lock->waiters);

	lock->owner = next;
	if (next)
		waiter_grant(next);
}

/* Each finds that it is not the owner. */
static void give_up_locked(struct robust_mutex *lock)
	__must_hold(&lock->wait_lock)
{
	struct task_struct *next;

	lock->owner = NULL;
	lock->state = ROBUST_NOT_RECOVERABLE;
	while ((next = first_waiter(&lock->waiters)) != NULL)
		waiter_grant(next);
}

static void owner_ends(struct task_exit_hook *hook)
{
	struct robust_mutex *lock = container_of(hook, struct robust_mutex, hook);

	guard(raw_spinlock_irqsave)(&lock->wait_lock);
	hook_del(lock);
	(void)lock_release(lock);
	lock->state = ROBUST_INCONSISTENT;
	hand_on_locked(lock);
}

static void give_back(void *data)
{
	struct robust_mutex *lock = data;

	guard(raw_spinlock_irqsave)(&lock->wait_lock);
	hand_on_locked(lock);
}

/* ---- the calls ---- */

/* Returns 0 if the caller is the owner then. */
static int become_owner_locked(struct robust_mutex *lock, bool wait)
	__must_hold(&lock->wait_lock, role_spinning, role_irqs_off)
{
	if (lock->state == ROBUST_NOT_RECOVERABLE)
		return -ENOTRECOVERABLE;
	if (!lock->owner) {
		lock->owner = current;
		return 0;
	}
	if (!wait)
		return -EBUSY;
	if (lock->owner == current)
		return -EDEADLK;
	waiter_may_be_given(give_back, lock);
	waiter_sleep(&lock->waiters, &lock->wait_lock, TASK_WAITS);
	waiter_may_be_given(NULL, NULL);
	return lock->owner == current ? 0 : -ENOTRECOVERABLE;
}

/* What the caller, who is the owner, is told. */
static int own_locked(struct robust_mutex *lock)
	__must_hold(&lock->wait_lock)
{
	hook_add(lock);
	lock_acquired(lock);
	return lock->state == ROBUST_INCONSISTENT ? -EOWNERDEAD : 0;
}

static int lock_slowly(struct robust_mutex *lock)
{
	int err;

	guard(raw_spinlock_irqsave)(&lock->wait_lock);
	err = become_owner_locked(lock, true);
	if (!err)
		return own_locked(lock);
	(void)lock_release(lock);
	return err;
}

int robust_mutex_lock(struct robust_mutex *lock)
	__no_context_analysis
{
	might_sleep();
	if (unlikely(!lock_acquire(lock, 0, LOCK_EXCLUSIVE, _RET_IP_))) {
		(void)lock_release(lock);
		return -EDEADLK;
	}
	return lock_slowly(lock);
}

int robust_mutex_trylock(struct robust_mutex *lock)
	__no_context_analysis
{
	int err;

	WARN_ON_ONCE(IS_ENABLED(CONFIG_DEBUG) && in_hardirq());
	guard(raw_spinlock_irqsave)(&lock->wait_lock);
	err = become_owner_locked(lock, false);
	if (err)
		return err;
	(void)lock_acquire(lock, 0, LOCK_TRY, _RET_IP_);
	return own_locked(lock);
}

int robust_mutex_make_consistent(struct robust_mutex *lock)
{
	guard(raw_spinlock_irqsave)(&lock->wait_lock);
	if (lock->owner != current || lock->state != ROBUST_INCONSISTENT)
		return -EINVAL;
	lock->state = ROBUST_CONSISTENT;
	return 0;
}

static void unlock_owned(struct robust_mutex *lock)
{
	guard(raw_spinlock)(&lock->wait_lock);
	if (WARN(lock->owner != current, "%s/%d unlocks a robust mutex that it does not hold",
		 current->comm, current->pid))
		return;
	hook_del(lock);
	if (lock->state == ROBUST_INCONSISTENT)
		give_up_locked(lock);
	else
		hand_on_locked(lock);
}

void robust_mutex_unlock(struct robust_mutex *lock)
	__no_context_analysis
{
	assert_object(lock);
	guard(irqsave)();
	if (likely(lock_release(lock)))
		unlock_owned(lock);
}

int robust_mutex_lock_repair(struct robust_mutex *lock, int (*repair)(void *data), void *data)
	__no_context_analysis
{
	int err = robust_mutex_lock(lock);

	if (err != -EOWNERDEAD)
		return err;
	if (repair(data) == 0)
		return robust_mutex_make_consistent(lock);
	robust_mutex_unlock(lock);
	return -ENOTRECOVERABLE;
}
