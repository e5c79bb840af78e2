/* SPDX-License-Identifier: MIT */
/*
 * Single bits and contiguous masks, unsigned. GENMASK(h, l) has the bits h down to l set,
 * both included; a mask turned upside down does not compile.
 */
#ifndef LIB_BITS_H
#define LIB_BITS_H

#include <lib/build_bug.h>

#define BITS_PER_BYTE		8
#define BITS_PER_LONG		(__SIZEOF_LONG__ * BITS_PER_BYTE)
#define BITS_PER_LONG_LONG	64

#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define BIT_MASK(n)		(1UL << ((n) % BITS_PER_LONG))
#define BIT_WORD(n)		((n) / BITS_PER_LONG)
#define BITS_TO_LONGS(n)	(((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)

#define GENMASK_CHECK(h, l) \
	BUILD_BUG_ON_ZERO(__builtin_choose_expr(__builtin_constant_p((l) > (h)), (l) > (h), 0))

#define GENMASK(h, l) \
	(GENMASK_CHECK(h, l) + ((~0UL >> (BITS_PER_LONG - 1 - (h))) & (~0UL << (l))))
#define GENMASK_ULL(h, l) \
	(GENMASK_CHECK(h, l) + ((~0ULL >> (BITS_PER_LONG_LONG - 1 - (h))) & (~0ULL << (l))))

#endif
