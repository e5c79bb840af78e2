/* SPDX-License-Identifier: MIT */
/*
 * Arm GICv2, the root of interrupts: distributor and CPU interface.
 *
 * An INTID is the domain's number: SGIs 0-15, PPIs 16-31 (each CPU has them for
 * itself), SPIs from 32 on. IAR acknowledges, the end of the flow handler writes
 * EOIR, which drops priority and active state in one (EOImode 0). An SGI's EOIR
 * wants the source CPU that IAR named, so the word is kept.
 *
 * Runs in secure state (group 0) or non-secure state (group 1) with the same code:
 * the enable bits are banked. Document: ARM IHI 0048B.b.
 *
 * Locking: gic.lock for the words of ICFGR that lines share. All else is one write
 * to a set or clear register, or a byte.
 */
#define pr_fmt(fmt) "gic: " fmt

#include <drivers/irqchip.h>
#include <drivers/of_address.h>
#include <hal/barrier.h>
#include <kernel/cpuhotplug.h>
#include <kernel/cpumask.h>
#include <kernel/init.h>
#include <kernel/io.h>
#include <kernel/irq.h>
#include <kernel/irqdomain.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <lib/bitfield.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>

#include "gic_regs.h"

#define GICV2_CPUS	8
#define GIC_IPIS	8	/* SGIs 0-7: the others may be the secure side's */

struct gic_chip_data {
	void __iomem *dist;			/* [I] */
	void __iomem *cpu;			/* [I] */
	struct irq_domain *domain;		/* [I] */
	unsigned int nr_irqs;			/* [I] */
	u32 iar[CONFIG_NR_CPUS];		/* [c] what IAR said last */
	u8 cpu_map[GICV2_CPUS];			/* [I] each CPU's bit in ITARGETSR; 0: not known */
	raw_spinlock_t lock;
};

static struct gic_chip_data gic;

static u32 gicd_read(unsigned int reg)
{
	return readl_relaxed(gic.dist + reg);
}

static void gicd_write(u32 value, unsigned int reg)
{
	writel_relaxed(value, gic.dist + reg);
}

/* The line's bit in one of the registers that have one per line. */
static void gic_poke(struct irq_data *d, unsigned int reg)
{
	gicd_write(BIT(d->hwirq % 32), reg + d->hwirq / 32 * 4);
}

static bool gic_peek(struct irq_data *d, unsigned int reg)
{
	return gicd_read(reg + d->hwirq / 32 * 4) & BIT(d->hwirq % 32);
}

static void gic_mask_irq(struct irq_data *d)
{
	gic_poke(d, GICD_ICENABLER);
}

static void gic_unmask_irq(struct irq_data *d)
{
	gic_poke(d, GICD_ISENABLER);
}

static void gic_eoi_irq(struct irq_data *d)
{
	struct gic_chip_data *data = irq_data_get_irq_chip_data(d);

	writel_relaxed(d->hwirq, data->cpu + GICC_EOIR);
}

static int gic_configure(irq_hw_number_t hwirq, unsigned int type)
{
	unsigned int reg = GICD_ICFGR + hwirq / 16 * 4;
	u32 edge = (u32)GICD_ICFGR_EDGE << (hwirq % 16 * 2);
	u32 old, new;

	guard(raw_spinlock_irqsave)(&gic.lock);
	old = gicd_read(reg);
	new = (type & IRQ_TYPE_LEVEL_MASK) ? old & ~edge : old | edge;
	if (new == old)
		return 0;
	gicd_write(new, reg);
	return gicd_read(reg) == new ? 0 : -EINVAL;
}

/* The core masks the line around it, as the manual asks for. */
static int gic_set_type(struct irq_data *d, unsigned int type)
{
	int ret;

	if (d->hwirq < GIC_PPI_FIRST)
		return type == IRQ_TYPE_EDGE_RISING ? 0 : -EINVAL;
	if (type == IRQ_TYPE_NONE)
		return -EINVAL;
	if (d->hwirq >= GIC_SPI_FIRST && type != IRQ_TYPE_LEVEL_HIGH &&
	    type != IRQ_TYPE_EDGE_RISING)
		return -EINVAL;
	ret = gic_configure(d->hwirq, type);
	/* A PPI's type may be wired; the tree then says what the hardware is. */
	return d->hwirq < GIC_SPI_FIRST ? 0 : ret;
}

static int gic_retrigger(struct irq_data *d)
{
	gic_poke(d, GICD_ISPENDR);
	return 1;
}

static int gic_get_irqchip_state(struct irq_data *d, enum irqchip_irq_state which, bool *state)
{
	switch (which) {
	case IRQCHIP_STATE_PENDING:
		*state = gic_peek(d, GICD_ISPENDR);
		return 0;
	case IRQCHIP_STATE_ACTIVE:
		*state = gic_peek(d, GICD_ISACTIVER);
		return 0;
	case IRQCHIP_STATE_MASKED:
		*state = !gic_peek(d, GICD_ISENABLER);
		return 0;
	default:
		return -EINVAL;
	}
}

static int gic_set_irqchip_state(struct irq_data *d, enum irqchip_irq_state which, bool state)
{
	switch (which) {
	case IRQCHIP_STATE_PENDING:
		gic_poke(d, state ? GICD_ISPENDR : GICD_ICPENDR);
		return 0;
	case IRQCHIP_STATE_ACTIVE:
		gic_poke(d, state ? GICD_ISACTIVER : GICD_ICACTIVER);
		return 0;
	case IRQCHIP_STATE_MASKED:
		gic_poke(d, state ? GICD_ICENABLER : GICD_ISENABLER);
		return 0;
	default:
		return -EINVAL;
	}
}

static int gic_set_affinity(struct irq_data *d, const struct cpumask *dest, bool force)
{
	unsigned int cpu = cpumask_first_online(dest);

	(void)force;
	if (d->hwirq < GIC_SPI_FIRST || cpu >= GICV2_CPUS || !gic.cpu_map[cpu])
		return -EINVAL;
	writeb_relaxed(gic.cpu_map[cpu], gic.dist + GICD_ITARGETSR + d->hwirq);
	return IRQ_SET_MASK_OK_DONE;
}

/* What the caller wrote is seen by the CPUs that the SGI reaches. */
static void gic_send_sgi(struct irq_data *d, enum gic_sgi_filter filter, u32 targets)
{
	dmb(ishst);
	gicd_write(FIELD_PREP(GICD_SGIR_FILTER, (u32)filter) |
		   FIELD_PREP(GICD_SGIR_TARGETS, targets) |
		   FIELD_PREP(GICD_SGIR_ID, (u32)d->hwirq), GICD_SGIR);
}

static void gic_ipi_send_single(struct irq_data *d, unsigned int cpu)
{
	if (cpu == smp_processor_id())
		gic_send_sgi(d, GIC_SGI_TO_SELF, 0);
	else if (cpu < GICV2_CPUS)
		gic_send_sgi(d, GIC_SGI_TO_LIST, gic.cpu_map[cpu]);
}

static void gic_ipi_send_mask(struct irq_data *d, const struct cpumask *dest)
{
	unsigned int cpu;
	u32 targets = 0;

	for_each_set_bit(cpu, dest->bits, min(nr_cpu_ids, (unsigned int)GICV2_CPUS))
		targets |= gic.cpu_map[cpu];
	gic_send_sgi(d, GIC_SGI_TO_LIST, targets);
}

/* What the sender wrote before the SGI is read after it. */
static void gic_sgi_ack(struct irq_data *d)
{
	(void)d;
	smp_rmb();
}

static void gic_sgi_eoi(struct irq_data *d)
{
	(void)d;
	writel_relaxed(gic.iar[smp_processor_id()], gic.cpu + GICC_EOIR);
}

static const struct irq_chip gic_chip = {
	.name = "GICv2",
	.irq_mask = gic_mask_irq,
	.irq_unmask = gic_unmask_irq,
	.irq_eoi = gic_eoi_irq,
	.irq_set_type = gic_set_type,
	.irq_retrigger = gic_retrigger,
	.irq_set_affinity = gic_set_affinity,
	.irq_get_irqchip_state = gic_get_irqchip_state,
	.irq_set_irqchip_state = gic_set_irqchip_state,
	.flags = IRQCHIP_SET_TYPE_MASKED | IRQCHIP_SKIP_SET_WAKE | IRQCHIP_MASK_ON_SUSPEND |
		 IRQCHIP_IMMUTABLE,
};

static const struct irq_chip gic_sgi_chip = {
	.name = "GICv2-SGI",
	.irq_ack = gic_sgi_ack,
	.irq_mask = gic_mask_irq,
	.irq_unmask = gic_unmask_irq,
	.irq_eoi = gic_sgi_eoi,
	.irq_set_type = gic_set_type,
	.irq_get_irqchip_state = gic_get_irqchip_state,
	.ipi_send_single = gic_ipi_send_single,
	.ipi_send_mask = gic_ipi_send_mask,
	.flags = IRQCHIP_SKIP_SET_WAKE | IRQCHIP_IMMUTABLE,
};

/* Nobody has the line: off with it, or it comes for ever. */
static noinline void gic_unmapped(u32 iar)
{
	u32 id = FIELD_GET(GICC_IAR_ID, iar);

	if (id >= GIC_ID_MAX)
		return;
	gicd_write(BIT(id % 32), GICD_ICENABLER + id / 32 * 4);
	writel_relaxed(iar, gic.cpu + GICC_EOIR);
	pr_warn("INTID %u came and has no user: masked\n", id);
}

static void gic_handle_irq(void)
{
	u32 iar = readl_relaxed(gic.cpu + GICC_IAR);

	gic.iar[smp_processor_id()] = iar;
	if (unlikely(generic_handle_domain_irq(gic.domain, FIELD_GET(GICC_IAR_ID, iar))))
		gic_unmapped(iar);
}

/*
 * Three cells as in the device tree: SPI or PPI, number, flags (the trigger; for a
 * PPI also the CPUs, which is of no use to us). One cell: an SGI.
 */
static int gic_translate(struct irq_domain *d, struct irq_fwspec *fwspec,
			 unsigned long *hwirq, unsigned int *type)
{
	u32 kind = fwspec->param[0], number = fwspec->param[1];

	(void)d;
	if (fwspec->param_count == 1 && kind < GIC_PPI_FIRST) {
		*hwirq = kind;
		*type = IRQ_TYPE_EDGE_RISING;
		return 0;
	}
	if (fwspec->param_count < 3 || kind > 1)
		return -EINVAL;
	if (number >= (kind ? GIC_SPI_FIRST - GIC_PPI_FIRST : gic.nr_irqs - GIC_SPI_FIRST))
		return -EINVAL;
	*hwirq = number + (kind ? GIC_PPI_FIRST : GIC_SPI_FIRST);
	*type = fwspec->param[2] & IRQ_TYPE_SENSE_MASK;
	return 0;
}

static void gic_set_info(struct irq_domain *d, unsigned int virq, irq_hw_number_t hwirq)
{
	const struct irq_chip *chip = hwirq < GIC_PPI_FIRST ? &gic_sgi_chip : &gic_chip;

	if (hwirq >= GIC_SPI_FIRST) {
		irq_domain_set_info(d, virq, hwirq, chip, d->host_data, handle_fasteoi_irq, NULL,
				    "fasteoi");
		return;
	}
	irq_set_percpu_devid(virq);
	irq_domain_set_info(d, virq, hwirq, chip, d->host_data, handle_percpu_devid_irq, NULL,
			    "percpu");
}

static int gic_alloc(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs, void *arg)
{
	unsigned int type;
	unsigned long hwirq;
	int ret = gic_translate(d, arg, &hwirq, &type);

	if (ret)
		return ret;
	if (hwirq + nr_irqs > gic.nr_irqs)
		return -EINVAL;
	for (unsigned int i = 0; i < nr_irqs; i++)
		gic_set_info(d, virq + i, hwirq + i);
	return 0;
}

static const struct irq_domain_ops gic_domain_ops = {
	.translate = gic_translate,
	.alloc = gic_alloc,
	.free = irq_domain_free_irqs_top,
};

/* All lines off, idle, of one priority, in group 0 if that is ours to say. */
static void gic_reset_lines(unsigned int from, unsigned int to)
{
	for (unsigned int id = from; id < to; id += 32) {
		gicd_write(~0U, GICD_ICENABLER + id / 8);
		gicd_write(~0U, GICD_ICACTIVER + id / 8);
		gicd_write(0, GICD_IGROUPR + id / 8);
	}
	for (unsigned int id = from; id < to; id += 4)
		gicd_write(GIC_PRIO_DEFAULT * 0x01010101U, GICD_IPRIORITYR + id);
}

/* This CPU's bit: what any of its own lines has as target. None on a machine with one CPU. */
static u8 gic_own_target(void)
{
	for (unsigned int id = 0; id < GIC_SPI_FIRST; id += 4) {
		u32 targets = gicd_read(GICD_ITARGETSR + id);

		targets |= targets >> 16;
		targets |= targets >> 8;
		if (targets & 0xff)
			return targets & 0xff;
	}
	return 1;
}

static void gic_dist_init(void)
{
	u32 target = gic_own_target();

	gicd_write(0, GICD_CTLR);
	gic_reset_lines(GIC_SPI_FIRST, gic.nr_irqs);
	for (unsigned int id = GIC_SPI_FIRST; id < gic.nr_irqs; id += 4)
		gicd_write(target * 0x01010101U, GICD_ITARGETSR + id);
	for (unsigned int id = GIC_SPI_FIRST; id < gic.nr_irqs; id += 16)
		gicd_write(0, GICD_ICFGR + id / 4);
	gicd_write(GICD_CTLR_ENABLE, GICD_CTLR);
}

/* What is the CPU's own: each does it for itself. */
static int gic_cpu_init(unsigned int cpu)
{
	u32 bypass = readl_relaxed(gic.cpu + GICC_CTLR) & GICC_CTLR_BYPASS;

	gic.cpu_map[cpu] = gic_own_target();
	gic_reset_lines(GIC_SGI_FIRST, GIC_SPI_FIRST);
	writel_relaxed(GIC_PMR_ALL, gic.cpu + GICC_PMR);
	if (FIELD_GET(GICC_IIDR_ARCH, readl_relaxed(gic.cpu + GICC_IIDR)) == 2)
		for (unsigned int i = 0; i < 4; i++)
			writel_relaxed(0, gic.cpu + GICC_APR + i * 4);
	writel_relaxed(bypass | GICC_CTLR_ENABLE, gic.cpu + GICC_CTLR);
	return 0;
}

/* By which the CPUs reach one another. */
static void gic_ipis_init(struct irq_domain *domain)
{
	struct irq_fwspec fwspec = { .fwnode = domain->fwnode, .param_count = 1, .param = { 0 } };
	int base = irq_domain_alloc_irqs(domain, GIC_IPIS, NUMA_NO_NODE, &fwspec);

	set_smp_ipi_range(base, GIC_IPIS);
}

static int gic_start(struct device_node *node)
{
	u32 words = FIELD_GET(GICD_TYPER_ITLINES, gicd_read(GICD_TYPER)) + 1;
	int err;

	gic.nr_irqs = min_t(unsigned int, words * 32, GIC_ID_MAX);
	raw_spin_lock_init(&gic.lock);
	gic.domain = irq_domain_create_linear(of_node_to_fwnode(node), gic.nr_irqs,
					      &gic_domain_ops, &gic);
	if (!gic.domain)
		return -ENOMEM;
	gic_dist_init();
	pr_info("%pOF: %u interrupts\n", node, gic.nr_irqs - GIC_SPI_FIRST);
	err = set_handle_irq(gic_handle_irq);
	if (!err)
		err = cpuhp_setup_state(CPUHP_AP_IRQ_GIC_STARTING, "GICv2", gic_cpu_init, NULL);
	if (!err && IS_ENABLED(CONFIG_SMP))
		gic_ipis_init(gic.domain);
	return err;
}

/* Registers `index` of the node, if there is room for all that are used. */
static void __iomem *gic_map(struct device_node *node, int index, u64 least)
{
	u64 size = 0;

	if (!of_get_address(node, index, &size, NULL) || size < least)
		return NULL;
	return of_iomap(node, index);
}

static int __init gic_of_init(struct device_node *node, struct device_node *parent)
{
	if (parent)
		return -EOPNOTSUPP;	/* one below another: no board of ours has it */
	if (gic.dist)
		return -EBUSY;
	gic.dist = gic_map(node, 0, GICD_SIZE);
	gic.cpu = gic_map(node, 1, GICC_SIZE);
	if (gic.dist && gic.cpu)
		return gic_start(node);
	iounmap(gic.dist);
	iounmap(gic.cpu);
	gic.dist = NULL;
	return -ENXIO;
}

IRQCHIP_DECLARE(gic_400, "arm,gic-400", gic_of_init);
IRQCHIP_DECLARE(cortex_a15_gic, "arm,cortex-a15-gic", gic_of_init);
IRQCHIP_DECLARE(cortex_a9_gic, "arm,cortex-a9-gic", gic_of_init);
IRQCHIP_DECLARE(cortex_a7_gic, "arm,cortex-a7-gic", gic_of_init);
