/* SPDX-License-Identifier: MIT */
/*
 * Arm Generic Interrupt Controller, architecture version 2 (ARM IHI 0048B.b).
 * Chapter 4.3: the distributor; 4.4: the CPU interface.
 *
 * Registers with an index have one bit (32 lines a word), two bits (16) or a byte
 * (4) per INTID. The words of INTIDs 0-31 are each CPU's own.
 */
#ifndef GIC_REGS_H
#define GIC_REGS_H

#include <lib/bits.h>

/* INTIDs */
#define GIC_SGI_FIRST		0
#define GIC_PPI_FIRST		16
#define GIC_SPI_FIRST		32
#define GIC_ID_MAX		1020	/* as many at most; from here on special */
#define GIC_ID_SPURIOUS		1023

/* distributor */
#define GICD_CTLR		0x000	/* rw  */
#define   GICD_CTLR_ENABLE	BIT(0)	/*     group 0 from secure state, else group 1 */
#define GICD_TYPER		0x004	/* ro  */
#define   GICD_TYPER_ITLINES	GENMASK(4, 0)	/* words of 32 lines, less one */
#define GICD_IGROUPR		0x080	/* rw  1 bit: group 1; 0, ignored from non-secure state */
#define GICD_ISENABLER		0x100	/* w1s 1 bit */
#define GICD_ICENABLER		0x180	/* w1c 1 bit */
#define GICD_ISPENDR		0x200	/* w1s 1 bit; SGIs: read only */
#define GICD_ICPENDR		0x280	/* w1c 1 bit; SGIs: read only */
#define GICD_ISACTIVER		0x300	/* w1s 1 bit */
#define GICD_ICACTIVER		0x380	/* w1c 1 bit */
#define GICD_IPRIORITYR		0x400	/* rw  byte, 0 the most urgent */
#define GICD_ITARGETSR		0x800	/* rw  byte: set of CPUs; 0-31: this CPU's own bit, ro */
#define GICD_ICFGR		0xc00	/* rw  2 bits */
#define   GICD_ICFGR_EDGE	0x2	/*     else level */
#define GICD_SGIR		0xf00	/* wo  sends an SGI */
#define   GICD_SGIR_FILTER	GENMASK(25, 24)
#define   GICD_SGIR_TARGETS	GENMASK(23, 16)
#define   GICD_SGIR_ID		GENMASK(3, 0)
#define GICD_SIZE		0x1000

/* CPU interface */
#define GICC_CTLR		0x000	/* rw  */
#define   GICC_CTLR_ENABLE	BIT(0)	/*     group 0 from secure state, else group 1 */
#define   GICC_CTLR_BYPASS	GENMASK(8, 5)	/* firmware's, kept */
#define GICC_PMR		0x004	/* rw  only more urgent ones are delivered */
#define GICC_IAR		0x00c	/* ro  acknowledges */
#define   GICC_IAR_ID		GENMASK(9, 0)
#define GICC_EOIR		0x010	/* wo  the word that IAR gave */
#define GICC_APR		0x0d0	/* rw  active priorities, 4 words; version 2 only */
#define GICC_IIDR		0x0fc	/* ro  */
#define   GICC_IIDR_ARCH	GENMASK(19, 16)	/* architecture version */
#define GICC_SIZE		0x100	/* without DIR, which version 1 has not */

/* values */
#define GIC_PRIO_DEFAULT	0xa0
#define GIC_PMR_ALL		0xf0

enum gic_sgi_filter {
	GIC_SGI_TO_LIST,
	GIC_SGI_TO_OTHERS,
	GIC_SGI_TO_SELF,
};

#endif
