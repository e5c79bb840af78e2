/* SPDX-License-Identifier: MIT */
/*
 * Maintenance of the data cache by address (ARM DDI 0406C, B2.2.6 and B4.2.1).
 *
 * An operation on an address is in order with loads and stores of that address by the same
 * processor: a barrier is only needed behind the last.
 */
#include <hal/cache.h>
#include <hal/barrier.h>
#include <lib/math.h>

#define FOR_EACH_LINE(start, size, operation) do {				\
	size_t line__ = hal_dcache_line();					\
	unsigned long end__ = (unsigned long)(start) + (size);			\
	unsigned long at__ = ALIGN_DOWN((unsigned long)(start), line__);	\
										\
	for (; at__ < end__; at__ += line__)					\
		__asm__ volatile("mcr p15, 0, %0, " operation			\
				 :: "r" (at__) : "memory");			\
	dsb(sy);								\
} while (0)

void hal_dcache_clean(const void *start, size_t size)
{
	FOR_EACH_LINE(start, size, "c7, c10, 1");	/* DCCMVAC */
}

void hal_dcache_invalidate(void *start, size_t size)
{
	FOR_EACH_LINE(start, size, "c7, c6, 1");	/* DCIMVAC */
}

void hal_dcache_clean_invalidate(void *start, size_t size)
{
	FOR_EACH_LINE(start, size, "c7, c14, 1");	/* DCCIMVAC */
}
