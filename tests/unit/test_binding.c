/* SPDX-License-Identifier: MIT */
/*
 * Devices and drivers come together and part: which driver is tried, what a failed probe
 * leaves, and that an unbinding undoes all of it in reverse.
 */
#include <drivers/device.h>

#include <kernel/delay.h>
#include <kernel/fault-inject.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "fake_bus.h"

#define ROUNDS	10000u
#define LOOK	64

static void bind_is_probe_and_unbind_is_remove_then_undo_in_reverse(struct kunit *test)
{
	struct device *dev = add_thing(test, "thing.0");

	KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
	KUNIT_EXPECT_TRUE(test, device_is_bound(dev));
	KUNIT_EXPECT_PTR_EQ(test, dev->driver, &plain_driver);
	KUNIT_EXPECT_PTR_EQ(test, dev_get_drvdata(dev), &probe_count);
	device_release_driver(dev);
	KUNIT_EXPECT_STREQ(test, story, "probe remove undo2 undo1");
	KUNIT_EXPECT_FALSE(test, device_is_bound(dev));
	KUNIT_EXPECT_NULL(test, dev->driver);
	KUNIT_EXPECT_NULL(test, dev_get_drvdata(dev));
	device_release_driver(dev);
	KUNIT_EXPECT_EQ(test, remove_count, 1);
	driver_unregister(&plain_driver);
	device_unregister(dev);
}

static void device_that_comes_later_is_bound(struct kunit *test)
{
	struct device *mine, *other;

	KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
	mine = add_thing(test, "thing.0");
	other = add_thing(test, "other.0");
	KUNIT_EXPECT_TRUE(test, device_is_bound(mine));
	KUNIT_EXPECT_FALSE(test, device_is_bound(other));
	device_unregister(mine);
	KUNIT_EXPECT_STREQ(test, story, "probe remove undo2 undo1 freed");
	device_unregister(other);
	driver_unregister(&plain_driver);
}

/* For each error: no driver, no data, nothing managed left, no remove. */
static void failed_probe_leaves_nothing(struct kunit *test)
{
	static const int errors[] = { -ENODEV, -ENXIO, -EIO, -ENOMEM, -EINVAL, -EBUSY };
	struct device *dev = add_thing(test, "thing.0");

	for (unsigned int i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		story[0] = '\0';
		probe_result = errors[i];
		KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
		KUNIT_EXPECT_STREQ(test, story, "probe undo2 undo1");
		KUNIT_EXPECT_FALSE(test, device_is_bound(dev));
		KUNIT_EXPECT_NULL(test, dev->driver);
		KUNIT_EXPECT_NULL(test, dev_get_drvdata(dev));
		KUNIT_EXPECT_TRUE(test, list_empty(&dev->devres_head));
		KUNIT_EXPECT_EQ(test, dev->probe_error, errors[i]);
		driver_unregister(&plain_driver);
	}
	KUNIT_EXPECT_EQ(test, remove_count, 0);
	device_unregister(dev);
}

static void positive_result_of_probe_is_a_failure(struct kunit *test)
{
	struct device *dev = add_thing(test, "thing.0");

	probe_result = 1;
	KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
	KUNIT_EXPECT_FALSE(test, device_is_bound(dev));
	KUNIT_EXPECT_EQ(test, dev->probe_error, -EINVAL);
	driver_unregister(&plain_driver);
	device_unregister(dev);
}

static int probe_says_no(struct device *dev)
{
	(void)dev;
	tell("no");
	return -ENODEV;
}

static struct device_driver no_driver = {
	.name = "thi", .bus = &fake_bus, .probe = probe_says_no,
};

static void drivers_are_tried_in_order_until_one_takes_it(struct kunit *test)
{
	struct device *dev;

	KUNIT_ASSERT_EQ(test, driver_register(&no_driver), 0);
	KUNIT_ASSERT_EQ(test, driver_register(&yes_driver), 0);
	KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
	dev = add_thing(test, "thing.0");
	KUNIT_EXPECT_STREQ(test, story, "no yes");
	KUNIT_EXPECT_PTR_EQ(test, dev->driver, &yes_driver);
	KUNIT_EXPECT_EQ(test, dev->probe_error, 0);
	driver_unregister(&plain_driver);
	driver_unregister(&yes_driver);
	driver_unregister(&no_driver);
	device_unregister(dev);
}

static int match_knows_nothing(struct device *dev, struct device_driver *drv)
{
	return strcmp(drv->name, "thi") == 0 ? -EIO : fake_match(dev, drv);
}

static void match_that_fails_is_no_match(struct kunit *test)
{
	struct device *dev;

	fake_bus.match = match_knows_nothing;
	KUNIT_ASSERT_EQ(test, driver_register(&no_driver), 0);
	KUNIT_ASSERT_EQ(test, driver_register(&yes_driver), 0);
	dev = add_thing(test, "thing.0");
	KUNIT_EXPECT_STREQ(test, story, "yes");
	driver_unregister(&yes_driver);
	driver_unregister(&no_driver);
	device_unregister(dev);
	fake_bus.match = fake_match;
}

static void driver_registration_errors(struct kunit *test)
{
	static struct bus_type unknown = { .name = "unknown" };
	struct device_driver nameless = { .bus = &fake_bus };
	struct device_driver homeless = { .name = "x", .bus = &unknown };
	struct device_driver twin = { .name = "thing", .bus = &fake_bus };

	KUNIT_EXPECT_EQ(test, driver_register(&nameless), -EINVAL);
	KUNIT_EXPECT_EQ(test, driver_register(&homeless), -EINVAL);
	KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
	KUNIT_EXPECT_EQ(test, driver_register(&twin), -EBUSY);
	KUNIT_EXPECT_PTR_EQ(test, driver_find("thing", &fake_bus), &plain_driver);
	driver_unregister(&plain_driver);
	KUNIT_EXPECT_NULL(test, driver_find("thing", &fake_bus));
	KUNIT_EXPECT_WARNINGS(test, 1, driver_unregister(&plain_driver));
}

static void chosen_driver_is_bound_by_hand(struct kunit *test)
{
	struct device *dev = add_thing(test, "thing.0"), *other = add_thing(test, "other.0");

	kunit_tolerates_faults(test);
	probe_result = -EIO;
	KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
	KUNIT_EXPECT_EQ(test, device_driver_attach(&plain_driver, dev), -EIO);
	probe_result = -EPROBE_DEFER;
	KUNIT_EXPECT_EQ(test, device_driver_attach(&plain_driver, dev), -EAGAIN);
	KUNIT_EXPECT_EQ(test, device_attach(dev), -EPROBE_DEFER);
	probe_result = 0;
	KUNIT_EXPECT_EQ(test, device_attach(other), 0);
	KUNIT_EXPECT_EQ(test, device_driver_attach(&plain_driver, other), -ENODEV);
	KUNIT_EXPECT_EQ(test, device_driver_attach(&plain_driver, dev), 0);
	KUNIT_EXPECT_EQ(test, device_driver_attach(&plain_driver, dev), -EBUSY);
	KUNIT_EXPECT_EQ(test, device_attach(dev), 1);
	device_release_driver(dev);
	KUNIT_EXPECT_EQ(test, device_attach(dev), 1);
	get_device(dev);
	device_unregister(dev);
	KUNIT_EXPECT_EQ(test, device_attach(dev), -ENODEV);
	KUNIT_EXPECT_EQ(test, device_driver_attach(&plain_driver, dev), -ENODEV);
	put_device(dev);
	device_unregister(other);
	driver_unregister(&plain_driver);
}

static int tell_name_and_unbind(struct device *dev)
{
	tell(dev_name(dev) + strlen("thing."));
	return 0;
}

static struct device_driver naming_driver = {
	.name = "thing", .bus = &fake_bus, .remove = tell_name_and_unbind,
};

static void driver_leaves_its_devices_youngest_first(struct kunit *test)
{
	struct device *dev[3];
	int bound = 0;

	dev[0] = add_thing(test, "thing.a");
	dev[1] = add_thing(test, "thing.b");
	dev[2] = add_thing(test, "thing.c");
	KUNIT_ASSERT_EQ(test, driver_register(&naming_driver), 0);
	driver_for_each_device(&naming_driver, NULL, &bound, count_child);
	KUNIT_EXPECT_EQ(test, bound, 3);
	driver_unregister(&naming_driver);
	KUNIT_EXPECT_STREQ(test, story, "c b a");
	for (int i = 0; i < 3; i++) {
		KUNIT_EXPECT_FALSE(test, device_is_bound(dev[i]));
		device_unregister(dev[i]);
	}
}

/* What a case leaves in use is counted by the runner; here rounds are. */
static void ten_thousand_rounds_of_unbind_and_bind_leak_nothing(struct kunit *test)
{
	struct device *dev = add_thing(test, "thing.0");
	size_t bytes;

	KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
	bytes = slab_bytes_used();
	for (unsigned int i = 0; i < ROUNDS; i++) {
		device_release_driver(dev);
		KUNIT_ASSERT_EQ(test, device_attach(dev), 1);
		if (i % LOOK == 0)	/* it takes long */
			KUNIT_ASSERT_EQ(test, slab_bytes_used(), bytes);
		fault_leave(current);	/* the others ask for the same as the first */
	}
	KUNIT_EXPECT_EQ(test, probe_count, 1 + ROUNDS);
	KUNIT_EXPECT_EQ(test, remove_count, ROUNDS);
	driver_unregister(&plain_driver);
	device_unregister(dev);
}

/* Of the driver and of the device, whichever comes first. */
static void ten_thousand_registrations_leak_nothing(struct kunit *test)
{
	struct device *dev;
	size_t bytes = slab_bytes_used();

	kunit_tolerates_faults(test);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
		dev = new_thing(test, "thing.0");
		KUNIT_ASSERT_EQ(test, device_add(dev), 0);
		if (i % 2)
			driver_unregister(&plain_driver);
		device_unregister(dev);
		if (!(i % 2))
			driver_unregister(&plain_driver);
		if (i % LOOK == 0)	/* it takes long */
			KUNIT_ASSERT_EQ(test, slab_bytes_used(), bytes);
		fault_leave(current);	/* the others ask for the same as the first */
	}
	KUNIT_EXPECT_EQ(test, probe_count, ROUNDS);
	KUNIT_EXPECT_EQ(test, remove_count, ROUNDS);
}

static void resources_of_an_unbound_device_forbid_a_probe(struct kunit *test)
{
	struct device *dev = add_thing(test, "thing.0");

	KUNIT_ASSERT_EQ(test, devm_add_action(dev, undo, "early"), 0);
	KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
	KUNIT_EXPECT_EQ(test, probe_count, 0);
	KUNIT_EXPECT_FALSE(test, device_is_bound(dev));
	driver_unregister(&plain_driver);
	device_unregister(dev);
	KUNIT_EXPECT_STREQ(test, story, "early freed");
}

static void probe_takes_its_time(struct device *dev)
{
	(void)dev;
	msleep(5);
}

static int unregister_thread(void *dev)
{
	device_unregister(dev);
	return 0;
}

/* The device goes while its probe sleeps: the probe ends, then it is unbound and freed. */
static void unregister_waits_for_a_probe(struct kunit *test)
{
	struct device *dev = get_device(add_thing(test, "thing.0"));
	struct task_struct *task;
	int err;

	probe_hook = probe_takes_its_time;
	task = kthread_create(unregister_thread, dev, "unregister");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	get_task_struct(task);
	wake_up_process(task);
	err = driver_register(&plain_driver);
	KUNIT_EXPECT_EQ(test, kthread_join(task), 0);
	put_task_struct(task);
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_EXPECT_STREQ(test, story, "probe remove undo2 undo1");
	KUNIT_EXPECT_FALSE(test, device_is_registered(dev));
	put_device(dev);
	driver_unregister(&plain_driver);
}

static struct kunit_case binding_cases[] = {
	KUNIT_CASE(bind_is_probe_and_unbind_is_remove_then_undo_in_reverse),
	KUNIT_CASE(device_that_comes_later_is_bound),
	KUNIT_CASE(failed_probe_leaves_nothing),
	KUNIT_CASE(positive_result_of_probe_is_a_failure),
	KUNIT_CASE(drivers_are_tried_in_order_until_one_takes_it),
	KUNIT_CASE(match_that_fails_is_no_match),
	KUNIT_CASE(driver_registration_errors),
	KUNIT_CASE(chosen_driver_is_bound_by_hand),
	KUNIT_CASE(driver_leaves_its_devices_youngest_first),
	KUNIT_CASE(ten_thousand_rounds_of_unbind_and_bind_leak_nothing),
	KUNIT_CASE(ten_thousand_registrations_leak_nothing),
	KUNIT_CASE(resources_of_an_unbound_device_forbid_a_probe),
	KUNIT_CASE(unregister_waits_for_a_probe),
	{}
};

static struct kunit_suite binding_suite = {
	.name = "binding",
	.init = device_case_init,
	.exit = device_case_exit,
	.suite_init = device_suite_init,
	.suite_exit = device_suite_exit,
	.test_cases = binding_cases,
};
kunit_test_suite(binding_suite);
