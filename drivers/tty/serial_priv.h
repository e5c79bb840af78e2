/* SPDX-License-Identifier: MIT */
/*
 * Between the terminal half (serial_core.c) and the console half
 * (serial_console.c) of a UART.
 */
#ifndef SERIAL_PRIV_H
#define SERIAL_PRIV_H

#include <drivers/serial_core.h>
#include <lib/container_of.h>
#include <lib/types.h>

static inline struct uart_port *uart_port_of(struct tty_port *tty)
{
	return container_of(tty, struct uart_state, port)->uart_port;
}

/* x_char is there, or the line is stopped: the next byte is looked for anew. Port locked. */
void uart_look_again(struct uart_port *port);

/* ---- serial_line.c ---- */

/* The settings that a port begins with: `options` as in stdout-path, NULL for none. Task. */
void uart_set_options(struct uart_port *port, const char *options);

/* Raises these lines of the modem. Task. */
void uart_set_mctrl(struct uart_port *port, unsigned int mctrl);

/* Operations of the terminal. */
void uart_unthrottle(struct tty_port *tty);
void uart_set_termios(struct tty_port *tty, const struct ktermios *termios);
int uart_break_ctl(struct tty_port *tty, bool on);
unsigned int uart_get_status(struct tty_port *tty, struct uart_icount *icount);

/* Whether the character was one of flow control, and is no input. Port locked. */
bool uart_take_flow_char(struct uart_port *port, unsigned int ch);

/* ---- serial_core.c, serial_console.c ---- */

/* Has start_tx called, by this caller or by who holds the port's lock. Any context. */
void uart_kick_tx(struct uart_port *port);

/* With `line` sent: makes it the next line of the log, if there is one. Port locked. */
void uart_console_stage(struct uart_state *state);

/* Whether some UART is the console. Any context. */
bool uart_console_exists(void);

/* The port becomes the log's console, and the console's terminal. Task. */
void uart_console_attach(struct uart_state *state);
/* Nothing if it is not. Task; may sleep. */
void uart_console_detach(struct uart_state *state);

#endif
