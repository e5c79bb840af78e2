/* SPDX-License-Identifier: MIT */
/*
 * Clocks, for those who provide one.
 *
 * A provider embeds a struct clk_hw in its own structure, registers it, and says
 * for which node of the tree it stands; consumers whose "clocks" name that node
 * find it. Nodes compatible with "fixed-clock" are provided by the core, early
 * in boot. Clocks have no parents here: each knows its own rate.
 *
 * When a provider goes, its consumers keep their handles: what is enabled is
 * forgotten, and preparing or enabling gives -ENXIO.
 */
#ifndef DRIVERS_CLK_PROVIDER_H
#define DRIVERS_CLK_PROVIDER_H

#include <drivers/clk.h>
#include <drivers/of.h>
#include <lib/container_of.h>

struct clk_core;
struct clk_hw;

/*
 * What a clock can do; NULL: nothing is to be done. Called for the first and the
 * last user only: prepare and unprepare in a task, enable and disable with a
 * spin lock held.
 */
struct clk_ops {
	int (*prepare)(struct clk_hw *hw);
	void (*unprepare)(struct clk_hw *hw);
	int (*enable)(struct clk_hw *hw);
	void (*disable)(struct clk_hw *hw);
	unsigned long (*recalc_rate)(struct clk_hw *hw, unsigned long parent_rate);
};

struct clk_init_data {
	const char *name;
	const struct clk_ops *ops;
};

struct clk_hw {
	struct clk_core *core;			/* [I] while registered */
	const struct clk_init_data *init;	/* read by clk_hw_register alone */
};

/* A clock of one rate, which always runs. */
struct clk_fixed_rate {
	struct clk_hw hw;
	unsigned long fixed_rate;		/* [I] in Hz */
};

#define to_clk_fixed_rate(clk_hw)	container_of(clk_hw, struct clk_fixed_rate, hw)

/* hw->init->ops and the name outlive the clock. 0 or -ENOMEM. Task. */
int __must_check clk_hw_register(struct device *dev, struct clk_hw *hw);
/* None of the ops runs when it has returned, nor later. Task; may sleep. */
void clk_hw_unregister(struct clk_hw *hw);

/* `name` outlives it; parent_name is NULL, flags 0. ERR_PTR -ENOMEM. Task. */
struct clk_hw *clk_hw_register_fixed_rate(struct device *dev, const char *name,
					  const char *parent_name, unsigned long flags,
					  unsigned long fixed_rate) __must_check;
void clk_hw_unregister_fixed_rate(struct clk_hw *hw);

/* The clock's name, for messages. Any context. */
const char *clk_hw_get_name(const struct clk_hw *hw);

/*
 * From now on consumers of `np` are given the clock that get() finds for their
 * specifier, or its ERR_PTR. Those that were deferred for it are tried again after
 * the next probe that succeeds: most often the provider's own. 0 or -ENOMEM. Task.
 */
int __must_check of_clk_add_hw_provider(struct device_node *np,
					struct clk_hw *(*get)(struct of_phandle_args *clkspec,
							      void *data),
					void *data);
/* Does nothing for a node that has no provider. Task. */
void of_clk_del_provider(struct device_node *np);

/* For a node with one clock: returns `data`, which is its clk_hw. Task. */
struct clk_hw *of_clk_hw_simple_get(struct of_phandle_args *clkspec, void *data);

#endif
