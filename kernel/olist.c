/* SPDX-License-Identifier: MIT */
/*
 * What the reports say of objects on the lists of <kernel/olist.h>.
 */
#include <kernel/olist.h>

const struct debug_obj_descr olist_links_debug_descr __debug_obj_descr = {
	.name = "olist_links",
	.live = "on a list",
	.offset = offsetof(struct olist_links, debug),
	.needs_no_init = true,
};
