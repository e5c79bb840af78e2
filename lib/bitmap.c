/* SPDX-License-Identifier: MIT */
/*
 * Bitmaps, a word at a time. What is behind the last bit that counts is masked where it is looked
 * at, never where it is written.
 *
 * Locking: the owner's of the map.
 */
#include <lib/bitmap.h>

#include <lib/errno.h>
#include <lib/minmax.h>

static unsigned int words_of(unsigned int nbits)
{
	return BITS_TO_LONGS(nbits);
}

/* Which bits count in word `i` of a map of `nbits`. */
static unsigned long mask_of(unsigned int i, unsigned int nbits)
{
	return i == BIT_WORD(nbits) ? BITMAP_LAST_WORD_MASK(nbits) : ~0ul;
}

void bitmap_zero(unsigned long *map, unsigned int nbits)
{
	for (unsigned int i = 0; i < words_of(nbits); i++)
		map[i] = 0;
}

void bitmap_fill(unsigned long *map, unsigned int nbits)
{
	for (unsigned int i = 0; i < words_of(nbits); i++)
		map[i] = ~0ul;
}

void bitmap_copy(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	for (unsigned int i = 0; i < words_of(nbits); i++)
		dst[i] = src[i];
}

void bitmap_complement(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	for (unsigned int i = 0; i < words_of(nbits); i++)
		dst[i] = ~src[i];
}

/* The bits from `*start` on that are in its word and before `end`; *start is then behind them. */
static unsigned long next_run(unsigned int *start, unsigned int end)
{
	unsigned int first = *start % BITS_PER_LONG;
	unsigned int len = min(end - *start, BITS_PER_LONG - first);

	*start += len;
	return (~0ul >> (BITS_PER_LONG - len)) << first;
}

void bitmap_set(unsigned long *map, unsigned int start, unsigned int len)
{
	unsigned int end = start + len;

	while (start < end) {
		unsigned long *word = &map[BIT_WORD(start)];

		*word |= next_run(&start, end);
	}
}

void bitmap_clear(unsigned long *map, unsigned int start, unsigned int len)
{
	unsigned int end = start + len;

	while (start < end) {
		unsigned long *word = &map[BIT_WORD(start)];

		*word &= ~next_run(&start, end);
	}
}

bool bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		unsigned int nbits)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < words_of(nbits); i++) {
		dst[i] = a[i] & b[i];
		any |= dst[i] & mask_of(i, nbits);
	}
	return any;
}

bool bitmap_andnot(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		   unsigned int nbits)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < words_of(nbits); i++) {
		dst[i] = a[i] & ~b[i];
		any |= dst[i] & mask_of(i, nbits);
	}
	return any;
}

void bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b,
	       unsigned int nbits)
{
	for (unsigned int i = 0; i < words_of(nbits); i++)
		dst[i] = a[i] | b[i];
}

void bitmap_xor(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		unsigned int nbits)
{
	for (unsigned int i = 0; i < words_of(nbits); i++)
		dst[i] = a[i] ^ b[i];
}

void bitmap_replace(unsigned long *dst, const unsigned long *old, const unsigned long *fresh,
		    const unsigned long *mask, unsigned int nbits)
{
	for (unsigned int i = 0; i < words_of(nbits); i++)
		dst[i] = (old[i] & ~mask[i]) | (fresh[i] & mask[i]);
}

bool bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	for (unsigned int i = 0; i < words_of(nbits); i++)
		if ((a[i] ^ b[i]) & mask_of(i, nbits))
			return false;
	return true;
}

bool bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	for (unsigned int i = 0; i < words_of(nbits); i++)
		if (a[i] & b[i] & mask_of(i, nbits))
			return true;
	return false;
}

bool bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	for (unsigned int i = 0; i < words_of(nbits); i++)
		if (a[i] & ~b[i] & mask_of(i, nbits))
			return false;
	return true;
}

unsigned int bitmap_weight(const unsigned long *map, unsigned int nbits)
{
	unsigned int weight = 0;

	for (unsigned int i = 0; i < words_of(nbits); i++)
		weight += hweight_long(map[i] & mask_of(i, nbits));
	return weight;
}

/* The word whose bits begin at bit `from`; what does not count is clear. */
static unsigned long word_from(const unsigned long *src, unsigned int from, unsigned int nbits)
{
	unsigned int i = BIT_WORD(from), shift = from % BITS_PER_LONG;
	unsigned long word;

	if (from >= nbits)
		return 0;
	word = (src[i] & mask_of(i, nbits)) >> shift;
	if (shift && i + 1 < words_of(nbits))
		word |= (src[i + 1] & mask_of(i + 1, nbits)) << (BITS_PER_LONG - shift);
	return word;
}

void bitmap_shift_right(unsigned long *dst, const unsigned long *src, unsigned int shift,
			unsigned int nbits)
{
	for (unsigned int i = 0; i < words_of(nbits); i++) {
		unsigned int from = i * BITS_PER_LONG;

		/* of shifts beyond the map too, whose sum may be too large for a number */
		dst[i] = shift < nbits ? word_from(src, from + shift, nbits) : 0;
	}
}

/* From the end, so that what is read was not written yet. */
void bitmap_shift_left(unsigned long *dst, const unsigned long *src, unsigned int shift,
		       unsigned int nbits)
{
	unsigned int words = BIT_WORD(shift), bits = shift % BITS_PER_LONG;

	for (unsigned int i = words_of(nbits); i-- > 0; ) {
		unsigned long word = 0;

		if (i >= words)
			word = src[i - words] << bits;
		if (bits && i > words)
			word |= src[i - words - 1] >> (BITS_PER_LONG - bits);
		dst[i] = word;
	}
}

unsigned long bitmap_find_next_zero_area_off(unsigned long *map, unsigned long size,
					     unsigned long start, unsigned int nr,
					     unsigned long align_mask, unsigned long align_offset)
{
	for (;;) {
		unsigned long first, set;

		if (start > size || size - start < nr)
			return size + 1;
		first = find_next_zero_bit(map, (unsigned int)size, (unsigned int)start);
		first = ((first + align_offset + align_mask) & ~align_mask) - align_offset;
		if (first > size || size - first < nr)
			return size + 1;
		set = find_next_bit(map, (unsigned int)(first + nr), (unsigned int)first);
		if (set >= first + nr)
			return first;
		start = set + 1;
	}
}

int bitmap_allocate_region(unsigned long *map, unsigned int pos, unsigned int order)
{
	unsigned int len = 1u << order;

	if (find_next_bit(map, pos + len, pos) < pos + len)
		return -EBUSY;
	bitmap_set(map, pos, len);
	return 0;
}

int bitmap_find_free_region(unsigned long *map, unsigned int bits, unsigned int order)
{
	unsigned int len;

	if (order >= sizeof(len) * 8)
		return -ENOMEM;
	len = 1u << order;
	for (unsigned int pos = 0; pos <= bits && bits - pos >= len; pos += len)
		if (!bitmap_allocate_region(map, pos, order))
			return (int)pos;
	return -ENOMEM;
}

void bitmap_release_region(unsigned long *map, unsigned int pos, unsigned int order)
{
	bitmap_clear(map, pos, 1u << order);
}
