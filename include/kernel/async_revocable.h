/* SPDX-License-Identifier: MIT */
/*
 * Objects that can be taken away from those who use them, without waiting: the last user
 * destroys it.
 *
 *	ASYNC_REVOCABLE(struct session) session;
 *
 *	s = async_revocable_try_access(&x->session);
 *	if (!s)
 *		return -ENXIO;
 *	...						may sleep
 *	async_revocable_put(&x->session);
 *
 *	scoped_async_revocable(s, &x->session) { ... } else { ... }
 *
 * Users are counted, and may sleep. revoke returns at once: users may still be inside after, so
 * it is not for what vanishes next, such as registers or code; that is <kernel/revocable.h>. The
 * destructor runs in who puts last, with what may be done there. A count that would overflow
 * sticks: the object is never destroyed. Names as in Rust for Linux.
 *
 * Locking: [a] one word. Context: any, if not said otherwise.
 */
#ifndef KERNEL_ASYNC_REVOCABLE_H
#define KERNEL_ASYNC_REVOCABLE_H

#include <kernel/revocable.h>
#include <lib/atomic.h>
#include <lib/bits.h>
#include <lib/cleanup.h>
#include <lib/compiler.h>

struct async_revocable {
	u32 usage;			/* [a] users; bit 30: too many, bit 31: revoked */
	void (*destroy)(void *object);	/* [I] may be NULL */
	struct debug_obj debug;		/* [I] live: not destroyed */
};

/* An object of the type inside; a variable or a member. revocable_unshared() is for it, too. */
#define ASYNC_REVOCABLE(type)							\
	struct {								\
		struct async_revocable async_revocable;				\
		type inside_revocable__;					\
	}

/* What the macros below call. */
void __async_revocable_init(struct async_revocable *r, void (*destroy)(void *object));
void *__async_revocable_try_access(struct async_revocable *r, void *object) __must_check;
void __async_revocable_put(struct async_revocable *r, void *object, size_t size);
bool __async_revocable_revoke(struct async_revocable *r, void *object, size_t size);

/*
 * The object is available from here on. `destroy` is a void (*)(type *), or NULL. One that is not
 * destroyed yet is reported, with CONFIG_DEBUG_OBJECTS, and left as it is, as is memory that is
 * freed with one in it. Context: any; nobody else uses it.
 */
#define async_revocable_init(r, destroy) \
	__async_revocable_init(&(r)->async_revocable, revocable_destructor(r, destroy))

/* The object, until async_revocable_put(); NULL once it is revoked. */
#define async_revocable_try_access(r)						\
	((__typeof__(&(r)->inside_revocable__))					\
	 __async_revocable_try_access(&(r)->async_revocable, &(r)->inside_revocable__))

/* Ends a use. One that was not begun is reported. Context: that of the destructor. */
#define async_revocable_put(r) \
	__async_revocable_put(&(r)->async_revocable, &(r)->inside_revocable__,	\
			      sizeof((r)->inside_revocable__))

/*
 * Takes the object away from later users; destroys it if there is none.
 * Context: that of the destructor.
 * Return: whether this call was the first.
 */
#define async_revocable_revoke(r) \
	__async_revocable_revoke(&(r)->async_revocable, &(r)->inside_revocable__, \
				 sizeof((r)->inside_revocable__))

/* Whether it has been revoked; that it has not may be the past. */
#define async_revocable_is_revoked(r) \
	((READ_ONCE((r)->async_revocable.usage) & BIT(31)) != 0)

/* A use that ends with its scope. For scoped_async_revocable(). */
struct async_revocable_use {
	struct async_revocable *r;
	void *object;			/* NULL: revoked */
	size_t size;
};

/* The same as async_revocable_try_access(). */
static inline struct async_revocable_use async_revocable_use(struct async_revocable *r,
							      void *object, size_t size)
{
	return (struct async_revocable_use){
		.r = r, .object = __async_revocable_try_access(r, object), .size = size,
	};
}

DEFINE_CLASS(async_revocable, struct async_revocable_use,
	     if (_T.object) __async_revocable_put(_T.r, _T.object, _T.size),
	     async_revocable_use(r, object, size), struct async_revocable *r, void *object,
	     size_t size)

/*
 * A block with `var` for the object, whose use ends with it; not entered if it is revoked, then
 * the `else` is that may follow. It may be left by break and return.
 */
#define scoped_async_revocable(var, r) \
	SCOPED_ASYNC_REVOCABLE(var, r, __unique_id(use__), __unique_id(first__), \
			       __unique_id(once__))
#define SCOPED_ASYNC_REVOCABLE(var, r, use, first, once)			\
	for (bool first = true, once = true; first;)				\
		for (CLASS(async_revocable, use)(&(r)->async_revocable,		\
						 &(r)->inside_revocable__,	\
						 sizeof((r)->inside_revocable__)); first;) \
			for (__typeof__((r)->inside_revocable__)		\
			     *var = (first = false, use.object); once; once = false) \
				if (var)

#endif
