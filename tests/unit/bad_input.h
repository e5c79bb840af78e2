/* SPDX-License-Identifier: MIT */
/*
 * For the suites of bad input: what is reported has a result all the same.
 */
#ifndef TESTS_UNIT_BAD_INPUT_H
#define TESTS_UNIT_BAD_INPUT_H

#include <test/kunit.h>

/* One report, and this result. */
#define EXPECT_REPORT_OF(test, report, call, result) do {			\
	__typeof__(call) got__;							\
										\
	KUNIT_EXPECT_REPORT(test, report, got__ = (call));			\
	KUNIT_EXPECT_TRUE(test, got__ == (result));				\
} while (0)

#endif
