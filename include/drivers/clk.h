/* SPDX-License-Identifier: MIT */
/*
 * Clocks, for those who need one.
 *
 * A handle (struct clk) is one user's; what it prepared and enabled is counted
 * on it and on the clock, which runs while anybody has it enabled. NULL is a
 * clock that always runs and has no rate: every function takes it.
 * prepare may sleep, enable may not: clk_prepare_enable() does both.
 */
#ifndef DRIVERS_CLK_H
#define DRIVERS_CLK_H

#include <lib/compiler.h>
#include <lib/err.h>
#include <lib/types.h>

struct clk;
struct device;
struct device_node;

/*
 * The device's clock of that name in "clock-names", or its first for NULL.
 * ERR_PTR: -ENOENT: it has no such clock; -EPROBE_DEFER: its provider is not
 * there yet; -EINVAL: the tree is wrong; -ENOMEM. Task.
 */
struct clk *clk_get(struct device *dev, const char *id) __must_check;
/* NULL instead of -ENOENT. Task. */
struct clk *clk_get_optional(struct device *dev, const char *id) __must_check;
/*
 * Gives the handle back; what it still has enabled is reported and stays on. Takes ERR_PTR too.
 * Task.
 */
void clk_put(struct clk *clk);

/* As clk_get() from a node: entry `index` of its "clocks", or the one of that name. Task. */
struct clk *of_clk_get(struct device_node *np, int index) __must_check;
struct clk *of_clk_get_by_name(struct device_node *np, const char *name) __must_check;

/* As clk_get(), put at unbind; of the _enabled forms also disabled and unprepared before. Task. */
struct clk *devm_clk_get(struct device *dev, const char *id) __must_check;
struct clk *devm_clk_get_optional(struct device *dev, const char *id) __must_check;
struct clk *devm_clk_get_enabled(struct device *dev, const char *id) __must_check;
struct clk *devm_clk_get_optional_enabled(struct device *dev, const char *id) __must_check;

/* 0; -ENXIO: its provider is gone; else the provider's error. Task; may sleep. */
int __must_check clk_prepare(struct clk *clk);
/* One that is not prepared by this handle is reported. Task; may sleep. */
void clk_unprepare(struct clk *clk);
/* 0; -ESHUTDOWN (reported): this handle has not prepared it; else as clk_prepare. Any context. */
int __must_check clk_enable(struct clk *clk);
/* One that is not enabled by this handle is reported. Any context. */
void clk_disable(struct clk *clk);

/* Both or neither. 0, or the first error. Task; may sleep. */
static inline int __must_check clk_prepare_enable(struct clk *clk)
{
	int ret = clk_prepare(clk);

	if (ret)
		return ret;
	ret = clk_enable(clk);
	if (ret)
		clk_unprepare(clk);
	return ret;
}

/* The reverse. */
static inline void clk_disable_unprepare(struct clk *clk)
{
	clk_disable(clk);
	clk_unprepare(clk);
}

/* In Hz; 0: not known. Task; may sleep. */
unsigned long clk_get_rate(struct clk *clk);

#endif
