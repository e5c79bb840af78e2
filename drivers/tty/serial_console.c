/* SPDX-License-Identifier: MIT */
/*
 * The log's console on a UART.
 *
 * printk kicks; the kick only has start_tx called, which takes lines from the
 * log through uart_fifo_get(). From a panic on each line is sent polled, after
 * what was under way: the rest of a line of the log, then what tasks had
 * written.
 *
 * Locking: the port's lock for the line that is being sent and for whether the port is a console.
 * From a panic on none: nobody else runs.
 */
#include <drivers/serial_core.h>

#include <kernel/printk.h>
#include <lib/container_of.h>

#include "serial_priv.h"

static atomic_t uart_consoles = ATOMIC_INIT(0);
static struct log_cursor resume;	/* [o] who binds or unbinds: where the last one stopped */

static struct uart_state *state_of(struct console *con)
{
	return container_of(con, struct uart_state, console);
}

void uart_console_stage(struct uart_state *state)
{
	size_t len;

	if (!state->is_console || state->is_polled)
		return;
	len = console_read(&state->console, state->line + 2);
	if (!len)
		return;
	/* "\r\n" in front, for a line that a task has begun, and at the end for '\n'. */
	state->line[0] = '\r';
	state->line[1] = '\n';
	state->line[2 + len - 1] = '\r';
	state->line[2 + len] = '\n';
	state->line_pos = state->midline ? 0 : 2;
	state->line_len = (unsigned int)len + 3;
	state->midline = false;
}

static void uart_console_kick(struct console *con)
{
	uart_kick_tx(state_of(con)->uart_port);
}

static bool uart_console_is_idle(struct console *con)
{
	struct uart_state *state = state_of(con);
	struct uart_port *port = state->uart_port;

	scoped_guard(uart_port, port)
		if (state->line_pos < state->line_len)
			return false;
	return ring_is_empty(&state->port.tx) && port->ops->tx_empty(port);
}

/* Sends what was under way when the panic came. Nothing runs any more that would. */
static void enter_polled(struct uart_state *state)
{
	struct uart_port *port = state->uart_port;
	unsigned char ch;

	state->is_polled = true;
	state->flow_stopped = state->is_held = false;
	port->hw_stopped = 0;
	while (uart_fifo_next(port, &ch))
		port->ops->poll_put_char(port, ch);
	if (state->midline) {
		port->ops->poll_put_char(port, '\r');
		port->ops->poll_put_char(port, '\n');
	}
}

static void uart_console_write(struct console *con, const char *text, size_t len)
{
	struct uart_state *state = state_of(con);
	struct uart_port *port = state->uart_port;

	if (!state->is_polled)
		enter_polled(state);
	while (len--) {
		if (*text == '\n')
			port->ops->poll_put_char(port, '\r');
		port->ops->poll_put_char(port, (unsigned char)*text++);
	}
}

bool uart_console_exists(void)
{
	return atomic_read(&uart_consoles) > 0;
}

void uart_console_attach(struct uart_state *state)
{
	state->console = (struct console){
		.name = state->name,
		.write = uart_console_write,
		.kick = uart_console_kick,
		.is_idle = uart_console_is_idle,
		.cursor = resume,
	};
	atomic_inc(&uart_consoles);
	register_console(&state->console);	/* says where in the log to begin */
	scoped_guard(uart_port, state->uart_port)
		state->is_console = true;
	uart_kick_tx(state->uart_port);
	tty_port_set_console(&state->port);
}

void uart_console_detach(struct uart_state *state)
{
	if (!state->is_console)
		return;
	unregister_console(&state->console);
	resume = state->console.cursor;
	scoped_guard(uart_port, state->uart_port)
		state->is_console = false;
	atomic_dec(&uart_consoles);
}
