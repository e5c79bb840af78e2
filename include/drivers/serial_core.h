/* SPDX-License-Identifier: MIT */
/*
 * What all UARTs share. A driver of a UART fills in a uart_port and gives it to
 * uart_add_one_port(); from there on the port is a terminal (<drivers/tty.h>)
 * and, if the device tree's stdout-path names it, the log's console.
 *
 * What is sent comes from two sources, chosen where a line ends:
 *
 *    log   -> [line] --.
 *                       >-- uart_fifo_get() --> the driver's FIFO
 *    tasks -> [tx]  ---'
 *
 * A line of the log is never split, and one that a task has begun is split only
 * if the task has nothing more to say at the moment (a prompt): the log then
 * begins a line of its own.
 *
 * Locking: the port's lock, interrupts off, taken only by the functions here.
 * printk may be called with it held, by the driver's own error path for one:
 * who unlocks sends what was logged meanwhile.
 */
#ifndef DRIVERS_SERIAL_CORE_H
#define DRIVERS_SERIAL_CORE_H

#include <drivers/tty.h>
#include <kernel/console.h>
#include <kernel/spinlock.h>
#include <lib/cleanup.h>
#include <lib/compiler.h>
#include <lib/types.h>

struct device;
struct uart_port;

/* c_cflag, with Linux's numbers. */
#define CSIZE	0000060
#define   CS5	0000000
#define   CS6	0000020
#define   CS7	0000040
#define   CS8	0000060
#define CSTOPB	0000100	/* two stop bits */
#define PARENB	0000400
#define PARODD	0001000
#define CRTSCTS	020000000000

struct ktermios {
	unsigned int c_cflag;
	unsigned int c_ispeed;	/* baud; the same as c_ospeed */
	unsigned int c_ospeed;
};

#define TIOCSER_TEMT	0x01	/* uart_ops.tx_empty: nothing left to send, nor on the wire */

/*
 * [L]: the port is locked. uart_add_one_port() insists on all but these: without throttle
 * and unthrottle (both or neither) what finds no room is lost and counted, without type the
 * part is "unknown", and stop_tx is the driver's own affair.
 */
struct uart_ops {
	unsigned int (*tx_empty)(struct uart_port *port);	/* TIOCSER_TEMT or 0 */
	/* Sends what uart_fifo_get() gives, and asks for interrupts if the FIFO is full. [L] */
	void (*start_tx)(struct uart_port *port);
	void (*stop_tx)(struct uart_port *port);		/* [L] */
	void (*throttle)(struct uart_port *port);		/* takes no more bytes [L] */
	void (*unthrottle)(struct uart_port *port);		/* [L] */
	/* Receives from here on; 0 or a negative errno. Task; may sleep. */
	int (*startup)(struct uart_port *port);
	void (*shutdown)(struct uart_port *port);		/* Task; may sleep. */
	/* Sets what it can and writes back to `termios` what it did. `old` may be NULL. Task. */
	void (*set_termios)(struct uart_port *port, struct ktermios *termios,
			    const struct ktermios *old);
	const char *(*type)(struct uart_port *port);
	/* Sends one byte, polled, within a bound. Any context, no lock. */
	void (*poll_put_char)(struct uart_port *port, unsigned char c);
};

/* Counted by the driver, but for the last. */
struct uart_icount {
	u32 rx, tx;
	u32 frame, overrun, parity, brk;
	u32 buf_overrun;	/* characters that found rx full */
};

struct uart_state;

/*
 * The upper half is the driver's: [I] once the port is added. [l] the port's lock,
 * [a] atomic.
 */
struct uart_port {
	struct device *dev;
	const struct uart_ops *ops;
	void __iomem *membase;
	resource_size_t mapbase;	/* for the message alone */
	unsigned int irq;
	unsigned int uartclk;		/* Hz */
	unsigned int fifosize;		/* bytes */
	unsigned int line;		/* the number in ttyX<n> */
	void *private_data;

	spinlock_t lock;		/* initialised by the driver, for uart_port_lock alone */
	bool locked;			/* [l], read without it: a lock of one CPU has no state */
	bool tx_wanted;			/* [a] who unlocks is to call start_tx */
	bool started;			/* [l] between startup and shutdown */
	struct uart_icount icount;	/* [l] */
	struct uart_state *state;	/* [I] from uart_add_one_port to uart_remove_one_port */
};

/*
 * The terminal and console of a port; outlives it while somebody has the
 * terminal. [p]: the uart_port's lock
 */
struct uart_state {
	struct tty_port port;
	struct uart_port *uart_port;	/* [I] */
	char name[16];			/* [I] */

	struct console console;
	bool is_console;		/* [p] */
	bool is_polled;			/* a panic has taken over */
	bool midline;			/* [p] the last byte from tx did not end a line */
	unsigned int line_pos, line_len;	/* [p] of `line`, what is being sent */
	char line[2 + LOG_LINE_MAX];	/* [p] */
};

#define UART_NR_MAX	8

struct uart_driver {
	const char *driver_name;			/* [I] */
	const char *dev_name;				/* [I] the X of ttyX<n> */
	unsigned int nr;				/* [I] lines, up to UART_NR_MAX */
	struct uart_port *ports[UART_NR_MAX];		/* [lock of serial_core.c] */
};

/*
 * Makes the port a terminal, sets the speed that stdout-path says (else 115200
 * baud, 8 bits, no parity) and starts it. The port, with the driver's half
 * filled in, belongs to the core until uart_remove_one_port(). A `line` that is
 * not free is replaced by the first that is.
 * Context: task; may sleep.
 * Return: 0; -EINVAL: an operation is missing; -ENOSPC: no line is free; -ENOMEM; what
 * startup returned.
 */
int __must_check uart_add_one_port(struct uart_driver *drv, struct uart_port *port);

/*
 * Hangs the terminal up, and waits for half a second at most until what the port had
 * taken is sent. Nothing of the port is used any more. Context: task; may sleep.
 */
void uart_remove_one_port(struct uart_driver *drv, struct uart_port *port);

/* Context: any but a holder of the lock. Unlocking may call start_tx. */
void uart_port_lock_irqsave(struct uart_port *port, unsigned long *flags)
	__acquires(&port->lock, role_spinning, role_irqs_off);
void uart_port_unlock_irqrestore(struct uart_port *port, unsigned long flags)
	__releases(&port->lock, role_spinning, role_irqs_off);
/* False if somebody, this processor included, has the lock. Context: any. */
bool __must_check uart_port_trylock_irqsave(struct uart_port *port, unsigned long *flags)
	__cond_acquires(true, &port->lock, role_spinning, role_irqs_off);

DEFINE_LOCK_GUARD_1(uart_port, struct uart_port,
		    uart_port_lock_irqsave(_T->lock, &_T->flags),
		    uart_port_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
GUARD_HOLDS(uart_port, ->lock)
GUARD_ROLE(uart_port, role_spinning)
GUARD_ROLE(uart_port, role_irqs_off)

/* The next byte to send; false if there is none. Context: locked. */
bool uart_fifo_next(struct uart_port *port, unsigned char *ch);

/* The same, for who sends many: within a line of the log in a few instructions. */
static __always_inline bool uart_fifo_get(struct uart_port *port, unsigned char *ch)
{
	struct uart_state *state = port->state;

	if (state->line_pos == state->line_len)
		return uart_fifo_next(port, ch);
	*ch = (unsigned char)state->line[state->line_pos++];
	port->icount.tx++;
	return true;
}

/*
 * Wakes tasks that wait for room to write. Context: any in which the port cannot be
 * removed: an interrupt handler has it locked.
 */
void uart_write_wakeup(struct uart_port *port);

/*
 * Passes a received character on; `flag` is TTY_*. `overrun` in `status` says that
 * characters after this one were lost, which a terminal cannot show. Context: locked.
 */
void uart_insert_char(struct uart_port *port, unsigned int status, unsigned int overrun,
		      unsigned int ch, unsigned int flag);

/* Whether another character can be taken; if not, the port is throttled. Context: locked. */
bool uart_rx_has_room(struct uart_port *port);

/* The baud rate to set, within min and max. Context: any. */
unsigned int uart_get_baud_rate(struct uart_port *port, struct ktermios *termios,
				const struct ktermios *old, unsigned int min, unsigned int max);

/*
 * "115200n8": what is missing, or makes no sense, keeps its value. Context: any.
 */
void uart_parse_options(const char *options, int *baud, int *parity, int *bits, int *flow);

#endif
