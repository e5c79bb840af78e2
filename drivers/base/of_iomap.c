/* SPDX-License-Identifier: MIT */
/*
 * Mapping the registers that a node describes. Apart from the rest of the
 * address functions because those need no machine and are tested on the host.
 */
#include <drivers/of_address.h>

#include <kernel/io.h>

void __iomem *of_iomap(struct device_node *np, int index)
{
	struct resource res;

	if (of_address_to_resource(np, index, &res) != 0 || resource_size(&res) > SIZE_MAX)
		return NULL;
	return ioremap(res.start, (size_t)resource_size(&res));
}
