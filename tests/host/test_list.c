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

	KUNIT_EXPECT_EQ(test, list_count_nodes(&list), 0);
	KUNIT_EXPECT_FALSE(test, list_is_singular(&list));
	list_add_tail(&a.link, &list);
	KUNIT_EXPECT_TRUE(test, list_is_singular(&list));
	KUNIT_EXPECT_TRUE(test, list_is_last(&a.link, &list));
	list_add_tail(&b.link, &list);
	KUNIT_EXPECT_FALSE(test, list_is_singular(&list));
	KUNIT_EXPECT_FALSE(test, list_is_last(&a.link, &list));
	KUNIT_EXPECT_TRUE(test, list_is_last(&b.link, &list));
	KUNIT_EXPECT_EQ(test, list_count_nodes(&list), 2);
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

static void add_all(struct list_head *head)
{
	list_add_tail(&a.link, head);
	list_add_tail(&b.link, head);
	list_add_tail(&c.link, head);
	list_add_tail(&d.link, head);
}

static void a_replacement_stands_in_the_same_place(struct kunit *test)
{
	LIST_HEAD(list);

	list_add_tail(&a.link, &list);
	list_add_tail(&b.link, &list);
	list_replace(&a.link, &c.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "cb");
	KUNIT_EXPECT_PTR_EQ(test, a.link.next, &b.link);
	list_replace_init(&b.link, &d.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "cd");
	KUNIT_EXPECT_TRUE(test, list_empty(&b.link));
}

/* Neighbours in either order, ones apart, and ones of two lists. */
static void swapped_entries_change_places(struct kunit *test)
{
	LIST_HEAD(list);
	LIST_HEAD(other);

	add_all(&list);
	list_swap(&a.link, &b.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "bacd");
	list_swap(&a.link, &b.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "abcd");
	list_swap(&d.link, &a.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "dbca");
	list_move(&b.link, &other);
	list_swap(&b.link, &c.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "dba");
	KUNIT_EXPECT_STREQ(test, names(&other), "c");
}

static void a_run_of_entries_moves_to_the_end_together(struct kunit *test)
{
	LIST_HEAD(list);

	add_all(&list);
	list_bulk_move_tail(&list, &b.link, &c.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "adbc");
	list_bulk_move_tail(&list, &a.link, &a.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "dbca");
	list_bulk_move_tail(&list, &c.link, &a.link);
	KUNIT_EXPECT_STREQ(test, names(&list), "dbca");
}

static void a_rotation_keeps_the_circle(struct kunit *test)
{
	LIST_HEAD(list);

	list_rotate_left(&list);
	KUNIT_EXPECT_STREQ(test, names(&list), "");
	add_all(&list);
	list_rotate_left(&list);
	KUNIT_EXPECT_STREQ(test, names(&list), "bcda");
	list_rotate_to_front(&d.link, &list);
	KUNIT_EXPECT_STREQ(test, names(&list), "dabc");
	list_rotate_to_front(&d.link, &list);
	KUNIT_EXPECT_STREQ(test, names(&list), "dabc");
}

/* At each place: how many entries are cut off, and that both parts are whole. */
static void a_cut_makes_two_lists(struct kunit *test)
{
	static const char *const firsts[] = { "", "a", "ab", "abc", "abcd" };
	static const char *const rests[] = { "abcd", "bcd", "cd", "d", "" };
	LIST_HEAD(list);
	struct list_head *at = &list, cut;

	for (unsigned int n = 0; n <= 4; n++) {
		INIT_LIST_HEAD(&list);
		add_all(&list);
		at = &list;
		for (unsigned int i = 0; i < n; i++)
			at = at->next;
		list_cut_position(&cut, &list, at);
		KUNIT_EXPECT_STREQ(test, names(&cut), firsts[n]);
		KUNIT_EXPECT_STREQ(test, names(&list), rests[n]);

		INIT_LIST_HEAD(&list);
		add_all(&list);
		at = list.next;
		for (unsigned int i = 0; i < n; i++)
			at = at->next;
		list_cut_before(&cut, &list, at);
		KUNIT_EXPECT_STREQ(test, names(&cut), firsts[n]);
		KUNIT_EXPECT_STREQ(test, names(&list), rests[n]);
	}
	list_cut_position(&cut, &list, &list);
	KUNIT_EXPECT_TRUE(test, list_empty(&cut));
}

static void a_splice_without_init_leaves_the_old_head(struct kunit *test)
{
	LIST_HEAD(list);
	LIST_HEAD(head);

	list_splice(&list, &head);
	list_splice_tail(&list, &head);
	KUNIT_EXPECT_STREQ(test, names(&head), "");
	list_add_tail(&a.link, &list);
	list_add_tail(&b.link, &head);
	list_splice(&list, &head);
	KUNIT_EXPECT_STREQ(test, names(&head), "ab");
	KUNIT_EXPECT_PTR_EQ(test, list.next, &a.link);
	INIT_LIST_HEAD(&list);
	list_add_tail(&c.link, &list);
	list_splice_tail(&list, &head);
	KUNIT_EXPECT_STREQ(test, names(&head), "abc");
}

static void careful_removal_is_seen_as_empty(struct kunit *test)
{
	LIST_HEAD(list);

	list_add(&a.link, &list);
	KUNIT_EXPECT_FALSE(test, list_empty_careful(&a.link));
	list_del_init_careful(&a.link);
	KUNIT_EXPECT_TRUE(test, list_empty_careful(&a.link));
	KUNIT_EXPECT_TRUE(test, list_empty_careful(&list));
	/* Half of a removal that another is at: not yet. */
	a.link.prev = &list;
	KUNIT_EXPECT_TRUE(test, list_empty(&a.link));
	KUNIT_EXPECT_FALSE(test, list_empty_careful(&a.link));
}

static void first_last_and_head_are_told_apart(struct kunit *test)
{
	LIST_HEAD(list);

	add_all(&list);
	KUNIT_EXPECT_TRUE(test, list_is_first(&a.link, &list));
	KUNIT_EXPECT_FALSE(test, list_is_first(&b.link, &list));
	KUNIT_EXPECT_TRUE(test, list_is_head(&list, &list));
	KUNIT_EXPECT_FALSE(test, list_is_head(&a.link, &list));
	KUNIT_EXPECT_PTR_EQ(test, list_next_entry_circular(&a, &list, link), &b);
	KUNIT_EXPECT_PTR_EQ(test, list_next_entry_circular(&d, &list, link), &a);
	KUNIT_EXPECT_PTR_EQ(test, list_prev_entry_circular(&a, &list, link), &d);
	KUNIT_EXPECT_PTR_EQ(test, list_prev_entry_circular(&d, &list, link), &c);
}

/* Each walk writes the names it saw. */
#define WALK(walk...) ({							\
	size_t n__ = 0;								\
	walk {									\
		if (n__ < sizeof(seen) - 1)					\
			seen[n__++] = item->name;				\
	}									\
	seen[n__] = '\0';							\
	seen; })

static void walks_begin_and_go_where_they_say(struct kunit *test)
{
	struct item *item, *next;
	char seen[8];
	LIST_HEAD(list);

	add_all(&list);
	item = &b;
	KUNIT_EXPECT_STREQ(test, WALK(list_for_each_entry_from(item, &list, link)), "bcd");
	item = &b;
	KUNIT_EXPECT_STREQ(test, WALK(list_for_each_entry_from_reverse(item, &list, link)), "ba");
	item = &b;
	KUNIT_EXPECT_STREQ(test, WALK(list_for_each_entry_continue(item, &list, link)), "cd");
	item = &c;
	KUNIT_EXPECT_STREQ(test, WALK(list_for_each_entry_continue_reverse(item, &list, link)),
			   "ba");
	item = list_prepare_entry((struct item *)NULL, &list, link);
	KUNIT_EXPECT_STREQ(test, WALK(list_for_each_entry_continue(item, &list, link)), "abcd");
	item = list_prepare_entry(&c, &list, link);
	KUNIT_EXPECT_STREQ(test, WALK(list_for_each_entry_continue(item, &list, link)), "d");
	item = &c;
	KUNIT_EXPECT_STREQ(test, WALK(list_for_each_entry_safe_from(item, next, &list, link)),
			   "cd");
	item = &c;
	KUNIT_EXPECT_STREQ(test, WALK(list_for_each_entry_safe_continue(item, next, &list, link)),
			   "d");
}

static void walks_over_links_do_too(struct kunit *test)
{
	struct list_head *pos, *n;
	unsigned int sum = 0;
	LIST_HEAD(list);

	add_all(&list);
	list_for_each(pos, &list)
		sum = sum * 10 + (unsigned int)(list_entry(pos, struct item, link)->name - 'a');
	KUNIT_EXPECT_EQ(test, sum, 123);
	sum = 0;
	list_for_each_prev(pos, &list)
		sum = sum * 10 + (unsigned int)(list_entry(pos, struct item, link)->name - 'a');
	KUNIT_EXPECT_EQ(test, sum, 3210);
	pos = &b.link;
	sum = 0;
	list_for_each_continue(pos, &list)
		sum = sum * 10 + (unsigned int)(list_entry(pos, struct item, link)->name - 'a');
	KUNIT_EXPECT_EQ(test, sum, 23);
	pos = &b.link;
	sum = 0;
	list_for_each_from(pos, &list)
		sum++;
	KUNIT_EXPECT_EQ(test, sum, 3);
	list_for_each_safe(pos, n, &list)
		list_del(pos);
	KUNIT_EXPECT_STREQ(test, names(&list), "");
	add_all(&list);
	list_for_each_prev_safe(pos, n, &list)
		if (pos != &c.link)
			list_del(pos);
	KUNIT_EXPECT_STREQ(test, names(&list), "c");
}

/* The body gives b, which the walk has in mind, away, and has what follows looked up again. */
static void a_safe_walk_can_be_set_right(struct kunit *test)
{
	struct item *item, *next;
	char seen[8];
	size_t n = 0;
	LIST_HEAD(list);

	add_all(&list);
	list_for_each_entry_safe(item, next, &list, link) {
		if (item == &a) {
			list_del(&b.link);
			list_safe_reset_next(item, next, link);
		}
		seen[n++] = item->name;
	}
	seen[n] = '\0';
	KUNIT_EXPECT_STREQ(test, seen, "acd");
}

static void the_first_can_be_unlinked_until_none_is_left(struct kunit *test)
{
	LIST_HEAD(list);

	list_add_tail(&a.link, &list);
	list_add_tail(&b.link, &list);
	KUNIT_EXPECT_TRUE(test, list_unlink_first(&list));
	KUNIT_EXPECT_STREQ(test, names(&list), "b");
	KUNIT_EXPECT_PTR_EQ(test, a.link.next, &b.link);
	KUNIT_EXPECT_TRUE(test, list_unlink_first(&list));
	KUNIT_EXPECT_STREQ(test, names(&list), "");
	KUNIT_EXPECT_TRUE(test, list_empty(&list));
}

static struct kunit_case list_cases[] = {
	KUNIT_CASE(a_new_head_is_empty),
	KUNIT_CASE(add_puts_first_and_add_tail_last),
	KUNIT_CASE(add_at_an_entry_is_beside_it),
	KUNIT_CASE(a_removed_entry_is_poisoned),
	KUNIT_CASE(the_first_can_be_unlinked_until_none_is_left),
	KUNIT_CASE(a_move_leaves_no_trace),
	KUNIT_CASE(place_on_a_list_can_be_asked),
	KUNIT_CASE(a_splice_keeps_the_order_of_both),
	KUNIT_CASE(a_safe_walk_allows_removal),
	KUNIT_CASE(a_replacement_stands_in_the_same_place),
	KUNIT_CASE(swapped_entries_change_places),
	KUNIT_CASE(a_run_of_entries_moves_to_the_end_together),
	KUNIT_CASE(a_rotation_keeps_the_circle),
	KUNIT_CASE(a_cut_makes_two_lists),
	KUNIT_CASE(a_splice_without_init_leaves_the_old_head),
	KUNIT_CASE(careful_removal_is_seen_as_empty),
	KUNIT_CASE(first_last_and_head_are_told_apart),
	KUNIT_CASE(walks_begin_and_go_where_they_say),
	KUNIT_CASE(walks_over_links_do_too),
	KUNIT_CASE(a_safe_walk_can_be_set_right),
	{},
};

static struct kunit_suite list_suite = {
	.name = "list",
	.init = make_items,
	.test_cases = list_cases,
};

kunit_test_suite(list_suite);
