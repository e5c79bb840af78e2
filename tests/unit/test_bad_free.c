/* SPDX-License-Identifier: MIT */
/*
 * Addresses that are given back and never were given: outside of memory, behind what there is of
 * it, and behind the last object of a slab. Nothing is looked up for them: on a machine with
 * little memory, as tests/qemu/test_memory.py boots it, what a look would read is not there.
 */
#include <hal/memory.h>
#include <kernel/mm.h>
#include <kernel/slab.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <test/kunit.h>

#define GFP		(GFP_KERNEL | __GFP_NO_FAULT)
#define OBJECTS		64u

/* Below the linear map, behind it, and in it where few machines have memory. */
static const unsigned long nowhere[] = {
	PAGE_SIZE, LINEAR_BASE - PAGE_SIZE, LINEAR_END - PAGE_SIZE, LINEAR_END, 0ul - PAGE_SIZE,
};

/* SAFETY: none of them is followed, which is what is tested. */
static void *at(unsigned long addr)
{
	return (void *)addr;
}

static struct kmem_cache *new_cache(struct kunit *test, size_t size)
{
	struct kmem_cache *c = kmem_cache_create("bad_free", size, 0, 0, NULL);

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	return c;
}

static void what_is_no_memory_is_no_object_of_a_cache(struct kunit *test)
{
	struct kmem_cache *c = new_cache(test, 64);

	for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++)
		KUNIT_EXPECT_REPORT(test, "is no object of cache bad_free",
				    kmem_cache_free(c, at(nowhere[i])));
	kmem_cache_destroy(c);
}

static void what_is_no_memory_is_not_kmallocs(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++)
		KUNIT_EXPECT_REPORT(test, "is not kmalloc's", kfree(at(nowhere[i])));
}

static void what_is_no_memory_is_no_block(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++)
		KUNIT_EXPECT_REPORT(test, "is no block of order 0", free_page(nowhere[i]));
}

/*
 * Where one more object would be in the page of the first, if it had more room:
 *
 *	| object | object | ... | object | here, and the page ends before this one would |
 *
 * 0 if it would begin in the next page.
 */
static unsigned long behind_the_last(void *objects[OBJECTS])
{
	unsigned long first = (unsigned long)objects[0], last = first, next = -1ul, page;

	page = ALIGN_DOWN(first, PAGE_SIZE);
	for (unsigned int i = 0; i < OBJECTS; i++) {
		unsigned long p = (unsigned long)objects[i];

		if (ALIGN_DOWN(p, PAGE_SIZE) == page)
			last = max(last, p);
	}
	for (unsigned int i = 0; i < OBJECTS; i++)
		if ((unsigned long)objects[i] < last)
			next = min(next, last - (unsigned long)objects[i]);
	return last + next < page + PAGE_SIZE ? last + next : 0;
}

/* Of some size there is such a place; all its slabs are filled. */
static void there_is_no_object_behind_the_last(struct kunit *test)
{
	unsigned int tried = 0;

	for (size_t size = 64; size < 512 && tried < 3; size += 8) {
		struct kmem_cache *c = new_cache(test, size);
		void *objects[OBJECTS];
		unsigned long p;

		for (unsigned int i = 0; i < OBJECTS; i++) {
			objects[i] = kmem_cache_alloc(c, GFP);
			KUNIT_ASSERT_NOT_NULL(test, objects[i]);
		}
		p = behind_the_last(objects);
		if (p) {
			KUNIT_EXPECT_REPORT(test, "is no object of bad_free",
					    kmem_cache_free(c, at(p)));
			tried++;
		}
		for (unsigned int i = 0; i < OBJECTS; i++)
			kmem_cache_free(c, objects[i]);
		kmem_cache_destroy(c);
	}
	KUNIT_EXPECT_GT(test, tried, 0);
}

static const struct kunit_case bad_free_cases[] = {
	KUNIT_CASE(what_is_no_memory_is_no_object_of_a_cache),
	KUNIT_CASE(what_is_no_memory_is_not_kmallocs),
	KUNIT_CASE(what_is_no_memory_is_no_block),
	KUNIT_CASE(there_is_no_object_behind_the_last),
	{}
};

static struct kunit_suite bad_free_suite = {
	.name = "bad_free",
	.test_cases = bad_free_cases,
};
kunit_test_suite(bad_free_suite);
