/* SPDX-License-Identifier: MIT */
/*
 * Suites that are judged wrong for what they expect or report, or are made wrongly: parameters,
 * names, an init that fails; and one to be shuffled.
 */
#include <kernel/bug.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "planted.h"

static void expects_wrongly(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1 + 1, 3);
	KUNIT_ASSERT_TRUE(test, false);
	kunit_log(test, "not reached");
}

static void is_skipped(struct kunit *test)
{
	kunit_skip(test, "no such part here");
}

static void reports_unexpectedly(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, WARN(true, "pump %d is dry", 3));
}

static void expects_a_report_in_vain(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "pump 4", kunit_log(test, "nothing"));
}

static void expects_another_report(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "pump 4", WARN(true, "valve 5 is stuck"));
}

static int refuse(struct kunit *test)
{
	(void)test;
	return -ENODEV;
}

static const struct sample {
	const char *name;
	int value;
} samples[] = {
	{ "even", 2 },
	{ "odd # one", 3 },
	{ "skipped", 0 },
};

static void name_sample(const struct sample *sample, char *desc)
{
	strscpy(desc, sample->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(named, samples, name_sample)
KUNIT_ARRAY_PARAM(nameless, samples, NULL)

static void is_even(struct kunit *test)
{
	const struct sample *sample = test->param_value;

	if (!sample->value)
		kunit_skip(test, "nothing to look at");
	KUNIT_EXPECT_EQ(test, sample->value % 2, 0);
}

static void is_small(struct kunit *test)
{
	const struct sample *sample = test->param_value;

	KUNIT_EXPECT_LT(test, sample->value, 4);
	KUNIT_EXPECT_PTR_EQ(test, sample, &samples[test->param_index]);
}

static const void *no_params(const void *prev, char *desc)
{
	(void)prev;
	(void)desc;
	return NULL;
}

static void has_no_parameters(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
}

static void panics_in_a_parameter(struct kunit *test)
{
	KUNIT_EXPECT_LT(test, test->param_index, 2);
	if (test->param_index == 1)
		panic("asked for by a test");
}

static int report_before(struct kunit_suite *suite)
{
	(void)suite;
	WARN(true, "pump 6 is dry");
	return 0;
}

static void report_behind(struct kunit_suite *suite)
{
	(void)suite;
	WARN(true, "pump 7 is dry");
}

SUITE(expects_wrongly);
SUITE(checks_nothing);
SUITE(is_skipped);
SUITE(reports_unexpectedly);
SUITE(expects_a_report_in_vain);
SUITE(expects_another_report);

static struct kunit_suite suite_passes = {
	.name = "suite_passes",
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), {} },
};

static struct kunit_suite suite_init_fails = {
	.name = "init_fails",
	.init = refuse,
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), {} },
};

static struct kunit_suite suite_params = {
	.name = "params",
	.test_cases = (const struct kunit_case[]){
		KUNIT_CASE_PARAM(is_even, named_gen_params),
		KUNIT_CASE_PARAM(is_small, nameless_gen_params),
		{}
	},
};

static struct kunit_suite suite_reports_outside = {
	.name = "reports_outside",
	.suite_init = report_before,
	.suite_exit = report_behind,
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), {} },
};

static struct kunit_suite suite_no_params = {
	.name = "no_params",
	.test_cases = (const struct kunit_case[]){
		KUNIT_CASE_PARAM(has_no_parameters, no_params), {}
	},
};

static struct kunit_suite suite_panic = {
	.name = "panic",
	.test_cases = (const struct kunit_case[]){
		KUNIT_CASE(passes),
		KUNIT_CASE_PARAM(panics_in_a_parameter, named_gen_params),
		KUNIT_CASE(checks_nothing),
		{}
	},
};

static struct kunit_suite suite_empty = {
	.name = "empty",
	.test_cases = (const struct kunit_case[]){ {} },
};

static struct kunit_suite suite_twice = {
	.name = "twice",
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), KUNIT_CASE(passes), {} },
};

static struct kunit_suite suite_own_name = {
	.name = "passes",
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), {} },
};

static struct kunit_suite suite_nameless = {
	.name = "a.b",
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), {} },
};

#define ORDERED(n)	{ .run_case = passes, .name = "case" #n }

static struct kunit_suite suite_order = {
	.name = "order",
	.test_cases = (const struct kunit_case[]){
		ORDERED(0), ORDERED(1), ORDERED(2), ORDERED(3), ORDERED(4), ORDERED(5), {}
	},
};

struct kunit_suite *const planted_checks[] = {
	&suite_expects_wrongly, &suite_checks_nothing, &suite_is_skipped,
	&suite_reports_unexpectedly, &suite_expects_a_report_in_vain, &suite_expects_another_report,
	&suite_passes, &suite_init_fails, &suite_params, &suite_reports_outside, &suite_no_params,
	&suite_panic, &suite_empty, &suite_twice, &suite_own_name, &suite_nameless, &suite_order,
	NULL
};
