/* SPDX-License-Identifier: MIT */
/*
 * The PL011 driver on a register block that behaves as Arm DDI 0183G says, not as
 * an emulator does: FIFOs with levels, interrupts at their passing, line settings
 * taken over by the write of LCR_H, errors that come with characters.
 *
 * The driver is bound to a device of its own at an address where there is
 * nothing; its accesses end in the fake. fake.wire is what has left the fake.
 */
#include <drivers/amba/bus.h>
#include <drivers/clk-provider.h>
#include <drivers/serial_core.h>
#include <drivers/tty.h>
#include <hal/irqflags.h>
#include <kernel/delay.h>
#include <kernel/io.h>
#include <kernel/irq.h>
#include <kernel/irqdesc.h>
#include <kernel/irqdomain.h>
#include <kernel/kthread.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <test/kunit.h>

#include "fake_tree.h"

#define FAKE_ADDRESS	0x0d000000
#define FAKE_SIZE	0x1000

/* DDI 0183G, table 3-1, and the bits of the registers. */
#define DR		0x00
#define FR		0x18
#define IBRD		0x24
#define FBRD		0x28
#define LCR_H		0x2c
#define CR		0x30
#define IFLS		0x34
#define IMSC		0x38
#define RIS		0x3c
#define MIS		0x40
#define ICR		0x44

#define FE		0x100
#define PE		0x200
#define BE		0x400
#define OE		0x800
#define BUSY		0x08
#define RXFE		0x10
#define TXFF		0x20
#define TXFE		0x80
#define FEN		0x10u
#define UARTEN		0x001u
#define TXE		0x100u
#define RXE		0x200u
#define RX_INT		0x10u
#define TX_INT		0x20u
#define RT_INT		0x40u

/* [o] the test; the driver gets here from the test's own calls */
static struct {
	u16 rx[64];			/* with error bits */
	unsigned int rx_fill, depth;
	char tx[64];
	unsigned int tx_fill;
	char wire[4096];
	unsigned int nr_wire;
	u32 ibrd, fbrd, lcr_h, cr, ifls, imsc, ris;
	u32 divisor;			/* in effect: IBRD * 64 + FBRD at the last LCR_H */
	u32 icr_written;		/* every bit that ever was */
	unsigned int writes_disabled;	/* to DR while not enabled */
	unsigned int reads_empty;	/* of DR */
	unsigned int reads;		/* of anything */
	bool tx_blocked;		/* the FIFO is full and stays so */
} fake;

static unsigned int depth_now(void)
{
	return fake.lcr_h & FEN ? fake.depth : 1;
}

static unsigned int level(u32 field)
{
	static const unsigned int eighths[] = { 1, 2, 4, 6, 7 };

	return depth_now() == 1 ? 1 : fake.depth * eighths[min(field & 7, 4u)] / 8;
}

/* `n` characters leave the FIFO. The interrupt comes when the level is passed. */
static void fake_send(unsigned int n)
{
	for (n = min(n, fake.tx_fill); n; n--) {
		unsigned int mark = depth_now() == 1 ? 0 : level(fake.ifls);

		if (fake.nr_wire < sizeof(fake.wire) - 1)
			fake.wire[fake.nr_wire++] = fake.tx[0];
		memmove(fake.tx, fake.tx + 1, --fake.tx_fill);
		if (fake.tx_fill == mark)
			fake.ris |= TX_INT;
	}
}

/* A character comes in, with its errors. False if there is no room for it. */
static bool fake_receive(u16 data)
{
	if (fake.rx_fill == depth_now()) {
		fake.rx[fake.rx_fill - 1] |= OE;
		return false;
	}
	fake.rx[fake.rx_fill++] = data;
	if (fake.rx_fill == level(fake.ifls >> 3))
		fake.ris |= RX_INT;
	return true;
}

/* The line has been quiet for 32 bit times. */
static void fake_quiet(void)
{
	if (fake.rx_fill)
		fake.ris |= RT_INT;
}

static u32 fake_pop(void)
{
	u32 data = fake.rx[0];

	if (!fake.rx_fill) {
		fake.reads_empty++;
		return 0;
	}
	memmove(fake.rx, fake.rx + 1, --fake.rx_fill * sizeof(fake.rx[0]));
	if (fake.rx_fill < level(fake.ifls >> 3))
		fake.ris &= ~RX_INT;
	if (!fake.rx_fill)
		fake.ris &= ~RT_INT;
	return data;
}

static void fake_push(u32 value)
{
	fake.writes_disabled += (fake.cr & (UARTEN | TXE)) != (UARTEN | TXE);
	if (fake.tx_fill < depth_now())
		fake.tx[fake.tx_fill++] = (char)value;
	if (fake.tx_fill > (depth_now() == 1 ? 0 : level(fake.ifls)))
		fake.ris &= ~TX_INT;
}

static u32 fake_flags(void)
{
	return (fake.tx_fill ? BUSY : TXFE) | (fake.rx_fill ? 0 : RXFE) |
	       (fake.tx_fill == depth_now() || fake.tx_blocked ? TXFF : 0);
}

static u32 fake_read(struct io_hook *hook, unsigned long offset, unsigned int width)
{
	(void)hook;
	(void)width;
	fake.reads++;
	switch (offset) {
	case DR:	return fake_pop();
	case FR:	return fake_flags();
	case IBRD:	return fake.ibrd;
	case FBRD:	return fake.fbrd;
	case LCR_H:	return fake.lcr_h;
	case CR:	return fake.cr;
	case IFLS:	return fake.ifls;
	case IMSC:	return fake.imsc;
	case RIS:	return fake.ris;
	case MIS:	return fake.ris & fake.imsc;
	default:	return 0;
	}
}

static void fake_write(struct io_hook *hook, unsigned long offset, u32 value, unsigned int width)
{
	(void)hook;
	(void)width;
	switch (offset) {
	case DR:
		fake_push(value);
		break;
	case IBRD:
		fake.ibrd = value & 0xffff;
		break;
	case FBRD:
		fake.fbrd = value & 0x3f;
		break;
	case LCR_H:
		fake.lcr_h = value & 0xff;
		fake.divisor = fake.ibrd * 64 + fake.fbrd;
		break;
	case CR:
		fake.cr = value;
		break;
	case IFLS:
		fake.ifls = value;
		break;
	case IMSC:
		fake.imsc = value;
		break;
	case ICR:
		fake.icr_written |= value;
		fake.ris &= ~value;
		break;
	}
}

static struct io_hook hook = { .size = FAKE_SIZE, .read = fake_read, .write = fake_write };

/* ---- the device around it ---- */

static struct irq_domain *domain;
static unsigned int irq;
static struct clk_hw *clk;
static struct device_node *clk_node, *uart_node;
static struct amba_device *adev;
static struct uart_port *port;	/* the driver's */
static struct tty_port *tty;

static int fake_irq_map(struct irq_domain *d, unsigned int virq, irq_hw_number_t hw)
{
	(void)d;
	(void)hw;
	irq_set_chip_and_handler(virq, &dummy_irq_chip, handle_simple_irq);
	return 0;
}

static const struct irq_domain_ops fake_irq_ops = {
	.map = fake_irq_map,
	.xlate = irq_domain_xlate_onecell,
};

/* The line is at its level: as often as the driver leaves it there, within a bound. */
static unsigned int deliver(void)
{
	unsigned int times = 0;
	unsigned long flags;

	local_irq_save(flags);
	while (fake.ris & fake.imsc && times < 100) {
		generic_handle_irq(irq);
		times++;
	}
	local_irq_restore(flags);
	return times;
}

/* The UART's node, with a clock of 24 MHz as on QEMU's virt machine, and an interrupt. */
static struct device_node *fill_tree(struct kunit *test)
{
	struct device_node *root = fake_tree_attach(test), *irq_node;

	clk_node = fake_node(test, root, "clk");
	fake_cells(test, clk_node, "#clock-cells", 0);
	fake_phandle(clk_node, 1);
	irq_node = fake_node(test, root, "intc");
	fake_property(test, irq_node, "interrupt-controller", "", 0);
	fake_cells(test, irq_node, "#interrupt-cells", 1);
	fake_phandle(irq_node, 2);
	uart_node = fake_node(test, root, "uart");
	fake_cells(test, uart_node, "clocks", 1, 1);
	fake_strings(test, uart_node, "clock-names", "uartclk\0apb_pclk");
	fake_cells(test, uart_node, "interrupt-parent", 2);
	fake_cells(test, uart_node, "interrupts", 0);
	return irq_node;
}

static int add_providers(struct device_node *irq_node)
{
	domain = irq_domain_add_linear(irq_node, 1, &fake_irq_ops, NULL);
	if (!domain)
		return -ENOMEM;
	irq = irq_create_mapping(domain, 0);
	if (!irq)
		return -ENXIO;
	clk = clk_hw_register_fixed_rate(NULL, "fake-clk", NULL, 0, 24000000);
	if (IS_ERR(clk))
		return (int)PTR_ERR(clk);
	return of_clk_add_hw_provider(clk_node, of_clk_hw_simple_get, clk);
}

static int pl011_init(struct kunit *test)
{
	memset(&fake, 0, sizeof(fake));
	fake.depth = 16;
	fake.cr = TXE | RXE;	/* DDI 0183G, 3.3.8 */
	fake.ifls = 0x12;
	tty = NULL;
	adev = NULL;
	return add_providers(fill_tree(test));
}

static void unbind(void)
{
	fake_send(sizeof(fake.tx));	/* the driver waits for the last byte */
	if (adev)
		amba_device_unregister(adev);
	adev = NULL;
	if (tty)
		tty_port_put(tty);
	tty = NULL;
}

static void pl011_exit(struct kunit *test)
{
	(void)test;
	unbind();
	io_hook_remove();
	of_clk_del_provider(clk_node);
	clk_hw_unregister_fixed_rate(clk);
	fake_tree_detach();
	irq_dispose_mapping(irq);
	irq_domain_remove(domain);
}

/*
 * Binds the driver. The fake takes the place of the mapping that the driver is
 * going to have: of one page, the next to be mapped.
 */
static void bind(struct kunit *test, unsigned int periphid)
{
	hook.base = ioremap(FAKE_ADDRESS, FAKE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, (void *)hook.base);
	iounmap(hook.base);
	io_hook_install(&hook);
	adev = amba_device_alloc("fake-pl011", FAKE_ADDRESS, FAKE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, adev);
	adev->dev.of_node = uart_node;
	adev->periphid = periphid;
	KUNIT_ASSERT_EQ(test, amba_device_add(adev, &iomem_resource), 0);
	KUNIT_ASSERT_TRUE(test, device_is_bound(&adev->dev));
	port = amba_get_drvdata(adev);	/* begins with the port */
	KUNIT_ASSERT_PTR_EQ(test, (void *)port->membase, (void *)hook.base);
	tty = tty_port_get(&port->state->port);
}

#define REVISION_1	0x00141011
#define REVISION_3	0x00341011

static void read_all(char *buf, size_t n)
{
	for (size_t got = 0; got < n;) {
		ssize_t len = tty_read(tty, buf + got, n - got);

		if (len < 0)
			return;
		got += (size_t)len;
	}
}

/* ---- settings ---- */

/* 24 MHz / (16 * 115200) = 13.02: 13 and 1/64. */
static void divisors_are_in_effect(struct kunit *test)
{
	bind(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, fake.ibrd, 13);
	KUNIT_EXPECT_EQ(test, fake.fbrd, 1);
	KUNIT_EXPECT_EQ(test, fake.divisor, 13 * 64 + 1);
	KUNIT_EXPECT_EQ(test, fake.lcr_h, 0x70);	/* 8 bits, FIFOs on */
	KUNIT_EXPECT_EQ(test, fake.cr & (UARTEN | TXE | RXE), UARTEN | TXE | RXE);
	KUNIT_EXPECT_EQ(test, fake.imsc, RX_INT | RT_INT);
}

static void termios_sets_the_line(struct kunit *test)
{
	static const struct {
		unsigned int cflag, baud;
		u32 lcr_h, divisor, really;
	} cases[] = {
		{ CS7 | PARENB, 9600, 0x56, 10000, 9600 },
		{ CS8 | PARENB | PARODD | CSTOPB, 38400, 0x7a, 2500, 38400 },
		{ CS8, 57600, 0x70, 1667, 57600 },	/* 26.04: 1666.67 / 64 */
		{ CS5, 1500000, 0x10, 64, 1500000 },
		{ CS6, 4000000, 0x30, 64, 1500000 },
		{ CS8, 1, 0x70, 0xffff << 6, 1 },
	};

	bind(test, REVISION_1);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ktermios termios = { .c_cflag = cases[i].cflag, .c_ospeed = cases[i].baud };

		port->ops->set_termios(port, &termios, NULL);
		KUNIT_EXPECT_EQ(test, fake.lcr_h, cases[i].lcr_h);
		KUNIT_EXPECT_EQ(test, fake.divisor, cases[i].divisor);
		KUNIT_EXPECT_EQ(test, termios.c_ospeed, cases[i].really);
		KUNIT_EXPECT_EQ(test, fake.cr & UARTEN, UARTEN);
	}
}

/* ---- receiving ---- */

static void what_waits_at_boot_is_kept(struct kunit *test)
{
	char buf[8] = "";

	fake.cr |= UARTEN;
	fake.lcr_h = FEN;
	for (const char *c = "boot"; *c; c++)
		fake_receive((u16)*c);
	bind(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, tty_read(tty, buf, sizeof(buf)), 4);
	KUNIT_EXPECT_STREQ(test, buf, "boot");
}

/* Firmware has cleared the interrupt with the FIFO above its level: no other comes. */
static void a_fifo_that_is_full_at_boot_does_not_stay_so(struct kunit *test)
{
	char buf[32] = "";

	fake.lcr_h = FEN;
	for (int i = 0; i < 16; i++)
		fake_receive('x');
	fake.ris = 0;
	bind(test, REVISION_1);
	for (int i = 0; i < 8; i++)
		KUNIT_EXPECT_TRUE(test, fake_receive('y'));
	KUNIT_EXPECT_GT(test, deliver(), 0);
	read_all(buf, 24);
	KUNIT_EXPECT_STREQ(test, buf, "xxxxxxxxxxxxxxxxyyyyyyyy");
}

static void characters_come_by_level_and_by_silence(struct kunit *test)
{
	char buf[16] = "";

	bind(test, REVISION_1);
	for (int i = 0; i < 8; i++)
		fake_receive((u16)('a' + i));
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	fake_receive('i');
	KUNIT_EXPECT_EQ(test, deliver(), 0);
	fake_quiet();
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, tty_read(tty, buf, sizeof(buf)), 9);
	KUNIT_EXPECT_STREQ(test, buf, "abcdefghi");
	KUNIT_EXPECT_EQ(test, fake.reads_empty, 0);
}

static void fifo_interrupts_are_never_cleared_by_hand(struct kunit *test)
{
	bind(test, REVISION_1);
	for (int i = 0; i < 16; i++)
		fake_receive('x' | (i & 1 ? PE : 0));
	fake.ris |= 0x7ffu & ~TX_INT;
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, fake.icr_written & (RX_INT | RT_INT | TX_INT), 0);
	KUNIT_EXPECT_EQ(test, fake.icr_written & 0x78f, 0x78f);
}

static void errors_are_counted_by_cause(struct kunit *test)
{
	char buf[8] = "";

	bind(test, REVISION_1);
	fake_receive('a' | FE);
	fake_receive('b' | PE | FE);
	fake_receive(0 | BE | PE | FE);
	fake_receive('c' | OE);
	fake_receive('d');
	fake_quiet();
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, port->icount.frame, 1);
	KUNIT_EXPECT_EQ(test, port->icount.parity, 1);
	KUNIT_EXPECT_EQ(test, port->icount.brk, 1);
	KUNIT_EXPECT_EQ(test, port->icount.overrun, 1);
	KUNIT_EXPECT_EQ(test, port->icount.rx, 5);
	KUNIT_EXPECT_EQ(test, tty_read(tty, buf, sizeof(buf)), 4);
	KUNIT_EXPECT_STREQ(test, buf, "abcd");
}

/* The ring takes 1024; then the FIFO fills, until a reader has made room. */
static void a_full_ring_leaves_bytes_in_the_fifo(struct kunit *test)
{
	static char buf[2048];
	unsigned int n = 0;

	bind(test, REVISION_1);
	while (fake_receive((u16)('0' + n % 10))) {
		n++;
		fake_quiet();
		deliver();
	}
	KUNIT_EXPECT_EQ(test, n, TTY_RX_SIZE + 16);
	KUNIT_EXPECT_EQ(test, fake.imsc & (RX_INT | RT_INT), 0);
	KUNIT_EXPECT_EQ(test, deliver(), 0);
	read_all(buf, n);
	KUNIT_EXPECT_EQ(test, fake.imsc & (RX_INT | RT_INT), RX_INT | RT_INT);
	for (unsigned int i = 0; i < n; i++)
		KUNIT_ASSERT_EQ(test, buf[i], '0' + i % 10);
	KUNIT_EXPECT_EQ(test, port->icount.buf_overrun, 0);
	KUNIT_EXPECT_EQ(test, port->icount.overrun, 1);
}

/* ---- sending ---- */

/* Nothing raises TX_INT before the FIFO has been above its level. */
static void the_fifo_is_filled_before_its_interrupt_is_asked_for(struct kunit *test)
{
	bind(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, fake.ris & TX_INT, 0);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "0123456789abcdefghij", 20), 0);
	KUNIT_EXPECT_EQ(test, fake.tx_fill, 16);
	KUNIT_EXPECT_EQ(test, fake.imsc & TX_INT, TX_INT);
	KUNIT_EXPECT_EQ(test, deliver(), 0);
	fake_send(8);
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, fake.tx_fill, 12);
	KUNIT_EXPECT_EQ(test, fake.imsc & TX_INT, 0);	/* nothing left to send */
	fake_send(16);
	KUNIT_EXPECT_EQ(test, deliver(), 0);
	KUNIT_EXPECT_STREQ(test, fake.wire, "0123456789abcdefghij");
	KUNIT_EXPECT_EQ(test, fake.writes_disabled, 0);
}

static void a_short_text_needs_no_interrupt(struct kunit *test)
{
	bind(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "abc", 3), 0);
	KUNIT_EXPECT_EQ(test, fake.imsc & TX_INT, 0);
	KUNIT_EXPECT_EQ(test, port->ops->tx_empty(port), 0);
	fake_send(3);
	KUNIT_EXPECT_EQ(test, port->ops->tx_empty(port), TIOCSER_TEMT);
	KUNIT_EXPECT_STREQ(test, fake.wire, "abc");
}

static void revision_3_has_twice_the_fifo(struct kunit *test)
{
	char text[40];

	fake.depth = 32;
	memset(text, 'x', sizeof(text));
	bind(test, REVISION_3);
	KUNIT_EXPECT_EQ(test, tty_write(tty, text, sizeof(text)), 0);
	KUNIT_EXPECT_EQ(test, fake.tx_fill, 32);
}

#define MUCH	3000

static int write_much(void *unused)
{
	char text[100];

	(void)unused;
	for (unsigned int n = 0; n < MUCH; n += sizeof(text)) {
		for (unsigned int i = 0; i < sizeof(text); i++)
			text[i] = (char)('0' + (n + i) % 10);
		if (tty_write(tty, text, sizeof(text)))
			return -EIO;
	}
	return 0;
}

/* Three times the ring, with the wire as slow as it likes: a writer sleeps and is woken. */
static void a_long_text_is_sent_to_the_end(struct kunit *test)
{
	struct task_struct *writer;

	bind(test, REVISION_1);
	writer = kthread_create(write_much, NULL, "writer");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, writer);
	wake_up_process(get_task_struct(writer));
	for (int i = 0; i < 10000 && fake.nr_wire < MUCH; i++) {
		cond_resched();
		fake_send((unsigned int)i % 11);
		deliver();
	}
	KUNIT_ASSERT_TRUE(test, completion_done(&writer->exited));
	KUNIT_EXPECT_EQ(test, writer->exit_code, 0);
	put_task_struct(writer);
	KUNIT_EXPECT_EQ(test, fake.nr_wire, MUCH);
	for (unsigned int i = 0; i < MUCH; i++)
		KUNIT_ASSERT_EQ(test, fake.wire[i], '0' + i % 10);
}

static bool woken, locked_when_woken;

static int note_lock(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key)
{
	(void)entry;
	(void)mode;
	(void)flags;
	(void)key;
	woken = true;
	locked_when_woken = READ_ONCE(port->locked);
	return 0;
}

/* Once the handler has unlocked, the port may be removed and its terminal freed. */
static void writers_are_woken_with_the_port_locked(struct kunit *test)
{
	struct wait_queue_entry entry;

	bind(test, REVISION_1);
	woken = locked_when_woken = false;
	init_waitqueue_func_entry(&entry, note_lock);
	add_wait_queue(&tty->write_wait, &entry);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "0123456789abcdefghij", 20), 0);
	fake_send(8);
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	remove_wait_queue(&tty->write_wait, &entry);
	KUNIT_EXPECT_TRUE(test, woken);
	KUNIT_EXPECT_TRUE(test, locked_when_woken);
}

/* ---- bounds ---- */

static void a_byte_that_is_never_taken_is_given_up(struct kunit *test)
{
	unsigned int once;

	bind(test, REVISION_1);
	fake.tx_blocked = true;
	fake.reads = 0;
	port->ops->poll_put_char(port, 'a');
	once = fake.reads;
	port->ops->poll_put_char(port, 'b');
	KUNIT_EXPECT_LT(test, fake.reads - once, 10);	/* not waited for again */
	fake.tx_blocked = false;
	port->ops->poll_put_char(port, 'c');
	fake_send(16);
	KUNIT_EXPECT_STREQ(test, fake.wire, "c");
}

static void unbinding_silences_the_part(struct kunit *test)
{
	char c;

	bind(test, REVISION_1);
	for (int i = 0; i < 8; i++)
		fake_receive('x');
	amba_device_unregister(adev);
	adev = NULL;
	KUNIT_EXPECT_EQ(test, fake.imsc, 0);
	KUNIT_EXPECT_EQ(test, fake.cr & (UARTEN | TXE | RXE), 0);
	fake.reads = 0;
	KUNIT_EXPECT_EQ(test, tty_read(tty, &c, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "x", 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, fake.reads, 0);
}

static const struct kunit_case pl011_cases[] = {
	KUNIT_CASE(divisors_are_in_effect),
	KUNIT_CASE(termios_sets_the_line),
	KUNIT_CASE(what_waits_at_boot_is_kept),
	KUNIT_CASE(a_fifo_that_is_full_at_boot_does_not_stay_so),
	KUNIT_CASE(characters_come_by_level_and_by_silence),
	KUNIT_CASE(fifo_interrupts_are_never_cleared_by_hand),
	KUNIT_CASE(errors_are_counted_by_cause),
	KUNIT_CASE(a_full_ring_leaves_bytes_in_the_fifo),
	KUNIT_CASE(the_fifo_is_filled_before_its_interrupt_is_asked_for),
	KUNIT_CASE(a_short_text_needs_no_interrupt),
	KUNIT_CASE(revision_3_has_twice_the_fifo),
	KUNIT_CASE(a_long_text_is_sent_to_the_end),
	KUNIT_CASE(writers_are_woken_with_the_port_locked),
	KUNIT_CASE(a_byte_that_is_never_taken_is_given_up),
	KUNIT_CASE(unbinding_silences_the_part),
	{ },
};

static struct kunit_suite pl011_suite = {
	.name = "pl011",
	.test_cases = pl011_cases,
	.init = pl011_init,
	.exit = pl011_exit,
};
kunit_test_suite(pl011_suite);
