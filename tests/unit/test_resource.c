/* SPDX-License-Identifier: MIT */
/*
 * The tree of claimed ranges, on a root of its own: 0x1000 .. 0x1fff.
 */
#include <kernel/ioport.h>

#include <kernel/slab.h>
#include <lib/sprintf.h>
#include <test/kunit.h>

static struct resource root = {
	.name = "root", .start = 0x1000, .end = 0x1fff, .flags = IORESOURCE_MEM,
};

static char picture[160];

static int draw(const struct resource *res, unsigned int depth, void *arg)
{
	size_t len = strlen(picture);

	(void)arg;
	scnprintf(picture + len, sizeof(picture) - len, "%s%.*s%llx-%llx", len ? " " : "",
		  (int)depth, ">>>>", (unsigned long long)res->start,
		  (unsigned long long)res->end);
	return 0;
}

static void expect_tree(struct kunit *test, const char *want)
{
	picture[0] = '\0';
	KUNIT_EXPECT_EQ(test, resource_for_each(&root, draw, NULL), 0);
	KUNIT_EXPECT_STREQ(test, picture, want);
}

static struct resource range(u64 start, u64 end)
{
	return (struct resource){ .start = start, .end = end, .flags = IORESOURCE_MEM };
}

/* What a failed case has left: its own ranges, and regions that are the tree's. */
static void resource_case_exit(struct kunit *test)
{
	struct resource *res;

	while (test->status == KUNIT_FAILURE && (res = root.child)) {
		release_resource(res);
		if (res->flags & IORESOURCE_BUSY)
			kfree(res);
	}
}

static void siblings_are_sorted(struct kunit *test)
{
	struct resource a = range(0x1100, 0x11ff), b = range(0x1300, 0x13ff);
	struct resource c = range(0x1200, 0x12ff);

	KUNIT_EXPECT_EQ(test, request_resource(&root, &b), 0);
	KUNIT_EXPECT_EQ(test, request_resource(&root, &a), 0);
	KUNIT_EXPECT_EQ(test, request_resource(&root, &c), 0);
	expect_tree(test, "1100-11ff 1200-12ff 1300-13ff");
	KUNIT_EXPECT_EQ(test, release_resource(&c), 0);
	expect_tree(test, "1100-11ff 1300-13ff");
	KUNIT_EXPECT_EQ(test, release_resource(&a), 0);
	KUNIT_EXPECT_EQ(test, release_resource(&b), 0);
	expect_tree(test, "");
}

static void overlap_is_refused_wherever_it_is(struct kunit *test)
{
	struct resource have = range(0x1200, 0x12ff);
	static const struct { u64 start, end; } bad[] = {
		{ 0x1200, 0x12ff }, { 0x1100, 0x1200 }, { 0x12ff, 0x1300 }, { 0x1240, 0x1250 },
		{ 0x1000, 0x1fff },
		{ 0x0fff, 0x1000 }, { 0x1fff, 0x2000 },		/* outside the root */
		{ 0x1401, 0x1400 },				/* end before start */
	};

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_EQ(test, request_resource(&root, &have), 0);
	KUNIT_EXPECT_EQ(test, request_resource(&root, &have), -EBUSY);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct resource res = range(bad[i].start, bad[i].end);

		KUNIT_EXPECT_EQ(test, request_resource(&root, &res), -EBUSY);
		KUNIT_EXPECT_NULL(test, res.parent);
		KUNIT_EXPECT_EQ(test, release_resource(&res), -EINVAL);
	}
	expect_tree(test, "1200-12ff");
	KUNIT_EXPECT_EQ(test, release_resource(&have), 0);
	KUNIT_EXPECT_EQ(test, release_resource(&have), -EINVAL);
}

/* A bus claims a device's registers, then its driver claims them inside: once. */
static void region_lies_inside_a_range_that_is_not_busy(struct kunit *test)
{
	struct resource dev = range(0x1200, 0x12ff);

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_EQ(test, request_resource(&root, &dev), 0);
	KUNIT_EXPECT_NOT_NULL(test, __request_region(&root, 0x1200, 0x100, "driver", 0));
	expect_tree(test, "1200-12ff >1200-12ff");
	KUNIT_EXPECT_NULL(test, __request_region(&root, 0x1200, 0x100, "second", 0));
	KUNIT_EXPECT_NULL(test, __request_region(&root, 0x1280, 0x10, "part", 0));
	KUNIT_EXPECT_NULL(test, __request_region(&root, 0x12f0, 0x20, "across", 0));
	__release_region(&root, 0x1200, 0x100);
	expect_tree(test, "1200-12ff");
	KUNIT_EXPECT_EQ(test, release_resource(&dev), 0);
}

static void impossible_regions_are_refused(struct kunit *test)
{
	kunit_tolerates_faults(test);
	KUNIT_EXPECT_NULL(test, __request_region(&root, 0x1200, 0, "empty", 0));
	KUNIT_EXPECT_NULL(test, __request_region(&root, ~0ull - 1, 4, "wraps", 0));
	KUNIT_EXPECT_NULL(test, __request_region(&root, 0x1ff0, 0x20, "outside", 0));
	expect_tree(test, "");
}

/* A region whose user forgot it is still claimed when the device around it goes. */
static void what_is_inside_moves_up_when_a_range_goes(struct kunit *test)
{
	static struct resource dev, after;	/* outlive a case that is ended */

	dev = range(0x1200, 0x12ff);
	after = range(0x1300, 0x13ff);
	KUNIT_ASSERT_EQ(test, request_resource(&root, &dev), 0);
	KUNIT_ASSERT_EQ(test, request_resource(&root, &after), 0);
	KUNIT_ASSERT_NOT_NULL(test, __request_region(&root, 0x1240, 0x10, "b", 0));
	KUNIT_ASSERT_NOT_NULL(test, __request_region(&root, 0x1210, 0x10, "a", 0));
	expect_tree(test, "1200-12ff >1210-121f >1240-124f 1300-13ff");
	KUNIT_EXPECT_EQ(test, release_resource(&dev), 0);
	expect_tree(test, "1210-121f 1240-124f 1300-13ff");
	__release_region(&root, 0x1240, 0x10);
	__release_region(&root, 0x1210, 0x10);
	expect_tree(test, "1300-13ff");
	KUNIT_EXPECT_EQ(test, release_resource(&after), 0);
}

static int stop_at_once(const struct resource *res, unsigned int depth, void *arg)
{
	(void)res;
	(void)depth;
	(*(int *)arg)++;
	return 5;
}

static void walk_ends_when_told(struct kunit *test)
{
	static struct resource a, b;
	int calls = 0;

	a = range(0x1100, 0x11ff);
	b = range(0x1300, 0x13ff);
	KUNIT_ASSERT_EQ(test, request_resource(&root, &a), 0);
	KUNIT_ASSERT_EQ(test, request_resource(&root, &b), 0);
	KUNIT_EXPECT_EQ(test, resource_for_each(&root, stop_at_once, &calls), 5);
	KUNIT_EXPECT_EQ(test, calls, 1);
	release_resource(&a);
	release_resource(&b);
}

static void resources_are_shown_by_kind(struct kunit *test)
{
	struct resource mem = range(0x9030000, 0x9030fff), high = range(0x4010000000, 0x401fffffff);
	struct resource irq = DEFINE_RES_IRQ(34);
	char text[64];

	snprintf(text, sizeof(text), "%pR", &mem);
	KUNIT_EXPECT_STREQ(test, text, "[mem 0x09030000-0x09030fff]");
	snprintf(text, sizeof(text), "%pR", &high);
	KUNIT_EXPECT_STREQ(test, text, "[mem 0x4010000000-0x401fffffff]");
	snprintf(text, sizeof(text), "%pR", &irq);
	KUNIT_EXPECT_STREQ(test, text, "[irq 34]");
	KUNIT_EXPECT_EQ(test, resource_size(&high), 0x10000000);
	KUNIT_EXPECT_EQ(test, resource_size(&irq), 1);
	KUNIT_EXPECT_FALSE(test, resource_contains(&mem, &irq));
}

/* The links of what is claimed are written, not read. */
static void links_of_a_new_resource_may_be_anything(struct kunit *test)
{
	struct resource other = { .start = 0 };
	struct resource above = { .end = 0xffff, .flags = IORESOURCE_MEM };
	struct resource res = { .start = 0x100, .end = 0x1ff, .flags = IORESOURCE_MEM,
				.parent = &other, .sibling = &other, .child = &other };

	kunit_tolerates_faults(test);	/* -EBUSY is what a failed one answers, too */
	KUNIT_ASSERT_EQ(test, request_resource(&above, &res), 0);
	KUNIT_EXPECT_PTR_EQ(test, res.parent, &above);
	KUNIT_EXPECT_NULL(test, res.sibling);
	KUNIT_EXPECT_NULL(test, res.child);
	KUNIT_EXPECT_EQ(test, request_resource(&above, &res), -EBUSY);
	KUNIT_EXPECT_EQ(test, release_resource(&res), 0);
}

static struct kunit_case resource_cases[] = {
	KUNIT_CASE(links_of_a_new_resource_may_be_anything),
	KUNIT_CASE(siblings_are_sorted),
	KUNIT_CASE(overlap_is_refused_wherever_it_is),
	KUNIT_CASE(region_lies_inside_a_range_that_is_not_busy),
	KUNIT_CASE(impossible_regions_are_refused),
	KUNIT_CASE(what_is_inside_moves_up_when_a_range_goes),
	KUNIT_CASE(walk_ends_when_told),
	KUNIT_CASE(resources_are_shown_by_kind),
	{}
};

static struct kunit_suite resource_suite = {
	.name = "resource",
	.exit = resource_case_exit,
	.test_cases = resource_cases,
};
kunit_test_suite(resource_suite);
