/* SPDX-License-Identifier: MIT */
/*
 * Tasks and the scheduler.
 *
 * Cooperative: a task runs until it blocks or gives the processor up, so between
 * two such calls nothing but an interrupt handler runs on its CPU. Of the runnable
 * tasks the one with the highest priority runs; within a priority they take turns
 * in the order in which they became runnable. A woken task of a higher priority
 * runs at the next yield or block of the running one.
 *
 * Priorities are levels, 0 the highest. Linux's policies map onto them:
 *
 *    4       sched_set_fifo()
 *    8       sched_set_fifo_low()
 *   10..29   sched_set_normal(): nice -20..19, two of nice per level; nice 0 is 20
 *   31       the idle task of each CPU, and nothing else
 *
 * Locking: a CPU's run queue has a raw spin lock, the innermost of all.
 */
#ifndef KERNEL_SCHED_H
#define KERNEL_SCHED_H

#include <hal/context.h>
#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <kernel/completion.h>
#include <kernel/cpumask.h>
#include <lib/atomic.h>
#include <lib/compiler-context-analysis.h>
#include <lib/kconfig.h>
#include <lib/refcount.h>
#include <lib/types.h>

struct cpu;
struct fault_group;

/* What a task does before it ends. Its function takes the hook out. Interrupts on or off. */
struct task_exit_hook {
	struct task_exit_hook *next;
	void (*fn)(struct task_exit_hook *hook);
};

#define TASK_RUNNING		0x0000u	/* runs, or waits for its turn */
#define TASK_INTERRUPTIBLE	0x0001u
#define TASK_UNINTERRUPTIBLE	0x0002u
#define TASK_DEAD		0x0080u	/* will never run again */
#define TASK_WAITS		0x0100u	/* in a lock's queue: woken by who takes it out, alone */
#define TASK_NOLOAD		0x0400u
#define TASK_KILLABLE		TASK_UNINTERRUPTIBLE
#define TASK_IDLE		(TASK_UNINTERRUPTIBLE | TASK_NOLOAD)

/* What wake_up_process() wakes. There are no signals: both states sleep alike. */
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

#define TASK_COMM_LEN		16

#define PID_MAX			0x3fffffff	/* the next one is the lowest that is free */

#define TASK_PRIO_LEVELS	32
#define TASK_PRIO_FIFO		4
#define TASK_PRIO_FIFO_LOW	8
#define TASK_PRIO_DEFAULT	20
#define TASK_PRIO_LOWEST	(TASK_PRIO_LEVELS - 2)
#define TASK_PRIO_IDLE		(TASK_PRIO_LEVELS - 1)

#define MIN_NICE		(-20)
#define MAX_NICE		19

/*
 * A task. Counted: it exists while somebody holds a reference, and lives on as a
 * zombie, without a stack, when that is longer than its function ran.
 *
 * Locks: [I] never changes, [q] the run queue's lock, [t] the task list's lock,
 * [w] that of the mutex, semaphore or completion that it waits for, [x] exited.lock, [o] only
 * the task itself, [a] atomic.
 *
 * run.next is not NULL iff the task is in its CPU's run queue. The task that runs
 * is in there too, as the first of its level. Its state says TASK_WAITS iff it is in a queue of
 * one of those by wait_link, or has just been taken out by who is about to wake it.
 */
struct task_struct {
	struct list_head run;		/* [q] what the hot paths touch comes first */
	unsigned int __state;		/* [q], but the task itself sets it before it sleeps */
	struct list_head **ring;	/* [q] the queue of its level, be it in there or not */
	struct hal_context context;	/* [q] while it does not run; at HAL_CONTEXT_OFFSET */
	unsigned long nvcsw;		/* [q] how often it left the processor */
#ifdef CONFIG_TASK_CPU_TIME
	u64 cpu_counts;			/* [q] how long it ran, until it last left it */
#endif
	struct list_head wait_link;	/* [w] */
	u8 prio;			/* [q] */
	bool waits_shared;		/* [w] for a lock that it would have with others */
	struct cpu *cpu;		/* [q] */
#ifdef CONFIG_SMP
	int on_cpu;			/* [q] its stack is in use */
	bool must_leave;		/* [q] may not run on its CPU: moved when it stops */
	struct cpumask cpus_mask;	/* [q] where it may run */
#endif

	refcount_t usage;		/* [a] */
	int pid;			/* [I] */
	char comm[TASK_COMM_LEN];	/* [I] */
	void *stack;			/* [I] lowest address; NULL: not from the stack allocator */
	struct list_head tasks;		/* [t] */

	/* Of a kernel thread: see <kernel/kthread.h>. */
	int (*threadfn)(void *data);	/* [I] */
	void *threadfn_data;		/* [I] */
	unsigned long kthread_flags;	/* [a] */
	int exit_code;			/* [o], others once `exited` is complete */
	struct task_exit_hook *exit_hooks; /* [o] the last added first */
	struct completion exited;
	struct task_struct *joiner;	/* [x] who takes its stack and its life's reference */
	struct task_struct *next_dead;	/* [q] the next on the list of those to be reaped */

#ifdef CONFIG_FAULT_ISOLATION
	/* [w] what hands on what the task waits for and may have been given; NULL: nothing */
	void (*give_back)(void *from);
	void *waits_for;		/* [w] its argument */
	raw_spinlock_t *wait_lock;	/* [o] of the queue that it is in, while it waits */
#endif
#ifdef CONFIG_FAULT_INJECTION
	struct fault_group *fault_group; /* [o] see <kernel/fault-inject.h> */
#endif
#ifdef CONFIG_LOCKDEP
	struct lockdep_task lockdep;	/* see <kernel/lockdep_types.h> */
#endif
};

#define current	((struct task_struct *)hal_current())

/*
 * Takes and gives back a reference; get returns `p`. The last one frees the task.
 * Context: any.
 */
static inline struct task_struct *get_task_struct(struct task_struct *p)
{
	refcount_inc(&p->usage);
	return p;
}

/* For put_task_struct(). Context: any. */
void task_free(struct task_struct *p);

/* Context: any. */
static inline void put_task_struct(struct task_struct *p)
{
	if (refcount_dec_and_test(&p->usage))
		task_free(p);
}

/* ---- state, sleep, wake ---- */

/*
 * A task that is about to sleep says so first and looks at its condition after, so
 * that a wake-up in between is not lost: it turns the state back to TASK_RUNNING
 * and schedule() returns soon.
 */
#define __set_current_state(state)	WRITE_ONCE(current->__state, state)
#define set_current_state(state)	smp_store_mb(current->__state, state)
#define get_current_state()		READ_ONCE(current->__state)

/* Whether it is neither asleep nor about to be. Context: any. */
static inline bool task_is_running(const struct task_struct *p)
{
	return READ_ONCE(p->__state) == TASK_RUNNING;
}

/*
 * Blocks until woken when the task's state is not TASK_RUNNING, else as yield().
 * Context: task, no spin lock held, interrupts on; they are on afterwards in any case.
 */
void schedule(void) __may_sleep;

/*
 * Goes to the end of its priority's queue and lets the first runnable task run. The
 * task's state stays as it is.
 * Context: as schedule().
 */
void yield(void) __may_sleep;

/*
 * Gives the processor up if a task of equal or higher priority is runnable.
 * Context: as schedule().
 * Return: 1 if another task ran meanwhile, else 0.
 */
int cond_resched(void) __may_sleep;

/* Whether cond_resched() would let another task run. Context: any. */
bool need_resched(void);

#define MAX_SCHEDULE_TIMEOUT	((long)(~0UL >> 1))

/*
 * Blocks for at most `timeout` jiffies, in the state that the caller has set (in
 * TASK_RUNNING it returns at once). The first jiffy counts from its last beginning,
 * so that a sleep of n may end up to a jiffy before n are over. MAX_SCHEDULE_TIMEOUT
 * waits for ever. The state is TASK_RUNNING afterwards.
 * Context: as schedule().
 * Return: the jiffies that were left when it was woken, or after MAX_JIFFY_OFFSET of
 * more; 0 if the time was up, and for a negative timeout, which is reported. For
 * MAX_SCHEDULE_TIMEOUT, that.
 */
long schedule_timeout(long timeout) __may_sleep;

/* The same, with the state set by them. */
long schedule_timeout_interruptible(long timeout) __may_sleep;
long schedule_timeout_uninterruptible(long timeout) __may_sleep;
long schedule_timeout_killable(long timeout) __may_sleep;
long schedule_timeout_idle(long timeout) __may_sleep;

/*
 * Makes a task that sleeps runnable, at the end of its priority's queue; starts a
 * kernel thread that has been created. On this CPU it does not run before the caller yields;
 * another one, if it idles, may take it at once. One that waits for a mutex, semaphore or
 * completion sleeps on.
 * Context: any.
 * Return: 1 if it slept, 0 if there was nothing to do.
 */
int wake_up_process(struct task_struct *p);

/* The same for a task in one of the states in `state`. */
int wake_up_state(struct task_struct *p, unsigned int state);

/*
 * Context: any; called by what may block, whether or not it is going to. With CONFIG_DEBUG
 * it reports a caller that may not: a hard interrupt, interrupts off, or, as far as the lock
 * checker knows, with a spin lock held or in an RCU section.
 */
void might_sleep_report(const char *file, int line);

/* What might block begins with one of these. Context: any; they are the check of it. */

#define might_sleep() do {							\
	context_might_sleep();							\
	if (IS_ENABLED(CONFIG_DEBUG) && unlikely(irqs_disabled() || lockdep_in_atomic())) \
		might_sleep_report(__FILE__, __LINE__);				\
} while (0)

#define might_sleep_if(cond) do {						\
	if (cond)								\
		might_sleep();							\
} while (0)

/* ---- priorities ---- */

/*
 * See the table at the top. A task that waits for its turn goes to the end of its
 * new level's queue; one that runs stays the first of it.
 * sched_set_normal() brings a nice outside MIN_NICE..MAX_NICE into the range.
 * Context: any.
 */
void sched_set_fifo(struct task_struct *p);
void sched_set_fifo_low(struct task_struct *p);
void sched_set_normal(struct task_struct *p, int nice);

/*
 * Any level from 0 to TASK_PRIO_LOWEST.
 * Context: any.
 * Return: 0, or -EINVAL for another level or an idle task.
 */
int sched_set_level(struct task_struct *p, unsigned int level);

/* ---- affinity ---- */

/*
 * The task runs only on the CPUs of the set from here on. One that runs elsewhere moves when it
 * next yields; the caller itself is on one of them when it returns, so it may sleep. A new
 * thread may run anywhere and is queued on its creator's CPU, from where one that idles takes it.
 * Context: task.
 * Return: 0; -EINVAL if no CPU of the set is online, and for an idle task.
 */
int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask) __may_sleep;

/* The CPU that a task runs on, or ran on last. Context: any. */
unsigned int task_cpu_id(const struct task_struct *p);

/* ---- looking at tasks ---- */

/*
 * The task with the lowest pid above that of `p`, with a reference; NULL after the
 * last. The reference to `p` is given back; with p NULL it is the first task.
 *
 *	for_each_task(p)
 *		pr_info("%d %s\n", p->pid, p->comm);
 *
 * Tasks may come and go meanwhile and the body may sleep. Who leaves the loop early
 * keeps the reference to p and gives it back.
 * Context: task.
 */
struct task_struct *task_next(struct task_struct *p);

#define for_each_task(p) \
	for ((p) = task_next(NULL); (p); (p) = task_next(p))

/* One letter as in ps: R runnable, S or D asleep, I idle worker, Z zombie. Context: any. */
char task_state_to_char(const struct task_struct *p);

/*
 * The tasks in the log, and where they sleep: a frame and its callers. Takes no lock, for a
 * panic, and follows the list for some dozens of tasks at most. Context: any.
 */
void sched_show_tasks(const char *level);

/* One of them, of which the caller holds a reference. Context: any. */
void sched_print_task(const char *level, const struct task_struct *p);

/* How many there are, those that sleep and the idle ones included. Context: task. */
unsigned int nr_tasks(void);

#ifdef CONFIG_KTEST
/*
 * For tests: the next task's pid is the first free one after `pid`. Return: the last one before.
 * Context: task.
 */
int task_set_last_pid(int pid);
#endif

/*
 * The most bytes of its stack that the task has used so far. Without CONFIG_DEBUG
 * stacks are not painted: what it uses now. 0 for a stack that is not ours.
 * Context: any; the caller holds a reference and the task is not a zombie.
 */
size_t task_stack_used(const struct task_struct *p);

/*
 * How long it has run so far, in ns, interrupts on its CPU included; of an idle task, how long
 * its CPU waited. 0 without CONFIG_TASK_CPU_TIME. Context: any; the caller holds a reference.
 */
u64 task_cpu_time(const struct task_struct *p);

/* Context: any. */
static inline bool is_idle_task(const struct task_struct *p)
{
	return p->prio == TASK_PRIO_IDLE;
}

/* ---- boot ---- */

/*
 * Turns the context that calls it into the first CPU's idle task. From here on
 * `current` is valid, tasks can be created and the caller may block, though nothing
 * of it should be needed before the last of them is asleep.
 * Context: boot, interrupts off, once.
 */
void sched_init(void);

/* What the boot context does at last: runs others, and sleeps when there are none. */
void cpu_idle_loop(void) __noreturn;

#endif
