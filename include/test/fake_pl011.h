/* SPDX-License-Identifier: MIT */
/*
 * A PL011 that behaves as Arm DDI 0183G says, not as an emulator does:
 *   - FIFOs of 16 or 32 characters, or of one each without LCR_H.FEN, and a shift
 *     register behind the one that sends;
 *   - their interrupts come when a level is passed and go when it is passed back,
 *     or are cleared; INT_TX never comes before there was something to send;
 *   - the receive timeout comes when the line has been quiet with characters left,
 *     once for each silence;
 *   - errors come with their character; an overrun with the first that finds room
 *     again;
 *   - IBRD and FBRD count from the write of LCR_H on;
 *   - FR.BUSY lasts up to the last stop bit;
 *   - a line of the modem that changes raises its interrupt; CR.CTSEN sends while CTS is
 *     asserted, CR.RTSEN asserts RTS while the FIFO is below its level, as CR.RTS does else.
 *
 * Rules: DR is written when enabled and not full, read when not empty; the line's
 * settings, LCR_H.BRK apart, are written when disabled and no character is on its way;
 * clearing FEN loses nothing; ICR does not clear INT_RX or INT_RT with characters left (they
 * would not come again before the FIFO has been empty).
 *
 * Time passes by fake_pl011_send(), fake_pl011_receive() and fake_pl011_quiet(), and with
 * `polls_per_char` also while a driver polls FR.
 *
 * Context: the test's task, for all of this header.
 */
#ifndef TEST_FAKE_PL011_H
#define TEST_FAKE_PL011_H

#include <test/reg_fake.h>

/* Of a received character, as in DR. */
#define FAKE_PL011_FE	0x100
#define FAKE_PL011_PE	0x200
#define FAKE_PL011_BE	0x400

/* Lines of the modem, as in FR: 1 is asserted. */
#define FAKE_PL011_CTS	0x001
#define FAKE_PL011_DSR	0x002
#define FAKE_PL011_DCD	0x004
#define FAKE_PL011_RI	0x100

#define FAKE_PL011_DEPTH_MAX	32

/* [o] all: the test may set any of it. */
struct fake_pl011 {
	struct reg_fake reg;
	unsigned int depth;			/* of each FIFO: 16 up to revision 2, then 32 */
	u16 rx[FAKE_PL011_DEPTH_MAX];		/* with error bits */
	unsigned int rx_fill;
	char tx[FAKE_PL011_DEPTH_MAX];
	unsigned int tx_fill;
	char shift;				/* what is on its way */
	bool shifting;
	char wire[4096];			/* what has left */
	unsigned int nr_wire;
	u32 ibrd, fbrd, lcr_h, cr, ifls, imsc, ris, rsr;
	u32 divisor;				/* in effect, in 1/64ths */
	u32 icr_written;			/* every bit that ever was */
	bool overrun;				/* the next character that fits tells of it */
	bool timeout_due;			/* a silence would be the first of its kind */
	u32 modem;				/* FAKE_PL011_CTS, _DSR, _DCD, _RI */
	bool stuck;				/* full and busy for ever */
	unsigned int breaks;			/* one more comes in when a character is read */
	unsigned int polls_per_char;		/* 0: polling takes no time */
	unsigned int polls;
};

/* As after reset. */
void fake_pl011_init(struct fake_pl011 *fake, unsigned int depth);

/* The time of `n` characters passes. Return: how many went out meanwhile. */
unsigned int fake_pl011_send(struct fake_pl011 *fake, unsigned int n);

/* A character comes in, FAKE_PL011_* with it. Return: whether it was kept. */
bool fake_pl011_receive(struct fake_pl011 *fake, u16 data);

/* The other side's lines become these, FAKE_PL011_CTS, _DSR, _DCD, _RI. */
void fake_pl011_set_modem(struct fake_pl011 *fake, u32 lines);

/* Whether the part asks for more. */
bool fake_pl011_rts(const struct fake_pl011 *fake);

/* Nothing comes in for 32 bit times. */
void fake_pl011_quiet(struct fake_pl011 *fake);

#endif
