/* SPDX-License-Identifier: MIT */
/*
 * A bus on which a driver matches a device whose name begins with the driver's, devices and
 * drivers for it. Everything that happens is written down as a letter or two in `story`.
 */
#ifndef TESTS_UNIT_FAKE_BUS_H
#define TESTS_UNIT_FAKE_BUS_H

#include <drivers/device.h>
#include <kernel/slab.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <lib/list.h>
#include <lib/sprintf.h>
#include <lib/string.h>
#include <test/kunit.h>

static char story[128];

static inline void tell(const char *what)
{
	size_t len = strlen(story);

	scnprintf(story + len, sizeof(story) - len, "%s%s", len ? " " : "", what);
}

struct thing {
	struct device dev;
	struct list_head link;
};

static LIST_HEAD(things);	/* those that are not freed, the youngest first */

static inline void thing_release(struct device *dev)
{
	struct thing *thing = container_of(dev, struct thing, dev);

	tell("freed");
	list_del(&thing->link);
	kfree(thing);
}

static inline int fake_match(struct device *dev, struct device_driver *drv)
{
	return strstarts(dev_name(dev), drv->name);
}

static struct bus_type fake_bus = { .name = "fake", .match = fake_match };

/* What the next probes say, and what they do before. */
static int probe_result;
static void (*probe_hook)(struct device *dev);
static unsigned int probe_count, remove_count;

static inline void undo(void *what)
{
	tell(what);
}

static inline int fake_probe(struct device *dev)
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

static inline int fake_remove(struct device *dev)
{
	(void)dev;
	remove_count++;
	tell("remove");
	return 0;
}

static struct device_driver plain_driver __maybe_unused = {
	.name = "thing", .bus = &fake_bus, .probe = fake_probe, .remove = fake_remove,
};

static inline int probe_says_yes(struct device *dev)
{
	(void)dev;
	tell("yes");
	return 0;
}

static struct device_driver yes_driver __maybe_unused = {
	.name = "th", .bus = &fake_bus, .probe = probe_says_yes,
};

static inline struct device *new_thing(struct kunit *test, const char *name)
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

static inline struct device *add_thing(struct kunit *test, const char *name)
{
	struct device *dev = new_thing(test, name);

	KUNIT_ASSERT_EQ(test, device_add(dev), 0);
	return dev;
}

static inline int device_suite_init(struct kunit_suite *suite)
{
	(void)suite;
	return bus_register(&fake_bus);
}

static inline void device_suite_exit(struct kunit_suite *suite)
{
	(void)suite;
	bus_unregister(&fake_bus);
}

static inline int device_case_init(struct kunit *test)
{
	(void)test;
	story[0] = '\0';
	probe_result = 0;
	probe_hook = NULL;
	probe_count = remove_count = 0;
	fake_bus.match = fake_match;
	return 0;
}

static inline int note_driver(struct device_driver *drv, void *found)
{
	*(struct device_driver **)found = drv;
	return 0;
}

static inline struct device_driver *any_driver(void)
{
	struct device_driver *found = NULL;

	bus_for_each_drv(&fake_bus, NULL, &found, note_driver);
	return found;
}

/* A case that failed may have come to an end anywhere. */
static inline void device_case_exit(struct kunit *test)
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

static inline int count_child(struct device *dev, void *data)
{
	(void)dev;
	(*(int *)data)++;
	return 0;
}

#endif
