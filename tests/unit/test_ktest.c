/* SPDX-License-Identifier: MIT */
/*
 * The kernel's runner of suites, as far as a suite that passes can show it. What fails a case
 * or ends a run is planted by tests/qemu/test_ktest.py.
 */
#include <test/kunit.h>

#include <kernel/bug.h>
#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/log.h>
#include <kernel/timer.h>

static void report_in_irq(struct timer_list *timer)
{
	(void)timer;
	WARN(true, "pump 5 is hot");
}

static void a_report_from_an_interrupt_is_expected_too(struct kunit *test)
{
	static DEFINE_TIMER(timer, report_in_irq);

	KUNIT_EXPECT_REPORT(test, "pump 5", mod_timer(&timer, jiffies + 1); msleep(3));
}

/* How many records of the log since `cursor` begin so, behind the time stamp. */
static unsigned int count_lines(struct log_cursor *cursor, const char *start)
{
	static char line[LOG_LINE_MAX];
	unsigned int n = 0;

	while (log_read(cursor, LOGLEVEL_ALL, line)) {
		const char *text = strstr(line, "] ");

		n += text && strncmp(text + 2, start, strlen(start)) == 0;
	}
	return n;
}

static void a_nested_report_is_its_title(struct kunit *test)
{
	struct log_cursor begin, cursor;
	bool outer, inner;

	log_seek_last(&begin, 0);
	KUNIT_EXPECT_WARNINGS(test, 2,
			      outer = report_begin("outer");
			      inner = report_begin("inner");
			      report_end();
			      report_end());
	KUNIT_EXPECT_TRUE(test, outer);
	KUNIT_EXPECT_FALSE(test, inner);
	cursor = begin;
	KUNIT_EXPECT_EQ(test, count_lines(&cursor, "WARNING: outer"), 1);
	cursor = begin;
	KUNIT_EXPECT_EQ(test, count_lines(&cursor, "WARNING: inner"), 1);
	cursor = begin;
	KUNIT_EXPECT_EQ(test, count_lines(&cursor, "Backtrace:"), 1);
	cursor = begin;
	KUNIT_EXPECT_EQ(test, count_lines(&cursor, "---[ end of the warning ]---"), 1);
}

static const struct kunit_case cases[] = {
	KUNIT_CASE(a_report_from_an_interrupt_is_expected_too),
	KUNIT_CASE(a_nested_report_is_its_title),
	{}
};

static struct kunit_suite suite = {
	.name = "ktest",
	.test_cases = cases,
};
kunit_test_suite(suite);
