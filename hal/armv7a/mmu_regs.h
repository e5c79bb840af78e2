/* SPDX-License-Identifier: MIT */
/*
 * Short descriptors, ARM DDI 0406C, B3.5.1; memory attributes without TEX
 * remap, B3.8.2. User mode has no access to anything.
 */
#ifndef MMU_REGS_H
#define MMU_REGS_H

#include <hal/memory.h>
#include <lib/bits.h>

#define L1_ENTRIES		4096
#define L2_ENTRIES		256

#define L1_TYPE			0x3u
#define   L1_TYPE_TABLE		0x1u
#define   L1_TYPE_SECTION	0x2u
#define L1_TABLE_ADDR		0xfffffc00u
#define L1_SECTION_ADDR		0xfff00000u

#define SECTION_B		0x00004u
#define SECTION_C		0x00008u
#define SECTION_XN		0x00010u
#define SECTION_KERNEL_RW	0x00400u	/* AP[2:0] = 001 */
#define SECTION_KERNEL_RO	0x08400u	/* AP[2:0] = 101 */
#define SECTION_RO_BIT		0x08000u
#define SECTION_TEX0		0x01000u
#define SECTION_S		0x10000u
#define SECTION_NORMAL		(L1_TYPE_SECTION | SECTION_S | SECTION_TEX0 | SECTION_C | SECTION_B)
#define SECTION_UNCACHED	(L1_TYPE_SECTION | SECTION_S | SECTION_TEX0)
#define SECTION_DEVICE		(L1_TYPE_SECTION | SECTION_B)

#define SECTION_SUPER		0x40000u	/* one of 16 equal entries; it is of domain 0 */
#define SUPER_ADDR		0xff000000u	/* PA[31:24] */
#define SUPER_ADDR_HIGH		0x00f00000u	/* PA[35:32] */
#define SUPER_ADDR_TOP		0x000001e0u	/* PA[39:36] */

#define ID_MMFR3_SUPERSEC	0xf0000000u	/* 0: there are supersections */

#define PAGE_XN			0x001u
#define PAGE_VALID		0x002u
#define PAGE_B			0x004u
#define PAGE_C			0x008u
#define PAGE_KERNEL_RW		0x010u		/* AP[2:0] = 001 */
#define PAGE_KERNEL_RO		0x210u		/* AP[2:0] = 101 */
#define PAGE_RO_BIT		0x200u
#define PAGE_TEX0		0x040u
#define PAGE_S			0x400u
#define PAGE_ADDR		0xfffff000u
#define PAGE_NORMAL		(PAGE_VALID | PAGE_S | PAGE_TEX0 | PAGE_C | PAGE_B)
#define PAGE_DEVICE		(PAGE_VALID | PAGE_B)

#endif
