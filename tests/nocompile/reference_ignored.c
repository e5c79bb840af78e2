/* SPDX-License-Identifier: MIT */
/*
 * A reference is taken and nobody has it.
 *
 * gcc: ignoring return value of 'gadget_get'
 * clang: ignoring return value of function declared with 'warn_unused_result'
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
struct gadget *keep(const struct gadget *borrowed)
{
	return gadget_get(borrowed);
}
#else
void keep(const struct gadget *borrowed)
{
	gadget_get(borrowed);
}
#endif
