/* SPDX-License-Identifier: MIT */
/*
 * PSCI calls (Arm DEN 0022, chapter 5) by the SMC calling convention (DEN
 * 0028): function, arguments and result in r0-r3; hvc or smc as the machine's tree says.
 */
#include <hal/psci.h>
#include <lib/errno.h>

#define PSCI_CPU_ON		0x84000003
#define PSCI_SYSTEM_OFF		0x84000008
#define PSCI_SYSTEM_RESET	0x84000009

/* DEN 0022, 5.2.2 */
#define PSCI_SUCCESS		0
#define PSCI_NOT_SUPPORTED	(-1)
#define PSCI_INVALID_PARAMETERS	(-2)
#define PSCI_DENIED		(-3)
#define PSCI_ALREADY_ON		(-4)
#define PSCI_ON_PENDING		(-5)
#define PSCI_INVALID_ADDRESS	(-9)

static enum psci_conduit conduit;

void psci_set_conduit(enum psci_conduit c)
{
	conduit = c;
}

static long psci_call(u32 function, unsigned long a1, unsigned long a2, unsigned long a3)
{
	register unsigned long r0 __asm__("r0") = function;
	register unsigned long r1 __asm__("r1") = a1;
	register unsigned long r2 __asm__("r2") = a2;
	register unsigned long r3 __asm__("r3") = a3;

	if (conduit == PSCI_CONDUIT_HVC)
		__asm__ volatile(".arch_extension virt\n\thvc #0"
				 : "+r" (r0), "+r" (r1), "+r" (r2), "+r" (r3) :: "r12", "memory");
	else if (conduit == PSCI_CONDUIT_SMC)
		__asm__ volatile(".arch_extension sec\n\tsmc #0"
				 : "+r" (r0), "+r" (r1), "+r" (r2), "+r" (r3) :: "r12", "memory");
	else
		return PSCI_NOT_SUPPORTED;
	return (long)r0;
}

int psci_cpu_on(u32 mpidr, unsigned long entry, unsigned long arg)
{
	switch (psci_call(PSCI_CPU_ON, mpidr, entry, arg)) {
	case PSCI_SUCCESS:
		return 0;
	case PSCI_NOT_SUPPORTED:
		return -EOPNOTSUPP;
	case PSCI_INVALID_PARAMETERS:
	case PSCI_INVALID_ADDRESS:
		return -EINVAL;
	case PSCI_DENIED:
		return -EPERM;
	case PSCI_ALREADY_ON:
	case PSCI_ON_PENDING:
		return -EBUSY;
	default:
		return -EIO;
	}
}

void psci_system_off(void)
{
	psci_call(PSCI_SYSTEM_OFF, 0, 0, 0);
}

void psci_system_reset(void)
{
	psci_call(PSCI_SYSTEM_RESET, 0, 0, 0);
}
