/* SPDX-License-Identifier: MIT */
/*
 * What a case must have given back when it is over: memory, interrupts, timers, tasks, and what
 * other layers add to the table. A suite likewise: what its suite_init takes, its suite_exit
 * gives back.
 *
 * Something may be on its way out when a case ends, a task that nobody joins or a work item
 * that frees: so a leak is what is still there a few milliseconds later.
 *
 * Locking: none of its own. A descriptor's lock while its handlers are counted.
 */
#include <kernel/delay.h>
#include <kernel/dma-map-ops.h>
#include <kernel/interrupt.h>
#include <kernel/irqdesc.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/vmalloc.h>
#include <lib/errno.h>

#include "ktest_priv.h"

#define SETTLE_MS	10

static unsigned long bytes(void)
{
	return slab_bytes_used();
}

/*
 * Those of objects are counted by the byte; slabs, page tables and uncached pages are kept for the
 * next user.
 */
static unsigned long pages(void)
{
	struct mem_stats stats;

	mm_get_stats(&stats);
	return stats.total_pages - stats.free_pages - slab_pages_used() - vmap_table_pages() -
	       uncached_pages_kept();
}

static unsigned long irq_descriptors(void)
{
	unsigned long n = 0;
	struct irq_desc *desc;
	unsigned int irq;

	for_each_irq_desc(irq, desc)
		n++;
	return n;
}

static unsigned long handlers_of(struct irq_desc *desc)
{
	unsigned long n = 0;

	guard(raw_spinlock_irqsave)(&desc->lock);
	for (const struct irqaction *a = desc->action; a; a = a->next)
		n++;
	return n;
}

/* A descriptor that is found lives for a grace period, its handlers while it is locked. */
static unsigned long irq_handlers(void)
{
	unsigned long n = 0;
	struct irq_desc *desc;
	unsigned int irq;

	guard(rcu)();
	for_each_irq_desc(irq, desc)
		n += handlers_of(desc);
	return n;
}

static unsigned long percpu_bytes(void)
{
	return percpu_bytes_used();
}

static unsigned long timers(void)
{
	return timers_pending();
}

static unsigned long tasks(void)
{
	return nr_tasks();
}

TABLE_ENTRY(kunit_counters, struct kunit_counter, counters[]) = {
	{ "bytes", bytes },
	{ "pages", pages },
	{ "per-CPU bytes", percpu_bytes },
	{ "interrupt descriptors", irq_descriptors },
	{ "interrupt handlers", irq_handlers },
	{ "pending timers", timers },
	{ "tasks", tasks },
};

static unsigned long *counts[USAGES];	/* [o] the runner; by the counters' table */

int ktest_usage_init(void)
{
	size_t nr = (size_t)(__table_kunit_counters_end - __table_kunit_counters_start);

	counts[0] = kcalloc(nr, USAGES * sizeof(*counts[0]), GFP_KERNEL);
	if (!counts[0])
		return -ENOMEM;
	for (unsigned int i = 1; i < USAGES; i++)
		counts[i] = counts[i - 1] + nr;
	return 0;
}

void ktest_usage_fini(void)
{
	kfree(counts[0]);
}

void ktest_usage_read(enum ktest_usage usage)
{
	unsigned long *count = counts[usage];

	kthread_free_cache();
	rcu_barrier();
	for_each_table_entry(kunit_counters, c)
		*count++ = c->read();
}

static bool is_more(const unsigned long *now, const unsigned long *before)
{
	for_each_table_entry(kunit_counters, c)
		if (*now++ > *before++)
			return true;
	return false;
}

void ktest_usage_judge(struct kunit *test, enum ktest_usage usage, bool is_failure)
{
	const unsigned long *before = counts[usage], *now = counts[USAGE_NOW];

	ktest_usage_read(USAGE_NOW);
	for (unsigned int ms = 0; ms < SETTLE_MS && is_more(now, before); ms++) {
		msleep(1);
		ktest_usage_read(USAGE_NOW);
	}
	for_each_table_entry(kunit_counters, c) {
		if (*now > *before && is_failure)
			kunit_fail(test, test->name, 0, "%lu %s leaked", *now - *before, c->name);
		else if (*now > *before)
			kunit_log(test, "%lu %s left behind", *now - *before, c->name);
		now++;
		before++;
	}
}

void ktest_usage_excuse_cases(void)
{
	unsigned long *before = counts[USAGE_SUITE], *began = counts[USAGE_CASES];
	unsigned long *now = counts[USAGE_NOW];

	ktest_usage_read(USAGE_NOW);
	for_each_table_entry(kunit_counters, c)
		*before++ += *now++ - *began++;
}
