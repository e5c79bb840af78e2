/* SPDX-License-Identifier: MIT */
/*
 * One processor, whose running task the test provides.
 */
#ifndef HAL_CPU_H
#define HAL_CPU_H

extern void *machine_current;

static inline void *hal_current(void)
{
	return machine_current;
}

static inline unsigned int hal_cpu_index(void)
{
	return 0;
}

void hal_idle(void);

#endif
