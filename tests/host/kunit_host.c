/* SPDX-License-Identifier: MIT */
/*
 * <test/kunit.h> on the host: a program around the suites it was linked with,
 * which it runs in turn. A failed assertion jumps out of its case.
 *
 * Prints KTAP version 1 and ends with 0 if every case passed. Output is not
 * buffered, so a crash in a case leaves all that came before it.
 */
#include <test/kunit.h>

#include <setjmp.h>
#include <stdarg.h>

/* The C library's, reached by its symbol: ours may be what is under test. */
int host_vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
	__asm__("vsnprintf") __printf(3, 0);

/* What kunit_kzalloc() hands out follows its link. */
struct allocation {
	struct list_head link;
	u8 bytes[];
};
_Static_assert(offsetof(struct allocation, bytes) % _Alignof(max_align_t) == 0, "as malloc aligns");

static jmp_buf end_of_case;

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

void *kunit_kzalloc(struct kunit *test, size_t size, unsigned int gfp)
{
	struct allocation *a = calloc(1, sizeof(*a) + size);

	(void)gfp;
	if (!a)
		return NULL;
	list_add(&a->link, &test->resources);
	return a->bytes;
}

static void free_resources(struct kunit *test)
{
	struct allocation *a, *next;

	list_for_each_entry_safe(a, next, &test->resources, link)
		free(a);
}

static enum kunit_status run_case(const struct kunit_suite *suite, const struct kunit_case *c,
				  int number)
{
	static struct kunit test;

	test = (struct kunit){ .name = c->name };
	INIT_LIST_HEAD(&test.resources);
	if (setjmp(end_of_case) == 0) {
		if (suite->init && suite->init(&test) != 0)
			KUNIT_FAIL(&test, "the suite's init failed");
		else
			c->run_case(&test);
	}
	if (suite->exit)
		suite->exit(&test);
	free_resources(&test);

	printf("    %s %d %s%s%s\n", test.status == KUNIT_FAILURE ? "not ok" : "ok", number,
	       c->name, test.status == KUNIT_SKIPPED ? " # SKIP " : "", test.comment);
	return test.status;
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
	bool passed = true;
	int number = 0;

	setvbuf(stdout, NULL, _IONBF, 0);
	printf("KTAP version 1\n1..%d\n",
	       (int)(__table_kunit_suites_end - __table_kunit_suites_start));
	for_each_table_entry(kunit_suites, suite)
		passed &= run_suite(*suite, ++number);
	return passed && number ? 0 : 1;
}
