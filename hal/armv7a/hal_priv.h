/* SPDX-License-Identifier: MIT */
/*
 * What the files of this folder share with each other and with boot/head.S.
 */
#ifndef HAL_PRIV_H
#define HAL_PRIV_H

#include <hal/ptrace.h>
#include <lib/compiler.h>
#include <lib/types.h>

/* From boot/head.S: in C, on the boot stack, in the map. */
void hal_boot(u32 r2) __noreturn;

/* From entry.S. */
void hal_fault(struct pt_regs *regs, unsigned int kind);

/* Makes the tree's window show the memory from `pa` on, read-only. */
const void *map_tree_window(phys_addr_t pa);

/*
 * Unmaps the window's pages without a byte of the `size` at `va`: what lies beside the tree
 * may be others' memory, with other attributes, or not to be touched.
 */
void trim_tree_window(unsigned long va, size_t size);

struct hal_unwind;
void hal_unwind_here(struct hal_unwind *u);

extern u32 *kernel_l1;

/* What a processor that comes in takes up. boot/head.S knows where the members lie. */
struct hal_secondary {
	char *irq_sp, *abt_sp, *und_sp;
	void *sp, *task;
	u32 cpu;
	void (*entry)(unsigned int cpu);
	u32 table;		/* physical address of the kernel's first-level table */
};

extern char secondary_start[], enable_mmu[];

/* Code in assembly that others must know by address. */
extern char vector_irq[], vector_irq_end[], probe_access[], probe_failed[];
extern char hal_context_begin[], hal_context_begin_end[];
extern char hal_diverted[];

#endif
