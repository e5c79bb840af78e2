/* SPDX-License-Identifier: MIT */
/*
 * A revocable lock is taken, and that it may be empty is not looked at.
 *
 * gcc: ignoring return value of 'revocable_mutex_lock'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/revocable_lock.h>

#ifdef TWIN
void turn(struct revocable_mutex *dial)
{
	int *level = revocable_mutex_lock(dial);

	if (!level)
		return;
	*level = 3;
	revocable_mutex_unlock(dial);
}
#else
void turn(struct revocable_mutex *dial)
{
	revocable_mutex_lock(dial);
	revocable_mutex_unlock(dial);
}
#endif
