/* SPDX-License-Identifier: MIT */
/*
 * The line editor against a small terminal: what the user sees is compared with
 * what the editor thinks, after every key, for typed cases and for noise.
 */
#include <lib/line_edit.h>

#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>

#include "kunit_host.h"

#define PROMPT	"> "

/* One row of a terminal, as wide as it takes; '\n' clears it. */
static struct {
	char row[2 * LINE_EDIT_MAX];
	size_t column;
	unsigned int bells;
	bool bad;		/* a byte came that no terminal of this kind knows */
	char finished[1024];	/* rows that were left, each with '\n' */
} screen;

static void screen_newline(void)
{
	size_t used = strlen(screen.finished), len = strlen(screen.row);

	while (len && screen.row[len - 1] == ' ')
		screen.row[--len] = '\0';
	if (used + len + 2 < sizeof(screen.finished)) {
		memcpy(screen.finished + used, screen.row, len);
		memcpy(screen.finished + used + len, "\n", 2);
	}
	memset(screen.row, 0, sizeof(screen.row));
}

static void screen_put(char c)
{
	if (c == '\r')
		screen.column = 0;
	else if (c == '\n')
		screen_newline();
	else if (c == '\b')
		screen.column -= screen.column > 0;
	else if (c == '\a')
		screen.bells++;
	else if (c >= ' ' && c <= '~' && screen.column < sizeof(screen.row) - 1)
		screen.row[screen.column++] = c;
	else
		screen.bad = true;
}

static void screen_write(void *arg, const char *text, size_t n)
{
	(void)arg;
	for (size_t i = 0; i < n; i++)
		screen_put(text[i]);
}

static const char *const words[] = { "panic", "poweroff", "ps", "version" };

static const char *complete(void *arg, const char *line, size_t start, size_t end,
			    unsigned int nth)
{
	(void)arg;
	for (size_t i = 0; start == 0 && i < ARRAY_SIZE(words); i++)
		if (strncmp(words[i], line + start, end - start) == 0 && !nth--)
			return words[i];
	return NULL;
}

static const struct line_edit_ops ops = { .write = screen_write, .complete = complete };
static struct line_edit edit;

/* The row is the prompt, the line and blanks; the cursor is where it should be. */
static bool screen_agrees(void)
{
	size_t prompt = strlen(PROMPT);
	const char *row = screen.row;

	return !screen.bad && memcmp(row, PROMPT, prompt) == 0 &&
	       memcmp(row + prompt, edit.line, edit.len) == 0 &&
	       strspn(row + prompt + edit.len, " ") == strlen(row + prompt + edit.len) &&
	       screen.column == prompt + edit.cursor;
}

static char line[LINE_EDIT_MAX + 1];
static unsigned int lines, abandoned;

/* Types; returns the last line that was finished. */
static const char *type(struct kunit *test, const char *keys, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum line_edit_event event = line_edit_feed(&edit, keys[i]);

		if (event == LINE_EDIT_DONE) {
			lines++;
			memcpy(line, edit.line, strlen(edit.line) + 1);
		}
		abandoned += event == LINE_EDIT_ABANDONED;
		if (event != LINE_EDIT_MORE)
			line_edit_begin(&edit);
		KUNIT_EXPECT_TRUE(test, screen_agrees());
	}
	return line;
}

#define TYPE(keys)	type(test, keys, sizeof(keys) - 1)

static int begin(struct kunit *test)
{
	(void)test;
	memset(&screen, 0, sizeof(screen));
	lines = abandoned = 0;
	line[0] = '\0';
	line_edit_init(&edit, &ops, NULL, PROMPT);
	line_edit_begin(&edit);
	return 0;
}

static void a_line_ends_with_cr_lf_or_both(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, TYPE("one\r"), "one");
	KUNIT_EXPECT_STREQ(test, TYPE("two\n"), "two");
	KUNIT_EXPECT_STREQ(test, TYPE("three\r\n"), "three");
	KUNIT_EXPECT_EQ(test, lines, 3);
	TYPE("\r\r\n\n");
	KUNIT_EXPECT_EQ(test, lines, 6);
	KUNIT_EXPECT_STREQ(test, screen.finished, "> one\n> two\n> three\n>\n>\n>\n");
}

static void keys_edit_the_line(struct kunit *test)
{
	static const struct {
		const char *keys;
		const char *result;
	} cases[] = {
		{ "abcd\b\x7f""e", "abe" },
		{ "abc\033[D\033[DX", "aXbc" },
		{ "abc\033OD\033ODX\033OCY", "aXbYc" },
		{ "bc\033[Ha\033[Fd", "abcd" },
		{ "bc\033[1~a\033[4~d", "abcd" },
		{ "bc\033[7~a\033[8~d", "abcd" },
		{ "bc\001a\005d", "abcd" },
		{ "abc\002\002\006X", "abXc" },
		{ "abc\001\033[3~", "bc" },
		{ "abc def\013", "abc def" },
		{ "abc def\002\002\002\013", "abc " },
		{ "abc def\002\002\002\025", "def" },
		{ "abc def  \027x", "abc x" },
		{ "abc def\002\027", "abc f" },
		{ "abc\014d", "abcd" },
		{ "ab\004c", "abc" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		type(test, cases[i].keys, strlen(cases[i].keys));
		KUNIT_EXPECT_STREQ(test, TYPE("\r"), cases[i].result);
	}
}

static void what_is_not_text_is_swallowed_whole(struct kunit *test)
{
	static const char *const noise[] = {
		"\033[1;5A", "\033[200~", "\033[?25h", "\033Ox", "\033x", "\033\033[5~",
		"\033[<0;1;2M", "\303\251", "\001\005", "\033[99999999999999999999~",
		"\037", "\033[ q",
	};

	for (size_t i = 0; i < ARRAY_SIZE(noise); i++) {
		TYPE("ab");
		type(test, noise[i], strlen(noise[i]));
		KUNIT_EXPECT_STREQ(test, TYPE("cd\r"), "abcd");
	}
	KUNIT_EXPECT_STREQ(test, type(test, "a\0b\r", 4), "ab");
}

static void a_line_end_is_a_line_end_in_an_escape_sequence_too(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, TYPE("ab\033\r"), "ab");
	KUNIT_EXPECT_STREQ(test, TYPE("cd\033[3\r"), "cd");
	KUNIT_EXPECT_STREQ(test, TYPE("~\r"), "~");
}

static void control_c_abandons_the_line(struct kunit *test)
{
	TYPE("never\003");
	KUNIT_EXPECT_EQ(test, abandoned, 1);
	KUNIT_EXPECT_STREQ(test, TYPE("run\r"), "run");
	KUNIT_EXPECT_EQ(test, lines, 1);
	KUNIT_EXPECT_STREQ(test, screen.finished, "> never^C\n> run\n");
}

static void a_full_line_rings_the_bell_and_keeps_what_it_has(struct kunit *test)
{
	for (int i = 0; i < LINE_EDIT_MAX; i++)
		TYPE("x");
	KUNIT_EXPECT_EQ(test, screen.bells, 0);
	TYPE("y\001z");
	KUNIT_EXPECT_EQ(test, screen.bells, 2);
	KUNIT_EXPECT_EQ(test, strspn(TYPE("\r"), "x"), LINE_EDIT_MAX);
	KUNIT_EXPECT_EQ(test, strlen(line), LINE_EDIT_MAX);
}

static void keys_without_effect_do_no_harm(struct kunit *test)
{
	TYPE("\b\x7f\033[3~\025\027\013\033[D\033[C\033[A\033[B\t");
	KUNIT_EXPECT_GT(test, screen.bells, 0);
	KUNIT_EXPECT_STREQ(test, TYPE("a\r"), "a");
}

static void history_goes_back_and_forth(struct kunit *test)
{
	TYPE("one\rtwo\rthree\r");
	KUNIT_EXPECT_STREQ(test, TYPE("\033[A\033[A\r"), "two");
	/* now: one two three two */
	KUNIT_EXPECT_STREQ(test, TYPE("\020\020\020\020\020\r"), "one");
	KUNIT_EXPECT_STREQ(test, TYPE("new\033[A\033[A\033[B\033[B!\r"), "new!");
	KUNIT_EXPECT_STREQ(test, TYPE("\033[A\b?\r"), "new?");
}

static void history_leaves_out_repeats_and_blanks(struct kunit *test)
{
	TYPE("one\rtwo\rtwo\r\r   \r");
	KUNIT_EXPECT_STREQ(test, TYPE("\033[A\033[A\r"), "one");
}

/* Lines of the greatest length: the history holds the last 16. */
static void history_forgets_the_oldest_first(struct kunit *test)
{
	for (int i = 0; i < 40; i++) {
		char c = (char)('A' + i);

		for (int k = 0; k < LINE_EDIT_MAX; k++)
			type(test, &c, 1);
		TYPE("\r");
	}
	for (int i = 0; i < 16; i++)
		TYPE("\033[A");
	KUNIT_EXPECT_EQ(test, screen.bells, 0);
	KUNIT_EXPECT_EQ(test, edit.line[0], 'A' + 40 - 16);
	TYPE("\033[A");
	KUNIT_EXPECT_EQ(test, screen.bells, 1);
	KUNIT_EXPECT_EQ(test, edit.line[0], 'A' + 40 - 16);
}

static void tab_completes(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, TYPE("v\tx\r"), "version x");
	KUNIT_EXPECT_STREQ(test, TYPE("po\t\r"), "poweroff ");
	KUNIT_EXPECT_STREQ(test, TYPE("version\t\r"), "version ");
	KUNIT_EXPECT_EQ(test, screen.bells, 0);
	KUNIT_EXPECT_STREQ(test, TYPE("x\t\r"), "x");
	KUNIT_EXPECT_STREQ(test, TYPE("ps v\t\r"), "ps v");
	KUNIT_EXPECT_EQ(test, screen.bells, 2);
}

static void tab_lists_several_candidates(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, TYPE("p\ts\r"), "ps");
	KUNIT_EXPECT_STREQ(test, screen.finished, "> p\npanic  poweroff  ps\n> ps\n");
}

static void tab_in_the_middle_completes_what_is_before(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, TYPE("ver x\002\002\t\r"), "version x");
}

/* Keys drawn at random, the rare ones often; screen_agrees() holds after each. */
static void noise_keeps_screen_and_line_alike(struct kunit *test)
{
	static const char *const keys[] = {
		"\033[A", "\033[B", "\033[C", "\033[D", "\033[3~", "\033[H", "\033[F", "\001",
		"\005", "\010", "\013", "\025", "\027", "\t", "p", "ver", "x ", "\033", "[", "\003",
		"\r", "\020", "\016", "\014",
	};
	struct random random = { .state = 20261121 };

	for (int i = 0; i < 200000 && test->status == KUNIT_SUCCESS; i++) {
		char byte = (char)random_below(&random, 256);

		if (random_below(&random, 4)) {
			const char *key = keys[random_below(&random, ARRAY_SIZE(keys))];

			type(test, key, strlen(key));
		} else {
			type(test, &byte, 1);
		}
	}
	KUNIT_EXPECT_GT(test, lines, 1000);
}

static const struct kunit_case cases[] = {
	KUNIT_CASE(a_line_ends_with_cr_lf_or_both),
	KUNIT_CASE(keys_edit_the_line),
	KUNIT_CASE(what_is_not_text_is_swallowed_whole),
	KUNIT_CASE(a_line_end_is_a_line_end_in_an_escape_sequence_too),
	KUNIT_CASE(control_c_abandons_the_line),
	KUNIT_CASE(a_full_line_rings_the_bell_and_keeps_what_it_has),
	KUNIT_CASE(keys_without_effect_do_no_harm),
	KUNIT_CASE(history_goes_back_and_forth),
	KUNIT_CASE(history_leaves_out_repeats_and_blanks),
	KUNIT_CASE(history_forgets_the_oldest_first),
	KUNIT_CASE(tab_completes),
	KUNIT_CASE(tab_lists_several_candidates),
	KUNIT_CASE(tab_in_the_middle_completes_what_is_before),
	KUNIT_CASE(noise_keeps_screen_and_line_alike),
	{ },
};

static struct kunit_suite suite = { .name = "line_edit", .init = begin, .test_cases = cases };
kunit_test_suite(suite);
