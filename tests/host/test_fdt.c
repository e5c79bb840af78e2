/* SPDX-License-Identifier: MIT */
/*
 * The tree parser against libfdt over QEMU's own trees and hand-made ones; its arena, its errors
 * and the header alone.
 */
#include <lib/fdt.h>

#include <lib/errno.h>
#include <lib/minmax.h>

#include "fdt_blob.h"
#include "fdt_judge.h"
#include "fdt_trees.h"

/* ---- trees as they are ---- */

static void path_of(const struct device_node *node, char *path, size_t size)
{
	size_t length;

	if (!node->parent) {
		strscpy(path, "", size);
		return;
	}
	path_of(node->parent, path, size);
	length = strlen(path);
	strscpy(path + length, "/", size - length);
	strscpy(path + length + 1, node->full_name, size - length - 1);
}

static void phandles_are_found(struct kunit *test, const struct fdt_tree *tree,
			       const struct device_node *node, unsigned int *found)
{
	char path[256], theirs[256];

	if (node->phandle) {
		KUNIT_EXPECT_PTR_EQ(test, fdt_find_phandle(tree, node->phandle), node);
		path_of(node, path, sizeof(path));
		KUNIT_ASSERT_EQ(test, oracle_phandle_path(tree->blob, node->phandle, theirs,
							  sizeof(theirs)), 0);
		KUNIT_EXPECT_STREQ(test, path, theirs);
		++*found;
	}
	for (node = node->child; node; node = node->sibling)
		phandles_are_found(test, tree, node, found);
}

static void whole_trees_read_the_same(struct kunit *test)
{
	size_t n;
	const struct tree_file *files = tree_files(&n);

	KUNIT_ASSERT_GE(test, n, 9);
	for (size_t i = 0; i < n; i++) {
		const u8 *blob;
		size_t arena_size;
		struct fdt_tree tree;
		unsigned int found = 0;
		void *arena;

		KUNIT_EXPECT_EQ(test, check(test, files[i].bytes, files[i].size, files[i].name, 0),
				ORACLE_GOOD);
		blob = place(files[i].bytes, files[i].size);
		arena_size = fdt_arena_bound(blob);
		arena = malloc(arena_size);
		KUNIT_ASSERT_EQ(test, fdt_unflatten(&tree, blob, files[i].size, arena, arena_size,
						    &said), 0);
		phandles_are_found(test, &tree, tree.root, &found);
		KUNIT_EXPECT_GT(test, found, 0);
		KUNIT_EXPECT_NULL(test, fdt_find_phandle(&tree, 0));
		KUNIT_EXPECT_NULL(test, fdt_find_phandle(&tree, 0xfffffffe));
		free(arena);
	}
}

/* ---- hand-made trees ---- */

#define NAME(a, b, c, d)	((u32)(a) << 24 | (u32)(b) << 16 | (u32)(c) << 8 | (u32)(d))
#define ROOT			BEGIN, 0
#define SUB(letter)		BEGIN, NAME(letter, 0, 0, 0)
#define REG(length)		PROP, length, 22	/* its name's place in `fdt_strings` */

static const struct edge {
	const char *what;
	enum oracle_verdict verdict;
	const char *reason;
	u32 words[20];
	u32 n;
} edges[] = {
#define EDGE(what, verdict, reason, ...) \
	{ what, verdict, reason, { __VA_ARGS__ }, sizeof((u32[]){ __VA_ARGS__ }) / 4 }
	EDGE("root alone", ORACLE_GOOD, NULL, ROOT, END_NODE, END),
	EDGE("FDT_NOP everywhere inside", ORACLE_GOOD, NULL,
	     NOP, ROOT, NOP, REG(0), NOP, SUB('a'), NOP, END_NODE, NOP, END_NODE, END),
	EDGE("FDT_NOP behind the root", ORACLE_GOOD_NOP, NULL, ROOT, END_NODE, NOP, NOP, END),
	EDGE("words behind FDT_END", ORACLE_GOOD, NULL, ROOT, END_NODE, END, 77, BEGIN),
	EDGE("subnode without a name", ORACLE_GOOD, NULL, ROOT, BEGIN, 0, END_NODE, END_NODE, END),
	EDGE("two subnodes of one name", ORACLE_GOOD, NULL,
	     ROOT, SUB('a'), END_NODE, SUB('a'), END_NODE, END_NODE, END),
	EDGE("property twice", ORACLE_GOOD, NULL, ROOT, REG(0), REG(0), END_NODE, END),
	EDGE("property without a name", ORACLE_GOOD, NULL,
	     ROOT, PROP, 0, sizeof(fdt_strings) - 1, END_NODE, END),
	EDGE("value that looks like tags", ORACLE_GOOD, NULL,
	     ROOT, REG(12), END_NODE, END, END, END_NODE, END),
	EDGE("nothing", ORACLE_BAD, "structure does not end, nodes open"),
	EDGE("no root", ORACLE_BAD_ROOT, "no root node, tag", END),
	EDGE("no root but FDT_NOP", ORACLE_BAD_ROOT, "no root node, tag", NOP, END),
	EDGE("root with a name", ORACLE_BAD, "root node has a name", SUB('a'), END_NODE, END),
	EDGE("second root", ORACLE_BAD, "second root node, tag",
	     ROOT, END_NODE, ROOT, END_NODE, END),
	EDGE("second root behind FDT_NOP", ORACLE_BAD, "second root node, tag",
	     ROOT, END_NODE, NOP, ROOT, END_NODE, END),
	EDGE("property before the root", ORACLE_BAD_OUTSIDE, "property outside the root, tag",
	     REG(0), ROOT, END_NODE, END),
	EDGE("property behind the root", ORACLE_BAD, "property outside the root, tag",
	     ROOT, END_NODE, REG(0), END),
	EDGE("property behind a subnode", ORACLE_BAD_ORDER, "property after a subnode, tag",
	     ROOT, SUB('a'), END_NODE, REG(0), END_NODE, END),
	EDGE("end of a node that never began", ORACLE_BAD, "node ends that did not begin, tag",
	     ROOT, END_NODE, END_NODE, END),
	EDGE("end of a node first", ORACLE_BAD, "node ends that did not begin, tag",
	     END_NODE, ROOT, END),
	EDGE("FDT_END inside the root", ORACLE_BAD, "tree ends inside a node, tag", ROOT, END),
	EDGE("no FDT_END", ORACLE_BAD, "structure does not end, nodes open", ROOT, END_NODE),
	EDGE("tag 0", ORACLE_BAD, "bad tag", ROOT, 0, END_NODE, END),
	EDGE("tag 5", ORACLE_BAD, "bad tag", ROOT, 5, END_NODE, END),
	EDGE("tag in the wrong byte order", ORACLE_BAD, "bad tag", ROOT, END_NODE, 0x09000000),
	EDGE("name without an end", ORACLE_BAD, "node name does not end, tag",
	     ROOT, BEGIN, NAME('a', 'b', 'c', 'd')),
	EDGE("node's tag is the last word", ORACLE_BAD, "node name does not end, tag",
	     ROOT, BEGIN),
	EDGE("property's tag is the last word", ORACLE_BAD, "property is cut short, tag",
	     ROOT, PROP),
	EDGE("property without name offset", ORACLE_BAD, "property is cut short, tag",
	     ROOT, PROP, 0),
	EDGE("value longer than what is left", ORACLE_BAD, "bad property length",
	     ROOT, REG(13), END_NODE, END_NODE, END),
	EDGE("value that takes all", ORACLE_BAD, "structure does not end, nodes open",
	     ROOT, REG(12), END_NODE, END_NODE, END),
	EDGE("length of 31 bits", ORACLE_BAD, "bad property length",
	     ROOT, REG(0x7fffffff), END_NODE, END),
	EDGE("length that wraps to the tag", ORACLE_BAD_LENGTH, "bad property length",
	     ROOT, REG(0xfffffff4), END_NODE, END),
	EDGE("length that rounds up to 0", ORACLE_BAD_LENGTH, "bad property length",
	     ROOT, REG(0xffffffff), END_NODE, END),
	EDGE("name offset behind the fdt_strings", ORACLE_BAD, "bad property name offset",
	     ROOT, PROP, 0, sizeof(fdt_strings), END_NODE, END),
	EDGE("name offset far away", ORACLE_BAD, "bad property name offset",
	     ROOT, PROP, 0, 0xffffffff, END_NODE, END),
};

static void hand_made_trees_are_judged_alike(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(edges); i++) {
		const struct edge *e = &edges[i];
		struct build b;

		start(&b, NULL, 0);
		for (u32 k = 0; k < e->n; k++)
			word(&b, e->words[k]);
		finish(&b);
		said.reason = "";
		KUNIT_EXPECT_EQ(test, check(test, b.bytes, b.n, e->what, i), e->verdict);
		if (e->reason)
			KUNIT_EXPECT_STREQ(test, said.reason, e->reason);
	}
}

static void an_error_says_where_and_what(struct kunit *test)
{
	struct build b;
	struct fdt_tree tree;
	u8 arena[1024];

	start(&b, NULL, 0);
	begin_node(&b, "");
	word(&b, 0x77);
	finish(&b);
	KUNIT_EXPECT_EQ(test, fdt_unflatten(&tree, b.bytes, b.n, arena, sizeof(arena), &said),
			-EINVAL);
	KUNIT_EXPECT_STREQ(test, said.reason, "bad tag");
	KUNIT_EXPECT_EQ(test, said.value, 0x77);
	KUNIT_EXPECT_EQ(test, said.offset, HEAD_WORDS * 4 + 16 + 8);

	put(b.bytes, 0x12345678);
	KUNIT_EXPECT_EQ(test, fdt_unflatten(&tree, b.bytes, b.n, arena, sizeof(arena), &said),
			-ENOENT);
	KUNIT_EXPECT_STREQ(test, said.reason, "bad magic number");
	KUNIT_EXPECT_EQ(test, said.value, 0x12345678);
	KUNIT_EXPECT_EQ(test, said.offset, 0);
}

static void depth_is_bounded(struct kunit *test)
{
	for (unsigned int depth = FDT_DEPTH_MAX; depth <= FDT_DEPTH_MAX + 1; depth++) {
		struct build b;

		start(&b, NULL, 0);
		for (unsigned int i = 0; i < depth; i++)
			begin_node(&b, i ? "n" : "");
		for (unsigned int i = 0; i < depth; i++)
			end_node(&b);
		word(&b, END);
		finish(&b);
		KUNIT_EXPECT_EQ(test, check(test, b.bytes, b.n, "depth", depth),
				depth > FDT_DEPTH_MAX ? ORACLE_BAD_DEPTH : ORACLE_GOOD);
	}
}

/* Names are read four bytes at a time: every length, the '@' in every place. */
static void names_of_all_lengths(struct kunit *test)
{
	for (size_t length = 0; length <= 13; length++) {
		for (size_t at = 0; at <= length; at++) {
			char name[16] = "abcdefghijklm";
			struct build b;

			name[length] = '\0';
			if (at < length)
				name[at] = '@';
			if (at + 2 < length)
				name[at + 2] = '@';
			start(&b, NULL, 0);
			begin_node(&b, "");
			begin_node(&b, name);
			/* What follows the name's end in its last word is not the name's. */
			memset(b.bytes + b.n - (-(length + 1) & 3), '@', -(length + 1) & 3);
			end_node(&b);
			end_node(&b);
			word(&b, END);
			finish(&b);
			KUNIT_EXPECT_EQ(test, check(test, b.bytes, b.n, name, at), ORACLE_GOOD);
		}
	}
}

static void the_first_phandle_counts(struct kunit *test)
{
	struct device_node *root, *a, *b_node;
	struct fdt_tree tree;
	struct build b;
	u8 arena[2048];

	start(&b, NULL, 0);
	begin_node(&b, "");
	cells(&b, "phandle", 0);
	begin_node(&b, "a");
	cells(&b, "linux,phandle", 7);
	cells(&b, "phandle", 8);
	end_node(&b);
	begin_node(&b, "b");
	cells(&b, "phandle", 7);
	end_node(&b);
	begin_node(&b, "c");
	cells(&b, "phandle", 7 + FDT_PHANDLE_BUCKETS);
	end_node(&b);
	begin_node(&b, "d");
	cells(&b, "phandle", 0xffffffff);
	end_node(&b);
	begin_node(&b, "e");
	cells(&b, "phandle", 9, 9);
	end_node(&b);
	end_node(&b);
	word(&b, END);
	finish(&b);
	KUNIT_ASSERT_EQ(test, fdt_unflatten(&tree, b.bytes, b.n, arena, sizeof(arena), &said), 0);

	root = tree.root;
	a = fdt_node_child(root, "a");
	b_node = fdt_node_child(root, "b");
	KUNIT_EXPECT_EQ(test, root->phandle, 0);
	KUNIT_EXPECT_EQ(test, a->phandle, 7);
	KUNIT_EXPECT_EQ(test, b_node->phandle, 7);
	KUNIT_EXPECT_PTR_EQ(test, fdt_find_phandle(&tree, 7), a);
	KUNIT_EXPECT_PTR_EQ(test, fdt_find_phandle(&tree, 7 + FDT_PHANDLE_BUCKETS),
			    fdt_node_child(root, "c"));
	KUNIT_EXPECT_EQ(test, fdt_node_child(root, "d")->phandle, 0);
	KUNIT_EXPECT_EQ(test, fdt_node_child(root, "e")->phandle, 0);
	KUNIT_EXPECT_NULL(test, fdt_find_phandle(&tree, 8));
	KUNIT_EXPECT_NULL(test, fdt_find_phandle(&tree, 0xffffffff));
	KUNIT_EXPECT_NULL(test, fdt_node_child(root, "f"));
}

/* ---- the arena ---- */

static void a_full_arena_is_an_error(struct kunit *test)
{
	const struct build *b = small_tree();
	struct fdt_tree tree;
	size_t needed;
	void *arena = malloc(fdt_arena_bound(b->bytes));

	KUNIT_ASSERT_EQ(test, fdt_unflatten(&tree, b->bytes, b->n, arena,
					    fdt_arena_bound(b->bytes), &said), 0);
	needed = tree.arena_used;
	free(arena);

	for (size_t size = 0; size <= needed; size++) {
		arena = malloc(size);
		said.reason = NULL;
		KUNIT_EXPECT_EQ(test, fdt_unflatten(&tree, b->bytes, b->n, arena, size, &said),
				size < needed ? -ENOMEM : 0);
		if (size < needed) {
			KUNIT_EXPECT_STREQ(test, said.reason, "no memory for the nodes");
			KUNIT_EXPECT_NULL(test, tree.root);
		}
		free(arena);
	}
}

static void an_arena_may_begin_anywhere(struct kunit *test)
{
	const struct build *b = small_tree();
	size_t bound = fdt_arena_bound(b->bytes);

	for (size_t skew = 0; skew <= 2 * sizeof(void *); skew++) {
		u8 *arena = malloc(bound + skew);
		struct fdt_tree tree;

		KUNIT_EXPECT_EQ(test, fdt_unflatten(&tree, b->bytes, b->n, arena + skew, bound,
						    &said), 0);
		KUNIT_EXPECT_LE(test, tree.arena_used, bound);
		KUNIT_EXPECT_NULL(test, difference(&tree, b->bytes));
		free(arena);
	}
	for (size_t size = 0; size < sizeof(void *); size++) {
		u8 arena[2 * sizeof(void *)];
		struct fdt_tree tree;

		KUNIT_EXPECT_EQ(test, fdt_unflatten(&tree, b->bytes, b->n, arena + 1, size, &said),
				-ENOMEM);
	}
}

/* The trees with the most nodes, properties and copied names for their size. */
static void the_bound_holds_for_the_worst(struct kunit *test)
{
	static const char *const names[] = { "", "@", "a@", "abc@", "abcd@", "abcdefg@" };

	for (size_t i = 0; i <= ARRAY_SIZE(names); i++) {
		struct build b;

		start(&b, NULL, 0);
		begin_node(&b, "");
		for (int k = 0; k < 300; k++) {
			if (i == ARRAY_SIZE(names)) {
				property(&b, "reg", NULL, 0);
			} else {
				begin_node(&b, names[i]);
				end_node(&b);
			}
		}
		end_node(&b);
		word(&b, END);
		finish(&b);
		KUNIT_EXPECT_EQ(test, check(test, b.bytes, b.n, "bound", i), ORACLE_GOOD);
	}
}

/* ---- the header ---- */

static void the_header_alone_is_read_early(struct kunit *test)
{
	struct build *b = small_tree();
	const u8 *head = place(b->bytes, HEAD_WORDS * 4);
	_Alignas(8) u8 skewed[64];
	struct fdt_tree tree;

	KUNIT_EXPECT_EQ(test, fdt_totalsize_checked(head, b->n), b->n);
	KUNIT_EXPECT_EQ(test, fdt_totalsize_checked(head, SIZE_MAX), b->n);
	KUNIT_EXPECT_EQ(test, fdt_totalsize_checked(head, b->n - 1), -EFBIG);
	KUNIT_EXPECT_EQ(test, fdt_totalsize_checked(head, HEAD_WORDS * 4), -EFBIG);
	KUNIT_EXPECT_EQ(test, fdt_totalsize_checked(head, HEAD_WORDS * 4 - 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, fdt_totalsize_checked(NULL, b->n), -EINVAL);
	for (size_t skew = 1; skew < 8; skew++) {
		memcpy(skewed + skew, b->bytes, HEAD_WORDS * 4);
		KUNIT_EXPECT_EQ(test, fdt_totalsize_checked(skewed + skew, b->n), -EINVAL);
	}
	put(b->bytes + 4 * TOTALSIZE, 0x80000000);
	KUNIT_EXPECT_EQ(test, fdt_totalsize_checked(b->bytes, SIZE_MAX), -EINVAL);
	put(b->bytes + 4 * TOTALSIZE, HEAD_WORDS * 4 - 1);
	KUNIT_EXPECT_EQ(test, fdt_unflatten(&tree, b->bytes, b->n, NULL, 0, &said), -EINVAL);
	KUNIT_EXPECT_STREQ(test, said.reason, "bad total size");
	put(b->bytes + 4 * VERSION, 15);
	KUNIT_EXPECT_EQ(test, fdt_totalsize_checked(b->bytes, b->n), -EOPNOTSUPP);
	put(b->bytes + 4 * MAGIC, 0);
	KUNIT_EXPECT_EQ(test, fdt_totalsize_checked(b->bytes, b->n), -ENOENT);
}

static struct kunit_case fdt_cases[] = {
	KUNIT_CASE(whole_trees_read_the_same),
	KUNIT_CASE(hand_made_trees_are_judged_alike),
	KUNIT_CASE(an_error_says_where_and_what),
	KUNIT_CASE(depth_is_bounded),
	KUNIT_CASE(names_of_all_lengths),
	KUNIT_CASE(the_first_phandle_counts),
	KUNIT_CASE(a_full_arena_is_an_error),
	KUNIT_CASE(an_arena_may_begin_anywhere),
	KUNIT_CASE(the_bound_holds_for_the_worst),
	KUNIT_CASE(the_header_alone_is_read_early),
	{}
};

static struct kunit_suite fdt_suite = {
	.name = "fdt",
	.test_cases = fdt_cases,
	.suite_init = map_guard,
};
kunit_test_suite(fdt_suite);
