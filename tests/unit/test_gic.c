/* SPDX-License-Identifier: MIT */
/*
 * The machine's own GIC, of whichever version: a line is pended by software at the distributor
 * and arrives as one that a device raised.
 *
 *   pend  ->  pending  ->  IAR: active  ->  handler  ->  EOIR: inactive
 *
 * Which CPU it arrived on is what the line's counts say. Numbers are those of QEMU's virt.
 */
#include <drivers/of.h>
#include <drivers/of_address.h>
#include <hal/io.h>
#include <hal/memory.h>
#include <kernel/cpumask.h>
#include <kernel/fault-inject.h>
#include <kernel/interrupt.h>
#include <kernel/io.h>
#include <kernel/irq.h>
#include <kernel/irqdesc.h>
#include <kernel/irqdomain.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <lib/atomic.h>
#include <lib/bits.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "threads.h"

#define FREE_SPI	200	/* nothing on QEMU's virt has it */
#define FREE_PPI	2
#define FREE_SGI	9

/* IHI 0048B, table 4-1; IHI 0069H, table 12-25 */
#define GICD_TYPER	0x004
#define GICD_ISENABLER	0x100
#define GICD_ICENABLER	0x180
#define GICD_ISPENDR	0x200
#define GICD_ICPENDR	0x280
#define GICD_ISACTIVER	0x300
#define STRAY_INTID	(32 + FREE_SPI + 1)

static struct {
	unsigned int irq;
	unsigned int calls;		/* [a] of the handler */
	bool in_hardirq;
	bool waits;			/* the handler, for may_end */
	bool began, may_end, ended;	/* [a] */
} line;

static irqreturn_t handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	line.in_hardirq = in_hardirq();
	WRITE_ONCE(line.calls, line.calls + 1);
	if (line.waits) {
		smp_store_release(&line.began, true);
		spin_until(smp_load_acquire(&line.may_end));
		smp_store_release(&line.ended, true);
	}
	return IRQ_HANDLED;
}

static bool is_v3(struct device_node *np)
{
	return of_device_is_compatible(np, "arm,gic-v3");
}

static struct device_node *gic_node(struct kunit *test)
{
	static const struct of_device_id known[] = {
		{ .compatible = "arm,cortex-a15-gic" },
		{ .compatible = "arm,gic-v3" },
		{}
	};
	struct device_node *np = of_find_matching_node(NULL, known);

	if (!np)
		kunit_skip(test, "no GIC in the tree");
	return np;
}

static int case_init(struct kunit *test)
{
	(void)test;
	memset(&line, 0, sizeof(line));
	return 0;
}

/* A case that failed may not have come to freeing its line. */
static void case_exit(struct kunit *test)
{
	struct irq_desc *desc = irq_to_desc(line.irq);

	while (test->status == KUNIT_FAILURE && desc && desc->action)
		free_irq(line.irq, desc->action->dev_id);
	irq_dispose_mapping(line.irq);
}

static unsigned int map(struct kunit *test, struct irq_fwspec spec)
{
	spec.fwnode = of_node_to_fwnode(gic_node(test));
	line.irq = irq_create_fwspec_mapping(&spec);
	KUNIT_ASSERT_NE(test, line.irq, 0);
	return line.irq;
}

/* Cells as in the device tree: 0 is an SPI, 1 a PPI; 1 rising, 4 high. */
static unsigned int map_line(struct kunit *test, u32 kind, u32 number, u32 type)
{
	return map(test, (struct irq_fwspec){ .param_count = 3, .param = { kind, number, type } });
}

static unsigned int take_spi(struct kunit *test)
{
	unsigned int irq = map_line(test, 0, FREE_SPI, IRQ_TYPE_EDGE_RISING);

	KUNIT_ASSERT_EQ(test, request_irq(irq, handler, 0, "gic", &line), 0);
	return irq;
}

static int pend(unsigned int irq)
{
	return irq_set_irqchip_state(irq, IRQCHIP_STATE_PENDING, true);
}

static void unmap(void *where)
{
	iounmap(where);
}

static void __iomem *map_distributor(struct kunit *test)
{
	void __iomem *dist = of_iomap(gic_node(test), 0);

	KUNIT_ASSERT_NOT_NULL(test, dist);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, unmap, dist), 0);
	return dist;
}

/* ---- one line ---- */

static void pended_spi_is_delivered_once(struct kunit *test)
{
	unsigned int irq = take_spi(test);

	KUNIT_EXPECT_NE(test, irq, FREE_SPI + 32);
	for (unsigned int i = 1; i <= 100; i++) {
		KUNIT_ASSERT_EQ(test, pend(irq), 0);
		KUNIT_ASSERT_EQ(test, line.calls, i);
	}
	KUNIT_EXPECT_TRUE(test, line.in_hardirq);
	KUNIT_EXPECT_EQ(test, kstat_irqs(irq), 100);
	free_irq(irq, &line);
}

static void disabled_spi_waits_in_the_gic(struct kunit *test)
{
	unsigned int irq = take_spi(test);
	bool pending = false;

	disable_irq(irq);
	pend(irq);
	KUNIT_EXPECT_EQ(test, line.calls, 0);
	KUNIT_EXPECT_EQ(test, irq_get_irqchip_state(irq, IRQCHIP_STATE_PENDING, &pending), 0);
	KUNIT_EXPECT_TRUE(test, pending);
	enable_irq(irq);
	KUNIT_EXPECT_EQ(test, line.calls, 1);
	free_irq(irq, &line);
}

/* Those that a device has are left alone. */
static void each_free_spi_is_delivered(struct kunit *test)
{
	void __iomem *dist = map_distributor(test);
	u32 spis = (readl(dist + GICD_TYPER) & 0x1f) * 32, tried = 0;
	struct irq_domain *domain = irq_find_host(gic_node(test));

	for (u32 spi = 0; spi < spis; spi++) {
		unsigned int irq;

		if (irq_find_mapping(domain, spi + 32))
			continue;
		irq = map_line(test, 0, spi, IRQ_TYPE_EDGE_RISING);
		KUNIT_ASSERT_EQ(test, request_irq(irq, handler, 0, "gic", &line), 0);
		pend(irq);
		KUNIT_EXPECT_EQ(test, line.calls, ++tried);
		free_irq(irq, &line);
		irq_dispose_mapping(irq);
		line.irq = 0;
		fault_leave(current);	/* the others ask for the same as the first */
	}
	KUNIT_EXPECT_GE(test, tried, 200);
}

static void spi_is_rising_or_high(struct kunit *test)
{
	unsigned int irq = map_line(test, 0, FREE_SPI, IRQ_TYPE_NONE);

	KUNIT_EXPECT_EQ(test, irq_set_irq_type(irq, IRQ_TYPE_EDGE_RISING), 0);
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(irq, IRQ_TYPE_LEVEL_HIGH), 0);
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(irq, IRQ_TYPE_EDGE_FALLING), -EINVAL);
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(irq, IRQ_TYPE_LEVEL_LOW), -EINVAL);
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(irq, IRQ_TYPE_EDGE_BOTH), -EINVAL);
	KUNIT_EXPECT_EQ(test, irq_get_trigger_type(irq), IRQ_TYPE_LEVEL_HIGH);
}

/*
 * stray    enabled, pending -> masked, ended: comes no more
 * mapped   pending -> handled: nothing of the stray one is in its way
 */
static void unmapped_spi_is_masked_and_others_still_come(struct kunit *test)
{
	void __iomem *word = map_distributor(test) + STRAY_INTID / 32 * 4;
	unsigned int irq = take_spi(test);
	u32 stray = BIT(STRAY_INTID % 32);

	writel(stray, word + GICD_ISENABLER);
	for (unsigned int i = 1; i <= 2; i++) {
		writel(stray, word + GICD_ISPENDR);
		KUNIT_EXPECT_EQ(test, readl(word + GICD_ISENABLER) & stray, 0);
		KUNIT_EXPECT_EQ(test, readl(word + GICD_ISACTIVER) & stray, 0);
		KUNIT_EXPECT_EQ(test, pend(irq), 0);
		KUNIT_EXPECT_EQ(test, line.calls, i);
	}
	writel(stray, word + GICD_ICPENDR);
	free_irq(irq, &line);
}

static void wrong_cells_name_nothing(struct kunit *test)
{
	static const struct irq_fwspec wrong[] = {
		{ .param_count = 0 },
		{ .param_count = 1, .param = { 16 } },
		{ .param_count = 2, .param = { 0, 1 } },
		{ .param_count = 3, .param = { 2, 1, 4 } },
		{ .param_count = 3, .param = { 1, 16, 4 } },
		{ .param_count = 3, .param = { 0, 988, 4 } },
		{ .param_count = 3, .param = { 0, ~0u, 4 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct irq_fwspec spec = wrong[i];

		spec.fwnode = of_node_to_fwnode(gic_node(test));
		KUNIT_EXPECT_EQ(test, irq_create_fwspec_mapping(&spec), 0);
	}
}

/* ---- interrupts between CPUs ---- */

static void switch_sgi(void *on)
{
	if (on)
		enable_percpu_irq(line.irq, IRQ_TYPE_NONE);
	else
		disable_percpu_irq(line.irq);
}

static void on_all(void (*func)(void *info), void *info)
{
#ifdef CONFIG_SMP
	on_each_cpu(func, info, true);
#else
	func(info);
#endif
}

static unsigned int take_sgi(struct kunit *test)
{
	unsigned int irq = map(test, (struct irq_fwspec){ .param_count = 1,
							  .param = { FREE_SGI } });

	KUNIT_ASSERT_EQ(test, request_percpu_irq(irq, handler, "sgi", &line), 0);
	on_all(switch_sgi, &line);
	return irq;
}

static void give_sgi(unsigned int irq)
{
	on_all(switch_sgi, NULL);
	free_percpu_irq(irq, &line);
}

static void sgi_to_self_arrives(struct kunit *test)
{
	unsigned int irq = take_sgi(test);

	for (unsigned int i = 1; i <= 10; i++) {
		KUNIT_EXPECT_EQ(test, ipi_send_single(irq, 0), 0);
		KUNIT_EXPECT_EQ(test, line.calls, i);
	}
	KUNIT_EXPECT_EQ(test, ipi_send_single(irq, 1000), -EINVAL);
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(irq, IRQ_TYPE_LEVEL_HIGH), -EINVAL);
	give_sgi(irq);
}

static void sgi_reaches_the_cpu_named_and_no_other(struct kunit *test)
{
	unsigned int irq = take_sgi(test), cpu;

	for_each_online_cpu(cpu) {
		KUNIT_EXPECT_EQ(test, ipi_send_single(irq, cpu), 0);
		KUNIT_EXPECT_TRUE(test, spin_until(kstat_irqs_cpu(irq, cpu) == 1));
		KUNIT_EXPECT_EQ(test, kstat_irqs(irq), cpu + 1);
	}
	give_sgi(irq);
}

static void sgi_to_a_set_reaches_each_of_it(struct kunit *test)
{
	struct cpumask online = CPU_MASK_NONE;
	unsigned int irq = take_sgi(test), cpu;
	struct irq_data *d = irq_get_irq_data(irq);

	for_each_online_cpu(cpu)
		cpumask_set_cpu(cpu, &online);
	d->chip->ipi_send_mask(d, &online);
	for_each_online_cpu(cpu)
		KUNIT_EXPECT_TRUE(test, spin_until(kstat_irqs_cpu(irq, cpu) == 1));
	cpumask_clear_cpu(0, &online);
	d->chip->ipi_send_mask(d, &online);
	for_each_cpu(cpu, &online)
		KUNIT_EXPECT_TRUE(test, spin_until(kstat_irqs_cpu(irq, cpu) == 2));
	KUNIT_EXPECT_EQ(test, kstat_irqs_cpu(irq, 0), 1);
	give_sgi(irq);
}

/* ---- to which CPU an SPI goes ---- */

/* kstat of one line:  CPU 0  1  2  3    one more for each round on the CPU named, else equal */
static void spi_moves_to_the_cpu_named(struct kunit *test)
{
	unsigned int irq = take_spi(test), cpu, total = 0;

	for (unsigned int round = 1; round <= 3; round++) {
		for_each_online_cpu(cpu) {
			KUNIT_EXPECT_EQ(test, irq_set_affinity(irq, cpumask_of(cpu)), 0);
			pend(irq);
			KUNIT_EXPECT_TRUE(test, spin_until(kstat_irqs_cpu(irq, cpu) == round));
			KUNIT_EXPECT_EQ(test, kstat_irqs(irq), ++total);
		}
	}
	KUNIT_EXPECT_EQ(test, line.calls, total);
	free_irq(irq, &line);
}

static void disabled_spi_moves_and_stays_disabled(struct kunit *test)
{
	unsigned int irq = take_spi(test), last = num_online_cpus() - 1;

	disable_irq(irq);
	KUNIT_EXPECT_EQ(test, irq_set_affinity(irq, cpumask_of(last)), 0);
	pend(irq);
	KUNIT_EXPECT_EQ(test, line.calls, 0);
	enable_irq(irq);
	KUNIT_EXPECT_TRUE(test, spin_until(kstat_irqs_cpu(irq, last) == 1));
	KUNIT_EXPECT_EQ(test, kstat_irqs(irq), 1);
	free_irq(irq, &line);
}

/* An edge that is pending when its line moves is handled once, here or there. */
static void no_edge_is_lost_while_its_line_moves(struct kunit *test)
{
	unsigned int irq;

	if (!is_v3(gic_node(test)))
		kunit_skip(test, "QEMU's GICv2 leaves a pending edge where it was");
	irq = take_spi(test);
	for (unsigned int i = 1; i <= 500; i++) {
		unsigned int cpu = i % num_online_cpus();

		pend(irq);
		KUNIT_ASSERT_EQ(test, irq_set_affinity(irq, cpumask_of(cpu)), 0);
		KUNIT_ASSERT_TRUE(test, spin_until(READ_ONCE(line.calls) == i));
	}
	free_irq(irq, &line);
	KUNIT_EXPECT_EQ(test, line.calls, 500);
}

static void spi_goes_nowhere_but_to_a_cpu_that_runs(struct kunit *test)
{
	unsigned int irq = take_spi(test);

	KUNIT_EXPECT_EQ(test, irq_set_affinity(irq, &CPU_MASK_NONE), -EINVAL);
	if (num_online_cpus() < nr_cpu_ids)
		KUNIT_EXPECT_EQ(test, irq_set_affinity(irq, cpumask_of(nr_cpu_ids - 1)), -EINVAL);
	KUNIT_EXPECT_EQ(test, irq_set_affinity(irq, &CPU_MASK_ALL), 0);
	pend(irq);
	KUNIT_EXPECT_EQ(test, line.calls, 1);
	KUNIT_EXPECT_EQ(test, kstat_irqs_cpu(irq, 0), 1);
	free_irq(irq, &line);
}

static void a_cpus_own_lines_do_not_move(struct kunit *test)
{
	unsigned int ppi = map_line(test, 1, FREE_PPI, IRQ_TYPE_LEVEL_HIGH), sgi;

	KUNIT_EXPECT_EQ(test, irq_set_affinity(ppi, cpumask_of(0)), -EINVAL);
	irq_dispose_mapping(ppi);
	sgi = take_sgi(test);
	KUNIT_EXPECT_EQ(test, irq_set_affinity(sgi, cpumask_of(0)), -EIO);
	give_sgi(sgi);
}

/* ---- a handler that runs on another CPU ---- */

static void let_end(struct timer_list *timer)
{
	(void)timer;
	smp_store_release(&line.may_end, true);
}

static DEFINE_TIMER(end_timer, let_end);

/* The line's handler runs on the last CPU, and will until some time has gone. */
static unsigned int start_there(struct kunit *test)
{
	unsigned int irq;

	if (num_online_cpus() < 2)
		kunit_skip(test, "one CPU runs");
	line.waits = true;
	irq = take_spi(test);
	KUNIT_ASSERT_EQ(test, irq_set_affinity(irq, cpumask_of(num_online_cpus() - 1)), 0);
	pend(irq);
	KUNIT_EXPECT_TRUE(test, spin_until(smp_load_acquire(&line.began)));
	KUNIT_EXPECT_FALSE(test, smp_load_acquire(&line.ended));
	mod_timer(&end_timer, jiffies + 3);
	return irq;
}

static void synchronize_waits_for_another_cpu(struct kunit *test)
{
	unsigned int irq = start_there(test);

	synchronize_irq(irq);
	KUNIT_EXPECT_TRUE(test, line.ended);
	del_timer_sync(&end_timer);
	free_irq(irq, &line);
}

static void disable_waits_for_another_cpu(struct kunit *test)
{
	unsigned int irq = start_there(test);

	disable_irq_nosync(irq);
	KUNIT_EXPECT_FALSE(test, line.ended);
	disable_irq(irq);
	KUNIT_EXPECT_TRUE(test, line.ended);
	del_timer_sync(&end_timer);
	free_irq(irq, &line);
}

static void free_waits_for_another_cpu(struct kunit *test)
{
	unsigned int irq = start_there(test);

	free_irq(irq, &line);
	KUNIT_EXPECT_TRUE(test, line.ended);
	del_timer_sync(&end_timer);
}

/* ---- hardware that does not come to rest ---- */

#ifdef CONFIG_IO_HOOK

#define GICR_RWP	BIT(3)	/* GICR_CTLR; the second frame is 64 KiB further on */
#define GICR_FRAME	0x10000
#define ENOUGH_POLLS	1000

static struct {
	unsigned long ctlr;		/* of the redistributor that a line was masked at */
	unsigned int polls;
} unrest;

static u32 unrest_read(struct io_hook *hook, unsigned long addr, unsigned int width)
{
	(void)hook;
	(void)width;
	if (addr != unrest.ctlr)
		return hal_io_read_u32((const volatile void __iomem *)addr);
	unrest.polls++;
	return GICR_RWP;
}

static void unrest_write(struct io_hook *hook, unsigned long addr, u32 value, unsigned int width)
{
	(void)hook;
	(void)width;
	if (addr % PAGE_SIZE == GICD_ICENABLER && value == BIT(FREE_SGI))
		unrest.ctlr = addr - GICD_ICENABLER - GICR_FRAME;
	hal_io_write_u32(value, (volatile void __iomem *)addr);
}

/* RWP of CPU 0's redistributor stays set: the wait for it has an end. */
static void mask_that_takes_no_effect_is_given_up(struct kunit *test)
{
	static struct io_hook hook = {
		.size = ~(size_t)0, .read = unrest_read, .write = unrest_write,
	};
	unsigned int irq;

	if (!is_v3(gic_node(test)))
		kunit_skip(test, "a GICv2 has no RWP");
	irq = take_sgi(test);
	memset(&unrest, 0, sizeof(unrest));
	io_hook_install(&hook);
	disable_percpu_irq(irq);
	io_hook_remove();
	KUNIT_EXPECT_NE(test, unrest.ctlr, 0);
	KUNIT_EXPECT_GE(test, unrest.polls, ENOUGH_POLLS);
	give_sgi(irq);
}

#endif

static const struct kunit_case cases[] = {
	KUNIT_CASE(pended_spi_is_delivered_once),
	KUNIT_CASE(disabled_spi_waits_in_the_gic),
	KUNIT_CASE(each_free_spi_is_delivered),
	KUNIT_CASE(spi_is_rising_or_high),
	KUNIT_CASE(unmapped_spi_is_masked_and_others_still_come),
	KUNIT_CASE(wrong_cells_name_nothing),
	KUNIT_CASE(sgi_to_self_arrives),
	KUNIT_CASE(sgi_reaches_the_cpu_named_and_no_other),
	KUNIT_CASE(sgi_to_a_set_reaches_each_of_it),
	KUNIT_CASE(spi_moves_to_the_cpu_named),
	KUNIT_CASE(disabled_spi_moves_and_stays_disabled),
	KUNIT_CASE(no_edge_is_lost_while_its_line_moves),
	KUNIT_CASE(spi_goes_nowhere_but_to_a_cpu_that_runs),
	KUNIT_CASE(a_cpus_own_lines_do_not_move),
	KUNIT_CASE(synchronize_waits_for_another_cpu),
	KUNIT_CASE(disable_waits_for_another_cpu),
	KUNIT_CASE(free_waits_for_another_cpu),
#ifdef CONFIG_IO_HOOK
	KUNIT_CASE(mask_that_takes_no_effect_is_given_up),
#endif
	{}
};

static struct kunit_suite suite = {
	.name = "gic",
	.init = case_init,
	.exit = case_exit,
	.test_cases = cases,
};
kunit_test_suite(suite);
