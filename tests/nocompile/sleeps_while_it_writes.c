/* SPDX-License-Identifier: MIT */
/*
 * The writer of a sequence lock sleeps, and its readers wait.
 *
 * clang-context: cannot call function 'mutex_lock' while context_role 'role_spinning' is held
 */
#include <kernel/mutex.h>
#include <kernel/seqlock.h>

#ifdef TWIN
void turn(seqlock_t *dial, struct mutex *lock)
{
	guard(mutex)(lock);
	write_seqlock(dial);
	write_sequnlock(dial);
}
#else
void turn(seqlock_t *dial, struct mutex *lock)
{
	write_seqlock(dial);
	mutex_lock(lock);
	mutex_unlock(lock);
	write_sequnlock(dial);
}
#endif
