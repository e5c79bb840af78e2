/* SPDX-License-Identifier: MIT */
/*
 * Pins, supplies and resets that nobody provides: a probe with the usual calls goes through, and
 * what must be there and is not is told.
 */
#include <drivers/device.h>
#include <drivers/pinctrl/consumer.h>
#include <drivers/regulator/consumer.h>
#include <drivers/reset.h>
#include <test/kunit.h>

#include "fake_bus.h"

/* As a driver does it that was written for a board with all three. */
static int probe_as_on_a_board(struct device *dev)
{
	struct regulator_bulk_data supplies[2] = { { .supply = "vdd" }, { .supply = "vio" } };
	struct pinctrl *pins = devm_pinctrl_get_select_default(dev);
	struct regulator *vcc = devm_regulator_get(dev, "vcc");
	struct reset_control *rst = devm_reset_control_get_optional_exclusive(dev, NULL);
	int ret;

	if (IS_ERR(pins) || IS_ERR(vcc) || IS_ERR(rst))
		return -EIO;
	ret = devm_regulator_bulk_get(dev, 2, supplies);
	if (!ret)
		ret = regulator_bulk_enable(2, supplies);
	if (!ret)
		ret = regulator_enable(vcc);
	if (!ret)
		ret = reset_control_assert(rst) ? : reset_control_deassert(rst);
	if (!ret)
		ret = pinctrl_select_state(pins, pinctrl_lookup_state(pins, "sleep"));
	return ret;
}

static struct device_driver board_driver = {
	.name = "thing", .bus = &fake_bus, .probe = probe_as_on_a_board,
};

static void usual_probe_goes_through(struct kunit *test)
{
	struct device *dev = add_thing(test, "thing.0");

	int err;

	kunit_tolerates_faults(test);
	err = driver_register(&board_driver);
	KUNIT_EXPECT_EQ(test, err, 0);
	if (!err) {
		KUNIT_EXPECT_TRUE(test, device_is_bound(dev));
		driver_unregister(&board_driver);
	}
	device_unregister(dev);
}

/* All of a board's supplies are on; one that may be missing is; a reset that must be is refused. */
static void what_is_missing_is_told(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, PTR_ERR(devm_regulator_get_optional(NULL, "vcc")), -ENODEV);
	KUNIT_EXPECT_EQ(test, regulator_is_enabled(NULL), 1);
	KUNIT_EXPECT_EQ(test, regulator_get_voltage(NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(devm_reset_control_get_exclusive(NULL, "core")), -ENOTSUPP);
	KUNIT_EXPECT_EQ(test, device_reset(NULL), -ENOTSUPP);
	KUNIT_EXPECT_EQ(test, device_reset_optional(NULL), 0);
}

static struct kunit_case noop_consumers_cases[] = {
	KUNIT_CASE(usual_probe_goes_through),
	KUNIT_CASE(what_is_missing_is_told),
	{}
};

static struct kunit_suite noop_consumers_suite = {
	.name = "noop_consumers",
	.init = device_case_init,
	.exit = device_case_exit,
	.suite_init = device_suite_init,
	.suite_exit = device_suite_exit,
	.test_cases = noop_consumers_cases,
};
kunit_test_suite(noop_consumers_suite);
