/* SPDX-License-Identifier: MIT */
/*
 * Functions found by address, in a table as tools/mksyms writes it:
 *
 *   0x1000 boot   0x1010 f   0x1012 g   0x1100 (end)
 */
#include <kernel/ksyms.h>

#include <test/kunit.h>

const u32 ksyms_count = 3;
const uintptr_t ksyms_base = 0x1000;
const u32 ksyms_offset[] = { 0x0, 0x10, 0x12, 0x100 };
const u16 ksyms_name[] = { 0, 4, 3 };
const char ksyms_strings[] = "boot\0\0" "g\0" "f";

static void an_address_belongs_to_the_last_function_at_or_below_it(struct kunit *test)
{
	size_t offset, size;

	KUNIT_EXPECT_STREQ(test, ksyms_lookup(0x1000, &offset, &size), "boot");
	KUNIT_EXPECT_EQ(test, offset, 0);
	KUNIT_EXPECT_EQ(test, size, 0x10);

	KUNIT_EXPECT_STREQ(test, ksyms_lookup(0x100f, &offset, &size), "boot");
	KUNIT_EXPECT_EQ(test, offset, 0xf);

	KUNIT_EXPECT_STREQ(test, ksyms_lookup(0x1010, &offset, &size), "f");
	KUNIT_EXPECT_EQ(test, offset, 0);
	KUNIT_EXPECT_EQ(test, size, 2);

	KUNIT_EXPECT_STREQ(test, ksyms_lookup(0x10ff, &offset, &size), "g");
	KUNIT_EXPECT_EQ(test, offset, 0xed);
	KUNIT_EXPECT_EQ(test, size, 0xee);
}

static void outside_all_functions_is_nothing(struct kunit *test)
{
	size_t offset = 1, size = 2;

	KUNIT_EXPECT_NULL(test, ksyms_lookup(0xfff, &offset, &size));
	KUNIT_EXPECT_NULL(test, ksyms_lookup(0x1100, &offset, &size));
	KUNIT_EXPECT_NULL(test, ksyms_lookup(0, &offset, &size));
	KUNIT_EXPECT_NULL(test, ksyms_lookup(UINTPTR_MAX, &offset, &size));
	KUNIT_EXPECT_EQ(test, offset, 1);
	KUNIT_EXPECT_EQ(test, size, 2);
}

static void a_distance_beyond_32_bits_does_not_wrap(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, ksyms_lookup((uintptr_t)0x100001000, NULL, NULL));
}

static void the_results_are_optional(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, ksyms_lookup(0x1011, NULL, NULL), "f");
}

static struct kunit_case ksyms_cases[] = {
	KUNIT_CASE(an_address_belongs_to_the_last_function_at_or_below_it),
	KUNIT_CASE(outside_all_functions_is_nothing),
	KUNIT_CASE(a_distance_beyond_32_bits_does_not_wrap),
	KUNIT_CASE(the_results_are_optional),
	{},
};

static struct kunit_suite ksyms_suite = {
	.name = "ksyms",
	.test_cases = ksyms_cases,
};

kunit_test_suite(ksyms_suite);
