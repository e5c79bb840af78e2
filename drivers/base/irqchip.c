/* SPDX-License-Identifier: MIT */
/*
 * Finds the machine's interrupt controllers in the device tree and starts their
 * drivers, once, before anything that needs an interrupt.
 *
 * A controller is started when the one it raises interrupts at has a domain, so the
 * tree is gone through until a round starts none. What is left then hangs on a
 * controller that nobody knows, and is told.
 */
#define pr_fmt(fmt) "irqchip: " fmt

#include <drivers/irqchip.h>

#include <drivers/of_irq.h>
#include <kernel/init.h>
#include <kernel/irqdomain.h>
#include <kernel/printk.h>
#include <lib/err.h>

/* The driver whose name comes first in the node's list. */
static const struct irqchip_entry *find_entry(struct device_node *np)
{
	const struct irqchip_entry *best = NULL;
	int best_score = 0;

	for_each_table_entry(irqchips, entry) {
		int score = of_device_is_compatible(np, entry->compatible);

		if (score > best_score) {
			best_score = score;
			best = entry;
		}
	}
	return best;
}

static bool is_waiting(struct device_node *np)
{
	return of_property_read_bool(np, "interrupt-controller") && of_device_is_available(np) &&
	       !of_node_check_flag(np, OF_POPULATED) && find_entry(np);
}

/* NULL: np is the root of interrupts. */
static struct device_node *parent_of(struct device_node *np)
{
	struct device_node *parent = of_irq_find_parent(np);

	return parent == np ? NULL : parent;
}

static bool start(struct device_node *np)
{
	struct device_node *parent = parent_of(np);
	int ret;

	if (parent && !irq_find_host(parent))
		return false;
	of_node_set_flag(np, OF_POPULATED);
	ret = find_entry(np)->init(np, parent);
	if (ret)
		pr_err("%pOF: %pe\n", np, ERR_PTR(ret));
	return !ret;
}

static int __init irqchip_init(void)
{
	struct device_node *np;
	bool progress;

	do {
		progress = false;
		for_each_of_allnodes(np)
			if (is_waiting(np) && start(np))
				progress = true;
	} while (progress);
	for_each_of_allnodes(np)
		if (is_waiting(np))
			pr_err("%pOF: its parent %pOF has no driver\n", np, parent_of(np));
	return 0;
}
core_initcall(irqchip_init);
