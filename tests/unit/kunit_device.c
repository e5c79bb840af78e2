/* SPDX-License-Identifier: MIT */
/*
 * Devices for cases, and the count of those that there are: what the test runner itself, which
 * is below the drivers, does not know.
 */
#include <test/kunit_device.h>

#include <drivers/device.h>
#include <test/kunit.h>

static void unregister(void *dev)
{
	root_device_unregister(dev);
}

struct device *kunit_device_register(struct kunit *test, const char *name)
{
	struct device *dev = root_device_register(name);
	int err;

	if (IS_ERR(dev))
		return dev;
	err = kunit_add_action_or_reset(test, unregister, dev);
	return err ? ERR_PTR(err) : dev;
}

void kunit_device_unregister(struct kunit *test, struct device *dev)
{
	kunit_release_action(test, unregister, dev);
}

static int count(struct device *dev, void *n)
{
	(void)dev;
	++*(unsigned long *)n;
	return 0;
}

static unsigned long devices(void)
{
	unsigned long n = 0;

	devices_for_each(&n, count);
	return n;
}

TABLE_ENTRY(kunit_counters, struct kunit_counter, device_counter) = { "devices", devices };
