/* SPDX-License-Identifier: MIT */
/*
 * What one holds oneself is revoked: that waits for oneself.
 *
 * clang-context: cannot call function 'revocable_mutex_revoke' while revocable_mutex 'dial' is held
 */
#include <kernel/revocable_lock.h>

#ifdef TWIN
void give_up(struct revocable_mutex *dial)
{
	scoped_cond_guard(revocable_mutex, return, dial)
		*(int *)revocable_mutex_content(dial) = 0;
	revocable_mutex_revoke(dial);
}
#else
void give_up(struct revocable_mutex *dial)
{
	scoped_cond_guard(revocable_mutex, return, dial)
		revocable_mutex_revoke(dial);
}
#endif
