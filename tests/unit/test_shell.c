/* SPDX-License-Identifier: MIT */
/*
 * The shell without its terminal: words of a line, what a command's result
 * looks like. The editing of lines is tested on the host.
 */
#include <kernel/shell.h>

#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

static char output[512];

/* Runs a line, with its output in `output`. */
static int run(const char *text)
{
	struct seq_file seq = { .buf = output, .size = sizeof(output) };
	char typed[128];

	output[0] = '\0';
	strscpy(typed, text, sizeof(typed));
	return shell_run(typed, &seq);
}

static int result;

static int succeed(struct kunit *test)
{
	(void)test;
	result = 0;
	return 0;
}

static int cmd_unittest(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "why") == 0)
		return shell_fail(-EIO, "broken %s", "part");
	for (int i = 1; i < argc; i++)
		shell_printf("<%s>", argv[i]);
	return argv[argc] ? -EFAULT : result;
}
SHELL_COMMAND(unittest, cmd_unittest, "<words>", "shows its arguments to a test");

static void words_are_cut_at_white_space_and_quotes(struct kunit *test)
{
	static const struct {
		const char *line;
		const char *shows;
	} cases[] = {
		{ "unittest", "" },
		{ "  unittest\ta  b ", "<a><b>" },
		{ "unittest 'a b' \"c 'd'\"", "<a b><c 'd'>" },
		{ "unittest '' x\"y z\"'w'", "<><xy zw>" },
		{ "'unit'test \\n", "<\\n>" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		KUNIT_EXPECT_EQ(test, run(cases[i].line), 0);
		KUNIT_EXPECT_STREQ(test, output, cases[i].shows);
	}
}

static void an_empty_line_is_nothing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, run(""), 0);
	KUNIT_EXPECT_EQ(test, run("  \t"), 0);
	KUNIT_EXPECT_STREQ(test, output, "");
}

static void a_bad_line_is_told_in_one_line(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, run("unittest 'a"), -EINVAL);
	KUNIT_EXPECT_STREQ(test, output, "shell: a quote is not closed [-EINVAL]\n");
	KUNIT_EXPECT_EQ(test, run("unittest 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15"), 0);
	KUNIT_EXPECT_EQ(test, run("unittest 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16"), -E2BIG);
	KUNIT_EXPECT_STREQ(test, output, "shell: more than 16 words [-E2BIG]\n");
}

static void an_unknown_command_is_told(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, run("unitte st"), -ENOENT);
	KUNIT_EXPECT_STREQ(test, output, "unitte: unknown command (try help)\n");
}

static void a_failure_shows_its_code_in_one_line(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, run("unittest why"), -EIO);
	KUNIT_EXPECT_STREQ(test, output, "unittest: broken part [-EIO]\n");
	result = -ENODEV;
	KUNIT_EXPECT_EQ(test, run("unittest"), -ENODEV);
	KUNIT_EXPECT_STREQ(test, output, "unittest: failed [-ENODEV]\n");
	result = -EINVAL;
	KUNIT_EXPECT_EQ(test, run("unittest"), -EINVAL);
	KUNIT_EXPECT_STREQ(test, output, "usage: unittest <words> [-EINVAL]\n");
}

static void long_output_still_ends_its_line(struct kunit *test)
{
	struct seq_file seq = { .buf = output, .size = sizeof(output) };
	char typed[400] = "unittest ";

	memset(typed + 9, 'x', sizeof(typed) - 10);
	KUNIT_EXPECT_EQ(test, shell_run(typed, &seq), 0);
	KUNIT_EXPECT_EQ(test, strlen(output), 255);
	KUNIT_EXPECT_EQ(test, output[254], '\n');
}

static void commands_are_found_in_the_order_of_their_names(struct kunit *test)
{
	const struct shell_command *command = shell_next_command("");
	bool found = false;

	while (command) {
		const struct shell_command *next = shell_next_command(command->name);

		KUNIT_EXPECT_PTR_EQ(test, shell_find_command(command->name), command);
		if (next)
			KUNIT_EXPECT_LT(test, strcmp(command->name, next->name), 0);
		found |= strcmp(command->name, "unittest") == 0;
		command = next;
	}
	KUNIT_EXPECT_TRUE(test, found);
}

/* A line for each command, wrong arguments: none has an effect, none says nothing. */
static void every_command_refuses_bad_arguments_in_one_line(struct kunit *test)
{
	static const char *const lines[] = {
		"dev x", "dev bind", "dev bind none", "dev bind a b c", "dev unbind",
		"dev unbind none", "dev unbind a b", "dev bind platform", "dev unbind platform",
		"dmesg -n", "dmesg -n x", "dmesg -x", "gpio", "gpio set", "gpio set 9999",
		"gpio set x", "gpio frob 1", "gpio status -a 1 2", "gpio status x", "gpiodetect x",
		"gpioget", "gpioinfo 9 9", "gpioset 0 1", "gpiomon 0", "gpiomon -n", "help x",
		"help a b", "irq x", "mem x", "panic x", "panic null null", "poweroff x", "ps x",
		"reboot x", "test a b", "test no-such-suite", "top x", "top 0", "uptime x",
		"version x",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		int err = run(lines[i]);
		const char *newline = strchr(output, '\n');

		if (err == -ENOENT && strstr(output, "unknown command"))
			continue;	/* not in this build */
		KUNIT_EXPECT_LT(test, err, 0);
		KUNIT_ASSERT_NOT_NULL(test, newline);
		KUNIT_EXPECT_STREQ(test, newline, "\n");
		KUNIT_EXPECT_EQ(test, newline[-1], ']');
	}
}

static const struct kunit_case shell_cases[] = {
	KUNIT_CASE(words_are_cut_at_white_space_and_quotes),
	KUNIT_CASE(an_empty_line_is_nothing),
	KUNIT_CASE(a_bad_line_is_told_in_one_line),
	KUNIT_CASE(an_unknown_command_is_told),
	KUNIT_CASE(a_failure_shows_its_code_in_one_line),
	KUNIT_CASE(long_output_still_ends_its_line),
	KUNIT_CASE(commands_are_found_in_the_order_of_their_names),
	KUNIT_CASE(every_command_refuses_bad_arguments_in_one_line),
	{ },
};

static struct kunit_suite shell_suite = {
	.name = "shell",
	.init = succeed,
	.test_cases = shell_cases,
};
kunit_test_suite(shell_suite);
