/* SPDX-License-Identifier: MIT */
/*
 * top: who has run in an interval, and for what part of it.
 *
 * All tasks are looked at twice. A task that came in between has run since then alone; one that
 * ended in between is not shown. A CPU's hundred per cent are those of its tasks, with its idle
 * task's.
 */
#include <kernel/delay.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <kernel/slab.h>
#include <kernel/timekeeping.h>
#include <lib/cleanup.h>
#include <lib/errno.h>
#include <lib/kstrtox.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define INTERVAL_MS	1000u
#define INTERVAL_MAX_MS	60000u
#define NEW_TASKS_MAX	8u	/* that may come while the room for all is made */

struct sample {
	int pid;
	unsigned int cpu;
	u64 ns;
	char comm[TASK_COMM_LEN];
};

struct samples {
	unsigned int room, nr;
	struct sample sample[];
};

/* To be freed by the caller. NULL without memory. */
static struct samples *look_at_tasks(void)
{
	unsigned int room = nr_tasks() + NEW_TASKS_MAX;
	struct samples *all = kzalloc(sizeof(*all) + room * sizeof(all->sample[0]), GFP_KERNEL);
	struct task_struct *task;

	if (!all)
		return NULL;
	for_each_task(task) {
		struct sample *s = &all->sample[all->nr];

		if (all->nr == room) {
			put_task_struct(task);
			break;
		}
		all->nr++;
		s->pid = task->pid;
		s->cpu = task_cpu_id(task);
		s->ns = task_cpu_time(task);
		strscpy(s->comm, task->comm, sizeof(s->comm));
	}
	return all;
}

static u64 earlier_time(const struct samples *before, int pid)
{
	for (unsigned int i = 0; i < before->nr; i++)
		if (before->sample[i].pid == pid)
			return before->sample[i].ns;
	return 0;
}

/* Times become those of the interval; the longest come first. */
static void sort_by_use(struct samples *all, const struct samples *before)
{
	for (unsigned int i = 0; i < all->nr; i++) {
		all->sample[i].ns -= earlier_time(before, all->sample[i].pid);
		for (unsigned int j = i; j > 0 && all->sample[j - 1].ns < all->sample[j].ns; j--)
			swap(all->sample[j - 1], all->sample[j]);
	}
}

/* Of the times 22 bits are enough, and then the product is of 32. */
static u32 permille_of(u64 part, u64 whole)
{
	for (; whole >> 22; whole >>= 1)
		part >>= 1;
	return whole ? (u32)part * 1000u / (u32)whole : 0;
}

static void print_use(const struct samples *all, u64 interval_ns)
{
	shell_puts(" pid cpu      % name\n");
	for (unsigned int i = 0; i < all->nr; i++) {
		const struct sample *s = &all->sample[i];
		u32 permille = permille_of(s->ns, interval_ns);

		if (permille)
			shell_printf("%4d %3u %4u.%u %s\n", s->pid, s->cpu, permille / 10,
				     permille % 10, s->comm);
	}
}

static int cmd_top(int argc, char **argv)
{
	struct samples *before __free(kfree) = NULL, *after __free(kfree) = NULL;
	unsigned int ms = INTERVAL_MS;
	u64 began;

	if (argc > 2 || (argc == 2 && kstrtouint(argv[1], 10, &ms)))
		return -EINVAL;
	if (!ms || ms > INTERVAL_MAX_MS)
		return shell_fail(-ERANGE, "from 1 to %u ms", INTERVAL_MAX_MS);
	before = look_at_tasks();
	began = ktime_get_ns();
	if (!before)
		return -ENOMEM;
	msleep(ms);
	after = look_at_tasks();
	if (!after)
		return -ENOMEM;
	sort_by_use(after, before);
	print_use(after, ktime_get_ns() - began);
	return 0;
}
SHELL_COMMAND(top, cmd_top, "[MS]", "what has run in a second, or in MS");
