/* SPDX-License-Identifier: MIT */
/*
 * The descriptor of one line of interrupts: its data at the outermost controller,
 * its flow handler, its users, its counts. Descriptors are made when a line is
 * mapped and found by number.
 *
 * Locking: `lock`, with interrupts off, for whatever an interrupt may touch;
 * `request_mutex` around request and free. Dispatch reads handle_irq and
 * fast_action without the lock: the first is changed only on a line that is masked, the
 * second is looked at by who has `busy`, and who takes it away waits until nobody has that.
 *
 * Dispatch is a hard interrupt, so a reader under RCU from the look-up on: a descriptor is
 * freed a grace period after its number is gone. Who takes an action off a line waits for
 * the in-progress mark, which a flow handler sets under the lock with which it finds
 * the action, and for `busy`. What is called without the lock, a cascade's handler and that
 * of a per-CPU line, and the chip of a line that is unmapped, are waited for by a grace period.
 */
#ifndef KERNEL_IRQDESC_H
#define KERNEL_IRQDESC_H

#include <kernel/debugobjects.h>
#include <kernel/irq.h>
#include <kernel/mutex.h>
#include <kernel/rcupdate.h>
#include <kernel/smp.h>
#include <kernel/spinlock.h>
#include <lib/container_of.h>
#include <lib/kconfig.h>
#include <lib/list.h>

/*
 * [l] lock, [m] request_mutex, [c] written by the CPU it belongs to, [I] immutable.
 * `depth` is 0 iff the line is enabled; a line without a user has depth 1.
 * threads_active is the number of actions with IRQTF_RUNTHREAD and of those with IRQTF_RUNS, and of
 * who is in handle_nested_irq().
 * fast_action is not NULL iff the flow is fasteoi, there is one user, the line is enabled and
 * no handler of it is marked as in progress, and its user did not ask for IRQF_ONESHOT.
 */
struct irq_desc {
#ifdef CONFIG_SMP
	unsigned long busy;			/* [a] 1: fast_action is in progress */
#endif
	struct irq_data irq_data;
	irq_flow_handler_t handle_irq;		/* [l] never NULL */
	struct irqaction *fast_action;		/* [l] */
	struct irqaction *action;		/* [l] the first user */

	struct irq_common_data irq_common_data;	/* [l] */
	unsigned int istate __guarded_by(&lock);	/* [l] IRQS_*, kernel/irq/irq_priv.h */
	unsigned int depth __guarded_by(&lock);	/* [l] of disable_irq() */
	unsigned int wake_depth __guarded_by(&lock);	/* [l] of enable_irq_wake() */
	unsigned int kstat_irqs[CONFIG_NR_CPUS];/* [c] interrupts that came */

	unsigned int unhandled __guarded_by(&lock);	/* [l] of those since window_start */
	unsigned int window_start __guarded_by(&lock);	/* [l] a count of interrupts */
	unsigned long last_unhandled __guarded_by(&lock);	/* [l] jiffies */

	/* [l] thread_mask of those woken and not done yet; the line is masked for them */
	unsigned long threads_oneshot __guarded_by(&lock);
	unsigned int threads_active __guarded_by(&lock);	/* [l] woken, or running */
	unsigned int threads_handled __guarded_by(&lock);	/* [l] times, by any */
	unsigned int threads_handled_seen __guarded_by(&lock);	/* [l] when one was last woken */
	unsigned int parent_irq;		/* [l] of a nested line, 0: not said */
#ifdef CONFIG_DEBUG
	struct task_struct *nested_in;		/* [l] who is in handle_nested_irq() */
#endif

	unsigned int status_use_accessors;	/* [l] IRQ_* */
	unsigned int percpu_enabled __guarded_by(&lock);	/* [l] bit n: on CPU n */
	unsigned int bus_users __guarded_by(&lock);	/* [l] who has the chip's bus, or waits */
	const char *name;			/* [l] of the flow handler */
	struct list_head resend;		/* linked iff a replay is due; resend.c */

	raw_spinlock_t lock;
	struct mutex request_mutex;
	struct rcu_head rcu;			/* once it is found no more */
	struct debug_obj debug;			/* [t] live: found by its number; t: the table's */
};

extern const struct debug_obj_descr irq_desc_debug_descr;

/*
 * Makes descriptors with `cnt` consecutive numbers, not below `from`; `irq` is -1, or
 * `from` if it must be that number. `node` is not used. Domains do it for their
 * lines; nobody else needs to. irq_free_descs() takes them back.
 * Context: task; may sleep.
 * Return: the first number; -EINVAL: none, or `irq` is neither; -EEXIST: it is in use; -ENOSPC:
 * so many in a row are not free; -ENOMEM.
 */
int __must_check irq_alloc_descs(int irq, unsigned int from, unsigned int cnt, int node);
void irq_free_descs(unsigned int from, unsigned int cnt);

/* The same for one. Context: task; may sleep. */

static inline int __must_check irq_alloc_desc(int node)
{
	return irq_alloc_descs(-1, 0, 1, node);
}

static inline void irq_free_desc(unsigned int irq)
{
	irq_free_descs(irq, 1);
}

/* NULL for a number that names nothing. Context: any. */
struct irq_desc *irq_to_desc(unsigned int irq);

/* One more than the greatest number in use. Context: any. */
unsigned int irq_get_nr_irqs(void);

/* All descriptors, in the order of their numbers; both variables are the caller's. */
#define for_each_irq_desc(irq, desc)						\
	for ((irq) = 1; (irq) < irq_get_nr_irqs(); (irq)++)			\
		if (!((desc) = irq_to_desc(irq)))				\
			continue;						\
		else

/* Members. Context: any in which the line cannot go away: its handler, its lock. */

static inline struct irq_desc *irq_data_to_desc(struct irq_data *data)
{
	return container_of(data->common, struct irq_desc, irq_common_data);
}

static inline unsigned int irq_desc_get_irq(struct irq_desc *desc)
{
	return desc->irq_data.irq;
}

static inline struct irq_data *irq_desc_get_irq_data(struct irq_desc *desc)
{
	return &desc->irq_data;
}

static inline struct irq_chip *irq_desc_get_chip(struct irq_desc *desc)
{
	return desc->irq_data.chip;
}

static inline void *irq_desc_get_chip_data(struct irq_desc *desc)
{
	return desc->irq_data.chip_data;
}

static inline void *irq_desc_get_handler_data(struct irq_desc *desc)
{
	return desc->irq_common_data.handler_data;
}

static inline bool irq_desc_has_action(struct irq_desc *desc)
{
	return desc && desc->action;
}

/* How many interrupts came on the line, on one CPU and on all. Context: any. */
unsigned int kstat_irqs_cpu(unsigned int irq, unsigned int cpu);
unsigned int kstat_irqs(unsigned int irq);

/* Runs the flow of a line, not of one that was removed. Context: hard irq, interrupts off. */
static inline void generic_handle_irq_desc(struct irq_desc *desc)
{
	if (likely(debug_object_assert_init(&desc->debug, &irq_desc_debug_descr)))
		desc->handle_irq(desc);
}

/*
 * Dispatches an interrupt by number, or by a controller's own.
 * Context: hard irq, interrupts off.
 * Return: 0; -EINVAL if there is no such line.
 */
int generic_handle_irq(unsigned int irq);

/*
 * Writes the line that the shell's `irq` shows: number, counts per CPU, chip, the
 * chip's number, trigger, flow, users. False if the number names nothing.
 *
 *   for (unsigned int irq = 1; irq < irq_get_nr_irqs(); irq++)
 *           irq_show(&seq, irq);
 *
 * Context: task; may sleep.
 */
bool irq_show(struct seq_file *p, unsigned int irq);

#endif
