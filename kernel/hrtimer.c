/* SPDX-License-Identifier: MIT */
/*
 * High-resolution timers: nanoseconds made counts of the hardware, restart, and sleep.
 *
 * All that has to do with lists, locks and the hardware is the wheel's (timer.c). An hrtimer
 * is a timer there whose function is hrtimer_run().
 *
 * Locking: none of its own. A timer's times are its user's while it does not run.
 */
#include <kernel/hrtimer.h>

#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <lib/errno.h>
#include <lib/string.h>

#include "time_priv.h"
#include "timer_priv.h"

static void hrtimer_run(struct timer_list *t);

void hrtimer_init(struct hrtimer *timer, clockid_t clock_id, enum hrtimer_mode mode)
{
	(void)mode;
	WARN(IS_ENABLED(CONFIG_DEBUG) && clock_id != CLOCK_MONOTONIC && clock_id != CLOCK_BOOTTIME,
	     "hrtimer_init(): there is no clock %d", clock_id);
	if (!debug_object_init(&timer->timer.debug, &hrtimer_debug_descr))
		return;
	timer->timer.entry.next = NULL;
	timer->timer.expires = 0;
	timer->timer.function = hrtimer_run;
	timer->timer.flags = TIMER_HR;
	timer->function = NULL;
	hrtimer_set_expires(timer, 0);
}

/* The last count is a nanosecond's, the first one not before: the range may be of none. */
static u64 last_count(const struct hrtimer *timer, u64 first)
{
	if (timer->expires == timer->_softexpires)
		return first;
	return ktime_to_count(timer->expires);
}

/* The timer may be gone if it is not to be restarted. */
static void hrtimer_run(struct timer_list *t)
{
	struct hrtimer *timer = container_of(t, struct hrtimer, timer);
	u64 first;

	if (timer->function(timer) == HRTIMER_NORESTART)
		return;
	first = ktime_to_count(timer->_softexpires);
	timer_rearm_hr(timer, first, last_count(timer, first));
}

void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim, u64 delta_ns,
			    enum hrtimer_mode mode)
{
	u64 first;

	if (WARN_ON(IS_ENABLED(CONFIG_DEBUG) && !timer->function))
		return;
	if (mode & HRTIMER_MODE_REL)
		tim = ktime_add_safe(ktime_get(), tim);
	hrtimer_set_expires_range_ns(timer, tim, delta_ns);
	first = ktime_to_count(tim);
	timer_arm_hr(timer, first, last_count(timer, first));
}

bool hrtimer_callback_running(const struct hrtimer *timer)
{
	return timer_function_runs(&timer->timer);
}

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	return timer_try_to_cancel_hr(timer);
}

/* In hard irq a function that runs on this CPU is the caller's own. */
static bool is_own_function(const struct hrtimer *timer)
{
	return in_hardirq() && hrtimer_callback_running(timer) &&
	       timer_is_of_this_cpu(&timer->timer);
}

int hrtimer_cancel(struct hrtimer *timer)
{
	int result;

	while ((result = hrtimer_try_to_cancel(timer)) < 0) {
		if (WARN(is_own_function(timer), "hrtimer_cancel() from the timer's own function"))
			return 0;
		cpu_relax();
	}
	return result;
}

/* The usual interval has 32 bits, and the usual number of them is one. */
static u64 whole_intervals(u64 time, u64 interval)
{
	return interval <= UINT32_MAX ? div_u64(time, (u32)interval) : time / interval;
}

u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	ktime_t late = now - timer->expires;
	u64 n = 1;

	if (WARN(hrtimer_is_queued(timer), "hrtimer_forward() of a timer that is pending"))
		return 0;
	if (late < 0)
		return 0;
	if (interval < 1)
		interval = 1;
	if (late >= interval)
		n = whole_intervals((u64)late, (u64)interval) + 1;
	hrtimer_add_expires(timer, (ktime_t)(n * (u64)interval));
	return n;
}

/* ---- sleeping ---- */

struct sleeper {
	struct hrtimer timer;
	struct task_struct *task;	/* NULL: the time is up */
};

static enum hrtimer_restart sleeper_expired(struct hrtimer *t)
{
	struct sleeper *s = container_of(t, struct sleeper, timer);
	struct task_struct *task = s->task;

	WRITE_ONCE(s->task, NULL);
	wake_up_process(task);
	return HRTIMER_NORESTART;
}

int schedule_hrtimeout_range(ktime_t *expires, u64 delta, enum hrtimer_mode mode)
{
	struct sleeper s;

	might_sleep();
	if (!expires) {
		schedule();
		return -EINTR;
	}
	if (*expires == 0) {
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	hrtimer_init_on_stack(&s.timer, CLOCK_MONOTONIC, mode);
	s.timer.function = sleeper_expired;
	s.task = current;
	hrtimer_start_range_ns(&s.timer, *expires, delta, mode);
	if (READ_ONCE(s.task))
		schedule();
	hrtimer_cancel(&s.timer);
	destroy_hrtimer_on_stack(&s.timer);
	__set_current_state(TASK_RUNNING);
	return s.task ? -EINTR : 0;
}
