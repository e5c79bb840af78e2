/* SPDX-License-Identifier: MIT */
/*
 * The object of a work item is found by a member of another type.
 *
 * gcc: container_of: pointer does not point at member poll
 * clang: container_of: pointer does not point at member poll
 * clang-context: container_of: pointer does not point at member poll
 */
#include <kernel/workqueue.h>
#include <lib/container_of.h>

struct dial {
	int level;
	struct delayed_work poll;
};

#ifdef TWIN
void poll(struct work_struct *work)
{
	container_of(work, struct dial, poll.work)->level++;
}
#else
void poll(struct work_struct *work)
{
	container_of(work, struct dial, poll)->level++;
}
#endif
