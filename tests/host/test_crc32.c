/* SPDX-License-Identifier: MIT */
/*
 * CRC-32: the value that catalogues of CRCs give for it, and that it can be had in pieces.
 */
#include <lib/crc32.h>

#include "kunit_host.h"

static const unsigned char digits[] = "123456789";

/* "CRC-32/ISO-HDLC, check 0xcbf43926" */
static void the_check_value_comes_out(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, ~crc32_le(~0u, digits, 9), 0xcbf43926u);
	KUNIT_EXPECT_EQ(test, ~crc32_le(~0u, digits, 0), 0u);
	KUNIT_EXPECT_EQ(test, crc32_le(0, (const unsigned char *)"\0\0\0\0", 4), 0u);
}

static void pieces_come_to_the_same(struct kunit *test)
{
	for (size_t n = 0; n <= 9; n++)
		KUNIT_EXPECT_EQ(test, crc32_le(crc32_le(~0u, digits, n), digits + n, 9 - n),
				~0xcbf43926u);
}

static struct kunit_case crc32_cases[] = {
	KUNIT_CASE(the_check_value_comes_out),
	KUNIT_CASE(pieces_come_to_the_same),
	{},
};

static struct kunit_suite crc32_suite = { .name = "crc32", .test_cases = crc32_cases };

kunit_test_suite(crc32_suite);
