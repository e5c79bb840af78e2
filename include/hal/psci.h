/* SPDX-License-Identifier: MIT */
/*
 * Power State Coordination Interface (Arm DEN 0022), version 0.2 and later:
 * off and reset.
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

/* Both return only where there is no PSCI or it refused. Any context. */
void psci_system_off(void);
void psci_system_reset(void);

#endif
