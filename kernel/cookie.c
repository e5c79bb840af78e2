/* SPDX-License-Identifier: MIT */
/*
 * What <kernel/cookie.h> reports: the mark in a cookie says of which type it is.
 */
#include <kernel/cookie.h>

#include <kernel/bug.h>

/* Of one byte, so that its address is nobody else's. */
char cookie_empty;

#ifdef CONFIG_DEBUG_OBJECTS

bool cookie_check(struct cookie *cookie, const struct debug_obj_descr *descr, bool take)
{
	const struct debug_obj_descr *kind;

	if (WARN((const void *)cookie == &cookie_empty, "an empty cookie is taken for a %s",
		 descr->name))
		return false;
	kind = debug_object_kind(&cookie->debug);
	if (WARN(!kind, "%p is no cookie: of a %s", cookie, descr->name))
		return false;
	if (WARN(kind != descr, "the cookie of a %s is taken for a %s", kind->name, descr->name))
		return false;
	return !WARN(!debug_object_is_live(&cookie->debug, descr),
		     "the cookie of %s %p was taken back already", descr->name, cookie) &&
	       (!take || debug_object_deactivate(&cookie->debug, descr));
}

#endif
