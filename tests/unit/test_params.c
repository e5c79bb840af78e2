/* SPDX-License-Identifier: MIT */
/*
 * Parameters: what each type accepts, that what it does not leaves it as it was, who may
 * write, and where the text of a charp lives. The numbers of the types are C's.
 */
#include <kernel/moduleparam.h>

#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/sprintf.h>
#include <test/kunit.h>

#define VALUE_MAX	64

static bool flag;
static unsigned char octet;
static short little;
static unsigned short ulittle;
static int number = 7;
static unsigned int count;
static long longer;
static unsigned long ulonger;
static char *word = "built in";
static char text[8] = "abc";
static int list[4];
static unsigned int list_length;
static char *names[2];
static char *chapters[4];
static int fixed = 3;
static int hidden;

module_param(flag, bool, 0644);
module_param(octet, byte, 0644);
module_param(little, short, 0644);
module_param(ulittle, ushort, 0644);
module_param(number, int, 0644);
MODULE_PARM_DESC(number, "a number");
module_param(count, uint, 0644);
module_param(longer, long, 0644);
module_param(ulonger, ulong, 0644);
module_param(word, charp, 0644);
module_param_string(text, text, sizeof(text), 0644);
module_param_array(list, int, &list_length, 0644);
module_param_array(names, charp, NULL, 0644);
module_param_array(chapters, charp, NULL, 0644);
module_param(fixed, int, 0444);
module_param_named(other_name, hidden, int, 0);

static char *title = "untitled";

core_param(test_title, title, charp, 0644);

/* Only even numbers. */
static int even;

static int set_even(const char *val, const struct kernel_param *kp)
{
	int old = *(int *)kp->arg, err = param_set_int(val, kp);

	if (!err && *(int *)kp->arg % 2) {
		*(int *)kp->arg = old;
		err = -EDOM;
	}
	return err;
}

static const struct kernel_param_ops even_ops = { .set = set_even, .get = param_get_int };
module_param_cb(even, &even_ops, &even, 0644);

static int set(const char *name, const char *value)
{
	char full[32];
	const struct kernel_param *kp;

	snprintf(full, sizeof(full), "test_params.%s", name);
	kp = kernel_param_find(full);
	return kp ? kernel_param_set(kp, value) : -ENOENT;
}

static char shown[VALUE_MAX];

static const char *get(const char *name)
{
	char full[32];
	const struct kernel_param *kp;
	int err;

	snprintf(full, sizeof(full), "test_params.%s", name);
	kp = kernel_param_find(full);
	err = kp ? kernel_param_get(kp, shown, sizeof(shown)) : -ENOENT;
	if (err < 0)
		snprintf(shown, sizeof(shown), "%pe", ERR_PTR(err));
	return shown;
}

struct attempt {
	const char *name, *value;
	int ret;
	const char *after;
};

static const struct attempt attempts[] = {
	{ "flag", "y", 0, "Y" },
	{ "flag", "0", 0, "N" },
	{ "flag", NULL, 0, "Y" },
	{ "flag", "maybe", -EINVAL, "Y" },
	{ "flag", "off", 0, "N" },
	{ "octet", "255", 0, "255" },
	{ "octet", "256", -ERANGE, "255" },
	{ "octet", "-1", -EINVAL, "255" },
	{ "little", "-32768", 0, "-32768" },
	{ "little", "32768", -ERANGE, "-32768" },
	{ "ulittle", "0xffff", 0, "65535" },
	{ "ulittle", "0x10000", -ERANGE, "65535" },
	{ "number", "+12", 0, "12" },
	{ "number", "-0x80000000", 0, "-2147483648" },
	{ "number", "2147483648", -ERANGE, "-2147483648" },
	{ "number", "017", 0, "15" },
	{ "number", "08", -EINVAL, "15" },
	{ "number", "", -EINVAL, "15" },
	{ "number", NULL, -EINVAL, "15" },
	{ "number", "1 2", -EINVAL, "15" },
	{ "number", "7", 0, "7" },
	{ "count", "4294967295", 0, "4294967295" },
	{ "count", "4294967296", -ERANGE, "4294967295" },
	{ "longer", "-1", 0, "-1" },
	{ "ulonger", "1", 0, "1" },
	{ "ulonger", "99999999999999999999", -ERANGE, "1" },
	{ "text", "1234567", 0, "1234567" },
	{ "text", "12345678", -ENOSPC, "1234567" },
	{ "list", "1,-2,0x3", 0, "1,-2,3" },
	{ "list", "4,5,x", -EINVAL, "1,-2,3" },
	{ "list", "4,5,99999999999", -ERANGE, "1,-2,3" },
	{ "list", "1,2,3,4,5", -EINVAL, "1,-2,3" },
	{ "list", "1,,2", -EINVAL, "1,-2,3" },
	{ "list", "9", 0, "9" },
	{ "even", "8", 0, "8" },
	{ "even", "9", -EDOM, "8" },
	{ "fixed", "4", -EPERM, "3" },
	{ "nothing", "4", -ENOENT, "-ENOENT" },
	{ "other_name", "1", -EPERM, "-EPERM" },
};

static void a_value_is_taken_or_the_old_one_stays(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(attempts); i++) {
		const struct attempt *a = &attempts[i];
		int ret = set(a->name, a->value);

		if (ret != a->ret || strcmp(get(a->name), a->after) != 0)
			KUNIT_FAIL(test, "%s=%s: %pe and then %s", a->name, a->value, ERR_PTR(ret),
				   get(a->name));
		KUNIT_EXPECT_EQ(test, ret, a->ret);
	}
}

static void the_length_of_an_array_is_told(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, set("list", "1,2"), 0);
	KUNIT_EXPECT_EQ(test, list_length, 2);
	KUNIT_EXPECT_EQ(test, set("list", "1,2,y"), -EINVAL);
	KUNIT_EXPECT_EQ(test, list_length, 2);
	KUNIT_EXPECT_EQ(test, list[1], 2);
}

/* The runner counts the bytes: a text that was given up is freed. */
static void a_text_is_copied_and_given_back(struct kunit *test)
{
	static char *const built_in = "built in";
	char mine[] = "first";

	KUNIT_EXPECT_STREQ(test, get("word"), built_in);
	KUNIT_EXPECT_EQ(test, set("word", mine), 0);
	mine[0] = 'F';
	KUNIT_EXPECT_STREQ(test, get("word"), "first");
	KUNIT_EXPECT_EQ(test, set("word", "the second one"), 0);
	scoped_guard(mutex, &param_lock) {
		KUNIT_EXPECT_STREQ(test, word, "the second one");
		kfree(word);
		word = built_in;
	}
}

/* Its text could go away under the reader. */
static void a_text_is_read_with_the_lock(struct kunit *test)
{
	const struct kernel_param *kp = kernel_param_find("test_params.word");
	char *buffer = kunit_kzalloc(test, PARAM_TEXT_MAX, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, kp);
	KUNIT_ASSERT_NOT_NULL(test, buffer);
	if (IS_ENABLED(CONFIG_LOCKDEP))
		KUNIT_EXPECT_REPORT(test, "param_lock", kp->ops->get(buffer, kp));
	kernel_param_lock(NULL);
	KUNIT_EXPECT_EQ(test, kp->ops->get(buffer, kp), strlen("built in\n"));
	kernel_param_unlock(NULL);
}

/* The same when it is written; a core parameter is an exception in early boot alone. */
static void a_text_is_set_with_the_lock(struct kunit *test)
{
	static const char *const texts[] = { "test_params.word", "test_title" };

	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "without CONFIG_LOCKDEP nobody looks");
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const struct kernel_param *kp = kernel_param_find(texts[i]);
		char *before;
		int err;

		KUNIT_ASSERT_NOT_NULL(test, kp);
		before = *(char **)kp->arg;
		KUNIT_EXPECT_REPORT(test, "param_lock is not held", err = kp->ops->set("x", kp));
		KUNIT_ASSERT_EQ(test, err, 0);
		kfree(*(char **)kp->arg);
		*(char **)kp->arg = before;
	}
}

static void an_array_of_texts(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, set("names", "one,two,three"), -EINVAL);
	KUNIT_EXPECT_NULL(test, names[0]);
	KUNIT_EXPECT_EQ(test, set("names", "one,two"), 0);
	KUNIT_EXPECT_STREQ(test, names[0], "one");
	KUNIT_EXPECT_STREQ(test, names[1], "two");
	KUNIT_EXPECT_STREQ(test, get("names"), "one,two");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		kfree(names[i]);
		names[i] = NULL;
	}
}

/* Of four texts of a thousand letters the fourth might not have room. */
static void what_has_no_room_is_cut_off_behind_an_element(struct kunit *test)
{
	const struct kernel_param *kp = kernel_param_find("test_params.chapters");
	char *buffer = kunit_kzalloc(test, PARAM_TEXT_MAX, GFP_KERNEL);
	static char letters[1001];
	int len;

	KUNIT_ASSERT_NOT_NULL(test, kp);
	KUNIT_ASSERT_NOT_NULL(test, buffer);
	memset(letters, 'x', sizeof(letters) - 1);
	for (size_t i = 0; i < ARRAY_SIZE(chapters); i++)
		chapters[i] = letters;
	scoped_guard(mutex, &param_lock)
		len = kp->ops->get(buffer, kp);
	KUNIT_EXPECT_EQ(test, len, 3 * 1001);
	KUNIT_EXPECT_EQ(test, strlen(buffer), 3 * 1001);
	KUNIT_EXPECT_STREQ(test, buffer + 3 * 1001 - 3, "xx\n");
	memset(chapters, 0, sizeof(chapters));
}

static void a_dash_is_an_underscore(struct kunit *test)
{
	const struct kernel_param *kp = kernel_param_find("test-params.number");

	KUNIT_ASSERT_NOT_NULL(test, kp);
	KUNIT_EXPECT_STREQ(test, kp->name, "test_params.number");
	KUNIT_EXPECT_STREQ(test, kernel_param_description(kp), "a number");
	KUNIT_EXPECT_NULL(test, kernel_param_find("test_params.numbe"));
	KUNIT_EXPECT_NULL(test, kernel_param_find("test_params.number=1"));
}

static void names_are_unique(struct kunit *test)
{
	for_each_table_entry(kernel_params, kp)
		KUNIT_EXPECT_PTR_EQ(test, kernel_param_find(kp->name), kp);
}

static struct kunit_case params_cases[] = {
	KUNIT_CASE(a_value_is_taken_or_the_old_one_stays),
	KUNIT_CASE(the_length_of_an_array_is_told),
	KUNIT_CASE(a_text_is_copied_and_given_back),
	KUNIT_CASE(a_text_is_read_with_the_lock),
	KUNIT_CASE(a_text_is_set_with_the_lock),
	KUNIT_CASE(an_array_of_texts),
	KUNIT_CASE(what_has_no_room_is_cut_off_behind_an_element),
	KUNIT_CASE(a_dash_is_an_underscore),
	KUNIT_CASE(names_are_unique),
	{},
};

static struct kunit_suite params_suite = {
	.name = "params",
	.test_cases = params_cases,
};

kunit_test_suite(params_suite);
