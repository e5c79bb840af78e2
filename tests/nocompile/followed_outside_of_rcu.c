/* SPDX-License-Identifier: MIT */
/*
 * A pointer that RCU guards is followed outside of a read section.
 *
 * clang-context: calling function 'rcu_needs_section' requires holding context_role 'role_rcu'
 */
#include <kernel/rcupdate.h>

struct config {
	int level;
};

#ifdef TWIN
int level(struct config __rcu **config)
{
	guard(rcu)();
	return rcu_dereference(*config)->level;
}
#else
int level(struct config __rcu **config)
{
	return rcu_dereference(*config)->level;
}
#endif
