/* SPDX-License-Identifier: MIT */
/*
 * The part of the address space that is mapped page by page: stacks and device registers.
 *
 * Areas lie in order of their addresses on one list, each with an unmapped
 * page below it, so that running off the end of one faults. The space is
 * large and the areas few, so the first gap that fits is taken.
 *
 * Registers above 4 GiB, which no page can name, have a part of their own: supersections of
 * 16 MiB. What is mapped there has its neighbours along, and no gaps.
 *
 * Locking: lock, with interrupts off, for the list and the page tables of this part; the page
 * allocator's is taken inside it. An area that is off the list is its taker's.
 */
#include <kernel/vmalloc.h>
#include <hal/mmu.h>
#include <kernel/bug.h>
#include <kernel/fault-inject.h>
#include <kernel/io.h>
#include <kernel/kasan.h>
#include <kernel/mm.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <lib/bitmap.h>
#include <lib/list.h>
#include <lib/math.h>
#include <lib/string.h>

struct vm_area {
	struct list_head link;	/* [lock] in order of start */
	unsigned long start;	/* [I] first mapped byte */
	size_t size;		/* [I] bytes mapped */
	unsigned long pages;	/* [I] a stack's memory in the linear map; 0: registers */
};

#define TABLES_PER_PAGE	(PAGE_SIZE / L2_TABLE_SIZE)
#define TABLE_SPAN	((unsigned long)SECTION_SIZE * TABLES_PER_PAGE)

static DEFINE_SPINLOCK(lock);
static LIST_HEAD(areas);	/* [lock] */
static unsigned long table_pages;	/* [lock] */

#define HIGH_SLOTS	((unsigned int)((HIGH_IO_END - HIGH_IO_BASE) / SUPERSECTION_SIZE))
#define HIGH_END	((phys_addr_t)1 << 40)

static DECLARE_BITMAP(high_taken, HIGH_SLOTS);	/* [lock] supersections */
static u8 high_count[HIGH_SLOTS];	/* [lock] how many an area has that begins with that one */

/* Second-level tables for [va, va + size), a page of four at a time. */
static bool make_tables_locked(unsigned long va, size_t size)
	__must_hold(&lock)
{
	unsigned long end = va + size;

	for (va = ALIGN_DOWN(va, TABLE_SPAN); va < end; va += TABLE_SPAN) {
		unsigned long page;

		if (!hal_table_missing(va))
			continue;
		page = __get_free_page(GFP_ATOMIC | __GFP_ZERO);
		if (!page)
			return false;
		table_pages++;
		/* SAFETY: the page is new, zeroed, and the tables' from now on. */
		for (unsigned long i = 0; i < TABLES_PER_PAGE; i++)
			hal_table_install(va + i * SECTION_SIZE,
					  (void *)(page + i * L2_TABLE_SIZE));
	}
	return true;
}

unsigned long vmap_table_pages(void)
{
	return READ_ONCE(table_pages);
}

/* Puts the area into the first gap that has room for it and a guard page. */
static bool place_area_locked(struct vm_area *area)
	__must_hold(&lock)
{
	unsigned long start = VMAP_BASE + PAGE_SIZE;
	struct vm_area *next;

	list_for_each_entry(next, &areas, link) {
		if (next->start - PAGE_SIZE - start >= area->size &&
		    next->start > start + PAGE_SIZE)
			break;
		start = next->start + next->size + PAGE_SIZE;
	}
	if (start > VMAP_END - PAGE_SIZE || VMAP_END - start < area->size)
		return false;
	area->start = start;
	list_add_tail(&area->link, &next->link);
	return true;
}

static struct vm_area *area_create(size_t size, unsigned long pages)
{
	struct vm_area *area = kmalloc(sizeof(*area), GFP_KERNEL);

	if (!area)
		return NULL;
	area->size = PAGE_ALIGN(size);
	area->pages = pages;
	scoped_guard(spinlock_irqsave, &lock) {
		if (!place_area_locked(area))
			break;
		if (make_tables_locked(area->start, area->size))
			return area;
		list_del(&area->link);
	}
	kfree(area);
	return NULL;
}

/* Unmaps it all. Returns the area, off the list, or NULL if none of the kind begins there. */
static struct vm_area *area_take(unsigned long start, bool stack)
{
	struct vm_area *area;

	guard(spinlock_irqsave)(&lock);
	list_for_each_entry(area, &areas, link) {
		if (area->start != start || !!area->pages != stack)
			continue;
		hal_unmap_pages(area->start, area->size);
		list_del(&area->link);
		return area;
	}
	return NULL;
}

/* Where it is mapped, or 0. */
static unsigned long map_high(phys_addr_t addr, size_t size)
{
	unsigned long offset = (unsigned long)addr & (SUPERSECTION_SIZE - 1), slot, va;
	unsigned int n = (unsigned int)DIV_ROUND_UP(offset + size, SUPERSECTION_SIZE);

	if (n > HIGH_SLOTS || addr > HIGH_END - size || !hal_has_supersections() ||
	    should_fail_alloc(GFP_KERNEL))
		return 0;
	guard(spinlock_irqsave)(&lock);
	slot = bitmap_find_next_zero_area(high_taken, HIGH_SLOTS, 0, n, 0);
	if (slot > HIGH_SLOTS - n)
		return 0;
	bitmap_set(high_taken, (unsigned int)slot, n);
	high_count[slot] = (u8)n;
	va = HIGH_IO_BASE + slot * SUPERSECTION_SIZE;
	hal_map_supersections(va, addr - offset, (size_t)n * SUPERSECTION_SIZE);
	return va + offset;
}

static bool is_high(unsigned long va)
{
	return IS_ENABLED(CONFIG_HIGH_IO) && va - HIGH_IO_BASE < HIGH_IO_END - HIGH_IO_BASE;
}

/* Whether an area begins with the supersection of that address. */
static bool iounmap_high(unsigned long va)
{
	unsigned int slot = (unsigned int)((va - HIGH_IO_BASE) / SUPERSECTION_SIZE), n;

	guard(spinlock_irqsave)(&lock);
	n = high_count[slot];
	hal_unmap_supersections(ALIGN_DOWN(va, (unsigned long)SUPERSECTION_SIZE),
				(size_t)n * SUPERSECTION_SIZE);
	bitmap_clear(high_taken, slot, n);
	high_count[slot] = 0;
	return n;
}

static unsigned long map_registers(phys_addr_t addr, size_t size)
{
	unsigned long offset = (unsigned long)addr & (PAGE_SIZE - 1);
	struct vm_area *area = area_create(size + offset, 0);

	if (!area)
		return 0;
	guard(spinlock_irqsave)(&lock);
	for (size_t at = 0; at < area->size; at += PAGE_SIZE)
		hal_map_page(area->start + at, (addr & ~(phys_addr_t)(PAGE_SIZE - 1)) + at,
			     HAL_PROT_DEVICE);
	return area->start + offset;
}

void __iomem *ioremap(phys_addr_t addr, size_t size)
{
	phys_addr_t last = addr + size - 1;
	unsigned long va = 0;

	might_sleep();
	if (!size || size > VMAP_END - VMAP_BASE || last < addr)
		return NULL;
	if (last <= UINT32_MAX)
		va = map_registers(addr, size);
	else if (IS_ENABLED(CONFIG_HIGH_IO) && size <= HIGH_IO_END - HIGH_IO_BASE)
		va = map_high(addr, size);
	/* SAFETY: mapped, as device memory, until iounmap(); or NULL. */
	return (void __iomem *)va;
}

void iounmap(void __iomem *addr)
{
	struct vm_area *area;

	might_sleep();
	if (!addr)
		return;
	if (is_high((unsigned long)addr)) {
		WARN(!iounmap_high((unsigned long)addr), "iounmap: %p is not mapped", addr);
		return;
	}
	area = area_take((unsigned long)addr & PAGE_MASK, false);
	if (!WARN(!area, "iounmap: %p is not mapped", addr))
		kfree(area);
}

void *vmap_stack_alloc(size_t size)
{
	unsigned int order = get_order(size);
	unsigned long pages = __get_free_pages(GFP_KERNEL, order);
	struct vm_area *area;

	if (!pages)
		return NULL;
	area = area_create(size, pages);
	if (!area) {
		free_pages(pages, order);
		return NULL;
	}
	guard(spinlock_irqsave)(&lock);
	/* SAFETY: pages of the linear map, the area's until it is unmapped; so is what it maps. */
	for (size_t at = 0; at < area->size; at += PAGE_SIZE)
		hal_map_page(area->start + at, virt_to_phys((void *)(pages + at)), HAL_PROT_RW);
	kasan_unpoison_range((void *)area->start, area->size);
	return (void *)area->start;
}

void vmap_stack_free(void *stack)
{
	struct vm_area *area;

	might_sleep();
	if (!stack)
		return;
	area = area_take((unsigned long)stack, true);
	if (WARN(!area, "vmap_stack_free: %p is no stack", stack))
		return;
	kasan_poison_range(stack, area->size);
	free_pages(area->pages, get_order(area->size));
	kfree(area);
}
