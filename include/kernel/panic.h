/* SPDX-License-Identifier: MIT */
/*
 * The end of the machine by its own decision. panic(), WARN and BUG for all are
 * in <kernel/bug.h>; here is what faults, the log and the consoles need of it.
 */
#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

#include <kernel/bug.h>
#include <lib/compiler.h>
#include <lib/types.h>

struct pt_regs;

/* The status that the emulator ends with after a panic. */
#define PANIC_EXIT_STATUS	1

/* As panic(), for code stopped at `regs`: shows them, and the backtrace from there. */
void panic_at(const struct pt_regs *regs, const char *fmt, ...)
	__printf(2, 3) __noreturn __cold;

/* Whether this processor is in a panic: from then on nothing waits for a lock. Any context. */
bool panic_on_this_cpu(void);

/* The backtrace from `regs`, or with NULL of the caller, in the log. Any context. */
void show_backtrace(const char *level, const struct pt_regs *regs);

/* The registers, in the log. Any context. */
void print_regs(const char *level, const struct pt_regs *regs);

/*
 * The running task is stopped, be it in the middle of a report, which nobody ends then. Any
 * context.
 */
void report_abandon(void);

/* As report_end(), for code stopped at `regs`; NULL: the caller. Any context. */
void report_end_at(const struct pt_regs *regs);

#endif
