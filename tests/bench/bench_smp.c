/* SPDX-License-Identifier: MIT */
/*
 * What work costs in all when several CPUs share it: the instructions of every CPU, from the
 * first item that is queued until the last has run. The items are independent; one task queues
 * them, on each CPU in turn.
 *
 * Under -icount the emulator's counter of retired instructions counts those of all its CPUs, so
 * that of the measuring task is the sum; on hardware it would be of one.
 */
#include <test/bench.h>

#include <kernel/cpumask.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <kernel/workqueue.h>

#define ITEMS		10000
#define RUNS		(BENCH_WARMUP + 9)
#define STEPS		100	/* of an item */

static struct {
	struct workqueue_struct *queue;
	struct work_struct *items;
	unsigned int ran[CONFIG_NR_CPUS];
	u32 result[CONFIG_NR_CPUS];
} total;

static void computes(struct work_struct *work)
{
	unsigned int cpu = smp_processor_id();
	u32 x = (u32)(work - total.items) + 1;

	for (unsigned int i = 0; i < STEPS; i++)
		x = x * 1664525u + 1013904223u;
	WRITE_ONCE(total.result[cpu], x);
	total.ran[cpu]++;
}

static void run_items(struct bench *b)
{
	unsigned int nr = num_online_cpus(), queued = 0, cpu;

	bench_begin(b);
	for (unsigned int i = 0; i < ITEMS; i++)
		queued += queue_work_on(i % nr, total.queue, &total.items[i]);
	flush_workqueue(total.queue);
	bench_end(b);
	bench_check(b, queued == ITEMS);
	for_each_online_cpu(cpu) {
		bench_check(b, total.ran[cpu] == ITEMS / nr);
		total.ran[cpu] = 0;
	}
}

static void bench_work_total(struct bench *b)
{
	total.items = kmalloc_array(ITEMS, sizeof(*total.items), GFP_KERNEL);
	if (!bench_check(b, total.items))
		return;
	for (unsigned int i = 0; i < ITEMS; i++)
		INIT_WORK(&total.items[i], computes);
	total.queue = alloc_workqueue("bench", 0, 1);
	if (bench_check(b, total.queue)) {
		for (unsigned int run = 0; run < RUNS; run++)
			run_items(b);
		destroy_workqueue(total.queue);
	}
	kfree(total.items);
}
BENCH_CASE("work_total", bench_work_total);
