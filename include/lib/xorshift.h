/* SPDX-License-Identifier: MIT */
/*
 * Marsaglia's xorshift (Xorshift RNGs, 2003: 13, 17, 5): good enough to choose by, the same on
 * every machine, and good for no secret.
 */
#ifndef LIB_XORSHIFT_H
#define LIB_XORSHIFT_H

#include <lib/types.h>

/* The next number, never 0; *state, the caller's, is any but 0 at first. Context: any. */
static inline u32 xorshift32(u32 *state)
{
	u32 x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}

#endif
