/* SPDX-License-Identifier: MIT */
/*
 * What the kernel says of reference counts that go wrong: one report each, and no second one
 * of the same count. That it then never frees is tested on the host.
 */
#include <lib/refcount.h>

#include <kernel/slab.h>
#include <lib/kconfig.h>
#include <test/kunit.h>

static void ten_wrong_steps(struct kunit *test, refcount_t *r)
{
	for (int i = 0; i < 5; i++) {
		refcount_inc(r);
		KUNIT_EXPECT_FALSE(test, refcount_dec_and_test(r));
	}
}

static void a_rise_from_zero_is_one_report(struct kunit *test)
{
	refcount_t r = REFCOUNT_INIT(1);

	KUNIT_EXPECT_TRUE(test, refcount_dec_and_test(&r));
	KUNIT_EXPECT_REPORT(test, "raised from zero", refcount_inc(&r));
	KUNIT_EXPECT_WARNINGS(test, 0, ten_wrong_steps(test, &r));
}

static void a_put_too_many_is_one_report(struct kunit *test)
{
	refcount_t r = REFCOUNT_INIT(0);
	bool last = true;

	KUNIT_EXPECT_REPORT(test, "lowered below zero", last = refcount_dec_and_test(&r));
	KUNIT_EXPECT_FALSE(test, last);
	KUNIT_EXPECT_WARNINGS(test, 0, ten_wrong_steps(test, &r));
}

static void an_overflow_is_one_report(struct kunit *test)
{
	refcount_t r = REFCOUNT_INIT(INT32_MAX);
	bool got = false;

	KUNIT_EXPECT_REPORT(test, "overflowed", refcount_inc(&r));
	KUNIT_EXPECT_WARNINGS(test, 0, ten_wrong_steps(test, &r));
	refcount_set(&r, INT32_MAX);
	KUNIT_EXPECT_REPORT(test, "overflowed", got = refcount_inc_not_zero(&r));
	KUNIT_EXPECT_TRUE(test, got);
}

struct counted {
	void *other;
	refcount_t refs;
	void *another;
};

static void a_count_in_freed_memory_is_told_as_such(struct kunit *test)
{
	struct kmem_cache *cache;
	struct counted *c;
	bool ret = true;

	if (!IS_ENABLED(CONFIG_DEBUG_SLAB))
		kunit_skip(test, "freed memory is poison with CONFIG_DEBUG_SLAB");
	cache = kmem_cache_create("counted", sizeof(*c), 0, 0, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	c = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NO_FAULT);
	KUNIT_ASSERT_NOT_NULL(test, c);
	kmem_cache_free(cache, c);
	KUNIT_EXPECT_REPORT(test, "in memory that was freed", refcount_inc(&c->refs));
	refcount_set(&c->refs, REFCOUNT_FREED);
	KUNIT_EXPECT_REPORT(test, "in memory that was freed",
			    ret = refcount_dec_and_test(&c->refs));
	KUNIT_EXPECT_FALSE(test, ret);
	refcount_set(&c->refs, REFCOUNT_FREED);
	KUNIT_EXPECT_REPORT(test, "in memory that was freed",
			    ret = refcount_inc_not_zero(&c->refs));
	KUNIT_EXPECT_FALSE(test, ret);
	/* As it was left: else that would be a report, too. */
	refcount_set(&c->refs, REFCOUNT_FREED);
	kmem_cache_destroy(cache);
}

static struct kunit_case refcount_cases[] = {
	KUNIT_CASE(a_rise_from_zero_is_one_report),
	KUNIT_CASE(a_put_too_many_is_one_report),
	KUNIT_CASE(an_overflow_is_one_report),
	KUNIT_CASE(a_count_in_freed_memory_is_told_as_such),
	{}
};

static struct kunit_suite refcount_suite = {
	.name = "refcount",
	.test_cases = refcount_cases,
};
kunit_test_suite(refcount_suite);
