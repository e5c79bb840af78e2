/* SPDX-License-Identifier: MIT */
/*
 * Kernel threads: create, run, stop and join.
 *
 *	t = kthread_run(poll_sensor, sensor, "sensor/%d", sensor->id);
 *	if (IS_ERR(t))
 *		return PTR_ERR(t);
 *	...
 *	result = kthread_stop(t);
 *
 *	static int poll_sensor(void *data)
 *	{
 *		while (!kthread_should_stop()) {
 *			...
 *			msleep(100);
 *		}
 *		return 0;
 *	}
 *
 * A thread may also return by itself. It is then gone for who holds no reference:
 * who wants to call kthread_stop() on such a thread takes one, with
 * get_task_struct(), before it can have ended, and gives it back after.
 */
#ifndef KERNEL_KTHREAD_H
#define KERNEL_KTHREAD_H

#include <kernel/sched.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/err.h>

/*
 * Makes a thread that will call threadfn(data) once wake_up_process() has started
 * it. The name is cut to TASK_COMM_LEN - 1 characters. Default priority.
 * Context: task; may sleep.
 * Return: the thread, or ERR_PTR(-ENOMEM), and then nothing is left behind. With CONFIG_DEBUG
 * ERR_PTR(-EINVAL) for no function, which is reported.
 */
struct task_struct *kthread_create(int (*threadfn)(void *data), void *data,
				   const char *namefmt, ...) __printf(3, 4) __must_check
	__may_sleep;

/* The same, and starts it. */
#define kthread_run(threadfn, data, namefmt, ...) ({				\
	struct task_struct *thread__ =						\
		kthread_create(threadfn, data, namefmt, ##__VA_ARGS__);		\
	if (!IS_ERR(thread__))							\
		wake_up_process(thread__);					\
	thread__; })

/* Linux's name; all memory is one node. Context and return: as kthread_create(). */
#define kthread_create_on_node(threadfn, data, node, namefmt, ...)		\
	((void)(node), kthread_create(threadfn, data, namefmt, ##__VA_ARGS__))

/*
 * The same for a thread that runs on one CPU alone, whose number is what `namefmt` formats. A
 * CPU that does not run is reported; the thread is bound to none then.
 * Context and return: as kthread_create().
 */
#define kthread_create_on_cpu(threadfn, data, cpu, namefmt) ({			\
	unsigned int cpu__ = (cpu);						\
	struct task_struct *bound__ = kthread_create(threadfn, data, namefmt, cpu__); \
	if (!IS_ERR(bound__))							\
		kthread_bind(bound__, cpu__);					\
	bound__; })

/* The same, and starts it. Context and return: as kthread_create(). */
#define kthread_run_on_cpu(threadfn, data, cpu, namefmt) ({			\
	struct task_struct *thread__ = kthread_create_on_cpu(threadfn, data, cpu, namefmt); \
	if (!IS_ERR(thread__))							\
		wake_up_process(thread__);					\
	thread__; })

/*
 * A thread that has been created and not yet started is to run on one CPU alone, which is
 * online. Anything else is reported and nothing is changed.
 * Context: any.
 */
void kthread_bind(struct task_struct *k, unsigned int cpu);

/*
 * Asks the thread to stop, wakes it out of any sleep and waits until it has
 * returned. Any function that waits for a condition looks at it again after such a
 * wake-up; wait_event() in a thread has kthread_should_stop() in its condition.
 * Context: task; may sleep. Not from the thread itself (reported, -EDEADLK).
 * Return: what threadfn returned; -EINTR if it was never started.
 */
int kthread_stop(struct task_struct *k) __may_sleep;

/*
 * Waits until the thread returns by itself. The caller holds a reference. The thread's
 * memory has been given back then, but for the task itself.
 * Context and return: as kthread_stop().
 */
int kthread_join(struct task_struct *k) __may_sleep;

/* Whether the running thread is to return. Context: task. */
bool kthread_should_stop(void);

/*
 * Ends the running thread as if threadfn had returned `result`.
 * Context: task. With CONFIG_DEBUG interrupts that are off are reported, with CONFIG_LOCKDEP locks
 * that are held; of an interrupt's handler, and of the idle task, it is the end of the machine.
 */
void kthread_exit(long result) __noreturn;

/*
 * A thread that is killed ends as if it had called kthread_exit(result) where it stands. What it
 * held of locks is released and marked; memory it may have lent to others, on its stack, stays
 * for good. For faults and for the tests: other threads are asked, by kthread_stop().
 *
 * kthread_kill() is for a thread that does not run at present: it waits for something or for
 * its turn. Context: task. kthread_kill_interrupted() is for the one that the interrupt has
 * stopped. Context: hard irq. With kthread_begin_kill() the caller sees to it that the running
 * thread goes on in kthread_end_killed(), interrupts off. Context: interrupts off.
 * Return: false if it ends already or, by the second, holds what forbids it to sleep.
 */
bool __must_check kthread_kill(struct task_struct *k, long result);
bool __must_check kthread_kill_interrupted(long result);
bool __must_check kthread_begin_kill(struct task_struct *k, long result);
void kthread_end_killed(void) __noreturn;

/* Whether it did not end by itself. Context: any; the caller holds a reference. */
bool kthread_was_killed(const struct task_struct *k);

/*
 * A fault ends an expendable thread, and one that it creates, where another would end the
 * machine: of the test runner. Context: any, before it is started.
 */
void kthread_set_expendable(struct task_struct *k);
bool kthread_is_expendable(const struct task_struct *k);

/*
 * Gives back the memory of ended threads that is kept for the next ones.
 * Context: task; may sleep.
 */
void kthread_free_cache(void) __may_sleep;

/* The data that the thread was created with. Context: any; the caller holds a reference. */
static inline void *kthread_data(const struct task_struct *k)
{
	return k->threadfn_data;
}

#endif
