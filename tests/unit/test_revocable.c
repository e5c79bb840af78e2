/* SPDX-License-Identifier: MIT */
/*
 * Revocable objects: who is inside when revoke returns (nobody), how often the destructor runs
 * (once), what is found after (nothing); and the counted kind, where the last user destroys.
 *
 * A reader that has to be inside for long is on CPU 1, where there is one.
 */
#include <kernel/async_revocable.h>
#include <kernel/revocable.h>

#include <kernel/cpumask.h>
#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <lib/poison.h>
#include <lib/xorshift.h>
#include <test/kunit.h>

#include "threads.h"

struct gauge {
	unsigned int level;
	atomic_t *ends;
};

static void gauge_end(struct gauge *g)
{
	atomic_inc(g->ends);
}

static struct {
	REVOCABLE(struct gauge) gauge;
	ASYNC_REVOCABLE(struct gauge) shared;
	atomic_t ends, shared_ends;
	bool inside, leave;
	unsigned int seen;
} x;

static int begin(struct kunit *test)
{
	(void)test;
	memset(&x, 0, sizeof(x));
	*revocable_unshared(&x.gauge) = (struct gauge){ .level = 7, .ends = &x.ends };
	*revocable_unshared(&x.shared) = (struct gauge){ .level = 8, .ends = &x.shared_ends };
	revocable_init(&x.gauge, gauge_end);
	async_revocable_init(&x.shared, gauge_end);
	return 0;
}

/* ---- revocable ---- */

static unsigned int level(void)
{
	scoped_revocable(g, &x.gauge)
		return g->level;
	return 0;
}

static void object_is_there_until_it_is_revoked(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, level(), 7);
	KUNIT_EXPECT_TRUE(test, revocable_revoke(&x.gauge));
	KUNIT_EXPECT_EQ(test, level(), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&x.ends), 1);
	guard(rcu)();
	KUNIT_EXPECT_NULL(test, revocable_try_access(&x.gauge));
}

static void second_revoke_has_no_effect(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, revocable_revoke(&x.gauge));
	KUNIT_EXPECT_FALSE(test, revocable_revoke(&x.gauge));
	KUNIT_EXPECT_FALSE(test, revocable_revoke_nosync(&x.gauge));
	KUNIT_EXPECT_EQ(test, atomic_read(&x.ends), 1);
}

static void what_was_never_revoked_is_destroyed_with_its_owner(struct kunit *test)
{
	revocable_drop(&x.gauge);
	KUNIT_EXPECT_EQ(test, atomic_read(&x.ends), 1);
	revocable_drop(&x.gauge);
	KUNIT_EXPECT_EQ(test, atomic_read(&x.ends), 1);
}

static void object_needs_no_destructor(struct kunit *test)
{
	revocable_drop(&x.gauge);
	revocable_init(&x.gauge, NULL);
	KUNIT_EXPECT_TRUE(test, revocable_revoke(&x.gauge));
	KUNIT_EXPECT_EQ(test, level(), 0);
}

static int stay_inside(void *unused)
{
	(void)unused;
	scoped_revocable(g, &x.gauge) {
		smp_store_release(&x.inside, true);
		spin_until(smp_load_acquire(&x.leave));
		WRITE_ONCE(x.seen, g->level);
		return atomic_read(&x.ends);
	}
	return -ENXIO;
}

static int revoke(void *unused)
{
	(void)unused;
	return revocable_revoke(&x.gauge) + 2 * atomic_read(&x.ends);
}

/* Both revokers return after the destructor; one of them says that it did it. */
static void reader_inside_is_waited_for_by_all_revokers(struct kunit *test)
{
	struct task_struct *reader, *first, *second;

	NEEDS_TWO_CPUS(test);
	reader = start_thread_on(test, 1, stay_inside, NULL);
	KUNIT_EXPECT_TRUE(test, spin_until(smp_load_acquire(&x.inside)));
	first = start_thread_on(test, 0, revoke, NULL);
	second = start_thread_on(test, 0, revoke, NULL);
	msleep(5);
	KUNIT_EXPECT_EQ(test, atomic_read(&x.ends), 0);
	KUNIT_EXPECT_EQ(test, level(), 0);
	smp_store_release(&x.leave, true);
	KUNIT_EXPECT_EQ(test, kthread_join(reader), 0);
	KUNIT_EXPECT_EQ(test, kthread_join(first) + kthread_join(second), 2 + 3);
	KUNIT_EXPECT_EQ(test, x.seen, 7);
	KUNIT_EXPECT_EQ(test, atomic_read(&x.ends), 1);
}

#ifdef CONFIG_DEBUG
static void pointer_that_was_kept_shows_poison(struct kunit *test)
{
	const struct gauge *kept = NULL;

	scoped_revocable(g, &x.gauge)
		kept = g;
	revocable_revoke(&x.gauge);
	KUNIT_EXPECT_EQ(test, kept->level, (u32)POISON_WORD(POISON_FREE));
}
#endif

static void use_before_init_finds_nothing_and_revoke_is_reported(struct kunit *test)
{
	static REVOCABLE(struct gauge) never;

	scoped_revocable(g, &never)
		KUNIT_FAIL(test, "an object at %p", g);
	KUNIT_EXPECT_REPORT(test, "never initialised", revocable_drop(&never));
}

static void gauge_end_again(struct gauge *g)
{
	gauge_end(g);
	revocable_revoke(&x.gauge);
}

static void destructor_that_revokes_is_reported(struct kunit *test)
{
	revocable_drop(&x.gauge);
	*revocable_unshared(&x.gauge) = (struct gauge){ .ends = &x.ends };
	revocable_init(&x.gauge, gauge_end_again);
	KUNIT_EXPECT_REPORT(test, "by its own destructor", revocable_revoke(&x.gauge));
	KUNIT_EXPECT_EQ(test, atomic_read(&x.ends), 2);
}

#ifdef CONFIG_LOCKDEP

static void sleeping_inside_is_reported(struct kunit *test)
	__no_context_analysis
{
	scoped_revocable(g, &x.gauge) {
		KUNIT_EXPECT_REPORT(test, "sleeping function called", might_sleep());
		KUNIT_EXPECT_EQ(test, g->level, 7);
	}
}

static void revoking_from_inside_is_reported_and_has_no_effect(struct kunit *test)
	__no_context_analysis
{
	scoped_revocable(g, &x.gauge) {
		KUNIT_EXPECT_REPORT(test, "revoked in an RCU read section",
				    revocable_revoke(&x.gauge));
		KUNIT_EXPECT_EQ(test, g->level, 7);
	}
	KUNIT_EXPECT_EQ(test, level(), 7);
	KUNIT_EXPECT_TRUE(test, revocable_revoke(&x.gauge));
}

static void access_outside_of_a_section_is_reported(struct kunit *test)
	__no_context_analysis
{
	const struct gauge *g;

	KUNIT_EXPECT_REPORT(test, "a revocable is used outside of an RCU read section",
			    g = revocable_try_access(&x.gauge));
	KUNIT_EXPECT_NOT_NULL(test, g);
}

#endif

/* ---- counted ---- */

static void last_user_destroys(struct kunit *test)
{
	struct gauge *one = async_revocable_try_access(&x.shared);
	struct gauge *two = async_revocable_try_access(&x.shared);

	KUNIT_ASSERT_NOT_NULL(test, one);
	KUNIT_EXPECT_PTR_EQ(test, one, two);
	KUNIT_EXPECT_FALSE(test, async_revocable_is_revoked(&x.shared));
	KUNIT_EXPECT_TRUE(test, async_revocable_revoke(&x.shared));
	KUNIT_EXPECT_TRUE(test, async_revocable_is_revoked(&x.shared));
	KUNIT_EXPECT_NULL(test, async_revocable_try_access(&x.shared));
	KUNIT_EXPECT_FALSE(test, async_revocable_revoke(&x.shared));
	yield();
	async_revocable_put(&x.shared);
	KUNIT_EXPECT_EQ(test, atomic_read(&x.shared_ends), 0);
	KUNIT_EXPECT_EQ(test, two->level, 8);
	async_revocable_put(&x.shared);
	KUNIT_EXPECT_EQ(test, atomic_read(&x.shared_ends), 1);
}

static void revoke_without_users_destroys_at_once(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, async_revocable_revoke(&x.shared));
	KUNIT_EXPECT_EQ(test, atomic_read(&x.shared_ends), 1);
	KUNIT_EXPECT_FALSE(test, async_revocable_revoke(&x.shared));
	KUNIT_EXPECT_EQ(test, atomic_read(&x.shared_ends), 1);
}

static unsigned int shared_level(void)
{
	unsigned int level = 1;

	scoped_async_revocable(g, &x.shared)
		level = g->level;
	else
		level = 0;
	return level;
}

static void scope_ends_the_use(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, shared_level(), 8);
	KUNIT_EXPECT_EQ(test, x.shared.async_revocable.usage, 0);
	scoped_async_revocable(g, &x.shared) {
		KUNIT_EXPECT_TRUE(test, async_revocable_revoke(&x.shared));
		KUNIT_EXPECT_EQ(test, g->level, 8);
		KUNIT_EXPECT_EQ(test, atomic_read(&x.shared_ends), 0);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&x.shared_ends), 1);
	KUNIT_EXPECT_EQ(test, shared_level(), 0);
}

static void break_ends_the_use_too(struct kunit *test)
{
	unsigned int rounds = 0;

	scoped_async_revocable(g, &x.shared) {
		if (++rounds && g->level)
			break;
		rounds = 10;
	}
	scoped_revocable(g, &x.gauge) {
		if (++rounds && g->level)
			break;
		rounds = 10;
	}
	KUNIT_EXPECT_EQ(test, rounds, 2);
	KUNIT_EXPECT_EQ(test, x.shared.async_revocable.usage, 0);
	KUNIT_EXPECT_EQ(test, rcu_read_lock_held(), !IS_ENABLED(CONFIG_LOCKDEP));
}

static void put_without_a_use_is_reported(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "is put that nobody has", async_revocable_put(&x.shared));
	KUNIT_EXPECT_TRUE(test, async_revocable_revoke(&x.shared));
	KUNIT_EXPECT_REPORT(test, "is put that nobody has", async_revocable_put(&x.shared));
	KUNIT_EXPECT_EQ(test, atomic_read(&x.shared_ends), 1);
}

/* A leak, not a use after free. */
static void too_many_users_are_never_destroyed(struct kunit *test)
{
	struct gauge *g;

	x.shared.async_revocable.usage = BIT(30) - 1;
	KUNIT_EXPECT_REPORT(test, "too many users", g = async_revocable_try_access(&x.shared));
	KUNIT_EXPECT_NOT_NULL(test, g);
	KUNIT_EXPECT_NOT_NULL(test, async_revocable_try_access(&x.shared));
	for (int i = 0; i < 4; i++)
		async_revocable_put(&x.shared);
	KUNIT_EXPECT_TRUE(test, async_revocable_revoke(&x.shared));
	async_revocable_put(&x.shared);
	KUNIT_EXPECT_EQ(test, atomic_read(&x.shared_ends), 0);
	KUNIT_EXPECT_NULL(test, async_revocable_try_access(&x.shared));
}

#ifdef CONFIG_LOCKDEP

static void gauge_end_asleep(struct gauge *g)
{
	gauge_end(g);
	might_sleep();
}

static struct timer_list putter;

static void put_in_irq(struct timer_list *timer)
{
	(void)timer;
	async_revocable_put(&x.shared);
}

static void destructor_that_sleeps_in_an_interrupt_is_reported(struct kunit *test)
{
	(void)async_revocable_revoke(&x.shared);
	*revocable_unshared(&x.shared) = (struct gauge){ .ends = &x.shared_ends };
	async_revocable_init(&x.shared, gauge_end_asleep);
	KUNIT_ASSERT_TRUE(test, async_revocable_try_access(&x.shared) != NULL);
	async_revocable_revoke(&x.shared);
	timer_setup(&putter, put_in_irq, 0);
	KUNIT_EXPECT_REPORT(test, "sleeping function called in hard irq",
			    mod_timer(&putter, jiffies + 1); msleep(3));
	KUNIT_EXPECT_EQ(test, atomic_read(&x.shared_ends), 2);
}

#endif

#define USERS_ROUNDS	2000

/* Each user writes its own cell: the destructor, behind the last put, sees all of it. */
static struct {
	unsigned int cell[CONFIG_NR_CPUS * 2];
	unsigned int done[CONFIG_NR_CPUS * 2];
	unsigned int sum_at_end;
	atomic_t nr, ends, uses;
	ASYNC_REVOCABLE(int) object;
} crowd;

static void crowd_end(int *object)
{
	(void)object;
	atomic_inc(&crowd.ends);
	for (size_t i = 0; i < ARRAY_SIZE(crowd.cell); i++)
		crowd.sum_at_end += crowd.cell[i];
}

static int use_until_revoked(void *unused)
{
	int nr = atomic_inc_return(&crowd.nr) - 1;
	u32 random = (u32)nr + 1;
	bool revoked = false;

	(void)unused;
	while (!revoked) {
		scoped_async_revocable(object, &crowd.object) {
			(void)object;
			if (atomic_read(&crowd.ends))
				return -EIO;
			crowd.cell[nr]++;
			if (xorshift32(&random) % 4 == 0)
				cond_resched();
			atomic_inc(&crowd.uses);
		} else {
			revoked = true;
		}
		if (xorshift32(&random) % 4 == 0)
			cond_resched();
	}
	return 0;
}

static int revoke_crowd(void *unused)
{
	(void)unused;
	while (atomic_read(&crowd.uses) < USERS_ROUNDS &&
	       !async_revocable_is_revoked(&crowd.object))
		cond_resched();
	return async_revocable_revoke(&crowd.object);
}

static void of_many_users_one_destroys_and_sees_what_all_did(struct kunit *test)
{
	struct task_struct *t[CONFIG_NR_CPUS * 2], *r[2];
	unsigned int n = num_online_cpus() * 2, sum = 0;

	memset(&crowd, 0, sizeof(crowd));
	async_revocable_init(&crowd.object, crowd_end);
	for (unsigned int i = 0; i < n; i++)
		t[i] = start_thread_on(test, i / 2, use_until_revoked, NULL);
	for (unsigned int i = 0; i < 2; i++)
		r[i] = start_thread_on(test, i % num_online_cpus(), revoke_crowd, NULL);
	KUNIT_EXPECT_EQ(test, kthread_join(r[0]) + kthread_join(r[1]), 1);
	for (unsigned int i = 0; i < n; i++)
		KUNIT_EXPECT_EQ(test, kthread_join(t[i]), 0);
	for (unsigned int i = 0; i < n; i++)
		sum += crowd.cell[i];
	KUNIT_EXPECT_EQ(test, atomic_read(&crowd.ends), 1);
	KUNIT_EXPECT_EQ(test, crowd.sum_at_end, sum);
}

static void end(struct kunit *test)
{
	(void)test;
	smp_store_release(&x.leave, true);
	async_revocable_revoke(&crowd.object);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(object_is_there_until_it_is_revoked),
	KUNIT_CASE(second_revoke_has_no_effect),
	KUNIT_CASE(what_was_never_revoked_is_destroyed_with_its_owner),
	KUNIT_CASE(object_needs_no_destructor),
	KUNIT_CASE(reader_inside_is_waited_for_by_all_revokers),
#ifdef CONFIG_DEBUG
	KUNIT_CASE(pointer_that_was_kept_shows_poison),
#endif
	KUNIT_CASE(use_before_init_finds_nothing_and_revoke_is_reported),
	KUNIT_CASE(destructor_that_revokes_is_reported),
#ifdef CONFIG_LOCKDEP
	KUNIT_CASE(sleeping_inside_is_reported),
	KUNIT_CASE(revoking_from_inside_is_reported_and_has_no_effect),
	KUNIT_CASE(access_outside_of_a_section_is_reported),
#endif
	KUNIT_CASE(last_user_destroys),
	KUNIT_CASE(revoke_without_users_destroys_at_once),
	KUNIT_CASE(scope_ends_the_use),
	KUNIT_CASE(break_ends_the_use_too),
	KUNIT_CASE(put_without_a_use_is_reported),
	KUNIT_CASE(too_many_users_are_never_destroyed),
#ifdef CONFIG_LOCKDEP
	KUNIT_CASE(destructor_that_sleeps_in_an_interrupt_is_reported),
#endif
	KUNIT_CASE(of_many_users_one_destroys_and_sees_what_all_did),
	{ }
};

static struct kunit_suite suite = {
	.name = "revocable",
	.init = begin,
	.exit = end,
	.test_cases = cases,
};

kunit_test_suite(suite);
