/* SPDX-License-Identifier: MIT */
/*
 * A line being typed: editing, history and completion, one byte at a time.
 *
 * Bytes go in, text for the terminal comes out of a callback; there is no other
 * dependence, so the same code runs in host tests. On the terminal only
 * backspace, space and bell are needed.
 *
 *   left right ^B ^F   by a character       home end ^A ^E   to the ends
 *   backspace delete   a character          ^W ^U ^K         word, all before, all after
 *   up down ^P ^N      history              Tab              completion
 *   ^L                 shows the line anew  ^C               abandons it
 *
 * Other control characters, escape sequences and bytes that are not ASCII are
 * swallowed whole. A line ends with CR, LF or both.
 *
 * Context: any that the callbacks allow, one caller at a time for each line.
 */
#ifndef LIB_LINE_EDIT_H
#define LIB_LINE_EDIT_H

#include <lib/types.h>

#define LINE_EDIT_MAX		255	/* characters of a line; more ring the bell */
#define LINE_EDIT_HISTORY	4096	/* bytes: at least 16 lines */

struct line_edit_ops {
	/* Sends `n` bytes to the terminal as they are. */
	void (*write)(void *arg, const char *text, size_t n);
	/*
	 * Candidate number `nth` for the word that begins at line[start] and has been
	 * typed up to line[end]; NULL after the last. NULL itself: no completion.
	 */
	const char *(*complete)(void *arg, const char *line, size_t start, size_t end,
				unsigned int nth);
};

enum line_edit_event {
	LINE_EDIT_MORE,
	LINE_EDIT_DONE,		/* `line` is complete, terminated, without line end */
	LINE_EDIT_ABANDONED,	/* by ^C */
};

enum line_edit_state {
	LINE_EDIT_TEXT,
	LINE_EDIT_ESC,		/* after ESC */
	LINE_EDIT_CSI,		/* after ESC [ */
	LINE_EDIT_SS3,		/* after ESC O */
};

/*
 * [o] the one caller. cursor <= len <= LINE_EDIT_MAX. The history is `used` bytes of
 * terminated lines, the oldest first; `depth` counts back from the newest, and
 * is 0 iff the line is the one being typed.
 */
struct line_edit {
	const struct line_edit_ops *ops;	/* [I] */
	void *arg;				/* [I] */
	const char *prompt;			/* [I] */
	enum line_edit_state state;
	unsigned int parameter;			/* the first of the escape sequence */
	bool parameter_done;
	bool after_cr;				/* an LF belongs to it */
	size_t len, cursor;
	char line[LINE_EDIT_MAX + 1];
	char typed[LINE_EDIT_MAX + 1];		/* the new line, while the history is shown */
	unsigned int depth;
	size_t used;
	char history[LINE_EDIT_HISTORY];
};

/* `ops`, `arg` and `prompt` are kept; they and `edit` are the caller's. */
void line_edit_init(struct line_edit *edit, const struct line_edit_ops *ops, void *arg,
		    const char *prompt);

/* Shows the prompt of an empty line. */
void line_edit_begin(struct line_edit *edit);

/*
 * One byte from the terminal. Returns what became of the line. After LINE_EDIT_DONE or
 * LINE_EDIT_ABANDONED comes line_edit_begin(); until then `line` may be changed in place.
 */
enum line_edit_event line_edit_feed(struct line_edit *edit, char c);

#endif
