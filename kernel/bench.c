/* SPDX-License-Identifier: MIT */
/*
 * The runner of the benchmarks.
 *
 * Until the first moment of the boot that is marked, instructions are the counts of
 * the generic timer: under -icount shift=0 each of them takes a nanosecond and
 * nothing has waited yet. From then on they are counted.
 */
#include <test/bench.h>
#include <hal/arch_timer.h>
#include <kernel/console.h>
#include <kernel/moduleparam.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define NSEC_PER_SEC	1000000000u
#define BOOT_MARKS	4

static struct {
	const char *name;
	u32 instructions;		/* since the first mark */
} marks[BOOT_MARKS];
static unsigned int nr_marks;
static u64 first_mark_count;

/* Not cleared at boot, which would count. */
static struct bench bench __section(".noinit");

void bench_boot_mark(const char *name)
{
	if (nr_marks == BOOT_MARKS)
		return;
	if (nr_marks == 0) {
		first_mark_count = arch_timer_read();
		if (hal_instructions_start())
			return;
	}
	marks[nr_marks].name = name;
	marks[nr_marks++].instructions = hal_instructions();
}

void bench_settle(void)
{
	while (need_resched())
		yield();
}

static void report_marks(void)
{
	u64 first = first_mark_count * (NSEC_PER_SEC / arch_timer_rate);

	for (unsigned int i = 0; i < nr_marks; i++)
		printk(KERN_NOTICE "bench: %s %llu instructions\n", marks[i].name,
		       (unsigned long long)(first + marks[i].instructions - marks[0].instructions));
}

/* Insertion sort: a few hundred numbers, most of them equal. */
static u32 median(u32 *v, unsigned int n)
{
	for (unsigned int i = 1; i < n; i++)
		for (unsigned int j = i; j > 0 && v[j - 1] > v[j]; j--)
			swap(v[j - 1], v[j]);
	return v[n / 2];
}

static void bench_reset(u32 overhead)
{
	bench.overhead = overhead;
	bench.divisor = 1;
	bench.per_billion = false;
	bench.warmup = BENCH_WARMUP;
	bench.nr = 0;
	bench.failed = NULL;
}

/* What a run costs in which nothing is done. */
static u32 measure_overhead(void)
{
	bench_reset(0);
	BENCH(&bench, barrier());
	return median(bench.samples, bench.nr);
}

static void print_result(const struct bench_case *c)
{
	u32 count = median(bench.samples, bench.nr);

	if (bench.per_billion)
		printk(KERN_NOTICE "bench: %s %u iterations\n", c->name,
		       (u32)((u64)NSEC_PER_SEC * bench.divisor / count));
	else
		printk(KERN_NOTICE "bench: %s %u instructions\n", c->name,
		       DIV_ROUND_CLOSEST(count, bench.divisor));
}

static bool run_case(const struct bench_case *c, u32 overhead)
{
	bool ok;

	bench_reset(overhead);
	bench_settle();
	c->run(&bench);
	ok = bench_check(&bench, bench.nr > 0) && !bench.failed;
	if (ok)
		print_result(c);
	else
		printk(KERN_ERR "bench: %s has no result, it does not hold that %s\n", c->name,
		       bench.failed);
	console_sync();
	return ok;
}

int bench_run_cases(const char *name)
{
	unsigned int nr_run = 0;
	u32 overhead;
	int err = 0;

	if (!name)
		report_marks();
	if (hal_instructions_start()) {
		printk(KERN_ERR "bench: this CPU does not count instructions\n");
		return -ENODEV;
	}
	overhead = measure_overhead();
	for_each_table_entry(bench_cases, c) {
		if (name && strcmp(name, c->name) != 0)
			continue;
		nr_run++;
		if (!run_case(c, overhead))
			err = -EIO;
	}
	if (nr_run || !name)
		return err;
	printk(KERN_ERR "bench: no case named %s\n", name);
	return -ENOENT;
}

/* [I] after boot; NULL: the figures are not what this boot is for; "": all of them */
static const char *boot_case;

static int set_case(const char *val, const struct kernel_param *kp)
{
	(void)kp;
	boot_case = val ? val : "";
	return 0;
}

static const struct kernel_param_ops case_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG, .set = set_case,
};
core_param_cb(bench, &case_ops, NULL, 0);
MODULE_PARM_DESC(bench, "measures, all or one case, and ends");

const char *bench_boot_case(void)
{
	return boot_case;
}
