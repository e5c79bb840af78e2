/* SPDX-License-Identifier: MIT */
/*
 * Devices from the device tree: platform devices, and AMBA devices for nodes
 * that are compatible with "arm,primecell".
 *
 * Every available node with a "compatible" right below the root or below a bus
 * becomes a device, named after its address and node ("9030000.pl061") or, with
 * no address, after its node alone. Boot does this for the whole tree before
 * the drivers register. A node that cannot become a device is named in the log
 * with the reason; the others are not affected.
 */
#ifndef DRIVERS_OF_PLATFORM_H
#define DRIVERS_OF_PLATFORM_H

#include <drivers/of_device.h>
#include <drivers/platform_device.h>

struct of_dev_auxdata;

/* What counts as a bus, whose children are devices too: simple-bus, simple-mfd, arm,amba-bus. */
extern const struct of_device_id of_default_bus_match_table[];

/*
 * Makes devices of the children of `root` (NULL: of the tree's root), under
 * `parent`, and below each that `matches` says is a bus. Nodes that have a
 * device or a driver from early boot (OF_POPULATED) are passed over. `lookup`
 * is NULL: there are no board files here. Returns 0, or -EINVAL without a tree.
 * Task; may sleep.
 */
int of_platform_populate(struct device_node *root, const struct of_device_id *matches,
			 const struct of_dev_auxdata *lookup, struct device *parent);

/* Task; may sleep. */
static inline int of_platform_default_populate(struct device_node *root,
					       const struct of_dev_auxdata *lookup,
					       struct device *parent)
{
	return of_platform_populate(root, of_default_bus_match_table, lookup, parent);
}

/* Takes the devices below `parent` that came from the tree away again, youngest first. Task. */
void of_platform_depopulate(struct device *parent);

/* The default populate below dev's own node, undone at unbind. 0 or a negative errno. Task. */
int __must_check devm_of_platform_populate(struct device *dev);

/*
 * One node's device; bus_id NULL: named as above. NULL: the node is not
 * available, has a device already, or there was an error, which is logged. Task.
 */
struct platform_device *of_platform_device_create(struct device_node *np, const char *bus_id,
						  struct device *parent);
/* One device and those below it; for device_for_each_child. Returns 0. Task. */
int of_platform_device_destroy(struct device *dev, void *data);

/* The platform device of that node, counted (put_device()), or NULL. Task. */
struct platform_device *of_find_device_by_node(struct device_node *np);

#endif
