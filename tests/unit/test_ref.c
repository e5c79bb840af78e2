/* SPDX-License-Identifier: MIT */
/*
 * Counted objects: each ends once, with the last reference, and what was done wrong with one is
 * reported and does no damage. What must not compile is in tests/nocompile, the plain count in
 * test_kref.c.
 */
#include <kernel/ref.h>

#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <lib/err.h>
#include <test/kunit.h>

struct thing {
	int level;
	struct kref refs;
};

static unsigned int ended;

static void thing_release(struct thing *thing)
{
	ended++;
	kfree(thing);
}
DEFINE_REF(thing, refs, thing_release)

/* The same with a release that may sleep. */
struct slow {
	struct kref refs;
};

static void slow_release(struct slow *slow)
{
	(void)slow;
	ended++;
}
DEFINE_REF_SLEEPING(slow, refs, slow_release)

static DEFINE_STATIC_REF(thing, refs, always, .level = 9);

static int none_ended(struct kunit *test)
{
	(void)test;
	ended = 0;
	return 0;
}

static struct thing_unique *new_thing(void)
{
	return thing_unique(kzalloc(sizeof(struct thing), GFP_KERNEL));
}

static void the_last_put_ends_it(struct kunit *test)
{
	struct thing_unique *unique = new_thing();
	struct thing *first, *second;

	KUNIT_ASSERT_NOT_NULL(test, unique);
	thing_mut(unique)->level = 3;
	first = thing_share(unique);
	second = thing_get(first);
	KUNIT_EXPECT_PTR_EQ(test, second, first);
	KUNIT_EXPECT_EQ(test, second->level, 3);
	KUNIT_EXPECT_EQ(test, kref_read(&first->refs), 2);
	thing_put(first);
	KUNIT_EXPECT_EQ(test, ended, 0);
	thing_put(second);
	KUNIT_EXPECT_EQ(test, ended, 1);
}

static void what_is_never_shared_ends_too(struct kunit *test)
{
	struct thing_unique *unique = new_thing();

	KUNIT_ASSERT_NOT_NULL(test, unique);
	thing_discard(unique);
	KUNIT_EXPECT_EQ(test, ended, 1);
	scoped_guard(irqsave) {
		struct thing_unique *scoped __free(thing_discard) =
			thing_unique(kzalloc(sizeof(struct thing), GFP_ATOMIC));

		KUNIT_EXPECT_NOT_NULL(test, scoped);
	}
	KUNIT_EXPECT_EQ(test, ended, 2);
}

static void nothing_is_handled_as_nothing(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, thing_unique(NULL));
	KUNIT_EXPECT_NULL(test, thing_get(NULL));
	KUNIT_EXPECT_NULL(test, thing_get_unless_zero(NULL));
	thing_put(NULL);
	thing_discard(NULL);
	KUNIT_EXPECT_EQ(test, ended, 0);
}

/* The one that is given away stays, the other one goes with the scope. */
static struct thing *keeps_one_of_two(struct thing *thing)
{
	struct thing *kept __free(thing_put) = thing_get(thing);
	struct thing *dropped __free(thing_put) = thing_get(thing);

	if (!dropped)
		return NULL;
	return_ptr(kept);
}

static void a_scope_gives_back_what_it_holds(struct kunit *test)
{
	struct thing_unique *unique = new_thing();
	struct thing *thing, *more;

	KUNIT_ASSERT_NOT_NULL(test, unique);
	thing = thing_share(unique);
	more = keeps_one_of_two(thing);
	KUNIT_EXPECT_PTR_EQ(test, more, thing);
	KUNIT_EXPECT_EQ(test, kref_read(&thing->refs), 2);
	thing_put(more);
	thing_put(thing);
	KUNIT_EXPECT_EQ(test, ended, 1);
}

/* On the stack, so that the memory is there after its end. */
static void a_put_too_many_is_reported(struct kunit *test)
{
	struct slow slow, *ref = slow_share(slow_unique(&slow));

	slow_put(ref);
	KUNIT_EXPECT_EQ(test, ended, 1);
	KUNIT_EXPECT_REPORT(test, "lowered below zero", slow_put(ref));
	KUNIT_EXPECT_EQ(test, ended, 1);
}

static void a_dead_object_is_not_got(struct kunit *test)
{
	struct slow slow, *ref = slow_share(slow_unique(&slow)), *again = &slow;

	slow_put(ref);
	KUNIT_EXPECT_WARNINGS(test, 0, again = slow_get_unless_zero(ref));
	KUNIT_EXPECT_NULL(test, again);
	again = &slow;
	KUNIT_EXPECT_REPORT(test, "is got when it is at its end", again = slow_get(ref));
	KUNIT_EXPECT_NULL(test, again);
	KUNIT_EXPECT_EQ(test, kref_read(&slow.refs), 0);
}

static void a_thing_is_shared_once(struct kunit *test)
{
	struct slow slow, *ref, *again = &slow;
	struct slow_unique *unique = slow_unique(&slow);

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "stages are checked with CONFIG_DEBUG_OBJECTS");
	/* nobody has a reference yet */
	KUNIT_EXPECT_REPORT(test, "at its end", again = slow_get(&slow));
	KUNIT_EXPECT_NULL(test, again);
	ref = slow_share(unique);
	KUNIT_EXPECT_PTR_EQ(test, ref, &slow);
	KUNIT_EXPECT_REPORT(test, "was shared already", again = slow_share(unique));
	KUNIT_EXPECT_NULL(test, again);
	KUNIT_EXPECT_REPORT(test, "was shared already", slow_discard(unique));
	KUNIT_EXPECT_EQ(test, ended, 0);
	slow_put(ref);
	KUNIT_EXPECT_EQ(test, ended, 1);
}

static void a_full_count_stays_and_the_object_leaks(struct kunit *test)
{
	struct slow slow, *ref = slow_share(slow_unique(&slow)), *more = NULL;

	refcount_set(&slow.refs.refcount, INT32_MAX);
	KUNIT_EXPECT_REPORT(test, "overflowed", more = slow_get(ref));
	KUNIT_EXPECT_PTR_EQ(test, more, ref);
	for (unsigned int i = 0; i < 100; i++)
		slow_put(ref);
	KUNIT_EXPECT_EQ(test, ended, 0);
}

static void a_static_thing_is_never_at_its_end(struct kunit *test)
{
	struct thing *ref = NULL;

	for (unsigned int i = 0; i < 1000; i++) {
		ref = thing_get(&always);
		KUNIT_ASSERT_PTR_EQ(test, ref, &always);
	}
	for (unsigned int i = 0; i < 1000; i++)
		thing_put(ref);
	KUNIT_EXPECT_EQ(test, ref->level, 9);
	KUNIT_EXPECT_EQ(test, kref_read(&always.refs), REF_STATIC_BIAS);
	KUNIT_EXPECT_EQ(test, ended, 0);
}

static void each_put_of_a_static_thing_without_a_get_is_reported(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "stages are checked with CONFIG_DEBUG_OBJECTS");
	for (unsigned int i = 0; i < 3; i++)
		KUNIT_EXPECT_REPORT(test, "is put without a get", thing_put(&always));
	KUNIT_EXPECT_EQ(test, kref_read(&always.refs), REF_STATIC_BIAS);
	KUNIT_EXPECT_EQ(test, ended, 0);
}

/* Else a discard of it would be its end. */
static void a_static_thing_does_not_begin_anew(struct kunit *test)
{
	struct thing_unique *unique = NULL;
	struct thing *ref;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "stages are checked with CONFIG_DEBUG_OBJECTS");
	KUNIT_EXPECT_REPORT(test, "is taken for the memory of a new one",
			    unique = thing_unique(&always));
	KUNIT_EXPECT_NULL(test, unique);
	ref = thing_get(&always);
	KUNIT_EXPECT_REPORT(test, "is taken for the memory of a new one",
			    thing_discard(thing_unique(ref)));
	thing_put(ref);
	KUNIT_EXPECT_EQ(test, kref_read(&always.refs), REF_STATIC_BIAS);
	KUNIT_EXPECT_EQ(test, ended, 0);
}

/* What is left in memory is no count, whatever it looks like; static memory may be used again. */
static void fresh_memory_may_hold_anything(struct kunit *test)
{
	static struct slow again;
	struct thing *garbage = kmalloc(sizeof(*garbage), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, garbage);
	refcount_set(&garbage->refs.refcount, REF_STATIC_BIAS);
	KUNIT_EXPECT_WARNINGS(test, 0, thing_discard(thing_unique(garbage)));
	KUNIT_EXPECT_EQ(test, ended, 1);
	for (unsigned int i = 2; i < 4; i++) {
		slow_put(slow_share(slow_unique(&again)));
		KUNIT_EXPECT_EQ(test, ended, i);
	}
}

/* ---- who puts last ---- */

struct put_in_irq {
	struct timer_list timer;
	struct thing *thing;
	struct slow *slow;
};

static void puts_in_irq(struct timer_list *t)
{
	struct put_in_irq *p = container_of(t, struct put_in_irq, timer);

	thing_put(p->thing);
	slow_put(p->slow);
}

/* What the analysis would not let anybody write. */
static __no_context_analysis void gets_and_puts_with_irqs_off(struct slow *slow)
{
	guard(irqsave)();
	slow_put(slow_get(slow));
}

/* What need not sleep ends in an interrupt; what may is reported, whether or not it is the last. */
static void a_put_that_may_sleep_is_reported_in_an_interrupt(struct kunit *test)
{
	struct thing_unique *unique;
	struct put_in_irq p = { };
	struct slow slow;

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "a check of CONFIG_DEBUG");
	unique = new_thing();
	KUNIT_ASSERT_NOT_NULL(test, unique);
	p.thing = thing_share(unique);
	p.slow = slow_share(slow_unique(&slow));
	timer_setup_on_stack(&p.timer, puts_in_irq, 0);
	KUNIT_EXPECT_WARNINGS(test, 1, {
		mod_timer(&p.timer, jiffies + 1);
		schedule_timeout_uninterruptible(3);
	});
	KUNIT_EXPECT_EQ(test, ended, 2);
	destroy_timer_on_stack(&p.timer);

	p.slow = slow_share(slow_unique(&slow));
	KUNIT_EXPECT_WARNINGS(test, 1, gets_and_puts_with_irqs_off(p.slow));
	slow_put(p.slow);
}

#define TASKS	4
#define ROUNDS	200

static atomic_t running;

static int gets_and_puts(void *arg)
{
	struct thing *thing = arg;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct thing *more = thing_get(thing);

		cond_resched();
		thing_put(more);
	}
	thing_put(thing);
	atomic_dec(&running);
	return 0;
}

static void stop(void *task)
{
	kthread_stop(task);
	put_task_struct(task);
}

static struct task_struct *start(struct kunit *test, struct thing *thing)
{
	struct task_struct *t = kthread_create(gets_and_puts, thing, "ref");

	if (IS_ERR(t))
		return NULL;
	get_task_struct(t);
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(t, &CPU_MASK_ALL), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, stop, t), 0);
	return t;
}

static void of_many_tasks_one_ends_it(struct kunit *test)
{
	struct thing_unique *unique = new_thing();
	struct task_struct *tasks[TASKS] = { };
	struct thing *thing;

	KUNIT_ASSERT_NOT_NULL(test, unique);
	thing = thing_share(unique);
	for (unsigned int i = 0; i < TASKS; i++) {
		tasks[i] = start(test, thing);
		if (!tasks[i])
			break;
	}
	for (unsigned int i = 0; i < TASKS && tasks[i]; i++) {
		struct thing *its = thing_get(thing);

		KUNIT_EXPECT_PTR_EQ(test, its, thing);
		atomic_inc(&running);
		wake_up_process(tasks[i]);
	}
	thing_put(thing);
	while (atomic_read(&running))
		schedule_timeout_uninterruptible(1);
	for (unsigned int i = 0; i < TASKS && tasks[i]; i++)
		kunit_release_action(test, stop, tasks[i]);
	KUNIT_EXPECT_EQ(test, ended, 1);
	KUNIT_ASSERT_NOT_NULL(test, tasks[TASKS - 1]);
}

static struct kunit_case ref_cases[] = {
	KUNIT_CASE(the_last_put_ends_it),
	KUNIT_CASE(what_is_never_shared_ends_too),
	KUNIT_CASE(nothing_is_handled_as_nothing),
	KUNIT_CASE(a_scope_gives_back_what_it_holds),
	KUNIT_CASE(a_put_too_many_is_reported),
	KUNIT_CASE(a_dead_object_is_not_got),
	KUNIT_CASE(a_thing_is_shared_once),
	KUNIT_CASE(a_full_count_stays_and_the_object_leaks),
	KUNIT_CASE(a_static_thing_is_never_at_its_end),
	KUNIT_CASE(each_put_of_a_static_thing_without_a_get_is_reported),
	KUNIT_CASE(a_static_thing_does_not_begin_anew),
	KUNIT_CASE(fresh_memory_may_hold_anything),
	KUNIT_CASE(a_put_that_may_sleep_is_reported_in_an_interrupt),
	KUNIT_CASE(of_many_tasks_one_ends_it),
	{}
};

static struct kunit_suite ref_suite = {
	.name = "ref",
	.init = none_ended,
	.test_cases = ref_cases,
};
kunit_test_suite(ref_suite);
