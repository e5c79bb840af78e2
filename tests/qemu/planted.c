/* SPDX-License-Identifier: MIT */
/*
 * The guest's half of test_ktest.py: suites that go wrong, each in one way. They are not in the
 * kernel's table of suites.
 *
 *   nocla> plant suite_spins order	runs these two
 *   nocla> plant -s 7 order		shuffled by seed 7
 *
 * Every one of them ends with a case that passes: the run has to get there.
 */
#include <drivers/device.h>
#include <hal/irqflags.h>
#include <hal/traps.h>
#include <kernel/bug.h>
#include <kernel/completion.h>
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/irqdesc.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/mutex.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <kernel/timer.h>
#include <lib/errno.h>
#include <lib/kstrtox.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>
#include <test/kunit_device.h>

#define TIMEOUT_MS	20

static void passes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1 + 1, 2);
}

/* ---- expectations ---- */

static void expects_wrongly(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1 + 1, 3);
	KUNIT_ASSERT_TRUE(test, false);
	kunit_log(test, "not reached");
}

static void checks_nothing(struct kunit *test)
{
	(void)test;
}

static void is_skipped(struct kunit *test)
{
	kunit_skip(test, "no such part here");
}

static void reports_unexpectedly(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, WARN(true, "pump %d is dry", 3));
}

static void expects_a_report_in_vain(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "pump 4", kunit_log(test, "nothing"));
}

static void expects_another_report(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "pump 4", WARN(true, "valve 5 is stuck"));
}

static int refuse(struct kunit *test)
{
	(void)test;
	return -ENODEV;
}

/* ---- time ---- */

static void spins(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	for (;;)
		barrier();
}

/* Wherever that is stopped, it is in the middle of something: an IT block, a stack at 4 bytes. */
static void spins_in_assembly(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	__asm__ volatile("sub	sp, #4\n"
			 "1:	cmp	r0, r0\n"
			 "	itete	eq\n"
			 "	addeq	r1, #1\n"
			 "	addne	r1, #2\n"
			 "	addeq	r1, #3\n"
			 "	addne	r1, #4\n"
			 "	b	1b\n"
			 ::: "r1", "cc", "memory");
}

/* Most of the time it is in the scheduler, with interrupts off. */
static void yields_for_ever(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	for (;;)
		yield();
}

static DEFINE_MUTEX(plain_mutex);

static void sleeps_for_ever(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(never);

	KUNIT_EXPECT_TRUE(test, true);
	wait_for_completion(&never);
}

static void sleeps_for_long(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	msleep(100 * TIMEOUT_MS);
}

static int take_plain_mutex(void *unused)
{
	(void)unused;
	mutex_lock(&plain_mutex);
	mutex_unlock(&plain_mutex);
	return 0;
}

/* It sleeps in the queue of a mutex, is taken out of there, and the mutex goes on. */
static void waits_for_a_mutex(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	take_plain_mutex(NULL);
}

static int hold_plain_mutex(struct kunit_suite *suite)
	__acquires(&plain_mutex)
{
	(void)suite;
	mutex_lock(&plain_mutex);
	return 0;
}

static void let_go_of_plain_mutex(struct kunit_suite *suite)
	__releases(&plain_mutex)
{
	(void)suite;
	mutex_unlock(&plain_mutex);
	take_plain_mutex(NULL);
}

static int spin(void *unused)
{
	while (!unused)
		barrier();
	return 0;
}

static void waits_for_a_helper_that_spins(struct kunit *test)
{
	struct task_struct *helper = kthread_run(spin, NULL, "spinner");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, helper);
	kthread_join(helper);
}

static int sleep(void *unused)
{
	DECLARE_COMPLETION_ONSTACK(never);

	(void)unused;
	wait_for_completion(&never);
	return 0;
}

static void waits_for_a_helper_that_sleeps(struct kunit *test)
{
	struct task_struct *helper = kthread_run(sleep, NULL, "sleeper");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, helper);
	kthread_join(helper);
}

static DEFINE_SPINLOCK(plain_lock);
static DEFINE_SPINLOCK(other_lock);	/* without interrupts off */

static void spins_with_interrupts_off_for_a_while(struct kunit *test)
{
	unsigned long flags;

	KUNIT_EXPECT_TRUE(test, true);
	spin_lock_irqsave(&plain_lock, flags);
	mdelay(2 * TIMEOUT_MS);
	spin_unlock_irqrestore(&plain_lock, flags);
	for (;;)
		barrier();
}

/* ---- faults ---- */

static void release_box(struct device *dev, void *box)
{
	(void)dev;
	(void)box;
	pr_info("released: the device's\n");
}

static void faults_with_managed_resources(struct kunit *test)
{
	struct device *dev = kunit_device_register(test, "planted");
	int *volatile nowhere = NULL;
	void *box;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	box = devres_alloc(release_box, 4, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, box);
	devres_add(dev, box);
	*nowhere = 1;
}

static void reads_null(struct kunit *test)
{
	int *volatile nowhere = NULL;

	KUNIT_EXPECT_EQ(test, *nowhere, 0);
}

static void jumps_to_null(struct kunit *test)
{
	void (*volatile nowhere)(struct kunit *test) = NULL;

	nowhere(test);
}

static void executes_nonsense(struct kunit *test)
{
	(void)test;
	__builtin_trap();
}

static noinline int recurse(volatile char *above)
{
	volatile char frame[64];

	if (!above)
		return 0;	/* never: but the compiler must not know */
	frame[0] = (char)(*above + 1);
	return recurse(frame) + frame[0];
}

static void overflows_its_stack(struct kunit *test)
{
	volatile char top = 0;

	KUNIT_EXPECT_EQ(test, recurse(&top), 0);
}

static void tell_undone(void *what)
{
	pr_info("undone: %s\n", (const char *)what);
}

static void leaves_something_to_undo(struct kunit *test)
{
	int *volatile nowhere = NULL;

	KUNIT_ASSERT_EQ(test, kunit_add_action(test, tell_undone, "first"), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, tell_undone, "second"), 0);
	*nowhere = 1;
}

static void fault_in_undoing(void *unused)
{
	int *volatile nowhere = NULL;

	(void)unused;
	*nowhere = 1;
}

static void faults_in_what_it_left_to_undo(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, tell_undone, "older"), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, fault_in_undoing, NULL), 0);
}

static void tell_exit(struct kunit *test)
{
	kunit_log(test, "exit was called");
}

static void faults_with_interrupts_off(struct kunit *test)
	__acquires(role_irqs_off)
{
	int *volatile nowhere = NULL;

	local_irq_disable();
	KUNIT_EXPECT_EQ(test, *nowhere, 0);
}

static void faults_with_a_spin_lock(struct kunit *test)
{
	int *volatile nowhere = NULL;
	unsigned long flags;

	spin_lock_irqsave(&plain_lock, flags);
	KUNIT_EXPECT_EQ(test, *nowhere, 0);
	spin_unlock_irqrestore(&plain_lock, flags);
}

static void faults_with_a_plain_spin_lock(struct kunit *test)
{
	int *volatile nowhere = NULL;

	spin_lock(&other_lock);
	KUNIT_EXPECT_EQ(test, *nowhere, 0);
	spin_unlock(&other_lock);
}

static void spins_with_a_spin_lock(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	spin_lock(&other_lock);
	while (test)
		barrier();
	spin_unlock(&other_lock);
}

/* After the time is up, but it is stopped only when it has given the lock back. */
static void spins_with_a_spin_lock_for_a_while(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
	spin_lock(&other_lock);
	mdelay(5 * TIMEOUT_MS);
	spin_unlock(&other_lock);
	while (test)
		barrier();
}

static void fault_in_irq(struct timer_list *timer)
{
	int *volatile nowhere = NULL;

	(void)timer;
	*nowhere = 1;
}

static void faults_in_an_interrupt(struct kunit *test)
{
	static DEFINE_TIMER(timer, fault_in_irq);

	KUNIT_EXPECT_TRUE(test, true);
	mod_timer(&timer, jiffies + 1);
	msleep(5);
}

/* Which no handler is to do; the stack is the interrupt's all the same. */
static void enable_and_fault_in_irq(struct timer_list *timer)
	__no_context_analysis
{
	local_irq_enable();
	fault_in_irq(timer);
}

static void faults_in_an_interrupt_that_enables_them(struct kunit *test)
{
	static DEFINE_TIMER(timer, enable_and_fault_in_irq);

	KUNIT_EXPECT_TRUE(test, true);
	mod_timer(&timer, jiffies + 1);
	msleep(5);
}

/* As one that a write of long ago causes; QEMU has none, and where it came from nobody knows. */
static void gets_an_asynchronous_abort(struct kunit *test)
{
	struct hal_fault fault = { .kind = HAL_FAULT_DATA, .status = 0x406, .depth = 1 };
	struct pt_regs regs = { .pc = _RET_IP_, .sp = (unsigned long)&fault, .cpsr = 0x13 };

	KUNIT_EXPECT_TRUE(test, true);
	handle_fault(&regs, &fault);
}

/* As if what the interrupt has stopped, which is nobody's task, had done it. */
static void fault_of_idle_task(struct timer_list *timer)
{
	struct hal_fault fault = { .kind = HAL_FAULT_DATA, .has_address = true, .depth = 1 };
	struct pt_regs regs = { .pc = _RET_IP_, .sp = (unsigned long)timer, .cpsr = 0x13 };

	handle_fault(&regs, &fault);
}

static void sleeps_while_the_idle_task_faults(struct kunit *test)
{
	static DEFINE_TIMER(timer, fault_of_idle_task);

	KUNIT_EXPECT_TRUE(test, true);
	mod_timer(&timer, jiffies + 1);
	msleep(5);
}

/* ---- leaks ---- */

static void *volatile lost;

static void leaks_bytes(struct kunit *test)
{
	lost = kmalloc(100, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, lost);
}

static void leaks_pages(struct kunit *test)
{
	unsigned long page = __get_free_pages(GFP_KERNEL, 1);

	KUNIT_EXPECT_NE(test, page, 0);
}

static void leaks_an_interrupt_descriptor(struct kunit *test)
{
	KUNIT_EXPECT_GT(test, irq_alloc_desc(0), 0);
}

static irqreturn_t no_handler(int irq, void *data)
{
	(void)irq;
	(void)data;
	return IRQ_NONE;
}

static int handled_irq;

static int make_irq(struct kunit_suite *suite)
{
	(void)suite;
	handled_irq = irq_alloc_desc(0);
	if (handled_irq < 0)
		return handled_irq;
	irq_set_chip_and_handler((unsigned int)handled_irq, &dummy_irq_chip, handle_simple_irq);
	irq_modify_status((unsigned int)handled_irq, IRQ_NOREQUEST, 0);
	return 0;
}

static void leaks_a_handler(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, request_irq((unsigned int)handled_irq, no_handler, 0, "lost", NULL),
			0);
}

static void never(struct timer_list *timer)
{
	(void)timer;
}

static void leaks_a_timer(struct kunit *test)
{
	static DEFINE_TIMER(timer, never);

	KUNIT_EXPECT_FALSE(test, mod_timer(&timer, jiffies + 3600 * HZ));
}

static void leaks_a_task(struct kunit *test)
{
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, kthread_run(sleep, NULL, "lost"));
}

static void leaks_a_device(struct kunit *test)
{
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, root_device_register("lost"));
}

/* More counters than anybody has thought of; the last one counts. */
static unsigned long things_left;

static unsigned long none(void)
{
	return 0;
}

static unsigned long things(void)
{
	return things_left;
}

#define FOUR_MORE	{ "nothings", none }, { "nothings", none }, { "nothings", none }, \
			{ "nothings", none }

TABLE_ENTRY(kunit_counters, struct kunit_counter, planted_counters[]) = {
	FOUR_MORE, FOUR_MORE, FOUR_MORE, FOUR_MORE, { "things", things },
};

static void leaks_a_thing(struct kunit *test)
{
	things_left++;
	KUNIT_EXPECT_TRUE(test, true);
}

static void give_things_back(struct kunit_suite *suite)
{
	(void)suite;
	things_left = 0;
}

static int take_bytes(struct kunit_suite *suite)
{
	(void)suite;
	lost = kmalloc(100, GFP_KERNEL);
	return lost ? 0 : -ENOMEM;
}

static int take_bytes_and_fail(struct kunit_suite *suite)
{
	int err = take_bytes(suite);

	return err ? err : -ENODEV;
}

static void give_bytes_back(struct kunit_suite *suite)
{
	(void)suite;
	kfree(lost);
}

/* ---- locks ---- */

static DEFINE_MUTEX(abandoned);

static void asserts_with_a_mutex(struct kunit *test)
	__acquires(&abandoned)
{
	mutex_lock(&abandoned);
	KUNIT_ASSERT_TRUE(test, false);
}

static void faults_with_a_mutex(struct kunit *test)
{
	int *volatile nowhere = NULL;

	mutex_lock(&abandoned);
	KUNIT_EXPECT_EQ(test, *nowhere, 0);
	mutex_unlock(&abandoned);
}

/* In the middle of a report, and of one of the lock checker's, which looks away meanwhile. */
static void faults_in_a_report(struct kunit *test)
	__acquires(&abandoned)
{
	int *volatile nowhere = NULL;

	mutex_lock(&abandoned);
	KUNIT_EXPECT_REPORT(test, "begun", report_begin("begun"));
#ifdef CONFIG_LOCKDEP
	current->lockdep.reporting = true;
#endif
	KUNIT_EXPECT_EQ(test, *nowhere, 0);
}

/* The next report is no report within that one: it has a body. */
static void reports_as_a_whole(struct kunit *test)
{
	bool wanted = false;

	KUNIT_EXPECT_REPORT(test, "whole", wanted = report_begin("whole"); report_end());
	KUNIT_EXPECT_TRUE(test, wanted);
}

/* The report of the mutex has the little stack that faults have. */
static void overflows_with_a_mutex(struct kunit *test)
{
	volatile char top = 0;

	mutex_lock(&abandoned);
	KUNIT_EXPECT_EQ(test, recurse(&top), 0);
	mutex_unlock(&abandoned);
}

static void spins_with_a_mutex(struct kunit *test)
{
	mutex_lock(&abandoned);
	while (test)
		barrier();
	mutex_unlock(&abandoned);
}

/* It has been released, and is marked, once. */
static void takes_that_mutex(struct kunit *test)
{
	KUNIT_EXPECT_REPORT(test, "abandoned was abandoned", mutex_lock(&abandoned));
	mutex_unlock(&abandoned);
	mutex_lock(&abandoned);
	mutex_unlock(&abandoned);
}

/* ---- parameters ---- */

static const struct sample {
	const char *name;
	int value;
} samples[] = {
	{ "even", 2 },
	{ "odd # one", 3 },
	{ "skipped", 0 },
};

static void name_sample(const struct sample *sample, char *desc)
{
	strscpy(desc, sample->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(named, samples, name_sample)
KUNIT_ARRAY_PARAM(nameless, samples, NULL)

static void is_even(struct kunit *test)
{
	const struct sample *sample = test->param_value;

	if (!sample->value)
		kunit_skip(test, "nothing to look at");
	KUNIT_EXPECT_EQ(test, sample->value % 2, 0);
}

static void is_small(struct kunit *test)
{
	const struct sample *sample = test->param_value;

	KUNIT_EXPECT_LT(test, sample->value, 4);
	KUNIT_EXPECT_PTR_EQ(test, sample, &samples[test->param_index]);
}

static const void *no_params(const void *prev, char *desc)
{
	(void)prev;
	(void)desc;
	return NULL;
}

static void has_no_parameters(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, true);
}

static void panics_in_a_parameter(struct kunit *test)
{
	KUNIT_EXPECT_LT(test, test->param_index, 2);
	if (test->param_index == 1)
		panic("asked for by a test");
}

/* ---- the suites ---- */

#define SUITE(fn, more...)						\
	static struct kunit_suite suite_##fn = {			\
		.name = "suite_" #fn,					\
		.test_cases = (const struct kunit_case[]){		\
			KUNIT_CASE(fn), KUNIT_CASE(passes), {}		\
		},							\
		.timeout_ms = TIMEOUT_MS,				\
		more							\
	}

SUITE(expects_wrongly);
SUITE(checks_nothing);
SUITE(is_skipped);
SUITE(reports_unexpectedly);
SUITE(expects_a_report_in_vain);
SUITE(expects_another_report);
SUITE(spins);
SUITE(spins_in_assembly);
SUITE(yields_for_ever);
SUITE(sleeps_for_ever);
SUITE(sleeps_for_long);
SUITE(waits_for_a_mutex, .suite_init = hold_plain_mutex, .suite_exit = let_go_of_plain_mutex);
SUITE(waits_for_a_helper_that_spins);
SUITE(waits_for_a_helper_that_sleeps);
SUITE(spins_with_interrupts_off_for_a_while);
SUITE(reads_null, .exit = tell_exit);
SUITE(jumps_to_null);
SUITE(executes_nonsense);
SUITE(faults_with_managed_resources);
SUITE(overflows_its_stack);
SUITE(leaves_something_to_undo);
SUITE(faults_in_what_it_left_to_undo);
SUITE(faults_with_interrupts_off);
SUITE(faults_with_a_spin_lock);
SUITE(faults_with_a_plain_spin_lock);
SUITE(spins_with_a_spin_lock);
SUITE(spins_with_a_spin_lock_for_a_while);
SUITE(faults_in_an_interrupt);
SUITE(faults_in_an_interrupt_that_enables_them);
SUITE(gets_an_asynchronous_abort);
SUITE(sleeps_while_the_idle_task_faults);
SUITE(leaks_bytes);
SUITE(leaks_pages);
SUITE(leaks_an_interrupt_descriptor);
SUITE(leaks_a_handler, .suite_init = make_irq);
SUITE(leaks_a_timer);
SUITE(leaks_a_task);
SUITE(leaks_a_device);
SUITE(leaks_a_thing, .suite_exit = give_things_back);

static const struct kunit_case passing_cases[] = { KUNIT_CASE(passes), {} };
static const struct kunit_case leaking_cases[] = {
	KUNIT_CASE(passes), KUNIT_CASE(leaks_pages), {}
};

#define SUITE_OF(suite, cases, init, exit)			\
	static struct kunit_suite suite_##suite = {		\
		.name = #suite, .test_cases = cases,		\
		.suite_init = init, .suite_exit = exit,		\
	}

SUITE_OF(init_leaks, passing_cases, take_bytes, NULL);
SUITE_OF(init_leaks_and_fails, passing_cases, take_bytes_and_fail, give_bytes_back);
SUITE_OF(init_is_undone, passing_cases, take_bytes, give_bytes_back);
SUITE_OF(only_a_case_leaks, leaking_cases, take_bytes, give_bytes_back);

static struct kunit_suite suite_passes = {
	.name = "suite_passes",
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), {} },
};

static struct kunit_suite suite_init_fails = {
	.name = "init_fails",
	.init = refuse,
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), {} },
};

static int refuse_suite(struct kunit_suite *suite)
{
	(void)suite;
	return -ENODEV;
}

static struct kunit_suite suite_suite_init_fails = {
	.name = "suite_init_fails",
	.suite_init = refuse_suite,
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), KUNIT_CASE(spins), {} },
};

static struct kunit_suite suite_mutex = {
	.name = "mutex",
	.test_cases = (const struct kunit_case[]){
		KUNIT_CASE(asserts_with_a_mutex),
		{ .run_case = takes_that_mutex, .name = "takes_it" },
		KUNIT_CASE(faults_with_a_mutex),
		{ .run_case = takes_that_mutex, .name = "and_again" },
		KUNIT_CASE(faults_in_a_report),
		{ .run_case = takes_that_mutex, .name = "once_more" },
		KUNIT_CASE(reports_as_a_whole),
		KUNIT_CASE(overflows_with_a_mutex),
		{ .run_case = takes_that_mutex, .name = "on_the_way" },
		KUNIT_CASE(spins_with_a_mutex),
		{ .run_case = takes_that_mutex, .name = "to_the_end" },
		{}
	},
	.timeout_ms = TIMEOUT_MS,
};

static struct kunit_suite suite_params = {
	.name = "params",
	.test_cases = (const struct kunit_case[]){
		KUNIT_CASE_PARAM(is_even, named_gen_params),
		KUNIT_CASE_PARAM(is_small, nameless_gen_params),
		{}
	},
};

static int report_before(struct kunit_suite *suite)
{
	(void)suite;
	WARN(true, "pump 6 is dry");
	return 0;
}

static void report_behind(struct kunit_suite *suite)
{
	(void)suite;
	WARN(true, "pump 7 is dry");
}

static struct kunit_suite suite_reports_outside = {
	.name = "reports_outside",
	.suite_init = report_before,
	.suite_exit = report_behind,
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), {} },
};

static struct kunit_suite suite_no_params = {
	.name = "no_params",
	.test_cases = (const struct kunit_case[]){
		KUNIT_CASE_PARAM(has_no_parameters, no_params), {}
	},
};

static struct kunit_suite suite_panic = {
	.name = "panic",
	.test_cases = (const struct kunit_case[]){
		KUNIT_CASE(passes),
		KUNIT_CASE_PARAM(panics_in_a_parameter, named_gen_params),
		KUNIT_CASE(checks_nothing),
		{}
	},
};

static struct kunit_suite suite_empty = {
	.name = "empty",
	.test_cases = (const struct kunit_case[]){ {} },
};

static struct kunit_suite suite_twice = {
	.name = "twice",
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), KUNIT_CASE(passes), {} },
};

static struct kunit_suite suite_own_name = {
	.name = "passes",
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), {} },
};

static struct kunit_suite suite_nameless = {
	.name = "a.b",
	.test_cases = (const struct kunit_case[]){ KUNIT_CASE(passes), {} },
};

#define ORDERED(n)	{ .run_case = passes, .name = "case" #n }

static struct kunit_suite suite_order = {
	.name = "order",
	.test_cases = (const struct kunit_case[]){
		ORDERED(0), ORDERED(1), ORDERED(2), ORDERED(3), ORDERED(4), ORDERED(5), {}
	},
};

static struct kunit_suite *const planted[] = {
	&suite_expects_wrongly, &suite_checks_nothing, &suite_is_skipped,
	&suite_reports_unexpectedly, &suite_expects_a_report_in_vain,
	&suite_expects_another_report, &suite_spins, &suite_spins_in_assembly,
	&suite_yields_for_ever, &suite_sleeps_for_ever, &suite_sleeps_for_long,
	&suite_waits_for_a_mutex,
	&suite_waits_for_a_helper_that_spins, &suite_waits_for_a_helper_that_sleeps,
	&suite_spins_with_interrupts_off_for_a_while, &suite_reads_null, &suite_jumps_to_null,
	&suite_executes_nonsense, &suite_faults_with_managed_resources,
	&suite_overflows_its_stack, &suite_leaves_something_to_undo,
	&suite_faults_in_what_it_left_to_undo, &suite_faults_with_interrupts_off,
	&suite_faults_with_a_plain_spin_lock, &suite_spins_with_a_spin_lock,
	&suite_spins_with_a_spin_lock_for_a_while, &suite_faults_with_a_spin_lock,
	&suite_faults_in_an_interrupt, &suite_faults_in_an_interrupt_that_enables_them,
	&suite_gets_an_asynchronous_abort, &suite_sleeps_while_the_idle_task_faults,
	&suite_leaks_bytes, &suite_leaks_pages, &suite_leaks_an_interrupt_descriptor,
	&suite_leaks_a_handler,
	&suite_leaks_a_timer, &suite_leaks_a_task, &suite_leaks_a_device, &suite_leaks_a_thing,
	&suite_init_leaks, &suite_init_leaks_and_fails, &suite_init_is_undone,
	&suite_only_a_case_leaks, &suite_passes,
	&suite_init_fails, &suite_suite_init_fails, &suite_mutex, &suite_params,
	&suite_reports_outside, &suite_no_params, &suite_panic, &suite_empty, &suite_twice,
	&suite_own_name, &suite_nameless, &suite_order,
};

static struct kunit_suite *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(planted); i++)
		if (strcmp(planted[i]->name, name) == 0)
			return planted[i];
	return NULL;
}

static int plant_command(int argc, char **argv)
{
	struct kunit_suite *suites[8];
	unsigned int nr = 0;
	u32 seed = 0;
	int at = 1;

	if (argc > 2 && strcmp(argv[1], "-s") == 0) {
		if (kstrtou32(argv[2], 10, &seed))
			return -EINVAL;
		at = 3;
	}
	for (; at < argc && nr < ARRAY_SIZE(suites); at++) {
		suites[nr] = find(argv[at]);
		if (!suites[nr++])
			return -ENOENT;
	}
	shell_printf("plant: %d\n", kunit_run(suites, nr, NULL, seed));
	return 0;
}
SHELL_COMMAND(plant, plant_command, "[-s seed] suite...", "suites that go wrong, for their test");
