/* SPDX-License-Identifier: MIT */
/*
 * A spin lock is given to the guard of mutexes.
 *
 * gcc: incompatible pointer type
 * clang: incompatible pointer types
 * clang-context: incompatible pointer types
 */
#include <kernel/mutex.h>

#ifdef TWIN
int count(spinlock_t *lock, int *n)
{
	guard(spinlock)(lock);
	return ++*n;
}
#else
int count(spinlock_t *lock, int *n)
{
	guard(mutex)(lock);
	return ++*n;
}
#endif
