/* SPDX-License-Identifier: MIT */
/*
 * ps: tasks.
 */
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <kernel/vmalloc.h>
#include <lib/errno.h>
#include <lib/sprintf.h>

static void print_task(const struct task_struct *task)
{
	char stack[24] = "-";

	if (task->stack && task_state_to_char(task) != 'Z')
		snprintf(stack, sizeof(stack), "%zu/%zu", task_stack_used(task), THREAD_SIZE);
	shell_printf("%4d %4u %c %11s %9lu %s\n", task->pid, task->prio, task_state_to_char(task),
		     stack, task->nvcsw, task->comm);
}

static int cmd_ps(int argc, char **argv)
{
	struct task_struct *task;

	(void)argv;
	if (argc > 1)
		return -EINVAL;
	shell_puts(" pid prio s  stack used  switches name\n");
	for_each_task(task)
		print_task(task);
	return 0;
}
SHELL_COMMAND(ps, cmd_ps, "", "the tasks");
