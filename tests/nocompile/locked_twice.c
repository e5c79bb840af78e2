/* SPDX-License-Identifier: MIT */
/*
 * A mutex is locked by who has it in a guard.
 *
 * clang-context: acquiring mutex 'dial->lock' that is already held
 */
#include <kernel/mutex.h>

struct dial {
	struct mutex lock;
	int level __guarded_by(&lock);
};

#ifdef TWIN
int turn(struct dial *dial)
{
	mutex_lock(&dial->lock);
	dial->level++;
	mutex_unlock(&dial->lock);
	return 0;
}
#else
int turn(struct dial *dial)
{
	guard(mutex)(&dial->lock);
	mutex_lock(&dial->lock);
	dial->level++;
	mutex_unlock(&dial->lock);
	return 0;
}
#endif
