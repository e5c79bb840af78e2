/* SPDX-License-Identifier: MIT */
/*
 * Arm PL061: eight GPIO lines, each of which can raise the part's interrupt.
 *
 * A line's value is an address of its own, so get and set are one access and need
 * no lock. The registers that lines share are read, changed and written under the
 * lock, but IC, where a bit written clears and the others do nothing.
 * Document: ARM DDI 0190B.
 *
 * Locking: lock, with interrupts off, for DIR, IS, IBE, IEV and IE; inside the
 * descriptor's lock.
 */
#include <drivers/amba/bus.h>
#include <drivers/gpio/driver.h>
#include <kernel/io.h>
#include <kernel/seq_file.h>
#include <kernel/spinlock.h>
#include <lib/bitops.h>
#include <lib/errno.h>

#include "pl061_regs.h"

/* Looks at MIS in one interrupt; what still comes then raises the next. */
#define PL061_MAX_PASSES	8

struct pl061 {
	struct gpio_chip gc;		/* [I] */
	void __iomem *base;		/* [I] */
	unsigned int parent_irq;	/* [I] 0: it has none */
	raw_spinlock_t lock;
};

static struct pl061 *to_pl061(struct gpio_chip *gc)
{
	return container_of(gc, struct pl061, gc);
}

static u8 pl061_read(struct pl061 *pl061, unsigned int reg)
{
	return readb(pl061->base + reg);
}

static void pl061_write(struct pl061 *pl061, u32 value, unsigned int reg)
{
	writeb(value, pl061->base + reg);
}

/* Sets or clears the line's bit. */
static void pl061_assign(struct pl061 *pl061, unsigned int offset, unsigned int reg, bool on)
	__must_hold(&pl061->lock)
{
	u8 old = pl061_read(pl061, reg);

	pl061_write(pl061, on ? old | BIT(offset) : old & ~BIT(offset), reg);
}

/* Lines. */

static int pl061_get_direction(struct gpio_chip *gc, unsigned int offset)
{
	bool out = pl061_read(to_pl061(gc), PL061_DIR) & BIT(offset);

	return out ? GPIO_LINE_DIRECTION_OUT : GPIO_LINE_DIRECTION_IN;
}

static int pl061_get(struct gpio_chip *gc, unsigned int offset)
{
	return !!pl061_read(to_pl061(gc), PL061_DATA_LINE(offset));
}

static void pl061_set(struct gpio_chip *gc, unsigned int offset, int value)
{
	pl061_write(to_pl061(gc), value ? BIT(offset) : 0, PL061_DATA_LINE(offset));
}

static int pl061_get_multiple(struct gpio_chip *gc, unsigned long *mask, unsigned long *bits)
{
	*bits = pl061_read(to_pl061(gc), PL061_DATA(*mask & PL061_ALL));
	return 0;
}

static void pl061_set_multiple(struct gpio_chip *gc, unsigned long *mask, unsigned long *bits)
{
	pl061_write(to_pl061(gc), *bits, PL061_DATA(*mask & PL061_ALL));
}

static int pl061_direction_input(struct gpio_chip *gc, unsigned int offset)
{
	struct pl061 *pl061 = to_pl061(gc);

	guard(raw_spinlock_irqsave)(&pl061->lock);
	pl061_assign(pl061, offset, PL061_DIR, false);
	return 0;
}

/*
 * The value first, so that the pin never shows another one; and again, because a
 * write to an input may have been ignored.
 */
static int pl061_direction_output(struct gpio_chip *gc, unsigned int offset, int value)
{
	struct pl061 *pl061 = to_pl061(gc);

	guard(raw_spinlock_irqsave)(&pl061->lock);
	pl061_set(gc, offset, value);
	pl061_assign(pl061, offset, PL061_DIR, true);
	pl061_set(gc, offset, value);
	return 0;
}

/* Interrupts. */

/* What the three registers of the sense have for a type. */
struct pl061_sense {
	bool level;	/* IS */
	bool both;	/* IBE */
	bool high;	/* IEV */
};

static bool pl061_sense_of(unsigned int type, struct pl061_sense *sense)
{
	*sense = (struct pl061_sense){
		.level = type & IRQ_TYPE_LEVEL_MASK,
		.both = type == IRQ_TYPE_EDGE_BOTH,
		.high = type == IRQ_TYPE_EDGE_RISING || type == IRQ_TYPE_LEVEL_HIGH,
	};
	switch (type) {
	case IRQ_TYPE_NONE:
	case IRQ_TYPE_EDGE_RISING:
	case IRQ_TYPE_EDGE_FALLING:
	case IRQ_TYPE_EDGE_BOTH:
	case IRQ_TYPE_LEVEL_HIGH:
	case IRQ_TYPE_LEVEL_LOW:
		return true;
	default:
		return false;
	}
}

static irq_flow_handler_t pl061_flow(unsigned int type)
{
	if (type == IRQ_TYPE_NONE)
		return handle_bad_irq;
	return (type & IRQ_TYPE_LEVEL_MASK) ? handle_level_irq : handle_edge_irq;
}

/*
 * A change of the sense can latch an event that never was, so the line is masked (by
 * the core) while it changes and cleared after.
 */
static int pl061_irq_set_type(struct irq_data *d, unsigned int type)
{
	struct gpio_chip *gc = irq_data_get_irq_chip_data(d);
	struct pl061 *pl061 = to_pl061(gc);
	unsigned int offset = irqd_to_hwirq(d);
	struct pl061_sense sense;

	if (offset >= PL061_LINES || !pl061_sense_of(type, &sense))
		return -EINVAL;
	if (type == IRQ_TYPE_NONE)
		dev_warn(gc->parent, "line %u: no trigger type, no interrupts\n", offset);
	guard(raw_spinlock_irqsave)(&pl061->lock);
	pl061_assign(pl061, offset, PL061_IS, sense.level);
	pl061_assign(pl061, offset, PL061_IBE, sense.both);
	pl061_assign(pl061, offset, PL061_IEV, sense.high);
	pl061_write(pl061, BIT(offset), PL061_IC);
	irq_set_handler_locked(d, pl061_flow(type));
	return 0;
}

static void pl061_irq_ack(struct irq_data *d)
{
	struct gpio_chip *gc = irq_data_get_irq_chip_data(d);

	pl061_write(to_pl061(gc), BIT(irqd_to_hwirq(d)), PL061_IC);
}

static void pl061_irq_mask(struct irq_data *d)
{
	struct gpio_chip *gc = irq_data_get_irq_chip_data(d);
	struct pl061 *pl061 = to_pl061(gc);

	scoped_guard(raw_spinlock_irqsave, &pl061->lock)
		pl061_assign(pl061, irqd_to_hwirq(d), PL061_IE, false);
	gpiochip_disable_irq(gc, irqd_to_hwirq(d));
}

/*
 * QEMU latches a level, and a clear while it is there has no effect: without the
 * second clear, here, a level that has gone would be handled once more. On the
 * part a level's status follows the pin and the clear does nothing.
 */
static void pl061_irq_unmask(struct irq_data *d)
{
	struct gpio_chip *gc = irq_data_get_irq_chip_data(d);
	struct pl061 *pl061 = to_pl061(gc);

	gpiochip_enable_irq(gc, irqd_to_hwirq(d));
	guard(raw_spinlock_irqsave)(&pl061->lock);
	if (irqd_is_level_type(d))
		pl061_write(pl061, BIT(irqd_to_hwirq(d)), PL061_IC);
	pl061_assign(pl061, irqd_to_hwirq(d), PL061_IE, true);
}

static int pl061_irq_set_wake(struct irq_data *d, unsigned int on)
{
	struct gpio_chip *gc = irq_data_get_irq_chip_data(d);

	return irq_set_irq_wake(to_pl061(gc)->parent_irq, on);
}

static void pl061_irq_print_chip(struct irq_data *d, struct seq_file *p)
{
	struct gpio_chip *gc = irq_data_get_irq_chip_data(d);

	seq_puts(p, gc->label);
}

static const struct irq_chip pl061_irq_chip = {
	.name = "pl061",
	.irq_ack = pl061_irq_ack,
	.irq_mask = pl061_irq_mask,
	.irq_unmask = pl061_irq_unmask,
	.irq_set_type = pl061_irq_set_type,
	.irq_set_wake = pl061_irq_set_wake,
	.irq_print_chip = pl061_irq_print_chip,
	.flags = IRQCHIP_IMMUTABLE | IRQCHIP_SET_TYPE_MASKED,
	GPIOCHIP_IRQ_RESOURCE_HELPERS,
};

/* A line that nobody has mapped, and that is on all the same. */
static void pl061_silence(struct pl061 *pl061, unsigned int offset)
{
	guard(raw_spinlock_irqsave)(&pl061->lock);
	pl061_assign(pl061, offset, PL061_IE, false);
	pl061_write(pl061, BIT(offset), PL061_IC);
}

static void pl061_irq_handler(struct irq_desc *desc)
{
	struct gpio_chip *gc = irq_desc_get_handler_data(desc);
	struct irq_chip *parent = irq_desc_get_chip(desc);
	struct pl061 *pl061 = to_pl061(gc);
	u32 pending;

	chained_irq_enter(parent, desc);
	for (int pass = 0; pass < PL061_MAX_PASSES; pass++) {
		pending = pl061_read(pl061, PL061_MIS);
		if (!pending)
			break;
		for (; pending; pending &= pending - 1)
			if (generic_handle_domain_irq(gc->irq.domain, __ffs(pending)))
				pl061_silence(pl061, __ffs(pending));
	}
	chained_irq_exit(parent, desc);
}

static int pl061_init_hw(struct gpio_chip *gc)
{
	struct pl061 *pl061 = to_pl061(gc);

	pl061_write(pl061, 0, PL061_IE);
	pl061_write(pl061, PL061_ALL, PL061_IC);
	return 0;
}

/* The device. */

static void pl061_quiesce(void *data)
{
	pl061_write(data, 0, PL061_IE);
}

static void pl061_setup_chip(struct pl061 *pl061, struct device *dev)
{
	struct gpio_chip *gc = &pl061->gc;
	struct gpio_irq_chip *girq = &gc->irq;

	gc->label = dev_name(dev);
	gc->parent = dev;
	gc->owner = THIS_MODULE;
	gc->base = -1;
	gc->ngpio = PL061_LINES;
	gc->get_direction = pl061_get_direction;
	gc->direction_input = pl061_direction_input;
	gc->direction_output = pl061_direction_output;
	gc->get = pl061_get;
	gc->get_multiple = pl061_get_multiple;
	gc->set = pl061_set;
	gc->set_multiple = pl061_set_multiple;
	if (!pl061->parent_irq) {
		dev_warn(dev, "no interrupt: lines without interrupts\n");
		return;
	}
	gpio_irq_chip_set_chip(girq, &pl061_irq_chip);
	girq->parent_handler = pl061_irq_handler;
	girq->num_parents = 1;
	girq->parents = &pl061->parent_irq;
	girq->default_type = IRQ_TYPE_NONE;
	girq->handler = handle_bad_irq;
	girq->init_hw = pl061_init_hw;
}

static int pl061_probe(struct amba_device *adev, const struct amba_id *id)
{
	struct device *dev = &adev->dev;
	struct pl061 *pl061 = devm_kzalloc(dev, sizeof(*pl061), GFP_KERNEL);
	int ret;

	(void)id;
	if (!pl061)
		return -ENOMEM;
	raw_spin_lock_init(&pl061->lock);
	pl061->base = devm_ioremap_registers(dev, &adev->res, PL061_SIZE);
	if (IS_ERR(pl061->base))
		return PTR_ERR(pl061->base);
	pl061->parent_irq = adev->irq[0];
	pl061_write(pl061, 0, PL061_IE);
	/* Undone after the chip is: then nobody turns a line on again. */
	ret = devm_add_action(dev, pl061_quiesce, pl061);
	if (ret)
		return ret;
	pl061_setup_chip(pl061, dev);
	ret = devm_gpiochip_add_data(dev, &pl061->gc, pl061);
	if (ret)
		return ret;
	amba_set_drvdata(adev, pl061);
	dev_info(dev, "PL061 rev %u, lines %d-%d, irq %u\n", amba_rev(adev), pl061->gc.base,
		 pl061->gc.base + PL061_LINES - 1, pl061->parent_irq);
	return 0;
}

static const struct amba_id pl061_ids[] = {
	{ .id = 0x00041061, .mask = 0x000fffff },
	{ 0 },
};

static struct amba_driver pl061_driver = {
	.drv = { .name = "pl061_gpio" },
	.id_table = pl061_ids,
	.probe = pl061_probe,
};
module_amba_driver(pl061_driver);
