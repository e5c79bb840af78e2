/* SPDX-License-Identifier: MIT */
/*
 * What an acquisition tells the graph of lock classes, and whether that is a deadlock to come:
 * an order that closes a circle, and a class that interrupts take and that is taken, or has
 * another inside that is taken, with interrupts on.
 *
 * Only a new edge and a new kind of use are searched for.
 *
 * Locking: the graph is locked by the caller.
 */
#include <kernel/lockdep.h>

#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/stacktrace.h>
#include <lib/bits.h>

#include "lockdep_priv.h"

static bool is_class(u16 nr, u16 wanted)
{
	return nr == wanted;
}

static bool is_used(u16 nr, u16 usage)
{
	return lock_classes[nr].used & BIT(usage);
}

/* `to` is being taken while `from` is held, for the first time: what would close a circle? */
static bool report_circle(const struct held_lock *from, u16 to)
{
	if (!lock_way_find(to, false, is_class, from->class_nr))
		return false;
	if (lockdep_report_begin("possible circular locking: %s is taken with %s held",
		       lock_classes[to].name, from->map->name)) {
		lock_held_print(current, from);
		pr_warn("but the other way round\n");
		lock_way_print(from->class_nr, false);
	}
	lockdep_report_end();
	return true;
}

static void print_use(u16 nr, enum lock_usage usage)
{
	pr_warn("%s was taken %s at\n", lock_classes[nr].name,
		usage == USED_IN_IRQ ? "by an interrupt handler" : "with interrupts on");
	stack_trace_print(lock_classes[nr].first[usage], LOCKDEP_TRACE, 2);
}

/*
 * Whoever holds the class `inner` with interrupts on can be interrupted by a handler that
 * takes `outer`, which another CPU holds that waits for `inner`.
 */
static bool report_irq_order(u16 outer_from, u16 inner_from)
{
	u16 outer = lock_way_find(outer_from, true, is_used, USED_IN_IRQ), inner;

	if (!outer)
		return false;
	inner = lock_way_find(inner_from, false, is_used, USED_IRQS_ON);
	if (!inner || outer == inner)
		return false;
	if (lockdep_report_begin("irq-unsafe lock order: %s, taken with interrupts on, inside %s, "
		       "taken by interrupt handlers", lock_classes[inner].name,
		       lock_classes[outer].name)) {
		print_use(outer, USED_IN_IRQ);
		print_use(inner, USED_IRQS_ON);
		lock_way_print(inner, false);
		lock_way_find(outer_from, true, is_used, USED_IN_IRQ);
		lock_way_print(outer, true);
	}
	lockdep_report_end();
	return true;
}

static void add_order(const struct held_lock *from, const struct held_lock *to)
{
	struct lock_edge *edge = lock_edge_find(from->class_nr, to->class_nr);
	bool bad;

	if (likely(edge))
		return;
	bad = report_circle(from, to->class_nr) || report_irq_order(from->class_nr, to->class_nr);
	edge = lock_edge_add(from->class_nr, to->class_nr);
	if (!edge)
		return;
	edge->bad = bad;
	lock_held_trace(current, from, edge->from_trace);
	lock_held_trace(current, to, edge->to_trace);
}

static void note_use(const struct held_lock *held, enum lock_usage usage)
{
	struct lock_class *class = &lock_classes[held->class_nr];
	enum lock_usage other = usage == USED_IN_IRQ ? USED_IRQS_ON : USED_IN_IRQ;

	if (likely(class->used & BIT(usage)) || class->reported & BIT(usage))
		return;
	if (class->used & BIT(other)) {
		class->reported |= (u8)BIT(usage);
		if (lockdep_report_begin("inconsistent lock state: %s is taken %s", class->name,
			       usage == USED_IN_IRQ ? "by an interrupt handler" :
						      "with interrupts on")) {
			lock_held_print(current, held);
			print_use(held->class_nr, other);
		}
		lockdep_report_end();
		return;
	}
	class->used |= (u8)BIT(usage);
	lock_held_trace(current, held, class->first[usage]);
	if (report_irq_order(held->class_nr, held->class_nr)) {
		class->used &= (u8)~BIT(usage);
		class->reported |= (u8)BIT(usage);
	}
}

void lock_use_note(const struct held_lock *held, bool irqs_on)
{
	if (held->map->kind != LOCK_KIND_SPIN || !held->class_nr || held->ignored)
		return;
	if (!held->in_irq && irqs_on)
		note_use(held, USED_IRQS_ON);
	/* A handler that only tries waits for nobody; one that waits for it may come any time. */
	if (held->in_irq && !only_tries(held->how))
		note_use(held, USED_IN_IRQ);
}

void lock_orders_add(const struct lockdep_task *t, const struct held_lock *held)
{
	for (unsigned int i = t->depth; i > 0; i--) {
		const struct held_lock *before = &t->held[i - 1];

		if (before->in_irq != held->in_irq)
			return;
		if (before->ignored || !before->class_nr || before->map->kind == LOCK_KIND_RCU)
			continue;
		if (before->class_nr != held->class_nr)
			add_order(before, held);
		if (!only_tries(before->how))
			return;
	}
}
