/* SPDX-License-Identifier: MIT */
/*
 * A lock is tried for and taken to be had.
 *
 * gcc: ignoring return value of 'mutex_trylock'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/mutex.h>

#ifdef TWIN
void hope(struct mutex *lock)
{
	if (mutex_trylock(lock))
		mutex_unlock(lock);
}
#else
void hope(struct mutex *lock)
{
	mutex_trylock(lock);
}
#endif
