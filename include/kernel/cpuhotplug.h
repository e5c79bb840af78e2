/* SPDX-License-Identifier: MIT */
/*
 * What each CPU has to do for itself when it comes up: its interrupt controller's half, its
 * timer. In the order of the states; names as in Linux.
 */
#ifndef KERNEL_CPUHOTPLUG_H
#define KERNEL_CPUHOTPLUG_H

#include <lib/compiler.h>
#include <lib/kconfig.h>

enum cpuhp_state {
	CPUHP_AP_IRQ_GIC_STARTING,
	CPUHP_AP_SMP_IPI_STARTING,
	CPUHP_AP_ARM_ARCH_TIMER_STARTING,
#ifdef CONFIG_KTEST
	CPUHP_AP_TEST,			/* that nobody registers */
#endif
	CPUHP_NR_STATES,
};

/*
 * Calls startup(cpu) on this CPU now, and on each other one when it comes up: there interrupts
 * are off and it must not sleep. If one of a coming CPU's functions fails, the teardown (or NULL)
 * of those before is called and the CPU stays out.
 * Context: task or boot; before the others are started, and once for a state.
 * Return: 0; what startup returned here, and then it is not registered; -EBUSY, and nothing is
 * called: another CPU runs already, or the state is taken; -EINVAL for a state that there is not,
 * and without a startup.
 */
#ifdef CONFIG_SMP
int __must_check cpuhp_setup_state(enum cpuhp_state state, const char *name,
				   int (*startup)(unsigned int cpu),
				   int (*teardown)(unsigned int cpu));
#else
#define cpuhp_setup_state(state, name, startup, teardown)	((void)(teardown), (startup)(0))
#endif

#endif
