/* SPDX-License-Identifier: MIT */
/*
 * Backtraces kept for later: see <kernel/stacktrace.h>.
 */
#include <kernel/stacktrace.h>

#include <hal/unwind.h>
#include <kernel/printk.h>

unsigned int stack_trace_save(unsigned long *entries, unsigned int size, unsigned int skip)
{
	unsigned int nr = 0;
	struct hal_unwind u;

	hal_unwind_start(&u, NULL);
	while (nr < size && hal_unwind_next(&u)) {
		if (skip)
			skip--;
		else
			entries[nr++] = u.r[15];
	}
	if (nr < size)
		entries[nr] = 0;
	return nr;
}

void stack_trace_print(const unsigned long *entries, unsigned int nr_entries, int spaces)
{
	/* SAFETY: printed, not followed. */
	for (unsigned int i = 0; i < nr_entries && entries[i]; i++)
		pr_warn("%*s%pB\n", spaces, "", (void *)entries[i]);
}
