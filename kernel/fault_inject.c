/* SPDX-License-Identifier: MIT */
/*
 * Injected faults: groups of tasks, what of theirs is to fail, and the line in the log that
 * tells of it.
 *
 * Groups are few and come from a table: to make one must not itself be a request that
 * could fail. A group goes when its creator and its last member have given it back.
 *
 * Locking: lock, with interrupts off, for all of it; nothing is taken inside it.
 */
#include <kernel/fault-inject.h>

#include <hal/irqflags.h>
#include <hal/unwind.h>
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <kernel/timekeeping.h>
#include <lib/minmax.h>
#include <lib/sprintf.h>
#include <lib/string.h>
#include <lib/xorshift.h>

#define GROUPS_MAX	8
#define TRACE_FRAMES	5	/* as many as a line of the log has room for */
#define TRACE_MAX	160

struct fault_group {
	unsigned int refs;				/* [lock] 0: free */
	struct fault_stats point[FAULT_POINTS];		/* [lock] */
	u32 seed;					/* [I] */
	u32 random;					/* [lock] never 0 */
	int pid;					/* [lock] the first member's; 0: none yet */
	char comm[TASK_COMM_LEN];			/* [lock] */
};

static DEFINE_RAW_SPINLOCK(lock);
static struct fault_group groups[GROUPS_MAX];
static unsigned int times_left = FAULT_NO_LIMIT;	/* [lock] */

const char *fault_point_name(enum fault_point point)
{
	static const char *const names[] = { "alloc", "register", "irq" };

	return names[point];
}

/* ---- whether ---- */

/* Returns the request's number if it has to fail, else 0. */
static unsigned int decide(struct fault_group *group, enum fault_point point, bool optional)
{
	struct fault_stats *stats = &group->point[point];
	bool fails;

	guard(raw_spinlock_irqsave)(&lock);
	if (in_hardirq() && !stats->plan.hardirq)
		return 0;
	stats->seen++;
	fails = stats->seen == stats->plan.nth ||
		(stats->plan.percent && xorshift32(&group->random) % 100 < stats->plan.percent);
	if (!fails || !times_left)
		return 0;
	if (times_left != FAULT_NO_LIMIT)
		times_left--;
	stats->failed++;
	stats->optional += optional;
	return stats->seen;
}

/* Who asked, from the function that serves the request outwards. */
static noinline void trace(char *text, size_t size)
{
	struct hal_unwind u;
	size_t len = 0;

	hal_unwind_start(&u, NULL);
	/* It begins here: past should_fail(). */
	for (unsigned int i = 0; i <= TRACE_FRAMES && hal_unwind_next(&u); i++)
		/* SAFETY: printed, not followed. */
		if (i)
			len += (size_t)scnprintf(text + len, size - len, "%s%ps", len ? " < " : "",
						 (void *)(u.r[15] - 1));
}

static __always_inline void tell(enum fault_point point, unsigned int number)
{
	char text[TRACE_MAX] = "";

	trace(text, sizeof(text));
	pr_notice("fault: %s %u of %s/%d fails: %s\n", fault_point_name(point), number,
		  current->comm, current->pid, text);
}

static __always_inline bool fails(enum fault_point point, bool optional)
{
	struct fault_group *group = READ_ONCE(current->fault_group);
	unsigned int number = unlikely(group) ? decide(group, point, optional) : 0;

	if (number)
		tell(point, number);
	return number;
}

noinline bool should_fail(enum fault_point point)
{
	return fails(point, false);
}

noinline bool should_fail_alloc(gfp_t flags)
{
	return !(flags & __GFP_NO_FAULT) && fails(FAULT_ALLOC, flags & __GFP_NOWARN);
}

/* ---- groups ---- */

struct fault_group *fault_group_create(u32 seed)
{
	guard(raw_spinlock_irqsave)(&lock);
	for (struct fault_group *group = groups; group < groups + GROUPS_MAX; group++) {
		if (group->refs)
			continue;
		if (!seed)
			seed = max((u32)ktime_get(), 1u);
		*group = (struct fault_group){ .refs = 1, .seed = seed, .random = seed };
		return group;
	}
	return NULL;
}

void fault_group_put(struct fault_group *group)
{
	guard(raw_spinlock_irqsave)(&lock);
	if (!WARN(!group->refs, "a fault group is given back too often"))
		group->refs--;
}

u32 fault_group_seed(const struct fault_group *group)
{
	return group->seed;
}

void fault_set(struct fault_group *group, enum fault_point point, const struct fault_plan *plan)
{
	guard(raw_spinlock_irqsave)(&lock);
	group->point[point] = (struct fault_stats){ .plan = *plan };
}

void fault_stop(struct fault_group *group)
{
	guard(raw_spinlock_irqsave)(&lock);
	for (unsigned int point = 0; point < FAULT_POINTS; point++)
		group->point[point].plan = (struct fault_plan){ .nth = 0 };
}

void fault_get_stats(struct fault_group *group, enum fault_point point, struct fault_stats *stats)
{
	guard(raw_spinlock_irqsave)(&lock);
	*stats = group->point[point];
}

int fault_join(struct task_struct *p, struct fault_group *group)
{
	struct fault_group *old = p->fault_group;

	if (is_idle_task(p))
		return -EINVAL;
	if (group) {
		guard(raw_spinlock_irqsave)(&lock);
		group->refs++;
		if (!group->pid) {
			group->pid = p->pid;
			strscpy(group->comm, p->comm, sizeof(group->comm));
		}
	}
	WRITE_ONCE(p->fault_group, group);
	if (old)
		fault_group_put(old);
	return 0;
}

void fault_inherit(struct task_struct *child)
{
	if (current->fault_group)
		fault_join(child, current->fault_group);
}

void fault_leave(struct task_struct *p)
{
	fault_join(p, NULL);
}

void fault_for_each_group(void (*fn)(struct fault_group *group, int pid, const char *comm,
				     void *arg), void *arg)
{
	for (struct fault_group *group = groups; group < groups + GROUPS_MAX; group++)
		if (READ_ONCE(group->refs))
			fn(group, group->pid, group->comm, arg);
}

void fault_set_times(unsigned int times)
{
	guard(raw_spinlock_irqsave)(&lock);
	times_left = times;
}

unsigned int fault_get_times(void)
{
	return READ_ONCE(times_left);
}
