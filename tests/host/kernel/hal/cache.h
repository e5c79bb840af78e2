/* SPDX-License-Identifier: MIT */
/*
 * No device looks past the caches here: a test sees what would be done by a hook.
 */
#ifndef HAL_CACHE_H
#define HAL_CACHE_H

#include <lib/types.h>

static inline size_t hal_dcache_line(void)
{
	return 64;
}

static inline void hal_dcache_clean(const void *start, size_t size)
{
	(void)start, (void)size;
}

static inline void hal_dcache_invalidate(void *start, size_t size)
{
	(void)start, (void)size;
}

static inline void hal_dcache_clean_invalidate(void *start, size_t size)
{
	(void)start, (void)size;
}

#endif
