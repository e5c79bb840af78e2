/* SPDX-License-Identifier: MIT */
/*
 * The first C code: finds the device tree and calls main().
 *
 * The tree is where r2 says, if a tree is there, else at the configured
 * address: QEMU leaves r2 at 0 when it loads an ELF and puts the tree at the
 * base of RAM. A register of a boot loader may hold anything, so what is looked at need not exist.
 */
#include <hal/boot.h>
#include <hal/memory.h>
#include <hal/traps.h>
#include <lib/byteorder.h>
#include <lib/math.h>
#include "hal_priv.h"

#define FDT_MAGIC	0xd00dfeed

/* Whether a tree begins at `pa`; then info has it. */
static bool look_for_tree(phys_addr_t pa, struct hal_boot_info *info)
{
	const u8 *tree = map_tree_window(pa);
	size_t room = TREE_BASE + TREE_SECTIONS * SECTION_SIZE - (unsigned long)tree;
	unsigned long magic, size;

	if (!IS_ALIGNED(pa, 4) || hal_probe_read(tree, &magic) || be32_to_cpu(magic) != FDT_MAGIC)
		return false;
	if (hal_probe_read(tree + 4, &size) || be32_to_cpu(size) > room) {
		info->tree_error = "it is larger than 2 MiB";
		return false;
	}
	trim_tree_window((unsigned long)tree, be32_to_cpu(size));
	info->tree = tree;
	info->tree_phys = pa;
	info->tree_room = be32_to_cpu(size);
	return true;
}

void hal_boot(u32 r2)
{
	struct hal_boot_info info = {
		.tree_error = "no tree at the address in r2 or the configured one",
	};

	if (!look_for_tree(r2, &info))
		look_for_tree(CONFIG_DTB_FALLBACK_ADDR, &info);
	main(&info);
}
