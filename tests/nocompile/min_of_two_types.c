/* SPDX-License-Identifier: MIT */
/*
 * The smaller of a signed and an unsigned number is asked for.
 *
 * gcc: min/max of different types
 * clang: min/max of different types
 * clang-context: min/max of different types
 */
#include <lib/minmax.h>

#ifdef TWIN
long least(long a, unsigned long b)
{
	return min(a, (long)b);
}
#else
long least(long a, unsigned long b)
{
	return min(a, b);
}
#endif
