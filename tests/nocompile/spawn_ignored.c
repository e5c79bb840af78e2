/* SPDX-License-Identifier: MIT */
/*
 * A work item is spawned and taken to be queued.
 *
 * gcc: ignoring return value of '__spawn_work_item'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/workqueue.h>

#ifdef TWIN
int log_later(void (*log)(void *line), void *line)
{
	return spawn_work_item(system_wq, log, line, NULL);
}
#else
int log_later(void (*log)(void *line), void *line)
{
	spawn_work_item(system_wq, log, line, NULL);
	return 0;
}
#endif
