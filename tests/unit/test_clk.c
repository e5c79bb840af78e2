/* SPDX-License-Identifier: MIT */
/*
 * Clocks: counts per handle and per clock, providers that come late or go, and
 * the fixed clocks of the machine's own tree.
 */
#include <drivers/clk-provider.h>
#include <drivers/platform_device.h>

#include <kernel/slab.h>
#include <test/kunit.h>

#include "fake_tree.h"

#define CLOCK_PHANDLE	7
#define OTHER_PHANDLE	8

/* A clock that counts how often each of its functions was called. */
struct counting_clk {
	struct clk_hw hw;
	int prepared, unprepared, enabled, disabled;
	int prepare_result, enable_result;
};

static struct counting_clk *to_counting(struct clk_hw *hw)
{
	return container_of(hw, struct counting_clk, hw);
}

static int counting_prepare(struct clk_hw *hw)
{
	to_counting(hw)->prepared++;
	return to_counting(hw)->prepare_result;
}

static void counting_unprepare(struct clk_hw *hw)
{
	to_counting(hw)->unprepared++;
}

static int counting_enable(struct clk_hw *hw)
{
	to_counting(hw)->enabled++;
	return to_counting(hw)->enable_result;
}

static void counting_disable(struct clk_hw *hw)
{
	to_counting(hw)->disabled++;
}

static const struct clk_ops counting_ops = {
	.prepare = counting_prepare,
	.unprepare = counting_unprepare,
	.enable = counting_enable,
	.disable = counting_disable,
};

static struct counting_clk counting;
static struct device_node *provider_node;
static struct platform_device *consumer;

static void unregister(void *hw)
{
	clk_hw_unregister(hw);
}

static void del_provider(void *np)
{
	of_clk_del_provider(np);
}

static void add_provider(struct kunit *test, struct clk_hw *hw)
{
	KUNIT_ASSERT_EQ(test, of_clk_add_hw_provider(provider_node, of_clk_hw_simple_get, hw), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, del_provider, provider_node), 0);
}

static void add_clock(struct kunit *test)
{
	static const struct clk_init_data init = { .name = "counting", .ops = &counting_ops };

	counting.hw.init = &init;
	KUNIT_ASSERT_EQ(test, clk_hw_register(NULL, &counting.hw), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, unregister, &counting.hw), 0);
	add_provider(test, &counting.hw);
}

static void remove_clock(struct kunit *test)
{
	kunit_release_action(test, del_provider, provider_node);
	kunit_release_action(test, unregister, &counting.hw);
}

static void put(void *clk)
{
	clk_put(clk);
}

static struct clk *get_clock(struct kunit *test)
{
	struct clk *clk = clk_get(&consumer->dev, "core");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, clk);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, put, clk), 0);
	return clk;
}

static void put_clock(struct kunit *test, struct clk *clk)
{
	kunit_release_action(test, put, clk);
}

/*
 * / clock (phandle 7)
 *   user: clocks = <7>, <8>; clock-names = "core", "nobody's"
 */
static int clk_case_init(struct kunit *test)
{
	struct device_node *root = fake_tree_attach(test), *np;

	memset(&counting, 0, sizeof(counting));
	provider_node = fake_node(test, root, "clock");
	fake_cells(test, provider_node, "#clock-cells", 0);
	fake_phandle(provider_node, CLOCK_PHANDLE);
	np = fake_node(test, root, "other");
	fake_cells(test, np, "#clock-cells", 0);
	fake_phandle(np, OTHER_PHANDLE);
	np = fake_node(test, root, "user");
	fake_cells(test, np, "clocks", CLOCK_PHANDLE, OTHER_PHANDLE, 99);
	fake_strings(test, np, "clock-names", "core\0late\0broken");
	consumer = platform_device_alloc("acme-clock-user", PLATFORM_DEVID_NONE);
	if (!consumer)
		return -ENOMEM;
	consumer->dev.of_node = np;
	return 0;
}

static void clk_case_exit(struct kunit *test)
{
	(void)test;
	platform_device_put(consumer);
	fake_tree_detach();
}

static void clock_is_found_by_name_and_index(struct kunit *test)
{
	struct clk *first, *named;

	add_clock(test);
	KUNIT_EXPECT_STREQ(test, clk_hw_get_name(&counting.hw), "counting");
	first = clk_get(&consumer->dev, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, first);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, put, first), 0);
	named = get_clock(test);
	KUNIT_EXPECT_PTR_NE(test, first, named);
	put_clock(test, first);
	put_clock(test, named);
	remove_clock(test);
}

static void missing_clocks_have_their_own_errors(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, PTR_ERR(clk_get(&consumer->dev, "core")), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, PTR_ERR(clk_get_optional(&consumer->dev, "late")), -EPROBE_DEFER);
	KUNIT_EXPECT_EQ(test, PTR_ERR(clk_get(&consumer->dev, "absent")), -ENOENT);
	KUNIT_EXPECT_NULL(test, clk_get_optional(&consumer->dev, "absent"));
	KUNIT_EXPECT_EQ(test, PTR_ERR(clk_get(&consumer->dev, "broken")), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(clk_get(&platform_bus, NULL)), -ENOENT);
	clk_put(ERR_PTR(-ENOENT));
}

static void no_clock_always_runs(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, clk_prepare_enable(NULL), 0);
	KUNIT_EXPECT_EQ(test, clk_get_rate(NULL), 0);
	clk_disable_unprepare(NULL);
	clk_put(NULL);
}

/* Two users: the clock is started for the first and stopped after the last. */
static void clock_runs_from_first_to_last_user(struct kunit *test)
{
	struct clk *a, *b;

	add_clock(test);
	a = get_clock(test);
	b = get_clock(test);
	KUNIT_EXPECT_EQ(test, clk_prepare_enable(a), 0);
	KUNIT_EXPECT_EQ(test, clk_prepare_enable(b), 0);
	KUNIT_EXPECT_EQ(test, counting.prepared, 1);
	KUNIT_EXPECT_EQ(test, counting.enabled, 1);
	clk_disable_unprepare(a);
	KUNIT_EXPECT_EQ(test, counting.disabled, 0);
	KUNIT_EXPECT_EQ(test, counting.unprepared, 0);
	clk_disable_unprepare(b);
	KUNIT_EXPECT_EQ(test, counting.disabled, 1);
	KUNIT_EXPECT_EQ(test, counting.unprepared, 1);
	put_clock(test, a);
	put_clock(test, b);
	remove_clock(test);
}

static void clock_that_does_not_start_is_not_counted(struct kunit *test)
{
	struct clk *clk;

	add_clock(test);
	clk = get_clock(test);
	counting.prepare_result = -EIO;
	KUNIT_EXPECT_EQ(test, clk_prepare_enable(clk), -EIO);
	KUNIT_EXPECT_EQ(test, counting.enabled, 0);
	counting.prepare_result = 0;
	counting.enable_result = -ETIMEDOUT;
	KUNIT_EXPECT_EQ(test, clk_prepare_enable(clk), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, counting.unprepared, 1);
	KUNIT_EXPECT_EQ(test, counting.disabled, 0);
	counting.enable_result = 0;
	KUNIT_EXPECT_EQ(test, clk_prepare_enable(clk), 0);
	clk_disable_unprepare(clk);
	put_clock(test, clk);
	remove_clock(test);
}

/* Gone is gone: none of its functions is called again, and no handle dangles. */
static void provider_may_go_before_its_users(struct kunit *test)
{
	struct clk *clk;

	add_clock(test);
	clk = get_clock(test);
	KUNIT_EXPECT_EQ(test, clk_prepare_enable(clk), 0);
	remove_clock(test);
	KUNIT_EXPECT_EQ(test, clk_enable(clk), -ENXIO);
	KUNIT_EXPECT_EQ(test, clk_prepare(clk), -ENXIO);
	KUNIT_EXPECT_EQ(test, clk_get_rate(clk), 0);
	clk_disable_unprepare(clk);
	KUNIT_EXPECT_EQ(test, counting.disabled, 0);
	KUNIT_EXPECT_EQ(test, counting.unprepared, 0);
	put_clock(test, clk);
	KUNIT_EXPECT_EQ(test, PTR_ERR(clk_get(&consumer->dev, "core")), -EPROBE_DEFER);
}

/* Each handle answers for itself: what another user started, this one cannot stop. */
static void unbalanced_use_is_reported_and_refused(struct kunit *test)
{
	struct clk *clk, *other;

	add_clock(test);
	clk = get_clock(test);
	other = get_clock(test);
	KUNIT_ASSERT_EQ(test, clk_prepare_enable(other), 0);

	KUNIT_EXPECT_WARNINGS(test, 1, clk_unprepare(clk));
	KUNIT_EXPECT_WARNINGS(test, 1, clk_disable(clk));
	KUNIT_EXPECT_WARNINGS(test, 1, KUNIT_EXPECT_EQ(test, clk_enable(clk), -ESHUTDOWN));
	KUNIT_ASSERT_EQ(test, clk_prepare_enable(clk), 0);
	KUNIT_EXPECT_WARNINGS(test, 1, clk_unprepare(clk));
	clk_disable_unprepare(clk);
	put_clock(test, clk);
	KUNIT_EXPECT_EQ(test, counting.disabled, 0);
	KUNIT_EXPECT_EQ(test, counting.unprepared, 0);

	/* put with the clock on: told, and the clock stays on */
	KUNIT_EXPECT_WARNINGS(test, 1, put_clock(test, other));
	KUNIT_EXPECT_EQ(test, counting.disabled, 0);
	remove_clock(test);
}

static void managed_clock_stops_at_unbind(struct kunit *test)
{
	struct device *dev = &consumer->dev;
	struct clk *clk;

	add_clock(test);
	clk = devm_clk_get_enabled(dev, "core");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, clk);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, devm_clk_get(dev, "core"));
	KUNIT_EXPECT_EQ(test, counting.enabled, 1);
	devres_release_all(dev);
	KUNIT_EXPECT_EQ(test, counting.disabled, 1);
	KUNIT_EXPECT_EQ(test, counting.unprepared, 1);

	counting.enable_result = -EIO;
	KUNIT_EXPECT_EQ(test, PTR_ERR(devm_clk_get_enabled(dev, "core")), -EIO);
	KUNIT_EXPECT_EQ(test, PTR_ERR(devm_clk_get(dev, "absent")), -ENOENT);
	KUNIT_EXPECT_NULL(test, devm_clk_get_optional(dev, "absent"));
	KUNIT_EXPECT_NULL(test, devm_clk_get_optional_enabled(dev, "absent"));
	devres_release_all(dev);
	remove_clock(test);
}

static void unregister_fixed(void *hw)
{
	clk_hw_unregister_fixed_rate(hw);
}

static void fixed_clock_has_its_rate(struct kunit *test)
{
	struct clk_hw *hw = clk_hw_register_fixed_rate(NULL, "fixed", NULL, 0, 24000000);
	struct clk *clk;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, hw);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, unregister_fixed, hw), 0);
	add_provider(test, hw);
	clk = get_clock(test);
	KUNIT_EXPECT_EQ(test, clk_get_rate(clk), 24000000);
	put_clock(test, clk);
	kunit_release_action(test, del_provider, provider_node);
	of_clk_del_provider(provider_node);	/* none is left: no effect */
}

/* QEMU's virt: the PL011's clocks are one fixed-clock of 24 MHz. */
static void machine_has_its_fixed_clocks(struct kunit *test)
{
	struct device_node *uart;
	struct clk *clk;

	fake_tree_detach();
	uart = of_find_node_by_path("/pl011@9000000");
	if (!uart)
		kunit_skip(test, "not QEMU's virt");
	clk = of_clk_get_by_name(uart, "uartclk");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, clk);
	KUNIT_EXPECT_EQ(test, clk_get_rate(clk), 24000000);
	clk_put(clk);
}

static struct kunit_case clk_cases[] = {
	KUNIT_CASE(clock_is_found_by_name_and_index),
	KUNIT_CASE(missing_clocks_have_their_own_errors),
	KUNIT_CASE(no_clock_always_runs),
	KUNIT_CASE(clock_runs_from_first_to_last_user),
	KUNIT_CASE(clock_that_does_not_start_is_not_counted),
	KUNIT_CASE(provider_may_go_before_its_users),
	KUNIT_CASE(unbalanced_use_is_reported_and_refused),
	KUNIT_CASE(managed_clock_stops_at_unbind),
	KUNIT_CASE(fixed_clock_has_its_rate),
	KUNIT_CASE(machine_has_its_fixed_clocks),
	{}
};

static struct kunit_suite clk_suite = {
	.name = "clk",
	.init = clk_case_init,
	.exit = clk_case_exit,
	.test_cases = clk_cases,
};
kunit_test_suite(clk_suite);
