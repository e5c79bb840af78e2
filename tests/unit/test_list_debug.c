/* SPDX-License-Identifier: MIT */
/*
 * Misuse of lists: each is reported once, and the list is what it was before.
 */
#include <lib/hlist.h>
#include <lib/list.h>
#include <test/kunit.h>

struct item {
	struct list_head link;
};

static struct list_head head;
static struct item a, b, c;

/* head <-> a <-> b */
static int make_list(struct kunit *test)
{
	(void)test;
	INIT_LIST_HEAD(&head);
	list_add_tail(&a.link, &head);
	list_add_tail(&b.link, &head);
	c.link = (struct list_head){ 0 };
	return 0;
}

static void expect_a_b(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, head.next, &a.link);
	KUNIT_EXPECT_PTR_EQ(test, a.link.next, &b.link);
	KUNIT_EXPECT_PTR_EQ(test, b.link.next, &head);
	KUNIT_EXPECT_PTR_EQ(test, head.prev, &b.link);
	KUNIT_EXPECT_PTR_EQ(test, b.link.prev, &a.link);
	KUNIT_EXPECT_PTR_EQ(test, a.link.prev, &head);
}

static void a_second_add_is_reported(struct kunit *test)
{
	KUNIT_EXPECT_WARNINGS(test, 1, list_add(&a.link, &head));
	KUNIT_EXPECT_WARNINGS(test, 1, list_add_tail(&b.link, &head));
	expect_a_b(test);
}

static void a_second_removal_is_reported(struct kunit *test)
{
	list_add_tail(&c.link, &head);
	list_del(&c.link);
	KUNIT_EXPECT_WARNINGS(test, 1, list_del(&c.link));
	KUNIT_EXPECT_PTR_EQ(test, c.link.next, LIST_POISON1);
	KUNIT_EXPECT_WARNINGS(test, 1, list_del_init(&c.link));
	KUNIT_EXPECT_WARNINGS(test, 1, list_move(&c.link, &head));
	expect_a_b(test);
}

static void what_was_never_added_is_not_removed(struct kunit *test)
{
	KUNIT_EXPECT_WARNINGS(test, 1, list_del(&c.link));
	KUNIT_EXPECT_NULL(test, c.link.next);
	expect_a_b(test);
}

/* c says that it is between a and b, who know nothing of it: a copy, or a list that was redone. */
static void an_entry_that_its_neighbours_do_not_know_stays(struct kunit *test)
{
	c.link.prev = &a.link;
	c.link.next = &b.link;
	KUNIT_EXPECT_WARNINGS(test, 1, list_del(&c.link));
	/* only one of them does */
	a.link.next = &c.link;
	KUNIT_EXPECT_WARNINGS(test, 1, list_del(&c.link));
	KUNIT_EXPECT_PTR_EQ(test, c.link.next, &b.link);
	a.link.next = &b.link;
	b.link.prev = &c.link;
	KUNIT_EXPECT_WARNINGS(test, 1, list_del(&c.link));
	KUNIT_EXPECT_PTR_EQ(test, c.link.next, &b.link);
	b.link.prev = &a.link;
	expect_a_b(test);
}

static void nothing_is_added_where_a_link_is_damaged(struct kunit *test)
{
	head.prev = &a.link;
	KUNIT_EXPECT_WARNINGS(test, 1, list_add_tail(&c.link, &head));
	head.prev = &b.link;
	b.link.prev = &head;
	KUNIT_EXPECT_WARNINGS(test, 1, list_add(&c.link, &a.link));
	b.link.prev = &a.link;
	KUNIT_EXPECT_NULL(test, c.link.next);
	expect_a_b(test);
}

static void a_list_that_is_none_gets_no_entries(struct kunit *test)
{
	struct list_head none = { 0 };

	KUNIT_EXPECT_WARNINGS(test, 1, list_add(&c.link, &none));
	KUNIT_EXPECT_WARNINGS(test, 1, list_add_tail(&c.link, &none));
	list_add_tail(&c.link, &head);
	list_del(&c.link);
	KUNIT_EXPECT_WARNINGS(test, 1, list_add(&a.link, &c.link));
	expect_a_b(test);
}

/* ---- hlist ---- */

struct hitem {
	struct hlist_node node;
};

static struct hlist_head table;
static struct hitem x, y, z;
static struct hlist_node a_node;

/* table -> x -> y */
static void make_hlist(void)
{
	INIT_HLIST_HEAD(&table);
	x.node = y.node = z.node = (struct hlist_node){ .next = NULL };
	hlist_add_head(&y.node, &table);
	hlist_add_head(&x.node, &table);
}

static void expect_x_y(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, table.first, &x.node);
	KUNIT_EXPECT_PTR_EQ(test, x.node.pprev, &table.first);
	KUNIT_EXPECT_PTR_EQ(test, x.node.next, &y.node);
	KUNIT_EXPECT_PTR_EQ(test, y.node.pprev, &x.node.next);
	KUNIT_EXPECT_NULL(test, y.node.next);
}

static void a_node_is_not_added_twice(struct kunit *test)
{
	make_hlist();
	KUNIT_EXPECT_REPORT(test, "is on the list already", hlist_add_head(&x.node, &table));
	KUNIT_EXPECT_REPORT(test, "is on the list already", hlist_add_head(&y.node, &table));
	KUNIT_EXPECT_REPORT(test, "is on the list already", hlist_add_before(&y.node, &x.node));
	KUNIT_EXPECT_REPORT(test, "is on the list already", hlist_add_behind(&y.node, &x.node));
	KUNIT_EXPECT_REPORT(test, "behind itself", hlist_add_behind(&y.node, &y.node));
	expect_x_y(test);
}

static void a_node_on_no_list_is_not_removed(struct kunit *test)
{
	make_hlist();
	KUNIT_EXPECT_REPORT(test, "is on no list", hlist_del(&z.node));
	KUNIT_EXPECT_NULL(test, z.node.next);
	/* of which this asks itself */
	hlist_del_init(&z.node);
	hlist_add_head(&z.node, &table);
	hlist_del(&z.node);
	KUNIT_EXPECT_REPORT(test, "was removed already", hlist_del(&z.node));
	KUNIT_EXPECT_REPORT(test, "was removed already", hlist_del_init(&z.node));
	KUNIT_EXPECT_PTR_EQ(test, z.node.next, LIST_POISON1);
	expect_x_y(test);
}

static void a_node_of_a_list_without_a_head_is_removed(struct kunit *test)
{
	make_hlist();
	hlist_add_fake(&z.node);
	KUNIT_EXPECT_WARNINGS(test, 0, hlist_del_init(&z.node));
	KUNIT_EXPECT_TRUE(test, hlist_unhashed(&z.node));
	hlist_add_fake(&z.node);
	KUNIT_EXPECT_WARNINGS(test, 0, hlist_del(&z.node));
	KUNIT_EXPECT_REPORT(test, "was removed already", hlist_del(&z.node));
	/* One that says so, and has a next one, is damaged. */
	hlist_add_fake(&x.node);
	KUNIT_EXPECT_REPORT(test, "hlist_del corruption", hlist_del(&x.node));
}

static void nothing_is_added_beside_a_node_on_no_list(struct kunit *test)
{
	make_hlist();
	KUNIT_EXPECT_REPORT(test, "before a node that is on no list",
			    hlist_add_before(&x.node, &z.node));
	hlist_add_head(&z.node, &table);
	hlist_del(&z.node);
	KUNIT_EXPECT_REPORT(test, "beside a node that was removed",
			    hlist_add_behind(&x.node, &z.node));
	KUNIT_EXPECT_REPORT(test, "beside a node that was removed",
			    hlist_add_before(&x.node, &z.node));
	expect_x_y(test);
}

/* z is a copy of x: who is before it and behind it knows nothing of that. */
static void a_node_that_its_neighbours_do_not_know_stays(struct kunit *test)
{
	make_hlist();
	z.node = x.node;
	KUNIT_EXPECT_REPORT(test, "hlist_del corruption", hlist_del(&z.node));
	KUNIT_EXPECT_REPORT(test, "hlist_add corruption", hlist_add_behind(&a_node, &z.node));
	y.node.pprev = &z.node.next;
	KUNIT_EXPECT_REPORT(test, "hlist_del corruption", hlist_del(&x.node));
	y.node.pprev = &x.node.next;
	expect_x_y(test);
}

static struct kunit_case list_debug_cases[] = {
	KUNIT_CASE(a_second_add_is_reported),
	KUNIT_CASE(a_second_removal_is_reported),
	KUNIT_CASE(what_was_never_added_is_not_removed),
	KUNIT_CASE(an_entry_that_its_neighbours_do_not_know_stays),
	KUNIT_CASE(nothing_is_added_where_a_link_is_damaged),
	KUNIT_CASE(a_list_that_is_none_gets_no_entries),
	KUNIT_CASE(a_node_is_not_added_twice),
	KUNIT_CASE(a_node_on_no_list_is_not_removed),
	KUNIT_CASE(a_node_of_a_list_without_a_head_is_removed),
	KUNIT_CASE(nothing_is_added_beside_a_node_on_no_list),
	KUNIT_CASE(a_node_that_its_neighbours_do_not_know_stays),
	{}
};

static struct kunit_suite list_debug_suite = {
	.name = "list_debug",
	.init = make_list,
	.test_cases = list_debug_cases,
};
kunit_test_suite(list_debug_suite);
