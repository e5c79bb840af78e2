/* SPDX-License-Identifier: MIT */
/*
 * What handing work to the system's queue costs, its worker asleep or behind a batch.
 */
#include <test/bench.h>

#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/workqueue.h>
#include <lib/container_of.h>

#define BATCH		10000
#define BATCHES		(BENCH_WARMUP + 9)

struct measured_work {
	struct work_struct work;
	struct bench *b;
	unsigned int ran;
};

/* ---- work_to_handler: from queue_work() to the function's first line ---- */

static void work_begins(struct work_struct *work)
{
	struct measured_work *w = container_of(work, struct measured_work, work);

	bench_end(w->b);
	w->ran++;
}

static void bench_work_to_handler(struct bench *b)
{
	struct measured_work w = { .b = b };

	INIT_WORK_ONSTACK(&w.work, work_begins);
	for_each_bench_run(i) {
		bool queued;

		bench_settle();
		bench_begin(b);
		queued = queue_work(system_wq, &w.work);
		yield();
		bench_check(b, queued && w.ran == i + 1);
	}
	cancel_work_sync(&w.work);
}
BENCH_CASE("work_to_handler", bench_work_to_handler);

/* ---- work_batch_item: queued all at once, waited for until the last has run ---- */

static unsigned int batch_ran;	/* by the worker, read when it is idle */

static void work_counts(struct work_struct *work)
{
	(void)work;
	batch_ran++;
}

static void run_batch(struct bench *b, struct work_struct *items)
{
	unsigned int queued = 0;

	batch_ran = 0;
	bench_begin(b);
	for (unsigned int i = 0; i < BATCH; i++)
		queued += queue_work(system_wq, &items[i]);
	flush_work(&items[BATCH - 1]);
	bench_end(b);
	bench_check(b, queued == BATCH && batch_ran == BATCH);
}

static void bench_work_batch_item(struct bench *b)
{
	struct work_struct *items = kmalloc_array(BATCH, sizeof(*items), GFP_KERNEL);

	if (!bench_check(b, items))
		return;
	for (unsigned int i = 0; i < BATCH; i++)
		INIT_WORK(&items[i], work_counts);
	b->divisor = BATCH;
	for (unsigned int i = 0; i < BATCHES; i++)
		run_batch(b, items);
	kfree(items);
}
BENCH_CASE("work_batch_item", bench_work_batch_item);
