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

#include <hal/arch_timer.h>
#include <hal/barrier.h>
#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/hrtimer.h>
#include <kernel/interleave.h>
#include <kernel/smp.h>
#include <kernel/spinlock.h>
#include <lib/bits.h>
#include <lib/minmax.h>

#include "sched_priv.h"
#include "time_priv.h"
#include "timer_priv.h"

#define LEVEL_BITS	5
#define LEVEL_SLOTS	32
#define LEVELS		10
#define TOP_LEVEL	(LEVELS - 1)
#define MAX_DELTA	(1ULL << (LEVELS * LEVEL_BITS - 1))
#define REFERENCE_AGE	0x3fffffffu	/* in jiffies */

/* Means something iff its bit in the level's map is set: need not be cleared at boot. */
struct slot {
	struct list_head timers;	/* [b] */
	u64 first;			/* [b] no timer of the slot is earlier */
};

static struct slot timer_slots[CONFIG_NR_CPUS][LEVELS][LEVEL_SLOTS] __section(".noinit");

/* Several are found by a shift, and share no cache line. */
#ifdef CONFIG_SMP
#define TIMER_BASE_ALIGN	__aligned(128)
#else
#define TIMER_BASE_ALIGN
#endif

/* No timer whose jiffy is hw_next or later is before hw_count. */
struct timer_base {
	raw_spinlock_t lock;
	struct list_head intake __guarded_by(&lock);	/* [b] not sorted yet */
	struct list_head deferrable __guarded_by(&lock);	/* [b] not in the wheel */
	unsigned long hw_next __guarded_by(&lock);	/* [b] */
	bool hw_stale __guarded_by(&lock);	/* [b] too early for a CPU that idles */
	u64 hw_count __guarded_by(&lock);	/* [b] what the hardware is set to */
	u64 clock __guarded_by(&lock);		/* [b] every timer in the wheel is later */
	u64 ref_count __guarded_by(&lock);	/* [b] when the jiffy ref_jiffy began */
	u64 ref_end __guarded_by(&lock);	/* [b] when that has to be renewed */
	unsigned long ref_jiffy __guarded_by(&lock);	/* [b] */
	struct timer_list *running __guarded_by(&lock);	/* [b] */
	unsigned long interrupts __guarded_by(&lock);	/* [b] */
	struct slot (*level)[LEVEL_SLOTS];	/* [I] */
	u32 levels __guarded_by(&lock);	/* [b] bit n is set iff level n has a bit in its map */
	u32 map[LEVELS] __guarded_by(&lock);	/* [b] may be set for a slot that is empty now */
} TIMER_BASE_ALIGN;

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

static __always_inline const struct debug_obj_descr *descr_of(const struct timer_list *t)
{
	return t->flags & TIMER_HR ? &hrtimer_debug_descr : &timer_debug_descr;
}

/* Reports a timer that cannot be used. Context: any. */
static __always_inline bool timer_is_usable(const struct timer_list *t)
{
	return debug_object_assert_init(&t->debug, &timer_debug_descr);
}

static __always_inline bool hrtimer_is_usable(const struct hrtimer *hr)
{
	return debug_object_assert_init(&hr->timer.debug, &hrtimer_debug_descr);
}

static struct timer_base timer_bases[CONFIG_NR_CPUS];

static __always_inline struct timer_base *this_base(void)
{
	return &timer_bases[hal_cpu_index()];
}

/* ---- the wheel; the base is locked ---- */

/* Keys never wrap, but one that is past may lie before the counter began. */
static __always_inline bool is_after(u64 a, u64 b)
{
	return (s64)(a - b) > 0;
}

/* A jiffy is less than 2^20 counts: what is further fits no key, and is 30 years away. */
#define KEY_JIFFIES_MAX	((s64)1 << 40)

static __always_inline u64 key_of_jiffy(const struct timer_base *base, unsigned long jiffy)
	__must_hold(&base->lock)
{
	s64 away = (long)(jiffy - base->ref_jiffy);

	if (BITS_PER_LONG == 64)
		away = clamp(away, -KEY_JIFFIES_MAX, KEY_JIFFIES_MAX);
	return base->ref_count + (u64)(away * (s32)counts_per_jiffy);
}

static __always_inline u64 key_of(const struct timer_base *base, const struct timer_list *t)
	__must_hold(&base->lock)
{
	if (t->flags & TIMER_HR)
		return container_of(t, struct hrtimer, timer)->count;
	return key_of_jiffy(base, t->expires);
}

static void slot_add(struct slot *slot, bool empty, struct timer_list *t, u64 key)
{
	if (empty) {
		INIT_LIST_HEAD(&slot->timers);
		slot->first = key;
	} else if (key < slot->first) {
		slot->first = key;
	}
	list_add_tail(&t->entry, &slot->timers);
}

/* The level whose five bits hold the highest bit of x, which is not 0. */
static unsigned int level_of(u64 x)
{
	return min((unsigned int)(63 - __builtin_clzll(x)) / LEVEL_BITS, (unsigned int)TOP_LEVEL);
}

/* The five bits of a key that count on a level. */
static unsigned int index_of(u64 key, unsigned int level)
{
	return (u32)(key >> (level * LEVEL_BITS)) % LEVEL_SLOTS;
}

/* The key is after the clock. One that is out of range is looked at again on the way. */
static void wheel_add(struct timer_base *base, struct timer_list *t, u64 key)
	__must_hold(&base->lock)
{
	unsigned int n, index;
	bool empty;

	if (unlikely(key - base->clock > MAX_DELTA))
		key = base->clock + MAX_DELTA;
	n = level_of(key ^ base->clock);
	index = index_of(key, n);
	empty = !(base->map[n] & BIT(index));
	base->map[n] |= (u32)BIT(index);
	base->levels |= (u32)BIT(n);
	slot_add(&base->level[n][index], empty, t, key);
}

static void slot_forget(struct timer_base *base, unsigned int n, unsigned int index)
	__must_hold(&base->lock)
{
	base->map[n] &= ~(u32)BIT(index);
	if (!base->map[n])
		base->levels &= ~(u32)BIT(n);
}

/* The slot's bits after the clock's are the next ones; on the top level they wrap. */
static unsigned int first_index(const struct timer_base *base, unsigned int n)
	__must_hold(&base->lock)
{
	unsigned int here = index_of(base->clock, n);
	u32 map = base->map[n];
	u32 ahead = map >> here;

	return ahead ? (unsigned int)__builtin_ctz(ahead) + here : (unsigned int)__builtin_ctz(map);
}

struct wheel_pos {
	struct slot *slot;
	unsigned int level, index;
};

static noinline bool wheel_search(struct timer_base *base, struct wheel_pos *pos)
	__must_hold(&base->lock)
{
	do {
		pos->level = (unsigned int)__builtin_ctz(base->levels);
		pos->index = first_index(base, pos->level);
		pos->slot = &base->level[pos->level][pos->index];
		if (!list_empty(&pos->slot->timers))
			return true;
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

/*
 * Moves the clock to the wheel's earliest key, what is due then to `due`, and the rest of
 * its slot to lower levels. The order of a slot is kept.
 */
static void wheel_advance(struct timer_base *base, const struct wheel_pos *pos,
			  struct list_head *due)
	__must_hold(&base->lock)
{
	LIST_HEAD(timers);

	list_splice_init(&pos->slot->timers, &timers);
	slot_forget(base, pos->level, pos->index);
	base->clock = pos->slot->first;
	while (!list_empty(&timers)) {
		struct timer_list *t = list_first_entry(&timers, struct timer_list, entry);
		u64 key = key_of(base, t);

		list_unlink(&t->entry);
		if (is_after(key, base->clock))
			wheel_add(base, t, key);
		else
			list_add_tail(&t->entry, due);
	}
}

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

/* All of it to the wheel. */
static void sort_intake(struct timer_base *base, u64 now)
	__must_hold(&base->lock)
{
	while (!list_empty(&base->intake)) {
		struct timer_list *t = list_first_entry(&base->intake, struct timer_list, entry);
		u64 key = key_of(base, t);

		list_unlink(&t->entry);
		if (unlikely(!is_after(key, base->clock)))
			key = next_key(t, now);
		sort_timer(base, t, key);
	}
}

/* ---- the hardware; the base is locked ---- */

static void hw_set(struct timer_base *base, u64 count, unsigned long jiffy)
	__must_hold(&base->lock)
{
	base->hw_count = count;
	base->hw_next = jiffy;
	arch_timer_set_next(count);
}

/*
 * A timer was armed that is before all others. If it is on another CPU than this one, whose base
 * is `here`, that one will see.
 */
static __always_inline void hw_bring_forward(struct timer_base *base, struct timer_base *here,
					     u64 key, unsigned long jiffy)
	__must_hold(&base->lock)
{
	if (IS_ENABLED(CONFIG_SMP) && base != here)
		return;
	hw_set(base, is_after(key, base->clock) ? key : base->clock, jiffy);
}

/* From now on jiffies count from this one. */
static noinline void renew_reference(struct timer_base *base)
	__must_hold(&base->lock)
{
	u64 jiffy = get_jiffies_64();

	base->ref_jiffy = (unsigned long)jiffy;
	base->ref_count = jiffies_to_count(jiffy);
	base->ref_end = base->ref_count + (u64)REFERENCE_AGE * counts_per_jiffy;
}

/* The first jiffy that does not begin before the key, which is after the reference. */
static unsigned long jiffy_from(const struct timer_base *base, u64 key)
	__must_hold(&base->lock)
{
	return base->ref_jiffy + count_to_jiffies(key - base->ref_count - 1) + 1;
}

/*
 * Where the earliest timer of the earliest slot was cancelled the bound is looked for
 * anew, in a slot of any usual size; in a crowded one the hardware may fire in vain once.
 */
static void slot_tighten(struct timer_base *base, const struct wheel_pos *pos)
	__must_hold(&base->lock)
{
	unsigned int looked_at = 0;
	u64 first = UINT64_MAX;
	struct timer_list *t;

	if (pos->level == 0)
		return;
	list_for_each_entry(t, &pos->slot->timers, entry) {
		u64 key = key_of(base, t);

		if (!is_after(key, pos->slot->first) || ++looked_at > LEVEL_SLOTS)
			return;
		first = min(first, key);
	}
	pos->slot->first = min(first, base->clock + MAX_DELTA);
}

static noinline void hw_set_to_wheel(struct timer_base *base, const struct wheel_pos *pos)
	__must_hold(&base->lock)
{
	u64 key;

	slot_tighten(base, pos);
	key = pos->slot->first;
	if (is_after(key, base->ref_end))
		key = base->ref_end;
	hw_set(base, key, jiffy_from(base, key));
}

/* To what is left after `now`, all of it sorted. */
static __always_inline void hw_set_to_first(struct timer_base *base, u64 now)
	__must_hold(&base->lock)
{
	struct wheel_pos pos;

	base->hw_stale = false;
	if (unlikely(!is_after(base->ref_end, now)))
		renew_reference(base);
	if (unlikely(wheel_first(base, &pos)))
		hw_set_to_wheel(base, &pos);
	else
		hw_set(base, base->ref_end, base->ref_jiffy + REFERENCE_AGE);
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

	base->hw_stale = true;
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

static __always_inline void hw_add_deferrable(struct timer_base *base, u64 now)
	__must_hold(&base->lock)
{
	if (unlikely(!list_empty(&base->deferrable)))
		hw_set_deferrable(base, now);
}

static void hw_set_anew(struct timer_base *base)
	__must_hold(&base->lock)
{
	u64 now = arch_timer_read();

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

	if (likely(!READ_ONCE(context_unsafe(base->hw_stale))))
		return;
	raw_spin_lock(&base->lock);
	hw_set_anew(base);
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

static void run_due(struct timer_base *base, struct list_head *due)
	__must_hold(&base->lock, role_spinning)
{
	while (!list_empty(due)) {
		struct timer_list *t = list_first_entry(due, struct timer_list, entry);
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
	set_running(base, NULL);
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
void timer_interrupt(void)
{
	struct timer_base *base = this_base();
	u64 now = arch_timer_read(), limit;
	struct wheel_pos pos;
	LIST_HEAD(due);

	raw_spin_lock(&base->lock);
	base->interrupts++;
	limit = base->hw_count;
	while (!is_after(limit, now)) {
		collect_due(base, limit, &due);
		run_due(base, &due);
		sort_intake(base, now);
		if (!wheel_first(base, &pos))
			break;
		limit = pos.slot->first;
	}
	hw_set_to_first(base, now);
	hw_add_deferrable(base, now);
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
	unsigned int n = list_length(&base->intake) + list_length(&base->deferrable);

	for (unsigned int level = 0; level < LEVELS; level++)
		for (unsigned int i = 0; i < LEVEL_SLOTS; i++)
			if (base->map[level] & BIT(i))
				n += list_length(&base->level[level][i].timers);
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
	t->expires = expires;
	list_add_tail(&t->entry, &base->intake);
	debug_object_activate(&t->debug, &timer_debug_descr);
	if (unlikely((long)(expires - base->hw_next) < 0))
		hw_bring_forward(base, here, key_of_jiffy(base, expires), expires);
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
		base->level = timer_slots[i];
		base->clock = arch_timer_read();
		renew_reference(base);
	}
	timers_start_cpu();
}

void timers_start_cpu(void)
{
	struct timer_base *base = this_base();

	guard(raw_spinlock_irqsave)(&base->lock);
	hw_set_anew(base);
	hw_add_deferrable(base, arch_timer_read());
}
