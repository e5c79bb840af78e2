/* SPDX-License-Identifier: MIT */
/*
 * The tables by which a driver says which devices it drives. Each ends with an
 * empty entry.
 *
 * Names are pointers, where Linux has arrays of fixed size: an entry takes 16
 * bytes instead of 196, and initialisers read the same. A member that is not
 * given is NULL and matches anything.
 */
#ifndef DRIVERS_MOD_DEVICETABLE_H
#define DRIVERS_MOD_DEVICETABLE_H

#include <lib/types.h>

typedef unsigned long kernel_ulong_t;

/* A node of the device tree; `compatible` outweighs `type`, which outweighs `name`. */
struct of_device_id {
	const char *name;
	const char *type;
	const char *compatible;
	const void *data;
};

struct platform_device_id {
	const char *name;
	kernel_ulong_t driver_data;
};

/* A PrimeCell: matches if (periphid & mask) == id. The table ends with a zero mask. */
struct amba_id {
	unsigned int id;
	unsigned int mask;
	void *data;
};

#endif
