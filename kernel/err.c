/* SPDX-License-Identifier: MIT */
/*
 * What <lib/err.h> wants said of a number that is no error.
 */
#include <lib/err.h>

#include <kernel/bug.h>

void err_ptr_report(long error)
{
	WARN(true, "ERR_PTR(%ld): not the negative number of an error", error);
}
