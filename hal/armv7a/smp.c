/* SPDX-License-Identifier: MIT */
/*
 * Starting another processor. It comes out of reset with its MMU off, so the tables that it
 * switches on are a copy of the kernel's with one entry more: the section that this code lies
 * in, at its physical address. Once at the linked address it takes the kernel's own.
 *
 * What it needs there is in hal_secondary, which it reads with its caches on. Each processor has
 * an entry of its own, and a table of its own until it has come in: one that comes late does
 * not find what is meant for another. See boot/head.S.
 */
#include <hal/smp.h>
#include <hal/barrier.h>
#include <hal/psci.h>
#include <lib/string.h>
#include "hal_priv.h"
#include "mmu_regs.h"

struct hal_secondary hal_secondary[CONFIG_NR_CPUS];

static_assert(offsetof(struct hal_secondary, table) == 28, "boot_regs.h: SECONDARY_TABLE");
static_assert(sizeof(struct hal_secondary) == 32, "boot_regs.h: SECONDARY_SIZE");
static_assert(1 << L1_TABLE_SHIFT == L1_TABLE_SIZE && CONFIG_NR_CPUS <= L1_TABLE_SIZE);

int hal_cpu_start(unsigned int cpu, u32 mpidr, const struct hal_start *start, void *table)
{
	unsigned long entry = (unsigned long)virt_to_phys(secondary_start);
	unsigned long switched_at = (unsigned long)virt_to_phys(enable_mmu);
	u32 *l1 = table;

	memcpy(l1, kernel_l1, L1_TABLE_SIZE);
	l1[switched_at >> SECTION_SHIFT] = ((u32)switched_at & L1_SECTION_ADDR) | SECTION_NORMAL |
					   SECTION_KERNEL_RO;
	hal_secondary[cpu] = (struct hal_secondary){
		.irq_sp = hal_stacks[cpu].irq + IRQ_STACK_SIZE,
		.abt_sp = hal_stacks[cpu].abt + ABT_STACK_SIZE,
		.und_sp = hal_stacks[cpu].und + ABT_STACK_SIZE,
		.sp = start->stack_top,
		.task = start->task,
		.cpu = cpu,
		.entry = start->entry,
		.table = (u32)virt_to_phys(kernel_l1),
	};
	dsb(sy);
	return psci_cpu_on(mpidr, entry, (unsigned long)virt_to_phys(table) | cpu);
}
