/* SPDX-License-Identifier: MIT */
/*
 * Bits of a word and of an array of words. set_bit and its like are atomic;
 * those whose name begins with __ are not, and need a lock where others touch the
 * words. Numbering starts at bit 0 of word 0. Context: any, for all of this header.
 */
#ifndef LIB_BITOPS_H
#define LIB_BITOPS_H

#include <lib/atomic.h>
#include <lib/bits.h>

/* Index of the lowest and the highest set bit; the word is not zero. */
static inline unsigned int __ffs(unsigned long word)
{
	return (unsigned int)__builtin_ctzl(word);
}

static inline unsigned int __fls(unsigned long word)
{
	return (unsigned int)(BITS_PER_LONG - 1 - __builtin_clzl(word));
}

/* The same counted from 1, and 0 for no bit at all. */
#define ffs(word)	__builtin_ffs(word)

static inline int fls(unsigned int word)
{
	return word ? 32 - __builtin_clz(word) : 0;
}

static inline unsigned int hweight32(u32 word)
{
	return (unsigned int)__builtin_popcount(word);
}

/* The smallest order whose 2^order is at least n. */
static inline unsigned int order_base_2(unsigned long n)
{
	return n > 1 ? __fls(n - 1) + 1 : 0;
}

static inline bool test_bit(unsigned int nr, const unsigned long *map)
{
	return READ_ONCE(map[BIT_WORD(nr)]) & BIT_MASK(nr);
}

static inline void __set_bit(unsigned int nr, unsigned long *map)
{
	map[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static inline void __clear_bit(unsigned int nr, unsigned long *map)
{
	map[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

/* Orders nothing. */
static inline void set_bit(unsigned int nr, unsigned long *map)
{
	sched_point();
	__atomic_fetch_or(&map[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

/* Orders nothing. */
static inline void clear_bit(unsigned int nr, unsigned long *map)
{
	sched_point();
	__atomic_fetch_and(&map[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_RELAXED);
}

static inline bool test_and_set_bit(unsigned int nr, unsigned long *map)
{
	return ATOMIC_FULL_OP(__atomic_fetch_or, &map[BIT_WORD(nr)], BIT_MASK(nr)) &
	       BIT_MASK(nr);
}

static inline bool test_and_clear_bit(unsigned int nr, unsigned long *map)
{
	return ATOMIC_FULL_OP(__atomic_fetch_and, &map[BIT_WORD(nr)], ~BIT_MASK(nr)) &
	       BIT_MASK(nr);
}

/* The first set (clear) bit at or after `from`; `size` if there is none. */
static inline unsigned int find_next_bit_xor(const unsigned long *map, unsigned int size,
					     unsigned int from, unsigned long invert)
{
	while (from < size) {
		unsigned long word = (map[BIT_WORD(from)] ^ invert) >> (from % BITS_PER_LONG);

		if (word) {
			unsigned int bit = from + __ffs(word);

			return bit < size ? bit : size;
		}
		from = (from / BITS_PER_LONG + 1) * BITS_PER_LONG;
	}
	return size;
}

static inline unsigned int find_next_bit(const unsigned long *map, unsigned int size,
					 unsigned int from)
{
	return find_next_bit_xor(map, size, from, 0);
}

static inline unsigned int find_first_bit(const unsigned long *map, unsigned int size)
{
	return find_next_bit(map, size, 0);
}

static inline unsigned int find_next_zero_bit(const unsigned long *map, unsigned int size,
					      unsigned int from)
{
	return find_next_bit_xor(map, size, from, ~0UL);
}

static inline unsigned int find_first_zero_bit(const unsigned long *map, unsigned int size)
{
	return find_next_zero_bit(map, size, 0);
}

#define for_each_set_bit(bit, map, size)				\
	for ((bit) = find_first_bit(map, size); (bit) < (size);		\
	     (bit) = find_next_bit(map, size, (bit) + 1))

#define DECLARE_BITMAP(name, bits)	unsigned long name[BITS_TO_LONGS(bits)]

#endif
