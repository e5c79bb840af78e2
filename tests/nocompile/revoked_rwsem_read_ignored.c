/* SPDX-License-Identifier: MIT */
/*
 * A revocable read-write semaphore is taken for reading, and that it may be empty is not looked at.
 *
 * gcc: ignoring return value of 'revocable_rwsem_read_lock'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/revocable_lock.h>

#ifdef TWIN
int level(struct revocable_rwsem *dial)
{
	const int *level = revocable_rwsem_read_lock(dial);
	int now;

	if (!level)
		return -1;
	now = *level;
	revocable_rwsem_read_unlock(dial);
	return now;
}
#else
void level(struct revocable_rwsem *dial)
{
	revocable_rwsem_read_lock(dial);
	revocable_rwsem_read_unlock(dial);
}
#endif
