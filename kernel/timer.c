/* SPDX-License-Identifier: MIT */
/*
 * Timers: an intake in front of a hierarchical wheel.
 *
 * Most timers are cancelled. So arming is no more than the end of a list, the intake, and
 * cancelling is leaving whatever list the timer is on; only those that are still there
 * when the hardware fires are sorted, once, into the wheel.
 *
 * A timer's key is the value of the hardware's counter when it expires, be it that of a
 * jiffy's beginning or an hrtimer's nanosecond. The wheel has levels of 32 slots; a slot of
 * level n spans 32^n counts. A timer's place follows from its key and the wheel's clock
 * alone: the level is that of the highest group of five bits in which they differ, the slot
 * is the key's bits there. Therefore
 *
 *	- whatever is on a lower level comes before whatever is on a higher one,
 *	- and on a level, slots come in the order of their number after the clock's,
 *
 * and the earliest slot is two counts of zeros away. The clock only ever moves to the
 * earliest key in the wheel: the slot that holds it is then emptied, those that are due
 * run, the others go to lower levels. A slot knows its earliest key, so the hardware is
 * set to that, never to a slot's beginning. Cancelled timers leave these facts on the safe
 * side (too early); the search for the earliest finds that out and puts it right.
 *
 * Cost: arming and cancelling some 20 instructions each; a timer that expires is moved at
 * most once for each level below its first. Range: 2^49 counts, further ones go round again.
 * Jiffies, of 32 bits, count from a reference that is renewed each 2^30 of them: so often
 * the hardware fires at least.
 *
 * Deferrable timers are armed as any other, but are sorted onto a list of their own, whose
 * earliest is looked for one by one: the hardware is set to it while the CPU has work, and not
 * while it idles. hw_stale is kept true as long as there are some, so that only then the way
 * into idle and out of it looks at them.
 *
 * Locks: [b] base->lock, one base for each CPU; functions run without it, interrupts off.
 */
#include <kernel/timer.h>

#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/hrtimer.h>
#include <kernel/smp.h>
#include <kernel/spinlock.h>

#include "sched_priv.h"
#include "timer_base_priv.h"
#include "timer_priv.h"

static const void *timer_hint(const void *timer)
{
	return (const void *)((const struct timer_list *)timer)->function;
}

const struct debug_obj_descr timer_debug_descr __debug_obj_descr = {
	.name = "timer_list",
	.live = "pending",
	.offset = offsetof(struct timer_list, debug),
	.hint = timer_hint,
};

static const void *hrtimer_hint(const void *timer)
{
	return (const void *)((const struct hrtimer *)timer)->function;
}

const struct debug_obj_descr hrtimer_debug_descr __debug_obj_descr = {
	.name = "hrtimer",
	.live = "pending",
	.offset = offsetof(struct hrtimer, timer.debug),
	.hint = hrtimer_hint,
};

/* Reports a timer that cannot be used. Context: any. */
static __always_inline bool timer_is_usable(const struct timer_list *t)
{
	return debug_object_assert_init(&t->debug, &timer_debug_descr);
}

static __always_inline bool hrtimer_is_usable(const struct hrtimer *hr)
{
	return debug_object_assert_init(&hr->timer.debug, &hrtimer_debug_descr);
}

/* ---- arming and cancelling ---- */

/* By a timer's flags. */
static __always_inline struct timer_base *base_named(u32 flags)
{
	return &timer_bases[flags & TIMER_CPUMASK];
}

/* The timer is not, or not for sure, on the base that was locked for it. Interrupts are off. */
static noinline struct timer_base *lock_other_base(struct timer_base *base, struct timer_list *t)
	__no_context_analysis
{
	u32 was;

	do {
		raw_spin_unlock(&base->lock);
		while ((was = READ_ONCE(t->flags)) & TIMER_MIGRATING)
			cpu_relax();
		base = base_named(was);
		raw_spin_lock(&base->lock);
	} while (READ_ONCE(t->flags) != was);
	return base;
}

/*
 * Locks the base that the timer is on. While it is on none, between two, its flags say
 * TIMER_MIGRATING.
 */
static __always_inline struct timer_base *lock_base_of(struct timer_list *t, unsigned long *flags)
	__acquires(role_spinning, role_irqs_off) __no_context_analysis
{
	struct timer_base *base = &timer_bases[0];
	u32 was = 0;

	if (IS_ENABLED(CONFIG_SMP)) {
		was = READ_ONCE(t->flags);
		base = base_named(was);
	}
	raw_spin_lock_irqsave(&base->lock, *flags);
	if (IS_ENABLED(CONFIG_SMP) &&
	    unlikely(READ_ONCE(t->flags) != was || was & TIMER_MIGRATING))
		base = lock_other_base(base, t);
	return base;
}

static __always_inline bool detach(struct timer_base *base, struct timer_list *t)
	__must_hold(&base->lock)
{
	if (!t->entry.next)
		return false;
	list_unlink(&t->entry);
	t->entry.next = NULL;
	debug_object_deactivate(&t->debug, descr_of(t));
	if (t->expires == base->hw_next)
		base->hw_stale = true;
	return true;
}

/* Its function may run on another CPU from here on: it has to be seen there, see runs(). */
static struct timer_base *move_to(struct timer_base *base, struct timer_base *there,
				  struct timer_list *t)
	__releases(&base->lock) __no_context_analysis
{
	u32 handed = base->running == t ? TIMER_HANDED : 0;

	WRITE_ONCE(t->flags, t->flags | handed | TIMER_MIGRATING);
	raw_spin_unlock(&base->lock);
	raw_spin_lock(&there->lock);
	WRITE_ONCE(t->flags, (t->flags & ~(TIMER_CPUMASK | TIMER_MIGRATING)) |
			     (u32)(there - timer_bases));
	return there;
}

/* To this CPU's base, unless its function runs on the other: it must not run twice at once. */
static noinline struct timer_base *move_to_base(struct timer_base *here, struct timer_base *base,
						struct timer_list *t)
	__releases(&base->lock) __no_context_analysis
{
	if (base->running == t)
		return base;
	return move_to(base, here, t);
}

static __always_inline struct timer_base *move_to_this_cpu(struct timer_base *here,
							   struct timer_base *base,
							   struct timer_list *t)
	__releases(&base->lock) __no_context_analysis
{
	return likely(base == here) ? base : move_to_base(here, base, t);
}

static __always_inline void join(struct timer_base *base, struct timer_base *here,
				 struct timer_list *t, unsigned long expires)
	__must_hold(&base->lock)
{
	t->expires = expires;
	list_add_tail(&t->entry, &base->intake);
	debug_object_activate(&t->debug, &timer_debug_descr);
	if (unlikely((long)(expires - base->hw_next) < 0))
		hw_bring_forward(base, here, key_of_jiffy(base, expires), expires);
}

/*
 * Joins the base; `here` is this CPU's. What is odd about a timer is asked for once: one that is
 * shut down joins nothing, for a deferrable one idle is to look anew.
 */
static __always_inline void attach(struct timer_base *base, struct timer_base *here,
				   struct timer_list *t, unsigned long expires)
	__must_hold(&base->lock)
{
	if (unlikely(t->flags & (TIMER_DEFERRABLE | TIMER_SHUTDOWN))) {
		base->hw_stale = true;
		if (t->flags & TIMER_SHUTDOWN)
			return;
	}
	join(base, here, t, expires);
}

/* Reports a timer that cannot be armed. One that is shut down has no function, and may. */
static __always_inline bool may_be_armed(const struct timer_list *t)
{
	return timer_is_usable(t) &&
	       !WARN(IS_ENABLED(CONFIG_DEBUG) && !t->function && !(t->flags & TIMER_SHUTDOWN),
		     "a timer without a function is armed");
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	struct timer_base *base, *here;
	unsigned long flags;
	bool was_pending;

	if (!may_be_armed(timer))
		return 0;
	base = lock_base_of(timer, &flags);
	context_assume_held(&base->lock);
	was_pending = detach(base, timer);
	here = this_base();
	if (IS_ENABLED(CONFIG_SMP))
		base = move_to_this_cpu(here, base, timer);
	context_assume_held(&base->lock);
	attach(base, here, timer, expires);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return was_pending;
}

void timer_arm_own(struct timer_list *t, unsigned long expires)
{
	struct timer_base *base = this_base();

	raw_spin_lock(&base->lock);
	if (IS_ENABLED(CONFIG_SMP))
		WRITE_ONCE(t->flags, hal_cpu_index());
	join(base, base, t, expires);
	raw_spin_unlock(&base->lock);
}

void add_timer(struct timer_list *timer)
{
	if (WARN(timer_pending(timer), "add_timer() of a timer that is pending"))
		return;
	mod_timer(timer, timer->expires);
}

/* The hardware is each CPU's own: a timer that is before all others there needs its help. */
void add_timer_on(struct timer_list *timer, int cpu)
{
	struct timer_base *base, *there;
	unsigned long flags;
	bool kick = false;

	if (WARN(timer_pending(timer), "add_timer_on() of a timer that is pending") ||
	    WARN(!cpu_online((unsigned int)cpu), "add_timer_on() for CPU %d, which is offline",
		 cpu) ||
	    !may_be_armed(timer))
		return;
	there = &timer_bases[cpu];
	base = lock_base_of(timer, &flags);
	context_assume_held(&base->lock);
	detach(base, timer);
	if (IS_ENABLED(CONFIG_SMP) && base != there)
		base = move_to(base, there, timer);
	context_assume_held(&base->lock);
	attach(base, this_base(), timer, timer->expires);
	if (IS_ENABLED(CONFIG_SMP) && base != this_base())
		kick = (long)(timer->expires - base->hw_next) < 0 &&
		       !(timer->flags & (TIMER_DEFERRABLE | TIMER_SHUTDOWN));
	raw_spin_unlock_irqrestore(&base->lock, flags);
	if (kick)
		smp_send_timer((unsigned int)cpu);
}

/* It was armed for another CPU by its function, which may not have returned yet. */
static noinline bool runs_elsewhere(const struct timer_list *t)
{
	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++)
		if (smp_load_acquire(&context_unsafe(timer_bases[i].running)) == t)
			return true;
	return false;
}

static __always_inline bool runs(const struct timer_base *base, const struct timer_list *t)
	__must_hold(&base->lock)
{
	if (base->running == t)
		return true;
	return IS_ENABLED(CONFIG_SMP) && unlikely(t->flags & TIMER_HANDED) && runs_elsewhere(t);
}

/* Its function may be running: it finds out that it cannot arm the timer. */
static __always_inline void shut_down(struct timer_base *base, struct timer_list *t)
	__must_hold(&base->lock)
{
	(void)base;
	WRITE_ONCE(t->flags, t->flags | TIMER_SHUTDOWN);
	t->function = NULL;
}

static __always_inline int cancel(struct timer_list *timer, bool shutdown)
{
	struct timer_base *base;
	unsigned long flags;
	bool was_pending;

	if (!timer_is_usable(timer))
		return 0;
	base = lock_base_of(timer, &flags);
	context_assume_held(&base->lock);
	was_pending = detach(base, timer);
	if (shutdown)
		shut_down(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return was_pending;
}

static __always_inline int try_to_cancel(struct timer_list *timer, bool shutdown)
{
	struct timer_base *base;
	unsigned long flags;
	int result = -1;

	if (!timer_is_usable(timer))
		return 0;
	base = lock_base_of(timer, &flags);
	context_assume_held(&base->lock);
	if (!runs(base, timer))
		result = detach(base, timer);
	if (shutdown)
		shut_down(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return result;
}

int del_timer(struct timer_list *timer)
{
	return cancel(timer, false);
}

int timer_shutdown(struct timer_list *timer)
{
	return cancel(timer, true);
}

int try_to_del_timer_sync(struct timer_list *timer)
{
	return try_to_cancel(timer, false);
}

static __always_inline bool own_function(const struct timer_list *timer)
{
	return in_hardirq() && context_unsafe(this_base()->running) == timer;
}

int del_timer_sync(struct timer_list *timer)
{
	int result;

	/* In a task of the only CPU no function is in the midst of running. */
	if (!IS_ENABLED(CONFIG_SMP) && !in_hardirq())
		return del_timer(timer);
	if (WARN(own_function(timer), "del_timer_sync() from the timer's own function"))
		return del_timer(timer);
	while ((result = try_to_del_timer_sync(timer)) < 0)
		cpu_relax();
	return result;
}

int timer_shutdown_sync(struct timer_list *timer)
{
	int result;

	if (WARN(own_function(timer), "timer_shutdown_sync() from the timer's own function"))
		return timer_shutdown(timer);
	while ((result = try_to_cancel(timer, true)) < 0)
		cpu_relax();
	return result;
}

/* ---- timers of nanoseconds: what hrtimer.c is made of ---- */

/* Where in its range costs least: when the hardware fires in any case, or as soon as may be. */
static u64 choose_count(const struct timer_base *base, u64 first, u64 last)
	__must_hold(&base->lock)
{
	u64 hw = base->hw_count;

	return is_after(first, hw) || is_after(hw, last) ? first : hw;
}

static void hr_add(struct timer_base *base, struct hrtimer *hr, u64 first, u64 last)
	__must_hold(&base->lock)
{
	hr->count = choose_count(base, first, last);
	list_add_tail(&hr->timer.entry, &base->intake);
	debug_object_activate(&hr->timer.debug, &hrtimer_debug_descr);
	if (is_after(base->hw_count, hr->count))
		hw_bring_forward(base, this_base(), hr->count, jiffy_from(base, hr->count));
}

static bool hr_detach(struct timer_base *base, struct hrtimer *hr)
	__must_hold(&base->lock)
{
	if (!detach(base, &hr->timer))
		return false;
	if (hr->count == base->hw_count)
		base->hw_stale = true;
	return true;
}

void timer_arm_hr(struct hrtimer *hr, u64 first, u64 last)
{
	struct timer_base *base;
	unsigned long flags;

	if (!hrtimer_is_usable(hr))
		return;
	base = lock_base_of(&hr->timer, &flags);
	context_assume_held(&base->lock);
	hr_detach(base, hr);
	if (IS_ENABLED(CONFIG_SMP))
		base = move_to_this_cpu(this_base(), base, &hr->timer);
	context_assume_held(&base->lock);
	hr_add(base, hr, first, last);
	raw_spin_unlock_irqrestore(&base->lock, flags);
}

/* Somebody else may have armed it meanwhile: on this CPU, as long as the function runs. */
void timer_rearm_hr(struct hrtimer *hr, u64 first, u64 last)
{
	struct timer_base *base = this_base();

	guard(raw_spinlock)(&base->lock);
	if (!timer_pending(&hr->timer))
		hr_add(base, hr, first, last);
}

int timer_try_to_cancel_hr(struct hrtimer *hr)
{
	struct timer_base *base;
	unsigned long flags;
	int result = -1;

	if (!hrtimer_is_usable(hr))
		return 0;
	base = lock_base_of(&hr->timer, &flags);
	context_assume_held(&base->lock);
	if (base->running != &hr->timer)
		result = hr_detach(base, hr);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return result;
}

/* The base that it is on, or was last, as long as it is not moved. */
static const struct timer_base *base_of(const struct timer_list *t)
{
	return &timer_bases[IS_ENABLED(CONFIG_SMP) ? READ_ONCE(t->flags) & TIMER_CPUMASK : 0];
}

bool timer_function_runs(const struct timer_list *t)
{
	return READ_ONCE(context_unsafe(base_of(t)->running)) == t;
}

bool timer_is_of_this_cpu(const struct timer_list *t)
{
	return base_of(t) == this_base();
}
