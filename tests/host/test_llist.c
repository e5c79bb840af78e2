/* SPDX-License-Identifier: MIT */
/*
 * Lists without a lock: what one thread can see of them, and that of what many threads add at the
 * same time each thing comes off once.
 */
#include <lib/llist.h>

#include <pthread.h>

#include "kunit_host.h"

struct item {
	struct llist_node node;
	unsigned int value;
	unsigned int taken;
};

static void only_the_first_addition_finds_it_empty(struct kunit *test)
{
	struct item items[3] = { { .value = 1 }, { .value = 2 }, { .value = 3 } };
	struct llist_node *all;
	struct item *item;
	unsigned int seen = 0;
	LLIST_HEAD(list);

	KUNIT_EXPECT_TRUE(test, llist_empty(&list));
	KUNIT_EXPECT_TRUE(test, llist_add(&items[0].node, &list));
	KUNIT_EXPECT_FALSE(test, llist_add(&items[1].node, &list));
	KUNIT_EXPECT_FALSE(test, llist_add(&items[2].node, &list));
	KUNIT_EXPECT_FALSE(test, llist_empty(&list));
	all = llist_del_all(&list);
	KUNIT_EXPECT_TRUE(test, llist_empty(&list));
	KUNIT_EXPECT_NULL(test, llist_del_all(&list));
	llist_for_each_entry(item, all, node)
		seen = seen * 10 + item->value;
	KUNIT_EXPECT_EQ(test, seen, 321);
	seen = 0;
	all = llist_reverse_order(all);
	llist_for_each_entry(item, all, node)
		seen = seen * 10 + item->value;
	KUNIT_EXPECT_EQ(test, seen, 123);
	KUNIT_EXPECT_NULL(test, llist_reverse_order(NULL));
	KUNIT_EXPECT_TRUE(test, llist_add(&items[0].node, &list));
}

static void a_batch_is_added_as_it_stands(struct kunit *test)
{
	struct item items[4] = { { .value = 1 }, { .value = 2 }, { .value = 3 }, { .value = 4 } };
	struct llist_head batch, list;
	struct item *item, *next;
	unsigned int seen = 0;

	init_llist_head(&batch);
	init_llist_head(&list);
	KUNIT_EXPECT_TRUE(test, __llist_add(&items[2].node, &batch));
	KUNIT_EXPECT_FALSE(test, __llist_add(&items[1].node, &batch));
	KUNIT_EXPECT_TRUE(test, llist_add(&items[3].node, &list));
	KUNIT_EXPECT_FALSE(test, llist_add_batch(&items[1].node, &items[2].node, &list));
	KUNIT_EXPECT_PTR_EQ(test, llist_del_first(&list), &items[1].node);
	KUNIT_EXPECT_PTR_EQ(test, llist_next(list.first), &items[3].node);
	llist_for_each_entry_safe(item, next, __llist_del_all(&list), node) {
		item->node.next = NULL;	/* as if it were freed */
		seen = seen * 10 + item->value;
	}
	KUNIT_EXPECT_EQ(test, seen, 34);
	KUNIT_EXPECT_NULL(test, llist_del_first(&list));
}

#define THREADS		4u
#define EACH		20000u

static LLIST_HEAD(shared);
static struct item items[THREADS][EACH];
static unsigned int first_additions;

static void *adds(void *arg)
{
	struct item *mine = arg;

	for (unsigned int i = 0; i < EACH; i++) {
		mine[i].value = i + 1;
		if (llist_add(&mine[i].node, &shared))
			__atomic_fetch_add(&first_additions, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Half of them by llist_del_all, half one by one: by one thread, as the header demands. */
static void what_many_threads_add_comes_off_once(struct kunit *test)
{
	unsigned int taken = 0, batches = 0;
	pthread_t threads[THREADS];

	for (unsigned int i = 0; i < THREADS; i++)
		KUNIT_ASSERT_EQ(test, pthread_create(&threads[i], NULL, adds, items[i]), 0);
	while (taken < THREADS * EACH) {
		struct llist_node *node = llist_del_all(&shared), *n, *pos;

		if (node)
			batches++;
		llist_for_each_safe(pos, n, node) {
			struct item *item = llist_entry(pos, struct item, node);

			KUNIT_ASSERT_NE(test, item->value, 0);
			item->taken++;
			taken++;
		}
		node = llist_del_first(&shared);
		if (node) {
			llist_entry(node, struct item, node)->taken++;
			taken++;
			batches += llist_empty(&shared);
		}
	}
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	KUNIT_EXPECT_TRUE(test, llist_empty(&shared));
	KUNIT_EXPECT_GT(test, first_additions, 0);
	KUNIT_EXPECT_GT(test, batches, 0);
	for (unsigned int i = 0; i < THREADS; i++)
		for (unsigned int j = 0; j < EACH; j++)
			KUNIT_ASSERT_EQ(test, items[i][j].taken, 1);
}

static struct kunit_case llist_cases[] = {
	KUNIT_CASE(only_the_first_addition_finds_it_empty),
	KUNIT_CASE(a_batch_is_added_as_it_stands),
	KUNIT_CASE(what_many_threads_add_comes_off_once),
	{},
};

static struct kunit_suite llist_suite = {
	.name = "llist",
	.test_cases = llist_cases,
};

kunit_test_suite(llist_suite);
