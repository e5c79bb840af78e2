/* SPDX-License-Identifier: MIT */
/*
 * A PL061 that behaves as Arm DDI 0190B says:
 *   - address bits 9:2 mask the data: other lines read 0 and are not written,
 *     and a write reaches outputs alone;
 *   - RIS latches edges and follows levels: a level that goes is over;
 *   - IC clears edges; it can only be written;
 *   - a line whose sense changes may latch an event that never was (it always
 *     does here). So a rule: it is masked while its sense changes.
 *
 * QEMU's model latches levels too, until they are cleared after they have gone:
 * with `as_qemu` the fake does so.
 *
 * Context: the test's task, for all of this header.
 */
#ifndef TEST_FAKE_PL061_H
#define TEST_FAKE_PL061_H

#include <test/reg_fake.h>

#define FAKE_PL061_LINES	8

/* [o] all: the test may set any of it. */
struct fake_pl061 {
	struct reg_fake reg;
	u8 data, dir, is, ibe, iev, ie, afsel;
	u8 latched;		/* what RIS has of its own */
	u8 wires;		/* what the outside drives; see fake_pl061_drive() */
	bool as_qemu;
};

/* As after reset, but for IE, which whoever ran before may have left on. */
void fake_pl061_init(struct fake_pl061 *fake);

/* The outside drives a line. An output does not follow it. */
void fake_pl061_drive(struct fake_pl061 *fake, unsigned int line, bool high);

/* The raw status, as RIS reads. */
u8 fake_pl061_ris(struct fake_pl061 *fake);

#endif
