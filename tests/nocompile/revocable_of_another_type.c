/* SPDX-License-Identifier: MIT */
/*
 * The destructor is of another type than the object.
 *
 * gcc: initialization of 'void \(\*\)\(int \*\)' from incompatible pointer type
 * clang: incompatible function pointer types initializing
 */
#include <kernel/revocable.h>

struct device {
	REVOCABLE(int) level;
};

#ifdef TWIN
static void end(int *level)
#else
static void end(struct device *level)
#endif
{
	(void)level;
}

void begin(struct device *dev)
{
	revocable_init(&dev->level, end);
}
