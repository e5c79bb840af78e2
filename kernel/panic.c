/* SPDX-License-Identifier: MIT */
/*
 * Panic, reports and backtraces.
 *
 * A panic belongs to the first processor that calls it; others halt. From then
 * on the log and the consoles go past their locks, and output is polled. What
 * the report itself trips over may panic again: that one says its message and
 * no more, a third says nothing, so the machine always stops. What is most
 * likely to trip, the list of tasks, comes last.
 *
 * The end is a failing exit status where an emulator or debugger listens, else
 * a halt.
 */
#include <kernel/panic.h>

#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <hal/ptrace.h>
#include <hal/semihost.h>
#include <hal/unwind.h>
#include <kernel/console.h>
#include <kernel/interleave.h>
#include <kernel/lockdep.h>
#include <kernel/moduleparam.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/ubsan.h>
#include <lib/atomic.h>
#include <lib/kconfig.h>
#include <lib/sprintf.h>
#include <lib/string.h>
#include <test/kunit.h>

/* A recursion counts as one line. */
#define BACKTRACE_LINES	32
#define BACKTRACE_DEPTH	1024
#define PANICS_MAX	2	/* a third is not even told */
#define REPLAY_RECORDS	16

#define NO_CPU		(-1)

#define TITLES_KEPT	8

static atomic_t panic_cpu = ATOMIC_INIT(NO_CPU);
static unsigned int panics;		/* [o] panic_cpu: panic() calls, the nested ones too */

static atomic_t warnings = ATOMIC_INIT(0);
static unsigned int reports[CONFIG_NR_CPUS];	/* [c] those that are being made */

/*
 * The last titles, for the tests. No lock, which a lock's own report could not take: each
 * report has a number, and so a place, of its own.
 */
static char titles[TITLES_KEPT][REPORT_TITLE_MAX];

static int panic_on_warn;		/* READ_ONCE */
core_param(panic_on_warn, panic_on_warn, int, 0644);
MODULE_PARM_DESC(panic_on_warn, "not 0: a warning stops the kernel");

bool panic_on_this_cpu(void)
{
	int cpu = atomic_read(&panic_cpu);

	return unlikely(cpu != NO_CPU) && cpu == (int)smp_processor_id();
}

static void show_frame(const char *level, const struct hal_unwind *u)
{
	/* SAFETY: printed, not followed. */
	void *pc = (void *)u->r[15];

	if (u->exact)
		printk("%s  %pS\n", level, pc);
	else
		printk("%s  %pB\n", level, pc);
}

/* Goes on to the first frame elsewhere. Returns how many were skipped; 0 depth ends the walk. */
static unsigned int skip_recursion(struct hal_unwind *u, unsigned int *depth)
{
	unsigned long pc = u->r[15];
	unsigned int skipped = 0;

	while (*depth && (*depth = hal_unwind_next(u) ? *depth - 1 : 0) && u->r[15] == pc)
		skipped++;
	return skipped;
}

void show_backtrace(const char *level, const struct pt_regs *regs)
{
	unsigned int depth = BACKTRACE_DEPTH, skipped;
	struct hal_unwind u;

	printk("%sBacktrace:\n", level);
	hal_unwind_start(&u, regs);
	if (!regs && !hal_unwind_next(&u))
		return;		/* out of this function */
	for (unsigned int lines = 0; depth && lines < BACKTRACE_LINES; lines++) {
		show_frame(level, &u);
		skipped = skip_recursion(&u, &depth);
		if (skipped)
			printk("%s  the same, %u times more\n", level, skipped);
	}
}

void dump_stack(void)
{
	show_backtrace(KERN_WARNING, NULL);
}

/* Without `regs`, `flags` are what interrupts were like. */
static void show_context(const char *level, const struct pt_regs *regs, unsigned long flags)
{
	const struct task_struct *task = current;
	struct hal_unwind u;

	hal_unwind_start(&u, regs);
	printk("%sCPU: %u (%u online) Task: %s (%d)%s, interrupts %s\n", level,
	       smp_processor_id(), num_online_cpus(), task ? task->comm : "none",
	       task ? task->pid : -1, u.in_irq ? ", in an interrupt" : "",
	       irqs_disabled_flags(regs ? regs->cpsr : flags) ? "off" : "on");
}

/* Without the lock checker a read section leaves no trace: nothing is said then. */
static void show_rcu(const char *level)
{
	if (IS_ENABLED(CONFIG_LOCKDEP) && current)
		printk("%sRCU: %u read sections are open\n", level,
		       lockdep_nesting(&rcu_lock_map));
}

/* Returns on one processor alone, with the number of its call. */
static unsigned int enter_panic(unsigned long *flags)
	__acquires(role_irqs_off)
{
	int me = (int)smp_processor_id();
	int first;

	local_irq_save(*flags);
	first = atomic_cmpxchg(&panic_cpu, NO_CPU, me);
	if (first != NO_CPU && first != me)
		hal_halt();
	return ++panics;
}

static void __noreturn stop(void)
{
	if (IS_ENABLED(CONFIG_KTEST))
		kunit_panic();
	if (IS_ENABLED(CONFIG_SEMIHOSTING))
		hal_semihost_exit(PANIC_EXIT_STATUS);
	hal_halt();
}

/* Where in the source a panic comes from, if it says so. */
struct bug_site {
	const char *file;
	const char *func;
	int line;
};

static void __noreturn __printf(3, 0) vpanic(const struct pt_regs *regs,
					     const struct bug_site *site, const char *fmt,
					     va_list args)
{
	static char message[LOG_TEXT_MAX - 32];		/* little may be left of the stack */
	static const char *first_fmt;
	unsigned long flags;
	unsigned int nr = enter_panic(&flags);

	if (nr > PANICS_MAX)
		stop();
	if (nr == 1)
		first_fmt = fmt;
	console_panic();
	if (nr > 1)
		pr_emerg("Panic in the report of a panic (%s):\n", first_fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	pr_emerg("Kernel panic: %s\n", message);
	console_panic_verbose();
	if (site)
		pr_emerg("at %s:%d, %s()\n", site->file, site->line, site->func);
	if (nr > 1)
		stop();
	interleave_end();	/* or who waits for its turn would not stop */
	smp_send_stop();
	show_context(KERN_EMERG, regs, flags);
	show_rcu(KERN_EMERG);
	if (regs)
		print_regs(KERN_EMERG, regs);
	show_backtrace(KERN_EMERG, regs);
	if (current)
		debug_show_held_locks(current);
	smp_show_stopped(KERN_EMERG);
	console_panic_replay(REPLAY_RECORDS);
	if (IS_ENABLED(CONFIG_KALLSYMS))	/* else it is a table of numbers */
		sched_show_tasks(KERN_EMERG);
	pr_emerg("---[ end of the panic ]---\n");
	stop();
}

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vpanic(NULL, NULL, fmt, args);
}

void panic_at(const struct pt_regs *regs, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vpanic(regs, NULL, fmt, args);
}

static void __noreturn __printf(2, 3) panic_site(const struct bug_site *site, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vpanic(NULL, site, fmt, args);
}

void bug_report(const char *file, int line, const char *func, const char *expr)
{
	const struct bug_site site = { .file = file, .func = func, .line = line };

	panic_site(&site, expr ? "BUG: %s" : "BUG", expr);
}

/* ---- reports ---- */

void report_title(unsigned int number, char title[static REPORT_TITLE_MAX])
{
	title[0] = '\0';
	if (IS_ENABLED(CONFIG_KTEST) && warn_count() - number < TITLES_KEPT)
		strscpy(title, titles[number % TITLES_KEPT], REPORT_TITLE_MAX);
}

/*
 * Those of this processor, which an interrupt's report leaves as it found them: what is made at
 * the same time elsewhere is not part of one here. Nobody leaves the processor in a report.
 */
static unsigned int *reports_here(void)
{
	return &reports[smp_processor_id()];
}

static unsigned int reports_add(int more)
{
	unsigned int *here = reports_here();
	unsigned int now = READ_ONCE(*here) + (unsigned int)more;

	WRITE_ONCE(*here, now);
	return now;
}

static bool __printf(1, 0) report_vbegin(const char *fmt, va_list args)
{
	bool nested = reports_add(1) > 1;
	unsigned int number = (unsigned int)atomic_add_return(1, &warnings);
	char title[REPORT_TITLE_MAX];
	size_t len;

	vsnprintf(title, sizeof(title), fmt, args);
	len = strlen(title);
	if (len && title[len - 1] == '\n')
		title[len - 1] = '\0';
	if (IS_ENABLED(CONFIG_KTEST))
		strscpy(titles[number % TITLES_KEPT], title, REPORT_TITLE_MAX);
	pr_warn("WARNING: %s\n", title);
	return !nested;
}

bool report_begin(const char *fmt, ...)
{
	va_list args;
	bool wanted;

	va_start(args, fmt);
	wanted = report_vbegin(fmt, args);
	va_end(args);
	return wanted;
}

void report_abandon(void)
{
	WRITE_ONCE(*reports_here(), 0);
}

void report_end_at(const struct pt_regs *regs)
{
	if (READ_ONCE(*reports_here()) <= 1) {
		show_context(KERN_WARNING, regs, hal_read_cpsr());
		if (regs)
			print_regs(KERN_WARNING, regs);
		show_backtrace(KERN_WARNING, regs);
		pr_warn("---[ end of the warning ]---\n");
		if (READ_ONCE(panic_on_warn) && !panic_on_this_cpu())
			panic("a warning, and panic_on_warn is set");
	}
	if (READ_ONCE(*reports_here()) > 0)
		reports_add(-1);
}

void report_end(void)
{
	report_end_at(NULL);
}

void warn_report(const char *file, int line, const char *func, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report_vbegin(fmt, args);
	va_end(args);
	pr_warn("at %s:%d, %s()\n", file, line, func);
	report_end();
}

void clear_warn_once(void)
{
	extern char _once_start[], _once_end[];

	if (IS_ENABLED(CONFIG_UBSAN))
		ubsan_report_again();
	memset(_once_start, 0, (size_t)(_once_end - _once_start));
}

unsigned int warn_count(void)
{
	return (unsigned int)atomic_read(&warnings);
}
