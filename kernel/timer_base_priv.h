/* SPDX-License-Identifier: MIT */
/*
 * A CPU's timers, for the files that share them: timer_wheel.c sorts, timer_expire.c sets the
 * hardware and runs what is due, timer.c arms and cancels and tells how it all works.
 *
 * Locks: [b] base->lock, one base for each CPU.
 */
#ifndef TIMER_BASE_PRIV_H
#define TIMER_BASE_PRIV_H

#include <hal/arch_timer.h>
#include <hal/cpu.h>
#include <kernel/debugobjects.h>
#include <kernel/hrtimer.h>
#include <kernel/spinlock.h>
#include <kernel/timer.h>
#include <lib/bits.h>
#include <lib/minmax.h>

#include "time_priv.h"

#define LEVEL_BITS	5
#define LEVEL_SLOTS	32
#define LEVELS		10

/* Means something iff its bit in the level's map is set: need not be cleared at boot. */
struct slot {
	struct list_head timers;	/* [b] */
	u64 first;			/* [b] no timer of the slot is earlier */
};

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

extern struct timer_base timer_bases[CONFIG_NR_CPUS];

static __always_inline struct timer_base *this_base(void)
{
	return &timer_bases[hal_cpu_index()];
}

/* Whether this CPU is to set its hardware right before it sleeps. irqs off. */
static __always_inline bool timer_is_stale(void)
{
	return READ_ONCE(context_unsafe(this_base()->hw_stale));
}

static __always_inline const struct debug_obj_descr *descr_of(const struct timer_list *t)
{
	return t->flags & TIMER_HR ? &hrtimer_debug_descr : &timer_debug_descr;
}

/* Keys never wrap, but one that is past may lie before the counter began. */
static __always_inline bool is_after(u64 a, u64 b)
{
	return (s64)(b - a) < 0;
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

/* ---- the wheel, timer_wheel.c; the base is locked ---- */

struct wheel_pos {
	struct slot *slot;
	unsigned int level, index;
};

/* Gives the base the CPU's wheel, which is empty; its clock begins now. Context: boot. */
void wheel_init(struct timer_base *base, unsigned int cpu) __must_hold(&base->lock);

/* The key is after the clock. One that is out of range is looked at again on the way. */
void wheel_add(struct timer_base *base, struct timer_list *t, u64 key) __must_hold(&base->lock);

/* Return: whether there is a timer, and where the earliest are. base->levels is not 0. */
bool wheel_search(struct timer_base *base, struct wheel_pos *pos) __must_hold(&base->lock);

/*
 * Moves the clock to the wheel's earliest key, what is due then to `due`, and the rest of
 * its slot to lower levels. The order of a slot is kept.
 */
void wheel_advance(struct timer_base *base, const struct wheel_pos *pos, struct list_head *due)
	__must_hold(&base->lock);

/*
 * Where the earliest timer of the earliest slot was cancelled the bound is looked for
 * anew, in a slot of any usual size; in a crowded one the hardware may fire in vain once.
 */
void wheel_tighten(struct timer_base *base, const struct wheel_pos *pos)
	__must_hold(&base->lock);

/* How many timers there are in it. */
size_t wheel_count(const struct timer_base *base) __must_hold(&base->lock);

/* Most of the time it is empty: the intake is all there is. */
static __always_inline bool wheel_first(struct timer_base *base, struct wheel_pos *pos)
	__must_hold(&base->lock)
{
	return base->levels && wheel_search(base, pos);
}

/* ---- the hardware; the base is locked ---- */

static inline void hw_set(struct timer_base *base, u64 count, unsigned long jiffy)
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
	if (unlikely(!is_after(key, base->clock)))
		key = base->clock;
	hw_set(base, key, jiffy);
}

/* The first jiffy that does not begin before the key, which is after the reference. */
static inline unsigned long jiffy_from(const struct timer_base *base, u64 key)
	__must_hold(&base->lock)
{
	return base->ref_jiffy + count_to_jiffies(key - base->ref_count - 1) + 1;
}

#endif
