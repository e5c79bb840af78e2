/* SPDX-License-Identifier: MIT */
/*
 * The PL061 driver over a scripted register block: which registers it writes, in which
 * order, and how often each kind of interrupt is handled.
 *
 * The fake follows the manual (ARM DDI 0190B): address bits 9:2 mask the data, writes
 * reach outputs alone, RIS latches edges and follows levels, IC clears edges. QEMU's
 * model latches levels too; `latching` makes the fake do so. Writes are written down
 * as "DIR=04 DATA[04]=04".
 */
#include <drivers/amba/bus.h>
#include <drivers/gpio.h>
#include <drivers/gpio/driver.h>
#include <hal/irqflags.h>
#include <kernel/interrupt.h>
#include <kernel/io.h>
#include <lib/bits.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <lib/string.h>
#include <test/kunit.h>

#define LINES		8
#define NOWHERE		0x3f000000	/* no device of the machine is there */
#define SIZE		0x1000
#define PARENT_LINE	0

/* Offsets, from the manual. */
enum { DIR = 0x400, IS = 0x404, IBE = 0x408, IEV = 0x40c, IE = 0x410, RIS = 0x414, MIS = 0x418,
       IC = 0x41c };

static struct fake {
	u8 data, dir, is, ibe, iev, ie;
	u8 latched;		/* what RIS has of its own */
	u8 wires;		/* what the outside drives */
	bool latching;		/* as QEMU: levels are latched too */
	unsigned int accesses;
	unsigned int ends;	/* of the parent's interrupt */
	bool parent_on;
	char log[400];
} fake;

static struct amba_device *adev;
static struct irq_domain *parent_domain;
static struct gpio_chip *gc;

/* ---- the fake's registers ---- */

static u8 pins(void)
{
	return (u8)((fake.dir & fake.data) | (~fake.dir & fake.wires));
}

static u8 levels(void)
{
	return (u8)(fake.is & ~(pins() ^ fake.iev));
}

static void latch_levels(void)
{
	if (fake.latching)
		fake.latched |= levels();
}

static u8 ris(void)
{
	latch_levels();
	return fake.latched | levels();
}

static void drive(unsigned int line, bool high)
{
	u8 before = pins(), changed, rising;

	latch_levels();
	fake.wires = (u8)(high ? fake.wires | BIT(line) : fake.wires & ~BIT(line));
	changed = before ^ pins();
	rising = changed & pins();
	fake.latched |= (u8)(~fake.is & changed &
			     (fake.ibe | (fake.iev & rising) | (~fake.iev & ~rising)));
	latch_levels();
}

static void note(unsigned long offset, u32 value)
{
	static const char *const names[] = { "DIR", "IS", "IBE", "IEV", "IE", "RIS", "MIS", "IC" };
	size_t len = strlen(fake.log);
	char *at = fake.log + len;
	const char *space = len ? " " : "";

	if (offset < DIR)
		snprintf(at, sizeof(fake.log) - len, "%sDATA[%02lx]=%02x", space, offset >> 2,
			 (u8)value);
	else
		snprintf(at, sizeof(fake.log) - len, "%s%s=%02x", space,
			 names[(offset - DIR) / 4 % 8], (u8)value);
}

static const char *noted(void)
{
	static char copy[sizeof(fake.log)];

	memcpy(copy, fake.log, sizeof(copy));
	fake.log[0] = '\0';
	return copy;
}

static u32 fake_read(struct io_hook *hook, unsigned long offset, unsigned int width)
{
	(void)hook;
	(void)width;
	fake.accesses++;
	switch (offset) {
	case DIR:
		return fake.dir;
	case IS:
		return fake.is;
	case IBE:
		return fake.ibe;
	case IEV:
		return fake.iev;
	case IE:
		return fake.ie;
	case RIS:
		return ris();
	case MIS:
		return ris() & fake.ie;
	default:
		return offset < DIR ? pins() & (u8)(offset >> 2) : 0;
	}
}

static void fake_write(struct io_hook *hook, unsigned long offset, u32 value, unsigned int width)
{
	u8 mask = (u8)(offset >> 2) & fake.dir, byte = (u8)value;

	(void)hook;
	(void)width;
	fake.accesses++;
	note(offset, value);
	latch_levels();
	switch (offset) {
	case DIR:
		fake.dir = byte;
		break;
	case IS:
		fake.is = byte;
		break;
	case IBE:
		fake.ibe = byte;
		break;
	case IEV:
		fake.iev = byte;
		break;
	case IE:
		fake.ie = byte;
		break;
	case IC:
		fake.latched &= (u8)~byte;
		break;
	default:
		if (offset < DIR)
			fake.data = (u8)((fake.data & ~mask) | (byte & mask));
	}
	latch_levels();
}

static struct io_hook hook = { .size = SIZE, .read = fake_read, .write = fake_write };

/* ---- its interrupt ---- */

static void parent_mask(struct irq_data *d)
{
	(void)d;
	fake.parent_on = false;
}

static void parent_unmask(struct irq_data *d)
{
	(void)d;
	fake.parent_on = true;
}

static void parent_eoi(struct irq_data *d)
{
	(void)d;
	fake.ends++;
}

static const struct irq_chip parent_chip = {
	.name = "parent",
	.irq_mask = parent_mask,
	.irq_unmask = parent_unmask,
	.irq_eoi = parent_eoi,
	.flags = IRQCHIP_IMMUTABLE | IRQCHIP_SKIP_SET_WAKE,
};

static int parent_map(struct irq_domain *d, unsigned int virq, irq_hw_number_t hw)
{
	(void)d;
	(void)hw;
	irq_set_chip_and_handler(virq, &parent_chip, handle_fasteoi_irq);
	return 0;
}

static const struct irq_domain_ops parent_ops = { .map = parent_map };

#define MANY	20

/* As the parent's level input would: again and again until the part is quiet. */
static unsigned int deliver(void)
{
	unsigned int rounds = 0;
	unsigned long flags;

	while (rounds < MANY && fake.parent_on && (ris() & fake.ie)) {
		local_irq_save(flags);
		generic_handle_domain_irq(parent_domain, PARENT_LINE);
		local_irq_restore(flags);
		rounds++;
	}
	return rounds;
}

/* ---- the device ---- */

static int has_label(struct gpio_chip *chip, void *label)
{
	return strcmp(chip->label, label) == 0;
}

static int add_device(void)
{
	void __iomem *where = ioremap(NOWHERE, SIZE);
	char label[] = "fake-pl061";
	int ret;

	/* The driver's mapping will be at the same place: the first that is free. */
	hook.base = where;
	iounmap(where);
	if (!where)
		return -ENOMEM;
	io_hook_install(&hook);
	adev = amba_device_alloc(label, NOWHERE, SIZE);
	if (!adev)
		return -ENOMEM;
	adev->periphid = 0x00041061;
	adev->irq[0] = irq_create_mapping(parent_domain, PARENT_LINE);
	ret = amba_device_add(adev, &iomem_resource);
	gc = gpiochip_find(label, has_label);
	if (!ret && gc)
		return 0;
	if (ret)
		amba_device_put(adev);
	else
		amba_device_unregister(adev);
	adev = NULL;
	return -ENODEV;
}

static int pl061_case_init(struct kunit *test)
{
	int ret;

	(void)test;
	if (!IS_ENABLED(CONFIG_IO_HOOK))
		return -ENOSYS;
	memset(&fake, 0, sizeof(fake));
	fake.ie = 0xff;		/* as left by whoever ran before */
	adev = NULL;
	parent_domain = irq_domain_create_linear(NULL, 1, &parent_ops, NULL);
	if (!parent_domain)
		return -ENOMEM;
	ret = add_device();
	return ret;
}

static void pl061_case_exit(struct kunit *test)
{
	(void)test;
	if (adev)
		amba_device_unregister(adev);
	io_hook_remove();
	irq_domain_remove(parent_domain);
}

static struct gpio_desc *line(struct kunit *test, unsigned int offset)
{
	struct gpio_desc *desc = gpio_request_desc((unsigned int)gc->base + offset, "test");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, desc);
	return desc;
}

static unsigned int irq_of(unsigned int offset)
{
	return irq_create_mapping(gc->irq.domain, offset);
}

static unsigned int calls;
static void (*body)(void);
static unsigned int body_line;

static irqreturn_t handler(int irq, void *data)
{
	(void)irq;
	(void)data;
	calls++;
	if (body)
		body();
	return IRQ_HANDLED;
}

static unsigned int take_irq(struct kunit *test, unsigned int offset, unsigned long type)
{
	unsigned int irq = irq_of(offset);

	calls = 0;
	body = NULL;
	body_line = offset;
	KUNIT_ASSERT_EQ(test, request_irq(irq, handler, type, "test", &fake), 0);
	noted();
	return irq;
}

/* ---- probe and remove ---- */

static void probe_masks_and_clears(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, noted(), "IE=00 IE=00 IC=ff");
	KUNIT_EXPECT_TRUE(test, fake.parent_on);
	KUNIT_EXPECT_EQ(test, gc->ngpio, LINES);
}

static void remove_leaves_it_masked_and_alone(struct kunit *test)
{
	unsigned int irq = take_irq(test, 3, IRQF_TRIGGER_HIGH);
	struct gpio_desc *desc = line(test, 5);
	unsigned int accesses;

	KUNIT_EXPECT_EQ(test, fake.ie, 0x08);
	fake.ie |= 0x80;	/* a line that is on and has no irq */
	amba_device_unregister(adev);
	adev = NULL;
	KUNIT_EXPECT_EQ(test, fake.ie, 0);
	KUNIT_EXPECT_FALSE(test, fake.parent_on);

	/* Nothing reaches the part any more. */
	accesses = fake.accesses;
	drive(3, true);
	deliver();
	gpiod_set_value(desc, 1);
	KUNIT_EXPECT_EQ(test, gpiod_get_value(desc), -ENODEV);
	disable_irq(irq);
	enable_irq(irq);
	KUNIT_EXPECT_EQ(test, calls, 0);
	KUNIT_EXPECT_EQ(test, fake.accesses, accesses);
	free_irq(irq, &fake);
	gpiod_put(desc);
}

static void can_be_bound_again(struct kunit *test)
{
	unsigned int irq;

	for (int i = 0; i < 20; i++) {
		amba_device_unregister(adev);
		io_hook_remove();
		KUNIT_ASSERT_EQ(test, add_device(), 0);
	}
	irq = take_irq(test, 0, IRQF_TRIGGER_RISING);
	drive(0, true);
	deliver();
	KUNIT_EXPECT_EQ(test, calls, 1);
	free_irq(irq, &fake);
}

/* ---- lines ---- */

static void set_is_one_masked_write(struct kunit *test)
{
	for (unsigned int n = 0; n < LINES; n++) {
		struct gpio_desc *desc = line(test, n);
		char expected[24];

		gpiod_direction_output(desc, 0);
		noted();
		gpiod_set_value(desc, 1);
		snprintf(expected, sizeof(expected), "DATA[%02x]=%02x", 1U << n, 1U << n);
		KUNIT_EXPECT_STREQ(test, noted(), expected);
		KUNIT_EXPECT_EQ(test, fake.data, 1U << n);
		gpiod_set_value(desc, 0);
		KUNIT_EXPECT_EQ(test, fake.data, 0);
		gpiod_direction_input(desc);
		gpiod_put(desc);
	}
}

static void get_reads_the_line_alone(struct kunit *test)
{
	struct gpio_desc *desc = line(test, 6);
	unsigned int before = fake.accesses;

	fake.wires = 0xbf;
	KUNIT_EXPECT_EQ(test, gpiod_get_value(desc), 0);
	fake.wires = 0x40;
	KUNIT_EXPECT_EQ(test, gpiod_get_value(desc), 1);
	KUNIT_EXPECT_EQ(test, fake.accesses - before, 2);
	KUNIT_EXPECT_STREQ(test, noted(), "IE=00 IE=00 IC=ff");
	gpiod_put(desc);
}

static void output_has_its_value_before_and_after(struct kunit *test)
{
	struct gpio_desc *desc = line(test, 2);

	fake.dir = 0x81;
	noted();
	KUNIT_EXPECT_EQ(test, gpiod_direction_output(desc, 1), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "DATA[04]=04 DIR=85 DATA[04]=04");
	KUNIT_EXPECT_EQ(test, fake.data, 0x04);
	KUNIT_EXPECT_EQ(test, gpiod_get_direction(desc), GPIO_LINE_DIRECTION_OUT);
	KUNIT_EXPECT_EQ(test, gpiod_direction_input(desc), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "DIR=81");
	KUNIT_EXPECT_EQ(test, gpiod_get_direction(desc), GPIO_LINE_DIRECTION_IN);
	gpiod_put(desc);
}

static void several_lines_are_one_access(struct kunit *test)
{
	unsigned long mask = 0x3c, bits = 0x24;

	fake.dir = 0xff;
	fake.data = 0x81;
	noted();
	gc->set_multiple(gc, &mask, &bits);
	KUNIT_EXPECT_STREQ(test, noted(), "DATA[3c]=24");
	KUNIT_EXPECT_EQ(test, fake.data, 0xa5);
	mask = 0x0f;
	KUNIT_EXPECT_EQ(test, gc->get_multiple(gc, &mask, &bits), 0);
	KUNIT_EXPECT_EQ(test, bits, 0x05);
	fake.dir = 0;
}

/* ---- trigger types ---- */

/* The sense registers for line 4, from the manual's table. */
static const struct sense {
	unsigned int type;
	u8 is, ibe, iev;
} senses[] = {
	{ IRQ_TYPE_EDGE_RISING, 0x00, 0x00, 0x10 },
	{ IRQ_TYPE_EDGE_FALLING, 0x00, 0x00, 0x00 },
	{ IRQ_TYPE_EDGE_BOTH, 0x00, 0x10, 0x00 },
	{ IRQ_TYPE_LEVEL_HIGH, 0x10, 0x00, 0x10 },
	{ IRQ_TYPE_LEVEL_LOW, 0x10, 0x00, 0x00 },
};

static void type_sets_the_three_registers(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(senses); i++) {
		fake.is = fake.ibe = fake.iev = 0xef;	/* the other lines' */
		KUNIT_EXPECT_EQ(test, irq_set_irq_type(irq_of(4), senses[i].type), 0);
		KUNIT_EXPECT_EQ(test, fake.is, 0xef | senses[i].is);
		KUNIT_EXPECT_EQ(test, fake.ibe, 0xef | senses[i].ibe);
		KUNIT_EXPECT_EQ(test, fake.iev, 0xef | senses[i].iev);
	}
}

/* A change of the sense may latch what never was. */
static void type_changes_masked_and_clears(struct kunit *test)
{
	unsigned int irq = take_irq(test, 4, IRQF_TRIGGER_RISING);

	fake.ie = 0x91;
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(irq, IRQ_TYPE_EDGE_BOTH), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "IE=81 IS=00 IBE=10 IEV=00 IC=10 IE=91");
	fake.ie = 0x10;
	free_irq(irq, &fake);
}

static void mixed_types_are_refused(struct kunit *test)
{
	static const unsigned int mixed[] = { 5, 6, 7, 9, 10, 11, 12, 13, 14, 15 };

	noted();
	for (size_t i = 0; i < ARRAY_SIZE(mixed); i++)
		KUNIT_EXPECT_EQ(test, irq_set_irq_type(irq_of(1), mixed[i]), -EINVAL);
	KUNIT_EXPECT_STREQ(test, noted(), "");
	KUNIT_EXPECT_EQ(test, irq_create_mapping(gc->irq.domain, LINES), 0);
}

/* ---- flows ---- */

static void ack_is_a_single_write_not_rmw(struct kunit *test)
{
	unsigned int irq = take_irq(test, 1, IRQF_TRIGGER_RISING);

	fake.latched = 0xc0;	/* of other lines */
	drive(1, true);
	deliver();
	KUNIT_EXPECT_STREQ(test, noted(), "IC=02");
	KUNIT_EXPECT_EQ(test, fake.latched, 0xc0);
	free_irq(irq, &fake);
}

static void release_level(void)
{
	drive(body_line, false);
}

/* The second clear is for models that latch a level: it comes before the line is open again. */
static void level_is_cleared_before_it_is_unmasked(struct kunit *test)
{
	unsigned int irq = take_irq(test, 7, IRQF_TRIGGER_HIGH);

	body = release_level;
	drive(7, true);
	deliver();
	KUNIT_EXPECT_STREQ(test, noted(), "IE=00 IC=80 IC=80 IE=80");
	free_irq(irq, &fake);
}

static void level_is_handled_once(struct kunit *test)
{
	for (int latching = 0; latching < 2; latching++) {
		unsigned int irq;

		fake.latching = latching;
		irq = take_irq(test, 7, IRQF_TRIGGER_HIGH);
		body = release_level;
		for (unsigned int i = 1; i <= 10; i++) {
			drive(7, true);
			deliver();
			KUNIT_EXPECT_EQ(test, calls, i);
		}
		free_irq(irq, &fake);
	}
}

static void edge_again(void)
{
	if (calls > 1)
		return;
	drive(body_line, false);
	drive(body_line, true);
}

static void edge_during_the_handler_is_not_lost(struct kunit *test)
{
	unsigned int irq = take_irq(test, 2, IRQF_TRIGGER_RISING);

	body = edge_again;
	drive(2, true);
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, calls, 2);
	free_irq(irq, &fake);
}

/* One step of the outside, as (from, to) of the wire, and how often each type counts it. */
static void each_type_counts_on_each_line(struct kunit *test)
{
	static const struct {
		unsigned int type;
		unsigned int up, down;	/* handled when the wire rises, when it falls */
	} types[] = {
		{ IRQ_TYPE_EDGE_RISING, 1, 0 },
		{ IRQ_TYPE_EDGE_FALLING, 0, 1 },
		{ IRQ_TYPE_EDGE_BOTH, 1, 1 },
	};

	for (unsigned int n = 0; n < LINES; n++) {
		for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
			unsigned int irq = take_irq(test, n, types[i].type);

			drive(n, true);
			deliver();
			KUNIT_EXPECT_EQ(test, calls, types[i].up);
			drive(n, false);
			deliver();
			KUNIT_EXPECT_EQ(test, calls, types[i].up + types[i].down);
			free_irq(irq, &fake);
		}
	}
}

static void masked_line_waits(struct kunit *test)
{
	for (unsigned int n = 0; n < LINES; n++) {
		unsigned int irq = take_irq(test, n, IRQF_TRIGGER_RISING);

		disable_irq(irq);
		for (int i = 0; i < 3; i++) {
			drive(n, true);
			deliver();
			drive(n, false);
		}
		KUNIT_EXPECT_EQ(test, calls, 0);
		enable_irq(irq);
		deliver();
		KUNIT_EXPECT_EQ(test, calls, 1);
		free_irq(irq, &fake);
	}
}

static void lines_are_handled_together(struct kunit *test)
{
	unsigned int irqs[LINES];

	for (unsigned int n = 0; n < LINES; n++)
		irqs[n] = take_irq(test, n, IRQF_TRIGGER_RISING);
	for (unsigned int n = 0; n < LINES; n++)
		drive(n, true);
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, calls, LINES);
	for (unsigned int n = 0; n < LINES; n++)
		free_irq(irqs[n], &fake);
}

/* A level whose device is never satisfied: other interrupts get their turn. */
static void passes_of_one_interrupt_are_bounded(struct kunit *test)
{
	unsigned int irq = take_irq(test, 3, IRQF_TRIGGER_HIGH);

	drive(3, true);
	KUNIT_EXPECT_EQ(test, deliver(), MANY);
	KUNIT_EXPECT_EQ(test, fake.ends, MANY);
	KUNIT_EXPECT_LE(test, calls, MANY * 8);
	drive(3, false);
	free_irq(irq, &fake);
}

static void line_that_nobody_has_is_silenced(struct kunit *test)
{
	fake.iev = 0x20;
	fake.ie = 0x20;
	drive(5, true);
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, fake.ie, 0);
	KUNIT_EXPECT_EQ(test, fake.latched, 0);
}

static void outputs_and_irqs_exclude_each_other(struct kunit *test)
{
	struct gpio_desc *desc = line(test, 0);
	unsigned int irq = take_irq(test, 0, IRQF_TRIGGER_RISING);

	KUNIT_EXPECT_EQ(test, gpiod_direction_output(desc, 1), -EIO);
	free_irq(irq, &fake);
	KUNIT_EXPECT_EQ(test, gpiod_direction_output(desc, 1), 0);
	KUNIT_EXPECT_EQ(test, request_irq(irq, handler, IRQF_TRIGGER_RISING, "test", &fake), -EIO);
	gpiod_direction_input(desc);
	gpiod_put(desc);
}

static const struct kunit_case pl061_cases[] = {
	KUNIT_CASE(probe_masks_and_clears),
	KUNIT_CASE(remove_leaves_it_masked_and_alone),
	KUNIT_CASE(can_be_bound_again),
	KUNIT_CASE(set_is_one_masked_write),
	KUNIT_CASE(get_reads_the_line_alone),
	KUNIT_CASE(output_has_its_value_before_and_after),
	KUNIT_CASE(several_lines_are_one_access),
	KUNIT_CASE(type_sets_the_three_registers),
	KUNIT_CASE(type_changes_masked_and_clears),
	KUNIT_CASE(mixed_types_are_refused),
	KUNIT_CASE(ack_is_a_single_write_not_rmw),
	KUNIT_CASE(level_is_cleared_before_it_is_unmasked),
	KUNIT_CASE(level_is_handled_once),
	KUNIT_CASE(edge_during_the_handler_is_not_lost),
	KUNIT_CASE(each_type_counts_on_each_line),
	KUNIT_CASE(masked_line_waits),
	KUNIT_CASE(lines_are_handled_together),
	KUNIT_CASE(passes_of_one_interrupt_are_bounded),
	KUNIT_CASE(line_that_nobody_has_is_silenced),
	KUNIT_CASE(outputs_and_irqs_exclude_each_other),
	{}
};

static struct kunit_suite pl061_suite = {
	.name = "pl061",
	.init = pl061_case_init,
	.exit = pl061_case_exit,
	.test_cases = pl061_cases,
};
kunit_test_suite(pl061_suite);
