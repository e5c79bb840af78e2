/* SPDX-License-Identifier: MIT */
/*
 * The common half of UART drivers: the port's lock, which source the next byte
 * comes from, and a port's way in and out. serial_console.c has the console,
 * serial_line.c settings and flow control.
 *
 * The lock is a spin lock and one word more. printk is called anywhere, so also
 * by who holds the lock; with one CPU configured nothing but `locked` tells.
 * The kick of a console that cannot have the lock leaves tx_wanted, and the
 * holder makes up for it when it unlocks.
 *
 * Locking: the port's lock, with interrupts off, for its state and around the operations that are
 * marked [L]; it is inside a terminal's mutexes, and the log's and the wait queues' are inside it.
 * ports_lock, a mutex, for which port has which line; nothing is taken inside it.
 */
#include <drivers/serial_core.h>

#include <drivers/device.h>
#include <drivers/of.h>
#include <kernel/delay.h>
#include <kernel/fault-inject.h>
#include <kernel/mutex.h>
#include <kernel/printk.h>
#include <kernel/slab.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <lib/minmax.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#include "serial_priv.h"

#define PIECE_MAX	64	/* bytes of a terminal that are looked at at once */
#define DRAIN_MAX_MS	500	/* a full terminal and a line of the log at 38400 baud are 340 */

static DEFINE_MUTEX(ports_lock);

/* ---- the lock ---- */

void uart_port_lock_irqsave(struct uart_port *port, unsigned long *flags)
{
	spin_lock_irqsave(&port->lock, *flags);
	WRITE_ONCE(port->locked, true);
}

bool uart_port_trylock_irqsave(struct uart_port *port, unsigned long *flags)
	__no_context_analysis	/* taken if it returns true */
{
	local_irq_save(*flags);
	if (!READ_ONCE(port->locked) && spin_trylock(&port->lock)) {
		WRITE_ONCE(port->locked, true);
		return true;
	}
	local_irq_restore(*flags);
	return false;
}

static void start_tx_locked(struct uart_port *port)
	__must_hold(&port->lock)
{
	WRITE_ONCE(port->tx_wanted, false);
	smp_mb();	/* what is logged from here on asks again */
	if (port->started)
		port->ops->start_tx(port);
}

void uart_port_unlock_irqrestore(struct uart_port *port, unsigned long flags)
	__no_context_analysis	/* taken again if somebody asked in between */
{
	unsigned long inner;
	bool again;

	do {
		if (READ_ONCE(port->tx_wanted))
			start_tx_locked(port);
		WRITE_ONCE(port->locked, false);
		spin_unlock(&port->lock);
		smp_mb();	/* free before the last look: one of us two sees the other */
		again = READ_ONCE(port->tx_wanted) && uart_port_trylock_irqsave(port, &inner);
	} while (again);
	local_irq_restore(flags);
}

void uart_kick_tx(struct uart_port *port)
{
	unsigned long flags;

	WRITE_ONCE(port->tx_wanted, true);
	smp_mb();	/* asked before looking at the lock */
	if (uart_port_trylock_irqsave(port, &flags))
		uart_port_unlock_irqrestore(port, flags);
}

/* ---- bytes ---- */

void uart_look_again(struct uart_port *port)
{
	port->state->line_stop = port->state->line_pos;
}

/* The next of what tasks have written becomes `line`: no more than a line, nor than PIECE_MAX. */
static void stage_written(struct uart_state *state)
{
	unsigned int n = ring_peek(&state->port.tx, state->line, PIECE_MAX);
	const char *newline = memchr(state->line, '\n', n);

	if (!n)
		return;
	if (newline)
		n = (unsigned int)(newline + 1 - state->line);
	ring_skip(&state->port.tx, n);
	state->midline = !newline;
	state->line_pos = 0;
	state->line_len = n;
}

/* After a line another, or what tasks have written, if that is begun or there is none. */
static bool next_of_queue(struct uart_state *state, unsigned char *ch)
{
	if (state->line_pos == state->line_len &&
	    (!state->midline || ring_is_empty(&state->port.tx)))
		uart_console_stage(state);
	if (state->line_pos == state->line_len)
		stage_written(state);
	state->line_stop = state->line_len;
	if (state->line_pos == state->line_len)
		return false;
	*ch = (unsigned char)state->line[state->line_pos++];
	return true;
}

bool uart_fifo_next(struct uart_port *port, unsigned char *ch)
{
	if (unlikely(port->x_char)) {
		*ch = port->x_char;
		port->x_char = 0;
	} else if (uart_tx_stopped(port) || !next_of_queue(port->state, ch)) {
		return false;
	}
	port->icount.tx++;
	return true;
}

void uart_write_wakeup(struct uart_port *port)
{
	tty_port_tty_wakeup(&port->state->port);
}

noinline void uart_insert_special(struct uart_port *port, unsigned int status,
				  unsigned int overrun, unsigned int ch, unsigned int flag)
{
	struct tty_port *tty = &port->state->port;

	if (unlikely(tty->iflag & IXON) && flag == TTY_NORMAL && uart_take_flow_char(port, ch))
		return;
	if (!(status & port->ignore_status_mask & ~overrun) &&
	    !tty_insert_flip_char(tty, (u8)ch, (u8)flag))
		port->icount.buf_overrun++;
	if (status & overrun & ~port->ignore_status_mask)
		tty_insert_flip_char(tty, 0, TTY_OVERRUN);
}

/* ---- the terminal's calls ---- */

static void uart_start(struct tty_port *tty)
{
	uart_kick_tx(uart_port_of(tty));
}

static void uart_destruct(struct tty_port *tty)
{
	kfree(container_of(tty, struct uart_state, port));
}

static const struct tty_port_operations uart_tty_ops = {
	.start = uart_start,
	.unthrottle = uart_unthrottle,
	.set_termios = uart_set_termios,
	.break_ctl = uart_break_ctl,
	.get_status = uart_get_status,
	.destruct = uart_destruct,
};

/* ---- in and out ---- */

/* Reserves port->line, or the first that is free. */
static int take_line(struct uart_driver *drv, struct uart_port *port)
{
	unsigned int nr = min(drv->nr, UART_NR_MAX + 0u), line = port->line;

	guard(mutex)(&ports_lock);
	if (line >= nr || drv->ports[line])
		for (line = 0; line < nr && drv->ports[line]; line++)
			;
	if (line == nr)
		return -ENOSPC;
	port->line = line;
	drv->ports[line] = port;
	return 0;
}

static void give_line_back(struct uart_driver *drv, struct uart_port *port)
{
	guard(mutex)(&ports_lock);
	drv->ports[port->line] = NULL;
}

static struct uart_state *uart_state_create(const struct uart_driver *drv, struct uart_port *port)
{
	struct uart_state *state = kzalloc(sizeof(*state), GFP_KERNEL);

	if (!state)
		return NULL;
	snprintf(state->name, sizeof(state->name), "%s%u", drv->dev_name, port->line);
	tty_port_init(&state->port, state->name, &uart_tty_ops);
	state->port.dev = port->dev;
	state->uart_port = port;
	return state;
}

static int uart_start_port(struct uart_port *port)
{
	bool is_stdout = of_stdout && of_stdout == dev_of_node(port->dev);
	int err;

	uart_set_options(port, is_stdout ? of_stdout_options : NULL);
	err = port->ops->startup(port);
	if (err)
		return err;
	uart_set_mctrl(port, TIOCM_DTR | TIOCM_RTS);
	scoped_guard(uart_port, port)
		port->started = true;
	tty_port_register(&port->state->port);
	dev_info(port->dev, "%s at MMIO 0x%llx (irq = %u, base_baud = %u) is a %s\n",
		 port->state->name, port->mapbase, port->irq, port->uartclk / 16,
		 port->ops->type ? port->ops->type(port) : "unknown");
	if (is_stdout || (!of_stdout && !uart_console_exists()))
		uart_console_attach(port->state);
	return 0;
}

static bool is_complete(const struct uart_ops *ops)
{
	return ops && ops->tx_empty && ops->start_tx && ops->startup && ops->shutdown &&
	       ops->set_termios && ops->poll_put_char && !ops->throttle == !ops->unthrottle;
}

int uart_add_one_port(struct uart_driver *drv, struct uart_port *port)
{
	int err = is_complete(port->ops) ? fault_check(FAULT_REGISTER) : -EINVAL;

	if (!err)
		err = take_line(drv, port);
	if (err)
		return err;
	port->state = uart_state_create(drv, port);
	if (!port->state) {
		err = -ENOMEM;
		goto out_line;
	}
	err = uart_start_port(port);
	if (err)
		goto out_state;
	return 0;

out_state:
	tty_port_put(&port->state->port);
	port->state = NULL;
out_line:
	give_line_back(drv, port);
	return err;
}

static bool is_drained(struct uart_port *port)
{
	struct uart_state *state = port->state;

	guard(uart_port)(port);
	return state->line_pos == state->line_len && ring_is_empty(&state->port.tx) &&
	       port->ops->tx_empty(port);
}

/* What was taken from the log and from tasks, within a bound: the part may be stuck. */
static void drain(struct uart_port *port)
{
	for (unsigned int ms = 0; ms < DRAIN_MAX_MS && !is_drained(port); ms++) {
		uart_kick_tx(port);
		msleep(1);
	}
}

void uart_remove_one_port(struct uart_driver *drv, struct uart_port *port)
{
	struct uart_state *state = port->state;

	uart_console_detach(state);
	tty_port_hangup(&state->port);
	if (!state->suspended) {
		drain(port);
		scoped_guard(uart_port, port)
			port->started = false;
		port->ops->shutdown(port);
	}
	give_line_back(drv, port);
	port->state = NULL;
	tty_port_put(&state->port);
}
