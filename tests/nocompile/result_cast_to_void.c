/* SPDX-License-Identifier: MIT */
/*
 * A result that has to be used is cast to void.
 *
 * gcc: ignoring return value of 'mutex_lock_interruptible'
 */
#include <kernel/mutex.h>

#ifdef TWIN
void hope(struct mutex *lock)
{
	if (mutex_lock_interruptible(lock) == 0)
		mutex_unlock(lock);
}
#else
void hope(struct mutex *lock)
{
	(void)mutex_lock_interruptible(lock);
}
#endif
