/* SPDX-License-Identifier: MIT */
/*
 * Bitmaps against arrays of bools, with random contents and sizes. What is behind the bits that
 * count is set to noise, and must be neither seen nor, past the last word, written.
 */
#include <lib/bitmap.h>

#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>

#include <lib/xorshift.h>
#include <test/kunit.h>

#define WORDS	3u
#define BITS	(WORDS * BITS_PER_LONG)
#define CANARY	0x5a5a5a5aul

static unsigned int random_below(u32 *random, unsigned int n)
{
	return xorshift32(random) % n;
}

static unsigned long random_word(u32 *random)
{
	u64 high = (u64)xorshift32(random) << 32;

	return (unsigned long)(high | xorshift32(random));
}

/* A map and what it means. */
struct pair {
	unsigned long map[WORDS + 1];
	bool bits[BITS];
};

static struct pair fresh(u32 *random)
{
	struct pair p;
	unsigned int kind = random_below(random, 4);

	for (unsigned int i = 0; i < WORDS; i++) {
		unsigned long word = random_word(random);

		p.map[i] = kind == 0 ? 0 : kind == 1 ? ~0ul : word;
	}
	p.map[WORDS] = CANARY;
	for (unsigned int i = 0; i < BITS; i++)
		p.bits[i] = p.map[i / BITS_PER_LONG] >> i % BITS_PER_LONG & 1;
	return p;
}

static bool same(const unsigned long *map, const bool *bits, unsigned int nbits)
{
	for (unsigned int i = 0; i < nbits; i++)
		if (test_bit(i, map) != bits[i])
			return false;
	return map[WORDS] == CANARY;
}

static unsigned int count(const bool *bits, unsigned int nbits)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < nbits; i++)
		n += bits[i];
	return n;
}

/* Of numbers with a sign, too. */
static void the_masks_of_words_take_any_number(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, BITMAP_LAST_WORD_MASK(5), 31ul);
	KUNIT_EXPECT_EQ(test, BITMAP_FIRST_WORD_MASK(-1), 1ul << (BITS_PER_LONG - 1));
	for (int n = 1; n <= 3 * BITS_PER_LONG; n++) {
		int in_word = n % BITS_PER_LONG;
		unsigned long below = in_word ? (1ul << in_word) - 1 : 0;

		KUNIT_EXPECT_EQ(test, BITMAP_FIRST_WORD_MASK(n), ~below);
		KUNIT_EXPECT_EQ(test, BITMAP_LAST_WORD_MASK(n), in_word ? below : ~0ul);
	}
}

static void maps_are_what_their_bits_are(struct kunit *test)
{
	u32 random = 17;

	for (int round = 0; round < 1000 && test->status != KUNIT_FAILURE; round++) {
		unsigned int n = random_below(&random, BITS + 1);
		struct pair a = fresh(&random), b = fresh(&random), m = fresh(&random);
		unsigned int common = 0, only_a = 0, differ = 0;
		bool want[BITS];
		unsigned long got[WORDS + 1];

		if (round % 5 == 0)
			b = a;
		for (unsigned int i = 0; i < n; i++) {
			common += a.bits[i] && b.bits[i];
			only_a += a.bits[i] && !b.bits[i];
			differ += a.bits[i] != b.bits[i];
		}
		got[WORDS] = CANARY;
		KUNIT_EXPECT_EQ(test, bitmap_weight(a.map, n), count(a.bits, n));
		KUNIT_EXPECT_EQ(test, bitmap_empty(a.map, n), count(a.bits, n) == 0);
		KUNIT_EXPECT_EQ(test, bitmap_full(a.map, n), count(a.bits, n) == n);
		KUNIT_EXPECT_EQ(test, bitmap_equal(a.map, b.map, n), differ == 0);
		KUNIT_EXPECT_EQ(test, bitmap_intersects(a.map, b.map, n), common != 0);
		KUNIT_EXPECT_EQ(test, bitmap_subset(a.map, b.map, n), only_a == 0);

		KUNIT_EXPECT_EQ(test, bitmap_and(got, a.map, b.map, n), common != 0);
		for (unsigned int i = 0; i < n; i++)
			want[i] = a.bits[i] && b.bits[i];
		KUNIT_EXPECT_TRUE(test, same(got, want, n));
		KUNIT_EXPECT_EQ(test, bitmap_andnot(got, a.map, b.map, n), only_a != 0);
		for (unsigned int i = 0; i < n; i++)
			want[i] = a.bits[i] && !b.bits[i];
		KUNIT_EXPECT_TRUE(test, same(got, want, n));
		bitmap_or(got, a.map, b.map, n);
		for (unsigned int i = 0; i < n; i++)
			want[i] = a.bits[i] || b.bits[i];
		KUNIT_EXPECT_TRUE(test, same(got, want, n));
		bitmap_xor(got, a.map, b.map, n);
		for (unsigned int i = 0; i < n; i++)
			want[i] = a.bits[i] != b.bits[i];
		KUNIT_EXPECT_TRUE(test, same(got, want, n));
		bitmap_complement(got, a.map, n);
		for (unsigned int i = 0; i < n; i++)
			want[i] = !a.bits[i];
		KUNIT_EXPECT_TRUE(test, same(got, want, n));
		bitmap_replace(got, a.map, b.map, m.map, n);
		for (unsigned int i = 0; i < n; i++)
			want[i] = m.bits[i] ? b.bits[i] : a.bits[i];
		KUNIT_EXPECT_TRUE(test, same(got, want, n));
		bitmap_copy(got, a.map, n);
		KUNIT_EXPECT_TRUE(test, same(got, a.bits, n));
		bitmap_zero(got, n);
		KUNIT_EXPECT_TRUE(test, bitmap_empty(got, n) && got[WORDS] == CANARY);
		bitmap_fill(got, n);
		KUNIT_EXPECT_TRUE(test, bitmap_full(got, n) && got[WORDS] == CANARY);
	}
}

static void a_run_is_set_and_cleared_and_no_more(struct kunit *test)
{
	u32 random = 4;

	for (int round = 0; round < 1000 && test->status != KUNIT_FAILURE; round++) {
		unsigned int start = random_below(&random, BITS + 1);
		unsigned int len = random_below(&random, BITS - start + 1);
		struct pair p = fresh(&random);
		bool set = round % 2;

		if (set)
			bitmap_set(p.map, start, len);
		else
			bitmap_clear(p.map, start, len);
		for (unsigned int i = start; i < start + len; i++)
			p.bits[i] = set;
		KUNIT_EXPECT_TRUE(test, same(p.map, p.bits, BITS));
	}
}

static void a_shift_moves_each_bit(struct kunit *test)
{
	u32 random = 8;

	for (int round = 0; round < 1000 && test->status != KUNIT_FAILURE; round++) {
		unsigned int n = random_below(&random, BITS) + 1;
		unsigned int shift = random_below(&random, n + 1);
		struct pair p = fresh(&random);
		unsigned long got[WORDS + 1];
		bool left[BITS], right[BITS];

		for (unsigned int i = 0; i < n; i++) {
			left[i] = i >= shift && p.bits[i - shift];
			right[i] = i + shift < n && p.bits[i + shift];
		}
		got[WORDS] = CANARY;
		bitmap_shift_left(got, p.map, shift, n);
		KUNIT_EXPECT_TRUE(test, same(got, left, n));
		bitmap_shift_right(got, p.map, shift, n);
		KUNIT_EXPECT_TRUE(test, same(got, right, n));
		/* in place */
		bitmap_copy(got, p.map, n);
		bitmap_shift_left(got, got, shift, n);
		KUNIT_EXPECT_TRUE(test, same(got, left, n));
		bitmap_copy(got, p.map, n);
		bitmap_shift_right(got, got, shift, n);
		KUNIT_EXPECT_TRUE(test, same(got, right, n));
	}
}

/* By trying each place. */
static unsigned int first_area(const bool *bits, unsigned int size, unsigned int start,
			       unsigned int nr, unsigned int align_mask, unsigned int offset)
{
	for (unsigned int at = start; at + nr <= size; at++) {
		unsigned int len = 0;

		if ((at + offset) & align_mask)
			continue;
		while (len < nr && !bits[at + len])
			len++;
		if (len == nr)
			return at;
	}
	return size + 1;
}

static void the_first_area_that_fits_is_found(struct kunit *test)
{
	u32 random = 31;

	for (int round = 0; round < 1000 && test->status != KUNIT_FAILURE; round++) {
		unsigned int size = random_below(&random, BITS + 1);
		unsigned int start = random_below(&random, size + 2);
		unsigned int nr = random_below(&random, 20) + 1;
		unsigned int align_mask = (1u << random_below(&random, 5)) - 1;
		unsigned int offset = random_below(&random, align_mask + 1);
		struct pair p = fresh(&random);

		for (unsigned int i = 0; i < WORDS; i++)
			p.map[i] &= random_word(&random) &
				    random_word(&random) &
				    random_word(&random);
		for (unsigned int i = 0; i < BITS; i++)
			p.bits[i] = test_bit(i, p.map);
		KUNIT_EXPECT_EQ(test,
				bitmap_find_next_zero_area_off(p.map, size, start, nr, align_mask,
							       offset),
				first_area(p.bits, size, start, nr, align_mask, offset));
		KUNIT_EXPECT_EQ(test,
				bitmap_find_next_zero_area(p.map, size, start, nr, align_mask),
				first_area(p.bits, size, start, nr, align_mask, 0));
	}
}

static void regions_run_out(struct kunit *test)
{
	unsigned long map[2] = { 0 };
	const unsigned int bits = 2 * BITS_PER_LONG - 2;

	/* 2 bits of the last region of 8 are not there. */
	for (unsigned int i = 0; i + 8 <= bits; i += 8)
		KUNIT_EXPECT_EQ(test, bitmap_find_free_region(map, bits, 3), (int)i);
	KUNIT_EXPECT_EQ(test, bitmap_find_free_region(map, bits, 3), -ENOMEM);
	KUNIT_EXPECT_EQ(test, bitmap_allocate_region(map, 8, 1), -EBUSY);
	bitmap_release_region(map, 8, 3);
	KUNIT_EXPECT_EQ(test, bitmap_allocate_region(map, 10, 1), 0);
	KUNIT_EXPECT_EQ(test, bitmap_find_free_region(map, bits, 1), 8);
	KUNIT_EXPECT_EQ(test, bitmap_find_free_region(map, bits, 2), 12);
	KUNIT_EXPECT_EQ(test, bitmap_find_free_region(map, bits, 20), -ENOMEM);
}

/* ---- single bits and searches ---- */

static void searches_find_what_counting_finds(struct kunit *test)
{
	u32 random = 12;

	for (int round = 0; round < 1000 && test->status != KUNIT_FAILURE; round++) {
		unsigned int size = random_below(&random, BITS + 1);
		unsigned int from = random_below(&random, BITS + 1);
		struct pair a = fresh(&random), b = fresh(&random);
		unsigned int last = size, both = size, wrapped = size, bit, n = 0, end;

		for (unsigned int i = 0; i < size; i++) {
			unsigned int around = (from + i) % size;

			if (a.bits[i])
				last = i;
			if (both == size && i >= from && a.bits[i] && b.bits[i])
				both = i;
			if (wrapped == size && from < size && a.bits[around])
				wrapped = around;
		}
		if (from >= size)
			wrapped = find_first_bit(a.map, size);
		KUNIT_EXPECT_EQ(test, find_last_bit(a.map, size), last);
		KUNIT_EXPECT_EQ(test, find_next_and_bit(a.map, b.map, size, from), both);
		KUNIT_EXPECT_EQ(test, find_next_bit_wrap(a.map, size, from), wrapped);
		for_each_set_bit(bit, a.map, size)
			KUNIT_EXPECT_EQ(test, find_nth_bit(a.map, size, n++), bit);
		KUNIT_EXPECT_EQ(test, find_nth_bit(a.map, size, n), size);
		n = 0;
		for_each_clear_bit(bit, a.map, size)
			n += !a.bits[bit];
		KUNIT_EXPECT_EQ(test, n, size - count(a.bits, size));
		n = 0;
		for_each_and_bit(bit, a.map, b.map, size)
			n += a.bits[bit] && b.bits[bit];
		bitmap_and(b.map, a.map, b.map, size);
		KUNIT_EXPECT_EQ(test, n, bitmap_weight(b.map, size));
		/* from + a.bits beyond: both together visit each bit behind `from` */
		n = 0;
		bit = from;
		for_each_set_bit_from(bit, a.map, size)
			n++;
		bit = from;
		for_each_clear_bit_from(bit, a.map, size)
			n++;
		KUNIT_EXPECT_EQ(test, n, from < size ? size - from : 0);
		/* and both kinds of runs the whole map */
		n = 0;
		for_each_set_bitrange(bit, end, a.map, size)
			n += count(a.bits + bit, end - bit);
		for_each_clear_bitrange(bit, end, a.map, size)
			n += end - bit - count(a.bits + bit, end - bit);
		KUNIT_EXPECT_EQ(test, n, size);
	}
}

static void single_bits_change_alone(struct kunit *test)
{
	for (unsigned int bit = 0; bit < BITS; bit++) {
		DECLARE_BITMAP(map, BITS) = { 0 };

		__change_bit(bit, map);
		KUNIT_EXPECT_EQ(test, find_last_bit(map, BITS), bit);
		change_bit(bit, map);
		KUNIT_EXPECT_TRUE(test, bitmap_empty(map, BITS));
		KUNIT_EXPECT_FALSE(test, __test_and_set_bit(bit, map));
		KUNIT_EXPECT_TRUE(test, __test_and_set_bit(bit, map));
		KUNIT_EXPECT_EQ(test, bitmap_weight(map, BITS), 1);
		KUNIT_EXPECT_TRUE(test, __test_and_clear_bit(bit, map));
		KUNIT_EXPECT_FALSE(test, __test_and_clear_bit(bit, map));
		assign_bit(bit, map, true);
		KUNIT_EXPECT_TRUE(test, test_bit(bit, map));
		__assign_bit(bit, map, false);
		KUNIT_EXPECT_FALSE(test, test_bit(bit, map));
		__assign_bit(bit, map, true);
		assign_bit(bit, map, false);
		KUNIT_EXPECT_TRUE(test, bitmap_empty(map, BITS));
	}
	KUNIT_EXPECT_EQ(test, ffz(0), 0);
	KUNIT_EXPECT_EQ(test, ffz(0xff), 8);
	KUNIT_EXPECT_EQ(test, hweight_long(~0ul), BITS_PER_LONG);
}

/* ---- the bits of one word ---- */

static void each_byte_is_the_sum_of_its_bits(struct kunit *test)
{
	for (unsigned int value = 0; value < 256; value++) {
		unsigned int sum = 0, bit, last = 0;
		u8 byte = (u8)value;

		for_each_bit_of(bit, byte) {
			KUNIT_ASSERT_TRUE(test, sum == 0 || bit > last);
			last = bit;
			sum += 1u << bit;
		}
		KUNIT_EXPECT_EQ(test, sum, value);
	}
}

static void words_of_each_width_have_their_bits(struct kunit *test)
{
	u64 wide = 1ull << 63 | 1ull << 40 | 1, sum = 0;
	unsigned int bit, calls = 0, bits = 0;
	u16 half = 0x8001;

	for_each_bit_of(bit, wide)
		sum |= 1ull << bit;
	KUNIT_EXPECT_EQ(test, sum, wide);
	sum = 0;
	for_each_bit_of(bit, half)
		sum |= 1ull << bit;
	KUNIT_EXPECT_EQ(test, sum, half);
	for_each_bit_of(bit, (calls++, ~0ul))
		bits++;
	KUNIT_EXPECT_EQ(test, bits, BITS_PER_LONG);
	KUNIT_EXPECT_EQ(test, calls, 1);
	for_each_bit_of(bit, 0u)
		bits = 0;
	KUNIT_EXPECT_EQ(test, bits, BITS_PER_LONG);
	/* one in another */
	sum = 0;
	for_each_bit_of(bits, 6u)
		for_each_bit_of(bit, 5u)
			sum += bits * 10 + bit;
	KUNIT_EXPECT_EQ(test, sum, 10 + 12 + 20 + 22);
}

static struct kunit_case bitmap_cases[] = {
	KUNIT_CASE(the_masks_of_words_take_any_number),
	KUNIT_CASE(maps_are_what_their_bits_are),
	KUNIT_CASE(a_run_is_set_and_cleared_and_no_more),
	KUNIT_CASE(a_shift_moves_each_bit),
	KUNIT_CASE(the_first_area_that_fits_is_found),
	KUNIT_CASE(regions_run_out),
	KUNIT_CASE(searches_find_what_counting_finds),
	KUNIT_CASE(single_bits_change_alone),
	KUNIT_CASE(each_byte_is_the_sum_of_its_bits),
	KUNIT_CASE(words_of_each_width_have_their_bits),
	{}
};

static struct kunit_suite bitmap_suite = {
	.name = "bitmap",
	.test_cases = bitmap_cases,
};

kunit_test_suite(bitmap_suite);
