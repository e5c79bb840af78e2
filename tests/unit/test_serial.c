/* SPDX-License-Identifier: MIT */
/*
 * The common half of UART drivers, with a driver whose FIFO is an array: order of
 * what is sent, throttling, sleeping readers and writers, hang-up, and printk
 * from wherever the port is locked.
 */
#include <drivers/serial_core.h>

#include <drivers/device.h>
#include <drivers/of.h>
#include <kernel/delay.h>
#include <kernel/kthread.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/sprintf.h>
#include <test/kunit.h>

/* What the driver has sent. It stops when it has `window` bytes. */
static char sent[4096];
static unsigned int nr_sent, window, start_calls, throttle_calls, unthrottle_calls, shutdown_calls;
static unsigned int busy_polls;	/* how often the wire is still busy when asked */
static bool is_throttled;
static int startup_result;
static bool ask_while_stopped;	/* startup and shutdown ask for output */
static bool has_error;		/* the next start_tx has an error to tell */
static unsigned int depth, deepest;	/* of start_tx inside start_tx */
static struct ktermios set_to;
static bool is_held_when_set;

static void fake_start_tx(struct uart_port *port)
{
	unsigned char ch;

	start_calls++;
	depth++;
	deepest = max(deepest, depth);
	if (has_error) {
		has_error = false;
		pr_err("overrun\n");
	}
	while (nr_sent < window && nr_sent < sizeof(sent) - 1 && uart_fifo_get(port, &ch))
		sent[nr_sent++] = (char)ch;
	sent[nr_sent] = '\0';
	depth--;
}

static void fake_stop_tx(struct uart_port *port)
{
	(void)port;
}

static unsigned int fake_tx_empty(struct uart_port *port)
{
	(void)port;
	if (!busy_polls)
		return TIOCSER_TEMT;
	busy_polls--;
	return 0;
}

static void fake_throttle(struct uart_port *port)
{
	(void)port;
	throttle_calls++;
	is_throttled = true;
}

static void fake_unthrottle(struct uart_port *port)
{
	(void)port;
	unthrottle_calls++;
	is_throttled = false;
}

static void ask_for_output(struct uart_port *port)
{
	guard(uart_port)(port);
	WRITE_ONCE(port->tx_wanted, ask_while_stopped);
}

static int fake_startup(struct uart_port *port)
{
	ask_for_output(port);
	return startup_result;
}

static void fake_shutdown(struct uart_port *port)
{
	shutdown_calls++;
	start_calls = 0;
	ask_for_output(port);
}

static void fake_set_termios(struct uart_port *port, struct ktermios *termios,
			     const struct ktermios *old)
{
	(void)old;
	guard(uart_port)(port);
	is_held_when_set = uart_tx_stopped(port);
	uart_update_timeout(port, termios->c_cflag, termios->c_ospeed);
	set_to = *termios;
}

static unsigned int mctrl_in, mctrl_out;

static unsigned int fake_get_mctrl(struct uart_port *port)
{
	(void)port;
	return mctrl_in;
}

static void fake_set_mctrl(struct uart_port *port, unsigned int mctrl)
{
	(void)port;
	mctrl_out = mctrl;
}

static const char *fake_type(struct uart_port *port)
{
	(void)port;
	return "fake";
}

static void fake_poll_put_char(struct uart_port *port, unsigned char ch)
{
	(void)port;
	sent[nr_sent++] = (char)ch;
	sent[nr_sent] = '\0';
}

static const struct uart_ops fake_ops = {
	.tx_empty = fake_tx_empty,
	.start_tx = fake_start_tx,
	.stop_tx = fake_stop_tx,
	.throttle = fake_throttle,
	.unthrottle = fake_unthrottle,
	.startup = fake_startup,
	.shutdown = fake_shutdown,
	.get_mctrl = fake_get_mctrl,
	.set_mctrl = fake_set_mctrl,
	.set_termios = fake_set_termios,
	.type = fake_type,
	.poll_put_char = fake_poll_put_char,
};

static struct uart_driver fake_driver = { .dev_name = "ttyFAKE", .nr = 2 };
static struct device *fake_dev;
static struct uart_port port;
static struct tty_port *tty;

static void reset_port(struct uart_port *p)
{
	*p = (struct uart_port){ .dev = fake_dev, .ops = &fake_ops, .uartclk = 16000000 };
	spin_lock_init(&p->lock);
}

static int serial_init(struct kunit *test)
{
	int err;

	(void)test;
	nr_sent = start_calls = throttle_calls = unthrottle_calls = shutdown_calls = 0;
	sent[0] = '\0';
	window = sizeof(sent);
	busy_polls = 0;
	is_throttled = ask_while_stopped = has_error = false;
	depth = deepest = mctrl_in = 0;
	startup_result = 0;
	fake_dev = root_device_register("fake-uart");
	if (IS_ERR(fake_dev))
		return (int)PTR_ERR(fake_dev);
	reset_port(&port);
	err = uart_add_one_port(&fake_driver, &port);
	if (!err)
		tty = tty_port_get(&port.state->port);
	return err;
}

static void serial_exit(struct kunit *test)
{
	(void)test;
	if (port.state)
		uart_remove_one_port(&fake_driver, &port);
	if (tty)
		tty_port_put(tty);
	tty = NULL;
	root_device_unregister(fake_dev);
}

/* As an interrupt handler would: `n` bytes from `text`, as many as are wanted. */
static size_t receive(const char *text, size_t n)
{
	size_t i = 0;

	guard(uart_port)(&port);
	while (i < n && uart_rx_has_room(&port))
		uart_insert_char(&port, 0, 0, (unsigned char)text[i++], TTY_NORMAL);
	tty_flip_buffer_push(&port.state->port);
	return i;
}

/* ---- settings ---- */

static void options_say_speed_parity_and_bits(struct kunit *test)
{
	static const struct {
		const char *options;
		int baud, parity, bits, flow;
	} cases[] = {
		{ "9600e7r", 9600, 'e', 7, 'r' },
		{ "38400n8", 38400, 'n', 8, '-' },
		{ "9600", 9600, '?', 0, '-' },
		{ "", 1, '?', 0, '-' },
		{ "o", 1, 'o', 0, '-' },
		{ "57600x9", 57600, '?', 0, '-' },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int baud = 1, parity = '?', bits = 0, flow = '-';

		uart_parse_options(cases[i].options, &baud, &parity, &bits, &flow);
		KUNIT_EXPECT_EQ(test, baud, cases[i].baud);
		KUNIT_EXPECT_EQ(test, parity, cases[i].parity);
		KUNIT_EXPECT_EQ(test, bits, cases[i].bits);
		KUNIT_EXPECT_EQ(test, flow, cases[i].flow);
	}
}

static void a_port_begins_with_115200_8n1(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, set_to.c_ospeed, 115200);
	KUNIT_EXPECT_EQ(test, set_to.c_cflag, CS8);
	KUNIT_EXPECT_EQ(test, set_to.c_iflag, INPCK | IGNPAR | IGNBRK);
	KUNIT_EXPECT_EQ(test, mctrl_out, TIOCM_RTS | TIOCM_DTR);
	KUNIT_EXPECT_STREQ(test, tty->name, "ttyFAKE0");
}

static void lines_are_given_out_and_taken_back(struct kunit *test)
{
	struct uart_port second, third;

	reset_port(&second);
	reset_port(&third);
	KUNIT_ASSERT_EQ(test, uart_add_one_port(&fake_driver, &second), 0);
	KUNIT_EXPECT_EQ(test, second.line, 1);
	KUNIT_EXPECT_EQ(test, uart_add_one_port(&fake_driver, &third), -ENOSPC);
	uart_remove_one_port(&fake_driver, &second);
	third.line = 1;
	KUNIT_ASSERT_EQ(test, uart_add_one_port(&fake_driver, &third), 0);
	uart_remove_one_port(&fake_driver, &third);
}

static void a_failing_startup_leaves_nothing_behind(struct kunit *test)
{
	struct uart_port second;

	reset_port(&second);
	startup_result = -EIO;
	KUNIT_EXPECT_EQ(test, uart_add_one_port(&fake_driver, &second), -EIO);
	startup_result = 0;
	KUNIT_ASSERT_EQ(test, uart_add_one_port(&fake_driver, &second), 0);
	KUNIT_EXPECT_EQ(test, second.line, 1);
	uart_remove_one_port(&fake_driver, &second);
}

/* Which member is left out; what each one is. */
#define WITHOUT(member)	({ struct uart_ops less__ = fake_ops; less__.member = NULL; less__; })

static void a_port_without_a_needed_operation_is_refused(struct kunit *test)
{
	const struct uart_ops incomplete[] = {
		WITHOUT(tx_empty), WITHOUT(start_tx), WITHOUT(startup), WITHOUT(shutdown),
		WITHOUT(set_termios), WITHOUT(poll_put_char), WITHOUT(throttle),
		WITHOUT(unthrottle),
	};
	struct uart_port second;

	reset_port(&second);
	for (size_t i = 0; i < ARRAY_SIZE(incomplete); i++) {
		second.ops = &incomplete[i];
		KUNIT_EXPECT_EQ(test, uart_add_one_port(&fake_driver, &second), -EINVAL);
	}
	second.ops = NULL;
	KUNIT_EXPECT_EQ(test, uart_add_one_port(&fake_driver, &second), -EINVAL);
	KUNIT_EXPECT_NULL(test, fake_driver.ports[1]);
}

static void a_port_that_cannot_throttle_loses_what_finds_no_room(struct kunit *test)
{
	static char noise[TTY_RX_SIZE + 10];
	struct uart_ops ops = fake_ops;

	ops.throttle = ops.unthrottle = NULL;
	ops.type = NULL;
	ops.stop_tx = NULL;
	uart_remove_one_port(&fake_driver, &port);
	tty_port_put(tty);
	tty = NULL;
	reset_port(&port);
	port.ops = &ops;
	KUNIT_ASSERT_EQ(test, uart_add_one_port(&fake_driver, &port), 0);
	KUNIT_EXPECT_EQ(test, receive(noise, sizeof(noise)), sizeof(noise));
	KUNIT_EXPECT_EQ(test, port.icount.buf_overrun, 10);
	KUNIT_EXPECT_EQ(test, throttle_calls, 0);
	uart_remove_one_port(&fake_driver, &port);
}

/* ---- sending ---- */

static void what_is_written_is_sent_in_order(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, tty_write(tty, "raw\n", 4), 0);
	KUNIT_EXPECT_EQ(test, tty_write_text(tty, "a\n\nb", 4), 0);
	KUNIT_EXPECT_STREQ(test, sent, "raw\na\r\n\r\nb");
	KUNIT_EXPECT_EQ(test, port.icount.tx, nr_sent);
}

static int write_much(void *unused)
{
	char text[100];

	(void)unused;
	memset(text, 'x', sizeof(text));
	for (int i = 0; i < 20; i++)
		if (tty_write(tty, text, sizeof(text)))
			return -EIO;
	return 0;
}

/* 2000 bytes, 1024 fit: the writer sleeps until the driver has sent more. */
static void a_writer_sleeps_until_there_is_room(struct kunit *test)
{
	struct task_struct *writer;

	window = 0;
	writer = kthread_create(write_much, NULL, "writer");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, writer);
	wake_up_process(get_task_struct(writer));
	msleep(2);
	KUNIT_EXPECT_EQ(test, ring_space(&tty->tx), 0);
	KUNIT_EXPECT_FALSE(test, completion_done(&writer->exited));
	window = sizeof(sent);
	scoped_guard(uart_port, &port)
		fake_start_tx(&port);
	uart_write_wakeup(&port);
	wait_for_completion(&writer->exited);
	KUNIT_EXPECT_EQ(test, nr_sent, 2000);
	KUNIT_EXPECT_EQ(test, strspn(sent, "x"), 2000);
	put_task_struct(writer);
}

/* Makes the fake the log's console, for what is logged from here on. */
static void become_console(void)
{
	log_seek_last(&port.state->console.cursor, 0);
	port.state->is_console = true;
}

/* The text of what was sent, less the log's time stamps. */
static const char *sent_text(void)
{
	static char text[512];
	size_t n = 0;

	for (size_t i = 0; i < nr_sent && n < sizeof(text) - 1; i++) {
		if (sent[i] == '[')
			while (i < nr_sent && sent[i] != ' ')
				i += sent[i] == '[' ? 6 : 1;	/* "[    0" */
		else
			text[n++] = sent[i];
	}
	text[n] = '\0';
	return text;
}

static void pump(void)
{
	guard(uart_port)(&port);
	fake_start_tx(&port);
}

static void a_line_of_the_log_waits_for_the_end_of_a_written_one(struct kunit *test)
{
	become_console();
	window = 3;
	KUNIT_EXPECT_EQ(test, tty_write_text(tty, "written\n", 8), 0);
	printk(KERN_WARNING "logged\n");
	window = sizeof(sent);
	KUNIT_EXPECT_EQ(test, tty_write_text(tty, "more\n", 5), 0);
	KUNIT_EXPECT_STREQ(test, sent_text(), "written\r\nlogged\r\nmore\r\n");
	port.state->is_console = false;
}

static void a_written_line_waits_for_the_end_of_the_logs(struct kunit *test)
{
	become_console();
	printk(KERN_WARNING "logged\n");
	window = 20;	/* in the middle of the text */
	pump();
	KUNIT_EXPECT_EQ(test, tty_write_text(tty, "written\n", 8), 0);
	printk(KERN_WARNING "again\n");
	window = sizeof(sent);
	pump();
	KUNIT_EXPECT_STREQ(test, sent_text(), "logged\r\nagain\r\nwritten\r\n");
	port.state->is_console = false;
}

static void the_log_begins_a_line_of_its_own_behind_a_prompt(struct kunit *test)
{
	become_console();
	KUNIT_EXPECT_EQ(test, tty_write_text(tty, "prompt> ", 8), 0);
	printk(KERN_WARNING "logged\n");
	pump();
	printk(KERN_WARNING "again\n");
	pump();
	KUNIT_EXPECT_STREQ(test, sent_text(), "prompt> \r\nlogged\r\nagain\r\n");
	port.state->is_console = false;
}

static void kick_fake(struct console *con)
{
	(void)con;
	tty->ops->start(tty);
}

/*
 * printk -> kick -> start_tx, with the port's lock: error -> printk -> kick, which finds the
 * lock held, and leaves the line to who holds it.
 */
static void a_driver_that_logs_while_it_sends_is_not_called_inside(struct kunit *test)
{
	static struct console con = { .name = "fake", .kick = kick_fake };

	con.cursor = (struct log_cursor){ .seq = 0 };
	log_seek_last(&con.cursor, 0);
	become_console();
	register_console(&con);
	start_calls = 0;
	has_error = true;
	printk(KERN_WARNING "logged\n");
	KUNIT_EXPECT_EQ(test, unregister_console(&con), 0);
	KUNIT_EXPECT_STREQ(test, sent_text(), "logged\r\noverrun\r\n");
	KUNIT_EXPECT_EQ(test, deepest, 1);
	KUNIT_EXPECT_EQ(test, start_calls, 2);
	port.state->is_console = false;
}

/* What a console's kick does for a port whose lock is held, here by this very task. */
static void who_unlocks_sends_what_was_asked_for_meanwhile(struct kunit *test)
	__no_context_analysis	/* the results are compared, not branched on */
{
	unsigned long flags, nested;

	uart_port_lock_irqsave(&port, &flags);
	KUNIT_EXPECT_FALSE(test, uart_port_trylock_irqsave(&port, &nested));
	KUNIT_EXPECT_EQ(test, ring_put(&tty->tx, "abc", 3), 3);
	tty->ops->start(tty);
	KUNIT_EXPECT_EQ(test, start_calls, 0);
	uart_port_unlock_irqrestore(&port, flags);
	KUNIT_EXPECT_EQ(test, start_calls, 1);
	KUNIT_EXPECT_STREQ(test, sent, "abc");
	KUNIT_ASSERT_TRUE(test, uart_port_trylock_irqsave(&port, &flags));
	uart_port_unlock_irqrestore(&port, flags);
	KUNIT_EXPECT_EQ(test, start_calls, 1);
}

/* Before startup and after shutdown the driver is not asked to send. */
static void a_port_that_is_not_started_sends_nothing(struct kunit *test)
{
	uart_remove_one_port(&fake_driver, &port);
	tty_port_put(tty);
	reset_port(&port);
	ask_while_stopped = true;
	startup_result = -EIO;
	start_calls = 0;
	tty = NULL;
	KUNIT_EXPECT_EQ(test, uart_add_one_port(&fake_driver, &port), -EIO);
	KUNIT_EXPECT_EQ(test, start_calls, 0);
	KUNIT_EXPECT_FALSE(test, port.started);
	startup_result = 0;
	reset_port(&port);
	KUNIT_ASSERT_EQ(test, uart_add_one_port(&fake_driver, &port), 0);
	KUNIT_EXPECT_TRUE(test, port.started);
	KUNIT_EXPECT_EQ(test, start_calls, 0);
	uart_remove_one_port(&fake_driver, &port);
	KUNIT_EXPECT_EQ(test, start_calls, 0);
	KUNIT_EXPECT_FALSE(test, port.started);
}

/* ---- settings of a line in use ---- */

static void set_line(struct kunit *test, unsigned int iflag, unsigned int cflag)
{
	struct ktermios termios = { .c_iflag = iflag, .c_cflag = cflag, .c_ospeed = 9600 };

	KUNIT_ASSERT_EQ(test, tty_set_termios(tty, &termios), 0);
}

/* A start bit, 8, a stop bit at 9600 baud: 1041667 ns. With 7, parity, 2 stop bits: 11 bits. */
static void a_character_takes_its_bits(struct kunit *test)
{
	set_line(test, 0, CS8);
	KUNIT_EXPECT_EQ(test, port.frame_time, 1041667);
	set_line(test, 0, CS7 | PARENB | CSTOPB);
	KUNIT_EXPECT_EQ(test, port.frame_time, 1145834);
	port.fifosize = 16;	/* 18.3 ms, and 20 */
	KUNIT_EXPECT_GE(test, uart_fifo_timeout(&port), 39);
	KUNIT_EXPECT_LE(test, uart_fifo_timeout(&port), 40);
}

/* What the part has goes out at the old speed, what waits at the new one. */
static void settings_change_between_characters(struct kunit *test)
{
	busy_polls = 3;
	window = 1;
	KUNIT_EXPECT_EQ(test, tty_write(tty, "abc", 3), 0);
	window = sizeof(sent);
	set_line(test, 0, CS8);
	KUNIT_EXPECT_EQ(test, busy_polls, 0);
	KUNIT_EXPECT_TRUE(test, is_held_when_set);
	KUNIT_EXPECT_STREQ(test, sent, "abc");
	KUNIT_EXPECT_EQ(test, set_to.c_ospeed, 9600);
	KUNIT_EXPECT_EQ(test, tty_get_termios(tty).c_ospeed, 9600);
}

static void a_stuck_line_is_set_all_the_same(struct kunit *test)
{
	busy_polls = 1000000;
	set_line(test, 0, CS7);
	KUNIT_EXPECT_EQ(test, set_to.c_cflag, CS7);
	busy_polls = 0;
}

/* A part that does not look at CTS itself. */
static void cts_stops_a_part_that_does_not_see_to_it(struct kunit *test)
{
	mctrl_in = 0;
	set_line(test, 0, CS8 | CRTSCTS);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "a", 1), 0);
	KUNIT_EXPECT_EQ(test, nr_sent, 0);
	scoped_guard(uart_port, &port)
		uart_handle_cts_change(&port, TIOCM_CTS);
	KUNIT_EXPECT_STREQ(test, sent, "a");
	scoped_guard(uart_port, &port)
		uart_handle_cts_change(&port, 0);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "b", 1), 0);
	KUNIT_EXPECT_STREQ(test, sent, "a");
	set_line(test, 0, CS8);
	KUNIT_EXPECT_STREQ(test, sent, "ab");
	KUNIT_EXPECT_EQ(test, port.icount.cts, 2);
}

/* A line of the log is half out: the rest waits behind ^S. */
static void a_flow_character_goes_in_front_of_the_rest_of_a_line(struct kunit *test)
{
	static char noise[TTY_RX_SIZE];

	set_line(test, IXOFF, CS8);
	become_console();
	printk(KERN_WARNING "logged\n");
	window = 5;
	pump();
	KUNIT_EXPECT_EQ(test, receive(noise, sizeof(noise)), sizeof(noise));
	window = sizeof(sent);
	pump();
	KUNIT_EXPECT_EQ(test, sent[5], STOP_CHAR);
	KUNIT_EXPECT_EQ(test, sent[nr_sent - 1], '\n');
	port.state->is_console = false;
}

static void a_line_that_has_gone_is_not_set(struct kunit *test)
{
	struct ktermios termios = { .c_cflag = CS8, .c_ospeed = 9600 };
	struct uart_icount icount;
	unsigned int mctrl;

	uart_remove_one_port(&fake_driver, &port);
	KUNIT_EXPECT_EQ(test, tty_set_termios(tty, &termios), -ENXIO);
	KUNIT_EXPECT_EQ(test, tty_break_ctl(tty, true), -ENXIO);
	KUNIT_EXPECT_EQ(test, tty_get_status(tty, &icount, &mctrl), -ENXIO);
	KUNIT_EXPECT_NULL(test, tty_find("ttyFAKE0"));
	KUNIT_EXPECT_NULL(test, tty_next(tty_port_get(tty)));
}

static void lines_are_found_by_name_and_one_after_the_other(struct kunit *test)
{
	struct tty_port *found = tty_find("ttyFAKE0"), *last = NULL;

	KUNIT_EXPECT_PTR_EQ(test, found, tty);
	tty_port_put(found);
	KUNIT_EXPECT_NULL(test, tty_find("ttyFAKE"));
	for (struct tty_port *each = tty_next(NULL); each; each = tty_next(each))
		last = each;	/* compared only */
	KUNIT_EXPECT_PTR_EQ(test, last, tty);
}

/* ---- receiving ---- */

static void a_reader_gets_what_came_in(struct kunit *test)
{
	char buf[8] = "";

	KUNIT_EXPECT_EQ(test, receive("hello", 5), 5);
	KUNIT_EXPECT_EQ(test, tty_read(tty, buf, 3), 3);
	KUNIT_EXPECT_STREQ(test, buf, "hel");
	KUNIT_EXPECT_EQ(test, tty_read(tty, buf, sizeof(buf)), 2);
	KUNIT_EXPECT_EQ(test, memcmp(buf, "lo", 2), 0);
	KUNIT_EXPECT_EQ(test, tty_read(tty, buf, 0), 0);
	KUNIT_EXPECT_EQ(test, unthrottle_calls, 0);	/* it never was throttled */
}

static void an_ignored_break_and_an_overrun_are_no_characters(struct kunit *test)
{
	scoped_guard(uart_port, &port) {
		port.ignore_status_mask = 2;
		uart_insert_char(&port, 2, 1, 0, TTY_BREAK);
		uart_insert_char(&port, 1, 1, 'a', TTY_NORMAL);
	}
	KUNIT_EXPECT_EQ(test, ring_used(&tty->rx), 1);
	KUNIT_EXPECT_EQ(test, port.icount.buf_overrun, 0);
}

/* 1024 fit. The rest waits in the hardware until half of the ring is free. */
static void a_full_ring_throttles_the_driver(struct kunit *test)
{
	char buf[TTY_RX_SIZE / 2];
	static char noise[TTY_RX_SIZE + 10];

	KUNIT_EXPECT_EQ(test, receive(noise, sizeof(noise)), TTY_RX_SIZE);
	KUNIT_EXPECT_TRUE(test, is_throttled);
	KUNIT_EXPECT_EQ(test, tty_read(tty, buf, sizeof(buf) - 1), sizeof(buf) - 1);
	KUNIT_EXPECT_TRUE(test, is_throttled);
	KUNIT_EXPECT_EQ(test, tty_read(tty, buf, 1), 1);
	KUNIT_EXPECT_FALSE(test, is_throttled);
	KUNIT_EXPECT_EQ(test, throttle_calls, 1);
	KUNIT_EXPECT_EQ(test, port.icount.buf_overrun, 0);
}

static int read_one(void *unused)
{
	char c;

	(void)unused;
	return (int)tty_read(tty, &c, 1);
}

/*
 * The ring was read empty just before the driver throttled: no byte is going to come, so
 * the reader that sleeps has to open the line again.
 */
static void a_throttled_line_without_input_is_opened_by_its_reader(struct kunit *test)
{
	struct task_struct *reader = kthread_create(read_one, NULL, "reader");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, reader);
	wake_up_process(get_task_struct(reader));
	msleep(2);
	scoped_guard(uart_port, &port) {
		tty_throttle(tty);
		port.ops->throttle(&port);
	}
	KUNIT_EXPECT_TRUE(test, READ_ONCE(tty->throttled));
	msleep(2);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(tty->throttled));
	KUNIT_EXPECT_FALSE(test, is_throttled);
	KUNIT_EXPECT_FALSE(test, completion_done(&reader->exited));
	KUNIT_EXPECT_EQ(test, receive("x", 1), 1);
	wait_for_completion(&reader->exited);
	KUNIT_EXPECT_EQ(test, reader->exit_code, 1);
	put_task_struct(reader);
}

/* ---- hang-up ---- */

static void removal_wakes_readers_and_refuses_later_ones(struct kunit *test)
{
	struct task_struct *reader = kthread_create(read_one, NULL, "reader");
	char c;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, reader);
	wake_up_process(get_task_struct(reader));
	msleep(2);
	KUNIT_EXPECT_FALSE(test, completion_done(&reader->exited));
	uart_remove_one_port(&fake_driver, &port);
	wait_for_completion(&reader->exited);
	KUNIT_EXPECT_EQ(test, reader->exit_code, -ENXIO);
	put_task_struct(reader);
	KUNIT_EXPECT_EQ(test, shutdown_calls, 1);
	start_calls = 0;
	KUNIT_EXPECT_EQ(test, tty_read(tty, &c, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "x", 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, start_calls, 0);
}

/* A line of the log is half out, one of a task waits, the last byte is on the wire. */
static void what_was_taken_is_sent_before_the_port_goes(struct kunit *test)
{
	become_console();
	window = 20;
	printk(KERN_WARNING "logged\n");
	pump();
	port.state->is_console = false;
	KUNIT_EXPECT_EQ(test, tty_write_text(tty, "written\n", 8), 0);
	window = sizeof(sent);
	busy_polls = 3;
	uart_remove_one_port(&fake_driver, &port);
	KUNIT_EXPECT_STREQ(test, sent_text(), "logged\r\nwritten\r\n");
	KUNIT_EXPECT_EQ(test, busy_polls, 0);
	KUNIT_EXPECT_EQ(test, shutdown_calls, 1);
}

static void a_stuck_port_goes_all_the_same(struct kunit *test)
{
	window = 0;
	KUNIT_EXPECT_EQ(test, tty_write(tty, "x", 1), 0);
	uart_remove_one_port(&fake_driver, &port);
	KUNIT_EXPECT_EQ(test, nr_sent, 0);
	KUNIT_EXPECT_EQ(test, shutdown_calls, 1);
}

/* Adds the port anew, as the one that the tree's stdout-path names. */
static int add_as_stdout(void)
{
	static struct device_node node;
	struct device_node *real = of_stdout;
	int err;

	reset_port(&port);
	fake_dev->of_node = &node;
	of_stdout = &node;
	err = uart_add_one_port(&fake_driver, &port);
	of_stdout = real;
	fake_dev->of_node = NULL;
	return err;
}

static void a_port_that_goes_is_no_console(struct kunit *test)
{
	struct uart_state *state;

	uart_remove_one_port(&fake_driver, &port);
	tty_port_put(tty);
	tty = NULL;
	KUNIT_ASSERT_EQ(test, add_as_stdout(), 0);
	tty = tty_port_get(&port.state->port);
	state = port.state;
	KUNIT_EXPECT_TRUE(test, state->is_console);
	nr_sent = 0;	/* room for what is left of a line */
	uart_remove_one_port(&fake_driver, &port);
	KUNIT_EXPECT_FALSE(test, state->is_console);
	KUNIT_EXPECT_EQ(test, unregister_console(&state->console), -ENODEV);
	start_calls = 0;
	printk(KERN_DEBUG "nobody shows this\n");
	KUNIT_EXPECT_EQ(test, start_calls, 0);
}

static const struct kunit_case serial_cases[] = {
	KUNIT_CASE(options_say_speed_parity_and_bits),
	KUNIT_CASE(a_port_begins_with_115200_8n1),
	KUNIT_CASE(lines_are_given_out_and_taken_back),
	KUNIT_CASE(a_failing_startup_leaves_nothing_behind),
	KUNIT_CASE(a_port_without_a_needed_operation_is_refused),
	KUNIT_CASE(a_port_that_cannot_throttle_loses_what_finds_no_room),
	KUNIT_CASE(what_is_written_is_sent_in_order),
	KUNIT_CASE(a_writer_sleeps_until_there_is_room),
	KUNIT_CASE(a_line_of_the_log_waits_for_the_end_of_a_written_one),
	KUNIT_CASE(a_written_line_waits_for_the_end_of_the_logs),
	KUNIT_CASE(the_log_begins_a_line_of_its_own_behind_a_prompt),
	KUNIT_CASE(a_driver_that_logs_while_it_sends_is_not_called_inside),
	KUNIT_CASE(who_unlocks_sends_what_was_asked_for_meanwhile),
	KUNIT_CASE(a_port_that_is_not_started_sends_nothing),
	KUNIT_CASE(a_character_takes_its_bits),
	KUNIT_CASE(settings_change_between_characters),
	KUNIT_CASE(a_stuck_line_is_set_all_the_same),
	KUNIT_CASE(cts_stops_a_part_that_does_not_see_to_it),
	KUNIT_CASE(a_flow_character_goes_in_front_of_the_rest_of_a_line),
	KUNIT_CASE(a_line_that_has_gone_is_not_set),
	KUNIT_CASE(lines_are_found_by_name_and_one_after_the_other),
	KUNIT_CASE(a_reader_gets_what_came_in),
	KUNIT_CASE(an_ignored_break_and_an_overrun_are_no_characters),
	KUNIT_CASE(a_full_ring_throttles_the_driver),
	KUNIT_CASE(a_throttled_line_without_input_is_opened_by_its_reader),
	KUNIT_CASE(removal_wakes_readers_and_refuses_later_ones),
	KUNIT_CASE(what_was_taken_is_sent_before_the_port_goes),
	KUNIT_CASE(a_stuck_port_goes_all_the_same),
	KUNIT_CASE(a_port_that_goes_is_no_console),
	{ },
};

static struct kunit_suite serial_suite = {
	.name = "serial",
	.test_cases = serial_cases,
	.init = serial_init,
	.exit = serial_exit,
};
kunit_test_suite(serial_suite);
