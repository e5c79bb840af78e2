/* SPDX-License-Identifier: MIT */
/*
 * A reference whose release may sleep is given back under a spin lock.
 *
 * clang-context: cannot call function 'gadget_put' while context_role 'role_spinning' is held
 */
#include <kernel/ref.h>
#include <kernel/spinlock.h>

struct gadget {
	struct kref refs;
};

static void gadget_release(struct gadget *gadget)
{
	(void)gadget;
}
DEFINE_REF_SLEEPING(gadget, refs, gadget_release);

#ifdef TWIN
void drop(spinlock_t *spin, struct gadget **slot)
{
	struct gadget *gadget;

	scoped_guard(spinlock, spin) {
		gadget = *slot;
		*slot = NULL;
	}
	gadget_put(gadget);
}
#else
void drop(spinlock_t *spin, struct gadget **slot)
{
	guard(spinlock)(spin);
	gadget_put(*slot);
	*slot = NULL;
}
#endif
