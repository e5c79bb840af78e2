/* SPDX-License-Identifier: MIT */
/*
 * A reference count in an object, and the function that ends the object with the last of them.
 * Names as in Linux; <kernel/ref.h> makes typed functions from it, which is less to get wrong.
 *
 * A count that overflows, underflows or rises from zero is reported and saturates: the object
 * leaks and is never freed too early (<lib/refcount.h>).
 *
 * With CONFIG_DEBUG_OBJECTS a count holds a mark of where it is. Reported, and not done: use of
 * what was never initialised, of a copy, and of what was freed; initialising what somebody has a
 * reference to; freeing what others have references to, too.
 *
 * Context: any, for all of this header; release runs in that of the last put.
 */
#ifndef KERNEL_KREF_H
#define KERNEL_KREF_H

#include <kernel/debugobjects.h>
#include <lib/compiler.h>
#include <lib/kconfig.h>
#include <lib/refcount.h>
#include <lib/types.h>

struct kref {
	refcount_t refcount;	/* [a] */
	struct debug_obj debug;	/* [o] live: others have it, too */
};

extern const struct debug_obj_descr kref_debug_descr;

#define KREF_INIT(n) \
	{ .refcount = REFCOUNT_INIT(n), .debug = DEBUG_OBJ_INIT_ANYWHERE(kref_debug_descr) }

/* What the functions below call in a build that checks: both report what is wrong. */
bool kref_may_begin(struct kref *kref);
bool kref_may_be_used(struct kref *kref);

/* Whether it is a count that was initialised, and where it is now. */
bool kref_is_good(const struct kref *kref);

/* One reference, the caller's, who gives it back by kref_put(). */
static inline void kref_init(struct kref *kref)
{
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) && !kref_may_begin(kref))
		return;
	refcount_set(&kref->refcount, 1);
}

/* How many references there were a moment ago. */
static inline unsigned int kref_read(const struct kref *kref)
{
	return (unsigned int)refcount_read(&kref->refcount);
}

/* One more, by who has one; it is given back by kref_put(). */
static inline void kref_get(struct kref *kref)
{
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) && !kref_may_be_used(kref))
		return;
	refcount_inc(&kref->refcount);
}

/*
 * One more, by who found the object where it may be about to end, such as on a list: given back by
 * kref_put(). Return: 1; 0 if the object is at its end.
 */
static inline int __must_check kref_get_unless_zero(struct kref *kref)
{
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) && !kref_may_be_used(kref))
		return 0;
	return refcount_inc_not_zero(&kref->refcount);
}

/*
 * Gives one back; with the last one release() is called, to which the object belongs then.
 * Return: 1 if it was the last one. Of 0 nothing follows: others may have given theirs back since.
 */
static inline int kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) && !kref_may_be_used(kref))
		return 0;
	if (!refcount_dec_and_test(&kref->refcount))
		return 0;
	release(kref);
	return 1;
}

#endif
