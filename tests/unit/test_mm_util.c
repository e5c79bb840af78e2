/* SPDX-License-Identifier: MIT */
/*
 * What is made of kmalloc(): copies, text, another size. In the kernel over its own allocator, on
 * the host over one in which the address sanitizer sees each byte too many.
 */
#include <kernel/slab.h>
#include <lib/string.h>
#include <test/kunit.h>

static void krealloc_keeps_the_contents(struct kunit *test)
{
	char *p = kstrdup("a crab", GFP_KERNEL), *q;

	KUNIT_ASSERT_NOT_NULL(test, p);
	q = krealloc(p, 3000, GFP_KERNEL);
	if (!q)
		kfree(p);	/* it is still there */
	KUNIT_ASSERT_NOT_NULL(test, q);
	KUNIT_EXPECT_STREQ(test, q, "a crab");
	KUNIT_EXPECT_NULL(test, krealloc(q, KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	KUNIT_EXPECT_STREQ(test, q, "a crab");
	kfree(q);
}

static void krealloc_leaves_what_has_room_where_it_is(struct kunit *test)
{
	char *p = kmalloc(40, GFP_KERNEL), *q;

	KUNIT_ASSERT_NOT_NULL(test, p);
	p[0] = 'x';
	q = krealloc(p, 8, GFP_KERNEL);
	KUNIT_EXPECT_PTR_EQ(test, q, p);
	KUNIT_EXPECT_EQ(test, q[0], 'x');
	kfree(q);
}

static void krealloc_of_nothing_allocates(struct kunit *test)
{
	char *p = krealloc(NULL, 10, GFP_KERNEL | __GFP_ZERO);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, p[9], 0);
	kfree(p);
}

/* Of no bytes, too, there is an object. */
static void krealloc_of_nothing_to_nothing_allocates(struct kunit *test)
{
	char *p = krealloc(NULL, 0, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	kfree(p);
}

static void a_copy_is_another_object(struct kunit *test)
{
	char text[] = "abc", *copy = kmemdup(text, 2, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	text[0] = 'x';
	KUNIT_EXPECT_EQ(test, copy[0], 'a');
	KUNIT_EXPECT_EQ(test, copy[1], 'b');
	kfree(copy);
}

static void no_text_has_no_copy(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, kstrdup(NULL, GFP_KERNEL));
}

static void text_is_formatted_into_as_much_as_it_takes(struct kunit *test)
{
	char *text = kasprintf(GFP_KERNEL, "%s%05d", "line ", 42);

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_EXPECT_STREQ(test, text, "line 00042");
	KUNIT_EXPECT_GE(test, ksize(text), strlen(text) + 1);
	kfree(text);
}

static const struct kunit_case cases[] = {
	KUNIT_CASE(krealloc_keeps_the_contents),
	KUNIT_CASE(krealloc_leaves_what_has_room_where_it_is),
	KUNIT_CASE(krealloc_of_nothing_allocates),
	KUNIT_CASE(krealloc_of_nothing_to_nothing_allocates),
	KUNIT_CASE(a_copy_is_another_object),
	KUNIT_CASE(no_text_has_no_copy),
	KUNIT_CASE(text_is_formatted_into_as_much_as_it_takes),
	{}
};

static struct kunit_suite suite = {
	.name = "mm_util",
	.test_cases = cases,
};
kunit_test_suite(suite);
