/* SPDX-License-Identifier: MIT */
/*
 * Tests in the kernel, in KUnit's shape: suites of cases, expectations that
 * count a failure and go on, assertions that end the case. Results are KTAP
 * version 1 lines on the console.
 *
 *   static void adds(struct kunit *test) { KUNIT_EXPECT_EQ(test, 1 + 1, 2); }
 *   static struct kunit_case cases[] = { KUNIT_CASE(adds), {} };
 *   static struct kunit_suite suite = { .name = "math", .test_cases = cases };
 *   kunit_test_suite(suite);
 *
 * A case runs in a task of its own, so that an assertion that fails ends that
 * task and no other; so do a fault, and time that is up. Expected values are
 * written last, as in Linux.
 *
 * A case with parameters runs once for each:
 *
 *   static const struct sample { int a, sum; } samples[] = { { 1, 2 }, { 2, 4 } };
 *   KUNIT_ARRAY_PARAM(sample, samples, NULL);
 *   static void adds(struct kunit *test) { const struct sample *s = test->param_value; ... }
 *   ... KUNIT_CASE_PARAM(adds, sample_gen_params), ...
 *
 * Context: the case's task, where nothing else is said.
 */
#ifndef TEST_KUNIT_H
#define TEST_KUNIT_H

#include <kernel/bug.h>
#include <kernel/gfp.h>
#include <lib/compiler.h>
#include <lib/err.h>
#include <lib/list.h>
#include <lib/string.h>
#include <lib/table.h>
#include <lib/types.h>

enum kunit_status {
	KUNIT_SUCCESS,
	KUNIT_FAILURE,
	KUNIT_SKIPPED,
};

/* One run of one case. */
struct kunit {
	void *priv;			/* [o] the suite's init may put its data here */
	const char *name;		/* [I] */
	const void *param_value;	/* [I] of this run of a case with parameters */
	int param_index;		/* [I] its number, from 0 */
	enum kunit_status status;	/* [o] */
	unsigned int checks;		/* [o] how many expectations were looked at */
	unsigned int warnings;		/* [o] how many warnings came that the case asked for */
	bool tolerates_faults;		/* [o] kunit_tolerates_faults() */
	char comment[96];		/* [o] why it was skipped */
	struct list_head resources;	/* [o] undone after the case, the youngest first */
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	/* The parameter after `prev` (NULL: the first), NULL after the last; may write its name. */
	const void *(*generate_params)(const void *prev, char *desc);
	unsigned int timeout_ms;		/* 0: the suite's */
};

#define KUNIT_PARAM_DESC_SIZE	128

#define KUNIT_CASE(fn)		{ .run_case = fn, .name = #fn }
#define KUNIT_CASE_PARAM(fn, gen_params) \
	{ .run_case = fn, .name = #fn, .generate_params = gen_params }

/*
 * Defines `name`_gen_params(), which goes through the array. get_desc(element, desc) writes
 * an element's name, of KUNIT_PARAM_DESC_SIZE at most; NULL: they have none.
 */
#define KUNIT_ARRAY_PARAM(name, array, get_desc)				\
	static const void *name##_gen_params(const void *prev__, char *desc__)	\
	{									\
		void (*describe__)(__typeof__(&(array)[0]), char *) = get_desc;	\
		__typeof__(&(array)[0]) at__ = (array);				\
										\
		if (prev__)							\
			at__ = (__typeof__(at__))prev__ + 1;			\
		if (at__ == (array) + sizeof(array) / sizeof((array)[0]))	\
			return NULL;						\
		if (describe__)							\
			describe__(at__, desc__);				\
		return at__;							\
	}

/* How long a case may take if neither it nor its suite says so. Kernel time. */
#define KUNIT_TIMEOUT_MS	10000

struct kunit_suite {
	const char *name;
	int (*init)(struct kunit *test);	/* before each case; non-zero fails it */
	void (*exit)(struct kunit *test);	/* after each case, failed ones included */
	int (*suite_init)(struct kunit_suite *suite);
	void (*suite_exit)(struct kunit_suite *suite);
	const struct kunit_case *test_cases;	/* ends with an empty one */
	unsigned int timeout_ms;		/* of a case; 0: KUNIT_TIMEOUT_MS */
};

DECLARE_TABLE(kunit_suites, struct kunit_suite *);

/* Makes the suite one of those that kunit_run_suites() finds. */
#define kunit_test_suite(suite) \
	TABLE_ENTRY(kunit_suites, struct kunit_suite *, kunit_entry_##suite) = &(suite)

/*
 * Runs the suites that the filter names, "suite" or "suite.case", or all for NULL, and prints
 * KTAP. With a seed that is not 0 suites and cases come in an order of its own.
 * kunit_run_suites() has those of the table, and the seed of the boot arguments.
 * Context: task.
 * Return: 0 when all cases passed or were skipped; -EIO for a failure; -ENOENT if nothing has
 * that name; -EINVAL, logged: a suite without cases, two of one name, no seed; -EBUSY, -ENOMEM.
 */
int kunit_run(struct kunit_suite *const *suites, unsigned int nr, const char *filter, u32 seed);
int kunit_run_suites(const char *filter);

/*
 * Whether a run of these suites says what it seems to: each has cases and a name of its own.
 * Context: any. Return: 0, or what kunit_refuse() returned, which has told why.
 */
int kunit_check_suites(struct kunit_suite *const *suites, unsigned int nr);

/* What a runner has: tells why it does not begin. Context: task. Return: -EINVAL. */
int kunit_refuse(const char *fmt, ...) __printf(1, 2);

/* What of the tests the command line asks for, "" for all; NULL if it does not. Any context. */
const char *kunit_boot_filter(void);

/* For panic(): says of the cases of a run that it ends it. */
void kunit_panic(void);

/* What a case must not leave more of than it found. Context of read: task; may sleep. */
struct kunit_counter {
	const char *name;		/* in the plural */
	unsigned long (*read)(void);
};

DECLARE_TABLE(kunit_counters, struct kunit_counter);

/* Zeroed memory that is freed after the case, or NULL. */
void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp) __must_check;

/*
 * action(ctx) is called after the case, however that ended, and after the suite's exit; what
 * was added last, memory included, goes first. Context: task; may sleep, and so may the action.
 * Return: 0, or -ENOMEM; _or_reset() has called it then.
 */
typedef void kunit_action_t(void *ctx);
int __must_check kunit_add_action(struct kunit *test, kunit_action_t *action, void *ctx);
int __must_check kunit_add_action_or_reset(struct kunit *test, kunit_action_t *action, void *ctx);

/* Takes the youngest of this pair off, without calling it, or calls it now. None: no effect. */
void kunit_remove_action(struct kunit *test, kunit_action_t *action, void *ctx);
void kunit_release_action(struct kunit *test, kunit_action_t *action, void *ctx);

/* What a runner calls after a case, again if an action ended its task. Context: task. */
void kunit_cleanup(struct kunit *test);

/*
 * A run of this case in which a request was made to fail (<kernel/fault-inject.h>) may pass: it
 * expects an error itself, tries again, or has code under test that does without. In any
 * other case such a run is an error that got lost.
 */
static inline void kunit_tolerates_faults(struct kunit *test)
{
	test->tolerates_faults = true;
}

/* What the macros below call: the case fails, ends here, is skipped, or says something. */
void kunit_fail(struct kunit *test, const char *file, int line, const char *fmt, ...)
	__printf(4, 5);
void kunit_abort(struct kunit *test) __noreturn;
void kunit_mark_skipped(struct kunit *test, const char *fmt, ...) __printf(2, 3);
void kunit_log(struct kunit *test, const char *fmt, ...) __printf(2, 3);

#define kunit_info(test, fmt, ...)	kunit_log(test, fmt, ##__VA_ARGS__)

/* Ends the case; it counts as skipped, for the reason given. */
#define kunit_skip(test, fmt, ...) do {						\
	kunit_mark_skipped(test, fmt, ##__VA_ARGS__);				\
	kunit_abort(test);							\
} while (0)

#define KUNIT_END_expect(test)	((void)0)
#define KUNIT_END_assert(test)	kunit_abort(test)

#define KUNIT_CHECK(test, kind, ok, fmt, ...) do {				\
	(test)->checks++;							\
	if (unlikely(!(ok))) {							\
		kunit_fail(test, __FILE__, __LINE__, fmt, ##__VA_ARGS__);	\
		KUNIT_END_##kind(test);						\
	}									\
} while (0)

/* An expectation as it stands in the source. */
struct kunit_site {
	const char *file;
	int line;
	const char *left, *op, *right;
};

/* Each counts the check and reports it unless it is `ok`, which it returns. */
bool kunit_check_integers(struct kunit *test, const struct kunit_site *site, bool ok,
			  long long left, long long right);
bool kunit_check_pointers(struct kunit *test, const struct kunit_site *site, bool ok,
			  const volatile void *left, const volatile void *right);
bool kunit_check_strings(struct kunit *test, const struct kunit_site *site, bool equal,
			 const char *left, const char *right);
bool kunit_check_bool(struct kunit *test, const struct kunit_site *site, bool ok);
void kunit_log_reports(struct kunit *test, unsigned int before);
void kunit_check_report(struct kunit *test, const struct kunit_site *site, unsigned int before);

#define KUNIT_SITE(left, op, right)						\
	static const struct kunit_site kunit_site__ = {				\
		__FILE__, __LINE__, left, op, right				\
	}

/* Integers of any type, compared as long long. */
#define KUNIT_BINARY(test, kind, l, op, r) do {					\
	KUNIT_SITE(#l, #op, #r);						\
	long long kunit_left__ = (long long)(l), kunit_right__ = (long long)(r); \
										\
	if (!kunit_check_integers(test, &kunit_site__, kunit_left__ op kunit_right__, \
				  kunit_left__, kunit_right__))			\
		KUNIT_END_##kind(test);						\
} while (0)

#define KUNIT_POINTERS(test, kind, l, op, r) do {				\
	KUNIT_SITE(#l, #op, #r);						\
	const volatile void *kunit_left__ = (l), *kunit_right__ = (r);		\
										\
	if (!kunit_check_pointers(test, &kunit_site__, kunit_left__ op kunit_right__, \
				  kunit_left__, kunit_right__))			\
		KUNIT_END_##kind(test);						\
} while (0)

#define KUNIT_STRINGS(test, kind, l, op, r) do {				\
	KUNIT_SITE(#l, #op, #r);						\
										\
	if (!kunit_check_strings(test, &kunit_site__, 0 op 0, l, r))		\
		KUNIT_END_##kind(test);						\
} while (0)

#define KUNIT_BOOL(test, kind, cond, want) do {					\
	KUNIT_SITE(#cond, "is", #want);						\
										\
	if (!kunit_check_bool(test, &kunit_site__, (!!(cond)) == (want)))	\
		KUNIT_END_##kind(test);						\
} while (0)

#define KUNIT_ERR(test, kind, ptr) \
	KUNIT_CHECK(test, kind, !IS_ERR_OR_NULL(ptr), \
		    "expected %s to be an object, but it is %pe", #ptr, (const void *)(ptr))

#define KUNIT_FAIL(test, fmt, ...)	KUNIT_CHECK(test, expect, false, fmt, ##__VA_ARGS__)

/* Exactly n warnings come while `code` runs. Any other warning fails the case. */
#define KUNIT_EXPECT_WARNINGS(test, n, code...) do {				\
	unsigned int kunit_warned__ = warn_count();				\
										\
	code;									\
	kunit_warned__ = warn_count() - kunit_warned__;				\
	(test)->warnings += kunit_warned__;					\
	KUNIT_CHECK(test, expect, kunit_warned__ == (n),			\
		    "expected %u warnings of %s, but there were %u", (unsigned int)(n), #code, \
		    kunit_warned__);						\
} while (0)

/*
 * One report comes while `code` runs, from this task, another or an interrupt, and its title
 * has `substring` in it. It does not fail the case; none, another one or a second one does.
 */
#define KUNIT_EXPECT_REPORT(test, substring, code...) do {			\
	KUNIT_SITE(#code, "reports", substring);				\
	unsigned int kunit_before__ = warn_count();				\
										\
	code;									\
	kunit_check_report(test, &kunit_site__, kunit_before__);		\
} while (0)

#define KUNIT_EXPECT_TRUE(test, c)		KUNIT_BOOL(test, expect, c, true)
#define KUNIT_EXPECT_FALSE(test, c)		KUNIT_BOOL(test, expect, c, false)
#define KUNIT_EXPECT_EQ(test, l, r)		KUNIT_BINARY(test, expect, l, ==, r)
#define KUNIT_EXPECT_NE(test, l, r)		KUNIT_BINARY(test, expect, l, !=, r)
#define KUNIT_EXPECT_LT(test, l, r)		KUNIT_BINARY(test, expect, l, <, r)
#define KUNIT_EXPECT_LE(test, l, r)		KUNIT_BINARY(test, expect, l, <=, r)
#define KUNIT_EXPECT_GT(test, l, r)		KUNIT_BINARY(test, expect, l, >, r)
#define KUNIT_EXPECT_GE(test, l, r)		KUNIT_BINARY(test, expect, l, >=, r)
#define KUNIT_EXPECT_PTR_EQ(test, l, r)		KUNIT_POINTERS(test, expect, l, ==, r)
#define KUNIT_EXPECT_PTR_NE(test, l, r)		KUNIT_POINTERS(test, expect, l, !=, r)
#define KUNIT_EXPECT_NULL(test, p)		KUNIT_POINTERS(test, expect, p, ==, NULL)
#define KUNIT_EXPECT_NOT_NULL(test, p)		KUNIT_POINTERS(test, expect, p, !=, NULL)
#define KUNIT_EXPECT_STREQ(test, l, r)		KUNIT_STRINGS(test, expect, l, ==, r)
#define KUNIT_EXPECT_STRNEQ(test, l, r)		KUNIT_STRINGS(test, expect, l, !=, r)
#define KUNIT_EXPECT_NOT_ERR_OR_NULL(test, p)	KUNIT_ERR(test, expect, p)

#define KUNIT_ASSERT_TRUE(test, c)		KUNIT_BOOL(test, assert, c, true)
#define KUNIT_ASSERT_FALSE(test, c)		KUNIT_BOOL(test, assert, c, false)
#define KUNIT_ASSERT_EQ(test, l, r)		KUNIT_BINARY(test, assert, l, ==, r)
#define KUNIT_ASSERT_NE(test, l, r)		KUNIT_BINARY(test, assert, l, !=, r)
#define KUNIT_ASSERT_LT(test, l, r)		KUNIT_BINARY(test, assert, l, <, r)
#define KUNIT_ASSERT_GT(test, l, r)		KUNIT_BINARY(test, assert, l, >, r)
#define KUNIT_ASSERT_GE(test, l, r)		KUNIT_BINARY(test, assert, l, >=, r)
#define KUNIT_ASSERT_PTR_EQ(test, l, r)		KUNIT_POINTERS(test, assert, l, ==, r)
#define KUNIT_ASSERT_NULL(test, p)		KUNIT_POINTERS(test, assert, p, ==, NULL)
#define KUNIT_ASSERT_NOT_NULL(test, p)		KUNIT_POINTERS(test, assert, p, !=, NULL)
#define KUNIT_ASSERT_STREQ(test, l, r)		KUNIT_STRINGS(test, assert, l, ==, r)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p)	KUNIT_ERR(test, assert, p)

#endif
