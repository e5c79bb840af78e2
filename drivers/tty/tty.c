/* SPDX-License-Identifier: MIT */
/*
 * The half of a terminal that all lines share: sleeping readers and writers
 * around two rings, throttling, hang-up, and which terminal is the console's.
 *
 * Locking: read_lock and write_lock make one task at a time the other side of a
 * ring than the driver, and keep a write in one piece. They are held over the
 * wait for room or input: a second task waits for the first. The port's mutex
 * is for its settings, which can be changed while somebody waits. ttys_lock is for
 * which terminals there are, console_lock for which one is the console's. None of
 * the five is taken inside another; the driver's lock is inside the port's three.
 */
#include <drivers/tty.h>

#include <lib/cleanup.h>
#include <lib/errno.h>
#include <lib/minmax.h>
#include <lib/string.h>

static DEFINE_MUTEX(ttys_lock);
static struct list_head ttys __guarded_by(&ttys_lock) = LIST_HEAD_INIT(ttys);

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
	INIT_LIST_HEAD(&port->node);
	mutex_init(&port->mutex);
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

/* What a '\377' in front tells from the data: of an error, a break, or that it is data itself. */
static int insert_marked(struct tty_port *port, u8 ch, u8 flag)
{
	const u8 marked[] = { 0xff, flag == TTY_NORMAL ? 0xff : 0, ch };
	unsigned int len = flag == TTY_NORMAL ? 2 : 3;

	if (flag == TTY_NORMAL && ch != 0xff)
		return ring_put_byte(&port->rx, ch);
	if (ring_space(&port->rx) < len)
		return 0;
	ring_put(&port->rx, marked, len);
	return 1;
}

static int insert_special(struct tty_port *port, u8 ch, u8 flag)
{
	if (flag == TTY_OVERRUN)
		return 1;
	if (flag == TTY_BREAK)
		ch = 0;
	return port->iflag & PARMRK ? insert_marked(port, ch, flag) : ring_put_byte(&port->rx, 0);
}

int tty_insert_flip_char(struct tty_port *port, u8 ch, u8 flag)
{
	if (likely(flag == TTY_NORMAL && !(port->iflag & PARMRK)))
		return ring_put_byte(&port->rx, ch);
	return insert_special(port, ch, flag);
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

ssize_t tty_read_timeout(struct tty_port *port, void *buf, size_t n, long timeout)
{
	unsigned int want = (unsigned int)min_t(size_t, n, TTY_RX_SIZE), got = 0;

	guard(mutex)(&port->read_lock);
	while (want && !got) {
		timeout = wait_event_timeout(port->read_wait, is_readable(port), timeout);
		if (!timeout)
			return -ETIMEDOUT;
		if (is_hung_up(port))
			return -ENXIO;
		got = ring_get(&port->rx, buf, want);
		unthrottle_if_room(port);
	}
	return (ssize_t)got;
}

ssize_t tty_read(struct tty_port *port, void *buf, size_t n)
{
	return tty_read_timeout(port, buf, n, MAX_SCHEDULE_TIMEOUT);
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

/* ---- settings ---- */

int tty_set_termios(struct tty_port *port, const struct ktermios *termios)
{
	guard(mutex)(&port->mutex);
	if (is_hung_up(port))
		return -ENXIO;
	port->ops->set_termios(port, termios);
	return 0;
}

struct ktermios tty_get_termios(struct tty_port *port)
{
	guard(mutex)(&port->mutex);
	return port->termios;
}

int tty_break_ctl(struct tty_port *port, bool on)
{
	guard(mutex)(&port->mutex);
	if (is_hung_up(port))
		return -ENXIO;
	return port->ops->break_ctl(port, on);
}

int tty_get_status(struct tty_port *port, struct uart_icount *icount, unsigned int *mctrl)
{
	guard(mutex)(&port->mutex);
	if (is_hung_up(port))
		return -ENXIO;
	*mctrl = port->ops->get_status(port, icount);
	return 0;
}

/* ---- all ports ---- */

void tty_port_register(struct tty_port *port)
{
	guard(mutex)(&ttys_lock);
	list_add_tail(&port->node, &ttys);
}

struct tty_port *tty_find(const char *name)
{
	struct tty_port *port;

	guard(mutex)(&ttys_lock);
	list_for_each_entry(port, &ttys, node)
		if (strcmp(port->name, name) == 0)
			return tty_port_get(port);
	return NULL;
}

struct tty_port *tty_next(struct tty_port *port)
{
	struct tty_port *next = NULL;

	scoped_guard(mutex, &ttys_lock) {
		struct list_head *from = port ? &port->node : &ttys;

		if ((!port || !list_empty(from)) && from->next != &ttys)
			next = tty_port_get(list_entry(from->next, struct tty_port, node));
	}
	if (port)
		tty_port_put(port);
	return next;
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
	scoped_guard(mutex, &ttys_lock)
		list_del_init(&port->node);
	WRITE_ONCE(port->hung_up, true);
	wake_up_all(&port->read_wait);
	wake_up_all(&port->write_wait);
	/* Whoever was inside an op is out once the locks have been free. */
	scoped_guard(mutex, &port->read_lock)
		barrier();
	scoped_guard(mutex, &port->write_lock)
		barrier();
	scoped_guard(mutex, &port->mutex)
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

bool tty_console_is_on(const struct device *dev)
{
	guard(mutex)(&console_lock);
	return console_port && console_port->dev == dev;
}

struct tty_port *tty_wait_for_console(void)
{
	struct tty_port *port;

	while (!(port = console_get()))
		wait_event_idle(console_wait, READ_ONCE(context_unsafe(console_port)));
	return port;
}
