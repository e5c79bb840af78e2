/* SPDX-License-Identifier: MIT */
/*
 * A reader under RCU waits for a grace period, which waits for it.
 *
 * clang-context: cannot call function 'synchronize_rcu' while context_role 'role_rcu' is held
 */
#include <kernel/rcupdate.h>

#ifdef TWIN
void wait(void)
{
	scoped_guard(rcu)
		;
	synchronize_rcu();
}
#else
void wait(void)
{
	guard(rcu)();
	synchronize_rcu();
}
#endif
