/* SPDX-License-Identifier: MIT */
/*
 * The timers' wheel against a plain array, on a machine that is made up: months pass in
 * seconds, so that all levels, far times and the wraps of the clock are met.
 */
#include <kernel/timer.h>

#include <hal/arch_timer.h>
#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/hrtimer.h>
#include <kernel/jiffies.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/timekeeping.h>
#include <lib/math.h>
#include <lib/minmax.h>

#include "kunit_host.h"

#define RATE		62500000
#define BOOT_COUNT	0x123456789ULL
/* The furthest that a timer may be away, and how often the hardware fires without any. */
#define MAX_DELAY	0x7ffffffe
#define SAFETY		0x3fffffff

u32 arch_timer_rate = RATE;
u64 machine_count, machine_compare;
bool machine_in_irq;

/* Of a task, the timers look at the CPU only, and of that at a number: 0. */
static u64 fake_cpu[64];
static struct task_struct fake_task = { .cpu = (struct cpu *)fake_cpu };
void *machine_current = &fake_task;

/* What is linked for functions that are not tested here. */
long schedule_timeout_uninterruptible(long timeout)
{
	return timeout - timeout;
}

long schedule_timeout_interruptible(long timeout)
{
	return timeout - timeout;
}

void schedule(void)
{
}

int wake_up_process(struct task_struct *p)
{
	return !p;
}

void hal_idle(void)
{
}

unsigned long cpu_online_bits = 1;

void smp_send_timer(unsigned int cpu)
{
	(void)cpu;
}

void might_sleep_report(const char *file, int line)
{
	(void)file;
	(void)line;
}

/* The counter when a jiffy begins. */
static u64 count_at(u64 jiffy)
{
	return BOOT_COUNT + (jiffy - INITIAL_JIFFIES) * (RATE / HZ);
}

static void power_on(void)
{
	machine_count = BOOT_COUNT;
	timers_init();
}

/* The scheduler calls this when it has nothing to run; it is between the two of them. */
void timer_idle_enter(void);

/* ---- the model ---- */

#define MODELS_MAX	2000

struct model {
	struct timer_list timer;
	u64 expires;		/* what it was armed for, in all its bits */
	u64 armed;		/* in which order */
	bool pending;
};

static struct model models[MODELS_MAX];
static unsigned int nr_models;
static struct random noise;

static struct {
	u64 armings;
	u64 expires, armed;		/* of the last one that ran in this interrupt */
	unsigned int late_allowed;	/* in this interrupt, in jiffies */
	bool rearm;			/* some functions arm their timer again */
	unsigned int wrong_state, early, late, out_of_order;
} seen;

static u64 random_delay(void)
{
	unsigned int bits = 1 + random_below(&noise, 31);
	u64 delay = random_next(&noise) & ((1ULL << bits) - 1);

	/* a quarter soon, so that there is always something to do */
	if (random_below(&noise, 4) == 0)
		return 1 + random_below(&noise, 100);
	return clamp_t(u64, delay, 1, MAX_DELAY);
}

static void model_arm_at(struct model *m, u64 expires)
{
	seen.wrong_state += mod_timer(&m->timer, (unsigned long)expires) != m->pending;
	m->pending = true;
	m->expires = expires;
	m->armed = ++seen.armings;
}

static void model_arm(struct model *m)
{
	model_arm_at(m, get_jiffies_64() + random_delay());
}

static void model_cancel(struct model *m)
{
	seen.wrong_state += del_timer(&m->timer) != m->pending;
	m->pending = false;
}

static void model_runs(struct timer_list *t)
{
	struct model *m = from_timer(m, t, timer);
	u64 now = get_jiffies_64();

	seen.wrong_state += !m->pending;
	seen.early += now < m->expires;
	seen.late += now > m->expires + seen.late_allowed;
	seen.out_of_order += m->expires < seen.expires ||
			     (m->expires == seen.expires && m->armed < seen.armed);
	seen.expires = m->expires;
	seen.armed = m->armed;
	m->pending = false;
	if (seen.rearm && random_below(&noise, 8) == 0)
		model_arm(m);
}

static u64 earliest_model(void)
{
	u64 earliest = ~0ULL;

	for (unsigned int i = 0; i < nr_models; i++)
		if (models[i].pending && models[i].expires < earliest)
			earliest = models[i].expires;
	return earliest;
}

static void arm_and_cancel_some(void)
{
	for (unsigned int n = random_below(&noise, 20); n > 0; n--) {
		struct model *m = &models[random_below(&noise, nr_models)];

		if (random_below(&noise, 3))
			model_arm(m);
		else
			model_cancel(m);
	}
}

/* To the time that the hardware is set to; sometimes later, as if interrupts had been off. */
static void sleep_until_interrupt(void)
{
	seen.late_allowed = random_below(&noise, 50) ? 0 : random_below(&noise, 5000);
	if (machine_compare > machine_count)
		machine_count = machine_compare;
	machine_count += (u64)seen.late_allowed * (RATE / HZ);
	while (machine_compare <= machine_count) {
		seen.expires = seen.armed = 0;
		machine_in_irq = true;
		timer_interrupt(0, NULL);
		machine_in_irq = false;
	}
}

static void start_models(unsigned int n)
{
	memset(&seen, 0, sizeof(seen));
	noise.state = n;
	power_on();
	nr_models = n;
	for (unsigned int i = 0; i < n; i++) {
		models[i] = (struct model){ .pending = false };
		timer_setup(&models[i].timer, model_runs, 0);
	}
}

/* The fewer, the longer the sleeps: one alone gets through centuries. */
static void compare_with_model(struct kunit *test, unsigned int n)
{
	unsigned int set_too_late = 0, set_too_early = 0;
	enum { STEPS = 10000 };

	start_models(n);
	seen.rearm = true;
	for (unsigned int step = 0; step < STEPS; step++) {
		u64 earliest;

		arm_and_cancel_some();
		timer_idle_enter();
		earliest = earliest_model();
		if (earliest != ~0ULL) {
			set_too_late += machine_compare > count_at(earliest);
			set_too_early += machine_compare < count_at(earliest) &&
					 earliest - get_jiffies_64() < SAFETY / 2;
		}
		/* now and then something else wakes it before */
		if (random_below(&noise, 10) == 0 && machine_compare > machine_count)
			machine_count += (machine_compare - machine_count) /
					 (2 + random_below(&noise, 5));
		else
			sleep_until_interrupt();
	}
	for (unsigned int i = 0; i < n; i++)
		model_cancel(&models[i]);
	KUNIT_EXPECT_EQ(test, seen.wrong_state, 0);
	KUNIT_EXPECT_EQ(test, seen.early, 0);
	KUNIT_EXPECT_EQ(test, seen.late, 0);
	KUNIT_EXPECT_EQ(test, seen.out_of_order, 0);
	KUNIT_EXPECT_EQ(test, set_too_late, 0);
	/* only where a crowded slot's first was cancelled */
	KUNIT_EXPECT_LE(test, set_too_early, STEPS / 500);
}

static void one_timer_over_centuries(struct kunit *test)
{
	compare_with_model(test, 1);
}

static void three_timers_over_decades(struct kunit *test)
{
	compare_with_model(test, 3);
}

static void twenty_timers(struct kunit *test)
{
	compare_with_model(test, 20);
}

static void two_hundred_timers(struct kunit *test)
{
	compare_with_model(test, 200);
}

static void two_thousand_timers(struct kunit *test)
{
	compare_with_model(test, MODELS_MAX);
}

/* Nothing is armed: the hardware fires every 2^30 jiffies, so that the clock keeps up. */
static void an_idle_year_costs_a_few_interrupts(struct kunit *test)
{
	u64 year = 365ULL * 24 * 3600 * HZ, end;
	unsigned long before;

	start_models(1);
	end = get_jiffies_64() + year;
	before = timer_interrupt_count();
	while (get_jiffies_64() < end)
		sleep_until_interrupt();
	KUNIT_EXPECT_LE(test, timer_interrupt_count() - before, year / SAFETY + 1);
}

/*
 * The second of two far timers is the earlier one. On the wheel's top level, whose 32 slots
 * are gone round once in 397 days, the two meet at each place, the end and the beginning
 * among them.
 */
static void far_timers_run_in_order_wherever_the_clock_is(struct kunit *test)
{
	struct model *later = &models[0], *sooner = &models[1];
	unsigned int wrong = 0;

	start_models(2);
	for (unsigned int round = 0; round < 200; round++) {
		u64 now = get_jiffies_64();

		model_arm_at(later, now + MAX_DELAY);
		model_arm_at(sooner, now + SAFETY + 10);
		while (sooner->pending)
			sleep_until_interrupt();
		wrong += !later->pending;
		model_cancel(later);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, seen.late, 0);
	KUNIT_EXPECT_EQ(test, seen.early, 0);
}

/*
 * now             +5       +1000      +1010
 *  |---------------|---------|----------|		the last two in one slot of a high level
 *            they are sorted in    the first of them is cancelled
 */
static void the_hardware_is_set_to_what_is_left(struct kunit *test)
{
	u64 now;

	start_models(3);
	now = get_jiffies_64() | 0x3ff;
	model_arm_at(&models[0], now + 5);
	model_arm_at(&models[1], now + 1000);
	model_arm_at(&models[2], now + 1010);
	while (models[0].pending)
		sleep_until_interrupt();
	KUNIT_EXPECT_EQ(test, machine_compare, count_at(now + 1000));
	model_cancel(&models[1]);
	timer_idle_enter();
	KUNIT_EXPECT_EQ(test, machine_compare, count_at(now + 1010));
}

/* ---- nanoseconds ---- */

#define HR_MODELS	10000

struct hr_model {
	struct hrtimer timer;
	u64 count, last;	/* what it was started for */
	u64 ran;		/* 0: not yet */
	bool pending, exact;
	unsigned int again;	/* restarts that are left */
	ktime_t period;
};

static struct hr_model hr_models[HR_MODELS];

static struct {
	u64 last;		/* when the one before ran was due, in this interrupt */
	unsigned int early, late, out_of_order, not_pending, ran;
} hr_seen;

/* The first count that is not before the time, by 128-bit arithmetic of what ktime_get() says. */
static u64 first_count(ktime_t time)
{
	u64 before = machine_count, low = BOOT_COUNT, high = BOOT_COUNT + (1ULL << 59);

	while (low < high) {
		machine_count = low + (high - low) / 2;
		if (ktime_get() < time)
			low = machine_count + 1;
		else
			high = machine_count;
	}
	machine_count = before;
	return low;
}

static enum hrtimer_restart hr_model_runs(struct hrtimer *t)
{
	struct hr_model *m = container_of(t, struct hr_model, timer);

	hr_seen.ran++;
	hr_seen.not_pending += !m->pending;
	hr_seen.early += machine_count < m->count;
	hr_seen.late += machine_count > m->last;
	hr_seen.out_of_order += m->exact && m->count < hr_seen.last;
	if (m->exact)
		hr_seen.last = m->count;
	m->ran = machine_count;
	m->pending = m->again > 0;
	if (!m->again)
		return HRTIMER_NORESTART;
	m->again--;
	hrtimer_forward_now(t, m->period);
	m->count = m->last = first_count(hrtimer_get_expires(t));
	return HRTIMER_RESTART;
}

static void hr_model_start(struct hr_model *m, ktime_t at, u64 range)
{
	m->count = first_count(at);
	m->last = first_count(at + (s64)range);
	m->exact = range == 0;
	m->pending = true;
	hrtimer_start_range_ns(&m->timer, at, range, HRTIMER_MODE_ABS);
}

/* As one may that was on its way when the hardware was set to a later time. */
static void an_interrupt_before_its_time_forgets_no_timer(struct kunit *test)
{
	start_models(2);
	model_arm_at(&models[0], get_jiffies_64() + 10);
	model_arm_at(&models[1], get_jiffies_64() + 20);
	machine_in_irq = true;
	timer_interrupt(0, NULL);
	machine_in_irq = false;
	KUNIT_EXPECT_EQ(test, machine_compare, count_at(models[0].expires));
	KUNIT_EXPECT_EQ(test, del_timer(&models[0].timer), 1);
	KUNIT_EXPECT_EQ(test, del_timer(&models[1].timer), 1);
}

static void hr_models_begin(u32 rate)
{
	memset(&hr_seen, 0, sizeof(hr_seen));
	noise.state = arch_timer_rate = rate;
	power_on();
	for (unsigned int i = 0; i < HR_MODELS; i++) {
		hr_models[i] = (struct hr_model){ .exact = true };
		hrtimer_init(&hr_models[i].timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
		hr_models[i].timer.function = hr_model_runs;
	}
}

static void next_interrupt(void)
{
	machine_count = max(machine_count, machine_compare);
	hr_seen.last = 0;
	machine_in_irq = true;
	timer_interrupt(0, NULL);
	machine_in_irq = false;
}

/* A third of them is cancelled or moved on the way, jiffies' timers are among them. */
static void ten_thousand_run_at_their_counts(struct kunit *test)
{
	unsigned int cancelled = 0, wrong = 0;

	for (unsigned int r = 0; r < 2; r++) {
		hr_models_begin(r ? 1000000000 : RATE);
		start_models(20);
		arch_timer_rate = r ? 1000000000 : RATE;
		power_on();
		cancelled = 0;
		for (unsigned int i = 0; i < 20; i++)
			model_arm_at(&models[i], get_jiffies_64() + 1 + random_below(&noise, 100));
		for (unsigned int i = 0; i < HR_MODELS; i++)
			hr_model_start(&hr_models[i],
				       ktime_get() + 1 + random_below(&noise, 100000000), 0);
		for (unsigned int i = 0; i < HR_MODELS; i++) {
			struct hr_model *m = &hr_models[random_below(&noise, HR_MODELS)];

			if (i % 10 == 0)
				next_interrupt();
			if (i % 3)
				continue;
			wrong += hrtimer_try_to_cancel(&m->timer) != m->pending;
			cancelled += m->pending;
			m->pending = false;
			if (i % 2)
				hr_model_start(m, ktime_get() + random_below(&noise, 1000000000),
					       0);
		}
		timer_idle_enter();
		for (unsigned int i = 0; i < 2 * HR_MODELS; i++)
			next_interrupt();
		for (unsigned int i = 0; i < HR_MODELS; i++)
			wrong += hr_models[i].pending;
		KUNIT_EXPECT_EQ(test, timers_pending(), 0);
	}
	arch_timer_rate = RATE;
	KUNIT_EXPECT_GT(test, cancelled, HR_MODELS / 5);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, hr_seen.not_pending, 0);
	KUNIT_EXPECT_EQ(test, hr_seen.early, 0);
	KUNIT_EXPECT_EQ(test, hr_seen.late, 0);
	KUNIT_EXPECT_EQ(test, hr_seen.out_of_order, 0);
}

/* A period of three and a bit counts' length, for a year of boot time and more. */
static void a_period_does_not_drift(struct kunit *test)
{
	enum { TIMES = 20000 };
	struct hr_model *m = &hr_models[0];
	ktime_t start;

	hr_models_begin(RATE);
	machine_count += (u64)RATE * 3600 * 24 * 366;
	start = ktime_get() + 777;
	m->again = TIMES;
	m->period = 1000003;
	hr_model_start(m, start, 0);
	while (m->pending)
		next_interrupt();
	KUNIT_EXPECT_EQ(test, hr_seen.ran, TIMES + 1);
	KUNIT_EXPECT_EQ(test, m->ran, first_count(start + TIMES * 1000003LL));
	KUNIT_EXPECT_EQ(test, hr_seen.early + hr_seen.late, 0);
}

/*
 *	[0 ... 500 us]		at 300, in an interrupt that comes in any case
 *	      300
 *	               [600 ... 700]	alone: at 600
 */
static void a_range_saves_an_interrupt(struct kunit *test)
{
	ktime_t now;

	hr_models_begin(RATE);
	now = ktime_get() + 1000;
	hr_model_start(&hr_models[0], now + 300000, 0);
	hr_model_start(&hr_models[1], now, 500000);
	hr_model_start(&hr_models[2], now + 600000, 100000);
	next_interrupt();
	KUNIT_EXPECT_EQ(test, hr_models[0].ran, first_count(now + 300000));
	KUNIT_EXPECT_EQ(test, hr_models[1].ran, hr_models[0].ran);
	next_interrupt();
	KUNIT_EXPECT_EQ(test, hr_models[2].ran, first_count(now + 600000));
	KUNIT_EXPECT_EQ(test, hr_seen.early + hr_seen.late, 0);
}

/* Once round the wheel's top level and further; the latest time of all is not reached. */
static void a_far_nanosecond_is_met(struct kunit *test)
{
	u64 year_ns = 365ULL * 24 * 3600 * NSEC_PER_SEC;
	unsigned int interrupts = 0;

	hr_models_begin(RATE);
	hr_model_start(&hr_models[0], (ktime_t)(50 * year_ns + 123), 0);
	hrtimer_start(&hr_models[1].timer, KTIME_MAX, HRTIMER_MODE_ABS);
	hrtimer_start(&hr_models[2].timer, KTIME_MAX, HRTIMER_MODE_REL);
	while (hr_models[0].pending && ++interrupts < 10000)
		next_interrupt();
	KUNIT_EXPECT_EQ(test, hr_seen.ran, 1);
	KUNIT_EXPECT_EQ(test, hr_models[0].ran, first_count((ktime_t)(50 * year_ns + 123)));
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&hr_models[1].timer), 1);
	KUNIT_EXPECT_EQ(test, hrtimer_cancel(&hr_models[2].timer), 1);
}

static const u32 rates[] = { 1000000, 19200000, 24000000, 33333333, RATE, 1000000000 };

/* Never later, and within the first month less than a thousandth of a jiffy earlier. */
static void a_jiffy_begins_when_the_hardware_says_so(struct kunit *test)
{
	unsigned int wrong = 0;

	for (unsigned int r = 0; r < ARRAY_SIZE(rates); r++) {
		u32 per_jiffy = rates[r] / HZ;

		noise.state = arch_timer_rate = rates[r];
		power_on();
		for (unsigned int i = 0; i < 10000; i++) {
			u64 passed = 1 + random_next(&noise) % (30ULL * 24 * 3600 * HZ);
			u64 jiffy = INITIAL_JIFFIES + passed;

			machine_count = BOOT_COUNT + passed * per_jiffy;
			wrong += get_jiffies_64() != jiffy;
			machine_count--;
			wrong += get_jiffies_64() > jiffy;
			machine_count -= per_jiffy / 1000;
			wrong += get_jiffies_64() != jiffy - 1;
		}
	}
	arch_timer_rate = RATE;
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

/* The reference is 128-bit arithmetic, which the target does not have. */
static void nanoseconds_are_right_to_a_ten_billionth(struct kunit *test)
{
	unsigned int wrong = 0;

	for (unsigned int r = 0; r < ARRAY_SIZE(rates); r++) {
		noise.state = arch_timer_rate = rates[r];
		power_on();
		for (unsigned int i = 0; i < 10000; i++) {
			u64 counts = random_next(&noise) >> (14 + random_below(&noise, 40));
			u64 exact = (u64)((unsigned __int128)counts * NSEC_PER_SEC / rates[r]);
			u64 ns;

			machine_count = BOOT_COUNT + counts;
			ns = ktime_get_ns();
			wrong += ns > exact || exact - ns > 1 + exact / 10000000000ULL;
		}
	}
	arch_timer_rate = RATE;
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static const struct kunit_case timer_cases[] = {
	KUNIT_CASE(one_timer_over_centuries),
	KUNIT_CASE(three_timers_over_decades),
	KUNIT_CASE(twenty_timers),
	KUNIT_CASE(two_hundred_timers),
	KUNIT_CASE(two_thousand_timers),
	KUNIT_CASE(an_idle_year_costs_a_few_interrupts),
	KUNIT_CASE(far_timers_run_in_order_wherever_the_clock_is),
	KUNIT_CASE(the_hardware_is_set_to_what_is_left),
	KUNIT_CASE(an_interrupt_before_its_time_forgets_no_timer),
	KUNIT_CASE(ten_thousand_run_at_their_counts),
	KUNIT_CASE(a_period_does_not_drift),
	KUNIT_CASE(a_range_saves_an_interrupt),
	KUNIT_CASE(a_far_nanosecond_is_met),
	KUNIT_CASE(a_jiffy_begins_when_the_hardware_says_so),
	KUNIT_CASE(nanoseconds_are_right_to_a_ten_billionth),
	{}
};

static struct kunit_suite timer_suite = {
	.name = "timer",
	.test_cases = timer_cases,
};
kunit_test_suite(timer_suite);
