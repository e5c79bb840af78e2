/* SPDX-License-Identifier: MIT */
/*
 * The shell's commands, and what they may use.
 *
 *   static int cmd_uptime(int argc, char **argv)
 *   {
 *           shell_printf("up %llu ms\n", ktime_get_ns() / NSEC_PER_MSEC);
 *           return 0;
 *   }
 *   SHELL_COMMAND(uptime, cmd_uptime, "", "time since boot");
 *
 * A command returns 0 or a negative errno. A failure is told in one line that
 * ends with the code, "gpio: no pin 9 [-EINVAL]": shell_fail() says why, else
 * the shell does, with the usage for -EINVAL.
 */
#ifndef KERNEL_SHELL_H
#define KERNEL_SHELL_H

#include <kernel/seq_file.h>
#include <lib/compiler.h>
#include <lib/table.h>

#define SHELL_ARGS_MAX	16

/* [I] */
struct shell_command {
	const char *name;
	/* argv[0] is the name, argv[argc] NULL. Context: task; may sleep. */
	int (*fn)(int argc, char **argv);
	const char *usage;	/* the arguments; "" for none */
	const char *help;	/* one line */
};

DECLARE_TABLE(shell_commands, struct shell_command);

#define SHELL_COMMAND(cmd, function, args, text)				\
	TABLE_ENTRY(shell_commands, struct shell_command, shell_command_##cmd) = { \
		.name = #cmd, .fn = function, .usage = args, .help = text,	\
	}

/* Output of a command, up to 255 characters a call. Context: a command. */
void shell_printf(const char *fmt, ...) __printf(1, 2);

/* The same for a text of any length, as it is. */
void shell_puts(const char *text);

/* "name: text [-ECODE]" for the command that runs. Return: err. Context: a command. */
int shell_fail(int err, const char *fmt, ...) __printf(2, 3);

/*
 * Waits until is_there(arg): who makes it true calls shell_wake(). What is typed meanwhile is
 * dropped, but for Ctrl-C, which ends the wait.
 * Context: a command; wake: any, while one waits. Return: 0; -EINTR: Ctrl-C; -ENXIO: the
 * terminal is hung up.
 */
int shell_wait(bool (*is_there)(void *arg), void *arg);
void shell_wake(void);

/* NULL if there is none of that name. Any context. */
const struct shell_command *shell_find_command(const char *name);

/*
 * The first one whose name comes after `name`, "" for the first of all; NULL at the end.
 * Any context.
 */
const struct shell_command *shell_next_command(const char *name);

/*
 * Runs one line as if it had been typed; its output goes to `out`. The line is cut
 * into words in place: apart by white space, but for what is in '..' or "..".
 * Context: task; may sleep.
 * Return: the command's, 0 for an empty line; -ENOENT: no such command; -EINVAL: a quote
 * has no end; -E2BIG: more than SHELL_ARGS_MAX words.
 */
int shell_run(char *line, struct seq_file *out);

#endif
