/* SPDX-License-Identifier: MIT */
/*
 * ps: tasks.
 */
#include <kernel/ktime.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <kernel/vmalloc.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <lib/sprintf.h>

static void print_task(const struct task_struct *task)
{
	char stack[24] = "-";

	if (task->stack && task_state_to_char(task) != 'Z')
		snprintf(stack, sizeof(stack), "%zu/%zu", task_stack_used(task), THREAD_SIZE);
	shell_printf("%4d %4u %c %3u %11s %9lu ", task->pid, task->prio, task_state_to_char(task),
		     task_cpu_id(task), stack, task->nvcsw);
	if (IS_ENABLED(CONFIG_TASK_CPU_TIME))
		shell_printf("%7lld ", (long long)ktime_to_ms((ktime_t)task_cpu_time(task)));
	shell_printf("%s\n", task->comm);
}

static int cmd_ps(int argc, char **argv)
{
	struct task_struct *task;

	(void)argv;
	if (argc > 1)
		return -EINVAL;
	shell_printf(" pid prio s cpu  stack used  switches %sname\n",
		     IS_ENABLED(CONFIG_TASK_CPU_TIME) ? "     ms " : "");
	for_each_task(task)
		print_task(task);
	return 0;
}
SHELL_COMMAND(ps, cmd_ps, "", "the tasks");
