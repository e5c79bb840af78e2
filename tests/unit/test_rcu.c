/* SPDX-License-Identifier: MIT */
/*
 * RCU: what a grace period waits for, and what misuse is told.
 *
 * A case runs on CPU 0 and holds it by not yielding. What needs a reader that is in its section
 * for long has it on another CPU, in a task or in an interrupt.
 */
#include <kernel/rcupdate.h>

#include <kernel/completion.h>
#include <kernel/cpumask.h>
#include <kernel/delay.h>
#include <kernel/fault-inject.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/moduleparam.h>
#include <kernel/mutex.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <lib/minmax.h>
#include <lib/rculist.h>
#include <test/kunit.h>

#include "threads.h"

struct thing {
	int value;
	unsigned int *order;		/* the numbers of those called, as digits */
	struct list_head link;
	struct rcu_head rcu;
};

static void note(struct rcu_head *head)
{
	struct thing *t = container_of(head, struct thing, rcu);

	*t->order = *t->order * 10 + (unsigned int)t->value;
}

/* ---- callbacks ---- */

static void callback_comes_after_a_switch_and_in_order(struct kunit *test)
{
	unsigned int order = 0;
	struct thing t[3];

	for (int i = 0; i < 3; i++) {
		t[i].value = i + 1;
		t[i].order = &order;
		call_rcu(&t[i].rcu, note);
	}
	mdelay(3);
	KUNIT_EXPECT_EQ(test, READ_ONCE(order), 0);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, order, 123);
}

static void call_from_irq(struct timer_list *timer);

static struct {
	struct timer_list timer;
	struct thing thing;
} from_irq;

static void call_from_irq(struct timer_list *timer)
{
	(void)timer;
	call_rcu(&from_irq.thing.rcu, note);
}

static void an_interrupt_may_call(struct kunit *test)
{
	unsigned int order = 0;

	from_irq.thing.value = 7;
	from_irq.thing.order = &order;
	timer_setup(&from_irq.timer, call_from_irq, 0);
	mod_timer(&from_irq.timer, jiffies + 1);
	msleep(3);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, order, 7);
}

static void call_again(struct rcu_head *head)
{
	note(head);
	call_rcu(head, note);
}

static void callback_may_queue_itself_again(struct kunit *test)
{
	unsigned int order = 0;
	struct thing t = { .value = 1, .order = &order };

	call_rcu(&t.rcu, call_again);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, order % 10, 1);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, order, 11);
}

static void synchronize_runs_what_was_queued_before(struct kunit *test)
{
	unsigned int order = 0;
	struct thing t = { .value = 1, .order = &order };

	call_rcu(&t.rcu, note);
	synchronize_rcu();
	KUNIT_EXPECT_EQ(test, order, 1);
}

static void kfree_rcu_frees_later(struct kunit *test)
{
	size_t before;
	struct thing *t;

	rcu_barrier();
	before = slab_bytes_used();
	t = kmalloc(sizeof(*t), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t);
	kfree_rcu(t, rcu);
	KUNIT_EXPECT_GT(test, slab_bytes_used(), before);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), before);
	t = NULL;
	kfree_rcu(t, rcu);
}

/* ---- pointers and lists ---- */

static struct thing __rcu *shared;

static void published_pointer_is_followed(struct kunit *test)
{
	struct thing one = { .value = 1 }, two = { .value = 2 };

	RCU_INIT_POINTER(shared, NULL);
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(shared));
	rcu_assign_pointer(shared, &one);
	scoped_guard(rcu)
		KUNIT_EXPECT_EQ(test, rcu_dereference(shared)->value, 1);
	KUNIT_EXPECT_PTR_EQ(test, rcu_replace_pointer(shared, &two, true), &one);
	KUNIT_EXPECT_EQ(test, rcu_dereference_check(shared, true)->value, 2);
	KUNIT_EXPECT_EQ(test, rcu_dereference_protected(shared, true)->value, 2);
	RCU_INIT_POINTER(shared, NULL);
}

static unsigned int digits(struct list_head *head)
{
	unsigned int seen = 0;
	struct thing *t;

	guard(rcu)();
	list_for_each_entry_rcu(t, head, link)
		seen = seen * 10 + (unsigned int)t->value;
	return seen;
}

static void list_is_walked_while_it_changes(struct kunit *test)
{
	struct thing one = { .value = 1 }, two = { .value = 2 }, three = { .value = 3 };
	LIST_HEAD(head);

	KUNIT_EXPECT_EQ(test, digits(&head), 0);
	list_add_rcu(&two.link, &head);
	list_add_rcu(&one.link, &head);
	list_add_tail_rcu(&three.link, &head);
	KUNIT_EXPECT_EQ(test, digits(&head), 123);
	list_del_rcu(&two.link);
	KUNIT_EXPECT_EQ(test, digits(&head), 13);
	/* Who stands on it goes on. */
	KUNIT_EXPECT_PTR_EQ(test, two.link.next, &three.link);
	KUNIT_EXPECT_PTR_EQ(test, three.link.prev, &one.link);
	KUNIT_EXPECT_PTR_EQ(test, two.link.prev, LIST_POISON2);
}

static void sections_nest(struct kunit *test)
{
	rcu_read_lock();
	rcu_read_lock();
	rcu_read_unlock();
	KUNIT_EXPECT_TRUE(test, rcu_read_lock_held());
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, rcu_read_lock_held(), !IS_ENABLED(CONFIG_LOCKDEP));
}

#ifdef CONFIG_SMP

/* ---- readers elsewhere ---- */

static struct {
	struct timer_list timer;
	bool inside, leave;
	unsigned int order;
	struct thing thing;
} far;

static void read_for_long(struct timer_list *timer)
{
	(void)timer;
	guard(rcu)();
	smp_store_release(&far.inside, true);
	spin_until(smp_load_acquire(&far.leave));
	/* The callback has not run: that is what the section is for. */
	WRITE_ONCE(far.order, READ_ONCE(far.order) + 5);
}

static int read_in_task(void *unused)
{
	(void)unused;
	read_for_long(NULL);
	return 0;
}

static int read_in_timer(void *unused)
{
	(void)unused;
	mod_timer(&far.timer, jiffies + 2);
	return 0;
}

static void expect_waiting(struct kunit *test)
{
	KUNIT_ASSERT_TRUE(test, spin_until(smp_load_acquire(&far.inside)));
	far.thing.value = 1;
	far.thing.order = &far.order;
	call_rcu(&far.thing.rcu, note);
	msleep(5);
	KUNIT_EXPECT_EQ(test, READ_ONCE(far.order), 0);
	smp_store_release(&far.leave, true);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, READ_ONCE(far.order), 51);
}

static void begin_far(void)
{
	far.inside = far.leave = false;
	far.order = 0;
}

static void reader_in_a_task_elsewhere_is_waited_for(struct kunit *test)
{
	NEEDS_TWO_CPUS(test);
	begin_far();
	start_thread_on(test, 1, read_in_task, NULL);
	expect_waiting(test);
}

/* On top of the idle task: nothing else runs there. */
static void reader_in_an_interrupt_elsewhere_is_waited_for(struct kunit *test)
{
	NEEDS_TWO_CPUS(test);
	begin_far();
	timer_setup(&far.timer, read_for_long, 0);
	start_thread_on(test, 1, read_in_timer, NULL);
	expect_waiting(test);
}

static int count_up(void *counter)
{
	while (!kthread_should_stop()) {
		if (++*(unsigned int *)counter % 64)
			cond_resched();
		else
			msleep(1);
	}
	return 0;
}

static void cpus_that_yield_hold_nothing_up(struct kunit *test)
{
	static unsigned int counters[CONFIG_NR_CPUS];

	NEEDS_TWO_CPUS(test);
	for (unsigned int i = 0; i < num_online_cpus(); i++)
		start_thread_on(test, i, count_up, &counters[i]);
	for (int i = 0; i < 20; i++)
		synchronize_rcu();
}

#endif

/* ---- misuse ---- */

#ifdef CONFIG_LOCKDEP

static void yielding_in_a_section_is_reported(struct kunit *test)
	__no_context_analysis
{
	guard(rcu)();
	KUNIT_EXPECT_REPORT(test, "sleeping function called with a spin lock or in RCU", yield());
}

static void sleeping_in_a_section_is_reported(struct kunit *test)
	__no_context_analysis
{
	guard(rcu)();
	KUNIT_EXPECT_REPORT(test, "sleeping function called", might_sleep());
}

/*
 *	reader, on CPU 0:	lock, follows, sleeps (reported) ............... unlock
 *	the case, on CPU 0:		takes it away, synchronize_rcu(), free
 */
struct sleepy {
	struct completion wake;
	bool sleeps, ended;		/* [o] CPU 0's */
};

static int reader_that_sleeps(void *data)
	__no_context_analysis
{
	struct sleepy *s = data;

	rcu_read_lock();
	s->sleeps = true;
	wait_for_completion(&s->wake);
	rcu_read_unlock();
	s->ended = true;
	return 0;
}

/* The grace period is no wait for it: what it follows is gone when it wakes up. */
static void reader_that_sleeps_is_reported_and_not_waited_for(struct kunit *test)
{
	struct sleepy s = { .sleeps = false };
	struct task_struct *t;

	fault_leave(current);
	init_completion(&s.wake);
	t = kthread_create(reader_that_sleeps, &s, "sleepy");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t);
	get_task_struct(t);
	KUNIT_EXPECT_REPORT(test, "sleeping function called", wake_up_process(t); yield());
	KUNIT_EXPECT_TRUE(test, s.sleeps);
	synchronize_rcu();
	KUNIT_EXPECT_FALSE(test, s.ended);
	complete(&s.wake);
	KUNIT_EXPECT_EQ(test, kthread_join(t), 0);
	KUNIT_EXPECT_TRUE(test, s.ended);
	put_task_struct(t);
}

static void waiting_for_oneself_is_reported_and_does_not_hang(struct kunit *test)
	__no_context_analysis
{
	guard(rcu)();
	KUNIT_EXPECT_REPORT(test, "synchronize_rcu() in an RCU read section", synchronize_rcu());
	KUNIT_EXPECT_REPORT(test, "rcu_barrier() in an RCU read section", rcu_barrier());
}

static void pointer_followed_outside_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct thing one = { .value = 1 };

	rcu_assign_pointer(shared, &one);
	KUNIT_EXPECT_REPORT(test, "shared is followed outside of an RCU read section",
			    (void)rcu_dereference(shared));
	KUNIT_EXPECT_REPORT(test, "without its lock",
			    (void)rcu_dereference_check(shared, false));
	KUNIT_EXPECT_REPORT(test, "without its lock",
			    (void)rcu_dereference_protected(shared, false));
	RCU_INIT_POINTER(shared, NULL);
}

static void list_walked_outside_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct thing *t;
	LIST_HEAD(head);

	KUNIT_EXPECT_REPORT(test, "a list is walked outside of an RCU read section",
			    list_for_each_entry_rcu(t, &head, link) { });
}

static void unlock_without_lock_is_reported(struct kunit *test)
	__no_context_analysis
{
	KUNIT_EXPECT_REPORT(test, "bad unlock balance", rcu_read_unlock());
}

static void section_not_ended_is_reported(struct kunit *test)
	__no_context_analysis
{
	unsigned int held = lockdep_depth(current);

	rcu_read_lock();
	KUNIT_EXPECT_REPORT(test, "it ends with 1 locks held",
			    lockdep_check_depth(held, "it ends"));
	KUNIT_EXPECT_FALSE(test, rcu_read_lock_held());
}

static void sleeps(struct rcu_head *head)
{
	(void)head;
	msleep(1);
}

static void callback_that_sleeps_is_reported(struct kunit *test)
{
	struct rcu_head head;

	call_rcu(&head, sleeps);
	KUNIT_EXPECT_REPORT(test, "sleeping function called", rcu_barrier());
}

static void waits(struct rcu_head *head)
{
	(void)head;
	synchronize_rcu();
}

static void callback_that_waits_for_a_grace_period_is_reported(struct kunit *test)
{
	struct rcu_head head;

	call_rcu(&head, waits);
	KUNIT_EXPECT_REPORT(test, "synchronize_rcu() in an RCU callback", rcu_barrier());
}

static DEFINE_SPINLOCK(left_locked);

static void leaves_locked(struct rcu_head *head)
	__no_context_analysis
{
	(void)head;
	spin_lock(&left_locked);
}

static void callback_that_keeps_a_lock_is_reported(struct kunit *test)
{
	struct rcu_head head;

	call_rcu(&head, leaves_locked);
	KUNIT_EXPECT_REPORT(test, "returns with 1 locks held", rcu_barrier());
	spin_lock_init(&left_locked);
}

#endif

#ifdef CONFIG_DEBUG_OBJECTS

static void queueing_twice_is_reported(struct kunit *test)
{
	unsigned int order = 0;
	struct thing t = { .value = 1, .order = &order };

	call_rcu(&t.rcu, note);
	KUNIT_EXPECT_REPORT(test, "is queued already", call_rcu(&t.rcu, note));
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, order, 1);
}

static void freeing_what_is_queued_is_reported(struct kunit *test)
{
	unsigned int order = 0;
	struct thing *t = kzalloc(sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->order = &order;
	call_rcu(&t->rcu, note);
	KUNIT_EXPECT_REPORT(test, "rcu_head", kfree(t));
	rcu_barrier();
	kfree(t);
}

#endif

#ifdef CONFIG_RCU_DEBUG

static void set_param(void *name_and_value)
{
	char *name = name_and_value, *value = strchr(name, '=');
	char copy[32];

	strscpy(copy, name, sizeof(copy));
	copy[value - name] = '\0';
	kernel_param_set(kernel_param_find(copy), value + 1);
}

/* Until the case ends; then it is `after` again. Both are "name=value". */
static void set_until_end(struct kunit *test, char *now, char *after)
{
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, set_param, after), 0);
	set_param(now);
}

static char stall_short[] = "rcu.stall_ms=20", stall_usual[] = "rcu.stall_ms=5000",
	stall_never[] = "rcu.stall_ms=0", delay_none[] = "rcu.delay_ms=0",
	delay_usual[] = "rcu.delay_ms=1", delay_long[] = "rcu.delay_ms=10", seed_3[] = "rcu.seed=3",
	seed_1[] = "rcu.seed=1";

/* The other CPUs, if they are emulated in turn, have theirs. */
static void keep_the_cpu_for(unsigned int msecs)
{
	while (msecs--) {
		mdelay(1);
		cpu_relax();
	}
}

static void cpu_that_does_not_yield_is_reported(struct kunit *test)
{
	struct thing t = { .value = 1 };

	t.order = &(unsigned int){ 0 };
	set_until_end(test, stall_short, stall_usual);
	set_until_end(test, delay_none, delay_usual);
	call_rcu(&t.rcu, note);
	KUNIT_EXPECT_REPORT(test, "RCU: no grace period for 20 ms, CPU 0 runs",
			    keep_the_cpu_for(30));
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, *t.order, 1);
}

static void no_stall_is_reported_when_none_is_wanted(struct kunit *test)
{
	struct thing t = { .value = 1 };

	t.order = &(unsigned int){ 0 };
	set_until_end(test, stall_never, stall_usual);
	call_rcu(&t.rcu, note);
	keep_the_cpu_for(30);
	rcu_barrier();
}

static void grace_periods_differ_when_delayed(struct kunit *test)
{
	unsigned long least = ~0ul, most = 0;

	set_until_end(test, delay_long, delay_usual);
	set_until_end(test, seed_3, seed_1);
	for (int i = 0; i < 8; i++) {
		unsigned long before = jiffies, took;

		synchronize_rcu();
		took = jiffies - before;
		least = min(least, took);
		most = max(most, took);
	}
	KUNIT_EXPECT_GT(test, most, least + 3);
}

#endif

static struct kunit_case cases[] = {
	KUNIT_CASE(callback_comes_after_a_switch_and_in_order),
	KUNIT_CASE(an_interrupt_may_call),
	KUNIT_CASE(callback_may_queue_itself_again),
	KUNIT_CASE(synchronize_runs_what_was_queued_before),
	KUNIT_CASE(kfree_rcu_frees_later),
	KUNIT_CASE(published_pointer_is_followed),
	KUNIT_CASE(list_is_walked_while_it_changes),
	KUNIT_CASE(sections_nest),
#ifdef CONFIG_SMP
	KUNIT_CASE(reader_in_a_task_elsewhere_is_waited_for),
	KUNIT_CASE(reader_in_an_interrupt_elsewhere_is_waited_for),
	KUNIT_CASE(cpus_that_yield_hold_nothing_up),
#endif
#ifdef CONFIG_LOCKDEP
	KUNIT_CASE(yielding_in_a_section_is_reported),
	KUNIT_CASE(sleeping_in_a_section_is_reported),
	KUNIT_CASE(reader_that_sleeps_is_reported_and_not_waited_for),
	KUNIT_CASE(waiting_for_oneself_is_reported_and_does_not_hang),
	KUNIT_CASE(pointer_followed_outside_is_reported),
	KUNIT_CASE(list_walked_outside_is_reported),
	KUNIT_CASE(unlock_without_lock_is_reported),
	KUNIT_CASE(section_not_ended_is_reported),
	KUNIT_CASE(callback_that_sleeps_is_reported),
	KUNIT_CASE(callback_that_waits_for_a_grace_period_is_reported),
	KUNIT_CASE(callback_that_keeps_a_lock_is_reported),
#endif
#ifdef CONFIG_DEBUG_OBJECTS
	KUNIT_CASE(queueing_twice_is_reported),
	KUNIT_CASE(freeing_what_is_queued_is_reported),
#endif
#ifdef CONFIG_RCU_DEBUG
	KUNIT_CASE(cpu_that_does_not_yield_is_reported),
	KUNIT_CASE(no_stall_is_reported_when_none_is_wanted),
	KUNIT_CASE(grace_periods_differ_when_delayed),
#endif
	{ }
};

static struct kunit_suite suite = { .name = "rcu", .test_cases = cases };

kunit_test_suite(suite);
