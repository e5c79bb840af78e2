/* SPDX-License-Identifier: MIT */
/*
 * Threads for a case: held and joined by it, on the CPU that it says.
 *
 * A case runs on CPU 0 and so do its threads, in the order in which they were started, unless it
 * places them itself. What a case leaves running is stopped at its end.
 */
#ifndef TESTS_UNIT_THREADS_H
#define TESTS_UNIT_THREADS_H

#include <kernel/fault-inject.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <test/kunit.h>

#define SPINS_MAX	20000000u	/* of a wait for another CPU; some seconds */

/* Without yielding. Returns whether it came. */
#define spin_until(cond) ({							\
	unsigned int left__ = SPINS_MAX;					\
	while (!(cond) && --left__)						\
		cpu_relax();							\
	left__ != 0; })

/* With one CPU the case is over. */
#define NEEDS_TWO_CPUS(test) do {						\
	if (num_online_cpus() < 2) {						\
		kunit_mark_skipped(test, "one CPU runs");			\
		return;								\
	}									\
} while (0)

static inline void stop_thread(void *task)
{
	kthread_stop(task);
	put_task_struct(task);
}

/*
 * Not yet started. From here on no request of the case is made to fail: its threads wait for one
 * another, and one that is not there would be waited for by those that are.
 */
static inline struct task_struct *new_thread(struct kunit *test, int (*fn)(void *), void *data)
{
	struct task_struct *t;

	fault_leave(current);
	t = kthread_create(fn, data, "thread");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t);
	get_task_struct(t);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, stop_thread, t), 0);
	return t;
}

/* On CPU 0; has run until it blocked. */
static inline struct task_struct *start_thread(struct kunit *test, int (*fn)(void *), void *data)
{
	struct task_struct *t = new_thread(test, fn, data);

	wake_up_process(t);
	yield();
	return t;
}

static inline struct task_struct *start_thread_on(struct kunit *test, unsigned int cpu,
						  int (*fn)(void *), void *data)
{
	struct task_struct *t = new_thread(test, fn, data);

	kthread_bind(t, cpu);
	wake_up_process(t);
	return t;
}

/* What a thread does that is there for others. */
static inline void sleep_until_stopped(void)
{
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
}

/* What is kept of ended threads would look like a leak. */
static inline void free_thread_cache(struct kunit *test)
{
	(void)test;
	kthread_free_cache();
}

#endif
