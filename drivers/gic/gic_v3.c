/* SPDX-License-Identifier: MIT */
/*
 * Arm GICv3, always with affinity routing: a distributor for SPIs, a redistributor for each CPU,
 * which has its SGIs and PPIs, and a CPU interface of system registers (<hal/gicv3.h>).
 *
 * A write to the distributor or a redistributor takes effect some time later; RWP says until when,
 * and whoever masks a line waits for it. No wait is without an end: hardware that does not come to
 * rest is told of.
 *
 * Runs in secure state, with lines in secure group 1, or with all in the non-secure one or in the
 * only one. LPIs, from INTID 8192 on, are not used. Document: ARM IHI 0069H.
 *
 * Locking: none beyond gic_common.c's; affinity is set with the line's descriptor locked.
 */
#define pr_fmt(fmt) "gic: " fmt

#include <drivers/irqchip.h>
#include <drivers/of_address.h>
#include <hal/gicv3.h>
#include <kernel/cpumask.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <lib/bitfield.h>
#include <lib/errno.h>

#include "gic_priv.h"
#include "gic_v3_regs.h"

#define WAIT_POLLS	100000	/* reads of a register that does not change: under a second */
#define REGIONS_MAX	32

/* MPIDR's fields, and IROUTER's and GICR_TYPER's */
#define AFF0		GENMASK(7, 0)
#define AFF1		GENMASK(15, 8)
#define AFF2		GENMASK(23, 16)

struct gic_v3 {
	struct irq_domain *domain;		/* [I] gic.domain, near at hand */
	void __iomem *rdist[CONFIG_NR_CPUS];	/* [I] each CPU's; NULL: it has none */
	u32 group;				/* [I] what IGROUPR has for our lines */
	u32 enable;				/* [I] GICD_CTLR of a distributor that runs */
};

static struct gic_v3 v3;

/* False, and told: after WAIT_POLLS reads one of the bits is still set. */
static bool gic_settles(void __iomem *reg, u32 bits, const char *what)
{
	for (unsigned int i = 0; i < WAIT_POLLS; i++) {
		if (!(readl_relaxed(reg) & bits))
			return true;
		cpu_relax();
	}
	pr_err_ratelimited("CPU %u: %s\n", smp_processor_id(), what);
	return false;
}

static bool gic_dist_settles(void)
{
	return gic_settles(gic.dist + GICD_CTLR, GICD_CTLR_RWP, "the distributor does not settle");
}

static bool gic_own_settles(void)
{
	return gic_settles(v3.rdist[smp_processor_id()] + GICR_CTLR, GICR_CTLR_RWP,
			   "the redistributor does not settle");
}

/* The line's last write is in effect, or it is told that it is not. */
static void gic_settle(struct irq_data *d)
{
	if (d->hwirq < GIC_SPI_FIRST)
		gic_own_settles();
	else
		gic_dist_settles();
}

static void gic_v3_mask_irq(struct irq_data *d)
{
	gic_mask_irq(d);
	gic_settle(d);
}

static void gic_eoi_irq(struct irq_data *d)
{
	gic_write_eoir((u32)d->hwirq);
}

/* To the one CPU, not to any. The upper half is level 3, which is 0 in this state. */
static void gic_write_irouter(irq_hw_number_t hwirq, u32 affinity)
{
	void __iomem *reg = gic.dist + GICD_IROUTER + hwirq * 8;

	writel_relaxed(affinity, reg);
	writel_relaxed(0, reg + 4);
}

/* The line is off meanwhile: it is never routed by half of an old and half of a new word. */
static int gic_set_affinity(struct irq_data *d, const struct cpumask *dest, bool force)
{
	unsigned int cpu = cpumask_first_online(dest);
	bool is_on;

	(void)force;
	if (d->hwirq < GIC_SPI_FIRST || cpu >= nr_cpu_ids)
		return -EINVAL;
	is_on = gic_peek(d, GICD_ISENABLER);
	if (is_on)
		gic_v3_mask_irq(d);
	gic_write_irouter(d->hwirq, cpu_logical_map(cpu));
	if (is_on)
		gic_unmask_irq(d);
	else
		gic_settle(d);
	return IRQ_SET_MASK_OK_DONE;
}

static void gic_ipi_send_single(struct irq_data *d, unsigned int cpu)
{
	u32 affinity = cpu_logical_map(cpu);
	u64 aff0 = FIELD_GET(AFF0, affinity);

	gic_write_sgi1r(FIELD_PREP(ICC_SGI1R_AFF2, (u64)FIELD_GET(AFF2, affinity)) |
			FIELD_PREP(ICC_SGI1R_AFF1, (u64)FIELD_GET(AFF1, affinity)) |
			FIELD_PREP(ICC_SGI1R_RANGE, aff0 / 16) |
			FIELD_PREP(ICC_SGI1R_INTID, (u64)d->hwirq) |
			FIELD_PREP(ICC_SGI1R_TARGETS, BIT_ULL(aff0 % 16)));
}

static void gic_ipi_send_mask(struct irq_data *d, const struct cpumask *dest)
{
	unsigned int cpu;

	for_each_cpu(cpu, dest)
		gic_ipi_send_single(d, cpu);
}

static const struct irq_chip gic_chip = {
	.name = "GICv3",
	.irq_mask = gic_v3_mask_irq,
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
	.name = "GICv3-SGI",
	.irq_mask = gic_v3_mask_irq,
	.irq_unmask = gic_unmask_irq,
	.irq_eoi = gic_eoi_irq,
	.irq_set_type = gic_set_type,
	.irq_get_irqchip_state = gic_get_irqchip_state,
	.irq_set_irqchip_state = gic_set_irqchip_state,
	.ipi_send_single = gic_ipi_send_single,
	.ipi_send_mask = gic_ipi_send_mask,
	.flags = IRQCHIP_SKIP_SET_WAKE | IRQCHIP_IMMUTABLE,
};

/* Nobody has the line: off with it, or it comes for ever. */
static noinline void gic_unmapped(u32 id)
{
	if (id >= GIC_ID_MAX)
		return;
	writel_relaxed(BIT(id % 32), gic_base(id) + GICD_ICENABLER + id / 32 * 4);
	gic_write_eoir(id);
	pr_warn("INTID %u came and has no user: masked\n", id);
}

static void gic_handle_irq(void)
{
	u32 id = gic_read_iar();

	if (unlikely(generic_handle_domain_irq(v3.domain, id)))
		gic_unmapped(id);
}

/* ---- distributor ---- */

/*
 * Only the secure view of two has the modifier of a group; with it all ones a line whose IGROUPR
 * is 0 is of secure group 1, which is ours there. In any other view it reads as 0.
 */
static void gic_find_view(void)
{
	bool secure;

	writel_relaxed(~0U, gic.dist + GICD_IGRPMODR + GIC_SPI_FIRST / 8);
	secure = readl_relaxed(gic.dist + GICD_IGRPMODR + GIC_SPI_FIRST / 8) != 0;
	v3.group = secure ? 0 : ~0U;
	v3.enable = GICD_CTLR_ARE |
		    (secure ? GICD_CTLR_ENABLE_G1S : GICD_CTLR_ENABLE_G1 | GICD_CTLR_ENABLE_G1A);
}

static int gic_dist_init(void)
{
	writel_relaxed(0, gic.dist + GICD_CTLR);
	if (!gic_dist_settles())
		return -ETIMEDOUT;
	gic_find_view();
	/* Groups off still: IROUTER is there only with affinity routing. */
	writel_relaxed(GICD_CTLR_ARE, gic.dist + GICD_CTLR);
	gic_reset_spis(v3.group);
	for (unsigned int id = GIC_SPI_FIRST; id < gic.nr_irqs; id += 32)
		writel_relaxed(~0U, gic.dist + GICD_IGRPMODR + id / 8);
	for (unsigned int id = GIC_SPI_FIRST; id < gic.nr_irqs; id++)
		gic_write_irouter(id, cpu_logical_map(0));
	writel_relaxed(v3.enable, gic.dist + GICD_CTLR);
	return gic_dist_settles() ? 0 : -ETIMEDOUT;
}

/* ---- what is the CPU's own: each does it for itself ---- */

/* Firmware may keep the register for itself: it reads as awake then, and is. */
static int gic_wake(void __iomem *rdist)
{
	u32 waker = readl_relaxed(rdist + GICR_WAKER);

	writel_relaxed(waker & ~(u32)GICR_WAKER_SLEEP, rdist + GICR_WAKER);
	return gic_settles(rdist + GICR_WAKER, GICR_WAKER_ASLEEP,
			   "the redistributor does not wake up") ? 0 : -ETIMEDOUT;
}

static int gic_interface_init(unsigned int cpu)
{
	if (!gic_enable_sre()) {
		pr_err("CPU %u: its system registers are not left to the kernel\n", cpu);
		return -EIO;
	}
	gic_write_pmr(GIC_PMR_ALL);
	gic_write_bpr1(0);
	gic_write_ctlr(0);		/* EOImode 0 */
	gic_clear_active_priorities();
	gic_write_grpen1(ICC_IGRPEN1_ENABLE);
	return 0;
}

static int gic_cpu_init(unsigned int cpu)
{
	void __iomem *rdist = v3.rdist[cpu];
	int err;

	if (!rdist) {
		pr_err("CPU %u: no redistributor is for %x\n", cpu, cpu_logical_map(cpu));
		return -ENXIO;
	}
	err = gic_wake(rdist);
	if (err)
		return err;
	v3.domain = gic.domain;
	gic.own[cpu] = rdist + GICR_FRAME;
	gic_reset_lines(gic.own[cpu], GIC_SGI_FIRST, GIC_SPI_FIRST, v3.group);
	writel_relaxed(~0U, gic.own[cpu] + GICD_IGRPMODR);
	if (!gic_own_settles())
		return -ETIMEDOUT;
	return gic_interface_init(cpu);
}

static const struct gic_version gic_v3 = {
	.name = "GICv3",
	.chip = &gic_chip,
	.sgi_chip = &gic_sgi_chip,
	.dist_init = gic_dist_init,
	.cpu_init = gic_cpu_init,
	.handle_irq = gic_handle_irq,
};

/* ---- from the tree ---- */

/* Whose redistributor it is of the CPUs of the tree that have none yet; nr_cpu_ids: nobody's. */
static unsigned int gic_owner(u32 affinity)
{
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		if (!v3.rdist[cpu] && cpu_logical_map(cpu) == affinity)
			return cpu;
	return nr_cpu_ids;
}

/* Whether each CPU of the tree has one. */
static bool gic_all_found(void)
{
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		if (!v3.rdist[cpu] && cpu_logical_map(cpu) != INVALID_HWID)
			return false;
	return true;
}

/* The redistributor at `addr`: of a CPU or left aside. *typer: the lower half. */
static int gic_look_at(phys_addr_t addr, u32 *typer)
{
	void __iomem *rdist = ioremap(addr, GICR_FRAME + GICR_SGI_SIZE);
	unsigned int cpu;

	if (!rdist)
		return -ENOMEM;
	*typer = readl_relaxed(rdist + GICR_TYPER);
	cpu = gic_owner(readl_relaxed(rdist + GICR_TYPER_AFFINITY));
	if (cpu < nr_cpu_ids)
		v3.rdist[cpu] = rdist;
	else
		iounmap(rdist);
	return 0;
}

/* From one to the next, to the one that says that it is the last, or where the region ends. */
static int gic_scan_region(const struct resource *region, u64 stride)
{
	u64 left = resource_size(region), step;
	u32 typer = 0;

	for (u64 at = region->start; left >= 2 * GICR_FRAME && !(typer & GICR_TYPER_LAST);
	     at += step, left -= step) {
		int err = gic_look_at(at, &typer);

		if (err || gic_all_found())
			return err;
		step = stride ? stride : (typer & GICR_TYPER_VLPIS ? 4 : 2) * GICR_FRAME;
		if (step > left)
			break;
	}
	return 0;
}

static int gic_find_rdists(struct device_node *node)
{
	u32 regions = 1;
	u64 stride = 0;

	of_property_read_u32(node, "#redistributor-regions", &regions);
	of_property_read_u64(node, "redistributor-stride", &stride);
	if (!regions || regions > REGIONS_MAX || stride % GICR_FRAME ||
	    (stride && stride < 2 * GICR_FRAME))
		return -EINVAL;
	for (u32 i = 0; i < regions && !gic_all_found(); i++) {
		struct resource region;
		int err = of_address_to_resource(node, (int)i + 1, &region);

		if (!err)
			err = gic_scan_region(&region, stride);
		if (err)
			return err;
	}
	return 0;
}

static int gic_check_version(void)
{
	u32 arch = FIELD_GET(GICD_PIDR2_ARCH, readl_relaxed(gic.dist + GICD_PIDR2));

	if ((arch == 3 || arch == 4) && gic_has_sysregs())
		return 0;
	pr_err("version %u, %s system registers\n", arch, gic_has_sysregs() ? "with" : "without");
	return -ENODEV;
}

static void gic_unmap_all(void)
{
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++) {
		iounmap(v3.rdist[cpu]);
		v3.rdist[cpu] = NULL;
	}
	iounmap(gic.dist);
	gic.dist = NULL;
}

static int __init gic_of_init(struct device_node *node, struct device_node *parent)
{
	int err;

	if (parent)
		return -EOPNOTSUPP;	/* one below another: no board of ours has it */
	if (gic.dist)
		return -EBUSY;
	gic.dist = gic_map(node, 0, GICD_V3_SIZE);
	if (!gic.dist)
		return -ENXIO;
	err = gic_check_version();
	if (!err)
		err = gic_find_rdists(node);
	if (!err)
		err = gic_start(node, &gic_v3, NULL);
	if (err && !gic.domain)
		gic_unmap_all();
	return err;
}

IRQCHIP_DECLARE(gic_v3, "arm,gic-v3", gic_of_init);
