/* SPDX-License-Identifier: MIT */
/*
 * The number of elements behind a pointer is asked for.
 *
 * gcc: negative width in bit-field
 * clang: has negative width
 * clang-context: has negative width
 */
#include <lib/math.h>
#include <lib/types.h>

#ifdef TWIN
size_t count(const int *first)
{
	const int two[] = { first[0], first[1] };

	return ARRAY_SIZE(two);
}
#else
size_t count(const int *first)
{
	return ARRAY_SIZE(first);
}
#endif
