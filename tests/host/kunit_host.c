/* SPDX-License-Identifier: MIT */
/*
 * <test/kunit.h> on the host: a program around the suites it was linked with,
 * which it runs in turn. A failed assertion jumps out of its case. Here is also what any code
 * under test may call: kmalloc() is the C library's, a report is kept and told.
 *
 * Prints KTAP version 1 and ends with 0 if every case passed. Output is not
 * buffered, so a crash in a case leaves all that came before it.
 */
#include <test/kunit.h>

#include <kernel/bug.h>
#include <kernel/slab.h>
#include <lib/errno.h>

#include <setjmp.h>
#include <stdarg.h>

/* The C library's, reached by its symbol: ours may be what is under test. */
int host_vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
	__asm__("vsnprintf") __printf(3, 0);

#define TITLES_KEPT	8

static jmp_buf end_of_case;
static struct kunit the_test;		/* a case's run; not on a stack that is jumped out of */

static unsigned int warnings;
static char titles[TITLES_KEPT][REPORT_TITLE_MAX];

static void print_note(const char *fmt, va_list args)
{
	printf("    # ");
	vprintf(fmt, args);
	printf("\n");
}

void kunit_log(struct kunit *test, const char *fmt, ...)
{
	va_list args;

	(void)test;
	va_start(args, fmt);
	print_note(fmt, args);
	va_end(args);
}

void kunit_fail(struct kunit *test, const char *file, int line, const char *fmt, ...)
{
	va_list args;

	test->status = KUNIT_FAILURE;
	printf("    # %s: failed at %s:%d\n", test->name, file, line);
	va_start(args, fmt);
	print_note(fmt, args);
	va_end(args);
}

void kunit_abort(struct kunit *test)
{
	(void)test;
	longjmp(end_of_case, 1);
}

void kunit_mark_skipped(struct kunit *test, const char *fmt, ...)
{
	va_list args;

	test->status = KUNIT_SKIPPED;
	va_start(args, fmt);
	host_vsnprintf(test->comment, sizeof(test->comment), fmt, args);
	va_end(args);
}

/* ---- what code under test calls; a test may have its own ---- */

__weak void *__kmalloc(size_t size, gfp_t flags)
{
	return flags & __GFP_ZERO ? calloc(1, size) : malloc(size);
}

__weak void kfree(const void *p)
{
	free((void *)p);
}

static void __printf(1, 0) keep_report(const char *fmt, va_list args)
{
	char *title = titles[++warnings % TITLES_KEPT];

	host_vsnprintf(title, REPORT_TITLE_MAX, fmt, args);
	printf("WARNING: %s\n", title);
}

void warn_report(const char *file, int line, const char *func, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	keep_report(fmt, args);
	va_end(args);
	printf("at %s:%d, %s()\n", file, line, func);
}

bool report_begin(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	keep_report(fmt, args);
	va_end(args);
	return true;
}

void report_end(void)
{
}

unsigned int warn_count(void)
{
	return warnings;
}

void report_title(unsigned int number, char title[static REPORT_TITLE_MAX])
{
	bool kept = warnings - number < TITLES_KEPT;

	memcpy(title, kept ? titles[number % TITLES_KEPT] : "", kept ? REPORT_TITLE_MAX : 1);
}

/* ---- running ---- */

int kunit_refuse(const char *fmt, ...)
{
	va_list args;

	printf("KTAP version 1\n1..0\nBail out! ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	return -EINVAL;
}

/* A jump for each action that ends early. */
static void clean_up(struct kunit *test)
{
	setjmp(end_of_case);
	kunit_cleanup(test);
}

static void judge(struct kunit *test, unsigned int warnings_before)
{
	if (test->status == KUNIT_SKIPPED)
		return;
	if (warnings - warnings_before != test->warnings) {
		kunit_fail(test, test->name, 0, "%u unexpected warnings",
			   warnings - warnings_before - test->warnings);
		kunit_log_reports(test, warnings_before);
	}
}

static enum kunit_status run_once(const struct kunit_suite *suite, const struct kunit_case *c,
				  const void *param, int index)
{
	unsigned int warnings_before = warnings;

	the_test = (struct kunit){ .name = c->name, .param_value = param, .param_index = index };
	INIT_LIST_HEAD(&the_test.resources);
	if (setjmp(end_of_case) == 0) {
		if (suite->init && suite->init(&the_test) != 0)
			KUNIT_FAIL(&the_test, "the suite's init failed");
		else
			c->run_case(&the_test);
	}
	if (suite->exit && setjmp(end_of_case) == 0)
		suite->exit(&the_test);
	clean_up(&the_test);
	judge(&the_test, warnings_before);
	return the_test.status;
}

static void print_result(const char *indent, enum kunit_status status, int number,
			 const char *name, const char *comment)
{
	bool skipped = status == KUNIT_SKIPPED;

	printf("%s%s %d %s%s%s\n", indent, status == KUNIT_FAILURE ? "not ok" : "ok", number, name,
	       skipped ? " # SKIP " : "", skipped ? comment : "");
}

static enum kunit_status run_params(const struct kunit_suite *suite, const struct kunit_case *c)
{
	enum kunit_status all = KUNIT_SKIPPED;
	const void *param = NULL;
	int index = 0;

	printf("        KTAP version 1\n        # Subtest: %s\n", c->name);
	for (;; index++) {
		char desc[KUNIT_PARAM_DESC_SIZE] = "";
		enum kunit_status status;

		param = c->generate_params(param, desc);
		if (!param)
			break;
		if (!desc[0])
			sprintf(desc, "param-%d", index);
		status = run_once(suite, c, param, index);
		print_result("        ", status, index + 1, desc, the_test.comment);
		if (status == KUNIT_FAILURE || all == KUNIT_SKIPPED)
			all = status;
	}
	return index ? all : KUNIT_FAILURE;
}

static enum kunit_status run_case(const struct kunit_suite *suite, const struct kunit_case *c,
				  int number)
{
	enum kunit_status status;

	status = c->generate_params ? run_params(suite, c) : run_once(suite, c, NULL, 0);
	print_result("    ", status, number, c->name,
		     c->generate_params ? "all of its parameters" : the_test.comment);
	return status;
}

/* Returns whether no case failed. */
static bool run_suite(struct kunit_suite *suite, int number)
{
	bool passed = true;
	int cases = 0;

	while (suite->test_cases[cases].run_case)
		cases++;
	printf("    KTAP version 1\n    # Subtest: %s\n    1..%d\n", suite->name, cases);

	if (suite->suite_init && suite->suite_init(suite) != 0) {
		printf("Bail out! %s: suite_init failed\n", suite->name);
		return false;
	}
	for (int i = 0; i < cases; i++)
		passed &= run_case(suite, &suite->test_cases[i], i + 1) != KUNIT_FAILURE;
	if (suite->suite_exit)
		suite->suite_exit(suite);

	printf("%s %d %s\n", passed ? "ok" : "not ok", number, suite->name);
	return passed;
}

int main(void)
{
	int nr = (int)(__table_kunit_suites_end - __table_kunit_suites_start), number = 0;
	bool passed = true;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (!nr)
		kunit_refuse("there is no suite");
	if (!nr || kunit_check_suites(__table_kunit_suites_start, (unsigned int)nr))
		return 1;
	printf("KTAP version 1\n1..%d\n", nr);
	for_each_table_entry(kunit_suites, suite)
		passed &= run_suite(*suite, ++number);
	return passed ? 0 : 1;
}
