/* SPDX-License-Identifier: MIT */
/*
 * The lock checker: each report says two places, where the lock was taken and where the mistake
 * was made.
 */
#include <kernel/lockdep.h>

#include <kernel/completion.h>
#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/ksyms.h>
#include <kernel/kthread.h>
#include <kernel/log.h>
#include <kernel/mutex.h>
#include <kernel/rcupdate.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <kernel/timer.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "lockdep_locks.h"

/* ---- where locks are taken: the functions have returned when the report comes ---- */

static noinline void taker(void)
	__no_context_analysis
{
	spin_lock(&a);
}

static noinline void mutex_taker(void)
	__no_context_analysis
{
	mutex_lock(&m);
	barrier();	/* not a jump: it is who calls */
}

static noinline void reader(void)
	__no_context_analysis
{
	rcu_read_lock();
}

static noinline void taker_with_irqs_off(void)
	__no_context_analysis
{
	local_irq_disable();
	spin_lock(&a);
}

static struct object {
	spinlock_t lock;
} *object;

static noinline void object_taker(void)
	__no_context_analysis
{
	spin_lock(&object->lock);
}

static noinline void handler(struct timer_list *t)
{
	(void)t;
	spin_lock(&a);
	spin_unlock(&a);
}

static void handler_takes_a(void)
{
	struct timer_list timer;

	timer_setup_on_stack(&timer, handler, 0);
	mod_timer(&timer, jiffies + 1);
	msleep(5);
	del_timer_sync(&timer);
	destroy_timer_on_stack(&timer);
}

/* ---- and where the mistakes are made ---- */

static noinline void sleeper(void)
{
	might_sleep();
	barrier();	/* not a jump: it is in the backtrace */
}

static noinline void second_taker(void)
	__no_context_analysis
{
	spin_lock(&a);
	barrier();
}

static noinline void inner_taker(void)
	__no_context_analysis
{
	spin_lock(&b);
	barrier();
}

static noinline void thief(void)
	__no_context_analysis
{
	mutex_unlock(&m);
	barrier();
}

static int thief_thread(void *unused)
{
	(void)unused;
	thief();
	return 0;
}

static noinline void freer(void)
{
	kfree(object);
	barrier();
}

static int leaver(void *unused)
{
	(void)unused;
	taker();
	return 0;
}

static void run_thread(int (*fn)(void *data))
{
	struct task_struct *task = kthread_run(fn, NULL, "other");

	if (!IS_ERR(task))
		kthread_join(task);
}

static void steal(void)
{
	run_thread(thief_thread);
}

static void leave(void)
{
	run_thread(leaver);
}

/* ---- cleaning up ---- */

static void give_a_back(void)
	__no_context_analysis
{
	spin_unlock(&a);
}

static void give_a_back_twice(void)
	__no_context_analysis
{
	spin_unlock(&a);
	spin_unlock(&a);
}

static void give_m_back(void)
	__no_context_analysis
{
	mutex_unlock(&m);
}

static void give_both_back(void)
	__no_context_analysis
{
	spin_unlock(&b);
	spin_unlock(&a);
	local_irq_enable();
}

static void leave_section(void)
	__no_context_analysis
{
	rcu_read_unlock();
}

static void make_and_take_object(void)
{
	spin_lock_init(&object->lock);
	object_taker();
}

static void inner_taken_with_irqs_on(void)
	__no_context_analysis
{
	handler_takes_a();
	spin_lock(&b);
	spin_unlock(&b);
	taker_with_irqs_off();
}

static void nothing(void)
{
}

static const struct mistake {
	const char *name;
	void (*prepare)(void);
	void (*make)(void);
	const char *title;
	void (*after)(void);
	const char *taken_at, *made_at;
} mistakes[] = {
	{ "sleep_with_a_spin_lock", taker, sleeper, "sleeping function called with a spin lock",
	  give_a_back, "taker+", "sleeper+" },
	{ "sleep_in_a_read_section", reader, sleeper, "sleeping function called with a spin lock",
	  leave_section, "reader+", "sleeper+" },
	{ "recursion", taker, second_taker, "recursive locking: a is taken", give_a_back_twice,
	  " taker+", "second_taker+" },
	{ "unlock_by_another", mutex_taker, steal, "bad unlock balance: other", give_m_back,
	  "mutex_taker+", "thief+" },
	{ "end_with_a_lock", nothing, leave, "ends with 1 locks held", nothing, "taker+",
	  "kthread_exit+" },
	{ "free", make_and_take_object, freer, "is freed with the held lock", nothing,
	  "object_taker+", "freer+" },
	{ "handlers_lock_with_irqs_on", handler_takes_a, second_taker,
	  "inconsistent lock state: a is taken with interrupts on", give_a_back, "handler+",
	  "second_taker+" },
	{ "order_of_a_handlers_lock", inner_taken_with_irqs_on, inner_taker,
	  "irq-unsafe lock order: b, taken with interrupts on, inside a", give_both_back,
	  "handler+", "inner_taker+" },
};

static void mistake_desc(const struct mistake *mistake, char *desc)
{
	strscpy(desc, mistake->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(mistakes, mistakes, mistake_desc)

/* How many lines of the log from there on have the text. */
static unsigned int lines_with(struct log_cursor cursor, const char *text)
{
	static char line[LOG_LINE_MAX];
	unsigned int lines = 0;

	while (log_read(&cursor, LOGLEVEL_ALL, line))
		lines += strstr(line, text) != NULL;
	return lines;
}

static void a_report_says_both_places(struct kunit *test)
{
	const struct mistake *mistake = test->param_value;
	struct log_cursor cursor;

	object = kzalloc(sizeof(*object), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, object);
	mistake->prepare();
	log_seek_last(&cursor, 0);
	KUNIT_EXPECT_WARNINGS(test, 1, mistake->make());
	KUNIT_EXPECT_EQ(test, lines_with(cursor, mistake->title), 1);
	mistake->after();
	if (mistake->make != freer)
		kfree(object);
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 0);
	if (!ksyms_lookup((uintptr_t)taker, NULL, NULL))
		return;
	KUNIT_EXPECT_GE(test, lines_with(cursor, mistake->taken_at), 1);
	KUNIT_EXPECT_GE(test, lines_with(cursor, mistake->made_at), 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(a_report_says_both_places, mistakes_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "lockdep_places",
	.init = start,
	.exit = end,
	.test_cases = cases,
};
kunit_test_suite(suite);
