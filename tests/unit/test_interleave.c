/* SPDX-License-Identifier: MIT */
/*
 * The orders that a seed decides: that they are different, that they come again, and that
 * they find what is planted here. Each planted race has a twin without the mistake, which
 * the same seeds do not fail.
 */
#include <hal/barrier.h>
#include <kernel/jiffies.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/atomic.h>
#include <lib/refcount.h>
#include <test/interleave.h>
#include <test/kunit.h>

#define SEEDS	1000	/* in which each planted mistake has to be found */

static atomic_t count;
static DEFINE_SPINLOCK(lock);

static void count_is_zero(void *ctx)
{
	(void)ctx;
	atomic_set(&count, 0);
}

/* ---- a counter without its lock ---- */

static void add_one_unlocked(void *ctx)
{
	(void)ctx;
	atomic_set(&count, atomic_read(&count) + 1);
}

static void add_one_locked(void *ctx)
{
	guard(spinlock)(&lock);
	add_one_unlocked(ctx);
}

static void count_is_two(void *ctx)
{
	(void)ctx;
	RACE_CHECK(atomic_read(&count) == 2);
}

static const struct race unlocked = {
	.reset = count_is_zero, .settle = count_is_two,
	.racers = { add_one_unlocked, add_one_unlocked },
};

static const struct race locked = {
	.reset = count_is_zero, .settle = count_is_two,
	.racers = { add_one_locked, add_one_locked },
};

/* Returns the seed that finds the mistake. */
static u32 expect_found(struct kunit *test, const struct race *wrong, const struct race *right)
{
	struct race_outcome o = race_run(test, wrong, NULL, 1, SEEDS);

	KUNIT_EXPECT_GT(test, o.seed, 0);
	kunit_log(test, "found by seed %u: %s", o.seed, o.what);
	o = race_run(test, right, NULL, 1, SEEDS);
	KUNIT_EXPECT_EQ(test, o.seed, 0);
	KUNIT_EXPECT_EQ(test, o.runs, SEEDS);
	return o.seed;
}

static void a_counter_without_its_lock_is_found(struct kunit *test)
{
	expect_found(test, &unlocked, &locked);
}

/* ---- a wake-up that is lost ---- */

static struct task_struct *waiter;
static bool ready;

static void not_ready(void *ctx)
{
	(void)ctx;
	waiter = NULL;
	ready = false;
}

static void make_ready(void *ctx)
{
	struct task_struct *p = smp_load_acquire(&waiter);

	(void)ctx;
	WRITE_ONCE(ready, true);
	smp_mb();
	if (p)
		wake_up_process(p);
}

static void wait_for(void (*announce)(void), void (*announce_late)(void))
{
	long left = HZ;

	smp_store_release(&waiter, current);
	for (;;) {
		announce();
		if (READ_ONCE(ready))
			break;
		sched_point();
		announce_late();
		left = schedule_timeout(left);
		if (!left)
			break;
	}
	__set_current_state(TASK_RUNNING);
	RACE_CHECK(left != 0);
}

static void nothing(void)
{
}

static void about_to_sleep(void)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
}

/* It looks, says that it sleeps, and sleeps: a wake-up after the look wakes nobody. */
static void looks_then_sleeps(void *ctx)
{
	(void)ctx;
	wait_for(nothing, about_to_sleep);
}

static void says_so_then_looks(void *ctx)
{
	(void)ctx;
	wait_for(about_to_sleep, nothing);
}

static const struct race lost_wake_up = {
	.reset = not_ready, .racers = { looks_then_sleeps, make_ready },
};

static const struct race kept_wake_up = {
	.reset = not_ready, .racers = { says_so_then_looks, make_ready },
};

static void a_lost_wake_up_is_found(struct kunit *test)
{
	expect_found(test, &lost_wake_up, &kept_wake_up);
}

/* ---- data that is published too early ---- */

static int payload;
static bool published;

static void unpublished(void *ctx)
{
	(void)ctx;
	payload = 0;
	published = false;
}

static void publishes_too_early(void *ctx)
{
	(void)ctx;
	smp_store_release(&published, true);
	smp_wmb();
	WRITE_ONCE(payload, 1);
}

static void publishes(void *ctx)
{
	(void)ctx;
	WRITE_ONCE(payload, 1);
	smp_store_release(&published, true);
}

static void reads(void *ctx)
{
	(void)ctx;
	if (smp_load_acquire(&published))
		RACE_CHECK(READ_ONCE(payload) == 1);
}

static const struct race early = {
	.reset = unpublished, .racers = { publishes_too_early, reads },
};

static const struct race in_time = {
	.reset = unpublished, .racers = { publishes, reads },
};

static void what_is_published_too_early_is_found(struct kunit *test)
{
	expect_found(test, &early, &in_time);
}

/* ---- a count of references that is two operations ---- */

static atomic_t refs, freed;
static refcount_t good_refs;

static void two_references(void *ctx)
{
	(void)ctx;
	atomic_set(&refs, 2);
	refcount_set(&good_refs, 2);
	atomic_set(&freed, 0);
}

static void put_in_two_steps(void *ctx)
{
	(void)ctx;
	atomic_dec(&refs);
	if (atomic_read(&refs) == 0)
		atomic_inc(&freed);
}

static void put(void *ctx)
{
	(void)ctx;
	if (refcount_dec_and_test(&good_refs))
		atomic_inc(&freed);
}

static void freed_once(void *ctx)
{
	(void)ctx;
	RACE_CHECK(atomic_read(&freed) == 1);
}

static const struct race freed_twice = {
	.reset = two_references, .settle = freed_once,
	.racers = { put_in_two_steps, put_in_two_steps },
};

static const struct race counted = {
	.reset = two_references, .settle = freed_once, .racers = { put, put },
};

static void a_reference_put_in_two_steps_is_found(struct kunit *test)
{
	expect_found(test, &freed_twice, &counted);
}

/* ---- two locks in both orders ---- */

static DEFINE_SPINLOCK(inner);

static bool take_both(spinlock_t *first, spinlock_t *second)
	__no_context_analysis
{
	bool both;

	spin_lock(first);
	both = spin_trylock(second);
	for (unsigned int i = 0; !both && i < 50; i++) {
		cpu_relax();
		both = spin_trylock(second);
	}
	if (both)
		spin_unlock(second);
	spin_unlock(first);
	return both;
}

static void lock_then_inner(void *ctx)
{
	(void)ctx;
	RACE_CHECK(take_both(&lock, &inner));
}

static void inner_then_lock(void *ctx)
{
	(void)ctx;
	RACE_CHECK(take_both(&inner, &lock));
}

static const struct race both_orders = {
	.reset = count_is_zero, .racers = { lock_then_inner, inner_then_lock },
};

static const struct race one_order = {
	.reset = count_is_zero, .racers = { lock_then_inner, lock_then_inner },
};

static void a_deadlock_of_two_locks_is_found(struct kunit *test)
{
	expect_found(test, &both_orders, &one_order);
}

/* ---- a seed is an order ---- */

static void a_seed_that_failed_fails_again_in_the_same_order(struct kunit *test)
{
	struct race_outcome first = race_run(test, &unlocked, NULL, 1, SEEDS);

	KUNIT_ASSERT_GT(test, first.seed, 0);
	for (unsigned int i = 0; i < 10; i++) {
		struct race_outcome again = race_run(test, &unlocked, NULL, first.seed, 1);

		KUNIT_EXPECT_EQ(test, again.seed, first.seed);
		KUNIT_EXPECT_EQ(test, again.order, first.order);
		KUNIT_EXPECT_EQ(test, again.points, first.points);
	}
}

static void a_seed_alone_is_the_same_order_as_among_others(struct kunit *test)
{
	static const struct race *const races[] = { &kept_wake_up, &counted, &one_order };

	for (unsigned int i = 0; i < 3; i++) {
		struct race_outcome among = race_run(test, races[i], NULL, 1, 100);
		struct race_outcome alone = race_run(test, races[i], NULL, 100, 1);

		KUNIT_EXPECT_EQ(test, among.order, alone.order);
		KUNIT_EXPECT_EQ(test, among.points, alone.points);
	}
}

static void seeds_that_follow_each_other_are_different_orders(struct kunit *test)
{
	u32 seen[32];

	for (u32 seed = 1; seed <= 32; seed++) {
		struct race_outcome o = race_run(test, &kept_wake_up, NULL, seed, 1);

		KUNIT_EXPECT_EQ(test, o.seed, 0);
		seen[seed - 1] = o.order;
		for (u32 i = 0; i < seed - 1; i++)
			KUNIT_EXPECT_NE(test, seen[i], o.order);
	}
}

/* ---- one processor at a time ---- */

static unsigned int inside, met;

static void nobody_inside(void *ctx)
{
	(void)ctx;
	inside = met = 0;
}

/* Between two points nothing else happens: plain additions are enough. */
static void add_between_points(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < 20; i++) {
		for (unsigned int k = 0; k < 50; k++)
			WRITE_ONCE(inside, READ_ONCE(inside) + 1);
		sched_point();
	}
}

static void all_were_added(void *ctx)
{
	(void)ctx;
	RACE_CHECK(inside == 3 * 20 * 50);
}

static const struct race between_points = {
	.reset = nobody_inside, .settle = all_were_added,
	.racers = { add_between_points, add_between_points, add_between_points },
};

static void nothing_happens_between_two_points_of_another(struct kunit *test)
{
	kunit_race(test, &between_points, NULL);
}

static void spin_until_met(void *ctx)
{
	(void)ctx;
	WRITE_ONCE(met, met + 1);
	while (READ_ONCE(met) != 3)
		cpu_relax();
}

static const struct race all_meet = {
	.reset = nobody_inside, .racers = { spin_until_met, spin_until_met, spin_until_met },
};

static void who_waits_for_another_lets_it_go_first(struct kunit *test)
{
	kunit_race(test, &all_meet, NULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_counter_without_its_lock_is_found),
	KUNIT_CASE(a_lost_wake_up_is_found),
	KUNIT_CASE(what_is_published_too_early_is_found),
	KUNIT_CASE(a_reference_put_in_two_steps_is_found),
	KUNIT_CASE(a_deadlock_of_two_locks_is_found),
	KUNIT_CASE(a_seed_that_failed_fails_again_in_the_same_order),
	KUNIT_CASE(a_seed_alone_is_the_same_order_as_among_others),
	KUNIT_CASE(seeds_that_follow_each_other_are_different_orders),
	KUNIT_CASE(nothing_happens_between_two_points_of_another),
	KUNIT_CASE(who_waits_for_another_lets_it_go_first),
	{},
};

static struct kunit_suite suite = {
	.name = "interleave",
	.test_cases = cases,
	.timeout_ms = 600000,
};
kunit_test_suite(suite);
