/* SPDX-License-Identifier: MIT */
/*
 * A pointer is followed without the lock that guards what is there.
 *
 * clang-context: reading the value pointed to by 'level' requires holding mutex
 */
#include <kernel/mutex.h>

struct dial {
	struct mutex lock;
	int *level __pt_guarded_by(&lock);
};

#ifdef TWIN
int turn(struct dial *dial)
{
	guard(mutex)(&dial->lock);
	return *dial->level;
}
#else
int turn(struct dial *dial)
{
	return *dial->level;
}
#endif
