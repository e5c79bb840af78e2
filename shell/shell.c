/* SPDX-License-Identifier: MIT */
/*
 * The shell: a task that reads lines from the console's terminal and runs
 * commands. The commands themselves are in cmd_*.c; anything in the tree may
 * add one.
 *
 * Locking: none of its own. `session` is the shell task's; while a test runs a
 * line by shell_run(), the shell itself waits or was never started.
 */
#include <kernel/shell.h>

#include <drivers/tty.h>
#include <kernel/init.h>
#include <kernel/kthread.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/wait.h>
#include <lib/ctype.h>
#include <lib/err.h>
#include <lib/errno.h>
#include <lib/line_edit.h>
#include <lib/sprintf.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "shell_priv.h"

#define PROMPT		"nocla> "
#define OUTPUT_MAX	256

/* [o] the shell's task */
static struct {
	struct line_edit edit;
	struct tty_port *tty;		/* NULL: no terminal, output goes nowhere */
	struct seq_file *capture;	/* output goes here instead */
	const char *command;		/* the name of the one that runs */
	bool told;			/* it has said why it fails */
} session;

/* ---- output ---- */

void shell_puts(const char *text)
{
	if (session.capture)
		seq_puts(session.capture, text);
	else if (session.tty)
		tty_write_text(session.tty, text, strlen(text));
}

void shell_printf(const char *fmt, ...)
{
	char text[OUTPUT_MAX];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(text, sizeof(text), fmt, args) >= (int)sizeof(text))
		text[sizeof(text) - 2] = '\n';	/* what is cut still ends its line */
	va_end(args);
	shell_puts(text);
}

int shell_fail(int err, const char *fmt, ...)
{
	char why[OUTPUT_MAX / 2];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	shell_printf("%s: %s [%pe]\n", session.command, why, ERR_PTR(err));
	session.told = true;
	return err;
}

/* ---- commands that wait ---- */

#define CTRL_C	0x03

static DECLARE_WAIT_QUEUE_HEAD(capture_wait);

static bool has_ctrl_c(const char *bytes, ssize_t n)
{
	for (ssize_t i = 0; i < n; i++)
		if (bytes[i] == CTRL_C)
			return true;
	return false;
}

/* Input comes first: there may be no end of what the command waits for. */
static int wait_at_terminal(struct tty_port *tty, bool (*is_there)(void *arg), void *arg)
{
	char bytes[16];
	ssize_t n;

	for (;;) {
		wait_event(tty->read_wait, tty_has_input(tty) || is_there(arg));
		if (!tty_has_input(tty))
			return 0;
		n = tty_read(tty, bytes, sizeof(bytes));
		if (n < 0)
			return (int)n;
		if (has_ctrl_c(bytes, n))
			return -EINTR;
	}
}

int shell_wait(bool (*is_there)(void *arg), void *arg)
{
	if (session.tty && !session.capture)
		return wait_at_terminal(session.tty, is_there, arg);
	wait_event(capture_wait, is_there(arg));
	return 0;
}

void shell_wake(void)
{
	wake_up(&capture_wait);
	if (session.tty)
		wake_up(&session.tty->read_wait);
}

/* ---- running a line ---- */

const struct shell_command *shell_find_command(const char *name)
{
	for_each_table_entry(shell_commands, command)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

const struct shell_command *shell_next_command(const char *name)
{
	const struct shell_command *next = NULL;

	for_each_table_entry(shell_commands, command)
		if (strcmp(command->name, name) > 0 &&
		    (!next || strcmp(command->name, next->name) < 0))
			next = command;
	return next;
}

/* One word from *from, which has no white space in front; leaves *from behind it. */
static int take_word(char **from)
{
	char *in = *from, *out = *from, quote = '\0';

	for (; *in && (quote || !isspace(*in)); in++) {
		if (quote ? *in == quote : (*in == '\'' || *in == '"'))
			quote = quote ? '\0' : *in;
		else
			*out++ = *in;
	}
	*from = *in ? in + 1 : in;
	*out = '\0';
	return quote ? -EINVAL : 0;
}

/* How many words, or a negative errno. */
static int shell_split(char *line, char **argv, int max)
{
	int argc = 0;

	for (;;) {
		line = skip_spaces(line);
		if (!*line)
			return argc;
		if (argc == max)
			return -E2BIG;
		argv[argc++] = line;
		if (take_word(&line))
			return -EINVAL;
	}
}

static int run_command(const struct shell_command *command, int argc, char **argv)
{
	bool faulted;
	int err;

	session.command = command->name;
	session.told = false;
	faulted = shell_fault_begin(command);
	err = command->fn(argc, argv);
	if (faulted)
		shell_fault_end();
	if (!err || session.told)
		return err;
	if (err != -EINVAL)
		return shell_fail(err, "failed");
	shell_printf("usage: %s%s%s [-EINVAL]\n", command->name, command->usage[0] ? " " : "",
		     command->usage);
	return err;
}

static int run_line(char *line)
{
	char *argv[SHELL_ARGS_MAX + 1];
	const struct shell_command *command;
	int argc = shell_split(line, argv, SHELL_ARGS_MAX);

	session.command = "shell";
	if (argc == -E2BIG)
		return shell_fail(argc, "more than %d words", SHELL_ARGS_MAX);
	if (argc < 0)
		return shell_fail(argc, "a quote is not closed");
	if (!argc)
		return 0;
	argv[argc] = NULL;
	command = shell_find_command(argv[0]);
	if (!command) {
		shell_printf("%.80s: unknown command (try help)\n", argv[0]);
		return -ENOENT;
	}
	return run_command(command, argc, argv);
}

int shell_run(char *line, struct seq_file *out)
{
	struct seq_file *capture = session.capture;
	const char *command = session.command;
	bool told = session.told;
	int err;

	session.capture = out;
	err = run_line(line);
	session.capture = capture;
	session.command = command;
	session.told = told;
	return err;
}

/* ---- the terminal ---- */

static void write_terminal(void *arg, const char *text, size_t n)
{
	(void)arg;
	tty_write(session.tty, text, n);
}

/* Commands complete as the first word, and as the second one of help. */
static const char *complete_command(void *arg, const char *line, size_t start, size_t end,
				    unsigned int nth)
{
	const struct shell_command *command;
	const char *name = "";
	size_t first = strspn(line, " ");

	(void)arg;
	if (start > first && !(strstarts(line + first, "help ") && start == first + 5))
		return NULL;
	while ((command = shell_next_command(name))) {
		name = command->name;
		if (strncmp(name, line + start, end - start) == 0 && !nth--)
			return name;
	}
	return NULL;
}

static const struct line_edit_ops edit_ops = {
	.write = write_terminal,
	.complete = complete_command,
};

static void take_byte(char byte)
{
	enum line_edit_event event = line_edit_feed(&session.edit, byte);

	if (event == LINE_EDIT_MORE)
		return;
	if (event == LINE_EDIT_DONE)
		run_line(session.edit.line);
	cond_resched();		/* a paste may keep it busy for long */
	line_edit_begin(&session.edit);
}

/* Until the terminal is hung up. */
static void serve(void)
{
	char bytes[64];
	ssize_t n;

	line_edit_begin(&session.edit);
	while ((n = tty_read(session.tty, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < n; i++)
			take_byte(bytes[i]);
}

static int shell_task(void *unused)
{
	(void)unused;
	line_edit_init(&session.edit, &edit_ops, NULL, PROMPT);
	while (!kthread_should_stop()) {
		session.tty = tty_wait_for_console();
		serve();
		tty_port_put(session.tty);
		session.tty = NULL;
	}
	return 0;
}

/* A boot that is there for the tests leaves the console to them. */
static int shell_init(void)
{
	struct task_struct *task;

	if (IS_ENABLED(CONFIG_KTEST) && kunit_boot_filter())
		return 0;
	task = kthread_run(shell_task, NULL, "shell");
	return PTR_ERR_OR_ZERO(task);
}
late_initcall(shell_init);
