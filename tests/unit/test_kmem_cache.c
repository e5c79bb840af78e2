/* SPDX-License-Identifier: MIT */
/*
 * Caches of a driver's own objects: how they are made, constructed and aligned. What the processors
 * keep at hand is in test_slab.c, damaged and freed objects in test_slab_debug.c.
 */
#include <kernel/slab.h>
#include <lib/compiler.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

#define GFP	(GFP_KERNEL | __GFP_NO_FAULT)
#define MADE	0x6d616465u
#define OBJECTS	200

/* `last` is where a free object without a constructor has its link. */
struct made {
	unsigned int state;
	unsigned int uses;
	unsigned int unused, last;
};

static unsigned int constructed;

static void construct(void *object)
{
	*(struct made *)object = (struct made){ .state = MADE, .last = ~MADE };
	constructed++;
}

static struct kmem_cache *made_cache(struct kunit *test)
{
	struct kmem_cache *c = kmem_cache_create("made", sizeof(struct made), 0, 0, construct);

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	constructed = 0;
	return c;
}

/* Returns how many are not as they were constructed. */
static unsigned int take_all(struct kmem_cache *c, struct made **objects)
{
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < OBJECTS; i++) {
		objects[i] = kmem_cache_alloc(c, GFP);
		wrong += !objects[i] || objects[i]->state != MADE || objects[i]->last != ~MADE;
	}
	return wrong;
}

/* More than a processor has at hand, and than a slab has: they go back to where they came from. */
static void an_object_is_constructed_once_and_stays_so(struct kunit *test)
{
	struct kmem_cache *c = made_cache(test);
	struct made **objects = kmalloc(OBJECTS * sizeof(*objects), GFP), *kept;
	unsigned int once;

	KUNIT_ASSERT_NOT_NULL(test, objects);
	kept = kmem_cache_alloc(c, GFP);
	KUNIT_ASSERT_NOT_NULL(test, kept);
	KUNIT_EXPECT_EQ(test, take_all(c, objects), 0);
	once = constructed;
	KUNIT_EXPECT_GT(test, once, OBJECTS);
	for (unsigned int i = 0; i < OBJECTS; i++) {
		objects[i]->uses++;
		kmem_cache_free(c, objects[i]);
	}
	KUNIT_EXPECT_EQ(test, take_all(c, objects), 0);
	for (unsigned int i = 0; i < OBJECTS; i++)
		kmem_cache_free(c, objects[i]);
	KUNIT_EXPECT_EQ(test, kept->uses, 0);
	kmem_cache_free(c, kept);
	kfree(objects);
	kmem_cache_destroy(c);
}

static void who_takes_one_again_finds_what_was_left(struct kunit *test)
{
	struct kmem_cache *c = made_cache(test);
	struct made *m = kmem_cache_alloc(c, GFP), *again;

	KUNIT_ASSERT_NOT_NULL(test, m);
	m->uses = 7;
	kmem_cache_free(c, m);
	again = kmem_cache_alloc(c, GFP);
	KUNIT_ASSERT_PTR_EQ(test, again, m);
	KUNIT_EXPECT_EQ(test, again->uses, 7);
	kmem_cache_free(c, again);
	kmem_cache_destroy(c);
}

static void what_was_constructed_is_not_cleared(struct kunit *test)
{
	struct kmem_cache *c = made_cache(test);
	struct made *m = NULL;

	if (IS_ENABLED(CONFIG_DEBUG)) {
		KUNIT_EXPECT_REPORT(test, "made: what was constructed",
				    m = kmem_cache_zalloc(c, GFP));
		KUNIT_ASSERT_NOT_NULL(test, m);
		KUNIT_EXPECT_EQ(test, m->state, MADE);
		kmem_cache_free(c, m);
	}
	kmem_cache_destroy(c);
}

static void past_the_end_of_a_constructed_object_is_found(struct kunit *test)
{
	struct kmem_cache *c = made_cache(test);
	char *bytes = kmem_cache_alloc(c, GFP);

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	if (IS_ENABLED(CONFIG_DEBUG_SLAB)) {
		bytes[sizeof(struct made)] = 1;
		KUNIT_EXPECT_REPORT(test, "past its end", kmem_cache_free(c, bytes));
	} else {
		kmem_cache_free(c, bytes);
	}
	kmem_cache_destroy(c);
}

static void cleared_means_all_bytes(struct kunit *test)
{
	struct kmem_cache *c = kmem_cache_create("cleared", 21, 0, 0, NULL);
	u8 *p, dirty = 0;

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	p = kmem_cache_alloc(c, GFP);
	KUNIT_ASSERT_NOT_NULL(test, p);
	for (unsigned int i = 0; i < 21; i++)
		p[i] = 0xff;
	kmem_cache_free(c, p);
	p = kmem_cache_zalloc(c, GFP);
	KUNIT_ASSERT_NOT_NULL(test, p);
	for (unsigned int i = 0; i < 21; i++)
		dirty |= p[i];
	KUNIT_EXPECT_EQ(test, dirty, 0);
	kmem_cache_free(c, p);
	kmem_cache_destroy(c);
}

/* The bits of address that all of a few objects have as 0 at least. */
static unsigned long alignment(struct kunit *test, unsigned int size, unsigned int align,
			       slab_flags_t flags)
{
	struct kmem_cache *c = kmem_cache_create("aligned", size, align, flags, NULL);
	unsigned long bits = 0;
	void *p[5];

	KUNIT_ASSERT_NOT_NULL(test, c);
	for (size_t i = 0; i < ARRAY_SIZE(p); i++) {
		p[i] = kmem_cache_alloc(c, GFP);
		bits |= (unsigned long)p[i];
	}
	for (size_t i = 0; i < ARRAY_SIZE(p); i++)
		kmem_cache_free(c, p[i]);
	kmem_cache_destroy(c);
	return bits & -bits;
}

/* A line has 64 bytes: three objects of 20 do not lie in one, two do. */
static void no_object_lies_in_more_lines_than_it_has_to(struct kunit *test)
{
	kunit_tolerates_faults(test);
	KUNIT_EXPECT_GE(test, alignment(test, 40, 0, SLAB_HWCACHE_ALIGN), 64);
	KUNIT_EXPECT_GE(test, alignment(test, 100, 16, SLAB_HWCACHE_ALIGN), 64);
	KUNIT_EXPECT_GE(test, alignment(test, 20, 0, SLAB_HWCACHE_ALIGN), 32);
	KUNIT_EXPECT_GE(test, alignment(test, 0, 0, SLAB_HWCACHE_ALIGN), 8);
	KUNIT_EXPECT_GE(test, alignment(test, 20, 128, SLAB_HWCACHE_ALIGN), 128);
	KUNIT_EXPECT_LT(test, alignment(test, 40, 0, SLAB_ACCOUNT | SLAB_RECLAIM_ACCOUNT), 64);
}

struct line_of_words {
	unsigned long word[3];
} __aligned(32);

static void note_cache(const char *name, size_t size, size_t used, size_t total, void *arg)
{
	(void)used;
	(void)total;
	if (strcmp(name, "line_of_words") == 0)
		*(size_t *)arg = size;
}

static void a_type_has_a_cache_of_its_name_and_alignment(struct kunit *test)
{
	struct kmem_cache *c = KMEM_CACHE(line_of_words, 0);
	size_t size = 0;
	void *p;

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	slab_for_each(note_cache, &size);
	KUNIT_EXPECT_EQ(test, size, sizeof(struct line_of_words));
	p = kmem_cache_alloc(c, GFP);
	KUNIT_EXPECT_EQ(test, (unsigned long)p % 32, 0);
	kmem_cache_free(c, p);
	kmem_cache_destroy(c);
}

static void flags_that_there_are_not_are_refused(struct kunit *test)
{
	struct kmem_cache *c = NULL;

	KUNIT_EXPECT_REPORT(test, "kmem_cache_create: absurd with flags 40001",
			    c = kmem_cache_create("absurd", 8, 0, SLAB_HWCACHE_ALIGN | 0x40000,
						  NULL));
	KUNIT_EXPECT_NULL(test, c);
}

static const struct kunit_case kmem_cache_cases[] = {
	KUNIT_CASE(an_object_is_constructed_once_and_stays_so),
	KUNIT_CASE(who_takes_one_again_finds_what_was_left),
	KUNIT_CASE(what_was_constructed_is_not_cleared),
	KUNIT_CASE(past_the_end_of_a_constructed_object_is_found),
	KUNIT_CASE(cleared_means_all_bytes),
	KUNIT_CASE(no_object_lies_in_more_lines_than_it_has_to),
	KUNIT_CASE(a_type_has_a_cache_of_its_name_and_alignment),
	KUNIT_CASE(flags_that_there_are_not_are_refused),
	{}
};

static struct kunit_suite kmem_cache_suite = {
	.name = "kmem_cache",
	.test_cases = kmem_cache_cases,
};
kunit_test_suite(kmem_cache_suite);
