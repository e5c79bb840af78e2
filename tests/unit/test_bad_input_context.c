/* SPDX-License-Identifier: MIT */
/*
 * What may sleep, called where that is forbidden: each function of the concurrency core, where it
 * would not sleep this time, in an interrupt, with interrupts off and with a spin lock held. Each
 * says so once. And who gives back, in an interrupt, what the task has.
 */
#include <drivers/gpio/consumer.h>
#include <hal/irqflags.h>
#include <kernel/completion.h>
#include <kernel/condvar.h>
#include <kernel/delay.h>
#include <kernel/hrtimer.h>
#include <kernel/interrupt.h>
#include <kernel/kthread.h>
#include <kernel/mutex.h>
#include <kernel/random.h>
#include <kernel/rcupdate.h>
#include <kernel/ref.h>
#include <kernel/revocable.h>
#include <kernel/revocable_lock.h>
#include <kernel/robust_mutex.h>
#include <kernel/rwsem.h>
#include <kernel/semaphore.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "lock_threads.h"

/* ---- calls, of which none has to wait. How locks are used here is not for the analysis. ---- */

static DEFINE_MUTEX(mutex);
static DECLARE_RWSEM(rwsem);
static DECLARE_WAIT_QUEUE_HEAD(wq_head);

static void call_mutex_lock(void)
	__no_context_analysis
{
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
}

static void call_mutex_lock_killable(void)
	__no_context_analysis
{
	if (!mutex_lock_killable(&mutex))
		mutex_unlock(&mutex);
}

static void call_down_read(void)
	__no_context_analysis
{
	down_read(&rwsem);
	up_read(&rwsem);
}

static void call_down_write(void)
	__no_context_analysis
{
	down_write(&rwsem);
	up_write(&rwsem);
}

static struct semaphore *one_of(int count)
{
	static struct semaphore sem;

	sema_init(&sem, count);
	return &sem;
}

static void call_down(void)
	__no_context_analysis
{
	down(one_of(1));
}

static void call_down_timeout(void)
	__no_context_analysis
{
	WARN_ON(down_timeout(one_of(0), 0) != -ETIME);
}

static struct completion *completed(bool done)
{
	static struct completion x;

	init_completion(&x);
	if (done)
		complete(&x);
	return &x;
}

static void call_wait_for_completion(void)
	__no_context_analysis
{
	wait_for_completion(completed(true));
}

static void call_wait_for_completion_timeout(void)
	__no_context_analysis
{
	WARN_ON(wait_for_completion_timeout(completed(false), 0) != 0);
}

static void call_wait_event(void)
	__no_context_analysis
{
	wait_event(wq_head, true);
}

static void call_wait_event_timeout(void)
	__no_context_analysis
{
	WARN_ON(wait_event_timeout(wq_head, true, 3) != 3);
}

static void call_wait_event_exclusive(void)
	__no_context_analysis
{
	wait_event_exclusive(wq_head, true);
}

static void no_work(struct work_struct *work)
{
	(void)work;
}

static DECLARE_WORK(work, no_work);
static DECLARE_DELAYED_WORK(dwork, no_work);

static void call_cancel_delayed_work_sync(void)
	__no_context_analysis
{
	cancel_delayed_work_sync(&dwork);
}

static void call_flush_delayed_work(void)
	__no_context_analysis
{
	flush_delayed_work(&dwork);
}

static void call_cancel_work_sync(void)
	__no_context_analysis
{
	cancel_work_sync(&work);
}

static void call_flush_work(void)
	__no_context_analysis
{
	flush_work(&work);
}

static void call_rcu_barrier(void)
	__no_context_analysis
{
	rcu_barrier();
}

static void call_wait_for_random_bytes(void)
	__no_context_analysis
{
	if (rng_is_initialized())
		wait_for_random_bytes();
	else
		might_sleep();
}

static void call_schedule_hrtimeout(void)
	__no_context_analysis
{
	ktime_t at_once = 0;

	schedule_hrtimeout(&at_once, HRTIMER_MODE_REL);
}

static void call_kmem_cache_destroy(void)
	__no_context_analysis
{
	kmem_cache_destroy(NULL);
}

static void call_robust_mutex_lock(void)
	__no_context_analysis
{
	static DEFINE_ROBUST_MUTEX(robust);

	if (!robust_mutex_lock(&robust))
		robust_mutex_unlock(&robust);
}

static void call_schedule_timeout(void)
	__no_context_analysis
{
	WARN_ON(schedule_timeout(-1) != 0);	/* which is reported, and is no wait */
}

static void call_ssleep(void)
	__no_context_analysis
{
	ssleep(0);
}

static void call_kthread_create(void)
	__no_context_analysis
{
	WARN_ON(!IS_ERR(kthread_create(NULL, NULL, "none")));	/* it has no function: reported */
}

static void call_kthread_join(void)
	__no_context_analysis
{
	kthread_join(current);
}

static void call_kthread_stop(void)
	__no_context_analysis
{
	kthread_stop(current);
}

static void no_function(void *arg)
{
	(void)arg;
}

static void call_spawn_work_item(void)
	__no_context_analysis
{
	WARN_ON(spawn_work_item(system_wq, no_function, NULL, NULL) != 0);
}

static struct workqueue_struct *idle_wq;

static void call_flush_workqueue(void)
	__no_context_analysis
{
	flush_workqueue(idle_wq);
}

static void call_drain_workqueue(void)
	__no_context_analysis
{
	drain_workqueue(idle_wq);
}

#ifdef CONFIG_DEBUG_OBJECTS

static void call_destroy_workqueue(void)
	__no_context_analysis
{
	static u64 none[512];

	/* SAFETY: all of it is 0, which is reported: no queue is that small. */
	destroy_workqueue((struct workqueue_struct *)none);
}

#endif

static void call_condvar_wait(void)
	__no_context_analysis
{
	static DEFINE_CONDVAR(cv);

	WARN_ON(condvar_wait_timeout(&cv, &mutex, 0) != 0);	/* nobody holds it: reported */
}

static void call_revocable_revoke(void)
	__no_context_analysis
{
	static REVOCABLE(int) gone;

	revocable_revoke(&gone);	/* it was never there: reported */
}

static void call_revocable_mutex_revoke(void)
	__no_context_analysis
{
	static struct revocable_mutex gone;

	revocable_mutex_init(&gone, NULL, NULL);
	revocable_mutex_revoke(&gone);
}

static void call_revocable_rwsem_revoke(void)
	__no_context_analysis
{
	static struct revocable_rwsem gone;

	revocable_rwsem_init(&gone, NULL, NULL);
	revocable_rwsem_revoke(&gone);
}

static void call_kmem_cache_create(void)
	__no_context_analysis
{
	WARN_ON(kmem_cache_create(NULL, 8, 0, 0, NULL) != NULL);
}

static void call_synchronize_irq(void)
	__no_context_analysis
{
	synchronize_irq(0);
}

static irqreturn_t no_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	return IRQ_NONE;
}

static void call_request_irq(void)
	__no_context_analysis
{
	WARN_ON(request_irq(0, no_handler, 0, "none", NULL) != -EINVAL);
}

static void call_request_percpu_irq(void)
	__no_context_analysis
{
	static char cookie;

	WARN_ON(request_percpu_irq(0, no_handler, "none", &cookie) != -EINVAL);
}

static void call_free_irq(void)
	__no_context_analysis
{
	WARN_ON(free_irq(0, NULL) != NULL);	/* there is none: reported */
}

struct thing {
	struct kref refs;
};

static void thing_free(struct thing *thing)
{
	(void)thing;
}

DEFINE_REF_SLEEPING(thing, refs, thing_free)

static void call_put(void)
	__no_context_analysis
{
	thing_put(NULL);
}

static void call_discard(void)
	__no_context_analysis
{
	thing_discard(NULL);
}

#ifdef CONFIG_GPIO

static void call_gpiod_set_value_cansleep(void)
	__no_context_analysis
{
	gpiod_set_value_cansleep(NULL, 1);
}

static void call_gpiod_set_raw_value_cansleep(void)
	__no_context_analysis
{
	gpiod_set_raw_value_cansleep(NULL, 1);
}

static void call_gpiod_get_value_cansleep(void)
	__no_context_analysis
{
	WARN_ON(gpiod_get_value_cansleep(NULL) != 0);
}

static void call_gpiod_get_raw_value_cansleep(void)
	__no_context_analysis
{
	WARN_ON(gpiod_get_raw_value_cansleep(NULL) != 0);
}

#endif

struct call {
	const char *name;
	void (*fn)(void);
	unsigned int more;	/* reports beside the first: other misuse, or what is inside */
	bool misused;		/* so it is reported in a task, too */
};

static const struct call calls[] = {
	{ "mutex_lock", call_mutex_lock, 0, false },
	{ "mutex_lock_killable", call_mutex_lock_killable, 0, false },
	{ "robust_mutex_lock", call_robust_mutex_lock, 0, false },
	{ "down_read", call_down_read, 0, false },
	{ "down_write", call_down_write, 0, false },
	{ "down", call_down, 0, false },
	{ "down_timeout", call_down_timeout, 0, false },
	{ "wait_for_completion", call_wait_for_completion, 0, false },
	{ "wait_for_completion_timeout", call_wait_for_completion_timeout, 0, false },
	{ "wait_event", call_wait_event, 0, false },
	{ "wait_event_timeout", call_wait_event_timeout, 0, false },
	{ "wait_event_exclusive", call_wait_event_exclusive, 0, false },
	{ "cancel_work_sync", call_cancel_work_sync, 0, false },
	{ "cancel_delayed_work_sync", call_cancel_delayed_work_sync, 0, false },
	{ "flush_work", call_flush_work, 0, false },
	{ "flush_delayed_work", call_flush_delayed_work, 0, false },
	{ "rcu_barrier", call_rcu_barrier, 0, false },
	{ "wait_for_random_bytes", call_wait_for_random_bytes, 0, false },
	{ "schedule_hrtimeout", call_schedule_hrtimeout, 0, false },
	{ "kmem_cache_destroy", call_kmem_cache_destroy, 0, false },
	{ "kmem_cache_create", call_kmem_cache_create, 0, false },
	{ "schedule_timeout", call_schedule_timeout, 1, true },
	{ "ssleep", call_ssleep, 0, false },
	{ "kthread_create", call_kthread_create, 1, true },
	{ "kthread_join", call_kthread_join, 1, true },
	{ "kthread_stop", call_kthread_stop, 1, true },
	{ "spawn_work_item", call_spawn_work_item, 1, false },
	{ "flush_workqueue", call_flush_workqueue, 0, false },
	{ "drain_workqueue", call_drain_workqueue, 0, false },
#ifdef CONFIG_DEBUG_OBJECTS
	{ "destroy_workqueue", call_destroy_workqueue, 1, true },
#endif
	{ "condvar_wait_timeout", call_condvar_wait, 1, true },
	{ "revocable_revoke", call_revocable_revoke, 1, true },
	{ "revocable_mutex_revoke", call_revocable_mutex_revoke, 1, false },
	{ "revocable_rwsem_revoke", call_revocable_rwsem_revoke, 1, false },
	{ "synchronize_irq", call_synchronize_irq, 0, false },
	{ "request_irq", call_request_irq, 0, false },
	{ "request_percpu_irq", call_request_percpu_irq, 0, false },
	{ "free_irq", call_free_irq, 1, true },
	{ "put of what may sleep", call_put, 0, false },
	{ "discard of what may sleep", call_discard, 0, false },
#ifdef CONFIG_GPIO
	{ "gpiod_set_value_cansleep", call_gpiod_set_value_cansleep, 0, false },
	{ "gpiod_set_raw_value_cansleep", call_gpiod_set_raw_value_cansleep, 0, false },
	{ "gpiod_get_value_cansleep", call_gpiod_get_value_cansleep, 0, false },
	{ "gpiod_get_raw_value_cansleep", call_gpiod_get_raw_value_cansleep, 0, false },
#endif
};

static void describe_call(const struct call *call, char *desc)
{
	strscpy(desc, call->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(calls, calls, describe_call)

/* ---- the contexts ---- */

/* One of this text, or so many more than one. */
#define EXPECT_REPORTS(test, more, text, code) do {				\
	if (more)								\
		KUNIT_EXPECT_WARNINGS(test, (more) + 1, code);			\
	else									\
		KUNIT_EXPECT_REPORT(test, text, code);				\
} while (0)

/* What is idle when a case begins; nothing of it is made to fail. */
static int make_idle_wq(struct kunit *test)
{
	(void)test;
	fault_leave(current);
	idle_wq = alloc_workqueue("idle", 0, 1);
	return idle_wq ? 0 : -ENOMEM;
}

static void end_idle_wq(struct kunit *test)
{
	(void)test;
	destroy_workqueue(idle_wq);
}

struct in_irq {
	struct timer_list timer;
	void (*fn)(void);
	bool ran;
};

static void call_it(struct timer_list *t)
{
	struct in_irq *c = from_timer(c, t, timer);

	c->fn();
	WRITE_ONCE(c->ran, true);
}

/* In the interrupt of a timer, on top of this task. */
static void run_in_irq(void (*fn)(void))
{
	struct in_irq c = { .fn = fn };

	timer_setup_on_stack(&c.timer, call_it, 0);
	mod_timer(&c.timer, jiffies + 1);
	while (!READ_ONCE(c.ran))
		cpu_relax();
	destroy_timer_on_stack(&c.timer);
}

static void in_an_interrupt_it_is_reported(struct kunit *test)
{
	const struct call *call = test->param_value;

	EXPECT_REPORTS(test, call->more, "sleeping function called in hard irq",
		       run_in_irq(call->fn));
}

static void with_interrupts_off_it_is_reported(struct kunit *test)
{
	const struct call *call = test->param_value;
	unsigned long flags;

	local_irq_save(flags);
	EXPECT_REPORTS(test, call->more, "sleeping function called", call->fn());
	local_irq_restore(flags);
}

static void with_a_spin_lock_it_is_reported(struct kunit *test)
{
	static DEFINE_SPINLOCK(spin);
	const struct call *call = test->param_value;

	NEEDS_LOCKDEP(test);
	spin_lock(&spin);
	EXPECT_REPORTS(test, call->more, "sleeping function called with a spin lock", call->fn());
	spin_unlock(&spin);
}

/* They let another task run, whoever calls. */
static void with_a_spin_lock_it_is_reported_before_the_switch(struct kunit *test)
	__no_context_analysis
{
	static DEFINE_SPINLOCK(spin);

	NEEDS_LOCKDEP(test);
	spin_lock(&spin);
	KUNIT_EXPECT_WARNINGS(test, 1, yield());
	KUNIT_EXPECT_WARNINGS(test, 1, schedule());
	KUNIT_EXPECT_WARNINGS(test, 2, synchronize_rcu());	/* and the completion inside */
	spin_unlock(&spin);
}

/* It is no misuse elsewhere. */
static void in_a_task_it_is_not(struct kunit *test)
{
	const struct call *call = test->param_value;

	KUNIT_EXPECT_WARNINGS(test, call->misused, call->fn());
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

/* ---- an interrupt is not the task that it came upon ---- */

static void try_mutex(void)
	__no_context_analysis
{
	if (mutex_trylock(&mutex))
		mutex_unlock(&mutex);
}

static void try_rwsem_read(void)
	__no_context_analysis
{
	if (down_read_trylock(&rwsem))
		up_read(&rwsem);
}


static void no_trylock_in_an_interrupt(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "in_hardirq()", run_in_irq(try_mutex));
	KUNIT_EXPECT_REPORT(test, "in_hardirq()", run_in_irq(try_rwsem_read));
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&mutex));
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&rwsem));
}

static void unlock_mutex(void)
	__no_context_analysis
{
	mutex_unlock(&mutex);
}

static void give_back_read(void)
	__no_context_analysis
{
	up_read(&rwsem);
}

static void give_back_write(void)
	__no_context_analysis
{
	up_write(&rwsem);
}

static void what_the_task_has_no_interrupt_gives_back(struct kunit *test)
	__no_context_analysis	/* it is still held after */
{
	NEEDS_LOCKDEP(test);
	mutex_lock(&mutex);
	KUNIT_EXPECT_REPORT(test, "bad unlock balance", run_in_irq(unlock_mutex));
	KUNIT_EXPECT_TRUE(test, mutex_is_held(&mutex));
	mutex_unlock(&mutex);
	down_read(&rwsem);
	KUNIT_EXPECT_REPORT(test, "bad unlock balance", run_in_irq(give_back_read));
	KUNIT_EXPECT_TRUE(test, rwsem_is_locked(&rwsem));
	up_read(&rwsem);
	down_write(&rwsem);
	KUNIT_EXPECT_REPORT(test, "bad unlock balance", run_in_irq(give_back_write));
	KUNIT_EXPECT_TRUE(test, rwsem_is_locked(&rwsem));
	up_write(&rwsem);
}

static void prepare_and_finish(void)
{
	DEFINE_WAIT(wait);

	prepare_to_wait(&wq_head, &wait, TASK_RUNNING);
	finish_wait(&wq_head, &wait);
}

static void prepare_exclusive_and_finish(void)
{
	DEFINE_WAIT(wait);

	prepare_to_wait_exclusive(&wq_head, &wait, TASK_RUNNING);
	finish_wait(&wq_head, &wait);
}

static void no_interrupt_prepares_to_wait(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "prepares to wait", run_in_irq(prepare_and_finish));
	KUNIT_EXPECT_REPORT(test, "prepares to wait", run_in_irq(prepare_exclusive_and_finish));
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&wq_head));
}

/* ---- the end of a thread, where it may not sleep ---- */

static int end_with_irqs_off(void *unused)
	__no_context_analysis
{
	(void)unused;
	local_irq_disable();
	return 0;
}

static int exit_with_irqs_off(void *unused)
	__no_context_analysis
{
	(void)unused;
	local_irq_disable();
	kthread_exit(7);
}

static int exit_with_a_spin_lock(void *unused)
	__no_context_analysis
{
	static DEFINE_SPINLOCK(lost);

	(void)unused;
	spin_lock(&lost);
	kthread_exit(8);
}

static int exit_in_a_section(void *unused)
	__no_context_analysis
{
	(void)unused;
	rcu_read_lock();
	kthread_exit(9);
}

static void no_thread_ends_in_atomic_context(struct kunit *test)
{
	struct task_struct *t = new_thread(test, end_with_irqs_off, NULL);
	int result = 0;

	wake_up_process(t);
	KUNIT_EXPECT_REPORT(test, "ends with interrupts off", result = kthread_join(t));
	KUNIT_EXPECT_EQ(test, result, 0);
	t = new_thread(test, exit_with_irqs_off, NULL);
	wake_up_process(t);
	KUNIT_EXPECT_REPORT(test, "ends with interrupts off", result = kthread_join(t));
	KUNIT_EXPECT_EQ(test, result, 7);
	NEEDS_LOCKDEP(test);
	t = new_thread(test, exit_with_a_spin_lock, NULL);
	wake_up_process(t);
	KUNIT_EXPECT_REPORT(test, "ends with 1 locks held", result = kthread_join(t));
	KUNIT_EXPECT_EQ(test, result, 8);
	t = new_thread(test, exit_in_a_section, NULL);
	wake_up_process(t);
	KUNIT_EXPECT_REPORT(test, "ends with 1 locks held", result = kthread_join(t));
	KUNIT_EXPECT_EQ(test, result, 9);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

static const struct kunit_case bad_context_cases[] = {
	KUNIT_CASE_PARAM(in_an_interrupt_it_is_reported, calls_gen_params),
	KUNIT_CASE_PARAM(with_interrupts_off_it_is_reported, calls_gen_params),
	KUNIT_CASE_PARAM(with_a_spin_lock_it_is_reported, calls_gen_params),
	KUNIT_CASE_PARAM(in_a_task_it_is_not, calls_gen_params),
	KUNIT_CASE(with_a_spin_lock_it_is_reported_before_the_switch),
	KUNIT_CASE(no_trylock_in_an_interrupt),
	KUNIT_CASE(what_the_task_has_no_interrupt_gives_back),
	KUNIT_CASE(no_interrupt_prepares_to_wait),
	KUNIT_CASE(no_thread_ends_in_atomic_context),
	{}
};

static struct kunit_suite bad_context_suite = {
	.name = "bad_context",
	.init = make_idle_wq,
	.exit = end_idle_wq,
	.test_cases = bad_context_cases,
};
kunit_test_suite(bad_context_suite);
