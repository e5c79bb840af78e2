/* SPDX-License-Identifier: MIT */
/*
 * A guarded field is read after the block of the guard.
 *
 * clang-context: reading variable 'level' requires holding mutex
 */
#include <kernel/mutex.h>

struct dial {
	struct mutex lock;
	int level __guarded_by(&lock);
};

#ifdef TWIN
int turn(struct dial *dial)
{
	int level = 0;

	scoped_guard(mutex, &dial->lock)
		level = ++dial->level;
	return level;
}
#else
int turn(struct dial *dial)
{
	scoped_guard(mutex, &dial->lock)
		dial->level++;
	return dial->level;
}
#endif
