/* SPDX-License-Identifier: MIT */
/*
 * The guest's half of test_fault.py: code whose error paths are wrong, each in one way, with a
 * case that passes as long as nothing fails. Only a boot with ktest.fault=... shows it.
 *
 *   nocla> plant_fault leaks
 */
#include <kernel/bug.h>
#include <kernel/completion.h>
#include <kernel/kthread.h>
#include <kernel/shell.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

/* Two pieces of memory, as a driver's probe would take them. */
struct pair {
	char *one, *two;
};

static void close_pair(struct pair *p)
{
	kfree(p->two);
	kfree(p->one);
}

static int open_well(struct pair *p)
{
	p->one = kzalloc(16, GFP_KERNEL);
	if (!p->one)
		return -ENOMEM;
	p->two = kzalloc(16, GFP_KERNEL);
	if (!p->two) {
		kfree(p->one);
		return -ENOMEM;
	}
	return 0;
}

static int open_and_leak(struct pair *p)
{
	p->one = kzalloc(16, GFP_KERNEL);
	if (!p->one)
		return -ENOMEM;
	p->two = kzalloc(16, GFP_KERNEL);
	return p->two ? 0 : -ENOMEM;	/* and `one`? */
}

static int open_without_looking(struct pair *p)
{
	int err;

	p->two = NULL;
	err = open_well(p);
	p->two[0] = 'x';		/* before looking at err */
	return err;
}

/* More requests than there are groups of tasks, and each that fails is the end of the task. */
static int open_without_ever_looking(struct pair *p)
{
	for (int i = 0; i < 12; i++) {
		p->one = kzalloc(16, GFP_KERNEL);
		p->one[0] = 'x';
		kfree(p->one);
	}
	return open_well(p);
}

static int open_and_say_nothing(struct pair *p)
{
	if (open_well(p))
		memset(p, 0, sizeof(*p));
	return 0;
}

static bool is_open;

static int open_and_stay_busy(struct pair *p)
{
	if (is_open)
		return -EBUSY;
	is_open = true;
	if (open_well(p))
		return -ENOMEM;		/* and is_open? */
	is_open = false;
	return 0;
}

static int open_and_warn(struct pair *p)
{
	int err = open_well(p);

	WARN(err, "no memory");		/* which is no bug of anybody */
	return err;
}

static int complete_it(void *done)
{
	complete(done);
	return 0;
}

static int open_and_wait(struct pair *p)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct task_struct *helper = kthread_run(complete_it, &done, "helper");

	(void)helper;			/* whether there is one or not */
	wait_for_completion(&done);
	return open_well(p);
}

static int open_many_times(struct pair *p)
{
	int err = 0;

	for (int i = 0; i < 300 && !err; i++) {
		err = open_well(p);
		if (!err && i < 299)
			close_pair(p);
	}
	return err;
}

#define OPEN_CASE(name, open)					\
	static void name(struct kunit *test)			\
	{							\
		struct pair pair;				\
								\
		KUNIT_ASSERT_EQ(test, open(&pair), 0);		\
		close_pair(&pair);				\
	}

#define SUITE(case_name, more...)						\
	static struct kunit_suite suite_##case_name = {				\
		.name = "suite_" #case_name,					\
		.test_cases = (const struct kunit_case[]){ KUNIT_CASE(case_name), {} }, \
		more								\
	}

OPEN_CASE(is_sound, open_well)
OPEN_CASE(leaks, open_and_leak)
OPEN_CASE(does_not_look, open_without_looking)
OPEN_CASE(never_looks, open_without_ever_looking)
OPEN_CASE(loses_the_error, open_and_say_nothing)
OPEN_CASE(stays_busy, open_and_stay_busy)
OPEN_CASE(warns, open_and_warn)
OPEN_CASE(waits_for_ever, open_and_wait)
OPEN_CASE(asks_too_often, open_many_times)

static void tolerates(struct kunit *test)
{
	struct pair pair;

	kunit_tolerates_faults(test);
	KUNIT_EXPECT_EQ(test, open_and_say_nothing(&pair), 0);
	close_pair(&pair);
}

/* One that comes back and two whose loss is no matter. */
static void does_without(struct kunit *test)
{
	char *needed = kmalloc(8, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, needed);
	kfree(kmalloc(8, GFP_KERNEL | __GFP_NOWARN));
	kfree(kstrdup("text", GFP_KERNEL | __GFP_NOWARN));
	kfree(needed);
}

SUITE(is_sound);
SUITE(leaks);
SUITE(does_not_look);
SUITE(never_looks);
SUITE(loses_the_error);
SUITE(stays_busy);
SUITE(warns);
SUITE(waits_for_ever, .timeout_ms = 50);
SUITE(asks_too_often);
SUITE(tolerates);
SUITE(does_without);

static struct kunit_suite *const planted[] = {
	&suite_is_sound, &suite_leaks, &suite_does_not_look, &suite_never_looks,
	&suite_loses_the_error, &suite_stays_busy, &suite_warns, &suite_waits_for_ever,
	&suite_asks_too_often, &suite_tolerates, &suite_does_without,
};

static int plant_fault(int argc, char **argv)
{
	if (argc != 2)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(planted); i++) {
		if (strcmp(planted[i]->name, argv[1]) != 0)
			continue;
		shell_printf("plant_fault: %d\n", kunit_run(&planted[i], 1, NULL, 0));
		return 0;
	}
	return -ENOENT;
}
SHELL_COMMAND(plant_fault, plant_fault, "suite", "code with wrong error paths, for a test");
