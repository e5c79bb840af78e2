/* SPDX-License-Identifier: MIT */
/*
 * The guest's half of test_panic.py: panics from where a report is hard to make.
 *
 *   nocla> crash double          the list of tasks that the report shows is damaged
 *   nocla> crash current         so is what a fault's handler looks at first
 *   nocla> crash locked          the console's lock is held, by the driver of its UART
 *   nocla> crash write           a console panics in the middle of a line
 *   nocla> crash output          a console panics, and only in the output of a panic
 *   nocla> crash irqsoff         interrupts are masked
 *   nocla> crash holding         a mutex and a spin lock are held
 *   nocla> crash rcu             in two read sections, one in the other
 *   nocla> crash rcuirq          and in a third, of an interrupt
 *   nocla> crash strlen          the C library's assembly reads where nothing is
 *   nocla> crash memcpy          and writes
 *   nocla> crash const           a table of operations is written
 *   nocla> crash irqstack        the interrupt stack overflows
 *   nocla> crash warn            a warning
 *   nocla> crash smash           an array on the stack is written beyond its end
 *   nocla> crash unreachable     code that was said to be never reached is (for CONFIG_UBSAN)
 *
 * "crash=bootstack" on the command line: the boot stack overflows.
 */
#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/completion.h>
#include <kernel/console.h>
#include <kernel/init.h>
#include <kernel/io.h>
#include <kernel/moduleparam.h>
#include <kernel/mutex.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <kernel/spinlock.h>
#include <kernel/timer.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>

static char *volatile nowhere = (char *)0x100;

static const struct table_ops {
	int (*show)(void);
} table = { NULL };

static int crash_const(void)
{
	WRITE_ONCE(*(int (**)(void))&table.show, crash_const);
	return 0;
}

static int crash_double(void)
{
	current->tasks.next = (void *)0x10;
	panic("the first of two");
}

static int crash_current(void)
	__acquires(role_irqs_off)
{
	local_irq_disable();
	hal_set_current((void *)0x1000);
	*nowhere = 1;
	return 0;
}

static noinline int crash_irqsoff(void)
	__acquires(role_irqs_off)
{
	local_irq_disable();
	BUG_ON(irqs_disabled());
	return 0;
}

static noinline int crash_holding(void)
{
	static DEFINE_MUTEX(crash_mutex);
	static DEFINE_SPINLOCK(crash_lock);

	guard(mutex)(&crash_mutex);
	guard(spinlock_irqsave)(&crash_lock);
	panic("with two locks");
}

static noinline int crash_rcu(void)
{
	guard(rcu)();
	rcu_read_lock();
	rcu_read_unlock();
	scoped_guard(rcu)
		panic("in two read sections");
	return 0;
}

static void panic_in_rcu(struct timer_list *timer)
{
	(void)timer;
	guard(rcu)();
	panic("in three read sections");
}

static int crash_rcuirq(void)
{
	static DEFINE_TIMER(timer, panic_in_rcu);

	mod_timer(&timer, jiffies + 1);
	guard(rcu)();
	scoped_guard(rcu)
		for (;;)
			cpu_relax();
	return 0;
}

static noinline int crash_strlen(void)
{
	return (int)strlen(nowhere) + 1;
}

static noinline int crash_memcpy(void)
{
	static const char text[100];

	memcpy(nowhere, text, sizeof(text));
	return nowhere[0];
}

/* ---- with the lock of the console's UART ---- */

static u32 pass_read(struct io_hook *hook, unsigned long offset, unsigned int width)
{
	u32 value;

	io_hook_remove();
	value = width == 4 ? readl_relaxed((void __iomem *)offset) :
			     readw_relaxed((void __iomem *)offset);
	io_hook_install(hook);
	return value;
}

static void failing_register(struct io_hook *hook, unsigned long offset, u32 value,
			     unsigned int width)
{
	(void)hook, (void)offset, (void)value, (void)width;
	io_hook_remove();
	panic("in a write to a register");
}

/* With interrupts off the next to write to any register is the UART's driver, for the line. */
static int crash_locked(void)
	__acquires(role_irqs_off)
{
	static struct io_hook all = { .size = ~0u, .read = pass_read, .write = failing_register };

	local_irq_disable();
	io_hook_install(&all);
	pr_notice("a line that is lost\n");
	return 0;
}

/* ---- consoles that fail ---- */

static void failing_write(struct console *con, const char *text, size_t len)
{
	(void)con, (void)len;
	panic("in the console's write of %s", text);
}

static int crash_write(void)
{
	static struct console console = { .name = "failing", .write = failing_write };

	register_console(&console);
	return 0;
}

static void late_write(struct console *con, const char *text, size_t len)
{
	if (panic_on_this_cpu())
		failing_write(con, text, len);
}

static int crash_output(void)
{
	static struct console console = { .name = "failing", .write = late_write };

	register_console(&console);
	panic("the first of two");
}

/* ---- stacks ---- */

/* `frame` is used after the call, so that the call is no jump. */
static noinline int endless(volatile char *above)
{
	volatile char frame[64];

	if (!above)
		return 0;	/* never: but the compiler must not know */
	frame[0] = (char)(*above + 1);
	return endless(frame) + frame[0];
}

static int overflow(void)
{
	volatile char top = 0;

	return endless(&top);
}

static void overflow_timer_fn(struct timer_list *timer)
{
	(void)timer;
	overflow();
}

static int crash_irqstack(void)
{
	static DEFINE_TIMER(timer, overflow_timer_fn);
	DECLARE_COMPLETION_ONSTACK(never);

	mod_timer(&timer, jiffies + 10);
	wait_for_completion(&never);
	return 0;
}

static noinline int crash_warn(void)
{
	WARN(true, "asked for by the shell");
	return 0;
}

static noinline int crash_smash(void)
{
	char array[16];
	volatile size_t length = sizeof(array) + sizeof(long);

	memset(array, 0xa5, length);
	return array[1];
}

static noinline int crash_unreachable(void)
{
	if (IS_ENABLED(CONFIG_UBSAN))
		unreachable();
	return 0;
}

static char crash_kind[16];

static int set_crash(const char *val, const struct kernel_param *kp)
{
	(void)kp;
	strscpy(crash_kind, val, sizeof(crash_kind));
	return 0;
}

static const struct kernel_param_ops crash_ops = { .set = set_crash };
core_param_cb(crash, &crash_ops, NULL, 0);

static int crash_at_boot(void)
{
	if (strcmp(crash_kind, "bootstack") == 0)
		overflow();
	return 0;
}
early_initcall(crash_at_boot);

static const struct {
	const char *name;
	int (*make)(void);
} crashes[] = {
	{ "double", crash_double },
	{ "current", crash_current },
	{ "irqsoff", crash_irqsoff },
	{ "holding", crash_holding },
	{ "rcu", crash_rcu },
	{ "rcuirq", crash_rcuirq },
	{ "strlen", crash_strlen },
	{ "memcpy", crash_memcpy },
	{ "locked", crash_locked },
	{ "write", crash_write },
	{ "output", crash_output },
	{ "const", crash_const },
	{ "irqstack", crash_irqstack },
	{ "warn", crash_warn },
	{ "smash", crash_smash },
	{ "unreachable", crash_unreachable },
};

static int cmd_crash(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(crashes); i++)
		if (strcmp(crashes[i].name, argv[1]) == 0)
			return crashes[i].make();
	return -EINVAL;
}
SHELL_COMMAND(crash, cmd_crash, "kind", "for the tests of panics");
