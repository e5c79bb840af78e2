/* SPDX-License-Identifier: MIT */
/*
 * The lock checker: each kind of misuse is one report, what is right is none.
 *
 * The cases make their own classes, which go when a case is over, so that each starts with
 * an order that nobody has taken anything in. An interrupt is a timer's callback.
 */
#include <kernel/lockdep.h>

#include <kernel/completion.h>
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/ksyms.h>
#include <kernel/kthread.h>
#include <kernel/log.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/semaphore.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <kernel/timer.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include <lib/errno.h>
#include <test/kunit.h>

static struct lock_class_key keys[4];
static spinlock_t a, b, c, second_a;
static struct mutex m, n;
static struct timer_list timer;
static spinlock_t *taken_in_irq;

static int start(struct kunit *test)
{
	(void)test;
	spin_lock_init(&a);
	spin_lock_init(&b);
	spin_lock_init(&c);
	spin_lock_init(&second_a);
	mutex_init(&m);
	mutex_init(&n);
	lockdep_set_class_and_name(&a, &keys[0], "a");
	lockdep_set_class_and_name(&second_a, &keys[0], "second_a");
	lockdep_set_class_and_name(&b, &keys[1], "b");
	lockdep_set_class_and_name(&c, &keys[2], "c");
	lockdep_set_class_and_name(&m, &keys[3], "m");
	return 0;
}

static void end(struct kunit *test)
{
	(void)test;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		lockdep_unregister_key(&keys[i]);
}

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
	static char line[LOG_LINE_MAX];

	while (log_read(&cursor, LOGLEVEL_ALL, line))
		if (strstr(line, text))
			return true;
	return false;
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

/* ---- interrupts ---- */

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

/* ---- ends, sleeps, frees ---- */

static int end_with_a_held(void *unused)
{
	(void)unused;
	spin_lock(&a);
	return 0;
}

static void a_spin_lock_held_at_the_end_of_a_task_is_reported(struct kunit *test)
{
	struct task_struct *task = kthread_create(end_with_a_held, NULL, "leaves");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	KUNIT_EXPECT_REPORT(test, "ends with 1 locks held", wake_up_process(task);
			    kthread_join(task));
}

static void hold_m_and_return(struct work_struct *work)
{
	(void)work;
	mutex_lock(&m);
}

static void a_mutex_held_after_a_work_item_is_reported(struct kunit *test)
{
	static DECLARE_WORK(work, hold_m_and_return);

	KUNIT_EXPECT_REPORT(test, "returns with 1 locks held", queue_work(system_wq, &work);
			    flush_work(&work));
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&m));
}

static void sleeping_with_a_spin_lock_is_reported(struct kunit *test)
{
	spin_lock(&a);
	KUNIT_EXPECT_REPORT(test, "sleeping function called with a spin lock", yield());
	spin_unlock(&a);
}

/* Calls of what may sleep that have nothing to wait for this time. */
static void lock_a_free_mutex(void)
	__no_context_analysis
{
	mutex_lock(&n);
	mutex_unlock(&n);
}

static void wait_for_what_is_done(void)
{
	DECLARE_COMPLETION_ONSTACK(done);

	complete(&done);
	wait_for_completion(&done);
}

static void take_what_is_there(void)
{
	struct semaphore sem;

	sema_init(&sem, 1);
	down(&sem);
}

static void wait_for_what_is_true(void)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(queue);

	wait_event(queue, true);
}

static void do_nothing(struct work_struct *work)
{
	(void)work;
}

static DECLARE_WORK(idle_work, do_nothing);

static void flush_idle_work(void)
{
	flush_work(&idle_work);
}

static void cancel_idle_work(void)
{
	cancel_work_sync(&idle_work);
}

static void sleep_no_second(void)
{
	ssleep(0);
}

static void synchronize_no_irq(void)
{
	synchronize_irq(0);
}

static void destroy_no_cache(void)
{
	kmem_cache_destroy(NULL);
}

static void allocate(void)
{
	kfree(kmalloc(1, GFP_KERNEL | __GFP_NO_FAULT));
}

static void let_others_run(void)
{
	cond_resched();
}

struct sleeper {
	const char *name;
	void (*call)(void);
};

static const struct sleeper sleepers[] = {
	{ "mutex_lock", lock_a_free_mutex },
	{ "wait_for_completion", wait_for_what_is_done },
	{ "down", take_what_is_there },
	{ "wait_event", wait_for_what_is_true },
	{ "flush_work", flush_idle_work },
	{ "cancel_work_sync", cancel_idle_work },
	{ "ssleep", sleep_no_second },
	{ "synchronize_irq", synchronize_no_irq },
	{ "kmem_cache_destroy", destroy_no_cache },
	{ "kmalloc", allocate },
	{ "cond_resched", let_others_run },
};

static void describe_sleeper(const struct sleeper *s, char *desc)
{
	strscpy(desc, s->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(sleepers, sleepers, describe_sleeper)

static void what_may_sleep_says_so_when_it_does_not(struct kunit *test)
{
	const struct sleeper *s = test->param_value;

	spin_lock(&a);
	KUNIT_EXPECT_REPORT(test, "sleeping function called with a spin lock", s->call());
	spin_unlock(&a);
}

static void sleeping_in_a_read_section_is_reported(struct kunit *test)
{
	rcu_lock_acquire(&rcu_lock_map);
	KUNIT_EXPECT_REPORT(test, "sleeping function called", mutex_lock(&m));
	rcu_lock_release(&rcu_lock_map);
	mutex_unlock(&m);
}

static void sleeping_with_irqs_off_is_reported(struct kunit *test)
{
	local_irq_disable();
	KUNIT_EXPECT_REPORT(test, "interrupts off", might_sleep());
	local_irq_enable();
}

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
	KUNIT_CASE(a_handlers_lock_taken_with_irqs_on_is_reported),
	KUNIT_CASE(a_lock_taken_with_irqs_on_and_then_by_a_handler_is_reported),
	KUNIT_CASE(a_handlers_lock_tried_with_irqs_on_is_reported),
	KUNIT_CASE(an_interrupt_that_waits_for_whom_it_interrupted_is_one_report),
	KUNIT_CASE(an_interrupt_that_gives_a_tasks_lock_back_is_reported),
	KUNIT_CASE(a_lock_that_a_handler_leaves_taken_is_reported),
	KUNIT_CASE(a_task_that_holds_a_spin_lock_is_not_killed),
	KUNIT_CASE(a_handlers_lock_taken_with_irqs_off_is_right),
	KUNIT_CASE(irqs_switched_on_while_a_handlers_lock_is_held_are_reported),
	KUNIT_CASE(a_lock_of_tasks_inside_a_handlers_lock_is_reported),
	KUNIT_CASE(the_order_may_be_known_before_the_use),
	KUNIT_CASE(giving_back_what_nobody_holds_is_reported),
	KUNIT_CASE(giving_back_what_another_task_holds_is_reported_and_refused),
	KUNIT_CASE(a_spin_lock_held_at_the_end_of_a_task_is_reported),
	KUNIT_CASE(a_mutex_held_after_a_work_item_is_reported),
	KUNIT_CASE(sleeping_with_a_spin_lock_is_reported),
	KUNIT_CASE_PARAM(what_may_sleep_says_so_when_it_does_not, sleepers_gen_params),
	KUNIT_CASE(sleeping_in_a_read_section_is_reported),
	KUNIT_CASE(sleeping_with_irqs_off_is_reported),
	KUNIT_CASE(freeing_a_held_lock_is_reported),
	KUNIT_CASE(freeing_what_another_task_holds_is_reported),
	KUNIT_CASE(initialising_a_held_lock_is_reported),
	KUNIT_CASE(a_stack_that_is_full_keeps_its_balance),
	KUNIT_CASE(a_lock_never_initialised_is_reported),
	KUNIT_CASE(a_copy_of_a_lock_is_reported),
	KUNIT_CASE(a_lock_in_overwritten_memory_is_reported),
	KUNIT_CASE(a_static_initialiser_on_the_stack_is_reported),
	{}
};

static struct kunit_suite suite = {
	.name = "lockdep",
	.init = start,
	.exit = end,
	.test_cases = cases,
};
kunit_test_suite(suite);
