/* SPDX-License-Identifier: MIT */
/*
 * A revocable object is asked for and taken to be there.
 *
 * gcc: ignoring return value of '__revocable_try_access'
 */
#include <kernel/revocable.h>

struct device {
	REVOCABLE(int) level;
};

#ifdef TWIN
bool is_there(struct device *dev)
{
	guard(rcu)();
	return revocable_try_access(&dev->level);
}
#else
void use(struct device *dev)
{
	guard(rcu)();
	revocable_try_access(&dev->level);
}
#endif
