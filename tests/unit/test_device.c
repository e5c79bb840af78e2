/* SPDX-License-Identifier: MIT */
/*
 * Devices: their lives and names, walks over those of a bus, messages.
 */
#include <drivers/device.h>

#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/log.h>
#include <kernel/ratelimit.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "fake_bus.h"

/* ---- lives ---- */

static void last_put_releases(struct kunit *test)
{
	struct device *dev = add_thing(test, "thing.0");

	KUNIT_EXPECT_PTR_EQ(test, get_device(dev), dev);
	device_unregister(dev);
	KUNIT_EXPECT_STREQ(test, story, "");
	KUNIT_EXPECT_FALSE(test, device_is_registered(dev));
	put_device(dev);
	KUNIT_EXPECT_STREQ(test, story, "freed");
	KUNIT_EXPECT_NULL(test, get_device(NULL));
	put_device(NULL);
}

/* What nobody can free is kept, and told. */
static void device_without_release_is_reported(struct kunit *test)
{
	static struct device dev;

	memset(&dev, 0, sizeof(dev));
	dev.init_name = "eternal";
	device_initialize(&dev);
	KUNIT_EXPECT_WARNINGS(test, 1, put_device(&dev));
}

static void device_without_name_is_refused(struct kunit *test)
{
	struct device *dev = new_thing(test, NULL);

	KUNIT_EXPECT_EQ(test, device_add(dev), -EINVAL);
	put_device(dev);
	KUNIT_EXPECT_STREQ(test, story, "freed");
}

static void second_device_of_a_name_is_refused(struct kunit *test)
{
	struct device *first = add_thing(test, "thing.0"), *second = new_thing(test, "thing.0");

	KUNIT_EXPECT_EQ(test, device_add(second), -EEXIST);
	put_device(second);
	KUNIT_EXPECT_STREQ(test, story, "freed");
	device_unregister(first);
	KUNIT_EXPECT_STREQ(test, story, "freed freed");
}

static void device_on_an_unknown_bus_is_refused(struct kunit *test)
{
	static struct bus_type unknown = { .name = "unknown" };
	struct device *dev = new_thing(test, "thing.0");

	dev->bus = &unknown;
	KUNIT_EXPECT_EQ(test, device_add(dev), -EINVAL);
	put_device(dev);
	KUNIT_EXPECT_EQ(test, bus_register(&fake_bus), -EBUSY);
}

/* Its name was made and its parent taken before the refusal. */
static void refused_device_leaves_nothing(struct kunit *test)
{
	static struct bus_type unknown = { .name = "unknown" };
	struct device *parent = add_thing(test, "parent"), *twin;
	size_t bytes = slab_bytes_used();

	for (int i = 0; i < 2; i++) {
		twin = new_thing(test, i ? "thing.0" : "parent");
		twin->parent = parent;
		twin->bus = i ? &unknown : &fake_bus;
		KUNIT_EXPECT_EQ(test, device_add(twin), i ? -EINVAL : -EEXIST);
		put_device(twin);
		KUNIT_EXPECT_EQ(test, slab_bytes_used(), bytes);
	}
	story[0] = '\0';
	device_unregister(parent);
	KUNIT_EXPECT_STREQ(test, story, "freed");
}

/* The child holds its parent until it is freed itself, not only until it is unregistered. */
static void parent_outlives_child(struct kunit *test)
{
	struct device *parent = add_thing(test, "parent"), *child = new_thing(test, "child");
	int children = 0;

	child->parent = parent;
	KUNIT_ASSERT_EQ(test, device_add(child), 0);
	device_for_each_child(parent, &children, count_child);
	KUNIT_EXPECT_EQ(test, children, 1);
	device_unregister(parent);
	KUNIT_EXPECT_STREQ(test, story, "");
	get_device(child);
	device_unregister(child);
	KUNIT_EXPECT_STREQ(test, dev_name(child->parent), "parent");
	put_device(child);
	KUNIT_EXPECT_STREQ(test, story, "freed freed");
}

static void names_are_formatted_and_found(struct kunit *test)
{
	struct device *dev = new_thing(test, NULL), *found;

	KUNIT_ASSERT_EQ(test, dev_set_name(dev, "%s-%d", "old", 1), 0);
	KUNIT_ASSERT_EQ(test, dev_set_name(dev, "%s-%d", "new", 2), 0);
	KUNIT_ASSERT_EQ(test, device_add(dev), 0);
	found = device_find_by_name("new-2");
	KUNIT_EXPECT_PTR_EQ(test, found, dev);
	put_device(found);
	found = bus_find_device_by_name(&fake_bus, NULL, "new-2");
	KUNIT_EXPECT_PTR_EQ(test, found, dev);
	put_device(found);
	KUNIT_EXPECT_NULL(test, device_find_by_name("old-1"));
	device_unregister(dev);
	KUNIT_EXPECT_NULL(test, device_find_by_name("new-2"));
}

/* ---- walks ---- */

static int unregister_both(struct device *dev, void *data)
{
	struct device **pair = data;

	(void)dev;
	tell("walk");
	for (int i = 0; i < 2; i++) {
		if (pair[i])
			device_unregister(pair[i]);
		pair[i] = NULL;
	}
	return 0;
}

/* The device under the walker is freed when the walker moves on; the other one at once. */
static void walk_survives_devices_that_go(struct kunit *test)
{
	struct device *pair[2];

	pair[0] = add_thing(test, "thing.0");
	pair[1] = add_thing(test, "thing.1");
	KUNIT_EXPECT_EQ(test, bus_for_each_dev(&fake_bus, NULL, pair, unregister_both), 0);
	KUNIT_EXPECT_STREQ(test, story, "walk freed freed");
}

static int stop_at_second(struct device *dev, void *data)
{
	return strcmp(dev_name(dev), data) == 0 ? 7 : 0;
}

static void walk_stops_and_starts_where_told(struct kunit *test)
{
	struct device *a = add_thing(test, "a"), *b = add_thing(test, "b");
	int seen = 0;

	KUNIT_EXPECT_EQ(test, bus_for_each_dev(&fake_bus, NULL, "b", stop_at_second), 7);
	KUNIT_EXPECT_EQ(test, bus_for_each_dev(&fake_bus, a, "a", stop_at_second), 0);
	bus_for_each_dev(&fake_bus, a, &seen, count_child);
	KUNIT_EXPECT_EQ(test, seen, 1);
	device_unregister(a);
	device_unregister(b);
}

/* ---- messages ---- */

static void expect_last_line(struct kunit *test, const char *want)
{
	struct log_cursor cursor = { 0 };
	char *line = kunit_kzalloc(test, LOG_LINE_MAX, GFP_KERNEL), *text;

	KUNIT_ASSERT_NOT_NULL(test, line);
	log_seek_last(&cursor, 1);
	KUNIT_ASSERT_GT(test, log_read(&cursor, LOGLEVEL_ALL, line), 0);
	line[strcspn(line, "\n")] = '\0';
	text = strstr(line, "] ");
	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_EXPECT_STREQ(test, text + 2, want);
}

static void messages_name_driver_and_device(struct kunit *test)
{
	struct device *dev = add_thing(test, "thing.0");
	char *longest = kunit_kzalloc(test, 400, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, longest);
	dev_info(dev, "%d lines\n", 8);
	expect_last_line(test, "fake thing.0: 8 lines");
	KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
	dev_warn(dev, "low\n");
	expect_last_line(test, "thing thing.0: low");
	KUNIT_EXPECT_EQ(test, dev_err_probe(dev, -EIO, "bad %s\n", "id"), -EIO);
	expect_last_line(test, "thing thing.0: error -EIO: bad id");
	dev_err((struct device *)NULL, "nobody\n");
	expect_last_line(test, "(NULL device): nobody");

	/* The case may have run before: its lines count until their interval is over. */
	msleep(DEFAULT_RATELIMIT_INTERVAL * MSEC_PER_SEC / HZ + 1);
	for (int i = 0; i < 2; i++) {
		dev_notice_once(dev, "once %d\n", i);
		dev_crit_ratelimited(dev, "limited %d\n", i);
		dev_dbg_once(dev, "never\n");
		dev_dbg_ratelimited(dev, "never\n");
		expect_last_line(test, i ? "thing thing.0: limited 1" : "thing thing.0: limited 0");
	}

	/* one that is too long still ends its line: the next is not glued to it */
	memset(longest, 'x', 399);
	dev_info(dev, "%s\n", longest);
	dev_info(dev, "after\n");
	expect_last_line(test, "thing thing.0: after");
	driver_unregister(&plain_driver);
	device_unregister(dev);
}

static struct kunit_case device_cases[] = {
	KUNIT_CASE(last_put_releases),
	KUNIT_CASE(device_without_release_is_reported),
	KUNIT_CASE(device_without_name_is_refused),
	KUNIT_CASE(second_device_of_a_name_is_refused),
	KUNIT_CASE(device_on_an_unknown_bus_is_refused),
	KUNIT_CASE(refused_device_leaves_nothing),
	KUNIT_CASE(parent_outlives_child),
	KUNIT_CASE(names_are_formatted_and_found),
	KUNIT_CASE(walk_survives_devices_that_go),
	KUNIT_CASE(walk_stops_and_starts_where_told),
	KUNIT_CASE(messages_name_driver_and_device),
	{}
};

static struct kunit_suite device_suite = {
	.name = "device",
	.init = device_case_init,
	.exit = device_case_exit,
	.suite_init = device_suite_init,
	.suite_exit = device_suite_exit,
	.test_cases = device_cases,
};
kunit_test_suite(device_suite);
