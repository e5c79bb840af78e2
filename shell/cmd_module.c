/* SPDX-License-Identifier: MIT */
/*
 * Modules from the shell: lsmod, rmmod, modprobe.
 *
 * Who ends the driver of the console that the shell is on has typed the last line.
 */
#include <kernel/module.h>
#include <kernel/shell.h>
#include <lib/errno.h>

static void show_module(const struct module *mod, void *arg)
{
	(void)arg;
	shell_printf("%s\n", mod->name);
}

static int cmd_lsmod(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return -EINVAL;
	for_each_module(show_module, NULL);
	return 0;
}
SHELL_COMMAND(lsmod, cmd_lsmod, "", "modules that can be ended, that which began last first");

static int cmd_rmmod(int argc, char **argv)
{
	int err;

	if (argc < 2)
		return -EINVAL;
	err = module_unload((const char *const *)&argv[1], (unsigned int)argc - 1);
	return err ? shell_fail(err, "not there, or without an exit") : 0;
}
SHELL_COMMAND(rmmod, cmd_rmmod, "module...", "ends modules, those that began last first");

static int cmd_modprobe(int argc, char **argv)
{
	int err;

	if (argc != 2)
		return -EINVAL;
	err = module_load(argv[1]);
	return err ? shell_fail(err, "%s does not begin", argv[1]) : 0;
}
SHELL_COMMAND(modprobe, cmd_modprobe, "module", "begins a module that was ended");
