/* SPDX-License-Identifier: MIT */
/*
 * Who has which memory: checks of <kernel/dma-mapping.h>.
 *
 * Each mapping and each piece of coherent memory is in the books until it is given back. What is
 * given back, handed over or freed is looked up there, and what does not fit is reported.
 *
 * The device of a mapping is given a copy of the buffer, in pages of its own, at the same
 * offset in a page. Data goes from the one to the other when the buffer is handed over, as between
 * cache and memory. So a driver that does not hand over misses its data on any machine, and
 * whatever changes in the buffer while the device has it was written by the processor: a
 * checksum tells, for each direction. It cannot tell that the processor read there: what it reads
 * is old. Where no page can be had, or the device does not reach it, the buffer itself is what the
 * device gets, and only one that the device reads is checked. A buffer of which a part was handed
 * to the processor is not checked until a part goes back.
 *
 * Locking: `lock` for the books. Nothing is reported, allocated or freed with it held.
 */
#include <kernel/dma-mapping.h>

#include <drivers/device.h>
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <lib/list.h>
#include <lib/minmax.h>
#include <lib/string.h>

#include "dma_priv.h"

#define COHERENT	DMA_NONE	/* as a direction: both ways, at any time */

struct lent {
	struct list_head link;		/* [lock] */
	struct device *dev;		/* [I] stays: its driver's go with the driver */
	char *mem;			/* [I] the processor's */
	char *seen;			/* [I] the device's: mem, or in `copy` */
	void *copy;			/* [I] pages, NULL: none */
	size_t size;			/* [I] */
	dma_addr_t addr;		/* [I] */
	enum dma_data_direction dir;	/* [I] */
	unsigned long caller;		/* [I] who mapped it */
	u32 sum;			/* [lock] of what the processor handed over */
	bool summed;			/* [lock] the device has all of it, and sum is known */
	bool asked;			/* [lock] dma_mapping_error() was */
};

static DEFINE_SPINLOCK(lock);
static LIST_HEAD(books);		/* [lock] */

static const char *const dir_names[] = {
	[DMA_BIDIRECTIONAL] = "both ways",
	[DMA_TO_DEVICE] = "to the device",
	[DMA_FROM_DEVICE] = "from the device",
	[COHERENT] = "coherent",
};

/* ---- reports ---- */

static void tell(const struct lent *lent)
{
	pr_warn("  %s at %p, %zu bytes, for the device at 0x%llx\n", dir_names[lent->dir],
		(void *)lent->mem, lent->size, (unsigned long long)lent->addr);
	pr_warn("  since %pS\n", (void *)lent->caller);
}

/* `entry` may be NULL. */
#define COMPLAIN(dev, entry, fmt, ...) do {					\
	const struct lent *lent__ = (entry);					\
										\
	if (report_begin("DMA: %s: " fmt, dev_name(dev), ##__VA_ARGS__) && lent__) \
		tell(lent__);							\
	report_end();								\
} while (0)

/* ---- the books ---- */

/* That one of the device, a mapping or coherent memory, which begins at addr, or NULL. */
static struct lent *find_locked(const struct device *dev, dma_addr_t addr, bool coherent)
	__must_hold(&lock)
{
	struct lent *lent;

	list_for_each_entry(lent, &books, link)
		if (lent->dev == dev && lent->addr == addr &&
		    (lent->dir == COHERENT) == coherent)
			return lent;
	return NULL;
}

static struct lent *take_out(const struct device *dev, dma_addr_t addr, bool coherent)
{
	struct lent *lent;

	guard(spinlock_irqsave)(&lock);
	lent = find_locked(dev, addr, coherent);
	if (lent)
		list_del(&lent->link);
	return lent;
}

static struct lent *lent_create(struct device *dev, void *mem, size_t size, dma_addr_t addr,
				enum dma_data_direction dir, unsigned long caller)
{
	struct lent *lent = kzalloc(sizeof(*lent), GFP_ATOMIC | __GFP_NO_FAULT | __GFP_NOWARN);

	if (!lent)
		return NULL;
	lent->dev = dev;
	lent->mem = lent->seen = mem;
	lent->size = size;
	lent->addr = addr;
	lent->dir = dir;
	lent->caller = caller;
	return lent;
}

static void lent_free(struct lent *lent)
{
	free_pages_exact(lent->copy, offset_in_page(lent->mem) + lent->size);
	kfree(lent);
}

/* FNV-1a. */
static u32 sum_of(const char *p, size_t size)
{
	u32 sum = 2166136261u;

	for (; size; size--, p++)
		sum = (sum ^ (u8)*p) * 16777619u;
	return sum;
}

/* Whether a change of the buffer is the processor's doing, when the device has it. */
static bool can_be_summed(const struct lent *lent)
{
	return lent->copy || lent->dir == DMA_TO_DEVICE;
}

static void hand_to_device(struct lent *lent, size_t at, size_t size)
{
	if (lent->copy)
		memcpy(lent->seen + at, lent->mem + at, size);
	lent->sum = sum_of(lent->mem, lent->size);
	lent->summed = can_be_summed(lent);
}

/* Whether the processor kept its hands off. */
static bool hand_to_cpu(struct lent *lent, size_t at, size_t size)
{
	bool kept = !lent->summed || sum_of(lent->mem, lent->size) == lent->sum;

	if (lent->copy && lent->dir != DMA_TO_DEVICE)
		memcpy(lent->mem + at, lent->seen + at, size);
	lent->summed = false;
	return kept;
}

/* ---- mappings ---- */

/* A second mapping of what a device writes: then two have it, and one does not know. */
static bool is_lent(const char *mem, size_t size, enum dma_data_direction dir, struct lent *other)
{
	struct lent *lent;

	guard(spinlock_irqsave)(&lock);
	list_for_each_entry(lent, &books, link) {
		if (lent->dir == COHERENT || mem >= lent->mem + lent->size ||
		    lent->mem >= mem + size ||
		    (dir == DMA_TO_DEVICE && lent->dir == DMA_TO_DEVICE))
			continue;
		*other = *lent;
		return true;
	}
	return false;
}

static void make_copy(struct lent *lent, dma_addr_t *addr)
{
	size_t offset = offset_in_page(lent->mem);
	char *pages = alloc_pages_exact(offset + lent->size,
					GFP_ATOMIC | __GFP_NO_FAULT | __GFP_NOWARN);
	dma_addr_t at;

	if (!pages)
		return;
	at = dma_reach(lent->dev, pages + offset, lent->size, *lent->dev->dma_mask);
	if (at == DMA_MAPPING_ERROR) {
		free_pages_exact(pages, offset + lent->size);
		return;
	}
	lent->copy = pages;
	lent->seen = pages + offset;
	lent->addr = *addr = at;
}

void *debug_dma_map(struct device *dev, void *mem, size_t size, enum dma_data_direction dir,
		    unsigned long attrs, dma_addr_t *addr, unsigned long caller)
{
	struct lent *lent, other;

	if (is_lent(mem, size, dir, &other))
		COMPLAIN(dev, &other, "%p, %zu bytes, is mapped while a device has it", mem, size);
	lent = lent_create(dev, mem, size, *addr, dir, caller);
	if (!lent)
		return NULL;
	make_copy(lent, addr);
	guard(spinlock_irqsave)(&lock);
	if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC))
		hand_to_device(lent, 0, size);
	list_add(&lent->link, &books);
	return lent->seen;
}

void debug_dma_mapping_error(struct device *dev, dma_addr_t addr)
{
	struct lent *lent;

	guard(spinlock_irqsave)(&lock);
	lent = find_locked(dev, addr, false);
	if (lent)
		lent->asked = true;
}

void debug_dma_unmap(struct device *dev, dma_addr_t addr, size_t size,
		     enum dma_data_direction dir, unsigned long attrs)
{
	struct lent *lent = take_out(dev, addr, false);

	if (!lent) {
		COMPLAIN(dev, NULL, "0x%llx is unmapped and is not mapped",
			 (unsigned long long)addr);
		return;
	}
	if (lent->size != size)
		COMPLAIN(dev, lent, "0x%llx is unmapped with %zu bytes",
			 (unsigned long long)addr, size);
	else if (lent->dir != dir)
		COMPLAIN(dev, lent, "0x%llx is unmapped as %s", (unsigned long long)addr,
			 valid_dma_direction(dir) ? dir_names[dir] : "of no direction");
	if (!lent->asked)
		COMPLAIN(dev, lent, "0x%llx was used without dma_mapping_error()",
			 (unsigned long long)addr);
	if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC)) {
		dma_hand_to_cpu(dev, lent->seen, lent->size, lent->dir);
		if (!hand_to_cpu(lent, 0, lent->size))
			COMPLAIN(dev, lent, "%p was written while the device had it",
				 (void *)lent->mem);
	}
	lent_free(lent);
}

/* ---- parts of them ---- */

/* That one of the device which has all of [addr, addr + size), or NULL. */
static struct lent *find_around_locked(const struct device *dev, dma_addr_t addr, size_t size)
	__must_hold(&lock)
{
	struct lent *lent;

	list_for_each_entry(lent, &books, link)
		if (lent->dev == dev && lent->dir != COHERENT && addr >= lent->addr &&
		    size <= lent->size && addr - lent->addr <= lent->size - size)
			return lent;
	return NULL;
}

void debug_dma_sync(struct device *dev, dma_addr_t addr, size_t size,
		    enum dma_data_direction dir, bool for_cpu)
{
	bool found = false, kept = true;
	struct lent copy;

	scoped_guard(spinlock_irqsave, &lock) {
		struct lent *lent = find_around_locked(dev, addr, size);
		size_t at;

		if (!lent)
			break;
		at = (size_t)(addr - lent->addr);
		found = true;
		if (for_cpu) {
			dma_hand_to_cpu(dev, lent->seen + at, size, lent->dir);
			kept = hand_to_cpu(lent, at, size);
		} else {
			hand_to_device(lent, at, size);
			dma_hand_to_device(dev, lent->seen + at, size, lent->dir);
		}
		copy = *lent;
	}
	if (!found)
		COMPLAIN(dev, NULL, "0x%llx, %zu bytes, is handed over and is not mapped",
			 (unsigned long long)addr, size);
	else if (copy.dir != dir && copy.dir != DMA_BIDIRECTIONAL)
		COMPLAIN(dev, &copy, "0x%llx is handed over as %s", (unsigned long long)addr,
			 valid_dma_direction(dir) ? dir_names[dir] : "of no direction");
	if (!kept)
		COMPLAIN(dev, &copy, "%p was written while the device had it", (void *)copy.mem);
}

/* ---- coherent memory ---- */

bool debug_dma_alloc(struct device *dev, void *mem, size_t size, dma_addr_t addr,
		     unsigned long caller)
{
	struct lent *lent = lent_create(dev, mem, size, addr, COHERENT, caller);

	if (!lent)
		return false;
	guard(spinlock_irqsave)(&lock);
	list_add(&lent->link, &books);
	return true;
}

bool debug_dma_free(struct device *dev, void *mem, size_t size, dma_addr_t addr)
{
	struct lent *lent = take_out(dev, addr, true);
	bool fits = lent && lent->mem == mem && lent->size == size;

	if (fits) {
		lent_free(lent);
		return true;
	}
	COMPLAIN(dev, lent, "%p, %zu bytes at 0x%llx, is freed and was not allocated so", mem,
		 size, (unsigned long long)addr);
	if (lent) {
		guard(spinlock_irqsave)(&lock);
		list_add(&lent->link, &books);
	}
	return false;
}

/* ---- memory and devices that go ---- */

bool debug_dma_may_free(const void *mem, size_t size)
{
	const char *begin = mem;
	struct lent *lent, copy;
	bool found = false;

	/* Nobody has anything: the same as looking a moment earlier. */
	if (list_empty(&books))
		return true;
	scoped_guard(spinlock_irqsave, &lock) {
		list_for_each_entry(lent, &books, link) {
			if (lent->dir == COHERENT || lent->mem + lent->size <= begin ||
			    begin + size <= lent->mem)
				continue;
			copy = *lent;
			found = true;
			break;
		}
	}
	if (found)
		COMPLAIN(copy.dev, &copy, "%p is freed while the device has it", mem);
	return !found;
}

/* The youngest of the device's. */
static struct lent *take_any(const struct device *dev)
{
	struct lent *lent;

	guard(spinlock_irqsave)(&lock);
	list_for_each_entry(lent, &books, link)
		if (lent->dev == dev) {
			list_del(&lent->link);
			return lent;
		}
	return NULL;
}

void debug_dma_unbound(struct device *dev)
{
	struct lent *lent;

	while ((lent = take_any(dev)) != NULL) {
		COMPLAIN(dev, lent, "is left with memory");
		lent_free(lent);
	}
}
