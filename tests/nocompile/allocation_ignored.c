/* SPDX-License-Identifier: MIT */
/*
 * Memory is allocated and nobody has it.
 *
 * gcc: ignoring return value of 'kmalloc'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/slab.h>

#ifdef TWIN
void lose(void)
{
	kfree(kmalloc(16, GFP_KERNEL));
}
#else
void lose(void)
{
	kmalloc(16, GFP_KERNEL);
}
#endif
