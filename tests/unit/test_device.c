/* SPDX-License-Identifier: MIT */
/*
 * Devices, drivers, buses: lives, binding, deferral, the report, messages.
 *
 * The bus is a fake: a driver matches a device whose name begins with the
 * driver's. Everything that happens is written down as a letter or two in `story`.
 */
#include <drivers/device.h>

#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/log.h>
#include <kernel/ratelimit.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <lib/sprintf.h>
#include <test/kunit.h>

#include "fake_tree.h"

static char story[128];

static void tell(const char *what)
{
	size_t len = strlen(story);

	scnprintf(story + len, sizeof(story) - len, "%s%s", len ? " " : "", what);
}

struct thing {
	struct device dev;
	const char *tag;
	struct list_head link;
};

static LIST_HEAD(things);	/* those that are not freed, the youngest first */

static void thing_release(struct device *dev)
{
	struct thing *thing = container_of(dev, struct thing, dev);

	tell("freed");
	list_del(&thing->link);
	kfree(thing);
}

static int fake_match(struct device *dev, struct device_driver *drv)
{
	return strstarts(dev_name(dev), drv->name);
}

static struct bus_type fake_bus = { .name = "fake", .match = fake_match };

/* What the next probes say, and what they do before. */
static int probe_result;
static void (*probe_hook)(struct device *dev);
static unsigned int probe_count, remove_count;

static void undo(void *what)
{
	tell(what);
}

static int fake_probe(struct device *dev)
{
	probe_count++;
	if (probe_hook)
		probe_hook(dev);
	dev_set_drvdata(dev, &probe_count);
	if (devm_add_action(dev, undo, "undo1") || devm_add_action(dev, undo, "undo2"))
		return -ENOMEM;
	tell("probe");
	return probe_result;
}

static int fake_remove(struct device *dev)
{
	(void)dev;
	remove_count++;
	tell("remove");
	return 0;
}

static struct device_driver plain_driver = {
	.name = "thing", .bus = &fake_bus, .probe = fake_probe, .remove = fake_remove,
};

static struct device *new_thing(struct kunit *test, const char *name)
{
	struct thing *thing = kzalloc(sizeof(*thing), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, thing);
	list_add(&thing->link, &things);
	thing->dev.init_name = name;
	thing->dev.bus = &fake_bus;
	thing->dev.release = thing_release;
	device_initialize(&thing->dev);
	return &thing->dev;
}

static struct device *add_thing(struct kunit *test, const char *name)
{
	struct device *dev = new_thing(test, name);

	KUNIT_ASSERT_EQ(test, device_add(dev), 0);
	return dev;
}

static int device_suite_init(struct kunit_suite *suite)
{
	(void)suite;
	return bus_register(&fake_bus);
}

static void device_suite_exit(struct kunit_suite *suite)
{
	(void)suite;
	bus_unregister(&fake_bus);
}

static int device_case_init(struct kunit *test)
{
	(void)test;
	story[0] = '\0';
	probe_result = 0;
	probe_hook = NULL;
	probe_count = remove_count = 0;
	fake_bus.match = fake_match;
	return 0;
}

static int note_driver(struct device_driver *drv, void *found)
{
	*(struct device_driver **)found = drv;
	return 0;
}

static struct device_driver *any_driver(void)
{
	struct device_driver *found = NULL;

	bus_for_each_drv(&fake_bus, NULL, &found, note_driver);
	return found;
}

/* A case that failed may have come to an end anywhere. */
static void device_case_exit(struct kunit *test)
{
	struct device_driver *drv;
	struct device *dev;

	if (test->status != KUNIT_FAILURE)
		return;
	while ((drv = any_driver()))
		driver_unregister(drv);
	while (!list_empty(&things)) {
		dev = &list_first_entry(&things, struct thing, link)->dev;
		if (device_is_registered(dev))
			device_unregister(dev);
		else
			put_device(dev);
	}
}

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

static int count_child(struct device *dev, void *data)
{
	(void)dev;
	(*(int *)data)++;
	return 0;
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

/* ---- binding ---- */

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

static int probe_says_yes(struct device *dev)
{
	(void)dev;
	tell("yes");
	return 0;
}

static struct device_driver no_driver = {
	.name = "thi", .bus = &fake_bus, .probe = probe_says_no,
};
static struct device_driver yes_driver = {
	.name = "th", .bus = &fake_bus, .probe = probe_says_yes,
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

/* What a case leaves in use is counted by the runner; here each round is. */
static void hundred_rounds_of_unbind_and_bind_leak_nothing(struct kunit *test)
{
	struct device *dev = add_thing(test, "thing.0");
	size_t bytes;

	KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
	bytes = slab_bytes_used();
	for (int i = 0; i < 100; i++) {
		device_release_driver(dev);
		KUNIT_ASSERT_EQ(test, device_attach(dev), 1);
		KUNIT_ASSERT_EQ(test, slab_bytes_used(), bytes);
	}
	KUNIT_EXPECT_EQ(test, probe_count, 101);
	KUNIT_EXPECT_EQ(test, remove_count, 100);
	driver_unregister(&plain_driver);
	device_unregister(dev);
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

/* ---- deferral ---- */

static bool supplier_is_there;

static int consumer_probe(struct device *dev)
{
	probe_count++;
	if (!supplier_is_there)
		return dev_err_probe(dev, -EPROBE_DEFER, "no supplier yet\n");
	tell("consumer");
	return 0;
}

static int supplier_probe(struct device *dev)
{
	(void)dev;
	supplier_is_there = true;
	tell("supplier");
	return 0;
}

static struct device_driver consumer_driver = {
	.name = "consumer", .bus = &fake_bus, .probe = consumer_probe,
};
static struct device_driver supplier_driver = {
	.name = "supplier", .bus = &fake_bus, .probe = supplier_probe,
};

static struct device *deferred_consumer(struct kunit *test)
{
	struct device *dev = add_thing(test, "consumer");

	supplier_is_there = false;
	KUNIT_ASSERT_EQ(test, driver_register(&consumer_driver), 0);
	KUNIT_ASSERT_FALSE(test, device_is_bound(dev));
	KUNIT_ASSERT_EQ(test, probe_count, 1);
	return dev;
}

static void deferred_probe_is_retried_after_the_next_success(struct kunit *test)
{
	struct device *consumer = deferred_consumer(test);
	struct device *supplier = add_thing(test, "supplier");

	KUNIT_EXPECT_EQ(test, dev_get_drvdata(consumer) == NULL, 1);
	KUNIT_ASSERT_EQ(test, driver_register(&supplier_driver), 0);
	wait_for_device_probe();
	KUNIT_EXPECT_TRUE(test, device_is_bound(consumer));
	KUNIT_EXPECT_STREQ(test, story, "supplier consumer");
	KUNIT_EXPECT_EQ(test, consumer->probe_error, 0);
	KUNIT_EXPECT_NULL(test, consumer->probe_reason);
	device_unregister(consumer);
	device_unregister(supplier);
	driver_unregister(&consumer_driver);
	driver_unregister(&supplier_driver);
}

/* A failure brings nothing, so there is no reason to try the others again. */
static void deferred_probe_is_not_retried_after_a_failure(struct kunit *test)
{
	struct device *consumer = deferred_consumer(test), *other = add_thing(test, "thing.0");

	kunit_tolerates_faults(test);
	probe_result = -EIO;
	KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
	wait_for_device_probe();
	KUNIT_EXPECT_EQ(test, probe_count, 2);
	driver_unregister(&plain_driver);
	driver_unregister(&consumer_driver);
	device_unregister(consumer);
	device_unregister(other);
}

/* Two that wait for each other are tried once for each success, not for ever. */
static void devices_that_wait_for_each_other_come_to_rest(struct kunit *test)
{
	struct device *a = deferred_consumer(test), *b = add_thing(test, "consumer.b");
	struct device *other;

	KUNIT_EXPECT_EQ(test, probe_count, 2);
	KUNIT_ASSERT_EQ(test, driver_register(&yes_driver), 0);
	other = add_thing(test, "thing.0");
	wait_for_device_probe();
	KUNIT_EXPECT_TRUE(test, device_is_bound(other));
	KUNIT_EXPECT_EQ(test, probe_count, 4);
	device_unregister(other);
	driver_unregister(&yes_driver);
	driver_unregister(&consumer_driver);
	device_unregister(a);
	device_unregister(b);
}

static struct device *late_supplier;

static int slow_consumer_probe(struct device *dev)
{
	(void)dev;
	probe_count++;
	if (supplier_is_there)
		return 0;
	/* It comes after this probe looked, and before it says so. */
	if (device_add(late_supplier))
		return -EIO;
	return -EPROBE_DEFER;
}

static struct device_driver slow_consumer_driver = {
	.name = "slow", .bus = &fake_bus, .probe = slow_consumer_probe,
};

static void success_during_a_probe_that_defers_is_not_missed(struct kunit *test)
{
	struct device *dev = add_thing(test, "slow");

	supplier_is_there = false;
	late_supplier = new_thing(test, "supplier");
	KUNIT_ASSERT_EQ(test, driver_register(&supplier_driver), 0);
	KUNIT_ASSERT_EQ(test, driver_register(&slow_consumer_driver), 0);
	wait_for_device_probe();
	KUNIT_ASSERT_TRUE(test, device_is_registered(late_supplier));
	KUNIT_EXPECT_TRUE(test, device_is_bound(dev));
	KUNIT_EXPECT_EQ(test, probe_count, 2);
	driver_unregister(&slow_consumer_driver);
	driver_unregister(&supplier_driver);
	device_unregister(late_supplier);
	device_unregister(dev);
}

static void deferred_device_that_goes_is_forgotten(struct kunit *test)
{
	struct device *consumer = deferred_consumer(test), *supplier;

	device_unregister(consumer);
	KUNIT_EXPECT_STREQ(test, story, "freed");
	KUNIT_ASSERT_EQ(test, driver_register(&supplier_driver), 0);
	supplier = add_thing(test, "supplier");
	wait_for_device_probe();
	KUNIT_EXPECT_EQ(test, probe_count, 1);
	device_unregister(supplier);
	driver_unregister(&supplier_driver);
	driver_unregister(&consumer_driver);
}

/* Unbound by hand is unbound: also one that waits is not tried by itself any more. */
static void released_device_is_not_retried(struct kunit *test)
{
	struct device *consumer = deferred_consumer(test), *supplier;

	KUNIT_EXPECT_EQ(test, consumer->probe_error, -EPROBE_DEFER);
	device_release_driver(consumer);
	KUNIT_EXPECT_EQ(test, consumer->probe_error, 0);
	KUNIT_EXPECT_NULL(test, consumer->probe_reason);
	KUNIT_ASSERT_EQ(test, driver_register(&supplier_driver), 0);
	supplier = add_thing(test, "supplier");
	wait_for_device_probe();
	KUNIT_EXPECT_FALSE(test, device_is_bound(consumer));
	KUNIT_EXPECT_EQ(test, device_attach(consumer), 1);
	device_unregister(supplier);
	device_unregister(consumer);
	driver_unregister(&supplier_driver);
	driver_unregister(&consumer_driver);
}

/* ---- the report ---- */

struct collected {
	char line[4][160];
	bool failed[4];
	unsigned int n;
};

static void collect(void *arg, bool failed, const char *line)
{
	struct collected *all = arg;

	/* The machine's own devices are none of this test's. */
	if (!strstr(line, "thing") && !strstr(line, "/fake"))
		return;
	if (all->n < 4) {
		strscpy(all->line[all->n], line, sizeof(all->line[0]));
		all->failed[all->n] = failed;
	}
	all->n++;
}

static void probe_gives_a_reason(struct device *dev)
{
	KUNIT_EXPECT_EQ((struct kunit *)dev_get_platdata(dev),
			dev_err_probe(dev, probe_result, "register %d is odd\n", 7), probe_result);
}

static void report_says_why_each_is_unbound(struct kunit *test)
{
	struct collected *all = kunit_kzalloc(test, sizeof(*all), GFP_KERNEL);
	struct device_node *np = fake_node(test, fake_node(test, NULL, ""), "fake@10");
	struct device *bound, *dev, *node_dev;

	KUNIT_ASSERT_NOT_NULL(test, all);
	fake_strings(test, np, "compatible", "acme,fake\0acme,old");
	KUNIT_ASSERT_EQ(test, driver_register(&supplier_driver), 0);
	bound = add_thing(test, "supplier.thing");
	KUNIT_ASSERT_TRUE(test, device_is_bound(bound));
	node_dev = new_thing(test, "10.fake");
	node_dev->of_node = np;
	KUNIT_ASSERT_EQ(test, device_add(node_dev), 0);
	dev = new_thing(test, "thing.0");
	dev->platform_data = test;
	KUNIT_ASSERT_EQ(test, device_add(dev), 0);

	/* no driver: only what is in the tree */
	device_report_unbound(collect, all);
	KUNIT_EXPECT_EQ(test, all->n, 1);
	KUNIT_EXPECT_STREQ(test, all->line[0], "node /fake@10: compatible acme,fake: no driver");
	KUNIT_EXPECT_FALSE(test, all->failed[0]);

	all->n = 0;
	probe_result = -EIO;
	KUNIT_ASSERT_EQ(test, driver_register(&plain_driver), 0);
	device_report_unbound(collect, all);
	KUNIT_EXPECT_EQ(test, all->n, 2);
	KUNIT_EXPECT_STREQ(test, all->line[1], "device thing.0: probe failed: -EIO");
	KUNIT_EXPECT_TRUE(test, all->failed[1]);

	all->n = 0;
	probe_hook = probe_gives_a_reason;
	KUNIT_EXPECT_EQ(test, device_driver_attach(&plain_driver, dev), -EIO);
	device_report_unbound(collect, all);
	KUNIT_EXPECT_STREQ(test, all->line[1],
			   "device thing.0: probe failed: register 7 is odd: -EIO");

	all->n = 0;
	probe_result = -EPROBE_DEFER;
	KUNIT_EXPECT_EQ(test, device_driver_attach(&plain_driver, dev), -EAGAIN);
	device_report_unbound(collect, all);
	KUNIT_EXPECT_STREQ(test, all->line[1], "device thing.0: deferred: register 7 is odd");
	KUNIT_EXPECT_TRUE(test, all->failed[1]);

	/* a later try that gives no reason does not keep the old one */
	all->n = 0;
	probe_hook = NULL;
	KUNIT_EXPECT_EQ(test, device_driver_attach(&plain_driver, dev), -EAGAIN);
	device_report_unbound(collect, all);
	KUNIT_EXPECT_STREQ(test, all->line[1], "device thing.0: deferred: no reason given");

	driver_unregister(&plain_driver);
	driver_unregister(&supplier_driver);
	device_unregister(bound);
	device_unregister(node_dev);
	device_unregister(dev);
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
	KUNIT_CASE(bind_is_probe_and_unbind_is_remove_then_undo_in_reverse),
	KUNIT_CASE(device_that_comes_later_is_bound),
	KUNIT_CASE(failed_probe_leaves_nothing),
	KUNIT_CASE(positive_result_of_probe_is_a_failure),
	KUNIT_CASE(drivers_are_tried_in_order_until_one_takes_it),
	KUNIT_CASE(match_that_fails_is_no_match),
	KUNIT_CASE(driver_registration_errors),
	KUNIT_CASE(chosen_driver_is_bound_by_hand),
	KUNIT_CASE(driver_leaves_its_devices_youngest_first),
	KUNIT_CASE(hundred_rounds_of_unbind_and_bind_leak_nothing),
	KUNIT_CASE(resources_of_an_unbound_device_forbid_a_probe),
	KUNIT_CASE(unregister_waits_for_a_probe),
	KUNIT_CASE(walk_survives_devices_that_go),
	KUNIT_CASE(walk_stops_and_starts_where_told),
	KUNIT_CASE(deferred_probe_is_retried_after_the_next_success),
	KUNIT_CASE(deferred_probe_is_not_retried_after_a_failure),
	KUNIT_CASE(devices_that_wait_for_each_other_come_to_rest),
	KUNIT_CASE(success_during_a_probe_that_defers_is_not_missed),
	KUNIT_CASE(deferred_device_that_goes_is_forgotten),
	KUNIT_CASE(released_device_is_not_retried),
	KUNIT_CASE(report_says_why_each_is_unbound),
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
