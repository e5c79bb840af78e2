/* SPDX-License-Identifier: MIT */
/*
 * The generic timer's interrupt: the virtual timer's PPI, from the tree's node
 * to kernel/timer.c. Binding: arm,armv7-timer, interrupts in the order secure
 * physical, physical, virtual, hypervisor.
 */
#define pr_fmt(fmt) "arch_timer: " fmt

#include <drivers/of.h>
#include <drivers/of_irq.h>
#include <hal/arch_timer.h>
#include <kernel/cpuhotplug.h>
#include <kernel/init.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/timer.h>
#include <lib/errno.h>

#define VIRTUAL_TIMER	2	/* index in the node's interrupts */

static unsigned int timer_irq;		/* [I] after the probe */

static int arch_timer_cpu_start(unsigned int cpu)
{
	(void)cpu;
	timers_start_cpu();
	enable_percpu_irq(timer_irq, IRQ_TYPE_NONE);
	return 0;
}

static int arch_timer_probe(void)
{
	static DEFINE_PER_CPU(char, cookie);
	struct device_node *node = of_find_compatible_node(NULL, NULL, "arm,armv7-timer");
	int irq, err;

	if (!node)
		node = of_find_compatible_node(NULL, NULL, "arm,armv8-timer");
	if (!node) {
		pr_err("the tree has no generic timer\n");
		return -ENODEV;
	}
	irq = of_irq_get(node, VIRTUAL_TIMER);
	if (irq <= 0) {
		pr_err("%pOF: no virtual timer interrupt (%d)\n", node, irq);
		return irq ? irq : -EINVAL;
	}
	err = request_percpu_irq((unsigned int)irq, timer_interrupt, "arch_timer", &cookie);
	if (err) {
		pr_err("%pOF: irq %d: %d\n", node, irq, err);
		return err;
	}
	timer_irq = (unsigned int)irq;
	err = cpuhp_setup_state(CPUHP_AP_ARM_ARCH_TIMER_STARTING, "arch_timer",
				arch_timer_cpu_start, NULL);
	if (err)
		return err;
	of_node_set_flag(node, OF_POPULATED);
	pr_info("%u.%02u MHz, irq %d\n", arch_timer_rate / 1000000, arch_timer_rate / 10000 % 100,
		irq);
	return 0;
}
postcore_initcall(arch_timer_probe);
