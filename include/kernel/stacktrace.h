/* SPDX-License-Identifier: MIT */
/*
 * Backtraces kept for later: where a lock was taken or an object freed, to be shown when that
 * turns out to matter. An entry is an address of code, the caller's after the callee's; a
 * trace that is shorter than its room ends with a 0.
 */
#ifndef KERNEL_STACKTRACE_H
#define KERNEL_STACKTRACE_H

#include <lib/types.h>

/*
 * Stores where the caller is (entry 0), who called it, and so on, without the first `skip`.
 * Context: any. A step costs some hundred instructions.
 * Return: how many entries were stored, `size` at most.
 */
unsigned int stack_trace_save(unsigned long *entries, unsigned int size, unsigned int skip);

/* One line an entry, by symbol, behind `spaces` blanks, as a warning. A 0 ends it. Context: any. */
void stack_trace_print(const unsigned long *entries, unsigned int nr_entries, int spaces);

#endif
