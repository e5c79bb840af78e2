/* SPDX-License-Identifier: MIT */
/*
 * A firmware's node, as the interfaces name it that Linux has for device trees and
 * ACPI alike. Here the device tree is the only firmware: the handle is its node
 * under another name. Context: any.
 */
#ifndef KERNEL_FWNODE_H
#define KERNEL_FWNODE_H

struct device_node;
struct fwnode_handle;

static inline struct fwnode_handle *of_node_to_fwnode(struct device_node *node)
{
	return (struct fwnode_handle *)node;
}

#define of_fwnode_handle(node)	of_node_to_fwnode(node)

static inline struct device_node *to_of_node(const struct fwnode_handle *fwnode)
{
	/* SAFETY: made of one by of_node_to_fwnode(); Linux gives it back so, too. */
	return (struct device_node *)(unsigned long)fwnode;
}

#endif
