/* SPDX-License-Identifier: MIT */
/*
 * The flattened device tree (Devicetree Specification v0.4, chapter 5) turned
 * into nodes and properties, in one pass that believes nothing it reads.
 *
 * Nodes lie in memory that the caller gives, an arena; values, full node names
 * and most property names stay where they are in the blob, which must live as long
 * as the nodes. After the pass the tree does not change, but for the two
 * members of a node that belong to drivers, so readers take no lock and nodes
 * need no reference count.
 *
 * Accepted is what libfdt's fdt_check_full() accepts, with these differences,
 * which tests hold:
 *   refused here   a version before 16 (names are full paths there)
 *                  blocks not aligned as the specification says
 *                  no root node; a property outside the root
 *                  a property that follows a subnode (readers would miss it)
 *                  more than FDT_DEPTH_MAX levels
 *                  in version 16, a property's name outside the strings block
 *                  a property's length of 2 GiB or more (libfdt 1.6.1 takes it for
 *                  a negative one, and some of those pass)
 *   accepted here  FDT_NOP between the root's end and FDT_END
 */
#ifndef LIB_FDT_H
#define LIB_FDT_H

#include <lib/byteorder.h>
#include <lib/compiler.h>
#include <lib/types.h>

#define FDT_DEPTH_MAX		64	/* levels, the root's included */
#define FDT_PHANDLE_BUCKETS	32	/* a power of two */
#define FDT_CELLS_DEFAULT	1u	/* where no node says, as in Linux */

typedef u32 phandle;

/*
 * Names that are asked for all the time, of nodes most of which do not have them: a node knows
 * which of these it has, and of two it keeps what they say.
 */
enum fdt_name {
	FDT_COMPATIBLE,
	FDT_ADDRESS_CELLS,
	FDT_SIZE_CELLS,
	FDT_INTERRUPT_CELLS,
	FDT_REG,
	FDT_RANGES,
	FDT_REG_NAMES,
	FDT_STATUS,
	FDT_DEVICE_TYPE,
	FDT_INTERRUPTS,
	FDT_INTERRUPTS_EXTENDED,
	FDT_INTERRUPT_PARENT,
	FDT_INTERRUPT_CONTROLLER,
	FDT_INTERRUPT_MAP,
	FDT_PHANDLE,
	FDT_LINUX_PHANDLE,
	FDT_NAMES,
};

#define FDT_HAS_COMPATIBLES	(1u << FDT_NAMES)	/* more than one string of them */

/* "compatible", ...: of a property that has one of them, `name` is this very string. */
extern const char *const fdt_names[FDT_NAMES];

struct property {
	const char *name;		/* [I] in the blob, or one of fdt_names */
	int length;			/* [I] of the value, in bytes */
	const void *value;		/* [I] in the blob, aligned to 4; never NULL */
	struct property *next;		/* [I] in the tree's order */
};

struct device;

struct device_node {
	const char *name;		/* [I] "pl011": without the unit address */
	phandle phandle;		/* [I] 0: has none */
	const char *full_name;		/* [I] "pl011@9000000", in the blob; "" for the root */
	struct property *properties;	/* [I] */
	struct device_node *parent;	/* [I] NULL: the root */
	struct device_node *child;	/* [I] the first one */
	struct device_node *sibling;	/* [I] the next one */
	struct device_node *phandle_next; /* [I] of the same bucket, earlier in the tree */
	const struct property *compatible; /* [I] NULL: has none */
	u32 names;			/* [I] a bit for each that it has; FDT_HAS_COMPATIBLES */
	u32 address_cells, size_cells;	/* [I] of its children: its own, or those above it */
	unsigned long _flags;		/* [a] OF_POPULATED, ... of <drivers/of.h> */
	struct device *dev;		/* whose node it is, see <drivers/device.h>; or NULL */
};

struct fdt_tree {
	struct device_node *root;	/* [I] NULL: there is no tree */
	struct device_node *chosen;	/* [I] /chosen, or NULL */
	const void *blob;		/* [I] */
	size_t blob_size;		/* [I] totalsize */
	size_t arena_used;		/* [I] from the arena's start; the rest is free */
	u32 reserve_offset;		/* [I] of the memory reservation block */
	unsigned int nr_reserved;	/* [I] its entries */
	struct device_node *phandles[FDT_PHANDLE_BUCKETS]; /* [I] later nodes first */
};

/* "device tree: <reason>: 0x<value> at offset 0x<offset>" tells a user all there is. */
struct fdt_error {
	const char *reason;
	u32 offset;			/* in the blob */
	u32 value;			/* what was found there */
};

/*
 * Looks at the header alone, which must be readable (40 bytes). Returns the
 * blob's size, at most `limit`, or a negative errno:
 * -EINVAL (misaligned, sizes or offsets impossible), -ENOENT (no magic number),
 * -EOPNOTSUPP (version), -EFBIG (does not fit `limit`).
 * Any context, caches and MMU off included.
 */
int __must_check fdt_totalsize_checked(const void *blob, size_t limit);

/*
 * An arena of this size is enough for the blob: a bound from its header alone,
 * about six times what a real tree takes. The header has been checked. Any context.
 */
size_t fdt_arena_bound(const void *blob);

/*
 * Fills *tree with the nodes of the blob, of which `size` bytes may be read.
 * Returns 0 or, with *err filled, what fdt_totalsize_checked() returns, or
 * -EINVAL (malformed), -ENOMEM (the arena is full). Any context.
 */
int __must_check fdt_unflatten(struct fdt_tree *tree, const void *blob, size_t size,
			       void *arena, size_t arena_size, struct fdt_error *err);

/* The node with that phandle (of several: the first in the tree), or NULL. Any context. */
struct device_node *fdt_find_phandle(const struct fdt_tree *tree, phandle handle);

/* The property of that name, or NULL. Any context. */
const struct property *fdt_node_property(const struct device_node *node, const char *name);

/* Whether it has that property; NULL has none. Any context. */
static __always_inline bool fdt_node_has(const struct device_node *node, enum fdt_name name)
{
	return node && node->names & 1u << name;
}

/* The property of one of the names above, without comparing any; NULL has none. Any context. */
static inline const struct property *fdt_node_named(const struct device_node *node,
						    enum fdt_name name)
{
	const struct property *prop = NULL;

	if (fdt_node_has(node, name))
		for (prop = node->properties; prop->name != fdt_names[name]; )
			prop = prop->next;
	return prop;
}

/*
 * The property's value if that is one string or begins with one, else NULL; so for NULL.
 * Any context.
 */
const char *fdt_property_string(const struct property *prop);

/* The same of the property of that name. Any context. */
const char *fdt_node_string(const struct device_node *node, const char *name);

/* The first cell of that property. False, and *number untouched, without one. Any context. */
bool fdt_node_number(const struct device_node *node, enum fdt_name name, u32 *number);

/*
 * What a node knows of its properties: for who puts a node together by hand, to call for each one
 * in its place, in their order. Any context.
 */
void fdt_node_note(struct device_node *node, struct property *prop);

/* The child of that full name ("memory@40000000"), or NULL. Any context. */
struct device_node *fdt_node_child(const struct device_node *node, const char *full_name);

/* Whether it has no "status" property, or one that is "okay" or "ok". Any context. */
bool fdt_node_is_available(const struct device_node *node);

/* What fdt_read_cells() calls for any count but 2. Returns the same. Any context. */
bool fdt_read_long_cells(const __be32 *p, unsigned int cells, u64 *value);

/*
 * The number in `cells` cells. False, and *value untouched, if it does not fit
 * 64 bits. Any context.
 */
static inline bool fdt_read_cells(const __be32 *p, unsigned int cells, u64 *value)
{
	if (cells != 2)
		return fdt_read_long_cells(p, cells, value);
	*value = (u64)be32_to_cpup(p) << 32 | be32_to_cpup(p + 1);
	return true;
}

/* One range of memory, not empty and not wrapping; a result that is not 0 ends the scan. */
typedef int fdt_range_fn(u64 base, u64 size, const struct device_node *node, void *arg);

/*
 * Calls fn for each range of RAM: the root's children with the device_type
 * "memory" ("linux,usable-memory" wins over "reg"). Returns 0, or what ended it.
 * Any context, as far as fn allows.
 */
int fdt_scan_memory(const struct fdt_tree *tree, fdt_range_fn *fn, void *arg);

/*
 * Calls fn for each range that is not free: the memory reservation block
 * (node is NULL), then the children of /reserved-memory that have a "reg"
 * (one with "no-map" must not even be mapped). Those that ask for any place
 * ("size" alone) are left to the caller. Returns 0, or what ended it. Any context, as
 * far as fn allows.
 */
int fdt_scan_reserved(const struct fdt_tree *tree, fdt_range_fn *fn, void *arg);

#endif
