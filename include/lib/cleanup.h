/* SPDX-License-Identifier: MIT */
/*
 * Scope guards: what is taken at a line of a scope is given back wherever the
 * scope ends. Names as in Linux 6.12's cleanup.h.
 *
 *   guard(mutex)(&m);                     held until the scope ends
 *   scoped_guard(mutex, &m) { ... }       held in the block
 *   char *p __free(kfree) = kmalloc(...); freed unless return_ptr(p)
 *
 * A lock type makes its guard with DEFINE_GUARD (an object and no state) or
 * DEFINE_LOCK_GUARD_1 (an object and something saved, such as the irq flags).
 * Guards are undone in the reverse order of their declaration. They do not
 * mix with goto. Context: that of the lock or of the freeing function.
 */
#ifndef LIB_CLEANUP_H
#define LIB_CLEANUP_H

#include <lib/compiler.h>
#include <lib/err.h>

#define DEFINE_FREE(name, type, undo)					\
	static __always_inline void __free_##name(void *p)			\
	{								\
		type _T = *(type *)p;					\
		undo;							\
	}

#define __free(name)	__cleanup(__free_##name)

/* Gives the pointer away: the variable is NULL from here on. */
#define no_free_ptr(p) ({						\
	__typeof__(p) given__ = (p);					\
	(p) = NULL;							\
	given__; })
#define return_ptr(p)	return no_free_ptr(p)

#define DEFINE_GUARD(name, type, lock, unlock)				\
	typedef type class_##name##_t;					\
	static __always_inline void class_##name##_end(class_##name##_t *p)	\
	{								\
		type _T = *p;						\
		if (_T) {						\
			unlock;						\
		}							\
	}								\
	static __always_inline class_##name##_t class_##name##_begin(type _T) \
	{								\
		lock;							\
		return _T;						\
	}

/* `_T->lock` is the object, `_T->member` what `members` declares. */
#define DEFINE_LOCK_GUARD_1(name, type, lock_it, unlock_it, members...)	\
	typedef struct {						\
		type *lock;						\
		members;						\
	} class_##name##_t;						\
	static __always_inline void class_##name##_end(class_##name##_t *_T)	\
	{								\
		if (_T->lock) {						\
			unlock_it;					\
		}							\
	}								\
	static __always_inline class_##name##_t class_##name##_begin(type *l) \
	{								\
		class_##name##_t t__ = { .lock = l }, *_T = &t__;	\
		lock_it;						\
		return t__;						\
	}

#define CLASS(name, var) \
	class_##name##_t var __cleanup(class_##name##_end) = class_##name##_begin

#define guard(name)	CLASS(name, __unique_id(guard__))

/* Unique names, so that one may stand inside another. */
#define SCOPED_GUARD(name, scope, once, args...)			\
	for (CLASS(name, scope)(args), *once = NULL; !once; once = (void *)1)

/* Held in the block that follows. */
#define scoped_guard(name, args...) \
	SCOPED_GUARD(name, __unique_id(scope__), __unique_id(once__), args)

#endif
