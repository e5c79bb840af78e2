/* SPDX-License-Identifier: MIT */
/*
 * Broken invariants. WARN reports with a backtrace, counts and goes on; BUG and
 * panic() stop the machine. None is for what hardware, input or a lack of
 * memory can cause. Any context.
 */
#ifndef KERNEL_BUG_H
#define KERNEL_BUG_H

#include <lib/build_bug.h>
#include <lib/compiler.h>
#include <lib/kconfig.h>
#include <lib/types.h>

/* Stops the machine after saying why, where and in which task. */
void panic(const char *fmt, ...) __printf(1, 2) __noreturn __cold;

/* The backtrace of the caller, in the log. */
void dump_stack(void);

/* What the macros below call. `fmt` may be NULL. */
void warn_report(const char *file, int line, const char *func, const char *fmt, ...)
	__printf(4, 5) __cold;

/* How many warnings there were since boot: a test run with any has failed. */
unsigned int warn_count(void);

#define WARN(cond, fmt...) ({							\
	bool warned__ = !!(cond);						\
	if (unlikely(warned__))							\
		warn_report(__FILE__, __LINE__, __func__, fmt);			\
	unlikely(warned__); })

#define WARN_ON(cond)	WARN(cond, "%s", #cond)

#define WARN_ONCE(cond, fmt...) ({						\
	static bool said__;							\
	bool warned_once__ = !!(cond);						\
	if (unlikely(warned_once__ && !said__)) {				\
		said__ = true;							\
		warn_report(__FILE__, __LINE__, __func__, fmt);			\
	}									\
	unlikely(warned_once__); })

#define WARN_ON_ONCE(cond)	WARN_ONCE(cond, "%s", #cond)

#define BUG()		panic("BUG at %s:%d, %s()", __FILE__, __LINE__, __func__)
#define BUG_ON(cond) do {							\
	if (unlikely(cond))							\
		panic("BUG at %s:%d, %s(): %s", __FILE__, __LINE__, __func__, #cond); \
} while (0)

#endif
