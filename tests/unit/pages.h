/* SPDX-License-Identifier: MIT */
/*
 * How many pages are free, and memory that is short: a test takes all of them, gives back a
 * few, and looks at who can still be served. They are chained by their first word.
 *
 *   unsigned long chain = take_all_pages();
 *   chain = give_pages(chain, 5);
 *   ...
 *   give_pages_back(chain);
 */
#ifndef TESTS_UNIT_PAGES_H
#define TESTS_UNIT_PAGES_H

#include <kernel/mm.h>

static inline unsigned long free_pages_now(void)
{
	struct mem_stats stats;

	mm_get_stats(&stats);
	return stats.free_pages;
}

static inline unsigned long take_all_pages(void)
{
	unsigned long chain = 0, page;

	while ((page = __get_free_page(GFP_KERNEL | __GFP_NO_FAULT)) != 0) {
		*(unsigned long *)page = chain;
		chain = page;
	}
	return chain;
}

/* Gives back at most n of them; the rest is returned. */
static inline unsigned long give_pages(unsigned long chain, unsigned long n)
{
	while (chain && n--) {
		unsigned long next = *(unsigned long *)chain;

		free_page(chain);
		chain = next;
	}
	return chain;
}

static inline void give_pages_back(unsigned long chain)
{
	(void)give_pages(chain, -1ul);
}

#endif
