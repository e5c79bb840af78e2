/* SPDX-License-Identifier: MIT */
/*
 * Lists that change while somebody walks them: what a walker sees, and when an
 * object is given back. Each object tells by one letter when it is got and put.
 */
#include <drivers/klist.h>

#include <kernel/delay.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <test/kunit.h>

struct item {
	struct klist_node node;
	char letter;
	int refs;
};

static struct klist list;
static struct item a, b, c;

static void item_get(struct klist_node *node)
{
	container_of(node, struct item, node)->refs++;
}

static void item_put(struct klist_node *node)
{
	container_of(node, struct item, node)->refs--;
}

/* a b c */
static int klist_case_init(struct kunit *test)
{
	(void)test;
	klist_init(&list, item_get, item_put);
	a = (struct item){ .letter = 'a' };
	b = (struct item){ .letter = 'b' };
	c = (struct item){ .letter = 'c' };
	klist_add_tail(&a.node, &list);
	klist_add_tail(&b.node, &list);
	klist_add_tail(&c.node, &list);
	return 0;
}

static char letter_of(struct klist_node *node)
{
	return node ? container_of(node, struct item, node)->letter : '-';
}

static void expect_walk(struct kunit *test, const char *want)
{
	struct klist_iter iter;

	klist_iter_init(&list, &iter);
	for (; *want; want++)
		KUNIT_EXPECT_EQ(test, letter_of(klist_next(&iter)), *want);
	KUNIT_EXPECT_NULL(test, klist_next(&iter));
	klist_iter_exit(&iter);
}

static void walks_go_both_ways(struct kunit *test)
{
	struct klist_iter iter;

	expect_walk(test, "abc");
	klist_iter_init(&list, &iter);
	KUNIT_EXPECT_EQ(test, letter_of(klist_prev(&iter)), 'c');
	KUNIT_EXPECT_EQ(test, letter_of(klist_prev(&iter)), 'b');
	KUNIT_EXPECT_EQ(test, letter_of(klist_next(&iter)), 'c');
	klist_iter_exit(&iter);
	klist_iter_init_node(&list, &iter, &b.node);
	KUNIT_EXPECT_EQ(test, letter_of(klist_next(&iter)), 'c');
	klist_iter_exit(&iter);
	klist_iter_init_node(&list, &iter, NULL);
	KUNIT_EXPECT_EQ(test, letter_of(klist_next(&iter)), 'a');
	klist_iter_exit(&iter);
}

/* a [b] c: b is deleted under a walker: others pass over it, it goes when that one moves on. */
static void deleted_entry_stays_linked_under_its_walker(struct kunit *test)
{
	struct klist_iter iter;

	klist_iter_init(&list, &iter);
	KUNIT_EXPECT_EQ(test, letter_of(klist_next(&iter)), 'a');
	KUNIT_EXPECT_EQ(test, letter_of(klist_next(&iter)), 'b');
	klist_del(&b.node);
	KUNIT_EXPECT_FALSE(test, klist_node_attached(&b.node));
	KUNIT_EXPECT_EQ(test, b.refs, 1);
	expect_walk(test, "ac");
	klist_del(&b.node);
	KUNIT_EXPECT_EQ(test, b.refs, 1);
	KUNIT_EXPECT_EQ(test, letter_of(klist_next(&iter)), 'c');
	KUNIT_EXPECT_EQ(test, b.refs, 0);
	klist_iter_exit(&iter);
	expect_walk(test, "ac");
}

static void walker_that_leaves_drops_its_entry(struct kunit *test)
{
	struct klist_iter iter;

	klist_iter_init(&list, &iter);
	KUNIT_EXPECT_EQ(test, letter_of(klist_next(&iter)), 'a');
	klist_del(&a.node);
	klist_iter_exit(&iter);
	KUNIT_EXPECT_EQ(test, a.refs, 0);
	klist_iter_exit(&iter);
	expect_walk(test, "bc");
}

static void entry_comes_and_goes_again(struct kunit *test)
{
	klist_del(&a.node);
	KUNIT_EXPECT_EQ(test, a.refs, 0);
	klist_del(&a.node);
	KUNIT_EXPECT_EQ(test, a.refs, 0);
	klist_add_tail(&a.node, &list);
	KUNIT_EXPECT_EQ(test, a.refs, 1);
	expect_walk(test, "bca");
}

static bool removed;

static int remove_thread(void *unused)
{
	(void)unused;
	klist_remove(&b.node);
	removed = true;
	return 0;
}

static void remove_waits_for_walkers(struct kunit *test)
{
	struct klist_iter iter;
	struct task_struct *task;

	removed = false;
	klist_iter_init_node(&list, &iter, &b.node);
	task = kthread_create(remove_thread, NULL, "remove");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	get_task_struct(task);
	wake_up_process(task);
	msleep(2);
	KUNIT_EXPECT_FALSE(test, klist_node_attached(&b.node));
	KUNIT_EXPECT_FALSE(test, removed);
	KUNIT_EXPECT_EQ(test, letter_of(klist_next(&iter)), 'c');
	KUNIT_EXPECT_EQ(test, kthread_join(task), 0);
	put_task_struct(task);
	KUNIT_EXPECT_TRUE(test, removed);
	klist_iter_exit(&iter);
}

/* Whoever stands on one by hand is waited for like a walker; nobody begins on a deleted one. */
static void remove_waits_for_who_stands_there(struct kunit *test)
{
	struct task_struct *task;

	removed = false;
	KUNIT_ASSERT_TRUE(test, klist_node_get(&b.node));
	task = kthread_create(remove_thread, NULL, "remove");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	get_task_struct(task);
	wake_up_process(task);
	msleep(2);
	KUNIT_EXPECT_FALSE(test, removed);
	KUNIT_EXPECT_FALSE(test, klist_node_get(&b.node));
	klist_node_put(&b.node);
	KUNIT_EXPECT_EQ(test, kthread_join(task), 0);
	put_task_struct(task);
	KUNIT_EXPECT_TRUE(test, removed);
	KUNIT_EXPECT_FALSE(test, klist_node_get(&b.node));
}

static struct kunit_case klist_cases[] = {
	KUNIT_CASE(walks_go_both_ways),
	KUNIT_CASE(deleted_entry_stays_linked_under_its_walker),
	KUNIT_CASE(walker_that_leaves_drops_its_entry),
	KUNIT_CASE(entry_comes_and_goes_again),
	KUNIT_CASE(remove_waits_for_walkers),
	KUNIT_CASE(remove_waits_for_who_stands_there),
	{}
};

static struct kunit_suite klist_suite = {
	.name = "klist",
	.init = klist_case_init,
	.test_cases = klist_cases,
};
kunit_test_suite(klist_suite);
