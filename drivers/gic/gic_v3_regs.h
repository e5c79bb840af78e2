/* SPDX-License-Identifier: MIT */
/*
 * Arm Generic Interrupt Controller, architecture version 3 (ARM IHI 0069H), beyond what it has
 * in common with version 2 (gic_regs.h). Chapter 12.9: the distributor; 12.11: redistributors.
 *
 * With affinity routing the registers of INTIDs 0-31 are not the distributor's: each CPU's
 * redistributor has them, at the same offsets, in its second frame.
 */
#ifndef GIC_V3_REGS_H
#define GIC_V3_REGS_H

#include <lib/bits.h>

/* distributor; GICD_CTLR has a meaning for each view: the non-secure one's, or the only one's */
#define   GICD_CTLR_ENABLE_G1		BIT(0)
#define   GICD_CTLR_ENABLE_G1A		BIT(1)
#define   GICD_CTLR_ENABLE_G1S		BIT(2)	/*     secure view */
#define   GICD_CTLR_ARE			BIT(4)	/*     secure view: ARE_S */
#define   GICD_CTLR_RWP			BIT(31)	/* ro  a write has not reached all yet */
#define GICD_IGRPMODR		0x0d00	/* rw  1 bit: group 1 is secure; ignored but in that view */
#define GICD_IROUTER		0x6000	/* rw  64 bits: the CPU, as in MPIDR */
#define GICD_PIDR2		0xffe8	/* ro  */
#define   GICD_PIDR2_ARCH		GENMASK(7, 4)
#define GICD_V3_SIZE		0x10000

/* redistributor, first frame */
#define GICR_CTLR		0x0000	/* rw  */
#define   GICR_CTLR_RWP			BIT(3)	/* ro  */
#define GICR_TYPER		0x0008	/* ro  64 bits */
#define   GICR_TYPER_VLPIS		BIT(1)	/*     four frames, else two */
#define   GICR_TYPER_LAST		BIT(4)	/*     of its region */
#define GICR_TYPER_AFFINITY	0x000c	/* ro  the upper half: as in MPIDR */
#define GICR_WAKER		0x0014	/* rw  */
#define   GICR_WAKER_SLEEP		BIT(1)
#define   GICR_WAKER_ASLEEP		BIT(2)	/* ro  */
#define GICR_FRAME		0x10000

/* second frame: what of it is used */
#define GICR_SGI_SIZE		0x1000

/* ICC_SGI1R */
#define ICC_SGI1R_AFF3		GENMASK_ULL(55, 48)
#define ICC_SGI1R_RANGE		GENMASK_ULL(47, 44)	/* of 16 CPUs of a cluster */
#define ICC_SGI1R_AFF2		GENMASK_ULL(39, 32)
#define ICC_SGI1R_INTID		GENMASK_ULL(27, 24)
#define ICC_SGI1R_AFF1		GENMASK_ULL(23, 16)
#define ICC_SGI1R_TARGETS	GENMASK_ULL(15, 0)

#endif
