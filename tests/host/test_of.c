/* SPDX-License-Identifier: MIT */
/*
 * The device tree as drivers read it: over QEMU's own tree of the virt machine
 * and over trees/board.dts, whose nodes a reader should have open beside this.
 * Whatever a node says, an answer comes, and it is the error that the header
 * promises.
 *
 * Each property's value is moved into an allocation of exactly its length, so
 * that ASan ends the program when one is read beyond its end.
 */
#include <drivers/of.h>
#include <drivers/of_address.h>
#include <drivers/of_irq.h>

#include <lib/math.h>
#include <lib/sprintf.h>

#include "fdt_trees.h"
#include "kunit_host.h"

#define UNTOUCHED	0x5aa55aa5u

static struct fdt_tree tree;
static void *arena;

static void for_each_property(struct device_node *np, void (*fn)(struct property *prop, void *arg),
			      void *arg)
{
	for (struct property *prop = np->properties; prop; prop = prop->next)
		fn(prop, arg);
	for (np = np->child; np; np = np->sibling)
		for_each_property(np, fn, arg);
}

static void isolate_value(struct property *prop, void *arg)
{
	void *value = malloc((size_t)prop->length);

	(void)arg;
	memcpy(value, prop->value, (size_t)prop->length);
	prop->value = value;
}

static void free_value(struct property *prop, void *arg)
{
	(void)arg;
	free((void *)(uintptr_t)prop->value);
}

static void unflatten(struct kunit *test, const char *name)
{
	const struct tree_file *file = tree_file(name);
	struct fdt_error error;

	KUNIT_ASSERT_NOT_NULL(test, file);
	arena = malloc(fdt_arena_bound(file->bytes));
	KUNIT_ASSERT_EQ(test, fdt_unflatten(&tree, file->bytes, file->size, arena,
					    fdt_arena_bound(file->bytes), &error), 0);
	for_each_property(tree.root, isolate_value, NULL);
}

/* Makes the file the tree of the machine. */
static void attach(struct kunit *test, const char *name)
{
	unflatten(test, name);
	of_attach_tree(&tree);
}

static void detach(struct kunit *test)
{
	(void)test;
	for_each_property(tree.root, free_value, NULL);
	free(arena);
}

static int attach_board(struct kunit *test)
{
	attach(test, "board.dtb");
	return 0;
}

static struct device_node *node(struct kunit *test, const char *path)
{
	struct device_node *np = of_find_node_by_path(path);

	if (!np)
		KUNIT_FAIL(test, "no node %s", path);
	return np;
}

/* ---- nodes ---- */

static void no_tree_is_an_empty_tree(struct kunit *test)
{
	struct of_phandle_args args;
	u32 value;

	of_tree = NULL;
	of_root = of_chosen = of_aliases = NULL;
	KUNIT_EXPECT_NULL(test, of_find_node_by_path("/"));
	KUNIT_EXPECT_NULL(test, of_find_node_by_path("serial0"));
	KUNIT_EXPECT_NULL(test, of_find_all_nodes(NULL));
	KUNIT_EXPECT_NULL(test, of_find_node_by_phandle(1));
	KUNIT_EXPECT_FALSE(test, of_machine_is_compatible("test,board"));
	KUNIT_EXPECT_FALSE(test, of_have_populated_dt());
	KUNIT_EXPECT_EQ(test, of_scan_memory(NULL, NULL), 0);

	KUNIT_EXPECT_NULL(test, of_get_parent(NULL));
	KUNIT_EXPECT_NULL(test, of_get_next_child(NULL, NULL));
	KUNIT_EXPECT_FALSE(test, of_device_is_available(NULL));
	KUNIT_EXPECT_FALSE(test, of_node_name_eq(NULL, ""));
	KUNIT_EXPECT_NULL(test, of_match_node(NULL, NULL));
	KUNIT_EXPECT_EQ(test, of_property_read_u32(NULL, "x", &value), -EINVAL);
	KUNIT_EXPECT_EQ(test, of_irq_parse_one(NULL, 0, &args), -EINVAL);
	KUNIT_EXPECT_EQ(test, of_irq_count(NULL), 0);
	KUNIT_EXPECT_NULL(test, of_get_address(NULL, 0, NULL, NULL));
	KUNIT_EXPECT_STREQ(test, of_node_full_name(NULL), "<no-node>");
}

static void paths_aliases_and_options(struct kunit *test)
{
	static const struct { const char *path, *full_name, *opts; } table[] = {
		{ "/", "", NULL },
		{ "/:x", "", "x" },
		{ "/soc", "soc", NULL },
		{ "/soc/", "soc", NULL },
		{ "//soc//uart@1000", "uart@1000", NULL },
		{ "/soc/uart@1000:115200n8", "uart@1000", "115200n8" },
		{ "/soc/uart@1000:", "uart@1000", "" },
		{ "/soc:a/b:c", "soc", "a/b:c" },
		{ "serial0", "uart@1000", NULL },
		{ "serial1:9600", "uart@2000", "9600" },
		{ "serial0/x", NULL, NULL },
		{ "/soc/uart", NULL, NULL },
		{ "/so", NULL, NULL },
		{ "/socket", NULL, NULL },
		{ "soc", NULL, NULL },
		{ "serial", NULL, NULL },
		{ "gone", NULL, NULL },
		{ "circle", NULL, NULL },
		{ "torn", NULL, NULL },
		{ "", NULL, NULL },
		{ NULL, NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const char *opts = "stale";
		const struct device_node *np = of_find_node_opts_by_path(table[i].path, &opts);

		KUNIT_EXPECT_STREQ(test, np ? np->full_name : "none",
				   table[i].full_name ? table[i].full_name : "none");
		KUNIT_EXPECT_STREQ(test, opts ? opts : "none",
				   table[i].opts ? table[i].opts : "none");
	}
	KUNIT_EXPECT_PTR_EQ(test, of_stdout, node(test, "/soc/uart@2000"));
	KUNIT_EXPECT_STREQ(test, of_stdout_options, "115200n8");
}

static void an_alias_gives_a_number(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, of_alias_get_id(node(test, "/soc/uart@1000"), "serial"), 0);
	KUNIT_EXPECT_EQ(test, of_alias_get_id(node(test, "/soc/uart@2000"), "serial"), 1);
	KUNIT_EXPECT_EQ(test, of_alias_get_id(node(test, "/soc/uart@1000"), "seria"), -ENODEV);
	KUNIT_EXPECT_EQ(test, of_alias_get_id(node(test, "/soc/uart@1000"), "serial1"), -ENODEV);
	KUNIT_EXPECT_EQ(test, of_alias_get_id(node(test, "/soc/gpio@3000"), "serial"), -ENODEV);
}

static void all_nodes_come_parents_first(struct kunit *test)
{
	static const char *const first[] = { "", "aliases", "chosen", "memory@80000000",
					     "reserved-memory", "fb@8f000000", "cpus", "cpu@1" };
	struct device_node *np, *child;
	size_t n = 0, children = 0;

	for_each_of_allnodes(np) {
		if (n < ARRAY_SIZE(first))
			KUNIT_EXPECT_STREQ(test, np->full_name, first[n]);
		n++;
		for_each_child_of_node(np, child) {
			KUNIT_EXPECT_PTR_EQ(test, of_get_parent(child), np);
			children++;
		}
	}
	KUNIT_EXPECT_EQ(test, n, children + 1);
	KUNIT_EXPECT_GT(test, n, 60);
}

static void children_by_name_kind_and_status(struct kunit *test)
{
	struct device_node *soc = node(test, "/soc"), *child;
	int n = 0;

	for_each_available_child_of_node(soc, child) {
		KUNIT_EXPECT_FALSE(test, strcmp(child->full_name, "uart@2000") == 0);
		n++;
	}
	KUNIT_EXPECT_EQ(test, of_get_available_child_count(soc), n);
	KUNIT_EXPECT_EQ(test, of_get_child_count(soc), n + 1);
	KUNIT_EXPECT_TRUE(test, of_device_is_available(node(test, "/soc/button")));
	KUNIT_EXPECT_STREQ(test, of_get_child_by_name(soc, "uart")->full_name, "uart@1000");
	KUNIT_EXPECT_NULL(test, of_get_child_by_name(soc, "uart@1000"));
	KUNIT_EXPECT_STREQ(test, of_get_compatible_child(soc, "vendor,gpio")->name, "gpio");
	KUNIT_EXPECT_STREQ(test, of_find_node_by_name(NULL, "bridge")->full_name, "bridge@100000");
	KUNIT_EXPECT_STREQ(test, of_find_node_by_type(NULL, "pci")->full_name, "pci@60000000");
	KUNIT_EXPECT_STREQ(test, of_find_node_with_property(NULL, "flag")->full_name, "values");
	KUNIT_EXPECT_NULL(test, of_find_node_by_name(NULL, "nowhere"));
}

static void compatible_nodes_one_after_the_other(struct kunit *test)
{
	struct device_node *a = of_find_compatible_node(NULL, NULL, "vendor,uart");
	struct device_node *b = of_find_compatible_node(a, NULL, "vendor,uart");

	KUNIT_EXPECT_PTR_EQ(test, a, node(test, "/soc/uart@1000"));
	KUNIT_EXPECT_PTR_EQ(test, b, node(test, "/soc/uart@2000"));
	KUNIT_EXPECT_NULL(test, of_find_compatible_node(b, NULL, "vendor,uart"));
	KUNIT_EXPECT_PTR_EQ(test, of_find_compatible_node(NULL, "serial", "vendor,uart"), a);
	KUNIT_EXPECT_NULL(test, of_find_compatible_node(NULL, "pci", "vendor,uart"));
	KUNIT_EXPECT_NULL(test, of_find_compatible_node(NULL, NULL, "VENDOR,uart"));
	KUNIT_EXPECT_NULL(test, of_find_compatible_node(NULL, NULL, "vendor,uar"));
	KUNIT_EXPECT_TRUE(test, of_machine_is_compatible("test,family"));
	KUNIT_EXPECT_GT(test, of_device_is_compatible(a, "vendor,uart-v2"),
			of_device_is_compatible(a, "vendor,uart"));
	KUNIT_EXPECT_EQ(test, of_device_is_compatible(a, "vendor"), 0);
}

static void the_first_compatible_string_wins(struct kunit *test)
{
	static const struct of_device_id ids[] = {
		{ .compatible = "generic,serial" },
		{ .compatible = "vendor,uart" },
		{ .compatible = "vendor,uart", .type = "serial" },
		{ .compatible = "vendor,uart-v2", .type = "pci" },
		{ .name = "soc" },
		{ .type = "memory" },
		{}
	};
	const struct of_device_id *match;
	struct device_node *np;

	KUNIT_EXPECT_PTR_EQ(test, of_match_node(ids, node(test, "/soc/uart@1000")), &ids[2]);
	KUNIT_EXPECT_PTR_EQ(test, of_match_node(ids, node(test, "/soc/uart@2000")), &ids[1]);
	KUNIT_EXPECT_PTR_EQ(test, of_match_node(ids, node(test, "/soc")), &ids[4]);
	KUNIT_EXPECT_NULL(test, of_match_node(ids, node(test, "/soc/gpio@3000")));

	np = of_find_matching_node_and_match(NULL, ids, &match);
	KUNIT_EXPECT_STREQ(test, np->full_name, "memory@80000000");
	KUNIT_EXPECT_PTR_EQ(test, match, &ids[5]);
	KUNIT_EXPECT_STREQ(test, of_find_matching_node(np, ids)->full_name, "soc");
}

static void flags_and_names(struct kunit *test)
{
	struct device_node *np = node(test, "/soc/uart@1000");
	const struct device_node *parent;

	KUNIT_EXPECT_FALSE(test, of_node_test_and_set_flag(np, OF_POPULATED));
	KUNIT_EXPECT_TRUE(test, of_node_test_and_set_flag(np, OF_POPULATED));
	KUNIT_EXPECT_TRUE(test, of_node_check_flag(np, OF_POPULATED));
	KUNIT_EXPECT_FALSE(test, of_node_check_flag(np, OF_POPULATED_BUS));
	of_node_clear_flag(np, OF_POPULATED);
	KUNIT_EXPECT_FALSE(test, of_node_check_flag(np, OF_POPULATED));

	KUNIT_EXPECT_STREQ(test, sprintf_node_name(np, &parent), "uart@1000");
	KUNIT_EXPECT_PTR_EQ(test, parent, node(test, "/soc"));
	KUNIT_EXPECT_TRUE(test, of_node_name_eq(np, "uart"));
	KUNIT_EXPECT_TRUE(test, of_node_is_root(of_root));
	KUNIT_EXPECT_FALSE(test, of_node_is_root(np));
}

/* ---- properties ---- */

static void numbers_in_properties(struct kunit *test)
{
	const struct device_node *np = node(test, "/values");
	u32 a[3] = { UNTOUCHED, UNTOUCHED, UNTOUCHED }, x = UNTOUCHED;
	u16 h[2];
	u8 b[3];
	u64 q = 0, qs[2];

	KUNIT_EXPECT_EQ(test, of_property_read_u32(np, "u32", &x), 0);
	KUNIT_EXPECT_EQ(test, x, 0x01020304);
	KUNIT_EXPECT_EQ(test, of_property_read_u32_index(np, "u32s", 2, &x), 0);
	KUNIT_EXPECT_EQ(test, x, 3);
	KUNIT_EXPECT_EQ(test, of_property_read_u32_array(np, "u32s", a, 3), 0);
	KUNIT_EXPECT_EQ(test, a[0] * 100 + a[1] * 10 + a[2], 123);
	KUNIT_EXPECT_EQ(test, of_property_read_u64(np, "u64", &q), 0);
	KUNIT_EXPECT_EQ(test, q, 0x100000002);
	KUNIT_EXPECT_EQ(test, of_property_read_u64_index(np, "u64", 1, &q), 0);
	KUNIT_EXPECT_EQ(test, q, 0x300000004);
	KUNIT_EXPECT_EQ(test, of_property_read_u64_array(np, "u64", qs, 2), 0);
	KUNIT_EXPECT_EQ(test, qs[1], 0x300000004);
	KUNIT_EXPECT_EQ(test, of_property_read_u16_array(np, "u16s", h, 2), 0);
	KUNIT_EXPECT_EQ(test, h[1], 2);
	KUNIT_EXPECT_EQ(test, of_property_read_u8_array(np, "u8s", b, 3), 0);
	KUNIT_EXPECT_EQ(test, b[2], 0xcc);
	KUNIT_EXPECT_TRUE(test, of_property_read_bool(np, "flag"));
	KUNIT_EXPECT_FALSE(test, of_property_read_bool(np, "no-flag"));
	KUNIT_EXPECT_NOT_NULL(test, of_get_property(np, "flag", NULL));
	KUNIT_EXPECT_EQ(test, of_property_count_u32_elems(np, "u32s"), 3);
}

static void numbers_that_are_not_there(struct kunit *test)
{
	const struct device_node *np = node(test, "/values");
	u32 a[4] = { UNTOUCHED, UNTOUCHED, UNTOUCHED, UNTOUCHED };
	u64 q = UNTOUCHED;
	u16 h[4];
	u8 b[4];

	KUNIT_EXPECT_EQ(test, of_property_read_u32(np, "none", a), -EINVAL);
	KUNIT_EXPECT_EQ(test, of_property_read_u32(np, "flag", a), -ENODATA);
	KUNIT_EXPECT_EQ(test, of_property_read_u32(np, "torn", a), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, of_property_read_u32_array(np, "u32s", a, 4), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, of_property_read_u32_index(np, "u32s", 3, a), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, of_property_read_u32_index(np, "u32s", 0x40000000, a), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, of_property_read_u32_index(np, "u32s", 0xffffffff, a), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, of_property_read_u32_array(np, "u32s", a, SIZE_MAX), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, of_property_read_u64(np, "u32", &q), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, of_property_read_u64_index(np, "u64", 2, &q), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, of_property_read_u16_array(np, "u16s", h, 3), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, of_property_read_u8_array(np, "u8s", b, 4), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, of_property_count_u32_elems(np, "torn"), -EINVAL);
	KUNIT_EXPECT_EQ(test, of_property_count_u32_elems(np, "flag"), -ENODATA);
	KUNIT_EXPECT_EQ(test, of_property_count_u32_elems(np, "none"), -EINVAL);
	KUNIT_EXPECT_EQ(test, of_property_count_elems_of_size(np, "u32s", 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, a[0], UNTOUCHED);
	KUNIT_EXPECT_EQ(test, q, UNTOUCHED);
}

static void strings_in_properties(struct kunit *test)
{
	const struct device_node *np = node(test, "/values");
	const struct property *prop;
	const char *s = "untouched";
	int n = 0;

	KUNIT_EXPECT_EQ(test, of_property_read_string(np, "string", &s), 0);
	KUNIT_EXPECT_STREQ(test, s, "one");
	KUNIT_EXPECT_EQ(test, of_property_read_string_index(np, "strings", 1, &s), 0);
	KUNIT_EXPECT_STREQ(test, s, "");
	KUNIT_EXPECT_EQ(test, of_property_read_string_index(np, "strings", 2, &s), 0);
	KUNIT_EXPECT_STREQ(test, s, "two");
	KUNIT_EXPECT_EQ(test, of_property_read_string_index(np, "strings", 3, &s), -ENODATA);
	KUNIT_EXPECT_EQ(test, of_property_read_string_index(np, "strings", -1, &s), -ENODATA);
	KUNIT_EXPECT_EQ(test, of_property_match_string(np, "strings", "two"), 2);
	KUNIT_EXPECT_EQ(test, of_property_match_string(np, "strings", "three"), -ENODATA);
	KUNIT_EXPECT_EQ(test, of_property_count_strings(np, "strings"), 3);
	of_property_for_each_string(np, "strings", prop, s)
		n++;
	KUNIT_EXPECT_EQ(test, n, 3);
}

static void strings_without_an_end_are_not_read(struct kunit *test)
{
	const struct device_node *np = node(test, "/values");
	const char *s = "untouched";

	KUNIT_EXPECT_EQ(test, of_property_read_string(np, "none", &s), -EINVAL);
	KUNIT_EXPECT_EQ(test, of_property_read_string(np, "flag", &s), -ENODATA);
	KUNIT_EXPECT_EQ(test, of_property_read_string(np, "unterminated", &s), -EILSEQ);
	KUNIT_EXPECT_EQ(test, of_property_match_string(np, "unterminated", "abc"), -EILSEQ);
	KUNIT_EXPECT_EQ(test, of_property_count_strings(np, "unterminated"), -EILSEQ);
	KUNIT_EXPECT_EQ(test, of_property_read_string_index(np, "half", 1, &s), -EILSEQ);
	KUNIT_EXPECT_EQ(test, of_property_match_string(np, "half", "bc"), -EILSEQ);
	KUNIT_EXPECT_EQ(test, of_property_count_strings(np, "half"), -EILSEQ);
	KUNIT_EXPECT_STREQ(test, s, "untouched");
	KUNIT_EXPECT_EQ(test, of_property_read_string(np, "half", &s), 0);
	KUNIT_EXPECT_STREQ(test, s, "a");
}

/* ---- phandles ---- */

static void lists_of_phandles(struct kunit *test)
{
	const struct device_node *np = node(test, "/lists");
	struct of_phandle_args args;

	KUNIT_EXPECT_EQ(test, of_count_phandle_with_args(np, "good", "#x-cells"), 5);
	KUNIT_EXPECT_EQ(test, of_parse_phandle_with_args(np, "good", "#x-cells", 0, &args), 0);
	KUNIT_EXPECT_PTR_EQ(test, args.np, node(test, "/zero"));
	KUNIT_EXPECT_EQ(test, args.args_count, 0);
	KUNIT_EXPECT_EQ(test, of_parse_phandle_with_args(np, "good", "#x-cells", 4, &args), 0);
	KUNIT_EXPECT_PTR_EQ(test, args.np, node(test, "/two"));
	KUNIT_EXPECT_EQ(test, args.args_count, 2);
	KUNIT_EXPECT_EQ(test, args.args[0] * 10 + args.args[1], 34);
	KUNIT_EXPECT_EQ(test, of_parse_phandle_with_args(np, "good", "#x-cells", 3, NULL), 0);
	KUNIT_EXPECT_EQ(test, of_parse_phandle_with_args(np, "most", "#x-cells", 0, &args), 0);
	KUNIT_EXPECT_EQ(test, args.args[MAX_PHANDLE_ARGS - 1], 15);

	KUNIT_EXPECT_EQ(test, of_parse_phandle_with_fixed_args(np, "fixed", 1, 1, &args), 0);
	KUNIT_EXPECT_PTR_EQ(test, args.np, node(test, "/two"));
	KUNIT_EXPECT_EQ(test, args.args[0], 8);
	KUNIT_EXPECT_PTR_EQ(test, of_parse_phandle(np, "bare", 1), node(test, "/two"));
	KUNIT_EXPECT_PTR_EQ(test, of_parse_phandle(np, "bare", 2), node(test, "/intc@8000000"));
	KUNIT_EXPECT_NULL(test, of_parse_phandle(np, "bare", 3));
	KUNIT_EXPECT_EQ(test, of_count_phandle_with_args(np, "bare", NULL), 3);
}

static void lists_of_phandles_that_are_wrong(struct kunit *test)
{
	static const struct { const char *list; int index, error, count; } table[] = {
		{ "good", 2, -ENOENT, 5 }, { "good", 5, -ENOENT, 5 }, { "good", -1, -EINVAL, 5 },
		{ "short", 1, -EINVAL, -EINVAL }, { "lost", 1, -EINVAL, -EINVAL },
		{ "no-cells", 1, -EINVAL, -EINVAL }, { "more", 0, -EINVAL, -EINVAL },
		{ "wraps", 0, -EINVAL, -EINVAL }, { "torn", 0, -ENOENT, 0 },
		{ "empty", 0, -ENOENT, 0 }, { "none", 0, -ENOENT, -ENOENT },
	};
	const struct device_node *np = node(test, "/lists");

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct of_phandle_args args = { .args_count = 99 };

		KUNIT_EXPECT_EQ(test, of_parse_phandle_with_args(np, table[i].list, "#x-cells",
								 table[i].index, &args),
				table[i].error);
		KUNIT_EXPECT_EQ(test, args.args_count, 99);
		KUNIT_EXPECT_EQ(test, of_count_phandle_with_args(np, table[i].list, "#x-cells"),
				table[i].count);
	}
	KUNIT_EXPECT_NULL(test, of_parse_phandle(np, "torn", 0));
	KUNIT_EXPECT_EQ(test, of_parse_phandle_with_fixed_args(np, "lost", 0, 1, NULL), -EINVAL);
}

/* ---- addresses ---- */

struct place {
	const char *path;
	int index;
	int ret;
	u64 start, size;
	const char *name;
};

static void expect_places(struct kunit *test, const struct place *p, size_t n)
{
	for (; n; n--, p++) {
		struct resource res = { .name = "untouched" };
		int ret = of_address_to_resource(node(test, p->path), p->index, &res);

		if (ret != p->ret)
			KUNIT_FAIL(test, "%s: %d, not %d", p->path, ret, p->ret);
		KUNIT_EXPECT_STREQ(test, res.name, ret ? "untouched" : p->name);
		if (ret)
			continue;
		KUNIT_EXPECT_EQ(test, res.start, p->start);
		KUNIT_EXPECT_EQ(test, res.end, p->start + (p->size - 1));
		KUNIT_EXPECT_EQ(test, res.flags, IORESOURCE_MEM);
	}
}

static void addresses_through_all_buses(struct kunit *test)
{
	static const struct place places[] = {
		{ "/soc/uart@1000", 0, 0, 0x10001000, 0x100, "regs" },
		{ "/soc/uart@1000", 1, 0, 0x4000000010, 0x20, "fifo" },
		{ "/soc/uart@2000", 0, 0, 0x10002000, 0x100, "uart@2000" },
		{ "/soc/bridge@100000/dev@10", 0, 0, 0x10100010, 0x10, "dev@10" },
		{ "/soc/same/dev@4000", 0, 0, 0x10004000, 0x10, "dev@4000" },
		{ "/intc@8000000/frame@8020000", 0, 0, 0x08020000, 0x1000, "frame@8020000" },
		{ "/wrap/inside@10", 0, 0, 0xfffffffffffff010, 0x10, "inside@10" },
		{ "/wrap/last@ff0", 0, 0, 0xfffffffffffffff0, 0x10, "last@ff0" },
		{ "/wrap/top", 0, 0, 0x1ff0, 0x10, "top" },
		{ "/wide/narrow@20", 0, 0, 0x60000020, 0x10, "narrow@20" },
		{ "/pci@60000000/mem32@2,0", 0, 0, 0x10002000, 0x100, "mem32@2,0" },
		{ "/pci@60000000/mem64@0,0", 0, 0, 0x8000001000, 0x100, "mem64@0,0" },
		{ "/pci@60000000/mem64-low@2,0", 0, 0, 0x10003000, 0x100, "mem64-low@2,0" },
		{ "/memory@80000000", 0, 0, 0x80000000, 0x10000000, "memory@80000000" },
	};

	expect_places(test, places, ARRAY_SIZE(places));
}

static void addresses_that_nobody_has(struct kunit *test)
{
	static const struct place places[] = {
		{ .path = "/soc/uart@1000", .index = 2, .ret = -EINVAL },
		{ .path = "/soc/uart@1000", .index = 3, .ret = -EINVAL },
		{ .path = "/soc/uart@1000", .index = -1, .ret = -EINVAL },
		{ .path = "/soc/uart@1000", .index = INT32_MAX, .ret = -EINVAL },
		{ .path = "/soc/button", .ret = -EINVAL },
		{ .path = "/", .ret = -EINVAL },
		{ .path = "/soc/bridge@100000/behind@1000", .ret = -EINVAL },
		{ .path = "/soc/bridge@100000/edge@9000", .ret = -EINVAL },
		{ .path = "/soc/blind/dev@0", .ret = -EINVAL },
		{ .path = "/wrap/behind@2000", .ret = -EINVAL },
		{ .path = "/wrap/end@800", .ret = -EOVERFLOW },
		{ .path = "/wide/too-big", .ret = -EINVAL },
		{ .path = "/wide/too-long", .ret = -EINVAL },
		{ .path = "/cells0/dev", .ret = -EINVAL },
		{ .path = "/cells5/dev", .ret = -EINVAL },
		{ .path = "/cells-huge/dev", .ret = -EINVAL },
		{ .path = "/cpus/cpu@1", .ret = -EINVAL },
		{ .path = "/pci@60000000/io@1,0", .ret = -EINVAL },
	};

	expect_places(test, places, ARRAY_SIZE(places));
}

static void untranslated_addresses(struct kunit *test)
{
	const struct device_node *io = node(test, "/pci@60000000/io@1,0");
	unsigned int flags;
	u64 size;
	const __be32 *addr = of_get_address(io, 0, &size, &flags);

	KUNIT_ASSERT_NOT_NULL(test, addr);
	KUNIT_EXPECT_EQ(test, size, 0x10);
	KUNIT_EXPECT_EQ(test, flags, IORESOURCE_IO);
	KUNIT_EXPECT_EQ(test, of_translate_address(io, addr), 0x3eff0020);

	addr = of_get_address(node(test, "/cpus/cpu@1"), 0, &size, NULL);
	KUNIT_ASSERT_NOT_NULL(test, addr);
	KUNIT_EXPECT_EQ(test, be32_to_cpup(addr), 1);
	KUNIT_EXPECT_EQ(test, size, 0);
	addr = of_get_address(node(test, "/sizeless/dev"), 0, NULL, NULL);
	KUNIT_ASSERT_NOT_NULL(test, addr);
	KUNIT_EXPECT_TRUE(test, of_translate_address(node(test, "/sizeless/dev"), addr) ==
			  OF_BAD_ADDR);
	KUNIT_EXPECT_EQ(test, of_n_addr_cells(node(test, "/cpus/cpu@1")), 1);
	KUNIT_EXPECT_EQ(test, of_n_size_cells(node(test, "/cpus/cpu@1")), 0);
	KUNIT_EXPECT_EQ(test, of_bus_n_addr_cells(node(test, "/soc/button")), 1);
	KUNIT_EXPECT_EQ(test, of_n_addr_cells(of_root), 2);
}

/* ---- interrupts ---- */

struct wire {
	const char *path;
	int index;
	int ret;
	const char *controller;
	int n;
	u32 args[3];
};

static void expect_wires(struct kunit *test, const struct wire *w, size_t n)
{
	for (; n; n--, w++) {
		struct of_phandle_args irq;
		int ret = of_irq_parse_one(node(test, w->path), w->index, &irq);

		if (ret != w->ret)
			KUNIT_FAIL(test, "%s: %d, not %d", w->path, ret, w->ret);
		if (ret)
			continue;
		KUNIT_EXPECT_STREQ(test, irq.np->full_name, w->controller);
		KUNIT_ASSERT_EQ(test, irq.args_count, w->n);
		for (int i = 0; i < w->n; i++)
			KUNIT_EXPECT_EQ(test, irq.args[i], w->args[i]);
	}
}

static void interrupts_reach_their_controller(struct kunit *test)
{
	static const struct wire wires[] = {
		{ "/soc/uart@1000", 0, 0, "intc@8000000", 3, { 0, 5, 4 } },
		{ "/soc/uart@1000", 1, 0, "intc@8000000", 3, { 1, 2, 1 } },
		{ "/soc/gpio@3000", 0, 0, "intc@8000000", 3, { 0, 7, 4 } },
		{ "/soc/button", 0, 0, "gpio@3000", 2, { 3, 1 } },
		{ "/extended", 0, 0, "intc@8000000", 3, { 0, 21, 4 } },
		{ "/extended", 2, 0, "gpio@3000", 2, { 2, 8 } },
		{ "/extended-torn", 0, 0, "gpio@3000", 2, { 2, 8 } },
		{ "/relayed", 0, 0, "intc@8000000", 3, { 0, 11, 4 } },
		{ "/on-plain", 0, 0, "gpio@3000", 2, { 1, 1 } },
		{ "/on-plain", 1, 0, "intc@8000000", 3, { 0, 40, 1 } },
		{ "/pci@60000000/mem64@0,0", 0, 0, "intc@8000000", 3, { 0, 3, 4 } },
		{ "/pci@60000000/slot1@1,0", 0, 0, "gpio@3000", 2, { 6, 1 } },
		{ "/pci@60000000/mem32@2,0", 0, 0, "intc@8000000", 3, { 0, 8, 4 } },
	};

	expect_wires(test, wires, ARRAY_SIZE(wires));
	KUNIT_EXPECT_PTR_EQ(test, of_irq_find_parent(node(test, "/soc/uart@1000")),
			    node(test, "/intc@8000000"));
}

static void interrupts_that_reach_nothing(struct kunit *test)
{
	static const struct wire wires[] = {
		{ .path = "/soc/uart@1000", .index = 2, .ret = -EOVERFLOW },
		{ .path = "/soc/uart@1000", .index = -1, .ret = -EINVAL },
		{ .path = "/soc/uart@1000", .index = INT32_MAX, .ret = -EOVERFLOW },
		{ .path = "/soc/uart@2000", .ret = -EINVAL },
		{ .path = "/extended", .index = 1, .ret = -ENOENT },
		{ .path = "/extended", .index = 3, .ret = -ENOENT },
		{ .path = "/extended-torn", .index = 1, .ret = -EINVAL },
		{ .path = "/ring-a", .ret = -EINVAL },
		{ .path = "/ring-b", .ret = -EINVAL },
		{ .path = "/self", .ret = -EINVAL },
		{ .path = "/in-circles", .index = 0, .ret = -EINVAL },
		{ .path = "/in-circles", .index = 1, .ret = -EINVAL },
		{ .path = "/misfitted", .ret = -EINVAL },
		{ .path = "/cell-less", .ret = -EINVAL },
		{ .path = "/huge", .ret = -EINVAL },
		{ .path = "/lost", .ret = -EINVAL },
		{ .path = "/on-torn", .ret = -EINVAL },
		{ .path = "/on-lost", .ret = -EINVAL },
		{ .path = "/on-empty", .ret = -EINVAL },
		{ .path = "/on-mask", .ret = -EINVAL },
		{ .path = "/on-wide", .ret = -EINVAL },
		{ .path = "/on-plain", .index = 2, .ret = -EINVAL },
		{ .path = "/no-reg", .ret = -EINVAL },
		{ .path = "/pci@60000000/slot3@3,0", .ret = -EINVAL },
	};

	expect_wires(test, wires, ARRAY_SIZE(wires));
}

static void interrupts_are_counted(struct kunit *test)
{
	static const struct { const char *path; int count; } table[] = {
		{ "/soc/uart@1000", 2 }, { "/soc/uart@2000", 0 }, { "/soc/button", 1 },
		{ "/extended", 3 }, { "/extended-torn", 0 }, { "/ring-a", 0 }, { "/cell-less", 0 },
		{ "/huge", 0 }, { "/lost", 0 }, { "/in-circles", 2 }, { "/on-plain", 3 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		KUNIT_EXPECT_EQ(test, of_irq_count(node(test, table[i].path)), table[i].count);
}

static struct kunit_case board_cases[] = {
	KUNIT_CASE(no_tree_is_an_empty_tree),
	KUNIT_CASE(paths_aliases_and_options),
	KUNIT_CASE(an_alias_gives_a_number),
	KUNIT_CASE(all_nodes_come_parents_first),
	KUNIT_CASE(children_by_name_kind_and_status),
	KUNIT_CASE(compatible_nodes_one_after_the_other),
	KUNIT_CASE(the_first_compatible_string_wins),
	KUNIT_CASE(flags_and_names),
	KUNIT_CASE(numbers_in_properties),
	KUNIT_CASE(numbers_that_are_not_there),
	KUNIT_CASE(strings_in_properties),
	KUNIT_CASE(strings_without_an_end_are_not_read),
	KUNIT_CASE(lists_of_phandles),
	KUNIT_CASE(lists_of_phandles_that_are_wrong),
	KUNIT_CASE(addresses_through_all_buses),
	KUNIT_CASE(addresses_that_nobody_has),
	KUNIT_CASE(untranslated_addresses),
	KUNIT_CASE(interrupts_reach_their_controller),
	KUNIT_CASE(interrupts_that_reach_nothing),
	KUNIT_CASE(interrupts_are_counted),
	{}
};

static struct kunit_suite board_suite = {
	.name = "of",
	.init = attach_board,
	.exit = detach,
	.test_cases = board_cases,
};
kunit_test_suite(board_suite);

/* ---- QEMU's own tree (addresses and numbers: QEMU 7.2, hw/arm/virt.c) ---- */

static int attach_virt(struct kunit *test)
{
	attach(test, "virt.dtb");
	return 0;
}

static void virt_registers(struct kunit *test)
{
	static const struct place places[] = {
		{ "/pl061@9030000", 0, 0, 0x09030000, 0x1000, "pl061@9030000" },
		{ "/pl011@9000000", 0, 0, 0x09000000, 0x1000, "pl011@9000000" },
		{ "/intc@8000000", 0, 0, 0x08000000, 0x10000, "intc@8000000" },
		{ "/intc@8000000", 1, 0, 0x08010000, 0x10000, "intc@8000000" },
		{ "/intc@8000000/v2m@8020000", 0, 0, 0x08020000, 0x1000, "v2m@8020000" },
		{ "/pcie@10000000", 0, 0, 0x4010000000, 0x10000000, "pcie@10000000" },
		{ "/virtio_mmio@a003e00", 0, 0, 0x0a003e00, 0x200, "virtio_mmio@a003e00" },
	};

	expect_places(test, places, ARRAY_SIZE(places));
}

static void virt_interrupts(struct kunit *test)
{
	static const struct wire wires[] = {
		{ "/pl061@9030000", 0, 0, "intc@8000000", 3, { 0, 7, 4 } },
		{ "/pl011@9000000", 0, 0, "intc@8000000", 3, { 0, 1, 4 } },
		{ "/virtio_mmio@a003e00", 0, 0, "intc@8000000", 3, { 0, 47, 1 } },
		{ "/timer", 0, 0, "intc@8000000", 3, { 1, 13, 0x104 } },
		{ "/timer", 3, 0, "intc@8000000", 3, { 1, 10, 0x104 } },
		{ .path = "/timer", .index = 4, .ret = -EOVERFLOW },
		{ .path = "/intc@8000000", .ret = -EINVAL },
	};

	expect_wires(test, wires, ARRAY_SIZE(wires));
	KUNIT_EXPECT_EQ(test, of_irq_count(node(test, "/timer")), 4);
}

/* Pin `pin` of slot `slot` is SPI 3 + (slot + pin - 1) % 4. */
static void virt_pci_interrupts(struct kunit *test)
{
	for (u32 slot = 0; slot < 8; slot++) {
		for (u32 pin = 1; pin <= 4; pin++) {
			const __be32 unit[3] = { cpu_to_be32(slot << 11 | 0x700) };
			struct of_phandle_args irq = { .np = node(test, "/pcie@10000000"),
						       .args_count = 1, .args = { pin } };

			KUNIT_EXPECT_EQ(test, of_irq_parse_raw(unit, &irq), 0);
			KUNIT_EXPECT_STREQ(test, irq.np->full_name, "intc@8000000");
			KUNIT_EXPECT_EQ(test, irq.args[1], 3 + (slot + pin - 1) % 4);
			KUNIT_EXPECT_EQ(test, irq.args[2], 4);
		}
	}
}

static void virt_console_and_power_button(struct kunit *test)
{
	const struct device_node *key = node(test, "/gpio-keys/poweroff");
	struct of_phandle_args args;
	u32 code;

	KUNIT_EXPECT_PTR_EQ(test, of_stdout, node(test, "/pl011@9000000"));
	KUNIT_EXPECT_NULL(test, of_stdout_options);
	KUNIT_EXPECT_EQ(test, of_property_read_u32(key, "linux,code", &code), 0);
	KUNIT_EXPECT_EQ(test, code, 116);
	KUNIT_EXPECT_EQ(test, of_parse_phandle_with_args(key, "gpios", "#gpio-cells", 0, &args), 0);
	KUNIT_EXPECT_PTR_EQ(test, args.np, node(test, "/pl061@9030000"));
	KUNIT_EXPECT_EQ(test, args.args[0], 3);
	KUNIT_EXPECT_EQ(test, args.args[1], 0);
}

static int note_memory(u64 base, u64 size, const struct device_node *np, void *arg)
{
	u64 *seen = arg;

	(void)np;
	seen[0] = base;
	seen[1] += size;
	return 0;
}

static void virt_memory(struct kunit *test)
{
	u64 seen[2] = { 0, 0 };

	KUNIT_EXPECT_EQ(test, of_scan_memory(note_memory, seen), 0);
	KUNIT_EXPECT_EQ(test, seen[0], 0x40000000);
	KUNIT_EXPECT_EQ(test, seen[1], 128 << 20);
	seen[1] = 0;
	KUNIT_EXPECT_EQ(test, of_scan_reserved(note_memory, seen), 0);
	KUNIT_EXPECT_EQ(test, seen[1], 0);
}

/* Asks all there is to ask; what comes back is the tree's affair, but it comes. */
static void ask(struct kunit *test, struct device_node *np)
{
	static const char *const lists[] = { "good", "clocks", "gpios", "bare", "interrupts" };
	struct of_phandle_args args;
	struct property *prop;
	struct resource res;
	const char *s;
	int n = of_irq_count(np);

	for (int k = 0; k <= n && k < 16; k++)
		(void)of_irq_parse_one(np, k, &args);
	for (int k = 0; k < 16; k++) {
		if (of_address_to_resource(np, k, &res) == 0)
			KUNIT_EXPECT_TRUE(test, res.start <= res.end);
	}
	for (size_t k = 0; k < ARRAY_SIZE(lists); k++) {
		(void)of_parse_phandle_with_args(np, lists[k], "#x-cells", (int)k, &args);
		n = of_count_phandle_with_args(np, lists[k], "#gpio-cells");
		KUNIT_EXPECT_GE(test, n, -EINVAL);
	}
	for_each_property_of_node(np, prop) {
		n = of_property_count_strings(np, prop->name);
		KUNIT_EXPECT_LE(test, n, prop->length);
		(void)of_property_match_string(np, prop->name, "x");
		if (n > 0)
			KUNIT_EXPECT_EQ(test, of_property_read_string_index(np, prop->name, n - 1,
									    &s), 0);
	}
	(void)of_device_is_available(np);
	(void)of_device_is_compatible(np, "arm,primecell");
	(void)of_alias_get_id(np, "serial");
	(void)of_node_is_type(np, "pci");
}

static int ignore_memory(u64 base, u64 size, const struct device_node *np, void *arg)
{
	(void)np;
	(void)arg;
	return base + (size - 1) < base ? -EINVAL : 0;
}

static void ask_all(struct kunit *test)
{
	struct device_node *np;

	for_each_of_allnodes(np)
		ask(test, np);
	KUNIT_EXPECT_EQ(test, of_scan_memory(ignore_memory, NULL), 0);
	KUNIT_EXPECT_EQ(test, of_scan_reserved(ignore_memory, NULL), 0);
}

static void every_node_of_every_tree_answers(struct kunit *test)
{
	size_t n;
	const struct tree_file *files = tree_files(&n);

	for (size_t i = 0; i < n; i++) {
		detach(test);
		attach(test, files[i].name);
		ask_all(test);
	}
}

/* One property in `one_in` gets a word that is likely to hurt, or ends earlier. */
struct damage {
	struct random random;
	unsigned int one_in;
};

static void damage_value(struct property *prop, void *arg)
{
	static const u32 words[] = { 0, 1, 2, 3, 4, 5, 16, 17, 0x7fffffff, 0x80000000, 0xfffffff0,
				     0xffffffff, 0x40000000, 0x8002 };
	struct damage *damage = arg;
	u32 length = (u32)prop->length, word;
	u8 *value;

	if (random_below(&damage->random, damage->one_in) || !length)
		return;
	value = malloc(length);
	memcpy(value, prop->value, length);
	free_value(prop, NULL);
	prop->value = value;
	if (random_below(&damage->random, 4) == 0 || length < 4) {
		prop->length = (int)random_below(&damage->random, length);
		isolate_value(prop, NULL);
		free(value);
		return;
	}
	word = random_below(&damage->random, 3) ?
	       words[random_below(&damage->random, ARRAY_SIZE(words))] :
	       random_below(&damage->random, 40);
	word = cpu_to_be32(word);
	memcpy(value + 4 * random_below(&damage->random, length / 4), &word, sizeof(word));
}

static void damaged_values_get_an_answer(struct kunit *test)
{
	size_t n;
	const struct tree_file *files = tree_files(&n);

	for (u64 i = 0; i < 600; i++) {
		struct damage damage = { .random = { i * 0x9e3779b97f4a7c15ull | 1 } };

		damage.one_in = 2 + random_below(&damage.random, 40);
		detach(test);
		unflatten(test, files[i % 2 ? 0 : i / 2 % n].name);
		for_each_property(tree.root, damage_value, &damage);
		of_attach_tree(&tree);
		ask_all(test);
	}
}

static struct kunit_case virt_cases[] = {
	KUNIT_CASE(virt_registers),
	KUNIT_CASE(virt_interrupts),
	KUNIT_CASE(virt_pci_interrupts),
	KUNIT_CASE(virt_console_and_power_button),
	KUNIT_CASE(virt_memory),
	KUNIT_CASE(every_node_of_every_tree_answers),
	KUNIT_CASE(damaged_values_get_an_answer),
	{}
};

static struct kunit_suite virt_suite = {
	.name = "of-virt",
	.init = attach_virt,
	.exit = detach,
	.test_cases = virt_cases,
};
kunit_test_suite(virt_suite);
