/* SPDX-License-Identifier: MIT */
/*
 * Locks between CPUs: who came first is served first, and nobody is kept out by those who come
 * again and again.
 *
 * The contenders arrive in an order that is not that of their CPUs, in which the emulator would
 * let them go on if the lock had no order of its own.
 */
#include <kernel/condvar.h>
#include <kernel/mutex.h>
#include <kernel/rwsem.h>
#include <lib/atomic.h>
#include <lib/math.h>
#include <test/kunit.h>

#include "lock_threads.h"

#define CONTENDERS	3

/* With fewer CPUs than contenders the case is over. */
#define NEEDS_CPUS_FOR_ALL(test) do {						\
	if (num_online_cpus() <= CONTENDERS) {					\
		kunit_mark_skipped(test, "%u CPUs run", num_online_cpus());	\
		return;								\
	}									\
} while (0)

static const u8 orders[][CONTENDERS] = {
	{ 1, 2, 3 }, { 1, 3, 2 }, { 2, 1, 3 }, { 2, 3, 1 }, { 3, 1, 2 }, { 3, 2, 1 },
};

struct scene;

struct contender {
	struct scene *scene;
	unsigned int cpu;
	bool comes;			/* the next thing that it does is to take the lock */
};

/* Lock: [m] whichever lock it is about. */
struct scene {
	spinlock_t spin;
	struct mutex mutex;
	struct rw_semaphore sem;
	struct contender contenders[CONTENDERS];
	struct task_struct *task[CONTENDERS];
	u8 served[CONTENDERS];		/* [m] the CPUs, in order */
	unsigned int nr;		/* [m] of them */
};

static struct scene *scene_new(struct kunit *test)
{
	struct scene *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	spin_lock_init(&s->spin);
	mutex_init(&s->mutex);
	init_rwsem(&s->sem);
	return s;
}

static void new_contenders(struct kunit *test, struct scene *s, int (*fn)(void *))
{
	s->nr = 0;
	for (unsigned int i = 0; i < CONTENDERS; i++) {
		s->contenders[i] = (struct contender){ .scene = s, .cpu = i + 1 };
		s->task[i] = new_thread(test, fn, &s->contenders[i]);
		kthread_bind(s->task[i], i + 1);
	}
}

static void served(struct contender *c)
{
	struct scene *s = c->scene;

	s->served[s->nr] = (u8)c->cpu;
	WRITE_ONCE(s->nr, s->nr + 1);
}

static void expect_served(struct kunit *test, struct scene *s, const u8 *order)
{
	for (unsigned int i = 0; i < CONTENDERS; i++)
		kthread_join(s->task[i]);
	for (unsigned int i = 0; i < CONTENDERS; i++)
		KUNIT_EXPECT_EQ(test, s->served[i], order[i]);
}

/* ---- spin locks ---- */

#define POLLS_TO_COME	100	/* of another CPU, while this one has the few instructions left */

static int take_spin(void *data)
{
	struct contender *c = data;

	WRITE_ONCE(c->comes, true);
	guard(spinlock)(&c->scene->spin);
	served(c);
	return 0;
}

static void let_come_to_spin(struct kunit *test, struct scene *s, unsigned int cpu)
{
	wake_up_process(s->task[cpu - 1]);
	KUNIT_EXPECT_TRUE(test, spin_until(READ_ONCE(s->contenders[cpu - 1].comes)));
	for (unsigned int i = 0; i < POLLS_TO_COME; i++)
		cpu_relax();
}

static void a_spin_lock_is_had_in_the_order_of_arrival(struct kunit *test)
{
	struct scene *s = scene_new(test);

	NEEDS_CPUS_FOR_ALL(test);
	for (unsigned int i = 0; i < ARRAY_SIZE(orders); i++) {
		new_contenders(test, s, take_spin);
		scoped_guard(spinlock, &s->spin) {
			for (unsigned int k = 0; k < CONTENDERS; k++)
				let_come_to_spin(test, s, orders[i][k]);
			KUNIT_EXPECT_EQ(test, READ_ONCE(s->nr), 0);
		}
		expect_served(test, s, orders[i]);
	}
}

/* ---- mutexes ---- */

static int take_mutex(void *data)
{
	struct contender *c = data;

	guard(mutex)(&c->scene->mutex);
	served(c);
	return 0;
}

static void let_come_to_sleep(struct kunit *test, struct scene *s, unsigned int cpu)
{
	struct task_struct *t = s->task[cpu - 1];

	wake_up_process(t);
	KUNIT_EXPECT_TRUE(test, spin_until(task_state_to_char(t) == 'D'));
}

/* From the unlock on it belongs to the first who waits, and so on: it is never free. */
static void a_mutex_is_had_in_the_order_of_arrival(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	NEEDS_CPUS_FOR_ALL(test);
	for (unsigned int i = 0; i < ARRAY_SIZE(orders); i++) {
		new_contenders(test, s, take_mutex);
		mutex_lock(&s->mutex);
		for (unsigned int k = 0; k < CONTENDERS; k++)
			let_come_to_sleep(test, s, orders[i][k]);
		KUNIT_EXPECT_EQ(test, READ_ONCE(s->nr), 0);
		mutex_unlock(&s->mutex);
		KUNIT_EXPECT_TRUE(test, spin_until(mutex_trylock(&s->mutex)));
		KUNIT_EXPECT_EQ(test, s->nr, CONTENDERS);
		mutex_unlock(&s->mutex);
		expect_served(test, s, orders[i]);
	}
}

/* ---- a writer among readers ---- */

#define READS_MAX	200
#define POLLS_OF_OTHER	200

struct reader {
	struct rw_semaphore *sem;
	const struct reader *other;
	unsigned int reads;
};

/* Leaves when the other one has come in, so that without a writer the lock is never free. */
static int read_until_other_reads(void *data)
{
	struct reader *r = data;

	while (r->reads < READS_MAX && !kthread_should_stop()) {
		unsigned int seen = READ_ONCE(r->other->reads);

		guard(rwsem_read)(r->sem);
		WRITE_ONCE(r->reads, r->reads + 1);
		for (unsigned int i = 0; i < POLLS_OF_OTHER && READ_ONCE(r->other->reads) == seen;
		     i++)
			cpu_relax();
	}
	return 0;
}

static unsigned int reads_of(const struct reader *r)
{
	return READ_ONCE(r[0].reads) + READ_ONCE(r[1].reads);
}

/* Those who are inside when it comes, or were about to be, are all that it waits for. */
static void a_writer_waits_for_no_reader_that_comes_later(struct kunit *test)
{
	struct scene *s = scene_new(test);
	struct reader readers[2] = {
		{ .sem = &s->sem, .other = &readers[1] }, { .sem = &s->sem, .other = &readers[0] },
	};
	unsigned int before, meanwhile;

	NEEDS_CPUS_FOR_ALL(test);
	for (unsigned int i = 0; i < 2; i++)
		s->task[i] = start_thread_on(test, i + 1, read_until_other_reads, &readers[i]);
	KUNIT_EXPECT_TRUE(test, spin_until(reads_of(readers) > 10));
	before = reads_of(readers);
	scoped_guard(rwsem_write, &s->sem)
		meanwhile = reads_of(readers) - before;
	KUNIT_EXPECT_LE(test, meanwhile, 4);
	for (unsigned int i = 0; i < 2; i++)
		kthread_join(s->task[i]);
	KUNIT_EXPECT_EQ(test, reads_of(readers), 2 * READS_MAX);
}

/* ---- a mutex that is polled ---- */

#define TURNS	1000

struct game {
	struct mutex lock;
	struct condvar cv[2];
	unsigned int turn __guarded_by(&lock);
	bool over;
	unsigned int polls;
};

/*
 * With cpu_relax() in the loop. Without it the emulator (7.2, -icount) gives this CPU all the
 * time until the next timer, again and again, and the CPUs after it none.
 */
static int poll(void *data)
	__no_context_analysis
{
	struct game *g = data;

	while (!READ_ONCE(g->over)) {
		WRITE_ONCE(g->polls, g->polls + 1);
		if (mutex_trylock(&g->lock))
			mutex_unlock(&g->lock);
		cpu_relax();
	}
	return 0;
}

static void take_turns(struct game *g, unsigned int me)
{
	for (unsigned int i = 0; i < TURNS; i++) {
		guard(mutex)(&g->lock);
		while (g->turn != me)
			condvar_wait(&g->cv[me], &g->lock);
		g->turn = !me;
		condvar_notify_one(&g->cv[!me]);
	}
}

static int other_turns(void *data)
{
	take_turns(data, 1);
	return 0;
}

static void play_beside_one_that_polls(struct kunit *test, unsigned int cpu)
{
	struct game *g = kunit_kzalloc(test, sizeof(*g), GFP_KERNEL);
	struct task_struct *player, *poller;

	KUNIT_ASSERT_NOT_NULL(test, g);
	mutex_init(&g->lock);
	condvar_init(&g->cv[0]);
	condvar_init(&g->cv[1]);
	player = start_thread_on(test, cpu, other_turns, g);
	poller = start_thread_on(test, 1, poll, g);
	KUNIT_EXPECT_TRUE(test, spin_until(READ_ONCE(g->polls)));
	take_turns(g, 0);
	kthread_join(player);
	WRITE_ONCE(g->over, true);
	kthread_join(poller);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&g->lock));
}

static void a_condition_is_met_beside_one_that_polls_its_mutex(struct kunit *test)
{
	NEEDS_CPUS_FOR_ALL(test);
	play_beside_one_that_polls(test, 0);
	play_beside_one_that_polls(test, 2);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_spin_lock_is_had_in_the_order_of_arrival),
	KUNIT_CASE(a_mutex_is_had_in_the_order_of_arrival),
	KUNIT_CASE(a_writer_waits_for_no_reader_that_comes_later),
	KUNIT_CASE(a_condition_is_met_beside_one_that_polls_its_mutex),
	{}
};

static struct kunit_suite suite = {
	.name = "fairness",
	.timeout_ms = 60000,
	.test_cases = cases,
};
kunit_test_suite(suite);
