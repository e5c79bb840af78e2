/* SPDX-License-Identifier: MIT */
/*
 * The lock checker: held locks in memory that is freed or initialised, and locks that are none.
 */
#include <kernel/lockdep.h>

#include <kernel/completion.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/mutex.h>
#include <kernel/rwsem.h>
#include <kernel/sched.h>
#include <kernel/semaphore.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <kernel/wait.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "lockdep_locks.h"

struct object {
	char before[24];
	spinlock_t lock;
	struct mutex mutex;
};

static void freeing_a_held_lock_is_reported(struct kunit *test)
{
	struct object *o = kzalloc(sizeof(*o), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, o);
	spin_lock_init(&o->lock);
	spin_lock(&o->lock);
	KUNIT_EXPECT_REPORT(test, "is freed with the held lock &o->lock in it", kfree(o));
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 0);
}

static void freeing_pages_with_a_held_lock_is_reported(struct kunit *test)
{
	unsigned long pages = __get_free_pages(GFP_KERNEL, 1);
	/* SAFETY: in the second of the pages, which are the case's. */
	struct object *o = (void *)(pages + PAGE_SIZE);

	KUNIT_ASSERT_NE(test, pages, 0);
	spin_lock_init(&o->lock);
	spin_lock(&o->lock);
	KUNIT_EXPECT_REPORT(test, "is freed with the held lock &o->lock in it",
			    free_pages(pages, 1));
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 0);
}

static struct object *shared;

static int hold_shared(void *done)
{
	mutex_lock(&shared->mutex);
	wait_for_completion(done);
	return 0;
}

/* And when it ends nothing is written to the freed memory. */
static void freeing_what_another_task_holds_is_reported(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct task_struct *task;

	shared = kzalloc(sizeof(*shared), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, shared);
	mutex_init(&shared->mutex);
	task = kthread_run(hold_shared, &done, "holder");
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, task);
	if (IS_ERR(task)) {
		kfree(shared);
		return;
	}
	get_task_struct(task);
	yield();
	KUNIT_EXPECT_REPORT(test, "is freed with the held lock &shared->mutex in it, of holder/",
			    kfree(shared));
	KUNIT_EXPECT_EQ(test, lockdep_depth(task), 0);
	complete(&done);
	kthread_join(task);
	put_task_struct(task);
}

static void initialising_a_held_lock_is_reported(struct kunit *test)
{
	spin_lock(&a);
	KUNIT_EXPECT_REPORT(test, "is initialised with the held lock a in it",
			    spin_lock_init(&a));
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 0);
	spin_lock(&a);
	spin_unlock(&a);
}

/* ---- locks that are none ---- */

static void a_lock_never_initialised_is_reported(struct kunit *test)
{
	struct object *o = kzalloc(sizeof(*o), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, o);
	KUNIT_EXPECT_REPORT(test, "was never initialised", spin_lock(&o->lock));
	spin_unlock(&o->lock);
	kfree(o);
}

static void a_copy_of_a_lock_is_reported(struct kunit *test)
{
	spinlock_t copy = a;

	KUNIT_EXPECT_REPORT(test, "is a copy of another", spin_lock(&copy));
	spin_unlock(&copy);
}

/* By the lock in it that its first use takes, and by its list, which leads into the first one. */
#define REPORTS_OF_A_COPY	(1 + IS_ENABLED(CONFIG_DEBUG_LIST))

static void a_copy_of_what_sleeps_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct wait_queue_head queue, queue_copy;
	struct rw_semaphore rwsem, rwsem_copy;
	struct completion done, done_copy;
	struct mutex mutex, mutex_copy;
	struct semaphore sem, sem_copy;

	mutex_init(&mutex);
	mutex_copy = mutex;
	KUNIT_EXPECT_REPORT(test, "is a copy of another", mutex_lock(&mutex_copy));
	mutex_unlock(&mutex_copy);
	init_rwsem(&rwsem);
	rwsem_copy = rwsem;
	KUNIT_EXPECT_REPORT(test, "is a copy of another", down_read(&rwsem_copy));
	up_read(&rwsem_copy);
	init_waitqueue_head(&queue);
	queue_copy = queue;
	KUNIT_EXPECT_WARNINGS(test, REPORTS_OF_A_COPY, wake_up_all(&queue_copy));
	init_completion(&done);
	done_copy = done;
	KUNIT_EXPECT_WARNINGS(test, REPORTS_OF_A_COPY, complete(&done_copy));
	sema_init(&sem, 1);
	sem_copy = sem;
	KUNIT_EXPECT_REPORT(test, "is a copy of another", down(&sem_copy));
	KUNIT_EXPECT_WARNINGS(test, REPORTS_OF_A_COPY, up(&sem_copy));
	KUNIT_EXPECT_WARNINGS(test, 0, {
		mutex_lock(&mutex);
		mutex_unlock(&mutex);
		complete(&done);
		down(&sem);
	});
}

static void a_lock_in_overwritten_memory_is_reported(struct kunit *test)
{
	spinlock_t lock;

	memset(&lock, 0x6b, sizeof(lock));
	KUNIT_EXPECT_REPORT(test, "was freed or overwritten", spin_lock_irq(&lock));
	local_irq_enable();
}

static void a_static_initialiser_on_the_stack_is_reported(struct kunit *test)
{
	DEFINE_SPINLOCK(lock);

	KUNIT_EXPECT_REPORT(test, "is no static object", spin_lock(&lock));
	spin_unlock(&lock);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(freeing_a_held_lock_is_reported),
	KUNIT_CASE(freeing_pages_with_a_held_lock_is_reported),
	KUNIT_CASE(freeing_what_another_task_holds_is_reported),
	KUNIT_CASE(initialising_a_held_lock_is_reported),
	KUNIT_CASE(a_lock_never_initialised_is_reported),
	KUNIT_CASE(a_copy_of_a_lock_is_reported),
	KUNIT_CASE(a_copy_of_what_sleeps_is_reported),
	KUNIT_CASE(a_lock_in_overwritten_memory_is_reported),
	KUNIT_CASE(a_static_initialiser_on_the_stack_is_reported),
	{}
};

static struct kunit_suite suite = {
	.name = "lockdep_object",
	.init = start,
	.exit = end,
	.test_cases = cases,
};
kunit_test_suite(suite);
