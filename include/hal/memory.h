/* SPDX-License-Identifier: MIT */
/*
 * The map of the kernel's address space: the one place that knows it. Read by
 * C, assembly and the linker script.
 *
 *   00000000-1fffffff  nothing: NULL, and small offsets from it, fault
 *   20000000-9fffffff  RAM, one to one from the lowest address of RAM; RW, never executable
 *   a0000000-bfffffff  kept for a shadow of the rest (one byte for eight)
 *   c0000000-dfffffff  pages mapped one by one: stacks with guard pages, device registers
 *   e0000000-efffffff  registers above 4 GiB, 16 MiB at a time
 *   f0000000-f03fffff  the kernel's image: text RX, read-only data RO, data RW; 4 KiB pages
 *   f1000000-f12fffff  the device tree, read-only
 *   f1300000-f13fffff  the registers of the early console
 *
 * Where the image lies in physical memory is only known at boot; its pages are
 * absent from the linear map, so no text can be written through an alias.
 */
#ifndef HAL_MEMORY_H
#define HAL_MEMORY_H

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1 << PAGE_SHIFT)
#define SECTION_SHIFT	20
#define SECTION_SIZE	(1 << SECTION_SHIFT)
#define SUPERSECTION_SIZE	(16 * SECTION_SIZE)

#define LINEAR_BASE	0x20000000
#define LINEAR_END	0xa0000000
#define VMAP_BASE	0xc0000000
#define VMAP_END	0xe0000000
#define HIGH_IO_BASE	0xe0000000
#define HIGH_IO_END	0xf0000000
#define IMAGE_BASE	0xf0000000
#define IMAGE_END	0xf0400000
#define TREE_BASE	0xf1000000
#define TREE_SECTIONS	3
#define EARLY_IO_BASE	0xf1300000

/* Where the ELF says it is to be loaded; the flat image goes anywhere. */
#define ELF_LOAD_ADDR	0x40100000

/* Stacks of the exception modes, and of the first task until it is done. */
#define IRQ_STACK_SIZE	(1 * PAGE_SIZE)
#define ABT_STACK_SIZE	(1 * PAGE_SIZE)
#define BOOT_STACK_SIZE	(2 * PAGE_SIZE)

#define L1_TABLE_SHIFT	14
#define L1_TABLE_SIZE	0x4000
#define L2_TABLE_SIZE	0x400
#define IMAGE_L2_TABLES	((IMAGE_END - IMAGE_BASE) >> SECTION_SHIFT)

#ifndef __ASSEMBLER__

#include <lib/compiler.h>
#include <lib/types.h>

#define PAGE_MASK		(~((unsigned long)PAGE_SIZE - 1))
#define PAGE_ALIGN(addr)	(((addr) + (PAGE_SIZE - 1)) & ~(__typeof__(addr))(PAGE_SIZE - 1))

/* The image's parts, all page aligned; _image_end counts what is not in the file. */
extern char _image_start[], _text_end[], _rodata_end[], _data_end[], _image_end[];

/* Physical address of _image_start. [I] after boot */
extern unsigned long image_phys;
/* Physical address that LINEAR_BASE stands for. [I] after hal_linear_init() */
extern phys_addr_t memory_start;

/* Any context. */
static inline bool is_image_address(const void *p)
{
	return (unsigned long)p >= IMAGE_BASE && (unsigned long)p < IMAGE_END;
}

/* The physical address of one in the linear map or the image: others have none. Any context. */
static inline phys_addr_t virt_to_phys(const void *p)
{
	if (is_image_address(p))
		return (unsigned long)p - IMAGE_BASE + image_phys;
	return (unsigned long)p - LINEAR_BASE + memory_start;
}

/* Where a physical address of the RAM that the kernel has taken up is mapped. Any context. */
static inline void *phys_to_virt(phys_addr_t pa)
{
	return (void *)(unsigned long)(pa - memory_start + LINEAR_BASE);
}

/* The same of RAM that may also be the image's. Any context. */
static inline void *phys_to_mem(phys_addr_t pa)
{
	if (pa - image_phys < (unsigned long)(_image_end - _image_start))
		return _image_start + (unsigned long)(pa - image_phys);
	return phys_to_virt(pa);
}

#endif
#endif
