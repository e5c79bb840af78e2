/* SPDX-License-Identifier: MIT */
/*
 * GPIO lines as their users see them: by what they are for, not by number.
 *
 *   led = devm_gpiod_get(dev, "led", GPIOD_OUT_LOW);     led-gpios = <&pl061 2 0>;
 *   gpiod_set_value(led, 1);
 *
 * A line has one user at a time. Values are logical: 1 is active, also on a line
 * that is active low; the _raw forms are what the wire has. A chip behind a bus
 * that sleeps is reached by the _cansleep forms alone; they do for any chip.
 *
 * When a chip goes away its users keep their descriptors: reading and configuring
 * then fail with -ENODEV, setting does nothing.
 *
 * A NULL descriptor, as the _optional functions give it, is a line that is not
 * there: functions on it do nothing and return 0. An ERR_PTR descriptor, of a caller
 * that did not look, is warned of once: functions that return int return its error,
 * the others do nothing. Where nothing else is said: context any, for a chip that
 * sleeps task.
 */
#ifndef DRIVERS_GPIO_CONSUMER_H
#define DRIVERS_GPIO_CONSUMER_H

#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/err.h>
#include <lib/types.h>

struct device;
struct fwnode_handle;
struct gpio_array;
struct gpio_desc;

#define GPIOD_FLAGS_BIT_DIR_SET		(1U << 0)
#define GPIOD_FLAGS_BIT_DIR_OUT		(1U << 1)
#define GPIOD_FLAGS_BIT_DIR_VAL		(1U << 2)
#define GPIOD_FLAGS_BIT_OPEN_DRAIN	(1U << 3)

/* What becomes of the line when it is got; LOW and HIGH are logical values. */
enum gpiod_flags {
	GPIOD_ASIS = 0,
	GPIOD_IN = GPIOD_FLAGS_BIT_DIR_SET,
	GPIOD_OUT_LOW = GPIOD_FLAGS_BIT_DIR_SET | GPIOD_FLAGS_BIT_DIR_OUT,
	GPIOD_OUT_HIGH = GPIOD_FLAGS_BIT_DIR_SET | GPIOD_FLAGS_BIT_DIR_OUT |
			 GPIOD_FLAGS_BIT_DIR_VAL,
	GPIOD_OUT_LOW_OPEN_DRAIN = GPIOD_OUT_LOW | GPIOD_FLAGS_BIT_OPEN_DRAIN,
	GPIOD_OUT_HIGH_OPEN_DRAIN = GPIOD_OUT_HIGH | GPIOD_FLAGS_BIT_OPEN_DRAIN,
};

/*
 * The line that the device's node names in "<con_id>-gpios" (or "-gpio"), or in
 * "gpios" if con_id is NULL; the first, or number `idx`. It is the caller's alone
 * until gpiod_put(), for devm_ until the driver unbinds.
 *
 * Context: task; may sleep.
 * Return: ERR_PTR: -ENOENT, there is none (the _optional forms: NULL);
 * -EPROBE_DEFER, its chip is not there yet; -EBUSY, it has a user; -EINVAL, the node
 * is wrong; what the chip says of the direction. All but the first are logged.
 */
struct gpio_desc *__must_check gpiod_get_index(struct device *dev, const char *con_id,
					       unsigned int idx, enum gpiod_flags flags)
	__may_sleep;
struct gpio_desc *__must_check gpiod_get_index_optional(struct device *dev, const char *con_id,
							unsigned int idx,
							enum gpiod_flags flags) __may_sleep;
struct gpio_desc *__must_check devm_gpiod_get_index(struct device *dev, const char *con_id,
						    unsigned int idx, enum gpiod_flags flags)
	__may_sleep;
struct gpio_desc *__must_check devm_gpiod_get_index_optional(struct device *dev,
							     const char *con_id,
							     unsigned int idx,
							     enum gpiod_flags flags) __may_sleep;

static inline struct gpio_desc *__must_check
gpiod_get(struct device *dev, const char *con_id, enum gpiod_flags flags)
{
	return gpiod_get_index(dev, con_id, 0, flags);
}

static inline struct gpio_desc *__must_check
gpiod_get_optional(struct device *dev, const char *con_id, enum gpiod_flags flags)
{
	return gpiod_get_index_optional(dev, con_id, 0, flags);
}

static inline struct gpio_desc *__must_check
devm_gpiod_get(struct device *dev, const char *con_id, enum gpiod_flags flags)
{
	return devm_gpiod_get_index(dev, con_id, 0, flags);
}

static inline struct gpio_desc *__must_check
devm_gpiod_get_optional(struct device *dev, const char *con_id, enum gpiod_flags flags)
{
	return devm_gpiod_get_index_optional(dev, con_id, 0, flags);
}

/*
 * The same for another node than the device's own, such as a child; `label` names
 * the user.
 */
struct gpio_desc *__must_check fwnode_gpiod_get_index(struct fwnode_handle *fwnode,
						      const char *con_id, int index,
						      enum gpiod_flags flags,
						      const char *label) __may_sleep;
struct gpio_desc *__must_check devm_fwnode_gpiod_get_index(struct device *dev,
							   struct fwnode_handle *child,
							   const char *con_id, int index,
							   enum gpiod_flags flags,
							   const char *label) __may_sleep;

static inline struct gpio_desc *__must_check
devm_fwnode_gpiod_get(struct device *dev, struct fwnode_handle *fwnode, const char *con_id,
		      enum gpiod_flags flags, const char *label)
{
	return devm_fwnode_gpiod_get_index(dev, fwnode, con_id, 0, flags, label);
}

/* All the lines that the node names in one property. `info` is NULL. */
struct gpio_descs {
	struct gpio_array *info;
	unsigned int ndescs;
	struct gpio_desc *desc[];
};

/*
 * As gpiod_get_index(), of all of them or none; -ENOMEM too. Context: task; may sleep.
 */
struct gpio_descs *__must_check gpiod_get_array(struct device *dev, const char *con_id,
						enum gpiod_flags flags) __may_sleep;
struct gpio_descs *__must_check gpiod_get_array_optional(struct device *dev, const char *con_id,
							 enum gpiod_flags flags) __may_sleep;
struct gpio_descs *__must_check devm_gpiod_get_array(struct device *dev, const char *con_id,
						     enum gpiod_flags flags) __may_sleep;
struct gpio_descs *__must_check devm_gpiod_get_array_optional(struct device *dev,
							      const char *con_id,
							      enum gpiod_flags flags)
	__may_sleep;

/* How many lines the node names. -ENOENT: none. */
int gpiod_count(struct device *dev, const char *con_id);

/* Context: task; may sleep. */
void gpiod_put(struct gpio_desc *desc) __may_sleep;
void devm_gpiod_put(struct device *dev, struct gpio_desc *desc) __may_sleep;
void gpiod_put_array(struct gpio_descs *descs) __may_sleep;
void devm_gpiod_put_array(struct device *dev, struct gpio_descs *descs) __may_sleep;

/*
 * Direction: GPIO_LINE_DIRECTION_IN (1) or _OUT (0). An output begins with `value`.
 * -EIO: the line is in use as an interrupt, or the chip cannot; -ENODEV.
 */
int gpiod_get_direction(struct gpio_desc *desc);
int gpiod_direction_input(struct gpio_desc *desc);
int gpiod_direction_output(struct gpio_desc *desc, int value);
int gpiod_direction_output_raw(struct gpio_desc *desc, int value);

/* 0 or 1; -ENODEV, or the chip's error. */
int gpiod_get_value(const struct gpio_desc *desc);
int gpiod_get_raw_value(const struct gpio_desc *desc);
int gpiod_get_value_cansleep(const struct gpio_desc *desc) __may_sleep;
int gpiod_get_raw_value_cansleep(const struct gpio_desc *desc) __may_sleep;

void gpiod_set_value(struct gpio_desc *desc, int value);
void gpiod_set_raw_value(struct gpio_desc *desc, int value);
void gpiod_set_value_cansleep(struct gpio_desc *desc, int value) __may_sleep;
void gpiod_set_raw_value_cansleep(struct gpio_desc *desc, int value) __may_sleep;

/*
 * Several lines: line i has bit i of `value_bitmap`. Lines of one chip that follow each other
 * are read, or change, in one access of a chip that can do that; open-drain and open-source
 * lines and those from number 128 of a chip on go one by one. `array_info` is NULL or what
 * gpiod_get_array() gave.
 * Return: 0; -EINVAL if a line is NULL, an ERR_PTR's error, -ENODEV, the chip's error; then
 * the lines in front have been read or set.
 */
int gpiod_get_array_value(unsigned int array_size, struct gpio_desc **desc_array,
			  struct gpio_array *array_info, unsigned long *value_bitmap);
int gpiod_get_raw_array_value(unsigned int array_size, struct gpio_desc **desc_array,
			      struct gpio_array *array_info, unsigned long *value_bitmap);
int gpiod_get_array_value_cansleep(unsigned int array_size, struct gpio_desc **desc_array,
				   struct gpio_array *array_info, unsigned long *value_bitmap)
	__may_sleep;
int gpiod_get_raw_array_value_cansleep(unsigned int array_size, struct gpio_desc **desc_array,
				       struct gpio_array *array_info,
				       unsigned long *value_bitmap) __may_sleep;
int gpiod_set_array_value(unsigned int array_size, struct gpio_desc **desc_array,
			  struct gpio_array *array_info, unsigned long *value_bitmap);
int gpiod_set_raw_array_value(unsigned int array_size, struct gpio_desc **desc_array,
			      struct gpio_array *array_info, unsigned long *value_bitmap);
int gpiod_set_array_value_cansleep(unsigned int array_size, struct gpio_desc **desc_array,
				   struct gpio_array *array_info, unsigned long *value_bitmap)
	__may_sleep;
int gpiod_set_raw_array_value_cansleep(unsigned int array_size, struct gpio_desc **desc_array,
				       struct gpio_array *array_info,
				       unsigned long *value_bitmap) __may_sleep;

/*
 * How the line is set up electrically, packed as <drivers/pinctrl/pinconf-generic.h> says;
 * debounce in us, 0 for none. transitory: the state need not survive sleep; a chip that does
 * not know the difference is content. 0; -ENOTSUPP, the chip cannot; -ENODEV.
 */
int gpiod_set_config(struct gpio_desc *desc, unsigned long config);
int gpiod_set_debounce(struct gpio_desc *desc, unsigned int debounce);
int gpiod_set_transitory(struct gpio_desc *desc, bool transitory);

/* Logical values are turned round from now on. Context: any. */
void gpiod_toggle_active_low(struct gpio_desc *desc);

/*
 * Between numbers and lines, for code that has old numbers. gpio_to_desc(): NULL if no chip has
 * the number; the line is there as long as its chip is. Context: task.
 */
struct gpio_desc *gpio_to_desc(unsigned int gpio);
int desc_to_gpio(const struct gpio_desc *desc);

/* 0 or 1; an ERR_PTR's error. Context: any. */
int gpiod_is_active_low(const struct gpio_desc *desc);
int gpiod_cansleep(const struct gpio_desc *desc);

/*
 * The number of the interrupt that the line raises, for request_irq(). Context:
 * task; may sleep. Return: > 0; -ENXIO, it raises none; -EPROBE_DEFER; -ENODEV;
 * -EINVAL, `desc` is NULL or an ERR_PTR.
 */
int gpiod_to_irq(const struct gpio_desc *desc) __may_sleep;

/* How the shell's `gpio status` names the user. 0 or -ENOMEM. Context: task. */
int gpiod_set_consumer_name(struct gpio_desc *desc, const char *name);

#endif
