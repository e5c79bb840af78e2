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
 * goes on when a reader has made room.
 *
 * Counted: a line that goes away is hung up, and who still holds its port gets
 * -ENXIO.
 *
 * Locking: read_lock and write_lock, one task at a time at its side of rx and of tx; neither is
 * taken inside the other, and the driver's lock is inside both.
 */
#ifndef DRIVERS_TTY_H
#define DRIVERS_TTY_H

#include <kernel/mutex.h>
#include <kernel/wait.h>
#include <lib/compiler.h>
#include <lib/refcount.h>
#include <lib/ring.h>
#include <lib/types.h>

#define TTY_RX_SIZE	1024
#define TTY_TX_SIZE	1024

/* What came with a received character. */
enum {
	TTY_NORMAL,
	TTY_BREAK,
	TTY_FRAME,
	TTY_PARITY,
	TTY_OVERRUN,
};

struct tty_port;

/* The driver's side. All but destruct are only called until the port is hung up. */
struct tty_port_operations {
	/* There are bytes in tx. Context: task. */
	void (*start)(struct tty_port *port);
	/* There is room in rx again, after tty_throttle(). Context: task. */
	void (*unthrottle)(struct tty_port *port);
	/* The last reference is gone. Context: task. */
	void (*destruct)(struct tty_port *port);
};

/*
 * [I] never changes, [a] atomic, [r] read_lock or the driver's lock, one on each
 * side of the ring, [w] the same with write_lock.
 */
struct tty_port {
	const char *name;			/* [I] */
	const struct tty_port_operations *ops;	/* [I] */
	refcount_t refs;			/* [a] */
	bool hung_up;				/* [a] never goes back */
	bool throttled;				/* [a] set and cleared under the driver's lock */

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

/* Any context but for the last one, which is given back by a task. get returns `port`. */
struct tty_port *tty_port_get(struct tty_port *port);
void tty_port_put(struct tty_port *port);

/* ---- for drivers ---- */

/* Zeroed memory becomes a port with one reference, the caller's. `name` lives as long. Task. */
void tty_port_init(struct tty_port *port, const char *name,
		   const struct tty_port_operations *ops);

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
 * A received character; a break and an overrun are none. Context: the driver's lock.
 * Return: how many characters were taken: 0 too if rx is full.
 */
int tty_insert_flip_char(struct tty_port *port, u8 ch, u8 flag);

/* Readers may look now. Context: any. */
void tty_flip_buffer_push(struct tty_port *port);

/* The driver takes no more until ops->unthrottle. Context: the driver's lock. */
void tty_throttle(struct tty_port *port);

/* Wakes writers once tx is less than half full. Context: hard irq or task. */
void tty_port_tty_wakeup(struct tty_port *port);

#endif
