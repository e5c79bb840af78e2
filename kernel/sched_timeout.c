/* SPDX-License-Identifier: MIT */
/*
 * Sleeping for a time: a timer on the sleeper's stack that wakes it.
 *
 * Of one that waits in a lock's queue the timer does all that there is to do: it takes the waiter
 * out of the queue, given nothing, and wakes it.
 *
 * Locking: as in sched_priv.h. Interrupts are off from before the timer is armed until it is
 * known to be through.
 */
#include <kernel/sched.h>

#include <kernel/bug.h>
#include <kernel/jiffies.h>
#include <kernel/timer.h>
#include <lib/minmax.h>

#include "sched_priv.h"

struct sleep_timer {
	struct timer_list timer;
	struct task_struct *task;
};

/* Interrupts are off. */
static void sleep_timer_expired(struct timer_list *t)
{
	struct sleep_timer *s = from_timer(s, t, timer);

	wake_task(s->task, TASK_NORMAL);
}

/* The state is set, interrupts are off. */
static long sleep_irqs_off(unsigned long timeout)
	__must_hold(role_irqs_off)
{
	struct sleep_timer s;
	unsigned long expires = jiffies + timeout;
	long left;

	s.task = current;
	timer_setup_on_stack(&s.timer, sleep_timer_expired, 0);
	timer_arm_own(&s.timer, expires);
	schedule_irqs_off();
	if (!IS_ENABLED(CONFIG_SMP) && likely(!timer_pending(&s.timer)))
		return 0;
	if (!del_timer_sync(&s.timer))
		return 0;
	destroy_timer_on_stack(&s.timer);
	left = (long)(expires - jiffies);
	return max(left, 0L);
}

/* What no timer reaches is left over. */
static noinline long schedule_far_timeout(long timeout)
{
	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	if (WARN(timeout < 0, "schedule_timeout(%ld)", timeout)) {
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	return schedule_timeout((long)MAX_JIFFY_OFFSET) + timeout - (long)MAX_JIFFY_OFFSET;
}

long schedule_timeout(long timeout)
{
	might_sleep();
	if (unlikely((unsigned long)timeout > MAX_JIFFY_OFFSET))
		return schedule_far_timeout(timeout);
	local_irq_disable();
	timeout = sleep_irqs_off((unsigned long)timeout);
	local_irq_enable();
	return timeout;
}

static long schedule_timeout_in(unsigned int state, long timeout)
{
	__set_current_state(state);
	return schedule_timeout(timeout);
}

long schedule_timeout_interruptible(long timeout)
{
	return schedule_timeout_in(TASK_INTERRUPTIBLE, timeout);
}

long schedule_timeout_uninterruptible(long timeout)
{
	return schedule_timeout_in(TASK_UNINTERRUPTIBLE, timeout);
}

long schedule_timeout_killable(long timeout)
{
	return schedule_timeout_in(TASK_KILLABLE, timeout);
}

long schedule_timeout_idle(long timeout)
{
	return schedule_timeout_in(TASK_IDLE, timeout);
}

/* ---- in a lock's queue ---- */

struct wait_timer {
	struct timer_list timer;
	struct task_struct *task;
	raw_spinlock_t *lock;	/* of the queue */
	long later;		/* of its time, what no timer reaches; 0 when it is up */
	bool timed_out;
};

static void wait_timer_arm(struct wait_timer *w, long timeout)
	__must_hold(role_irqs_off)
{
	long now = min(timeout, (long)MAX_JIFFY_OFFSET);

	w->later = timeout - now;
	timer_arm_own(&w->timer, jiffies + (unsigned long)now);
}

/* The time is up. Returns false if it is to be tried again. */
static bool waiter_give_up(struct wait_timer *w)
	__no_context_analysis
{
	struct task_struct *p = w->task;
	struct cpu *cpu = lock_task_cpu(p);
	bool waits = p->__state & TASK_WAITS;

	if (waits && waiter_leave(p, w->lock)) {
		w->timed_out = true;
		waiter_wake_and_unlock(cpu, p);
		return true;
	}
	raw_spin_unlock(&cpu->lock);
	return !waits;
}

static void wait_timer_expired(struct timer_list *t)
{
	struct wait_timer *w = from_timer(w, t, timer);

	context_assume_held(&role_irqs_off);	/* as in each timer's function */
	if (w->later)
		wait_timer_arm(w, w->later);
	else
		while (!waiter_give_up(w))
			cpu_relax();
}

long waiter_sleep_timeout(struct list_head *queue, raw_spinlock_t *lock, long timeout)
{
	struct wait_timer w = { .task = current, .lock = lock };
	long left;

	if (timeout <= 0)
		return 0;
	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		waiter_sleep(queue, lock, TASK_WAITS);
		return timeout;
	}
	waiter_enter(queue, lock, TASK_WAITS);
	timer_setup_on_stack(&w.timer, wait_timer_expired, 0);
	wait_timer_arm(&w, timeout);
	schedule_irqs_off();
	del_timer_sync(&w.timer);
	destroy_timer_on_stack(&w.timer);
	raw_spin_lock(lock);
	left = (long)(w.timer.expires - jiffies) + w.later;
	return w.timed_out ? 0 : max(left, 1L);
}
