/* SPDX-License-Identifier: MIT */
/*
 * What a lock guards is used where it was not to be had.
 *
 * clang-context: writing variable 'level' requires holding mutex
 */
#include <kernel/mutex.h>
#include <lib/errno.h>

struct dial {
	struct mutex lock;
	int level __guarded_by(&lock);
};

#ifdef TWIN
int turn(struct dial *dial)
{
	scoped_cond_guard(mutex_try, return -EBUSY, &dial->lock)
		++dial->level;
	return 0;
}
#else
int turn(struct dial *dial)
{
	scoped_cond_guard(mutex_try, return dial->level = 0, &dial->lock)
		++dial->level;
	return 0;
}
#endif
