/* SPDX-License-Identifier: MIT */
/*
 * A revocable read-write semaphore is taken for writing, and that it may be empty is not looked at.
 *
 * gcc: ignoring return value of 'revocable_rwsem_write_lock'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/revocable_lock.h>

#ifdef TWIN
void turn(struct revocable_rwsem *dial)
{
	int *level = revocable_rwsem_write_lock(dial);

	if (!level)
		return;
	*level = 3;
	revocable_rwsem_write_unlock(dial);
}
#else
void turn(struct revocable_rwsem *dial)
{
	revocable_rwsem_write_lock(dial);
	revocable_rwsem_write_unlock(dial);
}
#endif
