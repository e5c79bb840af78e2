/* SPDX-License-Identifier: MIT */
/*
 * Misuse of red-black trees: each is reported once, and the tree is what it was before. What a
 * node's memory was before it came into a tree says nothing.
 */
#include <lib/math.h>
#include <lib/rbtree.h>
#include <lib/string.h>
#include <test/kunit.h>

#define KEYS	20u

struct thing {
	unsigned int key;
	struct rb_node node;
};

static struct thing things[KEYS];
static struct rb_root root;

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

static int plant_tree(struct kunit *test)
{
	(void)test;
	memset(things, 0, sizeof(things));
	root = RB_ROOT;
	for (unsigned int i = 0; i < KEYS; i++) {
		things[i].key = i;
		rb_add(&things[i].node, &root, less);
	}
	return 0;
}

static void expect_first(struct kunit *test, unsigned int n)
{
	unsigned int seen = 0;

	KUNIT_EXPECT_TRUE(test, rb_check(&root, in_order));
	for (struct rb_node *node = rb_first(&root); node; node = rb_next(node))
		KUNIT_EXPECT_EQ(test, key_of(node), seen++);
	KUNIT_EXPECT_EQ(test, seen, n);
}

static void a_node_is_not_taken_out_twice(struct kunit *test)
{
	for (unsigned int n = KEYS; n-- > 0;) {
		rb_erase(&things[n].node, &root);
		KUNIT_EXPECT_REPORT(test, "rb_erase:", rb_erase(&things[n].node, &root));
		expect_first(test, n);
	}
}

static void a_node_that_was_never_in_is_not_taken_out(struct kunit *test)
{
	static const u8 fills[] = { 0x00, 0x01, 0x5a, 0x6b, 0xa4, 0xff };
	static const unsigned long parents[] = { 2, 0x1002, ~0ul & ~3ul, ~0ul - 8, ~0ul - 2 };
	struct thing other;

	for (size_t i = 0; i < ARRAY_SIZE(fills); i++) {
		memset(&other, fills[i], sizeof(other));
		KUNIT_EXPECT_REPORT(test, "rb_erase:", rb_erase(&other.node, &root));
	}
	for (size_t i = 0; i < ARRAY_SIZE(parents); i++) {
		other.node.parent_color = parents[i];
		KUNIT_EXPECT_REPORT(test, "rb_erase:", rb_erase(&other.node, &root));
	}
	RB_CLEAR_NODE(&other.node);
	KUNIT_EXPECT_REPORT(test, "rb_erase:", rb_erase(&other.node, &root));
	other = things[7];	/* a copy */
	KUNIT_EXPECT_REPORT(test, "rb_erase:", rb_erase(&other.node, &root));
	expect_first(test, KEYS);
}

static void a_node_of_another_tree_is_not_taken_out(struct kunit *test)
{
	struct rb_root other = RB_ROOT;
	struct thing alone = { .key = 1 };

	for (unsigned int i = 0; i < KEYS; i++)
		KUNIT_EXPECT_REPORT(test, "rb_erase:", rb_erase(&things[i].node, &other));
	rb_add(&alone.node, &other, less);
	for (unsigned int i = 0; i < KEYS; i++)
		KUNIT_EXPECT_REPORT(test, "rb_erase:", rb_erase(&things[i].node, &other));
	KUNIT_EXPECT_REPORT(test, "rb_erase:", rb_erase(&alone.node, &root));
	KUNIT_EXPECT_PTR_EQ(test, rb_first(&other), &alone.node);
	expect_first(test, KEYS);
}

/* Wherever in the tree it is, and whatever its colour. */
static void a_node_does_not_come_in_twice(struct kunit *test)
{
	struct rb_root_cached cached = { .rb_root = root, .rb_leftmost = &things[0].node };

	for (unsigned int i = 0; i < KEYS; i++) {
		KUNIT_EXPECT_REPORT(test, "rb_link_node:", rb_add(&things[i].node, &root, less));
		things[i].key = 0;	/* it would be the first */
		KUNIT_EXPECT_REPORT(test, "rb_link_node:",
				    (void)rb_add_cached(&things[i].node, &cached, less));
		things[i].key = i;
		expect_first(test, KEYS);
	}
	KUNIT_EXPECT_PTR_EQ(test, cached.rb_leftmost, &things[0].node);
	KUNIT_EXPECT_PTR_EQ(test, cached.rb_root.rb_node, root.rb_node);
}

static void a_node_that_would_be_first_now_stays_where_it_is(struct kunit *test)
{
	struct rb_root_cached cached = RB_ROOT_CACHED;
	struct thing low = { .key = 1 }, high = { .key = 2 };
	struct rb_node *first = &low.node;

	KUNIT_EXPECT_REPORT(test, "rb_link_node:", {
		rb_add_cached(&low.node, &cached, less);
		rb_add_cached(&low.node, &cached, less);
	});
	KUNIT_EXPECT_NULL(test, rb_add_cached(&high.node, &cached, less));
	high.key = 0;	/* it would be the first */
	KUNIT_EXPECT_REPORT(test, "rb_link_node:",
			    first = rb_add_cached(&high.node, &cached, less));
	KUNIT_EXPECT_NULL(test, first);
	KUNIT_EXPECT_PTR_EQ(test, cached.rb_leftmost, &low.node);
	high.key = 2;
	KUNIT_EXPECT_TRUE(test, rb_check(&cached.rb_root, in_order));
}

static void a_node_that_hangs_nowhere_is_not_balanced(struct kunit *test)
{
	struct thing other = { .key = KEYS };

	KUNIT_EXPECT_REPORT(test, "rb_insert_color:", rb_insert_color(&other.node, &root));
	RB_CLEAR_NODE(&other.node);
	KUNIT_EXPECT_REPORT(test, "rb_insert_color:", rb_insert_color(&other.node, &root));
	expect_first(test, KEYS);
}

static void only_what_is_in_is_replaced_by_what_is_not(struct kunit *test)
{
	struct thing other = { .key = 3 }, third = { .key = 3 };

	KUNIT_EXPECT_REPORT(test, "rb_replace_node:",
			    rb_replace_node(&other.node, &third.node, &root));
	KUNIT_EXPECT_REPORT(test, "rb_replace_node:",
			    rb_replace_node(&things[3].node, &things[9].node, &root));
	expect_first(test, KEYS);
	rb_replace_node(&things[3].node, &other.node, &root);
	expect_first(test, KEYS);
	KUNIT_EXPECT_REPORT(test, "rb_erase:", rb_erase(&things[3].node, &root));
}

/* Its links are those of a tree that was given up, or of nothing. */
static void whatever_the_memory_says_a_node_comes_in(struct kunit *test)
{
	static const u8 fills[] = { 0x00, 0x01, 0x5a, 0x6b, 0xa4, 0xff };

	root = RB_ROOT;
	for (unsigned int i = KEYS; i-- > 0;)
		rb_add(&things[i].node, &root, less);
	expect_first(test, KEYS);
	for (size_t i = 0; i < ARRAY_SIZE(fills); i++) {
		struct thing other;

		memset(&other, fills[i], sizeof(other));
		other.key = KEYS;
		rb_add(&other.node, &root, less);
		expect_first(test, KEYS + 1);
		rb_erase(&other.node, &root);
	}
	expect_first(test, KEYS);
}

static const struct kunit_case rbtree_debug_cases[] = {
	KUNIT_CASE(a_node_is_not_taken_out_twice),
	KUNIT_CASE(a_node_that_was_never_in_is_not_taken_out),
	KUNIT_CASE(a_node_of_another_tree_is_not_taken_out),
	KUNIT_CASE(a_node_does_not_come_in_twice),
	KUNIT_CASE(a_node_that_would_be_first_now_stays_where_it_is),
	KUNIT_CASE(a_node_that_hangs_nowhere_is_not_balanced),
	KUNIT_CASE(only_what_is_in_is_replaced_by_what_is_not),
	KUNIT_CASE(whatever_the_memory_says_a_node_comes_in),
	{}
};

static struct kunit_suite rbtree_debug_suite = {
	.name = "rbtree_debug",
	.init = plant_tree,
	.test_cases = rbtree_debug_cases,
};
kunit_test_suite(rbtree_debug_suite);
