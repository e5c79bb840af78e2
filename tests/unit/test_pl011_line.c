/* SPDX-License-Identifier: MIT */
/*
 * The PL011 driver over a played part: flow control both ways, lines of the modem, breaks,
 * damaged characters, sleep.
 */
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "pl011_device.h"

/* The settings that a line begins with, changed. */
static void set_line(struct kunit *test, unsigned int iflag, unsigned int cflag)
{
	struct ktermios termios = tty_get_termios(tty);

	termios.c_iflag = iflag;
	termios.c_cflag = cflag;
	KUNIT_ASSERT_EQ(test, tty_set_termios(tty, &termios), 0);
}

/* ---- damaged characters ---- */

static void errors_are_counted_by_cause(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	receive('a' | FE);
	receive('b' | PE | FE);
	receive(0 | BE | PE | FE);
	receive('c');
	receive('d');
	be_quiet();
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, port->icount.frame, 1);
	KUNIT_EXPECT_EQ(test, port->icount.parity, 1);
	KUNIT_EXPECT_EQ(test, port->icount.brk, 1);
	KUNIT_EXPECT_EQ(test, port->icount.overrun, 0);
	KUNIT_EXPECT_EQ(test, port->icount.rx, 5);
}

/* POSIX's table of what a reader gets for a framing error, a parity error, a break, \377, 'c'. */
static void iflag_says_what_becomes_of_errors(struct kunit *test)
{
	static const struct {
		unsigned int iflag;
		const char *text;
		size_t len;
	} cases[] = {
		{ INPCK | IGNPAR | IGNBRK, "\377c", 2 },
		{ INPCK | IGNPAR, "\0\377c", 3 },
		{ INPCK | IGNBRK, "\0\0\377c", 4 },
		{ INPCK, "\0\0\0\377c", 5 },
		{ 0, "ab\0\377c", 5 },
		{ IGNPAR | IGNBRK, "ab\377c", 4 },
		{ INPCK | PARMRK, "\377\0a\377\0b\377\0\0\377\377c", 12 },
		{ INPCK | PARMRK | IGNPAR | IGNBRK, "\377\377c", 3 },
	};

	bind_pl011(test, REVISION_1);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char buf[16] = "";

		set_line(test, cases[i].iflag, CS8 | PARENB);
		receive('a' | FE);
		receive('b' | PE);
		receive(0 | BE | PE | FE);
		receive(0xff);
		receive('c');
		be_quiet();
		deliver();
		KUNIT_EXPECT_EQ(test, read_all(buf, sizeof(buf)), cases[i].len);
		KUNIT_EXPECT_EQ(test, memcmp(buf, cases[i].text, cases[i].len), 0);
	}
	KUNIT_EXPECT_EQ(test, port->icount.parity, ARRAY_SIZE(cases));	/* whatever is shown */
}

/* \377 takes two places and a break three: the FIFO is left alone before they are too few. */
static void what_is_marked_finds_its_room(struct kunit *test)
{
	static char buf[TTY_RX_SIZE];
	unsigned int n = 0, places;

	bind_pl011(test, REVISION_1);
	set_line(test, INPCK | PARMRK, CS8);
	for (;; n++) {
		if (!receive(n & 1 ? 0xff : BE))
			break;
		be_quiet();
		deliver();
	}
	places = ring_used(&tty->rx);
	KUNIT_EXPECT_EQ(test, places, 1023);	/* 204 times 3 and 2, and 3 */
	KUNIT_EXPECT_EQ(test, n, 409 + 16);
	KUNIT_EXPECT_EQ(test, port->icount.buf_overrun, 0);
	KUNIT_EXPECT_EQ(test, read_all(buf, 5), 5);
	KUNIT_EXPECT_EQ(test, memcmp(buf, "\377\0\0\377\377", 5), 0);
}

/* The character that tells of an overrun is a good one; it is kept, the loss is counted once. */
static void what_tells_of_an_overrun_is_kept(struct kunit *test)
{
	char buf[32] = "";

	bind_pl011(test, REVISION_1);
	set_line(test, INPCK, CS8);
	for (int i = 0; i < 17; i++)
		receive('x');
	deliver();
	receive('y');
	be_quiet();
	deliver();
	KUNIT_EXPECT_EQ(test, port->icount.overrun, 1);
	KUNIT_EXPECT_EQ(test, read_all(buf, 17), 17);
	KUNIT_EXPECT_STREQ(test, buf, "xxxxxxxxxxxxxxxxy");
}

/* Parity that sticks: SPS, bit 7, with EPS, bit 2, for a 0. */
static void parity_can_stick(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	set_line(test, INPCK, CS8 | PARENB | CMSPAR);
	KUNIT_EXPECT_EQ(test, fake.lcr_h, 0xf6);
	set_line(test, INPCK, CS8 | PARENB | PARODD | CMSPAR);
	KUNIT_EXPECT_EQ(test, fake.lcr_h, 0xf2);
}

/* ---- breaks ---- */

static unsigned int breaks;

static void note_break(struct uart_port *p)
{
	breaks += p == port && READ_ONCE(p->locked);
}

static void a_break_calls_its_handler(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	breaks = 0;
	port->handle_break = note_break;
	receive(0 | BE | FE);
	receive('a');
	be_quiet();
	deliver();
	port->handle_break = NULL;
	KUNIT_EXPECT_EQ(test, breaks, 1);
	KUNIT_EXPECT_EQ(test, port->icount.brk, 1);
	KUNIT_EXPECT_EQ(test, port->icount.frame, 0);
	KUNIT_EXPECT_EQ(test, ring_used(&tty->rx), 1);
}

static void a_break_is_sent_until_it_is_ended(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, tty_break_ctl(tty, true), 0);
	KUNIT_EXPECT_EQ(test, fake.lcr_h, 0x70 | BRK);
	KUNIT_EXPECT_EQ(test, tty_break_ctl(tty, false), 0);
	KUNIT_EXPECT_EQ(test, fake.lcr_h, 0x70);
	KUNIT_EXPECT_EQ(test, tty_break_ctl(tty, true), 0);
	port->ops->shutdown(port);
	KUNIT_EXPECT_EQ(test, fake.lcr_h & BRK, 0);
}

/* ---- lines of the modem, CTS and RTS ---- */

static void lines_of_the_modem_are_told(struct kunit *test)
{
	struct uart_icount icount;
	unsigned int mctrl = 0;

	bind_pl011(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, fake.cr & (RTS | DTR), RTS | DTR);
	fake_pl011_set_modem(&fake, FAKE_PL011_DSR | FAKE_PL011_DCD | FAKE_PL011_RI);
	KUNIT_EXPECT_EQ(test, deliver(), 0);	/* without flow control nobody asks */
	KUNIT_EXPECT_EQ(test, tty_get_status(tty, &icount, &mctrl), 0);
	KUNIT_EXPECT_EQ(test, mctrl,
			TIOCM_RTS | TIOCM_DTR | TIOCM_DSR | TIOCM_CAR | TIOCM_RNG);
	set_line(test, 0, CS8 | CRTSCTS);
	fake.ris &= ~MODEM_INT;
	fake_pl011_set_modem(&fake, FAKE_PL011_CTS | FAKE_PL011_DCD);
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, fake.ris & MODEM_INT, 0);
	KUNIT_EXPECT_EQ(test, tty_get_status(tty, &icount, &mctrl), 0);
	KUNIT_EXPECT_EQ(test, mctrl, TIOCM_RTS | TIOCM_DTR | TIOCM_CTS | TIOCM_CAR);
	KUNIT_EXPECT_EQ(test, icount.cts, 1);
	KUNIT_EXPECT_EQ(test, icount.dsr, 1);
	KUNIT_EXPECT_EQ(test, icount.rng, 1);
	KUNIT_EXPECT_EQ(test, icount.dcd, 0);
	fake_pl011_set_modem(&fake, 0);
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, port->icount.dcd, 1);
	KUNIT_EXPECT_EQ(test, port->icount.cts, 2);
}

static void cts_stops_what_is_sent(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	set_line(test, 0, CS8 | CRTSCTS);
	KUNIT_EXPECT_EQ(test, fake.cr & (CTSEN | RTSEN | RTS), CTSEN | RTSEN | RTS);
	fake_pl011_set_modem(&fake, 0);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "0123456789abcdefghij", 20), 0);
	KUNIT_EXPECT_EQ(test, send(ALL), 0);
	fake_pl011_set_modem(&fake, FAKE_PL011_CTS);
	for (int i = 0; i < 4; i++) {
		send(ALL);
		deliver();
	}
	KUNIT_EXPECT_STREQ(test, fake.wire, "0123456789abcdefghij");
	set_line(test, 0, CS8);
	KUNIT_EXPECT_EQ(test, fake.cr & (CTSEN | RTSEN | RTS), RTS);
}

/* Fills the ring up to `left` bytes of room, as the other side, as long as it may. */
static unsigned int flood(struct kunit *test, unsigned int left)
{
	unsigned int n = 0;

	while (tty_buffer_space_avail(tty) > left && fake_pl011_rts(&fake)) {
		KUNIT_ASSERT_TRUE(test, receive('x'));
		n++;
		be_quiet();
		deliver();
	}
	return n;
}

static void rts_falls_before_there_is_no_room(struct kunit *test)
{
	static char buf[TTY_RX_SIZE];
	unsigned int n;

	bind_pl011(test, REVISION_1);
	set_line(test, 0, CS8 | CRTSCTS);
	n = flood(test, 0);
	KUNIT_EXPECT_EQ(test, n, TTY_RX_SIZE - TTY_RX_SCARCE + 1);
	KUNIT_EXPECT_EQ(test, fake.cr & (RTS | RTSEN), 0);
	/* Whoever is late is taken in all the same. */
	for (int i = 0; i < 100; i++)
		KUNIT_EXPECT_TRUE(test, receive('y') && (be_quiet(), deliver()));
	KUNIT_EXPECT_EQ(test, read_all(buf, TTY_RX_SIZE / 2 - 30), TTY_RX_SIZE / 2 - 30);
	KUNIT_EXPECT_FALSE(test, fake_pl011_rts(&fake));
	KUNIT_EXPECT_EQ(test, read_all(buf, 128), 128);
	KUNIT_EXPECT_TRUE(test, fake_pl011_rts(&fake));
	KUNIT_EXPECT_EQ(test, fake.cr & (RTS | RTSEN), RTS | RTSEN);
	KUNIT_EXPECT_EQ(test, port->icount.buf_overrun, 0);
}

/* With the driver not reading, the FIFO's level drops RTS: nothing overruns. */
static void rts_follows_the_fifo(struct kunit *test)
{
	unsigned int n = 0;

	bind_pl011(test, REVISION_1);
	set_line(test, 0, CS8 | CRTSCTS);
	while (n < 16 && fake_pl011_rts(&fake)) {
		receive('x');
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, 8);
	deliver();
	KUNIT_EXPECT_TRUE(test, fake_pl011_rts(&fake));
}

/* ---- ^S and ^Q ---- */

static void control_s_stops_what_is_sent(struct kunit *test)
{
	char buf[8] = "";

	bind_pl011(test, REVISION_1);
	set_line(test, IXON, CS8);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "0123456789abcdefghij", 20), 0);
	receive(STOP_CHAR);
	receive('a');
	be_quiet();
	deliver();
	send(ALL);
	deliver();
	KUNIT_EXPECT_STREQ(test, fake.wire, "0123456789abcdef");	/* what the FIFO had */
	KUNIT_EXPECT_EQ(test, fake.imsc & TX_INT, 0);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "XYZ", 3), 0);
	KUNIT_EXPECT_EQ(test, send(ALL), 0);
	receive(START_CHAR);
	be_quiet();
	deliver();
	send(ALL);
	deliver();
	KUNIT_EXPECT_STREQ(test, fake.wire, "0123456789abcdefghijXYZ");
	KUNIT_EXPECT_EQ(test, read_all(buf, sizeof(buf)), 1);
	KUNIT_EXPECT_STREQ(test, buf, "a");
}

/* Without IXON they are characters as any; and who turns it off is not left stopped. */
static void control_s_is_a_character_without_ixon(struct kunit *test)
{
	char buf[8] = "";

	bind_pl011(test, REVISION_1);
	set_line(test, IXON, CS8);
	receive(STOP_CHAR);
	be_quiet();
	deliver();
	KUNIT_EXPECT_EQ(test, tty_write(tty, "ab", 2), 0);
	KUNIT_EXPECT_EQ(test, send(ALL), 0);
	set_line(test, 0, CS8);
	KUNIT_EXPECT_EQ(test, send(ALL), 2);
	receive(STOP_CHAR);
	be_quiet();
	deliver();
	KUNIT_EXPECT_EQ(test, read_all(buf, sizeof(buf)), 1);
	KUNIT_EXPECT_EQ(test, buf[0], STOP_CHAR);
}

/*
 * 40 bytes wait when the ring gets full: 16 are in the part, ^S comes next, then the 24.
 * It goes out though the other side has stopped us.
 */
static void control_s_jumps_the_queue(struct kunit *test)
{
	static char buf[TTY_RX_SIZE];
	char text[41] = "";

	memset(text, '.', 40);
	bind_pl011(test, REVISION_1);
	set_line(test, IXON | IXOFF, CS8);
	KUNIT_EXPECT_EQ(test, tty_write(tty, text, 40), 0);
	flood(test, TTY_RX_SCARCE - 1);
	receive(STOP_CHAR);
	be_quiet();
	deliver();
	for (int i = 0; i < 6; i++) {
		send(ALL);
		deliver();
	}
	memset(text, '\0', sizeof(text));
	memset(text, '.', 16);
	text[16] = STOP_CHAR;
	KUNIT_EXPECT_STREQ(test, fake.wire, text);
	receive(START_CHAR);
	be_quiet();
	deliver();
	KUNIT_EXPECT_EQ(test, read_all(buf, TTY_RX_SIZE / 2), TTY_RX_SIZE / 2);
	for (int i = 0; i < 6; i++) {
		send(ALL);
		deliver();
	}
	KUNIT_EXPECT_EQ(test, fake.nr_wire, 42);
	KUNIT_EXPECT_NOT_NULL(test, strchr(fake.wire, START_CHAR));
	KUNIT_EXPECT_EQ(test, port->icount.tx, 42);
}

/* ---- sleep ---- */

static void a_sleep_leaves_all_as_it_was(struct kunit *test)
{
	struct fake_pl011 before;

	bind_pl011(test, REVISION_1);
	set_line(test, INPCK, CS7 | PARENB | CRTSCTS);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "abc", 3), 0);
	before = fake;
	fake.polls_per_char = 2;
	KUNIT_EXPECT_EQ(test, uart_suspend_port(NULL, port), 0);
	KUNIT_EXPECT_STREQ(test, fake.wire, "abc");
	KUNIT_EXPECT_EQ(test, fake.imsc, 0);
	KUNIT_EXPECT_EQ(test, fake.cr & (UARTEN | TXE | RXE | RTS | DTR), 0);
	fake.polls_per_char = 0;
	/* Power goes: reset values, and rubbish where there are none. */
	fake.ibrd = 0x1234;
	fake.fbrd = 0x2a;
	fake.lcr_h = 0;
	fake.cr = TXE | RXE;
	fake.ifls = 0;
	fake.imsc = 0;
	KUNIT_EXPECT_EQ(test, tty_write(tty, "def", 3), 0);
	KUNIT_EXPECT_EQ(test, tty_break_ctl(tty, true), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, uart_resume_port(NULL, port), 0);
	KUNIT_EXPECT_EQ(test, fake.ibrd, before.ibrd);
	KUNIT_EXPECT_EQ(test, fake.fbrd, before.fbrd);
	KUNIT_EXPECT_EQ(test, fake.divisor, before.divisor);
	KUNIT_EXPECT_EQ(test, fake.lcr_h, before.lcr_h);
	KUNIT_EXPECT_EQ(test, fake.cr, before.cr);
	KUNIT_EXPECT_EQ(test, fake.ifls, before.ifls);
	KUNIT_EXPECT_EQ(test, fake.imsc, before.imsc);
	send(ALL);
	KUNIT_EXPECT_STREQ(test, fake.wire, "abcdef");
}

/* Settings of one that sleeps are those it wakes with; it can go as it is. */
static void who_sleeps_can_be_set_and_removed(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, uart_suspend_port(NULL, port), 0);
	KUNIT_EXPECT_EQ(test, uart_suspend_port(NULL, port), 0);
	fake.reg.writes = 0;
	set_line(test, 0, CS5);
	KUNIT_EXPECT_EQ(test, fake.reg.writes, 0);
	KUNIT_EXPECT_EQ(test, uart_resume_port(NULL, port), 0);
	KUNIT_EXPECT_EQ(test, fake.lcr_h, FEN);
	KUNIT_EXPECT_EQ(test, uart_resume_port(NULL, port), 0);
	KUNIT_EXPECT_EQ(test, uart_suspend_port(NULL, port), 0);
	amba_device_unregister(adev);
	adev = NULL;
	KUNIT_EXPECT_EQ(test, fake.imsc, 0);
}

static const struct kunit_case pl011_line_cases[] = {
	KUNIT_CASE(errors_are_counted_by_cause),
	KUNIT_CASE(iflag_says_what_becomes_of_errors),
	KUNIT_CASE(what_is_marked_finds_its_room),
	KUNIT_CASE(what_tells_of_an_overrun_is_kept),
	KUNIT_CASE(parity_can_stick),
	KUNIT_CASE(a_break_calls_its_handler),
	KUNIT_CASE(a_break_is_sent_until_it_is_ended),
	KUNIT_CASE(lines_of_the_modem_are_told),
	KUNIT_CASE(cts_stops_what_is_sent),
	KUNIT_CASE(rts_falls_before_there_is_no_room),
	KUNIT_CASE(rts_follows_the_fifo),
	KUNIT_CASE(control_s_stops_what_is_sent),
	KUNIT_CASE(control_s_is_a_character_without_ixon),
	KUNIT_CASE(control_s_jumps_the_queue),
	KUNIT_CASE(a_sleep_leaves_all_as_it_was),
	KUNIT_CASE(who_sleeps_can_be_set_and_removed),
	{ },
};

static struct kunit_suite pl011_line_suite = {
	.name = "pl011_line",
	.test_cases = pl011_line_cases,
	.init = pl011_device_init,
	.exit = pl011_device_exit,
};
kunit_test_suite(pl011_line_suite);
