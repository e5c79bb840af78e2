/* SPDX-License-Identifier: MIT */
/*
 * The ends of a session: poweroff, reboot, and panic, which makes faults on
 * purpose to see what the kernel says of them.
 */
#include <kernel/bug.h>
#include <kernel/completion.h>
#include <kernel/kthread.h>
#include <kernel/reboot.h>
#include <kernel/shell.h>
#include <kernel/timer.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>

static int cmd_poweroff(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return -EINVAL;
	kernel_power_off();
}
SHELL_COMMAND(poweroff, cmd_poweroff, "", "switches the machine off");

static int cmd_reboot(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return -EINVAL;
	kernel_restart(NULL);
}
SHELL_COMMAND(reboot, cmd_reboot, "", "starts the machine anew");

static int fault_null(void)
{
	int *volatile nowhere = NULL;

	*nowhere = 1;
	return 0;
}

static int fault_undef(void)
{
	__builtin_trap();
}

static int fault_bug(void)
{
	BUG();
}

static void timer_fault(struct timer_list *timer)
{
	(void)timer;
	panic("asked for by the shell, in an interrupt");
}

static int fault_irq(void)
{
	static DEFINE_TIMER(timer, timer_fault);
	DECLARE_COMPLETION_ONSTACK(never);

	mod_timer(&timer, jiffies + 10);	/* the shell sleeps by then */
	wait_for_completion(&never);
	return 0;
}

/* `frame` is used after the call, so that the call is no jump. */
static noinline int recurse(volatile char *above)
{
	volatile char frame[64];

	if (!above)
		return 0;	/* never: but the compiler must not know */
	frame[0] = (char)(*above + 1);
	return recurse(frame) + frame[0];
}

static int overflow_task(void *unused)
{
	volatile char top = 0;

	(void)unused;
	return recurse(&top);
}

static int fault_stack(void)
{
	DECLARE_COMPLETION_ONSTACK(never);
	struct task_struct *task = kthread_run(overflow_task, NULL, "overflow");

	if (IS_ERR(task))
		return (int)PTR_ERR(task);
	wait_for_completion(&never);
	return 0;
}

static const struct {
	const char *name;
	int (*make)(void);
} faults[] = {
	{ "null", fault_null },
	{ "undef", fault_undef },
	{ "stack", fault_stack },
	{ "irq", fault_irq },
	{ "bug", fault_bug },
};

static int cmd_panic(int argc, char **argv)
{
	if (argc == 1)
		panic("asked for by the shell");
	for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(faults); i++)
		if (strcmp(faults[i].name, argv[1]) == 0)
			return faults[i].make();
	return -EINVAL;
}
SHELL_COMMAND(panic, cmd_panic, "[null | undef | stack | irq | bug]",
	      "stops the kernel by a fault made on purpose");
