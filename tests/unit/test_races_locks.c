/* SPDX-License-Identifier: MIT */
/*
 * Races of locks, waits, tasks and timers, in as many orders as there are seeds.
 */
#include <kernel/completion.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/semaphore.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <kernel/wait.h>
#include <lib/atomic.h>
#include <lib/refcount.h>
#include <lib/string.h>
#include <test/interleave.h>
#include <test/kunit.h>

#define ROUNDS	3
#define LONG	(2 * HZ)	/* nothing here takes as long */

static atomic_t n, inside;

/* ---- locks ---- */

static DEFINE_SPINLOCK(spin);
static DEFINE_MUTEX(mutex);
static struct semaphore sem;

static void reset_locks(void *ctx)
{
	(void)ctx;
	atomic_set(&n, 0);
	atomic_set(&inside, 0);
	sema_init(&sem, 1);
}

/* Only one is between the two at a time. */
static void alone(void)
{
	RACE_CHECK(atomic_inc_return(&inside) == 1);
	atomic_set(&n, atomic_read(&n) + 1);
	RACE_CHECK(atomic_dec_return(&inside) == 0);
}

static void all_rounds_counted(void *ctx)
{
	(void)ctx;
	RACE_CHECK(atomic_read(&n) == 3 * ROUNDS);
}

static void spin_rounds(void *ctx)
{
	unsigned long flags;

	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		spin_lock_irqsave(&spin, flags);
		alone();
		spin_unlock_irqrestore(&spin, flags);
	}
}

static void spin_try_rounds(void *ctx)
	__no_context_analysis
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		while (!spin_trylock(&spin))
			cpu_relax();
		alone();
		spin_unlock(&spin);
	}
}

static void mutex_rounds(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		mutex_lock(&mutex);
		alone();
		mutex_unlock(&mutex);
	}
}

static void mutex_try_rounds(void *ctx)
	__no_context_analysis
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		while (!mutex_trylock(&mutex))
			yield();
		alone();
		mutex_unlock(&mutex);
	}
}

static void mutex_rounds_asleep(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		mutex_lock(&mutex);
		yield();
		alone();
		yield();
		mutex_unlock(&mutex);
	}
}

static void sem_rounds(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		down(&sem);
		alone();
		up(&sem);
	}
}

static void sem_rounds_timed(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		RACE_CHECK(down_timeout(&sem, LONG) == 0);
		alone();
		up(&sem);
	}
}

KUNIT_RACE(a_spin_lock_has_one_holder,
	   .reset = reset_locks, .settle = all_rounds_counted,
	   .racers = { spin_rounds, spin_try_rounds, spin_rounds })

KUNIT_RACE(a_mutex_has_one_holder,
	   .reset = reset_locks, .settle = all_rounds_counted,
	   .racers = { mutex_rounds, mutex_rounds, mutex_try_rounds })

static void mutex_is_free(void *ctx)
{
	all_rounds_counted(ctx);
	RACE_CHECK(!mutex_is_locked(&mutex));
}

KUNIT_RACE(a_mutex_is_handed_on_to_each_who_waits,
	   .reset = reset_locks, .settle = mutex_is_free,
	   .racers = { mutex_rounds, mutex_rounds_asleep, mutex_rounds })

static void sem_is_one(void *ctx)
{
	all_rounds_counted(ctx);
	RACE_CHECK(context_unsafe(sem.count) == 1);
}

KUNIT_RACE(a_semaphore_loses_and_invents_nothing,
	   .reset = reset_locks, .settle = sem_is_one,
	   .racers = { sem_rounds, sem_rounds_timed, sem_rounds })

/* The timeout comes at the moment of the up(), or about. */
static void sem_is_zero(void *ctx)
{
	(void)ctx;
	atomic_set(&n, 0);
	sema_init(&sem, 0);
}

static void down_for_a_jiffy(void *ctx)
{
	(void)ctx;
	if (down_timeout(&sem, 1) == 0)
		atomic_inc(&n);
}

static void up_after_a_jiffy(void *ctx)
{
	(void)ctx;
	schedule_timeout_uninterruptible(1);
	up(&sem);
}

static void given_or_counted(void *ctx)
{
	(void)ctx;
	RACE_CHECK(atomic_read(&n) + (int)context_unsafe(sem.count) == 1);
}

KUNIT_RACE(an_up_at_the_timeout_is_taken_or_counted,
	   .reset = sem_is_zero, .settle = given_or_counted,
	   .racers = { down_for_a_jiffy, up_after_a_jiffy, down_for_a_jiffy })

/* ---- completions ---- */

static struct completion *waited_for;

static void nothing_waited_for(void *ctx)
{
	(void)ctx;
	atomic_set(&n, 0);
	waited_for = NULL;
}

/* The waiter's stack is gone as soon as it runs: complete() may not look back. */
static void wait_on_own_stack(void *ctx)
{
	struct completion done;

	(void)ctx;
	init_completion(&done);
	smp_store_release(&waited_for, &done);
	wait_for_completion(&done);
	atomic_inc(&n);
	memset(&done, 0x5a, sizeof(done));
	sched_point();
	for (size_t i = 0; i < sizeof(done); i++)
		RACE_CHECK(((volatile u8 *)&done)[i] == 0x5a);
}

static void complete_it(void *ctx)
{
	struct completion *x;

	(void)ctx;
	while ((x = smp_load_acquire(&waited_for)) == NULL)
		cpu_relax();
	complete(x);
}

KUNIT_RACE(a_completion_is_its_waiters_when_it_runs,
	   .reset = nothing_waited_for, .racers = { wait_on_own_stack, complete_it })

static struct completion all_done;

static void not_done(void *ctx)
{
	(void)ctx;
	atomic_set(&n, 0);
	init_completion(&all_done);
}

static void wait_done(void *ctx)
{
	(void)ctx;
	RACE_CHECK(wait_for_completion_timeout(&all_done, LONG));
	atomic_inc(&n);
}

static void open_it(void *ctx)
{
	(void)ctx;
	complete_all(&all_done);
}

KUNIT_RACE(complete_all_reaches_who_waits_and_who_comes,
	   .reset = not_done, .racers = { wait_done, open_it, wait_done })

static void complete_twice(void *ctx)
{
	(void)ctx;
	complete(&all_done);
	complete(&all_done);
}

static void none_is_left(void *ctx)
{
	(void)ctx;
	RACE_CHECK(atomic_read(&n) == 2);
	RACE_CHECK(!completion_done(&all_done));
}

KUNIT_RACE(each_complete_lets_one_go,
	   .reset = not_done, .settle = none_is_left,
	   .racers = { wait_done, complete_twice, wait_done })

/* ---- wait queues ---- */

static DECLARE_WAIT_QUEUE_HEAD(wq);

static void wait_nonzero(void *ctx)
{
	(void)ctx;
	RACE_CHECK(wait_event_timeout(wq, atomic_read(&n) != 0, LONG));
}

static void set_and_wake_all(void *ctx)
{
	(void)ctx;
	atomic_inc(&n);
	wake_up_all(&wq);
}

static void set_and_wake_if_active(void *ctx)
{
	(void)ctx;
	atomic_inc(&n);
	if (wq_has_sleeper(&wq))
		wake_up_all(&wq);
}

KUNIT_RACE(no_wake_up_is_lost,
	   .reset = reset_locks, .racers = { wait_nonzero, set_and_wake_all, wait_nonzero })

KUNIT_RACE(no_wake_up_is_lost_that_looks_for_sleepers,
	   .reset = reset_locks,
	   .racers = { wait_nonzero, set_and_wake_if_active, wait_nonzero })

static bool take_one(void)
{
	int have = atomic_read(&n);

	while (have > 0) {
		int seen = atomic_cmpxchg(&n, have, have - 1);

		if (seen == have)
			return true;
		have = seen;
	}
	return false;
}

/*
 * Who finds the condition true while it is still queued may get the wake-up that was for the
 * next, as in Linux: who takes something hands the wake-up on if there is more.
 */
static void wait_exclusive(void *ctx)
{
	(void)ctx;
	wait_event_exclusive(wq, take_one());
	if (atomic_read(&n) > 0)
		wake_up(&wq);
}

static void give_two_one_by_one(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < 2; i++) {
		atomic_inc(&n);
		wake_up(&wq);
	}
}

KUNIT_RACE(each_wake_up_wakes_one_exclusive_waiter,
	   .reset = reset_locks,
	   .racers = { wait_exclusive, give_two_one_by_one, wait_exclusive })

/* ---- references ---- */

static refcount_t refs;
static atomic_t destroyed;

static void one_reference(void *ctx)
{
	(void)ctx;
	refcount_set(&refs, 1);
	atomic_set(&destroyed, 0);
}

static void put_one(void *ctx)
{
	(void)ctx;
	if (refcount_dec_and_test(&refs))
		atomic_inc(&destroyed);
}

static void get_and_put(void *ctx)
{
	for (unsigned int i = 0; i < ROUNDS; i++) {
		if (!refcount_inc_not_zero(&refs))
			break;
		RACE_CHECK(atomic_read(&destroyed) == 0);
		put_one(ctx);
	}
}

static void destroyed_once(void *ctx)
{
	(void)ctx;
	RACE_CHECK(atomic_read(&destroyed) == 1);
	RACE_CHECK(refcount_read(&refs) == 0);
}

KUNIT_RACE(the_last_reference_is_put_once,
	   .reset = one_reference, .settle = destroyed_once,
	   .racers = { get_and_put, put_one, get_and_put })

/* ---- tasks ---- */

static struct task_struct *thread;

static int until_stopped(void *data)
{
	(void)data;
	atomic_inc(&n);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 7;
}

static int ends_at_once(void *data)
{
	(void)data;
	atomic_inc(&n);
	return 7;
}

static void make_thread(int (*fn)(void *data), unsigned int cpu)
{
	atomic_set(&n, 0);
	thread = kthread_create(fn, NULL, "raced");
	RACE_CHECK(!IS_ERR(thread));
	get_task_struct(thread);
	kthread_bind(thread, cpu);
}

static void thread_that_waits(void *ctx)
{
	(void)ctx;
	make_thread(until_stopped, 1);
}

static void thread_that_ends(void *ctx)
{
	(void)ctx;
	make_thread(ends_at_once, 1);
	wake_up_process(thread);
}

static void wake_thread(void *ctx)
{
	(void)ctx;
	wake_up_process(thread);
}

/* Without having run it returns that it did not. */
static void stop_thread(void *ctx)
{
	int result = kthread_stop(thread);

	(void)ctx;
	RACE_CHECK(result == (atomic_read(&n) ? 7 : -EINTR));
}

static void put_thread(void *ctx)
{
	(void)ctx;
	put_task_struct(thread);
}

KUNIT_RACE(a_stop_that_races_with_wake_ups_ends_the_thread,
	   .reset = thread_that_waits, .settle = put_thread,
	   .racers = { wake_thread, stop_thread, wake_thread })

KUNIT_RACE(a_stop_of_a_thread_that_ends_has_its_result,
	   .reset = thread_that_ends, .settle = put_thread,
	   .racers = { wake_thread, stop_thread })

/* It goes from CPU to CPU while others wake it. */
static void thread_anywhere(void *ctx)
{
	(void)ctx;
	make_thread(until_stopped, 1);
	RACE_CHECK(set_cpus_allowed_ptr(thread, &CPU_MASK_ALL) == 0);
	wake_up_process(thread);
}

static void move_thread(void *ctx)
{
	(void)ctx;
	for (unsigned int cpu = 0; cpu < 4; cpu++)
		RACE_CHECK(set_cpus_allowed_ptr(thread, cpumask_of(cpu)) == 0);
}

static void wake_thread_often(void *ctx)
{
	for (unsigned int i = 0; i < ROUNDS; i++)
		wake_thread(ctx);
}

KUNIT_RACE(a_thread_that_moves_is_woken_and_stopped,
	   .reset = thread_anywhere, .settle = put_thread,
	   .racers = { move_thread, stop_thread, wake_thread_often })

/* ---- timers ---- */

static struct timer_list timer;
static atomic_t fired, running;
static bool rearm;

static void timer_fires(struct timer_list *t)
{
	RACE_CHECK(atomic_inc_return(&running) == 1);
	atomic_inc(&fired);
	if (READ_ONCE(rearm))
		mod_timer(t, jiffies + 1);
	RACE_CHECK(atomic_dec_return(&running) == 0);
}

static void timer_is_new(void *ctx)
{
	(void)ctx;
	timer_setup(&timer, timer_fires, 0);
	atomic_set(&fired, 0);
	atomic_set(&running, 0);
	rearm = false;
}

static void timer_is_new_and_goes_on(void *ctx)
{
	timer_is_new(ctx);
	rearm = true;
}

static void arm(void *ctx)
{
	(void)ctx;
	mod_timer(&timer, jiffies + 1);
	schedule_timeout_uninterruptible(2);
}

/* When it returns the function does not run; armed again it may of course. */
static void del_sync_after_a_jiffy(void *ctx)
{
	(void)ctx;
	schedule_timeout_uninterruptible(1);
	del_timer_sync(&timer);
}

static void timer_is_gone(void *ctx)
{
	int was;

	(void)ctx;
	WRITE_ONCE(rearm, false);
	del_timer_sync(&timer);
	was = atomic_read(&fired);
	RACE_CHECK(!timer_pending(&timer));
	RACE_CHECK(atomic_read(&running) == 0);
	RACE_CHECK(atomic_read(&fired) == was);
}

KUNIT_RACE(a_timer_is_armed_moved_and_deleted_from_three_sides,
	   .reset = timer_is_new, .settle = timer_is_gone,
	   .racers = { arm, del_sync_after_a_jiffy, arm })

static void arm_and_wait(void *ctx)
{
	(void)ctx;
	mod_timer(&timer, jiffies + 1);
	schedule_timeout_uninterruptible(2);
	WRITE_ONCE(rearm, false);
	del_timer_sync(&timer);
	RACE_CHECK(atomic_read(&running) == 0);
}

KUNIT_RACE(del_timer_sync_is_the_end_of_one_that_arms_itself,
	   .reset = timer_is_new_and_goes_on, .settle = timer_is_gone,
	   .racers = { arm_and_wait, del_sync_after_a_jiffy })

/* ---- calls between processors, which come as interrupts ---- */

static void called(void *info)
{
	(void)info;
	atomic_inc(&n);
}

static void call_the_others(void *ctx)
{
	unsigned int self = smp_processor_id();

	(void)ctx;
	for (unsigned int cpu = 1; cpu <= 3; cpu++)
		if (cpu != self)
			RACE_CHECK(smp_call_function_single(cpu, called, NULL, true) == 0);
}

static void six_calls(void *ctx)
{
	(void)ctx;
	RACE_CHECK(atomic_read(&n) == 6);
}

KUNIT_RACE(processors_that_call_one_another_all_answer,
	   .reset = reset_locks, .settle = six_calls,
	   .racers = { call_the_others, call_the_others, call_the_others })

static void interrupts_wake(void *info)
{
	(void)info;
	atomic_inc(&n);
	wake_up_all(&wq);
}

static void wake_from_an_interrupt(void *ctx)
{
	(void)ctx;
	RACE_CHECK(smp_call_function_single(1, interrupts_wake, NULL, false) == 0);
}

KUNIT_RACE(no_wake_up_from_an_interrupt_is_lost,
	   .reset = reset_locks,
	   .racers = { wait_nonzero, wake_from_an_interrupt, wait_nonzero })

/* ---- memory ---- */

static void allocate_and_free(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		u32 *a = kmalloc(64, GFP_KERNEL), *b = kmalloc(64, GFP_KERNEL);

		RACE_CHECK(a && b && a != b);
		if (a && b) {
			u32 mine = smp_processor_id() * 100 + i;

			WRITE_ONCE(*a, mine);
			sched_point();
			RACE_CHECK(READ_ONCE(*a) == mine);
		}
		kfree(a);
		kfree(b);
	}
}

KUNIT_RACE(memory_has_one_owner,
	   .reset = reset_locks,
	   .racers = { allocate_and_free, allocate_and_free, allocate_and_free })

static struct kunit_case cases[] = {
	KUNIT_CASE(a_spin_lock_has_one_holder),
	KUNIT_CASE(a_mutex_has_one_holder),
	KUNIT_CASE(a_mutex_is_handed_on_to_each_who_waits),
	KUNIT_CASE(a_semaphore_loses_and_invents_nothing),
	KUNIT_CASE(an_up_at_the_timeout_is_taken_or_counted),
	KUNIT_CASE(a_completion_is_its_waiters_when_it_runs),
	KUNIT_CASE(complete_all_reaches_who_waits_and_who_comes),
	KUNIT_CASE(each_complete_lets_one_go),
	KUNIT_CASE(no_wake_up_is_lost),
	KUNIT_CASE(no_wake_up_is_lost_that_looks_for_sleepers),
	KUNIT_CASE(each_wake_up_wakes_one_exclusive_waiter),
	KUNIT_CASE(the_last_reference_is_put_once),
	KUNIT_CASE(a_stop_that_races_with_wake_ups_ends_the_thread),
	KUNIT_CASE(a_stop_of_a_thread_that_ends_has_its_result),
	KUNIT_CASE(a_thread_that_moves_is_woken_and_stopped),
	KUNIT_CASE(a_timer_is_armed_moved_and_deleted_from_three_sides),
	KUNIT_CASE(del_timer_sync_is_the_end_of_one_that_arms_itself),
	KUNIT_CASE(processors_that_call_one_another_all_answer),
	KUNIT_CASE(no_wake_up_from_an_interrupt_is_lost),
	KUNIT_CASE(memory_has_one_owner),
	{},
};

static struct kunit_suite suite = {
	.name = "races_locks",
	.test_cases = cases,
	.timeout_ms = 600000,
};
kunit_test_suite(suite);
