/* SPDX-License-Identifier: MIT */
/*
 * Managed resources: order, groups, memory, registers.
 *
 * A device without bus or driver is enough: devres_release_all() is what unbinding
 * calls. Each resource writes its letter into `story` when it is released.
 */
#include <drivers/device.h>

#include <kernel/slab.h>
#include <test/kunit.h>

/* A range of addresses that no machine here has anything at. */
#define NOWHERE		0x3f000000

static char story[64];

static void tell(void *letter)
{
	size_t len = strlen(story);

	if (len + 1 < sizeof(story)) {
		story[len] = *(const char *)letter;
		story[len + 1] = '\0';
	}
}

static void dev_release(struct device *dev)
{
	kfree(dev);
}

static int devres_case_init(struct kunit *test)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return -ENOMEM;
	dev->release = dev_release;
	dev->init_name = "managed";
	device_initialize(dev);
	test->priv = dev;
	story[0] = '\0';
	return 0;
}

static void devres_case_exit(struct kunit *test)
{
	put_device(test->priv);
}

static void add(struct kunit *test, const char *letter)
{
	KUNIT_ASSERT_EQ(test, devm_add_action(test->priv, tell, (void *)letter), 0);
}

static void released_youngest_first(struct kunit *test)
{
	add(test, "a");
	add(test, "b");
	add(test, "c");
	KUNIT_EXPECT_EQ(test, devres_release_all(test->priv), 3);
	KUNIT_EXPECT_STREQ(test, story, "cba");
	KUNIT_EXPECT_EQ(test, devres_release_all(test->priv), 0);
}

static void last_put_releases_what_is_left(struct kunit *test)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, dev);
	dev->release = dev_release;
	device_initialize(dev);
	KUNIT_EXPECT_NOT_NULL(test, devm_kzalloc(dev, 100, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, devm_add_action(dev, tell, "x"), 0);
	put_device(dev);
	KUNIT_EXPECT_STREQ(test, story, "x");
}

static void add_more_in_release(void *dev)
{
	tell("m");
	if (devm_add_action(dev, tell, "n"))
		tell("!");
}

/* What a release function adds is left for the next time, not lost and not run twice. */
static void resource_added_while_releasing_stays(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, devm_add_action(test->priv, add_more_in_release, test->priv), 0);
	KUNIT_EXPECT_EQ(test, devres_release_all(test->priv), 1);
	KUNIT_EXPECT_STREQ(test, story, "m");
	KUNIT_EXPECT_EQ(test, devres_release_all(test->priv), 1);
	KUNIT_EXPECT_STREQ(test, story, "mn");
}

static void action_is_removed_or_released_early(struct kunit *test)
{
	static char a[] = "a", b[] = "b", c[] = "c";

	add(test, a);
	add(test, b);
	add(test, c);
	devm_remove_action(test->priv, tell, b);
	KUNIT_EXPECT_STREQ(test, story, "");
	devm_release_action(test->priv, tell, a);
	KUNIT_EXPECT_STREQ(test, story, "a");
	devres_release_all(test->priv);
	KUNIT_EXPECT_STREQ(test, story, "ac");
	KUNIT_EXPECT_EQ(test, devm_add_action_or_reset(test->priv, tell, "r"), 0);
	devres_release_all(test->priv);
	KUNIT_EXPECT_STREQ(test, story, "acr");
}

/* ---- groups ---- */

/* a [ b c ] d: the group goes, the others stay. */
static void group_is_released_alone(struct kunit *test)
{
	void *group;

	add(test, "a");
	group = devres_open_group(test->priv, NULL, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, group);
	add(test, "b");
	add(test, "c");
	devres_close_group(test->priv, group);
	add(test, "d");
	KUNIT_EXPECT_EQ(test, devres_release_group(test->priv, group), 2);
	KUNIT_EXPECT_STREQ(test, story, "cb");
	devres_release_all(test->priv);
	KUNIT_EXPECT_STREQ(test, story, "cbda");
}

/* a [ b c: an open group reaches to the end; NULL names the open one. */
static void open_group_reaches_to_the_end(struct kunit *test)
{
	add(test, "a");
	KUNIT_ASSERT_NOT_NULL(test, devres_open_group(test->priv, NULL, GFP_KERNEL));
	add(test, "b");
	add(test, "c");
	KUNIT_EXPECT_EQ(test, devres_release_group(test->priv, NULL), 2);
	KUNIT_EXPECT_STREQ(test, story, "cb");
	devres_release_all(test->priv);
	KUNIT_EXPECT_STREQ(test, story, "cba");
}

/* 1[ a 2[ b ]2 3[ c ]1: outer takes 2 and 3 along, both gone. */
static void inner_groups_go_with_the_outer(struct kunit *test)
{
	int one, two, three;

	KUNIT_ASSERT_NOT_NULL(test, devres_open_group(test->priv, &one, GFP_KERNEL));
	add(test, "a");
	KUNIT_ASSERT_NOT_NULL(test, devres_open_group(test->priv, &two, GFP_KERNEL));
	add(test, "b");
	devres_close_group(test->priv, &two);
	KUNIT_ASSERT_NOT_NULL(test, devres_open_group(test->priv, &three, GFP_KERNEL));
	add(test, "c");
	devres_close_group(test->priv, &one);
	KUNIT_EXPECT_EQ(test, devres_release_group(test->priv, &one), 3);
	KUNIT_EXPECT_STREQ(test, story, "cba");
	KUNIT_EXPECT_EQ(test, devres_release_all(test->priv), 0);
}

/* 1[ a 2[ b ]1 c ]2: of 2, only what lies in 1 goes; 2 is still a group and has c. */
static void group_that_overlaps_keeps_the_rest(struct kunit *test)
{
	int one, two;

	KUNIT_ASSERT_NOT_NULL(test, devres_open_group(test->priv, &one, GFP_KERNEL));
	add(test, "a");
	KUNIT_ASSERT_NOT_NULL(test, devres_open_group(test->priv, &two, GFP_KERNEL));
	add(test, "b");
	devres_close_group(test->priv, &one);
	add(test, "c");
	devres_close_group(test->priv, &two);
	KUNIT_EXPECT_EQ(test, devres_release_group(test->priv, &one), 2);
	KUNIT_EXPECT_STREQ(test, story, "ba");
	KUNIT_EXPECT_EQ(test, devres_release_group(test->priv, &two), 1);
	KUNIT_EXPECT_STREQ(test, story, "bac");
}

/* The same with 2 released first: 1, whose end lay in 2, is still a group and has a. */
static void group_whose_end_is_taken_keeps_its_start(struct kunit *test)
{
	int one, two;

	KUNIT_ASSERT_NOT_NULL(test, devres_open_group(test->priv, &one, GFP_KERNEL));
	add(test, "a");
	KUNIT_ASSERT_NOT_NULL(test, devres_open_group(test->priv, &two, GFP_KERNEL));
	add(test, "b");
	devres_close_group(test->priv, &one);
	add(test, "c");
	devres_close_group(test->priv, &two);
	KUNIT_EXPECT_EQ(test, devres_release_group(test->priv, &two), 2);
	KUNIT_EXPECT_STREQ(test, story, "cb");
	add(test, "d");
	KUNIT_EXPECT_EQ(test, devres_release_group(test->priv, &one), 1);
	KUNIT_EXPECT_STREQ(test, story, "cba");
}

static void removed_group_leaves_its_resources(struct kunit *test)
{
	void *group = devres_open_group(test->priv, NULL, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, group);
	add(test, "a");
	devres_close_group(test->priv, group);
	devres_remove_group(test->priv, group);
	KUNIT_EXPECT_STREQ(test, story, "");
	devres_release_all(test->priv);
	KUNIT_EXPECT_STREQ(test, story, "a");
}

/* ---- resources of one's own ---- */

struct box {
	u64 number;
};

static void box_release(struct device *dev, void *res)
{
	struct box *box = res;
	char letter = (char)('0' + box->number);

	(void)dev;
	tell(&letter);
}

static int box_match(struct device *dev, void *res, void *match_data)
{
	struct box *box = res;

	(void)dev;
	return box->number == *(const u64 *)match_data;
}

static struct box *new_box(struct kunit *test, u64 number)
{
	struct box *box = devres_alloc(box_release, sizeof(*box), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, box);
	KUNIT_EXPECT_EQ(test, (unsigned long)box % _Alignof(u64), 0);
	KUNIT_EXPECT_EQ(test, box->number, 0);
	box->number = number;
	return box;
}

static void youngest_that_fits_is_found(struct kunit *test)
{
	struct box *one, *two, *twin;
	u64 want = 2, none = 9;

	one = new_box(test, 1);
	devres_add(test->priv, one);
	two = new_box(test, 2);
	devres_add(test->priv, two);
	twin = new_box(test, 2);
	KUNIT_EXPECT_PTR_EQ(test, devres_find(test->priv, box_release, box_match, &want), two);
	KUNIT_EXPECT_PTR_EQ(test, devres_find(test->priv, box_release, NULL, NULL), two);
	KUNIT_EXPECT_NULL(test, devres_find(test->priv, box_release, box_match, &none));
	KUNIT_EXPECT_PTR_EQ(test, devres_get(test->priv, twin, box_match, &want), two);
	KUNIT_EXPECT_PTR_EQ(test, devres_remove(test->priv, box_release, box_match, &want), two);
	KUNIT_EXPECT_PTR_EQ(test, devres_get(test->priv, two, box_match, &want), two);
	KUNIT_EXPECT_EQ(test, devres_destroy(test->priv, box_release, box_match, &want), 0);
	KUNIT_EXPECT_STREQ(test, story, "");
	KUNIT_EXPECT_EQ(test, devres_release(test->priv, box_release, box_match, &want), -ENOENT);
	KUNIT_EXPECT_EQ(test, devres_release(test->priv, box_release, NULL, NULL), 0);
	KUNIT_EXPECT_STREQ(test, story, "1");
	devres_free(NULL);
}

/* ---- memory ---- */

static void memory_is_the_devices(struct kunit *test)
{
	struct device *dev = test->priv;
	u8 *zeroed = devm_kzalloc(dev, 33, GFP_KERNEL);
	u32 *numbers = devm_kcalloc(dev, 5, sizeof(*numbers), GFP_KERNEL);
	char *text = devm_kasprintf(dev, GFP_KERNEL, "%s-%d", "gpio", 7);
	char *copy = devm_kstrdup(dev, text, GFP_KERNEL);
	void *bytes = devm_kmemdup(dev, "abc", 3, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, zeroed);
	KUNIT_ASSERT_NOT_NULL(test, numbers);
	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	KUNIT_ASSERT_NOT_NULL(test, bytes);
	KUNIT_EXPECT_NULL(test, memchr_inv(zeroed, 0, 33));
	KUNIT_EXPECT_NULL(test, memchr_inv(numbers, 0, 5 * sizeof(*numbers)));
	KUNIT_EXPECT_STREQ(test, text, "gpio-7");
	KUNIT_EXPECT_STREQ(test, copy, "gpio-7");
	KUNIT_EXPECT_EQ(test, memcmp(bytes, "abc", 3), 0);
	devm_kfree(dev, text);
	devm_kfree(dev, NULL);
	KUNIT_EXPECT_EQ(test, devres_release_all(dev), 4);
}

static void sizes_that_overflow_get_nothing(struct kunit *test)
{
	struct device *dev = test->priv;

	KUNIT_EXPECT_NULL(test, devm_kcalloc(dev, SIZE_MAX / 4, 8, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, devm_kmalloc(dev, SIZE_MAX - 4, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, devm_kstrdup(dev, NULL, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, devres_release_all(dev), 0);
}

/* ---- registers ---- */

static void registers_have_one_user(struct kunit *test)
{
	struct device *dev = test->priv;
	struct resource res = DEFINE_RES_MEM(NOWHERE, 0x1000);
	void __iomem *base = devm_ioremap_resource(dev, &res);

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, base);
	KUNIT_EXPECT_EQ(test, PTR_ERR(devm_ioremap_resource(dev, &res)), -EBUSY);
	KUNIT_EXPECT_NULL(test, devm_request_mem_region(dev, NOWHERE + 0x800, 4, "part"));
	devres_release_all(dev);

	/* given back: the next one gets it */
	base = devm_ioremap_resource(dev, &res);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, base);
	devres_release_all(dev);
}

static void wrong_resources_are_refused(struct kunit *test)
{
	struct device *dev = test->priv;
	struct resource irq = DEFINE_RES_IRQ(34);
	struct resource backwards = { .start = NOWHERE + 1, .end = NOWHERE,
				      .flags = IORESOURCE_MEM };
	/* above what the page tables reach: claimed, then not mapped, then given back */
	struct resource high = DEFINE_RES_MEM(0xfffff00000000000ull, 0x1000);

	kunit_tolerates_faults(test);
	KUNIT_EXPECT_EQ(test, PTR_ERR(devm_ioremap_resource(dev, NULL)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(devm_ioremap_resource(dev, &irq)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(devm_ioremap_resource(dev, &backwards)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(devm_ioremap_resource(dev, &high)), -ENOMEM);
	KUNIT_EXPECT_NULL(test, devm_ioremap(dev, high.start, 0x1000));
	KUNIT_EXPECT_EQ(test, devres_release_all(dev), 0);
}

static void mappings_and_claims_go_early(struct kunit *test)
{
	struct device *dev = test->priv;
	struct resource res = DEFINE_RES_MEM_NAMED(NOWHERE, 0x1000, "whole");
	void __iomem *base = devm_ioremap(dev, NOWHERE, 0x1000);

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_NOT_NULL(test, base);
	devm_iounmap(dev, base);
	KUNIT_ASSERT_NOT_NULL(test, devm_request_mem_region(dev, NOWHERE, 0x1000, "x"));
	KUNIT_EXPECT_EQ(test, devm_request_resource(dev, &iomem_resource, &res), -EBUSY);
	devm_release_mem_region(dev, NOWHERE, 0x1000);
	KUNIT_EXPECT_EQ(test, devm_request_resource(dev, &iomem_resource, &res), 0);
	KUNIT_EXPECT_EQ(test, devres_release_all(dev), 1);
	KUNIT_EXPECT_NULL(test, res.parent);
}

/* ---- misuse ---- */

static void what_the_device_does_not_have_is_reported(struct kunit *test)
{
	struct device *dev = test->priv;
	void *foreign = kunit_kzalloc(test, 16, GFP_KERNEL);
	struct box *box = new_box(test, 1);

	KUNIT_ASSERT_NOT_NULL(test, foreign);
	KUNIT_EXPECT_WARNINGS(test, 1, devm_kfree(dev, foreign));
	KUNIT_EXPECT_WARNINGS(test, 1, devm_remove_action(dev, tell, "a"));
	KUNIT_EXPECT_WARNINGS(test, 1, devm_release_action(dev, tell, "a"));
	KUNIT_EXPECT_WARNINGS(test, 1, devm_iounmap(dev, (void __iomem *)foreign));
	KUNIT_EXPECT_WARNINGS(test, 1, devm_release_mem_region(dev, NOWHERE, 4));
	KUNIT_EXPECT_WARNINGS(test, 1, devres_close_group(dev, NULL));
	KUNIT_EXPECT_WARNINGS(test, 1, devres_remove_group(dev, foreign));
	KUNIT_EXPECT_WARNINGS(test, 1,
			      KUNIT_EXPECT_EQ(test, devres_release_group(dev, foreign), 0));
	KUNIT_EXPECT_STREQ(test, story, "");

	/* a resource that a device has is not freed under it */
	devres_add(dev, box);
	KUNIT_EXPECT_WARNINGS(test, 1, devres_free(box));
	KUNIT_EXPECT_EQ(test, devres_release_all(dev), 1);
}

static void device_that_was_not_initialized_is_reported(struct kunit *test)
{
	static struct device dev;

	KUNIT_EXPECT_WARNINGS(test, 1, KUNIT_EXPECT_EQ(test, devres_release_all(&dev), -ENODEV));
}

static struct kunit_case devres_cases[] = {
	KUNIT_CASE(released_youngest_first),
	KUNIT_CASE(last_put_releases_what_is_left),
	KUNIT_CASE(resource_added_while_releasing_stays),
	KUNIT_CASE(action_is_removed_or_released_early),
	KUNIT_CASE(group_is_released_alone),
	KUNIT_CASE(open_group_reaches_to_the_end),
	KUNIT_CASE(inner_groups_go_with_the_outer),
	KUNIT_CASE(group_that_overlaps_keeps_the_rest),
	KUNIT_CASE(group_whose_end_is_taken_keeps_its_start),
	KUNIT_CASE(removed_group_leaves_its_resources),
	KUNIT_CASE(youngest_that_fits_is_found),
	KUNIT_CASE(memory_is_the_devices),
	KUNIT_CASE(sizes_that_overflow_get_nothing),
	KUNIT_CASE(registers_have_one_user),
	KUNIT_CASE(wrong_resources_are_refused),
	KUNIT_CASE(mappings_and_claims_go_early),
	KUNIT_CASE(what_the_device_does_not_have_is_reported),
	KUNIT_CASE(device_that_was_not_initialized_is_reported),
	{}
};

static struct kunit_suite devres_suite = {
	.name = "devres",
	.init = devres_case_init,
	.exit = devres_case_exit,
	.test_cases = devres_cases,
};
kunit_test_suite(devres_suite);
