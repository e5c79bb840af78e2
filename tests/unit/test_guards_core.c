/* SPDX-License-Identifier: MIT */
/*
 * Two guards of the core that no other case would miss: a worker that waits for what only it could
 * run, and an object with too many users, which has no last one.
 */
#include <kernel/async_revocable.h>
#include <kernel/workqueue.h>
#include <test/kunit.h>

#include "threads.h"

/* ---- the only worker ---- */

struct pair {
	struct work_struct first, second;
	bool waited, second_ran;
};

static void flush_second(struct work_struct *work)
{
	struct pair *p = container_of(work, struct pair, first);

	p->waited = flush_work(&p->second);
}

static void note_second(struct work_struct *work)
{
	container_of(work, struct pair, second)->second_ran = true;
}

/* second is behind first, and first would wait for it. */
static void waiting_for_what_is_behind_oneself_is_reported(struct kunit *test)
{
	struct workqueue_struct *wq;
	struct pair p = { .waited = true };

	fault_leave(current);
	wq = alloc_ordered_workqueue("one", 0);
	KUNIT_ASSERT_NOT_NULL(test, wq);
	INIT_WORK(&p.first, flush_second);
	INIT_WORK(&p.second, note_second);
	queue_work(wq, &p.first);
	queue_work(wq, &p.second);
	KUNIT_EXPECT_REPORT(test, "the worker that would have to run the item",
			    flush_workqueue(wq));
	KUNIT_EXPECT_FALSE(test, p.waited);
	KUNIT_EXPECT_TRUE(test, p.second_ran);
	destroy_workqueue(wq);
}

/* ---- too many users ---- */

#define USERS_MAX	0x3fffffffu	/* one more and the count sticks */

static unsigned int ended;

static void end(int *object)
{
	(void)object;
	ended++;
}

static void who_leaves_an_object_with_too_many_users_is_not_the_last(struct kunit *test)
{
	static ASYNC_REVOCABLE(int) r;
	int *user = NULL;

	ended = 0;
	async_revocable_init(&r, end);
	r.async_revocable.usage = USERS_MAX;
	KUNIT_EXPECT_REPORT(test, "too many users", user = async_revocable_try_access(&r));
	KUNIT_EXPECT_NOT_NULL(test, user);
	async_revocable_put(&r);
	async_revocable_put(&r);
	KUNIT_EXPECT_EQ(test, r.async_revocable.usage, USERS_MAX + 1);
	KUNIT_EXPECT_TRUE(test, async_revocable_revoke(&r));
	async_revocable_put(&r);
	KUNIT_EXPECT_EQ(test, ended, 0);
}

static const struct kunit_case guards_core_cases[] = {
	KUNIT_CASE(waiting_for_what_is_behind_oneself_is_reported),
	KUNIT_CASE(who_leaves_an_object_with_too_many_users_is_not_the_last),
	{}
};

static struct kunit_suite guards_core_suite = {
	.name = "guards_core",
	.test_cases = guards_core_cases,
};
kunit_test_suite(guards_core_suite);
