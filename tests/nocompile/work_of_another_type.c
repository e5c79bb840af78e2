/* SPDX-License-Identifier: MIT */
/*
 * A delayed work item is initialised as a plain one.
 *
 * gcc: incompatible pointer type
 * clang: incompatible pointer types
 * clang-context: incompatible pointer types
 */
#include <kernel/workqueue.h>

struct dial {
	struct delayed_work poll;
};

#ifdef TWIN
void dial_init(struct dial *dial, work_func_t poll)
{
	INIT_DELAYED_WORK(&dial->poll, poll);
}
#else
void dial_init(struct dial *dial, work_func_t poll)
{
	INIT_WORK(&dial->poll, poll);
}
#endif
