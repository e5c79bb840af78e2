/* SPDX-License-Identifier: MIT */
/*
 * Tasks: who runs when, what a wake-up may and may not lose, and the life of a kernel
 * thread from its creation, which may fail, to the end of its last reference.
 *
 * Threads write a letter each time they run; the test compares the text.
 */
#include <kernel/bug.h>
#include <kernel/delay.h>
#include <kernel/fault-inject.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/vmalloc.h>
#include <kernel/workqueue.h>
#include <lib/math.h>
#include <test/kunit.h>

#include "pages.h"
#include "threads.h"

#define EXIT_CODE	42

struct record {
	char text[32];
	unsigned int len;
};

struct writer {
	struct record *record;
	char letter;
	unsigned int rounds;
};

static void write_letter(struct record *r, char letter)
{
	if (r->len < sizeof(r->text) - 1)
		r->text[r->len++] = letter;
}

/* Writes its letter, lets others run, and so on; then waits for kthread_stop(). */
static int write_and_yield(void *data)
{
	struct writer *w = data;

	for (unsigned int i = 0; i < w->rounds; i++) {
		write_letter(w->record, w->letter);
		yield();
	}
	sleep_until_stopped();
	return EXIT_CODE;
}

static struct task_struct *create(struct kunit *test, int (*fn)(void *data), void *data)
{
	struct task_struct *t = kthread_create(fn, data, "test");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t);
	return t;
}

static struct task_struct *run(struct kunit *test, int (*fn)(void *data), void *data)
{
	struct task_struct *t = create(test, fn, data);

	wake_up_process(t);
	return t;
}

/* Of several: stopped, without having run, when the case ends before begin(). */
static void stop(void *t)
{
	kthread_stop(t);
}

static struct task_struct *prepare(struct kunit *test, int (*fn)(void *data), void *data)
{
	struct task_struct *t = create(test, fn, data);

	KUNIT_ASSERT_EQ(test, kunit_add_action(test, stop, t), 0);
	return t;
}

static void begin(struct kunit *test, struct task_struct *t)
{
	kunit_remove_action(test, stop, t);
	wake_up_process(t);
}

/* ---- who runs when ---- */

static void equal_priorities_take_turns(struct kunit *test)
{
	struct record record = { .len = 0 };
	struct writer w[3];
	struct task_struct *t[3];

	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++) {
		w[i] = (struct writer){ &record, (char)('a' + i), 3 };
		t[i] = prepare(test, write_and_yield, &w[i]);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++)
		begin(test, t[i]);
	KUNIT_EXPECT_EQ(test, record.len, 0);
	for (unsigned int i = 0; i < 4; i++)
		yield();
	KUNIT_EXPECT_STREQ(test, record.text, "abcabcabc");
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++)
		KUNIT_EXPECT_EQ(test, kthread_stop(t[i]), EXIT_CODE);
}

static void higher_priority_goes_first_whatever_the_order_of_waking(struct kunit *test)
{
	struct record record = { .len = 0 };
	struct writer low = { &record, 'l', 2 }, high = { &record, 'h', 2 };
	struct writer highest = { &record, 'H', 2 };
	struct task_struct *l = prepare(test, write_and_yield, &low);
	struct task_struct *h = prepare(test, write_and_yield, &high);
	struct task_struct *hh = prepare(test, write_and_yield, &highest);

	sched_set_normal(l, 1);
	sched_set_fifo_low(h);
	sched_set_fifo(hh);
	begin(test, l);
	begin(test, h);
	begin(test, hh);
	for (unsigned int i = 0; i < HZ && record.len < 6; i++)
		msleep(1);
	KUNIT_EXPECT_STREQ(test, record.text, "HHhhll");
	kthread_stop(l);
	kthread_stop(h);
	kthread_stop(hh);
}

static void lower_priority_waits_until_all_others_sleep(struct kunit *test)
{
	struct record record = { .len = 0 };
	struct writer low = { &record, 'l', 1 };
	struct task_struct *l = create(test, write_and_yield, &low);

	sched_set_normal(l, MAX_NICE);
	wake_up_process(l);
	for (unsigned int i = 0; i < 5; i++)
		yield();
	KUNIT_EXPECT_EQ(test, cond_resched(), 0);
	KUNIT_EXPECT_FALSE(test, need_resched());
	KUNIT_EXPECT_EQ(test, record.len, 0);
	msleep(1);
	KUNIT_EXPECT_EQ(test, record.len, 1);
	kthread_stop(l);
}

static void a_woken_task_runs_at_the_next_yield_and_not_before(struct kunit *test)
{
	struct record record = { .len = 0 };
	struct writer w = { &record, 'w', 1 };
	struct task_struct *t = create(test, write_and_yield, &w);

	sched_set_fifo(t);
	KUNIT_EXPECT_FALSE(test, need_resched());
	KUNIT_EXPECT_EQ(test, wake_up_process(t), 1);
	KUNIT_EXPECT_EQ(test, wake_up_process(t), 0);
	KUNIT_EXPECT_EQ(test, record.len, 0);
	KUNIT_EXPECT_TRUE(test, need_resched());
	KUNIT_EXPECT_EQ(test, cond_resched(), 1);
	KUNIT_EXPECT_EQ(test, record.len, 1);
	KUNIT_EXPECT_EQ(test, cond_resched(), 0);
	kthread_stop(t);
}

static void a_change_of_priority_moves_a_waiting_task(struct kunit *test)
{
	struct record record = { .len = 0 };
	struct writer a = { &record, 'a', 1 }, b = { &record, 'b', 1 };
	struct task_struct *ta = prepare(test, write_and_yield, &a);
	struct task_struct *tb = prepare(test, write_and_yield, &b);

	begin(test, ta);
	begin(test, tb);
	sched_set_fifo(tb);
	yield();
	KUNIT_EXPECT_STREQ(test, record.text, "ba");
	kthread_stop(ta);
	kthread_stop(tb);
}

static void the_running_task_can_change_its_own_priority(struct kunit *test)
{
	struct record record = { .len = 0 };
	struct writer a = { &record, 'a', 1 }, b = { &record, 'b', 1 };
	struct task_struct *ta = prepare(test, write_and_yield, &a);
	struct task_struct *tb = prepare(test, write_and_yield, &b);

	begin(test, ta);
	sched_set_fifo(current);
	yield();
	KUNIT_EXPECT_EQ(test, record.len, 0);
	sched_set_normal(current, 0);
	begin(test, tb);
	KUNIT_EXPECT_EQ(test, record.len, 0);
	yield();
	KUNIT_EXPECT_STREQ(test, record.text, "ab");
	kthread_stop(ta);
	kthread_stop(tb);
}

static void nice_maps_onto_levels_and_is_brought_into_range(struct kunit *test)
{
	struct writer w = { .rounds = 0 };
	struct task_struct *t = create(test, write_and_yield, &w);
	static const struct {
		int nice;
		u8 level;
	} map[] = { { -20, 10 }, { -1, 19 }, { 0, 20 }, { 1, 20 }, { 2, 21 }, { 19, 29 },
		    { -1000, 10 }, { 1000, 29 } };

	KUNIT_EXPECT_EQ(test, t->prio, TASK_PRIO_DEFAULT);
	for (unsigned int i = 0; i < ARRAY_SIZE(map); i++) {
		sched_set_normal(t, map[i].nice);
		KUNIT_EXPECT_EQ(test, t->prio, map[i].level);
	}
	kthread_stop(t);
}

static void absurd_levels_are_refused(struct kunit *test)
{
	struct writer w = { .rounds = 0 };
	struct task_struct *t = create(test, write_and_yield, &w);

	KUNIT_EXPECT_EQ(test, sched_set_level(t, TASK_PRIO_IDLE), -EINVAL);
	KUNIT_EXPECT_EQ(test, sched_set_level(t, 1000), -EINVAL);
	KUNIT_EXPECT_EQ(test, t->prio, TASK_PRIO_DEFAULT);
	KUNIT_EXPECT_EQ(test, sched_set_level(t, 0), 0);
	KUNIT_EXPECT_EQ(test, sched_set_level(t, TASK_PRIO_LOWEST), 0);
	kthread_stop(t);
}

/* ---- sleeping and waking ---- */

static void a_wake_up_before_schedule_is_not_lost(struct kunit *test)
{
	struct record record = { .len = 0 };
	struct writer w = { &record, 'w', 5 };
	struct task_struct *t = run(test, write_and_yield, &w);

	for (unsigned int i = 0; i < 5; i++) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		KUNIT_EXPECT_EQ(test, wake_up_process(current), 1);
		schedule();
		KUNIT_EXPECT_EQ(test, get_current_state(), TASK_RUNNING);
		write_letter(&record, 'm');
	}
	/* as if it had not been about to sleep */
	KUNIT_EXPECT_STREQ(test, record.text, "wmwmwmwmwm");
	kthread_stop(t);
}

static void only_the_named_states_are_woken(struct kunit *test)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	KUNIT_EXPECT_EQ(test, wake_up_state(current, TASK_INTERRUPTIBLE), 0);
	KUNIT_EXPECT_EQ(test, wake_up_state(current, TASK_UNINTERRUPTIBLE), 1);
	KUNIT_EXPECT_EQ(test, get_current_state(), TASK_RUNNING);
}

static void schedule_timeout_sleeps_its_time(struct kunit *test)
{
	unsigned long before = jiffies;

	KUNIT_EXPECT_EQ(test, schedule_timeout_uninterruptible(5), 0);
	KUNIT_EXPECT_GE(test, jiffies - before, 5);
	KUNIT_EXPECT_EQ(test, get_current_state(), TASK_RUNNING);
}

static void schedule_timeout_says_what_was_left(struct kunit *test)
{
	long left;

	set_current_state(TASK_INTERRUPTIBLE);
	wake_up_process(current);
	left = schedule_timeout(10000);
	KUNIT_EXPECT_GT(test, left, 5000);
	KUNIT_EXPECT_LE(test, left, 10000);
	set_current_state(TASK_INTERRUPTIBLE);
	wake_up_process(current);
	KUNIT_EXPECT_EQ(test, schedule_timeout(MAX_SCHEDULE_TIMEOUT), MAX_SCHEDULE_TIMEOUT);
}

static void a_negative_timeout_is_reported_and_does_not_sleep(struct kunit *test)
{
	long left = 1;

	set_current_state(TASK_UNINTERRUPTIBLE);
	KUNIT_EXPECT_WARNINGS(test, 1, left = schedule_timeout(-1));
	KUNIT_EXPECT_EQ(test, left, 0);
	KUNIT_EXPECT_EQ(test, get_current_state(), TASK_RUNNING);
}

static void switches_are_counted(struct kunit *test)
{
	struct record record = { .len = 0 };
	struct writer w = { &record, 'w', 10 };
	struct task_struct *t = run(test, write_and_yield, &w);
	unsigned long mine = current->nvcsw;

	for (unsigned int i = 0; i < 10; i++)
		yield();
	KUNIT_EXPECT_EQ(test, t->nvcsw, 10);
	KUNIT_EXPECT_EQ(test, current->nvcsw - mine, 10);
	kthread_stop(t);
}

/* ---- misuse ---- */

static void sleeping_with_interrupts_off_is_reported(struct kunit *test)
	__no_context_analysis	/* what it is not to do is reported */
{
	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "CONFIG_DEBUG is off");
	local_irq_disable();
	KUNIT_EXPECT_WARNINGS(test, 1, cond_resched());
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

static void sleep_in_irq(struct timer_list *t)
{
	(void)t;
	might_sleep();
}

static void sleeping_in_an_interrupt_is_reported(struct kunit *test)
{
	struct timer_list timer;

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "CONFIG_DEBUG is off");
	timer_setup_on_stack(&timer, sleep_in_irq, 0);
	KUNIT_EXPECT_WARNINGS(test, 1, mod_timer(&timer, jiffies); msleep(2));
}

/* ---- the life of a thread ---- */

static int return_at_once(void *data)
{
	++*(int *)data;
	return EXIT_CODE;
}

static void stop_before_the_start_does_not_run_the_function(struct kunit *test)
{
	int ran = 0;
	struct task_struct *t = create(test, return_at_once, &ran);

	KUNIT_EXPECT_EQ(test, kthread_stop(t), -EINTR);
	KUNIT_EXPECT_EQ(test, ran, 0);
}

static void a_thread_that_has_returned_is_joined_while_referenced(struct kunit *test)
{
	int ran = 0;
	struct task_struct *t = create(test, return_at_once, &ran);

	get_task_struct(t);
	wake_up_process(t);
	yield();
	KUNIT_EXPECT_EQ(test, ran, 1);
	KUNIT_EXPECT_EQ(test, task_state_to_char(t), 'Z');
	/* it is reaped by a work item */
	flush_scheduled_work();
	KUNIT_EXPECT_NULL(test, t->stack);
	KUNIT_EXPECT_EQ(test, refcount_read(&t->usage), 1);
	KUNIT_EXPECT_EQ(test, kthread_stop(t), EXIT_CODE);
	KUNIT_EXPECT_EQ(test, kthread_join(t), EXIT_CODE);
	KUNIT_EXPECT_EQ(test, wake_up_process(t), 0);
	put_task_struct(t);
}

static void join_waits_without_stopping(struct kunit *test)
{
	int ran = 0;
	struct task_struct *t = create(test, return_at_once, &ran);

	get_task_struct(t);
	wake_up_process(t);
	KUNIT_EXPECT_EQ(test, kthread_join(t), EXIT_CODE);
	KUNIT_EXPECT_EQ(test, ran, 1);
	put_task_struct(t);
}

static int exit_early(void *data)
{
	(void)data;
	kthread_exit(7);
}

static void kthread_exit_gives_its_result(struct kunit *test)
{
	struct task_struct *t = create(test, exit_early, NULL);

	get_task_struct(t);
	wake_up_process(t);
	KUNIT_EXPECT_EQ(test, kthread_join(t), 7);
	put_task_struct(t);
}

static int sleep_long(void *data)
{
	while (!kthread_should_stop())
		*(unsigned long *)data = msleep_interruptible(100000);
	return 0;
}

static void stop_ends_a_long_sleep(struct kunit *test)
{
	unsigned long left = 0, before = jiffies;
	struct task_struct *t = run(test, sleep_long, &left);

	msleep(1);
	KUNIT_EXPECT_EQ(test, task_state_to_char(t), 'S');
	kthread_stop(t);
	KUNIT_EXPECT_LT(test, jiffies - before, 10000);
	KUNIT_EXPECT_GT(test, left, 90000);
}

static int stop_myself(void *data)
{
	*(int *)data = kthread_stop(current);
	return 0;
}

static void a_thread_that_stops_itself_is_reported(struct kunit *test)
{
	int result = 0;
	struct task_struct *t = create(test, stop_myself, &result);

	get_task_struct(t);
	KUNIT_EXPECT_WARNINGS(test, 1, wake_up_process(t); kthread_join(t));
	KUNIT_EXPECT_EQ(test, result, -EDEADLK);
	put_task_struct(t);
}

static void the_name_is_formatted_and_cut(struct kunit *test)
{
	int ran = 0;
	struct task_struct *a, *b;

	a = kthread_create(return_at_once, &ran, "worker/%d:%s", 3, "x");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, a);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, stop, a), 0);
	b = kthread_create(return_at_once, &ran, "%s", "a name longer than the field");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	KUNIT_EXPECT_STREQ(test, a->comm, "worker/3:x");
	KUNIT_EXPECT_STREQ(test, b->comm, "a name longer t");
	KUNIT_EXPECT_PTR_EQ(test, kthread_data(a), &ran);
	KUNIT_EXPECT_NE(test, a->pid, b->pid);
	kthread_stop(b);
}

static unsigned int count_tasks(const struct task_struct *wanted, unsigned int *found)
{
	struct task_struct *p;
	unsigned int n = 0;
	int last = -1;

	*found = 0;
	for_each_task(p) {
		n += p->pid > last;
		last = p->pid;
		*found += p == wanted;
	}
	return n;
}

static void the_list_has_each_living_task_once(struct kunit *test)
{
	int ran = 0;
	unsigned int found, before = count_tasks(current, &found);
	struct task_struct *t;

	KUNIT_EXPECT_EQ(test, found, 1);
	t = create(test, return_at_once, &ran);
	KUNIT_EXPECT_EQ(test, count_tasks(t, &found), before + 1);
	KUNIT_EXPECT_EQ(test, found, 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&t->usage), 1);
	kthread_stop(t);
	KUNIT_EXPECT_EQ(test, count_tasks(t, &found), before);
	KUNIT_EXPECT_EQ(test, found, 0);
}

static noinline unsigned int use_stack(unsigned int bytes)
{
	volatile u8 room[1024];

	for (unsigned int i = 0; i < sizeof(room); i++)
		room[i] = (u8)bytes;
	if (bytes <= sizeof(room))
		return room[0];
	return use_stack(bytes - (unsigned int)sizeof(room)) + room[1];
}

static int use_4k_of_stack(void *data)
{
	*(unsigned int *)data = use_stack(4096);
	while (!kthread_should_stop())
		msleep_interruptible(1000);
	return 0;
}

static void the_high_water_mark_stays(struct kunit *test)
{
	unsigned int sum;
	struct task_struct *t;

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "CONFIG_DEBUG is off");
	t = create(test, use_4k_of_stack, &sum);
	KUNIT_EXPECT_LT(test, task_stack_used(t), 256);
	wake_up_process(t);
	msleep(1);
	KUNIT_EXPECT_GT(test, task_stack_used(t), 4096);
	KUNIT_EXPECT_LE(test, task_stack_used(t), THREAD_SIZE);
	KUNIT_EXPECT_GT(test, task_stack_used(current), 0);
	kthread_stop(t);
}

static void threads_leave_nothing_behind(struct kunit *test)
{
	enum { AT_ONCE = 16, ROUNDS = 6 };
	unsigned long pages = 0;
	static int ran;		/* a thread may outlive the case's stack */

	ran = 0;
	/* The first round fills the cache of free stacks. */
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned int i = 0; i < AT_ONCE; i++)
			run(test, return_at_once, &ran);
		yield();
		flush_scheduled_work();
		if (round == 0)
			pages = free_pages_now();
		fault_leave(current);	/* the others ask for the same as the first */
	}
	KUNIT_EXPECT_EQ(test, ran, AT_ONCE * ROUNDS);
	KUNIT_EXPECT_EQ(test, free_pages_now(), pages);
}

/* What is left in the caches is used up by threads, then each creation fails cleanly. */
static void creation_without_memory_fails_and_leaves_nothing(struct kunit *test)
{
	enum { MANY = 64 };
	struct task_struct *t[MANY], *failed = NULL;
	size_t bytes, bytes_after;
	unsigned long chain;
	unsigned int n = 0;
	int ran = 0;

	kunit_tolerates_faults(test);
	chain = take_all_pages();
	while (n < MANY && !IS_ERR(failed)) {
		failed = kthread_create(return_at_once, &ran, "t%u", n);
		if (!IS_ERR(failed))
			t[n++] = failed;
	}
	bytes = slab_bytes_used();
	failed = kthread_create(return_at_once, &ran, "one too many");
	bytes_after = slab_bytes_used();
	while (n > 0)
		kthread_stop(t[--n]);
	give_pages_back(chain);
	KUNIT_ASSERT_TRUE(test, IS_ERR(failed));
	KUNIT_EXPECT_EQ(test, PTR_ERR(failed), -ENOMEM);
	KUNIT_EXPECT_EQ(test, bytes_after, bytes);
	KUNIT_EXPECT_EQ(test, ran, 0);
}

static struct kunit_case sched_cases[] = {
	KUNIT_CASE(equal_priorities_take_turns),
	KUNIT_CASE(higher_priority_goes_first_whatever_the_order_of_waking),
	KUNIT_CASE(lower_priority_waits_until_all_others_sleep),
	KUNIT_CASE(a_woken_task_runs_at_the_next_yield_and_not_before),
	KUNIT_CASE(a_change_of_priority_moves_a_waiting_task),
	KUNIT_CASE(the_running_task_can_change_its_own_priority),
	KUNIT_CASE(nice_maps_onto_levels_and_is_brought_into_range),
	KUNIT_CASE(absurd_levels_are_refused),
	KUNIT_CASE(a_wake_up_before_schedule_is_not_lost),
	KUNIT_CASE(only_the_named_states_are_woken),
	KUNIT_CASE(schedule_timeout_sleeps_its_time),
	KUNIT_CASE(schedule_timeout_says_what_was_left),
	KUNIT_CASE(a_negative_timeout_is_reported_and_does_not_sleep),
	KUNIT_CASE(switches_are_counted),
	KUNIT_CASE(sleeping_with_interrupts_off_is_reported),
	KUNIT_CASE(sleeping_in_an_interrupt_is_reported),
	KUNIT_CASE(stop_before_the_start_does_not_run_the_function),
	KUNIT_CASE(a_thread_that_has_returned_is_joined_while_referenced),
	KUNIT_CASE(join_waits_without_stopping),
	KUNIT_CASE(kthread_exit_gives_its_result),
	KUNIT_CASE(stop_ends_a_long_sleep),
	KUNIT_CASE(a_thread_that_stops_itself_is_reported),
	KUNIT_CASE(the_name_is_formatted_and_cut),
	KUNIT_CASE(the_list_has_each_living_task_once),
	KUNIT_CASE(the_high_water_mark_stays),
	KUNIT_CASE(threads_leave_nothing_behind),
	KUNIT_CASE(creation_without_memory_fails_and_leaves_nothing),
	{}
};

static struct kunit_suite sched_suite = {
	.name = "sched",
	.exit = free_thread_cache,
	.test_cases = sched_cases,
};
kunit_test_suite(sched_suite);
