/* SPDX-License-Identifier: MIT */
/*
 * Between the parts of the machine.
 */
#ifndef HOST_MACHINE_H
#define HOST_MACHINE_H

#include <lib/types.h>

#include <ucontext.h>

/*
 * A task that does not run. It lies above its stack, so that the stack is the kernel's own; the
 * boot task's has its own place.
 */
struct machine_context {
	ucontext_t uc;
	hal_context_entry_t *entry;
	void *arg;
	const void *stack;
	size_t size;
	void *fake_stack;		/* the sanitizer's */
};

#endif
