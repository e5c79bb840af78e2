/* SPDX-License-Identifier: MIT */
/*
 * The checks of <kernel/locked_by.h>.
 */
#include <kernel/locked_by.h>

#include <kernel/bug.h>

void __locked_by_init(struct locked_by *l, const struct lockdep_map *lock)
{
	l->lock = lock;
	l->lock_id = lock->id;
}

bool __locked_by_reads(const struct locked_by *l, const struct lockdep_map *lock)
{
	if (WARN(!l->lock, "data at %p has no lock: locked_by_init() is missing", l))
		return false;
	if (WARN(l->lock != lock, "data at %p is locked by %p, not by %s %p", l, l->lock,
		 lock->name, lock))
		return false;
	if (WARN(l->lock_id != lock->id,
		 "data at %p is locked by a lock that is gone; %s is another one in its place", l,
		 lock->name))
		return false;
	return !WARN(!lockdep_is_held(lock), "data at %p is accessed without its lock %s", l,
		     lock->name);
}

bool __locked_by_holds(const struct locked_by *l, const struct lockdep_map *lock)
{
	return __locked_by_reads(l, lock) &&
	       !WARN(!lockdep_is_held_exclusive(lock),
		     "data at %p is accessed to be written by a reader of %s", l, lock->name);
}
