/* SPDX-License-Identifier: MIT */
/*
 * Which instruction reaches the PSCI firmware: the tree's psci node says
 * (binding: arm,psci, method "hvc" or "smc").
 */
#define pr_fmt(fmt) "psci: " fmt

#include <drivers/of.h>
#include <hal/psci.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <lib/math.h>
#include <lib/string.h>

static const char *const compatibles[] = { "arm,psci-1.0", "arm,psci-0.2" };

static int psci_probe(void)
{
	struct device_node *node = NULL;
	const char *method;

	for (unsigned int i = 0; i < ARRAY_SIZE(compatibles) && !node; i++)
		node = of_find_compatible_node(NULL, NULL, compatibles[i]);
	if (!node)
		return 0;	/* a machine without: nothing is wrong */
	of_node_set_flag(node, OF_POPULATED);
	if (of_property_read_string(node, "method", &method)) {
		pr_warn("%pOF: no method\n", node);
	} else if (strcmp(method, "hvc") == 0) {
		psci_set_conduit(PSCI_CONDUIT_HVC);
	} else if (strcmp(method, "smc") == 0) {
		psci_set_conduit(PSCI_CONDUIT_SMC);
	} else {
		pr_warn("%pOF: unknown method %s\n", node, method);
	}
	return 0;
}
core_initcall(psci_probe);
