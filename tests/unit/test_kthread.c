/* SPDX-License-Identifier: MIT */
/*
 * How a thread comes to be, all or nothing, and how it goes: who takes its memory back, and what
 * the next one that is made of it begins with.
 */
#include <kernel/condvar.h>
#include <kernel/delay.h>
#include <kernel/fault-inject.h>
#include <kernel/kthread.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/semaphore.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <kernel/vmalloc.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "threads.h"

#define EXIT_CODE	42

static int return_at_once(void *data)
{
	++*(unsigned int *)data;
	return EXIT_CODE;
}

static int wait_for(void *sem)
{
	down(sem);
	return EXIT_CODE;
}

static int join_it(void *task)
{
	return kthread_join(task);
}

/* Started, with a reference. */
static struct task_struct *start(struct kunit *test, int (*fn)(void *data), void *data)
{
	struct task_struct *t = kthread_create(fn, data, "life");

	KUNIT_ASSERT_FALSE(test, IS_ERR(t));
	get_task_struct(t);
	wake_up_process(t);
	return t;
}

/* ---- the first use: threads that count down, and one that waits for the last ---- */

#define COUNTERS	10u

struct countdown {
	struct mutex lock;
	struct condvar came_to_zero;
	unsigned int left;		/* [lock] */
	unsigned int names;		/* [lock] a bit for each name, countdown0 to countdown9 */
};

static int count_down(void *data)
{
	struct countdown *c = data;
	unsigned int number = (unsigned int)(current->comm[strlen("countdown")] - '0');

	schedule_timeout_uninterruptible((long)(number % 3));
	guard(mutex)(&c->lock);
	c->names |= 1u << number;
	if (--c->left == 0)
		condvar_notify_all(&c->came_to_zero);
	return 0;
}

static void ten_threads_count_down_to_zero(struct kunit *test)
{
	struct countdown *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	unsigned int tasks;

	KUNIT_ASSERT_NOT_NULL(test, c);
	fault_leave(current);
	mutex_init(&c->lock);
	condvar_init(&c->came_to_zero);
	c->left = COUNTERS;
	tasks = nr_tasks();
	for (unsigned int i = 0; i < COUNTERS; i++)
		KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(count_down, c, "countdown%u", i)));
	mutex_lock(&c->lock);
	while (c->left)
		condvar_wait(&c->came_to_zero, &c->lock);
	KUNIT_EXPECT_EQ(test, c->names, (1u << COUNTERS) - 1);
	mutex_unlock(&c->lock);
	while (nr_tasks() > tasks)	/* the last has notified and ends */
		yield();
}

/* ---- creation ---- */

#ifdef CONFIG_FAULT_INJECTION

#define REQUESTS	2	/* the task, its stack: for one that is kept */
#define REQUESTS_MAX	9	/* for a new one, with what the stack is made of */

/* Of this task, the n-th request from now on. */
static struct task_struct *create_failing(struct fault_group *group, unsigned int nth,
					  unsigned int *ran)
{
	struct task_struct *t;

	fault_set(group, FAULT_ALLOC, &(struct fault_plan){ .nth = nth });
	fault_join(current, group);
	t = kthread_create(return_at_once, ran, "all/%s", "or nothing");
	fault_join(current, NULL);
	return t;
}

static void expect_all_or_nothing(struct kunit *test, struct fault_group *group)
{
	unsigned int ran = 0, tasks = nr_tasks();
	struct task_struct *t = create_failing(group, 1, &ran);
	unsigned int nth = 1;

	while (IS_ERR(t) && nth < REQUESTS_MAX) {
		KUNIT_EXPECT_EQ(test, PTR_ERR(t), -ENOMEM);
		KUNIT_EXPECT_EQ(test, nr_tasks(), tasks);
		kthread_free_cache();	/* so that a stack is made each time */
		t = create_failing(group, ++nth, &ran);
	}
	KUNIT_EXPECT_GT(test, nth, REQUESTS);
	KUNIT_ASSERT_FALSE(test, IS_ERR(t));
	KUNIT_EXPECT_EQ(test, nr_tasks(), tasks + 1);
	KUNIT_EXPECT_EQ(test, kthread_stop(t), -EINTR);
	KUNIT_EXPECT_EQ(test, ran, 0);
}

static void a_creation_that_fails_leaves_nothing(struct kunit *test)
{
	struct fault_group *group = fault_group_create(1);
	unsigned int ran = 0;
	struct task_struct *t;
	size_t bytes;

	KUNIT_ASSERT_NOT_NULL(test, group);
	kthread_free_cache();
	bytes = slab_bytes_used();
	expect_all_or_nothing(test, group);
	/* one is kept now: each request of its taker fails once with that one */
	for (unsigned int nth = 1; nth <= REQUESTS; nth++) {
		t = start(test, return_at_once, &ran);
		kthread_join(t);
		put_task_struct(t);
		t = kthread_create(return_at_once, &ran, "kept");
		KUNIT_ASSERT_FALSE(test, IS_ERR(t));
		kthread_stop(t);
		t = create_failing(group, nth, &ran);
		KUNIT_EXPECT_TRUE(test, IS_ERR(t));
	}
	kthread_free_cache();
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), bytes);
	fault_stop(group);
	fault_group_put(group);
}

#endif

static void a_thread_without_a_function_is_refused(struct kunit *test)
{
	struct task_struct *t = NULL;

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "a check of CONFIG_DEBUG");
	KUNIT_EXPECT_REPORT(test, "has no function", t = kthread_create(NULL, NULL, "none"));
	KUNIT_EXPECT_EQ(test, IS_ERR(t) ? PTR_ERR(t) : 0, -EINVAL);
}

static void a_thread_of_one_cpu_is_named_by_it(struct kunit *test)
{
	unsigned int ran = 0, cpu = num_online_cpus() - 1;
	struct task_struct *t;

	t = kthread_create_on_cpu(return_at_once, &ran, cpu, "on/%u");
	KUNIT_ASSERT_FALSE(test, IS_ERR(t));
	KUNIT_EXPECT_EQ(test, t->comm[3], '0' + (char)cpu);
	get_task_struct(t);
	wake_up_process(t);
	KUNIT_EXPECT_EQ(test, kthread_join(t), EXIT_CODE);
	KUNIT_EXPECT_EQ(test, task_cpu_id(t), cpu);
	put_task_struct(t);
	KUNIT_EXPECT_EQ(test, ran, 1);
}

static void a_cpu_that_there_is_not_is_reported(struct kunit *test)
{
	unsigned int ran = 0;
	struct task_struct *t = NULL;

	KUNIT_EXPECT_REPORT(test, "kthread_bind()", t = kthread_create_on_cpu(return_at_once, &ran,
									       ~0u, "no/%u"));
	KUNIT_ASSERT_FALSE(test, IS_ERR(t));
	kthread_stop(t);
}

/* ---- what is made of an ended one ---- */

static int be_stopped(void *data)
{
	(void)data;
	sched_set_fifo(current);
	sleep_until_stopped();
	return EXIT_CODE;
}

static int was_told_to_stop(void *data)
{
	*(bool *)data = kthread_should_stop();
	return 0;
}

static void what_is_made_of_an_ended_thread_is_new(struct kunit *test)
{
	struct task_struct *old, *new;
	bool told = true;

	kunit_tolerates_faults(test);
	kthread_free_cache();
	old = kthread_run(be_stopped, NULL, "old and long name");
	KUNIT_ASSERT_FALSE(test, IS_ERR(old));
	yield();
	KUNIT_EXPECT_EQ(test, kthread_stop(old), EXIT_CODE);
	new = kthread_create(was_told_to_stop, &told, "new");
	KUNIT_ASSERT_FALSE(test, IS_ERR(new));
	KUNIT_EXPECT_PTR_EQ(test, new, old);
	KUNIT_EXPECT_STREQ(test, new->comm, "new");
	KUNIT_EXPECT_EQ(test, new->nvcsw, 0);
	KUNIT_EXPECT_EQ(test, task_cpu_time(new), 0);
	KUNIT_EXPECT_EQ(test, new->prio, TASK_PRIO_DEFAULT);
	KUNIT_EXPECT_FALSE(test, completion_done(&new->exited));
	get_task_struct(new);
	wake_up_process(new);
	KUNIT_EXPECT_EQ(test, kthread_join(new), 0);
	put_task_struct(new);
	KUNIT_EXPECT_FALSE(test, told);
}

static void who_is_still_known_is_not_made_another(struct kunit *test)
{
	unsigned int ran = 0;
	struct task_struct *old = start(test, return_at_once, &ran), *new;

	KUNIT_EXPECT_EQ(test, kthread_join(old), EXIT_CODE);
	KUNIT_EXPECT_NULL(test, old->stack);
	new = kthread_create(return_at_once, &ran, "another");
	if (IS_ERR(new))
		put_task_struct(old);
	KUNIT_ASSERT_FALSE(test, IS_ERR(new));
	KUNIT_EXPECT_PTR_NE(test, new, old);
	KUNIT_EXPECT_EQ(test, kthread_join(old), EXIT_CODE);
	kthread_stop(new);
	put_task_struct(old);
}

/* ---- who takes it back ---- */

static void each_joiner_has_the_result(struct kunit *test)
{
	struct task_struct *t, *joiner[3];
	struct semaphore sem;

	fault_leave(current);	/* who has been started waits for who has not */
	sema_init(&sem, 0);
	t = start(test, wait_for, &sem);
	for (unsigned int i = 0; i < 3; i++)
		joiner[i] = start(test, join_it, t);
	yield();
	up(&sem);
	for (unsigned int i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, kthread_join(joiner[i]), EXIT_CODE);
		put_task_struct(joiner[i]);
	}
	KUNIT_EXPECT_NULL(test, t->stack);
	KUNIT_EXPECT_EQ(test, refcount_read(&t->usage), 1);
	put_task_struct(t);
}

/* A killed task's memory is nobody's but the test's. */
static void free_killed(struct task_struct *task)
{
	kthread_join(task);
	vmap_stack_free(task->stack);
	put_task_struct(task);	/* of its life */
	put_task_struct(task);
}

static void expect_reaped_without(struct kunit *test, bool has_ended)
{
	struct task_struct *t, *joiner;
	struct semaphore sem;

	sema_init(&sem, 0);
	fault_leave(current);	/* who has been started waits for who has not */
	t = start(test, wait_for, &sem);
	joiner = start(test, join_it, t);
	yield();
	if (has_ended) {
		up(&sem);
		yield();
		KUNIT_EXPECT_TRUE(test, completion_done(&t->exited));
	}
	KUNIT_EXPECT_TRUE(test, kthread_kill(joiner, -ECANCELED));
	if (!has_ended)
		up(&sem);
	KUNIT_EXPECT_EQ(test, kthread_join(t), EXIT_CODE);
	KUNIT_EXPECT_NULL(test, t->stack);
	KUNIT_EXPECT_EQ(test, refcount_read(&t->usage), 1);
	put_task_struct(t);
	free_killed(joiner);
}

static void a_thread_whose_joiner_is_killed_is_taken_back_all_the_same(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_FAULT_ISOLATION))
		kunit_skip(test, "CONFIG_FAULT_ISOLATION is off");
	kunit_tolerates_faults(test);
	expect_reaped_without(test, false);
	expect_reaped_without(test, true);
}

/* ---- how long it ran ---- */

#define SPIN_US		2000u

static int spin_and_sleep(void *data)
{
	(void)data;
	udelay(SPIN_US);
	return be_stopped(NULL);
}

static void time_counts_while_a_thread_runs_and_no_longer(struct kunit *test)
{
	struct task_struct *t, *idle = task_next(NULL);
	u64 ran, waited;

	kunit_tolerates_faults(test);
	if (!IS_ENABLED(CONFIG_TASK_CPU_TIME))
		kunit_skip(test, "CONFIG_TASK_CPU_TIME is off");
	t = start(test, spin_and_sleep, NULL);
	KUNIT_EXPECT_EQ(test, task_cpu_time(t), 0);
	yield();
	ran = task_cpu_time(t);
	KUNIT_EXPECT_GE(test, ran, SPIN_US * 1000u);
	KUNIT_EXPECT_LT(test, ran, 2 * SPIN_US * 1000u);
	waited = task_cpu_time(idle);
	msleep(5);
	KUNIT_EXPECT_EQ(test, task_cpu_time(t), ran);
	KUNIT_EXPECT_GT(test, task_cpu_time(idle), waited + 3000000);
	kthread_stop(t);
	put_task_struct(t);
	put_task_struct(idle);
}

static void the_running_task_s_time_goes_on(struct kunit *test)
{
	u64 before = task_cpu_time(current);

	if (!IS_ENABLED(CONFIG_TASK_CPU_TIME))
		kunit_skip(test, "CONFIG_TASK_CPU_TIME is off");
	udelay(SPIN_US);
	KUNIT_EXPECT_GE(test, task_cpu_time(current), before + SPIN_US * 1000u);
}

/* ---- pids ---- */

static bool pid_is_free(int pid)
{
	struct task_struct *p;

	for_each_task(p) {
		if (p->pid == pid) {
			put_task_struct(p);
			return false;
		}
	}
	return true;
}

static int first_free_after(int pid)
{
	while (!pid_is_free(++pid))
		;
	return pid;
}

/* PID_MAX - 2 | PID_MAX - 1, PID_MAX, then the lowest that no task has */
static void pids_begin_again_after_the_last(struct kunit *test)
{
	int before = task_set_last_pid(PID_MAX - 2), lowest;

	KUNIT_EXPECT_EQ(test, new_thread(test, return_at_once, NULL)->pid, PID_MAX - 1);
	KUNIT_EXPECT_EQ(test, new_thread(test, return_at_once, NULL)->pid, PID_MAX);
	lowest = first_free_after(0);
	/* The kernel's own tasks began with these. */
	KUNIT_EXPECT_GT(test, lowest, 1);
	KUNIT_EXPECT_EQ(test, new_thread(test, return_at_once, NULL)->pid, lowest);
	task_set_last_pid(before);
}

static void a_pid_that_somebody_has_is_not_given_again(struct kunit *test)
{
	struct task_struct *first, *next;
	int before = task_set_last_pid(PID_MAX - 3), lowest;

	first = new_thread(test, return_at_once, NULL);
	next = new_thread(test, return_at_once, NULL);
	KUNIT_EXPECT_EQ(test, next->pid, first->pid + 1);
	/* As after a whole round: both live. */
	task_set_last_pid(first->pid - 1);
	KUNIT_EXPECT_EQ(test, new_thread(test, return_at_once, NULL)->pid, next->pid + 1);
	/* And over the end: the last three are had, and so are the first ones. */
	task_set_last_pid(first->pid - 1);
	lowest = first_free_after(0);
	KUNIT_EXPECT_EQ(test, new_thread(test, return_at_once, NULL)->pid, lowest);
	task_set_last_pid(before);
}

static struct kunit_case cases[] = {
#ifdef CONFIG_FAULT_INJECTION
	KUNIT_CASE(a_creation_that_fails_leaves_nothing),
#endif
	KUNIT_CASE(a_thread_without_a_function_is_refused),
	KUNIT_CASE(ten_threads_count_down_to_zero),
	KUNIT_CASE(a_thread_of_one_cpu_is_named_by_it),
	KUNIT_CASE(a_cpu_that_there_is_not_is_reported),
	KUNIT_CASE(what_is_made_of_an_ended_thread_is_new),
	KUNIT_CASE(who_is_still_known_is_not_made_another),
	KUNIT_CASE(each_joiner_has_the_result),
	KUNIT_CASE(a_thread_whose_joiner_is_killed_is_taken_back_all_the_same),
	KUNIT_CASE(time_counts_while_a_thread_runs_and_no_longer),
	KUNIT_CASE(the_running_task_s_time_goes_on),
	KUNIT_CASE(pids_begin_again_after_the_last),
	KUNIT_CASE(a_pid_that_somebody_has_is_not_given_again),
	{ }
};

static struct kunit_suite suite = { .name = "kthread", .test_cases = cases };
kunit_test_suite(suite);
