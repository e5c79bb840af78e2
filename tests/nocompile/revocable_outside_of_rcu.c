/* SPDX-License-Identifier: MIT */
/*
 * A revocable object is used outside of a read section.
 *
 * clang-context: calling function '__revocable_try_access' requires holding context_role 'role_rcu'
 */
#include <kernel/revocable.h>

struct device {
	REVOCABLE(int) level;
};

#ifdef TWIN
int level(struct device *dev)
{
	const int *l;

	guard(rcu)();
	l = revocable_try_access(&dev->level);
	return l ? *l : 0;
}
#else
int level(struct device *dev)
{
	const int *l = revocable_try_access(&dev->level);

	return l ? *l : 0;
}
#endif
