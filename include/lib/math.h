/* SPDX-License-Identifier: MIT */
/*
 * Rounding, alignment and the divisions that a core without a divider should
 * think about. Alignments are powers of two. Context: any, for all of this header.
 */
#ifndef LIB_MATH_H
#define LIB_MATH_H

#include <lib/compiler.h>
#include <lib/types.h>

#define ARRAY_SIZE(a) \
	(sizeof(a) / sizeof((a)[0]) + \
	 sizeof(struct { int : (-!!__same_type(a, &(a)[0])); }))

#define ALIGN(x, a)		(((x) + ((__typeof__(x))(a) - 1)) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a)	((x) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a)	(((x) & ((__typeof__(x))(a) - 1)) == 0)
#define PTR_ALIGN(p, a)		((__typeof__(p))ALIGN((unsigned long)(p), (unsigned long)(a)))
#define round_up(x, a)		ALIGN(x, a)
#define round_down(x, a)	ALIGN_DOWN(x, a)
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define DIV_ROUND_CLOSEST(n, d)	(((n) + (d) / 2) / (d))	/* both unsigned */

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

/* x / 10 and x / 1000 for any x, by multiplication: 2^35 / 10 and 2^38 / 1000, rounded up. */
static inline u32 div10(u32 x)
{
	return (u32)(((u64)x * 0xcccccccdu) >> 35);
}

static inline u32 div1000(u32 x)
{
	return (u32)(((u64)x * 0x10624dd3u) >> 38);
}

/*
 * The quotient of 64 by 32 bits. A dividend that fits 32 bits, the usual case, takes the
 * short division: a quarter of the instructions on a core without a divider.
 */
static inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	if (likely(dividend <= UINT32_MAX)) {
		*remainder = (u32)dividend % divisor;
		return (u32)dividend / divisor;
	}
	*remainder = (u32)(dividend % divisor);
	return dividend / divisor;
}

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return likely(dividend <= UINT32_MAX) ? (u32)dividend / divisor : dividend / divisor;
}

#endif
