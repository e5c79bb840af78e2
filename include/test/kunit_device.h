/* SPDX-License-Identifier: MIT */
/*
 * A device for a case to hang managed resources on: it goes after the case, however that ended,
 * and they go with it, the youngest first. KUnit's names.
 *
 *	struct device *dev = kunit_device_register(test, "my_device");
 *
 *	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
 *	KUNIT_ASSERT_EQ(test, devm_request_irq(dev, irq, handler, 0, "mine", test), 0);
 */
#ifndef TEST_KUNIT_DEVICE_H
#define TEST_KUNIT_DEVICE_H

#include <lib/compiler.h>

struct device;
struct kunit;

/*
 * A device without a bus or a parent. `name` is not copied.
 * Context: the case's task; may sleep.
 * Return: the device, which the case owns; ERR_PTR(-ENOMEM).
 */
struct device *kunit_device_register(struct kunit *test, const char *name) __must_check;

/* Before the end of the case. Context: task; may sleep. */
void kunit_device_unregister(struct kunit *test, struct device *dev);

#endif
