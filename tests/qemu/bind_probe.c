/* SPDX-License-Identifier: MIT */
/*
 * The guest's half of test_binding.py: devices are unbound and bound again, each by a task on a
 * CPU of its own.
 *
 *   nocla> bindprobe 100 9030000.pl061 gpio-keys
 *   100 rounds, 0 failed, 0 unbound, 0 bytes left
 *
 * A round may find that its device waits for another one, which is unbound just then.
 */
#include <drivers/device.h>
#include <kernel/cpumask.h>
#include <kernel/kthread.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <lib/err.h>
#include <lib/errno.h>
#include <lib/kstrtox.h>

#define DEVICES_MAX	8
#define WARM_UP		3	/* rounds */

struct run {
	struct device *dev;
	struct task_struct *task;
	unsigned int rounds;
	unsigned int failed;	/* of all its rounds */
};

static void round_of(struct run *run)
{
	int ret;

	device_release_driver(run->dev);
	ret = device_attach(run->dev);
	run->failed += ret != 1 && ret != -EPROBE_DEFER;
}

static int rounds_of(void *data)
{
	struct run *run = data;

	for (unsigned int i = 0; i < run->rounds; i++) {
		round_of(run);
		cond_resched();
	}
	return 0;
}

static int start(struct run *run, unsigned int number)
{
	struct task_struct *task = kthread_create(rounds_of, run, "bind/%u", number);

	if (IS_ERR(task))
		return (int)PTR_ERR(task);
	get_task_struct(task);
	if (num_online_cpus() > 1)
		kthread_bind(task, number % num_online_cpus());
	run->task = task;
	return 0;
}

/* All that wait for each other come back. Returns how many did not. */
static unsigned int settle(struct run *runs, unsigned int n)
{
	unsigned int unbound = 0;

	for (unsigned int i = 0; i < n; i++)
		(void)device_attach(runs[i].dev);
	wait_for_device_probe();
	for (unsigned int i = 0; i < n; i++)
		unbound += !device_is_bound(runs[i].dev);
	rcu_barrier();
	return unbound;
}

static unsigned int run_all(struct run *runs, unsigned int n, unsigned int rounds)
{
	unsigned int failed = 0;

	for (unsigned int i = 0; i < n; i++) {
		runs[i].rounds = rounds;
		if (start(&runs[i], i))
			return ~0u;
	}
	for (unsigned int i = 0; i < n; i++)
		wake_up_process(runs[i].task);
	for (unsigned int i = 0; i < n; i++) {
		failed += kthread_join(runs[i].task) != 0 || runs[i].failed;
		put_task_struct(runs[i].task);
	}
	return failed;
}

static int cmd_bindprobe(int argc, char **argv)
{
	struct run runs[DEVICES_MAX] = { };
	unsigned int n = 0, rounds, failed, unbound;
	size_t before;

	if (argc < 3 || argc > 2 + DEVICES_MAX || kstrtouint(argv[1], 10, &rounds))
		return -EINVAL;
	for (; n + 2 < (unsigned int)argc; n++) {
		runs[n].dev = device_find_by_name(argv[n + 2]);
		if (!runs[n].dev)
			return -ENODEV;
	}
	/* What is made the first time stays, and the boot may have left something to go. */
	failed = run_all(runs, n, WARM_UP);
	unbound = settle(runs, n);
	before = slab_bytes_used();
	failed += run_all(runs, n, rounds);
	unbound += settle(runs, n);
	shell_printf("%u rounds, %u failed, %u unbound, %ld bytes left\n", rounds, failed, unbound,
		     (long)(slab_bytes_used() - before));
	for (unsigned int i = 0; i < n; i++)
		put_device(runs[i].dev);
	return 0;
}
SHELL_COMMAND(bindprobe, cmd_bindprobe, "<rounds> <device>...", "for the tests of binding");
