/* SPDX-License-Identifier: MIT */
/*
 * Completions: wait until something has happened once.
 *
 * A count of things done and a queue of those who wait for one, first come, first
 * served. complete() that comes before the wait is remembered.
 *
 *	struct completion done;
 *
 *	init_completion(&done);
 *	start(dev, &done);			the interrupt handler calls complete()
 *	if (!wait_for_completion_timeout(&done, msecs_to_jiffies(100)))
 *		return -ETIMEDOUT;
 *
 * Locking: [l] its lock, with interrupts off, inside the functions.
 */
#ifndef KERNEL_COMPLETION_H
#define KERNEL_COMPLETION_H

#include <kernel/debugobjects.h>
#include <kernel/spinlock.h>
#include <lib/compiler.h>
#include <lib/list.h>
#include <lib/types.h>

/* `waiters` is empty unless done is 0. */
struct completion {
	unsigned int done __guarded_by(&lock);	/* [l] UINT_MAX: for all, for ever */
	raw_spinlock_t lock;
	struct list_head waiters __guarded_by(&lock);	/* [l] */
	struct debug_obj debug;		/* [l] live: waited for */
};

extern const struct debug_obj_descr completion_debug_descr;

#define COMPLETION_INITIALIZER(name) \
	{ .lock = __RAW_SPIN_LOCK_UNLOCKED(name.lock), .waiters = LIST_HEAD_INIT((name).waiters) }
#define DECLARE_COMPLETION(name) \
	struct completion name = COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION_ONSTACK(name) \
	struct completion name = *({ init_completion(&name); &name; })

static inline void __init_completion(struct completion *x, const char *name,
				     struct lock_class_key *key)
{
	if (!debug_object_init(&x->debug, &completion_debug_descr))
		return;
	context_assume_held(&x->lock);	/* nobody else has it yet */
	x->done = 0;
	__raw_spin_lock_init(&x->lock, name, key);
	INIT_LIST_HEAD(&x->waiters);
}

/*
 * Nothing has happened yet. Nobody else uses it: one that is waited for is reported, with
 * CONFIG_DEBUG_OBJECTS, and left as it is. Context: any.
 */
#define init_completion(x) do {							\
	static struct lock_class_key key__;					\
	__init_completion(x, #x, &key__);					\
} while (0)

/* Makes it as if nothing had happened. Nobody waits on it. Context: any. */
static inline void reinit_completion(struct completion *x)
{
	context_assume_held(&x->lock);
	x->done = 0;
}

/*
 * One waiter, or the next one to come, goes on. The waiter may free `x` as soon as
 * it runs.
 * Context: any.
 */
void complete(struct completion *x);

/* All waiters, and all to come until reinit_completion(). Context: any. */
void complete_all(struct completion *x);

/* Context: task; may sleep. */
void wait_for_completion(struct completion *x) __may_sleep;

/*
 * Of 0 jiffies it looks and does not wait; what is MAX_SCHEDULE_TIMEOUT or more is for ever.
 * Context: task; may sleep.
 * Return: 0 if the time (in jiffies) was up, else what was left of it, at least 1.
 */
unsigned long __must_check wait_for_completion_timeout(struct completion *x,
							unsigned long timeout) __may_sleep;

/* There are no signals, so these never end early. Return: 0; the timeout's as above. */
int __must_check wait_for_completion_interruptible(struct completion *x) __may_sleep;
int __must_check wait_for_completion_killable(struct completion *x) __may_sleep;
long __must_check wait_for_completion_interruptible_timeout(struct completion *x,
							     unsigned long timeout) __may_sleep;
long __must_check wait_for_completion_killable_timeout(struct completion *x,
							unsigned long timeout) __may_sleep;

/*
 * Takes one completion if there is one.
 * Context: any.
 * Return: whether it did.
 */
bool __must_check try_wait_for_completion(struct completion *x);

/* Whether a wait would go on at once. Context: any. */
bool completion_done(struct completion *x);

#endif
