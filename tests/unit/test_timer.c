/* SPDX-License-Identifier: MIT */
/*
 * Timers and time: when a function runs, in which order, how often the hardware fires
 * for it, and what the clocks promise each other.
 */
#include <kernel/bug.h>
#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/timekeeping.h>
#include <kernel/timer.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <test/kunit.h>

#define TRIES	5

struct probe {
	struct timer_list timer;
	unsigned int *calls;		/* of all that share it */
	unsigned int call;		/* its own was the n-th of them, from 1 */
	unsigned long ran_at;
	unsigned int again;		/* so often it arms itself anew */
	unsigned int period;
	bool in_irq;
	bool was_pending;
};

static void probe_runs(struct timer_list *t)
{
	struct probe *p = from_timer(p, t, timer);

	p->ran_at = jiffies;
	p->call = ++*p->calls;
	p->in_irq = in_hardirq();
	p->was_pending = timer_pending(t);
	if (p->again) {
		p->again--;
		mod_timer(t, t->expires + p->period);
	}
}

static void probe_init(struct probe *p, unsigned int *calls)
{
	*p = (struct probe){ .calls = calls };
	timer_setup(&p->timer, probe_runs, 0);
}

/* To the beginning of a jiffy, so that times to come are a whole jiffy away. */
static unsigned long next_jiffy(void)
{
	unsigned long before = jiffies;

	while (jiffies == before)
		cpu_relax();
	return before + 1;
}

/* ---- one timer ---- */

static void it_runs_once_at_its_time_in_an_interrupt(struct kunit *test)
{
	unsigned int calls = 0;
	struct probe p;
	unsigned long expires = jiffies + 5;

	probe_init(&p, &calls);
	KUNIT_EXPECT_FALSE(test, timer_pending(&p.timer));
	local_irq_disable();
	KUNIT_EXPECT_EQ(test, mod_timer(&p.timer, expires), 0);
	KUNIT_EXPECT_TRUE(test, timer_pending(&p.timer));
	local_irq_enable();
	msleep(10);
	KUNIT_EXPECT_EQ(test, calls, 1);
	KUNIT_EXPECT_TRUE(test, time_after_eq(p.ran_at, expires));
	KUNIT_EXPECT_TRUE(test, p.in_irq);
	KUNIT_EXPECT_FALSE(test, p.was_pending);
	KUNIT_EXPECT_FALSE(test, timer_pending(&p.timer));
}

static void a_cancelled_timer_does_not_run(struct kunit *test)
{
	unsigned int calls = 0;
	struct probe p;

	probe_init(&p, &calls);
	KUNIT_EXPECT_EQ(test, del_timer(&p.timer), 0);
	local_irq_disable();
	mod_timer(&p.timer, jiffies + 3);
	KUNIT_EXPECT_EQ(test, del_timer(&p.timer), 1);
	KUNIT_EXPECT_EQ(test, del_timer_sync(&p.timer), 0);
	mod_timer(&p.timer, jiffies + 3);
	KUNIT_EXPECT_EQ(test, del_timer_sync(&p.timer), 1);
	mod_timer(&p.timer, jiffies + 3);
	KUNIT_EXPECT_EQ(test, try_to_del_timer_sync(&p.timer), 1);
	local_irq_enable();
	msleep(6);
	KUNIT_EXPECT_EQ(test, calls, 0);
}

static void mod_timer_moves_it_either_way(struct kunit *test)
{
	unsigned int calls = 0;
	struct probe later, sooner;
	unsigned long now = jiffies;

	probe_init(&later, &calls);
	probe_init(&sooner, &calls);
	local_irq_disable();
	mod_timer(&later.timer, now + 3);
	mod_timer(&sooner.timer, now + 1000);
	KUNIT_EXPECT_EQ(test, mod_timer(&later.timer, now + 20), 1);
	KUNIT_EXPECT_EQ(test, mod_timer(&sooner.timer, now + 10), 1);
	local_irq_enable();
	msleep(40);
	KUNIT_EXPECT_EQ(test, sooner.call, 1);
	KUNIT_EXPECT_EQ(test, later.call, 2);
	KUNIT_EXPECT_GE(test, sooner.ran_at - now, 10);
	KUNIT_EXPECT_GE(test, later.ran_at - now, 20);
}

static void add_timer_takes_the_time_from_the_timer(struct kunit *test)
{
	unsigned int calls = 0;
	struct probe p;

	probe_init(&p, &calls);
	local_irq_disable();
	p.timer.expires = jiffies + 2;
	add_timer(&p.timer);
	KUNIT_EXPECT_WARNINGS(test, 1, add_timer(&p.timer));
	local_irq_enable();
	msleep(4);
	KUNIT_EXPECT_EQ(test, calls, 1);
}

static void a_time_that_is_past_means_now(struct kunit *test)
{
	unsigned int calls = 0;
	struct probe p[3];

	for (unsigned int i = 0; i < ARRAY_SIZE(p); i++)
		probe_init(&p[i], &calls);
	mod_timer(&p[0].timer, jiffies);
	mod_timer(&p[1].timer, jiffies - 1);
	/* before jiffies began */
	mod_timer(&p[2].timer, jiffies - 1000000000);
	msleep(2);
	KUNIT_EXPECT_EQ(test, calls, 3);
}

/* far from a storm, though the last timer was long ago: each comes a jiffy after the one before */
static void a_timer_that_arms_itself_for_the_past_comes_once_a_jiffy(struct kunit *test)
{
	unsigned int calls = 0;
	unsigned long interrupts, before;
	struct probe p;

	probe_init(&p, &calls);
	p.again = 1000000;
	p.period = 0;
	mdelay(30);
	interrupts = timer_interrupt_count();
	before = jiffies;
	mod_timer(&p.timer, jiffies - 100000);
	msleep(10);
	del_timer_sync(&p.timer);
	KUNIT_EXPECT_GE(test, calls, 2);
	KUNIT_EXPECT_LE(test, calls, jiffies - before + 1);
	KUNIT_EXPECT_LE(test, timer_interrupt_count() - interrupts, 2 * (jiffies - before) + 2);
}

static void a_function_may_arm_its_timer_again(struct kunit *test)
{
	unsigned int calls = 0;
	struct probe p;
	unsigned long start = jiffies;

	probe_init(&p, &calls);
	p.again = 9;
	p.period = 2;
	mod_timer(&p.timer, start + 2);
	for (unsigned int i = 0; i < HZ && calls < 10; i++)
		msleep(1);
	KUNIT_EXPECT_EQ(test, calls, 10);
	KUNIT_EXPECT_EQ(test, p.timer.expires, start + 20);
	KUNIT_EXPECT_TRUE(test, time_after_eq(p.ran_at, start + 20));
}

struct heap_timer {
	struct timer_list timer;
	unsigned int *freed;
};

static void free_itself(struct timer_list *t)
{
	struct heap_timer *h = from_timer(h, t, timer);

	++*h->freed;
	kfree(h);
}

static void a_function_may_free_its_timer(struct kunit *test)
{
	struct heap_timer *h;
	unsigned int freed = 0, made = 0;

	for (unsigned int i = 0; i < 3; i++) {
		h = kzalloc(sizeof(*h), GFP_KERNEL);
		if (!h)
			continue;
		made++;
		h->freed = &freed;
		timer_setup(&h->timer, free_itself, 0);
		mod_timer(&h->timer, jiffies + 2);
	}
	msleep(5);
	KUNIT_EXPECT_EQ(test, made, 3);
	KUNIT_EXPECT_EQ(test, freed, made);
}

struct canceller {
	struct timer_list timer;
	struct probe *victim;
	int was_pending;
};

static void cancel_victim(struct timer_list *t)
{
	struct canceller *c = from_timer(c, t, timer);

	c->was_pending = del_timer(&c->victim->timer);
}

static void a_function_may_cancel_one_that_is_due_too(struct kunit *test)
{
	unsigned int calls = 0;
	struct canceller c;
	struct probe p;
	unsigned long expires = jiffies + 3;

	probe_init(&p, &calls);
	c.victim = &p;
	timer_setup_on_stack(&c.timer, cancel_victim, 0);
	local_irq_disable();
	mod_timer(&c.timer, expires);
	mod_timer(&p.timer, expires);
	local_irq_enable();
	msleep(6);
	KUNIT_EXPECT_EQ(test, c.was_pending, 1);
	KUNIT_EXPECT_EQ(test, calls, 0);
}

static void delete_itself_sync(struct timer_list *t)
{
	del_timer_sync(t);
}

static void del_timer_sync_from_the_function_is_reported(struct kunit *test)
{
	struct timer_list timer;

	timer_setup_on_stack(&timer, delete_itself_sync, 0);
	KUNIT_EXPECT_WARNINGS(test, 1, mod_timer(&timer, jiffies); msleep(2));
}

static void a_timer_without_a_function_is_reported(struct kunit *test)
{
	struct timer_list timer = { .function = NULL };

	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "CONFIG_DEBUG is off");
	KUNIT_EXPECT_WARNINGS(test, 1, mod_timer(&timer, jiffies + 1));
	KUNIT_EXPECT_FALSE(test, timer_pending(&timer));
}

/* ---- many ---- */

static void one_jiffys_timers_run_in_the_order_of_arming(struct kunit *test)
{
	enum { N = 20 };
	struct probe *p = kunit_kzalloc(test, N * sizeof(*p), GFP_KERNEL);
	unsigned int calls = 0, in_order = 0;
	unsigned long expires = jiffies + 100;

	KUNIT_ASSERT_NOT_NULL(test, p);
	for (unsigned int i = 0; i < N; i++) {
		probe_init(&p[i], &calls);
		mod_timer(&p[i].timer, expires);
		/* some are in the wheel already when the next is armed */
		if (i % 4 == 3)
			msleep(1);
	}
	msleep(110);
	for (unsigned int i = 0; i < N; i++)
		in_order += p[i].call == i + 1;
	KUNIT_EXPECT_EQ(test, calls, N);
	KUNIT_EXPECT_EQ(test, in_order, N);
}

static u32 next_random(u32 *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Over several of the wheel's levels, a third of them cancelled while others run. */
static void a_thousand_random_timers_run_in_order_of_time(struct kunit *test)
{
	enum { N = 1000, SPAN = 300 };
	struct probe *p = kunit_kzalloc(test, N * sizeof(*p), GFP_KERNEL);
	unsigned int calls = 0, cancelled = 0, early = 0, wrong = 0;
	u32 random = 1;
	unsigned long start = jiffies;

	KUNIT_ASSERT_NOT_NULL(test, p);
	for (unsigned int i = 0; i < N; i++) {
		probe_init(&p[i], &calls);
		mod_timer(&p[i].timer, start + 50 + next_random(&random) % SPAN);
		if (i % 100 == 99)
			msleep(1);
	}
	for (unsigned int i = 0; i < N; i += 3) {
		cancelled += (unsigned int)del_timer(&p[i].timer);
		if (i % 30 == 0)
			msleep(10);
	}
	msleep(SPAN + 60);
	for (unsigned int i = 0; i < N; i++) {
		if (!p[i].call)
			continue;
		early += time_before(p[i].ran_at, p[i].timer.expires);
		for (unsigned int j = 0; j < i; j++)
			wrong += p[j].call && time_before(p[j].timer.expires, p[i].timer.expires) &&
				 p[j].call > p[i].call;
	}
	KUNIT_EXPECT_EQ(test, calls + cancelled, N);
	KUNIT_EXPECT_EQ(test, early, 0);
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

/*
 * One slot of the wheel's second level, in the order of arming; at +5 it is taken apart:
 *
 *	victim +10, canceller +5, victim +11, canceller +5, ..., last +20
 */
static void a_slot_is_taken_apart_cleanly(struct kunit *test)
{
	enum { PAIRS = 4, SLOT = 32 };
	unsigned long slot = (jiffies + 3 * SLOT) / SLOT * SLOT;
	struct canceller c[PAIRS];
	struct probe p[PAIRS], last;
	unsigned int calls = 0, were_pending = 0;

	for (unsigned int i = 0; i < PAIRS; i++) {
		probe_init(&p[i], &calls);
		mod_timer(&p[i].timer, slot + 10 + i);
		c[i] = (struct canceller){ .victim = &p[i] };
		timer_setup_on_stack(&c[i].timer, cancel_victim, 0);
		mod_timer(&c[i].timer, slot + 5);
	}
	probe_init(&last, &calls);
	mod_timer(&last.timer, slot + 20);
	/* into the wheel, all of them */
	msleep(1);
	schedule_timeout_uninterruptible((long)(slot + 22 - jiffies));
	for (unsigned int i = 0; i < PAIRS; i++)
		were_pending += (unsigned int)c[i].was_pending;
	KUNIT_EXPECT_EQ(test, were_pending, PAIRS);
	KUNIT_EXPECT_EQ(test, calls, 1);
	KUNIT_EXPECT_EQ(test, last.call, 1);
}

static void ten_thousand_can_be_pending(struct kunit *test)
{
	enum { N = 10000 };
	struct probe *p = kunit_kzalloc(test, N * sizeof(*p), GFP_KERNEL);
	unsigned int calls = 0, cancelled = 0;
	struct probe soon;
	u32 random = 7;

	KUNIT_ASSERT_NOT_NULL(test, p);
	for (unsigned int i = 0; i < N; i++) {
		probe_init(&p[i], &calls);
		mod_timer(&p[i].timer, jiffies + 100000 + next_random(&random));
	}
	probe_init(&soon, &calls);
	mod_timer(&soon.timer, jiffies + 3);
	msleep(10);
	KUNIT_EXPECT_EQ(test, calls, 1);
	KUNIT_EXPECT_EQ(test, soon.call, 1);
	for (unsigned int i = 0; i < N; i++)
		cancelled += (unsigned int)del_timer(&p[i].timer);
	KUNIT_EXPECT_EQ(test, cancelled, N);
}

/* ---- the hardware ---- */

/*
 * now    +5        +40                  +90        each in another slot of another level
 *  |------|---------|--------------------|
 */
static unsigned long interrupts_for_three(struct kunit *test)
{
	static const unsigned int at[] = { 5, 40, 90 };
	unsigned int calls = 0;
	unsigned long interrupts, start;
	struct probe p[ARRAY_SIZE(at)];

	msleep(1);
	start = next_jiffy();
	interrupts = timer_interrupt_count();
	for (unsigned int i = 0; i < ARRAY_SIZE(at); i++) {
		probe_init(&p[i], &calls);
		mod_timer(&p[i].timer, start + at[i]);
	}
	/* the test's own sleep ends in the jiffy of the last */
	schedule_timeout_uninterruptible((long)(start + 90 - jiffies));
	msleep(1);
	KUNIT_EXPECT_EQ(test, calls, 3);
	return timer_interrupt_count() - interrupts - 1;
}

static void the_hardware_fires_once_for_each_time(struct kunit *test)
{
	unsigned long interrupts = 0;

	/* an emulator that stands still for a while may make two of one, or one of two */
	for (unsigned int i = 0; i < TRIES && interrupts != 3; i++)
		interrupts = interrupts_for_three(test);
	KUNIT_EXPECT_EQ(test, interrupts, 3);
}

static unsigned long interrupts_with_one_cancelled(void)
{
	unsigned int calls = 0;
	unsigned long interrupts;
	struct probe p;

	probe_init(&p, &calls);
	msleep(1);
	next_jiffy();
	interrupts = timer_interrupt_count();
	mod_timer(&p.timer, jiffies + 10);
	del_timer(&p.timer);
	schedule_timeout_uninterruptible(20);
	return timer_interrupt_count() - interrupts;
}

static void an_idle_cpu_is_not_woken_for_a_cancelled_timer(struct kunit *test)
{
	unsigned long interrupts = 0;

	for (unsigned int i = 0; i < TRIES && interrupts != 1; i++)
		interrupts = interrupts_with_one_cancelled();
	KUNIT_EXPECT_EQ(test, interrupts, 1);
}

/* ---- time ---- */

static void msleep_sleeps_at_least_its_time(struct kunit *test)
{
	for (unsigned int ms = 0; ms < 4; ms++) {
		ktime_t before = ktime_get();

		msleep(ms);
		KUNIT_EXPECT_GE(test, ktime_us_delta(ktime_get(), before), ms * 1000);
	}
}

static void delays_last_at_least_their_time(struct kunit *test)
{
	static const unsigned int us[] = { 0, 1, 7, 100, 1000 };
	ktime_t before;

	for (unsigned int i = 0; i < ARRAY_SIZE(us); i++) {
		before = ktime_get();
		udelay(us[i]);
		KUNIT_EXPECT_GE(test, ktime_get() - before, us[i] * 1000);
		before = ktime_get();
		ndelay(us[i] * 1000);
		KUNIT_EXPECT_GE(test, ktime_get() - before, us[i] * 1000);
	}
	before = ktime_get();
	mdelay(3);
	KUNIT_EXPECT_GE(test, ktime_ms_delta(ktime_get(), before), 3);
	before = ktime_get();
	usleep_range(500, 1000);
	KUNIT_EXPECT_GE(test, ktime_us_delta(ktime_get(), before), 500);
}

static void clocks_do_not_go_back(struct kunit *test)
{
	ktime_t t = ktime_get();
	u64 j = jiffies_64;
	unsigned int back = 0;

	for (unsigned int i = 0; i < 10000; i++) {
		ktime_t t2 = ktime_get();
		u64 j2 = jiffies_64;

		back += t2 < t || j2 < j;
		t = t2;
		j = j2;
	}
	KUNIT_EXPECT_EQ(test, back, 0);
}

static void jiffies_and_ktime_agree(struct kunit *test)
{
	unsigned int apart = 0;

	for (unsigned int i = 0; i < 1000; i++) {
		s64 before = ktime_to_ms(ktime_get());
		s64 ms = (s64)(jiffies_64 - INITIAL_JIFFIES) * MSEC_PER_SEC / HZ;

		apart += ms < before - 1 || ms > ktime_to_ms(ktime_get()) + 1;
		udelay(10);
	}
	KUNIT_EXPECT_EQ(test, apart, 0);
}

static void comparisons_survive_the_wrap(struct kunit *test)
{
	unsigned long end = ~0UL;

	KUNIT_EXPECT_TRUE(test, time_after(end + 5, end));
	KUNIT_EXPECT_FALSE(test, time_after(end, end + 5));
	KUNIT_EXPECT_TRUE(test, time_before(end, end + 1));
	KUNIT_EXPECT_TRUE(test, time_after_eq(end, end));
	KUNIT_EXPECT_FALSE(test, time_after(end, end));
	KUNIT_EXPECT_TRUE(test, time_in_range(end + 1, end, end + 2));
	/* jiffies themselves wrap five minutes after boot */
	KUNIT_EXPECT_EQ(test, (u32)INITIAL_JIFFIES + 300u * HZ, 0);
}

static void conversions_round_up_to_jiffies_and_down_from_them(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, msecs_to_jiffies(0), 0);
	KUNIT_EXPECT_EQ(test, msecs_to_jiffies(10), HZ / 100);
	KUNIT_EXPECT_EQ(test, msecs_to_jiffies((unsigned int)-1), MAX_JIFFY_OFFSET);
	KUNIT_EXPECT_EQ(test, usecs_to_jiffies(1), 1);
	KUNIT_EXPECT_EQ(test, usecs_to_jiffies(1000001), HZ + 1);
	KUNIT_EXPECT_EQ(test, usecs_to_jiffies(0xffffffff), 4294968ULL * HZ / 1000);
	KUNIT_EXPECT_EQ(test, nsecs_to_jiffies(NSEC_PER_SEC), HZ);
	KUNIT_EXPECT_EQ(test, nsecs_to_jiffies(~0ULL),
			min_t(u64, ~0ULL / (NSEC_PER_SEC / HZ) + 1, MAX_JIFFY_OFFSET));
	KUNIT_EXPECT_EQ(test, jiffies_to_msecs(HZ), 1000);
	KUNIT_EXPECT_EQ(test, jiffies_to_usecs(3), 3 * USEC_PER_SEC / HZ);
	KUNIT_EXPECT_EQ(test, ktime_to_ms(-1500000), -1);
	KUNIT_EXPECT_EQ(test, ktime_to_us(ktime_set(5000, 1)), 5000000000LL);
	KUNIT_EXPECT_EQ(test, ktime_compare(KTIME_MIN, KTIME_MAX), -1);
}

static struct kunit_case timer_cases[] = {
	KUNIT_CASE(it_runs_once_at_its_time_in_an_interrupt),
	KUNIT_CASE(a_cancelled_timer_does_not_run),
	KUNIT_CASE(mod_timer_moves_it_either_way),
	KUNIT_CASE(add_timer_takes_the_time_from_the_timer),
	KUNIT_CASE(a_time_that_is_past_means_now),
	KUNIT_CASE(a_timer_that_arms_itself_for_the_past_comes_once_a_jiffy),
	KUNIT_CASE(a_function_may_arm_its_timer_again),
	KUNIT_CASE(a_function_may_free_its_timer),
	KUNIT_CASE(a_function_may_cancel_one_that_is_due_too),
	KUNIT_CASE(del_timer_sync_from_the_function_is_reported),
	KUNIT_CASE(a_timer_without_a_function_is_reported),
	KUNIT_CASE(one_jiffys_timers_run_in_the_order_of_arming),
	KUNIT_CASE(a_thousand_random_timers_run_in_order_of_time),
	KUNIT_CASE(a_slot_is_taken_apart_cleanly),
	KUNIT_CASE(ten_thousand_can_be_pending),
	KUNIT_CASE(the_hardware_fires_once_for_each_time),
	KUNIT_CASE(an_idle_cpu_is_not_woken_for_a_cancelled_timer),
	KUNIT_CASE(msleep_sleeps_at_least_its_time),
	KUNIT_CASE(delays_last_at_least_their_time),
	KUNIT_CASE(clocks_do_not_go_back),
	KUNIT_CASE(jiffies_and_ktime_agree),
	KUNIT_CASE(comparisons_survive_the_wrap),
	KUNIT_CASE(conversions_round_up_to_jiffies_and_down_from_them),
	{}
};

static struct kunit_suite timer_suite = {
	.name = "timer",
	.test_cases = timer_cases,
};
kunit_test_suite(timer_suite);
