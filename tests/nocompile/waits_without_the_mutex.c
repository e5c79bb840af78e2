/* SPDX-License-Identifier: MIT */
/*
 * Somebody waits for a condition without the mutex.
 *
 * clang-context: calling function 'condvar_wait' requires holding mutex 'lock'
 */
#include <kernel/condvar.h>

#ifdef TWIN
void wait(struct condvar *cv, struct mutex *lock)
{
	guard(mutex)(lock);
	condvar_wait(cv, lock);
}
#else
void wait(struct condvar *cv, struct mutex *lock)
{
	condvar_wait(cv, lock);
}
#endif
