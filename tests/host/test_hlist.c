/* SPDX-License-Identifier: MIT */
/*
 * Lists with one pointer for a head, checked after every change: each node's pprev is the address
 * of the pointer that points at it.
 */
#include <lib/list.h>

#include "kunit_host.h"

struct item {
	char name;
	struct hlist_node node;
};

static struct item a, b, c;

static const char *names(const struct hlist_head *head)
{
	static char text[8];
	struct hlist_node *const *at = &head->first;
	const struct item *item;
	size_t n = 0;

	hlist_for_each_entry(item, head, node) {
		if (item->node.pprev != at)
			return "a node that does not know who points at it";
		if (n == sizeof(text) - 1)
			return "endless";
		text[n++] = item->name;
		at = &item->node.next;
	}
	text[n] = '\0';
	return text;
}

static int make_items(struct kunit *test)
{
	(void)test;
	a = (struct item){ .name = 'a' };
	b = (struct item){ .name = 'b' };
	c = (struct item){ .name = 'c' };
	return 0;
}

static void a_new_head_is_empty(struct kunit *test)
{
	HLIST_HEAD(fixed);
	struct hlist_head made;

	INIT_HLIST_HEAD(&made);
	KUNIT_EXPECT_TRUE(test, hlist_empty(&fixed));
	KUNIT_EXPECT_STREQ(test, names(&made), "");
	INIT_HLIST_NODE(&a.node);
	KUNIT_EXPECT_TRUE(test, hlist_unhashed(&a.node));
	KUNIT_EXPECT_TRUE(test, hlist_unhashed_lockless(&a.node));
}

static void nodes_go_where_they_are_put(struct kunit *test)
{
	HLIST_HEAD(list);

	hlist_add_head(&b.node, &list);
	KUNIT_EXPECT_TRUE(test, hlist_is_singular_node(&b.node, &list));
	hlist_add_before(&a.node, &b.node);
	KUNIT_EXPECT_STREQ(test, names(&list), "ab");
	KUNIT_EXPECT_FALSE(test, hlist_is_singular_node(&a.node, &list));
	KUNIT_EXPECT_FALSE(test, hlist_is_singular_node(&b.node, &list));
	hlist_add_behind(&c.node, &a.node);
	KUNIT_EXPECT_STREQ(test, names(&list), "acb");
	KUNIT_EXPECT_FALSE(test, hlist_unhashed(&c.node));
	KUNIT_EXPECT_FALSE(test, hlist_empty(&list));
}

static void a_removed_node_is_poison_or_unhashed(struct kunit *test)
{
	HLIST_HEAD(list);

	hlist_add_head(&c.node, &list);
	hlist_add_head(&b.node, &list);
	hlist_add_head(&a.node, &list);
	hlist_del(&b.node);
	KUNIT_EXPECT_STREQ(test, names(&list), "ac");
	KUNIT_EXPECT_PTR_EQ(test, b.node.next, LIST_POISON1);
	KUNIT_EXPECT_PTR_EQ(test, b.node.pprev, LIST_POISON2);
	hlist_del_init(&a.node);
	hlist_del_init(&a.node);
	KUNIT_EXPECT_TRUE(test, hlist_unhashed(&a.node));
	hlist_del_init(&c.node);
	KUNIT_EXPECT_STREQ(test, names(&list), "");
}

static void a_node_without_a_head_can_be_removed(struct kunit *test)
{
	INIT_HLIST_NODE(&a.node);
	KUNIT_EXPECT_FALSE(test, hlist_fake(&a.node));
	hlist_add_fake(&a.node);
	KUNIT_EXPECT_TRUE(test, hlist_fake(&a.node));
	KUNIT_EXPECT_FALSE(test, hlist_unhashed(&a.node));
	hlist_del_init(&a.node);
	KUNIT_EXPECT_TRUE(test, hlist_unhashed(&a.node));
}

static void a_whole_list_moves(struct kunit *test)
{
	HLIST_HEAD(from);
	HLIST_HEAD(to);

	hlist_move_list(&from, &to);
	KUNIT_EXPECT_TRUE(test, hlist_empty(&to));
	hlist_add_head(&b.node, &from);
	hlist_add_head(&a.node, &from);
	hlist_move_list(&from, &to);
	KUNIT_EXPECT_STREQ(test, names(&to), "ab");
	KUNIT_EXPECT_TRUE(test, hlist_empty(&from));
}

static void walks_begin_where_they_say_and_allow_removal(struct kunit *test)
{
	struct hlist_node *pos, *n;
	struct item *item;
	unsigned int count = 0;
	HLIST_HEAD(list);

	KUNIT_EXPECT_NULL(test, hlist_entry_safe(list.first, struct item, node));
	hlist_add_head(&c.node, &list);
	hlist_add_head(&b.node, &list);
	hlist_add_head(&a.node, &list);
	hlist_for_each(pos, &list)
		count++;
	KUNIT_EXPECT_EQ(test, count, 3);
	item = &b;
	count = 0;
	hlist_for_each_entry_from(item, node)
		count = count * 10 + (unsigned int)(item->name - 'a');
	KUNIT_EXPECT_EQ(test, count, 12);
	item = &b;
	count = 0;
	hlist_for_each_entry_continue(item, node)
		count = count * 10 + (unsigned int)(item->name - 'a');
	KUNIT_EXPECT_EQ(test, count, 2);
	hlist_for_each_entry_safe(item, n, &list, node)
		if (item != &b)
			hlist_del(&item->node);
	KUNIT_EXPECT_STREQ(test, names(&list), "b");
	hlist_for_each_safe(pos, n, &list)
		hlist_del(pos);
	KUNIT_EXPECT_STREQ(test, names(&list), "");
}

static struct kunit_case hlist_cases[] = {
	KUNIT_CASE(a_new_head_is_empty),
	KUNIT_CASE(nodes_go_where_they_are_put),
	KUNIT_CASE(a_removed_node_is_poison_or_unhashed),
	KUNIT_CASE(a_node_without_a_head_can_be_removed),
	KUNIT_CASE(a_whole_list_moves),
	KUNIT_CASE(walks_begin_where_they_say_and_allow_removal),
	{},
};

static struct kunit_suite hlist_suite = {
	.name = "hlist",
	.init = make_items,
	.test_cases = hlist_cases,
};

kunit_test_suite(hlist_suite);
