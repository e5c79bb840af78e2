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
 * With several CPUs one that has nothing to do takes runnable tasks from the others, and who
 * makes a task runnable wakes such a CPU (sched_smp.c).
 *
 * Locking: [q] is cpu->lock, taken with interrupts off, inside every other lock; never two of
 * them. It is held across a switch: the task that goes on gives it back. A task belongs to the
 * queue of p->cpu: who has locked that one looks again whether it still is (lock_task_cpu()).
 *
 * A task that neither runs nor waits for its turn belongs to a CPU on which it may run: who wakes
 * it need not look. One that runs where it may not any more is moved when it leaves the processor.
 */
#ifndef SCHED_PRIV_H
#define SCHED_PRIV_H

#include <hal/barrier.h>
#include <kernel/cpumask.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/bits.h>
#include <lib/list.h>
#include <lib/sched_point.h>

/* Invariant: bit 31 - n of `runnable` is set iff queue[n] is not NULL. The idle task's is. */
struct cpu {
	raw_spinlock_t lock;
	struct list_head *queue[TASK_PRIO_LEVELS];	/* [q] */
	u32 runnable;					/* [q] */
	struct task_struct *idle;			/* [I] */
	struct task_struct *dead;			/* [q] by next_dead */
	unsigned int id;				/* [I] */
#ifdef CONFIG_TASK_CPU_TIME
	u64 switched_at;				/* [q] count since which its task runs */
#endif
#ifdef CONFIG_WATCHDOG
	unsigned long stays;				/* [q] a task yielded and nobody else ran */
#endif
};

extern struct cpu cpus[CONFIG_NR_CPUS];
#define boot_cpu	cpus[0]

/* With one CPU an address that the linker knows. */
static inline struct cpu *this_cpu(void)
{
	return IS_ENABLED(CONFIG_SMP) ? current->cpu : &boot_cpu;
}

static inline struct cpu *task_cpu(const struct task_struct *p)
{
	return IS_ENABLED(CONFIG_SMP) ? READ_ONCE(p->cpu) : &boot_cpu;
}

static __always_inline bool task_may_run_on(const struct task_struct *p, const struct cpu *cpu)
{
#ifdef CONFIG_SMP
	return cpumask_test_cpu(cpu->id, &p->cpus_mask);
#else
	(void)p;
	(void)cpu;
	return true;
#endif
}

/* ---- the run queue; cpu->lock held ---- */

static inline u32 level_bit(unsigned int level)
{
	return 0x80000000u >> level;
}

static __always_inline void count_stay(struct cpu *cpu)
{
#ifdef CONFIG_WATCHDOG
	WRITE_ONCE(cpu->stays, cpu->stays + 1);
#else
	(void)cpu;
#endif
}

/* Behind the others of its level. */
static __always_inline void enqueue_task(struct cpu *cpu, struct task_struct *p)
{
	struct list_head *first = *p->ring;

	if (first) {
		list_add_tail(&p->run, first);
	} else {
		INIT_LIST_HEAD(&p->run);
		*p->ring = &p->run;
		WRITE_ONCE(cpu->runnable, cpu->runnable | level_bit(p->prio));
	}
}

static __always_inline void dequeue_task(struct cpu *cpu, struct task_struct *p)
{
	struct list_head *next = p->run.next;

	if (next == &p->run) {
		*p->ring = NULL;
		WRITE_ONCE(cpu->runnable, cpu->runnable & ~level_bit(p->prio));
	} else {
		if (*p->ring == &p->run)
			*p->ring = next;
		list_unlink(&p->run);
	}
	p->run.next = NULL;
}

static __always_inline unsigned int first_level(const struct cpu *cpu)
{
	return (unsigned int)__builtin_clz(cpu->runnable);
}

static __always_inline struct task_struct *first_runnable(const struct cpu *cpu)
{
	return list_entry(cpu->queue[first_level(cpu)], struct task_struct, run);
}

/* Whether a yield of the running task would let another run. */
static __always_inline bool others_wait(const struct cpu *cpu, const struct task_struct *running)
{
	return running->run.next != &running->run || first_level(cpu) < running->prio;
}

/* The queue that the task belongs to, locked. Interrupts are off. */
static __always_inline struct cpu *lock_task_cpu(const struct task_struct *p)
	__acquires(role_spinning) __no_context_analysis
{
	struct cpu *cpu = task_cpu(p);

	raw_spin_lock(&cpu->lock);
	while (IS_ENABLED(CONFIG_SMP) && unlikely(cpu != task_cpu(p))) {
		raw_spin_unlock(&cpu->lock);
		cpu = task_cpu(p);
		raw_spin_lock(&cpu->lock);
	}
	return cpu;
}

#ifdef CONFIG_SMP

extern unsigned long idle_cpus;		/* [a] those that wait for an interrupt */

/* A task that must leave has left this CPU, whose queue is locked and is given back. */
void task_leave(struct task_struct *p) __must_hold(role_irqs_off);

/* Some CPU waits, and a task that may run on `allowed` has joined this one's queue. irqs off. */
void wake_idle_cpu(const struct cpu *cpu, unsigned long allowed) __must_hold(role_irqs_off);

/* Whether p, which has joined the CPU's queue, is what this CPU runs next. */
bool runs_it_next(const struct cpu *cpu, const struct task_struct *p) __must_hold(&cpu->lock);

/* Of a task that has never run, whose mask has been set: it belongs where it may run. */
void task_settle(struct task_struct *p);

/*
 * Whether the CPU waits for interrupts, in which it does nothing: none has been handled and no
 * task has run since. What it did before is done. Context: any.
 */
bool cpu_waits(unsigned int cpu);

/* The task that runs on the CPU, with a reference. Context: any. */
struct task_struct *get_running_task(unsigned int cpu);

/* Nothing is runnable here: takes what others have, or waits for an interrupt. irqs off. */
void idle_wait(struct cpu *cpu) __must_hold(role_irqs_off);

#else

static inline void task_settle(struct task_struct *p)
{
	(void)p;
}

static inline struct task_struct *get_running_task(unsigned int cpu)
{
	(void)cpu;
	return get_task_struct(current);
}

#endif

/*
 * p has joined the locked queue. One barrier is for two: the queue is seen by who gets the lock
 * next, and by who sets its bit in idle_cpus later than it is looked for here.
 */
static __always_inline void unlock_and_tell_idle(struct cpu *cpu, const struct task_struct *p)
	__releases(&cpu->lock, role_spinning) __no_context_analysis
{
#ifdef CONFIG_SMP
	unsigned long allowed = 0;

	smp_mb();
	if (unlikely(READ_ONCE(idle_cpus)) && !runs_it_next(cpu, p))
		allowed = p->cpus_mask.bits[0];
	raw_spin_unlock_after_mb(&cpu->lock);
	if (unlikely(allowed))
		wake_idle_cpu(cpu, allowed);
#else
	(void)p;
	raw_spin_unlock(&cpu->lock);
#endif
}

/*
 * p, which belongs to the locked queue and sleeps or is about to, runs. Gives the lock back.
 * `sleeps`: it has got as far as schedule() for sure.
 */
static __always_inline void wake_and_unlock(struct cpu *cpu, struct task_struct *p, bool sleeps)
	__releases(&cpu->lock, role_spinning) __no_context_analysis
{
	sched_point();
	WRITE_ONCE(p->__state, TASK_RUNNING);
	if (sleeps || likely(!p->run.next)) {
		enqueue_task(cpu, p);
		unlock_and_tell_idle(cpu, p);
	} else {
		raw_spin_unlock(&cpu->lock);
	}
}

/*
 * Makes p runnable if it sleeps in one of the states `mode`. Returns whether it did.
 * Interrupts are off, p->cpu->lock is not held.
 */
static __always_inline bool wake_task(struct task_struct *p, unsigned int mode)
	__no_context_analysis
{
	struct cpu *cpu = lock_task_cpu(p);
	bool sleeps = p->__state & mode;

	if (likely(sleeps))
		wake_and_unlock(cpu, p, false);
	else
		raw_spin_unlock(&cpu->lock);
	return sleeps;
}

/* schedule() for a caller that has interrupts off already and gets them back so. */
void schedule_irqs_off(void) __must_hold(role_irqs_off);

/* The last switch of a task that is TASK_DEAD. */
void schedule_dead(void) __must_hold(role_irqs_off) __noreturn;

/* What a new task does first: ends the switch that began it, away from `left`. */
void finish_first_switch(struct task_struct *left);

/* ---- tasks ---- */

/*
 * Whether its stack is in use: it runs, or is on its way to or from that. Means something to who
 * has locked its run queue.
 */
bool task_has_cpu(const struct task_struct *p);

/*
 * The idle task of a CPU that is about to be started: it is the one that runs there already.
 * Context: task; may sleep. Return: the task, or ERR_PTR(-ENOMEM).
 */
struct task_struct *kthread_create_idle(unsigned int cpu) __must_check __may_sleep;

/* Its CPU was not started. Context: as above. */
void kthread_free_idle(struct task_struct *p) __may_sleep;

/* Makes p, of TASK_PRIO_IDLE, the CPU's idle task. Nobody else uses the CPU's queue yet. */
void sched_set_idle(struct cpu *cpu, struct task_struct *p);

/* It has none again. As above. */
void sched_clear_idle(struct cpu *cpu);

/* Puts a task on the list of all and gives it its pid. Takes it off again. Task. */
void task_list_add(struct task_struct *p);
void task_list_del(struct task_struct *p);

/* Fills a stack with what task_stack_used() looks for. */
void task_paint_stack(void *stack);

/* The caller is TASK_DEAD from here on: who was about to wake it, has. Interrupts are off. */
void sched_mark_dead(void);

/*
 * Puts a task that is TASK_DEAD, or is about to leave its stack as such, on this CPU's list of
 * the dead. Interrupts are off.
 */
void sched_add_dead(struct task_struct *p);

/* A dead task may be on another CPU, on its way out of its stack, interrupts off. */
#ifdef CONFIG_SMP
void wait_until_off_stack(const struct task_struct *p);
#else
static inline void wait_until_off_stack(const struct task_struct *p)
{
	(void)p;
}
#endif

static inline bool sched_has_dead(void)
{
	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++)
		if (READ_ONCE(cpus[i].dead))
			return true;
	return false;
}

/* Empties the lists of the dead: off their stacks, each with its life's reference. */
struct task_struct *sched_take_dead(void);

/* ---- queues of waiters, for locks that hand on what was waited for ---- */

/*
 * A waiter is in state TASK_WAITS, in which only three wake it, each of whom has taken it out of
 * its queue before: who grants, its timeout, and who kills it. They lock its run queue before they
 * give the other's lock back, and give it back after they have changed the state: who has locked
 * the run queue and finds the state relies on it that the queue is there and, with the lock of
 * that, that p is in it.
 */

/*
 * Both put the running task into `queue`, which `lock` guards, and sleep until
 * waiter_grant() has chosen it. `lock` is held with interrupts off, given back for the sleep
 * and held again after. `state` is TASK_WAITS, with TASK_NOLOAD or without.
 */
void waiter_sleep(struct list_head *queue, raw_spinlock_t *lock, unsigned int state)
	__must_hold(lock, role_spinning, role_irqs_off);

/* The same; `lock` is not held when it returns, nor by who granted. */
void waiter_sleep_and_leave(struct list_head *queue, raw_spinlock_t *lock)
	__releases(lock, role_spinning) __must_hold(role_irqs_off);

/*
 * The same for `timeout` jiffies at most.
 * Return: the jiffies that were left (with MAX_SCHEDULE_TIMEOUT, that), at least 1; 0 if
 * nothing was granted, and then it is in the queue no longer.
 */
long waiter_sleep_timeout(struct list_head *queue, raw_spinlock_t *lock, long timeout)
	__must_hold(lock, role_spinning, role_irqs_off);

/* What these begin with: puts the running task into the queue, and gives the lock back. */
static __always_inline void waiter_enter(struct list_head *queue, raw_spinlock_t *lock,
					 unsigned int state)
	__releases(lock, role_spinning)
{
	struct task_struct *self = current;

	list_add_tail(&self->wait_link, queue);
#ifdef CONFIG_FAULT_ISOLATION
	self->wait_lock = lock;
#endif
	WRITE_ONCE(self->__state, state);
	raw_spin_unlock(lock);
}

/*
 * Around a sleep in such a queue, its lock held: what the running task is given there it may be
 * killed with before it runs, and then `give_back`(from) hands it on. NULL: no longer.
 */
static __always_inline void waiter_may_be_given(void (*give_back)(void *from), void *from)
{
#ifdef CONFIG_FAULT_ISOLATION
	current->give_back = give_back;
	current->waits_for = from;
#else
	(void)give_back;
	(void)from;
#endif
}

static __always_inline struct task_struct *waiter_task(struct list_head *wait_link)
{
	return list_entry(wait_link, struct task_struct, wait_link);
}

/* Reports a queue whose list leads into another one, as that of a copy does. It is locked. */
static __always_inline bool waiters_are_anothers(const struct list_head *queue)
{
	return IS_ENABLED(CONFIG_DEBUG_LIST) &&
	       WARN(queue->next->prev != queue, "a list of waiters at %p is another's", queue);
}

/* NULL if nobody waits. The queue is locked. */
static __always_inline struct task_struct *first_waiter(struct list_head *queue)
{
	struct list_head *first = queue->next;

	return waiters_are_anothers(queue) || first == queue ? NULL : waiter_task(first);
}

/* Of a waiter. With one CPU, interrupts were off from when it said that it waits until it slept. */
static __always_inline void waiter_wake_and_unlock(struct cpu *cpu, struct task_struct *p)
	__releases(&cpu->lock, role_spinning)
{
	wake_and_unlock(cpu, p, !IS_ENABLED(CONFIG_SMP));
}

/* Wakes a waiter, who then has what it waited for. Its queue is locked. */
static __always_inline void waiter_grant(struct task_struct *p)
	__no_context_analysis
{
	list_unlink(&p->wait_link);
	waiter_wake_and_unlock(lock_task_cpu(p), p);
}

/*
 * waiter_grant() of the first of `queue`, whose lock is given back before the waiter runs: what
 * it was granted it may free.
 */
static __always_inline void waiter_grant_first_and_unlock(struct list_head *queue,
							  raw_spinlock_t *lock)
	__releases(lock, role_spinning) __no_context_analysis
{
	struct task_struct *p = waiter_task(queue->next);
	struct cpu *cpu;

	OPTIMIZER_HIDE_VAR(p);	/* not by way of the link: pairs of words are stored at once */
	list_unlink_first(queue);
	cpu = lock_task_cpu(p);
	smp_mb__after_spinlock();
	raw_spin_unlock_after_mb(lock);
	waiter_wake_and_unlock(cpu, p);
}

/*
 * Of a waiter whose run queue is locked: takes it out of its own, given nothing. That one's lock
 * comes before the other and is only tried. Returns false if it is to be tried again, after the
 * run queue's has been given back.
 */
static inline bool __must_check waiter_leave(struct task_struct *p, raw_spinlock_t *lock)
	__no_context_analysis
{
	if (!raw_spin_trylock(lock))
		return false;
	list_unlink(&p->wait_link);
	raw_spin_unlock(lock);
#ifdef CONFIG_FAULT_ISOLATION
	p->give_back = NULL;
#endif
	return true;
}

/* ---- completions ---- */

#define COMPLETION_FOR_ALL	0xffffffffu	/* as `done`: for all, for ever */

/* complete_all(). */
static __always_inline void complete_all_locked(struct completion *x)
	__must_hold(&x->lock)
{
	x->done = COMPLETION_FOR_ALL;
	while (!list_empty(&x->waiters))
		waiter_grant(waiter_task(x->waiters.next));
}

/*
 * wait_for_completion(), x->lock held and interrupts off, which they are again when it returns.
 * `give_back` as for waiter_may_be_given().
 */
void wait_for_completion_locked(struct completion *x, void (*give_back)(void *from), void *from)
	__must_hold(&x->lock, role_spinning, role_irqs_off);

/* ---- timers ---- */

struct timer_list;

/*
 * mod_timer() for one without flags that is not pending, and that nobody else arms. It may be its
 * function that does. irqs off.
 */
void timer_arm_own(struct timer_list *t, unsigned long expires) __must_hold(role_irqs_off);

/*
 * An idle CPU is about to sleep and timer_is_stale(): sets the hardware right, whose timer was
 * cancelled or is deferrable; with one of those it has slept already. irqs off.
 */
void timer_idle_enter(void) __must_hold(role_irqs_off);

#endif
