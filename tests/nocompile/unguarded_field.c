/* SPDX-License-Identifier: MIT */
/*
 * A field is written without the lock that guards it.
 *
 * clang-context: writing variable 'level' requires holding mutex
 */
#include <kernel/mutex.h>

struct dial {
	struct mutex lock;
	int level __guarded_by(&lock);
};

#ifdef TWIN
int turn(struct dial *dial)
{
	guard(mutex)(&dial->lock);
	return ++dial->level;
}
#else
int turn(struct dial *dial)
{
	return ++dial->level;
}
#endif
