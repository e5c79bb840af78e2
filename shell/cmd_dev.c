/* SPDX-License-Identifier: MIT */
/*
 * dev: devices with their drivers, and what has none; binding and unbinding by hand.
 *
 * The device of the console is not unbound: there would be nowhere to type that it shall be bound
 * again.
 */
#include <drivers/device.h>
#include <drivers/tty.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/string.h>

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

static int print_all(void)
{
	devices_for_each(NULL, print_bound);
	shell_puts("not bound:\n");
	device_report_unbound(print_unbound, NULL);
	return 0;
}

/* Any driver that takes it. */
static int bind_to_any(struct device *dev)
{
	int ret = dev->bus ? device_attach(dev) : 0;

	if (ret == -EPROBE_DEFER)
		return shell_fail(-EAGAIN, "%s waits for another device", dev_name(dev));
	if (ret == 0)
		ret = -ENODEV;
	return ret > 0 ? 0 : shell_fail(ret, "no driver takes %s", dev_name(dev));
}

static int bind_to(struct device *dev, const char *name)
{
	struct device_driver *drv = dev->bus ? driver_find_get(name, dev->bus) : NULL;
	int ret;

	if (!drv)
		return shell_fail(-ENOENT, "the bus of %s has no driver %s", dev_name(dev), name);
	ret = drv->suppress_bind_attrs ? -EPERM : device_driver_attach(drv, dev);
	driver_put(drv);
	return ret ? shell_fail(ret, "%s does not take %s", name, dev_name(dev)) : 0;
}

static int bind(struct device *dev, const char *driver)
{
	if (device_is_bound(dev))
		return shell_fail(-EBUSY, "%s is bound", dev_name(dev));
	return driver ? bind_to(dev, driver) : bind_to_any(dev);
}

/* Whether its driver lets go of it when somebody asks. */
static bool may_be_unbound(struct device *dev)
{
	guard(device)(dev);
	return !dev->driver || !dev->driver->suppress_bind_attrs;
}

static int unbind(struct device *dev)
{
	if (!device_is_bound(dev))
		return shell_fail(-ENODEV, "%s is not bound", dev_name(dev));
	if (!may_be_unbound(dev))
		return shell_fail(-EPERM, "%s is bound for good", dev_name(dev));
	if (tty_console_is_on(dev))
		return shell_fail(-EBUSY, "%s has this console", dev_name(dev));
	device_release_driver(dev);
	return 0;
}

static int cmd_dev(int argc, char **argv)
{
	struct device *dev __free(put_device) = NULL;
	bool is_bind;

	if (argc == 1)
		return print_all();
	is_bind = strcmp(argv[1], "bind") == 0;
	if (argc < 3 || argc > 3 + is_bind || (!is_bind && strcmp(argv[1], "unbind") != 0))
		return -EINVAL;
	dev = device_find_by_name(argv[2]);
	if (!dev)
		return shell_fail(-ENODEV, "there is no device %.40s", argv[2]);
	return is_bind ? bind(dev, argc > 3 ? argv[3] : NULL) : unbind(dev);
}
SHELL_COMMAND(dev, cmd_dev, "[bind <device> [<driver>] | unbind <device>]",
	      "devices and their drivers, and what has none");
