/* SPDX-License-Identifier: MIT */
/*
 * The played parts themselves, accessed as a driver would, against their manuals; and that
 * what a manual forbids is complained of.
 */
#include <test/reg_fake.h>

#include <kernel/io.h>
#include <lib/bits.h>
#include <test/fake_pl011.h>
#include <test/fake_pl061.h>
#include <test/kunit.h>

#define NOWHERE		0x3f000000

/* PL061, Arm DDI 0190B */
enum { DATA_ALL = 0x3fc, DIR = 0x400, IS = 0x404, IBE = 0x408, IEV = 0x40c, IE = 0x410,
       RIS = 0x414, MIS = 0x418, IC = 0x41c };

/* PL011, Arm DDI 0183G */
enum { DR = 0x00, RSR = 0x04, FR = 0x18, IBRD = 0x24, FBRD = 0x28, LCR_H = 0x2c, CR = 0x30,
       IFLS = 0x34, IMSC = 0x38, UART_RIS = 0x3c, UART_MIS = 0x40, ICR = 0x44 };

static struct fake_pl061 gpio;
static struct fake_pl011 uart;
static struct reg_fake *played;

static void play(struct kunit *test, struct reg_fake *fake)
{
	KUNIT_ASSERT_EQ(test, reg_fake_attach(fake, NOWHERE), 0);
	played = fake;
}

static void play_pl061(struct kunit *test)
{
	fake_pl061_init(&gpio);
	play(test, &gpio.reg);
}

static void reg_fake_case_exit(struct kunit *test)
{
	if (played)
		reg_fake_detach(test, played);
	played = NULL;
}

static u8 get(unsigned int offset)
{
	return readb(played->hook.base + offset);
}

static void put(u8 value, unsigned int offset)
{
	writeb(value, played->hook.base + offset);
}

/* ---- rules ---- */

static void what_the_manual_forbids_is_complained_of(struct kunit *test)
{
	static const struct {
		bool write;
		unsigned int offset;
		u8 value;
		const char *complaint;
	} cases[] = {
		{ false, 0x424, 0, "offset 424 is reserved and was read" },
		{ true, 0x800, 0, "offset 800 is reserved and was written" },
		{ false, 0x401, 0, "offset 401 is reserved and was read" },
		{ true, RIS, 0, "RIS was written" },
		{ true, MIS, 1, "MIS was written" },
		{ true, 0xfe0, 1, "ID was written" },
		{ false, IC, 0, "IC was read" },
		{ false, MIS, 0, "" },
		{ true, IC, 0xff, "" },
	};

	play_pl061(test);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].write)
			put(cases[i].value, cases[i].offset);
		else
			get(cases[i].offset);
		KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), cases[i].complaint);
	}
}

static void bits_without_a_meaning_are_complained_of(struct kunit *test)
{
	play_pl061(test);
	writel(0x101, played->hook.base + DIR);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played),
			   "DIR has no bits 100 and they were written");
}

static void the_first_complaint_is_kept(struct kunit *test)
{
	play_pl061(test);
	get(IC);
	put(0, MIS);
	KUNIT_EXPECT_EQ(test, played->broken, 2);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), "IC was read");
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), "");
}

static void accesses_are_written_down(struct kunit *test)
{
	play_pl061(test);
	put(0x0f, DIR);
	get(DIR);
	put(0x04, 0x10);
	KUNIT_EXPECT_STREQ(test, reg_fake_noted(played), "DIR=0f DATA[04]=04");
	played->note_reads = true;
	get(RIS);
	put(1, IC);
	KUNIT_EXPECT_STREQ(test, reg_fake_noted(played), "RIS IC=01");
	KUNIT_EXPECT_EQ(test, played->reads, 2);
	KUNIT_EXPECT_EQ(test, played->writes, 3);
}

/* ---- scripts ---- */

static void script_is_followed_and_answers(struct kunit *test)
{
	play_pl061(test);
	reg_fake_script(played, "MIS:a5 DIR=01 DIR MIS:0 MIS");
	KUNIT_EXPECT_EQ(test, get(MIS), 0xa5);
	put(1, DIR);
	KUNIT_EXPECT_EQ(test, get(DIR), 1);	/* the model's */
	KUNIT_EXPECT_EQ(test, get(MIS), 0);
	KUNIT_EXPECT_STREQ(test, reg_fake_script_end(played), "MIS");
}

static void departure_from_a_script_is_complained_of(struct kunit *test)
{
	play_pl061(test);
	reg_fake_script(played, "DIR=01 IE=10");
	put(1, DIR);
	put(0x11, IE);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played),
			   "the script has \"IE=10\" where IE=11 came");
	reg_fake_script(played, "IE=1");
	put(0x10, IE);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played),
			   "the script has \"IE=1\" where IE=10 came");
	reg_fake_script(played, "");
	get(IE);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), "the script has \"\" where IE came");
	reg_fake_script_end(played);
	get(IE);
}

/* ---- PL061 ---- */

static void pl061_masks_data_by_the_address(struct kunit *test)
{
	play_pl061(test);
	gpio.wires = 0x5a;
	KUNIT_EXPECT_EQ(test, get(DATA_ALL), 0x5a);
	KUNIT_EXPECT_EQ(test, get(0x0f << 2), 0x0a);
	KUNIT_EXPECT_EQ(test, get(0), 0);
	put(0xff, DATA_ALL);	/* inputs all */
	put(0x33, DIR);
	KUNIT_EXPECT_EQ(test, get(DATA_ALL), 0x48);
	put(0xff, 0x11 << 2);
	KUNIT_EXPECT_EQ(test, get(DATA_ALL), 0x59);
}

/* Wire:     ___/---\___   the level's status does the same, and IC changes nothing */
static void pl061_level_follows_the_wire(struct kunit *test)
{
	play_pl061(test);
	put(0x10, IS);
	put(0x10, IEV);
	put(0x10, IC);
	KUNIT_EXPECT_EQ(test, get(RIS), 0);
	fake_pl061_drive(&gpio, 4, true);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x10);
	put(0x10, IC);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x10);
	KUNIT_EXPECT_EQ(test, get(MIS), 0);
	put(0x10, IE);
	KUNIT_EXPECT_EQ(test, get(MIS), 0x10);
	KUNIT_EXPECT_TRUE(test, played->model->line(played));
	fake_pl061_drive(&gpio, 4, false);
	KUNIT_EXPECT_EQ(test, get(RIS), 0);
	KUNIT_EXPECT_FALSE(test, played->model->line(played));
}

static void pl061_as_qemu_latches_a_level(struct kunit *test)
{
	play_pl061(test);
	gpio.as_qemu = true;
	put(0x10, IS);
	put(0x10, IEV);
	put(0xff, IC);
	fake_pl061_drive(&gpio, 4, true);
	put(0x10, IC);
	fake_pl061_drive(&gpio, 4, false);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x10);
	put(0x10, IC);
	KUNIT_EXPECT_EQ(test, get(RIS), 0);
}

static void pl061_edges_stay_until_each_is_cleared(struct kunit *test)
{
	play_pl061(test);
	put(0x01, IEV);		/* line 0 rising, 1 falling, 2 both */
	put(0x04, IBE);
	put(0xff, IC);
	for (unsigned int line = 0; line < 3; line++)
		fake_pl061_drive(&gpio, line, true);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x05);
	put(0x01, IC);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x04);
	put(0x04, IC);
	for (unsigned int line = 0; line < 3; line++)
		fake_pl061_drive(&gpio, line, false);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x06);
}

static void pl061_sense_changes_while_masked(struct kunit *test)
{
	play_pl061(test);
	put(0x20, IBE);
	KUNIT_EXPECT_EQ(test, get(RIS), 0x20);	/* an event that never was */
	put(0x20, IC);
	put(0x20, IE);
	KUNIT_EXPECT_EQ(test, played->broken, 0);
	put(0x20, IEV);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played),
			   "the sense of lines 20 changed while they were on");
	put(0x21, IEV);
	KUNIT_EXPECT_EQ(test, played->broken, 0);
}

/* ---- PL011 ---- */

#define FEN		0x10u
#define ENABLED		0x301u	/* of CR: UARTEN, TXE, RXE */
#define RX_INT		0x10u
#define TX_INT		0x20u
#define RT_INT		0x40u
#define BUSY		0x08u
#define RXFE		0x10u
#define TXFE		0x80u

static u32 getl(unsigned int offset)
{
	return readl(played->hook.base + offset);
}

static void putl(u32 value, unsigned int offset)
{
	writel(value, played->hook.base + offset);
}

static void play_pl011(struct kunit *test)
{
	fake_pl011_init(&uart, 16);
	play(test, &uart.reg);
	putl(FEN | 0x60, LCR_H);
	putl(ENABLED, CR);
}

static void pl011_is_reset_as_the_manual_says(struct kunit *test)
{
	fake_pl011_init(&uart, 16);
	play(test, &uart.reg);
	KUNIT_EXPECT_EQ(test, getl(FR) & 0xfe, TXFE | RXFE);
	KUNIT_EXPECT_EQ(test, getl(CR), 0x300);
	KUNIT_EXPECT_EQ(test, getl(IFLS), 0x12);
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), 0);
}

/* Fill 7: nothing. 8: INT_RX, which goes again below 8, or when it is cleared, for good. */
static void pl011_rx_interrupt_is_a_level_passed(struct kunit *test)
{
	play_pl011(test);
	for (int i = 0; i < 7; i++)
		fake_pl011_receive(&uart, 'x');
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), 0);
	fake_pl011_receive(&uart, 'x');
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), RX_INT);
	getl(DR);
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), 0);
	fake_pl011_receive(&uart, 'x');
	putl(RX_INT, ICR);
	fake_pl011_receive(&uart, 'x');
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), 0);
}

static void pl011_timeout_comes_once_for_each_silence(struct kunit *test)
{
	play_pl011(test);
	fake_pl011_quiet(&uart);
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), 0);
	fake_pl011_receive(&uart, 'a');
	fake_pl011_receive(&uart, 'b');
	fake_pl011_quiet(&uart);
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), RT_INT);
	getl(DR);
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), RT_INT);
	putl(RT_INT, ICR);
	fake_pl011_quiet(&uart);
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), 0);
	fake_pl011_receive(&uart, 'c');
	fake_pl011_quiet(&uart);
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), RT_INT);
	getl(DR);
	getl(DR);
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), 0);
}

/* Nothing at first; not by a fill below the level; then when it falls to 8. */
static void pl011_tx_interrupt_needs_a_fifo_that_was_filled(struct kunit *test)
{
	play_pl011(test);
	putl(TX_INT, IMSC);
	KUNIT_EXPECT_FALSE(test, played->model->line(played));
	for (int i = 0; i < 8; i++)
		putl('x', DR);
	fake_pl011_send(&uart, 20);
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), 0);
	for (int i = 0; i < 10; i++)
		putl('y', DR);
	KUNIT_EXPECT_EQ(test, fake_pl011_send(&uart, 1), 1);
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), TX_INT);
	KUNIT_EXPECT_TRUE(test, played->model->line(played));
	putl('y', DR);
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), 0);
}

static void pl011_is_busy_up_to_the_last_stop_bit(struct kunit *test)
{
	play_pl011(test);
	KUNIT_EXPECT_EQ(test, getl(FR) & (BUSY | TXFE), TXFE);
	putl('x', DR);
	KUNIT_EXPECT_EQ(test, getl(FR) & (BUSY | TXFE), BUSY | TXFE);
	putl('y', DR);
	KUNIT_EXPECT_EQ(test, getl(FR) & (BUSY | TXFE), BUSY);
	fake_pl011_send(&uart, 2);
	KUNIT_EXPECT_EQ(test, getl(FR) & (BUSY | TXFE), TXFE);
	KUNIT_EXPECT_STREQ(test, uart.wire, "xy");
}

static void pl011_errors_stay_with_their_character(struct kunit *test)
{
	play_pl011(test);
	fake_pl011_receive(&uart, 'a');
	fake_pl011_receive(&uart, 'b' | FAKE_PL011_PE);
	fake_pl011_receive(&uart, FAKE_PL011_BE | FAKE_PL011_FE);
	KUNIT_EXPECT_EQ(test, getl(UART_RIS), 0x380);
	KUNIT_EXPECT_EQ(test, getl(DR), 'a');
	KUNIT_EXPECT_EQ(test, getl(RSR), 0);
	KUNIT_EXPECT_EQ(test, getl(DR), 'b' | 0x200);
	KUNIT_EXPECT_EQ(test, getl(RSR), 2);
	putl(0, RSR);
	KUNIT_EXPECT_EQ(test, getl(RSR), 0);
	KUNIT_EXPECT_EQ(test, getl(DR), 0x500);
}

static void pl011_overrun_comes_with_the_next_that_fits(struct kunit *test)
{
	play_pl011(test);
	for (int i = 0; i < 16; i++)
		KUNIT_EXPECT_TRUE(test, fake_pl011_receive(&uart, (u16)('a' + i)));
	KUNIT_EXPECT_FALSE(test, fake_pl011_receive(&uart, 'z'));
	KUNIT_EXPECT_EQ(test, getl(UART_RIS) & 0x400, 0x400);
	for (int i = 0; i < 16; i++)
		KUNIT_EXPECT_EQ(test, getl(DR), 'a' + i);
	fake_pl011_receive(&uart, 'A');
	fake_pl011_receive(&uart, 'B');
	KUNIT_EXPECT_EQ(test, getl(DR), 'A' | 0x800);
	KUNIT_EXPECT_EQ(test, getl(DR), 'B');
}

static void pl011_divisors_count_from_lcr_h_on(struct kunit *test)
{
	play_pl011(test);
	putl(0x300, CR);
	putl(13, IBRD);
	putl(1, FBRD);
	KUNIT_EXPECT_EQ(test, uart.divisor, 0);
	putl(FEN | 0x60, LCR_H);
	KUNIT_EXPECT_EQ(test, uart.divisor, 13 * 64 + 1);
}

static void pl011_loops_back(struct kunit *test)
{
	play_pl011(test);
	putl(ENABLED | 0x80, CR);
	putl('x', DR);
	KUNIT_EXPECT_EQ(test, getl(FR) & RXFE, RXFE);
	fake_pl011_send(&uart, 1);
	KUNIT_EXPECT_EQ(test, getl(DR), 'x');
	KUNIT_EXPECT_EQ(test, uart.nr_wire, 0);
}

static void pl011_waits_for_cts(struct kunit *test)
{
	play_pl011(test);
	uart.modem = 0;
	putl(ENABLED | 0x8000, CR);
	putl('x', DR);
	KUNIT_EXPECT_EQ(test, fake_pl011_send(&uart, 5), 0);
	uart.modem = FAKE_PL011_CTS;
	KUNIT_EXPECT_EQ(test, fake_pl011_send(&uart, 5), 1);
}

static void pl011_rules_are_complained_of(struct kunit *test)
{
	play_pl011(test);
	getl(DR);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), "DR was read and the FIFO is empty");
	putl(13, IBRD);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played),
			   "IBRD was written while the UART is enabled");
	putl(RX_INT, IMSC);
	fake_pl011_receive(&uart, 'x');
	putl(RX_INT, ICR);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played),
			   "INT_RX or INT_RT was cleared with 1 characters left");
	for (int i = 0; i < 17; i++)
		putl('x', DR);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), "");
	putl('x', DR);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), "DR was written and the FIFO is full");
	putl(0x300, CR);
	putl(0x70, LCR_H);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played),
			   "LCR_H was written in the middle of a character");
	fake_pl011_send(&uart, 1);
	putl(0x60, LCR_H);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played),
			   "FEN was cleared with 16 characters to send");
	putl('x', DR);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), "DR was written and CR is 300");
	putl(0x2d, IFLS);
	KUNIT_EXPECT_STREQ(test, reg_fake_forgive(played), "IFLS has no level 2d");
}

static int reg_fake_case_init(struct kunit *test)
{
	(void)test;
	played = NULL;
	return 0;
}

static const struct kunit_case reg_fake_cases[] = {
	KUNIT_CASE(what_the_manual_forbids_is_complained_of),
	KUNIT_CASE(bits_without_a_meaning_are_complained_of),
	KUNIT_CASE(the_first_complaint_is_kept),
	KUNIT_CASE(accesses_are_written_down),
	KUNIT_CASE(script_is_followed_and_answers),
	KUNIT_CASE(departure_from_a_script_is_complained_of),
	KUNIT_CASE(pl061_masks_data_by_the_address),
	KUNIT_CASE(pl061_level_follows_the_wire),
	KUNIT_CASE(pl061_as_qemu_latches_a_level),
	KUNIT_CASE(pl061_edges_stay_until_each_is_cleared),
	KUNIT_CASE(pl061_sense_changes_while_masked),
	KUNIT_CASE(pl011_is_reset_as_the_manual_says),
	KUNIT_CASE(pl011_rx_interrupt_is_a_level_passed),
	KUNIT_CASE(pl011_timeout_comes_once_for_each_silence),
	KUNIT_CASE(pl011_tx_interrupt_needs_a_fifo_that_was_filled),
	KUNIT_CASE(pl011_is_busy_up_to_the_last_stop_bit),
	KUNIT_CASE(pl011_errors_stay_with_their_character),
	KUNIT_CASE(pl011_overrun_comes_with_the_next_that_fits),
	KUNIT_CASE(pl011_divisors_count_from_lcr_h_on),
	KUNIT_CASE(pl011_loops_back),
	KUNIT_CASE(pl011_waits_for_cts),
	KUNIT_CASE(pl011_rules_are_complained_of),
	{}
};

static struct kunit_suite reg_fake_suite = {
	.name = "reg_fake",
	.init = reg_fake_case_init,
	.exit = reg_fake_case_exit,
	.test_cases = reg_fake_cases,
};
kunit_test_suite(reg_fake_suite);
