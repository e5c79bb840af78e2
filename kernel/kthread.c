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
 * Locks: [s] stack_lock, which nothing is taken inside.
 */
#include <kernel/kthread.h>

#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/fault-inject.h>
#include <kernel/slab.h>
#include <kernel/vmalloc.h>
#include <kernel/workqueue.h>
#include <lib/bitops.h>
#include <lib/sprintf.h>

#include "sched_priv.h"

enum kthread_flag {
	KTHREAD_SHOULD_STOP,
	KTHREAD_IS_JOINED,	/* somebody waits for its end, and then reaps */
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

void kthread_free_cache(void)
{
	void *stack;

	while ((stack = stack_from_cache()) != NULL)
		vmap_stack_free(stack);
}

static void *stack_get(void)
{
	void *stack;

	if (should_fail(FAULT_ALLOC))
		return NULL;
	stack = stack_from_cache();
	if (!stack)
		stack = vmap_stack_alloc();
	if (stack && IS_ENABLED(CONFIG_DEBUG))
		task_paint_stack(stack);
	return stack;
}

static void stack_put(void *stack)
{
	/* A timer that a task left on its stack would be written to in the next one's. */
	if (!debug_check_no_obj_freed(stack, THREAD_SIZE))
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

		stack_put(p->stack);
		p->stack = NULL;
		put_task_struct(p);
		p = next;
	}
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

	WARN(self->mutexes_held, "%s/%d ends with %u mutexes held", self->comm, self->pid,
	     self->mutexes_held);
	self->exit_code = (int)result;
	task_list_del(self);
	local_irq_disable();
	sched_add_dead(self);
	/* Before who else waits for the end. Without a queue yet, the next creation reaps. */
	if (!joined && system_wq)
		queue_work(system_wq, &reap_work);
	complete_all(&self->exited);
	schedule_irqs_off();
	BUG();
}

/* ---- the beginning ---- */

static void kthread_begin(void *arg)
{
	struct task_struct *self = arg;
	int result = -EINTR;

	finish_first_switch();
	local_irq_enable();
	if (!kthread_should_stop())
		result = self->threadfn(self->threadfn_data);
	kthread_exit(result);
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
