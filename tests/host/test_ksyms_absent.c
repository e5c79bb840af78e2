/* SPDX-License-Identifier: MIT */
/*
 * A kernel without a table of functions, as its first link is.
 */
#include <kernel/ksyms.h>

#include <test/kunit.h>

static void without_a_table_nothing_is_found(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, ksyms_lookup(0, NULL, NULL));
	KUNIT_EXPECT_NULL(test, ksyms_lookup(0x1000, NULL, NULL));
}

static struct kunit_case ksyms_absent_cases[] = {
	KUNIT_CASE(without_a_table_nothing_is_found),
	{},
};

static struct kunit_suite ksyms_absent_suite = {
	.name = "ksyms_absent",
	.test_cases = ksyms_absent_cases,
};

kunit_test_suite(ksyms_absent_suite);
