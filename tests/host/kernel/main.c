/* SPDX-License-Identifier: MIT */
/*
 * The kernel as a process: its own sources, scheduler, interrupts and drivers, on a machine
 * that has no devices, run the kernel's suites under the sanitizers. What kernel/main.c does
 * for a machine is done here for a process.
 *
 *   test_kernel [suite|-] [words of the kernel's command line]...
 */
#include <drivers/device.h>
#include <drivers/of.h>
#include <drivers/serial_core.h>
#include <hal/arch_timer.h>
#include <hal/irqflags.h>
#include <hal/semihost.h>
#include <kernel/boot.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/irq.h>
#include <kernel/kthread.h>
#include <kernel/module.h>
#include <kernel/moduleparam.h>
#include <kernel/printk.h>
#include <kernel/reboot.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <lib/err.h>
#include <lib/errno.h>
#include <lib/sprintf.h>
#include <test/kunit.h>

static char words[1024];
static struct property bootargs = { .name = "bootargs", .value = words };
static struct device_node chosen = {
	.name = "chosen",
	.full_name = "chosen",
	.properties = &bootargs,
};
static struct device_node root = { .name = "", .full_name = "", .child = &chosen };
struct fdt_tree device_tree = { .root = &root, .chosen = &chosen };

static const char *wanted;	/* NULL: all */

/* ---- the console: a UART that is stdout ---- */

/* Without carriage returns and time stamps: what is left is KTAP. */
static void put_char(unsigned char ch)
{
	static enum { BEGINS, STAMP, STAMP_ENDS, TEXT } state;

	if (state == BEGINS)
		state = ch == '[' ? STAMP : TEXT;
	if (state == TEXT && ch != '\r')
		putchar(ch);
	if (state == STAMP_ENDS)
		state = TEXT;	/* the blank behind it is dropped too */
	else if (state == STAMP && ch == ']')
		state = STAMP_ENDS;
	if (ch == '\n')
		state = BEGINS;
}

static void stdout_start_tx(struct uart_port *port)
{
	unsigned char ch;

	while (uart_fifo_get(port, &ch))
		put_char(ch);
}

static void stdout_poll_put_char(struct uart_port *port, unsigned char ch)
{
	(void)port;
	put_char(ch);
}

static unsigned int stdout_tx_empty(struct uart_port *port)
{
	(void)port;
	return TIOCSER_TEMT;
}

static int stdout_startup(struct uart_port *port)
{
	(void)port;
	return 0;
}

static void stdout_shutdown(struct uart_port *port)
{
	(void)port;
}

static void stdout_set_termios(struct uart_port *port, struct ktermios *termios,
			       const struct ktermios *old)
{
	(void)port;
	(void)termios;
	(void)old;
}

static const char *stdout_type(struct uart_port *port)
{
	(void)port;
	return "process";
}

static const struct uart_ops stdout_ops = {
	.tx_empty = stdout_tx_empty,
	.start_tx = stdout_start_tx,
	.startup = stdout_startup,
	.shutdown = stdout_shutdown,
	.set_termios = stdout_set_termios,
	.type = stdout_type,
	.poll_put_char = stdout_poll_put_char,
};

static struct uart_driver stdout_driver = {
	.driver_name = "stdout", .dev_name = "stdout", .nr = 1,
};
static struct device stdout_device = { .init_name = "stdout" };
static struct uart_port stdout_port = { .dev = &stdout_device, .ops = &stdout_ops };

/* ---- boot ---- */

extern const initcall_t __initcall_early[], __initcall_start[], __initcall_end[];

static void run_initcalls(const initcall_t *from, const initcall_t *to)
{
	for (; from < to; from++) {
		int err = (*from)();

		if (err)
			panic("initcall %p failed: %pe", (void *)*from, ERR_PTR(err));
		module_has_begun(*from);
	}
}

static int run_suites(void *unused)
{
	int err;

	(void)unused;
	params_init();
	run_initcalls(__initcall_start, __initcall_end);
	spin_lock_init(&stdout_port.lock);
	BUG_ON(uart_add_one_port(&stdout_driver, &stdout_port));
	/* A machine has interrupts before a test runs: the first makes a table for all. */
	irq_free_desc((unsigned int)irq_alloc_desc(0));
	err = kunit_run_suites(wanted);
	if (err == -ENOENT)
		printf("Bail out! no suite named %s\n", wanted);
	exit(err ? 1 : 0);
}

static void read_arguments(int argc, char **argv)
{
	size_t len = 0;

	wanted = argc > 1 && strcmp(argv[1], "-") != 0 ? argv[1] : NULL;
	for (int i = 2; i < argc && len < sizeof(words) - 1; i++)
		len += (size_t)scnprintf(words + len, sizeof(words) - len, "%s ", argv[i]);
	bootargs.length = (int)len + 1;
	chosen.parent = &root;
}

int main(int argc, char **argv)
{
	struct task_struct *init;

	setvbuf(stdout, NULL, _IONBF, 0);
	read_arguments(argc, argv);
	sched_init();
	timers_init();
	of_attach_tree(&device_tree);
	params_setup();
	run_initcalls(__initcall_early, __initcall_start);
	local_irq_enable();
	init = kthread_run(run_suites, NULL, "init");
	if (IS_ERR(init))
		panic("no memory for the first task");
	cpu_idle_loop();
}
