/* SPDX-License-Identifier: MIT */
/*
 * What the tree says of memory: banks, reservations, and the counts of cells that they are
 * written in.
 */
#include <lib/fdt.h>

#include <lib/errno.h>
#include <lib/minmax.h>

#include "fdt_blob.h"
#include "fdt_judge.h"

struct range {
	u64 base, size;
	const char *node;
};

struct ranges {
	struct range list[8];
	size_t n;
	size_t stop_at;		/* ends the scan after so many */
};

static int note_range(u64 base, u64 size, const struct device_node *node, void *arg)
{
	struct ranges *r = arg;

	r->list[r->n++] = (struct range){ base, size, node ? node->full_name : "" };
	return r->n == r->stop_at ? -EBUSY : 0;
}

static void expect_ranges(struct kunit *test, const struct ranges *r, const struct range *want,
			  size_t n)
{
	KUNIT_ASSERT_EQ(test, r->n, n);
	for (size_t i = 0; i < n; i++) {
		KUNIT_EXPECT_EQ(test, r->list[i].base, want[i].base);
		KUNIT_EXPECT_EQ(test, r->list[i].size, want[i].size);
		KUNIT_EXPECT_STREQ(test, r->list[i].node, want[i].node);
	}
}

static void memory_node(struct build *b, const char *name, const char *type, const char *status)
{
	begin_node(b, name);
	text(b, "device_type", type);
	if (status)
		text(b, "status", status);
	cells(b, "reg", 1, 0, 0, 0x1000);
	end_node(b);
}

static struct build *memory_tree(void)
{
	static const u64 reserved[] = { 0x5000, 0x1000, ~0ull - 1, 0x1000, 0x7000, 0x10 };
	static struct build b;

	start(&b, reserved, 3);
	begin_node(&b, "");
	cells(&b, "#address-cells", 2);
	cells(&b, "#size-cells", 2);
	begin_node(&b, "memory@40000000");
	text(&b, "device_type", "memory");
	cells(&b, "reg", 0, 0x40000000, 0, 0x1000,	/* one bank, */
	      8, 0, 1, 0,				/* one high up, */
	      0, 0x1000, 0, 0,				/* an empty one, */
	      0xffffffff, 0xfffff000, 0, 0x1001,	/* one that wraps, */
	      0xffffffff, 0xfffff000, 0, 0x1000,	/* one that just does not, */
	      0, 0x2000, 0);				/* and a piece */
	end_node(&b);
	memory_node(&b, "memory@on", "memory", "okay");
	memory_node(&b, "memory@off", "memory", "disabled");
	memory_node(&b, "memory@odd", "memory\0x", NULL);
	memory_node(&b, "other", "cpu", NULL);
	begin_node(&b, "kdump");
	text(&b, "device_type", "memory");
	cells(&b, "reg", 9, 0, 0, 0x1000);
	cells(&b, "linux,usable-memory", 9, 0, 0, 0x10);
	end_node(&b);
	begin_node(&b, "empty");
	property(&b, "device_type", "memory", 6);	/* not terminated */
	cells(&b, "reg", 9, 0, 0, 0x1000);
	end_node(&b);
	begin_node(&b, "reserved-memory");
	cells(&b, "#address-cells", 1);
	cells(&b, "#size-cells", 1);
	begin_node(&b, "fb@9000");
	cells(&b, "reg", 0x9000, 0x800);
	property(&b, "no-map", NULL, 0);
	end_node(&b);
	begin_node(&b, "pool");
	end_node(&b);
	begin_node(&b, "off@1");
	text(&b, "status", "disabled");
	cells(&b, "reg", 1, 1);
	end_node(&b);
	end_node(&b);
	end_node(&b);
	word(&b, END);
	finish(&b);
	return &b;
}

static void memory_and_reservations_are_found(struct kunit *test)
{
	static const struct range memory[] = {
		{ 0x40000000, 0x1000, "memory@40000000" },
		{ 0x800000000, 0x100000000, "memory@40000000" },
		{ 0xfffffffffffff000, 0x1000, "memory@40000000" },
		{ 0x100000000, 0x1000, "memory@on" },
		{ 0x100000000, 0x1000, "memory@odd" },
		{ 0x900000000, 0x10, "kdump" },
	};
	static const struct range reserved[] = {
		{ 0x5000, 0x1000, "" }, { 0x7000, 0x10, "" }, { 0x9000, 0x800, "fb@9000" },
	};
	const struct build *b = memory_tree();
	struct ranges r = { .n = 0 };
	struct fdt_tree tree;
	u8 arena[8192];

	KUNIT_EXPECT_EQ(test, check(test, b->bytes, b->n, "memory", 0), ORACLE_GOOD);
	KUNIT_ASSERT_EQ(test, fdt_unflatten(&tree, b->bytes, b->n, arena, sizeof(arena), &said),
			0);
	KUNIT_EXPECT_EQ(test, fdt_scan_memory(&tree, note_range, &r), 0);
	expect_ranges(test, &r, memory, ARRAY_SIZE(memory));

	r.n = 0;
	KUNIT_EXPECT_EQ(test, fdt_scan_reserved(&tree, note_range, &r), 0);
	expect_ranges(test, &r, reserved, ARRAY_SIZE(reserved));

	for (r.stop_at = 1; r.stop_at <= ARRAY_SIZE(reserved); r.stop_at++) {
		r.n = 0;
		KUNIT_EXPECT_EQ(test, fdt_scan_reserved(&tree, note_range, &r), -EBUSY);
		KUNIT_EXPECT_EQ(test, r.n, r.stop_at);
	}
}

static void cells_that_make_no_sense_give_no_memory(struct kunit *test)
{
	static const struct { u32 address, size, reg[6]; size_t ranges; } table[] = {
		{ 1, 1, { 0, 0x1000, 0x1000, 0x10, 0x2000, 0 }, 2 },
		{ 2, 2, { 0, 0x1000, 0x1, 0x10, 0, 0 }, 1 },
		{ 0, 1, { 0x10 }, 1 },
		{ 1, 0, { 0x10 }, 0 },
		{ 0, 0, { 0x10 }, 0 },
		{ 4, 2, { 0, 0, 0, 0x1000, 0, 0x10 }, 1 },
		{ 2, 4, { 0, 0x1000, 0, 0, 0, 0x10 }, 1 },
		{ 4, 2, { 0, 1, 0, 0x1000, 0, 0x10 }, 0 },
		{ 5, 1, { 0, 0, 0, 0, 0x1000, 0x10 }, 0 },
		{ 1, 5, { 0x1000, 0, 0, 0, 0, 0x10 }, 0 },
		{ 4, 4, { 0, 0, 0, 0, 0, 0 }, 0 },
		{ 0xffffffff, 1, { 1, 1, 1, 1 }, 0 },
		{ 1, 0xffffffff, { 1, 1, 1, 1 }, 0 },
		{ 0xffffffff, 2, { 1, 1, 1, 1 }, 0 },
		{ 2, 0xffffffff, { 1, 1, 1, 1 }, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct ranges r = { .n = 0 };
		struct fdt_tree tree;
		struct build b;
		u8 arena[2048];

		start(&b, NULL, 0);
		begin_node(&b, "");
		cells(&b, "#address-cells", table[i].address);
		cells(&b, "#size-cells", table[i].size);
		begin_node(&b, "memory");
		text(&b, "device_type", "memory");
		word(&b, PROP);
		word(&b, sizeof(table[i].reg));
		word(&b, string_offset("reg"));
		for (size_t k = 0; k < ARRAY_SIZE(table[i].reg); k++)
			word(&b, table[i].reg[k]);
		end_node(&b);
		end_node(&b);
		word(&b, END);
		finish(&b);
		KUNIT_ASSERT_EQ(test, fdt_unflatten(&tree, b.bytes, b.n, arena, sizeof(arena),
						    &said), 0);
		fdt_scan_memory(&tree, note_range, &r);
		KUNIT_EXPECT_EQ(test, r.n, table[i].ranges);
	}
}

/* Too short to be a count, so that of the node above, or 1, holds. */
static void counts_that_are_cut_short_do_not_count(struct kunit *test)
{
	struct fdt_tree tree;
	struct build b;
	u8 arena[1024];

	start(&b, NULL, 0);
	begin_node(&b, "");
	property(&b, "#address-cells", "\0\0\2", 3);
	cells(&b, "#size-cells", 2);
	begin_node(&b, "a");
	property(&b, "#size-cells", NULL, 0);
	end_node(&b);
	end_node(&b);
	word(&b, END);
	finish(&b);
	KUNIT_ASSERT_EQ(test, fdt_unflatten(&tree, b.bytes, b.n, arena, sizeof(arena), &said), 0);
	KUNIT_EXPECT_EQ(test, tree.root->address_cells, 1);
	KUNIT_EXPECT_EQ(test, tree.root->child->address_cells, 1);
	KUNIT_EXPECT_EQ(test, tree.root->size_cells, 2);
	KUNIT_EXPECT_EQ(test, tree.root->child->size_cells, 2);
}

static void numbers_fit_64_bits_or_are_none(struct kunit *test)
{
	const __be32 high[] = { 0, cpu_to_be32(1), cpu_to_be32(2), cpu_to_be32(3) };
	u64 value = 99;

	KUNIT_EXPECT_TRUE(test, fdt_read_cells(high, 3, &value));
	KUNIT_EXPECT_EQ(test, value, 0x100000002);
	KUNIT_EXPECT_FALSE(test, fdt_read_cells(high, 4, &value));
	KUNIT_EXPECT_FALSE(test, fdt_read_cells(high + 1, 3, &value));
	KUNIT_EXPECT_EQ(test, value, 0x100000002);
	KUNIT_EXPECT_TRUE(test, fdt_read_cells(high, 0, &value));
	KUNIT_EXPECT_EQ(test, value, 0);
}

static struct kunit_case fdt_memory_cases[] = {
	KUNIT_CASE(memory_and_reservations_are_found),
	KUNIT_CASE(cells_that_make_no_sense_give_no_memory),
	KUNIT_CASE(counts_that_are_cut_short_do_not_count),
	KUNIT_CASE(numbers_fit_64_bits_or_are_none),
	{}
};

static struct kunit_suite fdt_memory_suite = {
	.name = "fdt_memory",
	.test_cases = fdt_memory_cases,
	.suite_init = map_guard,
};
kunit_test_suite(fdt_memory_suite);
