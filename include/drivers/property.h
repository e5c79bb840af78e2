/* SPDX-License-Identifier: MIT */
/*
 * Properties of a device, wherever its description comes from: today the
 * device tree alone. A device without a description has no properties. Results
 * and errors as those of the of_property_ functions. Any context.
 */
#ifndef DRIVERS_PROPERTY_H
#define DRIVERS_PROPERTY_H

#include <drivers/of_device.h>

static inline bool device_property_present(const struct device *dev, const char *name)
{
	return of_property_read_bool(dev->of_node, name);
}

static inline bool device_property_read_bool(const struct device *dev, const char *name)
{
	return device_property_present(dev, name);
}

static inline int device_property_read_u8_array(const struct device *dev, const char *name,
						u8 *val, size_t n)
{
	return of_property_read_u8_array(dev->of_node, name, val, n);
}

static inline int device_property_read_u16_array(const struct device *dev, const char *name,
						 u16 *val, size_t n)
{
	return of_property_read_u16_array(dev->of_node, name, val, n);
}

static inline int device_property_read_u32_array(const struct device *dev, const char *name,
						 u32 *val, size_t n)
{
	return of_property_read_u32_array(dev->of_node, name, val, n);
}

static inline int device_property_read_u64_array(const struct device *dev, const char *name,
						 u64 *val, size_t n)
{
	return of_property_read_u64_array(dev->of_node, name, val, n);
}

static inline int device_property_read_u8(const struct device *dev, const char *name, u8 *val)
{
	return device_property_read_u8_array(dev, name, val, 1);
}

static inline int device_property_read_u16(const struct device *dev, const char *name, u16 *val)
{
	return device_property_read_u16_array(dev, name, val, 1);
}

static inline int device_property_read_u32(const struct device *dev, const char *name, u32 *val)
{
	return device_property_read_u32_array(dev, name, val, 1);
}

static inline int device_property_read_u64(const struct device *dev, const char *name, u64 *val)
{
	return device_property_read_u64_array(dev, name, val, 1);
}

static inline int device_property_read_string(const struct device *dev, const char *name,
					      const char **val)
{
	return of_property_read_string(dev->of_node, name, val);
}

static inline int device_property_match_string(const struct device *dev, const char *name,
					       const char *string)
{
	return of_property_match_string(dev->of_node, name, string);
}

static inline int device_property_count_u32(const struct device *dev, const char *name)
{
	return of_property_count_u32_elems(dev->of_node, name);
}

static inline const void *device_get_match_data(const struct device *dev)
{
	return of_device_get_match_data(dev);
}

#endif
