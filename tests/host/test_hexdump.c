/* SPDX-License-Identifier: MIT */
/*
 * Bytes as text: the columns, the groups in this machine's byte order, and what is cut.
 */
#include <lib/hexdump.h>

#include "kunit_host.h"

static const unsigned char bytes[32] = {
	0x40, 'A', 'B', 'C', 'D', 'E', 'F', 'G', 0x7e, 0x7f, 0x00, 0x1f, 0x20, 0x80, 0xff, '/',
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
};

static char line[HEX_DUMP_LINE_MAX];

static void a_line_has_numbers_and_characters(struct kunit *test)
{
	int len = hex_dump_to_buffer(bytes, 16, 16, 1, line, sizeof(line), true);

	KUNIT_EXPECT_STREQ(test, line,
			   "40 41 42 43 44 45 46 47 7e 7f 00 1f 20 80 ff 2f  @ABCDEFG~... ../");
	KUNIT_EXPECT_EQ(test, len, strlen(line));
}

/* The characters stand in their column, however many there are. */
static void a_short_line_is_filled_up(struct kunit *test)
{
	hex_dump_to_buffer(bytes + 1, 2, 16, 1, line, sizeof(line), true);
	KUNIT_EXPECT_STREQ(test, line, "41 42                                            AB");
	hex_dump_to_buffer(bytes + 1, 2, 16, 1, line, sizeof(line), false);
	KUNIT_EXPECT_STREQ(test, line, "41 42");
}

/* The host is little-endian. */
static void groups_are_numbers(struct kunit *test)
{
	hex_dump_to_buffer(bytes, 8, 16, 2, line, sizeof(line), false);
	KUNIT_EXPECT_STREQ(test, line, "4140 4342 4544 4746");
	hex_dump_to_buffer(bytes, 8, 16, 4, line, sizeof(line), true);
	KUNIT_EXPECT_STREQ(test, line, "43424140 47464544                    @ABCDEFG");
	hex_dump_to_buffer(bytes, 8, 16, 8, line, sizeof(line), false);
	KUNIT_EXPECT_STREQ(test, line, "4746454443424140");
	hex_dump_to_buffer(bytes + 1, 8, 16, 4, line, sizeof(line), false);
	KUNIT_EXPECT_STREQ(test, line, "44434241 7e474645");
}

static void what_does_not_come_out_even_is_shown_by_the_byte(struct kunit *test)
{
	hex_dump_to_buffer(bytes, 3, 16, 2, line, sizeof(line), false);
	KUNIT_EXPECT_STREQ(test, line, "40 41 42");
	hex_dump_to_buffer(bytes, 2, 16, 3, line, sizeof(line), false);
	KUNIT_EXPECT_STREQ(test, line, "40 41");
}

static void a_row_has_16_bytes_or_32(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, hex_dump_to_buffer(bytes, 32, 16, 1, line, sizeof(line), false),
			16 * 3 - 1);
	KUNIT_EXPECT_EQ(test, hex_dump_to_buffer(bytes, 32, 7, 1, line, sizeof(line), false),
			16 * 3 - 1);
	KUNIT_EXPECT_EQ(test, hex_dump_to_buffer(bytes, 32, 32, 1, line, sizeof(line), true),
			32 * 3 + 1 + 32);
	KUNIT_EXPECT_EQ(test, strlen(line), 32 * 3 + 1 + 32);
}

static void text_without_room_is_cut(struct kunit *test)
{
	char small[8];

	for (size_t size = 0; size <= sizeof(small); size++) {
		memset(small, '#', sizeof(small));
		KUNIT_EXPECT_EQ(test, hex_dump_to_buffer(bytes, 16, 16, 1, small, size, true), 65);
		if (size)
			KUNIT_EXPECT_EQ(test, strnlen(small, sizeof(small)), size - 1);
		else
			KUNIT_EXPECT_EQ(test, small[0], '#');
	}
	KUNIT_EXPECT_EQ(test, hex_dump_to_buffer(bytes, 0, 16, 1, line, sizeof(line), true), 0);
	KUNIT_EXPECT_STREQ(test, line, "");
}

static struct kunit_case hexdump_cases[] = {
	KUNIT_CASE(a_line_has_numbers_and_characters),
	KUNIT_CASE(a_short_line_is_filled_up),
	KUNIT_CASE(groups_are_numbers),
	KUNIT_CASE(what_does_not_come_out_even_is_shown_by_the_byte),
	KUNIT_CASE(a_row_has_16_bytes_or_32),
	KUNIT_CASE(text_without_room_is_cut),
	{},
};

static struct kunit_suite hexdump_suite = { .name = "hexdump", .test_cases = hexdump_cases };

kunit_test_suite(hexdump_suite);
