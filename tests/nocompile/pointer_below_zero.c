/* SPDX-License-Identifier: MIT */
/*
 * A pointer is asked for an error as a number is.
 *
 * gcc: ordered comparison of pointer with
 */
#include <kernel/kthread.h>
#include <lib/err.h>

#ifdef TWIN
int start(int (*fn)(void *))
{
	struct task_struct *task = kthread_run(fn, NULL, "start");

	return IS_ERR(task) ? -1 : 0;
}
#else
int start(int (*fn)(void *))
{
	struct task_struct *task = kthread_run(fn, NULL, "start");

	return task < 0 ? -1 : 0;
}
#endif
