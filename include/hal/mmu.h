/* SPDX-License-Identifier: MIT */
/*
 * Page tables: Arm's short descriptors, one first-level table for the kernel.
 *
 * Memory for second-level tables is the caller's: hal allocates nothing.
 * Locking: the caller serialises changes; a change is visible on return. Context: any,
 * for all of this header.
 */
#ifndef HAL_MMU_H
#define HAL_MMU_H

#include <hal/memory.h>
#include <lib/compiler.h>
#include <lib/types.h>

enum hal_prot {
	HAL_PROT_RW,		/* normal memory, cached */
	HAL_PROT_DEVICE,	/* registers: Device, read and write */
};

/* Nothing that these make can be executed. */

/*
 * Makes the linear map begin at `start` (rounded down to a section), then maps
 * [pa, end), both multiples of SECTION_SIZE, leaving out the image's pages.
 */
void hal_linear_init(phys_addr_t start);
void hal_linear_map(phys_addr_t pa, phys_addr_t end);

/*
 * Makes sections of the linear map, which nobody uses meanwhile, normal memory that no cache
 * holds: there is no other mapping of them. Both multiples of SECTION_SIZE; the caches have
 * nothing of them on return, which takes as long as there are lines.
 */
void hal_linear_uncache(void *start, size_t size);

/* Whether a second-level table is missing for `va`; then one of 1 KiB, zeroed, is put there. */
bool hal_table_missing(unsigned long va);
void hal_table_install(unsigned long va, void *table);

/* The table for `va` is there. `pa` is below 4 GiB. */
void hal_map_page(unsigned long va, phys_addr_t pa, enum hal_prot prot);
void hal_unmap_pages(unsigned long va, size_t size);

/*
 * Supersections, for registers that a page cannot name: [va, va + size) to `pa`, below 1 << 40, all
 * three multiples of SUPERSECTION_SIZE; nothing else is mapped there at any time.
 */
bool hal_has_supersections(void);
void hal_map_supersections(unsigned long va, phys_addr_t pa, size_t size);
void hal_unmap_supersections(unsigned long va, size_t size);

/* One stretch of equal attributes, as the walk below finds it. */
struct hal_mapping {
	unsigned long va;
	phys_addr_t pa;
	size_t size;
	bool writable;
	bool executable;
	bool device;
	bool cached;
};

/* Calls fn for each section and page of the live tables, in order of address. */
void hal_mmu_walk(void (*fn)(const struct hal_mapping *m, void *arg), void *arg);

#endif
