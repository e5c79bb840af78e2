/* SPDX-License-Identifier: MIT */
/*
 * Injected faults: requests that are made to fail, so that what handles a failure runs.
 *
 * Three kinds of request can be made to fail, by number ("the third from now") or at a
 * rate. Which requests count is a matter of who makes them: a task belongs to a fault group
 * or to none, and only those of a group count. What a member creates by kthread_create(), the
 * workers of its own queues among them, is a member too, so that the third request of a
 * case is the third whoever makes it. Items on a queue of others, such as system_wq, run
 * in a worker that is none: they do not fail. Nor does an interrupt handler's request,
 * unless the plan says so, nor anything of boot and the idle task.
 *
 *	struct fault_group *group = fault_group_create(0);
 *
 *	fault_set(group, FAULT_ALLOC, &(struct fault_plan){ .nth = 3 });
 *	fault_join(current, group);
 *	...				the third allocation returns NULL
 *	fault_join(current, NULL);
 *	fault_group_put(group);
 *
 * Each failure is a line in the log with the place of the request. Without
 * CONFIG_FAULT_INJECTION nothing of this is compiled.
 *
 * What a failure looks like to the caller is the function's own: NULL, 0 or an error. The
 * error is -ENOMEM for an allocation and -EBUSY, as if another had it, for the others.
 */
#ifndef KERNEL_FAULT_INJECT_H
#define KERNEL_FAULT_INJECT_H

#include <kernel/gfp.h>
#include <lib/compiler.h>
#include <lib/errno.h>
#include <lib/types.h>

enum fault_point {
	FAULT_ALLOC,		/* objects, pages, mapped areas, stacks of tasks */
	FAULT_REGISTER,		/* what the kernel lists: a device, a driver, a chip */
	FAULT_IRQ,		/* a line's number, a line's handler */
	FAULT_POINTS,
};

#ifdef CONFIG_FAULT_INJECTION

/*
 * Whether the request that the caller is about to serve has to fail.
 * Context: any.
 */
bool should_fail(enum fault_point point);

/* The same for FAULT_ALLOC, with the flags of the request. Context: any. */
bool should_fail_alloc(gfp_t flags);

#else

static inline bool should_fail(enum fault_point point)
{
	(void)point;
	return false;
}

static inline bool should_fail_alloc(gfp_t flags)
{
	(void)flags;
	return false;
}

#endif

/* 0, or the error with which the request has to fail. Context: any. */
static inline int fault_check(enum fault_point point)
{
	if (!should_fail(point))
		return 0;
	return point == FAULT_ALLOC ? -ENOMEM : -EBUSY;
}

/* ---- who fails, and when ---- */

struct task_struct;
struct fault_group;

/* All 0: nothing fails. [I] once set */
struct fault_plan {
	unsigned int nth;	/* this request from now on fails, 1 is the next; 0: none */
	unsigned int percent;	/* so many of a hundred fail, by the group's random numbers */
	bool hardirq;		/* also while an interrupt handler runs on top of a member */
};

struct fault_stats {
	struct fault_plan plan;
	unsigned int seen;	/* requests since the plan was set */
	unsigned int failed;	/* of those */
	unsigned int optional;	/* of those that failed, whose callers do without (__GFP_NOWARN) */
};

#ifdef CONFIG_FAULT_INJECTION

/*
 * A group without members. The same seed gives the same failures at a rate; 0 lets the
 * clock choose one.
 *
 * Context: any.
 * Return: the group, with a reference that the caller owns; NULL when all are in use.
 */
struct fault_group *fault_group_create(u32 seed) __must_check;

/* Gives a reference back; each member has one of its own. Context: any. */
void fault_group_put(struct fault_group *group);

/* The seed that repeats it. Context: any. */
u32 fault_group_seed(const struct fault_group *group);

/* Replaces a point's plan; its counts begin at 0. Context: any. */
void fault_set(struct fault_group *group, enum fault_point point, const struct fault_plan *plan);

/* No request fails any more; the counts stay. Context: any. */
void fault_stop(struct fault_group *group);

/* Context: any. */
void fault_get_stats(struct fault_group *group, enum fault_point point, struct fault_stats *stats);

/*
 * Makes `p` a member, of no group if NULL. It may have been one of another before.
 *
 * Context: any; the caller holds a reference to p, which is itself or does not run.
 * Return: 0; -EINVAL for an idle task.
 */
int fault_join(struct task_struct *p, struct fault_group *group);

/*
 * At most so many more requests fail, whoever makes them and whatever the plans say;
 * FAULT_NO_LIMIT, as at boot, is no limit.
 * Context: any.
 */
#define FAULT_NO_LIMIT	0xffffffffu
void fault_set_times(unsigned int times);
unsigned int fault_get_times(void);

/*
 * Calls fn for each group in use, with the member that joined first; pid 0 before one has. A
 * group may come or go meanwhile. Context: any that fn may be called in.
 */
void fault_for_each_group(void (*fn)(struct fault_group *group, int pid, const char *comm,
				     void *arg), void *arg);

/* "alloc", "register", "irq". Context: any. */
const char *fault_point_name(enum fault_point point);

/*
 * For kthread.c: a new task is a member where its creator is, and one that ends of none, nor one
 * that is freed before it began.
 * Context: any.
 */
void fault_inherit(struct task_struct *child);
void fault_leave(struct task_struct *p);

#else

static inline void fault_inherit(struct task_struct *child)
{
	(void)child;
}

static inline void fault_leave(struct task_struct *p)
{
	(void)p;
}

#endif

#endif
