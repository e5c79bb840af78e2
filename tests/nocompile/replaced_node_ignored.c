/* SPDX-License-Identifier: MIT */
/*
 * The node that an insertion gives back is lost.
 *
 * gcc: ignoring return value of 'ages_insert'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/rb_map.h>

static int compare_ages(const int *a, const int *b)
{
	return *a - *b;
}
DEFINE_RB_MAP(ages, int, int, compare_ages);

#ifdef TWIN
void add(struct ages *map, struct ages_node *node)
{
	ages_free(ages_insert(map, node));
}
#else
void add(struct ages *map, struct ages_node *node)
{
	ages_insert(map, node);
}
#endif
