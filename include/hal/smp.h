/* SPDX-License-Identifier: MIT */
/*
 * The other processors: how one comes from its reset into the kernel. They are numbered by the
 * kernel, see hal_cpu_index().
 */
#ifndef HAL_SMP_H
#define HAL_SMP_H

#include <hal/memory.h>
#include <lib/compiler.h>
#include <lib/types.h>

/* The lowest addresses of the stacks of one processor's exception modes; a guard page below. */
struct hal_stacks {
	char *irq;	/* IRQ_STACK_SIZE */
	char *abt;	/* ABT_STACK_SIZE: prefetch and data aborts */
	char *und;	/* ABT_STACK_SIZE: undefined instructions, FIQ */
};

/* Of each processor, the first one's from the start. [I] before the processor runs */
extern struct hal_stacks hal_stacks[CONFIG_NR_CPUS];

/* How a processor comes in: entry(cpu) as the running task `task`, interrupts off. */
struct hal_start {
	void (*entry)(unsigned int cpu);	/* does not return */
	void *task;
	void *stack_top;
};

/*
 * Starts processor `cpu`, whose MPIDR is `mpidr`, its hal_stacks as given. `table` is
 * L1_TABLE_SIZE bytes of RAM, aligned to that, which are in use until it has come in: that of
 * one that does not come is not used for another.
 * Context: task; one at a time.
 * Return: 0, or an error of psci_cpu_on().
 */
int __must_check hal_cpu_start(unsigned int cpu, u32 mpidr, const struct hal_start *start,
			       void *table);

#endif
