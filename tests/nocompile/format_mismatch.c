/* SPDX-License-Identifier: MIT */
/*
 * A number is printed as a string.
 *
 * gcc: format '%s' expects argument of type 'char \*'
 * clang: format specifies type 'char \*'
 * clang-context: format specifies type 'char \*'
 */
#include <kernel/printk.h>

#ifdef TWIN
void tell(int level)
{
	pr_info("level %d\n", level);
}
#else
void tell(int level)
{
	pr_info("level %s\n", level);
}
#endif
