/* SPDX-License-Identifier: MIT */
/*
 * Error numbers where they are misused; what they are is tested on the host.
 */
#include <lib/err.h>

#include <kernel/mutex.h>
#include <lib/cleanup.h>
#include <test/kunit.h>

static void a_number_that_is_no_error_is_reported_as_it_was(struct kunit *test)
{
	volatile long positive = EINVAL, too_low = -MAX_ERRNO - 1, error = -MAX_ERRNO, zero = 0;
	void *ptr;

	KUNIT_EXPECT_REPORT(test, "ERR_PTR(22): not the negative", ptr = ERR_PTR(positive));
	KUNIT_EXPECT_EQ(test, (unsigned long)ptr, EINVAL);
	KUNIT_EXPECT_REPORT(test, "ERR_PTR(-4096): not the negative", ptr = ERR_PTR(too_low));
	KUNIT_EXPECT_EQ(test, PTR_ERR(ERR_PTR(error)), -MAX_ERRNO);
	KUNIT_EXPECT_NULL(test, ERR_PTR(zero));
}

static DEFINE_MUTEX(lock);

static int tries_with_the_lock(int ret)
{
	guard(mutex)(&lock);
	return TRY(ret) + 1;
}

static void a_guard_ends_where_try_returns(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, tries_with_the_lock(-ENODEV), -ENODEV);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&lock));
	KUNIT_EXPECT_EQ(test, tries_with_the_lock(1), 2);
}

static struct kunit_case errors_cases[] = {
	KUNIT_CASE(a_number_that_is_no_error_is_reported_as_it_was),
	KUNIT_CASE(a_guard_ends_where_try_returns),
	{},
};

static struct kunit_suite errors_suite = { .name = "errors", .test_cases = errors_cases };

kunit_test_suite(errors_suite);
