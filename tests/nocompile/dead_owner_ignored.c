/* SPDX-License-Identifier: MIT */
/*
 * Nobody looks at whether the holder of a robust mutex has died.
 *
 * gcc: ignoring return value of 'robust_mutex_lock'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/robust_mutex.h>

#ifdef TWIN
int turn(struct robust_mutex *dial, int (*repair)(void *level), int *level)
{
	int err = robust_mutex_lock_repair(dial, repair, level);

	if (err)
		return err;
	++*level;
	robust_mutex_unlock(dial);
	return 0;
}
#else
int turn(struct robust_mutex *dial, int (*repair)(void *level), int *level)
{
	(void)repair;
	robust_mutex_lock(dial);
	++*level;
	robust_mutex_unlock(dial);
	return 0;
}
#endif
