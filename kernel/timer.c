/* SPDX-License-Identifier: MIT */
/*
 * Timers: an intake in front of a hierarchical wheel.
 *
 * Most timers are cancelled. So arming is no more than the end of a list, the intake, and
 * cancelling is leaving whatever list the timer is on; only those that are still there
 * when the hardware fires are sorted, once, into the wheel.
 *
 * The wheel has levels of 32 slots; a slot of level n spans 32^n jiffies. A timer's place
 * follows from its time and the wheel's clock alone: the level is that of the highest
 * group of five bits in which they differ, the slot is the timer's bits there. Therefore
 *
 *	- whatever is on a lower level comes before whatever is on a higher one,
 *	- and on a level, slots come in the order of their number after the clock's,
 *
 * and the earliest slot is two counts of zeros away. The clock only ever moves to the
 * earliest time in the wheel: the slot that holds it is then emptied, those that are due
 * run, the others go to lower levels. A slot knows its earliest time, so the hardware is
 * set to that, never to a slot's beginning. Cancelled timers leave these facts on the safe
 * side (too early); the search for the earliest finds that out and puts it right.
 *
 * Cost: arming and cancelling some 20 instructions each; a timer that expires is moved at
 * most once for each level below its first. Granularity: a jiffy. Range: 2^31 jiffies,
 * further ones go round again. The hardware fires at least once in 2^30 jiffies.
 *
 * Locks: [b] base->lock, one base for each CPU; functions run without it, interrupts off.
 */
#include <kernel/timer.h>

#include <hal/arch_timer.h>
#include <hal/barrier.h>
#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/spinlock.h>
#include <lib/bits.h>
#include <lib/minmax.h>

#include "sched_priv.h"
#include "time_priv.h"

#define LEVEL_BITS	5
#define LEVEL_SLOTS	32
#define LEVELS		7
#define TOP_LEVEL	(LEVELS - 1)
#define MAX_DELTA	0x7fffffffL
#define IDLE_DELTA	0x3fffffffu	/* how far the hardware is set without any timer */

/* `timers` and `first` mean something iff the slot's bit in the level's map is set. */
struct slot {
	struct list_head timers;	/* [b] */
	u32 first;			/* [b] no timer of the slot is earlier */
};

struct level {
	u32 map;			/* [b] may be set for a slot that has become empty */
	struct slot slots[LEVEL_SLOTS];
};

struct timer_base {
	raw_spinlock_t lock;
	struct list_head intake __guarded_by(&lock);	/* [b] not sorted yet */
	unsigned long hw_next __guarded_by(&lock);	/* [b] what the hardware is set to */
	bool hw_stale __guarded_by(&lock);	/* [b] nothing is left for then */
	u64 clock __guarded_by(&lock);	/* [b] every timer in the wheel is later */
	u64 clock_count __guarded_by(&lock);	/* [b] the counter at its beginning */
	struct timer_list *running __guarded_by(&lock);	/* [b] */
	unsigned long interrupts __guarded_by(&lock);	/* [b] */
	u32 levels __guarded_by(&lock);	/* [b] bit n is set iff level n has a bit in its map */
	struct level level[LEVELS];
};

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

/* Reports a timer that cannot be used. Context: any. */
static __always_inline bool timer_is_usable(const struct timer_list *t)
{
	return debug_object_assert_init(&t->debug, &timer_debug_descr);
}

static struct timer_base timer_bases[CONFIG_NR_CPUS];

static struct timer_base *this_base(void)
{
	return &timer_bases[IS_ENABLED(CONFIG_SMP) ? this_cpu()->id : 0];
}

/* ---- the wheel; the base is locked ---- */

static void slot_add(struct slot *slot, bool empty, struct timer_list *t, u32 key)
{
	if (empty) {
		INIT_LIST_HEAD(&slot->timers);
		slot->first = key;
	} else if ((s32)(key - slot->first) < 0) {
		slot->first = key;
	}
	list_add_tail(&t->entry, &slot->timers);
}

/* In jiffies from the wheel's clock; not positive: past already when it was armed. */
static long delta_of(const struct timer_base *base, const struct timer_list *t)
	__must_hold(&base->lock)
{
	return (long)(t->expires - (unsigned long)base->clock);
}

/* The jiffies that have passed since the wheel's clock. */
static u32 lateness(const struct timer_base *base)
	__must_hold(&base->lock)
{
	return (u32)get_jiffies() - (u32)base->clock;
}

/* A time that is past is the next one; one that is out of range is looked at again on the way. */
static u32 wheel_delta(const struct timer_base *base, const struct timer_list *t)
	__must_hold(&base->lock)
{
	long delta = delta_of(base, t);

	if (unlikely(delta <= 0))
		return lateness(base) + 1;
	return (u32)min(delta, MAX_DELTA);
}

/* The level whose five bits hold the highest bit of x, which is not 0. */
static unsigned int level_of(u32 x)
{
	if (x >> (TOP_LEVEL * LEVEL_BITS))
		return TOP_LEVEL;
	return (unsigned int)(31 - __builtin_clz(x)) / LEVEL_BITS;
}

/* The five bits of a time that count on a level. Below the top they lie in its lower half. */
static unsigned int index_of(u64 time, unsigned int level)
{
	if (level == TOP_LEVEL)
		return (u32)(time >> (TOP_LEVEL * LEVEL_BITS)) % LEVEL_SLOTS;
	return ((u32)time >> (level * LEVEL_BITS)) % LEVEL_SLOTS;
}

static void wheel_add(struct timer_base *base, struct timer_list *t)
	__must_hold(&base->lock)
{
	u64 key = base->clock + wheel_delta(base, t);
	unsigned int n = level_of((u32)key ^ (u32)base->clock), index = index_of(key, n);
	struct level *level = &base->level[n];
	bool empty = !(level->map & BIT(index));

	level->map |= (u32)BIT(index);
	base->levels |= (u32)BIT(n);
	slot_add(&level->slots[index], empty, t, (u32)key);
}

static void slot_forget(struct timer_base *base, unsigned int n, unsigned int index)
	__must_hold(&base->lock)
{
	base->level[n].map &= ~(u32)BIT(index);
	if (!base->level[n].map)
		base->levels &= ~(u32)BIT(n);
}

/* The slot's bits after the clock's are the next ones; on the top level they wrap. */
static unsigned int first_index(const struct timer_base *base, unsigned int n)
	__must_hold(&base->lock)
{
	unsigned int here = index_of(base->clock, n);
	u32 map = base->level[n].map;
	u32 ahead = map >> here;

	return ahead ? (unsigned int)__builtin_ctz(ahead) + here : (unsigned int)__builtin_ctz(map);
}

struct wheel_pos {
	struct slot *slot;
	unsigned int level, index;
	u32 delta;		/* no timer of the wheel is earlier; from the clock */
};

static noinline bool wheel_search(struct timer_base *base, struct wheel_pos *pos)
	__must_hold(&base->lock)
{
	do {
		pos->level = (unsigned int)__builtin_ctz(base->levels);
		pos->index = first_index(base, pos->level);
		pos->slot = &base->level[pos->level].slots[pos->index];
		if (!list_empty(&pos->slot->timers)) {
			pos->delta = pos->slot->first - (u32)base->clock;
			return true;
		}
		slot_forget(base, pos->level, pos->index);
	} while (base->levels);
	return false;
}

/* Most of the time it is empty: the intake is all there is. */
static __always_inline bool wheel_first(struct timer_base *base, struct wheel_pos *pos)
	__must_hold(&base->lock)
{
	return base->levels && wheel_search(base, pos);
}

static void clock_advance(struct timer_base *base, u32 delta)
	__must_hold(&base->lock)
{
	base->clock += delta;
	base->clock_count += (u64)delta * counts_per_jiffy;
}

/*
 * Moves the clock to the wheel's earliest time, what is due then to `due`, and the rest of
 * its slot to lower levels. The order of a slot is kept.
 */
static void wheel_advance(struct timer_base *base, const struct wheel_pos *pos,
			  struct list_head *due)
	__must_hold(&base->lock)
{
	LIST_HEAD(timers);

	list_splice_init(&pos->slot->timers, &timers);
	slot_forget(base, pos->level, pos->index);
	clock_advance(base, pos->delta);
	while (!list_empty(&timers)) {
		struct timer_list *t = list_first_entry(&timers, struct timer_list, entry);

		list_unlink(&t->entry);
		if (delta_of(base, t) <= 0)
			list_add_tail(&t->entry, due);
		else
			wheel_add(base, t);
	}
}

/* What is due `delta` after the clock to `due`, or, if that is NULL, like all else to the wheel. */
static void sort_intake(struct timer_base *base, u32 delta, struct list_head *due)
	__must_hold(&base->lock)
{
	while (!list_empty(&base->intake)) {
		struct timer_list *t = list_first_entry(&base->intake, struct timer_list, entry);

		list_unlink(&t->entry);
		if (due && delta_of(base, t) <= (long)delta)
			list_add_tail(&t->entry, due);
		else
			wheel_add(base, t);
	}
}

/* ---- the hardware; the base is locked ---- */

static void hw_set(struct timer_base *base, u32 delta)
	__must_hold(&base->lock)
{
	base->hw_next = (unsigned long)base->clock + delta;
	arch_timer_set_next(base->clock_count + (u64)delta * counts_per_jiffy);
}

/*
 * Where the earliest timer of the earliest slot was cancelled the bound is looked for
 * anew, in a slot of any usual size; in a crowded one the hardware may fire in vain once.
 */
static void slot_tighten(struct timer_base *base, struct wheel_pos *pos)
	__must_hold(&base->lock)
{
	long first = MAX_DELTA;
	unsigned int looked_at = 0;
	struct timer_list *t;

	if (pos->level == 0)
		return;
	list_for_each_entry(t, &pos->slot->timers, entry) {
		first = min(first, delta_of(base, t));
		if (first <= (long)pos->delta || ++looked_at > LEVEL_SLOTS)
			return;
	}
	pos->delta = (u32)first;
	pos->slot->first = (u32)base->clock + pos->delta;
}

/* It is `late` jiffies after the clock. */
static void hw_set_to_first(struct timer_base *base, u32 late)
	__must_hold(&base->lock)
{
	struct wheel_pos pos;

	sort_intake(base, 0, NULL);
	base->hw_stale = false;
	if (likely(!wheel_first(base, &pos))) {
		clock_advance(base, late);
		hw_set(base, IDLE_DELTA);
		return;
	}
	slot_tighten(base, &pos);
	hw_set(base, pos.delta);
}

void timer_idle_enter(void)
{
	struct timer_base *base = this_base();

	if (likely(!READ_ONCE(context_unsafe(base->hw_stale))))
		return;
	raw_spin_lock(&base->lock);
	hw_set_to_first(base, lateness(base));
	raw_spin_unlock(&base->lock);
}

/* ---- the interrupt ---- */

/* The timer may be gone when it returns. */
static __always_inline void call_function(struct timer_list *t)
{
	void (*function)(struct timer_list *t) = t->function;
	unsigned int held = lockdep_depth(current);

	function(t);
	lockdep_check_depth(held, "timer function %ps returns", function);
}

static void run_due(struct timer_base *base, struct list_head *due)
	__must_hold(&base->lock, role_spinning)
{
	while (!list_empty(due)) {
		struct timer_list *t = list_first_entry(due, struct timer_list, entry);

		list_unlink(&t->entry);
		t->entry.next = NULL;
		debug_object_deactivate(&t->debug, &timer_debug_descr);
		base->running = t;
		raw_spin_unlock(&base->lock);
		call_function(t);
		raw_spin_lock(&base->lock);
	}
	base->running = NULL;
}

/*
 * All that is due, in order. In the usual case it is the jiffy that the hardware was set
 * to: then nothing is due at another time, and what is still in the intake, armed after
 * all that is in the wheel, need not pass through it.
 * Return: how late it is after the clock.
 */
static u32 collect_due(struct timer_base *base, struct list_head *due)
	__must_hold(&base->lock)
{
	u32 late = lateness(base);
	bool on_time = (u32)base->clock + late == (u32)base->hw_next;
	struct wheel_pos pos;

	/* What was past when it was armed is before all that is in the wheel. */
	if (unlikely(!on_time))
		sort_intake(base, 0, due);
	while (wheel_first(base, &pos) && pos.delta <= late) {
		wheel_advance(base, &pos, due);
		late -= pos.delta;
	}
	sort_intake(base, late, due);
	return late;
}

void timer_interrupt(void)
{
	struct timer_base *base = this_base();
	LIST_HEAD(due);
	u32 late;

	raw_spin_lock(&base->lock);
	base->interrupts++;
	late = collect_due(base, &due);
	run_due(base, &due);
	hw_set_to_first(base, late);
	raw_spin_unlock(&base->lock);
}

unsigned long timer_interrupt_count(void)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++)
		sum += READ_ONCE(context_unsafe(timer_bases[i].interrupts));
	return sum;
}

static unsigned int list_length(const struct list_head *timers)
{
	unsigned int n = 0;
	const struct list_head *t;

	list_for_each(t, timers)
		n++;
	return n;
}

static unsigned int count_locked(const struct timer_base *base)
	__must_hold(&base->lock)
{
	unsigned int n = list_length(&base->intake);

	for (const struct level *level = base->level; level < base->level + LEVELS; level++)
		for (unsigned int i = 0; i < LEVEL_SLOTS; i++)
			if (level->map & BIT(i))
				n += list_length(&level->slots[i].timers);
	return n;
}

unsigned int timers_pending(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++) {
		guard(raw_spinlock_irqsave)(&timer_bases[i].lock);
		n += count_locked(&timer_bases[i]);
	}
	return n;
}

/* ---- arming and cancelling ---- */

/*
 * Locks the base that the timer is on. While it is on none, between two, its flags say
 * TIMER_MIGRATING.
 */
static struct timer_base *lock_base_of(struct timer_list *t, unsigned long *flags)
	__acquires(role_spinning, role_irqs_off) __no_context_analysis
{
	struct timer_base *base = &timer_bases[0];

	if (!IS_ENABLED(CONFIG_SMP)) {
		raw_spin_lock_irqsave(&base->lock, *flags);
		return base;
	}
	for (;;) {
		u32 was = READ_ONCE(t->flags);

		if (was & TIMER_MIGRATING) {
			cpu_relax();
			continue;
		}
		base = &timer_bases[was & TIMER_CPUMASK];
		raw_spin_lock_irqsave(&base->lock, *flags);
		if (READ_ONCE(t->flags) == was)
			return base;
		raw_spin_unlock_irqrestore(&base->lock, *flags);
	}
}

static __always_inline bool detach(struct timer_base *base, struct timer_list *t)
	__must_hold(&base->lock)
{
	if (!t->entry.next)
		return false;
	list_unlink(&t->entry);
	t->entry.next = NULL;
	debug_object_deactivate(&t->debug, &timer_debug_descr);
	if (t->expires == base->hw_next)
		base->hw_stale = true;
	return true;
}

/* To this CPU's base, unless its function runs on the other: it must not run twice at once. */
static struct timer_base *move_to_this_cpu(struct timer_base *base, struct timer_list *t)
	__releases(&base->lock) __no_context_analysis
{
	struct timer_base *here = this_base();

	if (base == here || base->running == t)
		return base;
	WRITE_ONCE(t->flags, t->flags | TIMER_MIGRATING);
	raw_spin_unlock(&base->lock);
	raw_spin_lock(&here->lock);
	WRITE_ONCE(t->flags, (t->flags & ~(TIMER_CPUMASK | TIMER_MIGRATING)) | this_cpu()->id);
	return here;
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	struct timer_base *base;
	unsigned long flags;
	bool was_pending;

	if (!timer_is_usable(timer) || WARN_ON(IS_ENABLED(CONFIG_DEBUG) && !timer->function))
		return 0;
	base = lock_base_of(timer, &flags);
	context_assume_held(&base->lock);
	was_pending = detach(base, timer);
	if (IS_ENABLED(CONFIG_SMP))
		base = move_to_this_cpu(base, timer);
	context_assume_held(&base->lock);
	timer->expires = expires;
	list_add_tail(&timer->entry, &base->intake);
	debug_object_activate(&timer->debug, &timer_debug_descr);
	if (unlikely((long)(expires - base->hw_next) < 0))
		hw_set(base, (u32)max(delta_of(base, timer), 0L));
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return was_pending;
}

void add_timer(struct timer_list *timer)
{
	if (WARN(timer_pending(timer), "add_timer() of a timer that is pending"))
		return;
	mod_timer(timer, timer->expires);
}

int del_timer(struct timer_list *timer)
{
	struct timer_base *base;
	unsigned long flags;
	bool was_pending;

	if (!timer_is_usable(timer))
		return 0;
	base = lock_base_of(timer, &flags);
	context_assume_held(&base->lock);
	was_pending = detach(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return was_pending;
}

int try_to_del_timer_sync(struct timer_list *timer)
{
	struct timer_base *base;
	unsigned long flags;
	int result = -1;

	if (!timer_is_usable(timer))
		return 0;
	base = lock_base_of(timer, &flags);
	context_assume_held(&base->lock);
	if (base->running != timer)
		result = detach(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return result;
}

int del_timer_sync(struct timer_list *timer)
{
	int result;

	/* In a task of the only CPU no function is in the midst of running. */
	if (!IS_ENABLED(CONFIG_SMP) && !in_hardirq())
		return del_timer(timer);
	if (WARN(in_hardirq() && context_unsafe(this_base()->running) == timer,
		 "del_timer_sync() from the timer's own function"))
		return del_timer(timer);
	while ((result = try_to_del_timer_sync(timer)) < 0)
		cpu_relax();
	return result;
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
		base->clock = get_jiffies_64();
		base->clock_count = jiffies_to_count(base->clock);
		base->hw_next = (unsigned long)base->clock + IDLE_DELTA;
	}
	timers_start_cpu();
}

void timers_start_cpu(void)
{
	struct timer_base *base = this_base();

	guard(raw_spinlock_irqsave)(&base->lock);
	hw_set_to_first(base, lateness(base));
}
