/* SPDX-License-Identifier: MIT */
/*
 * A text that can be set at any time is read without the lock: it may be freed meanwhile.
 *
 * clang-context: reading variable 'name' requires holding mutex 'param_lock'
 */
#include <kernel/moduleparam.h>

static char *name __guarded_by(&param_lock) = "none";
module_param(name, charp, 0644);

#ifdef TWIN
char first_letter(void)
{
	guard(mutex)(&param_lock);
	return name[0];
}
#else
char first_letter(void)
{
	return name[0];
}
#endif
