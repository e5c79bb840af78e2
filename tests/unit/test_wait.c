/* SPDX-License-Identifier: MIT */
/*
 * Wait queues and completions: who is woken by what, and what a timeout returns.
 */
#include <kernel/completion.h>
#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/semaphore.h>
#include <kernel/timer.h>
#include <kernel/wait.h>
#include <lib/math.h>
#include <test/kunit.h>

#include "threads.h"

#define WAITERS		4

struct scene {
	wait_queue_head_t wq;
	struct completion done;
	struct task_struct *task[WAITERS];
	unsigned int state;		/* the waiters' */
	bool exclusive;			/* the waiters' */
	bool go;
	unsigned int woken;		/* how many have gone on */
	unsigned int order;		/* their numbers as digits, the first in front */
};

struct numbered {
	struct scene *scene;
	unsigned int number;
};

/* A scene and its waiters' arguments, freed after the case. */
static struct scene *scene_new(struct kunit *test)
{
	struct scene *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	init_waitqueue_head(&s->wq);
	init_completion(&s->done);
	s->state = TASK_UNINTERRUPTIBLE;
	return s;
}

static void gone_on(struct numbered *n)
{
	n->scene->woken++;
	n->scene->order = n->scene->order * 10 + n->number;
}

static void stop(void *task)
{
	kthread_stop(task);
}

/* Numbers first + 1 to first + count; they run until they sleep. */
static void start_more(struct kunit *test, struct scene *s, int (*fn)(void *data),
		       unsigned int first, unsigned int count)
{
	for (unsigned int i = first; i < first + count; i++) {
		struct numbered *n = kunit_kzalloc(test, sizeof(*n), GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, n);
		*n = (struct numbered){ s, i + 1 };
		s->task[i] = kthread_create(fn, n, "waiter/%u", i + 1);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, s->task[i]);
		KUNIT_ASSERT_EQ(test, kunit_add_action(test, stop, s->task[i]), 0);
	}
	for (unsigned int i = first; i < first + count; i++)
		wake_up_process(s->task[i]);
	yield();
}

static void start_waiters(struct kunit *test, struct scene *s, int (*fn)(void *data),
			  unsigned int count)
{
	start_more(test, s, fn, 0, count);
}

static void stop_waiters(struct kunit *test, struct scene *s, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		kunit_release_action(test, stop, s->task[i]);
}

/* Sleeps once on the queue, as the scene says, and counts. */
static int sleep_once(void *data)
{
	struct numbered *n = data;
	struct scene *s = n->scene;
	DEFINE_WAIT(wait);

	if (s->exclusive)
		prepare_to_wait_exclusive(&s->wq, &wait, s->state);
	else
		prepare_to_wait(&s->wq, &wait, s->state);
	schedule();
	finish_wait(&s->wq, &wait);
	gone_on(n);
	sleep_until_stopped();
	return 0;
}

static int wait_for_go(void *data)
{
	struct numbered *n = data;

	wait_event(n->scene->wq, n->scene->go || kthread_should_stop());
	gone_on(n);
	sleep_until_stopped();
	return 0;
}

/* ---- waking ---- */

static void a_wake_up_reaches_all_plain_waiters(struct kunit *test)
{
	struct scene *s = scene_new(test);

	start_waiters(test, s, sleep_once, WAITERS);
	KUNIT_EXPECT_EQ(test, s->woken, 0);
	wake_up(&s->wq);
	yield();
	KUNIT_EXPECT_EQ(test, s->woken, WAITERS);
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&s->wq));
	stop_waiters(test, s, WAITERS);
}

static void exclusive_waiters_are_woken_one_by_one_in_order(struct kunit *test)
{
	struct scene *s = scene_new(test);

	s->exclusive = true;
	start_waiters(test, s, sleep_once, WAITERS);
	wake_up(&s->wq);
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 1);
	wake_up_nr(&s->wq, 2);
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 123);
	wake_up_all(&s->wq);
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 1234);
	stop_waiters(test, s, WAITERS);
}

/* exclusive: 1 2 | plain: 3 4, which stand in front */
static void plain_waiters_are_woken_beside_one_exclusive(struct kunit *test)
{
	struct scene *s = scene_new(test);

	s->exclusive = true;
	start_waiters(test, s, sleep_once, 2);
	s->exclusive = false;
	start_more(test, s, sleep_once, 2, 2);
	wake_up(&s->wq);
	yield();
	KUNIT_EXPECT_EQ(test, s->woken, 3);
	wake_up(&s->wq);
	yield();
	KUNIT_EXPECT_EQ(test, s->woken, 4);
	stop_waiters(test, s, WAITERS);
}

static void wake_up_interruptible_leaves_the_others_asleep(struct kunit *test)
{
	struct scene *s = scene_new(test);

	start_waiters(test, s, sleep_once, 2);
	wake_up_interruptible_all(&s->wq);
	yield();
	KUNIT_EXPECT_EQ(test, s->woken, 0);
	wake_up_all(&s->wq);
	yield();
	KUNIT_EXPECT_EQ(test, s->woken, 2);
	stop_waiters(test, s, 2);
}

struct callback {
	struct wait_queue_entry entry;
	unsigned int calls;
	void *key;
	int answer;
	bool leave;
};

static int called_back(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key)
{
	struct callback *c = container_of(entry, struct callback, entry);

	(void)mode;
	(void)flags;
	c->calls++;
	c->key = key;
	if (c->leave)
		list_del_init(&entry->entry);
	return c->answer;
}

static void callback_add(struct scene *s, struct callback *c, bool exclusive)
{
	init_waitqueue_func_entry(&c->entry, called_back);
	if (exclusive)
		add_wait_queue_exclusive(&s->wq, &c->entry);
	else
		add_wait_queue(&s->wq, &c->entry);
}

static void an_entry_calls_its_function_with_the_key(struct kunit *test)
{
	struct scene *s = scene_new(test);
	struct callback stays = { .answer = 1 }, leaves = { .answer = 1, .leave = true };

	callback_add(s, &stays, false);
	callback_add(s, &leaves, false);
	__wake_up(&s->wq, TASK_NORMAL, 1, s);
	__wake_up(&s->wq, TASK_NORMAL, 1, test);
	KUNIT_EXPECT_EQ(test, stays.calls, 2);
	KUNIT_EXPECT_PTR_EQ(test, stays.key, test);
	KUNIT_EXPECT_EQ(test, leaves.calls, 1);
	KUNIT_EXPECT_PTR_EQ(test, leaves.key, s);
	remove_wait_queue(&s->wq, &stays.entry);
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&s->wq));
}

/* one that answers 0 does not count, a negative answer ends the wake-up */
static void an_answer_decides_who_is_called_next(struct kunit *test)
{
	struct scene *s = scene_new(test);
	struct callback refuses = { .answer = 0 }, takes = { .answer = 1 }, last = { .answer = 1 };

	callback_add(s, &refuses, true);
	callback_add(s, &takes, true);
	callback_add(s, &last, true);
	wake_up(&s->wq);
	KUNIT_EXPECT_EQ(test, refuses.calls, 1);
	KUNIT_EXPECT_EQ(test, takes.calls, 1);
	KUNIT_EXPECT_EQ(test, last.calls, 0);
	refuses.answer = -1;
	wake_up_all(&s->wq);
	KUNIT_EXPECT_EQ(test, refuses.calls, 2);
	KUNIT_EXPECT_EQ(test, takes.calls, 1);
	remove_wait_queue(&s->wq, &refuses.entry);
	remove_wait_queue(&s->wq, &takes.entry);
	remove_wait_queue(&s->wq, &last.entry);
}

/* ---- wait_event ---- */

static void wait_event_returns_at_once_when_it_is_so(struct kunit *test)
{
	struct scene *s = scene_new(test);
	unsigned long switches = current->nvcsw;

	wait_event(s->wq, true);
	KUNIT_EXPECT_EQ(test, wait_event_interruptible(s->wq, true), 0);
	KUNIT_EXPECT_EQ(test, wait_event_timeout(s->wq, true, 7), 7);
	KUNIT_EXPECT_EQ(test, current->nvcsw, switches);
}

static void wait_event_sleeps_on_until_the_condition_holds(struct kunit *test)
{
	struct scene *s = scene_new(test);

	start_waiters(test, s, wait_for_go, 2);
	wake_up_all(&s->wq);
	yield();
	wake_up_process(s->task[0]);
	yield();
	KUNIT_EXPECT_EQ(test, s->woken, 0);
	s->go = true;
	wake_up(&s->wq);
	yield();
	KUNIT_EXPECT_EQ(test, s->woken, 2);
	stop_waiters(test, s, 2);
}

static void kthread_stop_ends_a_wait(struct kunit *test)
{
	struct scene *s = scene_new(test);

	start_waiters(test, s, wait_for_go, 1);
	stop_waiters(test, s, 1);
	KUNIT_EXPECT_EQ(test, s->woken, 1);
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&s->wq));
}

static void a_timeout_returns_0_and_waits_its_time(struct kunit *test)
{
	struct scene *s = scene_new(test);
	unsigned long before = jiffies;

	KUNIT_EXPECT_EQ(test, wait_event_timeout(s->wq, s->go, 5), 0);
	KUNIT_EXPECT_GE(test, jiffies - before, 5);
	KUNIT_EXPECT_EQ(test, wait_event_timeout(s->wq, s->go, 0), 0);
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&s->wq));
}

static void a_condition_that_holds_when_the_time_is_up_returns_1(struct kunit *test)
{
	struct scene *s = scene_new(test);
	unsigned long end = jiffies + 5;

	KUNIT_EXPECT_EQ(test, wait_event_timeout(s->wq, true, 0), 1);
	KUNIT_EXPECT_EQ(test, wait_event_timeout(s->wq, true, -5), 1);
	/* true by itself, without a wake-up */
	KUNIT_EXPECT_EQ(test, wait_event_timeout(s->wq, time_after_eq(jiffies, end), 5), 1);
}

struct waker {
	struct timer_list timer;
	struct scene *scene;
};

static void wake_in_irq(struct timer_list *t)
{
	struct waker *w = from_timer(w, t, timer);

	w->scene->go = true;
	wake_up(&w->scene->wq);
	complete(&w->scene->done);
}

static void an_interrupt_wakes_and_the_rest_of_the_time_is_returned(struct kunit *test)
{
	struct scene *s = scene_new(test);
	struct waker w = { .scene = s };
	long left;

	timer_setup_on_stack(&w.timer, wake_in_irq, 0);
	mod_timer(&w.timer, jiffies + 3);
	left = wait_event_timeout(s->wq, s->go, 1000);
	KUNIT_EXPECT_GT(test, left, 500);
	KUNIT_EXPECT_LE(test, left, 1000);
	KUNIT_EXPECT_EQ(test, del_timer_sync(&w.timer), 0);
}

static void wait_event_lock_irq_looks_with_the_lock_held(struct kunit *test)
{
	struct scene *s = scene_new(test);
	struct waker w = { .scene = s };
	unsigned int looks = 0, masked = 0;
	static DEFINE_SPINLOCK(lock);

	timer_setup_on_stack(&w.timer, wake_in_irq, 0);
	spin_lock_irq(&lock);
	mod_timer(&w.timer, jiffies + 2);
	wait_event_lock_irq(s->wq, (looks++, masked += irqs_disabled(), s->go), lock);
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	spin_unlock_irq(&lock);
	KUNIT_EXPECT_GE(test, looks, 3);
	KUNIT_EXPECT_EQ(test, masked, looks);
	del_timer_sync(&w.timer);
}

struct ping_pong {
	wait_queue_head_t wq;
	unsigned int turn;	/* even: the test's, odd: the partner's */
};

#define PING_PONGS	10000

static int pong(void *data)
{
	struct ping_pong *p = data;

	for (unsigned int i = 0; i < PING_PONGS; i++) {
		wait_event(p->wq, p->turn == 2 * i + 1);
		p->turn++;
		wake_up(&p->wq);
	}
	sleep_until_stopped();
	return 0;
}

static void no_wake_up_is_lost_in_ten_thousand(struct kunit *test)
{
	struct ping_pong p = { .turn = 0 };
	struct task_struct *t;

	init_waitqueue_head(&p.wq);
	t = kthread_run(pong, &p, "pong");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t);
	for (unsigned int i = 0; i < PING_PONGS; i++) {
		p.turn++;
		wake_up(&p.wq);
		if (!wait_event_timeout(p.wq, p.turn == 2 * i + 2, 10 * HZ))
			break;
	}
	KUNIT_EXPECT_EQ(test, p.turn, 2 * PING_PONGS);
	kthread_stop(t);
}

/* ---- completions ---- */

static int wait_done(void *data)
{
	struct numbered *n = data;

	wait_for_completion(&n->scene->done);
	gone_on(n);
	sleep_until_stopped();
	return 0;
}

static void a_completion_before_the_wait_is_remembered(struct kunit *test)
{
	struct scene *s = scene_new(test);

	KUNIT_EXPECT_FALSE(test, try_wait_for_completion(&s->done));
	KUNIT_EXPECT_FALSE(test, completion_done(&s->done));
	complete(&s->done);
	complete(&s->done);
	KUNIT_EXPECT_TRUE(test, completion_done(&s->done));
	wait_for_completion(&s->done);
	KUNIT_EXPECT_TRUE(test, try_wait_for_completion(&s->done));
	KUNIT_EXPECT_FALSE(test, try_wait_for_completion(&s->done));
}

static void each_completion_lets_one_go_in_order(struct kunit *test)
{
	struct scene *s = scene_new(test);

	start_waiters(test, s, wait_done, WAITERS);
	complete(&s->done);
	/* what is handed on cannot be taken on the way */
	KUNIT_EXPECT_FALSE(test, try_wait_for_completion(&s->done));
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 1);
	complete(&s->done);
	complete(&s->done);
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 123);
	complete(&s->done);
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 1234);
	stop_waiters(test, s, WAITERS);
}

static void complete_all_is_for_good_until_reinit(struct kunit *test)
{
	struct scene *s = scene_new(test);

	start_waiters(test, s, wait_done, WAITERS);
	complete_all(&s->done);
	yield();
	KUNIT_EXPECT_EQ(test, s->order, 1234);
	wait_for_completion(&s->done);
	complete(&s->done);
	KUNIT_EXPECT_TRUE(test, try_wait_for_completion(&s->done));
	KUNIT_EXPECT_TRUE(test, try_wait_for_completion(&s->done));
	reinit_completion(&s->done);
	KUNIT_EXPECT_FALSE(test, try_wait_for_completion(&s->done));
	stop_waiters(test, s, WAITERS);
}

static void a_waiter_woken_by_somebody_else_waits_on(struct kunit *test)
{
	struct scene *s = scene_new(test);

	start_waiters(test, s, wait_done, 1);
	wake_up_process(s->task[0]);
	yield();
	KUNIT_EXPECT_EQ(test, s->woken, 0);
	complete(&s->done);
	yield();
	KUNIT_EXPECT_EQ(test, s->woken, 1);
	stop_waiters(test, s, 1);
}

static void completion_timeouts_are_linuxs(struct kunit *test)
{
	struct scene *s = scene_new(test);
	struct waker w = { .scene = s };
	unsigned long before = jiffies, left;

	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&s->done, 5), 0);
	KUNIT_EXPECT_GE(test, jiffies - before, 5);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&s->done, 0), 0);
	complete(&s->done);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&s->done, 0), 1);
	timer_setup_on_stack(&w.timer, wake_in_irq, 0);
	mod_timer(&w.timer, jiffies + 2);
	left = wait_for_completion_timeout(&s->done, 1000);
	KUNIT_EXPECT_GT(test, left, 500);
	KUNIT_EXPECT_LE(test, left, 1000);
	mod_timer(&w.timer, jiffies + 2);	/* what is further than a timer goes is not past */
	left = wait_for_completion_timeout(&s->done, MAX_SCHEDULE_TIMEOUT - 1);
	KUNIT_EXPECT_GT(test, left, MAX_SCHEDULE_TIMEOUT - 1000);
	KUNIT_EXPECT_GE(test, jiffies - before, 7);
	/* nobody is left in the queue who gave up */
	complete(&s->done);
	KUNIT_EXPECT_TRUE(test, try_wait_for_completion(&s->done));
	del_timer_sync(&w.timer);
}

/* What comes when the time is up, but before the waiter has run, is the waiter's. */
static struct late {
	struct completion done;
	struct semaphore sem;
	long waited, downed;
} late;

static int wait_a_jiffy(void *unused)
{
	(void)unused;
	late.waited = (long)wait_for_completion_timeout(&late.done, 1);
	return 0;
}

static int down_a_jiffy(void *unused)
{
	(void)unused;
	late.downed = down_timeout(&late.sem, 1);
	return 0;
}

static void what_comes_before_a_late_waiter_runs_is_its_own(struct kunit *test)
{
	struct task_struct *waits, *downs;
	unsigned long end;

	init_completion(&late.done);
	sema_init(&late.sem, 0);
	waits = new_thread(test, wait_a_jiffy, NULL);
	downs = new_thread(test, down_a_jiffy, NULL);
	wake_up_process(waits);
	wake_up_process(downs);
	yield();	/* both wait now; whose time is up comes after this task */
	end = jiffies + 4;
	KUNIT_ASSERT_TRUE(test, spin_until(time_after_eq(jiffies, end)));
	complete(&late.done);
	up(&late.sem);
	kthread_join(waits);
	kthread_join(downs);
	KUNIT_EXPECT_EQ(test, late.waited, 1);
	KUNIT_EXPECT_FALSE(test, completion_done(&late.done));
	KUNIT_EXPECT_EQ(test, late.downed, 0);
	KUNIT_EXPECT_EQ(test, down_trylock(&late.sem), 1);
}

static struct kunit_case wait_cases[] = {
	KUNIT_CASE(a_wake_up_reaches_all_plain_waiters),
	KUNIT_CASE(exclusive_waiters_are_woken_one_by_one_in_order),
	KUNIT_CASE(plain_waiters_are_woken_beside_one_exclusive),
	KUNIT_CASE(wake_up_interruptible_leaves_the_others_asleep),
	KUNIT_CASE(an_entry_calls_its_function_with_the_key),
	KUNIT_CASE(an_answer_decides_who_is_called_next),
	KUNIT_CASE(wait_event_returns_at_once_when_it_is_so),
	KUNIT_CASE(wait_event_sleeps_on_until_the_condition_holds),
	KUNIT_CASE(kthread_stop_ends_a_wait),
	KUNIT_CASE(a_timeout_returns_0_and_waits_its_time),
	KUNIT_CASE(a_condition_that_holds_when_the_time_is_up_returns_1),
	KUNIT_CASE(an_interrupt_wakes_and_the_rest_of_the_time_is_returned),
	KUNIT_CASE(wait_event_lock_irq_looks_with_the_lock_held),
	KUNIT_CASE(no_wake_up_is_lost_in_ten_thousand),
	KUNIT_CASE(a_completion_before_the_wait_is_remembered),
	KUNIT_CASE(each_completion_lets_one_go_in_order),
	KUNIT_CASE(complete_all_is_for_good_until_reinit),
	KUNIT_CASE(a_waiter_woken_by_somebody_else_waits_on),
	KUNIT_CASE(completion_timeouts_are_linuxs),
	KUNIT_CASE(what_comes_before_a_late_waiter_runs_is_its_own),
	{}
};

static struct kunit_suite wait_suite = {
	.name = "wait",
	.exit = free_thread_cache,
	.test_cases = wait_cases,
};
kunit_test_suite(wait_suite);
