/* SPDX-License-Identifier: MIT */
/*
 * With CONFIG_FAULT_ISOLATION: what a fault may be the end of.
 */
#ifndef KERNEL_OOPS_PRIV_H
#define KERNEL_OOPS_PRIV_H

#include <hal/traps.h>
#include <lib/types.h>

/*
 * Whether the fault can be the end of the task alone: it is the task's own, and nobody spins
 * for what it holds, as far as the lock checker knows. Then the task is marked as one that is
 * being killed; it does not get a second chance. Context: that of handle_fault().
 */
bool oops_may_kill(const struct pt_regs *regs, const struct hal_fault *fault);

#endif
