/* SPDX-License-Identifier: MIT */
/*
 * Reset lines, for those whose part has one. Nobody provides them here: one that a driver can do
 * without is NULL, and doing something with NULL does nothing and succeeds; one that it must have
 * cannot be had, as in Linux without CONFIG_RESET_CONTROLLER. Context of all: any.
 */
#ifndef DRIVERS_RESET_H
#define DRIVERS_RESET_H

#include <lib/compiler.h>
#include <lib/err.h>
#include <lib/errno.h>

struct device;
struct reset_control;

/* ERR_PTR -ENOTSUPP. */

static inline struct reset_control *__must_check
reset_control_get_exclusive(struct device *dev, const char *id)
{
	(void)dev;
	(void)id;
	return ERR_PTR(-ENOTSUPP);
}

static inline struct reset_control *__must_check
devm_reset_control_get_exclusive(struct device *dev, const char *id)
{
	return reset_control_get_exclusive(dev, id);
}

static inline struct reset_control *__must_check
devm_reset_control_get_shared(struct device *dev, const char *id)
{
	return reset_control_get_exclusive(dev, id);
}

/* NULL, which the others take. */

static inline struct reset_control *__must_check
reset_control_get_optional_exclusive(struct device *dev, const char *id)
{
	(void)dev;
	(void)id;
	return NULL;
}

static inline struct reset_control *__must_check
devm_reset_control_get_optional_exclusive(struct device *dev, const char *id)
{
	return reset_control_get_optional_exclusive(dev, id);
}

static inline struct reset_control *__must_check
devm_reset_control_get_optional_shared(struct device *dev, const char *id)
{
	return reset_control_get_optional_exclusive(dev, id);
}

static inline void reset_control_put(struct reset_control *rstc)
{
	(void)rstc;
}

/* 0. */

static inline int reset_control_reset(struct reset_control *rstc)
{
	(void)rstc;
	return 0;
}

static inline int reset_control_assert(struct reset_control *rstc)
{
	(void)rstc;
	return 0;
}

static inline int reset_control_deassert(struct reset_control *rstc)
{
	(void)rstc;
	return 0;
}

/* Whether it is asserted: 0. */
static inline int reset_control_status(struct reset_control *rstc)
{
	(void)rstc;
	return 0;
}

/* The device's only one: -ENOTSUPP, or 0 if it can do without. */

static inline int __must_check device_reset(struct device *dev)
{
	(void)dev;
	return -ENOTSUPP;
}

static inline int device_reset_optional(struct device *dev)
{
	(void)dev;
	return 0;
}

#endif
