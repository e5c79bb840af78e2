/* SPDX-License-Identifier: MIT */
/*
 * One of two ways out leaves the mutex locked.
 *
 * clang-context: mutex 'dial->lock' is not held on every path
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
	if (dial->level == 0) {
		mutex_unlock(&dial->lock);
		return 0;
	}
	dial->level--;
	mutex_unlock(&dial->lock);
	return 1;
}
#else
int turn(struct dial *dial)
{
	mutex_lock(&dial->lock);
	if (dial->level == 0)
		return 0;
	dial->level--;
	mutex_unlock(&dial->lock);
	return 1;
}
#endif
