/* SPDX-License-Identifier: MIT */
/*
 * One of many users at a time writes to what all of them read.
 *
 * gcc: assignment of read-only location '\*l'
 * clang: read-only variable is not assignable
 */
#include <kernel/revocable.h>

struct device {
	REVOCABLE(int) level;
};

#ifdef TWIN
int set(struct device *dev)
{
	scoped_revocable(l, &dev->level)
		return *l;
	return 0;
}
#else
int set(struct device *dev)
{
	scoped_revocable(l, &dev->level)
		return *l = 1;
	return 0;
}
#endif
