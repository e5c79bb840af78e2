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
#define FEN		0x10
#define UARTEN		0x001
#define TXE		0x100
#define RXE		0x200
#define RX_INT		0x10
#define TX_INT		0x20
#define RT_INT		0x40

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
static struct amba_device *adev;
static struct tty_port *tty;

static int fake_irq_map(struct irq_domain *d, unsigned int virq, irq_hw_number_t hw)
{
	(void)d;
	(void)hw;
	irq_set_chip_and_handler(virq, &dummy_irq_chip, handle_simple_irq);
	return 0;
}

static const struct irq_domain_ops fake_irq_ops = { .map = fake_irq_map };

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

static struct uart_port *port(void)
{
	return container_of(tty, struct uart_state, port)->uart_port;
}

static unsigned long fake_rate(struct clk_hw *hw, unsigned long parent_rate)
{
	(void)hw;
	(void)parent_rate;
	return 24000000;
}
