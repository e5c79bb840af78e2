/* SPDX-License-Identifier: MIT */
/*
 * Consumers and their suppliers: who is unbound before whom, who comes back, which links are not
 * made, and what the report says of those that wait for each other.
 *
 * A consumer's name is "con." and a letter, a supplier's "sup." and one; a consumer takes what its
 * platform data says.
 */
#include <drivers/clk-provider.h>
#include <drivers/device.h>
#include <lib/sprintf.h>
#include <test/kunit.h>

#include "fake_bus.h"
#include "fake_tree.h"

static bool is_unavailable;	/* what suppliers provide */

static int supplier_probe(struct device *dev)
{
	tell(dev_name(dev));
	if (probe_hook)
		probe_hook(dev);
	return probe_result;
}

static int note_remove(struct device *dev)
{
	char text[16];

	snprintf(text, sizeof(text), "-%s", dev_name(dev));
	tell(text);
	return 0;
}

static int consumer_probe(struct device *dev)
{
	struct device *supplier = dev_get_platdata(dev);

	if (is_unavailable || !READ_ONCE(supplier->driver))
		return dev_err_probe(dev, -EPROBE_DEFER, "no %s yet\n", dev_name(supplier));
	if (!device_link_add(dev, supplier, DL_FLAG_AUTOREMOVE_CONSUMER))
		return -ENOMEM;
	tell(dev_name(dev));
	return 0;
}

static struct device_driver supplier_driver = {
	.name = "sup", .bus = &fake_bus, .probe = supplier_probe, .remove = note_remove,
};
static struct device_driver consumer_driver = {
	.name = "con", .bus = &fake_bus, .probe = consumer_probe, .remove = note_remove,
};

static void unregister_drivers(void *unused)
{
	(void)unused;
	driver_unregister(&consumer_driver);
	driver_unregister(&supplier_driver);
}

static void unregister_thing(void *dev)
{
	device_unregister(dev);
}

static void add_drivers(struct kunit *test)
{
	kunit_tolerates_faults(test);
	is_unavailable = false;
	KUNIT_ASSERT_EQ(test, driver_register(&supplier_driver), 0);
	if (driver_register(&consumer_driver)) {
		driver_unregister(&supplier_driver);
		kunit_skip(test, "a driver less");
	}
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, unregister_drivers, NULL), 0);
}

static struct device *add(struct kunit *test, const char *name, struct device *supplier)
{
	struct device *dev = new_thing(test, name);
	int err;

	dev->platform_data = supplier;
	err = device_add(dev);
	if (err)
		put_device(dev);
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, unregister_thing, dev), 0);
	story[0] = '\0';
	return dev;
}

static void consumers_go_first_and_come_back(struct kunit *test)
{
	struct device *supplier, *first, *second;

	add_drivers(test);
	supplier = add(test, "sup.a", NULL);
	first = add(test, "con.a", supplier);
	second = add(test, "con.b", supplier);
	KUNIT_ASSERT_TRUE(test, device_is_bound(first) && device_is_bound(second));
	device_release_driver(supplier);
	KUNIT_EXPECT_STREQ(test, story, "-con.a -con.b -sup.a");
	wait_for_device_probe();
	KUNIT_EXPECT_FALSE(test, device_is_bound(first) || device_is_bound(second));
	KUNIT_EXPECT_EQ(test, first->probe_error, -EPROBE_DEFER);
	story[0] = '\0';
	KUNIT_ASSERT_EQ(test, device_attach(supplier), 1);
	wait_for_device_probe();
	KUNIT_EXPECT_STREQ(test, story, "sup.a con.a con.b");
	KUNIT_EXPECT_TRUE(test, device_is_bound(first) && device_is_bound(second));
}

/* c needs b needs a: from the far end, though the middle one is itself what goes at last. */
static void chain_is_unbound_from_its_end(struct kunit *test)
{
	struct device *a, *b, *c;

	add_drivers(test);
	a = add(test, "sup.a", NULL);
	b = add(test, "con.b", a);
	c = add(test, "con.c", b);
	KUNIT_ASSERT_TRUE(test, device_is_bound(c));
	device_release_driver(a);
	KUNIT_EXPECT_STREQ(test, story, "-con.c -con.b -sup.a");
	KUNIT_ASSERT_EQ(test, device_attach(a), 1);
	wait_for_device_probe();
	KUNIT_EXPECT_TRUE(test, device_is_bound(b) && device_is_bound(c));
}

static void driver_of_a_supplier_takes_its_consumers_along(struct kunit *test)
{
	struct device *supplier, *consumer;

	add_drivers(test);
	supplier = add(test, "sup.a", NULL);
	consumer = add(test, "con.a", supplier);
	driver_unregister(&supplier_driver);
	KUNIT_EXPECT_STREQ(test, story, "-con.a -sup.a");
	KUNIT_EXPECT_FALSE(test, device_is_bound(consumer));
	if (driver_register(&supplier_driver)) {
		kunit_remove_action(test, unregister_drivers, NULL);
		driver_unregister(&consumer_driver);
		return;
	}
	wait_for_device_probe();
	KUNIT_EXPECT_TRUE(test, device_is_bound(consumer));
}

/* One that was unbound by hand stays so, whatever becomes of its supplier. */
static void consumer_that_nobody_wants_does_not_come_back(struct kunit *test)
{
	struct device *supplier, *consumer;

	add_drivers(test);
	supplier = add(test, "sup.a", NULL);
	consumer = add(test, "con.a", supplier);
	device_release_driver(consumer);
	KUNIT_EXPECT_TRUE(test, list_empty(&supplier->consumers));
	device_release_driver(supplier);
	KUNIT_ASSERT_EQ(test, device_attach(supplier), 1);
	wait_for_device_probe();
	KUNIT_EXPECT_FALSE(test, device_is_bound(consumer));
}

static int count_consumer(struct device *consumer, void *n)
{
	(void)consumer;
	++*(int *)n;
	return 0;
}

static int consumers_of(struct device *supplier)
{
	int n = 0;

	device_for_each_consumer(supplier, &n, count_consumer);
	return n;
}

/* a <- b <- c; nobody needs itself, and nobody what is bound to nothing. */
static void links_that_make_no_sense_are_not_made(struct kunit *test)
{
	struct device *a, *b, *c, *idle;
	struct device_link *link;

	add_drivers(test);
	a = add(test, "sup.a", NULL);
	b = add(test, "con.b", a);
	c = add(test, "con.c", b);
	idle = add(test, "idle", NULL);
	KUNIT_EXPECT_NULL(test, device_link_add(a, b, DL_FLAG_AUTOREMOVE_CONSUMER));
	KUNIT_EXPECT_NULL(test, device_link_add(a, c, DL_FLAG_AUTOREMOVE_CONSUMER));
	KUNIT_EXPECT_NULL(test, device_link_add(a, a, DL_FLAG_AUTOREMOVE_CONSUMER));
	KUNIT_EXPECT_NULL(test, device_link_add(a, idle, DL_FLAG_AUTOREMOVE_CONSUMER));
	KUNIT_EXPECT_NULL(test, device_link_add(idle, a, DL_FLAG_AUTOREMOVE_CONSUMER));
	KUNIT_EXPECT_NULL(test, device_link_add(c, a, 0));
	KUNIT_EXPECT_NULL(test, device_link_add(NULL, a, DL_FLAG_AUTOREMOVE_CONSUMER));
	KUNIT_EXPECT_EQ(test, consumers_of(a), 1);
	/* The same two have one link. */
	link = device_link_add(c, a, DL_FLAG_AUTOREMOVE_CONSUMER);
	KUNIT_ASSERT_NOT_NULL(test, link);
	KUNIT_EXPECT_PTR_EQ(test, device_link_add(c, a, DL_FLAG_AUTOREMOVE_CONSUMER), link);
	KUNIT_EXPECT_EQ(test, consumers_of(a), 2);
	device_link_del(link);
	KUNIT_EXPECT_EQ(test, consumers_of(a), 1);
	device_link_remove(b, a);
	KUNIT_EXPECT_EQ(test, consumers_of(a), 0);
	device_release_driver(a);
	KUNIT_EXPECT_TRUE(test, device_is_bound(b) && device_is_bound(c));
}

/* A child goes with its parent: the parent cannot wait for it. */
static void parent_does_not_become_its_childs_consumer(struct kunit *test)
{
	struct device *parent, *child;

	add_drivers(test);
	parent = add(test, "sup.p", NULL);
	child = new_thing(test, "sup.c");
	child->parent = parent;
	if (device_add(child)) {
		put_device(child);
		return;
	}
	KUNIT_EXPECT_NULL(test, device_link_add(parent, child, DL_FLAG_AUTOREMOVE_CONSUMER));
	KUNIT_EXPECT_NOT_NULL(test, device_link_add(child, parent, DL_FLAG_AUTOREMOVE_CONSUMER));
	device_unregister(child);
	KUNIT_EXPECT_EQ(test, consumers_of(parent), 0);
}

/* ---- a supplier whose probe fails when others have taken something of it already ---- */

static struct device *early;

static void consumer_comes_early(struct device *supplier)
{
	early->platform_data = supplier;
	if (device_attach(early) != 1)
		early = NULL;
}

static void consumer_of_a_failed_probe_is_unbound(struct kunit *test)
{
	struct device *supplier;

	add_drivers(test);
	is_unavailable = true;
	probe_result = -EIO;
	supplier = add(test, "sup.a", NULL);
	early = add(test, "con.a", supplier);
	is_unavailable = false;
	probe_hook = consumer_comes_early;
	KUNIT_EXPECT_EQ(test, device_attach(supplier), 0);
	KUNIT_ASSERT_NOT_NULL(test, early);
	wait_for_device_probe();
	KUNIT_EXPECT_FALSE(test, device_is_bound(early));
	KUNIT_EXPECT_STREQ(test, story, "sup.a con.a -con.a");
	probe_hook = NULL;
	probe_result = 0;
	KUNIT_EXPECT_EQ(test, device_attach(supplier), 1);
	wait_for_device_probe();
	KUNIT_EXPECT_TRUE(test, device_is_bound(early));
}

/* ---- look-ups ---- */

static const struct clk_ops no_ops;
static const struct clk_init_data clock_init = { .name = "clock", .ops = &no_ops };
static struct clk_hw clocks[2];

/* Each provides a clock for its own node, and needs one, if its node says so. */
static int clock_probe(struct device *dev)
{
	struct clk_hw *hw = dev_get_platdata(dev);
	struct clk *clk = NULL;
	int ret;

	if (of_property_read_bool(dev->of_node, "clocks"))
		clk = devm_clk_get(dev, NULL);
	if (IS_ERR(clk))
		return dev_err_probe(dev, (int)PTR_ERR(clk), "no clock\n");
	hw->init = &clock_init;
	ret = clk_hw_register(dev, hw);
	if (ret)
		return ret;
	ret = of_clk_add_hw_provider(dev->of_node, of_clk_hw_simple_get, hw);
	if (ret)
		clk_hw_unregister(hw);
	return ret;
}

static int clock_remove(struct device *dev)
{
	note_remove(dev);
	of_clk_del_provider(dev->of_node);
	clk_hw_unregister(dev_get_platdata(dev));
	return 0;
}

static struct device_driver clock_driver = {
	.name = "clk", .bus = &fake_bus, .probe = clock_probe, .remove = clock_remove,
};

static void unregister_clock_driver(void *unused)
{
	(void)unused;
	driver_unregister(&clock_driver);
	fake_tree_detach();
}

/* Two nodes with a clock each; the second needs the first's, and if `both` the other way too. */
static void add_clocks(struct kunit *test, struct device *devs[2], bool both)
{
	static const char *const names[] = { "clk.a", "clk.b" };
	struct device_node *root = fake_tree_attach(test), *np[2];

	kunit_tolerates_faults(test);
	for (unsigned int i = 0; i < 2; i++) {
		np[i] = fake_node(test, root, names[i]);
		fake_cells(test, np[i], "#clock-cells", 0);
		fake_phandle(np[i], i + 1);
		if (i || both)
			fake_cells(test, np[i], "clocks", 2 - i);
	}
	KUNIT_ASSERT_EQ(test, driver_register(&clock_driver), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, unregister_clock_driver, NULL), 0);
	for (unsigned int i = 0; i < 2; i++) {
		devs[i] = new_thing(test, names[i]);
		devs[i]->of_node = np[i];
		devs[i]->platform_data = &clocks[i];
		if (device_add(devs[i])) {
			put_device(devs[i]);
			kunit_skip(test, "a device less");
		}
		KUNIT_ASSERT_EQ(test,
				kunit_add_action_or_reset(test, unregister_thing, devs[i]), 0);
	}
	story[0] = '\0';
}

static void clock_that_was_looked_up_has_a_consumer(struct kunit *test)
{
	struct device *devs[2];

	add_clocks(test, devs, false);
	KUNIT_ASSERT_TRUE(test, device_is_bound(devs[0]) && device_is_bound(devs[1]));
	KUNIT_EXPECT_EQ(test, consumers_of(devs[0]), 1);
	KUNIT_EXPECT_PTR_EQ(test, devs[0]->of_node->dev, devs[0]);
	device_release_driver(devs[0]);
	KUNIT_EXPECT_STREQ(test, story, "-clk.b -clk.a");
	KUNIT_ASSERT_EQ(test, device_attach(devs[0]), 1);
	wait_for_device_probe();
	KUNIT_EXPECT_TRUE(test, device_is_bound(devs[1]));
}

static char circle[200];

static void note_circle(void *unused, bool failed, struct va_format *line)
{
	char text[sizeof(circle)];

	(void)unused;
	(void)failed;
	snprintf(text, sizeof(text), "%pV", line);
	if (strstr(text, "/clk.a"))
		strscpy(circle, text, sizeof(circle));
}

static void those_that_wait_for_each_other_are_told(struct kunit *test)
{
	struct device *devs[2];

	add_clocks(test, devs, true);
	wait_for_device_probe();
	KUNIT_EXPECT_FALSE(test, device_is_bound(devs[0]) || device_is_bound(devs[1]));
	circle[0] = '\0';
	device_report_unbound(note_circle, NULL);
	KUNIT_EXPECT_STREQ(test, circle,
			   "node /clk.a: compatible (none): deferred: no clock; a circle: "
			   "clk.a waits for clk.b waits for clk.a");
}

static struct kunit_case device_link_cases[] = {
	KUNIT_CASE(consumers_go_first_and_come_back),
	KUNIT_CASE(chain_is_unbound_from_its_end),
	KUNIT_CASE(driver_of_a_supplier_takes_its_consumers_along),
	KUNIT_CASE(consumer_that_nobody_wants_does_not_come_back),
	KUNIT_CASE(links_that_make_no_sense_are_not_made),
	KUNIT_CASE(parent_does_not_become_its_childs_consumer),
	KUNIT_CASE(consumer_of_a_failed_probe_is_unbound),
	KUNIT_CASE(clock_that_was_looked_up_has_a_consumer),
	KUNIT_CASE(those_that_wait_for_each_other_are_told),
	{}
};

static struct kunit_suite device_link_suite = {
	.name = "device_link",
	.init = device_case_init,
	.suite_init = device_suite_init,
	.suite_exit = device_suite_exit,
	.test_cases = device_link_cases,
};
kunit_test_suite(device_link_suite);
