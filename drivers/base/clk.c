/* SPDX-License-Identifier: MIT */
/*
 * Clocks: handles that count what their user prepared and enabled, on top of a
 * core per clock that counts all of it and calls the provider for the first and
 * the last.
 *
 * The core outlives both: it goes with the last of its handles and the
 * provider's registration. One that lost its provider has hw NULL.
 *
 * Locking: prepare_lock (mutex) for preparing, rates and the list of providers;
 * enable_lock (spin lock, interrupts off) for enabling, taken inside it. hw
 * changes with both held.
 */
#include <drivers/clk-provider.h>

#include <drivers/device.h>
#include <kernel/bug.h>
#include <kernel/fault-inject.h>
#include <kernel/init.h>
#include <kernel/mutex.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <lib/refcount.h>

struct clk_core {
	refcount_t refs;		/* [a] */
	const char *name;		/* [I] */
	const struct clk_ops *ops;	/* [I] */
	struct clk_hw *hw;		/* [prepare_lock and enable_lock] NULL: gone */
	unsigned int prepare_count;	/* [prepare_lock] */
	unsigned int enable_count;	/* [enable_lock] */
};

struct clk {
	struct clk_core *core;		/* [I] counted */
	unsigned int prepared;		/* [prepare_lock] <= core->prepare_count */
	unsigned int enabled;		/* [enable_lock] <= core->enable_count */
};

struct of_clk_provider {
	struct list_head link;		/* [prepare_lock] */
	struct device_node *np;		/* [I] */
	struct clk_hw *(*get)(struct of_phandle_args *clkspec, void *data);	/* [I] */
	void *data;			/* [I] */
};

static DEFINE_MUTEX(prepare_lock);
static DEFINE_SPINLOCK(enable_lock);
static LIST_HEAD(providers);		/* [prepare_lock] */

/* ---- using a clock ---- */

int clk_prepare(struct clk *clk)
{
	struct clk_core *core;
	int ret = 0;

	if (!clk)
		return 0;
	guard(mutex)(&prepare_lock);
	core = clk->core;
	if (!core->hw)
		return -ENXIO;
	if (core->prepare_count == 0 && core->ops->prepare)
		ret = core->ops->prepare(core->hw);
	if (ret)
		return ret;
	core->prepare_count++;
	clk->prepared++;
	return 0;
}

void clk_unprepare(struct clk *clk)
{
	struct clk_core *core;

	if (!clk)
		return;
	guard(mutex)(&prepare_lock);
	core = clk->core;
	if (WARN(clk->prepared == 0, "clock %s was not prepared\n", core->name) ||
	    WARN(clk->prepared <= clk->enabled, "clock %s is still enabled\n", core->name))
		return;
	clk->prepared--;
	if (--core->prepare_count == 0 && core->hw && core->ops->unprepare)
		core->ops->unprepare(core->hw);
}

int clk_enable(struct clk *clk)
{
	struct clk_core *core;
	int ret = 0;

	if (!clk)
		return 0;
	guard(spinlock_irqsave)(&enable_lock);
	core = clk->core;
	if (!core->hw)
		return -ENXIO;
	if (WARN(clk->prepared <= clk->enabled, "clock %s is not prepared\n", core->name))
		return -ESHUTDOWN;
	if (core->enable_count == 0 && core->ops->enable)
		ret = core->ops->enable(core->hw);
	if (ret)
		return ret;
	core->enable_count++;
	clk->enabled++;
	return 0;
}

void clk_disable(struct clk *clk)
{
	struct clk_core *core;

	if (!clk)
		return;
	guard(spinlock_irqsave)(&enable_lock);
	core = clk->core;
	if (WARN(clk->enabled == 0, "clock %s was not enabled\n", core->name))
		return;
	clk->enabled--;
	if (--core->enable_count == 0 && core->hw && core->ops->disable)
		core->ops->disable(core->hw);
}

unsigned long clk_get_rate(struct clk *clk)
{
	struct clk_core *core;

	if (!clk)
		return 0;
	guard(mutex)(&prepare_lock);
	core = clk->core;
	return core->hw && core->ops->recalc_rate ? core->ops->recalc_rate(core->hw, 0) : 0;
}

/* ---- handles ---- */

static void clk_core_put(struct clk_core *core)
{
	if (refcount_dec_and_test(&core->refs))
		kfree(core);
}

static struct clk *clk_create_locked(struct clk_hw *hw)
	__must_hold(&prepare_lock)
{
	struct clk *clk;

	if (IS_ERR(hw))
		return ERR_CAST(hw);
	clk = kzalloc(sizeof(*clk), GFP_KERNEL);
	if (!clk)
		return ERR_PTR(-ENOMEM);
	clk->core = hw->core;
	refcount_inc(&clk->core->refs);
	return clk;
}

void clk_put(struct clk *clk)
{
	if (IS_ERR_OR_NULL(clk))
		return;
	WARN(clk->prepared || clk->enabled, "clock %s: put while its user has it %s\n",
	     clk->core->name, clk->enabled ? "enabled" : "prepared");
	clk_core_put(clk->core);
	kfree(clk);
}

static struct clk *clk_of_provider(struct of_phandle_args *clkspec)
{
	struct of_clk_provider *provider;

	guard(mutex)(&prepare_lock);
	list_for_each_entry(provider, &providers, link) {
		if (provider->np == clkspec->np)
			return clk_create_locked(provider->get(clkspec, provider->data));
	}
	return ERR_PTR(-EPROBE_DEFER);
}

/* `dev`: the consumer, or NULL if nobody knows. */
static struct clk *clk_get_by_index(struct device *dev, struct device_node *np, int index)
{
	struct of_phandle_args clkspec;
	struct clk *clk;
	int ret = of_parse_phandle_with_args(np, "clocks", "#clock-cells", index, &clkspec);

	/* First: from then on the clock does not go without its user. */
	if (!ret)
		ret = device_link_to_node(dev, clkspec.np);
	if (ret)
		return ERR_PTR(ret);
	clk = clk_of_provider(&clkspec);
	if (dev && clk == ERR_PTR(-EPROBE_DEFER))
		device_waits_for_node(dev, clkspec.np);
	return clk;
}

static struct clk *clk_get_by_name(struct device *dev, struct device_node *np, const char *name)
{
	int index = name ? of_property_match_string(np, "clock-names", name) : 0;

	return index < 0 ? ERR_PTR(-ENOENT) : clk_get_by_index(dev, np, index);
}

struct clk *of_clk_get(struct device_node *np, int index)
{
	return clk_get_by_index(NULL, np, index);
}

struct clk *of_clk_get_by_name(struct device_node *np, const char *name)
{
	return clk_get_by_name(NULL, np, name);
}

struct clk *clk_get(struct device *dev, const char *id)
{
	return clk_get_by_name(dev, dev->of_node, id);
}

struct clk *clk_get_optional(struct device *dev, const char *id)
{
	struct clk *clk = clk_get(dev, id);

	return clk == ERR_PTR(-ENOENT) ? NULL : clk;
}

/* ---- managed handles ---- */

static void devm_clk_release(struct device *dev, void *res)
{
	(void)dev;
	clk_put(*(struct clk **)res);
}

static void devm_clk_disable(void *clk)
{
	clk_disable_unprepare(clk);
}

struct clk *devm_clk_get(struct device *dev, const char *id)
{
	struct clk **dr = devres_alloc(devm_clk_release, sizeof(*dr), GFP_KERNEL);

	if (!dr)
		return ERR_PTR(-ENOMEM);
	*dr = clk_get(dev, id);
	if (IS_ERR(*dr)) {
		struct clk *error = *dr;

		devres_free(dr);
		return error;
	}
	devres_add(dev, dr);
	return *dr;
}

struct clk *devm_clk_get_optional(struct device *dev, const char *id)
{
	struct clk *clk = devm_clk_get(dev, id);

	return clk == ERR_PTR(-ENOENT) ? NULL : clk;
}

struct clk *devm_clk_get_enabled(struct device *dev, const char *id)
{
	struct clk *clk = devm_clk_get(dev, id);
	int ret;

	if (IS_ERR(clk))
		return clk;
	ret = clk_prepare_enable(clk);
	if (!ret)
		ret = devm_add_action_or_reset(dev, devm_clk_disable, clk);
	return ret ? ERR_PTR(ret) : clk;
}

struct clk *devm_clk_get_optional_enabled(struct device *dev, const char *id)
{
	struct clk *clk = devm_clk_get_enabled(dev, id);

	return clk == ERR_PTR(-ENOENT) ? NULL : clk;
}

/* ---- providers ---- */

int clk_hw_register(struct device *dev, struct clk_hw *hw)
{
	struct clk_core *core;
	int err = fault_check(FAULT_REGISTER);

	(void)dev;
	if (err)
		return err;
	core = kzalloc(sizeof(*core), GFP_KERNEL);
	if (!core)
		return -ENOMEM;
	refcount_set(&core->refs, 1);
	core->name = hw->init->name;
	core->ops = hw->init->ops;
	core->hw = hw;
	hw->core = core;
	return 0;
}

void clk_hw_unregister(struct clk_hw *hw)
{
	struct clk_core *core = hw->core;

	scoped_guard(mutex, &prepare_lock) {
		guard(spinlock_irqsave)(&enable_lock);
		core->hw = NULL;
	}
	clk_core_put(core);
}

const char *clk_hw_get_name(const struct clk_hw *hw)
{
	return hw->core->name;
}

static unsigned long fixed_rate_recalc(struct clk_hw *hw, unsigned long parent_rate)
{
	(void)parent_rate;
	return to_clk_fixed_rate(hw)->fixed_rate;
}

static const struct clk_ops fixed_rate_ops = {
	.recalc_rate = fixed_rate_recalc,
};

struct clk_hw *clk_hw_register_fixed_rate(struct device *dev, const char *name,
					  const char *parent_name, unsigned long flags,
					  unsigned long fixed_rate)
{
	struct clk_init_data init = { .name = name, .ops = &fixed_rate_ops };
	struct clk_fixed_rate *fixed = kzalloc(sizeof(*fixed), GFP_KERNEL);
	int ret;

	if (!fixed)
		return ERR_PTR(-ENOMEM);
	WARN(parent_name || flags, "clock %s: no parents or flags here\n", name);
	fixed->fixed_rate = fixed_rate;
	fixed->hw.init = &init;
	ret = clk_hw_register(dev, &fixed->hw);
	fixed->hw.init = NULL;
	if (ret) {
		kfree(fixed);
		return ERR_PTR(ret);
	}
	return &fixed->hw;
}

void clk_hw_unregister_fixed_rate(struct clk_hw *hw)
{
	clk_hw_unregister(hw);
	kfree(to_clk_fixed_rate(hw));
}

int of_clk_add_hw_provider(struct device_node *np,
			   struct clk_hw *(*get)(struct of_phandle_args *clkspec, void *data),
			   void *data)
{
	struct of_clk_provider *provider;
	int err = fault_check(FAULT_REGISTER);

	if (err)
		return err;
	provider = kzalloc(sizeof(*provider), GFP_KERNEL);
	if (!provider)
		return -ENOMEM;
	provider->np = of_node_get(np);
	provider->get = get;
	provider->data = data;
	guard(mutex)(&prepare_lock);
	list_add_tail(&provider->link, &providers);
	return 0;
}

void of_clk_del_provider(struct device_node *np)
{
	struct of_clk_provider *provider;

	guard(mutex)(&prepare_lock);
	list_for_each_entry(provider, &providers, link) {
		if (provider->np != np)
			continue;
		list_del(&provider->link);
		of_node_put(np);
		kfree(provider);
		return;
	}
}

struct clk_hw *of_clk_hw_simple_get(struct of_phandle_args *clkspec, void *data)
{
	(void)clkspec;
	return data;
}

/* ---- fixed clocks of the tree ---- */

static int __init of_fixed_clk_setup(struct device_node *np)
{
	const char *name = np->name;
	struct clk_hw *hw;
	u32 rate;
	int ret;

	if (of_property_read_u32(np, "clock-frequency", &rate))
		return -EINVAL;
	/* The name of its output, if it has one. */
	(void)of_property_read_string(np, "clock-output-names", &name);
	hw = clk_hw_register_fixed_rate(NULL, name, NULL, 0, rate);
	if (IS_ERR(hw))
		return PTR_ERR(hw);
	ret = of_clk_add_hw_provider(np, of_clk_hw_simple_get, hw);
	if (ret)
		clk_hw_unregister_fixed_rate(hw);
	return ret;
}

static int __init of_fixed_clk_init(void)
{
	struct device_node *np;
	int ret;

	for_each_compatible_node(np, NULL, "fixed-clock") {
		ret = of_fixed_clk_setup(np);
		if (ret)
			pr_err("node %pOF: fixed-clock without clock-frequency or memory: %pe\n",
			       np, ERR_PTR(ret));
		else
			of_node_set_flag(np, OF_POPULATED);
	}
	return 0;
}
core_initcall(of_fixed_clk_init);
