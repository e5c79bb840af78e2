/* SPDX-License-Identifier: MIT */
/*
 * The half of a terminal that all lines share: sleeping readers and writers
 * around two rings, throttling, hang-up, and which terminal is the console's.
 *
 * Locking: read_lock and write_lock make one task at a time the other side of a
 * ring than the driver, and keep a write in one piece. They are held over the
 * wait for room or input: a second task waits for the first. console_lock for which terminal is
 * the console's. None of the three is taken inside another; the driver's lock is inside the first
 * two.
 */
#include <drivers/tty.h>

#include <lib/cleanup.h>
#include <lib/errno.h>
#include <lib/minmax.h>
#include <lib/string.h>

static DEFINE_MUTEX(console_lock);
/* [console_lock] counted; READ_ONCE to wait for it */
static struct tty_port *console_port __guarded_by(&console_lock);
static DECLARE_WAIT_QUEUE_HEAD(console_wait);

void tty_port_init(struct tty_port *port, const char *name, const struct tty_port_operations *ops)
{
	port->name = name;
	port->ops = ops;
	static_assert(!RING_SIZE_IS_BAD(TTY_RX_SIZE) && !RING_SIZE_IS_BAD(TTY_TX_SIZE));
	port->rx.data = port->rx_buf;
	port->rx.mask = TTY_RX_SIZE - 1;
	port->tx.data = port->tx_buf;
	port->tx.mask = TTY_TX_SIZE - 1;
	refcount_set(&port->refs, 1);
	mutex_init(&port->read_lock);
	mutex_init(&port->write_lock);
	init_waitqueue_head(&port->read_wait);
	init_waitqueue_head(&port->write_wait);
}

struct tty_port *tty_port_get(struct tty_port *port)
{
	refcount_inc(&port->refs);
	return port;
}

void tty_port_put(struct tty_port *port)
{
	if (refcount_dec_and_test(&port->refs))
		port->ops->destruct(port);
}

static bool is_hung_up(const struct tty_port *port)
{
	return READ_ONCE(port->hung_up);
}

/* ---- reading ---- */

int tty_insert_flip_char(struct tty_port *port, u8 ch, u8 flag)
{
	bool is_event = flag == TTY_BREAK || flag == TTY_OVERRUN;

	return !is_event && ring_put_byte(&port->rx, ch);
}

void tty_flip_buffer_push(struct tty_port *port)
{
	if (wq_has_sleeper(&port->read_wait))
		wake_up(&port->read_wait);
}

void tty_throttle(struct tty_port *port)
{
	WRITE_ONCE(port->throttled, true);
	tty_flip_buffer_push(port);
}

/* A throttled line without input counts: the reader it wakes is who unthrottles. */
static bool is_readable(const struct tty_port *port)
{
	return !ring_is_empty(&port->rx) || READ_ONCE(port->throttled) || is_hung_up(port);
}

static void unthrottle_if_room(struct tty_port *port)
{
	if (READ_ONCE(port->throttled) && ring_used(&port->rx) <= TTY_RX_SIZE / 2)
		port->ops->unthrottle(port);
}

ssize_t tty_read(struct tty_port *port, void *buf, size_t n)
{
	unsigned int want = (unsigned int)min_t(size_t, n, TTY_RX_SIZE), got = 0;

	guard(mutex)(&port->read_lock);
	while (want && !got) {
		wait_event(port->read_wait, is_readable(port));
		if (is_hung_up(port))
			return -ENXIO;
		got = ring_get(&port->rx, buf, want);
		unthrottle_if_room(port);
	}
	return (ssize_t)got;
}

/* ---- writing ---- */

void tty_port_tty_wakeup(struct tty_port *port)
{
	if (ring_used(&port->tx) < TTY_TX_SIZE / 2 && wq_has_sleeper(&port->write_wait))
		wake_up(&port->write_wait);
}

static bool is_writable(struct tty_port *port)
{
	return ring_space(&port->tx) || is_hung_up(port);
}

/* Puts all into tx, and starts the driver only where it must: whole lines stay whole. */
static int queue_locked(struct tty_port *port, const char *bytes, size_t n)
{
	while (n) {
		unsigned int put;

		if (!is_writable(port))
			port->ops->start(port);
		wait_event(port->write_wait, is_writable(port));
		if (is_hung_up(port))
			return -ENXIO;
		put = ring_put(&port->tx, bytes, (unsigned int)min_t(size_t, n, TTY_TX_SIZE));
		bytes += put;
		n -= put;
	}
	return 0;
}

static int queue_text_locked(struct tty_port *port, const char *text, size_t n)
{
	int err = 0;

	while (n && !err) {
		const char *newline = memchr(text, '\n', n);
		size_t len = newline ? (size_t)(newline - text) : n;

		err = queue_locked(port, text, len);
		if (newline && !err) {
			err = queue_locked(port, "\r\n", 2);
			len++;
		}
		text += len;
		n -= len;
	}
	return err;
}

static int write_with(int (*queue)(struct tty_port *port, const char *bytes, size_t n),
		      struct tty_port *port, const char *bytes, size_t n)
{
	int err;

	guard(mutex)(&port->write_lock);
	err = is_hung_up(port) ? -ENXIO : queue(port, bytes, n);
	if (!err)
		port->ops->start(port);
	return err;
}

int tty_write(struct tty_port *port, const void *buf, size_t n)
{
	return write_with(queue_locked, port, buf, n);
}

int tty_write_text(struct tty_port *port, const char *text, size_t n)
{
	return write_with(queue_text_locked, port, text, n);
}

/* ---- hang-up, the console's port ---- */

static void forget_console(struct tty_port *port)
{
	scoped_guard(mutex, &console_lock) {
		if (console_port != port)
			return;
		WRITE_ONCE(console_port, NULL);
	}
	tty_port_put(port);
}

void tty_port_hangup(struct tty_port *port)
{
	WRITE_ONCE(port->hung_up, true);
	wake_up_all(&port->read_wait);
	wake_up_all(&port->write_wait);
	/* Whoever was inside an op is out once the locks have been free. */
	scoped_guard(mutex, &port->read_lock)
		barrier();
	scoped_guard(mutex, &port->write_lock)
		barrier();
	forget_console(port);
}

void tty_port_set_console(struct tty_port *port)
{
	scoped_guard(mutex, &console_lock) {
		if (console_port)
			return;
		WRITE_ONCE(console_port, tty_port_get(port));
	}
	wake_up_all(&console_wait);
}

static struct tty_port *console_get(void)
{
	guard(mutex)(&console_lock);
	return console_port ? tty_port_get(console_port) : NULL;
}

struct tty_port *tty_wait_for_console(void)
{
	struct tty_port *port;

	while (!(port = console_get()))
		wait_event_idle(console_wait, READ_ONCE(context_unsafe(console_port)));
	return port;
}
