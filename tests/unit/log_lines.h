/* SPDX-License-Identifier: MIT */
/*
 * What the log says, for cases about the lines of a report below its title.
 */
#ifndef TESTS_UNIT_LOG_LINES_H
#define TESTS_UNIT_LOG_LINES_H

#include <kernel/log.h>
#include <lib/string.h>
#include <lib/types.h>

/* Whether a line with `text` came since the cursor was set; the cursor goes behind it. */
static inline bool log_says(struct log_cursor *cursor, const char *text)
{
	static char line[LOG_LINE_MAX];

	while (log_read(cursor, LOGLEVEL_ALL, line))
		if (strstr(line, text))
			return true;
	return false;
}

#endif
