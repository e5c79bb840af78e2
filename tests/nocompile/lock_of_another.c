/* SPDX-License-Identifier: MIT */
/*
 * A function that needs the lock is called with that of another object.
 *
 * clang-context: calling function 'turn_locked' requires holding mutex 'b->lock'
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
int turn_both(struct dial *a, struct dial *b)
{
	guard(mutex)(&a->lock);
	turn_locked(a);
	return b != a;
}
#else
int turn_both(struct dial *a, struct dial *b)
{
	guard(mutex)(&a->lock);
	turn_locked(b);
	return 0;
}
#endif
