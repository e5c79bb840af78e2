/* SPDX-License-Identifier: MIT */
/*
 * dmesg: the log.
 */
#include <kernel/log.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/kstrtox.h>
#include <lib/string.h>

static int cmd_dmesg(int argc, char **argv)
{
	struct log_cursor cursor = { .seq = 0 };
	char line[LOG_LINE_MAX];
	unsigned int last;
	u64 end = log_count();		/* what comes meanwhile is not waited for */

	if (argc == 3 && strcmp(argv[1], "-n") == 0) {
		if (kstrtouint(argv[2], 0, &last))
			return shell_fail(-EINVAL, "%s is no number of messages", argv[2]);
		log_seek_last(&cursor, last);
	} else if (argc > 1) {
		return -EINVAL;
	} else {
		log_seek_last(&cursor, end);
	}
	while (cursor.seq < end && log_read(&cursor, LOGLEVEL_ALL, line))
		shell_puts(line);
	return 0;
}
SHELL_COMMAND(dmesg, cmd_dmesg, "[-n number]", "the log, or its last messages");
