/* SPDX-License-Identifier: MIT */
/*
 * The data cache by address, for memory that a device reads or writes without looking into it.
 *
 * Each reaches the point of coherency of all levels that the architecture manages, on every
 * processor of the inner shareable domain, and is complete on return: what a device does next
 * comes after it. A cache outside of the processors (PL310) has registers of its own and is not
 * among them. Lines are those of the smallest cache.
 *
 * Context: any, for all of this header.
 */
#ifndef HAL_CACHE_H
#define HAL_CACHE_H

#include <lib/compiler.h>
#include <lib/types.h>

/* Bytes of the smallest line: a power of two. */
static inline size_t hal_dcache_line(void)
{
	u32 ctr;

	__asm__("mrc p15, 0, %0, c0, c0, 1" : "=r" (ctr));	/* CTR.DminLine: log2 of words */
	return (size_t)4 << (ctr >> 16 & 0xf);
}

/* Each line that has a byte of [start, start + size). */

/* Memory has what the processor wrote. */
void hal_dcache_clean(const void *start, size_t size);
/* What the processor wrote and memory has not is lost; what it reads next is memory's. */
void hal_dcache_invalidate(void *start, size_t size);
/* Both: written to memory first. */
void hal_dcache_clean_invalidate(void *start, size_t size);

#endif
