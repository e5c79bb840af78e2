/* SPDX-License-Identifier: MIT */
/*
 * No-wait locks: the table of what the calls return, and that nobody who failed to take the lock
 * is forgotten, whether an interrupt or another CPU.
 */
#include <kernel/nowait_lock.h>

#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/timer.h>
#include <test/kunit.h>

#include "lock_threads.h"

static_assert(IS_ENABLED(CONFIG_DEBUG) || sizeof(struct nowait_lock) == 1);

static void only_one_has_it(struct kunit *test)
	__no_context_analysis
{
	struct nowait_lock lock = NOWAIT_LOCK_INIT;

	KUNIT_EXPECT_FALSE(test, nowait_is_locked(&lock));
	KUNIT_EXPECT_TRUE(test, nowait_trylock(&lock));
	KUNIT_EXPECT_TRUE(test, nowait_is_locked(&lock));
	KUNIT_EXPECT_FALSE(test, nowait_trylock(&lock));
	nowait_unlock_quietly(&lock);
	KUNIT_EXPECT_TRUE(test, nowait_trylock(&lock));
	nowait_unlock_quietly(&lock);
}

static void unlock_tells_whether_somebody_tried(struct kunit *test)
	__no_context_analysis
{
	struct nowait_lock lock;

	nowait_lock_init(&lock);
	KUNIT_EXPECT_TRUE(test, nowait_trylock(&lock));
	KUNIT_EXPECT_FALSE(test, nowait_unlock(&lock));
	KUNIT_EXPECT_TRUE(test, nowait_trylock(&lock));
	KUNIT_EXPECT_FALSE(test, nowait_trylock(&lock));
	KUNIT_EXPECT_FALSE(test, nowait_trylock(&lock));
	KUNIT_EXPECT_TRUE(test, nowait_unlock(&lock));
	/* It was told once. */
	KUNIT_EXPECT_TRUE(test, nowait_trylock(&lock));
	KUNIT_EXPECT_FALSE(test, nowait_unlock(&lock));
}

/* The holder gives it back between the two attempts that a trylock is: it has it, and word too. */
static void an_attempt_that_comes_late_takes_it(struct kunit *test)
	__no_context_analysis
{
	struct nowait_lock lock = { .state = NOWAIT_CONTENDED };

	KUNIT_EXPECT_TRUE(test, nowait_trylock(&lock));
	KUNIT_EXPECT_TRUE(test, nowait_is_locked(&lock));
	KUNIT_EXPECT_TRUE(test, nowait_unlock(&lock));
	KUNIT_EXPECT_FALSE(test, nowait_is_locked(&lock));
}

static int enter_once(struct nowait_lock *lock)
{
	scoped_cond_guard(nowait_try, return 0, lock)
		return 1;
	return 0;
}

static void a_guard_ends_with_its_scope(struct kunit *test)
	__no_context_analysis
{
	struct nowait_lock lock = NOWAIT_LOCK_INIT;

	KUNIT_EXPECT_EQ(test, enter_once(&lock), 1);
	KUNIT_EXPECT_FALSE(test, nowait_is_locked(&lock));
	KUNIT_EXPECT_TRUE(test, nowait_trylock(&lock));
	KUNIT_EXPECT_EQ(test, enter_once(&lock), 0);
	KUNIT_EXPECT_TRUE(test, nowait_unlock(&lock));
}

static int unlock_of_another(void *data)
	__no_context_analysis
{
	return nowait_unlock(data);
}

static void unlocking_what_one_does_not_hold_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct nowait_lock lock = NOWAIT_LOCK_INIT;

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "CONFIG_DEBUG is off");
	KUNIT_EXPECT_REPORT(test, "by who does not hold it", nowait_unlock_quietly(&lock));
	KUNIT_EXPECT_TRUE(test, nowait_trylock(&lock));
	KUNIT_EXPECT_REPORT(test, "by who does not hold it",
			    start_thread(test, unlock_of_another, &lock));
	KUNIT_EXPECT_TRUE(test, nowait_is_locked(&lock));
	nowait_unlock_quietly(&lock);
}

/* ---- events, of which none may be lost ---- */

/*
 * Who makes an event known counts it, and then does the work if he gets the lock. Whatever was
 * counted when nobody holds the lock any more has been done.
 */
struct reactor {
	struct nowait_lock lock;
	struct timer_list timer;
	atomic_t events;
	int done;			/* of those, by holders of the lock */
	atomic_t inside, wrong;
	atomic_t left_to_others;
};

static void react(struct reactor *r)
	__no_context_analysis
{
	if (!nowait_trylock(&r->lock)) {
		atomic_inc(&r->left_to_others);
		return;
	}
	do {
		if (atomic_inc_return(&r->inside) != 1)
			atomic_inc(&r->wrong);
		r->done = atomic_read(&r->events);
		atomic_dec(&r->inside);
	} while (nowait_unlock(&r->lock) && nowait_trylock(&r->lock));
}

static void event(struct reactor *r)
{
	atomic_inc(&r->events);
	react(r);
}

static void event_in_irq(struct timer_list *t)
{
	struct reactor *r = from_timer(r, t, timer);

	event(r);
	mod_timer(t, jiffies + 1);
}

static void what_an_interrupt_could_not_do_the_holder_does(struct kunit *test)
	__no_context_analysis
{
	struct reactor *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	unsigned int lost = 0;

	KUNIT_ASSERT_NOT_NULL(test, r);
	timer_setup(&r->timer, event_in_irq, 0);
	mod_timer(&r->timer, jiffies + 1);
	for (unsigned int i = 0; i < 20; i++) {
		unsigned long begin = jiffies;

		KUNIT_ASSERT_TRUE(test, nowait_trylock(&r->lock));
		while (jiffies - begin < 3)	/* the interrupt comes, and fails */
			cpu_relax();
		if (!nowait_unlock(&r->lock))
			lost++;
	}
	del_timer_sync(&r->timer);
	KUNIT_EXPECT_EQ(test, lost, 0);
	KUNIT_EXPECT_GE(test, atomic_read(&r->left_to_others), 20);
}

#define EVENTS	5000

static int make_events(void *data)
{
	for (int i = 0; i < EVENTS; i++)
		event(data);
	return 0;
}

static void nothing_is_lost_between_tasks_cpus_and_interrupts(struct kunit *test)
{
	struct reactor *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	unsigned int n = num_online_cpus();
	struct task_struct *t[CONFIG_NR_CPUS];

	KUNIT_ASSERT_NOT_NULL(test, r);
	timer_setup(&r->timer, event_in_irq, 0);
	mod_timer(&r->timer, jiffies);
	for (unsigned int i = 0; i < n; i++)
		t[i] = start_thread_on(test, i, make_events, r);
	for (unsigned int i = 0; i < n; i++)
		kthread_join(t[i]);
	del_timer_sync(&r->timer);
	KUNIT_EXPECT_EQ(test, atomic_read(&r->wrong), 0);
	KUNIT_EXPECT_GE(test, atomic_read(&r->events), (int)n * EVENTS);
	KUNIT_EXPECT_EQ(test, r->done, atomic_read(&r->events));
	KUNIT_EXPECT_FALSE(test, nowait_is_locked(&r->lock));
}

static struct kunit_case nowait_cases[] = {
	KUNIT_CASE(only_one_has_it),
	KUNIT_CASE(unlock_tells_whether_somebody_tried),
	KUNIT_CASE(an_attempt_that_comes_late_takes_it),
	KUNIT_CASE(a_guard_ends_with_its_scope),
	KUNIT_CASE(unlocking_what_one_does_not_hold_is_reported),
	KUNIT_CASE(what_an_interrupt_could_not_do_the_holder_does),
	KUNIT_CASE(nothing_is_lost_between_tasks_cpus_and_interrupts),
	{}
};

static struct kunit_suite nowait_suite = {
	.name = "nowait_lock",
	.exit = free_thread_cache,
	.test_cases = nowait_cases,
};
kunit_test_suite(nowait_suite);
