/* SPDX-License-Identifier: MIT */
/*
 * What switching, waking and making a task cost. The partner of the measuring task
 * has the same priority, so that each yield goes from the one to the other; begin
 * and end of a run are in different tasks.
 */
#include <test/bench.h>

#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/semaphore.h>
#include <lib/err.h>

#define EXIT_CODE	7

struct partner {
	struct bench *b;
	struct semaphore sem;
	unsigned int rounds;	/* how often it came by */
};

/* The partner, asleep or back from its first yield; NULL without memory. */
static struct task_struct *start_partner(struct partner *p, int (*fn)(void *data))
{
	struct task_struct *task = kthread_run(fn, p, "bench/partner");

	if (!bench_check(p->b, !IS_ERR(task)))
		return NULL;
	yield();
	return task;
}

/* ---- yield_switch: from the call in one task to the return in the other ---- */

static int yield_back(void *data)
{
	struct partner *p = data;
	struct bench *b = p->b;

	while (!kthread_should_stop()) {
		p->rounds++;
		bench_begin(b);
		yield();
		bench_end(b);
	}
	return 0;
}

static void bench_yield_switch(struct bench *b)
{
	struct partner p = { .b = b };
	struct task_struct *task = start_partner(&p, yield_back);
	unsigned int before = p.rounds;

	if (!task)
		return;
	for_each_bench_run(i) {
		bench_begin(b);
		yield();
		bench_end(b);
		bench_check(b, p.rounds == before + i + 1);
	}
	kthread_stop(task);
}
BENCH_CASE("yield_switch", bench_yield_switch);

/* ---- sem_wake: from up() to the waiter's return from down() ---- */

static int wait_for_sem(void *data)
{
	struct partner *p = data;
	struct bench *b = p->b;

	for (;;) {
		down(&p->sem);
		bench_end(b);
		if (kthread_should_stop())
			return 0;
		p->rounds++;
	}
}

static void bench_sem_wake(struct bench *b)
{
	struct partner p = { .b = b };
	struct task_struct *task;

	sema_init(&p.sem, 0);
	task = start_partner(&p, wait_for_sem);
	if (!task)
		return;
	for_each_bench_run(i) {
		bench_begin(b);
		up(&p.sem);
		yield();
		bench_check(b, p.rounds == i + 1);
		bench_settle();
	}
	up(&p.sem);
	kthread_stop(task);
}
BENCH_CASE("sem_wake", bench_sem_wake);

/* ---- task_lifecycle: made, started, run until it is stopped, joined ---- */

static int run_until_stopped(void *data)
{
	unsigned int *ran = data;

	++*ran;
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return EXIT_CODE;
}

static void bench_task_lifecycle(struct bench *b)
{
	unsigned int ran = 0;

	for_each_bench_run(i) {
		struct task_struct *task;
		int result;

		bench_begin(b);
		task = kthread_run(run_until_stopped, &ran, "bench/%u", i);
		if (!bench_check(b, !IS_ERR(task)))
			return;
		yield();
		result = kthread_stop(task);
		bench_end(b);
		bench_check(b, result == EXIT_CODE && ran == i + 1);
		bench_settle();
	}
}
BENCH_CASE("task_lifecycle", bench_task_lifecycle);
