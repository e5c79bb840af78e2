/* SPDX-License-Identifier: MIT */
/*
 * Robust mutexes: who is told that a holder has ended, and what becomes of a mutex that nobody
 * puts in order.
 */
#include <kernel/robust_mutex.h>

#include <kernel/bug.h>
#include <lib/errno.h>
#include <test/kunit.h>

#include "lock_threads.h"

struct scene {
	struct robust_mutex lock, second;
	unsigned int started, order;
	int result[4];				/* of those who locked, in the order of arrival */
	atomic_t inside, wrong, dead, told;
	bool leave;
	int repaired;
};

static struct scene *scene_new(struct kunit *test)
{
	struct scene *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	robust_mutex_init(&s->lock);
	robust_mutex_init(&s->second);
	return s;
}

/* Ends with it held once it may leave. */
static int lock_and_end(void *data)
	__no_context_analysis
{
	struct scene *s = data;
	int err = robust_mutex_lock(&s->lock);

	while (!READ_ONCE(s->leave))
		yield();
	return err;
}

static int lock_once(void *data)
	__no_context_analysis
{
	struct scene *s = data;
	unsigned int number = s->started++;
	int err = robust_mutex_lock(&s->lock);

	s->result[number] = err;
	s->order = s->order * 10 + number + 1;
	if (err == -EOWNERDEAD)
		err = robust_mutex_make_consistent(&s->lock);
	if (!err)
		robust_mutex_unlock(&s->lock);
	return 0;
}

static void end_holding(struct kunit *test, struct scene *s)
{
	s->leave = true;
	start_thread(test, lock_and_end, s);
}

static void it_is_handed_on_in_the_order_of_arrival(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	KUNIT_ASSERT_EQ(test, robust_mutex_lock(&s->lock), 0);
	for (unsigned int i = 0; i < 3; i++)
		start_thread(test, lock_once, s);
	KUNIT_EXPECT_EQ(test, s->order, 0);
	robust_mutex_unlock(&s->lock);
	KUNIT_EXPECT_EQ(test, robust_mutex_trylock(&s->lock), -EBUSY);
	for (unsigned int i = 0; i < 3; i++)
		yield();
	KUNIT_EXPECT_EQ(test, s->order, 123);
	KUNIT_EXPECT_FALSE(test, robust_mutex_is_locked(&s->lock));
}

static void the_next_is_told_once_that_the_holder_has_ended(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	end_holding(test, s);
	KUNIT_ASSERT_EQ(test, robust_mutex_lock(&s->lock), -EOWNERDEAD);
	KUNIT_EXPECT_TRUE(test, robust_mutex_is_locked(&s->lock));
	KUNIT_EXPECT_EQ(test, robust_mutex_make_consistent(&s->lock), 0);
	robust_mutex_unlock(&s->lock);
	KUNIT_ASSERT_EQ(test, robust_mutex_lock(&s->lock), 0);
	robust_mutex_unlock(&s->lock);
}

static void one_that_waits_is_told(struct kunit *test)
{
	struct scene *s = scene_new(test);

	start_thread(test, lock_and_end, s);
	start_thread(test, lock_once, s);
	start_thread(test, lock_once, s);
	KUNIT_EXPECT_EQ(test, s->order, 0);
	WRITE_ONCE(s->leave, true);
	for (unsigned int i = 0; i < 4; i++)
		yield();
	KUNIT_EXPECT_EQ(test, s->order, 12);
	KUNIT_EXPECT_EQ(test, s->result[0], -EOWNERDEAD);
	KUNIT_EXPECT_EQ(test, s->result[1], 0);
}

static void trylock_tells_it_too(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	KUNIT_ASSERT_EQ(test, robust_mutex_trylock(&s->lock), 0);
	KUNIT_EXPECT_EQ(test, robust_mutex_trylock(&s->lock), -EBUSY);
	robust_mutex_unlock(&s->lock);
	end_holding(test, s);
	KUNIT_ASSERT_EQ(test, robust_mutex_trylock(&s->lock), -EOWNERDEAD);
	robust_mutex_unlock(&s->lock);
	KUNIT_EXPECT_EQ(test, robust_mutex_trylock(&s->lock), -ENOTRECOVERABLE);
}

static void one_that_nobody_puts_in_order_is_never_had_again(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	end_holding(test, s);
	KUNIT_ASSERT_EQ(test, robust_mutex_lock(&s->lock), -EOWNERDEAD);
	start_thread(test, lock_once, s);
	start_thread(test, lock_once, s);
	robust_mutex_unlock(&s->lock);
	yield();
	KUNIT_EXPECT_EQ(test, s->result[0], -ENOTRECOVERABLE);
	KUNIT_EXPECT_EQ(test, s->result[1], -ENOTRECOVERABLE);
	KUNIT_EXPECT_EQ(test, robust_mutex_lock(&s->lock), -ENOTRECOVERABLE);
	KUNIT_EXPECT_FALSE(test, robust_mutex_is_locked(&s->lock));
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 0);
}

/* Who was told ended too. */
static void who_ends_before_it_is_in_order_leaves_it_so(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	end_holding(test, s);
	end_holding(test, s);
	KUNIT_ASSERT_EQ(test, robust_mutex_lock(&s->lock), -EOWNERDEAD);
	KUNIT_EXPECT_EQ(test, robust_mutex_make_consistent(&s->lock), 0);
	robust_mutex_unlock(&s->lock);
}

static int lock_both_and_end(void *data)
	__no_context_analysis
{
	struct scene *s = data;

	if (robust_mutex_lock(&s->lock) || robust_mutex_lock(&s->second))
		return -EINVAL;
	robust_mutex_unlock(&s->lock);	/* not in the reverse order */
	if (robust_mutex_trylock(&s->lock))
		return -EINVAL;
	return 0;
}

static void all_that_one_held_are_told_of(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	KUNIT_EXPECT_EQ(test, kthread_join(start_thread(test, lock_both_and_end, s)), 0);
	KUNIT_EXPECT_EQ(test, robust_mutex_trylock(&s->lock), -EOWNERDEAD);
	KUNIT_EXPECT_EQ(test, robust_mutex_trylock(&s->second), -EOWNERDEAD);
	robust_mutex_unlock(&s->lock);
	robust_mutex_unlock(&s->second);
}

static int repair(void *data)
{
	struct scene *s = data;

	return s->repaired++ ? -EIO : 0;
}

static void a_repair_makes_it_consistent_or_not(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	KUNIT_ASSERT_EQ(test, robust_mutex_lock_repair(&s->lock, repair, s), 0);
	robust_mutex_unlock(&s->lock);
	KUNIT_EXPECT_EQ(test, s->repaired, 0);
	end_holding(test, s);
	KUNIT_ASSERT_EQ(test, robust_mutex_lock_repair(&s->lock, repair, s), 0);
	KUNIT_EXPECT_EQ(test, s->repaired, 1);
	robust_mutex_unlock(&s->lock);
	end_holding(test, s);
	KUNIT_EXPECT_EQ(test, robust_mutex_lock_repair(&s->lock, repair, s), -ENOTRECOVERABLE);
	KUNIT_EXPECT_FALSE(test, robust_mutex_is_locked(&s->lock));
}

/* ---- what is wrong ---- */

static void what_is_consistent_is_not_made_so(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	KUNIT_EXPECT_EQ(test, robust_mutex_make_consistent(&s->lock), -EINVAL);
	KUNIT_ASSERT_EQ(test, robust_mutex_lock(&s->lock), 0);
	KUNIT_EXPECT_EQ(test, robust_mutex_make_consistent(&s->lock), -EINVAL);
	robust_mutex_unlock(&s->lock);
}

static void locking_twice_is_refused(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);
	int err = 0;

	KUNIT_ASSERT_EQ(test, robust_mutex_lock(&s->lock), 0);
	KUNIT_EXPECT_WARNINGS(test, IS_ENABLED(CONFIG_LOCKDEP), err = robust_mutex_lock(&s->lock));
	KUNIT_EXPECT_EQ(test, err, -EDEADLK);
	robust_mutex_unlock(&s->lock);
	KUNIT_EXPECT_FALSE(test, robust_mutex_is_locked(&s->lock));
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 0);
}

static void unlocking_what_one_does_not_hold_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	KUNIT_EXPECT_WARNINGS(test, 1, robust_mutex_unlock(&s->lock));
	start_thread(test, lock_and_end, s);
	KUNIT_EXPECT_WARNINGS(test, 1, robust_mutex_unlock(&s->lock));
	KUNIT_EXPECT_TRUE(test, robust_mutex_is_locked(&s->lock));
	WRITE_ONCE(s->leave, true);
	yield();
	KUNIT_EXPECT_EQ(test, robust_mutex_trylock(&s->lock), -EOWNERDEAD);
	robust_mutex_unlock(&s->lock);
}

static void a_killed_holder_has_ended(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);
	struct task_struct *t;

	NEEDS_KILLS(test);
	t = start_thread(test, lock_and_end, s);
	KUNIT_EXPECT_TRUE(test, kthread_kill(t, -ECANCELED));
	free_killed_thread(test, t);
	KUNIT_ASSERT_EQ(test, robust_mutex_lock(&s->lock), -EOWNERDEAD);
	KUNIT_EXPECT_EQ(test, robust_mutex_make_consistent(&s->lock), 0);
	robust_mutex_unlock(&s->lock);
}

/* It never had it: what it guards is as it was. */
static void what_was_given_to_one_that_is_killed_goes_on_as_it_was(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);
	struct task_struct *t;

	NEEDS_KILLS(test);
	KUNIT_ASSERT_EQ(test, robust_mutex_lock(&s->lock), 0);
	t = start_thread(test, lock_once, s);
	start_thread(test, lock_once, s);
	robust_mutex_unlock(&s->lock);
	KUNIT_EXPECT_TRUE(test, kthread_kill(t, -ECANCELED));
	KUNIT_EXPECT_WARNINGS(test, IS_ENABLED(CONFIG_LOCKDEP), free_killed_thread(test, t));
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 2);
	KUNIT_EXPECT_EQ(test, s->result[1], 0);
	KUNIT_EXPECT_FALSE(test, robust_mutex_is_locked(&s->lock));
}

/* ---- several CPUs ---- */

#define LIVES	50

static int live_and_end(void *data)
	__no_context_analysis
{
	struct scene *s = data;
	int err;

	for (unsigned int i = 0; i < 5; i++) {
		err = robust_mutex_lock(&s->lock);
		if (atomic_inc_return(&s->inside) != 1)
			atomic_inc(&s->wrong);
		if (err == -EOWNERDEAD) {
			atomic_inc(&s->told);
			err = robust_mutex_make_consistent(&s->lock);
		}
		if (err)
			atomic_inc(&s->wrong);
		atomic_dec(&s->inside);
		if (i < 4)
			robust_mutex_unlock(&s->lock);
	}
	atomic_inc(&s->dead);
	return 0;
}

static void each_end_is_told_to_one(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);
	struct task_struct *t[CONFIG_NR_CPUS];
	unsigned int n = num_online_cpus();
	int err;

	for (unsigned int round = 0; round < LIVES / n; round++) {
		for (unsigned int i = 0; i < n; i++)
			t[i] = start_thread_on(test, i, live_and_end, s);
		for (unsigned int i = 0; i < n; i++)
			kthread_join(t[i]);
	}
	err = robust_mutex_lock(&s->lock);
	KUNIT_EXPECT_EQ(test, err, -EOWNERDEAD);
	robust_mutex_unlock(&s->lock);
	KUNIT_EXPECT_EQ(test, atomic_read(&s->wrong), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&s->told) + 1, atomic_read(&s->dead));
}

static struct kunit_case robust_cases[] = {
	KUNIT_CASE(it_is_handed_on_in_the_order_of_arrival),
	KUNIT_CASE(the_next_is_told_once_that_the_holder_has_ended),
	KUNIT_CASE(one_that_waits_is_told),
	KUNIT_CASE(trylock_tells_it_too),
	KUNIT_CASE(one_that_nobody_puts_in_order_is_never_had_again),
	KUNIT_CASE(who_ends_before_it_is_in_order_leaves_it_so),
	KUNIT_CASE(all_that_one_held_are_told_of),
	KUNIT_CASE(a_repair_makes_it_consistent_or_not),
	KUNIT_CASE(what_is_consistent_is_not_made_so),
	KUNIT_CASE(locking_twice_is_refused),
	KUNIT_CASE(unlocking_what_one_does_not_hold_is_reported),
	KUNIT_CASE(a_killed_holder_has_ended),
	KUNIT_CASE(what_was_given_to_one_that_is_killed_goes_on_as_it_was),
	KUNIT_CASE(each_end_is_told_to_one),
	{}
};

static struct kunit_suite robust_suite = {
	.name = "robust_mutex",
	.exit = free_thread_cache,
	.test_cases = robust_cases,
};
kunit_test_suite(robust_suite);
