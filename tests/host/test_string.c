/* SPDX-License-Identifier: MIT */
/*
 * The string functions that are ours, and the classes of characters against the
 * host's in the C locale. Buffers come from malloc, so ASan watches their ends.
 */
#include <lib/string.h>

#include <lib/ctype.h>
#include <lib/errno.h>
#include <lib/math.h>

#include "kunit_host.h"

static void strscpy_copies_what_fits(struct kunit *test)
{
	char dst[6] = "?????";

	KUNIT_EXPECT_EQ(test, strscpy(dst, "crab", sizeof(dst)), 4);
	KUNIT_EXPECT_STREQ(test, dst, "crab");
	KUNIT_EXPECT_EQ(test, strscpy(dst, "", sizeof(dst)), 0);
	KUNIT_EXPECT_STREQ(test, dst, "");
	KUNIT_EXPECT_EQ(test, strscpy(dst, "crabs", sizeof(dst)), 5);
	KUNIT_EXPECT_STREQ(test, dst, "crabs");
}

static void strscpy_cuts_and_says_so(struct kunit *test)
{
	char dst[6] = "?????";

	KUNIT_EXPECT_EQ(test, strscpy(dst, "crab soup", sizeof(dst)), -E2BIG);
	KUNIT_EXPECT_STREQ(test, dst, "crab ");
	KUNIT_EXPECT_EQ(test, strscpy(dst, "x", 1), -E2BIG);
	KUNIT_EXPECT_STREQ(test, dst, "");
	dst[0] = '?';
	KUNIT_EXPECT_EQ(test, strscpy(dst, "", 0), -E2BIG);
	KUNIT_EXPECT_EQ(test, dst[0], '?');
}

static void strscpy_stays_within_both_sides(struct kunit *test)
{
	char *unterminated = memcpy(malloc(4), "abcd", 4), *dst = malloc(4);

	KUNIT_EXPECT_EQ(test, strscpy(dst, unterminated, 4), -E2BIG);
	KUNIT_EXPECT_STREQ(test, dst, "abc");

	memset(dst, '?', 4);
	KUNIT_EXPECT_EQ(test, strscpy(dst, "a", 4), 1);
	KUNIT_EXPECT_EQ(test, memcmp(dst, "a\0??", 4), 0);
	free(unterminated);
	free(dst);
}

static void memchr_inv_finds_the_first_stranger(struct kunit *test)
{
	u8 *page = memset(malloc(64), 0x6b, 64);

	KUNIT_EXPECT_NULL(test, memchr_inv(page, 0x6b, 64));
	KUNIT_EXPECT_NULL(test, memchr_inv(page, 0x100 + 0x6b, 64));
	KUNIT_EXPECT_NULL(test, memchr_inv(page, 0, 0));
	page[63] = 0;
	page[17] = 0xff;
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(page, 0x6b, 64), page + 17);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(page + 18, 0x6b, 46), page + 63);
	KUNIT_EXPECT_NULL(test, memchr_inv(page + 18, 0x6b, 45));
	free(page);
}

static void skip_spaces_stops_at_the_first_word(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, skip_spaces(" \t\v\f\r\nset 2 "), "set 2 ");
	KUNIT_EXPECT_STREQ(test, skip_spaces("set"), "set");
	KUNIT_EXPECT_STREQ(test, skip_spaces("  "), "");
	KUNIT_EXPECT_STREQ(test, skip_spaces(""), "");
}

static void strim_cuts_both_ends(struct kunit *test)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "", "" }, { " ", "" }, { " \n\t", "" }, { "a", "a" }, { " a b\r\n", "a b" },
		{ "a ", "a" }, { "\ta", "a" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char line[16];

		strcpy(line, rows[i].in);
		KUNIT_EXPECT_STREQ(test, strim(line), rows[i].out);
	}
}

static void kbasename_is_what_follows_the_last_slash(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, kbasename("/soc/pl011@9000000"), "pl011@9000000");
	KUNIT_EXPECT_STREQ(test, kbasename("drivers/"), "");
	KUNIT_EXPECT_STREQ(test, kbasename("x.c"), "x.c");
	KUNIT_EXPECT_STREQ(test, kbasename("/"), "");
	KUNIT_EXPECT_STREQ(test, kbasename(""), "");
}

static void strstarts_compares_the_whole_prefix(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, strstarts("gpio-keys", "gpio"));
	KUNIT_EXPECT_TRUE(test, strstarts("gpio", ""));
	KUNIT_EXPECT_FALSE(test, strstarts("gpi", "gpio"));
	KUNIT_EXPECT_FALSE(test, strstarts("spi", "gpio"));
}

/* The C library's functions, which our inline ones hide. */
#define HOST_CLASS(name)	int host_##name(int c) __asm__(#name)
HOST_CLASS(isdigit);
HOST_CLASS(isxdigit);
HOST_CLASS(isalpha);
HOST_CLASS(isalnum);
HOST_CLASS(isupper);
HOST_CLASS(islower);
HOST_CLASS(isspace);
HOST_CLASS(isprint);
HOST_CLASS(isgraph);
HOST_CLASS(iscntrl);
HOST_CLASS(ispunct);
HOST_CLASS(toupper);
HOST_CLASS(tolower);

static void classes_are_those_of_the_c_locale(struct kunit *test)
{
#define EXPECT_CLASS(name)	KUNIT_EXPECT_EQ(test, name(c), !!host_##name(c))
	for (int c = -1; c < 256; c++) {
		EXPECT_CLASS(isdigit);
		EXPECT_CLASS(isxdigit);
		EXPECT_CLASS(isalpha);
		EXPECT_CLASS(isalnum);
		EXPECT_CLASS(isupper);
		EXPECT_CLASS(islower);
		EXPECT_CLASS(isspace);
		EXPECT_CLASS(isprint);
		EXPECT_CLASS(isgraph);
		EXPECT_CLASS(iscntrl);
		EXPECT_CLASS(ispunct);
		KUNIT_EXPECT_EQ(test, toupper(c), host_toupper(c));
		KUNIT_EXPECT_EQ(test, tolower(c), host_tolower(c));
		KUNIT_EXPECT_EQ(test, isascii(c), c >= 0 && c < 128);
	}
}

/* As a plain char has them on a machine where it is signed: the host's tables end there. */
static void outside_ascii_is_no_class(struct kunit *test)
{
	static const int far[] = { -128, -2, 256, 0x141, INT32_MAX, INT32_MIN };

	for (size_t i = 0; i < ARRAY_SIZE(far); i++) {
		int c = far[i];

		KUNIT_EXPECT_FALSE(test, isalnum(c) || isspace(c) || isgraph(c) || iscntrl(c));
		KUNIT_EXPECT_EQ(test, tolower(c), c);
		KUNIT_EXPECT_EQ(test, toupper(c), c);
	}
}

static struct kunit_case string_cases[] = {
	KUNIT_CASE(strscpy_copies_what_fits),
	KUNIT_CASE(strscpy_cuts_and_says_so),
	KUNIT_CASE(strscpy_stays_within_both_sides),
	KUNIT_CASE(memchr_inv_finds_the_first_stranger),
	KUNIT_CASE(skip_spaces_stops_at_the_first_word),
	KUNIT_CASE(strim_cuts_both_ends),
	KUNIT_CASE(kbasename_is_what_follows_the_last_slash),
	KUNIT_CASE(strstarts_compares_the_whole_prefix),
	KUNIT_CASE(classes_are_those_of_the_c_locale),
	KUNIT_CASE(outside_ascii_is_no_class),
	{},
};

static struct kunit_suite string_suite = {
	.name = "string",
	.test_cases = string_cases,
};

kunit_test_suite(string_suite);
