/* SPDX-License-Identifier: MIT */
/*
 * Condition variables: who is woken, that no notification between unlock and sleep is lost, and
 * what misuse is told.
 */
#include <kernel/condvar.h>

#include <kernel/bug.h>
#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <lib/errno.h>
#include <test/kunit.h>

#include "lock_threads.h"

struct scene {
	struct mutex lock;
	struct condvar cv, other;
	int ready __guarded_by(&lock);
	unsigned int started, order;
	unsigned int looked;			/* at the condition, after a wait */
	int turn __guarded_by(&lock);
	int rounds;
};

static struct scene *scene_new(struct kunit *test)
{
	struct scene *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	mutex_init(&s->lock);
	condvar_init(&s->cv);
	condvar_init(&s->other);
	return s;
}

static int wait_for_one(void *data)
{
	struct scene *s = data;
	unsigned int number = ++s->started;

	guard(mutex)(&s->lock);
	while (!s->ready && !kthread_should_stop()) {
		condvar_wait(&s->cv, &s->lock);
		s->looked++;
	}
	if (s->ready)
		s->ready--;
	s->order = s->order * 10 + number;
	return 0;
}

static void set_ready(struct scene *s, int n)
{
	guard(mutex)(&s->lock);
	s->ready += n;
}

static void one_is_woken_in_the_order_of_arrival(struct kunit *test)
{
	struct scene *s = scene_new(test);

	for (unsigned int i = 0; i < 3; i++)
		start_thread(test, wait_for_one, s);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->lock));
	for (unsigned int i = 0; i < 2; i++) {
		set_ready(s, 1);
		condvar_notify_one(&s->cv);
		yield();
		KUNIT_EXPECT_EQ(test, s->looked, i + 1);
	}
	KUNIT_EXPECT_EQ(test, s->order, 12);
}

static void all_are_woken(struct kunit *test)
{
	struct scene *s = scene_new(test);

	for (unsigned int i = 0; i < 3; i++)
		start_thread(test, wait_for_one, s);
	set_ready(s, 3);
	condvar_notify_all(&s->cv);
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 123);
}

static void a_notification_that_finds_nobody_is_lost(struct kunit *test)
{
	struct scene *s = scene_new(test);

	condvar_notify_one(&s->cv);
	condvar_notify_all(&s->cv);
	start_thread(test, wait_for_one, s);
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 0);
	KUNIT_EXPECT_EQ(test, s->looked, 0);
}

static void a_stopped_thread_looks_again(struct kunit *test)
{
	struct scene *s = scene_new(test);
	struct task_struct *t = start_thread(test, wait_for_one, s);

	KUNIT_EXPECT_EQ(test, kthread_stop(t), 0);
	KUNIT_EXPECT_EQ(test, s->looked, 1);
	KUNIT_EXPECT_EQ(test, s->order, 1);
}

/* While it waits for the mutex again it is in no queue: the next notification is another's. */
static void a_woken_one_has_the_mutex_when_it_goes_on(struct kunit *test)
{
	struct scene *s = scene_new(test);

	start_thread(test, wait_for_one, s);
	start_thread(test, wait_for_one, s);
	mutex_lock(&s->lock);
	s->ready = 2;
	condvar_notify_one(&s->cv);
	yield();
	KUNIT_EXPECT_EQ(test, s->looked, 0);
	condvar_notify_one(&s->cv);
	mutex_unlock(&s->lock);
	yield();
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 12);
}

static void a_timeout_gives_the_mutex_back_and_takes_it(struct kunit *test)
{
	struct scene *s = scene_new(test);
	unsigned long before = jiffies;

	guard(mutex)(&s->lock);
	KUNIT_EXPECT_EQ(test, condvar_wait_timeout(&s->cv, &s->lock, 3), 0);
	KUNIT_EXPECT_GE(test, jiffies - before, 3);
	KUNIT_EXPECT_TRUE(test, mutex_is_held(&s->lock));
	KUNIT_EXPECT_EQ(test, condvar_wait_timeout(&s->cv, &s->lock, 0), 0);
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&s->cv.waiters));
}

static int notify_soon(void *data)
{
	struct scene *s = data;

	msleep(2);
	guard(mutex)(&s->lock);
	s->ready = 1;
	condvar_notify_one(&s->cv);
	return 0;
}

static void one_that_is_notified_in_time_is_told_what_was_left(struct kunit *test)
{
	struct scene *s = scene_new(test);
	long left = 10 * HZ;

	start_thread(test, notify_soon, s);
	scoped_guard(mutex, &s->lock) {
		while (!s->ready && left)
			left = condvar_wait_timeout(&s->cv, &s->lock, left);
		KUNIT_EXPECT_GT(test, left, 8 * HZ);
		KUNIT_EXPECT_TRUE(test, s->ready);
		s->ready = 0;
	}
	start_thread(test, notify_soon, s);
	scoped_guard(mutex, &s->lock)
		while (!s->ready)
			KUNIT_EXPECT_EQ(test, condvar_wait_interruptible(&s->cv, &s->lock), 0);
}

static void waiting_without_the_mutex_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);
	long left;
	int err;

	KUNIT_EXPECT_REPORT(test, "waits for a condition without the mutex",
			    condvar_wait(&s->cv, &s->lock));
	KUNIT_EXPECT_REPORT(test, "without the mutex",
			    err = condvar_wait_interruptible(&s->cv, &s->lock));
	KUNIT_EXPECT_EQ(test, err, -EPERM);
	KUNIT_EXPECT_REPORT(test, "without the mutex",
			    left = condvar_wait_timeout(&s->cv, &s->lock, 10));
	KUNIT_EXPECT_EQ(test, left, 0);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->lock));
}

static void what_one_was_told_that_is_killed_is_passed_on(struct kunit *test)
{
	struct scene *s = scene_new(test);
	struct task_struct *t;

	NEEDS_KILLS(test);
	t = start_thread(test, wait_for_one, s);
	start_thread(test, wait_for_one, s);
	set_ready(s, 1);
	condvar_notify_one(&s->cv);
	KUNIT_EXPECT_TRUE(test, kthread_kill(t, -ECANCELED));
	free_killed_thread(test, t);
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 2);
}

/* ---- ping, pong ---- */

#define PINGPONGS	100000

static void take_turn(struct scene *s, int me, int rounds)
{
	guard(mutex)(&s->lock);
	for (int i = 0; i < rounds; i++) {
		while (s->turn != me)
			condvar_wait(me ? &s->cv : &s->other, &s->lock);
		s->turn = !me;
		condvar_notify_one(me ? &s->other : &s->cv);
	}
}

static int pong(void *data)
{
	struct scene *s = data;

	take_turn(s, 1, s->rounds);
	return 0;
}

static void play(struct kunit *test, unsigned int cpu, int rounds)
{
	struct scene *s = scene_new(test);
	struct task_struct *t;

	s->rounds = rounds;
	t = start_thread_on(test, cpu, pong, s);
	take_turn(s, 0, rounds);
	KUNIT_EXPECT_EQ(test, kthread_join(t), 0);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->lock));
}

/* The checker makes each round some ten times as long. */
static void no_wakeup_is_lost_on_one_cpu(struct kunit *test)
{
	play(test, 0, IS_ENABLED(CONFIG_LOCKDEP) ? PINGPONGS / 10 : PINGPONGS);
}

static void no_wakeup_is_lost_between_cpus(struct kunit *test)
{
	NEEDS_TWO_CPUS(test);
	play(test, 1, PINGPONGS / 20);
}

static struct kunit_case condvar_cases[] = {
	KUNIT_CASE(one_is_woken_in_the_order_of_arrival),
	KUNIT_CASE(all_are_woken),
	KUNIT_CASE(a_notification_that_finds_nobody_is_lost),
	KUNIT_CASE(a_stopped_thread_looks_again),
	KUNIT_CASE(a_woken_one_has_the_mutex_when_it_goes_on),
	KUNIT_CASE(a_timeout_gives_the_mutex_back_and_takes_it),
	KUNIT_CASE(one_that_is_notified_in_time_is_told_what_was_left),
	KUNIT_CASE(waiting_without_the_mutex_is_reported),
	KUNIT_CASE(what_one_was_told_that_is_killed_is_passed_on),
	KUNIT_CASE(no_wakeup_is_lost_on_one_cpu),
	KUNIT_CASE(no_wakeup_is_lost_between_cpus),
	{}
};

static struct kunit_suite condvar_suite = {
	.name = "condvar",
	.exit = free_thread_cache,
	.timeout_ms = 60000,
	.test_cases = condvar_cases,
};
kunit_test_suite(condvar_suite);
