/* SPDX-License-Identifier: MIT */
/*
 * Data inside of its lock: the only way to it is a block in which the lock is held.
 *
 *	LOCKED(struct mutex, struct level) level;
 *
 *	scoped_locked(mutex, l, &dev->level)
 *		l->current = 3;
 *	scoped_locked_read(mutex, l, &dev->level)
 *		return l->current;
 *
 * The pointer is declared by the block and ends with it, with any compiler. The read form's
 * is to const: with a lock that many readers share, nothing is written through it, and the
 * other form takes no guard that is shared. The first word is the guard's, as in guard(mutex) or
 * guard(rwsem_read). `break` and `continue` end the block.
 *
 * Context: that of the lock.
 */
#ifndef KERNEL_LOCKED_H
#define KERNEL_LOCKED_H

#include <lib/cleanup.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>

/* `lock` is initialised as any of its type; the data before anybody else sees the object. */
#define LOCKED(lock_type, type)							\
	struct {								\
		lock_type lock;							\
		type inside_lock__ __guarded_by(&lock);				\
	}

/* The data of an object that nobody else sees yet, or any more. */
#define locked_unshared(object) ({						\
	__typeof__((object)->inside_lock__) *unshared__ = &(object)->inside_lock__; \
	unshared__; })

#define SCOPED_LOCKED(name, type, var, object, allowed, once)			\
	scoped_guard(name, &(object)->lock)					\
		for (type *var = &(object)->inside_lock__, *once = (allowed) ? var : NULL; \
		     once; once = NULL)

#define scoped_locked(name, var, object)					\
	SCOPED_LOCKED(name, __typeof__((object)->inside_lock__), var, object,	\
		      class_##name##_is_exclusive, __unique_id(once__))
#define scoped_locked_read(name, var, object)					\
	SCOPED_LOCKED(name, const __typeof__((object)->inside_lock__), var, object, \
		      true, __unique_id(once__))

#endif
