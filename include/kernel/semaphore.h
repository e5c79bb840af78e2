/* SPDX-License-Identifier: MIT */
/*
 * Counting semaphores. down() takes one, waiting first come, first served while
 * there is none; up() gives one and may be called from anywhere, an interrupt
 * handler included.
 *
 * One given while somebody waits goes to the first of them: who comes later cannot
 * take it on the way.
 *
 * Locking: [l] its lock, with interrupts off, inside the functions.
 */
#ifndef KERNEL_SEMAPHORE_H
#define KERNEL_SEMAPHORE_H

#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/spinlock.h>
#include <lib/compiler.h>
#include <lib/list.h>
#include <lib/types.h>

/* `wait_list` is empty unless count is 0. */
struct semaphore {
	raw_spinlock_t lock;
	unsigned int count __guarded_by(&lock);	/* [l] */
	struct list_head wait_list __guarded_by(&lock);	/* [l] */
	struct debug_obj debug;		/* [l] live: waited for */
};

extern const struct debug_obj_descr semaphore_debug_descr;

#define __SEMAPHORE_INITIALIZER(name, n) {			\
	.lock = __RAW_SPIN_LOCK_UNLOCKED(name.lock),		\
	.count = (n),						\
	.wait_list = LIST_HEAD_INIT((name).wait_list),		\
}
#define DEFINE_SEMAPHORE(name) \
	struct semaphore name = __SEMAPHORE_INITIALIZER(name, 1)

static inline void __sema_init(struct semaphore *sem, int count, const char *name,
			       struct lock_class_key *key)
{
	if (!debug_object_init(&sem->debug, &semaphore_debug_descr))
		return;
	__raw_spin_lock_init(&sem->lock, name, key);
	context_assume_held(&sem->lock);	/* nobody else has it yet */
	if (WARN(IS_ENABLED(CONFIG_DEBUG) && count < 0, "sema_init() of %d", count))
		count = 0;
	sem->count = (unsigned int)count;
	INIT_LIST_HEAD(&sem->wait_list);
}

/*
 * Makes it one of `count`. Nobody else uses it: one that is waited for is reported, with
 * CONFIG_DEBUG_OBJECTS, and left as it is. Less than 0 is reported, with CONFIG_DEBUG, and is 0.
 * Context: any.
 */
#define sema_init(sem, count) do {						\
	static struct lock_class_key key__;					\
	__sema_init(sem, count, #sem, &key__);					\
} while (0)

/* Context: task; may sleep. */
void down(struct semaphore *sem) __may_sleep;

/* There are no signals, so these never end early. Context: task; may sleep. Return: 0. */
int __must_check down_interruptible(struct semaphore *sem) __may_sleep;
int __must_check down_killable(struct semaphore *sem) __may_sleep;

/*
 * Context: any.
 * Return: 0 if it took one, 1 if there was none. (The reverse of mutex_trylock(),
 * as in Linux.)
 */
int __must_check down_trylock(struct semaphore *sem);

/*
 * Context: task; may sleep.
 * Return: 0, or -ETIME when none came within `timeout` jiffies: of 0 and less it does not wait,
 * MAX_SCHEDULE_TIMEOUT is for ever.
 */
int __must_check down_timeout(struct semaphore *sem, long timeout) __may_sleep;

/* One more than INT_MAX of them is reported, with CONFIG_DEBUG, and dropped. Context: any. */
void up(struct semaphore *sem);

#endif
