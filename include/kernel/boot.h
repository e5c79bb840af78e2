/* SPDX-License-Identifier: MIT */
/*
 * What the machine said at boot: its device tree and the command line in it.
 */
#ifndef KERNEL_BOOT_H
#define KERNEL_BOOT_H

#include <lib/compiler.h>
#include <lib/fdt.h>
#include <lib/types.h>

/*
 * The tree; its root is NULL when there was none or it was damaged. Set before
 * the first initcall, then read-only.
 */
extern struct fdt_tree device_tree;

/* /chosen's bootargs, "" without. [I] Context: any, once there is the tree. */
const char *boot_command_line(void);

#endif
