/* SPDX-License-Identifier: MIT */
/*
 * The processors: which there are, which one this is, and calls from one to another.
 *
 * CPU 0 is the one that booted. The others are numbered in the order of the tree's cpu nodes
 * and started once, before drivers are probed; none goes away again. A CPU that does not come
 * is reported and left out.
 */
#ifndef KERNEL_SMP_H
#define KERNEL_SMP_H

#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <lib/bitops.h>
#include <lib/compiler-context-analysis.h>
#include <lib/kconfig.h>
#include <lib/types.h>

/* True for as long as the caller stays on the CPU: until it yields or sleeps. Context: any. */
static inline unsigned int smp_processor_id(void)
{
	return hal_cpu_index();
}

#define INVALID_HWID	(~0U)

#ifdef CONFIG_SMP

extern unsigned long cpu_online_bits;	/* [a] bit n: CPU n runs */

/* Context: any, for these. A CPU that is online stays so. */

static inline bool cpu_online(unsigned int cpu)
{
	return cpu < CONFIG_NR_CPUS && READ_ONCE(cpu_online_bits) >> cpu & 1;
}

static inline unsigned int num_online_cpus(void)
{
	return hweight32((u32)READ_ONCE(cpu_online_bits));
}

/*
 * The affinity fields of CPU `cpu`'s MPIDR, whether it runs or not; INVALID_HWID if the tree has
 * no CPU of that number. Context: from the initcalls of level 1 on.
 */
u32 cpu_logical_map(unsigned int cpu);

/*
 * Has `func(info)` called on another CPU, in an interrupt; on this one it is called directly,
 * with interrupts off. With `wait` it has returned then, else `info` is to stay until it has.
 * Context: interrupts on if `wait`; else task or hard irq, where one call to the same CPU is
 * under way at a time and the next waits for it, answering calls to its own CPU meanwhile: no
 * lock may be held that a called function takes.
 * Return: 0; -ENXIO if the CPU is not online; with CONFIG_DEBUG -EINVAL for no function, which is
 * reported, as is a wait with interrupts off.
 */
int smp_call_function_single(unsigned int cpu, void (*func)(void *info), void *info, bool wait);

/* On all CPUs that are online, this one included. Misuse is as above. Context: interrupts on. */
void on_each_cpu(void (*func)(void *info), void *info, bool wait);

/* A CPU that waits for interrupts looks at its queue of tasks. Context: any. */
void smp_send_reschedule(unsigned int cpu);

/* A CPU that is online sets its hardware to its earliest timer. Context: any. */
void smp_send_timer(unsigned int cpu);

/* The others halt; where they stood is kept for the report. Context: a panic. */
void smp_send_stop(void);
void smp_show_stopped(const char *level);

/*
 * The controller's interrupts that CPUs send to one another: `n` consecutive ones from `base` on,
 * per-CPU, at least NR_IPI. Called once, by the root controller's driver. Context: boot.
 */
void set_smp_ipi_range(int base, int n);

#else

static inline bool cpu_online(unsigned int cpu)
{
	return cpu == 0;
}

static inline unsigned int num_online_cpus(void)
{
	return 1;
}

static inline u32 cpu_logical_map(unsigned int cpu)
{
	return cpu == 0 ? hal_cpu_id() : INVALID_HWID;
}

static inline void on_each_cpu(void (*func)(void *info), void *info, bool wait)
{
	unsigned long flags;

	(void)wait;
	local_irq_save(flags);
	func(info);
	local_irq_restore(flags);
}

static inline void smp_send_timer(unsigned int cpu)
{
	(void)cpu;
}

static inline void smp_send_stop(void)
{
}

static inline void smp_show_stopped(const char *level)
{
	(void)level;
}

static inline void set_smp_ipi_range(int base, int n)
{
	(void)base;
	(void)n;
}

#endif

#endif
