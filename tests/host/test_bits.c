/* SPDX-License-Identifier: MIT */
/*
 * Bits, masks, fields and bitmaps; and the arithmetic of <lib/math.h> and
 * <lib/minmax.h>. Loops count bits one by one where the headers use tricks.
 */
#include <lib/bitfield.h>
#include <lib/bitops.h>
#include <lib/bits.h>

#include <lib/math.h>
#include <lib/minmax.h>
#include <limits.h>

#include "kunit_host.h"

#define WORDS	3
#define BITS	(WORDS * BITS_PER_LONG)

static void a_mask_has_both_its_ends(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, BIT(0), 1ul);
	KUNIT_EXPECT_EQ(test, BIT(31), 0x80000000ul);
	KUNIT_EXPECT_EQ(test, BIT_ULL(63), 0x8000000000000000ull);
	KUNIT_EXPECT_EQ(test, GENMASK(7, 0), 0xfful);
	KUNIT_EXPECT_EQ(test, GENMASK(5, 5), 0x20ul);
	KUNIT_EXPECT_EQ(test, GENMASK(31, 28), 0xf0000000ul);
	KUNIT_EXPECT_EQ(test, GENMASK(BITS_PER_LONG - 1, 0), ULONG_MAX);
	KUNIT_EXPECT_EQ(test, GENMASK_ULL(63, 0), ULLONG_MAX);
	KUNIT_EXPECT_EQ(test, GENMASK_ULL(39, 32), 0xff00000000ull);
}

static void every_mask_is_its_bits(struct kunit *test)
{
	for (unsigned int high = 0; high < BITS_PER_LONG; high++) {
		unsigned long wanted = 0;

		for (unsigned int low = high + 1; low-- > 0; ) {
			wanted |= BIT(low);
			KUNIT_ASSERT_EQ(test, GENMASK(high, low), wanted);
		}
	}
}

static void a_field_goes_in_and_comes_out(struct kunit *test)
{
	const u32 mode = (u32)GENMASK(7, 4), top = (u32)GENMASK(31, 30), bit = (u32)BIT(9);

	KUNIT_EXPECT_EQ(test, FIELD_PREP(mode, 0x5u), 0x50u);
	KUNIT_EXPECT_EQ(test, FIELD_GET(mode, 0xabcdu), 0xcu);
	KUNIT_EXPECT_EQ(test, FIELD_PREP(top, 3u), 0xc0000000u);
	KUNIT_EXPECT_EQ(test, FIELD_GET(top, 0x80000000u), 2u);
	KUNIT_EXPECT_EQ(test, FIELD_PREP(bit, 1u), 0x200u);
	KUNIT_EXPECT_EQ(test, FIELD_GET(bit, 0xfdffu), 0u);
	KUNIT_EXPECT_EQ(test, FIELD_PREP(GENMASK_ULL(63, 60), 0xfull), 0xf000000000000000ull);
	KUNIT_EXPECT_TRUE(test, FIELD_FIT(mode, 0xf));
	KUNIT_EXPECT_FALSE(test, FIELD_FIT(mode, 0x10));
}

static void the_ends_of_a_word_are_found(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, ffs(0), 0);
	KUNIT_EXPECT_EQ(test, fls(0), 0);
	KUNIT_EXPECT_EQ(test, ffs(INT_MIN), 32);
	KUNIT_EXPECT_EQ(test, fls(0xffffffffu), 32);
	for (unsigned int low = 0; low < 32; low++) {
		for (unsigned int high = low; high < 32; high++) {
			unsigned int word = 1u << low | 1u << high;

			KUNIT_ASSERT_EQ(test, ffs((int)word), (int)low + 1);
			KUNIT_ASSERT_EQ(test, fls(word), (int)high + 1);
			KUNIT_ASSERT_EQ(test, __ffs(word), low);
			KUNIT_ASSERT_EQ(test, __fls(word), high);
		}
	}
	KUNIT_EXPECT_EQ(test, __fls(ULONG_MAX), BITS_PER_LONG - 1);
	KUNIT_EXPECT_EQ(test, __ffs(BIT(BITS_PER_LONG - 1)), BITS_PER_LONG - 1);
}

static void weights_and_orders(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, hweight32(0), 0u);
	KUNIT_EXPECT_EQ(test, hweight32(0xffffffffu), 32u);
	KUNIT_EXPECT_EQ(test, hweight32(0x80010001u), 3u);
	KUNIT_EXPECT_EQ(test, order_base_2(0), 0u);
	KUNIT_EXPECT_EQ(test, order_base_2(1), 0u);
	KUNIT_EXPECT_EQ(test, order_base_2(4096), 12u);
	KUNIT_EXPECT_EQ(test, order_base_2(4097), 13u);
}

static void each_bit_of_a_bitmap_is_its_own(struct kunit *test)
{
	for (unsigned int bit = 0; bit < BITS; bit++) {
		DECLARE_BITMAP(map, BITS) = { 0 };

		set_bit(bit, map);
		for (unsigned int other = 0; other < BITS; other++)
			KUNIT_ASSERT_EQ(test, test_bit(other, map), other == bit);
		KUNIT_EXPECT_TRUE(test, test_and_set_bit(bit, map));
		KUNIT_EXPECT_TRUE(test, test_and_clear_bit(bit, map));
		KUNIT_EXPECT_FALSE(test, test_and_clear_bit(bit, map));
		KUNIT_EXPECT_FALSE(test, test_and_set_bit(bit, map));
		clear_bit(bit, map);
		KUNIT_EXPECT_EQ(test, find_first_bit(map, BITS), BITS);
		__set_bit(bit, map);
		KUNIT_EXPECT_EQ(test, find_first_bit(map, BITS), bit);
		__clear_bit(bit, map);
		KUNIT_EXPECT_FALSE(test, test_bit(bit, map));
	}
}

/* Random bitmaps of random sizes; what is beyond the size is set, and must not be seen. */
static void a_search_finds_what_counting_finds(struct kunit *test)
{
	struct random random = { 3 };

	for (int round = 0; round < 3000 && test->status != KUNIT_FAILURE; round++) {
		unsigned int size = random_below(&random, BITS + 1);
		unsigned int from = random_below(&random, BITS + 1);
		unsigned int first = min(from, size), clear = first, seen = 0, set = 0, bit;
		DECLARE_BITMAP(map, BITS);

		for (unsigned int i = 0; i < WORDS; i++)
			map[i] = random_next(&random) & random_next(&random) & random_next(&random);
		for (bit = size; bit < BITS; bit++)
			set_bit(bit, map);

		while (first < size && !test_bit(first, map))
			first++;
		while (clear < size && test_bit(clear, map))
			clear++;
		KUNIT_EXPECT_EQ(test, find_next_bit(map, size, from), first);
		KUNIT_EXPECT_EQ(test, find_next_zero_bit(map, size, from), clear);

		for (bit = 0; bit < size; bit++)
			set += test_bit(bit, map);
		for_each_set_bit(bit, map, size) {
			KUNIT_EXPECT_TRUE(test, test_bit(bit, map));
			seen++;
		}
		KUNIT_EXPECT_EQ(test, seen, set);
		KUNIT_EXPECT_EQ(test, bit, size);
	}
}

static void rounding_is_to_the_next_multiple(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, ALIGN(0x1001u, 0x1000), 0x2000u);
	KUNIT_EXPECT_EQ(test, ALIGN(0x1000u, 0x1000), 0x1000u);
	KUNIT_EXPECT_EQ(test, ALIGN_DOWN(0x1fffu, 0x1000), 0x1000u);
	KUNIT_EXPECT_EQ(test, ALIGN(0x100000001ull, 0x1000), 0x100001000ull);
	KUNIT_EXPECT_EQ(test, round_down(0x1ffffffffull, 0x1000), 0x1fffff000ull);
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(0x3000u, 0x1000));
	KUNIT_EXPECT_FALSE(test, IS_ALIGNED(0x3004u, 0x1000));
	KUNIT_EXPECT_EQ(test, DIV_ROUND_UP(9u, 4u), 3u);
	KUNIT_EXPECT_EQ(test, DIV_ROUND_UP(8u, 4u), 2u);
	KUNIT_EXPECT_EQ(test, DIV_ROUND_CLOSEST(9u, 4u), 2u);
	KUNIT_EXPECT_EQ(test, DIV_ROUND_CLOSEST(10u, 4u), 3u);
	KUNIT_EXPECT_TRUE(test, is_power_of_2(1) && is_power_of_2(4096));
	KUNIT_EXPECT_FALSE(test, is_power_of_2(0) || is_power_of_2(4097));
}

static void both_lengths_of_division_agree(struct kunit *test)
{
	static const u64 dividends[] = {
		0, 1, 999, 1000, UINT32_MAX, (u64)UINT32_MAX + 1, 1234567890123456789, UINT64_MAX,
	};
	static const u32 divisors[] = { 1, 7, 1000, 62500000, UINT32_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(dividends); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(divisors); j++) {
			u32 rest = 0;

			KUNIT_EXPECT_EQ(test, div_u64_rem(dividends[i], divisors[j], &rest),
					dividends[i] / divisors[j]);
			KUNIT_EXPECT_EQ(test, rest, dividends[i] % divisors[j]);
			KUNIT_EXPECT_EQ(test, div_u64(dividends[i], divisors[j]),
					dividends[i] / divisors[j]);
		}
	}
}

static void min_and_max_evaluate_once(struct kunit *test)
{
	int calls = 0, x = 1, y = 2;

	KUNIT_EXPECT_EQ(test, max(++calls, -5), 1);
	KUNIT_EXPECT_EQ(test, calls, 1);
	KUNIT_EXPECT_EQ(test, min(-1, 1), -1);
	KUNIT_EXPECT_EQ(test, min_t(unsigned int, 7, 1), 1u);
	KUNIT_EXPECT_EQ(test, max_t(u64, 1, 0x100000000), 0x100000000ull);
	KUNIT_EXPECT_EQ(test, clamp(15, 0, 10), 10);
	KUNIT_EXPECT_EQ(test, clamp(-15, 0, 10), 0);
	KUNIT_EXPECT_EQ(test, clamp(5, 0, 10), 5);
	swap(x, y);
	KUNIT_EXPECT_EQ(test, x * 10 + y, 21);
}

static struct kunit_case bits_cases[] = {
	KUNIT_CASE(a_mask_has_both_its_ends),
	KUNIT_CASE(every_mask_is_its_bits),
	KUNIT_CASE(a_field_goes_in_and_comes_out),
	KUNIT_CASE(the_ends_of_a_word_are_found),
	KUNIT_CASE(weights_and_orders),
	KUNIT_CASE(each_bit_of_a_bitmap_is_its_own),
	KUNIT_CASE(a_search_finds_what_counting_finds),
	KUNIT_CASE(rounding_is_to_the_next_multiple),
	KUNIT_CASE(both_lengths_of_division_agree),
	KUNIT_CASE(min_and_max_evaluate_once),
	{},
};

static struct kunit_suite bits_suite = {
	.name = "bits",
	.test_cases = bits_cases,
};

kunit_test_suite(bits_suite);
