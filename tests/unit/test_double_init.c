/* SPDX-License-Identifier: MIT */
/*
 * Initialising what is in use: each kind that tasks wait on says so, once, and those who wait are
 * not forgotten; and memory that only looks as if it were in use is initialised without a word.
 */
#include <kernel/completion.h>
#include <kernel/condvar.h>
#include <kernel/mutex.h>
#include <kernel/rwsem.h>
#include <kernel/semaphore.h>
#include <kernel/wait.h>
#include <lib/math.h>
#include <lib/list.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "lock_threads.h"

#define NEEDS_MARKS(test) do {							\
	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS)) {				\
		kunit_mark_skipped(test, "CONFIG_DEBUG_OBJECTS is off");	\
		return;								\
	}									\
} while (0)

/* ---- waited for ---- */

static int wait_for_it(void *data)
{
	wait_for_completion(data);
	return 0;
}

static void a_completion_that_is_waited_for(struct kunit *test)
{
	struct completion x;
	struct task_struct *t;

	NEEDS_MARKS(test);
	init_completion(&x);
	t = start_thread(test, wait_for_it, &x);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is waited for", init_completion(&x));
	complete(&x);
	KUNIT_EXPECT_EQ(test, kthread_join(t), 0);
	init_completion(&x);
	KUNIT_EXPECT_FALSE(test, completion_done(&x));
}

static int take_one(void *data)
{
	down(data);
	return 0;
}

static void a_semaphore_that_is_waited_for(struct kunit *test)
{
	struct semaphore sem;
	struct task_struct *t;

	NEEDS_MARKS(test);
	sema_init(&sem, 0);
	t = start_thread(test, take_one, &sem);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is waited for", sema_init(&sem, 7));
	KUNIT_EXPECT_EQ(test, down_trylock(&sem), 1);
	up(&sem);
	KUNIT_EXPECT_EQ(test, kthread_join(t), 0);
	sema_init(&sem, 1);
	KUNIT_EXPECT_EQ(test, down_trylock(&sem), 0);
}

struct queue {
	struct wait_queue_head wq;
	bool ready;
};

static int wait_until_ready(void *data)
{
	struct queue *q = data;

	wait_event(q->wq, q->ready);
	return 0;
}

static void a_wait_queue_with_an_entry(struct kunit *test)
{
	struct queue q = { .ready = false };
	struct task_struct *t;

	NEEDS_MARKS(test);
	init_waitqueue_head(&q.wq);
	t = start_thread(test, wait_until_ready, &q);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is waited for",
			    init_waitqueue_head(&q.wq));
	q.ready = true;
	wake_up(&q.wq);
	KUNIT_EXPECT_EQ(test, kthread_join(t), 0);
	init_waitqueue_head(&q.wq);
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&q.wq));
}

struct waited_condition {
	struct mutex lock;
	struct condvar changed;
	bool ready;
};

static int wait_for_condition(void *data)
{
	struct waited_condition *c = data;

	guard(mutex)(&c->lock);
	while (!c->ready)
		condvar_wait(&c->changed, &c->lock);
	return 0;
}

static void a_condition_that_is_waited_for(struct kunit *test)
{
	struct waited_condition c = { .ready = false };
	struct task_struct *t;

	NEEDS_MARKS(test);
	mutex_init(&c.lock);
	condvar_init(&c.changed);
	t = start_thread(test, wait_for_condition, &c);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is waited for",
			    condvar_init(&c.changed));
	scoped_guard(mutex, &c.lock)
		c.ready = true;
	condvar_notify_one(&c.changed);
	KUNIT_EXPECT_EQ(test, kthread_join(t), 0);
}

/* ---- held, or waited for by who would hold it: the lock checker knows ---- */

static void a_mutex_that_is_held(struct kunit *test)
	__no_context_analysis	/* it is not held any more */
{
	struct mutex m;

	NEEDS_LOCKDEP(test);
	mutex_init(&m);
	mutex_lock(&m);
	KUNIT_EXPECT_REPORT(test, "is initialised with the held lock &m in it", mutex_init(&m));
	mutex_lock(&m);
	mutex_unlock(&m);
}

static void a_semaphore_that_a_reader_or_a_writer_holds(struct kunit *test)
	__no_context_analysis	/* as above */
{
	struct rw_semaphore sem;

	NEEDS_LOCKDEP(test);
	init_rwsem(&sem);
	down_read(&sem);
	KUNIT_EXPECT_REPORT(test, "is initialised with the held lock &sem in it",
			    init_rwsem(&sem));
	down_write(&sem);
	KUNIT_EXPECT_REPORT(test, "is initialised with the held lock &sem in it",
			    init_rwsem(&sem));
	down_write(&sem);
	up_write(&sem);
}

/* ---- not in use, whatever the memory says ---- */

/*
 * What a stack has of a frame that ended: the mark says "waited for", the head of the list is
 * whatever was written there since.
 */
static void what_only_looks_waited_for(struct kunit *test)
{
	static const unsigned long heads[] = { 0, 1, 4, 0x12345678, ~0ul & ~3ul, ~0ul };
	struct completion x;
	struct list_head other = LIST_HEAD_INIT(other);

	NEEDS_MARKS(test);
	init_completion(&x);
	start_thread(test, wait_for_it, &x);
	complete(&x);
	yield();
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		memcpy((char *)&x + offsetof(struct completion, waiters), &heads[i],
		       sizeof(heads[i]));
		init_completion(&x);
		KUNIT_EXPECT_FALSE(test, completion_done(&x));
		start_thread(test, wait_for_it, &x);
		complete(&x);
		yield();
	}
	context_unsafe(x.waiters).next = &other;	/* somebody else's list */
	init_completion(&x);
	complete(&x);
	KUNIT_EXPECT_TRUE(test, completion_done(&x));
}

/* Each byte the same, be it that of fresh memory, of freed memory, or of none. */
static void any_memory_becomes_one(struct kunit *test)
{
	static const u8 fills[] = { 0x00, 0xff, 0x5a, 0x6b, 0xa5, 0xcc };
	struct {
		struct completion completion;
		struct semaphore sem;
		struct wait_queue_head wq;
		struct mutex mutex;
		struct rw_semaphore rwsem;
		struct condvar cv;
	} all;

	for (size_t i = 0; i < ARRAY_SIZE(fills); i++) {
		memset(&all, fills[i], sizeof(all));
		init_completion(&all.completion);
		sema_init(&all.sem, 1);
		init_waitqueue_head(&all.wq);
		mutex_init(&all.mutex);
		init_rwsem(&all.rwsem);
		condvar_init(&all.cv);
		KUNIT_EXPECT_FALSE(test, completion_done(&all.completion));
		KUNIT_EXPECT_EQ(test, down_trylock(&all.sem), 0);
		KUNIT_EXPECT_FALSE(test, waitqueue_active(&all.wq));
		KUNIT_EXPECT_FALSE(test, mutex_is_locked(&all.mutex));
		KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&all.rwsem));
	}
}

static const struct kunit_case double_init_cases[] = {
	KUNIT_CASE(a_completion_that_is_waited_for),
	KUNIT_CASE(a_semaphore_that_is_waited_for),
	KUNIT_CASE(a_wait_queue_with_an_entry),
	KUNIT_CASE(a_condition_that_is_waited_for),
	KUNIT_CASE(a_mutex_that_is_held),
	KUNIT_CASE(a_semaphore_that_a_reader_or_a_writer_holds),
	KUNIT_CASE(what_only_looks_waited_for),
	KUNIT_CASE(any_memory_becomes_one),
	{}
};

static struct kunit_suite double_init_suite = {
	.name = "double_init",
	.test_cases = double_init_cases,
};
kunit_test_suite(double_init_suite);
