/* SPDX-License-Identifier: MIT */
/*
 * What is there before the first initcall: objects initialised by constants work from then
 * on, and constructors have run, each once, by priority.
 */
#include <kernel/completion.h>
#include <kernel/condvar.h>
#include <kernel/init.h>
#include <kernel/mutex.h>
#include <kernel/nowait_lock.h>
#include <kernel/robust_mutex.h>
#include <kernel/rwsem.h>
#include <kernel/semaphore.h>
#include <kernel/seqlock.h>
#include <kernel/spinlock.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <test/kunit.h>

/* ---- objects initialised by constants ---- */

static void early_work_fn(struct work_struct *work)
{
	(void)work;
}

static DEFINE_SPINLOCK(spin);
static DEFINE_RAW_SPINLOCK(raw_spin);
static DEFINE_MUTEX(mutex);
static DEFINE_SEMAPHORE(sem);
static DECLARE_COMPLETION(done);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_RWSEM(rwsem);
static DEFINE_SEQLOCK(seqlock);
static seqcount_t seqcount = SEQCNT_ZERO(seqcount);
static struct nowait_lock nowait = NOWAIT_LOCK_INIT;
static DEFINE_CONDVAR(condvar);
static DEFINE_ROBUST_MUTEX(robust);
static DECLARE_WORK(work, early_work_fn);
static DECLARE_DELAYED_WORK(delayed, early_work_fn);
static DEFINE_TIMER(timer, NULL);
static LIST_HEAD(list);

static unsigned int early_steps, early_sequences, core_steps;

/* Before there is memory or a second task, with interrupts off: all that does not sleep. */
static int early_use(void)
{
	unsigned long flags;

	spin_lock_irqsave(&spin, flags);
	raw_spin_lock(&raw_spin);
	early_steps++;
	raw_spin_unlock(&raw_spin);
	spin_unlock_irqrestore(&spin, flags);
	if (mutex_trylock(&mutex)) {
		early_steps++;
		mutex_unlock(&mutex);
	}
	if (!down_trylock(&sem)) {
		early_steps++;
		up(&sem);
	}
	if (down_read_trylock(&rwsem)) {
		early_steps++;
		up_read(&rwsem);
	}
	if (nowait_trylock(&nowait))
		early_steps += !nowait_unlock(&nowait);
	complete(&done);
	if (try_wait_for_completion(&done))
		early_steps++;
	wake_up_all(&queue);
	condvar_notify_all(&condvar);
	if (!waitqueue_active(&queue) && list_empty(&list) && !timer_pending(&timer) &&
	    !delayed_work_pending(&delayed))
		early_steps++;
	return 0;
}
early_initcall(early_use);

/* A writer, then a reader who sees that it was there. */
static int early_write(void)
	__no_context_analysis
{
	unsigned int seq = read_seqbegin(&seqlock);

	scoped_guard(seqlock_write_irqsave, &seqlock)
		early_sequences++;
	early_sequences += read_seqretry(&seqlock, seq);
	seq = read_seqcount_begin(&seqcount);
	write_seqcount_begin(&seqcount);
	write_seqcount_end(&seqcount);
	early_sequences += read_seqcount_retry(&seqcount, seq);
	return 0;
}
early_initcall(early_write);

/* In the first task: what may sleep, too. */
static int core_use(void)
{
	scoped_guard(mutex, &mutex)
		core_steps++;
	down(&sem);
	up(&sem);
	complete(&done);
	wait_for_completion(&done);
	wait_event(queue, true);
	core_steps++;
	scoped_guard(rwsem_write, &rwsem)
		core_steps++;
	if (robust_mutex_lock(&robust) == 0) {
		core_steps++;
		robust_mutex_unlock(&robust);
	}
	return 0;
}
core_initcall(core_use);

static void static_objects_work_from_the_first_initcall_on(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, early_steps, 7);
	KUNIT_EXPECT_EQ(test, early_sequences, 3);
	KUNIT_EXPECT_EQ(test, core_steps, 4);
	KUNIT_EXPECT_TRUE(test, schedule_work(&work));
	flush_work(&work);
	scoped_guard(mutex, &mutex)
		KUNIT_EXPECT_EQ(test, condvar_wait_timeout(&condvar, &mutex, 1), 0);
	KUNIT_EXPECT_TRUE(test, schedule_delayed_work(&delayed, 1));
	KUNIT_EXPECT_TRUE(test, flush_delayed_work(&delayed));
}

/* ---- constructors ---- */

static unsigned int calls, order[4], early_steps_then;

static void construct(unsigned int which)
{
	if (calls < ARRAY_SIZE(order))
		order[calls] = which;
	calls++;
	early_steps_then = early_steps;
}

/* Not in the order in which they stand here. */
static __constructor(65535) void construct_last(void)
{
	construct(3);
}

static __constructor(2000) void construct_second(void)
{
	construct(2);
}

static __constructor(300) void construct_first(void)
{
	construct(1);
}

static void constructors_run_once_by_priority_before_all_else(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, calls, 3);
	KUNIT_EXPECT_EQ(test, order[0], 1);
	KUNIT_EXPECT_EQ(test, order[1], 2);
	KUNIT_EXPECT_EQ(test, order[2], 3);
	KUNIT_EXPECT_EQ(test, early_steps_then, 0);
}

static struct kunit_case init_cases[] = {
	KUNIT_CASE(static_objects_work_from_the_first_initcall_on),
	KUNIT_CASE(constructors_run_once_by_priority_before_all_else),
	{}
};

static struct kunit_suite init_suite = {
	.name = "init",
	.test_cases = init_cases,
};
kunit_test_suite(init_suite);
