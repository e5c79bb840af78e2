/* SPDX-License-Identifier: MIT */
/*
 * Supplies of power, for those who need one. Nobody provides them here: all supplies are on, as
 * Linux has it without CONFIG_REGULATOR. One that a driver can do without is not there; any other
 * is NULL, on, and of no voltage that anybody knows. Context of all: any.
 */
#ifndef DRIVERS_REGULATOR_CONSUMER_H
#define DRIVERS_REGULATOR_CONSUMER_H

#include <lib/compiler.h>
#include <lib/err.h>
#include <lib/errno.h>

struct device;
struct regulator;

struct regulator_bulk_data {
	const char *supply;
	struct regulator *consumer;
};

/* NULL, which the others take. */

static inline struct regulator *__must_check regulator_get(struct device *dev, const char *id)
{
	(void)dev;
	(void)id;
	return NULL;
}

static inline struct regulator *__must_check devm_regulator_get(struct device *dev,
								const char *id)
{
	(void)dev;
	(void)id;
	return NULL;
}

/* ERR_PTR -ENODEV: there is none. */

static inline struct regulator *__must_check regulator_get_optional(struct device *dev,
								    const char *id)
{
	(void)dev;
	(void)id;
	return ERR_PTR(-ENODEV);
}

static inline struct regulator *__must_check devm_regulator_get_optional(struct device *dev,
									 const char *id)
{
	(void)dev;
	(void)id;
	return ERR_PTR(-ENODEV);
}

static inline struct regulator *__must_check regulator_get_exclusive(struct device *dev,
								     const char *id)
{
	(void)dev;
	(void)id;
	return ERR_PTR(-ENODEV);
}

static inline void regulator_put(struct regulator *regulator)
{
	(void)regulator;
}

static inline void devm_regulator_put(struct regulator *regulator)
{
	(void)regulator;
}

/* 0; it was on, and stays. */

static inline int __must_check regulator_enable(struct regulator *regulator)
{
	(void)regulator;
	return 0;
}

static inline int regulator_disable(struct regulator *regulator)
{
	(void)regulator;
	return 0;
}

/* 1. */
static inline int regulator_is_enabled(struct regulator *regulator)
{
	(void)regulator;
	return 1;
}

/* In microvolts. 0, whatever is asked for. */
static inline int regulator_set_voltage(struct regulator *regulator, int min_uV, int max_uV)
{
	(void)regulator;
	(void)min_uV;
	(void)max_uV;
	return 0;
}

/* -EINVAL: not known. */
static inline int regulator_get_voltage(struct regulator *regulator)
{
	(void)regulator;
	return -EINVAL;
}

/* Several at once; 0. */

static inline int __must_check regulator_bulk_get(struct device *dev, int num_consumers,
						  struct regulator_bulk_data *consumers)
{
	(void)dev;
	for (int i = 0; i < num_consumers; i++)
		consumers[i].consumer = NULL;
	return 0;
}

static inline int __must_check devm_regulator_bulk_get(struct device *dev, int num_consumers,
						       struct regulator_bulk_data *consumers)
{
	return regulator_bulk_get(dev, num_consumers, consumers);
}

static inline int __must_check regulator_bulk_enable(int num_consumers,
						     struct regulator_bulk_data *consumers)
{
	(void)num_consumers;
	(void)consumers;
	return 0;
}

static inline int regulator_bulk_disable(int num_consumers,
					 struct regulator_bulk_data *consumers)
{
	(void)num_consumers;
	(void)consumers;
	return 0;
}

static inline void regulator_bulk_free(int num_consumers, struct regulator_bulk_data *consumers)
{
	(void)num_consumers;
	(void)consumers;
}

#endif
