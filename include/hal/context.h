/* SPDX-License-Identifier: MIT */
/*
 * What a task is to the machine while it does not run: a stack pointer, below
 * which lie r4-r11 and the address to go on at.
 */
#ifndef HAL_CONTEXT_H
#define HAL_CONTEXT_H

/* Where in a task its context lies. */
#define HAL_CONTEXT_OFFSET	(4 * __SIZEOF_POINTER__)

#ifndef __ASSEMBLER__

#include <lib/types.h>

struct task_struct;

struct hal_context {
	unsigned long sp;
};

/* What a context begins with; it must not return. `left` as hal_context_switch() returns it. */
typedef void hal_context_entry_t(void *arg, struct task_struct *left);

/*
 * Leaves `prev`, goes on in `next`; returns when something switches back.
 * Context: interrupts masked, on the stack of `prev`.
 * Return: who was left for that, the `prev` of the switch back.
 */
struct task_struct *hal_context_switch(struct task_struct *prev, struct task_struct *next);

/*
 * Makes `c` a context whose first switch calls entry(arg), interrupts still
 * masked, on the stack that ends at `stack_top` (8-byte aligned).
 */
void hal_context_init(struct hal_context *c, void *stack_top, hal_context_entry_t *entry,
		      void *arg);

/*
 * What does not run goes on in entry(arg) when it is switched to, interrupts masked, below what
 * it has on its stack. Context: nobody switches to it meanwhile.
 */
void hal_context_divert(struct hal_context *c, hal_context_entry_t *entry, void *arg);

#endif

#endif
