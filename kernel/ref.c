/* SPDX-License-Identifier: MIT */
/*
 * What <kernel/ref.h> reports. The count alone tells the stages apart: 0 is unique or dead, one
 * at or just below REF_STATIC_BIAS is a static object's.
 */
#include <kernel/ref.h>

#include <hal/memory.h>
#include <kernel/bug.h>
#include <lib/refcount.h>

/*
 * Read before it is lowered: afterwards the object may be gone. That two may pass at once does
 * not matter, since what is just below the bias is one's that was put too often, too.
 */
bool ref_may_put(const struct kref *refs)
{
	int n = refcount_read(&refs->refcount);

	return !WARN(n <= REF_STATIC_BIAS && n > REF_STATIC_BIAS / 2,
		     "static object with count %p is put without a get", refs);
}

/*
 * Memory that was allocated may hold anything, a static object's count among that. In the image
 * there is what the compiler put there, or what an object that ended left: zero.
 */
bool ref_may_begin(struct kref *refs)
{
	return !WARN(is_image_address(refs) &&
		     refcount_read(&refs->refcount) > REF_STATIC_BIAS / 2,
		     "static object with count %p is taken for the memory of a new one", refs);
}

bool ref_is_unique(const struct kref *refs)
{
	return !WARN(refcount_read(&refs->refcount) != 0,
		     "object with count %p was shared already", refs);
}

void ref_report_dead(const struct kref *refs)
{
	WARN(true, "object with count %p is got when it is at its end: use after free", refs);
}
