/* SPDX-License-Identifier: MIT */
/*
 * What both runners of suites promise, the kernel's and the host's: reports that are expected,
 * what is undone after a case. Runs in the kernel and on the host.
 */
#include <test/kunit.h>

#include <kernel/bug.h>
#include <lib/string.h>

/* A case inside the case, whose failures are what is looked at. */
static void trial_begin(struct kunit *trial)
{
	*trial = (struct kunit){ .name = "trial" };
	INIT_LIST_HEAD(&trial->resources);
}

/* What the trial was told of is expected: it is no failure of the case either. */
static enum kunit_status trial_end(struct kunit *test, struct kunit *trial)
{
	test->warnings += trial->warnings;
	return trial->status;
}

static void one_report_with_the_text_is_what_is_expected(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "pump 3", WARN(true, "pump %d is dry", 3));
	KUNIT_EXPECT_REPORT(test, "is dry",
			    report_begin("pump %d is dry\n", 4); report_end());
	KUNIT_EXPECT_EQ(test, test->status, KUNIT_SUCCESS);
}

static void a_report_that_does_not_come_fails_the_case(struct kunit *test)
{
	struct kunit trial;

	trial_begin(&trial);
	KUNIT_EXPECT_REPORT(&trial, "pump", WARN(false, "pump"));
	KUNIT_EXPECT_EQ(test, trial_end(test, &trial), KUNIT_FAILURE);
	KUNIT_EXPECT_EQ(test, trial.warnings, 0);
}

static void another_report_fails_the_case(struct kunit *test)
{
	struct kunit trial;

	trial_begin(&trial);
	KUNIT_EXPECT_REPORT(&trial, "pump", WARN(true, "valve"));
	KUNIT_EXPECT_EQ(test, trial_end(test, &trial), KUNIT_FAILURE);
}

static void a_second_report_fails_the_case(struct kunit *test)
{
	struct kunit trial;

	trial_begin(&trial);
	KUNIT_EXPECT_REPORT(&trial, "pump", WARN(true, "pump"); WARN(true, "pump"));
	KUNIT_EXPECT_EQ(test, trial_end(test, &trial), KUNIT_FAILURE);
	trial_begin(&trial);
	KUNIT_EXPECT_REPORT(&trial, "pump", WARN(true, "pump"); WARN(true, "valve"));
	KUNIT_EXPECT_EQ(test, trial_end(test, &trial), KUNIT_FAILURE);
}

static void the_last_titles_are_kept(struct kunit *test)
{
	char title[REPORT_TITLE_MAX];

	KUNIT_EXPECT_WARNINGS(test, 9, for (int i = 0; i < 9; i++) WARN(true, "report %d", i));
	for (unsigned int back = 0; back < 8; back++) {
		char expected[] = "report 0";

		expected[7] = (char)('8' - back);
		report_title(warn_count() - back, title);
		KUNIT_EXPECT_STREQ(test, title, expected);
	}
	report_title(warn_count() - 8, title);
	KUNIT_EXPECT_STREQ(test, title, "");
	report_title(warn_count() + 1, title);
	KUNIT_EXPECT_STREQ(test, title, "");
}

/* ---- what is undone after a case ---- */

static char order[8];

static void tell(void *ctx)
{
	size_t len = strlen(order);

	order[len] = *(const char *)ctx;
	order[len + 1] = '\0';
}

static int nothing_undone(struct kunit *test)
{
	(void)test;
	order[0] = '\0';
	return 0;
}

static void the_youngest_is_undone_first(struct kunit *test)
{
	struct kunit trial;
	char *letters;

	trial_begin(&trial);
	KUNIT_ASSERT_EQ(test, kunit_add_action(&trial, tell, "a"), 0);
	letters = kunit_kzalloc(&trial, 2, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, letters);
	letters[0] = 'b';
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(&trial, tell, letters), 0);
	KUNIT_EXPECT_STREQ(test, order, "");
	kunit_cleanup(&trial);	/* the memory is still there when the action looks at it */
	KUNIT_EXPECT_STREQ(test, order, "ba");
	KUNIT_EXPECT_TRUE(test, list_empty(&trial.resources));
}

static void an_action_is_taken_off_uncalled_or_called_once(struct kunit *test)
{
	static char a[] = "a", b[] = "b";
	struct kunit trial;

	trial_begin(&trial);
	KUNIT_ASSERT_EQ(test, kunit_add_action(&trial, tell, a), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(&trial, tell, b), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(&trial, tell, a), 0);
	kunit_release_action(&trial, tell, b);
	KUNIT_EXPECT_STREQ(test, order, "b");
	kunit_release_action(&trial, tell, b);	/* none is left */
	kunit_remove_action(&trial, tell, b);
	kunit_remove_action(&trial, tell, a);	/* one of two */
	KUNIT_EXPECT_STREQ(test, order, "b");
	kunit_cleanup(&trial);
	KUNIT_EXPECT_STREQ(test, order, "ba");
}

/* ---- parameters ---- */

static const struct sample {
	int a, sum;
} samples[] = {
	{ 1, 2 }, { 2, 4 }, { -3, -6 },
};

static void describe(const struct sample *sample, char *desc)
{
	strscpy(desc, sample->a < 0 ? "below zero" : "above zero", KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(sample, samples, describe)
KUNIT_ARRAY_PARAM(nameless, samples, NULL)

static void each_parameter_has_a_run(struct kunit *test)
{
	const struct sample *sample = test->param_value;

	KUNIT_EXPECT_EQ(test, sample->a + sample->a, sample->sum);
	KUNIT_EXPECT_PTR_EQ(test, sample, &samples[test->param_index]);
}

static void parameters_end_after_the_last(struct kunit *test)
{
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	const void *param = sample_gen_params(NULL, desc);

	KUNIT_EXPECT_PTR_EQ(test, param, &samples[0]);
	KUNIT_EXPECT_STREQ(test, desc, "above zero");
	param = sample_gen_params(&samples[1], desc);
	KUNIT_EXPECT_PTR_EQ(test, param, &samples[2]);
	KUNIT_EXPECT_STREQ(test, desc, "below zero");
	KUNIT_EXPECT_NULL(test, sample_gen_params(&samples[2], desc));
}

static const struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(each_parameter_has_a_run, sample_gen_params),
	{ .run_case = each_parameter_has_a_run, .name = "a_parameter_needs_no_name",
	  .generate_params = nameless_gen_params },
	KUNIT_CASE(parameters_end_after_the_last),
	KUNIT_CASE(one_report_with_the_text_is_what_is_expected),
	KUNIT_CASE(a_report_that_does_not_come_fails_the_case),
	KUNIT_CASE(another_report_fails_the_case),
	KUNIT_CASE(a_second_report_fails_the_case),
	KUNIT_CASE(the_last_titles_are_kept),
	KUNIT_CASE(the_youngest_is_undone_first),
	KUNIT_CASE(an_action_is_taken_off_uncalled_or_called_once),
	{}
};

static struct kunit_suite suite = {
	.name = "kunit",
	.init = nothing_undone,
	.test_cases = cases,
};
kunit_test_suite(suite);
