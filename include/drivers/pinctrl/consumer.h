/* SPDX-License-Identifier: MIT */
/*
 * Pin multiplexing, for those who need a pin to be theirs. Nobody provides it here: pins are as
 * the boot loader left them, and each call does nothing and succeeds, as Linux's do without
 * CONFIG_PINCTRL. So a driver that was written with them moves; "pinctrl-names" of its node means
 * nothing. Context of all: any.
 */
#ifndef DRIVERS_PINCTRL_CONSUMER_H
#define DRIVERS_PINCTRL_CONSUMER_H

#include <lib/compiler.h>
#include <lib/types.h>

#define PINCTRL_STATE_DEFAULT	"default"
#define PINCTRL_STATE_INIT	"init"
#define PINCTRL_STATE_IDLE	"idle"
#define PINCTRL_STATE_SLEEP	"sleep"

struct device;
struct pinctrl;
struct pinctrl_state;

/* NULL, which the others take. */

static inline struct pinctrl *__must_check pinctrl_get(struct device *dev)
{
	(void)dev;
	return NULL;
}

static inline struct pinctrl *__must_check devm_pinctrl_get(struct device *dev)
{
	(void)dev;
	return NULL;
}

static inline struct pinctrl_state *__must_check pinctrl_lookup_state(struct pinctrl *p,
								      const char *name)
{
	(void)p;
	(void)name;
	return NULL;
}

static inline struct pinctrl *__must_check pinctrl_get_select(struct device *dev,
							      const char *name)
{
	(void)dev;
	(void)name;
	return NULL;
}

static inline struct pinctrl *__must_check pinctrl_get_select_default(struct device *dev)
{
	(void)dev;
	return NULL;
}

static inline struct pinctrl *__must_check devm_pinctrl_get_select(struct device *dev,
								   const char *name)
{
	(void)dev;
	(void)name;
	return NULL;
}

static inline struct pinctrl *__must_check devm_pinctrl_get_select_default(struct device *dev)
{
	(void)dev;
	return NULL;
}

static inline void pinctrl_put(struct pinctrl *p)
{
	(void)p;
}

static inline void devm_pinctrl_put(struct pinctrl *p)
{
	(void)p;
}

/* 0. */

static inline int pinctrl_select_state(struct pinctrl *p, struct pinctrl_state *s)
{
	(void)p;
	(void)s;
	return 0;
}

static inline int pinctrl_select_default_state(struct device *dev)
{
	(void)dev;
	return 0;
}

static inline int pinctrl_pm_select_default_state(struct device *dev)
{
	(void)dev;
	return 0;
}

static inline int pinctrl_pm_select_sleep_state(struct device *dev)
{
	(void)dev;
	return 0;
}

static inline int pinctrl_pm_select_idle_state(struct device *dev)
{
	(void)dev;
	return 0;
}

#endif
