/* SPDX-License-Identifier: MIT */
/*
 * The lock checker: each kind of misuse is one report, what is right is none.
 */
#include <kernel/lockdep.h>

#include <kernel/ksyms.h>
#include <kernel/kthread.h>
#include <kernel/log.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "lockdep_locks.h"
#include "log_lines.h"

/* ---- what is right ---- */

static void the_stack_of_held_locks_follows(struct kunit *test)
{
	unsigned long flags;

	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 0);
	mutex_lock(&m);
	spin_lock_irqsave(&a, flags);
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 2);
	KUNIT_EXPECT_TRUE(test, lock_is_held(&a));
	KUNIT_EXPECT_TRUE(test, lock_is_held(&m));
	KUNIT_EXPECT_FALSE(test, lock_is_held(&b));
	KUNIT_EXPECT_TRUE(test, lockdep_in_atomic());
	spin_unlock_irqrestore(&a, flags);
	KUNIT_EXPECT_FALSE(test, lockdep_in_atomic());
	yield();
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 1);
	mutex_unlock(&m);
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 0);
}

static void locks_may_be_given_back_in_any_order(struct kunit *test)
{
	spin_lock(&a);
	spin_lock(&b);
	spin_unlock(&a);
	KUNIT_EXPECT_TRUE(test, lock_is_held(&b));
	spin_unlock(&b);
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 0);
}

static void a_trylock_has_no_order(struct kunit *test)
{
	spin_lock(&a);
	spin_lock(&b);
	spin_unlock(&b);
	spin_unlock(&a);
	spin_lock(&b);
	KUNIT_EXPECT_TRUE(test, spin_trylock(&a));
	spin_unlock(&a);
	spin_unlock(&b);
}

static void a_subclass_orders_two_of_a_class(struct kunit *test)
{
	spin_lock(&a);
	spin_lock_nested(&second_a, 1);
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 2);
	spin_unlock(&second_a);
	spin_unlock(&a);
}

static void a_subclass_that_there_is_not_is_reported(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "a is taken with subclass 4, of 4",
			    spin_lock_nested(&a, LOCKDEP_SUBCLASSES));
	spin_unlock(&a);
}

/* As a device's mutex and its parent's: the objects have an order of their own. */
static void locks_that_nest_are_taken_in_any_order(struct kunit *test)
{
	lockdep_set_nesting(&a);
	lockdep_set_nesting(&second_a);
	spin_lock(&a);
	spin_lock(&second_a);
	spin_unlock(&second_a);
	KUNIT_EXPECT_REPORT(test, "recursive locking: a is taken, and is held", spin_lock(&a));
	spin_unlock(&a);
	spin_unlock(&a);
	spin_lock(&second_a);
	spin_lock(&a);
	spin_unlock(&a);
	spin_unlock(&second_a);
}

static void an_assertion_reports_who_does_not_hold_it(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "&a is not held", lockdep_assert_held(&a));
	spin_lock(&a);
	lockdep_assert_held(&a);
	KUNIT_EXPECT_REPORT(test, "&a is held", lockdep_assert_not_held(&a));
	spin_unlock(&a);
	lockdep_assert_not_held(&a);
}

/* ---- AA ---- */

static void a_spin_lock_taken_twice_is_reported_and_left_out(struct kunit *test)
{
	spin_lock(&a);
	KUNIT_EXPECT_REPORT(test, "recursive locking: a is taken, and is held already",
			    spin_lock(&a));
	spin_unlock(&a);
	KUNIT_EXPECT_TRUE(test, lock_is_held(&a));
	spin_unlock(&a);
	KUNIT_ASSERT_TRUE(test, spin_trylock(&a));
	spin_unlock(&a);
}

static void a_mutex_taken_twice_is_reported_and_left_out(struct kunit *test)
{
	mutex_lock(&m);
	KUNIT_EXPECT_REPORT(test, "recursive locking: m is taken, and is held already",
			    mutex_lock(&m));
	mutex_unlock(&m);
	KUNIT_EXPECT_TRUE(test, mutex_is_locked(&m));
	mutex_unlock(&m);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&m));
}

static void two_of_a_class_without_a_subclass_are_reported(struct kunit *test)
{
	spin_lock(&a);
	KUNIT_EXPECT_REPORT(test, "recursive locking: second_a is taken, another of its class",
			    spin_lock(&second_a));
	spin_unlock(&second_a);
	spin_unlock(&a);
}

/* A writer that waits between the two keeps the second reader out for ever. */
static void a_reader_inside_itself_is_reported_unless_it_may(struct kunit *test)
{
	struct lockdep_map readers;

	lockdep_init_map(&readers, "readers", &keys[3], LOCK_KIND_RWSEM);
	KUNIT_EXPECT_TRUE(test, lockdep_acquire(&readers, 0, LOCK_SHARED, 0, 0));
	KUNIT_EXPECT_REPORT(test, "recursive locking: readers",
			    (void)lockdep_acquire(&readers, 0, LOCK_SHARED, 0, 0));
	(void)lockdep_release(&readers);
	(void)lockdep_release(&readers);
	rcu_lock_acquire(&rcu_lock_map);
	rcu_lock_acquire(&rcu_lock_map);
	rcu_lock_release(&rcu_lock_map);
	rcu_lock_release(&rcu_lock_map);
}

/* ---- ABBA ---- */

static noinline void take_a_then_b(void)
{
	spin_lock(&a);
	spin_lock(&b);
	spin_unlock(&b);
	spin_unlock(&a);
}

static noinline void take_b_then_a(void)
{
	spin_lock(&b);
	spin_lock(&a);
	spin_unlock(&a);
	spin_unlock(&b);
}

/* Whether a line of the log from there on has the text. */
static bool log_has(struct log_cursor cursor, const char *text)
{
	return log_says(&cursor, text);
}

static void two_orders_are_reported_with_both_places(struct kunit *test)
{
	struct log_cursor cursor;

	take_a_then_b();
	log_seek_last(&cursor, 0);
	KUNIT_EXPECT_REPORT(test, "circular locking: a is taken with b held", take_b_then_a());
	KUNIT_EXPECT_TRUE(test, log_has(cursor, "b was taken at"));
	if (!ksyms_lookup((uintptr_t)take_a_then_b, NULL, NULL))
		return;
	KUNIT_EXPECT_TRUE(test, log_has(cursor, "take_a_then_b"));
	KUNIT_EXPECT_TRUE(test, log_has(cursor, "take_b_then_a"));
}

static noinline void take_m_and_show(void)
{
	mutex_lock(&m);
	debug_show_held_locks(current);
	mutex_unlock(&m);
}

static noinline void try_m_and_show(void)
{
	if (!mutex_trylock(&m))
		return;
	debug_show_held_locks(current);
	mutex_unlock(&m);
}

static noinline void take_a_and_show(void)
{
	spin_lock(&a);
	debug_show_held_locks(current);
	spin_unlock(&a);
}

static noinline void call_to_show(void (*take_and_show)(void))
{
	take_and_show();
	barrier();	/* not a jump: it is in the backtrace */
}

/* Whether the line after the one with `title` has `first`, and the next has `second`. */
static bool log_has_places(struct log_cursor cursor, const char *title, const char *first,
			   const char *second)
{
	static char line[LOG_LINE_MAX];

	while (log_read(&cursor, LOGLEVEL_ALL, line))
		if (strstr(line, title))
			return log_read(&cursor, LOGLEVEL_ALL, line) && strstr(line, first) &&
			       log_read(&cursor, LOGLEVEL_ALL, line) && strstr(line, second);
	return false;
}

/* "m, taken at", take_m_and_show, call_to_show: each function once, the lock's own never. */
static void a_held_lock_is_shown_with_who_took_it_and_its_caller(struct kunit *test)
{
	static const struct {
		void (*take_and_show)(void);
		const char *title, *taker;
	} ways[] = {
		{ take_m_and_show, "m, taken at", "take_m_and_show" },
		{ try_m_and_show, "m, taken at", "try_m_and_show" },
		{ take_a_and_show, "a, taken at", "take_a_and_show" },
	};
	struct log_cursor cursor;

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		log_seek_last(&cursor, 0);
		call_to_show(ways[i].take_and_show);
		KUNIT_EXPECT_TRUE(test, log_has(cursor, ways[i].title));
		if (ksyms_lookup((uintptr_t)ways[i].take_and_show, NULL, NULL))
			KUNIT_EXPECT_TRUE(test, log_has_places(cursor, ways[i].title, ways[i].taker,
							       "call_to_show"));
	}
}

static void two_orders_are_reported_once(struct kunit *test)
{
	take_a_then_b();
	KUNIT_EXPECT_REPORT(test, "circular locking", take_b_then_a());
	KUNIT_EXPECT_WARNINGS(test, 0, take_b_then_a(); take_a_then_b());
}

/* a -> b -> c, then c -> a */
static void an_order_through_a_third_lock_is_found(struct kunit *test)
{
	take_a_then_b();
	spin_lock(&b);
	spin_lock(&c);
	spin_unlock(&c);
	spin_unlock(&b);
	spin_lock(&c);
	KUNIT_EXPECT_REPORT(test, "circular locking: a is taken with c held", spin_lock(&a));
	spin_unlock(&a);
	spin_unlock(&c);
}

/* a, b by a trylock, c: who holds c and waits for a meets who holds a and waits for c. */
static void an_order_across_a_trylock_is_found(struct kunit *test)
{
	spin_lock(&a);
	KUNIT_ASSERT_TRUE(test, spin_trylock(&b));
	spin_lock(&c);
	spin_unlock(&c);
	spin_unlock(&b);
	spin_unlock(&a);
	spin_lock(&c);
	KUNIT_EXPECT_REPORT(test, "circular locking: a is taken with c held", spin_lock(&a));
	spin_unlock(&a);
	spin_unlock(&c);
}

static void an_order_across_a_read_section_is_found(struct kunit *test)
{
	spin_lock(&a);
	rcu_lock_acquire(&rcu_lock_map);
	spin_lock(&b);
	spin_unlock(&b);
	rcu_lock_release(&rcu_lock_map);
	spin_unlock(&a);
	KUNIT_EXPECT_REPORT(test, "circular locking", take_b_then_a());
}

/* It is not taken, so that it does not deadlock the run. */
static void a_lock_that_might_be_taken_has_an_order(struct kunit *test)
{
	take_a_then_b();
	spin_lock(&b);
	KUNIT_EXPECT_REPORT(test, "circular locking: a is taken with b held", might_lock(&a));
	KUNIT_EXPECT_FALSE(test, lock_is_held(&a));
	spin_unlock(&b);
}

static int take_m_then_n(void *unused)
{
	(void)unused;
	mutex_lock(&m);
	mutex_lock(&n);
	mutex_unlock(&n);
	mutex_unlock(&m);
	return 0;
}

static void orders_of_different_tasks_come_together(struct kunit *test)
{
	struct task_struct *task;

	lockdep_set_class_and_name(&n, &keys[2], "n");
	task = kthread_run(take_m_then_n, NULL, "m_then_n");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	kthread_join(task);
	mutex_lock(&n);
	KUNIT_EXPECT_REPORT(test, "circular locking: m is taken with n held", mutex_lock(&m));
	mutex_unlock(&m);
	mutex_unlock(&n);
}

/* ---- unlock ---- */

static void giving_back_what_nobody_holds_is_reported(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "bad unlock balance", spin_unlock(&a));
	KUNIT_ASSERT_TRUE(test, spin_trylock(&a));
	spin_unlock(&a);
}

static int unlock_m(void *unused)
{
	(void)unused;
	mutex_unlock(&m);
	return 0;
}

static void giving_back_what_another_task_holds_is_reported_and_refused(struct kunit *test)
{
	struct task_struct *task;

	task = kthread_create(unlock_m, NULL, "thief");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	mutex_lock(&m);
	KUNIT_EXPECT_REPORT(test, "bad unlock balance: thief", wake_up_process(task);
			    kthread_join(task));
	KUNIT_EXPECT_TRUE(test, mutex_is_locked(&m));
	mutex_unlock(&m);
}

/* More than is remembered is said once a boot; what is given back then is nobody's mistake. */
static void a_stack_that_is_full_keeps_its_balance(struct kunit *test)
{
	unsigned int extra = 3, max = LOCKDEP_DEPTH + extra;

	for (unsigned int i = 0; i < LOCKDEP_DEPTH; i++)
		rcu_lock_acquire(&rcu_lock_map);
	KUNIT_EXPECT_REPORT(test, "no room for more locks held by one task",
			    for (unsigned int i = 0; i < extra; i++)
				rcu_lock_acquire(&rcu_lock_map));
	for (unsigned int i = 0; i < max; i++)
		rcu_lock_release(&rcu_lock_map);
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 0);
	KUNIT_EXPECT_REPORT(test, "bad unlock balance", spin_unlock(&a));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(the_stack_of_held_locks_follows),
	KUNIT_CASE(locks_may_be_given_back_in_any_order),
	KUNIT_CASE(a_trylock_has_no_order),
	KUNIT_CASE(a_subclass_orders_two_of_a_class),
	KUNIT_CASE(a_subclass_that_there_is_not_is_reported),
	KUNIT_CASE(locks_that_nest_are_taken_in_any_order),
	KUNIT_CASE(an_assertion_reports_who_does_not_hold_it),
	KUNIT_CASE(a_spin_lock_taken_twice_is_reported_and_left_out),
	KUNIT_CASE(a_mutex_taken_twice_is_reported_and_left_out),
	KUNIT_CASE(two_of_a_class_without_a_subclass_are_reported),
	KUNIT_CASE(a_reader_inside_itself_is_reported_unless_it_may),
	KUNIT_CASE(two_orders_are_reported_with_both_places),
	KUNIT_CASE(a_held_lock_is_shown_with_who_took_it_and_its_caller),
	KUNIT_CASE(two_orders_are_reported_once),
	KUNIT_CASE(an_order_through_a_third_lock_is_found),
	KUNIT_CASE(an_order_across_a_trylock_is_found),
	KUNIT_CASE(an_order_across_a_read_section_is_found),
	KUNIT_CASE(a_lock_that_might_be_taken_has_an_order),
	KUNIT_CASE(orders_of_different_tasks_come_together),
	KUNIT_CASE(giving_back_what_nobody_holds_is_reported),
	KUNIT_CASE(giving_back_what_another_task_holds_is_reported_and_refused),
	KUNIT_CASE(a_stack_that_is_full_keeps_its_balance),
	{}
};

static struct kunit_suite suite = {
	.name = "lockdep",
	.init = start,
	.exit = end,
	.test_cases = cases,
};
kunit_test_suite(suite);
