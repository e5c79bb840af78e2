/* SPDX-License-Identifier: MIT */
/*
 * A mutex is locked by who holds a spin lock.
 *
 * clang-context: cannot call function 'mutex_lock' while context_role 'role_spinning' is held
 */
#include <kernel/mutex.h>
#include <kernel/spinlock.h>

#ifdef TWIN
int both(spinlock_t *spin, struct mutex *mutex)
{
	guard(mutex)(mutex);
	guard(spinlock)(spin);
	return 0;
}
#else
int both(spinlock_t *spin, struct mutex *mutex)
{
	guard(spinlock)(spin);
	mutex_lock(mutex);
	mutex_unlock(mutex);
	return 0;
}
#endif
