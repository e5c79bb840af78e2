/* SPDX-License-Identifier: MIT */
/*
 * Broken invariants. WARN reports with a backtrace, counts and goes on; BUG and
 * panic() stop the machine. None is for what hardware, input or a lack of
 * memory can cause. Any context.
 *
 * A report is one block in the log:
 *
 *	WARNING: a mutex is locked twice		the title
 *	at kernel/mutex.c:66, mutex_lock_slow()		the body: WARN's is this line
 *	CPU: 0 Task: shell (7)
 *	Backtrace:
 *	  ...
 *	---[ end of the warning ]---
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

/* What BUG calls: a panic with the place in the source. `expr` may be NULL. */
void bug_report(const char *file, int line, const char *func, const char *expr)
	__noreturn __cold;

/*
 * A report of several lines, for the checkers: begin says the title, which is what a test
 * expects (KUNIT_EXPECT_REPORT); the body is printk(KERN_WARNING ...); end adds who did it
 * and the backtrace. A report that comes while the same processor makes another one is its title
 * and no more.
 *
 *	if (report_begin("a mutex is locked twice"))
 *		pr_warn("  it was locked at %pS\n", where);
 *	report_end();
 *
 * Context: any.
 * Return: whether the body is wanted; report_end() has to follow in any case.
 */
bool report_begin(const char *fmt, ...) __printf(1, 2) __cold;
void report_end(void) __cold;

/* A report's title; what is longer is cut. */
#define REPORT_TITLE_MAX	128

/*
 * The title of the report with this number; the first since boot has number 1, the last
 * warn_count(). Empty without CONFIG_KTEST, and when it is too long ago. Context: any.
 */
void report_title(unsigned int number, char title[static REPORT_TITLE_MAX]);

/* What the macros below call. */
void warn_report(const char *file, int line, const char *func, const char *fmt, ...)
	__printf(4, 5) __cold;

/* How many reports there were since boot: a test run with any has failed. */
unsigned int warn_count(void);

#define WARN(cond, fmt...) ({							\
	bool warned__ = !!(cond);						\
	if (unlikely(warned__))							\
		warn_report(__FILE__, __LINE__, __func__, fmt);			\
	unlikely(warned__); })

#define WARN_ON(cond)	WARN(cond, "%s", #cond)

/* Their flags lie together, so that a test run can begin anew: see clear_warn_once(). */
#define WARN_ONCE(cond, fmt...) ({						\
	static bool said__ __section(".bss.once");				\
	bool warned_once__ = !!(cond);						\
	if (unlikely(warned_once__ && !said__)) {				\
		said__ = true;							\
		warn_report(__FILE__, __LINE__, __func__, fmt);			\
	}									\
	unlikely(warned_once__); })

/* Each WARN_ONCE may warn again. Context: any. */
void clear_warn_once(void);

#define WARN_ON_ONCE(cond)	WARN_ONCE(cond, "%s", #cond)

/*
 * With CONFIG_DEBUG who has NULL for an object faults here, which is reported and the end of its
 * task, and not where interrupts are off, which is the end of the machine. Any context.
 */
static __always_inline void assert_object(const void *obj)
{
	if (IS_ENABLED(CONFIG_DEBUG))
		(void)READ_ONCE(*(const char *)obj);
}

#define BUG()		bug_report(__FILE__, __LINE__, __func__, NULL)
#define BUG_ON(cond) do {							\
	if (unlikely(cond))							\
		bug_report(__FILE__, __LINE__, __func__, #cond);		\
} while (0)

#endif
