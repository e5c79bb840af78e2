/* SPDX-License-Identifier: MIT */
/*
 * A reference count in an object, and the function that ends the object with the last of them.
 * Names as in Linux; <kernel/ref.h> makes typed functions from it, which is less to get wrong.
 *
 * A count that overflows, underflows or rises from zero is reported and saturates: the object
 * leaks and is never freed too early (<lib/refcount.h>).
 *
 * Context: any, for all of this header; release runs in that of the last put.
 */
#ifndef KERNEL_KREF_H
#define KERNEL_KREF_H

#include <lib/compiler.h>
#include <lib/refcount.h>
#include <lib/types.h>

struct kref {
	refcount_t refcount;	/* [a] */
};

#define KREF_INIT(n)	{ .refcount = REFCOUNT_INIT(n) }

/* One reference, the caller's, who gives it back by kref_put(). */
static inline void kref_init(struct kref *kref)
{
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
	refcount_inc(&kref->refcount);
}

/*
 * One more, by who found the object where it may be about to end, such as on a list: given back by
 * kref_put(). Return: 1; 0 if the object is at its end.
 */
static inline int __must_check kref_get_unless_zero(struct kref *kref)
{
	return refcount_inc_not_zero(&kref->refcount);
}

/*
 * Gives one back; with the last one release() is called, to which the object belongs then.
 * Return: 1 if it was the last one. Of 0 nothing follows: others may have given theirs back since.
 */
static inline int kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	if (!refcount_dec_and_test(&kref->refcount))
		return 0;
	release(kref);
	return 1;
}

#endif
