/* SPDX-License-Identifier: MIT */
/*
 * Whether a list took an object is not asked.
 *
 * gcc: ignoring return value of 'olist_push_back'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/olist.h>

#ifdef TWIN
bool give(struct olist *list, struct olist_links *links)
{
	return olist_push_back(list, links);
}
#else
void give(struct olist *list, struct olist_links *links)
{
	olist_push_back(list, links);
}
#endif
