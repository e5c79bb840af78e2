/* SPDX-License-Identifier: MIT */
/*
 * What a task is to the machine while it does not run: a stack pointer, below
 * which lie r4-r11 and the address to go on at.
 */
#ifndef HAL_CONTEXT_H
#define HAL_CONTEXT_H

#include <lib/types.h>

struct hal_context {
	unsigned long sp;
};

/*
 * Leaves `prev`, goes on in `next`; returns when something switches back.
 * Context: interrupts masked, on the stack of `prev`.
 */
void hal_context_switch(struct hal_context *prev, struct hal_context *next);

/*
 * Makes `c` a context whose first switch calls entry(arg), interrupts still
 * masked, on the stack that ends at `stack_top` (8-byte aligned). `entry` must not return.
 */
void hal_context_init(struct hal_context *c, void *stack_top, void (*entry)(void *arg), void *arg);

/*
 * What does not run goes on in entry(arg) when it is switched to, interrupts masked, below what
 * it has on its stack. `entry` must not return. Context: nobody switches to it meanwhile.
 */
void hal_context_divert(struct hal_context *c, void (*entry)(void *arg), void *arg);

#endif
