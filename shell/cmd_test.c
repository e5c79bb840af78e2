/* SPDX-License-Identifier: MIT */
/*
 * test: the kernel's own test suites. In a kernel without them there is a command
 * that says so.
 */
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <lib/string.h>
#include <test/kunit.h>

static void print_suites(void)
{
	for_each_table_entry(kunit_suites, suite)
		shell_printf("%s\n", (*suite)->name);
}

static int cmd_test(int argc, char **argv)
{
	const char *name = argc == 2 ? argv[1] : NULL;
	int err;

	if (!IS_ENABLED(CONFIG_KTEST))
		return shell_fail(-EOPNOTSUPP, "this kernel was built without its tests");
	if (argc > 2)
		return -EINVAL;
	if (name && strcmp(name, "-l") == 0) {
		print_suites();
		return 0;
	}
	err = kunit_run_suites(name);
	if (err == -ENOENT)
		return shell_fail(err, "no suite named %s%s", name ? name : "at all",
				  name && strchr(name, '.') ? ", or it has no such case" : "");
	if (err == -EIO)
		return shell_fail(err, "a case failed");
	return err ? shell_fail(err, "nothing was run") : 0;
}

SHELL_COMMAND(test, cmd_test, "[suite[.case] | -l]",
	      "runs the kernel's tests, one suite or case; -l lists");
