/* SPDX-License-Identifier: MIT */
/*
 * Read-write semaphores: who may be inside with whom, the order of arrival, and what misuse is
 * told.
 *
 * A case draws who comes in which order as a string: "rwR" is a reader, a writer, a reader.
 * `log` is what they did: a capital when one goes in, a small letter when it leaves.
 */
#include <kernel/rwsem.h>

#include <kernel/bug.h>
#include <kernel/delay.h>
#include <kernel/mutex.h>
#include <kernel/timer.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "lock_threads.h"

#define COMERS_MAX	8

struct scene {
	struct rw_semaphore sem;
	struct timer_list timer;
	atomic_t readers, writers;		/* inside */
	atomic_t wrong;				/* who met somebody there */
	atomic_t go_on;				/* how many may leave */
	unsigned long a, b;			/* equal unless a writer is inside */
	unsigned int logged;
	char log[2 * COMERS_MAX + 1];
};

static struct scene *scene_new(struct kunit *test)
{
	struct scene *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	init_rwsem(&s->sem);
	return s;
}

static void note(struct scene *s, char what)
{
	if (s->logged < sizeof(s->log) - 1)
		s->log[s->logged++] = what;
}

/* Inside until it is told to go on. */
static void stay(struct scene *s)
{
	while (atomic_read(&s->go_on) == 0)
		yield();
	atomic_dec(&s->go_on);
}

static int read_once(void *data)
{
	struct scene *s = data;

	guard(rwsem_read)(&s->sem);
	note(s, 'R');
	stay(s);
	note(s, 'r');
	return 0;
}

static int write_once(void *data)
{
	struct scene *s = data;

	guard(rwsem_write)(&s->sem);
	note(s, 'W');
	stay(s);
	note(s, 'w');
	return 0;
}

/* They come in this order. */
static void come(struct kunit *test, struct scene *s, const char *who)
{
	for (; *who; who++)
		start_thread(test, *who == 'w' ? write_once : read_once, s);
}

/* So many of those inside leave; what follows from that has happened when it returns. */
static void let_go(struct scene *s, int n)
{
	atomic_add(n, &s->go_on);
	for (unsigned int i = 0; i < 4 * COMERS_MAX; i++)
		yield();
}

static void readers_are_inside_together(struct kunit *test)
{
	struct scene *s = scene_new(test);

	come(test, s, "rrr");
	KUNIT_EXPECT_STREQ(test, s->log, "RRR");
	let_go(s, 3);
	KUNIT_EXPECT_STREQ(test, s->log, "RRRrrr");
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
}

static void a_writer_is_alone(struct kunit *test)
{
	struct scene *s = scene_new(test);

	come(test, s, "wrw");
	KUNIT_EXPECT_STREQ(test, s->log, "W");
	KUNIT_EXPECT_TRUE(test, rwsem_is_contended(&s->sem));
	let_go(s, 1);
	KUNIT_EXPECT_STREQ(test, s->log, "WwR");
	let_go(s, 1);
	KUNIT_EXPECT_STREQ(test, s->log, "WwRrW");
	KUNIT_EXPECT_FALSE(test, rwsem_is_contended(&s->sem));
	let_go(s, 1);
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
}

static void a_reader_does_not_pass_a_writer_that_waits(struct kunit *test)
{
	struct scene *s = scene_new(test);

	come(test, s, "rwr");
	KUNIT_EXPECT_STREQ(test, s->log, "R");
	KUNIT_EXPECT_EQ(test, down_read_trylock(&s->sem), 0);
	let_go(s, 1);
	KUNIT_EXPECT_STREQ(test, s->log, "RrW");
	let_go(s, 2);
	KUNIT_EXPECT_STREQ(test, s->log, "RrWwRr");
}

static void readers_between_two_writers_go_in_together(struct kunit *test)
{
	struct scene *s = scene_new(test);

	come(test, s, "wrrwr");
	let_go(s, 1);
	KUNIT_EXPECT_STREQ(test, s->log, "WwRR");
	let_go(s, 1);
	KUNIT_EXPECT_STREQ(test, s->log, "WwRRr");
	let_go(s, 1);
	KUNIT_EXPECT_STREQ(test, s->log, "WwRRrrW");
	let_go(s, 2);
	KUNIT_EXPECT_STREQ(test, s->log, "WwRRrrWwRr");
}

static void a_downgraded_writer_is_joined_by_the_readers_in_front(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	down_write(&s->sem);
	come(test, s, "rrwr");
	KUNIT_EXPECT_STREQ(test, s->log, "");
	downgrade_write(&s->sem);
	let_go(s, 0);
	KUNIT_EXPECT_STREQ(test, s->log, "RR");
	let_go(s, 2);
	KUNIT_EXPECT_STREQ(test, s->log, "RRrr");	/* not W: the case reads */
	up_read(&s->sem);
	let_go(s, 2);
	KUNIT_EXPECT_STREQ(test, s->log, "RRrrWwRr");
}

static void a_downgraded_writer_is_a_reader(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	down_write(&s->sem);
	downgrade_write(&s->sem);
	come(test, s, "r");
	KUNIT_EXPECT_STREQ(test, s->log, "R");
	KUNIT_EXPECT_EQ(test, down_write_trylock(&s->sem), 0);
	up_read(&s->sem);
	let_go(s, 1);
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
}

static int read_for_ever(void *data)
{
	struct scene *s = data;

	while (!kthread_should_stop()) {
		guard(rwsem_read)(&s->sem);
		yield();
	}
	return 0;
}

/* Without order of arrival the readers, who overlap always, would keep the writer out. */
static void readers_who_overlap_do_not_starve_a_writer(struct kunit *test)
{
	struct scene *s = scene_new(test);

	start_thread(test, read_for_ever, s);
	start_thread(test, read_for_ever, s);
	start_thread(test, read_for_ever, s);
	KUNIT_EXPECT_TRUE(test, rwsem_is_locked(&s->sem));
	for (unsigned int i = 0; i < 10; i++) {
		down_write(&s->sem);
		up_write(&s->sem);
	}
	KUNIT_EXPECT_TRUE(test, rwsem_is_locked(&s->sem));
}

static void trylocks_take_it_or_not(struct kunit *test)
	__no_context_analysis	/* the results are compared, not branched on */
{
	static DECLARE_RWSEM(sem);

	KUNIT_EXPECT_EQ(test, down_read_trylock(&sem), 1);
	KUNIT_EXPECT_EQ(test, down_read_trylock(&sem), 1);
	KUNIT_EXPECT_EQ(test, down_write_trylock(&sem), 0);
	up_read(&sem);
	up_read(&sem);
	KUNIT_EXPECT_EQ(test, down_write_trylock(&sem), 1);
	KUNIT_EXPECT_EQ(test, down_read_trylock(&sem), 0);
	up_write(&sem);
	KUNIT_EXPECT_EQ(test, down_read_interruptible(&sem), 0);
	up_read(&sem);
	KUNIT_EXPECT_EQ(test, down_read_killable(&sem), 0);
	up_read(&sem);
	KUNIT_EXPECT_EQ(test, down_write_interruptible(&sem), 0);
	up_write(&sem);
	KUNIT_EXPECT_EQ(test, down_write_killable(&sem), 0);
	up_write(&sem);
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&sem));
}

static int try_both(struct scene *s)
{
	scoped_cond_guard(rwsem_write_try, return 0, &s->sem)
		note(s, 'W');
	scoped_cond_guard(rwsem_read_try, return 0, &s->sem)
		note(s, 'R');
	return 1;
}

static void guards_end_with_their_scope(struct kunit *test)
{
	struct scene *s = scene_new(test);

	scoped_guard(rwsem_write, &s->sem)
		KUNIT_EXPECT_EQ(test, try_both(s), 0);
	scoped_guard(rwsem_read, &s->sem)
		KUNIT_EXPECT_EQ(test, try_both(s), 0);
	KUNIT_EXPECT_STREQ(test, s->log, "");
	KUNIT_EXPECT_EQ(test, try_both(s), 1);
	KUNIT_EXPECT_STREQ(test, s->log, "WR");
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
}

/* ---- what is wrong ---- */

static void reading_twice_is_reported_and_left_out(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	NEEDS_LOCKDEP(test);
	down_read(&s->sem);
	come(test, s, "w");
	KUNIT_EXPECT_REPORT(test, "possible recursive locking: &s->sem is taken, and is held",
			    down_read(&s->sem));
	up_read(&s->sem);
	KUNIT_EXPECT_STREQ(test, s->log, "");
	up_read(&s->sem);
	let_go(s, 1);
	KUNIT_EXPECT_STREQ(test, s->log, "Ww");
}

static void a_reader_that_wants_to_write_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	NEEDS_LOCKDEP(test);
	down_read(&s->sem);
	KUNIT_EXPECT_REPORT(test, "possible recursive locking", down_write(&s->sem));
	up_write(&s->sem);
	KUNIT_EXPECT_TRUE(test, lock_is_held(&s->sem));
	KUNIT_EXPECT_REPORT(test, "is not held for writing", lockdep_assert_held_write(&s->sem));
	up_read(&s->sem);
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
}

static void a_writer_that_wants_it_again_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	NEEDS_LOCKDEP(test);
	down_write(&s->sem);
	lockdep_assert_held_write(&s->sem);
	KUNIT_EXPECT_REPORT(test, "possible recursive locking", down_write(&s->sem));
	up_write(&s->sem);
	KUNIT_EXPECT_REPORT(test, "possible recursive locking", down_read(&s->sem));
	up_read(&s->sem);
	up_write(&s->sem);
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
}

static void giving_back_what_one_does_not_hold_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "CONFIG_DEBUG is off");
	KUNIT_EXPECT_WARNINGS(test, 1, up_read(&s->sem));
	KUNIT_EXPECT_WARNINGS(test, 1, up_write(&s->sem));
	KUNIT_EXPECT_WARNINGS(test, 1, downgrade_write(&s->sem));
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
	down_read(&s->sem);
	KUNIT_EXPECT_WARNINGS(test, 1, downgrade_write(&s->sem));
	up_read(&s->sem);
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
}

static void what_another_holds_cannot_be_given_back(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	NEEDS_LOCKDEP(test);
	come(test, s, "w");
	KUNIT_EXPECT_REPORT(test, "bad unlock balance", up_write(&s->sem));
	KUNIT_EXPECT_REPORT(test, "bad unlock balance", downgrade_write(&s->sem));
	KUNIT_EXPECT_EQ(test, down_read_trylock(&s->sem), 0);
	let_go(s, 1);
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
}

static void an_order_that_readers_turn_round_is_reported(struct kunit *test)
{
	struct scene *s = scene_new(test);
	struct mutex m;

	NEEDS_LOCKDEP(test);
	mutex_init(&m);
	scoped_guard(rwsem_read, &s->sem) {
		mutex_lock(&m);
		mutex_unlock(&m);
	}
	mutex_lock(&m);
	KUNIT_EXPECT_REPORT(test, "possible circular locking", down_read(&s->sem));
	up_read(&s->sem);
	mutex_unlock(&m);
}

static int write_and_leave(void *data)
	__no_context_analysis
{
	struct scene *s = data;

	down_write(&s->sem);
	return 0;
}

static int read_and_leave(void *data)
	__no_context_analysis
{
	struct scene *s = data;

	down_read(&s->sem);
	return 0;
}

static void what_a_writer_had_that_ended_is_granted_as_abandoned(struct kunit *test)
{
	struct scene *s = scene_new(test);

	NEEDS_LOCKDEP(test);
	KUNIT_EXPECT_REPORT(test, "ends with 1 locks held",
			    start_thread(test, write_and_leave, s));
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
	KUNIT_EXPECT_REPORT(test, "was abandoned", down_read(&s->sem));
	up_read(&s->sem);
	down_read(&s->sem);
	up_read(&s->sem);
}

/* It cannot have left anything half done. */
static void what_a_reader_had_that_ended_is_free(struct kunit *test)
{
	struct scene *s = scene_new(test);

	NEEDS_LOCKDEP(test);
	come(test, s, "r");
	KUNIT_EXPECT_REPORT(test, "ends with 1 locks held", start_thread(test, read_and_leave, s));
	let_go(s, 1);
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
	down_write(&s->sem);
	up_write(&s->sem);
}

/* They have been given it and have not run since. */
static void what_was_given_to_one_that_is_killed_goes_on(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);
	struct task_struct *reader, *writer;

	NEEDS_KILLS(test);
	NEEDS_LOCKDEP(test);
	down_write(&s->sem);
	writer = start_thread(test, write_once, s);
	reader = start_thread(test, read_once, s);
	come(test, s, "w");
	up_write(&s->sem);
	KUNIT_EXPECT_TRUE(test, kthread_kill(writer, -ECANCELED));
	KUNIT_EXPECT_TRUE(test, kthread_kill(reader, -ECANCELED));
	KUNIT_EXPECT_WARNINGS(test, 2, free_killed_thread(test, writer);
			      free_killed_thread(test, reader));
	let_go(s, 1);
	KUNIT_EXPECT_STREQ(test, s->log, "Ww");
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
}

static void one_that_is_killed_while_it_waits_is_left_out(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);
	struct task_struct *writer;

	NEEDS_KILLS(test);
	NEEDS_LOCKDEP(test);
	down_read(&s->sem);
	writer = start_thread(test, write_once, s);
	KUNIT_EXPECT_TRUE(test, kthread_kill(writer, -ECANCELED));
	KUNIT_EXPECT_WARNINGS(test, 1, free_killed_thread(test, writer));
	up_read(&s->sem);
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
}

static void read_in_irq(struct timer_list *t)
{
	struct scene *s = from_timer(s, t, timer);

	down_read(&s->sem);
	up_read(&s->sem);
}

static void taking_it_in_an_interrupt_is_reported(struct kunit *test)
{
	struct scene *s = scene_new(test);

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "CONFIG_DEBUG is off");
	timer_setup(&s->timer, read_in_irq, 0);
	KUNIT_EXPECT_WARNINGS(test, 1, mod_timer(&s->timer, jiffies); msleep(2));
}

/* ---- several CPUs ---- */

#define ROUNDS	300

static void read_both(struct scene *s)
{
	guard(rwsem_read)(&s->sem);
	atomic_inc(&s->readers);
	if (atomic_read(&s->writers) || READ_ONCE(s->a) != READ_ONCE(s->b))
		atomic_inc(&s->wrong);
	atomic_dec(&s->readers);
}

static void write_both(struct scene *s)
{
	guard(rwsem_write)(&s->sem);
	if (atomic_inc_return(&s->writers) != 1 || atomic_read(&s->readers))
		atomic_inc(&s->wrong);
	s->a++;
	cpu_relax();
	s->b++;
	atomic_dec(&s->writers);
}

static int read_and_write(void *data)
{
	for (unsigned int i = 0; i < ROUNDS; i++) {
		read_both(data);
		if (i % 4 == 0)
			write_both(data);
		if (i % 16 == 0)
			cond_resched();
	}
	return 0;
}

static void exclusion_holds_between_cpus(struct kunit *test)
{
	struct scene *s = scene_new(test);
	struct task_struct *t[2 * CONFIG_NR_CPUS];
	unsigned int n = 0;

	NEEDS_TWO_CPUS(test);
	for (unsigned int i = 0; i < 2 * num_online_cpus(); i++)
		t[n++] = start_thread_on(test, i % num_online_cpus(), read_and_write, s);
	for (unsigned int i = 0; i < n; i++)
		KUNIT_EXPECT_EQ(test, kthread_join(t[i]), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&s->wrong), 0);
	KUNIT_EXPECT_EQ(test, s->a, n * ROUNDS / 4);
	KUNIT_EXPECT_EQ(test, s->b, n * ROUNDS / 4);
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->sem));
}

static struct kunit_case rwsem_cases[] = {
	KUNIT_CASE(readers_are_inside_together),
	KUNIT_CASE(a_writer_is_alone),
	KUNIT_CASE(a_reader_does_not_pass_a_writer_that_waits),
	KUNIT_CASE(readers_between_two_writers_go_in_together),
	KUNIT_CASE(a_downgraded_writer_is_joined_by_the_readers_in_front),
	KUNIT_CASE(a_downgraded_writer_is_a_reader),
	KUNIT_CASE(readers_who_overlap_do_not_starve_a_writer),
	KUNIT_CASE(trylocks_take_it_or_not),
	KUNIT_CASE(guards_end_with_their_scope),
	KUNIT_CASE(reading_twice_is_reported_and_left_out),
	KUNIT_CASE(a_reader_that_wants_to_write_is_reported),
	KUNIT_CASE(a_writer_that_wants_it_again_is_reported),
	KUNIT_CASE(giving_back_what_one_does_not_hold_is_reported),
	KUNIT_CASE(what_another_holds_cannot_be_given_back),
	KUNIT_CASE(an_order_that_readers_turn_round_is_reported),
	KUNIT_CASE(what_a_writer_had_that_ended_is_granted_as_abandoned),
	KUNIT_CASE(what_a_reader_had_that_ended_is_free),
	KUNIT_CASE(what_was_given_to_one_that_is_killed_goes_on),
	KUNIT_CASE(one_that_is_killed_while_it_waits_is_left_out),
	KUNIT_CASE(taking_it_in_an_interrupt_is_reported),
	KUNIT_CASE(exclusion_holds_between_cpus),
	{}
};

static struct kunit_suite rwsem_suite = {
	.name = "rwsem",
	.exit = free_thread_cache,
	.test_cases = rwsem_cases,
};
kunit_test_suite(rwsem_suite);
