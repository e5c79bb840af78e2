/* SPDX-License-Identifier: MIT */
/*
 * What is noticed about kmalloc'd and cached objects: writing past either end, writing after
 * the object was freed, freeing it twice. Each report says who allocated and who freed it.
 *
 * Fresh memory is filled with POISON_INUSE, freed memory with POISON_FREE, so that a pointer
 * read from either leads, on most machines, where nothing is mapped. A write past the end is
 * noticed when the object is freed, one after the free when it is handed out again, or when
 * its slab goes. The damage is made good then: one mistake is one report.
 *
 * Locking: an object is looked at by who has it; between its last owner and its next one
 * nobody has it, and the cache's lock is not held.
 */
#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/mm.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/stacktrace.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/poison.h>
#include <lib/string.h>

#include "slab_priv.h"

#define SLAB_LIVE	0x6c697665u
#define SLAB_FREE	0x66726565u

#define SLAB_RED	0xccu

#define RED_ZONE_MIN	16u

void slab_debug_layout(struct kmem_cache *c, size_t asked, size_t align)
{
	c->asked = (u32)max_t(size_t, asked, 1);
	c->left = (u32)max_t(size_t, align, RED_ZONE_MIN);
	c->stride = (u32)ALIGN(c->left + c->size + RED_ZONE_MIN + sizeof(struct slab_track),
			       max(align, sizeof(u64)));
	c->order = get_order(c->stride);
	c->per_slab = ((u32)PAGE_SIZE << c->order) / c->stride;
}

struct slab_track *slab_track(const struct kmem_cache *c, const void *object)
{
	unsigned long slot = (unsigned long)object - c->left;

	/* SAFETY: slab_debug_layout() left room for it at the end of each slot. */
	return (struct slab_track *)(slot + c->stride - sizeof(struct slab_track));
}

/* ---- looking at bytes ---- */

/* Returns the index of the first byte that is not `value`; n if all are. */
static size_t first_other(const u8 *p, u8 value, size_t n)
{
	unsigned long word = POISON_WORD(value);
	size_t i = 0;

	while (i < n && (unsigned long)(p + i) % sizeof(word)) {
		if (p[i] != value)
			return i;
		i++;
	}
	while (i + sizeof(word) <= n && *(const unsigned long *)(p + i) == word)
		i += sizeof(word);
	while (i < n && p[i] == value)
		i++;
	return i;
}

/* The bytes between what was asked for and the track. */
static size_t right_size(const struct kmem_cache *c, const u8 *object, const struct slab_track *t)
{
	return (size_t)((const u8 *)t - object) - min(t->asked, c->size);
}

/* ---- reports ---- */

static void show_trace(const char *what, const void *object, int pid, const unsigned long *trace)
{
	if (!trace[0])
		return;
	pr_warn("%p was %s by task %d:\n", object, what, pid);
	stack_trace_print(trace, SLAB_TRACE_LEN, 2);
}

static void show_object(const struct kmem_cache *c, const void *object)
{
	const struct slab_track *t = slab_track(c, object);

	pr_warn("object %p of %s, %u bytes\n", object, c->name, t->asked);
	show_trace("allocated", object, t->alloc_pid, t->alloc_trace);
	show_trace("freed", object, t->free_pid, t->free_trace);
}

static void report_damage(const struct kmem_cache *c, const u8 *object, const char *what,
			  const u8 *at)
{
	if (report_begin("%s: object %p %s: %02x at offset %ld", c->name, object, what, *at,
			 (long)(at - object)))
		show_object(c, object);
	report_end();
}

/* One report for each zone; then they are whole again. */
static void check_red_zones(struct kmem_cache *c, u8 *object)
{
	u8 *left = object - c->left;
	struct slab_track *t = slab_track(c, object);
	size_t n = right_size(c, object, t);
	u8 *right = (u8 *)t - n;
	size_t i = first_other(left, SLAB_RED, c->left);

	if (i < c->left) {
		report_damage(c, object, "was written to before its beginning", left + i);
		memset(left, SLAB_RED, c->left);
	}
	i = first_other(right, SLAB_RED, n);
	if (i < n) {
		report_damage(c, object, "was written to past its end", right + i);
		memset(right, SLAB_RED, n);
	}
}

/* ---- an object's life ---- */

static int caller_pid(void)
{
	return in_hardirq() || !current ? 0 : current->pid;
}

static void poison(const struct kmem_cache *c, u8 *object)
{
	memset(object, POISON_FREE, c->asked - 1);
	object[c->asked - 1] = POISON_END;
}

static void set_asked(struct kmem_cache *c, u8 *object, size_t asked)
{
	struct slab_track *t = slab_track(c, object);
	size_t n;

	t->asked = (u32)asked;
	n = right_size(c, object, t);
	memset((u8 *)t - n, SLAB_RED, n);
}

void slab_debug_fresh(struct kmem_cache *c, void *object)
{
	struct slab_track *t = slab_track(c, object);

	*t = (struct slab_track){ .state = SLAB_FREE };
	memset((u8 *)object - c->left, SLAB_RED, c->left);
	set_asked(c, object, c->asked);
	poison(c, object);
}

void slab_debug_check_free(struct kmem_cache *c, void *object)
{
	u8 *bytes = object;
	size_t i = first_other(bytes, POISON_FREE, c->asked - 1);

	if (c->ctor || (i == c->asked - 1 && bytes[i] == POISON_END))
		i = c->asked;
	if (i < c->asked)
		report_damage(c, object, "was written to after it was freed", bytes + i);
	check_red_zones(c, object);
}

void slab_debug_alloc(struct kmem_cache *c, void *object, gfp_t flags)
{
	struct slab_track *t = slab_track(c, object);

	slab_debug_check_free(c, object);
	t->state = SLAB_LIVE;
	t->alloc_pid = caller_pid();
	stack_trace_save(t->alloc_trace, SLAB_TRACE_LEN, 1);
	if (!c->ctor)
		memset(object, flags & __GFP_ZERO ? 0 : POISON_INUSE, c->asked);
}

void slab_debug_resize(struct kmem_cache *c, void *object, size_t asked)
{
	set_asked(c, object, asked);
}

bool slab_debug_free(struct kmem_cache *c, void *object)
{
	struct slab_track *t = slab_track(c, object);

	if (t->state != SLAB_LIVE) {
		if (report_begin("%s: object %p is freed %s", c->name, object,
				 t->state == SLAB_FREE ? "twice" : "with its track overwritten"))
			show_object(c, object);
		report_end();
		return false;
	}
	check_red_zones(c, object);
	t->state = SLAB_FREE;
	t->free_pid = caller_pid();
	stack_trace_save(t->free_trace, SLAB_TRACE_LEN, 1);
	set_asked(c, object, c->asked);
	if (!c->ctor)
		poison(c, object);
	return true;
}
