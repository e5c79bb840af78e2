/* SPDX-License-Identifier: MIT */
/*
 * Races of devices and drivers: names that two want, a device that goes while a driver asks it
 * what it is, a driver that goes while somebody binds it.
 *
 * The devices are the suite's memory: each seed makes them anew, and holds them until its end.
 */
#include <drivers/device.h>

#include <lib/errno.h>
#include <lib/sched_point.h>
#include <lib/string.h>
#include <test/interleave.h>
#include <test/kunit.h>

static void stays(struct device *dev)
{
	(void)dev;
}

static int match(struct device *dev, struct device_driver *drv)
{
	(void)drv;
	RACE_CHECK(device_is_registered(dev));
	sched_point();
	RACE_CHECK(device_is_registered(dev));
	return 1;
}

static bool unregistered;	/* the driver is, and nobody begins with it any more */

static int probe(struct device *dev)
{
	(void)dev;
	sched_point();
	RACE_CHECK(!unregistered);
	return 0;
}

static int remove(struct device *dev)
{
	(void)dev;
	RACE_CHECK(!unregistered);
	return 0;
}

static struct bus_type bus = { .name = "races", .match = match, .match_asks_device = true };
static struct device one, two;
static struct device_driver driver, twin;
static int result[2];

static void make(struct device *dev, const char *name)
{
	memset(dev, 0, sizeof(*dev));
	dev->init_name = name;
	dev->bus = &bus;
	dev->release = stays;
	device_initialize(dev);
}

static void make_driver(struct device_driver *drv)
{
	memset(drv, 0, sizeof(*drv));
	drv->name = "driver";
	drv->bus = &bus;
	drv->probe = probe;
	drv->remove = remove;
}

static void drop(struct device *dev)
{
	if (device_is_registered(dev))
		device_del(dev);
	RACE_CHECK(!device_is_bound(dev));
	put_device(dev);
}

/* ---- names ---- */

static void reset_twins(void *ctx)
{
	(void)ctx;
	make(&one, "twin");
	make(&two, "twin");
	make_driver(&driver);
	make_driver(&twin);
}

static void add_one(void *ctx)
{
	(void)ctx;
	result[0] = device_add(&one);
}

static void add_two(void *ctx)
{
	(void)ctx;
	result[1] = device_add(&two);
}

static bool one_of_two(int error)
{
	return (result[0] == 0 && result[1] == error) || (result[0] == error && result[1] == 0);
}

static void one_device_has_the_name(void *ctx)
{
	(void)ctx;
	RACE_CHECK(one_of_two(-EEXIST));
	drop(&one);
	drop(&two);
}

KUNIT_RACE(name_is_one_devices, .reset = reset_twins, .settle = one_device_has_the_name,
	   .racers = { add_one, add_two })

static void register_driver(void *ctx)
{
	(void)ctx;
	result[0] = driver_register(&driver);
}

static void register_twin(void *ctx)
{
	(void)ctx;
	result[1] = driver_register(&twin);
}

static void one_driver_has_the_name(void *ctx)
{
	(void)ctx;
	RACE_CHECK(one_of_two(-EBUSY));
	if (!result[0])
		driver_unregister(&driver);
	if (!result[1])
		driver_unregister(&twin);
	drop(&one);
	drop(&two);
}

KUNIT_RACE(name_is_one_drivers, .reset = reset_twins, .settle = one_driver_has_the_name,
	   .racers = { register_driver, register_twin })

/* ---- a device that goes ---- */

static void reset_device(void *ctx)
{
	(void)ctx;
	unregistered = false;
	make(&one, "one");
	RACE_CHECK(device_add(&one) == 0);
	make_driver(&driver);
}

static void delete_device(void *ctx)
{
	(void)ctx;
	device_del(&one);
}

static void nothing_is_left(void *ctx)
{
	(void)ctx;
	driver_unregister(&driver);
	drop(&one);
}

/* match() says when it is asked of a device that is not there. */
KUNIT_RACE(device_that_goes_is_not_asked_what_it_is,
	   .reset = reset_device, .settle = nothing_is_left,
	   .racers = { register_driver, delete_device })

/* ---- a driver that goes ---- */

static void reset_unbound(void *ctx)
{
	reset_device(ctx);
	RACE_CHECK(driver_register(&driver) == 0);
	device_release_driver(&one);
}

static void unregister_driver(void *ctx)
{
	(void)ctx;
	driver_unregister(&driver);
	unregistered = true;
}

static void bind_by_hand(void *ctx)
{
	int err;

	(void)ctx;
	err = device_driver_attach(&driver, &one);
	RACE_CHECK(err == 0 || err == -ENODEV);
}

static void bind_by_name(void *ctx)
{
	struct device_driver *drv = driver_find_get("driver", &bus);
	int err;

	(void)ctx;
	if (!drv)
		return;
	RACE_CHECK(!unregistered);
	err = device_driver_attach(drv, &one);
	RACE_CHECK(!unregistered && (err == 0 || err == -ENODEV));
	driver_put(drv);
}

static void nobody_has_the_driver(void *ctx)
{
	(void)ctx;
	RACE_CHECK(!device_is_bound(&one));
	drop(&one);
}

KUNIT_RACE(driver_that_goes_is_bound_to_nothing,
	   .reset = reset_unbound, .settle = nobody_has_the_driver,
	   .racers = { unregister_driver, bind_by_hand })
KUNIT_RACE(driver_that_was_found_stays_until_it_is_put,
	   .reset = reset_unbound, .settle = nobody_has_the_driver,
	   .racers = { unregister_driver, bind_by_name })

/* ---- binding and unbinding at once ---- */

static void unbind(void *ctx)
{
	(void)ctx;
	device_release_driver(&one);
}

static void bind(void *ctx)
{
	(void)ctx;
	RACE_CHECK(device_attach(&one) == 1);
}

KUNIT_RACE(bound_is_with_its_driver_and_unbound_without,
	   .reset = reset_unbound, .settle = nothing_is_left, .racers = { bind, unbind, bind })

/* ---- a supplier that goes while its consumer comes ---- */

static int supplied_probe(struct device *dev)
{
	/* NULL: it is not there, or going. */
	if (dev == &two && !device_link_add(&two, &one, DL_FLAG_AUTOREMOVE_CONSUMER))
		return -EPROBE_DEFER;
	sched_point();
	return 0;
}

/* What the supplier provides is there for as long as its consumer is bound. */
static int supplied_remove(struct device *dev)
{
	RACE_CHECK(dev != &one || !device_is_bound(&two));
	RACE_CHECK(dev != &two || device_is_bound(&one));
	return 0;
}

static void reset_supplier(void *ctx)
{
	reset_device(ctx);
	make(&two, "two");
	RACE_CHECK(device_add(&two) == 0);
	driver.probe = supplied_probe;
	driver.remove = supplied_remove;
	RACE_CHECK(driver_register(&driver) == 0);
	device_release_driver(&two);
}

static void bind_consumer(void *ctx)
{
	(void)ctx;
	RACE_CHECK(device_attach(&two) != 0);
}

static void consumer_has_its_supplier(void *ctx)
{
	(void)ctx;
	RACE_CHECK(device_is_bound(&one) || !device_is_bound(&two));
	wait_for_device_probe();
	device_release_driver(&two);
	driver_unregister(&driver);
	drop(&two);
	drop(&one);
}

KUNIT_RACE(consumer_is_bound_only_while_its_supplier_is,
	   .reset = reset_supplier, .settle = consumer_has_its_supplier,
	   .racers = { unbind, bind_consumer })
KUNIT_RACE(consumer_comes_and_goes_with_its_supplier,
	   .reset = reset_supplier, .settle = consumer_has_its_supplier,
	   .racers = { unbind, bind_consumer, bind })

static int add_bus(struct kunit_suite *suite)
{
	(void)suite;
	return bus_register(&bus);
}

static void remove_bus(struct kunit_suite *suite)
{
	(void)suite;
	bus_unregister(&bus);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(name_is_one_devices),
	KUNIT_CASE(name_is_one_drivers),
	KUNIT_CASE(device_that_goes_is_not_asked_what_it_is),
	KUNIT_CASE(driver_that_goes_is_bound_to_nothing),
	KUNIT_CASE(driver_that_was_found_stays_until_it_is_put),
	KUNIT_CASE(bound_is_with_its_driver_and_unbound_without),
	KUNIT_CASE(consumer_is_bound_only_while_its_supplier_is),
	KUNIT_CASE(consumer_comes_and_goes_with_its_supplier),
	{},
};

static struct kunit_suite suite = {
	.name = "races_device",
	.test_cases = cases,
	.suite_init = add_bus,
	.suite_exit = remove_bus,
	.timeout_ms = 600000,
};
kunit_test_suite(suite);
