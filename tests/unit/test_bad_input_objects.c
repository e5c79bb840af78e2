/* SPDX-License-Identifier: MIT */
/*
 * Objects of the concurrency core that are initialised, given back or freed while they are in use,
 * or given back to another than they are of: each is reported once, and what was in use goes on.
 * What tasks wait on: test_double_init.c. Input that is none: test_bad_input.c.
 */
#include <kernel/async_revocable.h>
#include <kernel/kthread.h>
#include <kernel/revocable.h>
#include <kernel/robust_mutex.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/wait.h>
#include <lib/errno.h>
#include <test/kunit.h>

#include "bad_input.h"
#include "lock_threads.h"

/* ---- wait.h ---- */

static void an_entry_leaves_the_queue_that_it_is_in(struct kunit *test)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(mine);
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(other);
	DECLARE_WAITQUEUE(entry, current);

	add_wait_queue(&mine, &entry);
	KUNIT_EXPECT_REPORT(test, "a wait queue's entry", remove_wait_queue(&other, &entry));
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&mine));
	remove_wait_queue(&other, &entry);	/* it is in none */
	add_wait_queue_exclusive(&other, &entry);
	KUNIT_EXPECT_TRUE(test, waitqueue_active(&other));
	remove_wait_queue(&other, &entry);
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&other));
}

static void a_wait_ends_where_it_began(struct kunit *test)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(mine);
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(other);
	DEFINE_WAIT(entry);

	prepare_to_wait(&mine, &entry, TASK_UNINTERRUPTIBLE);
	KUNIT_EXPECT_REPORT(test, "a wait queue's entry", finish_wait(&other, &entry));
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&mine));
	KUNIT_EXPECT_EQ(test, get_current_state(), TASK_RUNNING);
	prepare_to_wait(&mine, &entry, TASK_UNINTERRUPTIBLE);
	KUNIT_EXPECT_REPORT(test, "a wait queue's entry",
			    prepare_to_wait(&other, &entry, TASK_UNINTERRUPTIBLE));
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&mine));
	KUNIT_EXPECT_TRUE(test, waitqueue_active(&other));
	KUNIT_EXPECT_REPORT(test, "a wait queue's entry",
			    prepare_to_wait_exclusive(&mine, &entry, TASK_UNINTERRUPTIBLE));
	KUNIT_EXPECT_TRUE(test, waitqueue_active(&mine));
	/* Who is woken is in none, and may wait anywhere. */
	wake_up(&mine);
	prepare_to_wait(&other, &entry, TASK_UNINTERRUPTIBLE);
	finish_wait(&other, &entry);
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&other));
}

/* ---- revocable.h, async_revocable.h ---- */

static atomic_t ends;

static void count_end(int *object)
{
	(void)object;
	atomic_inc(&ends);
}

static void count_wrong_end(int *object)
{
	(void)object;
	atomic_add(100, &ends);
}

static void an_available_revocable_keeps_its_object_and_its_end(struct kunit *test)
{
	REVOCABLE(int) r;

	atomic_set(&ends, 0);
	*revocable_unshared(&r) = 7;
	revocable_init(&r, count_end);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is available",
			    revocable_init(&r, count_wrong_end));
	KUNIT_EXPECT_TRUE(test, revocable_revoke(&r));
	KUNIT_EXPECT_EQ(test, atomic_read(&ends), 1);
	*revocable_unshared(&r) = 8;
	revocable_init(&r, count_end);
	scoped_revocable(value, &r)
		KUNIT_EXPECT_EQ(test, *value, 8);
	revocable_drop(&r);
	KUNIT_EXPECT_EQ(test, atomic_read(&ends), 2);
}

static void a_counted_revocable_keeps_its_users_and_its_end(struct kunit *test)
{
	ASYNC_REVOCABLE(int) r;
	int *user;

	atomic_set(&ends, 0);
	async_revocable_init(&r, count_end);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is not destroyed",
			    async_revocable_init(&r, count_wrong_end));
	user = async_revocable_try_access(&r);
	KUNIT_EXPECT_NOT_NULL(test, user);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is not destroyed",
			    async_revocable_init(&r, count_wrong_end));
	KUNIT_EXPECT_TRUE(test, async_revocable_revoke(&r));
	KUNIT_EXPECT_REPORT(test, "is initialised while it is not destroyed",
			    async_revocable_init(&r, count_wrong_end));
	KUNIT_EXPECT_EQ(test, atomic_read(&ends), 0);
	async_revocable_put(&r);
	KUNIT_EXPECT_EQ(test, atomic_read(&ends), 1);
	async_revocable_init(&r, count_end);
	KUNIT_EXPECT_TRUE(test, async_revocable_revoke(&r));
	KUNIT_EXPECT_EQ(test, atomic_read(&ends), 2);
}

/* The object would go without its destructor. */
static void memory_is_not_freed_with_what_is_available_in_it(struct kunit *test)
{
	struct both {
		REVOCABLE(int) r;
		ASYNC_REVOCABLE(int) counted;
	} *b = kzalloc(sizeof(*b), GFP_KERNEL | __GFP_NO_FAULT);

	KUNIT_ASSERT_NOT_NULL(test, b);
	revocable_init(&b->r, NULL);
	KUNIT_EXPECT_REPORT(test, "is freed with revocable", kfree(b));
	revocable_drop(&b->r);
	async_revocable_init(&b->counted, NULL);
	KUNIT_EXPECT_REPORT(test, "is freed with async_revocable", kfree(b));
	(void)async_revocable_revoke(&b->counted);
	kfree(b);
}

/* ---- robust_mutex.h ---- */

struct held {
	struct robust_mutex first, lock, last;
	bool leave;
};

static int hold_three(void *data)
	__no_context_analysis
{
	struct held *h = data;

	if (robust_mutex_lock(&h->first) || robust_mutex_lock(&h->lock) ||
	    robust_mutex_lock(&h->last))
		return -EINVAL;
	while (!READ_ONCE(h->leave))
		yield();
	robust_mutex_unlock(&h->last);
	return 0;
}

static int lock_one(void *data)
	__no_context_analysis
{
	int err = robust_mutex_lock(data);

	if (err == -EOWNERDEAD && !robust_mutex_make_consistent(data))
		robust_mutex_unlock(data);
	return err;
}

/* Its owner's list of what to do at its end leads through it. */
static void a_held_robust_mutex_stays_its_owners(struct kunit *test)
	__no_context_analysis
{
	struct held *h = kunit_kzalloc(test, sizeof(*h), GFP_KERNEL);
	struct task_struct *owner, *waiter;

	KUNIT_ASSERT_NOT_NULL(test, h);
	robust_mutex_init(&h->first);
	robust_mutex_init(&h->lock);
	robust_mutex_init(&h->last);
	owner = start_thread(test, hold_three, h);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is held", robust_mutex_init(&h->lock));
	KUNIT_EXPECT_TRUE(test, robust_mutex_is_locked(&h->lock));
	KUNIT_EXPECT_EQ(test, robust_mutex_trylock(&h->lock), -EBUSY);
	waiter = start_thread(test, lock_one, &h->lock);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is held", robust_mutex_init(&h->lock));
	h->leave = true;
	KUNIT_EXPECT_EQ(test, kthread_join(owner), 0);
	KUNIT_EXPECT_EQ(test, kthread_join(waiter), -EOWNERDEAD);
	KUNIT_EXPECT_EQ(test, robust_mutex_trylock(&h->lock), 0);
	robust_mutex_unlock(&h->lock);
	KUNIT_EXPECT_EQ(test, robust_mutex_trylock(&h->first), -EOWNERDEAD);
	robust_mutex_unlock(&h->first);
	robust_mutex_init(&h->first);
	KUNIT_EXPECT_EQ(test, robust_mutex_trylock(&h->first), 0);
	robust_mutex_unlock(&h->first);
}

static void memory_is_not_freed_with_a_held_robust_mutex_in_it(struct kunit *test)
	__no_context_analysis
{
	struct robust_mutex *lock = kmalloc(sizeof(*lock), GFP_KERNEL | __GFP_NO_FAULT);

	KUNIT_ASSERT_NOT_NULL(test, lock);
	robust_mutex_init(lock);
	KUNIT_ASSERT_EQ(test, robust_mutex_lock(lock), 0);
	KUNIT_EXPECT_REPORT(test, "is freed with robust_mutex", kfree(lock));
	robust_mutex_unlock(lock);
	kfree(lock);
}

static const struct kunit_case bad_input_objects_cases[] = {
	KUNIT_CASE(an_entry_leaves_the_queue_that_it_is_in),
	KUNIT_CASE(a_wait_ends_where_it_began),
	KUNIT_CASE(an_available_revocable_keeps_its_object_and_its_end),
	KUNIT_CASE(a_counted_revocable_keeps_its_users_and_its_end),
	KUNIT_CASE(memory_is_not_freed_with_what_is_available_in_it),
	KUNIT_CASE(a_held_robust_mutex_stays_its_owners),
	KUNIT_CASE(memory_is_not_freed_with_a_held_robust_mutex_in_it),
	{}
};

static struct kunit_suite bad_input_objects_suite = {
	.name = "bad_input_objects",
	.exit = free_thread_cache,
	.test_cases = bad_input_objects_cases,
};
kunit_test_suite(bad_input_objects_suite);
