/* SPDX-License-Identifier: MIT */
/*
 * Calls to other CPUs from where interrupts are off: two that call one another, and neither of
 * which takes the other's interrupt meanwhile, answer while they wait for their turn.
 */
#include <hal/irqflags.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include <test/kunit.h>

#include "threads.h"

#define CALLS	200

struct two {
	atomic_t came[2];	/* calls, by the CPU that they came to */
	atomic_t ready;
};

static void count_call(void *info)
{
	struct two *two = info;

	atomic_inc(&two->came[smp_processor_id()]);
}

/* Returns when both have made all their calls; those that have not come by then do so after. */
static int call_the_other(void *data)
{
	unsigned int other = !smp_processor_id();
	struct two *two = data;
	unsigned long flags;
	int err = 0;

	local_irq_save(flags);
	atomic_inc(&two->ready);
	while (atomic_read(&two->ready) < 2)
		cpu_relax();
	for (int i = 0; i < CALLS && !err; i++)
		err = smp_call_function_single(other, count_call, two, false);
	local_irq_restore(flags);
	return err;
}

static void two_with_interrupts_off_may_call_one_another(struct kunit *test)
{
	struct two two = { .ready = ATOMIC_INIT(0) };
	struct task_struct *t;

	NEEDS_TWO_CPUS(test);
	t = start_thread_on(test, 1, call_the_other, &two);
	KUNIT_EXPECT_EQ(test, call_the_other(&two), 0);
	KUNIT_EXPECT_EQ(test, kthread_join(t), 0);
	KUNIT_EXPECT_TRUE(test, spin_until(atomic_read(&two.came[0]) == CALLS &&
					   atomic_read(&two.came[1]) == CALLS));
}

static const struct kunit_case smp_calls_cases[] = {
	KUNIT_CASE(two_with_interrupts_off_may_call_one_another),
	{}
};

static struct kunit_suite smp_calls_suite = {
	.name = "smp_calls",
	.test_cases = smp_calls_cases,
};
kunit_test_suite(smp_calls_suite);
