/* SPDX-License-Identifier: MIT */
/*
 * Sets of numbers from 0 on, a bit each, in an array of words: DECLARE_BITMAP. Names as in Linux;
 * single bits and searches are in <lib/bitops.h>.
 *
 * `nbits` is how many bits count. Those behind them in the last word may be anything: they are
 * not looked at, and what is written to them means nothing.
 *
 * Nothing here is atomic. Locking: the owner's of the map. Context: any, for all of this header.
 */
#ifndef LIB_BITMAP_H
#define LIB_BITMAP_H

#include <lib/bitops.h>
#include <lib/types.h>

/* The bits of a first word from `start` on, and those of a last word before `nbits`. */
#define BITMAP_FIRST_WORD_MASK(start)	(~0ul << ((start) & (BITS_PER_LONG - 1)))
#define BITMAP_LAST_WORD_MASK(nbits)	(~0ul >> (-(nbits) & (BITS_PER_LONG - 1)))

/* All bits. */
void bitmap_zero(unsigned long *map, unsigned int nbits);
void bitmap_fill(unsigned long *map, unsigned int nbits);
void bitmap_copy(unsigned long *dst, const unsigned long *src, unsigned int nbits);
void bitmap_complement(unsigned long *dst, const unsigned long *src, unsigned int nbits);

/* `len` bits from `start` on. */
void bitmap_set(unsigned long *map, unsigned int start, unsigned int len);
void bitmap_clear(unsigned long *map, unsigned int start, unsigned int len);

/* Each bit of two maps; dst may be one of them. Those with a result return whether a bit is set. */
bool bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		unsigned int nbits);
bool bitmap_andnot(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		   unsigned int nbits);
void bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b,
	       unsigned int nbits);
void bitmap_xor(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		unsigned int nbits);

/* Those of `fresh` where `mask` is set, those of `old` where it is not. */
void bitmap_replace(unsigned long *dst, const unsigned long *old, const unsigned long *fresh,
		    const unsigned long *mask, unsigned int nbits);

/* Whether the sets are the same; have a number in common; whether `a` is part of `b`. */
bool bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits);
bool bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits);
bool bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits);

/* How many bits are set. */
unsigned int bitmap_weight(const unsigned long *map, unsigned int nbits);

static inline bool bitmap_empty(const unsigned long *map, unsigned int nbits)
{
	return find_first_bit(map, nbits) == nbits;
}

static inline bool bitmap_full(const unsigned long *map, unsigned int nbits)
{
	return find_first_zero_bit(map, nbits) == nbits;
}

/* Towards higher numbers, and lower ones; what comes in is clear. dst may be src. */
void bitmap_shift_left(unsigned long *dst, const unsigned long *src, unsigned int shift,
		       unsigned int nbits);
void bitmap_shift_right(unsigned long *dst, const unsigned long *src, unsigned int shift,
			unsigned int nbits);

/*
 * The first of `nr` clear bits in a row, at or after `start`, whose number plus `align_offset`
 * has no bit of `align_mask`, which is a power of two less one. Return: its number; one
 * larger than `size` less `nr` if there is none. With nr of 0 it is that of any aligned place.
 */
unsigned long bitmap_find_next_zero_area_off(unsigned long *map, unsigned long size,
					     unsigned long start, unsigned int nr,
					     unsigned long align_mask, unsigned long align_offset);

static inline unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size,
						       unsigned long start, unsigned int nr,
						       unsigned long align_mask)
{
	return bitmap_find_next_zero_area_off(map, size, start, nr, align_mask, 0);
}

/*
 * Regions of 2^order bits, at a multiple of that. find and allocate set it; the caller has it then
 * and releases it. Return: the first bit, or 0; -ENOMEM if no region, -EBUSY if not that one is
 * clear.
 */
int __must_check bitmap_find_free_region(unsigned long *map, unsigned int bits,
					 unsigned int order);
int __must_check bitmap_allocate_region(unsigned long *map, unsigned int pos, unsigned int order);
void bitmap_release_region(unsigned long *map, unsigned int pos, unsigned int order);

#endif
