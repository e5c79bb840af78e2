/* SPDX-License-Identifier: MIT */
/*
 * Short-descriptor page tables (ARM DDI 0406C, B3.5).
 *
 * One first-level table of 4096 entries, each a section of 1 MiB or a pointer
 * to a second-level table of 256 pages. boot/head.S made it, with the image's
 * pages in it; here come the linear map, single pages and the walk.
 *
 * No mapping made here can be executed. An entry goes from invalid to valid
 * without TLB work (a miss is not cached); the other way invalidates.
 */
#include <hal/mmu.h>
#include <hal/barrier.h>
#include <hal/boot.h>
#include <hal/cache.h>
#include <lib/bitfield.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include "hal_priv.h"
#include "mmu_regs.h"

/* The first-level table, set by boot/head.S. */
u32 *kernel_l1;
unsigned long image_phys;
phys_addr_t memory_start;

/*
 * For the sections that the image lies in: the rest of their pages is RAM like any. Each is
 * written whole when it is taken.
 */
static u32 linear_tables[IMAGE_L2_TABLES + 1][L2_ENTRIES]
	__section(".noinit") __aligned(L2_TABLE_SIZE);
static unsigned int linear_tables_used;

static const u32 page_bits[] = {
	[HAL_PROT_RW] = PAGE_NORMAL | PAGE_KERNEL_RW | PAGE_XN,
	[HAL_PROT_DEVICE] = PAGE_DEVICE | PAGE_KERNEL_RW | PAGE_XN,
};

static void tables_changed(void)
{
	dsb(ishst);
	isb();
}

/* A table is in the image or, made later, in RAM. */
static u32 *second_level(u32 entry)
{
	return phys_to_mem(entry & L1_TABLE_ADDR);
}

static u32 *page_entry(unsigned long va)
{
	return &second_level(kernel_l1[va >> SECTION_SHIFT])[(va >> PAGE_SHIFT) % L2_ENTRIES];
}

static void map_section(unsigned long va, phys_addr_t pa, u32 bits)
{
	kernel_l1[va >> SECTION_SHIFT] = ((u32)pa & L1_SECTION_ADDR) | bits;
}

/* A section of RAM in which the image has pages: those stay out. Returns its entry. */
static u32 table_around_image(u32 page)
{
	u32 *l2 = linear_tables[linear_tables_used++];
	u32 first = image_phys, last = first + (u32)(_image_end - _image_start) - 1;
	u32 bits = page | page_bits[HAL_PROT_RW];

	for (u32 *entry = l2; entry < l2 + L2_ENTRIES; bits += PAGE_SIZE)
		*entry++ = bits;
	first = max(first, page) - page;
	last = min(last - page, SECTION_SIZE - 1u);
	memset(&l2[first / PAGE_SIZE], 0, (last / PAGE_SIZE - first / PAGE_SIZE + 1) * sizeof(*l2));
	return (u32)virt_to_phys(l2) | L1_TYPE_TABLE;
}

void hal_linear_init(phys_addr_t start)
{
	memory_start = ALIGN_DOWN(start, SECTION_SIZE);
}

void hal_linear_map(phys_addr_t pa, phys_addr_t end)
{
	u32 image = image_phys >> SECTION_SHIFT;
	u32 image_last = (image_phys + (u32)(_image_end - _image_start) - 1) >> SECTION_SHIFT;
	u32 at = (u32)(pa >> SECTION_SHIFT), last = (u32)(end >> SECTION_SHIFT);
	u32 bits = at << SECTION_SHIFT | SECTION_NORMAL | SECTION_KERNEL_RW | SECTION_XN;
	u32 *entry = &kernel_l1[(unsigned long)phys_to_virt(pa) >> SECTION_SHIFT];

	/* Counted in sections: the last one may end where 32 bits do. */
	for (; at < last; at++, bits += SECTION_SIZE) {
		u32 stop = at <= image_last ? min(image, last) : last;

		for (; at < stop; at++, bits += SECTION_SIZE)
			*entry++ = bits;
		if (at < last)
			*entry++ = table_around_image(at << SECTION_SHIFT);
		image = at + 1;
	}
	tables_changed();
}

/* TLBIALLIS: on every processor of the inner shareable domain. */
static void tlb_invalidate_all(void)
{
	__asm__ volatile("mcr p15, 0, %0, c8, c3, 0" :: "r" (0) : "memory");
}

/*
 * An entry's attributes do not change while a processor may have it: it is taken away first. What
 * is dirty goes to memory by the old mapping, what was fetched in advance until that was gone by
 * the new one: maintenance does not ask for attributes.
 */
void hal_linear_uncache(void *start, size_t size)
{
	u32 *first = &kernel_l1[(unsigned long)start >> SECTION_SHIFT];
	u32 *end = first + (size >> SECTION_SHIFT);
	u32 bits = (u32)virt_to_phys(start) | SECTION_UNCACHED | SECTION_KERNEL_RW | SECTION_XN;

	hal_dcache_clean_invalidate(start, size);
	memset(first, 0, (size >> SECTION_SHIFT) * sizeof(*first));
	dsb(ishst);
	tlb_invalidate_all();
	dsb(ish);
	for (u32 *entry = first; entry < end; bits += SECTION_SIZE)
		*entry++ = bits;
	tables_changed();
	hal_dcache_clean_invalidate(start, size);
}

bool hal_table_missing(unsigned long va)
{
	return kernel_l1[va >> SECTION_SHIFT] == 0;
}

void hal_table_install(unsigned long va, void *table)
{
	dsb(ishst);	/* a walk that finds the table must find it cleared */
	kernel_l1[va >> SECTION_SHIFT] = (u32)virt_to_phys(table) | L1_TYPE_TABLE;
	tables_changed();
}

void hal_map_page(unsigned long va, phys_addr_t pa, enum hal_prot prot)
{
	*page_entry(va) = ((u32)pa & PAGE_ADDR) | page_bits[prot];
	tables_changed();
}

/* TLBIMVAIS: on every processor of the inner shareable domain. */
static void tlb_invalidate_page(unsigned long va)
{
	__asm__ volatile("mcr p15, 0, %0, c8, c3, 1" :: "r" (va & PAGE_ADDR) : "memory");
}

void hal_unmap_pages(unsigned long va, size_t size)
{
	unsigned long end = va + size;

	for (unsigned long at = va; at < end; at += PAGE_SIZE)
		*page_entry(at) = 0;
	dsb(ishst);
	for (; va < end; va += PAGE_SIZE)
		tlb_invalidate_page(va);
	dsb(ish);
	isb();
}

bool hal_has_supersections(void)
{
	u32 mmfr3;

	__asm__("mrc p15, 0, %0, c0, c1, 7" : "=r" (mmfr3));
	return FIELD_GET(ID_MMFR3_SUPERSEC, mmfr3) == 0;
}

static phys_addr_t supersection_address(u32 entry)
{
	return (entry & SUPER_ADDR) | (phys_addr_t)FIELD_GET(SUPER_ADDR_HIGH, entry) << 32 |
	       (phys_addr_t)FIELD_GET(SUPER_ADDR_TOP, entry) << 36;
}

void hal_map_supersections(unsigned long va, phys_addr_t pa, size_t size)
{
	u32 *entry = &kernel_l1[va >> SECTION_SHIFT];

	for (u32 *end = entry + (size >> SECTION_SHIFT); entry < end; pa += SECTION_SIZE)
		*entry++ = ((u32)pa & SUPER_ADDR) |
			   FIELD_PREP(SUPER_ADDR_HIGH, (u32)(pa >> 32) & 0xf) |
			   FIELD_PREP(SUPER_ADDR_TOP, (u32)(pa >> 36) & 0xf) |
			   SECTION_DEVICE | SECTION_SUPER | SECTION_KERNEL_RW | SECTION_XN;
	tables_changed();
}

void hal_unmap_supersections(unsigned long va, size_t size)
{
	memset(&kernel_l1[va >> SECTION_SHIFT], 0, (size >> SECTION_SHIFT) * sizeof(*kernel_l1));
	dsb(ishst);
	for (unsigned long end = va + size; va < end; va += SECTION_SIZE)
		tlb_invalidate_page(va);
	dsb(ish);
	isb();
}

void __iomem *hal_early_io(phys_addr_t pa)
{
	map_section(EARLY_IO_BASE, pa, SECTION_DEVICE | SECTION_KERNEL_RW | SECTION_XN);
	tables_changed();
	tlb_invalidate_page(EARLY_IO_BASE);
	dsb(ish);
	isb();
	return (void __iomem *)(EARLY_IO_BASE + ((unsigned long)pa % SECTION_SIZE));
}

/* For hal_boot(): a look at the sections from `pa` on. */
const void *map_tree_window(phys_addr_t pa)
{
	for (unsigned long i = 0; i < TREE_SECTIONS; i++) {
		map_section(TREE_BASE + i * SECTION_SIZE, pa + i * SECTION_SIZE,
			    SECTION_NORMAL | SECTION_KERNEL_RO | SECTION_XN);
	}
	tables_changed();
	for (unsigned long i = 0; i < TREE_SECTIONS; i++)
		tlb_invalidate_page(TREE_BASE + i * SECTION_SIZE);
	dsb(ish);
	isb();
	return (const void *)(TREE_BASE + ((unsigned long)pa % SECTION_SIZE));
}

/* For the sections of the tree's window that the tree does not fill; written before it is read. */
static u32 tree_tables[2][L2_ENTRIES] __section(".noinit") __aligned(L2_TABLE_SIZE);

static void split_tree_section(unsigned long va, unsigned long start, unsigned long end, u32 *l2)
{
	u32 *entry = &kernel_l1[va >> SECTION_SHIFT];
	u32 bits = (*entry & L1_SECTION_ADDR) | PAGE_NORMAL | PAGE_KERNEL_RO | PAGE_XN;
	unsigned long first = max(start, va) - va;
	unsigned long last = min(end - va, (unsigned long)SECTION_SIZE);

	memset(l2, 0, sizeof(tree_tables[0]));
	for (unsigned long at = first; at < last; at += PAGE_SIZE)
		l2[at >> PAGE_SHIFT] = bits | (u32)at;
	dsb(ishst);
	*entry = (u32)virt_to_phys(l2) | L1_TYPE_TABLE;
}

void trim_tree_window(unsigned long va, size_t size)
{
	unsigned long start = va & PAGE_MASK, end = PAGE_ALIGN(va + size);
	unsigned int tables = 0;

	for (unsigned long at = TREE_BASE; at < EARLY_IO_BASE; at += SECTION_SIZE) {
		if (at >= end || at + SECTION_SIZE <= start)
			kernel_l1[at >> SECTION_SHIFT] = 0;
		else if (at < start || at + SECTION_SIZE > end)
			split_tree_section(at, start, end, tree_tables[tables++]);
	}
	dsb(ishst);
	for (unsigned long at = TREE_BASE; at < EARLY_IO_BASE; at += SECTION_SIZE)
		tlb_invalidate_page(at);
	dsb(ish);
	isb();
}

static void walk_pages(u32 entry, unsigned long va,
		       void (*fn)(const struct hal_mapping *m, void *arg), void *arg)
{
	const u32 *l2 = second_level(entry);

	for (unsigned int i = 0; i < L2_ENTRIES; i++, va += PAGE_SIZE) {
		struct hal_mapping m = {
			.va = va,
			.pa = l2[i] & PAGE_ADDR,
			.size = PAGE_SIZE,
			.writable = !(l2[i] & PAGE_RO_BIT),
			.executable = !(l2[i] & PAGE_XN),
			.device = !(l2[i] & (PAGE_TEX0 | PAGE_C)),
			.cached = l2[i] & PAGE_C,
		};

		if (l2[i] & PAGE_VALID)
			fn(&m, arg);
	}
}

void hal_mmu_walk(void (*fn)(const struct hal_mapping *m, void *arg), void *arg)
{
	for (unsigned long i = 0; i < L1_ENTRIES; i++) {
		u32 entry = kernel_l1[i];
		struct hal_mapping m = {
			.va = i << SECTION_SHIFT,
			.pa = entry & L1_SECTION_ADDR,
			.size = SECTION_SIZE,
			.writable = !(entry & SECTION_RO_BIT),
			.executable = !(entry & SECTION_XN),
			.device = !(entry & (SECTION_TEX0 | SECTION_C)),
			.cached = entry & SECTION_C,
		};

		if (entry & SECTION_SUPER && (entry & L1_TYPE) == L1_TYPE_SECTION)
			m.pa = supersection_address(entry) + m.va % SUPERSECTION_SIZE;
		if ((entry & L1_TYPE) == L1_TYPE_TABLE)
			walk_pages(entry, i << SECTION_SHIFT, fn, arg);
		else if ((entry & L1_TYPE) != 0)
			fn(&m, arg);
	}
}
