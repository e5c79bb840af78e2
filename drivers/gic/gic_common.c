/* SPDX-License-Identifier: MIT */
/*
 * What the versions of the GIC have in common: the domain, how the tree names a line, and the
 * distributor's registers that have a bit, two or a byte for each line.
 *
 * INTIDs 0-31 are each CPU's own. Where their registers are is the version's to say (gic.own):
 * in the distributor, banked, or in the CPU's redistributor, at the same offsets.
 *
 * Locking: gic.lock for the words of ICFGR that lines share. All else is one write to a set or
 * clear register.
 */
#define pr_fmt(fmt) "gic: " fmt

#include <drivers/of_address.h>
#include <kernel/cpuhotplug.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <lib/bitfield.h>
#include <lib/errno.h>
#include <lib/minmax.h>

#include "gic_priv.h"

#define GIC_IPIS	8	/* SGIs 0-7: the others may be the secure side's */

struct gic gic;

static void __iomem *gic_word(struct irq_data *d, unsigned int reg)
{
	return gic_base(d->hwirq) + reg + d->hwirq / 32 * 4;
}

/* The line's bit in one of the registers that have one per line. */
static void gic_poke(struct irq_data *d, unsigned int reg)
{
	writel_relaxed(BIT(d->hwirq % 32), gic_word(d, reg));
}

bool gic_peek(struct irq_data *d, unsigned int reg)
{
	return readl_relaxed(gic_word(d, reg)) & BIT(d->hwirq % 32);
}

void gic_mask_irq(struct irq_data *d)
{
	gic_poke(d, GICD_ICENABLER);
}

void gic_unmask_irq(struct irq_data *d)
{
	gic_poke(d, GICD_ISENABLER);
}

static int gic_configure(irq_hw_number_t hwirq, unsigned int type)
{
	void __iomem *word = gic_base(hwirq) + GICD_ICFGR + hwirq / 16 * 4;
	u32 edge = (u32)GICD_ICFGR_EDGE << (hwirq % 16 * 2);
	u32 old, new;

	guard(raw_spinlock_irqsave)(&gic.lock);
	old = readl_relaxed(word);
	new = (type & IRQ_TYPE_LEVEL_MASK) ? old & ~edge : old | edge;
	if (new == old)
		return 0;
	writel_relaxed(new, word);
	return readl_relaxed(word) == new ? 0 : -EINVAL;
}

/* The core masks the line around it, as the manual asks for. */
int gic_set_type(struct irq_data *d, unsigned int type)
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

int gic_retrigger(struct irq_data *d)
{
	gic_poke(d, GICD_ISPENDR);
	return 1;
}

int gic_get_irqchip_state(struct irq_data *d, enum irqchip_irq_state which, bool *state)
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

int gic_set_irqchip_state(struct irq_data *d, enum irqchip_irq_state which, bool state)
{
	switch (which) {
	case IRQCHIP_STATE_PENDING:
		gic_poke(d, state ? GICD_ISPENDR : GICD_ICPENDR);
		return 0;
	case IRQCHIP_STATE_ACTIVE:
		gic_poke(d, state ? GICD_ISACTIVER : GICD_ICACTIVER);
		return 0;
	case IRQCHIP_STATE_MASKED:
		if (state)
			d->chip->irq_mask(d);
		else
			d->chip->irq_unmask(d);
		return 0;
	default:
		return -EINVAL;
	}
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
	const struct irq_chip *chip = hwirq < GIC_PPI_FIRST ? gic.version->sgi_chip :
							      gic.version->chip;

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

/* All lines off, idle, of one priority. */
void gic_reset_lines(void __iomem *base, unsigned int from, unsigned int to, u32 group)
{
	for (unsigned int id = from; id < to; id += 32) {
		writel_relaxed(~0U, base + GICD_ICENABLER + id / 8);
		writel_relaxed(~0U, base + GICD_ICACTIVER + id / 8);
		writel_relaxed(group, base + GICD_IGROUPR + id / 8);
	}
	for (unsigned int id = from; id < to; id += 4)
		writel_relaxed(GIC_PRIO_DEFAULT * 0x01010101U, base + GICD_IPRIORITYR + id);
}

void gic_reset_spis(u32 group)
{
	gic_reset_lines(gic.dist, GIC_SPI_FIRST, gic.nr_irqs, group);
	for (unsigned int id = GIC_SPI_FIRST; id < gic.nr_irqs; id += 16)
		writel_relaxed(0, gic.dist + GICD_ICFGR + id / 4);
}

/* By which the CPUs reach one another. */
static void gic_ipis_init(struct irq_domain *domain)
{
	struct irq_fwspec fwspec = { .fwnode = domain->fwnode, .param_count = 1, .param = { 0 } };
	int base = irq_domain_alloc_irqs(domain, GIC_IPIS, NUMA_NO_NODE, &fwspec);

	set_smp_ipi_range(base, GIC_IPIS);
}

int gic_start(struct device_node *node, const struct gic_version *version, void *chip_data)
{
	u32 words = FIELD_GET(GICD_TYPER_ITLINES, readl_relaxed(gic.dist + GICD_TYPER)) + 1;
	int err;

	gic.version = version;
	gic.nr_irqs = min_t(unsigned int, words * 32, GIC_ID_MAX);
	raw_spin_lock_init(&gic.lock);
	err = version->dist_init();
	if (err)
		return err;
	gic.domain = irq_domain_create_linear(of_node_to_fwnode(node), gic.nr_irqs,
					      &gic_domain_ops, chip_data);
	if (!gic.domain)
		return -ENOMEM;
	pr_info("%pOF: %s, %u interrupts\n", node, version->name, gic.nr_irqs - GIC_SPI_FIRST);
	err = set_handle_irq(version->handle_irq);
	if (!err)
		err = cpuhp_setup_state(CPUHP_AP_IRQ_GIC_STARTING, version->name,
					version->cpu_init, NULL);
	if (!err && IS_ENABLED(CONFIG_SMP))
		gic_ipis_init(gic.domain);
	return err;
}

void __iomem *gic_map(struct device_node *node, int index, u64 least)
{
	u64 size = 0;

	if (!of_get_address(node, index, &size, NULL) || size < least)
		return NULL;
	return of_iomap(node, index);
}
