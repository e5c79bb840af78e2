/* SPDX-License-Identifier: MIT */
/*
 * A user of a revocable object revokes it, and would wait for itself.
 *
 * clang-context: cannot call function '__revocable_revoke' while context_role 'role_rcu' is held
 */
#include <kernel/revocable.h>

struct device {
	REVOCABLE(int) level;
};

#ifdef TWIN
int end(struct device *dev)
{
	int level = 0;

	scoped_revocable(l, &dev->level)
		level = *l;
	revocable_revoke(&dev->level);
	return level;
}
#else
int end(struct device *dev)
{
	scoped_revocable(l, &dev->level) {
		revocable_revoke(&dev->level);
		return *l;
	}
	return 0;
}
#endif
