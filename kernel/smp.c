/* SPDX-License-Identifier: MIT */
/*
 * The processors of the machine: found in the tree, started one after the other, and the
 * interrupts by which they reach one another.
 *
 * A CPU comes in with interrupts off, as its idle task, does what each has to do for itself
 * (cpuhp_setup_state()), says that it is online, and waits for work.
 *
 * Locking: all of the start is the init task's. A call to another CPU holds that CPU's slot.
 */
#define pr_fmt(fmt) "smp: " fmt

#include <kernel/smp.h>

#include <hal/arch_timer.h>
#include <hal/smp.h>
#include <kernel/boot.h>
#include <kernel/cpuhotplug.h>
#include <kernel/cpumask.h>
#include <kernel/delay.h>
#include <kernel/init.h>
#include <kernel/interleave.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/slab.h>
#include <kernel/stacktrace.h>
#include <kernel/timer.h>
#include <kernel/vmalloc.h>
#include <lib/byteorder.h>
#include <lib/err.h>
#include <lib/string.h>

#include "sched_priv.h"

/* The controller's interrupts, from the first on. */
enum ipi {
	IPI_RESCHEDULE,
	IPI_CALL,
	IPI_STOP,
	IPI_TIMER,
	NR_IPI,
};

#define START_TIMEOUT_MS	1000	/* a CPU's way from reset to online */
#define STOP_PARTS		2	/* of a second, for each other's trace in a panic */
#define STOP_TRACE		16

unsigned long cpu_online_bits = 1;
static u32 cpu_mpidr[CONFIG_NR_CPUS];	/* [I] after number_cpus() */
static unsigned int nr_known = 1;	/* [I] after number_cpus() */

/* ---- what a CPU does for itself ---- */

static struct {
	const char *name;
	int (*startup)(unsigned int cpu);
	int (*teardown)(unsigned int cpu);
} hp_steps[CPUHP_NR_STATES];		/* [I] before others are started */

int cpuhp_setup_state(enum cpuhp_state state, const char *name, int (*startup)(unsigned int cpu),
		      int (*teardown)(unsigned int cpu))
{
	int err;

	if ((unsigned int)state >= CPUHP_NR_STATES || !startup)
		return -EINVAL;
	if (num_online_cpus() > 1 || hp_steps[state].startup)
		return -EBUSY;
	err = startup(smp_processor_id());
	if (err)
		return err;
	hp_steps[state].name = name;
	hp_steps[state].startup = startup;
	hp_steps[state].teardown = teardown;
	return 0;
}

static int run_steps(unsigned int cpu)
{
	for (int i = 0; i < CPUHP_NR_STATES; i++) {
		int err = hp_steps[i].startup ? hp_steps[i].startup(cpu) : 0;

		if (!err)
			continue;
		pr_err("CPU %u: %s failed: %pe\n", cpu, hp_steps[i].name, ERR_PTR(err));
		while (--i >= 0)
			if (hp_steps[i].teardown)
				hp_steps[i].teardown(cpu);
		return err;
	}
	return 0;
}

/* ---- interrupts between CPUs ---- */

static unsigned int ipi_base;		/* [I] after boot; 0: there are none */

enum call_state { CALL_FREE, CALL_TAKEN, CALL_READY };

/* What the CPU is to do. Free again as soon as it has begun. */
struct call {
	int state;			/* [a] enum call_state */
	void (*func)(void *info);
	void *info;
	bool *done;			/* set at the end, if not NULL */
};

static struct call calls[CONFIG_NR_CPUS];

static struct {
	bool stopped;			/* [a] */
	const struct task_struct *task;
	unsigned long trace[STOP_TRACE];
} stops[CONFIG_NR_CPUS];

static void run_call(struct call *slot)
{
	struct call call;

	if (smp_load_acquire(&slot->state) != CALL_READY)
		return;
	call = *slot;
	smp_store_release(&slot->state, CALL_FREE);
	call.func(call.info);
	if (call.done)
		smp_store_release(call.done, true);
}

static void __noreturn stop_this_cpu(unsigned int cpu)
{
	stops[cpu].task = current;
	stack_trace_save(stops[cpu].trace, STOP_TRACE, 0);
	smp_store_release(&stops[cpu].stopped, true);
	hal_halt();
}

/* A reschedule has done its work by having ended the sleep. */
static irqreturn_t ipi_handler(int irq, void *cookie)
{
	(void)cookie;
	switch ((unsigned int)irq - ipi_base) {
	case IPI_CALL:
		run_call(&calls[smp_processor_id()]);
		break;
	case IPI_STOP:
		stop_this_cpu(smp_processor_id());
	case IPI_TIMER:
		timers_start_cpu();
		break;
	default:
		break;
	}
	return IRQ_HANDLED;
}

static int ipis_enable(unsigned int cpu)
{
	(void)cpu;
	for (unsigned int i = 0; i < NR_IPI; i++)
		enable_percpu_irq(ipi_base + i, IRQ_TYPE_NONE);
	return 0;
}

static int ipis_disable(unsigned int cpu)
{
	(void)cpu;
	for (unsigned int i = 0; i < NR_IPI; i++)
		disable_percpu_irq(ipi_base + i);
	return 0;
}

void set_smp_ipi_range(int base, int n)
{
	static const char *const names[NR_IPI] = {
		"IPI reschedule", "IPI call", "IPI stop", "IPI timer",
	};
	static DEFINE_PER_CPU(char, cookie);
	int err = n < NR_IPI ? -EINVAL : ipi_base ? -EBUSY : 0;

	for (int i = 0; i < NR_IPI && !err; i++)
		err = request_percpu_irq((unsigned int)(base + i), ipi_handler, names[i], &cookie);
	if (!err) {
		ipi_base = (unsigned int)base;
		err = cpuhp_setup_state(CPUHP_AP_SMP_IPI_STARTING, "IPIs", ipis_enable,
					ipis_disable);
	}
	if (err)
		pr_err("no interrupts between CPUs: %pe\n", ERR_PTR(err));
}

static void send_ipi(unsigned int cpu, enum ipi ipi)
{
	ipi_send_single(ipi_base + ipi, cpu);
	interleave_kick(cpu);
}

void smp_send_reschedule(unsigned int cpu)
{
	send_ipi(cpu, IPI_RESCHEDULE);
}

void smp_send_timer(unsigned int cpu)
{
	send_ipi(cpu, IPI_TIMER);
}

/* ---- calls ---- */

static void call_here(void (*func)(void *info), void *info)
{
	guard(irqsave)();
	func(info);
}

/* Who waits for a slot with interrupts off answers calls meanwhile: two may call one another. */
static void call_pause(void)
{
	if (irqs_disabled())
		run_call(&calls[smp_processor_id()]);
	cpu_relax();
}

/* No interrupt in between: its own call would wait for a slot that only who it stopped can fill. */
static bool try_call_there(unsigned int cpu, void (*func)(void *info), void *info, bool *done)
{
	struct call *slot = &calls[cpu];

	guard(irqsave)();
	if (cmpxchg_acquire(&slot->state, CALL_FREE, CALL_TAKEN) != CALL_FREE)
		return false;
	slot->func = func;
	slot->info = info;
	slot->done = done;
	smp_store_release(&slot->state, CALL_READY);
	send_ipi(cpu, IPI_CALL);
	return true;
}

static void call_there(unsigned int cpu, void (*func)(void *info), void *info, bool *done)
{
	while (!try_call_there(cpu, func, info, done))
		call_pause();
}

/* It would be called in an interrupt of another CPU, where nobody knows whose it is. */
static bool is_no_function(void (*func)(void *info))
{
	return WARN(IS_ENABLED(CONFIG_DEBUG) && !func, "a CPU is to call no function");
}

int smp_call_function_single(unsigned int cpu, void (*func)(void *info), void *info, bool wait)
{
	bool done = false;

	if (!cpu_online(cpu))
		return -ENXIO;
	if (is_no_function(func))
		return -EINVAL;
	WARN_ON_ONCE(IS_ENABLED(CONFIG_DEBUG) && wait && irqs_disabled());
	if (cpu == smp_processor_id()) {
		call_here(func, info);
		return 0;
	}
	call_there(cpu, func, info, wait ? &done : NULL);
	while (wait && !smp_load_acquire(&done))
		call_pause();
	return 0;
}

/* The set is read once: one that comes meanwhile was not called and is not waited for. */
void on_each_cpu(void (*func)(void *info), void *info, bool wait)
{
	const unsigned long online = READ_ONCE(cpu_online_bits);
	bool done[CONFIG_NR_CPUS] = { false };
	unsigned int self = smp_processor_id(), cpu;

	if (is_no_function(func))
		return;
	WARN_ON_ONCE(IS_ENABLED(CONFIG_DEBUG) && wait && irqs_disabled());
	for_each_set_bit(cpu, &online, nr_cpu_ids)
		if (cpu != self)
			call_there(cpu, func, info, wait ? &done[cpu] : NULL);
	call_here(func, info);
	for_each_set_bit(cpu, &online, nr_cpu_ids)
		while (wait && cpu != self && !smp_load_acquire(&done[cpu]))
			call_pause();
}

/* ---- the end ---- */

void smp_send_stop(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (ipi_base && cpu != smp_processor_id())
			send_ipi(cpu, IPI_STOP);
}

/* One that runs with interrupts off does not answer. */
static bool has_stopped(unsigned int cpu)
{
	u64 end = arch_timer_read() + arch_timer_rate / STOP_PARTS;

	do {
		if (smp_load_acquire(&stops[cpu].stopped))
			return true;
		cpu_relax();
	} while (arch_timer_read() < end);
	return false;
}

void smp_show_stopped(const char *level)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		if (cpu == smp_processor_id())
			continue;
		if (!has_stopped(cpu)) {
			printk("%sCPU %u does not answer\n", level, cpu);
			continue;
		}
		printk("%sCPU %u: Task: %s (%d)\n", level, cpu, stops[cpu].task->comm,
		       stops[cpu].task->pid);
		stack_trace_print(stops[cpu].trace, STOP_TRACE, 2);
	}
}

/* ---- start ---- */

enum arrival { AWAITED, HERE, LOST };

static DECLARE_COMPLETION(came_up);
static int arrivals[CONFIG_NR_CPUS];	/* [a] enum arrival */
static int came_with;			/* the error of the CPU that is HERE */

/* Either the CPU says that it is here, or who waits for it that it is lost: who is first. */
static bool arrive(unsigned int cpu, enum arrival as)
{
	return cmpxchg(&arrivals[cpu], AWAITED, (int)as) == AWAITED;
}

static void __noreturn secondary_main(unsigned int cpu)
	__must_hold(role_irqs_off)
{
	int err = run_steps(cpu);

	if (!arrive(cpu, HERE)) {
		pr_warn("CPU %u comes too late: it halts\n", cpu);
		hal_halt();
	}
	came_with = err;
	if (!err)
		set_bit(cpu, &cpu_online_bits);
	complete(&came_up);
	if (err)
		hal_halt();
	local_irq_enable();
	cpu_idle_loop();
}

static void free_stacks(struct hal_stacks *stacks)
{
	vmap_stack_free(stacks->irq);
	vmap_stack_free(stacks->abt);
	vmap_stack_free(stacks->und);
	*stacks = (struct hal_stacks){ .irq = NULL };
}

static int alloc_stacks(struct hal_stacks *stacks)
{
	stacks->irq = vmap_stack_alloc(IRQ_STACK_SIZE);
	stacks->abt = vmap_stack_alloc(ABT_STACK_SIZE);
	stacks->und = vmap_stack_alloc(ABT_STACK_SIZE);
	if (stacks->irq && stacks->abt && stacks->und)
		return 0;
	free_stacks(stacks);
	return -ENOMEM;
}

/*
 * What has been given to a CPU that was told to start and did not come is not taken back; one that
 * could not be told needs none of it.
 */
static int start_with(unsigned int cpu, struct task_struct *idle, void *table)
{
	const struct hal_start start = {
		.entry = secondary_main,
		.task = idle,
		.stack_top = (char *)idle->stack + THREAD_SIZE,
	};
	int err;

	reinit_completion(&came_up);
	err = hal_cpu_start(cpu, cpu_mpidr[cpu], &start, table);
	if (err) {
		kthread_free_idle(idle);
		free_stacks(&hal_stacks[cpu]);
		return err;
	}
	if (!wait_for_completion_timeout(&came_up, msecs_to_jiffies(START_TIMEOUT_MS))) {
		if (arrive(cpu, LOST))
			return -ETIMEDOUT;
		wait_for_completion(&came_up);	/* it has just come, and says so next */
	}
	return came_with;
}

static int start_cpu(unsigned int cpu, void *table)
{
	struct task_struct *idle;
	int err = alloc_stacks(&hal_stacks[cpu]);

	if (err)
		return err;
	idle = kthread_create_idle(cpu);
	if (!IS_ERR(idle))
		return start_with(cpu, idle, table);
	free_stacks(&hal_stacks[cpu]);
	return (int)PTR_ERR(idle);
}

static bool is_cpu_node(const struct device_node *node)
{
	const char *type = fdt_node_string(node, "device_type");

	return type && strcmp(type, "cpu") == 0 && fdt_node_is_available(node);
}

/* Other ways to start a CPU are not known. Without a word on it PSCI is asked: it says no. */
static bool is_started_by_psci(const struct device_node *node)
{
	const char *method = fdt_node_string(node, "enable-method");

	if (!method || strcmp(method, "psci") == 0)
		return true;
	pr_warn("%pOF is left out: enable-method %s\n", node, method);
	return false;
}

static bool is_known(u32 mpidr)
{
	for (unsigned int cpu = 0; cpu < nr_known; cpu++)
		if (cpu_mpidr[cpu] == mpidr)
			return true;
	return false;
}

u32 cpu_logical_map(unsigned int cpu)
{
	return cpu < nr_known ? cpu_mpidr[cpu] : INVALID_HWID;
}

/* What its MPIDR has as affinity; INVALID_HWID for what cannot be one. */
static u32 cpu_node_hwid(const struct device_node *node)
{
	const struct property *reg = fdt_node_property(node, "reg");
	u32 cells = node->parent->address_cells;
	u64 hwid;

	if (!reg || cells == 0 || (u32)reg->length / sizeof(u32) < cells ||
	    !fdt_read_cells(reg->value, cells, &hwid) || hwid & ~(u64)MPIDR_HWID_BITMASK) {
		pr_warn("%pOF is left out: its reg is no affinity\n", node);
		return INVALID_HWID;
	}
	return (u32)hwid;
}

/* Numbers the tree's CPUs, the running one as 0. */
static int number_cpus(void)
{
	const struct device_node *node;
	unsigned int all = 1;
	bool self = false;

	cpu_mpidr[0] = hal_cpu_id();
	if (!device_tree.root)
		return 0;	/* which the boot tells as soon as there is a console */
	node = fdt_node_child(device_tree.root, "cpus");
	for (node = node ? node->child : NULL; node; node = node->sibling) {
		u32 mpidr = is_cpu_node(node) ? cpu_node_hwid(node) : INVALID_HWID;

		if (mpidr == INVALID_HWID)
			continue;
		if (mpidr == cpu_mpidr[0] && !self) {
			self = true;
			continue;
		}
		if (is_known(mpidr)) {
			pr_warn("%pOF is left out: reg %x is another's\n", node, mpidr);
			continue;
		}
		if (!is_started_by_psci(node))
			continue;
		all++;
		if (nr_known < nr_cpu_ids)
			cpu_mpidr[nr_known++] = mpidr;
	}
	if (all > nr_known)
		pr_warn("the tree has %u CPUs, this kernel is for %u\n", all, nr_known);
	return 0;
}
early_initcall(number_cpus);

static void report_start(unsigned int cpu, int err)
{
	if (err)
		pr_err("CPU %u (%x) does not start: %pe\n", cpu, cpu_mpidr[cpu], ERR_PTR(err));
}

/* A table is used for one after the other, until one is lost: it may still come, and needs it. */
static int smp_init(void)
{
	void *table = NULL;

	if (nr_known == 1 || !ipi_base)
		return 0;
	for (unsigned int cpu = 1; cpu < nr_known; cpu++) {
		int err;

		if (!table)	/* of whole pages, so aligned to its size */
			table = kmalloc(L1_TABLE_SIZE, GFP_KERNEL);
		err = table ? start_cpu(cpu, table) : -ENOMEM;
		report_start(cpu, err);
		if (err == -ETIMEDOUT)
			table = NULL;
	}
	kfree(table);
	pr_info("%u CPUs\n", num_online_cpus());
	return 0;
}
arch_initcall(smp_init);
