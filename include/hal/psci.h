/* SPDX-License-Identifier: MIT */
/*
 * Power State Coordination Interface (Arm DEN 0022), version 0.2 and later:
 * off, reset, and other processors.
 */
#ifndef HAL_PSCI_H
#define HAL_PSCI_H

#include <lib/compiler.h>
#include <lib/types.h>

enum psci_conduit {
	PSCI_CONDUIT_NONE,
	PSCI_CONDUIT_HVC,
	PSCI_CONDUIT_SMC,
};

/* What the tree's psci node says as "method". Context: boot. */
void psci_set_conduit(enum psci_conduit conduit);

/*
 * Starts the processor `mpidr` (affinity fields) at the physical address `entry`, with r0 = arg,
 * MMU and caches off. Context: any.
 * Return: 0; -EOPNOTSUPP without PSCI, -EINVAL for an unknown processor or address, -EPERM,
 * -EBUSY if it runs, -EIO.
 */
int __must_check psci_cpu_on(u32 mpidr, unsigned long entry, unsigned long arg);

/* Both return only where there is no PSCI or it refused. Any context. */
void psci_system_off(void);
void psci_system_reset(void);

#endif
