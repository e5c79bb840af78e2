/* SPDX-License-Identifier: MIT */
/*
 * What <kernel/kref.h> and <kernel/ref.h> report in a build that checks objects.
 *
 * The mark says whether there is a count at all, and then the count tells the stages apart: 0 is
 * unique or dead, one at or just below REF_STATIC_BIAS is a static object's. So the mark is
 * written where an object begins, and not at its end: somebody may be looking the object up.
 *
 * Whoever made an object may free it without a put as long as nobody else has it.
 *
 * Locking: the callers'; a mark that becomes good at its first use is made the same by all.
 */
#include <kernel/ref.h>

#include <hal/memory.h>
#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <lib/kconfig.h>
#include <lib/refcount.h>

static bool others_have_it(const void *kref)
{
	return refcount_read(&((const struct kref *)kref)->refcount) > 1;
}

const struct debug_obj_descr kref_debug_descr __debug_obj_descr = {
	.name = "kref",
	.live = "referred to by others",
	.offset = offsetof(struct kref, debug),
	.is_live = others_have_it,
	.needs_no_init = true,
};

bool kref_is_good(const struct kref *kref)
{
	return debug_object_kind(&kref->debug) == &kref_debug_descr;
}

/* A count that is saturated leaks, its memory is nobody's for good: it may begin anew. */
static int references_to(struct kref *kref)
{
	int n = refcount_read(&kref->refcount);

	debug_object_settle(&kref->debug, &kref_debug_descr);
	return kref_is_good(kref) && n > 0 ? n : 0;
}

/*
 * Memory that was freed holds a good mark yet if it was not filled: what the image and checked
 * memory hold was meant.
 */
bool kref_may_begin(struct kref *kref)
{
	int n = references_to(kref);

	if (WARN((IS_ENABLED(CONFIG_DEBUG_SLAB) || is_image_address(kref)) && n > 0,
		 "kref %p is initialised while there are references to it: %d", kref, n))
		return false;
	refcount_set(&kref->refcount, 0);
	return debug_object_activate(&kref->debug, &kref_debug_descr);
}

bool kref_may_be_used(struct kref *kref)
{
	debug_object_settle(&kref->debug, &kref_debug_descr);
	return debug_object_assert_init(&kref->debug, &kref_debug_descr);
}

/*
 * Read before it is lowered: afterwards the object may be gone. That two may pass at once does
 * not matter, since what is just below the bias is one's that was put too often, too.
 */
bool ref_may_put(struct kref *refs)
{
	int n = refcount_read(&refs->refcount);

	return kref_may_be_used(refs) &&
	       !WARN(n <= REF_STATIC_BIAS && n > REF_STATIC_BIAS / 2,
		     "static object with count %p is put without a get", refs);
}

bool ref_may_begin(struct kref *refs)
{
	if (WARN(references_to(refs) > REF_STATIC_BIAS / 2,
		 "static object with count %p is taken for the memory of a new one", refs))
		return false;
	return kref_may_begin(refs);
}

bool ref_is_unique(struct kref *refs)
{
	return kref_may_be_used(refs) &&
	       !WARN(refcount_read(&refs->refcount) != 0,
		     "object with count %p was shared already", refs);
}
