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

/*
 * Starts processor `cpu`, whose MPIDR is `mpidr`: it comes in secondary_main(), as the task
 * `task`, interrupts off, on the stack that ends at `stack_top`, its hal_stacks as given.
 * `table` is L1_TABLE_SIZE bytes of RAM, aligned to that, which are in use until it is there.
 * Context: task; one at a time.
 * Return: 0, or an error of psci_cpu_on().
 */
int __must_check hal_cpu_start(unsigned int cpu, u32 mpidr, void *task, void *stack_top,
			       void *table);

/*
 * The kernel's: where a processor that hal_cpu_start() started comes in.
 * Context: interrupts off, on the stack of the task that it was started with.
 */
void secondary_main(unsigned int cpu) __noreturn;

#endif
