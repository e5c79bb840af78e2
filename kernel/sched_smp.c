/* SPDX-License-Identifier: MIT */
/*
 * Tasks and several CPUs: where one runs, and how it gets there.
 *
 * A task that becomes runnable joins the queue of the CPU that it ran on last. If some CPU sleeps
 * then that may run it, it is woken, and an idle CPU takes the first task that it may run from
 * whoever has more than the one that runs. So nothing is balanced and nobody is interrupted in
 * its work; but no CPU sleeps while a task waits that it could run, if that is among the first
 * STEAL_SCAN_MAX of its level:
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
#include "timer_base_priv.h"

/* How many tasks of a level are looked at for one that may move: the others may all be bound. */
#define STEAL_SCAN_MAX	32

unsigned long idle_cpus;

/* ---- waking ---- */

/* Bits of the levels at which something is runnable, the idle task aside. */
static u32 busy_levels(const struct cpu *cpu)
{
	return READ_ONCE(cpu->runnable) & ~level_bit(TASK_PRIO_IDLE);
}

/*
 * Only an interrupt on top of the idle task gets here with that as the running one. If it has
 * woken others before, those are for other CPUs.
 */
bool runs_it_next(const struct cpu *cpu, const struct task_struct *p)
{
	return cpu == this_cpu() && current == cpu->idle && p->run.next == &p->run &&
	       busy_levels(cpu) == level_bit(p->prio);
}

void wake_idle_cpu(const struct cpu *cpu, unsigned long allowed)
{
	unsigned long idle;

	while ((idle = READ_ONCE(idle_cpus) & allowed) != 0) {
		unsigned int target = idle & BIT(cpu->id) ? cpu->id : __ffs(idle);

		if (!test_and_clear_bit(target, &idle_cpus))
			continue;
		smp_send_reschedule(target);
		return;
	}
}

/* ---- moving ---- */

/* The caller is the only one who may move it; who waits for its queue's lock finds out. */
static void set_task_cpu(struct task_struct *p, struct cpu *cpu)
{
	p->ring = &cpu->queue[p->prio];
	smp_store_release(&p->cpu, cpu);
}

/* It is in no queue, and that of its CPU is locked. */
static void move_to_allowed(struct task_struct *p)
{
	set_task_cpu(p, &cpus[cpumask_first_online(&p->cpus_mask)]);
}

void task_settle(struct task_struct *p)
{
	if (!task_may_run_on(p, p->cpu))
		move_to_allowed(p);
}

/* A task that is in no queue and runs nowhere goes to one of the CPUs that it may run on. */
static void task_place(struct task_struct *p)
	__must_hold(role_irqs_off) __no_context_analysis
{
	struct cpu *cpu = lock_task_cpu(p);

	while (!task_may_run_on(p, cpu)) {
		move_to_allowed(p);
		raw_spin_unlock(&cpu->lock);
		cpu = lock_task_cpu(p);
	}
	enqueue_task(cpu, p);
	unlock_and_tell_idle(cpu, p);
}

void task_leave(struct task_struct *p)
	__no_context_analysis
{
	struct cpu *cpu = p->cpu;
	bool queued = p->run.next;

	if (queued)
		dequeue_task(cpu, p);
	p->must_leave = false;
	if (p->__state != TASK_DEAD)
		move_to_allowed(p);
	WRITE_ONCE(p->on_cpu, 0);
	raw_spin_unlock(&cpu->lock);
	if (queued)
		task_place(p);
}

/* Who leaves the stack says so under the lock: what was done on it is seen by who has that next. */
void wait_until_off_stack(const struct task_struct *p)
	__no_context_analysis
{
	while (task_has_cpu(p))
		cpu_relax();
	guard(irqsave)();
	raw_spin_unlock(&lock_task_cpu(p)->lock);
}

int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask)
	__no_context_analysis
{
	bool queued, fits;
	unsigned long flags;
	struct cpu *cpu;

	if (is_idle_task(p) || cpumask_first_online(new_mask) >= nr_cpu_ids)
		return -EINVAL;
	local_irq_save(flags);
	cpu = lock_task_cpu(p);
	p->cpus_mask = *new_mask;
	fits = task_may_run_on(p, cpu);
	queued = p->run.next && !p->on_cpu;
	if (p->on_cpu) {
		p->must_leave = !fits;
	} else if (!fits) {
		if (queued)
			dequeue_task(cpu, p);
		move_to_allowed(p);
	}
	raw_spin_unlock(&cpu->lock);
	if (queued && !fits) {
		task_place(p);
	} else if (queued) {
		smp_mb();
		wake_idle_cpu(cpu, new_mask->bits[0]);
	}
	local_irq_restore(flags);
	if (p == current && !fits)
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
	/* One that wakes runs its first by itself. */
	const struct task_struct *kept = from->idle->on_cpu ? first_runnable(from) : NULL;

	for (u32 levels = from->runnable, level; levels; levels &= ~level_bit(level)) {
		struct list_head *first, *at;
		unsigned int looked_at = 0;

		level = (u32)__builtin_clz(levels);
		first = at = from->queue[level];

		do {
			struct task_struct *p = list_entry(at, struct task_struct, run);

			if (!p->on_cpu && p != kept && task_may_run_on(p, to) && !is_idle_task(p))
				return p;
			at = at->next;
		} while (at != first && ++looked_at < STEAL_SCAN_MAX);
	}
	return NULL;
}

static struct task_struct *take_from(struct cpu *from, struct cpu *to)
{
	struct task_struct *p;

	if (!busy_levels(from))
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
	__must_hold(role_irqs_off)
{
	unsigned int other;

	if (busy_levels(cpu))
		return true;
	for_each_online_cpu(other) {
		struct task_struct *p = other == cpu->id ? NULL : take_from(&cpus[other], cpu);

		if (!p)
			continue;
		clear_bit(cpu->id, &idle_cpus);	/* it is not to be woken for what it takes */
		task_place(p);			/* where it may run may have changed */
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
		smp_mb();
		return;
	}
	if (unlikely(timer_is_stale()))
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
