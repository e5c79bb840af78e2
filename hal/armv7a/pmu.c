/* SPDX-License-Identifier: MIT */
/*
 * The performance monitor, as far as counting instructions goes.
 */
#include <hal/pmu.h>
#include <lib/bitfield.h>
#include <lib/bits.h>
#include <lib/errno.h>

#define PMCR_E			BIT(0)
#define PMCR_P			BIT(1)
#define PMCR_N			GENMASK(15, 11)
#define EVENT_INST_RETIRED	0x08

int hal_instructions_start(void)
{
	unsigned long pmcr;

	__asm__ volatile("mrc p15, 0, %0, c9, c12, 0" : "=r" (pmcr));
	if (FIELD_GET(PMCR_N, pmcr) == 0)
		return -ENODEV;
	__asm__ volatile("mcr p15, 0, %0, c9, c12, 5" :: "r" (0));			/* PMSELR */
	isb();
	__asm__ volatile("mcr p15, 0, %0, c9, c13, 1" :: "r" (EVENT_INST_RETIRED)); /* PMXEVTYPER */
	__asm__ volatile("mcr p15, 0, %0, c9, c12, 1" :: "r" (BIT(0)));		/* PMCNTENSET */
	__asm__ volatile("mcr p15, 0, %0, c9, c12, 0" :: "r" (pmcr | PMCR_E | PMCR_P));
	isb();
	return 0;
}
