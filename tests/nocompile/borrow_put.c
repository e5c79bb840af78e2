/* SPDX-License-Identifier: MIT */
/*
 * A reference that is only borrowed is given back.
 *
 * gcc: passing argument 1 of 'gadget_put' discards 'const' qualifier
 * clang: passing 'const struct gadget \*' to parameter of type .* discards qualifiers
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
void look(const struct gadget *borrowed)
{
	gadget_put(gadget_get(borrowed));
}
#else
void look(const struct gadget *borrowed)
{
	gadget_put(borrowed);
}
#endif
