/* SPDX-License-Identifier: MIT */
/*
 * The tree parser against libfdt: the same verdict and, where that is yes, the
 * same nodes, properties and bytes, over QEMU's own trees, hand-made ones, and
 * both damaged in every single place and at random.
 *
 * A blob ends where a page begins that cannot be touched, and the bytes between
 * are poisoned: reading one byte too many ends the program. So do arenas, which
 * are allocated at the size that is claimed.
 *
 * FDT_SEED and FDT_CASES in the environment change the random part.
 */
#include <lib/fdt.h>

#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <sanitizer/asan_interface.h>
#include <sys/mman.h>

#include "fdt_oracle.h"
#include "fdt_trees.h"
#include "kunit_host.h"

#define GUARDED_BYTES	(2u << 20)
#define PAGE_BYTES	4096u
#define HEAD_WORDS	10

enum { MAGIC, TOTALSIZE, OFF_STRUCT, OFF_STRINGS, OFF_RESERVE, VERSION, LAST_COMP, BOOT_CPU,
       SIZE_STRINGS, SIZE_STRUCT };

enum { BEGIN = 1, END_NODE = 2, PROP = 3, NOP = 4, END = 9 };

/* Behind what a case expects: verdicts by kind, to see that a campaign reached them all. */
static unsigned int verdicts[ORACLE_VERDICTS];

/* ---- where blobs lie ---- */

static u8 *guard;	/* the page that must not be touched; blobs end here */

static int map_guard(struct kunit_suite *suite)
{
	u8 *area = mmap(NULL, GUARDED_BYTES + PAGE_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)suite;
	guard = area + GUARDED_BYTES;
	return area == MAP_FAILED || mprotect(guard, PAGE_BYTES, PROT_NONE) != 0;
}

/* Copies the first `size` bytes to the guard page, aligned to 8, nothing readable behind. */
static const u8 *place(const u8 *bytes, size_t size)
{
	size_t room = ALIGN(size, 8);
	u8 *at = guard - room;

	__asan_unpoison_memory_region(guard - GUARDED_BYTES, GUARDED_BYTES);
	memcpy(at, bytes, size);
	__asan_poison_memory_region(at + size, room - size);
	return at;
}

/* ---- making blobs ---- */

struct build {
	_Alignas(8) u8 bytes[16384];
	u32 n;
	u32 structs;
};

static void put(u8 *at, u32 word)
{
	word = cpu_to_be32(word);
	memcpy(at, &word, sizeof(word));
}

static void word(struct build *b, u32 value)
{
	put(b->bytes + b->n, value);
	b->n += 4;
}

static void begin_node(struct build *b, const char *name)
{
	size_t size = strlen(name) + 1;

	word(b, BEGIN);
	memset(b->bytes + b->n, 0, ALIGN(size, 4));
	memcpy(b->bytes + b->n, name, size);
	b->n += (u32)ALIGN(size, 4);
}

static const char strings[] = "phandle\0linux,phandle\0reg\0device_type\0#address-cells\0"
			      "#size-cells\0status\0linux,usable-memory\0no-map";

static u32 string_offset(const char *name)
{
	for (const char *s = strings; s < strings + sizeof(strings); s += strlen(s) + 1) {
		if (strcmp(s, name) == 0)
			return (u32)(s - strings);
	}
	abort();
}

static void property(struct build *b, const char *name, const void *value, u32 length)
{
	word(b, PROP);
	word(b, length);
	word(b, string_offset(name));
	memset(b->bytes + b->n, 0, ALIGN(length, 4));
	if (length)
		memcpy(b->bytes + b->n, value, length);
	b->n += ALIGN(length, 4);
}

#define cells(b, name, ...) do {						\
	const u32 list__[] = { __VA_ARGS__ };					\
	word(b, PROP);								\
	word(b, sizeof(list__));						\
	word(b, string_offset(name));						\
	for (size_t i__ = 0; i__ < ARRAY_SIZE(list__); i__++)			\
		word(b, list__[i__]);						\
} while (0)

static void text(struct build *b, const char *name, const char *value)
{
	property(b, name, value, (u32)strlen(value) + 1);
}

static void end_node(struct build *b)
{
	word(b, END_NODE);
}

/* Header and reservations; `reserved` pairs of 64-bit numbers follow, then the root's words. */
static void start(struct build *b, const u64 *reserved, size_t pairs)
{
	b->n = HEAD_WORDS * 4;
	for (size_t i = 0; i < 2 * pairs; i++) {
		word(b, (u32)(reserved[i] >> 32));
		word(b, (u32)reserved[i]);
	}
	for (int i = 0; i < 4; i++)
		word(b, 0);
	b->structs = b->n;
}

static void finish(struct build *b)
{
	u32 strings_at = b->n;

	memcpy(b->bytes + b->n, strings, sizeof(strings));
	b->n += sizeof(strings);
	put(b->bytes + 4 * MAGIC, 0xd00dfeed);
	put(b->bytes + 4 * TOTALSIZE, b->n);
	put(b->bytes + 4 * OFF_STRUCT, b->structs);
	put(b->bytes + 4 * OFF_STRINGS, strings_at);
	put(b->bytes + 4 * OFF_RESERVE, HEAD_WORDS * 4);
	put(b->bytes + 4 * VERSION, 17);
	put(b->bytes + 4 * LAST_COMP, 16);
	put(b->bytes + 4 * BOOT_CPU, 0);
	put(b->bytes + 4 * SIZE_STRINGS, sizeof(strings));
	put(b->bytes + 4 * SIZE_STRUCT, strings_at - b->structs);
}

/* A little of everything. */
static struct build *small_tree(void)
{
	static const u64 reserved[] = { 0x80000000, 0x1000, 0x123456789a000, 0x2000 };
	static struct build b;

	start(&b, reserved, 2);
	word(&b, NOP);
	begin_node(&b, "");
	cells(&b, "#address-cells", 2);
	cells(&b, "#size-cells", 1);
	begin_node(&b, "memory@80000000");
	text(&b, "device_type", "memory");
	word(&b, NOP);
	cells(&b, "reg", 0, 0x80000000, 0x1000, 8, 0, 0x2000);
	end_node(&b);
	word(&b, NOP);
	begin_node(&b, "a");
	cells(&b, "phandle", 1);
	property(&b, "no-map", NULL, 0);
	begin_node(&b, "b@1,2");
	property(&b, "status", "xy", 2);
	cells(&b, "linux,phandle", 0x8002);
	end_node(&b);
	begin_node(&b, "abcdefghijk");
	end_node(&b);
	end_node(&b);
	end_node(&b);
	word(&b, END);
	finish(&b);
	return &b;
}

/* ---- comparing ---- */

/* Follows libfdt's walk in our tree; `wrong` is the first difference. */
struct follower {
	const struct fdt_tree *tree;
	const struct device_node *node;		/* the open one */
	const struct device_node *next;		/* what must begin now, if anything does */
	const struct property *prop;		/* what must come now, if a property does */
	const __be32 *entry;			/* of the reservations */
	unsigned int reserved;
	const char *wrong;
};

static void follow_check(struct follower *f, bool ok, const char *wrong)
{
	if (!ok && !f->wrong)
		f->wrong = wrong;
}

/* As of the node or the nearest one above that says; looked up by name. */
static u32 cells_of(const struct device_node *node, const char *name)
{
	for (; node; node = node->parent) {
		const struct property *prop = fdt_node_property(node, name);

		if (prop && prop->length >= 4)
			return be32_to_cpup(prop->value);
	}
	return 1;
}

static void follow_begin(void *arg, const char *name)
{
	struct follower *f = arg;
	const struct device_node *node = f->next;
	size_t base = strcspn(name, "@");

	follow_check(f, node && !f->prop, "a node is missing, or a property too many");
	if (f->wrong)
		return;
	follow_check(f, strcmp(node->full_name, name) == 0, "full name");
	follow_check(f, strlen(node->name) == base && memcmp(node->name, name, base) == 0, "name");
	follow_check(f, node->parent == f->node, "parent");
	follow_check(f, !node->_flags && !node->data, "not zero");
	for (int i = 0; i < FDT_NAMES; i++)
		follow_check(f, fdt_node_named(node, i) == fdt_node_property(node, fdt_names[i]),
			     "a property found by its place among the names");
	follow_check(f, node->compatible == fdt_node_property(node, "compatible"), "compatible");
	follow_check(f, node->address_cells == cells_of(node, "#address-cells") &&
		     node->size_cells == cells_of(node, "#size-cells"), "cell counts");
	f->node = node;
	f->next = node->child;
	f->prop = node->properties;
}

static void follow_property(void *arg, const char *name, const void *value, int length)
{
	struct follower *f = arg;
	const struct property *prop = f->prop;

	follow_check(f, prop, "a property is missing");
	if (f->wrong)
		return;
	follow_check(f, strcmp(prop->name, name) == 0, "property's name");
	follow_check(f, prop->length == length, "property's length");
	follow_check(f, prop->value == value, "property's place");
	f->prop = prop->next;
}

static void follow_end(void *arg)
{
	struct follower *f = arg;

	follow_check(f, f->node && !f->next && !f->prop, "a node or a property too many");
	if (f->wrong)
		return;
	f->next = f->node->sibling;
	f->node = f->node->parent;
	f->prop = NULL;
}

static void follow_reserved(void *arg, uint64_t address, uint64_t size)
{
	struct follower *f = arg;

	follow_check(f, f->reserved++ < f->tree->nr_reserved, "a reservation is missing");
	follow_check(f, get_unaligned_be64(f->entry) == address &&
		     get_unaligned_be64(f->entry + 2) == size, "reservation");
	f->entry += 4;
}

static const struct oracle_walk follow = {
	.begin_node = follow_begin,
	.property = follow_property,
	.end_node = follow_end,
	.reserved = follow_reserved,
};

/* What differs between our tree and the blob, or NULL. */
static const char *difference(const struct fdt_tree *tree, const u8 *blob)
{
	struct follower f = { .tree = tree, .next = tree->root,
			      .entry = (const __be32 *)(blob + tree->reserve_offset) };

	oracle_walk(blob, &follow, &f);
	follow_check(&f, !f.node && !f.next && !f.prop, "the end");
	follow_check(&f, f.reserved == tree->nr_reserved, "a reservation too many");
	return f.wrong;
}

static struct fdt_error error;

/*
 * Judges the first `size` bytes twice. Returns the oracle's verdict if ours is
 * the same and the content too, else fails the test, names the case and
 * returns ORACLE_VERDICTS.
 */
static enum oracle_verdict check(struct kunit *test, const u8 *bytes, size_t size,
				 const char *what, u64 number)
{
	const u8 *blob = place(bytes, size);
	enum oracle_verdict verdict = oracle_judge(blob, size, FDT_DEPTH_MAX);
	int total = fdt_totalsize_checked(blob, size);
	size_t arena_size = total > 0 ? fdt_arena_bound(blob) : 0;
	const char *wrong = NULL;
	struct fdt_tree tree;
	void *arena = malloc(arena_size);
	int ret;

	error = (struct fdt_error){ .reason = NULL };
	ret = fdt_unflatten(&tree, blob, size, arena, arena_size, &error);
	verdicts[verdict]++;
	if ((ret == 0) != oracle_accepts(verdict))
		wrong = "verdict";
	else if (ret == 0 && total < 0)
		wrong = "verdict of the header";
	else if (ret == 0)
		wrong = difference(&tree, blob);
	else if (ret == -ENOMEM || ret > 0 || !error.reason || tree.root || error.offset > size)
		wrong = "error";
	free(arena);

	if (wrong)
		KUNIT_FAIL(test, "%s %llu: %s differs: libfdt %s, ours %d (%s: 0x%x at 0x%x)", what,
			   number, wrong, oracle_verdict_names[verdict], ret,
			   error.reason ? error.reason : "-", error.value, error.offset);
	return wrong ? ORACLE_VERDICTS : verdict;
}

static bool same(struct kunit *test, const u8 *bytes, size_t size, const char *what, u64 number)
{
	return check(test, bytes, size, what, number) != ORACLE_VERDICTS;
}

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
						    &error), 0);
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
#define REG(length)		PROP, length, 22	/* its name's place in `strings` */

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
	     ROOT, PROP, 0, sizeof(strings) - 1, END_NODE, END),
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
	EDGE("name offset behind the strings", ORACLE_BAD, "bad property name offset",
	     ROOT, PROP, 0, sizeof(strings), END_NODE, END),
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
		error.reason = "";
		KUNIT_EXPECT_EQ(test, check(test, b.bytes, b.n, e->what, i), e->verdict);
		if (e->reason)
			KUNIT_EXPECT_STREQ(test, error.reason, e->reason);
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
	KUNIT_EXPECT_EQ(test, fdt_unflatten(&tree, b.bytes, b.n, arena, sizeof(arena), &error),
			-EINVAL);
	KUNIT_EXPECT_STREQ(test, error.reason, "bad tag");
	KUNIT_EXPECT_EQ(test, error.value, 0x77);
	KUNIT_EXPECT_EQ(test, error.offset, HEAD_WORDS * 4 + 16 + 8);

	put(b.bytes, 0x12345678);
	KUNIT_EXPECT_EQ(test, fdt_unflatten(&tree, b.bytes, b.n, arena, sizeof(arena), &error),
			-ENOENT);
	KUNIT_EXPECT_STREQ(test, error.reason, "bad magic number");
	KUNIT_EXPECT_EQ(test, error.value, 0x12345678);
	KUNIT_EXPECT_EQ(test, error.offset, 0);
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
	KUNIT_ASSERT_EQ(test, fdt_unflatten(&tree, b.bytes, b.n, arena, sizeof(arena), &error), 0);

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
					    fdt_arena_bound(b->bytes), &error), 0);
	needed = tree.arena_used;
	free(arena);

	for (size_t size = 0; size <= needed; size++) {
		arena = malloc(size);
		error.reason = NULL;
		KUNIT_EXPECT_EQ(test, fdt_unflatten(&tree, b->bytes, b->n, arena, size, &error),
				size < needed ? -ENOMEM : 0);
		if (size < needed) {
			KUNIT_EXPECT_STREQ(test, error.reason, "no memory for the nodes");
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
						    &error), 0);
		KUNIT_EXPECT_LE(test, tree.arena_used, bound);
		KUNIT_EXPECT_NULL(test, difference(&tree, b->bytes));
		free(arena);
	}
	for (size_t size = 0; size < sizeof(void *); size++) {
		u8 arena[2 * sizeof(void *)];
		struct fdt_tree tree;

		KUNIT_EXPECT_EQ(test, fdt_unflatten(&tree, b->bytes, b->n, arena + 1, size, &error),
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
	KUNIT_EXPECT_EQ(test, fdt_unflatten(&tree, b->bytes, b->n, NULL, 0, &error), -EINVAL);
	KUNIT_EXPECT_STREQ(test, error.reason, "bad total size");
	put(b->bytes + 4 * VERSION, 15);
	KUNIT_EXPECT_EQ(test, fdt_totalsize_checked(b->bytes, b->n), -EOPNOTSUPP);
	put(b->bytes + 4 * MAGIC, 0);
	KUNIT_EXPECT_EQ(test, fdt_totalsize_checked(b->bytes, b->n), -ENOENT);
}

/* Values that counts, lengths, offsets and tags are likely to trip over. */
static u32 tricky(unsigned int i, u32 size)
{
	static const u32 values[] = {
		0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 18, 19, 20, 28, 36, 39, 40, 41, 44, 56,
		64, 0xff, 0x100, 0xffff, 0x10000, 0x01000000, 0x09000000, 0x7ffffff0, 0x7fffffff,
		0x80000000, 0x80000004, 0xfffffff0, 0xfffffff4, 0xfffffff8, 0xfffffffc, 0xffffffff,
		0x40404040, 0x61626364, 0x61000000,
	};

	if (i < ARRAY_SIZE(values))
		return values[i];
	i -= (unsigned int)ARRAY_SIZE(values);
	return i < 24 ? size + 8 - i : 0u;
}

#define TRICKY	66	/* of them */

static void every_word_of_a_tree_with_every_tricky_value(struct kunit *test)
{
	static const u32 versions[] = { 16, 17 };

	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		struct build *b = small_tree(), damaged;

		put(b->bytes + 4 * VERSION, versions[v]);
		for (u32 at = 0; at + 4 <= b->n; at += 4) {
			for (unsigned int i = 0; i < TRICKY; i++) {
				damaged = *b;
				put(damaged.bytes + at, tricky(i, b->n));
				if (!same(test, damaged.bytes, b->n, "word", at * 1000 + i))
					return;
			}
		}
	}
}

static void every_bit_of_a_tree_flipped(struct kunit *test)
{
	struct build *b = small_tree();

	for (u32 bit = 0; bit < b->n * 8; bit++) {
		b->bytes[bit / 8] ^= (u8)(1 << bit % 8);
		if (!same(test, b->bytes, b->n, "bit", bit))
			return;
		b->bytes[bit / 8] ^= (u8)(1 << bit % 8);
	}
}

/* Cut at every byte: the blob, what it says of its size, and each block's size. */
static void every_truncation_of_a_tree(struct kunit *test)
{
	static const u32 fields[] = { TOTALSIZE, SIZE_STRUCT, SIZE_STRINGS };
	const struct build *b = small_tree();

	for (u32 size = 0; size < b->n; size++) {
		struct build cut = *b;

		if (!same(test, b->bytes, size, "cut", size))
			return;
		for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
			cut = *b;
			put(cut.bytes + 4 * fields[i], size);
			if (!same(test, cut.bytes, b->n, "field", fields[i] * 10000 + size))
				return;
		}
		put(cut.bytes + 4 * TOTALSIZE, size);
		if (!same(test, cut.bytes, size, "cut with its size", size))
			return;
	}
}

/* ---- random damage ---- */

struct patient {
	u8 *bytes;
	size_t size;		/* how much of it is given to the parser */
	size_t whole;
	struct random *random;
};

/* Where to hurt, found while the blob was whole. */
struct place {
	size_t word;		/* any word, or one at or near the tag */
	size_t tag, end;	/* a tag with what belongs to it */
	size_t other;		/* another tag */
};

static u32 pick(struct patient *p, size_t n)
{
	return random_below(p->random, (unsigned int)n);
}

static u32 be_word(const u8 *at)
{
	return get_unaligned_be32(at);
}

static u32 pick_tag(struct patient *p, u32 tags)
{
	u32 offset = oracle_next_tag(p->bytes, 0);

	for (u32 steps = pick(p, tags); steps; steps--)
		offset = oracle_next_tag(p->bytes, offset);
	return offset;
}

static struct place pick_place(struct patient *p, u32 tags)
{
	struct place place = { .tag = pick_tag(p, tags), .other = pick_tag(p, tags) };
	u32 end = oracle_next_tag(p->bytes, (u32)place.tag);

	place.end = end ? end : place.tag + 4;
	switch (pick(p, 4)) {
	case 0:
		place.word = pick(p, HEAD_WORDS) * 4;
		break;
	case 1:
		place.word = pick(p, p->whole / 4) * 4;
		break;
	default:
		place.word = min(place.tag + 4u * pick(p, 4), p->whole - 4) & ~3ul;
		break;
	}
	return place;
}

static void damage_bit(struct patient *p, const struct place *at)
{
	p->bytes[at->word + pick(p, 4)] ^= (u8)(1 << pick(p, 8));
}

static void damage_tricky(struct patient *p, const struct place *at)
{
	put(p->bytes + at->word, tricky(pick(p, TRICKY), (u32)p->whole));
}

static void damage_nudge(struct patient *p, const struct place *at)
{
	put(p->bytes + at->word, be_word(p->bytes + at->word) + pick(p, 33) - 16);
}

static void damage_random(struct patient *p, const struct place *at)
{
	put(p->bytes + at->word, (u32)random_next(p->random));
}

static void damage_tag(struct patient *p, const struct place *at)
{
	static const u32 tags[] = { BEGIN, END_NODE, PROP, NOP, END };

	put(p->bytes + at->tag, tags[pick(p, ARRAY_SIZE(tags))]);
}

/* The way libfdt deletes. */
static void damage_blank(struct patient *p, const struct place *at)
{
	for (size_t word_at = at->tag; word_at < at->end; word_at += 4)
		put(p->bytes + word_at, NOP);
}

/* A tag and its contents, in front of another. */
static void damage_carry(struct patient *p, const struct place *at)
{
	size_t length = at->end - at->tag;
	u8 *bytes = p->bytes, *carried = malloc(length);

	memcpy(carried, bytes + at->tag, length);
	if (at->other < at->tag) {
		memmove(bytes + at->other + length, bytes + at->other, at->tag - at->other);
		memcpy(bytes + at->other, carried, length);
	} else if (at->other >= at->end) {
		memmove(bytes + at->tag, bytes + at->end, at->other - at->end);
		memcpy(bytes + at->other - length, carried, length);
	}
	free(carried);
}

/* A block of words copied over another place. */
static void damage_copy(struct patient *p, const struct place *at)
{
	size_t to = pick(p, p->whole / 4) * 4;
	size_t length = min(4 * (1 + (size_t)pick(p, 32)), p->whole - max(to, at->word));

	memmove(p->bytes + to, p->bytes + at->word, length);
}

/* A word taken out of the structure or put in, the rest of it moved. */
static void damage_shift(struct patient *p, const struct place *at)
{
	size_t end = be_word(p->bytes + 4 * OFF_STRUCT);

	end += be_word(p->bytes + 4 * SIZE_STRUCT);
	if (end > p->whole || at->word + 8 > end)
		return;
	if (pick(p, 2))
		memmove(p->bytes + at->word, p->bytes + at->word + 4, end - at->word - 4);
	else
		memmove(p->bytes + at->word + 4, p->bytes + at->word, end - at->word - 4);
}

static void damage_cut(struct patient *p, const struct place *at)
{
	p->size = pick(p, 2) ? at->word : p->whole - pick(p, 64);
	if (pick(p, 2))
		put(p->bytes + 4 * TOTALSIZE, (u32)p->size);
}

static void damage_version(struct patient *p, const struct place *at)
{
	u32 strings_size = be_word(p->bytes + 4 * SIZE_STRINGS);

	put(p->bytes + 4 * VERSION, 14 + pick(p, 3));
	if (pick(p, 2))
		put(p->bytes + 4 * LAST_COMP, 14 + pick(p, 3));
	if (pick(p, 2))
		put(p->bytes + 4 * SIZE_STRUCT, (u32)at->word);
	if (pick(p, 2))
		put(p->bytes + 4 * SIZE_STRINGS, strings_size - pick(p, 99));
}

static void (*const damages[])(struct patient *p, const struct place *at) = {
	damage_bit, damage_tricky, damage_tricky, damage_tricky, damage_nudge, damage_nudge,
	damage_random, damage_tag, damage_blank, damage_carry, damage_carry, damage_copy,
	damage_shift, damage_cut, damage_version,
};

#define DEFAULT_CASES	3000	/* of each tree of a machine's */

static u64 setting(const char *name, u64 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* One to four injuries; all places are chosen before the first of them. */
static bool damaged_case(struct kunit *test, const struct tree_file *tree, u8 *bytes, u32 tags,
			 u64 seed)
{
	struct random random = { .state = seed * 0x9e3779b97f4a7c15ull | 1 };
	struct patient p = { .bytes = bytes, .size = tree->size, .whole = tree->size,
			     .random = &random };
	struct place places[4];
	unsigned int n;

	memcpy(bytes, tree->bytes, tree->size);
	n = 1 + (pick(&p, 2) ? pick(&p, 4) : 0);
	for (unsigned int i = 0; i < n; i++)
		places[i] = pick_place(&p, tags);
	for (unsigned int i = 0; i < n; i++)
		damages[pick(&p, ARRAY_SIZE(damages))](&p, &places[i]);
	return same(test, bytes, p.size, tree->name, seed);
}

static void damage(struct kunit *test, const struct tree_file *tree, u64 cases, u64 seed)
{
	u8 *bytes = malloc(tree->size);
	u32 offset = 0, tags = 0;

	while ((offset = oracle_next_tag(tree->bytes, offset)))
		tags++;
	for (u64 i = 0; i < cases; i++) {
		if (!damaged_case(test, tree, bytes, tags, seed + i))
			break;
	}
	free(bytes);
}

/* Without the free room of a megabyte that QEMU leaves: damage must hit something. */
static struct tree_file packed(const struct tree_file *file)
{
	struct tree_file copy = *file;

	copy.bytes = malloc(file->size);
	memcpy(copy.bytes, file->bytes, file->size);
	copy.size = oracle_pack(copy.bytes);
	return copy;
}

static void damaged_trees_are_judged_alike(struct kunit *test)
{
	u64 seed = setting("FDT_SEED", 20240611), cases = setting("FDT_CASES", DEFAULT_CASES);
	struct build *b = small_tree();
	struct tree_file small = { .name = "small", .bytes = b->bytes, .size = b->n };
	size_t n;
	const struct tree_file *files = tree_files(&n);

	KUNIT_ASSERT_GE(test, n, 9);
	memset(verdicts, 0, sizeof(verdicts));
	for (size_t i = 0; i < n; i++) {
		struct tree_file file = packed(&files[i]);

		KUNIT_EXPECT_GT(test, file.size, 0);
		damage(test, &file, cases, seed + i * cases);
		free(file.bytes);
	}
	damage(test, &small, 10 * cases, seed + n * cases);

	kunit_info(test, "FDT_SEED=%llu FDT_CASES=%llu", seed, cases);
	for (size_t i = 0; i < ORACLE_VERDICTS; i++)
		kunit_info(test, "%s: %u", oracle_verdict_names[i], verdicts[i]);
	/* Both answers in quantity and every kind, or the campaign shows little. */
	KUNIT_EXPECT_GT(test, verdicts[ORACLE_GOOD], cases);
	KUNIT_EXPECT_GT(test, verdicts[ORACLE_BAD], cases);
	for (size_t i = 0; i < ORACLE_VERDICTS && cases >= DEFAULT_CASES; i++)
		KUNIT_EXPECT_TRUE(test, verdicts[i] > 0 || i == ORACLE_BAD_DEPTH);
}

/* ---- memory ---- */

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
	KUNIT_ASSERT_EQ(test, fdt_unflatten(&tree, b->bytes, b->n, arena, sizeof(arena), &error),
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
						    &error), 0);
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
	KUNIT_ASSERT_EQ(test, fdt_unflatten(&tree, b.bytes, b.n, arena, sizeof(arena), &error), 0);
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
	KUNIT_CASE(every_word_of_a_tree_with_every_tricky_value),
	KUNIT_CASE(every_bit_of_a_tree_flipped),
	KUNIT_CASE(every_truncation_of_a_tree),
	KUNIT_CASE(damaged_trees_are_judged_alike),
	KUNIT_CASE(memory_and_reservations_are_found),
	KUNIT_CASE(cells_that_make_no_sense_give_no_memory),
	KUNIT_CASE(counts_that_are_cut_short_do_not_count),
	KUNIT_CASE(numbers_fit_64_bits_or_are_none),
	{}
};

static struct kunit_suite fdt_suite = {
	.name = "fdt",
	.test_cases = fdt_cases,
	.suite_init = map_guard,
};
kunit_test_suite(fdt_suite);
