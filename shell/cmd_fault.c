/* SPDX-License-Identifier: MIT */
/*
 * fault: makes requests fail, of the next command or of a task.
 *
 *   nocla> fault alloc 3
 *   nocla> gpio status
 *   ...
 *   nocla> fault
 *   of               point     fails          requests   failed
 *   last command     alloc     -                     7        1
 *
 * "fault alloc 3 pid 7" is for a task that runs already, and for what it starts. A rate,
 * "fault irq rate 5%", goes by the random numbers of a seed, which is told and may be given.
 *
 * Points that are armed for the next command are armed together, each once. What a seed is given
 * for, or a task, begins anew. What this replaces, and has not failed yet, is told to be dropped.
 *
 * Locking: the shell's task alone comes here.
 */
#include <kernel/fault-inject.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/kstrtox.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#include "shell_priv.h"

static struct fault_group *next_group;	/* armed for the next command, or NULL */
static struct fault_group *last_group;	/* of the last one that was run so, or NULL */

static void drop_group(struct fault_group **group)
{
	if (*group) {
		fault_stop(*group);
		fault_group_put(*group);
	}
	*group = NULL;
}

/* ---- around a command ---- */

static int cmd_fault(int argc, char **argv);

bool shell_fault_begin(const struct shell_command *command)
{
	if (!next_group || command->fn == cmd_fault)
		return false;
	drop_group(&last_group);
	last_group = next_group;
	next_group = NULL;
	fault_join(current, last_group);
	return true;
}

void shell_fault_end(void)
{
	fault_stop(last_group);
	fault_join(current, NULL);
}

/* ---- what there is ---- */

#define PLAN_LEN	24

static const char *plan_text(const struct fault_plan *plan, char text[static PLAN_LEN])
{
	const char *where = plan->hardirq ? ",hardirq" : "";

	if (plan->nth)
		snprintf(text, PLAN_LEN, "%u%s", plan->nth, where);
	else if (plan->percent)
		snprintf(text, PLAN_LEN, "%u%%%s", plan->percent, where);
	else
		strscpy(text, "-", PLAN_LEN);
	return text;
}

/* Returns whether there is something to tell. */
static bool print_point(struct fault_group *group, const char *who, enum fault_point point,
			bool first)
{
	struct fault_stats stats;
	char plan[PLAN_LEN];

	fault_get_stats(group, point, &stats);
	if (!stats.plan.nth && !stats.plan.percent && !stats.seen)
		return false;
	if (first)
		shell_puts("of               point     fails          requests   failed\n");
	shell_printf("%-16s %-9s %-11s %11u %8u\n", who, fault_point_name(point),
		     plan_text(&stats.plan, plan), stats.seen, stats.failed);
	return true;
}

static void print_group(struct fault_group *group, int pid, const char *comm, void *any)
{
	char who[32];

	if (group == next_group)
		strscpy(who, "next command", sizeof(who));
	else if (group == last_group)
		strscpy(who, "last command", sizeof(who));
	else
		snprintf(who, sizeof(who), "%s/%d", comm, pid);
	for (enum fault_point point = 0; point < FAULT_POINTS; point++)
		if (print_point(group, who, point, !*(bool *)any))
			*(bool *)any = true;
}

static int show(void)
{
	bool any = false;

	fault_for_each_group(print_group, &any);
	if (!any)
		shell_puts("nothing is made to fail\n");
	if (fault_get_times() != FAULT_NO_LIMIT)
		shell_printf("%u failures more at most\n", fault_get_times());
	return 0;
}

/* ---- what is asked for ---- */

struct request {
	enum fault_point point;
	struct fault_plan plan;
	unsigned int seed;	/* 0: any */
	unsigned int pid;	/* 0: the next command */
};

static int find_point(const char *name, enum fault_point *point)
{
	for (enum fault_point i = 0; i < FAULT_POINTS; i++) {
		*point = i;
		if (strcmp(name, fault_point_name(i)) == 0)
			return 0;
	}
	return shell_fail(-EINVAL, "no point named %s: alloc, register or irq", name);
}

static int parse_percent(const char *text, unsigned int *percent)
{
	const char *sign = strchr(text, '%');
	char digits[8];

	if (!sign || sign[1] || sign - text >= (ptrdiff_t)sizeof(digits))
		return -EINVAL;
	strscpy(digits, text, (size_t)(sign - text) + 1);
	return kstrtouint(digits, 10, percent) || !*percent || *percent > 100 ? -EINVAL : 0;
}

static int parse_options(int argc, char **argv, struct request *r)
{
	for (int i = 0; i < argc; i += 2) {
		unsigned int *to = NULL;

		if (strcmp(argv[i], "hardirq") == 0) {
			r->plan.hardirq = true;
			i--;
			continue;
		}
		if (strcmp(argv[i], "pid") == 0)
			to = &r->pid;
		else if (strcmp(argv[i], "seed") == 0)
			to = &r->seed;
		if (!to || i + 1 == argc)
			return -EINVAL;
		if (kstrtouint(argv[i + 1], 0, to) || !*to)
			return shell_fail(-EINVAL, "%s is no %s", argv[i + 1], argv[i]);
	}
	return 0;
}

/* argv[0] is the point. */
static int parse_request(int argc, char **argv, struct request *r)
{
	int err = find_point(argv[0], &r->point);

	if (err || argc < 2)
		return err ? err : -EINVAL;
	if (strcmp(argv[1], "rate") != 0) {
		if (kstrtouint(argv[1], 10, &r->plan.nth) || !r->plan.nth)
			return shell_fail(-EINVAL, "%s is no number of a request: 1 is the next",
					  argv[1]);
		return parse_options(argc - 2, argv + 2, r);
	}
	if (argc < 3)
		return -EINVAL;
	if (parse_percent(argv[2], &r->plan.percent))
		return shell_fail(-EINVAL, "%s is no rate: 1%% to 100%%", argv[2]);
	return parse_options(argc - 3, argv + 3, r);
}

/* With a reference, or NULL. */
static struct task_struct *find_task(unsigned int pid)
{
	struct task_struct *task;

	for_each_task(task)
		if (task->pid == (int)pid)
			return task;
	return NULL;
}

static void say_dropped_point(struct fault_group *group, enum fault_point point)
{
	struct fault_stats stats;
	char plan[PLAN_LEN];

	fault_get_stats(group, point, &stats);
	if (stats.plan.percent || stats.plan.nth > stats.seen)
		shell_printf("dropped: %s %s\n", fault_point_name(point),
			     plan_text(&stats.plan, plan));
}

/* What of the group, which may be NULL, would still fail. */
static void say_dropped(struct fault_group *group)
{
	for (enum fault_point point = 0; group && point < FAULT_POINTS; point++)
		say_dropped_point(group, point);
}

static int arm_task(const struct request *r, struct fault_group *group)
{
	struct task_struct *task = find_task(r->pid);
	struct fault_group *before;
	int err;

	if (!task)
		return shell_fail(-ENOENT, "no task %u", r->pid);
	before = READ_ONCE(task->fault_group);
	err = fault_join(task, group);
	if (!err)
		say_dropped(before);
	put_task_struct(task);
	return err;
}

static int arm(int argc, char **argv)
{
	struct request r = { .seed = 0 };
	struct fault_group *group;
	int err = parse_request(argc, argv, &r);

	if (err)
		return err;
	group = r.pid || !next_group || r.seed ? fault_group_create(r.seed) : next_group;
	if (!group)
		return shell_fail(-ENOSPC, "as many as there may be are armed");
	if (group == next_group)
		say_dropped_point(group, r.point);
	fault_set(group, r.point, &r.plan);
	if (r.plan.percent)
		shell_printf("seed %u\n", fault_group_seed(group));
	if (r.pid) {
		err = arm_task(&r, group);
		fault_group_put(group);	/* its members keep it */
	} else if (group != next_group) {
		say_dropped(next_group);
		drop_group(&next_group);
		next_group = group;
	}
	return err;
}

static int set_times(const char *text)
{
	unsigned int times = FAULT_NO_LIMIT;

	if (strcmp(text, "off") != 0 && kstrtouint(text, 10, &times))
		return shell_fail(-EINVAL, "%s is no number of failures", text);
	fault_set_times(times);
	return 0;
}

static void stop_group(struct fault_group *group, int pid, const char *comm, void *unused)
{
	(void)pid;
	(void)comm;
	(void)unused;
	fault_stop(group);
}

static int stop_all(void)
{
	fault_for_each_group(stop_group, NULL);
	drop_group(&next_group);
	drop_group(&last_group);
	fault_set_times(FAULT_NO_LIMIT);
	return 0;
}

static int cmd_fault(int argc, char **argv)
{
	if (argc == 1)
		return show();
	if (argc == 2 && strcmp(argv[1], "off") == 0)
		return stop_all();
	if (argc == 3 && strcmp(argv[1], "times") == 0)
		return set_times(argv[2]);
	return arm(argc - 1, argv + 1);
}
SHELL_COMMAND(fault, cmd_fault,
	      "[<alloc | register | irq> <n | rate p%> [seed s] [pid p] [hardirq] | "
	      "times <n | off> | off]",
	      "makes requests fail");
