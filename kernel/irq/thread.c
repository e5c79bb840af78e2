/* SPDX-License-Identifier: MIT */
/*
 * Handlers in threads: one thread for each action with a thread_fn, woken by what its handler
 * answers; and the lines whose handlers are called in their controller's thread.
 *
 * A line of IRQF_ONESHOT stays masked while any bit of threads_oneshot is set: each action has
 * one, set when its thread is woken, cleared when that is done and was not woken again. Whoever
 * clears the last one unmasks. A thread that ends, however it does, settles what it owes: its
 * bit and its part of threads_active, for which disable_irq() and others wait.
 *
 * Locking: the descriptor's lock for all that is said of threads; each step from "woken" over
 * "runs" to "done" is made under it, so that a thread that is killed in between owes what the
 * flags say.
 */
#include <kernel/irq.h>

#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/kthread.h>
#include <kernel/printk.h>
#include <kernel/wait.h>
#include <lib/bitops.h>
#include <lib/container_of.h>
#include <lib/errno.h>

#include "irq_priv.h"

/* Who waits for the threads of a line. Few do, so there is one queue for all. */
static DECLARE_WAIT_QUEUE_HEAD(thread_waiters);

irqreturn_t irq_default_primary_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	return IRQ_WAKE_THREAD;
}

irqreturn_t irq_nested_primary_handler(int irq, void *dev_id)
{
	(void)dev_id;
	WARN_ONCE(1, "irq %d is nested and came as an interrupt", irq);
	return IRQ_NONE;
}

bool irq_thread_wake(struct irq_desc *desc, struct irqaction *action)
{
	if (!action->thread || action->thread_flags & IRQTF_DEAD)
		return false;
	if (action->thread_flags & IRQTF_RUNTHREAD)
		return true;
	action->thread_flags |= IRQTF_RUNTHREAD;
	desc->threads_oneshot |= action->thread_mask;
	desc->threads_active++;
	wake_up_process(action->thread);
	return true;
}

void irq_wake_thread(unsigned int irq, void *dev_id)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc || WARN_ON(desc->status_use_accessors & IRQ_PER_CPU_DEVID))
		return;
	guard(irq_desc)(desc);
	for (struct irqaction *action = desc->action; action; action = action->next)
		if (action->dev_id == dev_id)
			irq_thread_wake(desc, action);
}

/* ---- the line, when a thread is done ---- */

static void end_oneshot(struct irq_desc *desc)
	__must_hold(&desc->lock)
{
	if (desc->istate & IRQS_EOI_OWED) {
		irq_istate_clear(desc, IRQS_EOI_OWED);
		desc->irq_data.chip->irq_eoi(&desc->irq_data);
	}
	irq_unmask_if_enabled(desc);
}

/* False: another CPU still calls the handlers of this interrupt, of which more may want threads. */
static bool try_finalize(struct irq_desc *desc, struct irqaction *action)
{
	guard(irq_bus)(desc);
	guard(irq_desc)(desc);
	if (irqd_irq_inprogress(&desc->irq_data))
		return false;
	if ((action->thread_flags & (IRQTF_RUNTHREAD | IRQTF_DEAD)) == IRQTF_RUNTHREAD)
		return true;
	desc->threads_oneshot &= ~action->thread_mask;
	if (!desc->threads_oneshot)
		end_oneshot(desc);
	return true;
}

static void finalize_oneshot(struct irq_desc *desc, struct irqaction *action)
{
	while (action->thread_mask && !try_finalize(desc, action))
		cpu_relax();
}

static void wake_waiters(bool idle)
{
	if (idle && wq_has_sleeper(&thread_waiters))
		wake_up_all(&thread_waiters);
}

/* Each mark of `marks` that is set was one of threads_active. */
static void thread_leave(struct irq_desc *desc, struct irqaction *action, unsigned long marks,
			 bool handled)
{
	bool idle;

	scoped_guard(irq_desc, desc) {
		desc->threads_active -= hweight32((u32)(action->thread_flags & marks));
		action->thread_flags &= ~marks;
		desc->threads_handled += handled;
		idle = desc->threads_active == 0;
	}
	wake_waiters(idle);
}

/* ---- the thread ---- */

static bool take_wakeup(struct irq_desc *desc, struct irqaction *action)
{
	guard(irq_desc)(desc);
	if (!(action->thread_flags & IRQTF_RUNTHREAD))
		return false;
	action->thread_flags = IRQTF_RUNS;
	return true;
}

/* Who is asked to stop and was woken before runs once more. */
static bool wait_for_wakeup(struct irq_desc *desc, struct irqaction *action)
{
	bool woken;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		woken = take_wakeup(desc, action);
		if (woken || kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return woken;
}

static irqreturn_t call_thread_fn(struct irqaction *action)
	__no_context_analysis	/* what it returned with is not known here */
{
	irqreturn_t ret = action->thread_fn((int)action->irq, action->dev_id);

	lockdep_check_depth(0, "irq %u: the thread of %s returns", action->irq, action->name);
	if (IS_ENABLED(CONFIG_DEBUG) && WARN(irqs_disabled(), "irq %u: the thread of %s returns "
					     "with interrupts off", action->irq, action->name))
		local_irq_enable();
	return ret;
}

static int irq_thread(void *data)
{
	struct irqaction *action = data;
	struct irq_desc *desc = irq_to_desc(action->irq);

	while (wait_for_wakeup(desc, action)) {
		irqreturn_t ret = call_thread_fn(action);

		finalize_oneshot(desc, action);
		thread_leave(desc, action, IRQTF_RUNS, ret == IRQ_HANDLED);
	}
	return 0;
}

/*
 * The thread ends: asked to, or in the middle of all, where it could sleep; the state that it ended
 * in says nothing about that. Done twice, if it is killed here, it does no harm.
 */
static void irq_thread_ends(struct task_exit_hook *hook)
	__no_context_analysis
{
	struct irqaction *action = container_of(hook, struct irqaction, thread_exit);
	struct irq_desc *desc = irq_to_desc(action->irq);

	__set_current_state(TASK_RUNNING);
	local_irq_enable();
	if (!kthread_should_stop())
		pr_err("irq %u: the thread of %s has ended\n", action->irq, action->name);
	scoped_guard(irq_desc, desc)
		action->thread_flags |= IRQTF_DEAD;
	finalize_oneshot(desc, action);
	thread_leave(desc, action, IRQTF_RUNTHREAD | IRQTF_RUNS, false);
	current->exit_hooks = hook->next;
}

int irq_thread_create(struct irqaction *action)
{
	struct task_struct *t = kthread_create(irq_thread, action, "irq/%u-%s", action->irq,
					       action->name);

	if (IS_ERR(t))
		return (int)PTR_ERR(t);
	sched_set_fifo(t);
	action->thread_exit = (struct task_exit_hook){ .fn = irq_thread_ends };
	t->exit_hooks = &action->thread_exit;
	action->thread = get_task_struct(t);
	return 0;
}

void irq_thread_stop(struct irqaction *action)
{
	kthread_stop(action->thread);
	put_task_struct(action->thread);
}

/* ---- waiting for threads ---- */

bool irq_threads_are_idle(struct irq_desc *desc)
{
	guard(irq_desc)(desc);
	return desc->threads_active == 0;
}

void irq_wait_for_threads(struct irq_desc *desc)
{
	wait_event(thread_waiters, irq_threads_are_idle(desc));
}

bool irq_is_in_own_thread(struct irq_desc *desc)
{
	guard(irq_desc)(desc);
#ifdef CONFIG_DEBUG
	if (desc->nested_in == current)
		return true;
#endif
	for (const struct irqaction *action = desc->action; action; action = action->next)
		if (action->thread == current)
			return true;
	return false;
}

/* ---- nested lines ---- */

int irq_set_parent(int irq, int parent_irq)
{
	struct irq_desc *desc = irq_to_desc((unsigned int)irq);

	if (!desc)
		return -EINVAL;
	guard(irq_desc)(desc);
	desc->parent_irq = (unsigned int)parent_irq;
	return 0;
}

/* Handlers of a line that are called in another's thread, which may end there. */
struct nested_run {
	struct task_exit_hook hook;
	struct irq_desc *desc;
};

static void set_nested_in(struct irq_desc *desc, struct task_struct *who)
{
#ifdef CONFIG_DEBUG
	desc->nested_in = who;
#else
	(void)desc;
	(void)who;
#endif
}

/* The first action, which stays until nested_end(); NULL: none is to be called. */
static struct irqaction *nested_begin(struct irq_desc *desc)
{
	guard(irq_desc)(desc);
	if (!desc->action || irqd_irq_disabled(&desc->irq_data)) {
		irq_istate_set(desc, IRQS_PENDING);
		return NULL;
	}
	kstat_incr_irqs_this_cpu(desc);
	desc->threads_active++;
	set_nested_in(desc, current);
	return desc->action;
}

static void nested_end(struct irq_desc *desc, unsigned int answers)
{
	bool idle;

	scoped_guard(irq_desc, desc) {
		note_interrupt(desc, answers);
		set_nested_in(desc, NULL);
		idle = --desc->threads_active == 0;
	}
	wake_waiters(idle);
}

static void nested_run_dies(struct task_exit_hook *hook)
{
	struct nested_run *run = container_of(hook, struct nested_run, hook);

	current->exit_hooks = hook->next;
	nested_end(run->desc, IRQ_NONE);
}

void handle_nested_irq(unsigned int irq)
{
	struct nested_run run = {
		.hook = { .fn = nested_run_dies, .next = current->exit_hooks },
		.desc = irq_to_desc(irq),
	};
	struct irqaction *action;
	unsigned int answers = 0;

	might_sleep();
	if (WARN_ON(!run.desc))
		return;
	action = nested_begin(run.desc);
	if (!action)
		return;
	current->exit_hooks = &run.hook;
	for (; action; action = READ_ONCE(action->next))
		answers |= action->thread_fn((int)action->irq, action->dev_id);
	current->exit_hooks = run.hook.next;
	nested_end(run.desc, answers);
}
