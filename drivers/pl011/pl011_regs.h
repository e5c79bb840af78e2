/* SPDX-License-Identifier: MIT */
/*
 * Arm PrimeCell UART (PL011), Arm DDI 0183G, chapter 3.
 */
#ifndef PL011_REGS_H
#define PL011_REGS_H

#include <lib/bits.h>

#define PL011_DR	0x000	/* RW  data; errors of the character when read */
#define   DR_DATA	GENMASK(7, 0)
#define   DR_FE		BIT(8)	/*     framing: no stop bit */
#define   DR_PE		BIT(9)	/*     parity */
#define   DR_BE		BIT(10)	/*     break; FE and PE mean nothing then */
#define   DR_OE		BIT(11)	/*     overrun: characters after this one are lost */
#define PL011_ECR	0x004	/* WO  any write clears the errors */
#define PL011_FR	0x018	/* RO  flags */
#define   FR_CTS	BIT(0)	/*     1: the line is low, asserted; so DSR, DCD, RI */
#define   FR_DSR	BIT(1)
#define   FR_DCD	BIT(2)
#define   FR_BUSY	BIT(3)	/*     sending, up to the last stop bit */
#define   FR_RXFE	BIT(4)	/*     receive FIFO empty */
#define   FR_TXFF	BIT(5)	/*     transmit FIFO full */
#define   FR_RXFF	BIT(6)	/*     receive FIFO full */
#define   FR_TXFE	BIT(7)	/*     transmit FIFO empty */
#define   FR_RI		BIT(8)
#define PL011_IBRD	0x024	/* RW  divisor, integer part */
#define   IBRD_DIVINT	GENMASK(15, 0)
#define PL011_FBRD	0x028	/* RW  divisor, 1/64ths */
#define   FBRD_DIVFRAC	GENMASK(5, 0)
#define PL011_LCR_H	0x02c	/* RW  line control; its write takes the divisors over */
#define   LCR_BRK	BIT(0)	/*     sends a break; the one bit to change while enabled */
#define   LCR_PEN	BIT(1)	/*     parity */
#define   LCR_EPS	BIT(2)	/*     even */
#define   LCR_STP2	BIT(3)	/*     two stop bits */
#define   LCR_FEN	BIT(4)	/*     FIFOs; else one character each */
#define   LCR_WLEN	GENMASK(6, 5)	/* bits less 5 */
#define   LCR_SPS	BIT(7)	/*     stick parity: always 1, with EPS always 0 */
#define PL011_CR	0x030	/* RW  control */
#define   CR_UARTEN	BIT(0)
#define   CR_LBE	BIT(7)
#define   CR_TXE	BIT(8)
#define   CR_RXE	BIT(9)
#define   CR_DTR	BIT(10)
#define   CR_RTS	BIT(11)
#define   CR_OUT1	BIT(12)
#define   CR_OUT2	BIT(13)
#define   CR_RTSEN	BIT(14)	/*     RTS also tells of room in the FIFO */
#define   CR_CTSEN	BIT(15)	/*     sends only while CTS is asserted */
#define PL011_IFLS	0x034	/* RW  FIFO levels of the interrupts */
#define   IFLS_TX	GENMASK(2, 0)
#define   IFLS_RX	GENMASK(5, 3)
#define     IFLS_1_2	2
#define PL011_IMSC	0x038	/* RW  interrupt mask, 1: on */
#define PL011_RIS	0x03c	/* RO  before the mask */
#define PL011_MIS	0x040	/* RO  behind the mask */
#define PL011_ICR	0x044	/* WO  1: clear */
#define   INT_RI	BIT(0)
#define   INT_CTS	BIT(1)
#define   INT_DCD	BIT(2)
#define   INT_DSR	BIT(3)
#define   INT_RX	BIT(4)	/*     filled up to the level */
#define   INT_TX	BIT(5)	/*     emptied down to the level */
#define   INT_RT	BIT(6)	/*     not empty, and nothing came for 32 bit times */
#define   INT_FE	BIT(7)
#define   INT_PE	BIT(8)
#define   INT_BE	BIT(9)
#define   INT_OE	BIT(10)
#define   INT_ALL	GENMASK(10, 0)
#define PL011_DMACR	0x048	/* RW */

#define PL011_SIZE	0x1000

#endif
