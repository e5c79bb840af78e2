/* SPDX-License-Identifier: MIT */
/*
 * The line editor. What is on the screen is always the prompt, the line, and the
 * terminal's cursor at `cursor`; each change of the line redraws from the first
 * character that differs.
 */
#include <lib/line_edit.h>

#include <lib/ctype.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define CTRL(c)		((c) & 0x1f)
#define ESC		'\033'
#define DEL		'\177'

/* ---- the screen ---- */

static void put(struct line_edit *edit, const char *text, size_t n)
{
	if (n)
		edit->ops->write(edit->arg, text, n);
}

static void put_repeated(struct line_edit *edit, char c, size_t n)
{
	char run[16];

	memset(run, c, sizeof(run));
	for (; n; n -= min(n, sizeof(run)))
		put(edit, run, min(n, sizeof(run)));
}

static void bell(struct line_edit *edit)
{
	put(edit, "\a", 1);
}

static void move_cursor(struct line_edit *edit, size_t to)
{
	if (to < edit->cursor)
		put_repeated(edit, '\b', edit->cursor - to);
	else
		put(edit, edit->line + edit->cursor, to - edit->cursor);
	edit->cursor = to;
}

/* With the cursor at `cursor`: shows the line from there, then blanks, and comes back. */
static void redraw_tail(struct line_edit *edit, size_t blanks)
{
	size_t tail = edit->len - edit->cursor;

	put(edit, edit->line + edit->cursor, tail);
	put_repeated(edit, ' ', blanks);
	put_repeated(edit, '\b', tail + blanks);
}

static void show_anew(struct line_edit *edit)
{
	put(edit, "\r\n", 2);
	put(edit, edit->prompt, strlen(edit->prompt));
	put(edit, edit->line, edit->cursor);
	redraw_tail(edit, 0);
}

/* ---- changes of the line ---- */

static void insert(struct line_edit *edit, const char *text, size_t n)
{
	char *at = edit->line + edit->cursor;

	if (n > LINE_EDIT_MAX - edit->len) {
		bell(edit);
		return;
	}
	memmove(at + n, at, edit->len - edit->cursor);
	memcpy(at, text, n);
	edit->len += n;
	move_cursor(edit, edit->cursor + n);
	if (edit->cursor < edit->len)
		redraw_tail(edit, 0);
}

/* Takes out [from, to); the cursor is left at `from`. */
static void erase(struct line_edit *edit, size_t from, size_t to)
{
	if (from == to) {
		bell(edit);
		return;
	}
	move_cursor(edit, from);
	memmove(edit->line + from, edit->line + to, edit->len - to);
	edit->len -= to - from;
	redraw_tail(edit, to - from);
}

static void replace(struct line_edit *edit, const char *text)
{
	size_t before = edit->len, len = min_t(size_t, strlen(text), LINE_EDIT_MAX);

	move_cursor(edit, 0);
	memcpy(edit->line, text, len);
	edit->len = len;
	redraw_tail(edit, before > len ? before - len : 0);
	move_cursor(edit, len);
}

static size_t word_start(const struct line_edit *edit)
{
	size_t at = edit->cursor;

	while (at && isspace(edit->line[at - 1]))
		at--;
	while (at && !isspace(edit->line[at - 1]))
		at--;
	return at;
}

/* ---- history ---- */

/* The line `depth` back, 1 the newest; NULL if there are not so many. */
static const char *history_line(const struct line_edit *edit, unsigned int depth)
{
	size_t at = edit->used;

	while (depth--) {
		if (!at)
			return NULL;
		at--;	/* the terminator */
		while (at && edit->history[at - 1])
			at--;
	}
	return edit->history + at;
}

static void remember(struct line_edit *edit)
{
	const char *newest = history_line(edit, 1);
	size_t bytes = edit->len + 1, oldest;

	if (strspn(edit->line, " ") == edit->len || (newest && strcmp(newest, edit->line) == 0))
		return;
	while (edit->used + bytes > sizeof(edit->history)) {
		oldest = strlen(edit->history) + 1;
		edit->used -= oldest;
		memmove(edit->history, edit->history + oldest, edit->used);
	}
	memcpy(edit->history + edit->used, edit->line, bytes);
	edit->used += bytes;
}

static void browse(struct line_edit *edit, unsigned int depth)
{
	const char *text = depth ? history_line(edit, depth) : edit->typed;

	if (!text || depth == edit->depth) {
		bell(edit);
		return;
	}
	if (!edit->depth) {
		memcpy(edit->typed, edit->line, edit->len);
		edit->typed[edit->len] = '\0';
	}
	edit->depth = depth;
	replace(edit, text);
}

/* ---- completion ---- */

/* How much more of `name` all candidates so far have in common. */
static size_t common_length(const char *a, const char *b, size_t max)
{
	size_t n = 0;

	while (n < max && a[n] == b[n])
		n++;
	return n;
}

static void list_candidates(struct line_edit *edit, size_t start)
{
	const char *name;

	put(edit, "\r\n", 2);
	for (unsigned int i = 0;
	     (name = edit->ops->complete(edit->arg, edit->line, start, edit->cursor, i)); i++) {
		put(edit, name, strlen(name));
		put(edit, "  ", 2);
	}
	show_anew(edit);
}

static void complete(struct line_edit *edit)
{
	size_t start = edit->cursor, typed, common = 0;
	const char *first = NULL, *name;
	unsigned int matches = 0;

	while (start && !isspace(edit->line[start - 1]))
		start--;
	typed = edit->cursor - start;
	while (edit->ops->complete &&
	       (name = edit->ops->complete(edit->arg, edit->line, start, edit->cursor, matches))) {
		common = first ? common_length(first, name, common) : strlen(name);
		first = first ? first : name;
		matches++;
	}
	if (matches && common > typed)
		insert(edit, first + typed, common - typed);
	else if (matches > 1)
		list_candidates(edit, start);
	else if (!matches)
		bell(edit);
	if (matches == 1 && edit->cursor == edit->len)
		insert(edit, " ", 1);
}

/* ---- keys ---- */

static void reset_line(struct line_edit *edit)
{
	edit->len = edit->cursor = 0;
	edit->depth = 0;
	edit->state = LINE_EDIT_TEXT;
}

void line_edit_init(struct line_edit *edit, const struct line_edit_ops *ops, void *arg,
		    const char *prompt)
{
	*edit = (struct line_edit){ .ops = ops, .arg = arg, .prompt = prompt };
}

void line_edit_begin(struct line_edit *edit)
{
	reset_line(edit);
	put(edit, edit->prompt, strlen(edit->prompt));
}

static enum line_edit_event finish(struct line_edit *edit)
{
	edit->line[edit->len] = '\0';
	put(edit, "\r\n", 2);
	remember(edit);
	return LINE_EDIT_DONE;
}

static enum line_edit_event abandon(struct line_edit *edit)
{
	put(edit, "^C\r\n", 4);
	return LINE_EDIT_ABANDONED;
}

enum key {
	KEY_LEFT, KEY_RIGHT, KEY_HOME, KEY_END, KEY_UP, KEY_DOWN, KEY_DELETE, KEY_BACKSPACE,
	KEY_KILL_WORD, KEY_KILL_BEFORE, KEY_KILL_AFTER, KEY_REDRAW, KEY_COMPLETE, KEY_NONE,
};

static void press(struct line_edit *edit, enum key key)
{
	size_t at = edit->cursor, len = edit->len;

	switch (key) {
	case KEY_LEFT:
		move_cursor(edit, at ? at - 1 : 0);
		break;
	case KEY_RIGHT:
		move_cursor(edit, min(at + 1, len));
		break;
	case KEY_HOME:
		move_cursor(edit, 0);
		break;
	case KEY_END:
		move_cursor(edit, len);
		break;
	case KEY_UP:
		browse(edit, edit->depth + 1);
		break;
	case KEY_DOWN:
		browse(edit, edit->depth ? edit->depth - 1 : 0);
		break;
	case KEY_DELETE:
		erase(edit, at, min(at + 1, len));
		break;
	case KEY_BACKSPACE:
		erase(edit, at ? at - 1 : 0, at);
		break;
	case KEY_KILL_WORD:
		erase(edit, word_start(edit), at);
		break;
	case KEY_KILL_BEFORE:
		erase(edit, 0, at);
		break;
	case KEY_KILL_AFTER:
		erase(edit, at, len);
		break;
	case KEY_REDRAW:
		show_anew(edit);
		break;
	case KEY_COMPLETE:
		complete(edit);
		break;
	case KEY_NONE:
		break;
	}
}

static enum key control_key(char c)
{
	switch (c) {
	case CTRL('A'): return KEY_HOME;
	case CTRL('B'): return KEY_LEFT;
	case CTRL('E'): return KEY_END;
	case CTRL('F'): return KEY_RIGHT;
	case CTRL('H'):
	case DEL:	return KEY_BACKSPACE;
	case CTRL('I'):	return KEY_COMPLETE;
	case CTRL('K'): return KEY_KILL_AFTER;
	case CTRL('L'): return KEY_REDRAW;
	case CTRL('N'): return KEY_DOWN;
	case CTRL('P'): return KEY_UP;
	case CTRL('U'): return KEY_KILL_BEFORE;
	case CTRL('W'): return KEY_KILL_WORD;
	default:	return KEY_NONE;
	}
}

/* The key of ESC [ parameter final (ECMA-48, xterm), and of ESC O final. */
static enum key escape_key(char final, unsigned int parameter)
{
	static const u8 numbered[] = {
		KEY_NONE, KEY_HOME, KEY_NONE, KEY_DELETE, KEY_END, KEY_NONE, KEY_NONE, KEY_HOME,
		KEY_END,
	};

	switch (final) {
	case 'A': return KEY_UP;
	case 'B': return KEY_DOWN;
	case 'C': return KEY_RIGHT;
	case 'D': return KEY_LEFT;
	case 'F': return KEY_END;
	case 'H': return KEY_HOME;
	case '~': return parameter < ARRAY_SIZE(numbered) ? numbered[parameter] : KEY_NONE;
	default:  return KEY_NONE;
	}
}

/* Parameters, then intermediates, then the final byte, which ends the sequence. */
static void feed_csi(struct line_edit *edit, char c)
{
	if (isdigit(c) && !edit->parameter_done) {
		if (edit->parameter < 100)
			edit->parameter = edit->parameter * 10 + (unsigned int)(c - '0');
	} else if (c < '@') {
		edit->parameter_done = true;
	} else {
		edit->state = LINE_EDIT_TEXT;
		press(edit, escape_key(c, edit->parameter));
	}
}

/* Inside an escape sequence; `c` is neither a control character nor beyond ASCII. */
static void feed_escape(struct line_edit *edit, char c)
{
	if (edit->state == LINE_EDIT_CSI) {
		feed_csi(edit, c);
	} else if (edit->state == LINE_EDIT_SS3) {
		edit->state = LINE_EDIT_TEXT;
		press(edit, escape_key(c, 0));
	} else if (c == '[') {
		edit->state = LINE_EDIT_CSI;
		edit->parameter = 0;
		edit->parameter_done = false;
	} else {
		edit->state = c == 'O' ? LINE_EDIT_SS3 : LINE_EDIT_TEXT;
	}
}

/* A control character ends any escape sequence and means what it means. */
static enum line_edit_event feed_control(struct line_edit *edit, char c)
{
	bool is_crlf = c == '\n' && edit->after_cr;

	edit->state = c == ESC ? LINE_EDIT_ESC : LINE_EDIT_TEXT;
	edit->after_cr = c == '\r';
	if (c == '\r' || (c == '\n' && !is_crlf))
		return finish(edit);
	if (c == CTRL('C'))
		return abandon(edit);
	press(edit, control_key(c));
	return LINE_EDIT_MORE;
}

enum line_edit_event line_edit_feed(struct line_edit *edit, char c)
{
	if (iscntrl(c))
		return feed_control(edit, c);
	edit->after_cr = false;
	if (!isascii(c))
		return LINE_EDIT_MORE;
	if (edit->state != LINE_EDIT_TEXT)
		feed_escape(edit, c);
	else
		insert(edit, &c, 1);
	return LINE_EDIT_MORE;
}
