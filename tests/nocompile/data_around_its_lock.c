/* SPDX-License-Identifier: MIT */
/*
 * Data inside of a lock is used by its private name.
 *
 * clang-context: reading variable 'inside_lock__' requires holding mutex
 */
#include <kernel/locked.h>
#include <kernel/mutex.h>

struct dial {
	LOCKED(struct mutex, struct { int level; }) at;
};

#ifdef TWIN
int turn(struct dial *dial)
{
	return locked_unshared(&dial->at)->level;
}
#else
int turn(struct dial *dial)
{
	return dial->at.inside_lock__.level;
}
#endif
