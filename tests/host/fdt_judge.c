/* SPDX-License-Identifier: MIT */
/*
 * The walk of libfdt is followed in our tree.
 */
#include "fdt_judge.h"

#include <lib/errno.h>
#include <lib/math.h>
#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define GUARDED_BYTES	(2u << 20)
#define PAGE_BYTES	4096u

unsigned int verdicts[ORACLE_VERDICTS];
struct fdt_error said;

/* ---- where blobs lie ---- */

static u8 *guard;	/* the page that must not be touched; blobs end here */

int map_guard(struct kunit_suite *suite)
{
	u8 *area = mmap(NULL, GUARDED_BYTES + PAGE_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)suite;
	guard = area + GUARDED_BYTES;
	return area == MAP_FAILED || mprotect(guard, PAGE_BYTES, PROT_NONE) != 0;
}

const u8 *place(const u8 *bytes, size_t size)
{
	size_t room = ALIGN(size, 8);
	u8 *at = guard - room;

	__asan_unpoison_memory_region(guard - GUARDED_BYTES, GUARDED_BYTES);
	memcpy(at, bytes, size);
	__asan_poison_memory_region(at + size, room - size);
	return at;
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
	follow_check(f, !node->_flags && !node->dev, "not zero");
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

const char *difference(const struct fdt_tree *tree, const u8 *blob)
{
	struct follower f = { .tree = tree, .next = tree->root,
			      .entry = (const __be32 *)(blob + tree->reserve_offset) };

	oracle_walk(blob, &follow, &f);
	follow_check(&f, !f.node && !f.next && !f.prop, "the end");
	follow_check(&f, f.reserved == tree->nr_reserved, "a reservation too many");
	return f.wrong;
}

enum oracle_verdict check(struct kunit *test, const u8 *bytes, size_t size, const char *what,
			  u64 number)
{
	const u8 *blob = place(bytes, size);
	enum oracle_verdict verdict = oracle_judge(blob, size, FDT_DEPTH_MAX);
	int total = fdt_totalsize_checked(blob, size);
	size_t arena_size = total > 0 ? fdt_arena_bound(blob) : 0;
	const char *wrong = NULL;
	struct fdt_tree tree;
	void *arena = malloc(arena_size);
	int ret;

	said = (struct fdt_error){ .reason = NULL };
	ret = fdt_unflatten(&tree, blob, size, arena, arena_size, &said);
	verdicts[verdict]++;
	if ((ret == 0) != oracle_accepts(verdict))
		wrong = "verdict";
	else if (ret == 0 && total < 0)
		wrong = "verdict of the header";
	else if (ret == 0)
		wrong = difference(&tree, blob);
	else if (ret == -ENOMEM || ret > 0 || !said.reason || tree.root || said.offset > size)
		wrong = "error";
	free(arena);

	if (wrong)
		KUNIT_FAIL(test, "%s %llu: %s differs: libfdt %s, ours %d (%s: 0x%x at 0x%x)", what,
			   number, wrong, oracle_verdict_names[verdict], ret,
			   said.reason ? said.reason : "-", said.value, said.offset);
	return wrong ? ORACLE_VERDICTS : verdict;
}

bool same(struct kunit *test, const u8 *bytes, size_t size, const char *what, u64 number)
{
	return check(test, bytes, size, what, number) != ORACLE_VERDICTS;
}
