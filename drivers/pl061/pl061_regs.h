/* SPDX-License-Identifier: MIT */
/*
 * Arm PrimeCell General Purpose Input/Output PL061 (ARM DDI 0190B), chapter 3: eight
 * lines, one bit each in 8-bit registers that are a word apart. Reset: all 0.
 */
#ifndef PL061_REGS_H
#define PL061_REGS_H

#include <lib/bits.h>

#define PL061_LINES	8
#define PL061_ALL	GENMASK(7, 0)

/*
 * Bits 9:2 of the address are a mask: only lines in it are written, the others read 0. So a
 * line has a register of its own, and writing it does not touch the others.
 */
#define PL061_DATA(mask)	((mask) << 2)	/* rw  the wire; a write reaches outputs only */
#define PL061_DATA_LINE(n)	(4U << (n))	/*     DATA(BIT(n)) */
#define PL061_DIR		0x400	/* rw  1: output */
#define PL061_IS		0x404	/* rw  interrupt sense: 1 level, 0 edge */
#define PL061_IBE		0x408	/* rw  1: both edges, if edge */
#define PL061_IEV		0x40c	/* rw  event: 1 rising or high, 0 falling or low */
#define PL061_IE		0x410	/* rw  1: not masked */
#define PL061_RIS		0x414	/* ro  raw status */
#define PL061_MIS		0x418	/* ro  masked status: the interrupt is its or */
#define PL061_IC		0x41c	/* w1c edges */
#define PL061_AFSEL		0x420	/* rw  1: driven by hardware, not by DATA */
#define PL061_SIZE		0x1000

#endif
