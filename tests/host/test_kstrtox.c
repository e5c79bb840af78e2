/* SPDX-License-Identifier: MIT */
/*
 * Numbers from strings: for every type its two limits and one beyond each, in
 * several bases, and what is not a number at all.
 */
#include <lib/kstrtox.h>

#include <lib/errno.h>
#include <lib/math.h>
#include <limits.h>

#include "kunit_host.h"

/* What *res holds before, and after an error. */
#define UNTOUCHED	77

#define EXPECT_NUMBER(test, function, type, string, base, wanted) do {		\
	type res__ = UNTOUCHED;							\
										\
	KUNIT_EXPECT_EQ(test, function(string, base, &res__), 0);		\
	KUNIT_EXPECT_EQ(test, res__, wanted);					\
} while (0)

#define EXPECT_ERROR(test, function, type, string, base, error) do {		\
	type res__ = UNTOUCHED;							\
										\
	KUNIT_EXPECT_EQ(test, function(string, base, &res__), error);		\
	KUNIT_EXPECT_EQ(test, res__, UNTOUCHED);				\
} while (0)

/* A type's limits in text, beside the limits themselves. */
#define EXPECT_UNSIGNED_LIMITS(test, function, type, most, decimal, above, hex) do {	\
	EXPECT_NUMBER(test, function, type, "0", 10, 0);			\
	EXPECT_NUMBER(test, function, type, decimal, 10, most);			\
	EXPECT_NUMBER(test, function, type, "+" decimal "\n", 0, most);		\
	EXPECT_NUMBER(test, function, type, hex, 16, most);			\
	EXPECT_NUMBER(test, function, type, "0x" hex, 16, most);		\
	EXPECT_NUMBER(test, function, type, "0X" hex, 0, most);			\
	EXPECT_NUMBER(test, function, type, "000000000000000000000" hex, 16, most);	\
	EXPECT_ERROR(test, function, type, above, 10, -ERANGE);			\
	EXPECT_ERROR(test, function, type, hex "0", 16, -ERANGE);		\
	EXPECT_ERROR(test, function, type, "-1", 10, -EINVAL);			\
	EXPECT_ERROR(test, function, type, "-0", 10, -EINVAL);			\
} while (0)

#define EXPECT_SIGNED_LIMITS(test, function, type, least, most, low, below, high, above) do {	\
	EXPECT_NUMBER(test, function, type, "0", 10, 0);			\
	EXPECT_NUMBER(test, function, type, "-0", 10, 0);			\
	EXPECT_NUMBER(test, function, type, low, 10, least);			\
	EXPECT_NUMBER(test, function, type, high, 10, most);			\
	EXPECT_NUMBER(test, function, type, "+" high "\n", 0, most);		\
	EXPECT_ERROR(test, function, type, below, 10, -ERANGE);			\
	EXPECT_ERROR(test, function, type, above, 10, -ERANGE);			\
	EXPECT_ERROR(test, function, type, "-" above "0", 10, -ERANGE);		\
} while (0)

static void unsigned_types_end_at_their_limits(struct kunit *test)
{
	EXPECT_UNSIGNED_LIMITS(test, kstrtou8, u8, 255, "255", "256", "ff");
	EXPECT_UNSIGNED_LIMITS(test, kstrtou16, u16, 65535, "65535", "65536", "fFfF");
	EXPECT_UNSIGNED_LIMITS(test, kstrtou32, u32, 4294967295, "4294967295", "4294967296",
			       "ffffffff");
	EXPECT_UNSIGNED_LIMITS(test, kstrtouint, unsigned int, 4294967295, "4294967295",
			       "4294967296", "FFFFFFFF");
	EXPECT_UNSIGNED_LIMITS(test, kstrtou64, u64, UINT64_MAX, "18446744073709551615",
			       "18446744073709551616", "ffffffffffffffff");
	EXPECT_UNSIGNED_LIMITS(test, kstrtoull, unsigned long long, UINT64_MAX,
			       "18446744073709551615", "18446744073709551616",
			       "FFFFffffFFFFffff");
	EXPECT_UNSIGNED_LIMITS(test, kstrtoul, unsigned long, ULONG_MAX, "18446744073709551615",
			       "18446744073709551616", "ffffffffffffffff");
}

static void signed_types_end_at_their_limits(struct kunit *test)
{
	EXPECT_SIGNED_LIMITS(test, kstrtos8, s8, -128, 127, "-128", "-129", "127", "128");
	EXPECT_SIGNED_LIMITS(test, kstrtos16, s16, -32768, 32767, "-32768", "-32769", "32767",
			     "32768");
	EXPECT_SIGNED_LIMITS(test, kstrtos32, s32, INT32_MIN, INT32_MAX, "-2147483648",
			     "-2147483649", "2147483647", "2147483648");
	EXPECT_SIGNED_LIMITS(test, kstrtoint, int, INT_MIN, INT_MAX, "-2147483648", "-2147483649",
			     "2147483647", "2147483648");
	EXPECT_SIGNED_LIMITS(test, kstrtos64, s64, INT64_MIN, INT64_MAX, "-9223372036854775808",
			     "-9223372036854775809", "9223372036854775807",
			     "9223372036854775808");
	EXPECT_SIGNED_LIMITS(test, kstrtoll, long long, LLONG_MIN, LLONG_MAX,
			     "-9223372036854775808", "-9223372036854775809",
			     "9223372036854775807", "9223372036854775808");
	EXPECT_SIGNED_LIMITS(test, kstrtol, long, LONG_MIN, LONG_MAX, "-9223372036854775808",
			     "-9223372036854775809", "9223372036854775807",
			     "9223372036854775808");
}

/* The product wraps to something small in each of them. */
static void overflow_is_seen_however_far_it_goes(struct kunit *test)
{
	EXPECT_ERROR(test, kstrtoull, unsigned long long, "0x10000000000000000", 0, -ERANGE);
	EXPECT_ERROR(test, kstrtoull, unsigned long long, "36893488147419103233", 10, -ERANGE);
	EXPECT_ERROR(test, kstrtoull, unsigned long long, "9999999999999999999999999", 10, -ERANGE);
	EXPECT_ERROR(test, kstrtoull, unsigned long long, "0x10000000000000000x", 0, -ERANGE);
	EXPECT_ERROR(test, kstrtou8, u8, "0x100000000000000001", 0, -ERANGE);
}

static void base_0_is_told_by_the_prefix(struct kunit *test)
{
	EXPECT_NUMBER(test, kstrtouint, unsigned int, "10", 0, 10);
	EXPECT_NUMBER(test, kstrtouint, unsigned int, "010", 0, 8);
	EXPECT_NUMBER(test, kstrtouint, unsigned int, "0x10", 0, 16);
	EXPECT_NUMBER(test, kstrtouint, unsigned int, "0XaB", 0, 0xab);
	EXPECT_NUMBER(test, kstrtouint, unsigned int, "0", 0, 0);
	EXPECT_NUMBER(test, kstrtoint, int, "-0x10", 0, -16);
	EXPECT_NUMBER(test, kstrtoint, int, "-010", 0, -8);
	EXPECT_ERROR(test, kstrtouint, unsigned int, "08", 0, -EINVAL);
	EXPECT_ERROR(test, kstrtouint, unsigned int, "0x", 0, -EINVAL);
	EXPECT_ERROR(test, kstrtouint, unsigned int, "0xg", 0, -EINVAL);
}

static void a_stated_base_rules(struct kunit *test)
{
	EXPECT_NUMBER(test, kstrtouint, unsigned int, "010", 10, 10);
	EXPECT_NUMBER(test, kstrtouint, unsigned int, "101", 2, 5);
	EXPECT_NUMBER(test, kstrtouint, unsigned int, "777", 8, 511);
	EXPECT_ERROR(test, kstrtouint, unsigned int, "0x10", 10, -EINVAL);
	EXPECT_ERROR(test, kstrtouint, unsigned int, "0x", 16, -EINVAL);
	EXPECT_ERROR(test, kstrtouint, unsigned int, "12", 2, -EINVAL);
	EXPECT_ERROR(test, kstrtouint, unsigned int, "a", 10, -EINVAL);
}

static void what_is_not_a_whole_number_is_refused(struct kunit *test)
{
	static const char *const strings[] = {
		"", "\n", "+", "-", " 1", "1 ", "1\n\n", "1\n ", "\t1", "1x", "x1", "--1", "-+1",
		"+-1", "++1", "1.0", "1-", "one", "0x0x1", "\xb1", "/", ":",
	};

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++) {
		EXPECT_ERROR(test, kstrtoint, int, strings[i], 0, -EINVAL);
		EXPECT_ERROR(test, kstrtouint, unsigned int, strings[i], 0, -EINVAL);
		EXPECT_ERROR(test, kstrtoll, long long, strings[i], 10, -EINVAL);
	}
}

static void bool_has_several_spellings(struct kunit *test)
{
	static const char *const yes[] = { "1", "y", "Y", "yes", "t", "True", "on", "ON", "oN" };
	static const char *const no[] = { "0", "n", "N", "no", "f", "False", "off", "OFF", "oF" };
	static const char *const neither[] = { "", "2", "o", "ok", "x", " 1", "\n" };
	bool res;

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
		res = false;
		KUNIT_EXPECT_EQ(test, kstrtobool(yes[i], &res), 0);
		KUNIT_EXPECT_TRUE(test, res);
	}
	for (size_t i = 0; i < ARRAY_SIZE(no); i++) {
		res = true;
		KUNIT_EXPECT_EQ(test, kstrtobool(no[i], &res), 0);
		KUNIT_EXPECT_FALSE(test, res);
	}
	for (size_t i = 0; i < ARRAY_SIZE(neither); i++)
		KUNIT_EXPECT_EQ(test, kstrtobool(neither[i], &res), -EINVAL);
	KUNIT_EXPECT_EQ(test, kstrtobool(NULL, &res), -EINVAL);
}

static struct kunit_case kstrtox_cases[] = {
	KUNIT_CASE(unsigned_types_end_at_their_limits),
	KUNIT_CASE(signed_types_end_at_their_limits),
	KUNIT_CASE(overflow_is_seen_however_far_it_goes),
	KUNIT_CASE(base_0_is_told_by_the_prefix),
	KUNIT_CASE(a_stated_base_rules),
	KUNIT_CASE(what_is_not_a_whole_number_is_refused),
	KUNIT_CASE(bool_has_several_spellings),
	{},
};

static struct kunit_suite kstrtox_suite = {
	.name = "kstrtox",
	.test_cases = kstrtox_cases,
};

kunit_test_suite(kstrtox_suite);
