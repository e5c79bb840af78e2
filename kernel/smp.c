/* SPDX-License-Identifier: MIT */
/*
 * The processors of the machine. The kernel runs on the one that booted; the
 * others are left where the firmware keeps them.
 */
#define pr_fmt(fmt) "smp: " fmt

#include <kernel/boot.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <lib/string.h>

static unsigned int count_cpus(void)
{
	const struct device_node *cpus = fdt_node_child(device_tree.root, "cpus");
	unsigned int n = 0;

	for (const struct device_node *c = cpus ? cpus->child : NULL; c; c = c->sibling) {
		const char *type = fdt_node_string(c, "device_type");

		n += type && strcmp(type, "cpu") == 0;
	}
	return n;
}

static int smp_report(void)
{
	unsigned int n = count_cpus();

	if (n > 1)
		pr_notice("%u CPUs, running on CPU 0 alone: secondaries are not started\n", n);
	return 0;
}
core_initcall(smp_report);
