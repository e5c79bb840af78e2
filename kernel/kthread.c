/* SPDX-License-Identifier: MIT */
/*
 * Kernel threads: how a task comes to be and how it goes.
 *
 * A task is born with one reference, that of its life. When its function has returned
 * it tells who waits and leaves its stack for good. The first joiner, if one waits by then,
 * takes the stack back and drops that reference. Otherwise the task is put on the CPU's list
 * of the dead, and whoever comes by next and runs on another stack (a late joiner, the creator
 * of the next task, or a work item) does so. A task that nobody else knows by then is kept with
 * its stack for the next one, of others the stack alone: mapping one costs more than all the
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
#include <lib/poison.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#include "sched_priv.h"

enum kthread_flag {
	KTHREAD_SHOULD_STOP,
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
static struct task_struct *free_tasks;	/* [s] with their stacks, by next_dead */
static unsigned int free_stack_count;	/* [s] of both */

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

/* ---- tasks with their stacks ---- */

static struct task_struct *task_from_cache(void)
{
	struct task_struct *p;

	guard(spinlock)(&stack_lock);
	p = free_tasks;
	if (p) {
		free_tasks = p->next_dead;
		free_stack_count--;
	}
	return p;
}

/* As kfree() has it: nothing in it is in use any more, and it is poison but for its stack. */
static bool may_be_kept(struct task_struct *p)
{
	void *stack = p->stack;

	debug_check_no_locks_freed(p, sizeof(*p));
	if (!debug_check_no_obj_freed(p, sizeof(*p)) ||
	    !debug_check_no_obj_on_stack(stack, THREAD_SIZE))
		return false;
	if (IS_ENABLED(CONFIG_DEBUG)) {
		memset(p, POISON_FREE, sizeof(*p));
		p->stack = stack;
	}
	return true;
}

/* The caller has the last reference. Returns false if it is still to be given back. */
static bool task_to_cache(struct task_struct *p)
{
	if (READ_ONCE(free_stack_count) >= FREE_STACKS_MAX)
		return false;
	if (!may_be_kept(p))
		return true;
	guard(spinlock)(&stack_lock);
	p->next_dead = free_tasks;
	free_tasks = p;
	free_stack_count++;
	return true;
}

/* As many requests as for a new one. */
static struct task_struct *reuse_task(struct task_struct *p)
{
	if (!should_fail(FAULT_ALLOC) && !should_fail(FAULT_ALLOC))
		return p;
	stack_put(p->stack);
	kfree(p);
	return NULL;
}

static struct task_struct *new_task(void)
{
	struct task_struct *p = kmalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return NULL;
	p->stack = stack_get();
	if (p->stack)
		return p;
	kfree(p);
	return NULL;
}

/* None of its fields is set but the stack. NULL without memory. */
static struct task_struct *task_get(void)
{
	struct task_struct *p = task_from_cache();

	p = likely(p) ? reuse_task(p) : new_task();
	if (p && IS_ENABLED(CONFIG_DEBUG))
		task_paint_stack(p->stack);
	return p;
}

/* ---- the end ---- */

void task_free(struct task_struct *p)
{
	fault_leave(p);
	kfree(p);
}

/* It is off its stack for good. May sleep. */
static void reap(struct task_struct *p)
{
	if (kthread_was_killed(p))
		return;
	if (refcount_read(&p->usage) == 1 && task_to_cache(p))
		return;
	stack_put(p->stack);
	p->stack = NULL;
	put_task_struct(p);
}

/* May sleep. */
static void reap_dead_tasks(void)
{
	struct task_struct *p = sched_take_dead();

	while (p) {
		struct task_struct *next = p->next_dead;

		reap(p);
		p = next;
	}
}

void kthread_free_cache(void)
{
	struct task_struct *p;
	void *stack;

	reap_dead_tasks();
	while ((p = task_from_cache()) != NULL) {
		vmap_stack_free(p->stack);
		kfree(p);
	}
	while ((stack = stack_from_cache()) != NULL)
		vmap_stack_free(stack);
}

static void reap_work_fn(struct work_struct *work)
{
	(void)work;
	reap_dead_tasks();
}

static DECLARE_WORK(reap_work, reap_work_fn);

/* Whether it waits in fact: it may be on its way to that, or have been killed meanwhile. */
static bool joiner_waits_locked(struct task_struct *self)
	__must_hold(&self->exited.lock)
{
	const struct task_struct *p;

	if (likely(self->joiner && self->exited.waiters.next == &self->joiner->wait_link))
		return true;
	list_for_each_entry(p, &self->exited.waiters, wait_link)
		if (p == self->joiner)
			return true;
	return false;
}

/* From here on it is certain who reaps. */
static void die_locked(struct task_struct *self)
	__must_hold(&self->exited.lock)
{
	sched_mark_dead();
	if (likely(joiner_waits_locked(self)))
		return;
	self->joiner = NULL;
	sched_add_dead(self);
}

/* Where there is no way on: the handler's interrupt would never end, nor would the CPU rest. */
static void check_exit(const struct task_struct *self)
{
	if (in_hardirq() || is_idle_task(self))
		panic("kthread_exit() %s, of %s/%d",
		      in_hardirq() ? "in an interrupt's handler" : "in an idle task", self->comm,
		      self->pid);
	WARN(irqs_disabled() && !kthread_was_killed(self), "%s/%d ends with interrupts off",
	     self->comm, self->pid);
}

void kthread_exit(long result)
{
	struct task_struct *self = current;

	if (IS_ENABLED(CONFIG_DEBUG))
		check_exit(self);
	while (unlikely(self->exit_hooks))
		self->exit_hooks->fn(self->exit_hooks);
	lockdep_task_ends();
	local_irq_disable();	/* from here on it is not killed any more */
	fault_leave(self);	/* a killed one is never freed */
	self->exit_code = (int)result;
	task_list_del(self);
	scoped_guard(raw_spinlock, &self->exited.lock)
		die_locked(self);
	/* Before who else waits for the end. Without a queue yet, the next creation reaps. */
	if (!self->joiner && system_wq)
		queue_work(system_wq, &reap_work);
	scoped_guard(raw_spinlock, &self->exited.lock)
		complete_all_locked(&self->exited);
	schedule_dead();
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

static void end_switched_out(void *unused, struct task_struct *left)
{
	(void)unused;
	finish_first_switch(left);
	kthread_end_killed();
}

/*
 * Of a task that does not run and cannot begin to, since its run queue is locked: takes it out of
 * the queue in which it waits, if it does. Returns false if it is to be tried again.
 */
static bool leave_queue(struct task_struct *k)
{
#ifdef CONFIG_FAULT_ISOLATION
	if (k->__state & TASK_WAITS) {
		if (!waiter_leave(k, k->wait_lock))
			return false;
		WRITE_ONCE(k->__state, TASK_UNINTERRUPTIBLE);
	}
#else
	(void)k;
#endif
	return true;
}

/* Returns 0, -EBUSY if it cannot be killed now, -EAGAIN if it is to be tried again. */
static int kill_sleeper(struct task_struct *k, long result)
{
	struct cpu *cpu = task_cpu(k);

	guard(raw_spinlock_irqsave)(&cpu->lock);
	if (task_cpu(k) != cpu || task_has_cpu(k) || k->__state == TASK_DEAD)
		return -EBUSY;
	/* Between two CPUs: it is going to run. */
	if (k->__state == TASK_RUNNING && !k->run.next)
		return -EBUSY;
	if (kthread_was_killed(k))
		return -EBUSY;
	if (!leave_queue(k))
		return -EAGAIN;
	if (!kthread_begin_kill(k, result))
		return -EBUSY;
	hal_context_divert(&k->context, end_switched_out, NULL);
	return 0;
}

/* What it was given, and has not run since, goes to the next who waits, or is counted as before. */
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
	int err;

	while ((err = kill_sleeper(k, result)) == -EAGAIN)
		cpu_relax();
	if (err)
		return false;
	wake_up_process(k);	/* on its CPU, which may sleep; killed, it is not freed meanwhile */
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

static void kthread_begin(void *arg, struct task_struct *left)
	__must_hold(role_irqs_off)
{
	struct task_struct *self = arg;
	int result = -EINTR;

	finish_first_switch(left);
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
	task_settle(p);
}

void kthread_bind(struct task_struct *k, unsigned int cpu)
{
	if (WARN(k->__state != TASK_UNINTERRUPTIBLE || k->nvcsw || !cpu_online(cpu),
		 "kthread_bind() of %s/%d to CPU %u", k->comm, k->pid, cpu))
		return;
	set_affinity(k, *cpumask_of(cpu));
	task_settle(k);
}

/* What checkers and tests know of a task: nothing yet. */
static void init_checks(struct task_struct *p)
{
#ifdef CONFIG_FAULT_ISOLATION
	p->give_back = NULL;
	p->waits_for = NULL;
#endif
#ifdef CONFIG_FAULT_INJECTION
	p->fault_group = NULL;
#endif
#ifdef CONFIG_LOCKDEP
	memset(&p->lockdep, 0, sizeof(p->lockdep));
#endif
#ifdef CONFIG_TASK_CPU_TIME
	p->cpu_counts = 0;
#endif
	(void)p;
}

/* All that a task begins with, but its name: clearing it first would cost a third of this. */
static void task_init(struct task_struct *p, int (*threadfn)(void *data), void *data)
{
	p->run.next = NULL;
	p->nvcsw = 0;
	p->kthread_flags = 0;
	p->exit_code = 0;
	p->exit_hooks = NULL;
	p->joiner = NULL;
#ifdef CONFIG_SMP
	p->on_cpu = 0;
	p->must_leave = false;
#endif
	init_checks(p);
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
	if (IS_ENABLED(CONFIG_DEBUG) && WARN(!threadfn, "thread '%s' has no function", namefmt))
		return ERR_PTR(-EINVAL);
	if (unlikely(sched_has_dead()))
		reap_dead_tasks();
	p = task_get();
	if (!p)
		return ERR_PTR(-ENOMEM);
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
	if (IS_ENABLED(CONFIG_DEBUG))
		task_paint_stack(p->stack);
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

void kthread_free_idle(struct task_struct *p)
{
	task_list_del(p);
	sched_clear_idle(p->cpu);
	stack_put(p->stack);
	p->stack = NULL;
	put_task_struct(p);
}

#endif

/* ---- stop and join ---- */

bool kthread_should_stop(void)
{
	return test_bit(KTHREAD_SHOULD_STOP, &current->kthread_flags);
}

/* The joiner was killed after the end had woken it: another one reaps. */
static void hand_on_reaping(void *dead)
{
	struct task_struct *k = dead;

	k->joiner = NULL;
	wait_until_off_stack(k);
	guard(irqsave)();
	sched_add_dead(k);
}

/* Returns whether the caller is to reap. */
static __always_inline bool wait_for_end_locked(struct task_struct *k)
	__must_hold(&k->exited.lock, role_spinning, role_irqs_off)
{
	struct task_struct *self = current;
	bool first = !k->joiner && k->__state != TASK_DEAD;

	if (first)
		k->joiner = self;
	wait_for_completion_locked(&k->exited, first ? hand_on_reaping : NULL, k);
	return first && k->joiner == self;
}

/* It has ended. */
static int end_join(struct task_struct *k, bool is_mine)
{
	int result = k->exit_code;

	if (likely(is_mine)) {
		wait_until_off_stack(k);
		reap(k);
	} else {
		reap_dead_tasks();
	}
	return result;
}

static __always_inline bool is_own_end(const struct task_struct *k)
{
	return WARN(k == current, "%s/%d waits for its own end", k->comm, k->pid);
}

int kthread_join(struct task_struct *k)
{
	bool is_mine;

	might_sleep();
	if (is_own_end(k))
		return -EDEADLK;
	scoped_guard(raw_spinlock_irqsave, &k->exited.lock)
		is_mine = wait_for_end_locked(k);
	return end_join(k, is_mine);
}

int kthread_stop(struct task_struct *k)
{
	bool is_mine;

	might_sleep();
	if (is_own_end(k))
		return -EDEADLK;
	/* Woken under the lock: on another CPU it might end, and be reaped, before it is joined. */
	scoped_guard(raw_spinlock_irqsave, &k->exited.lock) {
		set_bit(KTHREAD_SHOULD_STOP, &k->kthread_flags);
		wake_task(k, TASK_NORMAL);
		is_mine = wait_for_end_locked(k);
	}
	return end_join(k, is_mine);
}
