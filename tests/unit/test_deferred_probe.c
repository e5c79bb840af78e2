/* SPDX-License-Identifier: MIT */
/*
 * Probes that come too early: when a deferred one is tried again, and the report of what is
 * still unbound and why.
 */
#include <drivers/device.h>

#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/sprintf.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "fake_bus.h"
#include "fake_tree.h"

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

static void collect(void *arg, bool failed, struct va_format *text)
{
	struct collected *all = arg;
	char line[160];

	snprintf(line, sizeof(line), "%pV", text);
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

static struct kunit_case deferred_probe_cases[] = {
	KUNIT_CASE(deferred_probe_is_retried_after_the_next_success),
	KUNIT_CASE(deferred_probe_is_not_retried_after_a_failure),
	KUNIT_CASE(devices_that_wait_for_each_other_come_to_rest),
	KUNIT_CASE(success_during_a_probe_that_defers_is_not_missed),
	KUNIT_CASE(deferred_device_that_goes_is_forgotten),
	KUNIT_CASE(released_device_is_not_retried),
	KUNIT_CASE(report_says_why_each_is_unbound),
	{}
};

static struct kunit_suite deferred_probe_suite = {
	.name = "deferred_probe",
	.init = device_case_init,
	.exit = device_case_exit,
	.suite_init = device_suite_init,
	.suite_exit = device_suite_exit,
	.test_cases = deferred_probe_cases,
};
kunit_test_suite(deferred_probe_suite);
