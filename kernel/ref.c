/* SPDX-License-Identifier: MIT */
/*
 * What <kernel/ref.h> reports in every build; the rest is in kref_debug.c.
 */
#include <kernel/ref.h>

#include <kernel/bug.h>
#include <lib/kconfig.h>

void ref_report_dead(const struct kref *refs)
{
	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS) || kref_is_good(refs))
		WARN(true, "object with count %p is got when it is at its end: use after free",
		     refs);
}
