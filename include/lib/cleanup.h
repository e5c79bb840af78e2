/* SPDX-License-Identifier: MIT */
/*
 * Scope guards: what is taken at a line of a scope is given back wherever the
 * scope ends. Names as in Linux 6.12's cleanup.h.
 *
 *   guard(mutex)(&m);                     held until the scope ends
 *   scoped_guard(mutex, &m) { ... }       held in the block
 *   char *p __free(kfree) = kmalloc(...); freed unless return_ptr(p)
 *   defer(power_off, dev);                power_off(dev) when the scope ends
 *
 * DEFINE_CLASS is for objects in general. A lock type makes its guard with
 * DEFINE_GUARD (an object and no state), DEFINE_LOCK_GUARD_1 (an object and
 * something saved, such as the irq flags) or DEFINE_LOCK_GUARD_0 (no object), and
 * says to the compiler's analysis what it holds with GUARD_HOLDS and GUARD_ROLE.
 * DEFINE_GUARD_COND and DEFINE_LOCK_GUARD_1_COND are for a lock that may not be had:
 *
 *   scoped_cond_guard(mutex_try, return -EBUSY, &m) { ... }
 *
 * Guards are undone in the reverse order of their declaration. They do not
 * mix with goto. Context: that of the lock or of the freeing function.
 */
#ifndef LIB_CLEANUP_H
#define LIB_CLEANUP_H

#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/err.h>
#include <lib/types.h>

#define DEFINE_FREE(name, type, undo)					\
	static __always_inline __maybe_unused void __free_##name(void *p)	\
	{								\
		type _T = *(type *)p;					\
		undo;							\
	}

/*
 * Of what is assigned to the variable the last is freed, and only that: whatever it had before has
 * to be given away. Of a leak a test is told by its bytes.
 */
#define __free(name)	__cleanup(__free_##name)

/* The value of a pointer variable of any type, which is NULL from here on. */
static __always_inline __must_check void *ptr_taken_from(void *variable)
{
	void **from = variable, *given = *from;

	*from = NULL;
	return given;
}

/*
 * Gives the pointer away: the variable is NULL from here on, and the result may not be ignored.
 * What is no pointer is refused by the comparison, which is not done.
 */
#define no_free_ptr(p)	((__typeof__(p))ptr_taken_from(&(p) + 0 * sizeof((p) == NULL)))
#define return_ptr(p)	return no_free_ptr(p)

/*
 * action(data) is called when the scope ends, wherever that is: the last one said first. One that
 * has a name can be called off, when what it would undo is to stay:
 *
 *   defer_as(undo, power_off, dev);
 *   ...
 *   defer_dismiss(&undo);
 *
 * Said before the object that it needs comes to be, it runs after that is gone.
 */
struct deferred {
	void (*action)(void *data);
	void *data;
};

static __always_inline void deferred_end(struct deferred *deferred)
{
	if (deferred->action)
		deferred->action(deferred->data);
}

#define defer_as(name, action_, data_) \
	struct deferred name __cleanup(deferred_end) = { .action = action_, .data = data_ }
#define defer(action, data)	defer_as(__unique_id(deferred__), action, data)

/* It is not going to be called. Context: any. */
static __always_inline void defer_dismiss(struct deferred *deferred)
{
	deferred->action = NULL;
}

/*
 * An object of any kind, made from `args` by the expression `init` and undone by `exit`, which
 * has it as _T:
 *
 *   CLASS(name, variable)(arguments);
 */
#define DEFINE_CLASS(name, type, exit, init, args...)			\
	typedef type class_##name##_t;					\
	static __always_inline void class_##name##_end(class_##name##_t *p)	\
	{								\
		type _T = *p;						\
		exit;							\
	}								\
	static __always_inline class_##name##_t class_##name##_begin(args) \
	{								\
		return init;						\
	}

/* The same object made in another way: name##ext. */
#define EXTEND_CLASS(name, ext, init, args...)				\
	typedef class_##name##_t class_##name##ext##_t;			\
	static __always_inline void class_##name##ext##_end(class_##name##_t *p) \
	{								\
		class_##name##_end(p);					\
	}								\
	static __always_inline class_##name##_t class_##name##ext##_begin(args) \
	{								\
		return init;						\
	}

#define CLASS(name, var) \
	class_##name##_t var __cleanup(class_##name##_end) = class_##name##_begin

/* What <kernel/locked.h> wants of who writes: a guard that is shared has none. */
#define GUARD_IS_EXCLUSIVE(name)	enum { class_##name##_is_exclusive = true };

#ifndef WARN_CONTEXT_ANALYSIS

/* NULL: nothing was taken. */
#define GUARD_ENDS(name, type, unlock...)				\
	typedef type class_##name##_t;					\
	static __always_inline void class_##name##_end(class_##name##_t *p)	\
	{								\
		type _T = *p;						\
		if (_T) {						\
			unlock;						\
		}							\
	}

#define DEFINE_GUARD(name, type, lock, unlock)				\
	GUARD_ENDS(name, type, unlock)					\
	static __always_inline class_##name##_t class_##name##_begin(type _T) \
	{								\
		lock;							\
		return _T;						\
	}

/* What scoped_cond_guard() asks: whether the lock was had. */
#define GUARD_WAS_HAD(name, had)					\
	static __always_inline bool class_##name##_was_had(const class_##name##_t *_T) \
	{								\
		return had;						\
	}

/* `try_lock` is true if it took the lock. Only for scoped_cond_guard(). */
#define DEFINE_GUARD_COND(name, ext, try_lock)				\
	EXTEND_CLASS(name, ext, (try_lock) ? _T : NULL, class_##name##_t _T) \
	GUARD_WAS_HAD(name##ext, *_T)

/* A lock that may never be had for certain, so that there is no guard() of it. */
#define DEFINE_GUARD_COND_ALONE(name, type, try_lock, unlock)		\
	GUARD_ENDS(name, type, unlock)					\
	static __always_inline class_##name##_t class_##name##_begin(type _T) \
	{								\
		return (try_lock) ? _T : NULL;				\
	}								\
	GUARD_WAS_HAD(name, *_T)

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

/* `try_lock` is true if it took `_T->lock`. Only for scoped_cond_guard(). */
#define DEFINE_LOCK_GUARD_1_COND(name, ext, try_lock)			\
	EXTEND_CLASS(name, ext, ({					\
		class_##name##_t t__ = { .lock = l }, *_T = &t__;	\
		if (!(try_lock))					\
			_T->lock = NULL;			\
		t__; }), __typeof__(((class_##name##_t *)0)->lock) l)	\
	GUARD_WAS_HAD(name##ext, _T->lock)

/* No object: the processor's state, or that of the running task. One member at least. */
#define DEFINE_LOCK_GUARD_0(name, lock_it, unlock_it, members...)	\
	typedef struct {						\
		members;						\
	} class_##name##_t;						\
	static __always_inline void class_##name##_end(class_##name##_t *_T)	\
	{								\
		(void)_T;						\
		unlock_it;						\
	}								\
	static __always_inline class_##name##_t class_##name##_begin(void)	\
	{								\
		class_##name##_t t__ = { }, *_T = &t__;			\
		(void)_T;						\
		lock_it;						\
		return t__;						\
	}

#define GUARD_HOLDS(name, path...)	GUARD_IS_EXCLUSIVE(name)
#define GUARD_HOLDS_SHARED(name, path...)
#define GUARD_ROLE(name, role)
#define GUARD_COND_HOLDS(name, path...)
#define GUARD_COND_HOLDS_SHARED(name, path...)
#define GUARD_COND_ROLE(name, role)

#define GUARD_CLASS(name, var)	CLASS(name, var)

/* Unique names, so that one may stand inside another. SAFETY: `once` is compared to NULL alone. */
#define SCOPED_GUARD(name, scope, once, args...)			\
	for (GUARD_CLASS(name, scope)(args), *once = NULL; !once; once = (void *)1)

/* SAFETY: as above. */
#define SCOPED_COND_GUARD(name, scope, once, fail, args...)		\
	for (GUARD_CLASS(name, scope)(args), *once = NULL; !once; once = (void *)1) \
		if (!class_##name##_was_had(&scope))			\
			fail;						\
		else

#else

/*
 * What the analysis is shown of a guard: a variable whose value is the object, so that it
 * knows which object's lock the cleanup gives back, and functions of which it sees only what
 * they take and give back. This is looked at and never linked.
 */
#define GUARD_SHOWN(name, type, begin_type, params...)			\
	typedef type class_##name##_t;					\
	begin_type class_##name##_begin(params);			\
	void class_##name##_end(class_##name##_t *_T);

#define DEFINE_GUARD(name, type, lock, unlock)	GUARD_SHOWN(name, type, void, type _T)
#define DEFINE_GUARD_COND(name, ext, try_lock) \
	typedef class_##name##_t class_##name##ext##_t;			\
	bool class_##name##ext##_begin(class_##name##_t _T);		\
	void class_##name##ext##_end(class_##name##_t *_T);
#define DEFINE_GUARD_COND_ALONE(name, type, try_lock, unlock) \
	typedef type class_##name##_t;					\
	bool class_##name##_begin(class_##name##_t _T);			\
	void class_##name##_end(class_##name##_t *_T);
#define DEFINE_LOCK_GUARD_1(name, type, lock_it, unlock_it, members...)	\
	GUARD_SHOWN(name, type *, void, type *_T)
#define DEFINE_LOCK_GUARD_1_COND(name, ext, try_lock) \
	DEFINE_GUARD_COND(name, ext, try_lock)
#define DEFINE_LOCK_GUARD_0(name, lock_it, unlock_it, members...) \
	GUARD_SHOWN(name, int, int, void)

/* The guard holds the lock that is found from the object by `path`: itself if there is none. */
#define GUARD_HOLDS(name, path...)					\
	GUARD_IS_EXCLUSIVE(name)					\
	void class_##name##_begin(class_##name##_t _T) __acquires(_T path); \
	void class_##name##_end(class_##name##_t *_T) __releases((*_T) path);
/* As one of the readers: what is guarded is not written. */
#define GUARD_HOLDS_SHARED(name, path...)				\
	void class_##name##_begin(class_##name##_t _T) __acquires_shared(_T path); \
	void class_##name##_end(class_##name##_t *_T) __releases_shared((*_T) path);
/* The same of a role, whatever the object. */
#define GUARD_ROLE(name, role)						\
	__typeof__(class_##name##_begin) class_##name##_begin __acquires(role); \
	void class_##name##_end(class_##name##_t *_T) __releases(role);

/* Those of a DEFINE_GUARD_COND or DEFINE_LOCK_GUARD_1_COND. */
#define GUARD_COND_HOLDS(name, path...)					\
	bool class_##name##_begin(class_##name##_t _T) __cond_acquires(true, _T path); \
	void class_##name##_end(class_##name##_t *_T) __releases((*_T) path);
#define GUARD_COND_HOLDS_SHARED(name, path...)				\
	bool class_##name##_begin(class_##name##_t _T) __cond_acquires_shared(true, _T path); \
	void class_##name##_end(class_##name##_t *_T) __releases_shared((*_T) path);
#define GUARD_COND_ROLE(name, role)					\
	bool class_##name##_begin(class_##name##_t _T) __cond_acquires(true, role); \
	void class_##name##_end(class_##name##_t *_T) __releases(role);

/* The arguments follow the macro: where the bracket that opens here is closed. */
#define GUARD_CLASS(name, var) \
	class_##name##_t var __cleanup(class_##name##_end) = (class_##name##_begin GUARD_ARGUMENTS
#define GUARD_ARGUMENTS(...)	(__VA_ARGS__) __VA_OPT__(, (__VA_ARGS__)))

/* SAFETY: as above. */
#define SCOPED_GUARD(name, scope, once, args...)			\
	for (GUARD_CLASS(name, scope)(args), *once = NULL; !once; once = (void *)1)

/* SAFETY: as above. */
#define SCOPED_COND_GUARD(name, scope, once, fail, args...)		\
	if (!class_##name##_begin(args))				\
		fail;							\
	else								\
		for (class_##name##_t scope __cleanup(class_##name##_end) = (args), \
		     *once = NULL; !once; once = (void *)1)

#endif

#define guard(name)	GUARD_CLASS(name, __unique_id(guard__))

/* Held in the block that follows. */
#define scoped_guard(name, args...) \
	SCOPED_GUARD(name, __unique_id(scope__), __unique_id(once__), args)

/* The same if it could be had, else the statement `fail`. */
#define scoped_cond_guard(name, fail, args...) \
	SCOPED_COND_GUARD(name, __unique_id(scope__), __unique_id(once__), fail, args)

#endif
