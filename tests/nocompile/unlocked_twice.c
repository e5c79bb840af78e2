/* SPDX-License-Identifier: MIT */
/*
 * What a guard gives back is given back before.
 *
 * clang-context: releasing mutex 'dial->lock' that was not held
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
	dial->level++;
	return 0;
}
#else
int turn(struct dial *dial)
{
	guard(mutex)(&dial->lock);
	dial->level++;
	mutex_unlock(&dial->lock);
	return 0;
}
#endif
