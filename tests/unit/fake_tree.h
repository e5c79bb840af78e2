/* SPDX-License-Identifier: MIT */
/*
 * A device tree that a test puts together, node by node, in place of the
 * machine's. Its memory is the case's and goes with it.
 *
 *   struct device_node *root = fake_tree_attach(test);
 *   struct device_node *soc = fake_node(test, root, "soc");
 *   fake_strings(test, soc, "compatible", "simple-bus");
 *   fake_cells(test, soc, "reg", 0x1000, 0x100);
 *   ...
 *   fake_tree_detach();
 */
#ifndef TESTS_UNIT_FAKE_TREE_H
#define TESTS_UNIT_FAKE_TREE_H

#include <drivers/of.h>
#include <kernel/boot.h>
#include <kernel/slab.h>
#include <lib/byteorder.h>
#include <test/kunit.h>

static inline struct device_node *fake_node(struct kunit *test, struct device_node *parent,
					    const char *full_name)
{
	size_t stem = strcspn(full_name, "@");
	struct device_node *np = kunit_kzalloc(test, sizeof(*np), GFP_KERNEL), **place;
	char *name = kunit_kzalloc(test, stem + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, np);
	KUNIT_ASSERT_NOT_NULL(test, name);
	memcpy(name, full_name, stem);
	np->name = name;
	np->full_name = full_name;
	np->parent = parent;
	np->address_cells = parent ? parent->address_cells : FDT_CELLS_DEFAULT;
	np->size_cells = parent ? parent->size_cells : FDT_CELLS_DEFAULT;
	if (parent) {
		for (place = &parent->child; *place; place = &(*place)->sibling)
			;
		*place = np;
	}
	return np;
}

/* `value` is copied. */
static inline void fake_property(struct kunit *test, struct device_node *np, const char *name,
				 const void *value, size_t length)
{
	struct property *prop = kunit_kzalloc(test, sizeof(*prop), GFP_KERNEL), **place;
	void *copy = kunit_kzalloc(test, length + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, prop);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	prop->name = name;
	prop->length = (int)length;
	prop->value = copy;
	if (length)
		memcpy(copy, value, length);
	for (place = &np->properties; *place; place = &(*place)->next)
		;
	*place = prop;
	fdt_node_note(np, prop);
}

/* A list of strings, as a literal: "arm,pl061\0arm,primecell". */
#define fake_strings(test, np, name, text)	fake_property(test, np, name, text, sizeof(text))

static inline void fake_cells_array(struct kunit *test, struct device_node *np, const char *name,
				    const u32 *cells, size_t n)
{
	__be32 *copy = kunit_kzalloc(test, n * sizeof(*copy) + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	for (size_t i = 0; i < n; i++)
		copy[i] = cpu_to_be32(cells[i]);
	fake_property(test, np, name, copy, n * sizeof(*copy));
}

#define fake_cells(test, np, name, ...)					\
	fake_cells_array(test, np, name, (const u32[]){ __VA_ARGS__ },	\
			 sizeof((const u32[]){ __VA_ARGS__ }) / sizeof(u32))

/* What `phandle = <handle>` does. */
static inline void fake_phandle(struct device_node *np, phandle handle)
{
	struct fdt_tree *tree = (struct fdt_tree *)of_tree;
	struct device_node **bucket = &tree->phandles[handle % FDT_PHANDLE_BUCKETS];

	np->phandle = handle;
	np->phandle_next = *bucket;
	*bucket = np;
}

/* A tree of its root alone, with one cell for addresses and one for sizes. */
static inline struct device_node *fake_tree_attach(struct kunit *test)
{
	struct fdt_tree *tree = kunit_kzalloc(test, sizeof(*tree), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, tree);
	tree->root = fake_node(test, NULL, "");
	fake_cells(test, tree->root, "#address-cells", 1);
	fake_cells(test, tree->root, "#size-cells", 1);
	of_attach_tree(tree);
	return tree->root;
}

/* The machine's own again. */
static inline void fake_tree_detach(void)
{
	of_attach_tree(&device_tree);
}

#endif
