/* SPDX-License-Identifier: MIT */
/*
 * The lock checker: tasks and work items that end with a lock, and what may sleep and is called
 * where nothing may.
 */
#include <kernel/lockdep.h>

#include <kernel/completion.h>
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/kthread.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/semaphore.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "lockdep_locks.h"

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

/* There is room: it has nothing to wait for. */
static void shrink(void)
{
	kfree(krealloc(kmalloc(8, GFP_ATOMIC | __GFP_NO_FAULT), 4, GFP_KERNEL | __GFP_NO_FAULT));
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
	{ "krealloc", shrink },
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

static struct kunit_case cases[] = {
	KUNIT_CASE(a_spin_lock_held_at_the_end_of_a_task_is_reported),
	KUNIT_CASE(a_mutex_held_after_a_work_item_is_reported),
	KUNIT_CASE(sleeping_with_a_spin_lock_is_reported),
	KUNIT_CASE_PARAM(what_may_sleep_says_so_when_it_does_not, sleepers_gen_params),
	KUNIT_CASE(sleeping_in_a_read_section_is_reported),
	KUNIT_CASE(sleeping_with_irqs_off_is_reported),
	{}
};

static struct kunit_suite suite = {
	.name = "lockdep_sleep",
	.init = start,
	.exit = end,
	.test_cases = cases,
};
kunit_test_suite(suite);
