/* SPDX-License-Identifier: MIT */
/*
 * Between the terminal half (serial_core.c) and the console half
 * (serial_console.c) of a UART.
 */
#ifndef SERIAL_PRIV_H
#define SERIAL_PRIV_H

#include <lib/types.h>

struct uart_port;
struct uart_state;

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
