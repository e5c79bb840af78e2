/* SPDX-License-Identifier: MIT */
/*
 * The host's runner of suites; tests/unit/test_kunit.c, which is linked with it, is what it
 * has in common with the kernel's.
 */
#include "kunit_host.h"

static void memory_is_zeroed_and_aligned_as_the_kernels(struct kunit *test)
{
	for (size_t size = 1; size < 100; size++) {
		u8 *p = kunit_kzalloc(test, size, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_EQ(test, (uintptr_t)p % 8, 0);
		for (size_t i = 0; i < size; i++)
			KUNIT_ASSERT_EQ(test, p[i], 0);
	}
}

static const struct kunit_case cases[] = {
	KUNIT_CASE(memory_is_zeroed_and_aligned_as_the_kernels),
	{}
};

static struct kunit_suite suite = {
	.name = "kunit_host",
	.test_cases = cases,
};
kunit_test_suite(suite);
