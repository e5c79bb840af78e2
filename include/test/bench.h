/* SPDX-License-Identifier: MIT */
/*
 * Benchmarks in the kernel, in instructions retired.
 *
 *   static void bench_mutex(struct bench *b)
 *   {
 *           BENCH(b, mutex_lock(&m); mutex_unlock(&m));
 *           bench_check(b, !mutex_is_locked(&m));
 *   }
 *   BENCH_CASE("mutex_pair", bench_mutex);
 *
 * What is reported is the median of many runs, after some that are not
 * counted, less what reading the counter costs: the typical case. Begin and end
 * of a run may lie in two contexts, such as a task and the handler that it
 * causes. A case checks that what it counts did happen, else it has no result.
 */
#ifndef TEST_BENCH_H
#define TEST_BENCH_H

#include <hal/pmu.h>
#include <lib/compiler.h>
#include <lib/table.h>
#include <lib/types.h>

#define BENCH_WARMUP	16
#define BENCH_RUNS	257

/* [o] whoever runs: one case at a time, on one CPU. */
struct bench {
	u32 overhead;			/* [I] of an empty run */
	u32 divisor;			/* [o] operations in one run; 1 unless the case says more */
	bool per_billion;		/* [o] told is how many come in 1e9 instructions */
	u32 start;			/* [o] of the run that goes on */
	unsigned int warmup;		/* [o] runs that are still not counted */
	unsigned int nr;		/* [o] */
	const char *failed;		/* [o] the first check that did not hold */
	u32 samples[BENCH_RUNS];	/* [o] instructions per run */
};

struct bench_case {
	const char *name;
	void (*run)(struct bench *b);
};

DECLARE_TABLE(bench_cases, struct bench_case);

#define BENCH_CASE(key, fn) \
	TABLE_ENTRY(bench_cases, struct bench_case, bench_entry_##fn) = { .name = key, .run = fn }

/* One run, from begin to end. Context: any. */

static __always_inline void bench_begin(struct bench *b)
{
	b->start = hal_instructions();
}

static __always_inline void bench_end(struct bench *b)
{
	u32 end = hal_instructions();

	if (b->warmup)
		b->warmup--;
	else if (b->nr < BENCH_RUNS)
		b->samples[b->nr++] = end - b->start - b->overhead;
}

/* As many runs as there are to be. */
#define for_each_bench_run(i) \
	for (unsigned int i = 0; i < BENCH_WARMUP + BENCH_RUNS; i++)

#define BENCH(b, code...) do {						\
	for_each_bench_run(run__) {					\
		bench_begin(b);						\
		code;							\
		bench_end(b);						\
	}								\
} while (0)

/* Says what must hold for the figures to mean anything. Returns whether it does. */
#define bench_check(b, cond) ({						\
	bool ok__ = (cond);						\
	if (!ok__ && !(b)->failed)					\
		(b)->failed = #cond;					\
	ok__; })

/* Lets the others run until all of them sleep. Context: task. */
void bench_settle(void);

/*
 * Runs one case, or all for NULL and reports the boot too: a line "bench: NAME VALUE UNIT"
 * for each.
 * Context: task.
 * Return: 0; -ENODEV without a counter of instructions; -EIO if a case has no result;
 * -ENOENT for an unknown name.
 */
int bench_run_cases(const char *name);

/* What the command line asks for, "" for all; NULL if it does not. Any context. */
const char *bench_boot_case(void);

/* Remembers a moment of the boot, in instructions since reset. Context: any. */
void bench_boot_mark(const char *name);

#endif
