/* SPDX-License-Identifier: MIT */
/*
 * A task that an interrupt ends, at each moment of what it does with a spin lock: it ends where
 * it leaves none taken, or not yet.
 *
 * The interrupt comes one count of the timer later each time, and a lock's round takes some tens
 * of them. Those that would come with interrupts off come right after: that is between the
 * checker's record and the lock itself.
 */
#include <kernel/hrtimer.h>
#include <kernel/kthread.h>
#include <kernel/seqlock.h>
#include <kernel/spinlock.h>
#include <lib/errno.h>
#include <test/kunit.h>

#include "lock_threads.h"

#define FIRST_NS	2000u	/* from the start of the timer; it is in its rounds by then */
#define STEP_NS		16u	/* a count */
#define STEPS		128u	/* some rounds */
#define AGAIN_NS	10016u	/* after the first attempt in vain; longer than the handler */
#define ROUNDS		10000u	/* in which it is ended; some milliseconds */

struct scene {
	spinlock_t lock;
	seqcount_t count;
	struct hrtimer timer;
	u64 first_ns;
	ktime_t again_ns;	/* longer each time: it shall not keep step with the rounds */
	void (*round)(struct scene *s);
	bool survived;
};

static enum hrtimer_restart end_it(struct hrtimer *timer)
{
	struct scene *s = container_of(timer, struct scene, timer);

	if (kthread_kill_interrupted(-EINTR))
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, s->again_ns);
	s->again_ns += STEP_NS;
	return HRTIMER_RESTART;
}

static int rounds(void *data)
{
	struct scene *s = data;

	hrtimer_start(&s->timer, (ktime_t)s->first_ns, HRTIMER_MODE_REL);
	for (unsigned int i = 0; i < ROUNDS; i++)
		s->round(s);
	hrtimer_cancel(&s->timer);
	s->survived = true;
	return 0;
}

static void end_at_each_moment(struct kunit *test, struct scene *s)
	__no_context_analysis
{
	spin_lock_init(&s->lock);
	seqcount_init(&s->count);
	hrtimer_init(&s->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	s->timer.function = end_it;
	for (unsigned int i = 0; i < STEPS; i++) {
		struct task_struct *t = new_thread(test, rounds, s);

		s->first_ns = FIRST_NS + i * STEP_NS;
		s->again_ns = AGAIN_NS;
		wake_up_process(t);
		kthread_join(t);
		KUNIT_ASSERT_FALSE(test, s->survived);
		free_killed_thread(test, t);
		KUNIT_ASSERT_TRUE(test, spin_trylock(&s->lock));
		spin_unlock(&s->lock);
		KUNIT_ASSERT_EQ(test, s->count.sequence & 1, 0);
	}
}

static void lock_and_unlock(struct scene *s)
{
	spin_lock(&s->lock);
	spin_unlock(&s->lock);
}

static void try_and_unlock(struct scene *s)
	__no_context_analysis
{
	if (spin_trylock(&s->lock))
		spin_unlock(&s->lock);
}

static void write_section(struct scene *s)
{
	write_seqcount_begin(&s->count);
	write_seqcount_end(&s->count);
}

static void one_that_locks_leaves_nothing_locked(struct kunit *test)
{
	struct scene s = { .round = lock_and_unlock };

	NEEDS_KILLS(test);
	NEEDS_LOCKDEP(test);
	end_at_each_moment(test, &s);
}

static void one_that_tries_leaves_nothing_locked(struct kunit *test)
{
	struct scene s = { .round = try_and_unlock };

	NEEDS_KILLS(test);
	NEEDS_LOCKDEP(test);
	end_at_each_moment(test, &s);
}

static void one_that_writes_leaves_no_section_open(struct kunit *test)
{
	struct scene s = { .round = write_section };

	NEEDS_KILLS(test);
	NEEDS_LOCKDEP(test);
	end_at_each_moment(test, &s);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(one_that_locks_leaves_nothing_locked),
	KUNIT_CASE(one_that_tries_leaves_nothing_locked),
	KUNIT_CASE(one_that_writes_leaves_no_section_open),
	{}
};

static struct kunit_suite suite = {
	.name = "kill",
	.exit = free_thread_cache,
	.timeout_ms = 60000,
	.test_cases = cases,
};
kunit_test_suite(suite);
