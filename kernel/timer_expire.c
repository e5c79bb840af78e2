/* SPDX-License-Identifier: MIT */
/*
 * The hardware's timer: what it is set to, and what runs when it fires. See timer.c.
 *
 * Locking: [b] base->lock of the CPU whose hardware it is, from the interrupt's beginning to its
 * end but for the timers' functions. timers_pending() takes one base after the other.
 */
#include <hal/arch_timer.h>
#include <hal/cpu.h>
#include <kernel/debugobjects.h>
#include <kernel/interleave.h>
#include <kernel/smp.h>
#include <kernel/spinlock.h>
#include <kernel/timer.h>

#include "sched_priv.h"
#include "time_priv.h"
#include "timer_base_priv.h"

#define REFERENCE_AGE	0x3fffffffu	/* in jiffies */

struct timer_base timer_bases[CONFIG_NR_CPUS];

/* ---- the intake; the base is locked ---- */

/* A time that is past when it is sorted: the next jiffy; of an hrtimer, the next count. */
static u64 next_key(const struct timer_list *t, u64 now)
{
	return t->flags & TIMER_HR ? now + 1 : jiffies_to_count(get_jiffies_64() + 1);
}

static void sort_timer(struct timer_base *base, struct timer_list *t, u64 key)
	__must_hold(&base->lock)
{
	if (unlikely(t->flags & TIMER_DEFERRABLE))
		list_add_tail(&t->entry, &base->deferrable);
	else
		wheel_add(base, t, key);
}

static noinline void sort_all(struct timer_base *base, u64 now)
	__must_hold(&base->lock)
{
	do {
		struct timer_list *t = list_first_entry(&base->intake, struct timer_list, entry);
		u64 key = key_of(base, t);

		list_unlink(&t->entry);
		if (unlikely(!is_after(key, base->clock)))
			key = next_key(t, now);
		sort_timer(base, t, key);
	} while (!list_empty(&base->intake));
}

/* All of it to the wheel. */
static __always_inline void sort_intake(struct timer_base *base, u64 now)
	__must_hold(&base->lock)
{
	if (!list_empty(&base->intake))
		sort_all(base, now);
}

/* ---- the hardware; the base is locked ---- */

/* From now on jiffies count from this one. */
static noinline void renew_reference(struct timer_base *base)
	__must_hold(&base->lock)
{
	u64 jiffy = get_jiffies_64();

	base->ref_jiffy = (unsigned long)jiffy;
	base->ref_count = jiffies_to_count(jiffy);
	base->ref_end = base->ref_count + (u64)REFERENCE_AGE * counts_per_jiffy;
}

static noinline void hw_set_to_wheel(struct timer_base *base, const struct wheel_pos *pos)
	__must_hold(&base->lock)
{
	u64 key;

	wheel_tighten(base, pos);
	key = pos->slot->first;
	if (is_after(key, base->ref_end))
		key = base->ref_end;
	hw_set(base, key, jiffy_from(base, key));
}

static __always_inline void check_reference(struct timer_base *base, u64 now)
	__must_hold(&base->lock)
{
	if (unlikely(!is_after(base->ref_end, now)))
		renew_reference(base);
}

/* The wheel is empty. */
static __always_inline void hw_set_far(struct timer_base *base, u64 now)
	__must_hold(&base->lock)
{
	check_reference(base, now);
	hw_set(base, base->ref_end, base->ref_jiffy + REFERENCE_AGE);
}

/* To what is left after `now`, all of it sorted. */
static void hw_set_to_first(struct timer_base *base, u64 now)
	__must_hold(&base->lock)
{
	struct wheel_pos pos;

	if (wheel_first(base, &pos)) {
		check_reference(base, now);
		hw_set_to_wheel(base, &pos);
	} else {
		hw_set_far(base, now);
	}
}

/*
 * The CPU has work: to the earliest of the deferrable ones, if that is not after the others; and
 * at once if some are late. Those it is set to are in the intake again, as all are that the
 * interrupt looks at.
 */
static noinline void hw_set_deferrable(struct timer_base *base, u64 now)
	__must_hold(&base->lock)
{
	u64 first = base->hw_count;
	struct timer_list *t, *next;

	list_for_each_entry(t, &base->deferrable, entry) {
		u64 key = key_of(base, t);

		if (is_after(first, key))
			first = key;
	}
	if (is_after(now, first))
		first = now;
	if (!is_after(first, base->ref_count))
		first = base->ref_count + 1;
	list_for_each_entry_safe(t, next, &base->deferrable, entry)
		if (!is_after(key_of(base, t), first))
			list_move_tail(&t->entry, &base->intake);
	if (is_after(base->hw_count, first))
		hw_set(base, first, jiffy_from(base, first));
}

/* All of the intake is sorted. */
static noinline void hw_add_deferrable(struct timer_base *base, u64 now)
	__must_hold(&base->lock)
{
	base->hw_stale = !list_empty(&base->deferrable);
	if (base->hw_stale)
		hw_set_deferrable(base, now);
}

static void hw_set_anew(struct timer_base *base, u64 now)
	__must_hold(&base->lock)
{
	sort_intake(base, now);
	hw_set_to_first(base, now);
}

/*
 * Sleeps in the place of the caller, whose own sleep ends at once then: the interrupt is there
 * still. With work to do again, their time is kept again.
 */
static noinline void idle_without_deferrable(struct timer_base *base)
	__must_hold(role_irqs_off)
{
	interleave_idle_enter();
	hal_idle();
	interleave_idle_exit();
	guard(raw_spinlock)(&base->lock);
	hw_add_deferrable(base, arch_timer_read());
}

void timer_idle_enter(void)
{
	struct timer_base *base = this_base();
	bool deferred;

	raw_spin_lock(&base->lock);
	hw_set_anew(base, arch_timer_read());
	deferred = !list_empty(&base->deferrable);
	base->hw_stale = deferred;
	raw_spin_unlock(&base->lock);
	if (unlikely(deferred))
		idle_without_deferrable(base);
}

/* ---- the interrupt ---- */

/* The timer may be gone when it returns. */
static __always_inline void call_function(void (*function)(struct timer_list *t),
					  struct timer_list *t)
{
	unsigned int held = lockdep_depth(current);

	function(t);
	lockdep_check_depth(held, "timer function %ps returns", function);
}

/* Of another CPU's lock: whoever sees that a function does not run, sees what it has done. */
static __always_inline void set_running(struct timer_base *base, struct timer_list *t)
	__must_hold(&base->lock)
{
	if (IS_ENABLED(CONFIG_SMP))
		smp_store_release(&base->running, t);
	else
		base->running = t;
}

static __always_inline void run_timer(struct timer_base *base, struct timer_list *t)
	__must_hold(&base->lock, role_spinning)
{
	void (*function)(struct timer_list *t);

	list_unlink(&t->entry);
	t->entry.next = NULL;
	debug_object_deactivate(&t->debug, descr_of(t));
	set_running(base, t);
	function = t->function;
	raw_spin_unlock(&base->lock);
	call_function(function, t);
	raw_spin_lock(&base->lock);
}

/*
 * What is due at `limit`, in order: those in the intake were armed after all of the same key
 * that are in the wheel, which has none that is earlier.
 */
static __always_inline void collect_due(struct timer_base *base, u64 limit, struct list_head *due)
	__must_hold(&base->lock)
{
	struct wheel_pos pos;

	while (wheel_first(base, &pos) && pos.slot->first <= limit)
		wheel_advance(base, &pos, due);
	while (!list_empty(&base->intake)) {
		struct timer_list *t = list_first_entry(&base->intake, struct timer_list, entry);
		u64 key = key_of(base, t);

		list_unlink(&t->entry);
		if (is_after(key, limit))
			sort_timer(base, t, key);
		else
			list_add_tail(&t->entry, due);
	}
}

/* One key after the other, so that all run in order when it is late. */
static noinline void run_all(struct timer_base *base, u64 now)
	__must_hold(&base->lock, role_spinning)
{
	u64 limit = base->hw_count;
	struct wheel_pos pos;
	LIST_HEAD(due);

	while (!is_after(limit, now)) {
		collect_due(base, limit, &due);
		while (!list_empty(&due))
			run_timer(base, list_first_entry(&due, struct timer_list, entry));
		set_running(base, NULL);
		sort_intake(base, now);
		if (!wheel_first(base, &pos))
			break;
		limit = pos.slot->first;
	}
	hw_set_anew(base, now);
}

/* One timer is all there is, most of the time. Returns whether it has run, and none is left. */
static __always_inline bool run_only(struct timer_base *base, u64 now)
	__must_hold(&base->lock, role_spinning)
{
	struct list_head *first = base->intake.next;
	struct timer_list *t = list_entry(first, struct timer_list, entry);
	u64 limit = base->hw_count;

	if (is_after(limit, now) || base->levels || first != base->intake.prev ||
	    first == &base->intake || is_after(key_of(base, t), limit))
		return false;
	run_timer(base, t);
	set_running(base, NULL);
	if (likely(list_empty(&base->intake)))
		return true;
	sort_all(base, now);
	return false;
}

irqreturn_t timer_interrupt(int irq, void *dev_id)
{
	struct timer_base *base = this_base();
	u64 now = arch_timer_read();

	(void)irq;
	(void)dev_id;
	raw_spin_lock(&base->lock);
	base->interrupts++;
	if (run_only(base, now))
		hw_set_far(base, now);
	else
		run_all(base, now);
	if (unlikely(base->hw_stale))
		hw_add_deferrable(base, now);
	raw_spin_unlock(&base->lock);
	return IRQ_HANDLED;
}

unsigned long timer_interrupt_count(void)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++)
		sum += READ_ONCE(context_unsafe(timer_bases[i].interrupts));
	return sum;
}

unsigned int timers_pending(void)
{
	size_t n = 0;

	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++) {
		guard(raw_spinlock_irqsave)(&timer_bases[i].lock);
		n += list_count_nodes(&timer_bases[i].intake) +
		     list_count_nodes(&timer_bases[i].deferrable) + wheel_count(&timer_bases[i]);
	}
	return (unsigned int)n;
}

/* ---- boot ---- */

void timers_init(void)
{
	time_init();
	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++) {
		struct timer_base *base = &timer_bases[i];

		raw_spin_lock_init(&base->lock);
		context_assume_held(&base->lock);	/* nobody else has it yet */
		INIT_LIST_HEAD(&base->intake);
		INIT_LIST_HEAD(&base->deferrable);
		wheel_init(base, i);
		renew_reference(base);
	}
	timers_start_cpu();
}

void timers_start_cpu(void)
{
	struct timer_base *base = this_base();
	u64 now;

	guard(raw_spinlock_irqsave)(&base->lock);
	now = arch_timer_read();
	hw_set_anew(base, now);
	hw_add_deferrable(base, now);
	arch_timer_start();
}
