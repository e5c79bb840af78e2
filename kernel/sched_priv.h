/* SPDX-License-Identifier: MIT */
/*
 * The run queue and how a task leaves and enters it: what the sleeping locks and the
 * workers need without the detour through schedule() and wake_up_process().
 *
 * Each CPU has one `struct cpu`. A level's tasks form a ring without a head:
 *
 *	queue[20] -> A -> B -> C -> (A)		A runs, or is the next to run
 *
 * so that a task that yields is moved behind the others by moving the pointer. The
 * running task stays in its ring, always as the first.
 *
 * Locking: [q] is cpu->lock, taken with interrupts off, inside every other lock. It is
 * held across a switch: the task that goes on gives it back.
 */
#ifndef SCHED_PRIV_H
#define SCHED_PRIV_H

#include <hal/barrier.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/bits.h>
#include <lib/list.h>

/* Invariant: bit 31 - n of `runnable` is set iff queue[n] is not NULL; the idle task's always is. */
struct cpu {
	raw_spinlock_t lock;
	u32 runnable;					/* [q] */
	struct list_head *queue[TASK_PRIO_LEVELS];	/* [q] */
	struct task_struct *idle;			/* [I] */
	struct task_struct *dead;			/* [q] by next_dead */
	struct task_struct *switched_from;		/* [q] (several CPUs only) */
	unsigned int id;				/* [I] */
};

extern struct cpu boot_cpu;

/* With one CPU an address that the linker knows. */
static inline struct cpu *this_cpu(void)
{
	return IS_ENABLED(CONFIG_SMP) ? current->cpu : &boot_cpu;
}

static inline struct cpu *task_cpu(const struct task_struct *p)
{
	return IS_ENABLED(CONFIG_SMP) ? READ_ONCE(p->cpu) : &boot_cpu;
}

/* ---- rings ---- */

static __always_inline void ring_add_tail(struct list_head **first, struct list_head *entry)
{
	if (*first) {
		list_add_tail(entry, *first);
	} else {
		INIT_LIST_HEAD(entry);
		*first = entry;
	}
}

/* Returns true if the ring is empty now. */
static __always_inline bool ring_del(struct list_head **first, struct list_head *entry)
{
	struct list_head *next = entry->next;

	if (next == entry) {
		*first = NULL;
		return true;
	}
	if (*first == entry)
		*first = next;
	list_unlink(entry);
	return false;
}

/* ---- the run queue; cpu->lock held ---- */

static inline u32 level_bit(unsigned int level)
{
	return 0x80000000u >> level;
}

static __always_inline void enqueue_task(struct cpu *cpu, struct task_struct *p)
{
	cpu->runnable |= level_bit(p->prio);
	ring_add_tail(&cpu->queue[p->prio], &p->run);
}

static __always_inline void dequeue_task(struct cpu *cpu, struct task_struct *p)
{
	if (ring_del(&cpu->queue[p->prio], &p->run))
		cpu->runnable &= ~level_bit(p->prio);
	p->run.next = NULL;
}

static inline struct task_struct *first_runnable(const struct cpu *cpu)
{
	unsigned int level = (unsigned int)__builtin_clz(cpu->runnable);

	return list_entry(cpu->queue[level], struct task_struct, run);
}

/* Whether a yield of the running task would let another run. */
static inline bool others_wait(const struct cpu *cpu, const struct task_struct *running)
{
	return running->run.next != &running->run || first_runnable(cpu) != running;
}

/*
 * Makes p runnable if it sleeps in one of the states `mode`. Returns whether it did.
 * Interrupts are off, p->cpu->lock is not held.
 */
static __always_inline bool wake_task(struct task_struct *p, unsigned int mode)
{
	struct cpu *cpu = task_cpu(p);
	bool sleeps;

	raw_spin_lock(&cpu->lock);
	sleeps = p->__state & mode;
	if (sleeps) {
		WRITE_ONCE(p->__state, TASK_RUNNING);
		/* It may not have got as far as schedule() yet. */
		if (!p->run.next)
			enqueue_task(cpu, p);
	}
	raw_spin_unlock(&cpu->lock);
	return sleeps;
}

/* schedule() for a caller that has interrupts off already and gets them back so. */
void schedule_irqs_off(void);

/* What a new task does first: ends the switch that began it. */
void finish_first_switch(void);

/* ---- tasks ---- */

/* Puts a task on the list of all and gives it its pid. Takes it off again. Task. */
void task_list_add(struct task_struct *p);
void task_list_del(struct task_struct *p);

/* Fills a stack with what task_stack_used() looks for. */
void task_paint_stack(void *stack);

/*
 * Marks the running task dead and puts it on its CPU's list of the dead. Interrupts are
 * off and stay so until its last switch.
 */
void sched_add_dead(struct task_struct *self);

/* This CPU's dead, off their stacks, each with the reference of its life; the list is empty after. */
struct task_struct *sched_take_dead(void);

/* ---- queues of waiters, for locks that hand on what was waited for ---- */

/* Lock: that of the object waited for. Lives on the waiter's stack. */
struct waiter {
	struct list_head link;
	struct task_struct *task;
	bool granted;
};

/*
 * Sleeps until waiter_grant() has chosen this task, or for `timeout` jiffies. `lock` is
 * held with interrupts off, given back for the sleep and held again after.
 * Return: the jiffies that were left (with MAX_SCHEDULE_TIMEOUT, that), at least 1; 0 if
 * nothing was granted.
 */
long waiter_sleep(struct list_head *queue, raw_spinlock_t *lock, long timeout);

/* Wakes the first waiter, who then has it. The queue is locked and not empty. */
static __always_inline void waiter_grant(struct list_head *queue)
{
	struct waiter *w = list_first_entry(queue, struct waiter, link);

	list_unlink(&w->link);
	w->granted = true;
	wake_task(w->task, TASK_NORMAL);
}

/* ---- timers ---- */

/* An idle CPU is about to sleep: sets the hardware right if its timer was cancelled. irqs off. */
void timer_idle_enter(void);

#endif
