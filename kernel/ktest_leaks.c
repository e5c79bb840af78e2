/* SPDX-License-Identifier: MIT */
/*
 * What a case must have given back when it is over: memory, interrupts, timers, tasks, and what
 * other layers add to the table.
 *
 * Something may be on its way out when a case ends, a task that nobody joins or a work item
 * that frees: so a leak is what is still there a few milliseconds later.
 */
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/irqdesc.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/vmalloc.h>

#include "ktest_priv.h"

#define SETTLE_MS	10

static unsigned long bytes(void)
{
	return slab_bytes_used();
}

/* Those of objects are counted by the byte; slabs and page tables are kept for the next user. */
static unsigned long pages(void)
{
	struct mem_stats stats;

	mm_get_stats(&stats);
	return stats.total_pages - stats.free_pages - slab_pages_used() - vmap_table_pages();
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

static unsigned long irq_handlers(void)
{
	unsigned long n = 0;
	struct irq_desc *desc;
	unsigned int irq;

	for_each_irq_desc(irq, desc)
		for (const struct irqaction *a = desc->action; a; a = a->next)
			n++;
	return n;
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
	{ "interrupt descriptors", irq_descriptors },
	{ "interrupt handlers", irq_handlers },
	{ "pending timers", timers },
	{ "tasks", tasks },
};

void ktest_usage_read(struct ktest_usage *usage)
{
	unsigned int i = 0;

	kthread_free_cache();
	for_each_table_entry(kunit_counters, c)
		if (i < KUNIT_COUNTERS_MAX)
			usage->count[i++] = c->read();
}

static bool is_more(const struct ktest_usage *now, const struct ktest_usage *before)
{
	unsigned int i = 0;

	for_each_table_entry(kunit_counters, c) {
		if (i < KUNIT_COUNTERS_MAX && now->count[i] > before->count[i])
			return true;
		i++;
	}
	return false;
}

void ktest_usage_judge(struct kunit *test, const struct ktest_usage *before, bool is_failure)
{
	struct ktest_usage now;
	unsigned int i = 0;

	ktest_usage_read(&now);
	for (unsigned int ms = 0; ms < SETTLE_MS && is_more(&now, before); ms++) {
		msleep(1);
		ktest_usage_read(&now);
	}
	for_each_table_entry(kunit_counters, c) {
		unsigned long more = now.count[i] - before->count[i];

		if (i >= KUNIT_COUNTERS_MAX)
			break;
		if (now.count[i] > before->count[i] && is_failure)
			kunit_fail(test, test->name, 0, "%lu %s leaked", more, c->name);
		else if (now.count[i] > before->count[i])
			kunit_log(test, "%lu %s left behind", more, c->name);
		i++;
	}
}
