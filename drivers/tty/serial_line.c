/* SPDX-License-Identifier: MIT */
/*
 * A serial line's settings, flow control, breaks, and its sleep.
 *
 * Flow control has two directions. The other side stops us: by ^S and ^Q, which are
 * taken out of the input here (IXON), or by CTS; a part that watches CTS itself
 * (UPSTAT_AUTOCTS) only has its changes counted. We stop the other side when there is
 * little room left for what it sends, by ^S (IXOFF) and by dropping RTS (CRTSCTS); the
 * reader that makes room lets it go on.
 *
 * Locking: the terminal's mutex for changes of settings; the port's lock for the rest.
 */
#include <drivers/serial_core.h>

#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <lib/math.h>
#include <lib/minmax.h>

#include "serial_priv.h"

#define DEFAULT_BAUD	115200
#define MARKED_MAX	3	/* bytes of a character under PARMRK */
#define SLACK_NS	(20 * NSEC_PER_MSEC)	/* of uart_fifo_timeout() */

/* What is damaged is no input, and counted. */
#define DEFAULT_IFLAG	(INPCK | IGNPAR | IGNBRK)

/* ---- flow control ---- */

static void update_mctrl(struct uart_port *port, unsigned int on, unsigned int off)
{
	unsigned int mctrl = (port->mctrl & ~off) | on;

	if (mctrl == port->mctrl)
		return;
	port->mctrl = mctrl;
	if (port->ops->set_mctrl)
		port->ops->set_mctrl(port, mctrl);
}

void uart_set_mctrl(struct uart_port *port, unsigned int mctrl)
{
	guard(uart_port)(port);
	update_mctrl(port, mctrl, 0);
}

static void send_xchar(struct uart_port *port, char ch)
{
	if (port->ops->send_xchar) {
		port->ops->send_xchar(port, ch);
		return;
	}
	port->x_char = (unsigned char)ch;
	uart_look_again(port);
	if (port->started)
		port->ops->start_tx(port);
}

/* Tells the other side that there is room, or soon none. */
static void choke(struct uart_port *port, bool on)
{
	struct uart_state *state = port->state;

	if (state->is_choking == on)
		return;
	state->is_choking = on;
	if (port->status & UPSTAT_CTS_ENABLE)
		update_mctrl(port, on ? 0 : TIOCM_RTS, on ? TIOCM_RTS : 0);
	if (state->port.iflag & IXOFF)
		send_xchar(port, on ? STOP_CHAR : START_CHAR);
}

bool uart_rx_scarce(struct uart_port *port)
{
	struct tty_port *tty = &port->state->port;
	unsigned int space = tty_buffer_space_avail(tty);
	bool has_room = space >= (tty->iflag & PARMRK ? MARKED_MAX : 1);

	if (space > TTY_RX_SCARCE)
		return true;
	if (port->status & UPSTAT_CTS_ENABLE || tty->iflag & IXOFF) {
		choke(port, true);
		tty_throttle(tty);	/* who makes room is to tell */
	}
	if (has_room)
		return true;
	if (!port->ops->throttle)
		return true;	/* what comes is lost, and counted by uart_insert_char() */
	tty_throttle(tty);
	port->ops->throttle(port);
	return false;
}

void uart_unthrottle(struct tty_port *tty)
{
	struct uart_port *port = uart_port_of(tty);

	guard(uart_port)(port);
	WRITE_ONCE(tty->throttled, false);
	if (!port->started)
		return;
	choke(port, false);
	if (port->ops->unthrottle)
		port->ops->unthrottle(port);
}

/* After any change of what uart_tx_stopped() says: goes on, or stops. */
static void stop_or_go(struct uart_port *port)
{
	uart_look_again(port);
	if (!port->started)
		return;
	if (!uart_tx_stopped(port))
		port->ops->start_tx(port);
	else if (port->ops->stop_tx)
		port->ops->stop_tx(port);
}

bool uart_take_flow_char(struct uart_port *port, unsigned int ch)
{
	if (ch != START_CHAR && ch != STOP_CHAR)
		return false;
	port->state->flow_stopped = ch == STOP_CHAR;
	stop_or_go(port);
	return true;
}

void uart_handle_cts_change(struct uart_port *port, unsigned int status)
{
	const upstat_t mask = UPSTAT_CTS_ENABLE | UPSTAT_AUTOCTS;

	port->icount.cts++;
	if ((port->status & mask) != UPSTAT_CTS_ENABLE || !port->hw_stopped == !!status)
		return;
	port->hw_stopped = !status;
	stop_or_go(port);
}

void uart_handle_dcd_change(struct uart_port *port, unsigned int status)
{
	(void)status;	/* no session hangs on the carrier */
	port->icount.dcd++;
}

/* ---- settings ---- */

unsigned int uart_get_baud_rate(struct uart_port *port, struct ktermios *termios,
				const struct ktermios *old, unsigned int min, unsigned int max)
{
	(void)port;
	(void)old;
	return clamp(termios->c_ospeed, min, max);
}

void uart_parse_options(const char *options, int *baud, int *parity, int *bits, int *flow)
{
	int rate = 0;

	while (*options >= '0' && *options <= '9' && rate < 100000000)
		rate = rate * 10 + (*options++ - '0');
	if (rate)
		*baud = rate;
	if (*options == 'n' || *options == 'o' || *options == 'e')
		*parity = *options++;
	if (*options >= '5' && *options <= '8')
		*bits = *options++ - '0';
	if (*options == 'r')
		*flow = 'r';
}

unsigned int uart_options_cflag(int parity, int bits, int flow)
{
	static const unsigned int sizes[] = { CS5, CS6, CS7, CS8 };
	unsigned int cflag = sizes[bits - 5];

	if (parity != 'n')
		cflag |= parity == 'o' ? PARENB | PARODD : PARENB;
	return flow == 'r' ? cflag | CRTSCTS : cflag;
}

void uart_update_timeout(struct uart_port *port, unsigned int cflag, unsigned int baud)
{
	unsigned int bits = 5 + (cflag & CSIZE) / CS6 + 2;	/* a start and a stop bit */

	bits += !!(cflag & CSTOPB) + !!(cflag & PARENB);
	port->frame_time = (unsigned int)div_u64((u64)bits * NSEC_PER_SEC + baud - 1, baud);
}

unsigned long uart_fifo_timeout(struct uart_port *port)
{
	return nsecs_to_jiffies((u64)READ_ONCE(port->frame_time) * port->fifosize + SLACK_NS) + 1;
}

/* What the hardware has taken: the other side may have stopped it, so within a bound. */
static void wait_until_sent(struct uart_port *port)
{
	for (unsigned long ms = 0; ms < uart_fifo_timeout(port); ms++) {
		if (port->ops->tx_empty(port))
			return;
		msleep(1);
	}
}

static void hold(struct uart_port *port, bool on)
{
	scoped_guard(uart_port, port) {
		port->state->is_held = on;
		stop_or_go(port);
	}
	if (!on)
		uart_write_wakeup(port);
}

/* Under the lock, as interrupts see it. */
static void take_over(struct uart_port *port, const struct ktermios *termios)
{
	struct uart_state *state = port->state;
	bool softcts;

	state->port.termios = *termios;
	state->port.iflag = termios->c_iflag;
	if (!(termios->c_iflag & IXON))
		state->flow_stopped = false;
	port->status &= ~UPSTAT_CTS_ENABLE;
	if (termios->c_cflag & CRTSCTS)
		port->status |= UPSTAT_CTS_ENABLE;
	softcts = port->status & UPSTAT_CTS_ENABLE && !(port->status & UPSTAT_AUTOCTS);
	port->hw_stopped = softcts && port->ops->get_mctrl &&
			   !(port->ops->get_mctrl(port) & TIOCM_CTS);
	if (termios->c_cflag & CRTSCTS && port->ops->enable_ms)
		port->ops->enable_ms(port);
}

static void change_settings(struct uart_port *port, const struct ktermios *wanted)
{
	struct ktermios termios = *wanted, *old = &port->state->port.termios;

	wait_until_sent(port);
	port->ops->set_termios(port, &termios, old->c_ospeed ? old : NULL);
	scoped_guard(uart_port, port)
		take_over(port, &termios);
}

void uart_set_termios(struct tty_port *tty, const struct ktermios *termios)
{
	struct uart_port *port = uart_port_of(tty);

	if (container_of(tty, struct uart_state, port)->suspended) {
		tty->termios = *termios;	/* for uart_resume_port() */
		return;
	}
	hold(port, true);
	/* Told to go on by the means it was told to stop by, which may be no more. */
	scoped_guard(uart_port, port)
		choke(port, false);
	change_settings(port, termios);
	hold(port, false);
}

void uart_set_options(struct uart_port *port, const char *options)
{
	int baud = DEFAULT_BAUD, parity = 'n', bits = 8, flow = 'n';
	struct ktermios termios;

	if (options)
		uart_parse_options(options, &baud, &parity, &bits, &flow);
	termios = (struct ktermios){
		.c_iflag = DEFAULT_IFLAG,
		.c_cflag = uart_options_cflag(parity, bits, flow),
		.c_ispeed = (unsigned int)baud,
		.c_ospeed = (unsigned int)baud,
	};
	change_settings(port, &termios);
}

/* ---- breaks, state ---- */

int uart_break_ctl(struct tty_port *tty, bool on)
{
	struct uart_port *port = uart_port_of(tty);

	guard(uart_port)(port);
	if (!port->ops->break_ctl || !port->started)
		return -EOPNOTSUPP;
	port->ops->break_ctl(port, on ? -1 : 0);
	return 0;
}

unsigned int uart_get_status(struct tty_port *tty, struct uart_icount *icount)
{
	struct uart_port *port = uart_port_of(tty);

	guard(uart_port)(port);
	*icount = port->icount;
	return port->mctrl | (port->ops->get_mctrl ? port->ops->get_mctrl(port) : 0);
}

/* ---- sleep ---- */

int uart_suspend_port(struct uart_driver *drv, struct uart_port *port)
{
	struct uart_state *state = port->state;

	(void)drv;
	guard(mutex)(&state->port.mutex);
	if (state->suspended)
		return 0;
	hold(port, true);
	wait_until_sent(port);
	scoped_guard(uart_port, port) {
		port->started = false;
		if (port->ops->stop_rx)
			port->ops->stop_rx(port);
		if (port->ops->set_mctrl)
			port->ops->set_mctrl(port, 0);
	}
	port->ops->shutdown(port);
	state->suspended = true;
	return 0;
}

int uart_resume_port(struct uart_driver *drv, struct uart_port *port)
{
	struct uart_state *state = port->state;
	int err;

	(void)drv;
	guard(mutex)(&state->port.mutex);
	if (!state->suspended)
		return 0;
	change_settings(port, &state->port.termios);
	err = port->ops->startup(port);
	if (err)
		return err;
	scoped_guard(uart_port, port) {
		port->started = true;
		if (port->ops->set_mctrl)
			port->ops->set_mctrl(port, port->mctrl);
	}
	state->suspended = false;
	hold(port, false);
	return 0;
}
