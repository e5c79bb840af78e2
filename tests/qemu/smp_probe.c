/* SPDX-License-Identifier: MIT */
/*
 * The guest's half of test_smp.py: what goes wrong on another CPU than the shell's.
 *
 *   nocla> oncpu 1 panic null    the command in a task of CPU 1; waits for its end
 *   nocla> keep 1 on             a task of CPU 1 never yields, interrupts on
 *   nocla> keep 1 off            or off; the shell stays on CPU 0 from then on
 */
#include <hal/irqflags.h>
#include <kernel/cpumask.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include <lib/err.h>
#include <lib/errno.h>
#include <lib/kstrtox.h>
#include <lib/string.h>

struct job {
	const struct shell_command *command;
	int argc;
	char **argv;
};

static int do_job(void *data)
{
	struct job *job = data;

	return job->command->fn(job->argc, job->argv);
}

/* The task of CPU `word`, not woken yet. */
static struct task_struct *task_on(const char *word, int (*fn)(void *data), void *data)
{
	struct task_struct *task;
	unsigned int cpu;

	if (kstrtouint(word, 10, &cpu))
		return ERR_PTR(-EINVAL);
	if (!cpu_online(cpu))
		return ERR_PTR(-ENXIO);
	task = kthread_create(fn, data, "on/%u", cpu);
	if (!IS_ERR(task))
		kthread_bind(task, cpu);
	return task;
}

static int cmd_oncpu(int argc, char **argv)
{
	struct job job = { .argc = argc - 2, .argv = argv + 2 };
	struct task_struct *task;
	int err;

	job.command = argc > 2 ? shell_find_command(argv[2]) : NULL;
	if (!job.command)
		return -EINVAL;
	task = task_on(argv[1], do_job, &job);
	if (IS_ERR(task))
		return (int)PTR_ERR(task);
	get_task_struct(task);
	wake_up_process(task);
	err = kthread_join(task);
	put_task_struct(task);
	return err;
}
SHELL_COMMAND(oncpu, cmd_oncpu, "cpu command...", "for the tests of several CPUs");

static bool keeps;	/* [a] */

static noinline int keep_on(void *unused)
{
	(void)unused;
	smp_store_release(&keeps, true);
	while (smp_load_acquire(&keeps))
		cpu_relax();
	return 0;
}

static noinline int keep_off(void *unused)
	__acquires(role_irqs_off)
{
	local_irq_disable();
	return keep_on(unused);
}

static int cmd_keep(int argc, char **argv)
{
	bool on = argc == 3 && strcmp(argv[2], "on") == 0;
	bool off = argc == 3 && strcmp(argv[2], "off") == 0;
	struct task_struct *task;

	if (!on && !off)
		return -EINVAL;
	task = task_on(argv[1], on ? keep_on : keep_off, NULL);
	if (IS_ERR(task))
		return (int)PTR_ERR(task);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	wake_up_process(task);
	while (!smp_load_acquire(&keeps))
		cpu_relax();
	return 0;
}
SHELL_COMMAND(keep, cmd_keep, "cpu on | off", "for the tests of several CPUs");
