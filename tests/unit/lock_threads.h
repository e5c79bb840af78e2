/* SPDX-License-Identifier: MIT */
/*
 * Threads for the suites of locks: what a case needs besides, and the end of those that were
 * killed with a lock.
 */
#ifndef LOCK_THREADS_H
#define LOCK_THREADS_H

#include <kernel/kthread.h>
#include <kernel/vmalloc.h>
#include <test/kunit.h>

#include "threads.h"

#define NEEDS_LOCKDEP(test) do {						\
	if (!IS_ENABLED(CONFIG_LOCKDEP)) {					\
		kunit_mark_skipped(test, "CONFIG_LOCKDEP is off");		\
		return;								\
	}									\
} while (0)

/* Nobody asks who is skipped without the lock checker. */
#ifndef CONFIG_LOCKDEP
#define lock_is_held(lock)	((void)(lock), false)
#endif

#define NEEDS_KILLS(test) do {							\
	if (!IS_ENABLED(CONFIG_FAULT_ISOLATION)) {				\
		kunit_mark_skipped(test, "CONFIG_FAULT_ISOLATION is off");	\
		return;								\
	}									\
} while (0)

/*
 * The end of a thread that was killed, by kthread_kill(). The memory that it keeps is given back:
 * nothing of its stack is in use.
 */
static inline void free_killed_thread(struct kunit *test, struct task_struct *t)
{
	kunit_remove_action(test, stop_thread, t);
	kthread_join(t);
	vmap_stack_free(t->stack);
	put_task_struct(t);	/* of its life */
	put_task_struct(t);
}

#endif
