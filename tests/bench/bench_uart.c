/* SPDX-License-Identifier: MIT */
/*
 * What a character costs a UART's driver, in bulk: from a terminal's memory into the part, and
 * out of the part into memory.
 *
 * The console's own driver is called, with a page of memory in the place of the part: one whose
 * FIFO for sending is always empty and that always has a character that came in, so that a call
 * goes on to the driver's bound of 256. That is as long as a full FIFO's, but for what a call
 * costs once. QEMU's part has neither in a row.
 */
#include <test/bench.h>

#include <drivers/serial_core.h>
#include <kernel/delay.h>
#include <lib/container_of.h>
#include <lib/string.h>

#define CHARACTERS	256
#define PL011_DR	(0x00 / 4)
#define PL011_FR	(0x18 / 4)
#define   FR_TXFE	0x80u	/* and not RXFE */

static u32 registers[0x4c / 4];	/* up to DMACR: clearing more would show at boot */

/* The only port's state, with nothing on its way; NULL if it does not come to rest. */
static struct uart_state *take_port(struct tty_port *tty)
{
	struct uart_state *state = container_of(tty, struct uart_state, port);

	for (int ms = 0; ms < 1000; ms++) {
		if (state->console.is_idle(&state->console))
			return state;
		msleep(1);
	}
	return NULL;
}

static void measure(struct bench *b, void (*run)(struct bench *b, struct uart_state *state))
{
	struct tty_port *tty = tty_wait_for_console();
	struct uart_state *state = take_port(tty);

	registers[PL011_DR] = 'x';
	registers[PL011_FR] = FR_TXFE;
	b->divisor = CHARACTERS;
	if (bench_check(b, state)) {
		struct uart_port *port = state->uart_port;

		guard(uart_port)(port);
		void __iomem *part = port->membase;

		port->membase = (void __iomem *)registers;
		run(b, state);
		port->membase = part;
	}
	tty_port_put(tty);
}

static void run_tx(struct bench *b, struct uart_state *state)
{
	struct uart_port *port = state->uart_port;
	char text[CHARACTERS];

	memset(text, '.', sizeof(text));
	text[CHARACTERS - 1] = '\n';
	for_each_bench_run(i) {
		bench_check(b, ring_put(&state->port.tx, text, CHARACTERS) == CHARACTERS);
		bench_begin(b);
		port->ops->start_tx(port);
		bench_end(b);
		bench_check(b, ring_is_empty(&state->port.tx));
	}
}

static void run_rx(struct bench *b, struct uart_state *state)
{
	struct uart_port *port = state->uart_port;

	for_each_bench_run(i) {
		bench_begin(b);
		port->ops->unthrottle(port);	/* reads what there is */
		bench_end(b);
		bench_check(b, ring_skip(&state->port.rx, CHARACTERS + 1) == CHARACTERS);
	}
}

static void bench_tx(struct bench *b)
{
	measure(b, run_tx);
}
BENCH_CASE("uart_tx_byte", bench_tx);

static void bench_rx(struct bench *b)
{
	measure(b, run_rx);
}
BENCH_CASE("uart_rx_byte", bench_rx);
