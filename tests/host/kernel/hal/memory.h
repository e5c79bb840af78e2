/* SPDX-License-Identifier: MIT */
/*
 * Memory is where the process has it, above the 4 GiB of the bus of devices.
 */
#ifndef HAL_MEMORY_H
#define HAL_MEMORY_H

#include <lib/compiler.h>
#include <lib/types.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1 << PAGE_SHIFT)
#define PAGE_MASK	(~((unsigned long)PAGE_SIZE - 1))
#define LINEAR_BASE	0

/* The linker's: the program as it was loaded. */
extern char __executable_start[], _end[];

static inline bool is_image_address(const void *p)
{
	return (const char *)p >= __executable_start && (const char *)p < _end;
}

static inline phys_addr_t virt_to_phys(const void *p)
{
	return (unsigned long)p;
}

static inline void *phys_to_virt(phys_addr_t pa)
{
	return (void *)(unsigned long)pa;
}

static inline void *phys_to_mem(phys_addr_t pa)
{
	return phys_to_virt(pa);
}

#endif
