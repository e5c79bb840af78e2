/* SPDX-License-Identifier: MIT */
/*
 * Lists that own what is on them, over <lib/list.h>: an object is on one list at most, and a
 * second push is refused. So who wants something done once pushes it without asking whether it
 * was pushed before.
 *
 *	struct job {
 *		...
 *		struct olist_links links;
 *	};
 *
 *	scoped_guard(spinlock_irqsave, &lock)
 *		pushed = olist_push_back(&jobs, &job->links);
 *	if (!pushed)
 *		job_put(job);			it is on a list: the reference stays ours
 *
 *	scoped_guard(spinlock_irqsave, &lock)
 *		job = olist_pop_front_entry(&jobs, struct job, links);
 *
 * Who pushes gives the object to the list, who pops has it. `links` say which list has it: NULL
 * for none, and all zero is that, so that zeroed memory needs no initialisation.
 *
 * Locking: the owner's of the list, for each function that has one. To which of two lists, each
 * with its own lock, an object goes that is pushed to both is decided by an atomic operation.
 * With CONFIG_DEBUG_OBJECTS taking an object off a list that it is not on, and freeing one that
 * is on a list, is reported. Context of all: any.
 */
#ifndef KERNEL_OLIST_H
#define KERNEL_OLIST_H

#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <lib/atomic.h>
#include <lib/compiler.h>
#include <lib/list.h>
#include <lib/types.h>

struct olist {
	struct list_head items;		/* [l] l: the owner's lock */
};

struct olist_links {
	struct list_head entry;		/* [l] in order while `owner` has it */
	struct olist *owner;		/* [a] NULL: on no list */
	struct debug_obj debug;		/* [l] */
};

#define OLIST_INIT(name)	{ .items = LIST_HEAD_INIT((name).items) }
#define DEFINE_OLIST(name)	struct olist name = OLIST_INIT(name)

extern const struct debug_obj_descr olist_links_debug_descr;

/* An empty list, which is the caller's. */
static inline void olist_init(struct olist *list)
{
	INIT_LIST_HEAD(&list->items);
}

static inline bool olist_is_empty(const struct olist *list)
{
	return list_empty(&list->items);
}

/* Which list has it, or had it a moment ago: NULL for none. */
static inline const struct olist *olist_owner(const struct olist_links *links)
{
	return READ_ONCE(links->owner);
}

/* Whether the caller is the one who may put it on a list. What was done before a pop is seen. */
static inline bool olist_claim(struct olist *list, struct olist_links *links)
{
	return cmpxchg(&links->owner, NULL, list) == NULL;
}

/*
 * Gives an object to the list. Return: true if the list has it; false if a list had it already:
 * it stays there, and what the caller has remains the caller's.
 */
static inline bool __must_check olist_push_back(struct olist *list, struct olist_links *links)
{
	if (!olist_claim(list, links))
		return false;
	debug_object_activate(&links->debug, &olist_links_debug_descr);
	list_add_tail(&links->entry, &list->items);
	return true;
}

/* The same at the front. Return: as olist_push_back(). */
static inline bool __must_check olist_push_front(struct olist *list, struct olist_links *links)
{
	if (!olist_claim(list, links))
		return false;
	debug_object_activate(&links->debug, &olist_links_debug_descr);
	list_add(&links->entry, &list->items);
	return true;
}

/*
 * Takes an object off. Return: true if the list had it, and the caller has it now; false if it is
 * on no list, or on another one, which is reported.
 */
static inline bool __must_check olist_remove(struct olist *list, struct olist_links *links)
{
	const struct olist *owner = olist_owner(links);

	if (owner != list) {
		WARN(IS_ENABLED(CONFIG_DEBUG_OBJECTS) && owner,
		     "object %p is taken off a list that does not have it", links);
		return false;
	}
	list_del(&links->entry);
	debug_object_deactivate(&links->debug, &olist_links_debug_descr);
	smp_store_release(&links->owner, NULL);
	return true;
}

/* Takes the first one off, for the caller. NULL if there is none. */
static inline struct olist_links *olist_pop_front(struct olist *list)
{
	struct olist_links *links =
		list_first_entry_or_null(&list->items, struct olist_links, entry);

	return links && olist_remove(list, links) ? links : NULL;
}

/* Takes the last one off, for the caller. NULL if there is none. */
static inline struct olist_links *olist_pop_back(struct olist *list)
{
	struct olist_links *links;

	if (olist_is_empty(list))
		return NULL;
	links = list_last_entry(&list->items, struct olist_links, entry);
	return olist_remove(list, links) ? links : NULL;
}

/* The same as the object that the links are in. */
#define olist_pop_front_entry(list, type, member) \
	olist_entry_safe(olist_pop_front(list), type, member)
#define olist_pop_back_entry(list, type, member) \
	olist_entry_safe(olist_pop_back(list), type, member)
/* NULL of NULL. */
#define olist_entry_safe(links, type, member) ({				\
	struct olist_links *links__ = (links);					\
	links__ ? container_of(links__, type, member) : NULL; })

/* A walk in whose body `pos` may be removed; `n` is the caller's, of the same type. */
#define olist_for_each_entry_safe(pos, n, list, member) \
	list_for_each_entry_safe(pos, n, &(list)->items, member.entry)

#endif
