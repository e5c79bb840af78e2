/* SPDX-License-Identifier: MIT */
/*
 * What the boot code writes into system registers and page tables.
 * ARM DDI 0406C: B3.5 (short descriptors), B4.1 (system control), B1.3 (modes).
 */
#ifndef BOOT_REGS_H
#define BOOT_REGS_H

/* Linux: Documentation/arm/booting and the zImage header that boot loaders look for */
#define ZIMAGE_MAGIC		0x016f2818
#define ZIMAGE_ENDIAN		0x04030201

#define MODE_FIQ		0x11
#define MODE_IRQ		0x12
#define MODE_SVC		0x13
#define MODE_ABT		0x17
#define MODE_HYP		0x1a
#define MODE_UND		0x1b
#define PSR_AIF			0x1c0

#define MPIDR_MP		0x80000000	/* multiprocessing extensions */
#define MPIDR_U			0x40000000	/* alone all the same */
#define ACTLR_SMP		0x40
#define ACTLR_FW		0x1		/* Cortex-A5 and A9 alone: tells the others of it */
#define MIDR_PART_MASK		0xff0ffff0
#define MIDR_CORTEX_A5		0x410fc050
#define MIDR_CORTEX_A9		0x410fc090
#define ID_PFR1_GIC		0xf0000000
#define CNTHCTL_EL1_ACCESS	0x3
#define ICC_HSRE_SRE		0x1
#define ICC_HSRE_ENABLE		0x8

#define SCTLR_M			0x00000001
#define SCTLR_A			0x00000002
#define SCTLR_C			0x00000004
#define SCTLR_Z			0x00000800
#define SCTLR_I			0x00001000
#define SCTLR_V			0x00002000
#define SCTLR_WXN		0x00080000	/* what can be written cannot be run */
#define SCTLR_EE		0x02000000
#define SCTLR_TRE		0x10000000
#define SCTLR_AFE		0x20000000
#define SCTLR_TE		0x40000000
#define SCTLR_CLEAR		(SCTLR_A | SCTLR_V | SCTLR_EE | SCTLR_TRE | SCTLR_AFE | SCTLR_TE)
#define SCTLR_SET		(SCTLR_M | SCTLR_C | SCTLR_Z | SCTLR_I | SCTLR_WXN)

/* Walks through the caches, write-back write-allocate, shareable. */
#define TTBR_WALK		0x4a

/* Normal memory, write-back write-allocate, shareable; no access for user mode. */
#define L1_TABLE		0x1
#define SECTION_RX		0x1940e		/* S, AP2, TEX1, AP0, C, B, section */
#define PAGE_RX			0x65e		/* S, AP2, TEX1, AP0, C, B, small page */
#define PAGE_RO			0x65f		/* the same and XN */
#define PAGE_RW			0x45f		/* S, TEX1, AP0, C, B, XN */

/* struct hal_secondary: what comes before is taken by one ldm */
#define SECONDARY_TABLE		28
#define SECONDARY_SIZE		32

#endif
