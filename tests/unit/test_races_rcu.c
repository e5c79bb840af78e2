/* SPDX-License-Identifier: MIT */
/*
 * Races of what is taken away from its readers: RCU, revocables, and the lock for many readers.
 */
#include <kernel/async_revocable.h>
#include <kernel/rcupdate.h>
#include <kernel/revocable.h>
#include <kernel/rwsem.h>
#include <kernel/sched.h>
#include <lib/atomic.h>
#include <lib/container_of.h>
#include <test/interleave.h>
#include <test/kunit.h>

#define ROUNDS	3
#define SEEDS	1000	/* in which the planted mistake has to be found */

/* ---- RCU ---- */

struct thing {
	atomic_t alive;
	struct rcu_head rcu;
};

static struct thing things[2];
static struct thing *shown;
static atomic_t called;

static void show_first(void *ctx)
{
	(void)ctx;
	atomic_set(&things[0].alive, 1);
	atomic_set(&things[1].alive, 1);
	atomic_set(&called, 0);
	shown = &things[0];
}

/* What is found at the beginning of a section lives to its end. */
static void read_it(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct thing *t;

		rcu_read_lock();
		t = rcu_dereference(shown);
		RACE_CHECK(!t || atomic_read(&t->alive));
		RACE_CHECK(!t || atomic_read(&t->alive));
		rcu_read_unlock();
	}
}

static void end(struct rcu_head *head)
{
	atomic_set(&container_of(head, struct thing, rcu)->alive, 0);
	atomic_inc(&called);
}

static void replace_and_wait(void *ctx)
{
	(void)ctx;
	rcu_assign_pointer(shown, &things[1]);
	synchronize_rcu();
	atomic_set(&things[0].alive, 0);
}

static void replace_without_waiting(void *ctx)
{
	(void)ctx;
	rcu_assign_pointer(shown, &things[1]);
	atomic_set(&things[0].alive, 0);
}

static void replace_and_call(void *ctx)
{
	(void)ctx;
	rcu_assign_pointer(shown, &things[1]);
	call_rcu(&things[0].rcu, end);
}

static void replace_and_wait_for_the_call(void *ctx)
{
	replace_and_call(ctx);
	rcu_barrier();
	RACE_CHECK(atomic_read(&called) == 1);
}

static void all_called(void *ctx)
{
	(void)ctx;
	rcu_barrier();
	RACE_CHECK(atomic_read(&called) == 1);
}

static const struct race grace_period = {
	.reset = show_first, .racers = { read_it, replace_and_wait, read_it },
};

static void a_reader_keeps_what_it_found(struct kunit *test)
{
	kunit_race(test, &grace_period, NULL);
}

static void a_missing_grace_period_is_found(struct kunit *test)
{
	static const struct race wrong = {
		.reset = show_first, .racers = { read_it, replace_without_waiting, read_it },
	};
	struct race_outcome o = race_run(test, &wrong, NULL, 1, SEEDS);

	KUNIT_EXPECT_GT(test, o.seed, 0);
	kunit_log(test, "found by seed %u: %s", o.seed, o.what);
}

KUNIT_RACE(a_callback_comes_after_the_readers,
	   .reset = show_first, .settle = all_called,
	   .racers = { read_it, replace_and_call, read_it })

KUNIT_RACE(the_barrier_comes_after_the_callback,
	   .reset = show_first,
	   .racers = { read_it, replace_and_wait_for_the_call, read_it })

/* ---- revocables ---- */

struct gauge {
	int alive;
};

static REVOCABLE(struct gauge) gauge;
static ASYNC_REVOCABLE(struct gauge) shared;
static atomic_t destroyed, firsts;

static void destroy(struct gauge *g)
{
	WRITE_ONCE(g->alive, 0);
	atomic_inc(&destroyed);
}

static void provide(void *ctx)
{
	(void)ctx;
	/* Of the last race; one that it did not revoke is given up. */
	memset(&gauge, 0, sizeof(gauge));
	memset(&shared, 0, sizeof(shared));
	revocable_unshared(&gauge)->alive = 1;
	revocable_unshared(&shared)->alive = 1;
	revocable_init(&gauge, destroy);
	async_revocable_init(&shared, destroy);
	atomic_set(&destroyed, 0);
	atomic_set(&firsts, 0);
}

static void use(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++)
		scoped_revocable(g, &gauge) {
			RACE_CHECK(READ_ONCE(g->alive) == 1);
			sched_point();
			RACE_CHECK(READ_ONCE(g->alive) == 1);
			sched_point();
			RACE_CHECK(atomic_read(&destroyed) == 0);
		}
}

/* Once the first is back, nobody is inside. */
static void revoke(void *ctx)
{
	(void)ctx;
	if (revocable_revoke(&gauge)) {
		atomic_inc(&firsts);
		RACE_CHECK(atomic_read(&destroyed) == 1);
	}
}

static void destroyed_once(void *ctx)
{
	(void)ctx;
	RACE_CHECK(atomic_read(&firsts) == 1);
	RACE_CHECK(atomic_read(&destroyed) == 1);
}

KUNIT_RACE(a_revoke_waits_for_who_is_inside,
	   .reset = provide, .settle = destroyed_once, .racers = { use, revoke, use })

KUNIT_RACE(of_two_revokes_one_destroys,
	   .reset = provide, .settle = destroyed_once, .racers = { use, revoke, revoke })

static void use_asleep(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct gauge *g = async_revocable_try_access(&shared);

		if (!g)
			break;
		RACE_CHECK(READ_ONCE(g->alive) == 1);
		yield();
		RACE_CHECK(READ_ONCE(g->alive) == 1);
		async_revocable_put(&shared);
	}
}

static void revoke_at_once(void *ctx)
{
	(void)ctx;
	if (async_revocable_revoke(&shared))
		atomic_inc(&firsts);
	RACE_CHECK(!async_revocable_try_access(&shared));
}

KUNIT_RACE(the_last_user_destroys,
	   .reset = provide, .settle = destroyed_once,
	   .racers = { use_asleep, revoke_at_once, use_asleep })

KUNIT_RACE(of_two_that_revoke_at_once_one_is_the_first,
	   .reset = provide, .settle = destroyed_once,
	   .racers = { use_asleep, revoke_at_once, revoke_at_once })

/* ---- many readers or one writer ---- */

static DECLARE_RWSEM(sem);
static atomic_t readers, writers, written;

static void nobody_in(void *ctx)
{
	(void)ctx;
	atomic_set(&readers, 0);
	atomic_set(&writers, 0);
	atomic_set(&written, 0);
}

static void read_rounds(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		down_read(&sem);
		atomic_inc(&readers);
		RACE_CHECK(atomic_read(&writers) == 0);
		atomic_dec(&readers);
		up_read(&sem);
	}
}

static void write_rounds(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		down_write(&sem);
		RACE_CHECK(atomic_inc_return(&writers) == 1);
		RACE_CHECK(atomic_read(&readers) == 0);
		atomic_set(&written, atomic_read(&written) + 1);
		atomic_dec(&writers);
		up_write(&sem);
	}
}

static void downgrade_rounds(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		int mine;

		down_write(&sem);
		RACE_CHECK(atomic_read(&readers) == 0 && atomic_read(&writers) == 0);
		mine = atomic_read(&written) + 1;
		atomic_set(&written, mine);
		downgrade_write(&sem);
		RACE_CHECK(atomic_read(&writers) == 0);
		RACE_CHECK(atomic_read(&written) == mine);
		up_read(&sem);
	}
}

static void rwsem_is_free(void *ctx)
{
	(void)ctx;
	RACE_CHECK(!rwsem_is_locked(&sem));
	RACE_CHECK(atomic_read(&written) == 2 * ROUNDS);
}

KUNIT_RACE(a_writer_is_alone,
	   .reset = nobody_in, .settle = rwsem_is_free,
	   .racers = { read_rounds, write_rounds, write_rounds })

KUNIT_RACE(a_writer_that_becomes_a_reader_lets_no_writer_in,
	   .reset = nobody_in, .settle = rwsem_is_free,
	   .racers = { read_rounds, downgrade_rounds, write_rounds })

static struct kunit_case cases[] = {
	KUNIT_CASE(a_reader_keeps_what_it_found),
	KUNIT_CASE(a_missing_grace_period_is_found),
	KUNIT_CASE(a_callback_comes_after_the_readers),
	KUNIT_CASE(the_barrier_comes_after_the_callback),
	KUNIT_CASE(a_revoke_waits_for_who_is_inside),
	KUNIT_CASE(of_two_revokes_one_destroys),
	KUNIT_CASE(the_last_user_destroys),
	KUNIT_CASE(of_two_that_revoke_at_once_one_is_the_first),
	KUNIT_CASE(a_writer_is_alone),
	KUNIT_CASE(a_writer_that_becomes_a_reader_lets_no_writer_in),
	{},
};

static struct kunit_suite suite = {
	.name = "races_rcu",
	.test_cases = cases,
	.timeout_ms = 600000,
};
kunit_test_suite(suite);
