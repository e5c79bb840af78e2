/* SPDX-License-Identifier: MIT */
/*
 * Arm PrimeCell UART PL011 (Arm DDI 0183G).
 *
 * Interrupts of the FIFOs tell of a level being passed, not of a state:
 *   - a level is only passed on the way down by what was filled above it. So
 *     start_tx fills the FIFO first, and asks for INT_TX only when it is full.
 *   - INT_RX and INT_RT are never cleared by hand: reading the FIFO empty does
 *     it, and clearing them with bytes left would lose the next one.
 *   - only the interrupt handler, and the core to stop the line, masks INT_TX.
 *     Whoever sleeps until there is room for more relies on the interrupt that
 *     the full FIFO has promised.
 *
 * The FIFOs are switched on before what came in at boot is read: a write of
 * LCR_H.FEN resets them, yet what waits is still there to be read first.
 *
 * Locking: the uart_port's lock for IMSC and its copy, and for both FIFOs.
 */
#include <drivers/amba/bus.h>
#include <drivers/clk.h>
#include <drivers/device.h>
#include <drivers/of.h>
#include <drivers/serial_core.h>
#include <kernel/interrupt.h>
#include <kernel/io.h>
#include <kernel/module.h>
#include <lib/bitfield.h>
#include <lib/container_of.h>
#include <lib/math.h>
#include <lib/minmax.h>

#include "pl011_priv.h"
#include "pl011_regs.h"

/* Bounds of loops on the hardware: flag reads, interrupt causes, characters. */
#define POLL_MAX	(1u << 20)
#define SETTLE_MAX	(1u << 12)	/* the core has waited before, and nothing is added */
#define PASSES_MAX	16
#define RX_MAX		256

#define INT_RECEIVE	(INT_RX | INT_RT)
#define INT_FIFOS	(INT_TX | INT_RECEIVE)
#define INT_MODEM	(INT_RI | INT_CTS | INT_DCD | INT_DSR)
#define FR_MODEM	(FR_RI | FR_CTS | FR_DCD | FR_DSR)
#define DR_ERRORS	(DR_OE | DR_BE | DR_PE | DR_FE)

#define CLKS_PER_BIT	16
#define FIFO_DEPTH	16	/* up to revision 2 */
#define FIFO_DEPTH_R3	32

struct pl011 {
	struct uart_port port;
	unsigned int im;		/* [l] port.lock: what IMSC holds */
	unsigned int modem;		/* [l] FR_MODEM, as last seen */
	unsigned int revision;		/* [I] */
	bool is_stuck;			/* of pl011_poll_put(), when nothing else runs */
};

static u32 pl011_read(const struct pl011 *uart, unsigned int reg)
{
	return readl_relaxed(uart->port.membase + reg);
}

static void pl011_write(struct pl011 *uart, u32 value, unsigned int reg)
{
	writel_relaxed(value, uart->port.membase + reg);
}

static struct pl011 *to_pl011(struct uart_port *port)
{
	return container_of(port, struct pl011, port);
}

/* Waits, within the bound, until no flag of `mask` is set. */
static bool wait_flags_clear(void __iomem *base, u32 mask, unsigned int polls)
{
	for (unsigned int i = 0; i < polls; i++)
		if (!(readl_relaxed(base + PL011_FR) & mask))
			return true;
	return false;
}

void pl011_poll_put(void __iomem *base, bool *is_stuck, unsigned char ch)
{
	bool is_full = readl_relaxed(base + PL011_FR) & FR_TXFF;

	if (is_full)
		is_full = *is_stuck || !wait_flags_clear(base, FR_TXFF, POLL_MAX);
	*is_stuck = is_full;
	if (!is_full)
		writel_relaxed(ch, base + PL011_DR);
}

static void set_interrupts(struct pl011 *uart, unsigned int on, unsigned int off)
{
	uart->im = (uart->im & ~off) | on;
	pl011_write(uart, uart->im, PL011_IMSC);
}

/* ---- receive ---- */

/* Counts the errors in *data and leaves those that are looked at. Returns how to pass it on. */
static unsigned int rx_flag(struct uart_port *port, u32 *data)
{
	port->icount.overrun += !!(*data & DR_OE);
	if (*data & DR_BE) {
		*data &= ~(DR_PE | DR_FE);
		port->icount.brk++;
		uart_handle_break(port);
	} else if (*data & DR_PE) {
		port->icount.parity++;
	} else if (*data & DR_FE) {
		port->icount.frame++;
	}
	*data &= port->read_status_mask;
	if (*data & DR_BE)
		return TTY_BREAK;
	if (*data & DR_PE)
		return TTY_PARITY;
	return *data & DR_FE ? TTY_FRAME : TTY_NORMAL;
}

static void pl011_rx_chars(struct pl011 *uart)
{
	struct uart_port *port = &uart->port;
	unsigned int room = uart_rx_room(port), n;

	for (n = 0; n < RX_MAX; n++) {
		unsigned int flag = TTY_NORMAL;
		u32 data;

		if (pl011_read(uart, PL011_FR) & FR_RXFE)
			break;
		if (room)
			room--;
		else if (!uart_rx_has_room(port))
			break;
		data = pl011_read(uart, PL011_DR);
		if (unlikely(data & DR_ERRORS))
			flag = rx_flag(port, &data);
		uart_insert_char(port, data, DR_OE, FIELD_GET(DR_DATA, data), flag);
	}
	port->icount.rx += n;
	tty_flip_buffer_push(&port->state->port);
}

static void pl011_stop_rx(struct uart_port *port)
{
	set_interrupts(to_pl011(port), 0, INT_RECEIVE);
}

/* What filled the FIFO meanwhile has passed its level already: it is read here. */
static void pl011_unthrottle(struct uart_port *port)
{
	struct pl011 *uart = to_pl011(port);

	set_interrupts(uart, INT_RECEIVE, 0);
	pl011_rx_chars(uart);
}

/* ---- transmit ---- */

/*
 * Fills the FIFO, more than once where the wire keeps up. Returns false if there was less to send
 * than it could take; else the level has been passed on the way up.
 */
static bool pl011_tx_chars(struct pl011 *uart)
{
	bool is_empty = pl011_read(uart, PL011_FR) & FR_TXFE;	/* so there is room for all */
	unsigned int passes = 0;
	unsigned char ch;

	do {
		for (unsigned int n = 0; n < uart->port.fifosize; n++) {
			if (!is_empty && pl011_read(uart, PL011_FR) & FR_TXFF)
				return true;
			if (!uart_fifo_get(&uart->port, &ch))
				return false;
			pl011_write(uart, ch, PL011_DR);
		}
		is_empty = pl011_read(uart, PL011_FR) & FR_TXFE;
	} while (is_empty && ++passes < PASSES_MAX);
	return true;
}

static void pl011_start_tx(struct uart_port *port)
{
	struct pl011 *uart = to_pl011(port);

	if (pl011_tx_chars(uart) && !(uart->im & INT_TX))
		set_interrupts(uart, INT_TX, 0);
}

static void pl011_stop_tx(struct uart_port *port)
{
	set_interrupts(to_pl011(port), 0, INT_TX);
}

static unsigned int pl011_tx_empty(struct uart_port *port)
{
	u32 flags = pl011_read(to_pl011(port), PL011_FR);

	return flags & (FR_BUSY | FR_TXFF) ? 0 : TIOCSER_TEMT;
}

/* ---- lines of the modem, breaks ---- */

/* RTS by the FIFO's level only while it is wanted at all: RTSEN would raise it. */
static void pl011_set_mctrl(struct uart_port *port, unsigned int mctrl)
{
	struct pl011 *uart = to_pl011(port);
	u32 cr = pl011_read(uart, PL011_CR);

	cr &= ~(CR_RTS | CR_DTR | CR_OUT1 | CR_OUT2 | CR_LBE | CR_RTSEN);
	if (mctrl & TIOCM_RTS)
		cr |= port->status & UPSTAT_AUTORTS ? CR_RTS | CR_RTSEN : CR_RTS;
	cr |= (mctrl & TIOCM_DTR ? CR_DTR : 0) | (mctrl & TIOCM_OUT1 ? CR_OUT1 : 0) |
	      (mctrl & TIOCM_OUT2 ? CR_OUT2 : 0) | (mctrl & TIOCM_LOOP ? CR_LBE : 0);
	pl011_write(uart, cr, PL011_CR);
}

static unsigned int pl011_get_mctrl(struct uart_port *port)
{
	u32 flags = pl011_read(to_pl011(port), PL011_FR);

	return (flags & FR_CTS ? TIOCM_CTS : 0) | (flags & FR_DSR ? TIOCM_DSR : 0) |
	       (flags & FR_DCD ? TIOCM_CAR : 0) | (flags & FR_RI ? TIOCM_RNG : 0);
}

static void pl011_enable_ms(struct uart_port *port)
{
	struct pl011 *uart = to_pl011(port);

	uart->modem = pl011_read(uart, PL011_FR) & FR_MODEM;
	set_interrupts(uart, INT_MODEM, 0);
}

static void pl011_modem_status(struct pl011 *uart)
{
	u32 now = pl011_read(uart, PL011_FR) & FR_MODEM, changed = now ^ uart->modem;

	uart->modem = now;
	uart->port.icount.rng += !!(changed & FR_RI);
	uart->port.icount.dsr += !!(changed & FR_DSR);
	if (changed & FR_DCD)
		uart_handle_dcd_change(&uart->port, now & FR_DCD);
	if (changed & FR_CTS)
		uart_handle_cts_change(&uart->port, now & FR_CTS);
}

static void pl011_break_ctl(struct uart_port *port, int ctl)
{
	struct pl011 *uart = to_pl011(port);
	u32 lcr = pl011_read(uart, PL011_LCR_H);

	pl011_write(uart, ctl ? lcr | LCR_BRK : lcr & ~LCR_BRK, PL011_LCR_H);
}

/* ---- interrupt ---- */

static irqreturn_t pl011_int(int irq, void *dev_id)
{
	struct pl011 *uart = dev_id;
	unsigned int passes = 0;
	u32 status;

	(void)irq;
	scoped_guard(uart_port, &uart->port) {
		while (passes < PASSES_MAX && (status = pl011_read(uart, PL011_RIS) & uart->im)) {
			pl011_write(uart, status & ~INT_FIFOS, PL011_ICR);
			if (status & INT_RECEIVE)
				pl011_rx_chars(uart);
			if (status & INT_MODEM)
				pl011_modem_status(uart);
			if (status & INT_TX && !pl011_tx_chars(uart))
				pl011_stop_tx(&uart->port);
			passes++;
		}
		/* Still locked: after the port's shutdown there is no terminal to wake. */
		if (passes)
			uart_write_wakeup(&uart->port);
	}
	return passes ? IRQ_HANDLED : IRQ_NONE;
}

/* ---- setting up ---- */

static u32 lcr_of(unsigned int cflag)
{
	u32 lcr = LCR_FEN | FIELD_PREP(LCR_WLEN, (cflag & CSIZE) / CS6);

	if (cflag & CSTOPB)
		lcr |= LCR_STP2;
	if (cflag & PARENB)
		lcr |= cflag & PARODD ? LCR_PEN : LCR_PEN | LCR_EPS;
	return cflag & CMSPAR ? lcr | LCR_SPS : lcr;
}

/* clk / (16 * baud) in 1/64ths, rounded; 1 to 65535 whole. */
static u32 divisor_of(unsigned int clk, unsigned int baud)
{
	u64 quotient = div_u64((u64)clk * 4 + baud / 2, baud);

	return (u32)clamp_t(u64, quotient, 1u << 6, 0xffffu << 6);
}

/* Which errors are looked at, and which of their characters dropped. */
static void set_status_masks(struct uart_port *port, unsigned int iflag)
{
	port->read_status_mask = DR_DATA | DR_OE;
	if (iflag & INPCK)
		port->read_status_mask |= DR_PE | DR_FE;
	if (iflag & (IGNBRK | PARMRK))
		port->read_status_mask |= DR_BE;
	port->ignore_status_mask = iflag & IGNPAR ? DR_PE | DR_FE : 0;
	if (iflag & IGNBRK)
		port->ignore_status_mask |= iflag & IGNPAR ? DR_BE | DR_OE : DR_BE;
}

static void pl011_set_termios(struct uart_port *port, struct ktermios *termios,
			      const struct ktermios *old)
{
	struct pl011 *uart = to_pl011(port);
	unsigned int baud = uart_get_baud_rate(port, termios, old, 1, port->uartclk / CLKS_PER_BIT);
	u32 divisor = divisor_of(port->uartclk, baud), cr;

	termios->c_ispeed = termios->c_ospeed = baud;

	guard(uart_port)(port);
	uart_update_timeout(port, termios->c_cflag, baud);
	set_status_masks(port, termios->c_iflag);
	wait_flags_clear(port->membase, FR_BUSY, SETTLE_MAX);
	cr = pl011_read(uart, PL011_CR);
	pl011_write(uart, cr & ~CR_UARTEN, PL011_CR);
	pl011_write(uart, divisor >> 6, PL011_IBRD);
	pl011_write(uart, FIELD_GET(FBRD_DIVFRAC, divisor), PL011_FBRD);
	pl011_write(uart, lcr_of(termios->c_cflag), PL011_LCR_H);	/* after the divisors */
	pl011_rx_chars(uart);
	port->status &= ~(UPSTAT_AUTOCTS | UPSTAT_AUTORTS);
	cr &= ~(CR_CTSEN | CR_RTSEN);
	if (termios->c_cflag & CRTSCTS) {
		port->status |= UPSTAT_AUTOCTS | UPSTAT_AUTORTS;
		cr |= cr & CR_RTS ? CR_CTSEN | CR_RTSEN : CR_CTSEN;
	}
	pl011_write(uart, cr, PL011_CR);
}

static int pl011_startup(struct uart_port *port)
{
	struct pl011 *uart = to_pl011(port);
	u32 cr;

	guard(uart_port)(port);
	cr = pl011_read(uart, PL011_CR) & (CR_RTS | CR_DTR | CR_CTSEN | CR_RTSEN);
	pl011_write(uart, FIELD_PREP(IFLS_RX, IFLS_1_2) | FIELD_PREP(IFLS_TX, IFLS_1_2),
		    PL011_IFLS);
	pl011_write(uart, cr | CR_UARTEN | CR_RXE | CR_TXE, PL011_CR);
	pl011_write(uart, INT_ALL & ~INT_FIFOS, PL011_ICR);
	pl011_rx_chars(uart);
	set_interrupts(uart, INT_RECEIVE, 0);
	return 0;
}

static void pl011_shutdown(struct uart_port *port)
{
	struct pl011 *uart = to_pl011(port);
	u32 cr;

	guard(uart_port)(port);
	set_interrupts(uart, 0, INT_ALL);
	pl011_write(uart, INT_ALL, PL011_ICR);
	wait_flags_clear(port->membase, FR_BUSY, SETTLE_MAX);
	cr = pl011_read(uart, PL011_CR) & (CR_RTS | CR_DTR);
	pl011_write(uart, cr, PL011_CR);
	pl011_write(uart, pl011_read(uart, PL011_LCR_H) & ~(LCR_BRK | LCR_FEN), PL011_LCR_H);
}

static void pl011_poll_put_char(struct uart_port *port, unsigned char ch)
{
	pl011_poll_put(port->membase, &to_pl011(port)->is_stuck, ch);
}

static const char *pl011_type(struct uart_port *port)
{
	return to_pl011(port)->revision < 3 ? "PL011, 16-byte FIFOs" : "PL011, 32-byte FIFOs";
}

static const struct uart_ops pl011_ops = {
	.tx_empty = pl011_tx_empty,
	.set_mctrl = pl011_set_mctrl,
	.get_mctrl = pl011_get_mctrl,
	.start_tx = pl011_start_tx,
	.stop_tx = pl011_stop_tx,
	.throttle = pl011_stop_rx,
	.unthrottle = pl011_unthrottle,
	.stop_rx = pl011_stop_rx,
	.enable_ms = pl011_enable_ms,
	.break_ctl = pl011_break_ctl,
	.startup = pl011_startup,
	.shutdown = pl011_shutdown,
	.set_termios = pl011_set_termios,
	.type = pl011_type,
	.poll_put_char = pl011_poll_put_char,
};

static struct uart_driver pl011_uart_driver = {
	.driver_name = "ttyAMA",
	.dev_name = "ttyAMA",
	.nr = UART_NR_MAX,
};

static int pl011_probe(struct amba_device *adev, const struct amba_id *id)
{
	struct device *dev = &adev->dev;
	struct pl011 *uart;
	struct clk *clk;
	int line = of_alias_get_id(dev->of_node, "serial"), err;

	(void)id;
	uart = devm_kzalloc(dev, sizeof(*uart), GFP_KERNEL);
	if (!uart)
		return -ENOMEM;
	clk = devm_clk_get_enabled(dev, NULL);
	if (IS_ERR(clk))
		return dev_err_probe(dev, PTR_ERR(clk), "no clock\n");
	uart->revision = amba_rev(adev);
	uart->port = (struct uart_port){
		.dev = dev,
		.ops = &pl011_ops,
		.membase = devm_ioremap_registers(dev, &adev->res, PL011_SIZE),
		.mapbase = adev->res.start,
		.irq = adev->irq[0],
		.uartclk = clk_get_rate(clk),
		.fifosize = uart->revision < 3 ? FIFO_DEPTH : FIFO_DEPTH_R3,
		.line = line < 0 ? 0 : line,
	};
	if (IS_ERR(uart->port.membase))
		return PTR_ERR(uart->port.membase);
	if (uart->port.uartclk < CLKS_PER_BIT)
		return dev_err_probe(dev, -EINVAL, "its clock of %u Hz is too slow\n",
				     uart->port.uartclk);
	spin_lock_init(&uart->port.lock);
	set_interrupts(uart, 0, INT_ALL);
	amba_set_drvdata(adev, uart);
	err = devm_request_irq(dev, uart->port.irq, pl011_int, 0, dev_name(dev), uart);
	if (err)
		return err;
	err = uart_add_one_port(&pl011_uart_driver, &uart->port);
	if (err)
		return dev_err_probe(dev, err, "cannot add the port\n");
	return 0;
}

static void pl011_remove(struct amba_device *adev)
{
	struct pl011 *uart = amba_get_drvdata(adev);

	uart_remove_one_port(&pl011_uart_driver, &uart->port);
}

static const struct amba_id pl011_ids[] = {
	{ .id = 0x00041011, .mask = 0x000fffff },
	{ },
};
MODULE_DEVICE_TABLE(amba, pl011_ids);

static struct amba_driver pl011_driver = {
	.drv = { .name = "uart-pl011" },
	.id_table = pl011_ids,
	.probe = pl011_probe,
	.remove = pl011_remove,
};
module_amba_driver(pl011_driver);
