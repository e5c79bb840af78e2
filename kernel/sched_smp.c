/* SPDX-License-Identifier: MIT */
/*
 * Tasks and several CPUs: where one runs, and how it gets there.
 *
 * A task that becomes runnable joins the queue of the CPU that it ran on last. If some CPU sleeps
 * then that may run it, it is woken, and an idle CPU takes the first task that it may run from
 * whoever has more than the one that runs. So nothing is balanced and nobody is interrupted in
 * its work; but no CPU sleeps while a task waits that it could run:
 *
 *	who wakes a task			who is about to sleep
 *	queue it				set the bit in idle_cpus
 *	smp_mb()				smp_mb()
 *	look at idle_cpus			look at the queues
 *
 * One of the two sees the other. The bit is cleared by who sends the interrupt, so that each
 * sleep is ended once.
 *
 * Locking: as in sched_priv.h. A task that is moved is in no queue and belongs to the new one
 * before it is locked.
 */
#include <kernel/cpumask.h>
#include <kernel/interleave.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include <lib/bitops.h>
#include <lib/errno.h>

#include "sched_priv.h"

/* How many tasks of a level are looked at for one that may move: the others may all be bound. */
#define STEAL_SCAN_MAX	32

static unsigned long idle_cpus;		/* [a] those that wait for an interrupt */

/* ---- waking ---- */

/* A task that may run on `allowed` has joined the CPU's queue. Interrupts are off. */
static void wake_idle_cpu(const struct cpu *cpu, unsigned long allowed)
{
	unsigned long idle;

	smp_mb();
	while ((idle = READ_ONCE(idle_cpus) & allowed) != 0) {
		unsigned int target = idle & BIT(cpu->id) ? cpu->id : __ffs(idle);

		if (!test_and_clear_bit(target, &idle_cpus))
			continue;
		smp_send_reschedule(target);
		return;
	}
}

/*
 * Only an interrupt on top of the idle task gets here with that as the running one. If it has
 * woken others before, those are for other CPUs.
 */
static bool runs_it_next(const struct cpu *cpu)
{
	return cpu == this_cpu() && current == cpu->idle && READ_ONCE(cpu->nr_running) < 2;
}

bool wake_task_smp(struct task_struct *p, unsigned int mode)
	__no_context_analysis
{
	struct cpu *cpu = lock_task_cpu(p);
	unsigned long allowed;
	bool queue;

	if (!(p->__state & mode)) {
		raw_spin_unlock(&cpu->lock);
		return false;
	}
	WRITE_ONCE(p->__state, TASK_RUNNING);
	/* It may not have got as far as schedule() yet. */
	queue = !p->run.next;
	if (queue && unlikely(!task_may_run_on(p, cpu))) {
		raw_spin_unlock(&cpu->lock);
		task_place(p);
		return true;
	}
	if (queue)
		enqueue_task(cpu, p);
	allowed = p->cpus_mask.bits[0];
	raw_spin_unlock(&cpu->lock);
	if (queue && !runs_it_next(cpu))
		wake_idle_cpu(cpu, allowed);
	return true;
}

/* ---- moving ---- */

/* The caller is the only one who may move it; who waits for its queue's lock finds out. */
static void set_task_cpu(struct task_struct *p, struct cpu *cpu)
{
	p->ring = &cpu->queue[p->prio];
	smp_store_release(&p->cpu, cpu);
}

void task_place(struct task_struct *p)
	__no_context_analysis
{
	unsigned long flags, allowed;
	struct cpu *cpu;

	local_irq_save(flags);
	cpu = lock_task_cpu(p);
	while (!task_may_run_on(p, cpu)) {
		set_task_cpu(p, &cpus[cpumask_first_online(&p->cpus_mask)]);
		raw_spin_unlock(&cpu->lock);
		cpu = lock_task_cpu(p);
	}
	enqueue_task(cpu, p);
	allowed = p->cpus_mask.bits[0];
	raw_spin_unlock(&cpu->lock);
	if (!runs_it_next(cpu))
		wake_idle_cpu(cpu, allowed);
	local_irq_restore(flags);
}

int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask)
	__no_context_analysis
{
	bool waits, place;
	unsigned long flags;
	struct cpu *cpu;

	if (is_idle_task(p) || cpumask_first_online(new_mask) >= nr_cpu_ids)
		return -EINVAL;
	local_irq_save(flags);
	cpu = lock_task_cpu(p);
	p->cpus_mask = *new_mask;
	waits = p->run.next && !p->on_cpu;
	place = waits && !task_may_run_on(p, cpu);
	if (place)
		dequeue_task(cpu, p);
	raw_spin_unlock(&cpu->lock);
	if (place)
		task_place(p);
	else if (waits)
		wake_idle_cpu(cpu, new_mask->bits[0]);
	local_irq_restore(flags);
	if (p == current && !cpumask_test_cpu(smp_processor_id(), new_mask))
		yield();
	return 0;
}

unsigned int task_cpu_id(const struct task_struct *p)
{
	return task_cpu(p)->id;
}

/* ---- the idle CPU ---- */

/* The first that may move. The queue of `from` is locked. */
static struct task_struct *first_movable(const struct cpu *from, const struct cpu *to)
{
	for (u32 levels = from->runnable, level; levels; levels &= ~level_bit(level)) {
		struct list_head *first, *at;
		unsigned int looked_at = 0;

		level = (u32)__builtin_clz(levels);
		first = at = from->queue[level];

		do {
			struct task_struct *p = list_entry(at, struct task_struct, run);

			if (!p->on_cpu && task_may_run_on(p, to) && !is_idle_task(p))
				return p;
			at = at->next;
		} while (at != first && ++looked_at < STEAL_SCAN_MAX);
	}
	return NULL;
}

static struct task_struct *take_from(struct cpu *from, struct cpu *to)
{
	struct task_struct *p;

	if (READ_ONCE(from->nr_running) < 2)
		return NULL;
	guard(raw_spinlock)(&from->lock);
	p = first_movable(from, to);
	if (p) {
		dequeue_task(from, p);
		set_task_cpu(p, to);
	}
	return p;
}

/* Returns whether something is runnable here now. */
static bool take_from_others(struct cpu *cpu)
{
	unsigned int other;

	if (READ_ONCE(cpu->nr_running))
		return true;
	for_each_online_cpu(other) {
		struct task_struct *p = other == cpu->id ? NULL : take_from(&cpus[other], cpu);

		if (!p)
			continue;
		guard(raw_spinlock)(&cpu->lock);
		enqueue_task(cpu, p);
		return true;
	}
	return false;
}

/*
 * The bit is set for no longer than idle_wait() says so. smp_mb(): what the caller did before is
 * seen by what the CPU does after; what the CPU did before is seen by what the caller does next.
 */
bool cpu_waits(unsigned int cpu)
{
	bool waits;

	smp_mb();
	waits = READ_ONCE(idle_cpus) >> cpu & 1;
	smp_mb();
	return waits;
}

/* A level's running task is the first of its ring. */
struct task_struct *get_running_task(unsigned int nr)
{
	struct cpu *cpu = &cpus[nr];

	guard(raw_spinlock_irqsave)(&cpu->lock);
	for (u32 levels = cpu->runnable, level; levels; levels &= ~level_bit(level)) {
		struct task_struct *p;

		level = (u32)__builtin_clz(levels);
		p = list_entry(cpu->queue[level], struct task_struct, run);
		if (p->on_cpu)
			return get_task_struct(p);
	}
	return get_task_struct(cpu->idle);
}

/* While its bit is set the CPU reads nothing that RCU guards: barriers on both sides. */
void idle_wait(struct cpu *cpu)
{
	smp_mb();
	set_bit(cpu->id, &idle_cpus);
	smp_mb();
	if (take_from_others(cpu)) {
		clear_bit(cpu->id, &idle_cpus);
		return;
	}
	timer_idle_enter();
	interleave_idle_enter();
	hal_idle();
	interleave_idle_exit();
	clear_bit(cpu->id, &idle_cpus);
	smp_mb();
	local_irq_enable();
	isb();
	local_irq_disable();
}
