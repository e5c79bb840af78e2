/* SPDX-License-Identifier: MIT */
/*
 * Between the GIC's versions and what they share: one GIC, the root of interrupts.
 */
#ifndef GIC_PRIV_H
#define GIC_PRIV_H

#include <drivers/of.h>
#include <kernel/io.h>
#include <kernel/irq.h>
#include <kernel/irqdomain.h>
#include <kernel/smp.h>
#include <kernel/spinlock.h>
#include <lib/types.h>

#include "gic_regs.h"

/* What one version does in its own way. */
struct gic_version {
	const char *name;
	const struct irq_chip *chip;		/* of PPIs and SPIs */
	const struct irq_chip *sgi_chip;
	int (*dist_init)(void);			/* all off and at rest; once, before a domain */
	int (*cpu_init)(unsigned int cpu);	/* on each CPU, as cpuhp_setup_state() */
	void (*handle_irq)(void);
};

struct gic {
	const struct gic_version *version;	/* [I] */
	void __iomem *dist;			/* [I] */
	void __iomem *own[CONFIG_NR_CPUS];	/* [I] after cpu_init(): of INTIDs 0-31 */
	struct irq_domain *domain;		/* [I] */
	unsigned int nr_irqs;			/* [I] SGIs and PPIs included */
	raw_spinlock_t lock;
};

extern struct gic gic;

/* Where the line's registers are; of one of the CPU's own, this CPU's. */
static inline void __iomem *gic_base(irq_hw_number_t hwirq)
{
	return hwirq < GIC_SPI_FIRST ? gic.own[smp_processor_id()] : gic.dist;
}

/*
 * Starts the GIC whose gic.dist is mapped; the lines' chip_data is `chip_data`.
 * Context: boot. Return: 0; what the version's functions say, and -ENOMEM; without a
 * gic.domain then nothing of it is in use.
 */
int gic_start(struct device_node *node, const struct gic_version *version, void *chip_data);

/* Registers `index` of the node, if there is room for all that are used. Context: boot. */
void __iomem *gic_map(struct device_node *node, int index, u64 least);

/* INTIDs [from, to) of the registers at `base`; `group` is a word of IGROUPR. */
void gic_reset_lines(void __iomem *base, unsigned int from, unsigned int to, u32 group);
/* The same for all SPIs, which are then level lines. */
void gic_reset_spis(u32 group);

/* The line's bit in one of the registers that have one per line. */
bool gic_peek(struct irq_data *d, unsigned int reg);

/* For the chips. */
void gic_mask_irq(struct irq_data *d);
void gic_unmask_irq(struct irq_data *d);
int gic_set_type(struct irq_data *d, unsigned int type);
int gic_retrigger(struct irq_data *d);
int gic_get_irqchip_state(struct irq_data *d, enum irqchip_irq_state which, bool *state);
int gic_set_irqchip_state(struct irq_data *d, enum irqchip_irq_state which, bool state);

#endif
