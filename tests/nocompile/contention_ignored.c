/* SPDX-License-Identifier: MIT */
/*
 * A no-wait lock is unlocked, and what somebody could not do meanwhile is forgotten.
 *
 * gcc: ignoring return value of 'nowait_unlock'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/nowait_lock.h>

#ifdef TWIN
void poll(struct nowait_lock *lock, void (*look)(void))
{
	if (!nowait_trylock(lock))
		return;
	look();
	nowait_unlock_quietly(lock);
}
#else
void poll(struct nowait_lock *lock, void (*look)(void))
{
	if (!nowait_trylock(lock))
		return;
	look();
	nowait_unlock(lock);
}
#endif
