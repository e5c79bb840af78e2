/* SPDX-License-Identifier: MIT */
/*
 * A reference is made of an object that was not shared yet.
 *
 * gcc: passing argument 1 of 'gadget_get' from incompatible pointer type
 * clang: incompatible pointer types passing 'struct gadget_unique \*'
 */
#include <kernel/ref.h>

struct gadget {
	struct kref refs;
};

static void gadget_release(struct gadget *gadget)
{
	(void)gadget;
}
DEFINE_REF(gadget, refs, gadget_release);

#ifdef TWIN
struct gadget *two(struct gadget_unique *unique)
{
	return gadget_get(gadget_share(unique));
}
#else
struct gadget *two(struct gadget_unique *unique)
{
	return gadget_get(unique);
}
#endif
