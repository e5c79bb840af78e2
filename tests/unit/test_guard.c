/* SPDX-License-Identifier: MIT */
/*
 * Scope guards: what is held in a scope, and that it is given back on each way out of it; data
 * that is inside of its lock. What must not compile is in tests/nocompile.
 */
#include <lib/cleanup.h>

#include <hal/irqflags.h>
#include <kernel/locked.h>
#include <kernel/mutex.h>
#include <kernel/rwsem.h>
#include <kernel/spinlock.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <test/kunit.h>

static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(spin);

static bool mutex_is_free(void)
{
	if (!mutex_trylock(&mutex))
		return false;
	mutex_unlock(&mutex);
	return true;
}

static int leave(int way)
{
	for (int i = 0; i < 3; i++) {
		guard(mutex)(&mutex);
		if (way == 0)
			return i;
		if (way == 1)
			break;
		if (way == 2)
			continue;
	}
	scoped_guard(mutex, &mutex) {
		if (way == 3)
			return -1;
		if (way == 4)
			break;
		if (way == 5)
			continue;
	}
	return -2;
}

static void a_lock_is_given_back_on_each_way_out(struct kunit *test)
{
	static const int returned[] = { 0, -2, -2, -1, -2, -2, -2 };

	for (int way = 0; way < 7; way++) {
		KUNIT_EXPECT_EQ(test, leave(way), returned[way]);
		KUNIT_EXPECT_TRUE(test, mutex_is_free());
	}
}

static int try_to_enter(int *entered)
{
	scoped_cond_guard(mutex_try, return -EBUSY, &mutex) {
		++*entered;
		if (mutex_is_free())
			return -EINVAL;
	}
	return 0;
}

static void who_does_not_get_the_lock_stays_outside(struct kunit *test)
{
	int entered = 0;

	KUNIT_EXPECT_EQ(test, try_to_enter(&entered), 0);
	KUNIT_EXPECT_TRUE(test, mutex_is_free());
	scoped_guard(mutex, &mutex) {
		KUNIT_EXPECT_EQ(test, try_to_enter(&entered), -EBUSY);
		KUNIT_EXPECT_FALSE(test, mutex_is_free());
	}
	KUNIT_EXPECT_TRUE(test, mutex_is_free());
	KUNIT_EXPECT_EQ(test, entered, 1);
}

static void a_mutex_is_waited_for_unless_it_is_interrupted(struct kunit *test)
{
	bool had = false;

	scoped_cond_guard(mutex_intr, return, &mutex)
		had = !mutex_is_free();
	KUNIT_EXPECT_TRUE(test, had);
	KUNIT_EXPECT_TRUE(test, mutex_is_free());
}

/* How each guard that tries finds the lock: interrupts on: 1, off: 2, not had: 0. */
static int with_spinlock_try(void)
{
	scoped_cond_guard(spinlock_try, return 0, &spin)
		return 1 + irqs_disabled();
	return -1;
}

static int with_raw_spinlock_try(void)
{
	scoped_cond_guard(raw_spinlock_try, return 0, &spin)
		return 1 + irqs_disabled();
	return -1;
}

static int with_spinlock_irq_try(void)
{
	scoped_cond_guard(spinlock_irq_try, return 0, &spin)
		return 1 + irqs_disabled();
	return -1;
}

static int with_spinlock_irqsave_try(void)
{
	scoped_cond_guard(spinlock_irqsave_try, return 0, &spin)
		return 1 + irqs_disabled();
	return -1;
}

static void a_spin_lock_is_tried_for(struct kunit *test)
{
	for (int again = 0; again < 2; again++) {
		KUNIT_EXPECT_EQ(test, with_spinlock_try(), 1);
		KUNIT_EXPECT_EQ(test, with_raw_spinlock_try(), 1);
		KUNIT_EXPECT_EQ(test, with_spinlock_irq_try(), 2);
		KUNIT_EXPECT_EQ(test, with_spinlock_irqsave_try(), 2);
		KUNIT_EXPECT_FALSE(test, irqs_disabled());
	}
	scoped_guard(irqsave) {
		KUNIT_EXPECT_EQ(test, with_spinlock_irqsave_try(), 2);
		KUNIT_EXPECT_TRUE(test, irqs_disabled());
	}
}

/* Interrupts are what they were, when it is not had: on, then off. */
static void a_spin_lock_that_is_held_is_not_had(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_SMP))
		kunit_skip(test, "who tries for a spin lock has it, on one CPU");
	scoped_guard(spinlock, &spin) {
		KUNIT_EXPECT_EQ(test, with_spinlock_try(), 0);
		KUNIT_EXPECT_EQ(test, with_spinlock_irq_try(), 0);
		KUNIT_EXPECT_EQ(test, with_spinlock_irqsave_try(), 0);
		KUNIT_EXPECT_FALSE(test, irqs_disabled());
	}
	scoped_guard(spinlock_irqsave, &spin) {
		KUNIT_EXPECT_EQ(test, with_spinlock_irqsave_try(), 0);
		KUNIT_EXPECT_TRUE(test, irqs_disabled());
	}
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

/* on | off | off | off | on: the inner one does not turn them on. */
static void irqsave_brings_back_what_was(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
	scoped_guard(irqsave) {
		KUNIT_EXPECT_TRUE(test, irqs_disabled());
		scoped_guard(irqsave)
			KUNIT_EXPECT_TRUE(test, irqs_disabled());
		KUNIT_EXPECT_TRUE(test, irqs_disabled());
	}
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

static void irq_turns_interrupts_off_for_a_scope(struct kunit *test)
{
	{
		guard(irq)();
		KUNIT_EXPECT_TRUE(test, irqs_disabled());
	}
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
	scoped_guard(spinlock_irq, &spin)
		KUNIT_EXPECT_TRUE(test, irqs_disabled());
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

/* An object that is counted while it is. */
static int there;

static int arrive(int n)
{
	there += n;
	return n;
}

DEFINE_CLASS(party, int, there -= _T, arrive(a + b), int a, int b)

static int how_many_are_there(int a, int b)
{
	CLASS(party, guests)(a, b);

	return guests == there ? there : -1;
}

static void an_object_of_a_class_ends_with_its_scope(struct kunit *test)
{
	there = 0;
	KUNIT_EXPECT_EQ(test, how_many_are_there(3, 4), 7);
	KUNIT_EXPECT_EQ(test, there, 0);
}

EXTEND_CLASS(party, _of_pairs, arrive(2 * pairs), int pairs)

static int how_many_pairs_are_there(int pairs)
{
	CLASS(party_of_pairs, guests)(pairs);

	return guests == there ? there / 2 : -1;
}

static void an_object_made_in_another_way_ends_the_same(struct kunit *test)
{
	there = 0;
	KUNIT_EXPECT_EQ(test, how_many_pairs_are_there(3), 3);
	KUNIT_EXPECT_EQ(test, there, 0);
}

struct level {
	int now, peak;
};

static LOCKED(struct mutex, struct level) level;

static int peak_of_level(void)
{
	scoped_locked_read(mutex, l, &level)
		return l->peak;
	return -1;
}

static void data_inside_of_a_lock_is_had_with_it(struct kunit *test)
{
	mutex_init(&level.lock);
	*locked_unshared(&level) = (struct level){ .now = 1, .peak = 2 };
	scoped_locked(mutex, l, &level) {
		KUNIT_EXPECT_TRUE(test, mutex_is_locked(&level.lock));
		l->now = l->peak = 3;
		if (l->now == 3)
			break;
		l->peak = 4;
	}
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&level.lock));
	KUNIT_EXPECT_EQ(test, peak_of_level(), 3);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&level.lock));
}

static void data_inside_of_a_lock_with_readers_is_read_by_several(struct kunit *test)
{
	static LOCKED(struct rw_semaphore, struct level) shared;
	int peak = 0;

	init_rwsem(&shared.lock);
	scoped_locked(rwsem_write, l, &shared) {
		l->peak = 4;
		KUNIT_EXPECT_FALSE(test, down_read_trylock(&shared.lock));
	}
	scoped_locked_read(rwsem_read, l, &shared) {
		peak = l->peak;
		KUNIT_EXPECT_FALSE(test, down_write_trylock(&shared.lock));
	}
	KUNIT_EXPECT_EQ(test, peak, 4);
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&shared.lock));
}

static struct kunit_case guard_cases[] = {
	KUNIT_CASE(a_lock_is_given_back_on_each_way_out),
	KUNIT_CASE(who_does_not_get_the_lock_stays_outside),
	KUNIT_CASE(a_mutex_is_waited_for_unless_it_is_interrupted),
	KUNIT_CASE(a_spin_lock_is_tried_for),
	KUNIT_CASE(a_spin_lock_that_is_held_is_not_had),
	KUNIT_CASE(irqsave_brings_back_what_was),
	KUNIT_CASE(irq_turns_interrupts_off_for_a_scope),
	KUNIT_CASE(an_object_of_a_class_ends_with_its_scope),
	KUNIT_CASE(an_object_made_in_another_way_ends_the_same),
	KUNIT_CASE(data_inside_of_a_lock_is_had_with_it),
	KUNIT_CASE(data_inside_of_a_lock_with_readers_is_read_by_several),
	{ }
};

static struct kunit_suite guard_suite = {
	.name = "guard",
	.test_cases = guard_cases,
};
kunit_test_suite(guard_suite);
