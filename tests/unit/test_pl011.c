/* SPDX-License-Identifier: MIT */
/*
 * The PL011 driver over a played part that behaves as the manual says, not as an emulator
 * does: see <test/fake_pl011.h>. test_pl011_line.c has flow control, breaks and errors.
 */
#include <kernel/delay.h>
#include <kernel/kthread.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <test/kunit.h>

#include "pl011_device.h"

/* ---- settings ---- */

/* A divisor cannot be had of it: a bit takes 16 of its periods. */
static void a_clock_that_is_too_slow_is_refused(struct kunit *test)
{
	static const unsigned long rates[] = { 0, 1, 15 };

	kunit_tolerates_faults(test);	/* it is refused in any case */
	for (unsigned int i = 0; i < ARRAY_SIZE(rates); i++) {
		set_clock_rate(test, rates[i]);
		add_device(test, REVISION_1);
		KUNIT_EXPECT_FALSE(test, device_is_bound(&adev->dev));
		KUNIT_EXPECT_EQ(test, fake.cr & UARTEN, 0);
		unbind_pl011();
		reg_fake_detach(test, &fake.reg);
	}
}

/* The slowest: one baud, by the smallest divisor. */
static void a_clock_of_one_baud_is_taken(struct kunit *test)
{
	set_clock_rate(test, 16);
	bind_pl011(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, fake.divisor, 64);
}

static void part_of_its_registers_is_not_enough(struct kunit *test)
{
	kunit_tolerates_faults(test);
	add_device_of(test, REVISION_1, 0x20);
	KUNIT_EXPECT_EQ(test, adev->dev.probe_error, -EINVAL);
	KUNIT_EXPECT_STREQ(test, reg_fake_noted(&fake.reg), "");
}

/* 24 MHz / (16 * 115200) = 13.02: 13 and 1/64. */
static void divisors_are_in_effect(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, fake.ibrd, 13);
	KUNIT_EXPECT_EQ(test, fake.fbrd, 1);
	KUNIT_EXPECT_EQ(test, fake.divisor, 13 * 64 + 1);
	KUNIT_EXPECT_EQ(test, fake.lcr_h, 0x70);	/* 8 bits, FIFOs on */
	KUNIT_EXPECT_EQ(test, fake.cr & (UARTEN | TXE | RXE), UARTEN | TXE | RXE);
	KUNIT_EXPECT_EQ(test, fake.imsc, RX_INT | RT_INT);
}

static void termios_sets_the_line(struct kunit *test)
{
	static const struct {
		unsigned int cflag, baud;
		u32 lcr_h, divisor, really;
	} cases[] = {
		{ CS7 | PARENB, 9600, 0x56, 10000, 9600 },
		{ CS8 | PARENB | PARODD | CSTOPB, 38400, 0x7a, 2500, 38400 },
		{ CS8, 57600, 0x70, 1667, 57600 },	/* 26.04: 1666.67 / 64 */
		{ CS5, 1500000, 0x10, 64, 1500000 },
		{ CS6, 4000000, 0x30, 64, 1500000 },
		{ CS8, 1, 0x70, 0xffff << 6, 1 },
	};

	bind_pl011(test, REVISION_1);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ktermios termios = { .c_cflag = cases[i].cflag, .c_ospeed = cases[i].baud };

		port->ops->set_termios(port, &termios, NULL);
		KUNIT_EXPECT_EQ(test, fake.lcr_h, cases[i].lcr_h);
		KUNIT_EXPECT_EQ(test, fake.divisor, cases[i].divisor);
		KUNIT_EXPECT_EQ(test, termios.c_ospeed, cases[i].really);
		KUNIT_EXPECT_EQ(test, fake.cr & UARTEN, UARTEN);
	}
}

/* 24 MHz / (16 * 9600) = 156.25 */
static void settings_are_written_disabled_and_in_order(struct kunit *test)
{
	struct ktermios termios = { .c_cflag = CS8, .c_ospeed = 9600 };

	bind_pl011(test, REVISION_1);
	reg_fake_script(&fake.reg, "FR:08 FR:08 FR:00 CR CR=f00 IBRD=9c FBRD=10 LCR_H=70 FR "
			"CR=f01");
	port->ops->set_termios(port, &termios, NULL);
	KUNIT_EXPECT_STREQ(test, reg_fake_script_end(&fake.reg), "");
}

/* What was on its way leaves at the old speed. */
static void settings_wait_for_the_last_character(struct kunit *test)
{
	struct ktermios termios = { .c_cflag = CS7, .c_ospeed = 9600 };

	bind_pl011(test, REVISION_1);
	fake.polls_per_char = 5;
	KUNIT_EXPECT_EQ(test, tty_write(tty, "abc", 3), 0);
	KUNIT_EXPECT_TRUE(test, fake.shifting);
	port->ops->set_termios(port, &termios, NULL);
	KUNIT_EXPECT_STREQ(test, fake.wire, "abc");
	KUNIT_EXPECT_EQ(test, fake.divisor, 10000);
}

static void a_part_that_stays_busy_is_given_up(struct kunit *test)
{
	struct ktermios termios = { .c_cflag = CS8, .c_ospeed = 9600 };

	bind_pl011(test, REVISION_1);
	fake.stuck = true;
	fake.reg.reads = 0;
	port->ops->set_termios(port, &termios, NULL);
	KUNIT_EXPECT_GT(test, fake.reg.reads, 1000);
	KUNIT_EXPECT_EQ(test, fake.divisor, 10000);
	fake.stuck = false;
}

/* Firmware has left interrupts on, and one is there: nobody could answer it. */
static void the_part_is_silent_before_it_has_a_handler(struct kunit *test)
{
	char buf[16] = "";

	fake.cr |= UARTEN;
	fake.lcr_h = FEN;
	fake.imsc = 0x7f0;
	for (int i = 0; i < 8; i++)
		receive('x');
	be_quiet();
	KUNIT_EXPECT_NE(test, fake.ris & fake.imsc, 0);
	bind_pl011(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, fake.reg.opened_asserted, 0);
	KUNIT_EXPECT_EQ(test, fake.imsc, RX_INT | RT_INT);
	KUNIT_EXPECT_EQ(test, deliver(), 0);
	KUNIT_EXPECT_EQ(test, read_all(buf, 8), 8);
	KUNIT_EXPECT_STREQ(test, buf, "xxxxxxxx");
}

/* ---- receiving ---- */

static void what_waits_at_boot_is_kept(struct kunit *test)
{
	char buf[8] = "";

	fake.cr |= UARTEN;
	fake.lcr_h = FEN;
	for (const char *c = "boot"; *c; c++)
		receive((u16)*c);
	bind_pl011(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, tty_read(tty, buf, sizeof(buf)), 4);
	KUNIT_EXPECT_STREQ(test, buf, "boot");
}

/* Firmware has cleared the interrupt with the FIFO above its level: no other comes. */
static void a_fifo_that_is_full_at_boot_does_not_stay_so(struct kunit *test)
{
	char buf[32] = "";

	fake.cr |= UARTEN;
	fake.lcr_h = FEN;
	for (int i = 0; i < 16; i++)
		receive('x');
	fake.ris = 0;
	bind_pl011(test, REVISION_1);
	for (int i = 0; i < 8; i++)
		KUNIT_EXPECT_TRUE(test, receive('y'));
	KUNIT_EXPECT_GT(test, deliver(), 0);
	KUNIT_EXPECT_EQ(test, read_all(buf, 24), 24);
	KUNIT_EXPECT_STREQ(test, buf, "xxxxxxxxxxxxxxxxyyyyyyyy");
}

/* Not only what set_termios leaves: the port may be started again. */
static void startup_reads_what_the_fifo_has(struct kunit *test)
{
	char buf[32] = "";

	bind_pl011(test, REVISION_1);
	port->ops->shutdown(port);
	fake.cr |= UARTEN | RXE;
	fake.lcr_h |= FEN;
	for (int i = 0; i < 16; i++)
		receive('x');
	fake.ris = 0;
	KUNIT_EXPECT_EQ(test, port->ops->startup(port), 0);
	KUNIT_EXPECT_EQ(test, read_all(buf, 16), 16);
}

static void characters_come_by_level_and_by_silence(struct kunit *test)
{
	char buf[16] = "";

	bind_pl011(test, REVISION_1);
	for (int i = 0; i < 8; i++)
		receive((u16)('a' + i));
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	receive('i');
	KUNIT_EXPECT_EQ(test, deliver(), 0);
	be_quiet();
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, tty_read(tty, buf, sizeof(buf)), 9);
	KUNIT_EXPECT_STREQ(test, buf, "abcdefghi");
	KUNIT_EXPECT_EQ(test, fake.reg.broken, 0);
}

static void fifo_interrupts_are_never_cleared_by_hand(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	for (int i = 0; i < 16; i++)
		receive('x' | (i & 1 ? PE : 0));
	fake.ris |= 0x7ffu & ~TX_INT;
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, fake.icr_written & (RX_INT | RT_INT | TX_INT), 0);
	KUNIT_EXPECT_EQ(test, fake.icr_written & 0x78f, 0x78f);
}

/* Breaks need no room in the ring. Sixteen times in an interrupt 256 are read, and it ends. */
static void a_line_that_never_rests_leaves_time_for_others(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	for (int i = 0; i < 8; i++)
		receive(0 | BE);
	fake.breaks = 16 * 256;
	KUNIT_EXPECT_EQ(test, deliver(), 2);
	KUNIT_EXPECT_EQ(test, port->icount.brk, 8 + 16 * 256);
}

/* The FIFO keeps what it has, the part tells of the loss with the next that it takes. */
static void an_overrun_is_told_by_the_next_character(struct kunit *test)
{
	char buf[32] = "";

	bind_pl011(test, REVISION_1);
	for (int i = 0; i < 16; i++)
		KUNIT_EXPECT_TRUE(test, receive('x'));
	KUNIT_EXPECT_FALSE(test, receive('l'));
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, port->icount.overrun, 0);
	receive('y');
	receive('z');
	be_quiet();
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, port->icount.overrun, 1);
	KUNIT_EXPECT_EQ(test, read_all(buf, 18), 18);
	KUNIT_EXPECT_STREQ(test, buf, "xxxxxxxxxxxxxxxxyz");
}

/* Below the level nothing but the silence after it tells of a character. */
static void a_single_character_comes_by_the_timeout(struct kunit *test)
{
	char c = 0;

	bind_pl011(test, REVISION_1);
	for (int i = 0; i < 3; i++) {
		receive((u16)('a' + i));
		KUNIT_EXPECT_EQ(test, deliver(), 0);
		be_quiet();
		KUNIT_EXPECT_EQ(test, deliver(), 1);
		KUNIT_EXPECT_EQ(test, tty_read(tty, &c, 1), 1);
		KUNIT_EXPECT_EQ(test, c, 'a' + i);
		be_quiet();
		KUNIT_EXPECT_EQ(test, deliver(), 0);
	}
}

/* A character comes in between the timeout and its handler. */
static void a_character_behind_the_timeout_is_not_left(struct kunit *test)
{
	char buf[8] = "";

	bind_pl011(test, REVISION_1);
	receive('a');
	be_quiet();
	receive('b');
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, tty_read(tty, buf, sizeof(buf)), 2);
	KUNIT_EXPECT_STREQ(test, buf, "ab");
	be_quiet();
	KUNIT_EXPECT_EQ(test, deliver(), 0);
	receive('c');
	be_quiet();
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, tty_read(tty, buf, sizeof(buf)), 1);
}

/* The ring takes 1024; then the FIFO fills, until a reader has made room. */
static void a_full_ring_leaves_bytes_in_the_fifo(struct kunit *test)
{
	static char buf[2048];
	unsigned int n = 0;

	bind_pl011(test, REVISION_1);
	while (receive((u16)('0' + n % 10))) {
		n++;
		be_quiet();
		deliver();
	}
	KUNIT_EXPECT_EQ(test, n, TTY_RX_SIZE + 16);
	KUNIT_EXPECT_EQ(test, fake.imsc & (RX_INT | RT_INT), 0);
	KUNIT_EXPECT_EQ(test, deliver(), 0);
	KUNIT_EXPECT_EQ(test, read_all(buf, n), n);
	KUNIT_EXPECT_EQ(test, fake.imsc & (RX_INT | RT_INT), RX_INT | RT_INT);
	for (unsigned int i = 0; i < n; i++)
		KUNIT_ASSERT_EQ(test, buf[i], '0' + i % 10);
	KUNIT_EXPECT_EQ(test, port->icount.buf_overrun, 0);
	KUNIT_EXPECT_EQ(test, port->icount.overrun, 0);
	KUNIT_EXPECT_TRUE(test, receive('z'));
	be_quiet();
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, port->icount.overrun, 1);
}

/* ---- sending ---- */

/* Nothing raises TX_INT before the FIFO has been above its level. */
static void the_fifo_is_filled_before_its_interrupt_is_asked_for(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, fake.ris & TX_INT, 0);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "0123456789abcdefghij", 20), 0);
	KUNIT_EXPECT_EQ(test, fake.tx_fill, 15);	/* and one on its way */
	KUNIT_EXPECT_EQ(test, fake.imsc & TX_INT, TX_INT);
	KUNIT_EXPECT_EQ(test, deliver(), 0);
	send(7);
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	KUNIT_EXPECT_EQ(test, fake.tx_fill, 12);
	KUNIT_EXPECT_EQ(test, fake.imsc & TX_INT, 0);	/* nothing left to send */
	send(ALL);
	KUNIT_EXPECT_EQ(test, deliver(), 0);
	KUNIT_EXPECT_STREQ(test, fake.wire, "0123456789abcdefghij");
}

static void a_short_text_needs_no_interrupt(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "abc", 3), 0);
	KUNIT_EXPECT_EQ(test, fake.imsc & TX_INT, 0);
	KUNIT_EXPECT_EQ(test, port->ops->tx_empty(port), 0);
	send(3);
	KUNIT_EXPECT_EQ(test, port->ops->tx_empty(port), TIOCSER_TEMT);
	KUNIT_EXPECT_STREQ(test, fake.wire, "abc");
}

static void revision_3_has_twice_the_fifo(struct kunit *test)
{
	char text[40];

	fake.depth = 32;
	memset(text, 'x', sizeof(text));
	bind_pl011(test, REVISION_3);
	KUNIT_EXPECT_EQ(test, tty_write(tty, text, sizeof(text)), 0);
	KUNIT_EXPECT_EQ(test, fake.tx_fill, 31);
}

#define MUCH	3000

static int write_much(void *unused)
{
	char text[100];

	(void)unused;
	for (unsigned int n = 0; n < MUCH; n += sizeof(text)) {
		for (unsigned int i = 0; i < sizeof(text); i++)
			text[i] = (char)('0' + (n + i) % 10);
		if (tty_write(tty, text, sizeof(text)))
			return -EIO;
	}
	return 0;
}

/* Three times the ring, with the wire as slow as it likes: a writer sleeps and is woken. */
static void a_long_text_is_sent_to_the_end(struct kunit *test)
{
	struct task_struct *writer;

	bind_pl011(test, REVISION_1);
	writer = kthread_create(write_much, NULL, "writer");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, writer);
	wake_up_process(get_task_struct(writer));
	for (int i = 0; i < 10000 && fake.nr_wire < MUCH; i++) {
		cond_resched();
		send((unsigned int)i % 11);
		deliver();
	}
	KUNIT_ASSERT_TRUE(test, completion_done(&writer->exited));
	KUNIT_EXPECT_EQ(test, writer->exit_code, 0);
	put_task_struct(writer);
	KUNIT_EXPECT_EQ(test, fake.nr_wire, MUCH);
	for (unsigned int i = 0; i < MUCH; i++)
		KUNIT_ASSERT_EQ(test, fake.wire[i], '0' + i % 10);
}

static bool woken, locked_when_woken;

static int note_lock(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key)
{
	(void)entry;
	(void)mode;
	(void)flags;
	(void)key;
	woken = true;
	locked_when_woken = READ_ONCE(port->locked);
	return 0;
}

/* Once the handler has unlocked, the port may be removed and its terminal freed. */
static void writers_are_woken_with_the_port_locked(struct kunit *test)
{
	struct wait_queue_entry entry;

	bind_pl011(test, REVISION_1);
	woken = locked_when_woken = false;
	init_waitqueue_func_entry(&entry, note_lock);
	add_wait_queue(&tty->write_wait, &entry);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "0123456789abcdefghij", 20), 0);
	send(8);
	KUNIT_EXPECT_EQ(test, deliver(), 1);
	remove_wait_queue(&tty->write_wait, &entry);
	KUNIT_EXPECT_TRUE(test, woken);
	KUNIT_EXPECT_TRUE(test, locked_when_woken);
}

/* ---- bounds ---- */

static void a_byte_that_is_never_taken_is_given_up(struct kunit *test)
{
	unsigned int once;

	bind_pl011(test, REVISION_1);
	fake.stuck = true;
	fake.reg.reads = 0;
	port->ops->poll_put_char(port, 'a');
	once = fake.reg.reads;
	port->ops->poll_put_char(port, 'b');
	KUNIT_EXPECT_LT(test, fake.reg.reads - once, 10);	/* not waited for again */
	fake.stuck = false;
	port->ops->poll_put_char(port, 'c');
	send(ALL);
	KUNIT_EXPECT_STREQ(test, fake.wire, "c");
}

static void unbinding_waits_for_the_last_character(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	fake.polls_per_char = 3;
	KUNIT_EXPECT_EQ(test, tty_write(tty, "0123456789abcdefghij", 20), 0);
	amba_device_unregister(adev);
	adev = NULL;
	KUNIT_EXPECT_STREQ(test, fake.wire, "0123456789abcdefghij");
	KUNIT_EXPECT_FALSE(test, fake.shifting);
}

static void shutting_down_waits_for_the_last_character(struct kunit *test)
{
	bind_pl011(test, REVISION_1);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "abc", 3), 0);
	fake.polls_per_char = 5;
	port->ops->shutdown(port);
	KUNIT_EXPECT_STREQ(test, fake.wire, "abc");
	KUNIT_EXPECT_EQ(test, fake.imsc, 0);
	KUNIT_EXPECT_EQ(test, fake.lcr_h & FEN, 0);
}

static void unbinding_silences_the_part(struct kunit *test)
{
	char c;

	bind_pl011(test, REVISION_1);
	for (int i = 0; i < 8; i++)
		receive('x');
	amba_device_unregister(adev);
	adev = NULL;
	KUNIT_EXPECT_EQ(test, fake.imsc, 0);
	KUNIT_EXPECT_EQ(test, fake.cr & (UARTEN | TXE | RXE), 0);
	fake.reg.reads = 0;
	KUNIT_EXPECT_EQ(test, tty_read(tty, &c, 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, tty_write(tty, "x", 1), -ENXIO);
	KUNIT_EXPECT_EQ(test, fake.reg.reads, 0);
}

static const struct kunit_case pl011_cases[] = {
	KUNIT_CASE(a_clock_that_is_too_slow_is_refused),
	KUNIT_CASE(a_clock_of_one_baud_is_taken),
	KUNIT_CASE(part_of_its_registers_is_not_enough),
	KUNIT_CASE(divisors_are_in_effect),
	KUNIT_CASE(termios_sets_the_line),
	KUNIT_CASE(settings_are_written_disabled_and_in_order),
	KUNIT_CASE(settings_wait_for_the_last_character),
	KUNIT_CASE(a_part_that_stays_busy_is_given_up),
	KUNIT_CASE(the_part_is_silent_before_it_has_a_handler),
	KUNIT_CASE(what_waits_at_boot_is_kept),
	KUNIT_CASE(a_fifo_that_is_full_at_boot_does_not_stay_so),
	KUNIT_CASE(startup_reads_what_the_fifo_has),
	KUNIT_CASE(characters_come_by_level_and_by_silence),
	KUNIT_CASE(fifo_interrupts_are_never_cleared_by_hand),
	KUNIT_CASE(a_line_that_never_rests_leaves_time_for_others),
	KUNIT_CASE(an_overrun_is_told_by_the_next_character),
	KUNIT_CASE(a_single_character_comes_by_the_timeout),
	KUNIT_CASE(a_character_behind_the_timeout_is_not_left),
	KUNIT_CASE(a_full_ring_leaves_bytes_in_the_fifo),
	KUNIT_CASE(the_fifo_is_filled_before_its_interrupt_is_asked_for),
	KUNIT_CASE(a_short_text_needs_no_interrupt),
	KUNIT_CASE(revision_3_has_twice_the_fifo),
	KUNIT_CASE(a_long_text_is_sent_to_the_end),
	KUNIT_CASE(writers_are_woken_with_the_port_locked),
	KUNIT_CASE(a_byte_that_is_never_taken_is_given_up),
	KUNIT_CASE(unbinding_waits_for_the_last_character),
	KUNIT_CASE(shutting_down_waits_for_the_last_character),
	KUNIT_CASE(unbinding_silences_the_part),
	{ },
};

static struct kunit_suite pl011_suite = {
	.name = "pl011",
	.test_cases = pl011_cases,
	.init = pl011_device_init,
	.exit = pl011_device_exit,
};
kunit_test_suite(pl011_suite);
