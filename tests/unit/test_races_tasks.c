/* SPDX-License-Identifier: MIT */
/*
 * Races at the end of tasks: one that is killed where it waits, while others hand on what it
 * waits for, and one that several wait for.
 */
#include <kernel/completion.h>
#include <kernel/cpumask.h>
#include <kernel/kthread.h>
#include <kernel/rwsem.h>
#include <kernel/sched.h>
#include <kernel/semaphore.h>
#include <kernel/smp.h>
#include <kernel/vmalloc.h>
#include <lib/atomic.h>
#include <lib/errno.h>
#include <test/interleave.h>
#include <test/kunit.h>

static struct task_struct *victim;
static atomic_t taken;
static bool killed;

/* On CPU 0, whose own task waits. Has run until it blocked. */
static struct task_struct *thread_begins(int (*fn)(void *data))
{
	struct task_struct *t = kthread_create(fn, NULL, "raced");

	RACE_CHECK(!IS_ERR(t));
	get_task_struct(t);
	kthread_bind(t, 0);
	wake_up_process(t);
	yield();
	return t;
}

static void victim_begins(int (*fn)(void *data))
{
	atomic_set(&taken, 0);
	killed = false;
	victim = thread_begins(fn);
}

/* One that was killed keeps its stack and its task: nothing in there is in use by now. */
static void victim_ends(void)
{
	kthread_join(victim);
	if (killed) {
		vmap_stack_free(victim->stack);
		put_task_struct(victim);
	}
	put_task_struct(victim);
}

static void kill_victim(void *ctx)
{
	(void)ctx;
	killed = kthread_kill(victim, -ECANCELED);
}

/* ---- a semaphore ---- */

static struct semaphore sem;

static int down_once(void *data)
{
	(void)data;
	down(&sem);
	atomic_inc(&taken);
	return 0;
}

static void victim_goes_down(void *ctx)
{
	(void)ctx;
	sema_init(&sem, 0);
	victim_begins(down_once);
}

static void go_down(void *ctx)
{
	(void)ctx;
	down_once(NULL);
}

static void up_twice(void *ctx)
{
	(void)ctx;
	up(&sem);
	up(&sem);
}

static void two_are_taken_or_counted(void *ctx)
{
	(void)ctx;
	victim_ends();
	RACE_CHECK(atomic_read(&taken) + (int)context_unsafe(sem.count) == 2);
	RACE_CHECK(list_empty(&context_unsafe(sem.wait_list)));
}

KUNIT_RACE(what_a_killed_one_was_given_is_not_lost,
	   .reset = victim_goes_down, .settle = two_are_taken_or_counted,
	   .racers = { kill_victim, up_twice, go_down })

/* Until the end of the jiffy that is about to begin when the race does. */
static int down_for_two_jiffies(void *data)
{
	(void)data;
	if (down_timeout(&sem, 2) == 0)
		atomic_inc(&taken);
	return 0;
}

static void victim_goes_down_shortly(void *ctx)
{
	(void)ctx;
	sema_init(&sem, 0);
	victim_begins(down_for_two_jiffies);
}

/* What was killed has its timer on its stack. */
static void time_is_up_and_two_are_taken_or_counted(void *ctx)
{
	schedule_timeout_uninterruptible(2);
	two_are_taken_or_counted(ctx);
}

KUNIT_RACE(one_is_killed_given_what_it_waits_for_and_its_time_is_up,
	   .reset = victim_goes_down_shortly, .settle = time_is_up_and_two_are_taken_or_counted,
	   .racers = { kill_victim, up_twice, go_down }, .around_a_jiffy = true)

/* ---- a semaphore for readers, who are let in one after the other ---- */

static struct rw_semaphore rwsem;
static struct task_struct *first;	/* before the victim */

static int read_once(void *data)
{
	(void)data;
	guard(rwsem_read)(&rwsem);
	atomic_inc(&taken);
	return 0;
}

static int write_once(void *data)
{
	(void)data;
	guard(rwsem_write)(&rwsem);
	atomic_inc(&taken);
	return 0;
}

static void held_by_a_writer(int (*victim_does)(void *data))
	__no_context_analysis
{
	init_rwsem(&rwsem);
	down_write(&rwsem);
	first = thread_begins(read_once);
	victim_begins(victim_does);
}

static void victim_reads(void *ctx)
{
	(void)ctx;
	held_by_a_writer(read_once);
}

static void victim_writes(void *ctx)
{
	(void)ctx;
	held_by_a_writer(write_once);
}

static void let_readers_in(void *ctx)
	__no_context_analysis
{
	(void)ctx;
	cpu_relax();
	up_write(&rwsem);
}

static void read_too(void *ctx)
{
	(void)ctx;
	read_once(NULL);
}

static void it_is_free(void *ctx)
{
	(void)ctx;
	kthread_join(first);
	put_task_struct(first);
	victim_ends();
	RACE_CHECK(atomic_read(&taken) == 3 - killed);
	RACE_CHECK(!rwsem_is_locked(&rwsem));
	RACE_CHECK(list_empty(&context_unsafe(rwsem.waiters)));
}

KUNIT_RACE(a_reader_is_killed_while_readers_are_let_in,
	   .reset = victim_reads, .settle = it_is_free,
	   .racers = { kill_victim, let_readers_in, read_too })

KUNIT_RACE(a_writer_is_killed_while_it_is_its_turn,
	   .reset = victim_writes, .settle = it_is_free,
	   .racers = { kill_victim, let_readers_in, read_too })

/* ---- a completion that is opened for all ---- */

static struct completion all_done;

static int wait_once(void *data)
{
	(void)data;
	wait_for_completion(&all_done);
	atomic_inc(&taken);
	return 0;
}

static void victim_waits(void *ctx)
{
	(void)ctx;
	init_completion(&all_done);
	victim_begins(wait_once);
}

static void open_it(void *ctx)
{
	(void)ctx;
	cpu_relax();
	complete_all(&all_done);
}

static void wait_too(void *ctx)
{
	(void)ctx;
	wait_once(NULL);
}

static void nobody_waits(void *ctx)
{
	(void)ctx;
	victim_ends();
	RACE_CHECK(atomic_read(&taken) == 2 - killed);
	RACE_CHECK(list_empty(&context_unsafe(all_done.waiters)));
}

KUNIT_RACE(one_is_killed_while_all_are_let_go,
	   .reset = victim_waits, .settle = nobody_waits,
	   .racers = { kill_victim, open_it, wait_too })

/* ---- an end that several wait for ---- */

static int end_with_seven(void *data)
{
	(void)data;
	wait_for_completion(&all_done);
	return 7;
}

static void victim_runs(void *ctx)
{
	(void)ctx;
	init_completion(&all_done);
	victim_begins(end_with_seven);
	get_task_struct(victim);
	get_task_struct(victim);
}

static void join_victim(void *ctx)
{
	(void)ctx;
	RACE_CHECK(kthread_join(victim) == 7);
	put_task_struct(victim);
}

static void stop_victim(void *ctx)
{
	(void)ctx;
	RACE_CHECK(kthread_stop(victim) == 7);
	put_task_struct(victim);
}

static void let_victim_end(void *ctx)
{
	(void)ctx;
	complete(&all_done);
}

static void victim_is_gone(void *ctx)
{
	(void)ctx;
	RACE_CHECK(kthread_join(victim) == 7);
	put_task_struct(victim);
}

KUNIT_RACE(each_who_waits_for_an_end_has_its_result,
	   .reset = victim_runs, .settle = victim_is_gone,
	   .racers = { join_victim, let_victim_end, stop_victim })

/* It was about to sleep when it ended. */
static int end_in_a_sleepers_state(void *data)
{
	(void)data;
	wait_for_completion(&all_done);
	set_current_state(TASK_INTERRUPTIBLE);
	return 7;
}

static void sleeper_ends(void *ctx)
{
	(void)ctx;
	init_completion(&all_done);
	victim_begins(end_in_a_sleepers_state);
}

static void wake_victim(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < 4; i++)
		wake_up_process(victim);
}

static void victim_is_dead(void *ctx)
{
	(void)ctx;
	RACE_CHECK(kthread_join(victim) == 7);
	RACE_CHECK(READ_ONCE(victim->__state) == TASK_DEAD);
	put_task_struct(victim);
}

KUNIT_RACE(who_has_ended_is_not_woken,
	   .reset = sleeper_ends, .settle = victim_is_dead,
	   .racers = { let_victim_end, wake_victim })

/* ---- a task that an idle CPU takes while it is told where to run ---- */

static bool moved;

static int stay_where_allowed(void *data)
{
	bool was_moved = READ_ONCE(moved);

	(void)data;
	yield();
	RACE_CHECK(!was_moved || smp_processor_id() == 2);
	return 0;
}

static void runs_nowhere_yet(void *ctx)
{
	(void)ctx;
	moved = false;
	victim = kthread_create(stay_where_allowed, NULL, "victim");
	RACE_CHECK(!IS_ERR(victim));
	get_task_struct(victim);
	RACE_CHECK(set_cpus_allowed_ptr(victim, &CPU_MASK_ALL) == 0);
}

static void let_it_run(void *ctx)
{
	(void)ctx;
	wake_up_process(victim);
}

static void bind_it(void *ctx)
{
	(void)ctx;
	RACE_CHECK(set_cpus_allowed_ptr(victim, cpumask_of(2)) == 0);
	WRITE_ONCE(moved, true);
}

static void it_has_ended(void *ctx)
{
	(void)ctx;
	kthread_join(victim);
	put_task_struct(victim);
}

KUNIT_RACE(who_is_moved_while_an_idle_cpu_takes_it_runs_where_it_may,
	   .reset = runs_nowhere_yet, .settle = it_has_ended,
	   .racers = { let_it_run, bind_it })

static struct kunit_case cases[] = {
	KUNIT_CASE(what_a_killed_one_was_given_is_not_lost),
	KUNIT_CASE(one_is_killed_given_what_it_waits_for_and_its_time_is_up),
	KUNIT_CASE(a_reader_is_killed_while_readers_are_let_in),
	KUNIT_CASE(a_writer_is_killed_while_it_is_its_turn),
	KUNIT_CASE(one_is_killed_while_all_are_let_go),
	KUNIT_CASE(each_who_waits_for_an_end_has_its_result),
	KUNIT_CASE(who_has_ended_is_not_woken),
	KUNIT_CASE(who_is_moved_while_an_idle_cpu_takes_it_runs_where_it_may),
	{},
};

static void free_cache(struct kunit *test)
{
	(void)test;
	kthread_free_cache();
}

static struct kunit_suite suite = {
	.name = "races_tasks",
	.exit = free_cache,
	.test_cases = cases,
	.timeout_ms = 600000,
};
kunit_test_suite(suite);
