/* SPDX-License-Identifier: MIT */
/*
 * The wheel of the timers that have been sorted: see timer.c.
 */
#include <hal/arch_timer.h>
#include <kernel/timer.h>
#include <lib/bits.h>
#include <lib/minmax.h>

#include "timer_base_priv.h"

#define TOP_LEVEL	(LEVELS - 1)
#define MAX_DELTA	(1ULL << (LEVELS * LEVEL_BITS - 1))

static struct slot timer_slots[CONFIG_NR_CPUS][LEVELS][LEVEL_SLOTS] __section(".noinit");

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

void wheel_add(struct timer_base *base, struct timer_list *t, u64 key)
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

bool wheel_search(struct timer_base *base, struct wheel_pos *pos)
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

void wheel_advance(struct timer_base *base, const struct wheel_pos *pos, struct list_head *due)
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

void wheel_tighten(struct timer_base *base, const struct wheel_pos *pos)
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

size_t wheel_count(const struct timer_base *base)
	__must_hold(&base->lock)
{
	size_t n = 0;

	for (unsigned int level = 0; level < LEVELS; level++)
		for (unsigned int i = 0; i < LEVEL_SLOTS; i++)
			if (base->map[level] & BIT(i))
				n += list_count_nodes(&base->level[level][i].timers);
	return n;
}

void wheel_init(struct timer_base *base, unsigned int cpu)
{
	base->level = timer_slots[cpu];
	base->clock = arch_timer_read();
}
