/* SPDX-License-Identifier: MIT */
/*
 * Objects handed over as a void pointer: they come back once, and as what they are.
 */
#include <kernel/cookie.h>

#include <kernel/slab.h>
#include <test/kunit.h>

struct job {
	int number;
	struct cookie cookie;
};
DECLARE_COOKIE(job, cookie);
DEFINE_COOKIE(job, cookie);

/* Of no data: in a release build, of no size. */
struct token {
	struct cookie cookie;
};
DECLARE_COOKIE(token, cookie);
DEFINE_COOKIE(token, cookie);

static void an_object_comes_back_as_it_went(struct kunit *test)
{
	struct job job = { .number = 7 };

	for (unsigned int i = 0; i < 3; i++) {
		void *cookie = job_into_cookie(&job);

		KUNIT_EXPECT_NOT_NULL(test, cookie);
		KUNIT_EXPECT_PTR_EQ(test, job_borrow_cookie(cookie), &job);
		KUNIT_EXPECT_PTR_EQ(test, job_borrow_cookie(cookie), &job);
		KUNIT_EXPECT_PTR_EQ(test, job_from_cookie(cookie), &job);
	}
	KUNIT_EXPECT_EQ(test, job.number, 7);
}

static void no_object_is_null_and_no_data_is_not(struct kunit *test)
{
	struct token token = { };
	void *cookie = token_into_cookie(&token);

	KUNIT_EXPECT_NOT_NULL(test, cookie);
	KUNIT_EXPECT_PTR_EQ(test, token_from_cookie(cookie), &token);
	KUNIT_EXPECT_NULL(test, job_into_cookie(NULL));
	KUNIT_EXPECT_NULL(test, job_borrow_cookie(NULL));
	KUNIT_EXPECT_NULL(test, job_from_cookie(NULL));
	KUNIT_EXPECT_NOT_NULL(test, COOKIE_EMPTY);
	KUNIT_EXPECT_PTR_NE(test, COOKIE_EMPTY, cookie);
}

static void skip_without_tags(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "cookies are checked with CONFIG_DEBUG_OBJECTS");
}

static void a_cookie_of_another_type_is_reported(struct kunit *test)
{
	struct token token = { }, *got_token = &token;
	struct job job = { .number = 1 }, *got = &job;
	void *cookie = job_into_cookie(&job), *other = token_into_cookie(&token);
	unsigned long noise[8] = { 1, 2, 3 };

	skip_without_tags(test);
	KUNIT_EXPECT_REPORT(test, "the cookie of a token is taken for a job",
			    got = job_from_cookie(other));
	KUNIT_EXPECT_NULL(test, got);
	KUNIT_EXPECT_REPORT(test, "the cookie of a job is taken for a token",
			    got_token = token_borrow_cookie(cookie));
	KUNIT_EXPECT_NULL(test, got_token);
	KUNIT_EXPECT_REPORT(test, "is no cookie", got = job_from_cookie(noise));
	KUNIT_EXPECT_REPORT(test, "an empty cookie is taken for a job",
			    got = job_borrow_cookie(COOKIE_EMPTY));
	KUNIT_EXPECT_NULL(test, got);
	/* They are still what they were. */
	KUNIT_EXPECT_PTR_EQ(test, job_from_cookie(cookie), &job);
	KUNIT_EXPECT_PTR_EQ(test, token_from_cookie(other), &token);
}

static void a_cookie_is_taken_back_once(struct kunit *test)
{
	struct job job = { .number = 1 }, *got = &job;
	void *cookie = job_into_cookie(&job);

	skip_without_tags(test);
	KUNIT_EXPECT_PTR_EQ(test, job_from_cookie(cookie), &job);
	KUNIT_EXPECT_REPORT(test, "was taken back already", got = job_from_cookie(cookie));
	KUNIT_EXPECT_NULL(test, got);
	got = &job;
	KUNIT_EXPECT_REPORT(test, "was taken back already", got = job_borrow_cookie(cookie));
	KUNIT_EXPECT_NULL(test, got);
}

static void an_object_is_handed_over_once(struct kunit *test)
{
	struct job job = { .number = 1 };
	void *cookie = job_into_cookie(&job), *again = NULL;

	skip_without_tags(test);
	KUNIT_EXPECT_REPORT(test, "is handed over already", again = job_into_cookie(&job));
	KUNIT_EXPECT_PTR_EQ(test, again, cookie);
	KUNIT_EXPECT_PTR_EQ(test, job_from_cookie(cookie), &job);
}

static void what_is_handed_over_is_not_freed(struct kunit *test)
{
	struct job *job;
	void *cookie;

	skip_without_tags(test);
	job = kzalloc(sizeof(*job), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, job);
	cookie = job_into_cookie(job);
	KUNIT_EXPECT_REPORT(test, "which is handed over", kfree(job));
	kfree(job_from_cookie(cookie));
}

static struct kunit_case cookie_cases[] = {
	KUNIT_CASE(an_object_comes_back_as_it_went),
	KUNIT_CASE(no_object_is_null_and_no_data_is_not),
	KUNIT_CASE(a_cookie_of_another_type_is_reported),
	KUNIT_CASE(a_cookie_is_taken_back_once),
	KUNIT_CASE(an_object_is_handed_over_once),
	KUNIT_CASE(what_is_handed_over_is_not_freed),
	{}
};

static struct kunit_suite cookie_suite = {
	.name = "cookie",
	.test_cases = cookie_cases,
};
kunit_test_suite(cookie_suite);
