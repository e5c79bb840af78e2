/* SPDX-License-Identifier: MIT */
/*
 * Commands about the shell and the kernel as such: help, version, uptime.
 */
#include <kernel/ktime.h>
#include <kernel/shell.h>
#include <kernel/timekeeping.h>
#include <kernel/version.h>
#include <lib/errno.h>
#include <lib/math.h>

static void print_all(void)
{
	const struct shell_command *command = shell_next_command("");

	for (; command; command = shell_next_command(command->name))
		shell_printf("%-10s %s\n", command->name, command->help);
	shell_puts("A command that fails says so in one line that ends with its exit code.\n"
		   "Tab completes, up and down bring earlier lines back, ^C drops a line.\n");
}

static int cmd_help(int argc, char **argv)
{
	const struct shell_command *command;

	if (argc > 2)
		return -EINVAL;
	if (argc == 1) {
		print_all();
		return 0;
	}
	command = shell_find_command(argv[1]);
	if (!command)
		return shell_fail(-ENOENT, "no command %s", argv[1]);
	shell_printf("%s: %s\n%s %s\n", command->name, command->help, command->name,
		     command->usage);
	return 0;
}
SHELL_COMMAND(help, cmd_help, "[command]", "what there is, or how one command is used");

static int cmd_version(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return -EINVAL;
	shell_printf("nocla %s (%s, compiler %s)\n", NOCLA_VERSION, CONFIG_ARCH, __VERSION__);
	return 0;
}
SHELL_COMMAND(version, cmd_version, "", "the kernel's version");

static int cmd_uptime(int argc, char **argv)
{
	u32 rest_ns, seconds;

	(void)argv;
	if (argc > 1)
		return -EINVAL;
	seconds = (u32)div_u64_rem(ktime_get_ns(), NSEC_PER_SEC, &rest_ns);
	shell_printf("up %u days %02u:%02u:%02u.%03u\n", seconds / 86400, seconds / 3600 % 24,
		     seconds / 60 % 60, seconds % 60, rest_ns / (u32)NSEC_PER_MSEC);
	return 0;
}
SHELL_COMMAND(uptime, cmd_uptime, "", "time since boot");
