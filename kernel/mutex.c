/* SPDX-License-Identifier: MIT */
/*
 * Mutexes. The owner's address is the lock; its lowest bit says that unlock has
 * somebody to hand it on to. Free, taken and free again without waiters is one
 * exchange of that word each.
 *
 * With one CPU the exchange is a load and a store: tasks do not preempt one another and
 * no interrupt handler takes a mutex.
 *
 * Locking: wait_lock for the waiters and for the lowest bit of `owner`.
 */
#include <kernel/mutex.h>

#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <lib/atomic.h>

#include "lock_priv.h"
#include "sched_priv.h"

#define MUTEX_HAS_WAITERS	1UL

static __always_inline bool owner_exchange_here(struct mutex *lock, unsigned long old,
						unsigned long new)
{
	if (READ_ONCE(lock->owner) != old)
		return false;
	WRITE_ONCE(lock->owner, new);
	return true;
}

/* The lock is taken, or marked: what its last owner did is seen. */
static __always_inline bool owner_exchange(struct mutex *lock, unsigned long old,
					   unsigned long new)
{
	if (IS_ENABLED(CONFIG_SMP))
		return cmpxchg_acquire(&lock->owner, old, new) == old;
	return owner_exchange_here(lock, old, new);
}

/* The lock is free: its next owner sees what this one did. */
static __always_inline bool owner_leave(struct mutex *lock, unsigned long old)
{
	if (IS_ENABLED(CONFIG_SMP))
		return cmpxchg_release(&lock->owner, old, 0) == old;
	return owner_exchange_here(lock, old, 0);
}

static struct task_struct *mutex_owner(const struct mutex *lock)
{
	/* SAFETY: the owner word is a task, but for this bit; who uses it keeps the task alive. */
	return (struct task_struct *)(READ_ONCE(lock->owner) & ~MUTEX_HAS_WAITERS);
}

/* Takes the lock, or leaves the mark that somebody waits. Returns whether it took it. */
static bool take_or_mark_locked(struct mutex *lock)
{
	for (;;) {
		unsigned long owner = READ_ONCE(lock->owner);

		if (owner & MUTEX_HAS_WAITERS)
			return false;
		if (!owner && owner_exchange(lock, 0, (unsigned long)current))
			return true;
		if (owner && owner_exchange(lock, owner, owner | MUTEX_HAS_WAITERS))
			return false;
	}
}

/* Makes the first waiter the owner. */
static void hand_on_locked(struct mutex *lock)
	__must_hold(&lock->wait_lock)
{
	struct task_struct *next = first_waiter(&lock->waiters);
	unsigned long more;

	if (unlikely(!next)) {	/* it was killed */
		smp_store_release(&lock->owner, 0);
		return;
	}
	more = list_is_singular(&lock->waiters) ? 0 : MUTEX_HAS_WAITERS;
	WRITE_ONCE(lock->owner, (unsigned long)next | more);
	waiter_grant(next);
}

/* Of one that was made the owner, and was killed before it ran. */
static void give_back(void *data)
{
	struct mutex *lock = data;

	guard(raw_spinlock_irqsave)(&lock->wait_lock);
	hand_on_locked(lock);
}

static noinline void mutex_lock_slow(struct mutex *lock)
{
	WARN(mutex_owner(lock) == current, "%s/%d locks a mutex that it holds",
	     current->comm, current->pid);
	guard(raw_spinlock_irqsave)(&lock->wait_lock);
	if (take_or_mark_locked(lock))
		return;
	waiter_may_be_given(give_back, lock);
	waiter_sleep(&lock->waiters, &lock->wait_lock, TASK_WAITS);
	waiter_may_be_given(NULL, NULL);
}

static noinline void mutex_unlock_slow(struct mutex *lock)
{
	if (WARN(mutex_owner(lock) != current, "%s/%d unlocks a mutex that it does not hold",
		 current->comm, current->pid))
		return;
	guard(raw_spinlock_irqsave)(&lock->wait_lock);
	hand_on_locked(lock);
}

/* Below, the word is the lock: how it is taken and given back is not for the analysis. */

static __always_inline void mutex_lock_common(struct mutex *lock, unsigned int subclass,
					      unsigned long ip)
	__acquires(lock) __no_context_analysis
{
	might_sleep();
	if (unlikely(!lock_acquire(lock, subclass, LOCK_EXCLUSIVE, ip)))
		return;
	if (unlikely(!owner_exchange(lock, 0, (unsigned long)current)))
		mutex_lock_slow(lock);
	lock_acquired(lock);
}

void mutex_lock(struct mutex *lock)
{
	mutex_lock_common(lock, 0, _RET_IP_);
}

void mutex_unlock(struct mutex *lock)
	__no_context_analysis
{
	unsigned long flags;

	assert_object(lock);
	flags = stay_alive();
	if (likely(lock_release(lock)) &&
	    unlikely(!owner_leave(lock, (unsigned long)current)))
		mutex_unlock_slow(lock);
	may_die(flags);
}

#ifdef CONFIG_LOCKDEP

void mutex_lock_nested(struct mutex *lock, unsigned int subclass)
{
	mutex_lock_common(lock, subclass, _RET_IP_);
}

void mutex_abandon(struct mutex *lock, struct task_struct *holder, bool ran)
{
	if (mutex_owner(lock) != holder)
		return;
	if (ran)
		lock->dep_map.abandoned = true;
	if (owner_leave(lock, (unsigned long)holder))
		return;
	guard(raw_spinlock_irqsave)(&lock->wait_lock);
	hand_on_locked(lock);
}

#endif

int mutex_lock_interruptible(struct mutex *lock)
	__no_context_analysis
{
	mutex_lock_common(lock, 0, _RET_IP_);
	return 0;
}

int mutex_lock_killable(struct mutex *lock)
	__no_context_analysis
{
	mutex_lock_common(lock, 0, _RET_IP_);
	return 0;
}

int mutex_trylock(struct mutex *lock)
{
	unsigned long flags;
	bool taken;

	assert_object(lock);
	WARN_ON_ONCE(IS_ENABLED(CONFIG_DEBUG) && in_hardirq());
	flags = stay_alive();
	taken = owner_exchange(lock, 0, (unsigned long)current);
	if (taken && likely(lock_acquire(lock, 0, LOCK_TRY, _RET_IP_)))
		lock_acquired(lock);
	may_die(flags);
	return taken;
}

bool mutex_is_held(const struct mutex *lock)
{
	return mutex_owner(lock) == current;
}

void mutex_destroy(struct mutex *lock)
{
	if (!WARN(IS_ENABLED(CONFIG_DEBUG) && mutex_is_locked(lock),
		  "a mutex is destroyed that %s holds", mutex_owner(lock)->comm))
		lock_destroy(lock);
}
