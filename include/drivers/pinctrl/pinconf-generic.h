/* SPDX-License-Identifier: MIT */
/*
 * How a pin is set up electrically: a parameter and its argument in one word, as a chip's
 * set_config() gets it. Of Linux's parameters those that GPIO lines have.
 */
#ifndef DRIVERS_PINCTRL_PINCONF_GENERIC_H
#define DRIVERS_PINCTRL_PINCONF_GENERIC_H

#include <lib/types.h>

/* The argument is 1 where nothing else is said; 0 takes back what 1 does. */
enum pin_config_param {
	PIN_CONFIG_BIAS_DISABLE,
	PIN_CONFIG_BIAS_PULL_DOWN,
	PIN_CONFIG_BIAS_PULL_UP,
	PIN_CONFIG_DRIVE_OPEN_DRAIN,	/* no argument, nor for the two others */
	PIN_CONFIG_DRIVE_OPEN_SOURCE,
	PIN_CONFIG_DRIVE_PUSH_PULL,
	PIN_CONFIG_DRIVE_STRENGTH,	/* mA */
	PIN_CONFIG_INPUT_DEBOUNCE,	/* us; 0: none */
	PIN_CONFIG_PERSIST_STATE,	/* through sleep and reset */
};

#define PIN_CONFIG_PARAM_BITS	8

/* Context: any, for all of them. */
static inline unsigned long pinconf_to_config_packed(enum pin_config_param param, u32 argument)
{
	return (unsigned long)argument << PIN_CONFIG_PARAM_BITS | (unsigned long)param;
}

static inline enum pin_config_param pinconf_to_config_param(unsigned long config)
{
	return (enum pin_config_param)(config & ((1ul << PIN_CONFIG_PARAM_BITS) - 1));
}

static inline u32 pinconf_to_config_argument(unsigned long config)
{
	return (u32)(config >> PIN_CONFIG_PARAM_BITS);
}

#endif
