/* SPDX-License-Identifier: MIT */
/*
 * Kernel threads: how a task comes to be and how it goes.
 *
 * A task is born with one reference, that of its life. When its function has returned
 * it tells who waits, leaves its stack for good and is put on the CPU's list of the
 * dead; whoever comes by next and runs on another stack (a joiner, the creator of the
 * next task, or a work item when nobody joins) takes the stack back and drops that
 * reference. Free stacks are kept for the next task: mapping one costs more than all the
 * rest of a task's creation.
 *
 * A killed thread keeps its stack and its task for good: timers, wait queues and completions
 * that were on that stack are known to others, who find them as they were.
 *
 * Locks: [s] stack_lock, which nothing is taken inside.
 */
#include <kernel/kthread.h>

#include <hal/traps.h>
#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/fault-inject.h>
#include <kernel/panic.h>
#include <kernel/slab.h>
#include <kernel/vmalloc.h>
#include <kernel/workqueue.h>
#include <lib/bitops.h>
#include <lib/sprintf.h>

#include "sched_priv.h"

enum kthread_flag {
	KTHREAD_SHOULD_STOP,
	KTHREAD_IS_JOINED,	/* somebody waits for its end, and then reaps */
	KTHREAD_IS_EXPENDABLE,	/* a fault ends it and not the machine */
	KTHREAD_IS_KILLED,
};

/* The highest word of a free stack is the link to the next. */
struct free_stack {
	void *next;
};

#define FREE_STACKS_MAX		8

static DEFINE_SPINLOCK(stack_lock);
static void *free_stacks;		/* [s] */
static unsigned int free_stack_count;	/* [s] */

static struct free_stack *stack_link(void *stack)
{
	return (void *)((char *)stack + THREAD_SIZE - sizeof(struct free_stack));
}

/* ---- stacks ---- */

static void *stack_from_cache(void)
{
	void *stack;

	guard(spinlock)(&stack_lock);
	stack = free_stacks;
	if (stack) {
		free_stacks = stack_link(stack)->next;
		free_stack_count--;
	}
	return stack;
}

static bool stack_to_cache(void *stack)
{
	guard(spinlock)(&stack_lock);
	if (free_stack_count == FREE_STACKS_MAX)
		return false;
	stack_link(stack)->next = free_stacks;
	free_stacks = stack;
	free_stack_count++;
	return true;
}

static void *stack_get(void)
{
	void *stack;

	if (should_fail(FAULT_ALLOC))
		return NULL;
	stack = stack_from_cache();
	if (!stack)
		stack = vmap_stack_alloc(THREAD_SIZE);
	if (stack && IS_ENABLED(CONFIG_DEBUG))
		task_paint_stack(stack);
	return stack;
}

static void stack_put(void *stack)
{
	/* A timer that a task left on its stack would be written to in the next one's. */
	if (!debug_check_no_obj_on_stack(stack, THREAD_SIZE))
		return;
	if (!stack_to_cache(stack))
		vmap_stack_free(stack);
}

/* ---- the end ---- */

void task_free(struct task_struct *p)
{
	fault_leave(p);
	kfree(p);
}

/* May sleep. */
static void reap_dead_tasks(void)
{
	struct task_struct *p = sched_take_dead();

	while (p) {
		struct task_struct *next = p->next_dead;

		if (!kthread_was_killed(p)) {
			stack_put(p->stack);
			p->stack = NULL;
			put_task_struct(p);
		}
		p = next;
	}
}

void kthread_free_cache(void)
{
	void *stack;

	reap_dead_tasks();
	while ((stack = stack_from_cache()) != NULL)
		vmap_stack_free(stack);
}

static void reap_work_fn(struct work_struct *work)
{
	(void)work;
	reap_dead_tasks();
}

static DECLARE_WORK(reap_work, reap_work_fn);

void kthread_exit(long result)
{
	struct task_struct *self = current;
	bool joined = test_bit(KTHREAD_IS_JOINED, &self->kthread_flags);

	lockdep_task_ends();
	local_irq_disable();	/* from here on it is not killed any more */
	fault_leave(self);	/* a killed one is never freed */
	self->exit_code = (int)result;
	task_list_del(self);
	sched_add_dead(self);
	/* Before who else waits for the end. Without a queue yet, the next creation reaps. */
	if (!joined && system_wq)
		queue_work(system_wq, &reap_work);
	complete_all(&self->exited);
	schedule_irqs_off();
	BUG();
}

/* ---- an end that the thread did not choose ---- */

bool kthread_begin_kill(struct task_struct *k, long result)
{
	if (test_and_set_bit(KTHREAD_IS_KILLED, &k->kthread_flags))
		return false;
	k->exit_code = (int)result;
	return true;
}

void kthread_end_killed(void)
{
	report_abandon();
	kthread_exit(current->exit_code);
}

static void end_switched_out(void *unused)
{
	(void)unused;
	finish_first_switch();
	kthread_end_killed();
}

/*
 * Takes it out of the queue in which it waits. Returns whether it is in none any more, since it
 * was given what it waited for, and has not run since.
 */
static bool leave_queue_locked(struct task_struct *k)
{
	/* The lock of that queue is not known here. With one CPU running it is free now. */
	if (!k->wait_link.next)
		return true;
	list_unlink(&k->wait_link);
	k->wait_link.next = NULL;
	return false;
}

static bool kill_sleeper(struct task_struct *k, long result, bool *given)
{
	struct cpu *cpu = task_cpu(k);

	guard(raw_spinlock_irqsave)(&cpu->lock);
	if (task_cpu(k) != cpu || task_has_cpu(k) || k->__state == TASK_DEAD)
		return false;
	/* Between two CPUs: it is going to run. */
	if (k->__state == TASK_RUNNING && !k->run.next)
		return false;
	if (!kthread_begin_kill(k, result))
		return false;
	*given = leave_queue_locked(k);
	hal_context_divert(&k->context, end_switched_out, NULL);
	WRITE_ONCE(k->__state, TASK_RUNNING);
	if (!k->run.next)
		enqueue_task(cpu, k);
	return true;
}

/* What it was given goes to the next who waits, or is counted as before. */
static void hand_on_given(struct task_struct *k)
{
#ifdef CONFIG_FAULT_ISOLATION
	if (k->give_back)
		k->give_back(k->waits_for);
#else
	(void)k;
#endif
}

bool kthread_kill(struct task_struct *k, long result)
{
	bool given;

	if (!kill_sleeper(k, result, &given))
		return false;
	if (given)
		hand_on_given(k);
	return true;
}

/* Interrupts are off, so nobody else begins to kill it meanwhile. */
bool kthread_kill_interrupted(long result)
{
	if (lockdep_in_atomic() || kthread_was_killed(current) ||
	    !hal_irq_divert(kthread_end_killed))
		return false;
	return kthread_begin_kill(current, result);
}

bool kthread_was_killed(const struct task_struct *k)
{
	return IS_ENABLED(CONFIG_FAULT_ISOLATION) && test_bit(KTHREAD_IS_KILLED, &k->kthread_flags);
}

void kthread_set_expendable(struct task_struct *k)
{
	set_bit(KTHREAD_IS_EXPENDABLE, &k->kthread_flags);
}

bool kthread_is_expendable(const struct task_struct *k)
{
	return test_bit(KTHREAD_IS_EXPENDABLE, &k->kthread_flags);
}

/* ---- the beginning ---- */

static void kthread_begin(void *arg)
	__must_hold(role_irqs_off)
{
	struct task_struct *self = arg;
	int result = -EINTR;

	finish_first_switch();
	local_irq_enable();
	if (!kthread_should_stop())
		result = self->threadfn(self->threadfn_data);
	kthread_exit(result);
}

static void set_affinity(struct task_struct *p, struct cpumask mask)
{
#ifdef CONFIG_SMP
	p->cpus_mask = mask;
#else
	(void)p;
	(void)mask;
#endif
}

/* What a test's task starts is part of the test. */
static void inherit_test(struct task_struct *p)
{
	kthread_set_expendable(p);
#ifdef CONFIG_SMP
	p->cpus_mask = current->cpus_mask;
#endif
}

void kthread_bind(struct task_struct *k, unsigned int cpu)
{
	if (!WARN(k->__state != TASK_UNINTERRUPTIBLE || k->nvcsw || cpu >= nr_cpu_ids,
		  "kthread_bind() of %s/%d to CPU %u", k->comm, k->pid, cpu))
		set_affinity(k, *cpumask_of(cpu));
}

static void task_init(struct task_struct *p, int (*threadfn)(void *data), void *data)
{
	p->__state = TASK_UNINTERRUPTIBLE;
	p->cpu = this_cpu();
	p->prio = TASK_PRIO_DEFAULT;
	p->ring = &p->cpu->queue[TASK_PRIO_DEFAULT];
	refcount_set(&p->usage, 1);
	p->threadfn = threadfn;
	p->threadfn_data = data;
	set_affinity(p, CPU_MASK_ALL);
	if (IS_ENABLED(CONFIG_KTEST) && kthread_is_expendable(current))
		inherit_test(p);
	init_completion(&p->exited);
	hal_context_init(&p->context, (char *)p->stack + THREAD_SIZE, kthread_begin, p);
}

struct task_struct *kthread_create(int (*threadfn)(void *data), void *data,
				   const char *namefmt, ...)
{
	struct task_struct *p;
	va_list args;

	might_sleep();
	reap_dead_tasks();
	p = kzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return ERR_PTR(-ENOMEM);
	p->stack = stack_get();
	if (!p->stack) {
		kfree(p);
		return ERR_PTR(-ENOMEM);
	}
	va_start(args, namefmt);
	vsnprintf(p->comm, sizeof(p->comm), namefmt, args);
	va_end(args);
	task_init(p, threadfn, data);
	fault_inherit(p);
	task_list_add(p);
	return p;
}

#ifdef CONFIG_SMP

struct task_struct *kthread_create_idle(unsigned int cpu)
{
	struct task_struct *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return ERR_PTR(-ENOMEM);
	p->stack = stack_get();
	if (!p->stack) {
		kfree(p);
		return ERR_PTR(-ENOMEM);
	}
	snprintf(p->comm, sizeof(p->comm), "swapper/%u", cpu);
	p->cpu = &cpus[cpu];
	p->prio = TASK_PRIO_IDLE;
	p->ring = &p->cpu->queue[TASK_PRIO_IDLE];
	p->on_cpu = 1;
	p->cpus_mask = *cpumask_of(cpu);
	refcount_set(&p->usage, 1);
	init_completion(&p->exited);
	sched_set_idle(p->cpu, p);
	task_list_add(p);
	return p;
}

#endif

/* ---- stop and join ---- */

bool kthread_should_stop(void)
{
	return test_bit(KTHREAD_SHOULD_STOP, &current->kthread_flags);
}

int kthread_join(struct task_struct *k)
{
	int result;

	might_sleep();
	if (WARN(k == current, "%s/%d waits for its own end", k->comm, k->pid))
		return -EDEADLK;
	get_task_struct(k);
	set_bit(KTHREAD_IS_JOINED, &k->kthread_flags);
	wait_for_completion(&k->exited);
	result = k->exit_code;
	reap_dead_tasks();
	put_task_struct(k);
	return result;
}

int kthread_stop(struct task_struct *k)
{
	set_bit(KTHREAD_SHOULD_STOP, &k->kthread_flags);
	wake_up_process(k);
	return kthread_join(k);
}
