/* SPDX-License-Identifier: MIT */
/*
 * That a service costs the same whether ten or ten thousand objects of its kind are about:
 *
 *	flat_yield_N		one switch among N runnable threads
 *	flat_wake_N		up() to the waiter running, while N threads wait elsewhere
 *	flat_queue_work_N	queue_work() behind N items of the queue
 *	flat_timer_arm_N	mod_timer() and del_timer() while N timers are pending
 *	flat_kmalloc_N		kmalloc() and kfree() while N objects are allocated
 *
 * tools/bench.py compares the rows of one service, and draws them.
 */
#include <test/bench.h>

#include <kernel/completion.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/semaphore.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/workqueue.h>
#include <lib/err.h>

#define FLAT_CASES(service, run)						\
	static void run##_10(struct bench *b) { run(b, 10); }			\
	BENCH_CASE("flat_" service "_10", run##_10);				\
	static void run##_100(struct bench *b) { run(b, 100); }			\
	BENCH_CASE("flat_" service "_100", run##_100);				\
	static void run##_1000(struct bench *b) { run(b, 1000); }		\
	BENCH_CASE("flat_" service "_1000", run##_1000);			\
	static void run##_10000(struct bench *b) { run(b, 10000); }		\
	BENCH_CASE("flat_" service "_10000", run##_10000)

/* ---- threads ---- */

struct crowd {
	struct task_struct **task;
	unsigned int nr;
	bool stop;		/* those who yield end */
	unsigned int rounds;
	struct semaphore never;	/* those who wait are given it at the end */
};

static int yields(void *data)
{
	struct crowd *crowd = data;

	while (!READ_ONCE(crowd->stop)) {
		crowd->rounds++;
		yield();
	}
	return 0;
}

static int waits(void *data)
{
	struct crowd *crowd = data;

	down(&crowd->never);
	return 0;
}

/* They have begun when it returns. */
static bool crowd_start(struct bench *b, struct crowd *crowd, unsigned int n,
			int (*fn)(void *data))
{
	*crowd = (struct crowd){ .task = kcalloc(n, sizeof(*crowd->task), GFP_KERNEL) };
	sema_init(&crowd->never, 0);
	if (!bench_check(b, crowd->task))
		return false;
	for (crowd->nr = 0; crowd->nr < n; crowd->nr++) {
		struct task_struct *task = kthread_run(fn, crowd, "bench/%u", crowd->nr);

		if (!bench_check(b, !IS_ERR(task)))
			return false;
		crowd->task[crowd->nr] = get_task_struct(task);
	}
	yield();
	return true;
}

static void crowd_end(struct bench *b, struct crowd *crowd)
{
	WRITE_ONCE(crowd->stop, true);
	for (unsigned int i = 0; i < crowd->nr; i++)
		up(&crowd->never);
	for (unsigned int i = 0; i < crowd->nr; i++) {
		bench_check(b, kthread_join(crowd->task[i]) == 0);
		put_task_struct(crowd->task[i]);
	}
	kfree(crowd->task);
	kthread_free_cache();
}

#define YIELD_TURNS	4	/* of all threads, per run */
#define YIELD_RUNS	(BENCH_WARMUP + 3)

/* The same number of switches whatever the crowd. */
static void flat_yield(struct bench *b, unsigned int n)
{
	unsigned int turns = YIELD_TURNS * 10000 / n / 10, before;
	struct crowd crowd;

	if (turns == 0)
		turns = 1;
	if (crowd_start(b, &crowd, n, yields)) {
		b->divisor = turns * (n + 1);
		for (unsigned int run = 0; run < YIELD_RUNS; run++) {
			before = crowd.rounds;
			bench_begin(b);
			for (unsigned int i = 0; i < turns; i++)
				yield();
			bench_end(b);
			bench_check(b, crowd.rounds - before == turns * n);
		}
	}
	crowd_end(b, &crowd);
}
FLAT_CASES("yield", flat_yield);

struct woken {
	struct bench *b;
	struct semaphore sem;
	unsigned int rounds;
};

static int is_woken(void *data)
{
	struct woken *w = data;

	for (;;) {
		down(&w->sem);
		bench_end(w->b);
		if (kthread_should_stop())
			return 0;
		w->rounds++;
	}
}

static void flat_wake(struct bench *b, unsigned int n)
{
	struct woken w = { .b = b };
	struct task_struct *task;
	struct crowd crowd;

	sema_init(&w.sem, 0);
	task = kthread_run(is_woken, &w, "bench/woken");
	if (!bench_check(b, !IS_ERR(task)))
		return;
	if (crowd_start(b, &crowd, n, waits)) {
		for_each_bench_run(i) {
			bench_begin(b);
			up(&w.sem);
			yield();
			bench_check(b, w.rounds == i + 1);
			bench_settle();
		}
	}
	up(&w.sem);
	kthread_stop(task);
	crowd_end(b, &crowd);
}
FLAT_CASES("wake", flat_wake);

/* ---- work ---- */

static unsigned int work_ran;

static void work_counts(struct work_struct *work)
{
	(void)work;
	work_ran++;
}

/* The worker does not come by meanwhile: nothing here yields. */
static void flat_queue_work(struct bench *b, unsigned int n)
{
	struct work_struct *items = kmalloc_array(n, sizeof(*items), GFP_KERNEL), mine;
	unsigned int queued = 0;

	if (!bench_check(b, items))
		return;
	INIT_WORK_ONSTACK(&mine, work_counts);
	work_ran = 0;
	for (unsigned int i = 0; i < n; i++) {
		INIT_WORK(&items[i], work_counts);
		queued += queue_work(system_wq, &items[i]);
	}
	/* The first time an item is told where it is at home. */
	flush_work(&items[n - 1]);
	bench_check(b, queue_work(system_wq, &mine) && flush_work(&mine));
	for (unsigned int i = 0; i < n; i++)
		queued += queue_work(system_wq, &items[i]);
	bench_check(b, queued == 2 * n && work_ran == n + 1);
	for_each_bench_run(i) {
		bool was;

		bench_begin(b);
		was = queue_work(system_wq, &mine);
		bench_end(b);
		bench_check(b, was && cancel_work(&mine));
	}
	flush_work(&items[n - 1]);
	bench_check(b, work_ran == 2 * n + 1);
	kfree(items);
}
FLAT_CASES("queue_work", flat_queue_work);

/* ---- timers ---- */

#define SPAN	100000	/* jiffies until the first */

static unsigned int timers_fired;

static void timer_counts(struct timer_list *t)
{
	(void)t;
	timers_fired++;
}

static void flat_timer_arm(struct bench *b, unsigned int n)
{
	struct timer_list *others = kcalloc(n, sizeof(*others), GFP_KERNEL), t;
	unsigned long expires = jiffies + SPAN;

	if (!bench_check(b, others))
		return;
	timers_fired = 0;
	for (unsigned int i = 0; i < n; i++) {
		timer_setup(&others[i], timer_counts, 0);
		mod_timer(&others[i], expires + i);
	}
	timer_setup_on_stack(&t, timer_counts, 0);
	for_each_bench_run(i) {
		int was_armed;

		bench_begin(b);
		mod_timer(&t, expires + n / 2);
		was_armed = del_timer(&t);
		bench_end(b);
		bench_check(b, was_armed == 1);
	}
	for (unsigned int i = 0; i < n; i++)
		bench_check(b, del_timer_sync(&others[i]) == 1);
	bench_check(b, !timers_fired);
	kfree(others);
}
FLAT_CASES("timer_arm", flat_timer_arm);

/* ---- memory ---- */

#define OBJECT_BYTES	64

static void flat_kmalloc(struct bench *b, unsigned int n)
{
	void **others = kcalloc(n, sizeof(*others), GFP_KERNEL);

	if (!bench_check(b, others))
		return;
	for (unsigned int i = 0; i < n; i++) {
		others[i] = kmalloc(OBJECT_BYTES, GFP_KERNEL);
		bench_check(b, others[i]);
	}
	for_each_bench_run(i) {
		void *p;

		bench_begin(b);
		p = kmalloc(OBJECT_BYTES, GFP_KERNEL);
		kfree(p);
		bench_end(b);
		bench_check(b, p);
	}
	for (unsigned int i = 0; i < n; i++)
		kfree(others[i]);
	kfree(others);
}
FLAT_CASES("kmalloc", flat_kmalloc);
