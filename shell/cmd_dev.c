/* SPDX-License-Identifier: MIT */
/*
 * dev: devices with their drivers, and what has none.
 */
#include <drivers/device.h>
#include <kernel/shell.h>
#include <lib/errno.h>

static int print_bound(struct device *dev, void *unused)
{
	const char *driver = dev_driver_string(dev);

	(void)unused;
	if (device_is_bound(dev))
		shell_printf("%-24s %-10s %s\n", dev_name(dev), dev->bus ? dev->bus->name : "-",
			     driver);
	return 0;
}

static void print_unbound(void *unused, bool failed, struct va_format *line)
{
	(void)unused;
	(void)failed;
	shell_printf("%pV\n", line);
}

static int cmd_dev(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return -EINVAL;
	devices_for_each(NULL, print_bound);
	shell_puts("not bound:\n");
	device_report_unbound(print_unbound, NULL);
	return 0;
}
SHELL_COMMAND(dev, cmd_dev, "", "devices and their drivers, and what has none");
