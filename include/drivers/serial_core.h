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
 * Nothing leaves either while the line is stopped: by ^S of the other side (IXON), by
 * its CTS where the part does not see to that itself, or for a change of speed. A
 * character of flow control, x_char, goes in front of all, also while it is stopped.
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

#define TIOCSER_TEMT	0x01	/* uart_ops.tx_empty: nothing left to send, nor on the wire */

/*
 * [L]: the port is locked. uart_add_one_port() insists on tx_empty, start_tx, startup, shutdown,
 * set_termios and poll_put_char. Without throttle and unthrottle (both or neither) what finds
 * no room is lost and counted, without type the part is "unknown".
 */
struct uart_ops {
	unsigned int (*tx_empty)(struct uart_port *port);	/* TIOCSER_TEMT or 0 */
	void (*set_mctrl)(struct uart_port *port, unsigned int mctrl);	/* TIOCM_* [L] */
	unsigned int (*get_mctrl)(struct uart_port *port);	/* TIOCM_* [L] */
	void (*stop_tx)(struct uart_port *port);		/* [L] */
	/* Sends what uart_fifo_get() gives, and asks for interrupts if the FIFO is full. [L] */
	void (*start_tx)(struct uart_port *port);
	void (*throttle)(struct uart_port *port);		/* takes no more bytes [L] */
	void (*unthrottle)(struct uart_port *port);		/* [L] */
	/* Sends it before all else, where the part can; else uart_fifo_get() gives it. [L] */
	void (*send_xchar)(struct uart_port *port, char ch);
	void (*stop_rx)(struct uart_port *port);		/* no bytes until startup [L] */
	void (*enable_ms)(struct uart_port *port);		/* tell of CTS and the like [L] */
	void (*break_ctl)(struct uart_port *port, int ctl);	/* 0 ends it, else it begins [L] */
	/* Receives from here on; 0 or a negative errno. Task; may sleep. */
	int (*startup)(struct uart_port *port);
	void (*shutdown)(struct uart_port *port);		/* Task; may sleep. */
	/*
	 * Sets what it can and writes back to `termios` what it did; then calls
	 * uart_update_timeout(). Nothing is sent meanwhile. `old` may be NULL. Task.
	 */
	void (*set_termios)(struct uart_port *port, struct ktermios *termios,
			    const struct ktermios *old);
	const char *(*type)(struct uart_port *port);
	/* Sends one byte, polled, within a bound. Any context, no lock. */
	void (*poll_put_char)(struct uart_port *port, unsigned char c);
};

/* uart_port.status */
typedef unsigned int upstat_t;
#define UPSTAT_CTS_ENABLE	(1u << 0)	/* the core's: CRTSCTS is set */
#define UPSTAT_AUTORTS		(1u << 2)	/* the driver's: the part sees to RTS */
#define UPSTAT_AUTOCTS		(1u << 3)	/* the driver's: the part sees to CTS */

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

	/* A break has come in. Locked, in the driver's interrupt. NULL: nobody cares */
	void (*handle_break)(struct uart_port *port);

	spinlock_t lock;		/* initialised by the driver, for uart_port_lock alone */
	bool locked;			/* [l], read without it: a lock of one CPU has no state */
	bool tx_wanted;			/* [a] who unlocks is to call start_tx */
	bool started;			/* [l] between startup and shutdown */
	struct uart_icount icount;	/* [l] */
	unsigned int mctrl;		/* [l] TIOCM_* that are wanted */
	upstat_t status;		/* [l] UPSTAT_* */
	unsigned char x_char;		/* [l] of flow control, to be sent first; 0: none */
	int hw_stopped;			/* [l] by the other side's CTS */
	/* [l] Bits of the data register: errors that are looked at, characters dropped for them. */
	unsigned int read_status_mask, ignore_status_mask;
	unsigned int frame_time;	/* [l] of a character on the wire, ns */
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
	bool flow_stopped;		/* [p] by ^S */
	bool is_held;			/* [p] nothing is to be sent: the line changes */
	bool is_choking;		/* [p] the other side has been told to stop */
	bool suspended;			/* [port.mutex] */
	unsigned int line_pos, line_len;	/* [p] of `line`, what is being sent */
	unsigned int line_stop;		/* [p] how far without a look at anything else */
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

	if (state->line_pos == state->line_stop)
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

/* Whether nothing but x_char may be sent. Context: locked. */
static inline int uart_tx_stopped(struct uart_port *port)
{
	return port->hw_stopped || port->state->flow_stopped || port->state->is_held;
}

/* uart_insert_char(), where there is more to it than a character. Context: locked. */
void uart_insert_special(struct uart_port *port, unsigned int status, unsigned int overrun,
			 unsigned int ch, unsigned int flag);

/*
 * Passes a received character on; `flag` is TTY_*. One with a bit of ignore_status_mask in
 * `status` is dropped. `overrun` in `status` says that characters after this one were lost.
 * Context: locked.
 */
static __always_inline void uart_insert_char(struct uart_port *port, unsigned int status,
				    unsigned int overrun, unsigned int ch, unsigned int flag)
{
	struct tty_port *tty = &port->state->port;

	if (unlikely(flag != TTY_NORMAL || tty->iflag & (IXON | PARMRK) ||
		     status & (port->ignore_status_mask | overrun)))
		uart_insert_special(port, status, overrun, ch, flag);
	else if (!ring_put_byte(&tty->rx, (u8)ch))
		port->icount.buf_overrun++;
}

/*
 * Whether another character can be taken; if not, the port is throttled. With little room
 * left the other side is told to stop. Context: locked. Return: that.
 */
bool uart_rx_scarce(struct uart_port *port);

/* How many can be taken before that has to be asked. Context: locked. */
static inline unsigned int uart_rx_room(struct uart_port *port)
{
	struct tty_port *tty = &port->state->port;
	unsigned int space = tty_buffer_space_avail(tty);

	/* One that is marked takes more than one place. */
	return space > TTY_RX_SCARCE && !(tty->iflag & PARMRK) ? space - TTY_RX_SCARCE : 0;
}

static inline bool uart_rx_has_room(struct uart_port *port)
{
	return likely(uart_rx_room(port)) || uart_rx_scarce(port);
}

/*
 * A line of the modem has changed to `status`. Context: locked.
 */
void uart_handle_cts_change(struct uart_port *port, unsigned int status);
void uart_handle_dcd_change(struct uart_port *port, unsigned int status);

/* A break has come in; it is counted by the driver. Context: locked. Return: 0, it is input. */
static inline int uart_handle_break(struct uart_port *port)
{
	if (port->handle_break)
		port->handle_break(port);
	return 0;
}

/* How long a character takes from now on. Context: locked. */
void uart_update_timeout(struct uart_port *port, unsigned int cflag, unsigned int baud);

/* A full FIFO and 20 ms, in jiffies. Context: any. */
unsigned long uart_fifo_timeout(struct uart_port *port);

/*
 * Ends what the port does, once what the hardware had taken is sent, and brings it back with
 * the settings that it had. Bytes to be sent wait meanwhile; what comes in is lost.
 * Context: task; may sleep. Return: 0; resume: what startup returned, it is suspended then.
 */
int uart_suspend_port(struct uart_driver *drv, struct uart_port *port);
int __must_check uart_resume_port(struct uart_driver *drv, struct uart_port *port);

/* The baud rate to set, within min and max. Context: any. */
unsigned int uart_get_baud_rate(struct uart_port *port, struct ktermios *termios,
				const struct ktermios *old, unsigned int min, unsigned int max);

/*
 * "115200n8": what is missing, or makes no sense, keeps its value. Context: any.
 */
void uart_parse_options(const char *options, int *baud, int *parity, int *bits, int *flow);

/* What uart_parse_options() found. Context: any. Return: c_cflag. */
unsigned int uart_options_cflag(int parity, int bits, int flow);

#endif
