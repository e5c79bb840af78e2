/* SPDX-License-Identifier: MIT */
/*
 * Locks for the suites of the lock checker. Their classes go when a case is over, so that each
 * starts with an order that nobody has taken anything in.
 */
#ifndef TESTS_UNIT_LOCKDEP_LOCKS_H
#define TESTS_UNIT_LOCKDEP_LOCKS_H

#include <kernel/lockdep.h>
#include <kernel/mutex.h>
#include <kernel/spinlock.h>
#include <lib/math.h>
#include <test/kunit.h>

static struct lock_class_key keys[4];
static spinlock_t a, b, c, second_a;
static struct mutex m, n;

static inline int start(struct kunit *test)
{
	(void)test;
	spin_lock_init(&a);
	spin_lock_init(&b);
	spin_lock_init(&c);
	spin_lock_init(&second_a);
	mutex_init(&m);
	mutex_init(&n);
	lockdep_set_class_and_name(&a, &keys[0], "a");
	lockdep_set_class_and_name(&second_a, &keys[0], "second_a");
	lockdep_set_class_and_name(&b, &keys[1], "b");
	lockdep_set_class_and_name(&c, &keys[2], "c");
	lockdep_set_class_and_name(&m, &keys[3], "m");
	return 0;
}

static inline void end(struct kunit *test)
{
	(void)test;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		lockdep_unregister_key(&keys[i]);
}

#endif
