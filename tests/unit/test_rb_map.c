/* SPDX-License-Identifier: MIT */
/*
 * Maps that own their nodes: what the stages of a node promise, against a sorted array, under a
 * spin lock and without memory.
 */
#include <kernel/rb_map.h>

#include <kernel/fault-inject.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <lib/errno.h>
#include <lib/xorshift.h>
#include <test/kunit.h>

static int compare_numbers(const unsigned int *a, const unsigned int *b)
{
	return *a < *b ? -1 : *a > *b;
}
DEFINE_RB_MAP(numbers, unsigned int, int, compare_numbers)

#define KEYS	64u

/* At the end of a case, however it ends. */
static void clear(void *map)
{
	numbers_clear(map, NULL);
}

static struct numbers *new_map(struct kunit *test)
{
	static struct numbers map;

	map = (struct numbers){ };
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, clear, &map), 0);
	return &map;
}

static void put(struct kunit *test, struct numbers *map, unsigned int key, int value)
{
	struct numbers_node *old = NULL;

	KUNIT_ASSERT_EQ(test, numbers_try_insert(map, key, value, GFP_KERNEL, &old), 0);
	KUNIT_EXPECT_NULL(test, old);
}

static void an_empty_map_has_nothing(struct kunit *test)
{
	struct numbers *map = new_map(test);

	KUNIT_EXPECT_NULL(test, numbers_first(map));
	KUNIT_EXPECT_NULL(test, numbers_find(map, 1));
	KUNIT_EXPECT_NULL(test, numbers_remove(map, 1));
	KUNIT_EXPECT_TRUE(test, numbers_is_sound(map));
	KUNIT_EXPECT_NULL(test, numbers_into_node(NULL, 1, 1));
	KUNIT_EXPECT_NULL(test, numbers_into_reservation(NULL));
	numbers_free(NULL);
	numbers_cancel(NULL);
	numbers_clear(map, NULL);
}

static void an_equal_key_is_replaced_and_comes_back(struct kunit *test)
{
	struct numbers *map = new_map(test);
	struct numbers_node *old = NULL;

	put(test, map, 5, 50);
	put(test, map, 3, 30);
	KUNIT_ASSERT_EQ(test, numbers_try_insert(map, 5, 51, GFP_KERNEL, &old), 0);
	KUNIT_ASSERT_NOT_NULL(test, old);
	KUNIT_EXPECT_EQ(test, old->key, 5);
	KUNIT_EXPECT_EQ(test, old->value, 50);
	numbers_free(old);
	KUNIT_EXPECT_EQ(test, *numbers_find(map, 5), 51);
	*numbers_find(map, 5) = 52;
	KUNIT_EXPECT_EQ(test, *numbers_find(map, 5), 52);
	KUNIT_EXPECT_EQ(test, numbers_first(map)->key, 3);
	KUNIT_EXPECT_EQ(test, numbers_next(numbers_first(map))->key, 5);
	KUNIT_EXPECT_NULL(test, numbers_next(numbers_next(numbers_first(map))));
}

static DEFINE_SPINLOCK(lock);

/* From here on the case has no memory; its end brings it back. */
static void take_all_memory(struct kunit *test)
{
#ifdef CONFIG_FAULT_INJECTION
	struct fault_group *group = fault_group_create(1);

	KUNIT_ASSERT_NOT_NULL(test, group);
	fault_set(group, FAULT_ALLOC, &(struct fault_plan){ .percent = 100 });
	fault_join(current, group);
	fault_group_put(group);
	KUNIT_EXPECT_NULL(test, numbers_reserve(GFP_ATOMIC));
#else
	(void)test;
#endif
}

/* All of the way round, with no memory to be had: the lock is held, and nothing is asked for. */
static void what_was_reserved_is_inserted_under_a_spin_lock(struct kunit *test)
{
	struct numbers_reservation *r __free(numbers_cancel) = numbers_reserve(GFP_KERNEL);
	struct numbers_node *old = NULL, *removed = NULL;
	struct numbers *map;

	KUNIT_ASSERT_NOT_NULL(test, r);
	map = new_map(test);
	take_all_memory(test);
	for (int i = 0; i < 3; i++) {
		scoped_guard(spinlock_irqsave, &lock) {
			old = numbers_insert(map, numbers_into_node(no_free_ptr(r), 7, i));
			KUNIT_EXPECT_EQ(test, *numbers_find(map, 7), i);
			removed = numbers_remove(map, 7);
		}
		KUNIT_EXPECT_NULL(test, old);
		KUNIT_EXPECT_NOT_NULL(test, removed);
		KUNIT_EXPECT_EQ(test, removed->value, i);
		r = numbers_into_reservation(removed);
	}
	KUNIT_EXPECT_NULL(test, numbers_first(map));
}

static void without_memory_the_map_is_as_it_was(struct kunit *test)
{
	struct numbers *map = new_map(test);
	struct numbers_node *old = NULL;

	kunit_tolerates_faults(test);
	for (unsigned int i = 0; i < 5; i++) {
		int err = numbers_try_insert(map, i, 1, GFP_KERNEL, &old);

		KUNIT_EXPECT_NULL(test, old);
		if (err)
			KUNIT_EXPECT_EQ(test, err, -ENOMEM);
		KUNIT_EXPECT_EQ(test, !err, numbers_find(map, i) != NULL);
		KUNIT_EXPECT_TRUE(test, numbers_is_sound(map));
	}
}

static void expect_same(struct kunit *test, const struct numbers *map, const int *values)
{
	const struct numbers_node *node = numbers_first(map);

	KUNIT_ASSERT_TRUE(test, numbers_is_sound(map));
	for (unsigned int key = 0; key < KEYS; key++) {
		if (!values[key])
			continue;
		KUNIT_ASSERT_NOT_NULL(test, node);
		KUNIT_ASSERT_EQ(test, node->key, key);
		KUNIT_ASSERT_EQ(test, node->value, values[key]);
		node = numbers_next(node);
	}
	KUNIT_ASSERT_NULL(test, node);
}

static void random_steps_keep_map_and_array_equal(struct kunit *test)
{
	struct numbers *map = new_map(test);
	static int values[KEYS];
	const gfp_t fine = GFP_KERNEL | __GFP_NO_FAULT;	/* too many for the sweep */
	u32 random = 1234;

	for (unsigned int i = 0; i < KEYS; i++)
		values[i] = 0;
	for (int step = 1; step <= 3000; step++) {
		unsigned int key = xorshift32(&random) % KEYS;
		struct numbers_node *old = NULL;

		if (xorshift32(&random) % 2) {
			KUNIT_ASSERT_EQ(test,
					numbers_try_insert(map, key, step, fine, &old), 0);
			KUNIT_ASSERT_EQ(test, old ? old->value : 0, values[key]);
			values[key] = step;
		} else {
			old = numbers_remove(map, key);
			KUNIT_ASSERT_EQ(test, old ? old->value : 0, values[key]);
			values[key] = 0;
		}
		numbers_free(old);
		if (step % 16 == 0)
			expect_same(test, map, values);
	}
}

static int total;

static void add_up(int value)
{
	total += value;
}

static void clearing_ends_each_value_once(struct kunit *test)
{
	struct numbers *map = new_map(test);

	total = 0;
	for (unsigned int i = 0; i < 20; i++)
		put(test, map, i, (int)i);
	numbers_clear(map, add_up);
	KUNIT_EXPECT_EQ(test, total, 190);
	KUNIT_EXPECT_NULL(test, numbers_first(map));
}

/* ---- misuse ---- */

static void skip_without_marks(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "nodes are checked with CONFIG_DEBUG_OBJECTS");
}

static void a_node_is_in_one_map_and_once(struct kunit *test)
{
	struct numbers *map = new_map(test), other = { };
	struct numbers_node *node, *back = NULL;

	skip_without_marks(test);
	node = numbers_into_node(numbers_reserve(GFP_KERNEL), 4, 40);
	KUNIT_ASSERT_NOT_NULL(test, node);
	KUNIT_EXPECT_NULL(test, numbers_insert(map, node));
	KUNIT_EXPECT_REPORT(test, "is in a map already", back = numbers_insert(map, node));
	KUNIT_EXPECT_PTR_EQ(test, back, node);
	KUNIT_EXPECT_REPORT(test, "is in a map already", back = numbers_insert(&other, node));
	KUNIT_EXPECT_PTR_EQ(test, back, node);
	KUNIT_EXPECT_NULL(test, numbers_first(&other));
	KUNIT_EXPECT_TRUE(test, numbers_is_sound(map));
}

static void what_is_in_a_map_is_not_freed(struct kunit *test)
{
	struct numbers *map = new_map(test);
	struct numbers_reservation *r = NULL;
	struct numbers_node *node;

	skip_without_marks(test);
	node = numbers_into_node(numbers_reserve(GFP_KERNEL), 4, 40);
	KUNIT_ASSERT_NOT_NULL(test, node);
	KUNIT_EXPECT_NULL(test, numbers_insert(map, node));
	KUNIT_EXPECT_REPORT(test, "that is in a map is freed", numbers_free(node));
	KUNIT_EXPECT_REPORT(test, "which is in a map", kfree(node));
	KUNIT_EXPECT_REPORT(test, "that is in a map is taken for memory",
			    r = numbers_into_reservation(node));
	KUNIT_EXPECT_NULL(test, r);
	KUNIT_EXPECT_EQ(test, *numbers_find(map, 4), 40);
}

static void a_key_changed_by_force_is_found(struct kunit *test)
{
	struct numbers *map = new_map(test);
	struct numbers_node *node;

	for (unsigned int i = 0; i < 8; i++)
		put(test, map, 10 * i, 1);
	KUNIT_EXPECT_TRUE(test, numbers_is_sound(map));
	node = container_of(numbers_find(map, 30), struct numbers_node, value);
	node->key = 45;
	KUNIT_EXPECT_FALSE(test, numbers_is_sound(map));
	node->key = 40;
	KUNIT_EXPECT_FALSE(test, numbers_is_sound(map));
	node->key = 31;
	KUNIT_EXPECT_TRUE(test, numbers_is_sound(map));
}

static struct kunit_case rb_map_cases[] = {
	KUNIT_CASE(an_empty_map_has_nothing),
	KUNIT_CASE(an_equal_key_is_replaced_and_comes_back),
	KUNIT_CASE(what_was_reserved_is_inserted_under_a_spin_lock),
	KUNIT_CASE(without_memory_the_map_is_as_it_was),
	KUNIT_CASE(random_steps_keep_map_and_array_equal),
	KUNIT_CASE(clearing_ends_each_value_once),
	KUNIT_CASE(a_node_is_in_one_map_and_once),
	KUNIT_CASE(what_is_in_a_map_is_not_freed),
	KUNIT_CASE(a_key_changed_by_force_is_found),
	{}
};

static struct kunit_suite rb_map_suite = {
	.name = "rb_map",
	.test_cases = rb_map_cases,
};
kunit_test_suite(rb_map_suite);
