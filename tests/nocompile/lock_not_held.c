/* SPDX-License-Identifier: MIT */
/*
 * A function that needs the lock is called without.
 *
 * clang-context: calling function 'turn_locked' requires holding mutex 'dial->lock'
 */
#include <kernel/mutex.h>

struct dial {
	struct mutex lock;
	int level __guarded_by(&lock);
};

static inline void turn_locked(struct dial *dial)
	__must_hold(&dial->lock)
{
	dial->level++;
}

#ifdef TWIN
int turn(struct dial *dial)
{
	guard(mutex)(&dial->lock);
	turn_locked(dial);
	return 0;
}
#else
int turn(struct dial *dial)
{
	turn_locked(dial);
	return 0;
}
#endif
