/* SPDX-License-Identifier: MIT */
/*
 * Data inside of a lock is used after the block that holds it.
 *
 * gcc: 'at' undeclared
 * clang: use of undeclared identifier 'at'
 * clang-context: use of undeclared identifier 'at'
 */
#include <kernel/locked.h>
#include <kernel/mutex.h>

struct dial {
	LOCKED(struct mutex, struct { int level; }) at;
};

#ifdef TWIN
int turn(struct dial *dial)
{
	scoped_locked(mutex, at, &dial->at)
		return at->level = 3;
	return 0;
}
#else
int turn(struct dial *dial)
{
	scoped_locked(mutex, at, &dial->at)
		at->level = 3;
	return at->level;
}
#endif
