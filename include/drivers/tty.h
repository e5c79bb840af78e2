/* SPDX-License-Identifier: MIT */
/*
 * Terminals: bytes in and out of a line, between the driver of the line and the
 * tasks that read and write it.
 *
 *        tty_insert_flip_char()          tty_read()
 * driver ---------------------> [ rx ] ------------> task
 *        tty_get_char()                  tty_write()
 *        <--------------------- [ tx ] <------------
 *
 * Two rings without a lock: the driver is one side of each (under its own lock),
 * one task at a time the other. When rx is full the driver is throttled: it
 * stops taking bytes from the hardware, which may then tell the sender, and
 * goes on when a reader has made room. Under flow control the sender is told
 * before, when TTY_RX_SCARCE bytes of room are left.
 *
 * Counted: a line that goes away is hung up, and who still holds its port gets
 * -ENXIO.
 *
 * Locking: read_lock and write_lock, one task at a time at its side of rx and of tx; neither is
 * taken inside the other, and the driver's lock is inside both.
 */
#ifndef DRIVERS_TTY_H
#define DRIVERS_TTY_H

#include <drivers/termios.h>
#include <kernel/mutex.h>
#include <kernel/wait.h>
#include <lib/compiler.h>
#include <lib/list.h>
#include <lib/refcount.h>
#include <lib/ring.h>
#include <lib/types.h>

#define TTY_RX_SIZE	1024
#define TTY_TX_SIZE	1024
#define TTY_RX_SCARCE	128

/* What came with a received character. */
enum {
	TTY_NORMAL,
	TTY_BREAK,
	TTY_FRAME,
	TTY_PARITY,
	TTY_OVERRUN,
};

/* Counted by the driver, but for the last. */
struct uart_icount {
	u32 cts, dsr, rng, dcd;	/* changes of a line of the modem */
	u32 rx, tx;
	u32 frame, overrun, parity, brk;
	u32 buf_overrun;	/* characters that found rx full */
};

struct device;
struct tty_port;

/* The driver's side. All but destruct are only called until the port is hung up. */
struct tty_port_operations {
	/* There are bytes in tx. Context: task. */
	void (*start)(struct tty_port *port);
	/* There is room in rx again, after tty_throttle(). Context: task. */
	void (*unthrottle)(struct tty_port *port);
	/* Sends what it has, then sets what it can, and the port's termios to it. Context: [m] */
	void (*set_termios)(struct tty_port *port, const struct ktermios *termios);
	/* 0 or a negative errno. Context: [m] */
	int (*break_ctl)(struct tty_port *port, bool on);
	/* Context: [m]. Return: TIOCM_*. */
	unsigned int (*get_status)(struct tty_port *port, struct uart_icount *icount);
	/* The last reference is gone. Context: task. */
	void (*destruct)(struct tty_port *port);
};

/*
 * [I] never changes, [a] atomic, [r] read_lock or the driver's lock, one on each
 * side of the ring, [w] the same with write_lock, [m] mutex, [d] the driver's lock.
 */
struct tty_port {
	const char *name;			/* [I] */
	const struct device *dev;		/* [I] of the line; NULL: of none. Not counted */
	const struct tty_port_operations *ops;	/* [I] */
	refcount_t refs;			/* [a] */
	bool hung_up;				/* [a] never goes back */
	bool throttled;				/* [a] set and cleared under the driver's lock */
	struct list_head node;			/* [lock of tty.c] all that can be found */

	struct mutex mutex;
	struct ktermios termios;		/* [m] */
	unsigned int iflag;			/* [d] termios.c_iflag */

	struct mutex read_lock;
	struct ring rx;				/* [r] */
	wait_queue_head_t read_wait;

	struct mutex write_lock;
	struct ring tx;				/* [w] */
	wait_queue_head_t write_wait;

	u8 rx_buf[TTY_RX_SIZE];			/* [r] */
	u8 tx_buf[TTY_TX_SIZE];			/* [w] */
};

/* ---- for tasks; context: task, all may sleep ---- */

/*
 * Waits for input and takes up to `n` bytes of it.
 * Return: how many, at least 1 unless n is 0; -ENXIO after a hang-up.
 */
ssize_t __must_check tty_read(struct tty_port *port, void *buf, size_t n);

/* The same, up to `timeout` jiffies. Return: also -ETIMEDOUT. */
ssize_t __must_check tty_read_timeout(struct tty_port *port, void *buf, size_t n, long timeout);

/*
 * Queues bytes as they are; waits while the queue is full. What one call
 * writes is not mixed with what other tasks write.
 * Return: 0; -ENXIO after a hang-up.
 */
int tty_write(struct tty_port *port, const void *buf, size_t n);

/* The same for text: '\n' becomes "\r\n". */
int tty_write_text(struct tty_port *port, const char *text, size_t n);

/*
 * The port that the log's console is on, counted, once there is one.
 */
struct tty_port *tty_wait_for_console(void) __must_check;

/* The port of that name, counted; NULL if there is none. */
struct tty_port *tty_find(const char *name) __must_check;

/*
 * The one after `port`, which is given back, counted; the first for NULL. NULL after the last,
 * and after one that has gone meanwhile.
 */
struct tty_port *tty_next(struct tty_port *port) __must_check;

/*
 * Changes the line, once what the hardware had taken is sent. What it cannot do it leaves:
 * tty_get_termios() tells. Return: 0; -ENXIO after a hang-up.
 */
int __must_check tty_set_termios(struct tty_port *port, const struct ktermios *termios);
struct ktermios tty_get_termios(struct tty_port *port);

/*
 * Begins and ends a break. Return: 0; -ENXIO after a hang-up; -EOPNOTSUPP.
 */
int __must_check tty_break_ctl(struct tty_port *port, bool on);

/*
 * What was counted, and TIOCM_*, the lines of the modem. Return: 0; -ENXIO after a hang-up.
 */
int __must_check tty_get_status(struct tty_port *port, struct uart_icount *icount,
				unsigned int *mctrl);

/* Whether the log's console is on a line of this device. Task. */
bool tty_console_is_on(const struct device *dev);

/* Any context but for the last one, which is given back by a task. get returns `port`. */
struct tty_port *tty_port_get(struct tty_port *port);
void tty_port_put(struct tty_port *port);

/*
 * Whether tty_read() would not wait. Who waits for something else too does so on read_wait.
 * Any context.
 */
static inline bool tty_has_input(const struct tty_port *port)
{
	return !ring_is_empty(&port->rx) || READ_ONCE(port->hung_up);
}

/* ---- for drivers ---- */

/* Zeroed memory becomes a port with one reference, the caller's. `name` lives as long. Task. */
void tty_port_init(struct tty_port *port, const char *name,
		   const struct tty_port_operations *ops);

/* It can be found by its name until it is hung up. Context: task. */
void tty_port_register(struct tty_port *port);

/* This one is for users who sit at the console. Context: task. */
void tty_port_set_console(struct tty_port *port);

/*
 * Ends the use of the line: sleepers are woken, and when this returns no op
 * but destruct runs or will. Context: task; may sleep.
 */
void tty_port_hangup(struct tty_port *port);

/* Room in rx, in bytes. Context: the driver's lock. */
static inline unsigned int tty_buffer_space_avail(struct tty_port *port)
{
	return ring_space(&port->rx);
}

/*
 * A received character, or with `flag` what came in its place, marked if the port's iflag has
 * PARMRK; an overrun leaves no trace. What IGNPAR and IGNBRK drop does not get here.
 * Context: the driver's lock.
 * Return: 1; 0 if rx is full.
 */
int tty_insert_flip_char(struct tty_port *port, u8 ch, u8 flag);

/* Readers may look now. Context: any. */
void tty_flip_buffer_push(struct tty_port *port);

/* The driver takes no more until ops->unthrottle. Context: the driver's lock. */
void tty_throttle(struct tty_port *port);

/* Wakes writers once tx is less than half full. Context: hard irq or task. */
void tty_port_tty_wakeup(struct tty_port *port);

#endif
