/* SPDX-License-Identifier: MIT */
/*
 * Misuse of lists: each is reported once, and the list is what it was before.
 */
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

static struct kunit_case list_debug_cases[] = {
	KUNIT_CASE(a_second_add_is_reported),
	KUNIT_CASE(a_second_removal_is_reported),
	KUNIT_CASE(what_was_never_added_is_not_removed),
	KUNIT_CASE(an_entry_that_its_neighbours_do_not_know_stays),
	KUNIT_CASE(nothing_is_added_where_a_link_is_damaged),
	KUNIT_CASE(a_list_that_is_none_gets_no_entries),
	{}
};

static struct kunit_suite list_debug_suite = {
	.name = "list_debug",
	.init = make_list,
	.test_cases = list_debug_cases,
};
kunit_test_suite(list_debug_suite);
