/* SPDX-License-Identifier: MIT */
/*
 * Finds the function around an address: a binary search in the table that the build makes.
 *
 * It runs while the kernel panics, so it takes nothing for granted: no lock, no allocation, and
 * an address from a damaged stack must find nothing rather than fault. All of it is constant.
 */
#include <kernel/ksyms.h>
#include <lib/sprintf.h>

/* The last function that starts at or below offset; the caller knows that there is one. */
static u32 ksyms_find(u32 offset)
{
	u32 low = 0, high = ksyms_count;

	while (high - low > 1) {
		u32 middle = low + (high - low) / 2;

		if (ksyms_offset[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const char *ksyms_lookup(uintptr_t addr, size_t *offset, size_t *size)
{
	uintptr_t distance;
	u32 found;

	if (!&ksyms_count || addr < ksyms_base)
		return NULL;
	distance = addr - ksyms_base;
	if (distance >= ksyms_offset[ksyms_count])
		return NULL;

	found = ksyms_find((u32)distance);
	if (offset)
		*offset = distance - ksyms_offset[found];
	if (size)
		*size = ksyms_offset[found + 1] - ksyms_offset[found];
	return &ksyms_strings[ksyms_name[found] * KSYMS_NAME_UNIT];
}

/* For %pS and its like. */
bool sprintf_find_symbol(unsigned long addr, struct sprintf_symbol *sym)
{
	size_t offset, size;

	sym->name = ksyms_lookup(addr & ~1UL, &offset, &size);	/* bit 0: Thumb */
	if (!sym->name)
		return false;
	sym->offset = offset;
	sym->size = size;
	return true;
}
