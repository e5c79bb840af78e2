/* SPDX-License-Identifier: MIT */
/*
 * Mutexes and semaphores: exclusion, the order of arrival, what an interrupt may do,
 * and what misuse is told.
 */
#include <kernel/bug.h>
#include <kernel/delay.h>
#include <kernel/kthread.h>
#include <kernel/mutex.h>
#include <kernel/semaphore.h>
#include <kernel/timer.h>
#include <kernel/vmalloc.h>
#include <lib/math.h>
#include <test/kunit.h>

#include "threads.h"

#define TASKS	4

struct scene {
	struct mutex lock;
	struct semaphore sem;
	struct timer_list timer;
	struct task_struct *task[TASKS];
	unsigned int started;
	unsigned int inside, most_inside;	/* tasks that hold the lock */
	unsigned int rounds;
	unsigned int order;			/* numbers of those who got it, as digits */
};

static struct scene *scene_new(struct kunit *test)
{
	struct scene *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	mutex_init(&s->lock);
	sema_init(&s->sem, 0);
	return s;
}

/* None has begun when one of them could not be made. */
static void make_tasks(struct kunit *test, struct scene *s, int (*fn)(void *data),
		       unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		s->task[i] = kthread_create(fn, s, "locker/%u", i + 1);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, s->task[i]);
		get_task_struct(s->task[i]);
		KUNIT_ASSERT_EQ(test, kunit_add_action(test, stop_thread, s->task[i]), 0);
	}
	for (unsigned int i = 0; i < n; i++)
		kunit_remove_action(test, stop_thread, s->task[i]);
}

/* The tasks find out their numbers by the order in which they begin. */
static void begin_tasks(struct scene *s, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		wake_up_process(s->task[i]);
	yield();
}

static void start_tasks(struct kunit *test, struct scene *s, int (*fn)(void *data),
			unsigned int n)
{
	make_tasks(test, s, fn, n);
	begin_tasks(s, n);
}

static void join_tasks(struct scene *s, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		kthread_join(s->task[i]);
		put_task_struct(s->task[i]);
	}
}

static void enter(struct scene *s)
{
	if (++s->inside > s->most_inside)
		s->most_inside = s->inside;
}

/* ---- mutexes ---- */

static int lock_and_yield(void *data)
{
	struct scene *s = data;

	for (unsigned int i = 0; i < 100; i++) {
		guard(mutex)(&s->lock);
		enter(s);
		yield();
		s->rounds++;
		s->inside--;
	}
	return 0;
}

static void one_at_a_time_is_inside(struct kunit *test)
{
	struct scene *s = scene_new(test);

	start_tasks(test, s, lock_and_yield, TASKS);
	join_tasks(s, TASKS);
	KUNIT_EXPECT_EQ(test, s->most_inside, 1);
	KUNIT_EXPECT_EQ(test, s->rounds, TASKS * 100);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->lock));
}

static int lock_once(void *data)
{
	struct scene *s = data;
	unsigned int number = ++s->started;

	mutex_lock(&s->lock);
	s->order = s->order * 10 + number;
	mutex_unlock(&s->lock);
	return 0;
}

static void the_lock_is_handed_on_in_the_order_of_arrival(struct kunit *test)
{
	struct scene *s = scene_new(test);

	make_tasks(test, s, lock_once, TASKS);
	mutex_lock(&s->lock);
	begin_tasks(s, TASKS);
	KUNIT_EXPECT_EQ(test, s->started, TASKS);
	KUNIT_EXPECT_EQ(test, s->order, 0);
	mutex_unlock(&s->lock);
	join_tasks(s, TASKS);
	KUNIT_EXPECT_EQ(test, s->order, 1234);
}

static void who_unlocks_cannot_overtake_a_waiter(struct kunit *test)
{
	struct scene *s = scene_new(test);

	make_tasks(test, s, lock_once, 1);
	mutex_lock(&s->lock);
	begin_tasks(s, 1);
	mutex_unlock(&s->lock);
	/* it belongs to the waiter, though that has not run yet */
	KUNIT_EXPECT_TRUE(test, mutex_is_locked(&s->lock));
	KUNIT_EXPECT_EQ(test, mutex_trylock(&s->lock), 0);
	mutex_lock(&s->lock);
	KUNIT_EXPECT_EQ(test, s->order, 1);
	mutex_unlock(&s->lock);
	join_tasks(s, 1);
}

static void a_waiter_woken_by_somebody_else_waits_on(struct kunit *test)
{
	struct scene *s = scene_new(test);

	make_tasks(test, s, lock_once, 1);
	mutex_lock(&s->lock);
	begin_tasks(s, 1);
	KUNIT_EXPECT_EQ(test, wake_up_process(s->task[0]), 0);
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 0);
	mutex_unlock(&s->lock);
	join_tasks(s, 1);
	KUNIT_EXPECT_EQ(test, s->order, 1);
}

static void trylock_takes_it_or_not(struct kunit *test)
	__no_context_analysis	/* the results are compared, not branched on */
{
	static DEFINE_MUTEX(lock);

	KUNIT_EXPECT_EQ(test, mutex_trylock(&lock), 1);
	KUNIT_EXPECT_EQ(test, mutex_trylock(&lock), 0);
	mutex_unlock(&lock);
	KUNIT_EXPECT_EQ(test, mutex_lock_interruptible(&lock), 0);
	KUNIT_EXPECT_TRUE(test, mutex_is_locked(&lock));
	mutex_unlock(&lock);
	KUNIT_EXPECT_EQ(test, mutex_lock_killable(&lock), 0);
	mutex_unlock(&lock);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&lock));
}

static void a_guard_ends_with_its_scope(struct kunit *test)
{
	static DEFINE_MUTEX(lock);

	scoped_guard(mutex, &lock)
		KUNIT_EXPECT_TRUE(test, mutex_is_locked(&lock));
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&lock));
}

static int hold_until_stopped(void *data)
{
	struct scene *s = data;

	mutex_lock(&s->lock);
	while (!kthread_should_stop())
		msleep_interruptible(1000);
	mutex_unlock(&s->lock);
	return 0;
}

static void unlocking_what_another_holds_is_reported_and_refused(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	KUNIT_EXPECT_WARNINGS(test, 1, mutex_unlock(&s->lock));
	start_tasks(test, s, hold_until_stopped, 1);
	KUNIT_EXPECT_WARNINGS(test, 1, mutex_unlock(&s->lock));
	KUNIT_EXPECT_TRUE(test, mutex_is_locked(&s->lock));
	kthread_stop(s->task[0]);
	put_task_struct(s->task[0]);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->lock));
}

static int lock_and_leave(void *data)
	__no_context_analysis
{
	struct scene *s = data;

	mutex_lock(&s->lock);
	return 0;
}

static void a_mutex_held_at_the_end_is_reported_and_granted_as_abandoned(struct kunit *test)
{
	struct scene *s = scene_new(test);

	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "CONFIG_LOCKDEP is off");
	KUNIT_EXPECT_REPORT(test, "ends with 1 locks held",
			    start_tasks(test, s, lock_and_leave, 1); join_tasks(s, 1));
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->lock));
	KUNIT_EXPECT_REPORT(test, "was abandoned", mutex_lock(&s->lock));
	mutex_unlock(&s->lock);
}

/*
 * It has been given the mutex and has not run since: what is known of it is that it waits. What
 * the mutex protects is as it was.
 */
static void a_mutex_given_to_a_task_that_dies_before_it_runs_goes_on(struct kunit *test)
{
	struct scene *s = scene_new(test);

	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "CONFIG_LOCKDEP is off");
	make_tasks(test, s, lock_and_leave, 1);
	mutex_lock(&s->lock);
	begin_tasks(s, 1);
	mutex_unlock(&s->lock);
	KUNIT_EXPECT_TRUE(test, mutex_is_locked(&s->lock));
	lockdep_abandon(s->task[0]);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->lock));
	join_tasks(s, 1);
	KUNIT_ASSERT_FALSE(test, mutex_is_locked(&s->lock));
	KUNIT_EXPECT_WARNINGS(test, 0, mutex_lock(&s->lock));
	mutex_unlock(&s->lock);
}

static int lock_twice_and_leave(void *data)
	__no_context_analysis
{
	struct scene *s = data;

	mutex_lock(&s->lock);
	mutex_lock(&s->lock);
	return 0;
}

/* The second time it was not given it, and so it is the first one that counts. */
static void a_mutex_locked_twice_and_left_is_abandoned(struct kunit *test)
{
	struct scene *s = scene_new(test);

	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "CONFIG_LOCKDEP is off");
	KUNIT_EXPECT_WARNINGS(test, 2, start_tasks(test, s, lock_twice_and_leave, 1);
			      join_tasks(s, 1));
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->lock));
	KUNIT_EXPECT_REPORT(test, "was abandoned", mutex_lock(&s->lock));
	mutex_unlock(&s->lock);
}

static void destroying_a_locked_mutex_is_reported(struct kunit *test)
{
	struct mutex lock;

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "CONFIG_DEBUG is off");
	mutex_init(&lock);
	mutex_lock(&lock);
	KUNIT_EXPECT_WARNINGS(test, 1, mutex_destroy(&lock));
	mutex_unlock(&lock);
	mutex_destroy(&lock);
}

static void using_a_destroyed_mutex_is_reported(struct kunit *test)
{
	struct mutex lock;

	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "CONFIG_LOCKDEP is off");
	mutex_init(&lock);
	mutex_destroy(&lock);
	KUNIT_EXPECT_REPORT(test, "was destroyed", mutex_lock(&lock));
	mutex_unlock(&lock);
	mutex_init(&lock);
	KUNIT_EXPECT_WARNINGS(test, 0, mutex_lock(&lock));
	mutex_unlock(&lock);
}

static void lock_in_irq(struct timer_list *t)
{
	struct scene *s = from_timer(s, t, timer);

	mutex_lock(&s->lock);
	mutex_unlock(&s->lock);
}

static void locking_in_an_interrupt_is_reported(struct kunit *test)
{
	struct scene *s = scene_new(test);

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "CONFIG_DEBUG is off");
	timer_setup(&s->timer, lock_in_irq, 0);
	KUNIT_EXPECT_WARNINGS(test, 1, mod_timer(&s->timer, jiffies); msleep(2));
}

/* ---- semaphores ---- */

static int down_once(void *data)
{
	struct scene *s = data;
	unsigned int number = ++s->started;

	down(&s->sem);
	s->order = s->order * 10 + number;
	return 0;
}

static void as_many_go_on_as_were_given(struct kunit *test)
{
	struct scene *s = scene_new(test);

	up(&s->sem);
	start_tasks(test, s, down_once, TASKS);
	KUNIT_EXPECT_EQ(test, s->order, 1);
	up(&s->sem);
	up(&s->sem);
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 123);
	up(&s->sem);
	join_tasks(s, TASKS);
	KUNIT_EXPECT_EQ(test, s->order, 1234);
	KUNIT_EXPECT_EQ(test, context_unsafe(s->sem.count), 0);
}

static void what_is_given_to_a_waiter_cannot_be_taken(struct kunit *test)
{
	struct scene *s = scene_new(test);

	start_tasks(test, s, down_once, 1);
	up(&s->sem);
	KUNIT_EXPECT_EQ(test, down_trylock(&s->sem), 1);
	join_tasks(s, 1);
	KUNIT_EXPECT_EQ(test, s->order, 1);
}

/* The memory that a killed task keeps; here nothing that was on its stack is in use. */
static void free_killed(struct task_struct *task)
{
	kthread_join(task);
	vmap_stack_free(task->stack);
	put_task_struct(task);	/* of its life */
	put_task_struct(task);
}

/* With somebody behind it, and with nobody; who gets it is not told that it was abandoned. */
static void a_mutex_given_to_one_that_is_killed_goes_on_at_once(struct kunit *test)
{
	struct scene *s = scene_new(test);

	if (!IS_ENABLED(CONFIG_FAULT_ISOLATION))
		kunit_skip(test, "CONFIG_FAULT_ISOLATION is off");
	make_tasks(test, s, lock_once, 3);
	mutex_lock(&s->lock);
	begin_tasks(s, 3);
	mutex_unlock(&s->lock);
	KUNIT_EXPECT_TRUE(test, kthread_kill(s->task[0], -ECANCELED));
	KUNIT_EXPECT_WARNINGS(test, IS_ENABLED(CONFIG_LOCKDEP), free_killed(s->task[0]));
	for (unsigned int i = 1; i < 3; i++) {
		kthread_join(s->task[i]);
		put_task_struct(s->task[i]);
	}
	KUNIT_EXPECT_EQ(test, s->order, 23);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->lock));

	make_tasks(test, s, lock_once, 1);
	KUNIT_EXPECT_WARNINGS(test, 0, mutex_lock(&s->lock));
	begin_tasks(s, 1);
	mutex_unlock(&s->lock);
	KUNIT_EXPECT_TRUE(test, kthread_kill(s->task[0], -ECANCELED));
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->lock));
	KUNIT_EXPECT_WARNINGS(test, IS_ENABLED(CONFIG_LOCKDEP), free_killed(s->task[0]));
	KUNIT_EXPECT_WARNINGS(test, 0, mutex_lock(&s->lock));
	mutex_unlock(&s->lock);
}

static void what_is_given_to_a_task_that_is_killed_before_it_runs_goes_on(struct kunit *test)
{
	struct scene *s = scene_new(test);

	if (!IS_ENABLED(CONFIG_FAULT_ISOLATION))
		kunit_skip(test, "CONFIG_FAULT_ISOLATION is off");
	start_tasks(test, s, down_once, 3);
	up(&s->sem);
	KUNIT_EXPECT_TRUE(test, kthread_kill(s->task[0], -ECANCELED));
	kthread_join(s->task[1]);
	KUNIT_EXPECT_EQ(test, s->order, 2);
	/* One that was given nothing gives nothing. */
	KUNIT_EXPECT_TRUE(test, kthread_kill(s->task[2], -ECANCELED));
	KUNIT_EXPECT_EQ(test, context_unsafe(s->sem.count), 0);
	free_killed(s->task[0]);
	put_task_struct(s->task[1]);
	free_killed(s->task[2]);
}

static int wait_once(void *data)
{
	struct scene *s = data;

	return down_timeout(&s->sem, 10 * HZ);
}

static void what_is_given_with_nobody_else_waiting_is_counted_again(struct kunit *test)
{
	struct scene *s = scene_new(test);

	if (!IS_ENABLED(CONFIG_FAULT_ISOLATION))
		kunit_skip(test, "CONFIG_FAULT_ISOLATION is off");
	start_tasks(test, s, down_once, 1);
	up(&s->sem);
	KUNIT_EXPECT_TRUE(test, kthread_kill(s->task[0], -ECANCELED));
	KUNIT_EXPECT_EQ(test, context_unsafe(s->sem.count), 1);
	free_killed(s->task[0]);
	down(&s->sem);
	/* What runs on after its sleep has it for good. */
	start_tasks(test, s, wait_once, 1);
	up(&s->sem);
	yield();
	KUNIT_EXPECT_FALSE(test, kthread_kill(s->task[0], -ECANCELED));
	KUNIT_EXPECT_EQ(test, context_unsafe(s->sem.count), 0);
	join_tasks(s, 1);
}

/* No interrupt has stopped it: there is nothing that could be diverted. */
static int try_to_divert(void *unused)
{
	bool killed;

	(void)unused;
	local_irq_disable();
	killed = kthread_kill_interrupted(-EFAULT);
	local_irq_enable();
	return killed || kthread_was_killed(current);
}

static void who_cannot_be_diverted_is_not_marked_as_killed(struct kunit *test)
{
	struct scene *s = scene_new(test);

	if (!IS_ENABLED(CONFIG_FAULT_ISOLATION))
		kunit_skip(test, "CONFIG_FAULT_ISOLATION is off");
	start_tasks(test, s, try_to_divert, 1);
	KUNIT_EXPECT_EQ(test, kthread_join(s->task[0]), 0);
	put_task_struct(s->task[0]);
}

static void down_trylock_returns_0_for_success(struct kunit *test)
{
	struct semaphore sem;

	sema_init(&sem, 2);
	KUNIT_EXPECT_EQ(test, down_trylock(&sem), 0);
	KUNIT_EXPECT_EQ(test, down_interruptible(&sem), 0);
	KUNIT_EXPECT_EQ(test, down_trylock(&sem), 1);
	up(&sem);
	KUNIT_EXPECT_EQ(test, down_killable(&sem), 0);
}

static void down_timeout_gives_up_and_leaves_the_queue(struct kunit *test)
{
	struct scene *s = scene_new(test);
	unsigned long before = jiffies;

	KUNIT_EXPECT_EQ(test, down_timeout(&s->sem, 5), -ETIME);
	KUNIT_EXPECT_GE(test, jiffies - before, 5);
	KUNIT_EXPECT_EQ(test, down_timeout(&s->sem, 0), -ETIME);
	up(&s->sem);
	KUNIT_EXPECT_EQ(test, context_unsafe(s->sem.count), 1);
	KUNIT_EXPECT_EQ(test, down_timeout(&s->sem, 0), 0);
}

static void up_in_irq(struct timer_list *t)
{
	struct scene *s = from_timer(s, t, timer);

	up(&s->sem);
}

static void an_interrupt_may_give(struct kunit *test)
{
	struct scene *s = scene_new(test);

	timer_setup(&s->timer, up_in_irq, 0);
	mod_timer(&s->timer, jiffies + 2);
	KUNIT_EXPECT_EQ(test, down_timeout(&s->sem, 10 * HZ), 0);
	KUNIT_EXPECT_EQ(test, context_unsafe(s->sem.count), 0);
	del_timer_sync(&s->timer);
}

static struct kunit_case mutex_cases[] = {
	KUNIT_CASE(one_at_a_time_is_inside),
	KUNIT_CASE(the_lock_is_handed_on_in_the_order_of_arrival),
	KUNIT_CASE(who_unlocks_cannot_overtake_a_waiter),
	KUNIT_CASE(a_waiter_woken_by_somebody_else_waits_on),
	KUNIT_CASE(trylock_takes_it_or_not),
	KUNIT_CASE(a_guard_ends_with_its_scope),
	KUNIT_CASE(unlocking_what_another_holds_is_reported_and_refused),
	KUNIT_CASE(a_mutex_held_at_the_end_is_reported_and_granted_as_abandoned),
	KUNIT_CASE(a_mutex_given_to_a_task_that_dies_before_it_runs_goes_on),
	KUNIT_CASE(a_mutex_locked_twice_and_left_is_abandoned),
	KUNIT_CASE(destroying_a_locked_mutex_is_reported),
	KUNIT_CASE(using_a_destroyed_mutex_is_reported),
	KUNIT_CASE(locking_in_an_interrupt_is_reported),
	KUNIT_CASE(as_many_go_on_as_were_given),
	KUNIT_CASE(what_is_given_to_a_waiter_cannot_be_taken),
	KUNIT_CASE(a_mutex_given_to_one_that_is_killed_goes_on_at_once),
	KUNIT_CASE(what_is_given_to_a_task_that_is_killed_before_it_runs_goes_on),
	KUNIT_CASE(what_is_given_with_nobody_else_waiting_is_counted_again),
	KUNIT_CASE(who_cannot_be_diverted_is_not_marked_as_killed),
	KUNIT_CASE(down_trylock_returns_0_for_success),
	KUNIT_CASE(down_timeout_gives_up_and_leaves_the_queue),
	KUNIT_CASE(an_interrupt_may_give),
	{}
};

static struct kunit_suite mutex_suite = {
	.name = "mutex",
	.exit = free_thread_cache,
	.test_cases = mutex_cases,
};
kunit_test_suite(mutex_suite);
