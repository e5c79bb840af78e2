/* SPDX-License-Identifier: MIT */
/*
 * Sets of CPUs, by number. Nothing here locks. Context: any.
 */
#ifndef KERNEL_CPUMASK_H
#define KERNEL_CPUMASK_H

#include <kernel/smp.h>
#include <lib/bitops.h>

#define nr_cpu_ids	((unsigned int)CONFIG_NR_CPUS)

typedef struct cpumask {
	DECLARE_BITMAP(bits, CONFIG_NR_CPUS);
} cpumask_t;

#define CPU_MASK_NONE	((struct cpumask){ .bits = { 0 } })

static inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	set_bit(cpu, mask->bits);
}

static inline void cpumask_clear_cpu(unsigned int cpu, struct cpumask *mask)
{
	clear_bit(cpu, mask->bits);
}

static inline bool cpumask_test_cpu(unsigned int cpu, const struct cpumask *mask)
{
	return test_bit(cpu, mask->bits);
}

/* The first CPU of the set that is online; nr_cpu_ids if there is none. */
static inline unsigned int cpumask_first_online(const struct cpumask *mask)
{
	unsigned int cpu;

	for_each_set_bit(cpu, mask->bits, nr_cpu_ids)
		if (cpu_online(cpu))
			return cpu;
	return nr_cpu_ids;
}

#endif
