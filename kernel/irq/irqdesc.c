/* SPDX-License-Identifier: MIT */
/*
 * Descriptors of interrupts: made on demand, found by number, counted, shown.
 *
 * The table has two levels. The first is fixed, the second is allocated for the
 * first number of each chunk and then stays, so a look-up in hard irq needs no
 * lock: what it reads was complete before it was published.
 *
 * Locking: table_lock for making and freeing. A descriptor lives as long as its
 * mapping; who uses a number holds the mapping. Dispatch does not: it is in a hard interrupt,
 * and a descriptor is freed a grace period after it has left the table.
 */
#include <kernel/irqdesc.h>

#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/fault-inject.h>
#include <kernel/irqdomain.h>
#include <kernel/seq_file.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#include "irq_priv.h"

#define CHUNK_BITS	6
#define CHUNK_SIZE	(1U << CHUNK_BITS)
#define NR_CHUNKS	64U
#define NR_IRQS		(NR_CHUNKS * CHUNK_SIZE)

struct irq_chunk {
	struct irq_desc *descs[CHUNK_SIZE];
};

static struct irq_chunk *chunks[NR_CHUNKS];	/* [table_lock], read without */
static unsigned int nr_irqs = 1;		/* [table_lock], read without */
static DEFINE_MUTEX(table_lock);

const struct debug_obj_descr irq_desc_debug_descr __debug_obj_descr = {
	.name = "irq_desc",
	.live = "in the table",
	.offset = offsetof(struct irq_desc, debug),
};

struct irq_desc *irq_to_desc(unsigned int irq)
{
	struct irq_chunk *chunk;

	if (irq >= NR_IRQS)
		return NULL;
	chunk = smp_load_acquire(&chunks[irq >> CHUNK_BITS]);
	return chunk ? smp_load_acquire(&chunk->descs[irq % CHUNK_SIZE]) : NULL;
}

unsigned int irq_get_nr_irqs(void)
{
	return READ_ONCE(nr_irqs);
}

static int publish(unsigned int irq, struct irq_desc *desc)
{
	struct irq_chunk **chunk = &chunks[irq >> CHUNK_BITS];

	if (!*chunk) {
		struct irq_chunk *fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);

		if (!fresh)
			return -ENOMEM;
		smp_store_release(chunk, fresh);
	}
	debug_object_activate(&desc->debug, &irq_desc_debug_descr);
	smp_store_release(&(*chunk)->descs[irq % CHUNK_SIZE], desc);
	if (irq >= nr_irqs)
		WRITE_ONCE(nr_irqs, irq + 1);
	return 0;
}

static struct lock_class_key lock_key;

#ifdef CONFIG_LOCKDEP
unsigned int irq_desc_nesting(void)
{
	const struct lockdep_task *t = &current->lockdep;
	unsigned int n = 0;

	for (unsigned int i = 0; i < t->depth; i++)
		n += t->held[i].map->key == &lock_key;
	return min(n, LOCKDEP_SUBCLASSES - 1U);
}
#endif

static struct irq_desc *desc_create(unsigned int irq)
{
	struct irq_desc *desc = kzalloc(sizeof(*desc), GFP_KERNEL);

	if (!desc)
		return NULL;
	__raw_spin_lock_init(&desc->lock, "irq_desc.lock", &lock_key);
	context_assume_held(&desc->lock);	/* nobody else has it yet */
	mutex_init(&desc->request_mutex);
	INIT_LIST_HEAD(&desc->resend);
	desc->irq_data.irq = irq;
	desc->irq_data.common = &desc->irq_common_data;
	desc->irq_data.chip = irq_chip_or_none(NULL);
	desc->handle_irq = handle_bad_irq;
	desc->depth = 1;
	desc->status_use_accessors = IRQ_NOREQUEST;
	irqd_set(&desc->irq_data, IRQD_IRQ_DISABLED | IRQD_IRQ_MASKED);
	debug_object_init(&desc->debug, &irq_desc_debug_descr);
	return desc;
}

/* The first of `cnt` free numbers in a row, 0 if there is none. */
static unsigned int find_free(unsigned int from, unsigned int cnt)
{
	unsigned int run = 0;

	for (unsigned int irq = max(from, 1U); irq < NR_IRQS; irq++) {
		run = irq_to_desc(irq) ? 0 : run + 1;
		if (run == cnt)
			return irq - cnt + 1;
	}
	return 0;
}

/* One more than the greatest number in use. */
static unsigned int end_of_used(void)
{
	unsigned int end = nr_irqs;

	while (end > 1 && !irq_to_desc(end - 1))
		end--;
	return end;
}

static void desc_free(struct irq_desc *desc)
{
	unsigned int irq;

	if (WARN_ON(!desc || desc->action))
		return;
	irq = desc->irq_data.irq;
	if (WARN(irq_to_desc(irq) != desc, "irq %u is another line by now", irq))
		return;
	irq_resend_forget(desc);
	smp_store_release(&chunks[irq >> CHUNK_BITS]->descs[irq % CHUNK_SIZE], NULL);
	if (irq + 1 == nr_irqs)
		WRITE_ONCE(nr_irqs, end_of_used());
	debug_object_deactivate(&desc->debug, &irq_desc_debug_descr);
	kfree_rcu(desc, rcu);
}

int irq_alloc_descs(int irq, unsigned int from, unsigned int cnt, int node)
{
	unsigned int first;
	int err;

	(void)node;
	if (!cnt || cnt >= NR_IRQS || (irq >= 0 && (unsigned int)irq != from))
		return -EINVAL;
	err = fault_check(FAULT_IRQ);
	if (err)
		return err;
	guard(mutex)(&table_lock);
	first = find_free(from, cnt);
	if (irq >= 0 && first != from && from < NR_IRQS)
		return -EEXIST;
	if (!first)
		return -ENOSPC;
	for (unsigned int i = 0; i < cnt; i++) {
		struct irq_desc *desc = desc_create(first + i);

		if (desc && publish(first + i, desc) == 0)
			continue;
		kfree(desc);
		while (i--)
			desc_free(irq_to_desc(first + i));
		return -ENOMEM;
	}
	return (int)first;
}

void irq_free_descs(unsigned int from, unsigned int cnt)
{
	guard(mutex)(&table_lock);
	for (unsigned int i = 0; i < cnt; i++)
		desc_free(irq_to_desc(from + i));
}

void irq_free_unmapped(struct irq_desc *desc)
{
	guard(mutex)(&table_lock);
	desc_free(desc);
}

int generic_handle_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return -EINVAL;
	generic_handle_irq_desc(desc);
	return 0;
}

unsigned int irq_desc_total(const struct irq_desc *desc)
{
	unsigned int total = 0;

	for (unsigned int cpu = 0; cpu < ARRAY_SIZE(desc->kstat_irqs); cpu++)
		total += READ_ONCE(desc->kstat_irqs[cpu]);
	return total;
}

unsigned int kstat_irqs_cpu(unsigned int irq, unsigned int cpu)
{
	struct irq_desc *desc = irq_to_desc(irq);

	return desc && cpu < ARRAY_SIZE(desc->kstat_irqs) ? READ_ONCE(desc->kstat_irqs[cpu]) : 0;
}

unsigned int kstat_irqs(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	return desc ? irq_desc_total(desc) : 0;
}

static const char *trigger_name(u32 type)
{
	switch (type) {
	case IRQ_TYPE_EDGE_RISING:
		return "rising";
	case IRQ_TYPE_EDGE_FALLING:
		return "falling";
	case IRQ_TYPE_EDGE_BOTH:
		return "both";
	case IRQ_TYPE_LEVEL_HIGH:
		return "high";
	case IRQ_TYPE_LEVEL_LOW:
		return "low";
	default:
		return "none";
	}
}

static const char *flow_name(const struct irq_desc *desc)
{
	static const struct {
		irq_flow_handler_t handler;
		const char *name;
	} flows[] = {
		{ handle_level_irq, "level" },
		{ handle_edge_irq, "edge" },
		{ handle_fasteoi_irq, "fasteoi" },
		{ handle_simple_irq, "simple" },
		{ handle_untracked_irq, "untracked" },
		{ handle_bad_irq, "off" },
	};

	for (size_t i = 0; !desc->name && i < ARRAY_SIZE(flows); i++)
		if (flows[i].handler == desc->handle_irq)
			return flows[i].name;
	return desc->name ? desc->name : "-";
}

static void show_chip(struct seq_file *p, struct irq_desc *desc)
{
	char name[24] = "";
	struct seq_file chip_name = { .buf = name, .size = sizeof(name) };
	struct irq_chip *chip;

	guard(irq_desc)(desc);
	chip = desc->irq_data.chip;
	if (chip->irq_print_chip)
		chip->irq_print_chip(&desc->irq_data, &chip_name);
	else
		seq_puts(&chip_name, chip->name);
	seq_printf(p, " %-16s %5lu %-7s %-8s", name, desc->irq_data.hwirq,
		   trigger_name(irqd_get_trigger_type(&desc->irq_data)),
		   flow_name(desc));
}

static void show_desc(struct seq_file *p, struct irq_desc *desc)
{
	unsigned int cpu;

	guard(mutex)(&desc->request_mutex);
	seq_printf(p, "%4u:", desc->irq_data.irq);
	for_each_online_cpu(cpu)
		seq_printf(p, " %10u", READ_ONCE(desc->kstat_irqs[cpu]));
	show_chip(p, desc);
	for (const struct irqaction *action = desc->action; action; action = action->next)
		seq_printf(p, "%s%s%s", action == desc->action ? " " : ", ", action->name,
			   action->thread_fn ? " (thread)" : "");
	if (desc->action && !irqd_is_per_cpu(&desc->irq_data) &&
	    irqd_irq_disabled(&desc->irq_data))
		seq_puts(p, " (disabled)");
	seq_puts(p, "\n");
}

bool irq_show(struct seq_file *p, unsigned int irq)
{
	struct irq_desc *desc;

	/* Nobody frees the descriptor meanwhile. */
	guard(mutex)(&table_lock);
	desc = irq_to_desc(irq);
	if (desc)
		show_desc(p, desc);
	return desc;
}
