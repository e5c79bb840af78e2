/* SPDX-License-Identifier: MIT */
/*
 * PSCI calls (Arm DEN 0022, chapter 5) by the SMC calling convention (DEN
 * 0028): function and result in r0; hvc or smc as the machine's tree says.
 */
#include <hal/psci.h>

#define PSCI_SYSTEM_OFF		0x84000008
#define PSCI_SYSTEM_RESET	0x84000009

static enum psci_conduit conduit;

void psci_set_conduit(enum psci_conduit c)
{
	conduit = c;
}

/* The calls made here take no arguments and return only when they failed. */
static void psci_call(u32 function)
{
	register unsigned long r0 __asm__("r0") = function;

	if (conduit == PSCI_CONDUIT_HVC)
		__asm__ volatile(".arch_extension virt\n\thvc #0"
				 : "+r" (r0) :: "r1", "r2", "r3", "r12", "memory");
	else if (conduit == PSCI_CONDUIT_SMC)
		__asm__ volatile(".arch_extension sec\n\tsmc #0"
				 : "+r" (r0) :: "r1", "r2", "r3", "r12", "memory");
}

void psci_system_off(void)
{
	psci_call(PSCI_SYSTEM_OFF);
}

void psci_system_reset(void)
{
	psci_call(PSCI_SYSTEM_RESET);
}
