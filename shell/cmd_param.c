/* SPDX-License-Identifier: MIT */
/*
 * param: the kernel's parameters, those of <kernel/moduleparam.h>.
 */
#include <kernel/moduleparam.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/string.h>

#define VALUE_MAX	200

static const char *value_of(const struct kernel_param *kp, char buf[static VALUE_MAX])
{
	return kernel_param_get(kp, buf, VALUE_MAX) < 0 ? "-" : buf;
}

static int list(void)
{
	char value[VALUE_MAX];

	for_each_table_entry(kernel_params, kp)
		shell_printf("%-24s %-12s %s%s\n", kp->name, value_of(kp, value),
			     kernel_param_description(kp),
			     kp->perm & 0222 ? "" : " (set at boot)");
	return 0;
}

static int show(const struct kernel_param *kp)
{
	char value[VALUE_MAX];
	int err = kernel_param_get(kp, value, sizeof(value));

	if (err < 0)
		return shell_fail(err, "%s is not shown", kp->name);
	shell_printf("%s\n", value);
	return 0;
}

static int set(const struct kernel_param *kp, const char *value)
{
	int err = kernel_param_set(kp, value);

	if (err == -EPERM)
		return shell_fail(err, "%s is set at boot only", kp->name);
	if (err)
		return shell_fail(err, "%s does not accept %s", kp->name, value);
	return 0;
}

static int cmd_param(int argc, char **argv)
{
	const struct kernel_param *kp;
	char *value;

	if (argc == 1)
		return list();
	if (argc > 2)
		return -EINVAL;
	value = strchr(argv[1], '=');
	if (value)
		*value++ = '\0';
	kp = kernel_param_find(argv[1]);
	if (!kp)
		return shell_fail(-ENOENT, "no parameter %s", argv[1]);
	return value ? set(kp, value) : show(kp);
}
SHELL_COMMAND(param, cmd_param, "[name[=value]]", "shows or sets the kernel's parameters");
