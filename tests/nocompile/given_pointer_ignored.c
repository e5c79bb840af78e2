/* SPDX-License-Identifier: MIT */
/*
 * A pointer that was to be freed is given away, and nobody has it.
 *
 * gcc: ignoring return value of 'ptr_taken_from'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/slab.h>

#ifdef TWIN
void *leave(void)
{
	void *p __free(kfree) = kmalloc(16, GFP_KERNEL);

	return_ptr(p);
}
#else
void *leave(void)
{
	void *p __free(kfree) = kmalloc(16, GFP_KERNEL);

	no_free_ptr(p);
	return NULL;
}
#endif
