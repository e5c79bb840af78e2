/* SPDX-License-Identifier: MIT */
/*
 * Lists, read forwards and backwards after every change: a list whose next
 * links are right and whose prev links are not passes half a test.
 */
#include <lib/list.h>

#include "kunit_host.h"

struct item {
	char name;
	struct list_head link;
};

static struct item a, b, c, d;

/* "abc" if those are on the list in this order, both ways; else what is wrong. */
static const char *names(const struct list_head *head)
{
	static char text[16];
	const struct item *item;
	size_t n = 0;

	list_for_each_entry(item, head, link) {
		if (n == sizeof(text) - 1)
			return "endless";
		text[n++] = item->name;
	}
	text[n] = '\0';
	list_for_each_entry_reverse(item, head, link) {
		if (!n || text[--n] != item->name)
			return "backwards it is another list";
	}
	return n ? "backwards it is shorter" : text;
}

static int make_items(struct kunit *test)
{
	(void)test;
	a = (struct item){ .name = 'a' };
	b = (struct item){ .name = 'b' };
	c = (struct item){ .name = 'c' };
	d = (struct item){ .name = 'd' };
	return 0;
}

static void a_new_head_is_empty(struct kunit *test)
{
	LIST_HEAD(fixed);
	struct list_head made;

	INIT_LIST_HEAD(&made);
	KUNIT_EXPECT_TRUE(test, list_empty(&fixed));
	KUNIT_EXPECT_TRUE(test, list_empty(&made));
	KUNIT_EXPECT_STREQ(test, names(&made), "");
	KUNIT_EXPECT_NULL(test, list_first_entry_or_null(&fixed, struct item, link));
}

static void add_puts_first_and_add_tail_last(struct kunit *test)
{
	LIST_HEAD(list);

	list_add(&b.link, &list);
	list_add_tail(&c.link, &list);
	list_add(&a.link, &list);
	list_add_tail(&d.link, &list);
	KUNIT_EXPECT_STREQ(test, names(&list), "abcd");
	KUNIT_EXPECT_FALSE(test, list_empty(&list));
	KUNIT_EXPECT_PTR_EQ(test, list_first_entry(&list, struct item, link), &a);
	KUNIT_EXPECT_PTR_EQ(test, list_last_entry(&list, struct item, link), &d);
	KUNIT_EXPECT_PTR_EQ(test, list_first_entry_or_null(&list, struct item, link), &a);
	KUNIT_EXPECT_PTR_EQ(test, list_next_entry(&b, link), &c);
	KUNIT_EXPECT_PTR_EQ(test, list_prev_entry(&b, link), &a);
}

static void add_at_an_entry_is_beside_it(struct kunit *test)
{
	LIST_HEAD(list);

	list_add(&a.link, &list);
	list_add(&c.link, &a.link);
	list_add_tail(&b.link, &c.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "abc");
}

static void a_removed_entry_is_poisoned(struct kunit *test)
{
	LIST_HEAD(list);

	list_add_tail(&a.link, &list);
	list_add_tail(&b.link, &list);
	list_add_tail(&c.link, &list);
	list_del(&b.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "ac");
	KUNIT_EXPECT_PTR_EQ(test, b.link.next, LIST_POISON1);
	KUNIT_EXPECT_PTR_EQ(test, b.link.prev, LIST_POISON2);

	list_del_init(&a.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "c");
	KUNIT_EXPECT_TRUE(test, list_empty(&a.link));
	list_del_init(&a.link);

	list_del(&c.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "");
}

static void a_move_leaves_no_trace(struct kunit *test)
{
	LIST_HEAD(from);
	LIST_HEAD(to);

	list_add_tail(&a.link, &from);
	list_add_tail(&b.link, &from);
	list_add_tail(&c.link, &to);
	list_move(&b.link, &to);
	KUNIT_EXPECT_STREQ(test, names(&from), "a");
	KUNIT_EXPECT_STREQ(test, names(&to), "bc");
	list_move_tail(&a.link, &to);
	KUNIT_EXPECT_STREQ(test, names(&from), "");
	KUNIT_EXPECT_STREQ(test, names(&to), "bca");
	list_move_tail(&b.link, &to);
	KUNIT_EXPECT_STREQ(test, names(&to), "cab");
}

static void place_on_a_list_can_be_asked(struct kunit *test)
{
	LIST_HEAD(list);

	KUNIT_EXPECT_FALSE(test, list_is_singular(&list));
	list_add_tail(&a.link, &list);
	KUNIT_EXPECT_TRUE(test, list_is_singular(&list));
	KUNIT_EXPECT_TRUE(test, list_is_last(&a.link, &list));
	list_add_tail(&b.link, &list);
	KUNIT_EXPECT_FALSE(test, list_is_singular(&list));
	KUNIT_EXPECT_FALSE(test, list_is_last(&a.link, &list));
	KUNIT_EXPECT_TRUE(test, list_is_last(&b.link, &list));
}

/* (ab) spliced into (cd): abcd at the front, cdab at the tail. */
static void a_splice_keeps_the_order_of_both(struct kunit *test)
{
	LIST_HEAD(list);
	LIST_HEAD(head);

	list_splice_init(&list, &head);
	KUNIT_EXPECT_STREQ(test, names(&head), "");

	list_add_tail(&a.link, &list);
	list_add_tail(&b.link, &list);
	list_add_tail(&c.link, &head);
	list_add_tail(&d.link, &head);
	list_splice_init(&list, &head);
	KUNIT_EXPECT_STREQ(test, names(&head), "abcd");
	KUNIT_EXPECT_STREQ(test, names(&list), "");

	list_move_tail(&a.link, &list);
	list_move_tail(&b.link, &list);
	list_splice_tail_init(&list, &head);
	KUNIT_EXPECT_STREQ(test, names(&head), "cdab");
	KUNIT_EXPECT_STREQ(test, names(&list), "");

	list_splice_tail_init(&head, &list);
	KUNIT_EXPECT_STREQ(test, names(&list), "cdab");
	KUNIT_EXPECT_TRUE(test, list_empty(&head));
}

static void a_safe_walk_allows_removal(struct kunit *test)
{
	struct item *item, *next;
	LIST_HEAD(list);

	list_add_tail(&a.link, &list);
	list_add_tail(&b.link, &list);
	list_add_tail(&c.link, &list);
	list_for_each_entry_safe(item, next, &list, link) {
		if (item != &b)
			list_del(&item->link);
	}
	KUNIT_EXPECT_STREQ(test, names(&list), "b");
	list_add_tail(&d.link, &list);
	list_for_each_entry_safe_reverse(item, next, &list, link)
		list_del(&item->link);
	KUNIT_EXPECT_STREQ(test, names(&list), "");
}

static struct kunit_case list_cases[] = {
	KUNIT_CASE(a_new_head_is_empty),
	KUNIT_CASE(add_puts_first_and_add_tail_last),
	KUNIT_CASE(add_at_an_entry_is_beside_it),
	KUNIT_CASE(a_removed_entry_is_poisoned),
	KUNIT_CASE(a_move_leaves_no_trace),
	KUNIT_CASE(place_on_a_list_can_be_asked),
	KUNIT_CASE(a_splice_keeps_the_order_of_both),
	KUNIT_CASE(a_safe_walk_allows_removal),
	{},
};

static struct kunit_suite list_suite = {
	.name = "list",
	.init = make_items,
	.test_cases = list_cases,
};

kunit_test_suite(list_suite);
