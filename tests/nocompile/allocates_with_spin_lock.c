/* SPDX-License-Identifier: MIT */
/*
 * Memory is asked for that may be waited for, with a spin lock held.
 *
 * clang-context: cannot call function 'kmalloc' while context_role 'role_spinning' is held
 */
#include <kernel/slab.h>
#include <kernel/spinlock.h>

#ifdef TWIN
void *copy_locked(spinlock_t *lock)
{
	guard(spinlock)(lock);
	return kmalloc(16, GFP_ATOMIC);
}
#else
void *copy_locked(spinlock_t *lock)
{
	guard(spinlock)(lock);
	return kmalloc(16, GFP_KERNEL);
}
#endif
