/* SPDX-License-Identifier: MIT */
/*
 * Read-write semaphores. The count is the lock: whoever can add his share to it while nobody
 * waits is inside. Once somebody waits the lowest bit keeps all others out, and who leaves last
 * hands the lock on: to the first writer, or to all readers in front of the next one.
 *
 * With one CPU an exchange is a load and a store, as for mutexes.
 *
 * Locking: wait_lock for the waiters and for the lowest bit of `count`. While that is set the
 * other bits are changed by holders alone, and by who hands on once there are none.
 */
#include <kernel/rwsem.h>

#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <lib/atomic.h>

#include "lock_priv.h"
#include "sched_priv.h"

static __always_inline bool count_exchange(struct rw_semaphore *sem, unsigned long old,
					   unsigned long new)
{
	if (IS_ENABLED(CONFIG_SMP))
		return cmpxchg(&sem->count, old, new) == old;
	if (READ_ONCE(sem->count) != old)
		return false;
	WRITE_ONCE(sem->count, new);
	return true;
}

/* What keeps a newcomer out: readers only writers, and those who wait. */
static __always_inline unsigned long in_the_way(unsigned long count, unsigned long share)
{
	return share == RWSEM_READER ? count & (RWSEM_READER - 1) : count;
}

static __always_inline bool take(struct rw_semaphore *sem, unsigned long share)
{
	unsigned long count;

	do {
		count = READ_ONCE(sem->count);
		if (in_the_way(count, share))
			return false;
	} while (!count_exchange(sem, count, count + share));
	return true;
}

/* ---- handing on ---- */

/* How many may go in together; `more`: whether others are left. */
static unsigned long count_grants(struct rw_semaphore *sem, bool writer_may, bool *more)
	__must_hold(&sem->wait_lock)
{
	struct task_struct *p;
	unsigned long readers = 0;

	*more = false;
	list_for_each_entry(p, &sem->waiters, wait_link) {
		if (!p->waits_shared) {
			bool goes_in = writer_may && !readers;

			*more = !goes_in || !list_is_singular(&sem->waiters);
			return goes_in ? 1 : readers;
		}
		readers++;
	}
	return readers;
}

/*
 * `inside` are those who have the lock and keep it: none, or one reader that was the writer. The
 * count is right before the first of the others runs.
 */
static void hand_on_locked(struct rw_semaphore *sem, unsigned long inside)
	__must_hold(&sem->wait_lock)
{
	const struct task_struct *first = first_waiter(&sem->waiters);
	unsigned long share = first && !first->waits_shared ? RWSEM_WRITER : RWSEM_READER;
	bool more;
	unsigned long grants = count_grants(sem, !inside, &more);

	WRITE_ONCE(sem->count, (inside + grants * share) | (more ? RWSEM_HAS_WAITERS : 0));
	while (grants--)
		waiter_grant(first_waiter(&sem->waiters));
}

static noinline void hand_on(struct rw_semaphore *sem, unsigned long inside)
{
	guard(raw_spinlock_irqsave)(&sem->wait_lock);
	hand_on_locked(sem, inside);
}

static __always_inline void leave(struct rw_semaphore *sem, unsigned long share)
{
	unsigned long count;

	do {
		count = READ_ONCE(sem->count);
	} while (unlikely(!count_exchange(sem, count, count - share)));
	if (unlikely(count == share + RWSEM_HAS_WAITERS))
		hand_on(sem, 0);
}

/* ---- waiting ---- */

/* Takes the lock, or leaves the mark that somebody waits. Returns whether it took it. */
static bool take_or_mark_locked(struct rw_semaphore *sem, unsigned long share)
{
	for (;;) {
		unsigned long count = READ_ONCE(sem->count);

		if (count & RWSEM_HAS_WAITERS)
			return false;
		if (!in_the_way(count, share)) {
			if (count_exchange(sem, count, count + share))
				return true;
		} else if (count_exchange(sem, count, count | RWSEM_HAS_WAITERS)) {
			return false;
		}
	}
}

static void give_back_read(void *sem)
{
	leave(sem, RWSEM_READER);
}

static void give_back_write(void *sem)
{
	leave(sem, RWSEM_WRITER);
}

static noinline void wait_for_share(struct rw_semaphore *sem, unsigned long share)
{
	guard(raw_spinlock_irqsave)(&sem->wait_lock);
	if (take_or_mark_locked(sem, share))
		return;
	current->waits_shared = share == RWSEM_READER;
	waiter_may_be_given(share == RWSEM_READER ? give_back_read : give_back_write, sem);
	waiter_sleep(&sem->waiters, &sem->wait_lock, TASK_WAITS);
	waiter_may_be_given(NULL, NULL);
}

/* ---- the calls. The word is the lock: how it is taken is not for the analysis. ---- */

static __always_inline void down_common(struct rw_semaphore *sem, unsigned int subclass,
					unsigned long share, unsigned long ip)
{
	unsigned long flags;

	might_sleep();
	if (unlikely(!lock_acquire(sem, subclass,
				   share == RWSEM_READER ? LOCK_SHARED : LOCK_EXCLUSIVE, ip)))
		return;
	flags = stay_alive();
	if (unlikely(!take(sem, share)))
		wait_for_share(sem, share);
	lock_acquired(sem);
	may_die(flags);
}

static __always_inline int trylock_common(struct rw_semaphore *sem, unsigned long share,
					  unsigned long ip)
{
	unsigned long flags;
	bool taken;

	assert_object(sem);
	WARN_ON_ONCE(IS_ENABLED(CONFIG_DEBUG) && in_hardirq());
	flags = stay_alive();
	taken = take(sem, share);
	if (taken && lock_acquire(sem, 0, share == RWSEM_READER ? LOCK_TRY_SHARED : LOCK_TRY, ip))
		lock_acquired(sem);
	may_die(flags);
	return taken;
}

void down_read(struct rw_semaphore *sem)
	__no_context_analysis
{
	down_common(sem, 0, RWSEM_READER, _RET_IP_);
}

void down_write(struct rw_semaphore *sem)
	__no_context_analysis
{
	down_common(sem, 0, RWSEM_WRITER, _RET_IP_);
}

#ifdef CONFIG_LOCKDEP

void down_read_nested(struct rw_semaphore *sem, unsigned int subclass)
	__no_context_analysis
{
	down_common(sem, subclass, RWSEM_READER, _RET_IP_);
}

void down_write_nested(struct rw_semaphore *sem, unsigned int subclass)
	__no_context_analysis
{
	down_common(sem, subclass, RWSEM_WRITER, _RET_IP_);
}

void rwsem_abandon(struct rw_semaphore *sem, bool writer)
{
	if (writer)
		sem->dep_map.abandoned = true;
	leave(sem, writer ? RWSEM_WRITER : RWSEM_READER);
}

#endif

int down_read_trylock(struct rw_semaphore *sem)
	__no_context_analysis
{
	return trylock_common(sem, RWSEM_READER, _RET_IP_);
}

int down_write_trylock(struct rw_semaphore *sem)
	__no_context_analysis
{
	return trylock_common(sem, RWSEM_WRITER, _RET_IP_);
}

/* What the count says; who it is that gives it back, the checker knows. */
static __always_inline bool is_had(const struct rw_semaphore *sem, unsigned long share)
{
	unsigned long count = READ_ONCE(sem->count);

	return share == RWSEM_READER ? count >= RWSEM_READER : count & RWSEM_WRITER;
}

static __always_inline void up_common(struct rw_semaphore *sem, unsigned long share)
{
	unsigned long flags;

	assert_object(sem);
	flags = stay_alive();
	if (likely(lock_release(sem)) &&
	    !WARN(IS_ENABLED(CONFIG_DEBUG) && !is_had(sem, share),
		  "%s/%d gives back a semaphore as a %s, of which there is none", current->comm,
		  current->pid, share == RWSEM_READER ? "reader" : "writer"))
		leave(sem, share);
	may_die(flags);
}

void up_read(struct rw_semaphore *sem)
	__no_context_analysis
{
	up_common(sem, RWSEM_READER);
}

void up_write(struct rw_semaphore *sem)
	__no_context_analysis
{
	up_common(sem, RWSEM_WRITER);
}

void downgrade_write(struct rw_semaphore *sem)
	__no_context_analysis
{
	unsigned long flags;

	if (WARN(IS_ENABLED(CONFIG_DEBUG) && !is_had(sem, RWSEM_WRITER),
		 "%s/%d downgrades a semaphore that no writer has", current->comm, current->pid))
		return;
	flags = stay_alive();
	if (lock_downgrade(sem) && !count_exchange(sem, RWSEM_WRITER, RWSEM_READER))
		hand_on(sem, RWSEM_READER);
	may_die(flags);
}
