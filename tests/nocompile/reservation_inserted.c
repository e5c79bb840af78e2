/* SPDX-License-Identifier: MIT */
/*
 * Memory that was reserved is inserted before it has a key and a value.
 *
 * gcc: passing argument 2 of 'ages_insert' from incompatible pointer type
 * clang: incompatible pointer types passing 'struct ages_reservation \*'
 */
#include <kernel/rb_map.h>

static int compare_ages(const int *a, const int *b)
{
	return *a - *b;
}
DEFINE_RB_MAP(ages, int, int, compare_ages);

#ifdef TWIN
struct ages_node *add(struct ages *map, struct ages_reservation *r)
{
	return ages_insert(map, ages_into_node(r, 1, 2));
}
#else
struct ages_node *add(struct ages *map, struct ages_reservation *r)
{
	return ages_insert(map, r);
}
#endif
