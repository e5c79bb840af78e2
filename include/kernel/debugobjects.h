/* SPDX-License-Identifier: MIT */
/*
 * What state an object is in: an object that is queued, registered or pending holds a mark that
 * says of which kind it is, where it is, and whether somebody has it on a list.
 *
 *	struct thing {
 *		...
 *		struct debug_obj debug;
 *	};
 *	const struct debug_obj_descr thing_debug_descr __debug_obj_descr = {
 *		.name = "thing", .live = "queued", .offset = offsetof(struct thing, debug),
 *	};
 *
 *	thing_init	if (!debug_object_init(&t->debug, &thing_debug_descr)) return;
 *	thing_queue	if (!debug_object_assert_init(...)) return false;
 *			debug_object_activate(...)		it is on a list now
 *	thing_unqueue	debug_object_deactivate(...)
 *
 *	never initialised --init--> idle <--activate, deactivate--> live
 *	                             | destroy
 *	                            dead
 *
 * Reported, once each: use of what was never initialised, of what was freed, and of a copy;
 * initialising what is live; activating it twice; and, by kfree(), freeing the memory of what
 * is live, wherever in there it lies: the mark holds its own address, so that memory can be
 * searched for it. What would do damage is then left undone. Names are Linux's; the marks
 * are ours, since a table of objects can fill up and has to be locked.
 *
 * Without CONFIG_DEBUG_OBJECTS a mark has no bytes and the functions are empty.
 *
 * Context of all: any. A mark is changed under whatever serialises its object.
 */
#ifndef KERNEL_DEBUGOBJECTS_H
#define KERNEL_DEBUGOBJECTS_H

#include <lib/compiler.h>
#include <lib/types.h>

struct list_head;

/* A kind of object. */
struct debug_obj_descr {
	const char *name;	/* of the structure */
	const char *live;	/* what it is while it is on a list: "pending", "registered" */
	size_t offset;		/* of the mark in the structure */
	/* May be NULL: a function that tells people which one it is. */
	const void *(*hint)(const void *obj);
	/* May be NULL: for a kind that its users take off the list by hand. */
	bool (*is_live)(const void *obj);
	bool needs_no_init;	/* filled in by its owner, not by a function */
};

#ifdef CONFIG_DEBUG_OBJECTS

/* All kinds lie together: so that what looks like a mark can be told from one. */
#define __debug_obj_descr	__section("debug_obj_descrs")

struct debug_obj {
	const struct debug_obj_descr *descr;	/* [o] o: as the object's links */
	unsigned long state;			/* [o] own address + DEBUG_OBJ_MAGIC + live */
};

#define DEBUG_OBJ_MAGIC		0x0b1ec780ul

/* The mark of an object that is initialised where it is defined. */
#define DEBUG_OBJ_INIT(mark, descriptor) \
	{ .descr = &(descriptor), .state = (unsigned long)&(mark) + DEBUG_OBJ_MAGIC }

/*
 * The same where the initialiser does not know where the object will be: the mark becomes good,
 * and live, where debug_object_settle() sees it first. Copies made before that are not told.
 */
#define DEBUG_OBJ_INIT_ANYWHERE(descriptor)	{ .descr = &(descriptor) }

/* To be called before all else for a kind that has the above. Several may call it at once. */
void debug_object_settle(struct debug_obj *mark, const struct debug_obj_descr *descr);

/* Returns false, and leaves the object alone, if it is live. */
bool debug_object_init(struct debug_obj *mark, const struct debug_obj_descr *descr);

/* Returns whether the object may be used. */
bool debug_object_assert_init(const struct debug_obj *mark, const struct debug_obj_descr *descr);

/* Returns false if it is live already, or may not be used. */
bool debug_object_activate(struct debug_obj *mark, const struct debug_obj_descr *descr);

/* Returns false, without a report, if it was not live. */
bool debug_object_deactivate(struct debug_obj *mark, const struct debug_obj_descr *descr);

/* Of which kind a mark is, as it says itself; NULL if it is none, or a copy. */
const struct debug_obj_descr *debug_object_kind(const struct debug_obj *mark);

/* Whether it is a live object of that kind. Reports nothing. */
bool debug_object_is_live(const struct debug_obj *mark, const struct debug_obj_descr *descr);

/*
 * For is_live() of a kind that is live while its list is not empty. The memory may be about to
 * become one: links that do not lead back are no list.
 */
bool debug_list_is_used(const struct list_head *head);

/* It is not to be used again before it is initialised again. */
void debug_object_destroy(struct debug_obj *mark, const struct debug_obj_descr *descr);

/* Returns false if the memory must not be freed: there is a live object in it. */
bool debug_check_no_obj_freed(const void *mem, size_t size);

/*
 * The same for the stack of a task that has ended. What later calls have overwritten is not
 * found, and of a kind with is_live() no object, since half of it may be overwritten.
 */
bool debug_check_no_obj_on_stack(const void *stack, size_t size);

#else

#define __debug_obj_descr

struct debug_obj {
};

#define DEBUG_OBJ_INIT(mark, descriptor)	{ }
#define DEBUG_OBJ_INIT_ANYWHERE(descriptor)	{ }

static inline bool debug_object_init(struct debug_obj *mark, const struct debug_obj_descr *descr)
{
	(void)mark;
	(void)descr;
	return true;
}

static inline bool debug_object_assert_init(const struct debug_obj *mark,
					    const struct debug_obj_descr *descr)
{
	(void)mark;
	(void)descr;
	return true;
}

static inline bool debug_object_activate(struct debug_obj *mark,
					 const struct debug_obj_descr *descr)
{
	(void)mark;
	(void)descr;
	return true;
}

static inline bool debug_object_deactivate(struct debug_obj *mark,
					   const struct debug_obj_descr *descr)
{
	(void)mark;
	(void)descr;
	return true;
}

static inline bool debug_list_is_used(const struct list_head *head)
{
	(void)head;
	return false;
}

static inline void debug_object_destroy(struct debug_obj *mark,
					const struct debug_obj_descr *descr)
{
	(void)mark;
	(void)descr;
}

static inline bool debug_check_no_obj_freed(const void *mem, size_t size)
{
	(void)mem;
	(void)size;
	return true;
}

static inline bool debug_check_no_obj_on_stack(const void *stack, size_t size)
{
	(void)stack;
	(void)size;
	return true;
}

#endif

#endif
