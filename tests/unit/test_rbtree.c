/* SPDX-License-Identifier: MIT */
/*
 * Red-black trees against a sorted array: whatever is done to both, they hold the same in the
 * same order, and the tree keeps its rules.
 */
#include <lib/rbtree.h>

#include <kernel/slab.h>
#include <lib/minmax.h>

#include <lib/xorshift.h>
#include <test/kunit.h>

#define KEYS	200u

static unsigned int random_below(u32 *random, unsigned int n)
{
	return xorshift32(random) % n;
}

struct thing {
	unsigned int key;
	bool in;
	struct rb_node node;
};

static struct thing things[KEYS], others[KEYS];

static unsigned int key_of(const struct rb_node *node)
{
	return rb_entry(node, const struct thing, node)->key;
}

static bool less(struct rb_node *a, const struct rb_node *b)
{
	return key_of(a) < key_of(b);
}

static bool in_order(const struct rb_node *a, const struct rb_node *b)
{
	return key_of(a) < key_of(b);
}

static int cmp_key(const void *key, const struct rb_node *node)
{
	return (int)*(const unsigned int *)key - (int)key_of(node);
}

static int cmp_nodes(struct rb_node *a, const struct rb_node *b)
{
	return (int)key_of(a) - (int)key_of(b);
}

static int make_things(struct kunit *test)
{
	(void)test;
	for (unsigned int i = 0; i < KEYS; i++) {
		things[i] = (struct thing){ .key = i };
		others[i] = (struct thing){ .key = i };
	}
	return 0;
}

/* In the tree is what is `in`, both ways, and no more. */
static void expect_what_is_in(struct kunit *test, const struct rb_root *root)
{
	const struct rb_node *node = rb_first(root);

	KUNIT_ASSERT_TRUE(test, rb_check(root, in_order));
	for (unsigned int i = 0; i < KEYS; i++) {
		if (!things[i].in)
			continue;
		KUNIT_ASSERT_PTR_EQ(test, node, &things[i].node);
		node = rb_next(node);
	}
	KUNIT_ASSERT_NULL(test, node);
	node = rb_last(root);
	for (unsigned int i = KEYS; i-- > 0; ) {
		if (!things[i].in)
			continue;
		KUNIT_ASSERT_PTR_EQ(test, node, &things[i].node);
		node = rb_prev(node);
	}
	KUNIT_ASSERT_NULL(test, node);
}

static void an_empty_tree_has_no_nodes(struct kunit *test)
{
	struct rb_root root = RB_ROOT;
	struct rb_root_cached cached = RB_ROOT_CACHED;
	unsigned int key = 3;

	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&root));
	KUNIT_EXPECT_TRUE(test, rb_check(&root, in_order));
	KUNIT_EXPECT_NULL(test, rb_first(&root));
	KUNIT_EXPECT_NULL(test, rb_last(&root));
	KUNIT_EXPECT_NULL(test, rb_first_postorder(&root));
	KUNIT_EXPECT_NULL(test, rb_first_cached(&cached));
	KUNIT_EXPECT_NULL(test, rb_find(&key, &root, cmp_key));
	KUNIT_EXPECT_NULL(test, rb_find_first(&key, &root, cmp_key));
	KUNIT_EXPECT_NULL(test, rb_entry_safe(rb_first(&root), struct thing, node));
	RB_CLEAR_NODE(&things[0].node);
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_NODE(&things[0].node));
	rb_add(&things[0].node, &root, less);
	KUNIT_EXPECT_FALSE(test, RB_EMPTY_NODE(&things[0].node));
	KUNIT_EXPECT_FALSE(test, RB_EMPTY_ROOT(&root));
}

/* Checked as a whole at each step for as long as that is cheap, then now and then. */
static void a_hundred_thousand_steps_keep_tree_and_array_equal(struct kunit *test)
{
	u32 random = 23;
	struct rb_root root = RB_ROOT;
	unsigned int count = 0, most = 0;

	for (unsigned int step = 0; step < 100000; step++) {
		struct thing *t = &things[random_below(&random, KEYS)];

		if (t->in) {
			KUNIT_ASSERT_PTR_EQ(test, rb_find(&t->key, &root, cmp_key), &t->node);
			rb_erase(&t->node, &root);
			count--;
		} else {
			KUNIT_ASSERT_NULL(test, rb_find(&t->key, &root, cmp_key));
			KUNIT_ASSERT_NULL(test, rb_find_add(&t->node, &root, cmp_nodes));
			count++;
		}
		t->in = !t->in;
		most = max(most, count);
		if (step < 1000 || step % 64 == 0)
			expect_what_is_in(test, &root);
	}
	KUNIT_EXPECT_GT(test, most, KEYS / 2);
}

static void a_tree_built_in_order_is_not_a_list(struct kunit *test)
{
	struct rb_root root = RB_ROOT;
	unsigned int depth = 0;

	for (unsigned int i = 0; i < 128; i++) {
		rb_add(&things[i].node, &root, less);
		things[i].in = true;
	}
	expect_what_is_in(test, &root);
	for (const struct rb_node *n = &things[127].node; n; n = rb_parent(n))
		depth++;
	KUNIT_EXPECT_LE(test, depth, 14);	/* twice log2 of 128 */
	for (unsigned int i = 0; i < 128; i++) {
		rb_erase(&things[i].node, &root);
		things[i].in = false;
		expect_what_is_in(test, &root);
	}
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&root));
}

static void a_replacement_takes_over_each_link(struct kunit *test)
{
	struct rb_root root = RB_ROOT;

	for (unsigned int i = 0; i < KEYS; i++)
		rb_add(&things[i * 7 % KEYS].node, &root, less);
	for (unsigned int i = 0; i < KEYS; i++) {
		rb_replace_node(&things[i].node, &others[i].node, &root);
		KUNIT_ASSERT_TRUE(test, rb_check(&root, in_order));
		KUNIT_ASSERT_PTR_EQ(test, rb_find(&i, &root, cmp_key), &others[i].node);
	}
}

static void a_cached_root_knows_its_first(struct kunit *test)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	u32 random = 5;

	KUNIT_EXPECT_PTR_EQ(test, rb_add_cached(&others[50].node, &root, less), &others[50].node);
	KUNIT_EXPECT_NULL(test, rb_add_cached(&others[60].node, &root, less));
	KUNIT_EXPECT_PTR_EQ(test, rb_add_cached(&others[40].node, &root, less), &others[40].node);
	rb_replace_node_cached(&others[40].node, &things[40].node, &root);
	KUNIT_EXPECT_PTR_EQ(test, rb_first_cached(&root), &things[40].node);
	KUNIT_EXPECT_NULL(test, rb_erase_cached(&others[60].node, &root));
	KUNIT_EXPECT_PTR_EQ(test, rb_erase_cached(&things[40].node, &root), &others[50].node);
	KUNIT_EXPECT_NULL(test, rb_erase_cached(&others[50].node, &root));
	KUNIT_EXPECT_NULL(test, rb_first_cached(&root));
	for (unsigned int step = 0; step < 5000; step++) {
		struct thing *t = &things[random_below(&random, KEYS)];

		if (t->in)
			rb_erase_cached(&t->node, &root);
		else
			rb_add_cached(&t->node, &root, less);
		t->in = !t->in;
		KUNIT_ASSERT_PTR_EQ(test, rb_first_cached(&root), rb_first(&root.rb_root));
	}
}

/* Three equal keys among others: found in the order of their addition. */
static void equal_keys_are_found_together(struct kunit *test)
{
	struct rb_root root = RB_ROOT;
	struct rb_node *node;
	unsigned int key = 5, n = 0;

	for (unsigned int i = 0; i < 20; i++)
		rb_add(&things[i].node, &root, less);
	others[0].key = 5;
	others[1].key = 5;
	rb_add(&others[0].node, &root, less);
	rb_add(&others[1].node, &root, less);
	KUNIT_EXPECT_PTR_EQ(test, rb_find_first(&key, &root, cmp_key), &things[5].node);
	rb_for_each(node, &key, &root, cmp_key) {
		static struct rb_node *const want[] = {
			&things[5].node, &others[0].node, &others[1].node,
		};

		KUNIT_ASSERT_LT(test, n, 3);
		KUNIT_EXPECT_PTR_EQ(test, node, want[n++]);
	}
	KUNIT_EXPECT_EQ(test, n, 3);
	others[2].key = 5;
	KUNIT_EXPECT_NOT_NULL(test, rb_find_add(&others[2].node, &root, cmp_nodes));
}

/* Each object is gone before its parent is visited: nothing of it is read again. */
static void children_come_before_their_parents(struct kunit *test)
{
	struct rb_root root = RB_ROOT;
	struct thing *t, *next;
	unsigned int n = 0;

	for (unsigned int i = 0; i < KEYS; i++) {
		t = kmalloc(sizeof(*t), GFP_KERNEL | __GFP_NO_FAULT);
		KUNIT_ASSERT_NOT_NULL(test, t);
		t->key = i * 77 % KEYS;
		rb_add(&t->node, &root, less);
	}
	rbtree_postorder_for_each_entry_safe(t, next, &root, node) {
		n++;
		kfree(t);
	}
	KUNIT_EXPECT_EQ(test, n, KEYS);
}

static void damage_is_found(struct kunit *test)
{
	struct rb_root root = RB_ROOT;
	struct rb_node *node;
	unsigned long saved;

	for (unsigned int i = 0; i < 20; i++)
		rb_add(&things[i].node, &root, less);
	KUNIT_EXPECT_TRUE(test, rb_check(&root, in_order));
	/* a key that is changed in place */
	things[7].key = 9;
	KUNIT_EXPECT_FALSE(test, rb_check(&root, in_order));
	KUNIT_EXPECT_TRUE(test, rb_check(&root, NULL));
	things[7].key = 7;
	/* each node of another colour, and with another parent */
	for (unsigned int i = 0; i < 20; i++) {
		node = &things[i].node;
		saved = node->parent_color;
		node->parent_color ^= 1;
		KUNIT_EXPECT_FALSE(test, rb_check(&root, in_order));
		node->parent_color = saved;
		node->parent_color = (unsigned long)&others[0].node | (saved & 1);
		KUNIT_EXPECT_FALSE(test, rb_check(&root, in_order));
		node->parent_color = saved;
	}
	KUNIT_EXPECT_TRUE(test, rb_check(&root, in_order));
}

static struct kunit_case rbtree_cases[] = {
	KUNIT_CASE(an_empty_tree_has_no_nodes),
	KUNIT_CASE(a_hundred_thousand_steps_keep_tree_and_array_equal),
	KUNIT_CASE(a_tree_built_in_order_is_not_a_list),
	KUNIT_CASE(a_replacement_takes_over_each_link),
	KUNIT_CASE(a_cached_root_knows_its_first),
	KUNIT_CASE(equal_keys_are_found_together),
	KUNIT_CASE(children_come_before_their_parents),
	KUNIT_CASE(damage_is_found),
	{}
};

static struct kunit_suite rbtree_suite = {
	.name = "rbtree",
	.init = make_things,
	.test_cases = rbtree_cases,
};

kunit_test_suite(rbtree_suite);
