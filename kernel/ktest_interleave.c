/* SPDX-License-Identifier: MIT */
/*
 * Races of tests: the racers' threads and the seeds. See <test/interleave.h>.
 *
 * The threads of a case are made once and run every seed, so that a seed finds the kernel as
 * the one before found it, and one alone finds it as it was among others. A seed in which
 * a racer does not come to its end leaves its thread behind, killed, and ends the case.
 *
 * Locking: the case's task drives; a racer's fields are its own between go and done.
 */
#include <test/interleave.h>

#include <hal/barrier.h>
#include <kernel/completion.h>
#include <kernel/hrtimer.h>
#include <kernel/interleave.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/moduleparam.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include <lib/errno.h>
#include <lib/xorshift.h>

#define SEEDS_DEFAULT	1000
#define WARM_UPS	3
#define WARM_UP_SEED	0x80000000u
#define TIMEOUT_MS	3000	/* of one seed; nobody computes as long, so all of them sleep */
#define LEAD_NS		200000	/* about as long as racers run */
#define WAKING_NS	20000	/* more than a sleep is longer than asked for */

struct racer {
	struct race_run *run;		/* [I] */
	void (*fn)(void *ctx);		/* [I] */
	struct task_struct *task;	/* [I] */
	struct completion go, done;
};

/* Not on a stack: a racer that was left behind still knows it. */
static struct race_run {
	const struct race *race;	/* [I] */
	void *ctx;			/* [I] */
	unsigned int nr;		/* [I] racers */
	bool ending;			/* [o] the case's task */
	atomic_t arrived;
	struct racer racers[RACERS_MAX];
	struct race_outcome outcome;	/* [o] a racer writes where it fails, with the turn */
} the_run;

static unsigned int seeds = SEEDS_DEFAULT, seed;

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX	"interleave."
module_param(seeds, uint, 0);
MODULE_PARM_DESC(seeds, "how many orders each race runs in");
module_param(seed, uint, 0);
MODULE_PARM_DESC(seed, "the only order that each race runs in");

void race_failed(const char *file, int line, const char *what)
{
	struct race_outcome *o = &the_run.outcome;

	if (o->what)
		return;
	o->file = file;
	o->line = line;
	o->what = what;
}

/* ---- the racers ---- */

static int racer_thread(void *data)
{
	struct racer *r = data;
	struct race_run *run = r->run;

	for (;;) {
		wait_for_completion(&r->go);
		if (run->ending)
			return 0;
		atomic_inc(&run->arrived);
		while (atomic_read(&run->arrived) < (int)run->nr)
			cpu_relax();
		r->fn(run->ctx);
		complete(&r->done);
	}
}

static void racers_end(void *data)
{
	struct race_run *run = data;

	interleave_end();
	run->ending = true;
	for (unsigned int i = 0; i < run->nr; i++) {
		struct racer *r = &run->racers[i];

		complete(&r->go);
		kthread_join(r->task);
		put_task_struct(r->task);
	}
	run->nr = 0;
}

static int racer_start(struct race_run *run, unsigned int i)
{
	struct racer *r = &run->racers[i];

	*r = (struct racer){ .run = run, .fn = run->race->racers[i] };
	init_completion(&r->go);
	init_completion(&r->done);
	r->task = kthread_create(racer_thread, r, "racer/%u", i + 1);
	if (IS_ERR(r->task))
		return (int)PTR_ERR(r->task);
	get_task_struct(r->task);
	kthread_bind(r->task, i + 1);
	wake_up_process(r->task);
	run->nr = i + 1;
	return 0;
}

static int racers_start(struct race_run *run)
{
	for (unsigned int i = 0; i < RACERS_MAX && run->race->racers[i]; i++) {
		int err = racer_start(run, i);

		if (err) {
			racers_end(run);
			return err;
		}
	}
	return 0;
}

/* ---- a seed ---- */

/* One that sleeps for ever is ended where it stands; what it had is lost. */
static void tell_stuck(struct kunit *test, struct race_run *run, u32 number)
{
	kunit_log(test, "seed %u does not end", number);
	for (unsigned int i = 0; i < run->nr; i++) {
		struct racer *r = &run->racers[i];

		if (completion_done(&r->done))
			continue;
		kunit_log(test, "racer %u has not ended:", i + 1);
		sched_print_task(KERN_NOTICE, r->task);
		if (!kthread_kill(r->task, -ETIME))
			kunit_log(test, "and cannot be stopped");
	}
}

static bool all_end(struct race_run *run)
{
	unsigned long left = msecs_to_jiffies(TIMEOUT_MS);

	for (unsigned int i = 0; i < run->nr && left; i++) {
		left = wait_for_completion_timeout(&run->racers[i].done, left);
		/* It is to be seen for tell_stuck(). */
		if (left)
			complete(&run->racers[i].done);
	}
	return left;
}

/* To somewhere in the last part of a jiffy. */
static void wait_for_phase(u32 number)
{
	u32 random = number;
	ktime_t wait;

	schedule_timeout_uninterruptible(1);
	wait = NSEC_PER_SEC / HZ - WAKING_NS - xorshift32(&random) % LEAD_NS;
	__set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_hrtimeout(&wait, HRTIMER_MODE_REL);
}

static bool run_seed(struct kunit *test, struct race_run *run, u32 number)
{
	bool ended;

	for (unsigned int i = 0; i < run->nr; i++)
		reinit_completion(&run->racers[i].done);
	atomic_set(&run->arrived, 0);
	run->race->reset(run->ctx);
	if (run->race->around_a_jiffy)
		wait_for_phase(number);
	if (interleave_begin(number)) {
		race_failed(__FILE__, __LINE__, "the other processors fall asleep before");
		return false;
	}
	for (unsigned int i = 0; i < run->nr; i++)
		complete(&run->racers[i].go);
	ended = all_end(run);
	interleave_end();
	run->outcome.points = interleave_result().points;
	run->outcome.order = interleave_result().order;
	if (!ended || interleave_result().cut_short) {
		race_failed(NULL, 0, "every racer comes to its end");
		tell_stuck(test, run, number);
		return false;
	}
	if (run->race->settle)
		run->race->settle(run->ctx);
	return !run->outcome.what;
}

/*
 * A seed finds lists, timers and sleeping processors as another one left them, also the first.
 * Returns false if one of these has not ended.
 */
static bool warm_up(struct kunit *test, struct race_run *run)
{
	for (u32 i = 0; i < WARM_UPS; i++) {
		if (!run_seed(test, run, WARM_UP_SEED + i) && !run->outcome.file) {
			run->outcome.seed = WARM_UP_SEED + i;
			return false;
		}
		run->outcome = (struct race_outcome){ .seed = 0 };
	}
	return true;
}

struct race_outcome race_run(struct kunit *test, const struct race *race, void *ctx, u32 first,
			     u32 n)
{
	struct race_run *run = &the_run;
	unsigned int nr = 0;

	while (nr < RACERS_MAX && race->racers[nr])
		nr++;
	if (num_online_cpus() <= nr)
		kunit_skip(test, "%u CPUs run, it needs %u", num_online_cpus(), nr + 1);
	*run = (struct race_run){ .race = race, .ctx = ctx };
	KUNIT_ASSERT_EQ(test, racers_start(run), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, racers_end, run), 0);
	if (!warm_up(test, run))
		n = 0;
	while (run->outcome.runs < n && !run->outcome.seed) {
		u32 number = first + run->outcome.runs++;

		if (!run_seed(test, run, number))
			run->outcome.seed = number;
	}
	kunit_release_action(test, racers_end, run);
	return run->outcome;
}

void kunit_race(struct kunit *test, const struct race *race, void *ctx)
{
	struct race_outcome o = seed ? race_run(test, race, ctx, seed, 1) :
				       race_run(test, race, ctx, 1, seeds);

	if (seed || o.seed)
		kunit_log(test, "seed %u: %u points, order %08x", seed ? seed : o.seed, o.points,
			  o.order);
	else
		kunit_log(test, "%u seeds, the last of %u points", o.runs, o.points);
	if (o.seed)
		kunit_log(test, "again: make test SUITE=(this suite) CASE=%s SEED=%u", test->name,
			  o.seed);
	KUNIT_CHECK(test, expect, !o.seed, "seed %u: it does not hold that %s (%s:%d)", o.seed,
		    o.what, o.file ? o.file : "-", o.line);
}
