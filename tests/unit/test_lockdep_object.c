/* SPDX-License-Identifier: MIT */
/*
 * The lock checker: held locks in memory that is freed or initialised, and locks that are none.
 */
#include <kernel/lockdep.h>

#include <kernel/completion.h>
#include <kernel/kthread.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
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
	KUNIT_CASE(freeing_what_another_task_holds_is_reported),
	KUNIT_CASE(initialising_a_held_lock_is_reported),
	KUNIT_CASE(a_lock_never_initialised_is_reported),
	KUNIT_CASE(a_copy_of_a_lock_is_reported),
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
