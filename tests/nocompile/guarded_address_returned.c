/* SPDX-License-Identifier: MIT */
/*
 * The address of a field leaves the function, and its lock does not.
 *
 * clang-context: returning pointer to variable 'level' requires holding mutex
 */
#include <kernel/mutex.h>

struct dial {
	struct mutex lock;
	int level __guarded_by(&lock);
};

#ifdef TWIN
int *turn(struct dial *dial)
	__must_hold(&dial->lock)
{
	return &dial->level;
}
#else
int *turn(struct dial *dial)
{
	return &dial->level;
}
#endif
