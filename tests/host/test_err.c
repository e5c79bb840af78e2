/* SPDX-License-Identifier: MIT */
/*
 * Errors as numbers, as pointers and as names. The host's C library is Linux's,
 * so its names are the ones to have.
 */
#include <lib/cleanup.h>
#include <lib/err.h>
#include <lib/errno.h>

#include "kunit_host.h"

const char *strerrorname_np(int err);

/* Those that never leave the kernel, which no C library knows. */
static const char *inner_name(int err)
{
	switch (err) {
	case 517:
		return "EPROBE_DEFER";
	case 524:
		return "ENOTSUPP";
	default:
		return NULL;
	}
}

static void names_are_those_of_linux(struct kunit *test)
{
	int named = 0;

	for (int err = 1; err <= MAX_ERRNO; err++) {
		const char *wanted = inner_name(err) ? inner_name(err) : strerrorname_np(err);
		const char *name = errno_name(-err);

		KUNIT_EXPECT_PTR_EQ(test, errno_name(err), name);
		if (!name)
			continue;
		named++;
		KUNIT_EXPECT_EQ(test, name[0], '-');
		KUNIT_EXPECT_STREQ(test, name + 1, wanted);
	}
	KUNIT_EXPECT_GE(test, named, 50);
}

/* A number that is added to the header and not to the names would print as digits. */
static void every_number_of_the_header_has_its_name(struct kunit *test)
{
	FILE *header = fopen("include/lib/errno.h", "r");
	char line[128], name[33];
	int number, count = 0;

	KUNIT_ASSERT_NOT_NULL(test, header);
	while (fgets(line, sizeof(line), header)) {
		if (sscanf(line, "#define E%31s %d", name + 1, &number) != 2)
			continue;
		name[0] = 'E';
		KUNIT_EXPECT_NOT_NULL(test, errno_name(number));
		if (errno_name(number))
			KUNIT_EXPECT_STREQ(test, errno_name(number) + 1, name);
		count++;
	}
	fclose(header);
	KUNIT_EXPECT_GE(test, count, 50);
}

static void other_numbers_have_no_name(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, errno_name(0));
	KUNIT_EXPECT_NULL(test, errno_name(-3000));
	KUNIT_EXPECT_NULL(test, errno_name(INT32_MIN));
	KUNIT_EXPECT_NULL(test, errno_name(INT32_MAX));
}

/*   0 ... an object ... | -4095 ... -1 |   the last page, less its first address */
static void the_last_page_is_errors_and_nothing_else(struct kunit *test)
{
	int object;

	KUNIT_EXPECT_TRUE(test, IS_ERR(ERR_PTR(-1)));
	KUNIT_EXPECT_TRUE(test, IS_ERR(ERR_PTR(-MAX_ERRNO)));
	KUNIT_EXPECT_FALSE(test, IS_ERR(ERR_PTR(-MAX_ERRNO - 1)));
	KUNIT_EXPECT_FALSE(test, IS_ERR(&object));
	KUNIT_EXPECT_FALSE(test, IS_ERR(NULL));
	KUNIT_EXPECT_TRUE(test, IS_ERR_OR_NULL(NULL));
	KUNIT_EXPECT_TRUE(test, IS_ERR_OR_NULL(ERR_PTR(-EIO)));
	KUNIT_EXPECT_FALSE(test, IS_ERR_OR_NULL(&object));
}

static void an_error_comes_out_as_it_went_in(struct kunit *test)
{
	int object;

	for (int err = 1; err <= MAX_ERRNO; err++)
		KUNIT_EXPECT_EQ(test, PTR_ERR(ERR_PTR(-err)), -err);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(ERR_PTR(-ENODEV)), -ENODEV);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(&object), 0);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(NULL), 0);
	KUNIT_EXPECT_PTR_EQ(test, ERR_CAST(ERR_PTR(-EIO)), ERR_PTR(-EIO));
}

/* ---- TRY ---- */

static int taken, used;

static void give_back(int *thing)
{
	taken -= *thing;
}

static int number(int ret)
{
	used++;
	return ret;
}

static int tries_a_number(int ret)
{
	int thing __cleanup(give_back) = 1, got;

	taken += thing;
	got = TRY(number(ret));
	used += 100;
	return got + TRY(number(TRY(number(1))));
}

static void an_error_is_returned_and_what_was_taken_given_back(struct kunit *test)
{
	taken = used = 0;
	KUNIT_EXPECT_EQ(test, tries_a_number(-EIO), -EIO);
	KUNIT_EXPECT_EQ(test, taken, 0);
	KUNIT_EXPECT_EQ(test, used, 1);
}

static void a_value_is_evaluated_once_and_goes_on(struct kunit *test)
{
	taken = used = 0;
	KUNIT_EXPECT_EQ(test, tries_a_number(5), 6);
	KUNIT_EXPECT_EQ(test, tries_a_number(0), 1);
	KUNIT_EXPECT_EQ(test, taken, 0);
	KUNIT_EXPECT_EQ(test, used, 2 * 103);
}

static int tries_a_pointer(int *object)
{
	int thing __cleanup(give_back) = 1;
	int *got;

	taken += thing;
	got = TRY_PTR(object);
	*got = 1;
	return 0;
}

static void an_error_pointer_is_returned_as_its_number(struct kunit *test)
{
	int object = 0;

	taken = 0;
	KUNIT_EXPECT_EQ(test, tries_a_pointer(ERR_PTR(-ENOMEM)), -ENOMEM);
	KUNIT_EXPECT_EQ(test, tries_a_pointer(&object), 0);
	KUNIT_EXPECT_EQ(test, object, 1);
	KUNIT_EXPECT_EQ(test, taken, 0);
}

static struct kunit_case err_cases[] = {
	KUNIT_CASE(names_are_those_of_linux),
	KUNIT_CASE(every_number_of_the_header_has_its_name),
	KUNIT_CASE(other_numbers_have_no_name),
	KUNIT_CASE(the_last_page_is_errors_and_nothing_else),
	KUNIT_CASE(an_error_comes_out_as_it_went_in),
	KUNIT_CASE(an_error_is_returned_and_what_was_taken_given_back),
	KUNIT_CASE(a_value_is_evaluated_once_and_goes_on),
	KUNIT_CASE(an_error_pointer_is_returned_as_its_number),
	{},
};

static struct kunit_suite err_suite = {
	.name = "err",
	.test_cases = err_cases,
};

kunit_test_suite(err_suite);
