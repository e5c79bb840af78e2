/* SPDX-License-Identifier: MIT */
/*
 * Sets of CPUs, by number. Nothing here locks. With CONFIG_DEBUG a number of no CPU that could be
 * is reported, and is in no set. Context: any.
 */
#ifndef KERNEL_CPUMASK_H
#define KERNEL_CPUMASK_H

#include <kernel/bug.h>
#include <kernel/smp.h>
#include <lib/bitops.h>

#define nr_cpu_ids	((unsigned int)CONFIG_NR_CPUS)

typedef struct cpumask {
	DECLARE_BITMAP(bits, CONFIG_NR_CPUS);
} cpumask_t;

static_assert(CONFIG_NR_CPUS <= BITS_PER_LONG, "a set of CPUs is one word");

#define CPU_MASK_NONE	((struct cpumask){ .bits = { 0 } })
#define CPU_MASK_ALL	((struct cpumask){ .bits = { GENMASK(CONFIG_NR_CPUS - 1, 0) } })
#define CPU_MASK_CPU0	((struct cpumask){ .bits = { 1 } })

/* The set with one CPU in it, for as long as the caller's block. */
#define cpumask_of(cpu)	(&(const struct cpumask){ .bits = { BIT(cpu) } })

/* Whether the number is one of a set's. */
static __always_inline bool cpumask_check(unsigned int cpu)
{
	return !WARN(IS_ENABLED(CONFIG_DEBUG) && cpu >= nr_cpu_ids, "there is no CPU %u", cpu);
}

static inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	if (cpumask_check(cpu))
		set_bit(cpu, mask->bits);
}

static inline void cpumask_clear_cpu(unsigned int cpu, struct cpumask *mask)
{
	if (cpumask_check(cpu))
		clear_bit(cpu, mask->bits);
}

static inline bool cpumask_test_cpu(unsigned int cpu, const struct cpumask *mask)
{
	return cpumask_check(cpu) && test_bit(cpu, mask->bits);
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

#define for_each_cpu(cpu, mask)		for_each_set_bit(cpu, (mask)->bits, nr_cpu_ids)
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < nr_cpu_ids; (cpu)++)
#define for_each_online_cpu(cpu)						\
	for_each_possible_cpu(cpu)						\
		if (!cpu_online(cpu))						\
			continue;						\
		else

#endif
