/* SPDX-License-Identifier: MIT */
/*
 * What the boot code hands to the kernel.
 */
#ifndef HAL_BOOT_H
#define HAL_BOOT_H

#include <lib/compiler.h>
#include <lib/types.h>

struct hal_boot_info {
	const void *tree;	/* mapped read-only for good; NULL if there is none */
	phys_addr_t tree_phys;
	size_t tree_room;	/* bytes mapped at `tree`: the size its header states */
	const char *tree_error;	/* why `tree` is NULL */
};

/*
 * The kernel's entry, defined by the kernel. Context: the first task, on the
 * boot stack, interrupts masked, nothing initialised.
 */
void main(const struct hal_boot_info *boot) __noreturn;

/*
 * Maps the section of the physical address `pa`, as registers: the early console's.
 * One at a time. Context: boot. Return: where `pa` is until the next call.
 */
void __iomem *hal_early_io(phys_addr_t pa);

#endif
