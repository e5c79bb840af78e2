/* SPDX-License-Identifier: MIT */
/*
 * The marks of <kernel/debugobjects.h>: finding out what is wrong with one, and saying it.
 *
 * A mark is good iff it names the kind that is asked for and holds its own address. One that
 * names the kind and holds another address is a copy; all else is memory that was never
 * initialised, or is no longer what it was: which one, the allocators' fill tells.
 *
 * Locking: the callers'.
 */
#include <kernel/debugobjects.h>

#include <hal/traps.h>
#include <kernel/bug.h>
#include <lib/container_of.h>
#include <lib/list.h>
#include <lib/math.h>
#include <lib/poison.h>
#include <lib/sprintf.h>

#define LIVE		1ul

/* In place of a kind. */
static const struct debug_obj_descr dead;

/* "timer_list c0123450 (led_timed_out)" */
struct object_name {
	char text[80];
};

static unsigned long idle_state(const struct debug_obj *mark)
{
	return (unsigned long)mark + DEBUG_OBJ_MAGIC;
}

static bool is_good(const struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	return mark->descr == descr && (mark->state & ~LIVE) == idle_state(mark);
}

static const void *object_of(const struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	return (const char *)mark - descr->offset;
}

static bool is_live(const struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	return is_good(mark, descr) && (mark->state & LIVE) &&
	       (!descr->is_live || descr->is_live(object_of(mark, descr)));
}

/* Of an object that is good. */
static struct object_name name_of(const struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	const void *obj = object_of(mark, descr);
	struct object_name name;

	if (descr->hint)
		snprintf(name.text, sizeof(name.text), "%s %p (%ps)", descr->name, obj,
			 descr->hint(obj));
	else
		snprintf(name.text, sizeof(name.text), "%s %p", descr->name, obj);
	return name;
}

bool debug_object_init(struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	if (WARN(is_live(mark, descr), "%s is initialised while it is %s",
		 name_of(mark, descr).text, descr->live))
		return false;
	mark->descr = descr;
	mark->state = idle_state(mark);
	return true;
}

/* Nothing but the address is missing, and whoever fills it in fills in the same. */
void debug_object_settle(struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	if (mark->descr == descr && !READ_ONCE(mark->state))
		WRITE_ONCE(mark->state, idle_state(mark) + LIVE);
}

static noinline void report_bad(const struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	const void *obj = object_of(mark, descr);
	unsigned long fill = (unsigned long)mark->descr;

	if (fill == POISON_WORD(POISON_FREE) || fill == POISON_WORD(PAGE_POISON) ||
	    mark->descr == &dead)
		WARN(true, "%s %p is used after it was freed", descr->name, obj);
	else if (mark->descr == descr)
		WARN(true, "%s %p is used, but is a copy of %p", descr->name, obj,
		     /* SAFETY: printed, not followed. */
		     (void *)((mark->state & ~LIVE) - DEBUG_OBJ_MAGIC - descr->offset));
	else
		WARN(true, "%s %p is used before it is initialised", descr->name, obj);
}

bool debug_object_assert_init(const struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	if (likely(is_good(mark, descr)))
		return true;
	report_bad(mark, descr);
	return false;
}

bool debug_object_activate(struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	if (WARN(is_live(mark, descr), "%s is %s already", name_of(mark, descr).text, descr->live))
		return false;
	if (descr->needs_no_init) {
		mark->descr = descr;
		mark->state = idle_state(mark);
	} else if (!debug_object_assert_init(mark, descr)) {
		return false;
	}
	mark->state |= LIVE;
	return true;
}

bool debug_object_deactivate(struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	bool was_live = is_live(mark, descr);

	if (is_good(mark, descr))
		mark->state &= ~LIVE;
	return was_live;
}

void debug_object_destroy(struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	if (WARN(is_live(mark, descr), "%s is destroyed while it is %s", name_of(mark, descr).text,
		 descr->live))
		return;
	mark->descr = &dead;
	mark->state = 0;
}

/* From the linker. */
extern const struct debug_obj_descr __start_debug_obj_descrs[], __stop_debug_obj_descrs[];

static bool is_kind(const struct debug_obj_descr *descr)
{
	return descr >= __start_debug_obj_descrs && descr < __stop_debug_obj_descrs;
}

const struct debug_obj_descr *debug_object_kind(const struct debug_obj *mark)
{
	return is_kind(mark->descr) && is_good(mark, mark->descr) ? mark->descr : NULL;
}

bool debug_object_is_live(const struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	return is_live(mark, descr);
}

bool debug_list_is_used(const struct list_head *head)
{
	const struct list_head *first = head->next;
	unsigned long back;

	if (!first || first == head || !IS_ALIGNED((unsigned long)first, sizeof(long)) ||
	    (unsigned long)first > ~0UL - sizeof(*first))
		return false;
	return !hal_probe_read(&first->prev, &back) && back == (unsigned long)head;
}

/* If the word at `at` were the state of a mark: that mark. */
static const struct debug_obj *mark_around(unsigned long at)
{
	/* SAFETY: search_memory() keeps to words that have another in front of them. */
	return container_of((unsigned long *)at, struct debug_obj, state);
}

/* Whether the word at `at` is the state of a mark that says it is live: it says where it is. */
static bool looks_live(unsigned long at)
{
	const struct debug_obj *mark = mark_around(at);

	return unlikely(mark->state == idle_state(mark) + LIVE) && is_kind(mark->descr);
}

static bool search_memory(const void *mem, size_t size, bool stack)
{
	unsigned long begin = ALIGN((unsigned long)mem, sizeof(long));
	unsigned long end = (unsigned long)mem + size;

	for (unsigned long at = begin + sizeof(long); at + sizeof(long) <= end;
	     at += sizeof(long)) {
		const struct debug_obj *mark = mark_around(at);

		if (likely(!looks_live(at)) || (stack && mark->descr->is_live))
			continue;
		if (WARN(is_live(mark, mark->descr),
			 "memory at %p is freed with %s in it, which is %s",
			 mem, name_of(mark, mark->descr).text, mark->descr->live))
			return false;
	}
	return true;
}

bool debug_check_no_obj_freed(const void *mem, size_t size)
{
	return search_memory(mem, size, false);
}

bool debug_check_no_obj_on_stack(const void *stack, size_t size)
{
	return search_memory(stack, size, true);
}
