/* SPDX-License-Identifier: MIT */
/*
 * Completions: a semaphore that begins at 0 and can be opened for good.
 *
 * The waiter may free the completion as soon as it runs: nothing touches it after the
 * lock is given back, and with one that is handed on nothing is left to look at.
 *
 * Locking: everything under the completion's lock, with interrupts off.
 */
#include <kernel/completion.h>

#include <kernel/debugobjects.h>
#include <kernel/sched.h>
#include <lib/kconfig.h>
#include <lib/minmax.h>

#include "sched_priv.h"

/* One for the waiter who takes it, unless it is for all. */
static bool take_locked(struct completion *x)
	__must_hold(&x->lock)
{
	if (x->done == 0)
		return false;
	if (x->done != COMPLETION_FOR_ALL)
		x->done--;
	return true;
}

static bool is_waited_for(const void *x)
{
	return debug_list_is_used(&context_unsafe(((const struct completion *)x)->waiters));
}

const struct debug_obj_descr completion_debug_descr __debug_obj_descr = {
	.name = "completion",
	.live = "waited for",
	.offset = offsetof(struct completion, debug),
	.is_live = is_waited_for,
	.needs_no_init = true,
};

/* Of one that was opened for all there is nothing to give back: complete() knows. */
static void give_back(void *x)
{
	complete(x);
}

static void note_first_waiter_locked(struct completion *x)
	__must_hold(&x->lock)
{
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) && list_empty(&x->waiters))
		debug_object_activate(&x->debug, &completion_debug_descr);
}

static long wait_common(struct completion *x, long timeout)
{
	long left;

	might_sleep();
	guard(raw_spinlock_irqsave)(&x->lock);
	if (take_locked(x))
		return max(timeout, 1L);
	note_first_waiter_locked(x);
	waiter_may_be_given(give_back, x);
	left = waiter_sleep_timeout(&x->waiters, &x->lock, timeout);
	waiter_may_be_given(NULL, NULL);
	/* Its time was up, but it has not run until something came. */
	return left ? left : take_locked(x);
}

void complete(struct completion *x)
{
	struct task_struct *first;

	guard(raw_spinlock_irqsave)(&x->lock);
	first = first_waiter(&x->waiters);
	if (first)
		waiter_grant(first);
	else if (x->done != COMPLETION_FOR_ALL)
		x->done++;
}

void complete_all(struct completion *x)
{
	guard(raw_spinlock_irqsave)(&x->lock);
	complete_all_locked(x);
}

void wait_for_completion_locked(struct completion *x, void (*hand_on)(void *from), void *from)
{
	if (take_locked(x))
		return;
	note_first_waiter_locked(x);
	waiter_may_be_given(hand_on, from);
	waiter_sleep(&x->waiters, &x->lock, TASK_WAITS);
	waiter_may_be_given(NULL, NULL);
}

void wait_for_completion(struct completion *x)
{
	might_sleep();
	guard(raw_spinlock_irqsave)(&x->lock);
	wait_for_completion_locked(x, give_back, x);
}

/* What does not fit a long is for ever. */
static long timeout_from(unsigned long timeout)
{
	return (long)min_t(unsigned long, timeout, MAX_SCHEDULE_TIMEOUT);
}

unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout)
{
	return (unsigned long)wait_common(x, timeout_from(timeout));
}

int wait_for_completion_interruptible(struct completion *x)
{
	wait_for_completion(x);
	return 0;
}

int wait_for_completion_killable(struct completion *x)
{
	wait_for_completion(x);
	return 0;
}

long wait_for_completion_interruptible_timeout(struct completion *x, unsigned long timeout)
{
	return wait_common(x, timeout_from(timeout));
}

long wait_for_completion_killable_timeout(struct completion *x, unsigned long timeout)
{
	return wait_common(x, timeout_from(timeout));
}

bool try_wait_for_completion(struct completion *x)
{
	guard(raw_spinlock_irqsave)(&x->lock);
	return take_locked(x);
}

bool completion_done(struct completion *x)
{
	guard(raw_spinlock_irqsave)(&x->lock);
	return x->done != 0;
}
