/* SPDX-License-Identifier: MIT */
/*
 * The log from its readers' side: the console, dmesg, a panic. Writers use
 * <kernel/printk.h>.
 *
 * Each call of printk makes a record, or goes on in the last one (pr_cont).
 * Records are numbered from 0. A reader keeps a cursor of its own and is never
 * waited for: when the ring is full the oldest records go, and a reader that
 * was too slow is told how many it missed.
 */
#ifndef KERNEL_LOG_H
#define KERNEL_LOG_H

#include <lib/types.h>

enum log_level {
	LOGLEVEL_EMERG,
	LOGLEVEL_ALERT,
	LOGLEVEL_CRIT,
	LOGLEVEL_ERR,
	LOGLEVEL_WARNING,
	LOGLEVEL_NOTICE,
	LOGLEVEL_INFO,
	LOGLEVEL_DEBUG,
	LOGLEVEL_ALL,		/* as a reader's limit: every record */
	LOGLEVEL_DEFAULT = LOGLEVEL_WARNING,
};

/* The text of one record, the terminator included; what is longer is cut. */
#define LOG_TEXT_MAX	256
/* A line as log_read() gives it: "[    1.234567] ", text, '\n', terminator. */
#define LOG_LINE_MAX	(LOG_TEXT_MAX + 24)

/* Where a reader is. All zero: before the first record. [o] the reader */
struct log_cursor {
	u64 seq;		/* of the next record */
	u32 pos;		/* where that is in the ring, if it still is */
	u16 offset;		/* how much of its text has been read */
};

/*
 * The next line for this cursor with a level below `limit`, as text with time
 * stamp and '\n', terminated. A record of several lines is given line by line.
 * Records lost since the last call are told by a line of their own. A record
 * that pr_cont may still go on in is not given yet.
 *
 * Context: any.
 * Return: the line's length; 0 when there is nothing new.
 */
size_t log_read(struct log_cursor *cursor, int limit, char buf[static LOG_LINE_MAX]);

/* The same for the levels from `from` on, below `limit`. */
size_t log_read_levels(struct log_cursor *cursor, int from, int limit,
		       char buf[static LOG_LINE_MAX]);

/* Whether log_read() would have something to look at. Any context. */
bool log_is_pending(const struct log_cursor *cursor);

/*
 * Puts the cursor before the last `n` records, or all if there are fewer. With 0 a
 * record that pr_cont might have gone on in ends here. Any context.
 */
void log_seek_last(struct log_cursor *cursor, u64 n);

/* How many records there have been. Any context. */
u64 log_count(void);

#endif
