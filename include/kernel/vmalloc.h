/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks: whole pages with an unmapped page below, so that a stack
 * that overflows faults instead of writing over its neighbour.
 */
#ifndef KERNEL_VMALLOC_H
#define KERNEL_VMALLOC_H

#include <hal/memory.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/types.h>

#define THREAD_SIZE	((size_t)CONFIG_THREAD_SIZE_PAGES * PAGE_SIZE)

/*
 * The lowest address of `size` bytes, whole pages, or NULL; a task's is of THREAD_SIZE. Goes
 * back by vmap_stack_free(). May sleep. Context: task.
 */
void *vmap_stack_alloc(size_t size) __must_check __malloc __may_sleep;
/* Not the stack that runs. May sleep. Context: task. */
void vmap_stack_free(void *stack) __may_sleep;

/*
 * Pages that hold page tables of stacks and mapped registers: they stay for the next ones.
 * Any context.
 */
unsigned long vmap_table_pages(void);

/* Whether `addr` lies in the guard page of the stack at `stack`. Any context. */
static inline bool stack_guard_hit(const void *stack, unsigned long addr)
{
	return addr < (unsigned long)stack && addr >= (unsigned long)stack - PAGE_SIZE;
}

#endif
