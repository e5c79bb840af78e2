/* SPDX-License-Identifier: MIT */
/*
 * Modules that are ended and begun again: in the reverse order of their beginnings, each exit
 * once for each init that succeeded.
 */
#include <kernel/module.h>

#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/moduleparam.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

/* Who came, a capital letter, and who went: "ABba". Starts at boot. */
static char said[16];

static void say(char letter)
{
	size_t len = strlen(said);

	if (!WARN(len >= sizeof(said) - 1, "more than there are"))
		said[len] = letter;
}

static bool fails;
module_param(fails, bool, 0644);
MODULE_PARM_DESC(fails, "the module test_c does not begin");

/* ---- four modules: three in this order, and that of the file by the macros for drivers ---- */

static int __init a_init(void)
{
	say('A');
	return 0;
}

static void a_exit(void)
{
	say('a');
}

static initcall_t a_begins_with(void)
{
	return a_init;
}

MODULE_WITH_EXIT(a, "test_a", a_begins_with, a_exit);
device_initcall(a_init);

static char *b_memory;

static int __init b_init(void)
{
	b_memory = kmalloc(100, GFP_KERNEL);
	if (!b_memory)
		return -ENOMEM;
	say('B');
	return 0;
}

static void b_exit(void)
{
	say('b');
	kfree(b_memory);
	b_memory = NULL;
}

static initcall_t b_begins_with(void)
{
	return b_init;
}

MODULE_WITH_EXIT(b, "test_b", b_begins_with, b_exit);
device_initcall(b_init);

static int __init c_init(void)
{
	if (fails)
		return -EIO;
	say('C');
	return 0;
}

static void c_exit(void)
{
	say('c');
}

static initcall_t c_begins_with(void)
{
	return c_init;
}

MODULE_WITH_EXIT(c, "test_c", c_begins_with, c_exit);
device_initcall(c_init);

/* The exit first: a driver's file may have them in either order. */
static void __exit d_exit(void)
{
	say('d');
}
module_exit(d_exit);

static int __init d_init(void)
{
	say('D');
	return 0;
}
module_init(d_init);

/* ---- the cases: each finds all four there, begun in their order, and nothing said ---- */

static const char *const all[] = { "test_a", "test_b", "test_c", "test_module" };

/* May be built in or not. */
static const char sample[] = "minimal";

static char said_at_boot[sizeof(said)];

/* Also when a case was left in the middle. */
static int begin_all(void)
{
	int err = 0;

	fails = false;
	for (unsigned int i = 0; i < ARRAY_SIZE(all); i++)
		if (module_unload(&all[i], 1))
			continue;	/* it is not there */
	for (unsigned int i = 0; i < ARRAY_SIZE(all) && !err; i++)
		err = module_load(all[i]);
	if (!err)
		err = module_load(sample);
	memset(said, 0, sizeof(said));
	return err == -EEXIST || err == -ENOENT ? 0 : err;
}

static int all_are_there(struct kunit *test)
{
	(void)test;
	if (!said_at_boot[0])
		strscpy(said_at_boot, said, sizeof(said_at_boot));
	memset(said, 0, sizeof(said));
	return begin_all();
}

static void all_are_there_again(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, begin_all(), 0);
}

static void modules_begin_at_boot_in_the_order_of_the_link(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, said_at_boot, "ABCD");
}

static void whatever_the_names_order_exits_are_in_reverse_of_inits(struct kunit *test)
{
	static const char *const mixed[] = { "test_b", "test_module", "test_a", "test_c" };

	KUNIT_ASSERT_EQ(test, module_unload(mixed, 4), 0);
	KUNIT_EXPECT_STREQ(test, said, "dcba");
	memset(said, 0, sizeof(said));
	for (unsigned int i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, module_load(mixed[i]), 0);
	KUNIT_EXPECT_EQ(test, module_unload(all, 2), 0);
	KUNIT_EXPECT_EQ(test, module_unload(&all[3], 1), 0);
	KUNIT_EXPECT_STREQ(test, said, "BDAabd");
}

static void one_whose_init_failed_has_no_exit(struct kunit *test)
{
	static const char *const some[] = { "test_a", "test_c" };

	KUNIT_ASSERT_EQ(test, module_unload(all, 4), 0);
	memset(said, 0, sizeof(said));
	fails = true;
	KUNIT_EXPECT_EQ(test, module_load("test_a"), 0);
	KUNIT_EXPECT_EQ(test, module_load("test_c"), -EIO);
	KUNIT_EXPECT_EQ(test, module_unload(&some[1], 1), -ENOENT);
	/* All that are named, or none. */
	KUNIT_EXPECT_EQ(test, module_unload(some, 2), -ENOENT);
	KUNIT_EXPECT_STREQ(test, said, "A");
	fails = false;
	KUNIT_EXPECT_EQ(test, module_unload(some, 1), 0);
	KUNIT_EXPECT_STREQ(test, said, "Aa");
}

static void an_exit_runs_once(struct kunit *test)
{
	static const char *const twice[] = { "test_a", "test_a" };

	KUNIT_ASSERT_EQ(test, module_unload(all, 4), 0);
	KUNIT_EXPECT_EQ(test, module_unload(all, 1), -ENOENT);
	memset(said, 0, sizeof(said));
	KUNIT_EXPECT_EQ(test, module_load("test_a"), 0);
	KUNIT_EXPECT_EQ(test, module_unload(twice, 2), 0);
	KUNIT_EXPECT_STREQ(test, said, "Aa");
}

static void what_is_there_does_not_begin_again(struct kunit *test)
{
	static const char *const nobody[] = { "nobody" };

	KUNIT_EXPECT_EQ(test, module_load("test_a"), -EEXIST);
	KUNIT_EXPECT_EQ(test, module_load("nobody"), -ENOENT);
	KUNIT_EXPECT_EQ(test, module_unload(nobody, 1), -ENOENT);
	KUNIT_EXPECT_STREQ(test, said, "");
}

static void list_name(const struct module *mod, void *arg)
{
	char **at = arg;

	if (strncmp(mod->name, "test_", 5) == 0)
		*(*at)++ = mod->name[5];
}

static void the_list_begins_with_the_last(struct kunit *test)
{
	char names[8] = { }, *at = names;

	KUNIT_ASSERT_EQ(test, module_unload(all, 4), 0);
	for_each_module(list_name, &at);
	KUNIT_EXPECT_STREQ(test, names, "");
	KUNIT_ASSERT_EQ(test, begin_all(), 0);
	for_each_module(list_name, &at);
	KUNIT_EXPECT_STREQ(test, names, "mcba");
}

/* Whichever allocation fails: the module is there, or it is not and holds nothing. */
static void a_module_gives_back_all_it_has(struct kunit *test, const char *name)
{
	size_t before;
	int err;

	KUNIT_ASSERT_EQ(test, module_unload(&name, 1), 0);
	before = slab_bytes_used();
	err = module_load(name);
	if (!err) {
		KUNIT_EXPECT_GT(test, slab_bytes_used(), before);
		KUNIT_EXPECT_EQ(test, module_unload(&name, 1), 0);
	}
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), before);
	KUNIT_EXPECT_EQ(test, module_load(name), 0);
	KUNIT_ASSERT_EQ(test, err, 0);
}

static void a_module_leaves_no_memory(struct kunit *test)
{
	a_module_gives_back_all_it_has(test, "test_b");
}

static void the_minimal_sample_leaves_no_memory(struct kunit *test)
{
	if (module_load(sample) == -ENOENT)
		kunit_skip(test, "the sample is not built in");
	a_module_gives_back_all_it_has(test, sample);
}

static struct kunit_case module_cases[] = {
	KUNIT_CASE(modules_begin_at_boot_in_the_order_of_the_link),
	KUNIT_CASE(whatever_the_names_order_exits_are_in_reverse_of_inits),
	KUNIT_CASE(one_whose_init_failed_has_no_exit),
	KUNIT_CASE(an_exit_runs_once),
	KUNIT_CASE(what_is_there_does_not_begin_again),
	KUNIT_CASE(the_list_begins_with_the_last),
	KUNIT_CASE(a_module_leaves_no_memory),
	KUNIT_CASE(the_minimal_sample_leaves_no_memory),
	{}
};

static struct kunit_suite module_suite = {
	.name = "module",
	.init = all_are_there,
	.exit = all_are_there_again,
	.test_cases = module_cases,
};
kunit_test_suite(module_suite);
