/* SPDX-License-Identifier: MIT */
/*
 * Which CPU this is, and which there are. CPU 0 is the one that booted; the others
 * are parked until something starts them, so for now it is the only one.
 * Context: any, for all of this header.
 */
#ifndef KERNEL_SMP_H
#define KERNEL_SMP_H

#include <lib/types.h>

/* What it says is true for as long as the caller stays on the CPU. */
static inline unsigned int smp_processor_id(void)
{
	return 0;
}

static inline unsigned int num_online_cpus(void)
{
	return 1;
}

static inline bool cpu_online(unsigned int cpu)
{
	return cpu < num_online_cpus();
}

#endif
