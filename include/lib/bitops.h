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

static inline unsigned int hweight_long(unsigned long word)
{
	return (unsigned int)__builtin_popcountl(word);
}

/* Index of the lowest clear bit; the word has one. */
static inline unsigned int ffz(unsigned long word)
{
	return __ffs(~word);
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

static inline void __change_bit(unsigned int nr, unsigned long *map)
{
	map[BIT_WORD(nr)] ^= BIT_MASK(nr);
}

/* Sets the bit. Returns whether it was set. */
static inline bool __test_and_set_bit(unsigned int nr, unsigned long *map)
{
	bool was = map[BIT_WORD(nr)] & BIT_MASK(nr);

	__set_bit(nr, map);
	return was;
}

/* Clears the bit. Returns whether the bit was set. */
static inline bool __test_and_clear_bit(unsigned int nr, unsigned long *map)
{
	bool was = map[BIT_WORD(nr)] & BIT_MASK(nr);

	__clear_bit(nr, map);
	return was;
}

/* Sets the bit if `value` is true, else clears it. */
static inline void __assign_bit(unsigned int nr, unsigned long *map, bool value)
{
	if (value)
		__set_bit(nr, map);
	else
		__clear_bit(nr, map);
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

/* Orders nothing. */
static inline void change_bit(unsigned int nr, unsigned long *map)
{
	sched_point();
	__atomic_fetch_xor(&map[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

/* The same, atomic. */
static inline void assign_bit(unsigned int nr, unsigned long *map, bool value)
{
	if (value)
		set_bit(nr, map);
	else
		clear_bit(nr, map);
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

/* The last set bit; `size` if there is none. */
static inline unsigned int find_last_bit(const unsigned long *map, unsigned int size)
{
	unsigned int left = size;

	while (left > 0) {
		unsigned int first = (left - 1) / BITS_PER_LONG * BITS_PER_LONG;
		unsigned long mask = ~0ul >> (BITS_PER_LONG - (left - first));
		unsigned long word = map[BIT_WORD(first)] & mask;

		if (word)
			return first + __fls(word);
		left = first;
	}
	return size;
}

/* The first bit at or after `from` that both have; `size` if there is none. */
static inline unsigned int find_next_and_bit(const unsigned long *a, const unsigned long *b,
					     unsigned int size, unsigned int from)
{
	while ((from = find_next_bit(a, size, from)) < size && !test_bit(from, b))
		from++;
	return from < size ? from : size;
}

static inline unsigned int find_first_and_bit(const unsigned long *a, const unsigned long *b,
					      unsigned int size)
{
	return find_next_and_bit(a, b, size, 0);
}

/* The set bit that has n set ones before it; `size` if there are not so many. */
static inline unsigned int find_nth_bit(const unsigned long *map, unsigned int size,
					unsigned int n)
{
	unsigned int bit = find_first_bit(map, size);

	while (bit < size && n-- > 0)
		bit = find_next_bit(map, size, bit + 1);
	return bit;
}

/* As find_next_bit(), and then those before `from`. */
static inline unsigned int find_next_bit_wrap(const unsigned long *map, unsigned int size,
					      unsigned int from)
{
	unsigned int bit = find_next_bit(map, size, from);

	if (bit < size)
		return bit;
	bit = find_first_bit(map, from < size ? from : size);
	return bit < from ? bit : size;
}

#define for_each_set_bit(bit, map, size)				\
	for ((bit) = find_first_bit(map, size); (bit) < (size);		\
	     (bit) = find_next_bit(map, size, (bit) + 1))

#define for_each_clear_bit(bit, map, size)				\
	for ((bit) = find_first_zero_bit(map, size); (bit) < (size);	\
	     (bit) = find_next_zero_bit(map, size, (bit) + 1))

#define for_each_and_bit(bit, a, b, size)				\
	for ((bit) = find_first_and_bit(a, b, size); (bit) < (size);	\
	     (bit) = find_next_and_bit(a, b, size, (bit) + 1))

/* From `bit` on. */
#define for_each_set_bit_from(bit, map, size)				\
	for ((bit) = find_next_bit(map, size, bit); (bit) < (size);	\
	     (bit) = find_next_bit(map, size, (bit) + 1))

#define for_each_clear_bit_from(bit, map, size)				\
	for ((bit) = find_next_zero_bit(map, size, bit); (bit) < (size); \
	     (bit) = find_next_zero_bit(map, size, (bit) + 1))

/* Runs of set, or clear, bits: from `begin` up to and without `end`. */
#define for_each_set_bitrange(begin, end, map, size)			\
	for ((begin) = find_first_bit(map, size);			\
	     (begin) < (size) &&					\
	     ((end) = find_next_zero_bit(map, size, (begin) + 1), true); \
	     (begin) = find_next_bit(map, size, (end) + 1))

#define for_each_clear_bitrange(begin, end, map, size)			\
	for ((begin) = find_first_zero_bit(map, size);			\
	     (begin) < (size) &&					\
	     ((end) = find_next_bit(map, size, (begin) + 1), true);	\
	     (begin) = find_next_zero_bit(map, size, (end) + 1))

/*
 * The set bits of one unsigned number, of whatever width, the lowest first. `word` is evaluated
 * once, before the first turn; a signed one does not compile.
 */
#define for_each_bit_of(bit, word) \
	FOR_EACH_BIT_OF(bit, word, __unique_id(rest__))

/* Widened by 0u, so that a narrow type is not promoted to a signed one. */
#define FOR_EACH_BIT_OF(bit, word, rest)				\
	for (__typeof__((word) + 0u) rest = (word) +			\
	     (unsigned int)BUILD_BUG_ON_ZERO(!((__typeof__(word))-1 > 0)); \
	     rest && ((bit) = LOWEST_BIT_OF(rest), true); rest &= rest - 1)

#define LOWEST_BIT_OF(word)						\
	(unsigned int)(sizeof(word) > sizeof(int) ? __builtin_ctzll(word) : \
						    __builtin_ctz((unsigned int)(word)))

#define DECLARE_BITMAP(name, bits)	unsigned long name[BITS_TO_LONGS(bits)]

#endif
