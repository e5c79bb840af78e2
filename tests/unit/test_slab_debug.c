/* SPDX-License-Identifier: MIT */
/*
 * Misuse of kmalloc'd memory: each is one report that says which byte of which object it
 * was, and the allocator is sound afterwards.
 */
#include <kernel/log.h>
#include <kernel/mm.h>
#include <kernel/slab.h>
#include <lib/math.h>
#include <lib/poison.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "log_lines.h"

/* Half of a misuse is none: no request of a case is made to fail. */
#define GFP	(GFP_KERNEL | __GFP_NO_FAULT)

#define RED_ZONE	16	/* at least, behind an object */

/* Sizes in caches of one object a slab, of several, and between two caches. */
static const size_t sizes[] = { 1, 13, 16, 64, 100, 192, 500, 1024, 2048 };

static void a_write_past_the_end_is_found_at_the_free(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		volatile u8 *p = kmalloc(sizes[i], GFP);

		KUNIT_ASSERT_NOT_NULL(test, p);
		p[sizes[i]] = 0;
		KUNIT_EXPECT_REPORT(test, "was written to past its end: 00 at offset",
				    kfree((void *)p));
	}
}

static void the_last_byte_of_the_red_zone_counts(struct kunit *test)
{
	volatile u8 *p = kmalloc(17, GFP);

	KUNIT_ASSERT_NOT_NULL(test, p);
	p[47] = 1;
	KUNIT_EXPECT_REPORT(test, "past its end: 01 at offset 47", kfree((void *)p));
}

static void a_write_before_the_beginning_is_found_at_the_free(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		volatile u8 *p = kmalloc(sizes[i], GFP);

		KUNIT_ASSERT_NOT_NULL(test, p);
		p[-1] = 0;
		KUNIT_EXPECT_REPORT(test, "before its beginning: 00 at offset -1",
				    kfree((void *)p));
	}
}

/* The object that was freed last is the next to be taken. */
static void a_write_after_the_free_is_found_at_the_next_kmalloc(struct kunit *test)
{
	static const size_t places[] = { 0, 8, 39, 63 };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		volatile u8 *p = kmalloc(40, GFP);
		void *q = NULL;

		KUNIT_ASSERT_NOT_NULL(test, p);
		kfree((void *)p);
		p[places[i]] = 7;
		KUNIT_EXPECT_REPORT(test, "was written to after it was freed: 07 at offset",
				    q = kmalloc(40, GFP));
		KUNIT_EXPECT_PTR_EQ(test, q, p);
		kfree(q);
	}
}

static void a_write_after_the_free_is_found_when_the_cache_goes(struct kunit *test)
{
	struct kmem_cache *c = kmem_cache_create("doomed", 24, 0, 0, NULL);
	volatile u32 *p;

	KUNIT_ASSERT_NOT_NULL(test, c);
	p = kmem_cache_alloc(c, GFP);
	KUNIT_ASSERT_NOT_NULL(test, p);
	kmem_cache_free(c, (void *)p);
	p[5] = 0;
	KUNIT_EXPECT_REPORT(test, "after it was freed: 00 at offset 20", kmem_cache_destroy(c));
}

/* A write that goes on into what is known of the object: its size is no longer to be believed. */
static void a_write_over_the_track_is_one_report(struct kunit *test)
{
	struct kmem_cache *c = kmem_cache_create("overrun", 32, 0, 0, NULL);
	u8 *p, right[RED_ZONE + 3 * sizeof(u32)];

	KUNIT_ASSERT_NOT_NULL(test, c);
	p = kmem_cache_alloc(c, GFP);
	KUNIT_ASSERT_NOT_NULL(test, p);
	memcpy(right, p + 32, sizeof(right));
	memset(p + 32, 0x77, sizeof(right));
	KUNIT_EXPECT_LE(test, ksize(p), 32);
	KUNIT_EXPECT_REPORT(test, "is freed with its track overwritten", kmem_cache_free(c, p));
	memcpy(p + 32, right, sizeof(right));
	kmem_cache_free(c, p);
	kmem_cache_destroy(c);
}

/* A neighbour that ran over its end while this one was free. One mistake is one report. */
static void a_red_zone_is_looked_at_when_the_object_is_taken(struct kunit *test)
{
	struct kmem_cache *c = kmem_cache_create("neighbours", 24, 0, 0, NULL);
	volatile u8 *p;
	void *q = NULL;

	KUNIT_ASSERT_NOT_NULL(test, c);
	p = kmem_cache_alloc(c, GFP);
	KUNIT_ASSERT_NOT_NULL(test, p);
	kmem_cache_free(c, (void *)p);
	p[24] = 9;
	KUNIT_EXPECT_REPORT(test, "past its end: 09 at offset 24", q = kmem_cache_alloc(c, GFP));
	KUNIT_EXPECT_PTR_EQ(test, q, p);
	kmem_cache_free(c, q);
	kmem_cache_destroy(c);
}

static void a_second_free_is_refused(struct kunit *test)
{
	void *p = kmalloc(64, GFP), *q;
	size_t before;

	KUNIT_ASSERT_NOT_NULL(test, p);
	kfree(p);
	before = slab_bytes_used();
	KUNIT_EXPECT_REPORT(test, "is freed twice", kfree(p));
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), before);
	q = kmalloc(64, GFP);
	p = kmalloc(64, GFP);
	KUNIT_EXPECT_PTR_NE(test, p, q);
	kfree(p);
	kfree(q);
}

static void a_second_free_of_pages_is_refused(struct kunit *test)
{
	void *p = kmalloc(5000, GFP);

	KUNIT_ASSERT_NOT_NULL(test, p);
	kfree(p);
	KUNIT_EXPECT_REPORT(test, "is not allocated", kfree(p));
}

static void what_is_no_object_is_not_freed(struct kunit *test)
{
	static u32 somewhere;
	u8 *p = kmalloc(64, GFP), *large = kmalloc(8192, GFP);
	size_t before = slab_bytes_used();

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_NOT_NULL(test, large);
	KUNIT_EXPECT_REPORT(test, "is no object of kmalloc-64", kfree(p + 8));
	KUNIT_EXPECT_REPORT(test, "is no object of kmalloc-64", kfree(p - 16));
	KUNIT_EXPECT_REPORT(test, "is not allocated", kfree(large + 8));
	KUNIT_EXPECT_REPORT(test, "is not kmalloc's", kfree(&somewhere));
	KUNIT_EXPECT_REPORT(test, "is not kmalloc's", kfree(&p));
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), before);
	kfree(p);
	kfree(large);
}

static void an_object_goes_back_to_its_own_cache(struct kunit *test)
{
	struct kmem_cache *mine = kmem_cache_create("mine", 64, 0, 0, NULL);
	void *p;

	KUNIT_ASSERT_NOT_NULL(test, mine);
	p = kmalloc(64, GFP);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_REPORT(test, "is no object of cache mine", kmem_cache_free(mine, p));
	KUNIT_EXPECT_REPORT(test, "is no object of cache mine", kmem_cache_free(mine, test));
	kfree(p);
	KUNIT_EXPECT_REPORT(test, "is no object of cache mine", kmem_cache_free(mine, &p));
	kmem_cache_destroy(mine);
}

/* Of two slabs that are empty one goes back; its pages' entries still name the cache. */
static void an_object_of_a_slab_that_is_gone_is_none(struct kunit *test)
{
	struct kmem_cache *c = kmem_cache_create("shrunk", 1024, 0, 0, NULL);
	void *objects[40];

	KUNIT_ASSERT_NOT_NULL(test, c);
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		objects[i] = kmem_cache_alloc(c, GFP);
		KUNIT_EXPECT_NOT_NULL(test, objects[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
		if (objects[i])
			kmem_cache_free(c, objects[i]);
	if (objects[8])
		KUNIT_EXPECT_REPORT(test, "is no object of cache shrunk",
				    kmem_cache_free(c, objects[8]));
	kmem_cache_destroy(c);
}

static void a_cache_with_objects_is_kept(struct kunit *test)
{
	struct kmem_cache *c = kmem_cache_create("busy", 64, 0, 0, NULL);
	void *p;

	KUNIT_ASSERT_NOT_NULL(test, c);
	p = kmem_cache_alloc(c, GFP);
	KUNIT_EXPECT_REPORT(test, "busy still has 1 objects", kmem_cache_destroy(c));
	kmem_cache_free(c, p);
	kmem_cache_destroy(c);
}

static void memory_is_filled_before_and_after_its_use(struct kunit *test)
{
	struct kmem_cache *c = kmem_cache_create("filled", 32, 0, 0, NULL);
	volatile u8 *p;

	KUNIT_ASSERT_NOT_NULL(test, c);
	p = kmem_cache_alloc(c, GFP);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, p[0], POISON_INUSE);
	KUNIT_EXPECT_EQ(test, p[31], POISON_INUSE);
	kmem_cache_free(c, (void *)p);
	KUNIT_EXPECT_EQ(test, p[0], POISON_FREE);
	KUNIT_EXPECT_EQ(test, p[30], POISON_FREE);
	KUNIT_EXPECT_EQ(test, p[31], POISON_END);
	p = kmem_cache_alloc(c, GFP | __GFP_ZERO);
	KUNIT_EXPECT_EQ(test, p[0], 0);
	KUNIT_EXPECT_EQ(test, p[31], 0);
	kmem_cache_free(c, (void *)p);
	kmem_cache_destroy(c);
}

static void a_freed_page_is_poison(struct kunit *test)
{
	volatile u8 *p = (void *)__get_free_page(GFP | __GFP_ZERO);

	KUNIT_ASSERT_NOT_NULL(test, p);
	free_page((unsigned long)p);
	KUNIT_EXPECT_EQ(test, p[0], 0xaa);
	KUNIT_EXPECT_EQ(test, p[PAGE_SIZE - 1], 0xaa);
}

static void what_may_be_used_is_what_was_asked_for(struct kunit *test)
{
	char *p = kmalloc(20, GFP), *q;

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, ksize(p), 20);
	memset(p, 'x', 20);
	q = krealloc(p, 30, GFP);
	KUNIT_ASSERT_NOT_NULL(test, q);
	KUNIT_EXPECT_EQ(test, q[19], 'x');
	KUNIT_EXPECT_EQ(test, ksize(q), 30);
	memset(q, 'y', 30);
	kfree(q);
}

static noinline void *taker(void)
{
	void *p = kmalloc(48, GFP);

	barrier();
	return p;
}

static noinline void giver(void *p)
{
	kfree(p);
	barrier();
}

static void a_report_says_who_allocated_and_who_freed(struct kunit *test)
{
	struct log_cursor cursor;
	void *p = taker();

	KUNIT_ASSERT_NOT_NULL(test, p);
	giver(p);
	log_seek_last(&cursor, 0);
	KUNIT_EXPECT_REPORT(test, "is freed twice", kfree(p));
	KUNIT_EXPECT_TRUE(test, log_says(&cursor, "was allocated by task"));
	if (IS_ENABLED(CONFIG_KALLSYMS))
		KUNIT_EXPECT_TRUE(test, log_says(&cursor, "taker+"));
	KUNIT_EXPECT_TRUE(test, log_says(&cursor, "was freed by task"));
	if (IS_ENABLED(CONFIG_KALLSYMS))
		KUNIT_EXPECT_TRUE(test, log_says(&cursor, "giver+"));
}

static struct kunit_case slab_debug_cases[] = {
	KUNIT_CASE(a_write_past_the_end_is_found_at_the_free),
	KUNIT_CASE(the_last_byte_of_the_red_zone_counts),
	KUNIT_CASE(a_write_before_the_beginning_is_found_at_the_free),
	KUNIT_CASE(a_write_over_the_track_is_one_report),
	KUNIT_CASE(a_write_after_the_free_is_found_at_the_next_kmalloc),
	KUNIT_CASE(a_write_after_the_free_is_found_when_the_cache_goes),
	KUNIT_CASE(a_red_zone_is_looked_at_when_the_object_is_taken),
	KUNIT_CASE(a_second_free_is_refused),
	KUNIT_CASE(a_second_free_of_pages_is_refused),
	KUNIT_CASE(what_is_no_object_is_not_freed),
	KUNIT_CASE(an_object_goes_back_to_its_own_cache),
	KUNIT_CASE(an_object_of_a_slab_that_is_gone_is_none),
	KUNIT_CASE(a_cache_with_objects_is_kept),
	KUNIT_CASE(memory_is_filled_before_and_after_its_use),
	KUNIT_CASE(a_freed_page_is_poison),
	KUNIT_CASE(what_may_be_used_is_what_was_asked_for),
	KUNIT_CASE(a_report_says_who_allocated_and_who_freed),
	{}
};

static struct kunit_suite slab_debug_suite = {
	.name = "slab_debug",
	.test_cases = slab_debug_cases,
};
kunit_test_suite(slab_debug_suite);
