/* SPDX-License-Identifier: MIT */
/*
 * The processor's name, its contexts, its timer's rate, and the end of it all.
 */
#include <hal/cpu.h>
#include <hal/arch_timer.h>
#include <hal/context.h>
#include <lib/bitfield.h>
#include <lib/bits.h>
#include <lib/errno.h>
#include <lib/math.h>
#include "hal_priv.h"

#define MIDR_PART_MASK	0xff00fff0	/* implementer and part */

#define ID_PFR1_GENERIC_TIMER	GENMASK(19, 16)

u32 arch_timer_rate;

const char *hal_cpu_name(void)
{
	static const struct {
		u32 midr;
		const char *name;
	} parts[] = {
		{ 0x4100c050, "Cortex-A5" },
		{ 0x4100c070, "Cortex-A7" },
		{ 0x4100c080, "Cortex-A8" },
		{ 0x4100c090, "Cortex-A9" },
		{ 0x4100c0d0, "Cortex-A12" },
		{ 0x4100c0e0, "Cortex-A17" },
		{ 0x4100c0f0, "Cortex-A15" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if ((hal_midr() & MIDR_PART_MASK) == parts[i].midr)
			return parts[i].name;
	return "unknown";
}

/* The frame that hal_context_switch() pops: r4-r11, then where to go on. */
void hal_context_init(struct hal_context *c, void *stack_top, hal_context_entry_t *entry,
		      void *arg)
{
	/* sp is stack_top once they are popped. */
	unsigned long *frame = (unsigned long *)stack_top - 9;

	frame[0] = (unsigned long)entry;
	frame[1] = (unsigned long)arg;
	frame[8] = (unsigned long)hal_context_begin;
	c->sp = (unsigned long)frame;
}

void hal_context_divert(struct hal_context *c, hal_context_entry_t *entry, void *arg)
{
	hal_context_init(c, (void *)(c->sp & ~7UL), entry, arg);
}

int arch_timer_init(u32 tree_rate)
{
	u32 rate, features;

	__asm__("mrc p15, 0, %0, c0, c1, 1" : "=r" (features));	/* ID_PFR1 */
	if (!FIELD_GET(ID_PFR1_GENERIC_TIMER, features))
		return -ENODEV;
	__asm__("mrc p15, 0, %0, c14, c0, 0" : "=r" (rate));	/* CNTFRQ */
	arch_timer_rate = tree_rate ? tree_rate : rate;
	arch_timer_stop();
	return arch_timer_rate ? 0 : -EINVAL;
}

void hal_halt(void)
{
	__asm__ volatile("cpsid aif" ::: "memory");
	for (;;)
		wfi();
}
