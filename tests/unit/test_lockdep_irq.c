/* SPDX-License-Identifier: MIT */
/*
 * The lock checker and interrupts: a lock that a handler takes is taken with interrupts off,
 * and what a handler holds is its own. An interrupt is a timer's callback.
 */
#include <kernel/lockdep.h>

#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <kernel/timer.h>
#include <lib/errno.h>
#include <test/kunit.h>

#include "lockdep_locks.h"

static struct timer_list timer;
static spinlock_t *taken_in_irq;

static void take_in_irq(struct timer_list *t)
{
	(void)t;
	spin_lock(taken_in_irq);
	spin_unlock(taken_in_irq);
}

static void interrupt_that_takes(spinlock_t *lock)
{
	taken_in_irq = lock;
	timer_setup(&timer, take_in_irq, 0);
	mod_timer(&timer, jiffies + 1);
	msleep(5);
	del_timer_sync(&timer);
}

static void a_handlers_lock_taken_with_irqs_on_is_reported(struct kunit *test)
{
	interrupt_that_takes(&a);
	KUNIT_EXPECT_REPORT(test, "inconsistent lock state: a is taken with interrupts on",
			    spin_lock(&a));
	spin_unlock(&a);
}

static void a_lock_taken_with_irqs_on_and_then_by_a_handler_is_reported(struct kunit *test)
{
	spin_lock(&a);
	spin_unlock(&a);
	KUNIT_EXPECT_REPORT(test, "inconsistent lock state: a is taken by an interrupt handler",
			    interrupt_that_takes(&a));
}

/* The handler's wait for it would be no less long. */
static void a_handlers_lock_tried_with_irqs_on_is_reported(struct kunit *test)
{
	bool taken = false;

	interrupt_that_takes(&a);
	KUNIT_EXPECT_REPORT(test, "inconsistent lock state: a is taken with interrupts on",
			    taken = spin_trylock(&a));
	KUNIT_ASSERT_TRUE(test, taken);
	spin_unlock(&a);
}

static void an_interrupt_that_waits_for_whom_it_interrupted_is_one_report(struct kunit *test)
{
	unsigned long end = jiffies + 5;

	taken_in_irq = &a;
	timer_setup(&timer, take_in_irq, 0);
	spin_lock(&a);
	KUNIT_EXPECT_REPORT(test, "recursive locking: a is taken, and is held already",
			    mod_timer(&timer, jiffies + 1);
			    while (time_before(jiffies, end))
				cpu_relax());
	KUNIT_EXPECT_TRUE(test, lock_is_held(&a));
	spin_unlock(&a);
	del_timer_sync(&timer);
}

static bool held_in_irq;

static void give_back_in_irq(struct timer_list *t)
{
	(void)t;
	held_in_irq = lock_is_held(taken_in_irq);
	spin_unlock(taken_in_irq);
}

/* What the task below holds is not the handler's. */
static void an_interrupt_that_gives_a_tasks_lock_back_is_reported(struct kunit *test)
{
	unsigned long end = jiffies + 5;

	taken_in_irq = &a;
	held_in_irq = true;
	timer_setup(&timer, give_back_in_irq, 0);
	spin_lock(&a);
	KUNIT_EXPECT_REPORT(test, "bad unlock balance: an interrupt of",
			    mod_timer(&timer, jiffies + 1);
			    while (time_before(jiffies, end))
				cpu_relax());
	KUNIT_EXPECT_FALSE(test, held_in_irq);
	KUNIT_EXPECT_TRUE(test, lock_is_held(&a));
	spin_unlock(&a);
	del_timer_sync(&timer);
}

static void take_and_leave_in_irq(struct timer_list *t)
{
	(void)t;
	spin_lock(taken_in_irq);
}

static void a_lock_that_a_handler_leaves_taken_is_reported(struct kunit *test)
{
	taken_in_irq = &a;
	timer_setup(&timer, take_and_leave_in_irq, 0);
	KUNIT_EXPECT_REPORT(test, "returns with 1 locks held",
			    mod_timer(&timer, jiffies + 1); msleep(5));
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 0);
	del_timer_sync(&timer);
}

static bool was_killed;

static void kill_in_irq(struct timer_list *t)
{
	(void)t;
	was_killed = kthread_kill_interrupted(-EINTR);
}

/* Others would wait for its lock for ever. */
static void a_task_that_holds_a_spin_lock_is_not_killed(struct kunit *test)
{
	was_killed = true;
	timer_setup(&timer, kill_in_irq, 0);
	spin_lock(&a);
	mod_timer(&timer, jiffies + 1);
	mdelay(3);
	spin_unlock(&a);
	KUNIT_EXPECT_FALSE(test, was_killed);
	del_timer_sync(&timer);
}

static void a_handlers_lock_taken_with_irqs_off_is_right(struct kunit *test)
{
	unsigned long flags;

	interrupt_that_takes(&a);
	spin_lock_irqsave(&a, flags);
	KUNIT_EXPECT_TRUE(test, lock_is_held(&a));
	spin_unlock_irqrestore(&a, flags);
}

static void irqs_switched_on_while_a_handlers_lock_is_held_are_reported(struct kunit *test)
{
	interrupt_that_takes(&a);
	spin_lock_irq(&a);
	local_irq_enable();
	KUNIT_EXPECT_REPORT(test, "inconsistent lock state: a", spin_unlock(&a));
}

/* b's holder is interrupted as soon as a's flags are restored. */
static void flags_restored_before_an_inner_lock_is_given_back_are_reported(struct kunit *test)
{
	unsigned long on, off;

	spin_lock_irqsave(&a, on);
	spin_lock_irqsave(&b, off);
	spin_unlock_irqrestore(&a, on);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
	KUNIT_EXPECT_REPORT(test, "interrupts are on before b is given back",
			    spin_unlock_irqrestore(&b, off));
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	local_irq_restore(on);
}

static void flags_of_another_lock_are_reported(struct kunit *test)
{
	unsigned long on, off;

	spin_lock_irqsave(&a, on);
	spin_lock_irqsave(&b, off);
	spin_unlock_irqrestore(&b, on);
	KUNIT_EXPECT_REPORT(test, "interrupts are on before a is given back",
			    spin_unlock_irqrestore(&a, off));
	local_irq_restore(on);
}

static void irqs_switched_on_before_a_lock_that_does_so_are_reported(struct kunit *test)
{
	spin_lock_irq(&a);
	local_irq_enable();
	KUNIT_EXPECT_REPORT(test, "interrupts are on before a is given back",
			    spin_unlock_irq(&a));
}

/* The outer lock's flags may be the last: interrupts are off for as long as either is held. */
static void locks_are_given_back_in_any_order_and_flags_in_one(struct kunit *test)
{
	unsigned long on, off;

	spin_lock_irqsave(&a, on);
	spin_lock_irqsave(&b, off);
	spin_unlock_irqrestore(&a, off);
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	spin_unlock_irqrestore(&b, on);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
	spin_lock_irqsave(&a, on);
	spin_lock_irqsave(&b, off);
	spin_lock_irqsave(&c, off);
	spin_unlock_irqrestore(&c, off);
	spin_unlock_irqrestore(&b, off);
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	spin_unlock_irqrestore(&a, on);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

/* CPU 0 holds b and is interrupted by a handler that waits for a; CPU 1 holds a, waits for b. */
static void a_lock_of_tasks_inside_a_handlers_lock_is_reported(struct kunit *test)
{
	unsigned long flags;

	interrupt_that_takes(&a);
	spin_lock(&b);
	spin_unlock(&b);
	spin_lock_irqsave(&a, flags);
	KUNIT_EXPECT_REPORT(test, "irq-unsafe lock order: b, taken with interrupts on, inside a",
			    spin_lock(&b));
	spin_unlock(&b);
	spin_unlock_irqrestore(&a, flags);
}

static void the_order_may_be_known_before_the_use(struct kunit *test)
{
	unsigned long flags;

	spin_lock_irqsave(&a, flags);
	spin_lock(&b);
	spin_unlock(&b);
	spin_unlock_irqrestore(&a, flags);
	interrupt_that_takes(&a);
	KUNIT_EXPECT_REPORT(test, "irq-unsafe lock order: b", spin_lock(&b));
	spin_unlock(&b);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_handlers_lock_taken_with_irqs_on_is_reported),
	KUNIT_CASE(a_lock_taken_with_irqs_on_and_then_by_a_handler_is_reported),
	KUNIT_CASE(a_handlers_lock_tried_with_irqs_on_is_reported),
	KUNIT_CASE(an_interrupt_that_waits_for_whom_it_interrupted_is_one_report),
	KUNIT_CASE(an_interrupt_that_gives_a_tasks_lock_back_is_reported),
	KUNIT_CASE(a_lock_that_a_handler_leaves_taken_is_reported),
	KUNIT_CASE(a_task_that_holds_a_spin_lock_is_not_killed),
	KUNIT_CASE(a_handlers_lock_taken_with_irqs_off_is_right),
	KUNIT_CASE(irqs_switched_on_while_a_handlers_lock_is_held_are_reported),
	KUNIT_CASE(flags_restored_before_an_inner_lock_is_given_back_are_reported),
	KUNIT_CASE(flags_of_another_lock_are_reported),
	KUNIT_CASE(irqs_switched_on_before_a_lock_that_does_so_are_reported),
	KUNIT_CASE(locks_are_given_back_in_any_order_and_flags_in_one),
	KUNIT_CASE(a_lock_of_tasks_inside_a_handlers_lock_is_reported),
	KUNIT_CASE(the_order_may_be_known_before_the_use),
	{}
};

static struct kunit_suite suite = {
	.name = "lockdep_irq",
	.init = start,
	.exit = end,
	.test_cases = cases,
};
kunit_test_suite(suite);
