/* SPDX-License-Identifier: MIT */
/*
 * The PL061 driver over a played part: which registers it writes, in which order, and how
 * often each kind of interrupt is handled. <test/fake_pl061.h> says what the part does.
 */
#include <drivers/amba/bus.h>
#include <drivers/gpio.h>
#include <drivers/gpio/driver.h>
#include <kernel/fault-inject.h>
#include <kernel/interrupt.h>
#include <kernel/sched.h>
#include <lib/bits.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <lib/string.h>
#include <test/fake_pl061.h>
#include <test/kunit.h>

#define LINES		FAKE_PL061_LINES
#define NOWHERE		0x3f000000	/* no device of the machine is there */
#define SIZE		0x1000
#define MANY		REG_FAKE_MANY

static struct fake_pl061 fake;
static unsigned int parent_irq;
static struct amba_device *adev;
static struct gpio_chip *gc;

static void drive(unsigned int line, bool high)
{
	fake_pl061_drive(&fake, line, high);
}

static unsigned int deliver(void)
{
	return reg_fake_deliver(&fake.reg);
}

static const char *noted(void)
{
	return reg_fake_noted(&fake.reg);
}

static unsigned int accesses(void)
{
	return fake.reg.reads + fake.reg.writes;
}

/* ---- the device ---- */

static int has_label(struct gpio_chip *chip, void *label)
{
	return strcmp(chip->label, label) == 0;
}

static int add_device(void)
{
	char label[] = "fake-pl061";
	int ret = reg_fake_attach(&fake.reg, NOWHERE);

	if (ret)
		return ret;
	adev = amba_device_alloc(label, NOWHERE, SIZE);
	if (!adev)
		return -ENOMEM;
	adev->periphid = 0x00041061;
	adev->irq[0] = parent_irq;
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

static void remove_device(struct kunit *test)
{
	if (adev)
		amba_device_unregister(adev);
	adev = NULL;
	reg_fake_detach(test, &fake.reg);
}

static int pl061_case_init(struct kunit *test)
{
	(void)test;
	fake_pl061_init(&fake);
	fake.ie = 0xff;		/* as left by whoever ran before */
	adev = NULL;
	parent_irq = reg_fake_add_irq(&fake.reg, NULL);
	return parent_irq ? add_device() : -ENOMEM;
}

/* A case that failed may not have come to giving its lines back. */
static void give_lines_back(void)
{
	struct irq_desc *desc;

	for (unsigned int offset = 0; offset < LINES; offset++) {
		desc = irq_to_desc(irq_find_mapping(gc->irq.domain, offset));
		if (desc && desc->action)
			free_irq(desc->irq_data.irq, &fake);
		if (gpiochip_is_requested(gc, offset))
			gpiod_put(gpiochip_get_desc(gc, offset));
	}
}

static void pl061_case_exit(struct kunit *test)
{
	if (test->status == KUNIT_FAILURE && adev)
		give_lines_back();
	remove_device(test);
	reg_fake_remove_irq(&fake.reg);
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
	KUNIT_EXPECT_TRUE(test, fake.reg.line_open);
	KUNIT_EXPECT_EQ(test, gc->ngpio, LINES);
}

/* Whoever ran before has left lines on, and a level asserted. */
static void probe_is_quiet_before_its_interrupt_is_on(struct kunit *test)
{
	remove_device(test);
	fake.is = 0x0f;		/* low levels, which the wires are at */
	fake.latched = 0xf0;
	fake.ie = 0xff;
	noted();
	KUNIT_ASSERT_EQ(test, add_device(), 0);
	KUNIT_EXPECT_EQ(test, fake.reg.opened_asserted, 0);
	KUNIT_EXPECT_EQ(test, deliver(), 0);
}

#ifdef CONFIG_FAULT_INJECTION

/* The nth request of that kind fails. Returns 0 if there were not so many. */
static int add_device_failing(struct kunit *test, enum fault_point point, unsigned int nth)
{
	struct fault_group *group = fault_group_create(1);
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, group);
	fault_set(group, point, &(struct fault_plan){ .nth = nth });
	fault_join(current, group);
	fake.reg.writes = 0;
	ret = add_device();
	fault_join(current, NULL);
	fault_group_put(group);
	return ret;
}

/* Each thing that a probe takes is refused in turn: it gives back the rest, and no line is on. */
static void probe_that_fails_leaves_the_part_silent(struct kunit *test)
{
	unsigned int failures = 0;

	for (enum fault_point point = 0; point < FAULT_POINTS; point++) {
		for (unsigned int nth = 1;; nth++) {
			remove_device(test);
			fake.ie = 0xff;
			fake.latched = 0xff;
			if (add_device_failing(test, point, nth) == 0)
				break;
			failures++;
			KUNIT_EXPECT_NULL(test, adev);
			KUNIT_EXPECT_EQ(test, deliver(), 0);
			KUNIT_EXPECT_FALSE(test, fake.reg.line_open);
			KUNIT_EXPECT_TRUE(test, fake.ie == 0 || fake.reg.writes == 0);
		}
	}
	KUNIT_EXPECT_GT(test, failures, 10);
	KUNIT_EXPECT_EQ(test, fake.reg.opened_asserted, 0);
}

#endif

static void remove_leaves_it_masked_and_alone(struct kunit *test)
{
	unsigned int irq = take_irq(test, 3, IRQF_TRIGGER_HIGH);
	struct gpio_desc *desc = line(test, 5);
	unsigned int before;

	KUNIT_EXPECT_EQ(test, fake.ie, 0x08);
	fake.ie |= 0x80;	/* a line that is on and has no irq */
	amba_device_unregister(adev);
	adev = NULL;
	KUNIT_EXPECT_EQ(test, fake.ie, 0);
	KUNIT_EXPECT_FALSE(test, fake.reg.line_open);

	/* Nothing reaches the part any more. */
	before = accesses();
	drive(3, true);
	deliver();
	gpiod_set_value(desc, 1);
	KUNIT_EXPECT_EQ(test, gpiod_get_value(desc), -ENODEV);
	disable_irq(irq);
	enable_irq(irq);
	KUNIT_EXPECT_EQ(test, calls, 0);
	KUNIT_EXPECT_EQ(test, accesses(), before);
	free_irq(irq, &fake);
	gpiod_put(desc);
}

static void can_be_bound_again(struct kunit *test)
{
	unsigned int irq;

	for (int i = 0; i < 20; i++) {
		remove_device(test);
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
	unsigned int before = accesses();

	fake.wires = 0xbf;
	KUNIT_EXPECT_EQ(test, gpiod_get_value(desc), 0);
	fake.wires = 0x40;
	KUNIT_EXPECT_EQ(test, gpiod_get_value(desc), 1);
	KUNIT_EXPECT_EQ(test, accesses() - before, 2);
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

/* So are those of a user. */
static void lines_of_an_array_are_one_access(struct kunit *test)
{
	static const unsigned int offsets[] = { 5, 0, 2 };
	struct gpio_desc *desc[3];
	unsigned long values = BIT(0) | BIT(2);

	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		desc[i] = line(test, offsets[i]);
		KUNIT_ASSERT_EQ(test, gpiod_direction_output(desc[i], 0), 0);
	}
	noted();
	KUNIT_EXPECT_EQ(test, gpiod_set_array_value(3, desc, NULL, &values), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "DATA[25]=24");
	KUNIT_EXPECT_EQ(test, gpiod_get_array_value(3, desc, NULL, &values), 0);
	KUNIT_EXPECT_EQ(test, values, BIT(0) | BIT(2));
	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		gpiod_direction_input(desc[i]);
		gpiod_put(desc[i]);
	}
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

/* On the part each change of a sense latches an edge. None of them is one. */
static void no_change_of_type_is_an_event(struct kunit *test)
{
	static const unsigned int types[] = {
		IRQ_TYPE_EDGE_RISING, IRQ_TYPE_EDGE_BOTH, IRQ_TYPE_EDGE_FALLING,
		IRQ_TYPE_LEVEL_HIGH, IRQ_TYPE_EDGE_RISING, IRQ_TYPE_LEVEL_HIGH,
		IRQ_TYPE_EDGE_FALLING, IRQ_TYPE_EDGE_RISING,
	};
	unsigned int irq = take_irq(test, 6, IRQF_TRIGGER_FALLING);

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		KUNIT_EXPECT_EQ(test, irq_set_irq_type(irq, types[i]), 0);
		KUNIT_EXPECT_EQ(test, deliver(), 0);
	}
	KUNIT_EXPECT_EQ(test, calls, 0);
	free_irq(irq, &fake);
}

static void mixed_types_are_refused(struct kunit *test)
{
	static const unsigned int mixed[] = { 5, 6, 7, 9, 10, 11, 12, 13, 14, 15 };

	kunit_tolerates_faults(test);
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

		fake.as_qemu = latching;
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

/* The part's status follows the wire: nothing is left to be handled. */
static void level_that_has_gone_is_over(struct kunit *test)
{
	unsigned int irq = take_irq(test, 5, IRQF_TRIGGER_HIGH);

	disable_irq(irq);
	drive(5, true);
	drive(5, false);
	enable_irq(irq);
	KUNIT_EXPECT_EQ(test, deliver(), 0);
	KUNIT_EXPECT_EQ(test, calls, 0);
	free_irq(irq, &fake);
}

static void level_that_stays_comes_again(struct kunit *test)
{
	unsigned int irq = take_irq(test, 5, IRQF_TRIGGER_LOW);

	KUNIT_EXPECT_EQ(test, deliver(), MANY);
	drive(5, true);
	calls = 0;
	KUNIT_EXPECT_EQ(test, deliver(), 0);
	KUNIT_EXPECT_EQ(test, calls, 0);
	free_irq(irq, &fake);
}

/* One look, the clear before the handler, one more look. */
static void edge_is_three_accesses(struct kunit *test)
{
	unsigned int irq = take_irq(test, 1, IRQF_TRIGGER_RISING);

	reg_fake_script(&fake.reg, "MIS IC=02 MIS");
	drive(1, true);
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_STREQ(test, reg_fake_script_end(&fake.reg), "");
	free_irq(irq, &fake);
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
		{ IRQ_TYPE_EDGE_RISING, 1, 0 },
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
	KUNIT_EXPECT_EQ(test, fake.reg.ends, MANY);
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
	KUNIT_CASE(probe_is_quiet_before_its_interrupt_is_on),
#ifdef CONFIG_FAULT_INJECTION
	KUNIT_CASE(probe_that_fails_leaves_the_part_silent),
#endif
	KUNIT_CASE(remove_leaves_it_masked_and_alone),
	KUNIT_CASE(can_be_bound_again),
	KUNIT_CASE(set_is_one_masked_write),
	KUNIT_CASE(get_reads_the_line_alone),
	KUNIT_CASE(output_has_its_value_before_and_after),
	KUNIT_CASE(several_lines_are_one_access),
	KUNIT_CASE(lines_of_an_array_are_one_access),
	KUNIT_CASE(type_sets_the_three_registers),
	KUNIT_CASE(type_changes_masked_and_clears),
	KUNIT_CASE(no_change_of_type_is_an_event),
	KUNIT_CASE(mixed_types_are_refused),
	KUNIT_CASE(ack_is_a_single_write_not_rmw),
	KUNIT_CASE(level_is_cleared_before_it_is_unmasked),
	KUNIT_CASE(level_is_handled_once),
	KUNIT_CASE(level_that_has_gone_is_over),
	KUNIT_CASE(level_that_stays_comes_again),
	KUNIT_CASE(edge_is_three_accesses),
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
