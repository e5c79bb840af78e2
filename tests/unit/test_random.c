/* SPDX-License-Identifier: MIT */
/*
 * Random numbers: that they are given in any context and to any length, that no two are the
 * same, and what is waited for. How good the stream is: tests/host/test_crypto.c, with a fixed
 * key. A case that could fail by chance does so once in 10^18 runs.
 */
#include <kernel/boot.h>
#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/random.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <lib/err.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "threads.h"

/*
 * The tests' machine has no seed. Interrupts have brought some bits: the first number takes
 * them all.
 */
static void it_is_seeded_by_256_bits_and_not_by_fewer(struct kunit *test)
{
	u8 noise[32];
	size_t left;

	if (rng_is_initialized())
		kunit_skip(test, "it is seeded");
	memset(noise, 0x5a, sizeof(noise));
	get_random_u32();
	left = random_batch_left();
	get_random_u32();
	KUNIT_EXPECT_EQ(test, random_batch_left(), left);	/* each has a batch of its own */
	add_device_randomness(noise, sizeof(noise));
	add_hwgenerator_randomness(noise, 30, 10000);
	KUNIT_EXPECT_FALSE(test, rng_is_initialized());
	add_hwgenerator_randomness(noise, sizeof(noise), 4);
	KUNIT_EXPECT_FALSE(test, rng_is_initialized());
	add_hwgenerator_randomness(noise, sizeof(noise), 256 - 240 - 4);
	KUNIT_EXPECT_TRUE(test, rng_is_initialized());
	get_random_u8();
	KUNIT_EXPECT_EQ(test, random_batch_left(), left + sizeof(u32) - 1);	/* a new one */
}

static void waiting_is_over_when_it_is_seeded(struct kunit *test)
{
	u8 a[16] = { 0 }, b[16] = { 0 };

	if (!rng_is_initialized())
		kunit_skip(test, "it is not seeded");
	KUNIT_EXPECT_EQ(test, wait_for_random_bytes(), 0);
	KUNIT_EXPECT_EQ(test, get_random_bytes_wait(a, sizeof(a)), 0);
	KUNIT_EXPECT_EQ(test, get_random_bytes_wait(b, sizeof(b)), 0);
	KUNIT_EXPECT_NE(test, memcmp(a, b, sizeof(a)), 0);
}

static void the_trees_seed_is_wiped(struct kunit *test)
{
	const struct device_node *chosen;
	const struct property *seed = NULL;

	chosen = device_tree.root ? fdt_node_child(device_tree.root, "chosen") : NULL;
	if (chosen)
		seed = fdt_node_property(chosen, "rng-seed");
	if (!seed)
		kunit_skip(test, "the tree has no seed");
	KUNIT_EXPECT_GE(test, seed->length, 32);
	KUNIT_EXPECT_NULL(test, memchr_inv(seed->value, 0, (size_t)seed->length));
	KUNIT_EXPECT_TRUE(test, rng_is_initialized());
}

static void bytes_are_filled_to_the_length_and_no_further(struct kunit *test)
{
	static const size_t lengths[] = { 0, 1, 31, 32, 33, 63, 64, 65, 128, 500 };
	u8 *buf = kunit_kzalloc(test, 600, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	for (unsigned int i = 0; i < ARRAY_SIZE(lengths); i++) {
		size_t len = lengths[i];

		memset(buf, 0, 600);
		get_random_bytes(buf, len);
		KUNIT_EXPECT_NULL(test, memchr_inv(buf + len, 0, 600 - len));
		/* of 31 and more the last eight are not all 0 */
		if (len > 30)
			KUNIT_EXPECT_NOT_NULL(test, memchr_inv(buf + len - 8, 0, 8));
	}
}

/* Each request's key is gone after it: else the next one would begin with the same block. */
static void no_two_requests_are_answered_alike(struct kunit *test)
{
	enum { N = 64, SIZE = 16 };
	u8 (*answers)[SIZE] = kunit_kzalloc(test, N * SIZE, GFP_KERNEL);
	unsigned int same = 0;

	KUNIT_ASSERT_NOT_NULL(test, answers);
	for (unsigned int i = 0; i < N; i++) {
		if (i % 2) {
			get_random_bytes(answers[i], SIZE);
		} else {
			u64 *words = (u64 *)(void *)answers[i];

			words[0] = get_random_u64();
			words[1] = get_random_u64();
		}
		for (unsigned int j = 0; j < i; j++)
			same += memcmp(answers[i], answers[j], SIZE) == 0;
	}
	KUNIT_EXPECT_EQ(test, same, 0);
}

/* What was made with an old key is not given out when there is another. */
static void a_new_key_makes_a_batch_unused(struct kunit *test)
{
	size_t left;
	u8 byte;

	if (!rng_is_initialized())
		kunit_skip(test, "it is not seeded");
	random_age_key();
	get_random_bytes(&byte, 1);
	get_random_u8();
	get_random_u8();
	left = random_batch_left();
	get_random_u8();
	KUNIT_EXPECT_EQ(test, random_batch_left(), left - 1);
	get_random_bytes(&byte, 1);
	get_random_u8();
	KUNIT_EXPECT_EQ(test, random_batch_left(), left - 2);
	random_age_key();
	get_random_bytes(&byte, 1);
	KUNIT_EXPECT_EQ(test, random_batch_left(), left - 2);
	get_random_u8();
	KUNIT_EXPECT_EQ(test, random_batch_left(), left + 1);
}

/* 256 draws miss none of six with 1 - 6 * (5/6)^256. */
static void numbers_below_are_all_below_and_all_come(struct kunit *test)
{
	unsigned int seen = 0, wrong = 0;

	for (unsigned int i = 0; i < 256; i++) {
		u32 n = get_random_u32_below(6);

		wrong += n >= 6;
		seen |= 1U << n % 32;
		wrong += get_random_u32_below(1) != 0;
		wrong += get_random_u32_below(0xc0000000) >= 0xc0000000;
		n = get_random_u32_inclusive(10, 12);
		wrong += n < 10 || n > 12;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, seen, 0x3f);
}

struct draw {
	struct timer_list timer;
	u64 number;
	bool done;
};

static void draw_in_irq(struct timer_list *t)
{
	struct draw *d = from_timer(d, t, timer);
	u8 more[100];

	d->number = get_random_u64();
	get_random_bytes(more, sizeof(more));
	d->done = true;
}

static void an_interrupt_may_ask_while_a_task_does(struct kunit *test)
{
	struct draw d = { .number = 0 };
	u64 mine = 0;

	timer_setup_on_stack(&d.timer, draw_in_irq, 0);
	mod_timer(&d.timer, jiffies + 2);
	for (unsigned int i = 0; i < 100000 && !READ_ONCE(d.done); i++) {
		mine = get_random_u64();
		cpu_relax();
	}
	KUNIT_EXPECT_TRUE(test, d.done);
	KUNIT_EXPECT_NE(test, d.number, mine);
	del_timer_sync(&d.timer);
	destroy_timer_on_stack(&d.timer);
}

static int draw_here(void *number)
{
	*(u64 *)number = get_random_u64();
	return 0;
}

static void each_cpu_has_numbers_of_its_own(struct kunit *test)
{
	u64 numbers[CONFIG_NR_CPUS];
	unsigned int n = num_online_cpus();

	for (unsigned int cpu = 0; cpu < n; cpu++)
		kthread_join(start_thread_on(test, cpu, draw_here, &numbers[cpu]));
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int j = 0; j < i; j++)
			KUNIT_EXPECT_NE(test, numbers[i], numbers[j]);
}

static struct kunit_case random_cases[] = {
	KUNIT_CASE(it_is_seeded_by_256_bits_and_not_by_fewer),
	KUNIT_CASE(waiting_is_over_when_it_is_seeded),
	KUNIT_CASE(the_trees_seed_is_wiped),
	KUNIT_CASE(bytes_are_filled_to_the_length_and_no_further),
	KUNIT_CASE(no_two_requests_are_answered_alike),
	KUNIT_CASE(a_new_key_makes_a_batch_unused),
	KUNIT_CASE(numbers_below_are_all_below_and_all_come),
	KUNIT_CASE(an_interrupt_may_ask_while_a_task_does),
	KUNIT_CASE(each_cpu_has_numbers_of_its_own),
	{}
};

static struct kunit_suite random_suite = {
	.name = "random",
	.test_cases = random_cases,
};
kunit_test_suite(random_suite);
