/* SPDX-License-Identifier: MIT */
/*
 * Arm GICv2: the distributor's targets and the CPU interface. IAR acknowledges, the end of the
 * flow handler writes EOIR, which drops priority and active state in one (EOImode 0). An SGI's
 * EOIR wants the source CPU that IAR named, so the word is kept.
 *
 * Runs in secure state (group 0) or non-secure state (group 1) with the same code:
 * the enable bits are banked. Document: ARM IHI 0048B.b.
 *
 * Locking: none beyond gic_common.c's. Each access is one of a byte or of a word that is
 * nobody else's.
 */
#define pr_fmt(fmt) "gic: " fmt

#include <drivers/irqchip.h>
#include <hal/barrier.h>
#include <kernel/cpumask.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <lib/bitfield.h>
#include <lib/errno.h>
#include <lib/minmax.h>

#include "gic_priv.h"

#define GICV2_CPUS	8

struct gic_v2 {
	u32 iar[CONFIG_NR_CPUS];		/* [c] what IAR said last */
	void __iomem *cpu;			/* [I] */
	struct irq_domain *domain;		/* [I] gic.domain, near at hand */
	u8 cpu_map[GICV2_CPUS];			/* [I] each CPU's bit in ITARGETSR; 0: not known */
};

static struct gic_v2 v2;

static u32 gicd_read(unsigned int reg)
{
	return readl_relaxed(gic.dist + reg);
}

static void gicd_write(u32 value, unsigned int reg)
{
	writel_relaxed(value, gic.dist + reg);
}

static void gic_eoi_irq(struct irq_data *d)
{
	struct gic_v2 *data = irq_data_get_irq_chip_data(d);

	writel_relaxed(d->hwirq, data->cpu + GICC_EOIR);
}

static int gic_set_affinity(struct irq_data *d, const struct cpumask *dest, bool force)
{
	unsigned int cpu = cpumask_first_online(dest);

	(void)force;
	if (d->hwirq < GIC_SPI_FIRST || cpu >= GICV2_CPUS || !v2.cpu_map[cpu])
		return -EINVAL;
	writeb_relaxed(v2.cpu_map[cpu], gic.dist + GICD_ITARGETSR + d->hwirq);
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
		gic_send_sgi(d, GIC_SGI_TO_LIST, v2.cpu_map[cpu]);
}

static void gic_ipi_send_mask(struct irq_data *d, const struct cpumask *dest)
{
	unsigned int cpu;
	u32 targets = 0;

	for_each_set_bit(cpu, dest->bits, min(nr_cpu_ids, (unsigned int)GICV2_CPUS))
		targets |= v2.cpu_map[cpu];
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
	writel_relaxed(v2.iar[smp_processor_id()], v2.cpu + GICC_EOIR);
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
	writel_relaxed(iar, v2.cpu + GICC_EOIR);
	pr_warn("INTID %u came and has no user: masked\n", id);
}

static void gic_handle_irq(void)
{
	u32 iar = readl_relaxed(v2.cpu + GICC_IAR);

	v2.iar[smp_processor_id()] = iar;
	if (unlikely(generic_handle_domain_irq(v2.domain, FIELD_GET(GICC_IAR_ID, iar))))
		gic_unmapped(iar);
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

static int gic_dist_init(void)
{
	u32 target = gic_own_target();

	gicd_write(0, GICD_CTLR);
	gic_reset_spis(0);
	for (unsigned int id = GIC_SPI_FIRST; id < gic.nr_irqs; id += 4)
		gicd_write(target * 0x01010101U, GICD_ITARGETSR + id);
	gicd_write(GICD_CTLR_ENABLE, GICD_CTLR);
	return 0;
}

/* What is the CPU's own: each does it for itself. */
static int gic_cpu_init(unsigned int cpu)
{
	u32 bypass = readl_relaxed(v2.cpu + GICC_CTLR) & GICC_CTLR_BYPASS;

	v2.cpu_map[cpu] = gic_own_target();
	v2.domain = gic.domain;
	gic.own[cpu] = gic.dist;
	gic_reset_lines(gic.dist, GIC_SGI_FIRST, GIC_SPI_FIRST, 0);
	writel_relaxed(GIC_PMR_ALL, v2.cpu + GICC_PMR);
	if (FIELD_GET(GICC_IIDR_ARCH, readl_relaxed(v2.cpu + GICC_IIDR)) == 2)
		for (unsigned int i = 0; i < 4; i++)
			writel_relaxed(0, v2.cpu + GICC_APR + i * 4);
	writel_relaxed(bypass | GICC_CTLR_ENABLE, v2.cpu + GICC_CTLR);
	return 0;
}

static const struct gic_version gic_v2 = {
	.name = "GICv2",
	.chip = &gic_chip,
	.sgi_chip = &gic_sgi_chip,
	.dist_init = gic_dist_init,
	.cpu_init = gic_cpu_init,
	.handle_irq = gic_handle_irq,
};

static int __init gic_of_init(struct device_node *node, struct device_node *parent)
{
	int err = -ENXIO;

	if (parent)
		return -EOPNOTSUPP;	/* one below another: no board of ours has it */
	if (gic.dist)
		return -EBUSY;
	gic.dist = gic_map(node, 0, GICD_SIZE);
	v2.cpu = gic_map(node, 1, GICC_SIZE);
	if (gic.dist && v2.cpu)
		err = gic_start(node, &gic_v2, &v2);
	if (!err || gic.domain)
		return err;
	iounmap(gic.dist);
	iounmap(v2.cpu);
	gic.dist = NULL;
	return err;
}

IRQCHIP_DECLARE(gic_400, "arm,gic-400", gic_of_init);
IRQCHIP_DECLARE(cortex_a15_gic, "arm,cortex-a15-gic", gic_of_init);
IRQCHIP_DECLARE(cortex_a9_gic, "arm,cortex-a9-gic", gic_of_init);
IRQCHIP_DECLARE(cortex_a7_gic, "arm,cortex-a7-gic", gic_of_init);
