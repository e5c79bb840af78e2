/* SPDX-License-Identifier: MIT */
/*
 * Counted objects in three stages, each a type of its own, so that what a stage does not allow
 * does not compile.
 *
 *	struct thing {
 *		struct kref refs;
 *		...
 *	};
 *	DEFINE_REF(thing, refs, thing_release);		void thing_release(struct thing *)
 *
 *	unique		struct thing_unique *	one owner, who fills it in; nobody else has it
 *	   | thing_share()
 *	owned		struct thing *		a reference: thing_put() gives it back
 *	borrowed	const struct thing *	of somebody who has one: thing_get() makes one of it
 *
 *	struct thing_unique *u = thing_unique(kzalloc(sizeof(struct thing), GFP_KERNEL));
 *
 *	if (!u)
 *		return -ENOMEM;
 *	thing_mut(u)->level = 3;
 *	publish(thing_share(u));
 *
 * What is static is a reference like others, which nobody owns: DEFINE_STATIC_REF. Its count is
 * so high that it cannot end, and a put without a get is reported; so is taking it for the memory
 * of a new object, which could end.
 *
 * thing_put() calls release where it is called. DEFINE_REF_SLEEPING is for a release that may
 * sleep: each put may, then, the last or not, and one in an interrupt or under a spin lock is
 * reported, by clang's analysis too.
 *
 * Reported, and then harmless but for a leak: a put too many, a get from zero, sharing twice,
 * and what <kernel/kref.h> tells of a count: objects do not move, for one. References in a circle
 * are never given back: that is for who makes one.
 *
 * Context of all: any, but for the puts of DEFINE_REF_SLEEPING.
 */
#ifndef KERNEL_REF_H
#define KERNEL_REF_H

#include <kernel/bug.h>
#include <kernel/kref.h>
#include <kernel/sched.h>
#include <lib/cleanup.h>
#include <lib/compiler.h>
#include <lib/container_of.h>
#include <lib/kconfig.h>
#include <lib/types.h>

/* What the count of a static object begins with, and what no other gets to. */
#define REF_STATIC_BIAS		(INT32_MAX / 2 + 1)

/* What the functions below call in a build that checks: each reports what is wrong. */

/* Whether a reference may be given back: not one that a static object does not have. */
bool ref_may_put(struct kref *refs);

/* Whether the memory may be that of a new object: not that of a live one, nor of a static one. */
bool ref_may_begin(struct kref *refs);

/* Whether the object is still its creator's alone. */
bool ref_is_unique(struct kref *refs);

/* Says that a dead object was to be got; nothing of what is none, which was reported already. */
void ref_report_dead(const struct kref *refs) __cold;

/*
 * Makes the functions of `struct type`, whose `member` is a struct kref:
 *
 *	type_unique(fresh)	takes over memory of the caller, NULL for NULL; the count is no
 *				one's yet. NULL, and a report, if somebody has a reference to what
 *				is there, and for a DEFINE_STATIC_REF
 *	type_mut(unique)	the object, to be filled in; no longer than it is unique
 *	type_share(unique)	the first reference, the caller's
 *	type_discard(unique)	ends an object that was never shared: calls release
 *	type_get(borrow)	a reference more, the caller's; NULL, and a report, if there is none
 *				to be had from an object at its end; NULL for NULL
 *	type_get_unless_zero(borrow)	the same of one that may be at its end: no report
 *	type_put(ref)		gives a reference back; NULL is none
 *
 * __free(type_put) and __free(type_discard) do that at the end of a scope.
 */
#define DEFINE_REF(type, member, release) \
	DEFINE_REF_OF(type, member, release, , (void)0)

/* The same with a release that may sleep. Context of type_put() and type_discard(): task. */
#define DEFINE_REF_SLEEPING(type, member, release) \
	DEFINE_REF_OF(type, member, release, __may_sleep, might_sleep())

#define DEFINE_REF_OF(type, member, release, role, in_context)			\
struct type##_unique;								\
static inline __maybe_unused __must_check struct type##_unique *		\
type##_unique(struct type *fresh)						\
{										\
	if (!fresh || (IS_ENABLED(CONFIG_DEBUG_OBJECTS) &&			\
		       !ref_may_begin(&fresh->member)))				\
		return NULL;							\
	refcount_set(&fresh->member.refcount, 0);				\
	/* SAFETY: the type that says it is unique, and has no other content. */ \
	return (void *)fresh;							\
}										\
static inline __maybe_unused struct type *type##_mut(struct type##_unique *unique) \
{										\
	/* SAFETY: made by type_unique() of this type. */			\
	return (void *)unique;							\
}										\
static inline __maybe_unused __must_check struct type *				\
type##_share(struct type##_unique *unique)					\
{										\
	struct type *obj = type##_mut(unique);					\
										\
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) && !ref_is_unique(&obj->member))	\
		return NULL;							\
	refcount_set(&obj->member.refcount, 1);					\
	return obj;								\
}										\
static inline __maybe_unused role void type##_discard(struct type##_unique *unique) \
{										\
	in_context;								\
	if (!unique || (IS_ENABLED(CONFIG_DEBUG_OBJECTS) &&			\
			!ref_is_unique(&type##_mut(unique)->member)))		\
		return;								\
	release(type##_mut(unique));						\
}										\
static inline __maybe_unused __must_check struct type *				\
type##_get_unless_zero(const struct type *borrow)				\
{										\
	struct type *obj;							\
										\
	if (!borrow)								\
		return NULL;							\
	/* A borrow is const, what is counted never is: see DEFINE_STATIC_REF. */ \
	obj = container_of(&borrow->member, struct type, member);		\
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) && !kref_may_be_used(&obj->member)) \
		return NULL;							\
	return refcount_inc_not_zero(&obj->member.refcount) ? obj : NULL;	\
}										\
static inline __maybe_unused __must_check struct type *				\
type##_get(const struct type *borrow)						\
{										\
	struct type *obj = type##_get_unless_zero(borrow);			\
										\
	if (unlikely(!obj) && borrow)						\
		ref_report_dead(&borrow->member);				\
	return obj;								\
}										\
static inline __maybe_unused role void type##_put(struct type *ref)		\
{										\
	in_context;								\
	if (!ref || (IS_ENABLED(CONFIG_DEBUG_OBJECTS) && !ref_may_put(&ref->member))) \
		return;								\
	if (refcount_dec_and_test(&ref->member.refcount))			\
		release(ref);							\
}										\
DEFINE_FREE(type##_put, struct type *, type##_put(_T))				\
DEFINE_FREE(type##_discard, struct type##_unique *, type##_discard(_T))

/*
 * A static object of `struct type` with the name `var`, as good as a reference, which is not to
 * be given back; `init` are initialisers of its other members. Put `static` in front if it is.
 */
#define DEFINE_STATIC_REF(type, member_, var, init...)				\
	struct type var = {							\
		.member_ = {							\
			.refcount = REFCOUNT_INIT(REF_STATIC_BIAS),		\
			.debug = DEBUG_OBJ_INIT(var.member_.debug, kref_debug_descr), \
		},								\
		##init								\
	}

#endif
