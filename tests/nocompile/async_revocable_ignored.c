/* SPDX-License-Identifier: MIT */
/*
 * A counted use begins and nobody looks whether the object is still there.
 *
 * gcc: ignoring return value of '__async_revocable_try_access'
 */
#include <kernel/async_revocable.h>

struct device {
	ASYNC_REVOCABLE(int) level;
};

#ifdef TWIN
void use(struct device *dev)
{
	if (async_revocable_try_access(&dev->level))
		async_revocable_put(&dev->level);
}
#else
void use(struct device *dev)
{
	async_revocable_try_access(&dev->level);
}
#endif
