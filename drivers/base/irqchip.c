/* SPDX-License-Identifier: MIT */
/*
 * Finds the machine's interrupt controllers in the device tree and starts their
 * drivers, once, before anything that needs an interrupt.
 *
 * A controller is started when the one it raises interrupts at has a domain, round
 * after round until one starts none. What is left then hangs on a controller that
 * nobody knows, and is told.
 */
#define pr_fmt(fmt) "irqchip: " fmt

#include <drivers/irqchip.h>

#include <drivers/of_irq.h>
#include <kernel/init.h>
#include <kernel/irqdomain.h>
#include <kernel/printk.h>
#include <lib/err.h>

#define MAX_CONTROLLERS	8

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

/* NULL: np is the root of interrupts. */
static struct device_node *parent_of(struct device_node *np)
{
	struct device_node *parent = of_irq_find_parent(np);

	return parent == np ? NULL : parent;
}

/* False: not yet, its parent has no domain. */
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
	return true;
}

/* Those that somebody here drives, into `found`; how many. */
static unsigned int collect(struct device_node **found)
{
	struct device_node *np;
	unsigned int n = 0;

	for_each_of_allnodes(np) {
		if (!fdt_node_has(np, FDT_INTERRUPT_CONTROLLER) || !find_entry(np) ||
		    !of_device_is_available(np))
			continue;
		if (n == MAX_CONTROLLERS) {
			pr_err("%pOF: one too many\n", np);
			break;
		}
		found[n++] = np;
	}
	return n;
}

static int __init irqchip_init(void)
{
	struct device_node *waiting[MAX_CONTROLLERS];
	unsigned int left = collect(waiting), tried;

	do {
		tried = 0;
		for (unsigned int i = 0; i < left; i++) {
			if (start(waiting[i]))
				tried++;
			else
				waiting[i - tried] = waiting[i];
		}
		left -= tried;
	} while (tried);
	for (unsigned int i = 0; i < left; i++)
		pr_err("%pOF: its parent %pOF has no driver\n", waiting[i], parent_of(waiting[i]));
	return 0;
}
core_initcall(irqchip_init);
