/* SPDX-License-Identifier: MIT */
/*
 * What is locked for reading is written.
 *
 * gcc: assignment of member 'level' in read-only object
 * clang: read-only variable|cannot assign to variable '.*' with const-qualified type
 * clang-context: cannot assign to variable '.*' with const-qualified type
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
		at->level = 3;
	scoped_locked_read(mutex, at, &dial->at)
		return at->level;
	return 0;
}
#else
int turn(struct dial *dial)
{
	scoped_locked_read(mutex, at, &dial->at)
		at->level = 3;
	return 0;
}
#endif
