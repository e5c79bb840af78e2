/* SPDX-License-Identifier: MIT */
/*
 * The log: records, lines, continuation, what is lost; and consoles, which are
 * fakes that write down what they are given. Messages are of the debug level, so
 * that the real console leaves them out.
 */
#include <kernel/log.h>

#include <kernel/console.h>
#include <kernel/delay.h>
#include <kernel/printk.h>
#include <kernel/timer.h>
#include <lib/errno.h>
#include <lib/sprintf.h>
#include <test/kunit.h>

static char line[LOG_LINE_MAX];

static struct log_cursor from_here(void)
{
	struct log_cursor cursor;

	log_seek_last(&cursor, 0);
	return cursor;
}

/* The text of the next line without time stamp and newline; "" if there is none. */
static const char *next_text(struct log_cursor *cursor)
{
	size_t len = log_read(cursor, LOGLEVEL_ALL, line);
	char *end = strstr(line, "] ");

	if (!len)
		return "";
	line[len - 1] = '\0';
	return end ? end + 2 : line;
}

static void a_message_is_one_line_with_its_time(struct kunit *test)
{
	struct log_cursor cursor = from_here();
	size_t len;

	printk(KERN_DEBUG "seen %d times\n", 3);
	len = log_read(&cursor, LOGLEVEL_ALL, line);
	KUNIT_ASSERT_GT(test, len, 15);
	KUNIT_EXPECT_EQ(test, len, strlen(line));
	/* [    1.234567] seen 3 times */
	KUNIT_EXPECT_EQ(test, line[0], '[');
	KUNIT_EXPECT_EQ(test, line[6], '.');
	KUNIT_EXPECT_STREQ(test, line + 13, "] seen 3 times\n");
	KUNIT_EXPECT_EQ(test, log_read(&cursor, LOGLEVEL_ALL, line), 0);
	KUNIT_EXPECT_FALSE(test, log_is_pending(&cursor));
}

/* The record that is open would grow under a cursor that stands behind it. */
static void a_reader_that_begins_at_an_open_record_begins_behind_it(struct kunit *test)
{
	struct log_cursor cursor;

	printk(KERN_DEBUG "open");
	log_seek_last(&cursor, 0);
	printk(KERN_CONT KERN_DEBUG " and on\n");
	printk(KERN_DEBUG "after\n");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), " and on");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "after");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "");
}

static void seeking_more_than_there_is_begins_with_the_oldest(struct kunit *test)
{
	struct log_cursor cursor, oldest;

	log_seek_last(&cursor, ~0ull);
	log_seek_last(&oldest, log_count());
	KUNIT_EXPECT_EQ(test, cursor.seq, oldest.seq);
	KUNIT_EXPECT_EQ(test, cursor.pos, oldest.pos);
}

static void printk_returns_what_it_logged(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, printk(KERN_DEBUG "four\n"), 5);
	KUNIT_EXPECT_EQ(test, printk(KERN_DEBUG), 0);
}

static void levels_at_the_limit_are_left_out(struct kunit *test)
{
	struct log_cursor cursor = from_here();

	printk(KERN_DEBUG "debug\n");
	printk(KERN_CONT "warning by default\n");
	printk(KERN_DEBUG "debug\n");
	KUNIT_EXPECT_GT(test, log_read(&cursor, LOGLEVEL_DEBUG, line), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(line, "warning by default"));
	KUNIT_EXPECT_EQ(test, log_read(&cursor, LOGLEVEL_DEBUG, line), 0);
	KUNIT_EXPECT_FALSE(test, log_is_pending(&cursor));
}

static void the_level_may_come_as_an_argument(struct kunit *test)
{
	struct log_cursor cursor = from_here();

	printk("%s%s\n", KERN_DEBUG, "prefixed");
	KUNIT_EXPECT_EQ(test, log_read(&cursor, LOGLEVEL_DEBUG, line), 0);
}

static void a_line_goes_on_until_its_newline(struct kunit *test)
{
	struct log_cursor cursor = from_here();

	printk(KERN_DEBUG "one");
	KUNIT_EXPECT_EQ(test, log_read(&cursor, LOGLEVEL_ALL, line), 0);
	pr_cont(" two");
	pr_cont(" three\n");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "one two three");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "");
}

static void another_message_ends_an_open_line(struct kunit *test)
{
	struct log_cursor cursor = from_here();

	printk(KERN_DEBUG "open");
	printk(KERN_DEBUG "next\n");
	printk(KERN_CONT "late\n");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "open");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "next");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "late");
}

static bool irq_done;

static void log_from_irq(struct timer_list *timer)
{
	(void)timer;
	printk(KERN_CONT "from");
	printk(KERN_CONT " irq\n");
	WRITE_ONCE(irq_done, true);
}

/* The interrupt closes the task's line; the task's rest begins one of its own. */
static void an_interrupt_does_not_go_on_in_a_tasks_line(struct kunit *test)
{
	static DEFINE_TIMER(timer, log_from_irq);
	struct log_cursor cursor = from_here();

	irq_done = false;
	printk(KERN_DEBUG "task");
	mod_timer(&timer, jiffies + 1);
	for (int i = 0; i < 1000 && !READ_ONCE(irq_done); i++)
		udelay(10);	/* it is this task that is interrupted */
	printk(KERN_CONT " rest\n");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "task");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "from irq");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), " rest");
}

/* ---- an interrupt and a task at once ---- */

#define IRQ_LINES	300	/* three a tick: enough to meet every step of a write */

static unsigned int irq_lines;		/* [o] the interrupt */

static void log_often_from_irq(struct timer_list *timer)
{
	for (int i = 0; i < 3; i++)
		printk(KERN_DEBUG "the interrupt has line %u\n", irq_lines++);
	mod_timer(timer, jiffies + 1);
}

/* What a line has to be: each text of one call stands alone and whole. */
struct lines_seen {
	unsigned int irq, task, cut, rest, bad;
};

static void look_at_line(struct lines_seen *seen, const char *text)
{
	char irq[48], task[48], whole[80];

	snprintf(irq, sizeof(irq), "the interrupt has line %u", seen->irq);
	snprintf(task, sizeof(task), "the task begins line %u", seen->task);
	snprintf(whole, sizeof(whole), "%s and ends it", task);
	if (strcmp(text, irq) == 0)
		seen->irq++;
	else if (strcmp(text, whole) == 0)
		seen->task++;
	else if (strcmp(text, task) == 0)
		seen->cut++, seen->task++;
	else if (strcmp(text, " and ends it") == 0)
		seen->rest++;
	else
		seen->bad++;
}

static void lines_of_an_interrupt_and_a_task_stay_whole(struct kunit *test)
{
	static DEFINE_TIMER(timer, log_often_from_irq);
	struct log_cursor cursor = from_here();
	unsigned int nr = 0;
	struct lines_seen seen = { .irq = 0 };
	const char *text;

	irq_lines = 0;
	mod_timer(&timer, jiffies + 1);
	while (nr < 100000 && READ_ONCE(irq_lines) < IRQ_LINES) {
		printk(KERN_DEBUG "the task begins line %u", nr++);
		udelay(1);
		pr_cont(" and ends it\n");
		while (*(text = next_text(&cursor)))
			look_at_line(&seen, text);
	}
	del_timer_sync(&timer);
	while (*(text = next_text(&cursor)))
		look_at_line(&seen, text);
	KUNIT_EXPECT_GE(test, irq_lines, IRQ_LINES);
	KUNIT_EXPECT_EQ(test, seen.irq, irq_lines);
	KUNIT_EXPECT_EQ(test, seen.task, nr);
	KUNIT_EXPECT_EQ(test, seen.cut, seen.rest);
	KUNIT_EXPECT_EQ(test, seen.bad, 0);
}

/* ---- once, and not too often ---- */

static void say_once(void)
{
	pr_info_once("once\n");
}

static void a_line_is_said_once(struct kunit *test)
{
	struct log_cursor cursor = from_here();

	say_once();
	say_once();
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "once");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "");
}

/* 3 of 5 go through; the first of the next interval tells of the other 2. */
static void what_is_held_back_is_told_in_the_next_interval(struct kunit *test)
{
	DEFINE_RATELIMIT_STATE(limit, 2, 3);
	struct log_cursor cursor;
	unsigned int allowed = 0;

	for (int i = 0; i < 5; i++)
		allowed += (unsigned int)___ratelimit(&limit, "somebody");
	KUNIT_EXPECT_EQ(test, allowed, 3);
	msleep(3);
	cursor = from_here();
	KUNIT_EXPECT_EQ(test, ___ratelimit(&limit, "somebody"), 1);
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "somebody: 2 callbacks suppressed");
	msleep(3);
	KUNIT_EXPECT_EQ(test, ___ratelimit(&limit, "somebody"), 1);
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "");
}

static void no_interval_is_no_limit(struct kunit *test)
{
	DEFINE_RATELIMIT_STATE(limit, 0, 1);

	KUNIT_EXPECT_EQ(test, __ratelimit(&limit) + __ratelimit(&limit), 2);
}

static void each_line_has_a_limit_of_its_own(struct kunit *test)
{
	struct log_cursor cursor = from_here();
	unsigned int lines = 0;

	for (int i = 0; i < 2 * DEFAULT_RATELIMIT_BURST; i++)
		pr_info_ratelimited("flood\n");
	pr_info_ratelimited("drop\n");
	while (strcmp(next_text(&cursor), "flood") == 0)
		lines++;
	KUNIT_EXPECT_EQ(test, lines, DEFAULT_RATELIMIT_BURST);
	KUNIT_EXPECT_STREQ(test, line + strlen(line) - 4, "drop");
}

/* This file does not define DEBUG. */
static void a_debug_message_is_checked_and_not_run(struct kunit *test)
{
	struct log_cursor cursor = from_here();
	int evaluated = 0;

	pr_debug("%d\n", evaluated++);
	pr_debug_once("%d\n", evaluated++);
	pr_debug_ratelimited("%d\n", evaluated++);
	KUNIT_EXPECT_EQ(test, evaluated, 0);
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "");
}

static void bytes_are_shown_by_rows(struct kunit *test)
{
	struct log_cursor cursor = from_here();

	print_hex_dump(KERN_DEBUG, "x ", DUMP_PREFIX_OFFSET, 16, 1, "abcdefghijklmnopqr", 18, true);
	KUNIT_EXPECT_STREQ(test, next_text(&cursor),
			   "x 00000000: 61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70  "
			   "abcdefghijklmnop");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor),
			   "x 00000010: 71 72                                            qr");
	print_hex_dump_bytes("", DUMP_PREFIX_NONE, "A", 1);
	KUNIT_EXPECT_STREQ(test, next_text(&cursor),
			   "41                                               A");
}

static void a_message_of_several_lines_is_given_line_by_line(struct kunit *test)
{
	struct log_cursor cursor = from_here();

	printk(KERN_DEBUG "first\n\nthird\n");
	printk(KERN_DEBUG "\n");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "first");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "");
	KUNIT_EXPECT_EQ(test, line[0], '[');
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "third");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "");
	KUNIT_EXPECT_EQ(test, line[0], '[');
	printk(KERN_DEBUG "last\n\n");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "last");
	KUNIT_EXPECT_EQ(test, log_read(&cursor, LOGLEVEL_ALL, line), 0);
}

static void a_long_message_is_cut_and_ends_its_line(struct kunit *test)
{
	struct log_cursor cursor = from_here();
	const char *text;

	printk(KERN_DEBUG "%0300d\n", 7);
	text = next_text(&cursor);
	KUNIT_EXPECT_EQ(test, strspn(text, "0"), LOG_TEXT_MAX - 1 - 2);	/* less KERN_DEBUG */
	printk(KERN_DEBUG "next\n");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "next");
}

static void a_line_that_grows_too_long_goes_on_in_a_new_one(struct kunit *test)
{
	struct log_cursor cursor = from_here();

	printk(KERN_DEBUG "%0200d", 1);
	printk(KERN_CONT "%0100d\n", 2);
	KUNIT_EXPECT_EQ(test, strlen(next_text(&cursor)), 200);
	KUNIT_EXPECT_EQ(test, strlen(next_text(&cursor)), 100);
}

static const char *numbered(u64 i)
{
	static char text[LOG_TEXT_MAX];

	snprintf(text, sizeof(text), "%llu %0*llu", i, (int)(i % 200) + 1, i);
	return text;
}

/* From the oldest there is; those before `first` are not ours. */
static void check_all(struct kunit *test, u64 first)
{
	struct log_cursor cursor;

	log_seek_last(&cursor, log_count());
	while (cursor.seq < log_count()) {
		u64 seq = cursor.seq;
		const char *text = next_text(&cursor);

		if (seq >= first)
			KUNIT_ASSERT_STREQ(test, text, numbered(seq - first));
	}
}

/* Every length, so that headers and texts meet the end of the ring at every offset. */
static void records_survive_the_end_of_the_ring(struct kunit *test)
{
	u64 first = log_count();

	for (unsigned int i = 0; i < 2000; i++) {
		printk(KERN_DEBUG "%s\n", numbered(i));
		if (i % 40 == 0)
			check_all(test, first);
	}
	check_all(test, first);
}

static void a_slow_reader_is_told_how_many_it_missed(struct kunit *test)
{
	struct log_cursor cursor = from_here(), oldest;
	u64 first = cursor.seq;
	char want[64];

	for (unsigned int i = 0; i < (1u << CONFIG_LOG_BUF_SHIFT) / 32; i++)
		printk(KERN_DEBUG "number %u, of 32 bytes\n", i);
	log_seek_last(&oldest, log_count());
	KUNIT_ASSERT_GT(test, oldest.seq, first);
	snprintf(want, sizeof(want), "** %llu messages lost **", oldest.seq - first);
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), want);
	snprintf(want, sizeof(want), "number %llu, of 32 bytes", oldest.seq - first);
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), want);
}

static void seeking_finds_the_last_messages(struct kunit *test)
{
	struct log_cursor cursor;

	printk(KERN_DEBUG "a\n");
	printk(KERN_DEBUG "b\n");
	log_seek_last(&cursor, 2);
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "a");
	KUNIT_EXPECT_STREQ(test, next_text(&cursor), "b");
	KUNIT_EXPECT_EQ(test, cursor.seq, log_count());
}

/* ---- consoles ---- */

static char shown[512];
static unsigned int depth, max_depth;
static bool talks;

/* Adds the text without its time stamp. */
static void fake_write(struct console *con, const char *text, size_t len)
{
	const char *end = strstr(text, "] ");
	size_t used = strlen(shown);

	(void)con;
	(void)len;
	max_depth = ++depth > max_depth ? depth : max_depth;
	if (talks) {
		talks = false;
		printk(KERN_DEBUG "nested\n");
	}
	scnprintf(shown + used, sizeof(shown) - used, "%s", end ? end + 2 : text);
	depth--;
}

static struct console fake = { .name = "fake", .write = fake_write };
static int loglevel_before;

static int console_suite_init(struct kunit *test)
{
	(void)test;
	shown[0] = '\0';
	depth = max_depth = 0;
	talks = false;
	fake.cursor = from_here();
	loglevel_before = console_loglevel;
	return console_sync();
}

static void console_suite_exit(struct kunit *test)
{
	(void)test;
	console_loglevel = loglevel_before;
	unregister_console(&fake);
}

static void a_console_shows_each_line_once(struct kunit *test)
{
	printk(KERN_INFO "not debug, before\n");
	register_console(&fake);
	printk(KERN_INFO "while it is there\n");
	KUNIT_EXPECT_EQ(test, unregister_console(&fake), 0);
	printk(KERN_INFO "after\n");
	KUNIT_EXPECT_STREQ(test, shown, "not debug, before\nwhile it is there\n");
	KUNIT_EXPECT_EQ(test, unregister_console(&fake), -ENODEV);
}

static void the_loglevel_keeps_lines_from_the_console(struct kunit *test)
{
	register_console(&fake);
	console_loglevel = LOGLEVEL_NOTICE;
	printk(KERN_NOTICE "notice\n");
	printk(KERN_WARNING "warning\n");
	KUNIT_EXPECT_STREQ(test, shown, "warning\n");
}

static void a_console_that_logs_is_not_called_again_inside(struct kunit *test)
{
	register_console(&fake);
	console_loglevel = LOGLEVEL_ALL;
	talks = true;
	printk(KERN_DEBUG "outer\n");
	KUNIT_EXPECT_STREQ(test, shown, "outer\nnested\n");
	KUNIT_EXPECT_EQ(test, max_depth, 1);
}

static unsigned int kicks;

static void fake_kick(struct console *con)
{
	(void)con;
	kicks++;
}

/* boot: a b | real: c */
static void the_real_console_goes_on_where_the_boot_console_stopped(struct kunit *test)
{
	static struct console boot = { .name = "boot", .flags = CON_BOOT, .write = fake_write };
	static struct console real = { .name = "real", .kick = fake_kick };

	boot.cursor = from_here();
	boot.turns = (atomic_t)ATOMIC_INIT(0);
	real.cursor = (struct log_cursor){ .seq = 0 };
	kicks = 0;
	register_console(&boot);
	printk(KERN_NOTICE "a\n");
	printk(KERN_NOTICE "b\n");
	register_console(&real);
	printk(KERN_NOTICE "c\n");
	KUNIT_EXPECT_STREQ(test, shown, "a\nb\n");
	KUNIT_EXPECT_EQ(test, unregister_console(&boot), -ENODEV);
	KUNIT_EXPECT_EQ(test, kicks, 2);
	KUNIT_EXPECT_TRUE(test, console_is_pending(&real));
	KUNIT_EXPECT_GT(test, console_read(&real, line), 0);
	KUNIT_EXPECT_STREQ(test, strstr(line, "] "), "] c\n");
	KUNIT_EXPECT_EQ(test, console_read(&real, line), 0);
	KUNIT_EXPECT_EQ(test, unregister_console(&real), 0);
}

static const struct kunit_case log_cases[] = {
	KUNIT_CASE(a_message_is_one_line_with_its_time),
	KUNIT_CASE(a_reader_that_begins_at_an_open_record_begins_behind_it),
	KUNIT_CASE(seeking_more_than_there_is_begins_with_the_oldest),
	KUNIT_CASE(printk_returns_what_it_logged),
	KUNIT_CASE(levels_at_the_limit_are_left_out),
	KUNIT_CASE(the_level_may_come_as_an_argument),
	KUNIT_CASE(a_line_goes_on_until_its_newline),
	KUNIT_CASE(another_message_ends_an_open_line),
	KUNIT_CASE(an_interrupt_does_not_go_on_in_a_tasks_line),
	KUNIT_CASE(lines_of_an_interrupt_and_a_task_stay_whole),
	KUNIT_CASE(a_line_is_said_once),
	KUNIT_CASE(what_is_held_back_is_told_in_the_next_interval),
	KUNIT_CASE(no_interval_is_no_limit),
	KUNIT_CASE(each_line_has_a_limit_of_its_own),
	KUNIT_CASE(a_debug_message_is_checked_and_not_run),
	KUNIT_CASE(bytes_are_shown_by_rows),
	KUNIT_CASE(a_message_of_several_lines_is_given_line_by_line),
	KUNIT_CASE(a_long_message_is_cut_and_ends_its_line),
	KUNIT_CASE(a_line_that_grows_too_long_goes_on_in_a_new_one),
	KUNIT_CASE(records_survive_the_end_of_the_ring),
	KUNIT_CASE(a_slow_reader_is_told_how_many_it_missed),
	KUNIT_CASE(seeking_finds_the_last_messages),
	{ },
};

static struct kunit_suite log_suite = { .name = "log", .test_cases = log_cases };
kunit_test_suite(log_suite);

static const struct kunit_case console_cases[] = {
	KUNIT_CASE(a_console_shows_each_line_once),
	KUNIT_CASE(the_loglevel_keeps_lines_from_the_console),
	KUNIT_CASE(a_console_that_logs_is_not_called_again_inside),
	KUNIT_CASE(the_real_console_goes_on_where_the_boot_console_stopped),
	{ },
};

static struct kunit_suite console_suite = {
	.name = "console",
	.test_cases = console_cases,
	.init = console_suite_init,
	.exit = console_suite_exit,
};
kunit_test_suite(console_suite);
