/* SPDX-License-Identifier: MIT */
/*
 * The byte ring: against a model that is a plain array, from starting points
 * around the wrap of the indices, and between two threads.
 */
#include <lib/ring.h>

#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>

#include "kunit_host.h"

static void init_takes_powers_of_two_only(struct kunit *test)
{
	static const unsigned int good[] = { 1, 2, 64, 4096, 1u << 31 };
	static const unsigned int bad[] = { 0, 3, 63, 4097, (1u << 31) + 1, UINT_MAX };
	struct ring ring;
	u8 byte;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		KUNIT_EXPECT_EQ(test, ring_init(&ring, &byte, good[i]), 0);
		KUNIT_EXPECT_EQ(test, ring_space(&ring), good[i]);
		KUNIT_EXPECT_EQ(test, ring_used(&ring), 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ(test, ring_init(&ring, &byte, bad[i]), -EINVAL);
}

static void all_of_the_size_is_usable(struct kunit *test)
{
	static u8 data[4];
	struct ring ring = RING_INIT(data);
	u8 byte = 0;

	KUNIT_EXPECT_TRUE(test, ring_is_empty(&ring));
	for (u8 i = 0; i < 4; i++)
		KUNIT_EXPECT_TRUE(test, ring_put_byte(&ring, i));
	KUNIT_EXPECT_FALSE(test, ring_put_byte(&ring, 99));
	KUNIT_EXPECT_EQ(test, ring_used(&ring), 4);
	KUNIT_EXPECT_EQ(test, ring_space(&ring), 0);
	for (u8 i = 0; i < 4; i++) {
		KUNIT_EXPECT_TRUE(test, ring_get_byte(&ring, &byte));
		KUNIT_EXPECT_EQ(test, byte, i);
	}
	KUNIT_EXPECT_FALSE(test, ring_get_byte(&ring, &byte));
	KUNIT_EXPECT_EQ(test, byte, 3);
	KUNIT_EXPECT_TRUE(test, ring_is_empty(&ring));
}

static void a_peek_takes_nothing(struct kunit *test)
{
	static u8 data[8];
	struct ring ring = RING_INIT(data);
	char seen[8] = "";

	KUNIT_EXPECT_EQ(test, ring_put(&ring, "crab", 4), 4);
	KUNIT_EXPECT_EQ(test, ring_peek(&ring, seen, 2), 2);
	KUNIT_EXPECT_STREQ(test, seen, "cr");
	KUNIT_EXPECT_EQ(test, ring_peek(&ring, seen, sizeof(seen)), 4);
	KUNIT_EXPECT_STREQ(test, seen, "crab");
	KUNIT_EXPECT_EQ(test, ring_skip(&ring, 1), 1);
	KUNIT_EXPECT_EQ(test, ring_get(&ring, seen, 2), 2);
	KUNIT_EXPECT_EQ(test, memcmp(seen, "rab", 2), 0);
	KUNIT_EXPECT_EQ(test, ring_skip(&ring, 100), 1);
	KUNIT_EXPECT_EQ(test, ring_skip(&ring, 100), 0);
}

/*
 * The model: all bytes ever put, in order; `taken` of them are gone. Byte number n has
 * the value n % 251, a prime, so a byte that is a ring's size off never matches.
 */
struct model {
	unsigned int put, taken;
};

#define BYTE_NUMBER(n)	((u8)((n) % 251))
#define BULK_MAX	100

static void model_put(struct kunit *test, struct ring *ring, struct model *m, unsigned int n)
{
	unsigned int wanted = min(n, ring->mask + 1 - (m->put - m->taken));
	u8 bytes[BULK_MAX];

	for (unsigned int i = 0; i < n; i++)
		bytes[i] = BYTE_NUMBER(m->put + i);
	if (n == 1)
		KUNIT_EXPECT_EQ(test, ring_put_byte(ring, bytes[0]), wanted);
	else
		KUNIT_EXPECT_EQ(test, ring_put(ring, bytes, n), wanted);
	m->put += wanted;
}

static void model_take(struct kunit *test, struct ring *ring, struct model *m, unsigned int n,
		       bool take)
{
	unsigned int wanted = min(n, m->put - m->taken);
	u8 bytes[BULK_MAX] = { 0 };

	if (!take)
		KUNIT_EXPECT_EQ(test, ring_peek(ring, bytes, n), wanted);
	else if (n == 1)
		KUNIT_EXPECT_EQ(test, ring_get_byte(ring, bytes), wanted);
	else
		KUNIT_EXPECT_EQ(test, ring_get(ring, bytes, n), wanted);
	for (unsigned int i = 0; i < wanted; i++)
		KUNIT_ASSERT_EQ(test, bytes[i], BYTE_NUMBER(m->taken + i));
	if (take)
		m->taken += wanted;
}

static void expect_as_model(struct kunit *test, unsigned int size, unsigned int start, u64 seed)
{
	struct random random = { seed };
	struct model m = { 0 };
	u8 *data = malloc(size);
	struct ring ring;

	KUNIT_ASSERT_EQ(test, ring_init(&ring, data, size), 0);
	ring.head = ring.tail = start;
	for (int round = 0; round < 2000 && test->status != KUNIT_FAILURE; round++) {
		unsigned int n = random_below(&random, min(2 * size + 2, (unsigned int)BULK_MAX));
		unsigned int action = random_below(&random, 5);

		if (action < 2)
			model_put(test, &ring, &m, n);
		else
			model_take(test, &ring, &m, n, action < 4);
		KUNIT_EXPECT_EQ(test, ring_used(&ring), m.put - m.taken);
		KUNIT_EXPECT_EQ(test, ring_space(&ring), size - (m.put - m.taken));
		KUNIT_EXPECT_EQ(test, ring_is_empty(&ring), m.put == m.taken);
	}
	free(data);
}

static void any_sequence_is_as_the_model(struct kunit *test)
{
	static const unsigned int sizes[] = { 1, 2, 8, 64, 128 };
	static const unsigned int starts[] = { 0, 1, 100, INT_MAX, UINT_MAX - 100, UINT_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(starts); j++)
			expect_as_model(test, sizes[i], starts[j], 1 + i * 100 + j);
	}
}

#define THREAD_BYTES	300000u

static void *produce(void *arg)
{
	struct random random = { 7 };
	struct ring *ring = arg;
	unsigned int put = 0;
	u8 bytes[BULK_MAX];

	while (put < THREAD_BYTES) {
		unsigned int n = min(THREAD_BYTES - put, 1 + random_below(&random, 50));

		for (unsigned int i = 0; i < n; i++)
			bytes[i] = BYTE_NUMBER(put + i);
		n = ring_put(ring, bytes, n);
		put += n;
		if (!n)
			sched_yield();
	}
	return NULL;
}

static void one_producer_and_one_consumer_need_no_lock(struct kunit *test)
{
	static u8 data[64];
	struct ring ring = RING_INIT(data);
	unsigned int taken = 0, wrong = 0;
	pthread_t producer;
	u8 bytes[BULK_MAX];

	KUNIT_ASSERT_EQ(test, pthread_create(&producer, NULL, produce, &ring), 0);
	while (taken < THREAD_BYTES) {
		unsigned int n = ring_get(&ring, bytes, 1 + taken % BULK_MAX);

		for (unsigned int i = 0; i < n; i++)
			wrong += bytes[i] != BYTE_NUMBER(taken + i);
		taken += n;
		if (!n)
			sched_yield();
	}
	KUNIT_EXPECT_EQ(test, pthread_join(producer, NULL), 0);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_TRUE(test, ring_is_empty(&ring));
}

static struct kunit_case ring_cases[] = {
	KUNIT_CASE(init_takes_powers_of_two_only),
	KUNIT_CASE(all_of_the_size_is_usable),
	KUNIT_CASE(a_peek_takes_nothing),
	KUNIT_CASE(any_sequence_is_as_the_model),
	KUNIT_CASE(one_producer_and_one_consumer_need_no_lock),
	{},
};

static struct kunit_suite ring_suite = {
	.name = "ring",
	.test_cases = ring_cases,
};

kunit_test_suite(ring_suite);
