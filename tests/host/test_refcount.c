/* SPDX-License-Identifier: MIT */
/*
 * A reference count under use and misuse. The rule to hold: whatever is done
 * to it, an object that may still be referenced is never said to be free.
 */
#include <lib/refcount.h>

#include "kunit_host.h"

static unsigned int reports;
static enum refcount_fault last_fault;

void refcount_report(refcount_t *r, enum refcount_fault fault)
{
	(void)r;
	reports++;
	last_fault = fault;
}

static int no_reports(struct kunit *test)
{
	(void)test;
	reports = 0;
	return 0;
}

/* Saturated: far from both ends, so that many more wrong steps stay inside. */
static void expect_saturated(struct kunit *test, refcount_t *r, enum refcount_fault fault)
{
	KUNIT_EXPECT_EQ(test, reports, 1);
	KUNIT_EXPECT_EQ(test, last_fault, fault);
	KUNIT_EXPECT_EQ(test, refcount_read(r), REFCOUNT_SATURATED);
	for (int i = 0; i < 1000; i++)
		KUNIT_ASSERT_FALSE(test, refcount_dec_and_test(r));
	for (int i = 0; i < 1000; i++)
		refcount_inc(r);
	KUNIT_EXPECT_TRUE(test, refcount_inc_not_zero(r));
	KUNIT_EXPECT_LT(test, refcount_read(r), 0);
}

static void the_last_put_and_no_other_frees(struct kunit *test)
{
	refcount_t r = REFCOUNT_INIT(1);

	refcount_inc(&r);
	KUNIT_EXPECT_TRUE(test, refcount_inc_not_zero(&r));
	KUNIT_EXPECT_EQ(test, refcount_read(&r), 3);
	KUNIT_EXPECT_FALSE(test, refcount_dec_and_test(&r));
	KUNIT_EXPECT_FALSE(test, refcount_dec_and_test(&r));
	KUNIT_EXPECT_TRUE(test, refcount_dec_and_test(&r));
	KUNIT_EXPECT_EQ(test, refcount_read(&r), 0);
	KUNIT_EXPECT_EQ(test, reports, 0);
}

static void a_dead_object_gives_no_reference(struct kunit *test)
{
	refcount_t r = REFCOUNT_INIT(0);

	KUNIT_EXPECT_FALSE(test, refcount_inc_not_zero(&r));
	KUNIT_EXPECT_EQ(test, refcount_read(&r), 0);
	KUNIT_EXPECT_EQ(test, reports, 0);
}

static void an_inc_from_zero_saturates(struct kunit *test)
{
	refcount_t r = REFCOUNT_INIT(0);

	refcount_inc(&r);
	expect_saturated(test, &r, REFCOUNT_ADD_FROM_ZERO);
}

static void an_overflow_saturates(struct kunit *test)
{
	refcount_t r = REFCOUNT_INIT(INT32_MAX);

	refcount_inc(&r);
	expect_saturated(test, &r, REFCOUNT_OVERFLOW);
}

static void an_overflow_of_the_careful_inc_saturates(struct kunit *test)
{
	refcount_t r = REFCOUNT_INIT(INT32_MAX);

	KUNIT_EXPECT_TRUE(test, refcount_inc_not_zero(&r));
	expect_saturated(test, &r, REFCOUNT_OVERFLOW);
}

static void an_underflow_saturates(struct kunit *test)
{
	refcount_t r;

	refcount_set(&r, 0);
	KUNIT_EXPECT_FALSE(test, refcount_dec_and_test(&r));
	expect_saturated(test, &r, REFCOUNT_UNDERFLOW);
}

static struct kunit_case refcount_cases[] = {
	KUNIT_CASE(the_last_put_and_no_other_frees),
	KUNIT_CASE(a_dead_object_gives_no_reference),
	KUNIT_CASE(an_inc_from_zero_saturates),
	KUNIT_CASE(an_overflow_saturates),
	KUNIT_CASE(an_overflow_of_the_careful_inc_saturates),
	KUNIT_CASE(an_underflow_saturates),
	{},
};

static struct kunit_suite refcount_suite = {
	.name = "refcount",
	.init = no_reports,
	.test_cases = refcount_cases,
};

kunit_test_suite(refcount_suite);
