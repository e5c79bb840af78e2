/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a reference count that went wrong: it is saturated already,
 * so the object leaks; here it is reported.
 */
#include <lib/refcount.h>
#include <kernel/bug.h>

void refcount_report(refcount_t *r, enum refcount_fault fault)
{
	static const char *const what[] = {
		[REFCOUNT_ADD_FROM_ZERO] = "raised from zero: use after free",
		[REFCOUNT_OVERFLOW] = "overflowed or was used when saturated: leaks",
		[REFCOUNT_UNDERFLOW] = "lowered below zero: put without get",
		[REFCOUNT_USE_AFTER_FREE] = "is in memory that was freed",
	};

	WARN(true, "refcount %p %s", r, what[fault]);
}
